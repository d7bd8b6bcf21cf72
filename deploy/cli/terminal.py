"""What every command has: a terminal to speak on, the running region, the region's own data, and a sentence for each trouble.

Each command imports what it needs when it runs, so that `--help` is quick.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.box import HEAVY_HEAD, SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from contracts.services import SERVICES
from contracts.vocabulary import SystemRole, wording
from deploy.cli import keeping
from shared.settings import Settings, WrongSetting, changed, read_settings

if TYPE_CHECKING:
    from deploy.client import Region
    from deploy.wiring import House
    from shared.context import Context

DIED, WRONG, BROKEN, UNREACHABLE = 1, 2, 3, 4
_ID = re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_NAMED_WHOLE = ("Figure",)
_WORD = re.compile(r"^\s*\S+|\S+")
_BEGINNING, _WIDE = 8, 120

out, err = Console(), Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Partnership = Annotated[str, typer.Option(help="The partnership's id, or its name.")]


def settings_given(**fixed: Any) -> Settings:
    try:
        given = read_settings(os.environ)
        return changed(given, **fixed)
    except WrongSetting as fault:
        fail(str(fault))


def known(service: str) -> str:
    if service not in SERVICES:
        fail(f"there is no service of that name; there are {', '.join(SERVICES)}")
    return service


def address_of(settings: Settings) -> str:
    return os.environ.get("COMHAR_ADDRESS", f"http://{settings.http_host}:{settings.http_port}")


@contextmanager
def running_region(role: SystemRole = SystemRole.regional_operator, *, variable: str = "COMHAR_TOKEN") -> Iterator[Region]:
    """The running region, with the token in the environment, or one of this user's own if this machine holds the region's data."""
    from deploy.client import Refused, Region, Unreachable  # noqa: PLC0415

    settings = settings_given()
    given = os.environ.get(variable)
    token = given or keeping.kept(settings, role) or _own_token(settings, role)
    region = Region(address_of(settings), token, renew=None if given else lambda: _own_token(settings, role))
    try:
        yield region
    except Unreachable as fault:
        fail(f"{fault}; start it with `comhar up`, or name its address in COMHAR_ADDRESS", UNREACHABLE)
    except Refused as refusal:
        fail(str(refusal))
    finally:
        region.close()


def _own_token(settings: Settings, role: SystemRole) -> str:
    with own_house() as house:
        token = issue(house, "cli", role, keeping.LIFETIME)
    keeping.keep(settings, role, token, datetime.now(UTC) + keeping.LIFETIME)
    return token


def issue(house: House, label: str, role: SystemRole, lifetime: timedelta) -> str:
    from contracts.gateway import CreateToken  # noqa: PLC0415

    try:
        command = CreateToken(label=label, role=role, expires=datetime.now(UTC) + lifetime)
    except ValueError:
        fail("a label is a code, such as clinic-dashboard")
    return house.tokens.create_token(command=command, context=administrator())


def administrator() -> Context:
    """Whoever has the region's own data in hand."""
    from shared.context import Context  # noqa: PLC0415

    return Context(actor="administrator", role="administrator", region=settings_given().region)


@contextmanager
def own_house() -> Iterator[House]:
    """The region's own data, for what is done beside its API."""
    settings = settings_given()
    if settings.embedded and not settings.data.exists():
        fail(f"there is no region in {settings.data}; start one with `comhar up`, or name its folder with COMHAR_DATA", UNREACHABLE)
    import shared.green  # noqa: F401, PLC0415  nothing is patched here, but eventlet's announcement is kept from the terminal
    from deploy.wiring import House  # noqa: PLC0415

    with troubles():
        house = House(settings)
        try:
            yield house
        finally:
            house.close()


@contextmanager
def troubles() -> Iterator[None]:
    """What stops a process is said in a sentence, with what to do."""
    import psycopg  # noqa: PLC0415

    from contracts.errors import Refusal, Unavailable  # noqa: PLC0415
    from deploy.running import Fallen, InUse  # noqa: PLC0415
    from shared.store import DamagedLog  # noqa: PLC0415

    try:
        yield
    except Fallen as fault:
        fail(str(fault), DIED)
    except DamagedLog as fault:
        fail(str(fault), BROKEN)
    except Unavailable as fault:
        fail(fault.reason, UNREACHABLE)
    except (InUse, LookupError, Refusal, ValueError) as fault:
        fail(str(fault))
    except psycopg.Error as fault:
        # Its text may hold what was stored; its class says enough: mostly, that these settings are another service's.
        fail(f"the database refuses this with these settings ({type(fault).__name__})")
    except OSError as fault:
        fail(f"{fault.filename or 'the system'}: {fault.strerror}", UNREACHABLE)


def partnership_id(region: Region, wanted: str) -> str:
    """The id itself, or the id of the one partnership of that name, or of the only one whose name or id begins so."""
    if _ID.fullmatch(wanted):
        return wanted
    names, begins = [(item["name"], item["id"]) for item in region.every("/v1/partnerships")], wanted.casefold()
    found = [id for name, id in names if name == wanted] or [
        id for name, id in names if name.casefold().startswith(begins) or id.startswith(begins)
    ]
    if len(found) != 1:
        fail("no partnership has that name" if not found else "several partnerships have that name: give the id")
    return str(found[0])


def called(region: Region, partnership: str) -> dict[str, str]:
    """What to call the members of a partnership: by name, as far as this role is shown it; that they were looked at is recorded."""
    return {one["id"]: one["name"] or one["id"] for one in region.get(f"/v1/partnerships/{partnership}")["members"]}


def known_as(region: Region, partnership: str, wanted: str) -> list[str]:
    """The members of a partnership whose name or id begins as `wanted` does."""
    begins = wanted.casefold()
    members = region.get(f"/v1/partnerships/{partnership}")["members"]
    return [one["id"] for one in members if any(said.casefold().startswith(begins) for said in (one["id"], one["name"]) if said)]


def one_of(what: str, wanted: str, matching: Callable[[], Iterable[str]]) -> str:
    """The id itself, or the one id among those `matching` what was said."""
    if _ID.fullmatch(wanted):
        return wanted
    found = set(matching())
    if len(found) != 1:
        fail(
            f"no {what} is known by that"
            if not found
            else f"several are known by that: say more of the id of the {what}; --json shows the whole"
        )
    return found.pop()


def moment(given: str | None) -> str | None:
    """An instant for the API: as it was given, of the region's clock when it has no offset, and the end of a day that stands alone."""
    if given is None:
        return None
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        fail("a moment is written 2025-06-30, 2025-06-30T14:00 or 2025-06-30T14:00:00Z")
    if len(given) == len("2025-06-30"):
        instant += timedelta(days=1, microseconds=-1)
    return (instant if instant.tzinfo else instant.replace(tzinfo=_zone())).astimezone(UTC).isoformat().replace("+00:00", "Z")


def clock(instant: str) -> str:
    """An instant by the clock of the region."""
    return datetime.fromisoformat(instant).astimezone(_zone()).strftime("%Y-%m-%d %H:%M")


def day(instant: str | None) -> str:
    """The day of the region on which an instant was; nothing for none."""
    return clock(instant)[:10] if instant else ""


def words(code: str | None) -> str:
    """A word of the vocabulary as people write it; nothing for none."""
    return wording.words(code or "")


def _zone() -> ZoneInfo:
    return ZoneInfo(settings_given().time_zone)


@contextmanager
def progress_of(what: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def tell(sentence: str) -> None:
    """A line about what follows, as it is."""
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in which no word is cut off or broken; where that takes more room than there is, each row is a list of its cells.

    On a narrow terminal an id stands by how it begins, which names it wherever one is asked for.
    """
    whole = [out.width >= _WIDE or name in _NAMED_WHOLE for name in columns]
    cells = [
        [cell if kept or not _ID.fullmatch(cell) else cell[:_BEGINNING] for kept, cell in zip(whole, row, strict=True)] for row in rows
    ]
    if not cells:
        tell(f"{title}: none")
        return
    out.print(title, style="italic", markup=False, highlight=False, soft_wrap=True)
    many = len(columns)
    for edged, between in ((True, 3 * many + 1), (False, 2 * many - 2)):
        if widths := _widths([columns, *cells], out.width - between):
            box, padding = (HEAVY_HEAD, (0, 1)) if edged else (SIMPLE_HEAD, (0, 1, 0, 0))
            table = Table(box=box, show_edge=edged, pad_edge=edged, padding=padding)
            for name, width in zip(columns, widths, strict=True):
                table.add_column(name, width=width)
            for row in cells:
                table.add_row(*map(escape, row))
            out.print(table)
            return
    for row in cells:
        for name, cell in zip(columns, row, strict=True):
            if cell:
                tell(f"  {name + ':':{max(map(len, columns)) + 1}} {cell}")
        tell("")


def _widths(lines: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """How wide each column of these lines is, with every word on one line; nothing where there is not the room."""
    wanted = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    widths = [max(cell_len(word) for text in column for word in _WORD.findall(text) or [""]) for column in zip(*lines, strict=True)]
    if sum(widths) > room:
        return None
    for _ in range(min(room, sum(wanted)) - sum(widths)):
        tightest = max(range(len(widths)), key=lambda at: wanted[at] - widths[at])
        widths[tightest] += 1
    return widths


def done(receipt: dict[str, Any], what: str, *, as_json: bool, thing: str | None = None) -> None:
    """A command was carried out: on which thing goes to stdout, what was done to stderr; `thing` if it is a part of what changed."""
    if as_json:
        print_json(receipt)
        return
    err.print(what)
    out.print(thing or receipt["id"], highlight=False)


def print_json(answer: Any) -> None:
    typer.echo(json.dumps(answer, indent=1, ensure_ascii=False))


def fail(why: str, code: int = WRONG) -> NoReturn:
    err.print(f"comhar: {why}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
