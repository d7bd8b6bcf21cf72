from datetime import timedelta
from typing import Any

import pytest

from contracts.feedback import (
    ChangeDeclined,
    ChangeMade,
    ChangePlanned,
    FeedbackEscalated,
    FeedbackReceived,
    FeedbackResponded,
    FeedbackThemed,
    OutcomeTold,
)
from contracts.model import Fact
from contracts.vocabulary import (
    AnonymityMode,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    FeedbackOutcome,
    FeedbackState,
    FeedbackTheme,
)
from services.feedback.domain import FeedbackItem
from tests.given import NOW, PARTNERSHIP, STREAM, fact, given, refused, sealed, stamp, then

WHAT: dict[str, Any] = {
    "session": None,
    "kind": FeedbackKind.concern,
    "relation": FeedbackAuthorRelation.carer,
    "anonymity": AnonymityMode.detached,
    "channel": FeedbackChannel.paper,
    "rating": 2,
    "text": sealed(),
}
RECEIVED = fact(FeedbackReceived, **WHAT)
THEMED = fact(FeedbackThemed, theme=FeedbackTheme.access, sub_theme="transport")
RESPONDED = fact(FeedbackResponded, text=sealed(2))
MADE = fact(ChangeMade)
PLANNED = fact(ChangePlanned)
DECLINED = fact(ChangeDeclined, outcome=FeedbackOutcome.cannot_change)
NOT_NEEDED = fact(ChangeDeclined, outcome=FeedbackOutcome.no_change_needed)
ESCALATED = fact(FeedbackEscalated)
TOLD = fact(OutcomeTold)
OUTCOMES = {
    FeedbackOutcome.change_planned: PLANNED,
    FeedbackOutcome.change_made: MADE,
    FeedbackOutcome.cannot_change: DECLINED,
    FeedbackOutcome.no_change_needed: NOT_NEEDED,
    FeedbackOutcome.escalated: ESCALATED,
}

each_outcome = pytest.mark.parametrize(("outcome", "recorded"), OUTCOMES.items(), ids=str)


def test_somebody_says_something() -> None:
    item = FeedbackItem.receive(STREAM, stamp(), partnership=PARTNERSHIP, **WHAT)
    then(item, RECEIVED)
    assert (item.state, item.told) == (FeedbackState.received, False)


def test_an_item_gets_a_theme_and_the_later_one_holds() -> None:
    item = given(FeedbackItem, RECEIVED, fact(FeedbackThemed, theme=FeedbackTheme.privacy, sub_theme=None))
    item.say_theme(stamp(), theme=FeedbackTheme.access, sub_theme="transport")
    then(item, THEMED)
    assert (item.theme, item.sub_theme) == (FeedbackTheme.access, "transport")


def test_a_theme_said_twice_is_said_once() -> None:
    item = given(FeedbackItem, RECEIVED, THEMED)
    item.say_theme(stamp(), theme=FeedbackTheme.access, sub_theme="transport")
    then(item)


def test_an_answer_makes_an_item_answered() -> None:
    item = given(FeedbackItem, RECEIVED)
    item.respond(stamp(), text=sealed(2))
    then(item, RESPONDED)
    assert item.state is FeedbackState.responded


def test_a_further_answer_is_kept_and_does_not_undo_the_outcome() -> None:
    item = given(FeedbackItem, RECEIVED, RESPONDED, PLANNED)
    item.respond(stamp(), text=sealed(3))
    assert (item.state, item.responses) == (FeedbackState.change_planned, [sealed(2), sealed(3)])


def test_an_answer_does_not_come_before_what_it_answers() -> None:
    item = given(FeedbackItem, RECEIVED)
    with refused("answered_before_received"):
        item.respond(stamp(NOW - timedelta(seconds=1)), text=sealed(2))
    then(item)


@each_outcome
def test_each_outcome_is_a_fact_of_its_own(outcome: FeedbackOutcome, recorded: Fact) -> None:
    item = given(FeedbackItem, RECEIVED)
    item.record_outcome(stamp(), outcome=outcome)
    then(item, recorded)
    assert item.state.value == outcome.value


@each_outcome
def test_an_outcome_said_twice_is_said_once(outcome: FeedbackOutcome, recorded: Fact) -> None:
    item = given(FeedbackItem, RECEIVED, recorded)
    item.record_outcome(stamp(), outcome=outcome)
    then(item)


def test_a_planned_change_becomes_a_change_made() -> None:
    item = given(FeedbackItem, RECEIVED, PLANNED)
    item.record_outcome(stamp(), outcome=FeedbackOutcome.change_made)
    then(item, MADE)


@pytest.mark.parametrize("settled", [MADE, DECLINED, NOT_NEEDED], ids=["made", "cannot", "not_needed"])
def test_what_is_settled_is_told_and_told_once(settled: Fact) -> None:
    item = given(FeedbackItem, RECEIVED, settled)
    item.tell_outcome(stamp())
    item.tell_outcome(stamp())
    then(item, TOLD)


@pytest.mark.parametrize("past", [(), (RESPONDED,), (PLANNED,), (ESCALATED,)], ids=["received", "answered", "planned", "escalated"])
def test_without_an_outcome_there_is_nothing_to_tell(past: tuple[Fact, ...]) -> None:
    item = given(FeedbackItem, RECEIVED, *past)
    with refused("nothing_to_tell"):
        item.tell_outcome(stamp())
    then(item)


def test_an_outcome_that_was_told_does_not_become_another() -> None:
    item = given(FeedbackItem, RECEIVED, MADE, TOLD)
    with refused("outcome_already_told"):
        item.record_outcome(stamp(), outcome=FeedbackOutcome.cannot_change)
    then(item)


def test_a_complaint_is_handled_apart() -> None:
    item = given(FeedbackItem, RECEIVED, ESCALATED)
    with refused("handled_as_complaint"):
        item.respond(stamp(), text=sealed(2))
    with refused("handled_as_complaint"):
        item.record_outcome(stamp(), outcome=FeedbackOutcome.change_made)
    then(item)
