"""Feedback, as whoever answers it goes through it: what waits, what was said, what came of it, and that the person was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.vocabulary import FeedbackOutcome, FeedbackState
from deploy.cli.terminal import Json, Partnership, day, done, one_of, partnership_id, print_json, running_region, show, tell, words

if TYPE_CHECKING:
    from deploy.client import Region

commands = typer.Typer(no_args_is_help=True, help="Feedback: what waits, what was said; answer it, and close the loop.")

Which = Annotated[str, typer.Argument(metavar="FEEDBACK", help="Its id, or how it begins; `feedback list` has them.")]


@commands.command("list")
def list_feedback(
    partnership: Partnership,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what is not escalated and of whose end nobody was told.")] = False,
    as_json: Json = False,
) -> None:
    """What was said to a partnership, without its words, the oldest first."""
    with running_region() as region:
        found = [one for one in _all(region, partnership) if not waiting or _waits(one)]
    if as_json:
        print_json(found)
        return
    rows = (
        (day(o["received"]), words(o["kind"]), words(o["theme"]), words(o["state"]), "yes" if o["told"] else "", o["id"]) for o in found
    )
    show("Feedback", ("Received", "Kind", "Theme", "Stands", "Told", "Id"), rows)


@commands.command("show")
def show_feedback(feedback: Which, partnership: Partnership, as_json: Json = False) -> None:
    """What somebody said, and what they were answered; that it was looked at is recorded."""
    with running_region() as region:
        found = region.get(_place(region, feedback, partnership))
    if as_json:
        print_json(found)
        return
    theme = f" about {words(found['theme'])}" if found["theme"] else ""
    tell(f"{words(found['kind'])}{theme}, received {day(found['received'])}: {words(found['state'])}{', told' if found['told'] else ''}")
    tell(found["text"] or ("(forgotten)" if found["forgotten"] else "(not shown)"))
    for answer in found["responses"]:
        tell(f"answered: {answer or '(not shown)'}")


@commands.command("answer")
def answer_feedback(feedback: Which, partnership: Partnership, as_json: Json = False) -> None:
    """Answer it; the words are asked for, so that the shell does not remember them."""
    text = typer.prompt("Answer", err=True)
    _change(feedback, partnership, "responses", {"text": text}, "answered", as_json=as_json)


@commands.command("outcome")
def record_outcome(
    feedback: Which,
    partnership: Partnership,
    outcome: Annotated[FeedbackOutcome, typer.Option(help="What came of it.")],
    as_json: Json = False,
) -> None:
    """Record what came of it."""
    _change(feedback, partnership, "outcome", {"outcome": outcome}, "recorded", as_json=as_json)


@commands.command("told")
def told(feedback: Which, partnership: Partnership, as_json: Json = False) -> None:
    """Record that the person was told what was done, or why not: this closes the loop."""
    _change(feedback, partnership, "told", {}, "told", as_json=as_json)


def _change(feedback: str, partnership: str, what: str, body: dict[str, Any], said: str, *, as_json: bool) -> None:
    with running_region() as region:
        receipt = region.post(f"{_place(region, feedback, partnership)}/{what}", body)
    done(receipt, said, as_json=as_json)


def _place(region: Region, feedback: str, partnership: str) -> str:
    def ids() -> list[str]:
        return [one["id"] for one in _all(region, partnership) if one["id"].startswith(feedback)]

    return f"/v1/feedback/{one_of('feedback', feedback, ids)}"


def _all(region: Region, partnership: str) -> list[Any]:
    return list(region.every(f"/v1/partnerships/{partnership_id(region, partnership)}/feedback"))


def _waits(one: dict[str, Any]) -> bool:
    return not one["told"] and one["state"] != FeedbackState.escalated
