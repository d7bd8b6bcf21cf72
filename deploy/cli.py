"""The `comhar` command. Answers go to stdout (`--json` for programs), progress and troubles to stderr.

Exit codes: 0 done; 1 a service of the process has died; 2 the command was used wrongly or refused; 3 the history is not whole; 4 the
region cannot be reached.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Column, Table

from contracts.vocabulary import SystemRole
from shared.settings import Settings, WrongSetting, changed, in_schema, read_settings

if TYPE_CHECKING:
    from deploy.client import Region
    from deploy.wiring import House
    from shared.context import Context
    from shared.views.places import Stop

DIED, WRONG, BROKEN, UNREACHABLE = 1, 2, 3, 4
DEMO = Path(__file__).parent / "demo" / "abhainn_2025.json"
_CLI_TOKEN = timedelta(hours=1)
_UP_TOKEN = timedelta(hours=12)

main = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="comhar: co-production, from session to proof."
)
demo = typer.Typer(no_args_is_help=True, help="Example data.")
imports = typer.Typer(no_args_is_help=True, help="Data from elsewhere.")
audit = typer.Typer(no_args_is_help=True, help="The region's history.")
views = typer.Typer(no_args_is_help=True, help="Read models: how far they are, and what an operator decides about them.")
token = typer.Typer(no_args_is_help=True, help="Who may come in; needs the region's data or database, not its API.")
contracts = typer.Typer(no_args_is_help=True, help="The published language.")
for name, commands in {"demo": demo, "import": imports, "audit": audit, "views": views, "token": token, "contracts": contracts}.items():
    main.add_typer(commands, name=name)

_out, _err = Console(), Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Partnership = Annotated[str, typer.Option(help="The partnership's id, or its name.")]


@main.command()
def up(
    port: Annotated[int | None, typer.Option(help="Port of the address; COMHAR_HTTP_PORT otherwise.")] = None,
    with_demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Load the demo year into an empty region.")] = True,
) -> None:
    """Run a whole region in this process until Ctrl-C."""
    from deploy import running  # noqa: PLC0415  each command imports what it needs, so that --help is quick

    quiet = {} if "COMHAR_LOG_LEVEL" in os.environ else {"log_level": "WARNING"}
    settings = _settings(profile="embedded", **quiet, **({"http_port": port} if port else {}))
    _must_be_free(settings.http_host, settings.http_port)

    def ready(house: House) -> None:
        from deploy.client import Region  # noqa: PLC0415

        address = _address(settings)
        text = _issue(house, "up", SystemRole.regional_operator, _UP_TOKEN)
        region = Region(address, text)
        if with_demo:
            _load_once(region, settings.data / "demo")
        region.close()
        _err.print(f"\nThe region [bold]{settings.region}[/] runs at [bold]{address}[/]")
        _err.print(f"Sign in there with this token (regional operator, 12 hours):\n\n    [bold]{text}[/]\n", soft_wrap=True)
        _err.print("Other roles and longer: comhar token create. Ctrl-C ends.")

    with _troubles(), running.alone(settings.data):
        running.serve(settings, _services(), ready)


@main.command()
def serve(service: Annotated[str, typer.Argument(help="partnerships, sessions, feedback, reporting, audit or gateway")]) -> None:
    """Run one service of a production region."""
    from deploy import running  # noqa: PLC0415

    known = [_known(service)]
    with _troubles():
        running.serve(_settings(profile="production"), known, lambda _: _err.print(f"{service} runs"))


@main.command("setup")
def set_up() -> None:
    """Create stores, tables and rights in PostgreSQL, as the owner of the database."""
    from deploy import running  # noqa: PLC0415

    with _troubles():
        running.set_up_database(_settings(profile="production"), _services())
    _err.print("the database is set up")


@demo.command("load")
def load_demo(
    file: Annotated[Path, typer.Argument(help="A year of one partnership, as JSON.", exists=True, dir_okay=False)] = DEMO,
) -> None:
    """Load a year into a running region; again, it stores nothing twice."""
    with _region() as region:
        _out.print(_load_year(file, region))


@imports.command("fft")
def import_fft(
    file: Annotated[Path, typer.Argument(help="An export of the Friends and Family Test, CSV.", exists=True, dir_okay=False)],
    partnership: Partnership,
    source: Annotated[str, typer.Option(help="Names the survey; comments are known by their ids within it.")] = "fft",
    zone: Annotated[str, typer.Option("--time-zone", help="Where its dates are days; the survey is England's.")] = "Europe/London",
    as_json: Json = False,
) -> None:
    """Take in the comments of a survey; killed or run again, it ends the same."""
    from deploy import fft  # noqa: PLC0415
    from deploy.importing import take_in  # noqa: PLC0415

    with _region() as region, _progress("comments") as progress:
        try:
            done = take_in(
                file, region, partnership=_partnership_id(region, partnership), source=source, zone=ZoneInfo(zone), progress=progress
            )
        except fft.WrongFile as fault:
            _fail(str(fault))
    if as_json:
        _print_json(done)
        return
    kept = f"{done['stored']} stored + {done['known']} known before"
    _out.print(f"{done['read']} rows read = {kept} + {done['refused']} refused + {done['blank']} blank")
    if done["unrated"]:
        _out.print(f"{done['unrated']} comments kept without a rating, because theirs is not 1 to 5")
    for row, reason in done["refusals"]:
        _out.print(f"  line {row}: {reason}")


@main.command()
def report(
    partnership: Partnership,
    period: Annotated[str, typer.Option(help="2025Q1 or 2025")],
    as_known_at: Annotated[str | None, typer.Option(help="An instant, such as 2025-06-30T23:59:59Z.")] = None,
    raw: Annotated[bool, typer.Option(help="Show cells that disclosure rules hide, if the role may see them.")] = False,
    as_json: Json = False,
) -> None:
    """The figures of a partnership."""
    with _region() as region:
        path = f"/v1/partnerships/{_partnership_id(region, partnership)}/reports/{period}"
        answer = region.get(path, as_known_at=as_known_at, raw="true" if raw else None)
    if as_json:
        _print_json(answer)
        return
    names = {definition["code"]: definition["name"] for definition in answer["definitions"]}
    table = Table(
        "Code", "Indicator", "n", "d", "Value", "Unit", "Status", title=f"{answer['name']}, {period}, as known at {answer['as_known_at']}"
    )
    for figure in answer["figures"]:
        cells = ("" if figure[part] is None else str(figure[part]) for part in ("n", "d", "value"))
        table.add_row(
            figure["code"], names[figure["code"]], *cells, figure["unit"], figure["status"] + (" (low base)" if figure["low_base"] else "")
        )
    _out.print(table)


@audit.command("completeness")
def audit_completeness(as_json: Json = False) -> None:
    """Whether every fact of every service is in the history; exits with 3 when not."""
    with _region(SystemRole.governance_auditor) as region:
        answer = region.get("/v1/audit/completeness")
    if as_json:
        _print_json(answer)
    else:
        table = Table(
            "Service",
            "First",
            "Last",
            "Facts",
            "Missing",
            title=f"{answer['entries']} entries, {'whole' if answer['whole'] else 'NOT WHOLE'}",
        )
        for source in answer["sources"]:
            missing = ", ".join(f"{first}-{last}" for first, last in source["holes"]) or "none"
            table.add_row(source["source"], str(source["first"]), str(source["last"]), str(source["facts"]), missing)
        _out.print(table)
    if not answer["whole"]:
        raise typer.Exit(BROKEN)


@audit.command("replay")
def audit_replay(
    partnership: Partnership,
    to_position: Annotated[int | None, typer.Option(help="An entry of the region's history.")] = None,
    as_known_at: Annotated[str | None, typer.Option(help="An instant, such as 2025-06-30T23:59:59Z.")] = None,
    as_json: Json = False,
) -> None:
    """The state of a partnership as known then, replayed from its facts."""
    with _region(SystemRole.governance_auditor) as region:
        path = f"/v1/audit/partnerships/{_partnership_id(region, partnership)}"
        answer = region.get(path, to_entry=to_position, as_known_at=as_known_at)
    if as_json:
        _print_json(answer)
        return
    table = Table("What", "As known then", title=f"{answer['name']}: {answer['entries']} facts, up to entry {answer['last_entry']}")
    for what in ("recorded", "status"):
        table.add_row(what, str(answer[what]))
    table.add_row(
        "members", f"{sum(member['ended'] is None for member in answer['members'])} of {len(answer['members'])} still taking part"
    )
    for what, count in answer.items():
        if what.startswith(("sessions", "decisions", "actions", "feedback", "loops")):
            table.add_row(what.replace("_", " "), str(count))
    _out.print(table)


@views.command("status")
def views_status(
    service: Annotated[str, typer.Argument(help="Whose views; in production the service whose settings these are.")], as_json: Json = False
) -> None:
    """How far each view of a service has read, and where one stands still; exits with 3 when one does."""
    from shared.views import places  # noqa: PLC0415

    with _house() as house, house.database(_known(service)).reading() as tx:
        read = tx.rows("SELECT view, source, position FROM positions ORDER BY view, source")
        stops = {(stop.view, stop.source): stop for stop in places.stops(tx)}
    rows = [
        {"view": view, "source": source, "position": position, "stopped": _why(stops.get((view, source)))}
        for view, source, position in read
    ]
    if as_json:
        _print_json(rows)
    else:
        table = Table("View", "Source", "Position", "Stands still")
        for row in rows:
            table.add_row(*(str(row[part] or "") for part in ("view", "source", "position", "stopped")))
        _out.print(table)
    if stops:
        raise typer.Exit(BROKEN)


@views.command("pass-over")
def views_pass_over(
    service: str,
    view: str,
    source: Annotated[str, typer.Argument(help="Whose fact it is.")],
    position: Annotated[int, typer.Argument(help="Where the view stands still.")],
    reason: Annotated[str, typer.Option(help="Why the view can do without this fact: a code, such as defect_142.")],
) -> None:
    """Decide that a view goes on without the one fact it stopped at; the decision is recorded."""
    from shared.views import places  # noqa: PLC0415

    if not reason.replace("_", "").replace("-", "").isalnum():
        _fail("a reason is a code, such as defect_142")
    with _house() as house:
        name = house.view_of(_known(service), view).name
        places.pass_over(house.database(service), name, source, position, actor="administrator", reason=reason)
    _err.print("recorded; the view goes on")


@views.command("rebuild")
def views_rebuild(
    service: str,
    view: str,
    compare_only: Annotated[bool, typer.Option("--compare-only", help="Compare with the live view and change nothing.")] = False,
) -> None:
    """Fold a view anew beside the live one, compare, and put it in its place; exits with 3 when they differed."""
    with _house() as house:
        house.calls.start()
        rebuilt = house.rebuild(_known(service), view, swap=not compare_only)
    for name, live in rebuilt.live.items():
        verdict = "equal" if live == rebuilt.fresh[name] else "DIFFERENT"
        _out.print(f"{name}: {live.rows} rows live, {rebuilt.fresh[name].rows} rows rebuilt, {verdict}")
    if not rebuilt.equal:
        raise typer.Exit(BROKEN)


@main.command("renew-store")
def renew_store(service: str) -> None:
    """Give a restored or copied store an identity of its own, while nothing runs, so that readers of the old one notice."""
    from shared import store  # noqa: PLC0415

    settings = _settings()
    with _troubles():
        store.renew_store(settings.store_url(_known(service)) if settings.embedded else in_schema(settings.owner_database, service))
    _err.print(f"{service} has a new identity; its readers will stop and say so")


@token.command("create")
def create_token(
    label: Annotated[str, typer.Argument(help="What it is for; a code, not a person's name.")],
    role: Annotated[SystemRole, typer.Option()],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it opens the door.")] = 90,
) -> None:
    """Make a token; it is shown once."""
    with _house() as house:
        _out.print(_issue(house, label, role, timedelta(days=days)), soft_wrap=True)


@token.command("revoke")
def revoke_token(id_: Annotated[str, typer.Argument(metavar="ID", help="As `token list` shows it.")]) -> None:
    """Take a token's access away, at once."""
    from contracts.gateway import RevokeToken  # noqa: PLC0415

    with _house() as house:
        house.tokens.revoke_token(command=RevokeToken(token=id_), context=_administrator())
    _err.print("revoked")


@token.command("list")
def list_tokens(as_json: Json = False) -> None:
    """All tokens, without their secrets."""
    with _house() as house:
        tokens = [summary.model_dump(mode="json") for summary in house.tokens.list_tokens()]
    if as_json:
        _print_json(tokens)
        return
    table = Table(Column("Id", no_wrap=True), "Label", "Role", "Created", "Expires", "Revoked")
    for one in tokens:
        table.add_row(*(str(one[part] or "") for part in ("id", "label", "role", "created", "expires", "revoked")))
    _out.print(table)


@contracts.command("check")
def check_contracts() -> None:
    """Whether the generated files are up to date, and no released message was broken."""
    from deploy import published  # noqa: PLC0415

    with _troubles():
        wrong = published.check()
    if wrong:
        _fail("\n".join(wrong), BROKEN)
    _err.print("the published language is as released")


@contracts.command("release")
def release_contracts() -> None:
    """Promise today's messages: from now on a change that breaks one of them fails the check."""
    from deploy import published  # noqa: PLC0415

    with _troubles():
        published.release()
    _err.print("released; commit contracts/released")


@contracts.command("write")
def write_contracts() -> None:
    """Write the generated schemas and documents anew."""
    from deploy import published  # noqa: PLC0415

    published.write()


@main.command()
def health(
    service: Annotated[str, typer.Argument(help="Says which service is meant, where several run on one machine.")] = "",
    as_json: Json = False,
) -> None:
    """Whether the process with these settings is ready; exits with 4 when it is not."""
    import httpx  # noqa: PLC0415

    settings = _settings()
    host = "127.0.0.1" if settings.metrics_host == "0.0.0.0" else settings.metrics_host  # noqa: S104  asked from within the same host
    try:
        answer = httpx.get(f"http://{host}:{settings.metrics_port}/health/ready", timeout=5.0)
    except httpx.TransportError as fault:
        _fail(f"{service or 'the region'} does not answer ({type(fault).__name__})", UNREACHABLE)
    _print_json(answer.json()) if as_json else _out.print("ready" if answer.is_success else answer.text, markup=False)
    if not answer.is_success:
        raise typer.Exit(UNREACHABLE)


def _settings(**fixed: Any) -> Settings:
    try:
        given = read_settings(os.environ)
        return changed(given, **fixed)
    except WrongSetting as fault:
        _fail(str(fault))


def _services() -> tuple[str, ...]:
    return ("partnerships", "sessions", "feedback", "reporting", "audit", "gateway")


def _known(service: str) -> str:
    if service not in _services():
        _fail(f"there is no service of that name; there are {', '.join(_services())}")
    return service


def _why(stop: Stop | None) -> str | None:
    return f"before the {stop.type or 'first'} at {stop.position}: {stop.fault}" if stop else None


def _address(settings: Settings) -> str:
    return os.environ.get("COMHAR_ADDRESS", f"http://{settings.http_host}:{settings.http_port}")


@contextmanager
def _region(role: SystemRole = SystemRole.regional_operator) -> Iterator[Region]:
    """The running region, with the token in COMHAR_TOKEN, or one for an hour if this machine holds the region's data."""
    from deploy.client import Refused, Region, Unreachable  # noqa: PLC0415

    settings = _settings()
    text = os.environ.get("COMHAR_TOKEN") or _own_token(role)
    region = Region(_address(settings), text)
    try:
        yield region
    except Unreachable as fault:
        _fail(f"{fault}; start it with `comhar up`, or name its address in COMHAR_ADDRESS", UNREACHABLE)
    except Refused as refusal:
        _fail(str(refusal))
    finally:
        region.close()


def _own_token(role: SystemRole) -> str:
    with _house() as house:
        return _issue(house, "cli", role, _CLI_TOKEN)


def _issue(house: House, label: str, role: SystemRole, lifetime: timedelta) -> str:
    from contracts.gateway import CreateToken  # noqa: PLC0415

    try:
        command = CreateToken(label=label, role=role, expires=datetime.now(UTC) + lifetime)
    except ValueError:
        _fail("a label is a code, such as clinic-dashboard")
    return house.tokens.create_token(command=command, context=_administrator())


def _administrator() -> Context:
    """Whoever has the region's own data in hand."""
    from shared.context import Context  # noqa: PLC0415

    return Context(actor="administrator", role="administrator", region=_settings().region)


@contextmanager
def _house() -> Iterator[House]:
    """The region's own data, for what is done beside its API."""
    settings = _settings()
    if settings.embedded and not settings.data.exists():
        _fail(f"there is no region in {settings.data}; start one with `comhar up`, or name its folder with COMHAR_DATA", UNREACHABLE)
    import shared.green  # noqa: F401, PLC0415  nothing is patched here, but eventlet's announcement is kept from the terminal
    from deploy.wiring import House  # noqa: PLC0415

    with _troubles():
        house = House(settings)
        try:
            yield house
        finally:
            house.close()


@contextmanager
def _troubles() -> Iterator[None]:
    """What stops a process is said in a sentence, with what to do."""
    import psycopg  # noqa: PLC0415

    from contracts.errors import Refusal, Unavailable  # noqa: PLC0415
    from deploy.running import Fallen, InUse  # noqa: PLC0415
    from shared.store import DamagedLog  # noqa: PLC0415

    try:
        yield
    except Fallen as fault:
        _fail(str(fault), DIED)
    except DamagedLog as fault:
        _fail(str(fault), BROKEN)
    except (InUse, LookupError, Refusal, ValueError) as fault:
        _fail(str(fault))
    except Unavailable as fault:
        _fail(fault.reason, UNREACHABLE)
    except psycopg.Error as fault:
        # Its text may hold what was stored; its class says enough: mostly, that these settings are another service's.
        _fail(f"the database refuses this with these settings ({type(fault).__name__})")
    except OSError as fault:
        _fail(f"{fault.filename or 'the system'}: {fault.strerror}", UNREACHABLE)


def _must_be_free(host: str, port: int) -> None:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            _fail(f"port {port} of {host} cannot be used ({fault.strerror}); choose another with --port")


def _load_once(region: Region, mark: Path) -> None:
    """Load the demo year into an empty region; one that was cut off while it loaded is loaded to the end."""
    state = mark.read_text() if mark.exists() else ""
    if state == "loading" or (not state and not region.get("/v1/partnerships")["items"]):
        mark.write_text("loading")  # if we die before the next mark, the year is told again: what was stored is known
        _load_year(DEMO, region)
        mark.write_text("loaded")


def _load_year(file: Path, region: Region) -> str:
    from deploy import demo as demo_year  # noqa: PLC0415

    try:
        year = json.loads(file.read_text())
    except ValueError:
        _fail(f"{file} is not JSON")
    with _progress("commands") as progress:
        return demo_year.load(year, region, progress)


def _partnership_id(region: Region, wanted: str) -> str:
    """The id itself, or the id of the one partnership of that name."""
    if len(wanted) == len("00000000-0000-0000-0000-000000000000") and wanted.count("-") == 4:  # noqa: PLR2004  a UUID's shape
        return wanted
    found, after = [], None
    while True:
        page = region.get("/v1/partnerships", after=after, limit=200)
        found += [item["id"] for item in page["items"] if item["name"] == wanted]
        if (after := page["next"]) is None:
            break
    if len(found) != 1:
        _fail("no partnership has that name" if not found else "several partnerships have that name: give the id")
    return str(found[0])


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_json(answer: Any) -> None:
    typer.echo(json.dumps(answer, indent=1, ensure_ascii=False))


def _fail(why: str, code: int = WRONG) -> NoReturn:
    _err.print(f"comhar: {why}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
