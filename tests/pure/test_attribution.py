"""Whoever withdraws attribution is named with nothing they contributed; what an office or a rule answers for keeps its id.

The pages and commands show what these answers say, so the id of a member is looked for in the answers themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts import partnerships, sessions
from contracts import vocabulary as v
from contracts.model import Command, Receipt
from tests.every_command import PRESENT, Story, verb
from tests.given import Region, context

CONTRIBUTED = {
    "agenda.raised_by",
    "proposals.positions.member",
    "proposals.declined",
    "proposals.objections.member",
    "minutes_taken.corrections.raised_by",
}
ANSWERED_FOR = {
    "invited",
    "answers.member",
    "present",
    "attendance.member",
    "proposals.handed_out",
    "minutes_taken.accepted_by",
    "minutes_taken.people.member",
    "actions.owner",
    "items.owner",
}
"""By these it is judged whether a rule was kept: who was asked and there, had a ballot, owns an action; in minutes, with their consent."""


def test_a_name_is_taken_from_contributions_everywhere_and_from_nothing_else(tmp_path: Path) -> None:
    region = Region(tmp_path)
    story = Story(_speaking(region))
    next(kind for kind in story.tell() if kind is partnerships.PausePartnership)
    people = {story.cast[name] for name in PRESENT}
    for member in people:
        story.say(partnerships.GrantConsent, member=member, purpose=v.ConsentPurpose.naming_in_minutes, text="text-1")
    assert named(told(region, story), people) == CONTRIBUTED | ANSWERED_FOR
    for member in people - {story.cast["aoife"]}:
        story.say(partnerships.RefuseConsent, member=member, purpose=v.ConsentPurpose.attribution_of_contributions, text="text-1")
    story.say(partnerships.WithdrawConsent, member=story.cast["aoife"], purpose=v.ConsentPurpose.attribution_of_contributions)
    answers = told(region, story)
    region.close()
    assert named(answers, people) == ANSWERED_FOR
    (consented,) = [one for one in answers[0]["proposals"] if one["unnamed_positions"]]
    assert (consented["unnamed_positions"], consented["unnamed_declined"], len(consented["objections"])) == (5, 1, 3)


def told(region: Region, story: Story) -> list[Any]:
    """What sessions answers of the session and its partnership."""
    asked: tuple[tuple[Callable[..., Any], Any], ...] = (
        (region.sessions.get_session, sessions.GetSession(session=story.ids["session"])),
        (region.sessions.list_actions, sessions.ListActions(partnership=story.ids["partnership"])),
    )
    return [question(query=query, context=context()).model_dump(mode="json") for question, query in asked]


def named(answers: list[Any], people: set[UUID]) -> set[str]:
    """Under which fields the id of one of them stands."""

    def within(value: Any, path: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield from within(part, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for part in value:
                yield from within(part, path)
        elif value in {str(one) for one in people}:
            yield path

    return {found for answer in answers for found in within(answer, "")}


def _speaking(region: Region) -> Callable[[Command], Receipt]:
    def say(command: Command) -> Receipt:
        service, method = verb(type(command))
        actor = (
            "token:finance" if isinstance(command, partnerships.ApprovePayment | partnerships.RecordPaymentMade) else "token:coordinator"
        )
        by = context().model_copy(update={"actor": actor})
        receipt: Receipt = getattr(getattr(region, service), method)(command=command, context=by)
        region.spread()
        return receipt

    return say
