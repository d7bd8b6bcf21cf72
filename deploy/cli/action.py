"""Actions, as whoever sees to it that decisions are carried out asks for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.vocabulary import BlockingReason, EvidenceKind, OwnerSide
from deploy.cli.terminal import Json, Partnership, done, fail, partnership_id, print_json, running_region, show, words

if TYPE_CHECKING:
    from deploy.client import Region

commands = typer.Typer(no_args_is_help=True, help="Actions: which are open or overdue; start, move and complete them.")

Which = Annotated[str, typer.Argument(metavar="ACTION", help="Its id, or how it begins; `action list` has them.")]


@commands.command("list")
def list_actions(
    partnership: Partnership,
    *,
    open_: Annotated[bool, typer.Option("--open", help="Only those that somebody is still to do.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only open ones after the day they were first promised for.")] = False,
    side: Annotated[OwnerSide | None, typer.Option(help="Only those that this side carries.")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Overdue on this day; today, if not given.")] = None,
    as_json: Json = False,
) -> None:
    """The actions of a partnership, by the day they were first promised for; that titles were looked at is recorded."""
    # Only what is wanted is named: a parameter that is there and false is still asked for.
    wanted = {"open": "true" if open_ else None, "overdue": "true" if overdue else None, "on": on and on.date()}
    with running_region() as region:
        found = list(region.every("/v1/actions", partnership=partnership_id(region, partnership), side=side, **wanted))
    if as_json:
        print_json(found)
        return
    show("Actions", ("Action", "Owner", "Promised for", "Due", "Stands", "Overdue", "Id"), (_row(one) for one in found))


@commands.command("start")
def start(action: Which, partnership: Partnership, as_json: Json = False) -> None:
    """Say that somebody is at it, also after it was blocked."""
    _change(action, partnership, "start", {}, "started", as_json=as_json)


@commands.command("block")
def block(
    action: Which,
    partnership: Partnership,
    reason: Annotated[BlockingReason, typer.Option(help="What is in the way.")],
    as_json: Json = False,
) -> None:
    """Say that it cannot go on now."""
    _change(action, partnership, "block", {"reason": reason}, "blocked", as_json=as_json)


@commands.command("move")
def move(
    action: Which,
    partnership: Partnership,
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The new day; the one first promised is kept, and judged by.")],
    as_json: Json = False,
) -> None:
    """Move the day by which it is to be done."""
    _change(action, partnership, "due-date", {"due": str(due.date())}, "moved", as_json=as_json)


@commands.command("complete")
def complete(
    action: Which,
    partnership: Partnership,
    evidence: Annotated[EvidenceKind | None, typer.Option(help="What shows it; words about it are given over the API.")] = None,
    as_json: Json = False,
) -> None:
    """Record that it is done."""
    _change(action, partnership, "complete", {"evidence": evidence} if evidence else {}, "completed", as_json=as_json)


def _change(action: str, partnership: str, what: str, body: dict[str, Any], said: str, *, as_json: bool) -> None:
    with running_region() as region:
        place = _place(region, action, partnership)
        receipt = region.post(f"{place}/{what}", body)
    done(receipt, said, as_json=as_json, thing=place.rpartition("/")[2])


def _place(region: Region, action: str, partnership: str) -> str:
    """The address of an action: it is found in the session that agreed it."""
    every = region.every("/v1/actions", partnership=partnership_id(region, partnership))
    found = [f"/v1/sessions/{one['session']}/actions/{one['id']}" for one in every if one["id"].startswith(action)]
    if len(found) != 1:
        fail("several actions are known by that: give the whole id" if found else "no action is known by that")
    return found[0]


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    overdue = "yes" if one["overdue"] else ""
    return one["title"] or "(not shown)", words(one["owner_side"]), one["original_due"], one["due"], words(one["stage"]), overdue, one["id"]
