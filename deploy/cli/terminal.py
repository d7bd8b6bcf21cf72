"""What every command has: a terminal to speak on, the running region, the region's own data, and a sentence for each trouble.

Each command imports what it needs when it runs, so that `--help` is quick.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from contracts.vocabulary import SystemRole
from shared.settings import Settings, WrongSetting, changed, read_settings

if TYPE_CHECKING:
    from deploy.client import Region
    from deploy.wiring import House
    from shared.context import Context

DIED, WRONG, BROKEN, UNREACHABLE = 1, 2, 3, 4
_CLI_TOKEN = timedelta(hours=1)

out, err = Console(), Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Partnership = Annotated[str, typer.Option(help="The partnership's id, or its name.")]


def settings_given(**fixed: Any) -> Settings:
    try:
        given = read_settings(os.environ)
        return changed(given, **fixed)
    except WrongSetting as fault:
        fail(str(fault))


def services() -> tuple[str, ...]:
    return ("partnerships", "sessions", "feedback", "reporting", "audit", "gateway")


def known(service: str) -> str:
    if service not in services():
        fail(f"there is no service of that name; there are {', '.join(services())}")
    return service


def address_of(settings: Settings) -> str:
    return os.environ.get("COMHAR_ADDRESS", f"http://{settings.http_host}:{settings.http_port}")


@contextmanager
def running_region(role: SystemRole = SystemRole.regional_operator) -> Iterator[Region]:
    """The running region, with the token in COMHAR_TOKEN, or one for an hour if this machine holds the region's data."""
    from deploy.client import Refused, Region, Unreachable  # noqa: PLC0415

    settings = settings_given()
    text = os.environ.get("COMHAR_TOKEN") or _own_token(role)
    region = Region(address_of(settings), text)
    try:
        yield region
    except Unreachable as fault:
        fail(f"{fault}; start it with `comhar up`, or name its address in COMHAR_ADDRESS", UNREACHABLE)
    except Refused as refusal:
        fail(str(refusal))
    finally:
        region.close()


def _own_token(role: SystemRole) -> str:
    with own_house() as house:
        return issue(house, "cli", role, _CLI_TOKEN)


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
    except (InUse, LookupError, Refusal, ValueError) as fault:
        fail(str(fault))
    except Unavailable as fault:
        fail(fault.reason, UNREACHABLE)
    except psycopg.Error as fault:
        # Its text may hold what was stored; its class says enough: mostly, that these settings are another service's.
        fail(f"the database refuses this with these settings ({type(fault).__name__})")
    except OSError as fault:
        fail(f"{fault.filename or 'the system'}: {fault.strerror}", UNREACHABLE)


def partnership_id(region: Region, wanted: str) -> str:
    """The id itself, or the id of the one partnership of that name."""
    if len(wanted) == len("00000000-0000-0000-0000-000000000000") and wanted.count("-") == 4:  # noqa: PLR2004  a UUID's shape
        return wanted
    found = [item["id"] for item in region.every("/v1/partnerships") if item["name"] == wanted]
    if len(found) != 1:
        fail("no partnership has that name" if not found else "several partnerships have that name: give the id")
    return str(found[0])


@contextmanager
def progress_of(what: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_json(answer: Any) -> None:
    typer.echo(json.dumps(answer, indent=1, ensure_ascii=False))


def fail(why: str, code: int = WRONG) -> NoReturn:
    err.print(f"comhar: {why}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
