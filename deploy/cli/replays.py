"""What was known when, what changed, and what published figures rest on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.services import SERVICES
from contracts.vocabulary import SystemRole
from deploy.cli.terminal import (
    BROKEN,
    Json,
    Partnership,
    clock,
    day,
    err,
    fail,
    known,
    out,
    own_house,
    partnership_id,
    print_json,
    progress_of,
    running_region,
    settings_given,
    show,
    words,
)

if TYPE_CHECKING:
    from deploy.client import Region

commands = typer.Typer()
Figure = Annotated[str, typer.Argument(help="The id of a publication.")]
_ALL = 2**53
_BEGINNING = 16
_COUNTED = ("sessions", "decisions", "actions", "feedback", "loops")


@commands.command("replay")
def replay(
    *,
    partnership: Annotated[str | None, typer.Option(help="The partnership's id, or its name.")] = None,
    to_position: Annotated[int | None, typer.Option(help="An entry of the region's history.")] = None,
    as_known_at: Annotated[str | None, typer.Option(help="An instant, such as 2025-06-30T23:59:59Z.")] = None,
    effective: Annotated[str | None, typer.Option(help="A day: only what had happened by its end, whenever it was recorded.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Fold every view anew from the history, beside the live ones, and compare.")] = False,
    service: Annotated[
        str | None, typer.Option(help="Its views as known then; with --all, only its views, in production those of these settings.")
    ] = None,
    as_json: Json = False,
) -> None:
    """A partnership, or the views of a service, as known then, from the facts; or all views compared with what the facts make of them."""
    if all_ + bool(partnership) + bool(service and not all_) != 1:
        fail("name a partnership, or a service, or say --all")
    if all_:
        _compare(service, as_json=as_json)
        return
    if service:
        _show_views(known(service), to_position, as_known_at, as_json=as_json)
        return
    with running_region(SystemRole.governance_auditor) as region:
        path = f"/v1/audit/partnerships/{partnership_id(region, partnership or '')}"
        answer = region.get(path, to_entry=to_position, as_known_at=as_known_at, effective=effective)
    print_json(answer) if as_json else _show(answer)


def _compare(service: str | None, *, as_json: bool) -> None:
    if service is None and not settings_given().embedded:
        fail("in production each service answers for its own views: say --service")
    rows: list[dict[str, Any]] = []
    with own_house() as house, progress_of("views") as progress:
        house.calls.start()
        views = house.repeatable([known(service)] if service else SERVICES)
        for done, (owner, view) in enumerate(views):
            progress(done, len(views))
            compared = house.replay(owner, view)
            rows += [
                {"service": owner, "view": view, "table": table, "rows": live.rows, "replayed": compared.fresh[table].rows, "equal": equal}
                for table, live in compared.live.items()
                for equal in [live == compared.fresh[table]]
            ]
    if as_json:
        print_json(rows)
    else:
        columns = ("Service", "View", "Table", "Rows live", "Rows replayed", "Compared")
        told = ((o["service"], o["view"], o["table"], str(o["rows"]), str(o["replayed"]), _verdict(equal=o["equal"])) for o in rows)
        show("Views folded anew", columns, told)
    if different := [f"{row['table']} of {row['service']}" for row in rows if not row["equal"]]:
        fail(f"not what the history makes of them: {', '.join(different)}", BROKEN)


def _show_views(service: str, to_position: int | None, as_known_at: str | None, *, as_json: bool) -> None:
    from contracts.model import instant  # noqa: PLC0415

    with own_house() as house:
        house.calls.start()
        moment = instant(as_known_at) if as_known_at else _ALL if to_position is None else to_position
        tables = house.as_of(service, moment)
    if as_json:
        print_json({table: [{name: _plain(value) for name, value in row.items()} for row in rows] for table, rows in tables.items()})
        return
    show(service, ("Table", "Rows as known then"), ((table, str(len(rows))) for table, rows in tables.items()))


def _plain(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _verdict(*, equal: bool) -> str:
    return "equal" if equal else "DIFFERENT"


def _show(answer: dict[str, Any]) -> None:
    members, edition = answer["members"], answer["terms_of_reference"]
    rows = [
        ("recorded", clock(answer["recorded"])),
        ("status", answer["status"]),
        ("terms of reference", f"edition {edition}" if edition else "none agreed yet"),
        ("members", f"{sum(member['ended'] is None for member in members)} of {len(members)} still taking part"),
        *((words(what), str(count)) for what, count in answer.items() if what.startswith(_COUNTED) and isinstance(count, int)),
    ]
    show(f"{answer['name']}: {answer['entries']} facts, up to entry {answer['last_entry']}", ("What", "As known then"), rows)
    columns = ("Decision", "Closed", "Outcome", "Lived experience", "Providers")
    show("Decisions", columns, (_decided(one) for one in answer["decisions_closed"]))
    _say_witnessed(answer["moment"])


def _decided(one: dict[str, Any]) -> tuple[str, ...]:
    positions = ("-".join(map(str, one[side])) for side in ("lived_experience", "provider"))
    return f"D{one['number']:02}", day(one["closed"]), words(one["outcome"]), *positions


def _say_witnessed(moment: dict[str, Any]) -> None:
    since = f"witnessed {moment['witnessed']}" if moment["witnessed"] else "unwitnessed: only the region itself says when this was known"
    err.print(f"{moment['entries']} entries, {since}")


@commands.command("difference")
def difference(
    partnership: Partnership,
    from_: Annotated[
        str,
        typer.Option(
            "--from", help="An entry (812), an instant (2025-06-30T23:59:59Z), or a day (2025-06-30) by whose end it had happened."
        ),
    ],
    to: Annotated[str, typer.Option("--to", help="The same; now, if it is left away.")] = "",
    as_json: Json = False,
) -> None:
    """What changed for a partnership between two moments, in sentences."""
    with running_region(SystemRole.governance_auditor) as region:
        path = f"/v1/audit/partnerships/{partnership_id(region, partnership)}/difference"
        answer = region.get(path, **_moment("from", from_), **_moment("to", to))
    if as_json:
        print_json(answer)
        return
    out.print(f"{answer['name']}, entries {answer['before']['entries']} to {answer['after']['entries']}:", markup=False)
    for change in answer["changes"] or ("nothing changed",):
        out.print(f"  - {change}", markup=False, soft_wrap=True, highlight=False)
    _say_witnessed(answer["after"])


def _moment(end: str, text: str) -> dict[str, str]:
    if not text:
        return {}
    if text.isdigit():
        return {f"{end}_entry": text}
    return {f"{end}_effective" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else f"{end}_known_at": text}


@commands.command("figures")
def figures(partnership: Partnership, as_json: Json = False) -> None:
    """What was published for a partnership, newest first."""
    with running_region(SystemRole.governance_auditor) as region:
        found = list(region.every(f"/v1/partnerships/{partnership_id(region, partnership)}/figures"))
    if as_json:
        print_json(found)
        return
    show("Published", ("Figure", "Period", "When", "Entries", "SHA-256", "Superseded"), map(_published, found))


@commands.command("reproduce")
def reproduce(figure: Figure, as_json: Json = False) -> None:
    """Compute a publication anew from exactly the entries it names; exits with 3 when it is not the same to the byte."""
    with running_region(SystemRole.governance_auditor) as region:
        answer = region.get(f"/v1/figures/{figure}/reproduction")
    if as_json:
        print_json(answer)
    elif answer["same"]:
        out.print(
            f"the same to the byte: SHA-256 {answer['computed']}, from {answer['entries']} of {answer['size']} entries", soft_wrap=True
        )
    if not answer["same"]:
        fail(" ".join(answer["differs"]), BROKEN)


@commands.command("lineage")
def lineage(
    figure: Figure,
    indicator: Annotated[str | None, typer.Option(help="Only the facts of this indicator, such as CP-06.")] = None,
    as_json: Json = False,
) -> None:
    """The facts that made a publication, each with where its proof is found."""
    with running_region(SystemRole.governance_auditor) as region:
        answer = _whole_lineage(region, figure, indicator)
    if as_json:
        print_json(answer)
        return
    title = f"{answer['origin']}, {answer['size']} entries, root {answer['root'][:16]}…"
    show(title, ("Entry", "Happened", "What", "Counted in", "Proof"), map(_counted, answer["facts"]))


def _published(one: dict[str, Any]) -> tuple[str, ...]:
    superseded = "yes" if one["superseded_by"] else ""
    return one["figure"], one["period"], clock(one["published"]), str(one["size"]), one["digest"][:_BEGINNING], superseded


def _counted(fact: dict[str, Any]) -> tuple[str, ...]:
    counted = "; ".join(fact["counted_in"]) or "(belongs to a case)"
    return str(fact["number"]), day(fact["happened"]), fact["says"], counted, fact["proof"]


def _whole_lineage(region: Region, figure: str, indicator: str | None) -> dict[str, Any]:
    answer: dict[str, Any] = region.get(f"/v1/figures/{figure}/lineage", indicator=indicator)
    while answer["next"]:
        more = region.get(f"/v1/figures/{figure}/lineage", indicator=indicator, after=answer["next"])
        answer |= {"facts": answer["facts"] + more["facts"], "next": more["next"]}
    return answer
