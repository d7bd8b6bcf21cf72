"""Partnerships and their members, as whoever runs them asks on an ordinary day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from contracts.vocabulary import AccessNeedCategory, ConfirmedBy, IdentifiedBy, PartnershipStatus
from deploy.cli.terminal import (
    Json,
    called,
    day,
    done,
    known_as,
    moment,
    one_of,
    partnership_id,
    print_json,
    running_region,
    show,
    tell,
    words,
)

commands = typer.Typer(no_args_is_help=True, help="Partnerships: which there are, how each stands, who belongs to it.")
members = typer.Typer(no_args_is_help=True, help="A member: what was recorded, consented to, declared, needed and contributed.")

Which = Annotated[str, typer.Argument(metavar="PARTNERSHIP", help="Its id, its name, or how its name begins.")]
Who = Annotated[str, typer.Argument(metavar="MEMBER", help="The member's name or id, or how it begins; `partnership show` has them.")]
On = Annotated[str | None, typer.Option("--on", help="A day (2025-06-30), by its end, or an instant; now, if not given.")]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on; from the first, if not given.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="To this day; to the last, if not given.")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="As known by then: a day, by its end, or an instant.")]


@commands.command("list")
def list_partnerships(
    status: Annotated[PartnershipStatus | None, typer.Option(help="Only those that stand so.")] = None,
    as_json: Json = False,
) -> None:
    """The partnerships of the region, by name."""
    with running_region() as region:
        found = [one for one in region.every("/v1/partnerships") if status in (None, one["status"])]
    if as_json:
        print_json(found)
        return
    show(
        "Partnerships",
        ("Name", "Org unit", "Status", "Id"),
        [(o["name"], o["org_unit"], o["status"], o["id"]) for o in found],
    )


@commands.command("show")
def show_partnership(partnership: Which, as_json: Json = False) -> None:
    """How a partnership stands: its members, and what it lacks; that it was looked at is recorded."""
    with running_region() as region:
        found = region.get(f"/v1/partnerships/{partnership_id(region, partnership)}")
    if as_json:
        print_json(found)
        return
    tell(f"{found['name']} ({found['org_unit']}): {words(found['status'])}, {words(found['setting'])}, {words(found['level'])}")
    edition = found["terms_of_reference"]
    tell(f"terms of reference: {f'edition {edition}' if edition else 'none agreed yet'}")
    composition = found["composition"]
    if composition and composition["breached_since"]:
        lacks = ", ".join(words(shortfall) for shortfall in composition["shortfalls"])
        tell(f"composition: short of the rule since {day(composition['breached_since'])}: {lacks}")
    columns = ("Name", "Perspective", "Role", "Offices", "Joined", "Stands", "Id")
    show(f"{sum(not one['ended'] for one in found['members'])} members", columns, [_member(one) for one in found["members"]])


@commands.command("standing")
def standing(partnership: Which, on: On = None, known_at: KnownAt = None, as_json: Json = False) -> None:
    """Who belonged to a partnership then, on which side and in which office, without names."""
    with running_region() as region:
        path = f"/v1/partnerships/{partnership_id(region, partnership)}/standing"
        found = region.get(path, on=moment(on), known_at=moment(known_at))
    if as_json:
        print_json(found)
        return
    rows = [(o["member"], words(o["perspective"]), words(o["role"]), _listed(o["offices"]), o["status"]) for o in found["members"]]
    when = f"on {day(found['on'])}, as known on {day(found['known_at'])}"
    if not rows:
        tell(f"nobody belonged to it {when}; what was recorded later is not known then")
        return
    title = f"{len(rows)} members {when}"
    show(title, ("Member", "Perspective", "Role", "Offices", "Stood"), rows)


@commands.command("work")
def work(partnership: Which, as_json: Json = False) -> None:
    """The pieces of work of a partnership, with the degree of co-production each aims at and reached."""
    with running_region() as region:
        found = list(region.every("/v1/work-items", partnership=partnership_id(region, partnership)))
    if as_json:
        print_json(found)
        return
    rows = ((o["name"], words(o["stage"]), day(o["opened"]), words(o["intended"]), words(o["agreed"]), o["id"]) for o in found)
    show("Work", ("Name", "Stage", "Began", "Intended", "Reached", "Id"), rows)


@commands.command("due")
def due(
    partnership: Which,
    within: Annotated[int, typer.Option(min=0, max=366, help="Also what will be due in so many days.")] = 60,
    as_json: Json = False,
) -> None:
    """What waits in a partnership, the most urgent first: consents, declarations, terms, needs, payments; names opened are recorded."""
    with running_region() as region:
        whose = partnership_id(region, partnership)
        found = region.get(f"/v1/partnerships/{whose}/due", within=within)
        if as_json:
            print_json(found)
            return
        names = called(region, whose)
    rows = [
        (words(o["kind"]), words(o["purpose"] or o["office"]), o["due"], "yes" if o["overdue"] else "", names.get(o["member"], o["member"]))
        for o in found["items"]
    ]
    show(f"Due on {found['today']} or within {within} days", ("What", "Which", "Due", "Overdue", "Member"), rows)


@members.command("history")
def history(partnership: Which, member: Who, as_json: Json = False) -> None:
    """All that is on the roll about a member, with what was corrected."""
    with running_region() as region:
        found = region.get(f"{_of(region, partnership, member)}/history")
    if as_json:
        print_json(found)
        return
    rows = [
        (str(o["entry"]), words(o["kind"]), day(o["at"]), words(o["perspective"] or o["office"]), day(o["until"]), _mark(o))
        for o in found["entries"]
    ]
    show(f"Member {found['member']}", ("Entry", "What", "Since", "Which", "Until", "Since then"), rows)


@members.command("show")
def show_member(partnership: Which, member: Who, as_json: Json = False) -> None:
    """What a member consented to, declared, offered, and needs to take part; that it was looked at is recorded."""
    with running_region() as region:
        path = _of(region, partnership, member)
        taking_part, needed = region.get(f"{path}/participation"), region.get(f"{path}/access-needs")
    if as_json:
        print_json({"participation": taking_part, "access_needs": needed})
        return
    tell(f"Member {taking_part['member']}")
    show("Consents", ("Purpose", "Given", "Until", "Withdrawn"), (_consent(one) for one in taking_part["consents"]))
    renewed = taking_part["renewal_due"]
    title = f"Interests, to be declared again by {day(renewed)}" if renewed else "Interests, never declared"
    show(title, ("Kind", "What", "Declared", "Ended"), (_interest(one) for one in taking_part["interests"]))
    show("Skills", ("Area", "What", "Used"), ((words(o["area"]), o["words"] or "", str(len(o["used"]))) for o in taking_part["skills"]))
    columns = ("Category", "What", "Format", "Stage", "Met", "Not met", "By their word", "Id")
    show("Access needs", columns, [_need(o) for o in needed["needs"] if not o["ended"]])


@members.command("identify-need")
def identify_need(
    partnership: Which,
    member: Who,
    category: Annotated[AccessNeedCategory, typer.Option(help="As far as it is known.")],
    by: Annotated[IdentifiedBy, typer.Option(help="Who noticed it.")],
    *,
    as_json: Json = False,
) -> None:
    """Note that somebody will need something to take part, before they were asked what it is; a nominee too."""
    with running_region() as region:
        made = region.post(f"{_of(region, partnership, member)}/access-needs/identify", {"category": category, "identified_by": by})
    done(made, "identified", as_json=as_json, thing=made["made"])


@members.command("confirm-need")
def confirm_need(
    partnership: Which,
    member: Who,
    need: Annotated[str, typer.Argument(help="Its id, or how it begins; `member show` has them.")],
    met: Annotated[bool, typer.Option("--met/--not-met", help="What the person says.")],
    *,
    session: Annotated[str | None, typer.Option(help="In which session, by its id; a time outside sessions, if not given.")] = None,
    by: Annotated[ConfirmedBy, typer.Option(help="Who speaks for them, if not they themselves.")] = ConfirmedBy.member,
    as_json: Json = False,
) -> None:
    """Record the person's own word on whether their need was met: it counts, whatever was said before."""
    with running_region() as region:
        path = f"{_of(region, partnership, member)}/access-needs"
        wanted = one_of("need", need, lambda: [o["need"] for o in region.get(path)["needs"] if o["need"].startswith(need)])
        said = {"need": wanted, "met": met, "session": session, "confirmed_by": by}
        made = region.post(f"{path}/confirm", {name: value for name, value in said.items() if value is not None})
    done(made, "confirmed", as_json=as_json, thing=wanted)


@members.command("cpd")
def learning(partnership: Which, member: Who, *, since: Since = None, until: Until = None, as_json: Json = False) -> None:
    """A member's record of continuing professional development: the sessions they took part in, with hours and evidence."""
    with running_region() as region:
        found = region.get(f"{_of(region, partnership, member)}/cpd", **_days(since, until))
    if as_json:
        print_json(found)
        return
    rows = [(o["day"], o["method"], "; ".join(o["topics"]), _hours(o["hours"]), _hours(o["participatory_hours"])) for o in found["entries"]]
    title = f"{found['hours']} hours, of which {found['participatory_hours']} participatory"
    show(title, ("Day", "Method", "Topics", "Hours", "Participatory"), rows)


@members.command("certificate")
def certificate(partnership: Which, member: Who, *, since: Since = None, until: Until = None, as_json: Json = False) -> None:
    """What a member contributed, to be kept by them; as a page to print, also in Easy Read, it is in the browser."""
    with running_region() as region:
        found = region.get(f"{_of(region, partnership, member)}/certificate", **_days(since, until))
    if as_json:
        print_json(found)
        return
    rows = [(o["day"], o["what"], _hours(o["hours"]), "yes" if o["chaired"] else "") for o in found["sessions"]]
    show(f"{len(rows)} sessions, {found['hours']} hours", ("Day", "What", "Hours", "Chaired"), rows)
    for raised in found["raised"]:
        tell(f"put on the agenda: {raised}")
    tell(f"actions seen through: {found['actions_completed']}")


def _days(since: datetime | None, until: datetime | None) -> dict[str, str]:
    return {name: str(given.date()) for name, given in (("since", since), ("until", until)) if given}


def _hours(hours: str | None) -> str:
    return "not said" if hours is None else hours


def _of(region: Any, partnership: str, member: str) -> str:
    """The address of a member."""
    whose = partnership_id(region, partnership)
    return f"/v1/partnerships/{whose}/members/{one_of('member', member, lambda: known_as(region, whose, member))}"


def _member(one: dict[str, Any]) -> tuple[str, ...]:
    name = "former member" if one["forgotten"] else one["name"] or "(not shown)"
    stands = f"ended: {words(one['end_reason'])}, {day(one['ended'])}" if one["ended"] else words(one["status"])
    return name, words(one["perspective"]), words(one["role"]), _listed(one["offices"]), day(one["joined"]), stands, one["id"]


def _consent(one: dict[str, Any]) -> tuple[str, ...]:
    return words(one["purpose"]), day(one["granted"]), day(one["until"]), day(one["withdrawn"])


def _interest(one: dict[str, Any]) -> tuple[str, ...]:
    return words(one["interest"]), one["words"] or "", day(one["declared"]), day(one["ended"])


def _need(one: dict[str, Any]) -> tuple[str, ...]:
    stage = f"{words(one['stage'])}{', flagged' if one['flagged'] else ''}"
    often = (str(one[how]) for how in ("met", "not_met", "confirmed"))
    return words(one["category"]), one["words"] or "", words(one["wanted"]), stage, *often, one["need"]


def _mark(entry: dict[str, Any]) -> str:
    return "struck" if entry["struck"] else "corrected" if entry["corrected"] else ""


def _listed(codes: list[str]) -> str:
    return ", ".join(words(code) for code in codes)
