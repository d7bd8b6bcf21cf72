"""Sessions, as whoever runs a partnership plans them and looks them up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.vocabulary import CancellationReason, MembershipStatus, SessionKind, SessionMode, SessionStatus
from deploy.cli.terminal import (
    Json,
    Partnership,
    clock,
    done,
    err,
    fail,
    known_as,
    moment,
    one_of,
    partnership_id,
    print_json,
    running_region,
    show,
    tell,
    troubles,
    words,
)

if TYPE_CHECKING:
    from deploy.client import Region

commands = typer.Typer(no_args_is_help=True, help="Sessions: plan, publish and cancel them; what was recorded of each.")

Which = Annotated[str, typer.Argument(metavar="SESSION", help="Its id; with --partnership also its day, or how its id begins.")]
Among = Annotated[str | None, typer.Option("--partnership", help="Whose session it is: the partnership's id, or its name.")]
_YES_OR_NO = {None: "", True: "yes", False: "no"}
_WAITING = (SessionStatus.planned, SessionStatus.published)


@commands.command("list")
def list_sessions(
    partnership: Partnership,
    status: Annotated[SessionStatus | None, typer.Option(help="Only those that stand so.")] = None,
    coming: Annotated[bool, typer.Option("--coming", help="Only those that are still to be held.")] = False,
    as_json: Json = False,
) -> None:
    """The sessions of a partnership, by start."""
    with running_region() as region:
        every = _sessions(region, partnership)
    found = [one for one in every if status in (None, one["status"]) and (not coming or one["status"] in _WAITING)]
    if as_json:
        print_json(found)
        return
    rows = [(clock(o["starts"]), words(o["kind"]), words(o["mode"]), words(o["status"]), o["id"]) for o in found]
    show("Sessions", ("Starts", "Kind", "Mode", "Stands", "Id"), rows)


@commands.command("show")
def show_session(session: Which, partnership: Among = None, as_json: Json = False) -> None:
    """All that was recorded of a session; that it was looked at is recorded."""
    with running_region() as region:
        found = region.get(f"/v1/sessions/{_session(region, session, partnership)}")
    if as_json:
        print_json(found)
        return
    place = f", {found['place']}" if found["place"] else ""
    tell(f"{clock(found['starts'])}, {words(found['kind'])}, {words(found['mode'])}: {words(found['status'])}{place}")
    came = sum(one["status"].startswith("attended") for one in found["attendance"])
    quorum = {None: "", True: ", a quorum of both sides", False: ", no quorum"}[found["quorate"]]
    tell(f"{len(found['invited'])} invited, {len(found['answers'])} answered, {came or len(found['present'])} came{quorum}")
    tell(_minutes(found["minutes_taken"]))
    show("Agenda", ("Item", "Origin", "Minutes", "Discussed", "Quorum"), (_item(one) for one in found["agenda"]))
    show(
        "Decisions",
        ("Decision", "Method", "Outcome", "Carried on both sides", "Objections", "Declined to say"),
        (_decision(one) for one in found["decisions"]),
    )
    show("Actions", ("Action", "Owner", "Due", "Stands", "Id"), (_action(one) for one in found["actions"]))


@commands.command("draft-minutes")
def draft_minutes(
    session: Which,
    file: Annotated[Path, typer.Argument(help="The words, as text, in place of any before.", exists=True, dir_okay=False)],
    partnership: Among = None,
    as_json: Json = False,
) -> None:
    """Write the minutes of a held session, or write them anew as long as they are not agreed."""
    with troubles():
        text = file.read_text(encoding="utf-8").strip()
    with running_region() as region:
        made = region.post(f"/v1/sessions/{_session(region, session, partnership)}/minutes", {"text": text})
    done(made, "drafted", as_json=as_json)


@commands.command("accept-minutes")
def accept_minutes(
    session: Which,
    member: Annotated[str, typer.Option(help="Who was there and accepts them: by name or id, or how it begins.")],
    partnership: Among = None,
    as_json: Json = False,
) -> None:
    """Record that somebody who was there accepts the minutes as they are now; with one of each side they are agreed."""
    with running_region() as region:
        found = region.get(f"/v1/sessions/{_session(region, session, partnership)}")
        if (minutes := found["minutes_taken"]) is None:
            fail("there are no minutes yet: session draft-minutes")
        who = one_of("member", member, lambda: known_as(region, found["partnership"], member))
        accepted = {"minutes_version": minutes["version"], "member": who}
        made = region.post(f"/v1/sessions/{found['id']}/minutes/acceptances", accepted)
    done(made, "accepted", as_json=as_json)


@commands.command("calendar")
def calendar(
    session: Which,
    file: Annotated[Path | None, typer.Argument(help="Where to write it; stdout, if not given.", dir_okay=False)] = None,
    partnership: Among = None,
) -> None:
    """A session as an entry for calendars (iCalendar)."""
    with running_region() as region:
        entry = region.get(f"/v1/sessions/{_session(region, session, partnership)}/calendar")["calendar"]
    if file is None:
        typer.echo(entry, nl=False)
    else:
        with troubles():
            file.write_text(entry, encoding="utf-8", newline="")
        err.print(f"written to {file}", soft_wrap=True, highlight=False)


@commands.command("plan")
def plan(
    *,
    partnership: Partnership,
    kind: Annotated[SessionKind, typer.Option()],
    mode: Annotated[SessionMode, typer.Option()],
    starts: Annotated[str, typer.Option(help="By the clock of the region, such as 2026-03-19T14:00.")],
    minutes: Annotated[int | None, typer.Option(min=1, help="How long it is to last.")] = None,
    ask_place: Annotated[bool, typer.Option("--ask-place", help="Ask for the place, so that the shell does not remember it.")] = False,
    invite_all: Annotated[bool, typer.Option("--invite-all", help="Invite everybody who is a member then and not on leave.")] = False,
    as_json: Json = False,
) -> None:
    """Plan a session; it is published apart."""
    place = typer.prompt("Place", err=True) if ask_place else None
    with running_region() as region:
        whose, when = partnership_id(region, partnership), moment(starts)
        invited = _members(region, whose, when) if invite_all else []
        asked = {"partnership": whose, "kind": kind, "mode": mode, "starts": when, "minutes": minutes, "place": place}
        made = region.post("/v1/sessions", {name: value for name, value in asked.items() if value is not None})
        if invited:
            # If we die here the session is planned and nobody is invited: `session show` says so.
            made = region.post(f"/v1/sessions/{made['id']}/invitations", {"members": invited})
    done(made, "planned", as_json=as_json)


@commands.command("move")
def move(
    session: Which,
    *,
    partnership: Among = None,
    starts: Annotated[str | None, typer.Option(help="By the clock of the region, such as 2026-03-26T14:00.")] = None,
    mode: Annotated[SessionMode | None, typer.Option()] = None,
    minutes: Annotated[int | None, typer.Option(min=1, help="How long it is to last.")] = None,
    ask_place: Annotated[bool, typer.Option("--ask-place", help="Ask for the place, so that the shell does not remember it.")] = False,
    as_json: Json = False,
) -> None:
    """Move a session that has not begun; what is not given stays. Who was invited stays invited, and answers anew for a new time."""
    place = typer.prompt("Place", err=True) if ask_place else None
    asked = {"starts": moment(starts), "mode": mode, "minutes": minutes, "place": place}
    with running_region() as region:
        body = {name: value for name, value in asked.items() if value is not None}
        made = region.post(f"/v1/sessions/{_session(region, session, partnership)}/move", body)
    done(made, "moved", as_json=as_json)


@commands.command("publish")
def publish(session: Which, partnership: Among = None, as_json: Json = False) -> None:
    """Publish a planned session: from now on people may rely on it."""
    with running_region() as region:
        made = region.post(f"/v1/sessions/{_session(region, session, partnership)}/publish", {})
    done(made, "published", as_json=as_json)


@commands.command("cancel")
def cancel(
    session: Which,
    reason: Annotated[CancellationReason, typer.Option(help="Why it does not take place.")],
    partnership: Among = None,
    as_json: Json = False,
) -> None:
    """Cancel a session that is still to be held."""
    with running_region() as region:
        made = region.post(f"/v1/sessions/{_session(region, session, partnership)}/cancel", {"reason": reason})
    done(made, "cancelled", as_json=as_json)


def _members(region: Region, partnership: str, when: str | None) -> list[str]:
    """Who is a member then and not on leave."""
    there = region.get(f"/v1/partnerships/{partnership}/standing", on=when)["members"]
    return [one["member"] for one in there if one["status"] == MembershipStatus.joined] or fail("nobody is a member then")


def _sessions(region: Region, partnership: str) -> list[Any]:
    return list(region.every(f"/v1/partnerships/{partnership_id(region, partnership)}/sessions"))


def _session(region: Region, wanted: str, partnership: str | None) -> str:
    """The id itself; within a partnership also the one session on a day of the region, or the one whose id begins so."""

    def ids() -> list[str]:
        if partnership is None:
            fail("give the whole id, which --json shows, or say --partnership")
        every = _sessions(region, partnership)
        return [one["id"] for one in every if clock(one["starts"]).startswith(wanted)] or [
            one["id"] for one in every if one["id"].startswith(wanted)
        ]

    return one_of("session", wanted, ids)


def _minutes(taken: dict[str, Any] | None) -> str:
    if taken is None:
        return "no minutes yet"
    if taken["agreed"]:
        return f"minutes agreed {clock(taken['agreed'])}"
    return f"minutes drafted, version {taken['version']}; {sum(one['accepted'] for one in taken['people'])} accept them"


def _item(one: dict[str, Any]) -> tuple[str, ...]:
    discussed = "yes" if one["discussed"] or one["closed"] else ""
    return _title(one), words(one["origin"]), str(one["minutes"] or ""), discussed, _YES_OR_NO[one["quorate"]]


def _decision(one: dict[str, Any]) -> tuple[str, ...]:
    carried, raised = _YES_OR_NO[one["carried_on_both_sides"]], (f"{words(side)}: {words(state)}" for side, state in one["objections"])
    declined = ", ".join(f"{count} {words(side)}" for side, count in one["declined_by_side"])
    return _title(one), words(one["method"]), words(one["outcome"]), carried, ", ".join(raised), declined


def _action(one: dict[str, Any]) -> tuple[str, ...]:
    return _title(one), words(one["owner_side"]), one["due"], words(one["state"]), one["id"]


def _title(one: dict[str, Any]) -> str:
    return one["title"] or "(not shown)"
