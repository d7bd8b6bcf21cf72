"""What is counted of objections, of quorums, and of decisions that were carried out or not."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.model import Fact
from contracts.sessions import ActionAgreed, ActionCancelled, ObjectionIntegrated, ObjectionRaised, ObjectionRuled, ObjectionWithdrawn
from contracts.vocabulary import DecisionOutcome, DecisionRecord, ObjectionState, Perspective, Side
from services.reporting.domain.history import History
from services.reporting.domain.indicators import traces
from tests.given import fact, sealed
from tests.pure.test_indicators import IRELAND, LE, PROVIDER, YEAR, Meeting, action, measured, on, told

FOR, NOBODY = (5, 0, 0), (0, 0, 0)
LE_SIDE, PROVIDERS = Side.lived_experience, Side.provider


def objected(meeting: Meeting, decision: UUID, perspective: Perspective, state: ObjectionState) -> list[Fact]:
    objection = uuid4()
    version: dict[str, Any] = {"proposal_version": 1}
    about: dict[str, Any] = {"decision": decision, "member": uuid4(), "perspective": perspective, "words": sealed()}
    facts = [fact(ObjectionRaised, stream=meeting.stream, objection=objection, **about, **version)]
    match state:
        case ObjectionState.integrated:
            facts.append(fact(ObjectionIntegrated, stream=meeting.stream, objection=objection, **version))
        case ObjectionState.withdrawn_by_objector:
            facts.append(fact(ObjectionWithdrawn, stream=meeting.stream, objection=objection))
        case ObjectionState.standing | ObjectionState.ruled_preference:
            facts.append(fact(ObjectionRuled, stream=meeting.stream, objection=objection, state=state, ruled_by=(uuid4(), uuid4())))
    return facts


# CP-07: objections

RESOLVED = (ObjectionState.integrated, ObjectionState.withdrawn_by_objector)


@pytest.mark.parametrize("state", ObjectionState)
def test_an_objection_is_resolved_by_integrating_it_or_by_whoever_raised_it(state: ObjectionState) -> None:
    """Whether the decision is told in summary or was reached by proposals; objections of the provider side are not asked after."""
    resolved = (int(state in RESOLVED), 1)
    summary = Meeting().decided(DecisionOutcome.adopted, FOR, FOR, objections=((LE_SIDE, state), (PROVIDERS, state)))
    assert told(summary.facts(), "CP-07", "2025Q1")[:2] == resolved
    meeting, decision = Meeting(), uuid4()
    for perspective in (LE, PROVIDER):
        meeting.after += objected(meeting, decision, perspective, state)
    raised = ((LE_SIDE, state), (PROVIDERS, state))
    meeting.decided(DecisionOutcome.adopted, FOR, FOR, decision=decision, rests_on=DecisionRecord.positions, objections=raised)
    assert told(meeting.facts(), "CP-07", "2025Q1")[:2] == resolved


def test_an_objection_to_a_proposal_that_is_still_open_is_not_asked_after() -> None:
    meeting = Meeting()
    meeting.after += objected(meeting, uuid4(), LE, ObjectionState.integrated)
    meeting.decided(DecisionOutcome.adopted, FOR, FOR, rests_on=DecisionRecord.positions)
    assert told(meeting.facts(), "CP-07", "2025Q1") == (0, 0, None)


def test_objections_are_counted_for_the_period_of_the_session_and_few_are_marked() -> None:
    meeting = Meeting(date(2025, 9, 10)).decided(DecisionOutcome.adopted, FOR, FOR, objections=((LE_SIDE, ObjectionState.integrated),) * 2)
    figure = measured(meeting.facts())["CP-07", "2025Q3"]
    assert (figure.n, figure.d, figure.value, figure.low_base) == (2, 2, 100.0, True)
    assert told(meeting.facts(), "CP-07", "2025Q2") == (0, 0, None)


def test_an_objection_that_was_raised_is_traced_to_the_fact_that_raised_it_and_what_became_of_it() -> None:
    meeting, decision = Meeting(), uuid4()
    meeting.after = objected(meeting, decision, LE, ObjectionState.integrated)
    facts = meeting.decided(DecisionOutcome.adopted, FOR, FOR, decision=decision, rests_on=DecisionRecord.positions).facts()
    [n] = [one for one in traces(History().after(facts), YEAR, IRELAND) if (one.code, one.number) == ("CP-07", "n")]
    assert [facts[place - 1].type for place in n.facts] == [ObjectionRaised.type]
    assert [facts[place - 1].type for place in n.rests_on] == [ObjectionIntegrated.type, "sessions.DecisionClosed.v1"]


# CP-08: quorum


def test_decisions_closed_without_a_quorum_are_a_finding_whatever_became_of_them() -> None:
    meeting = Meeting().decided(DecisionOutcome.adopted, FOR, FOR, quorate=True)
    meeting.decided(DecisionOutcome.lapsed_no_quorum, NOBODY, NOBODY, quorate=False).decided(
        DecisionOutcome.adopted, FOR, FOR, quorate=False
    )
    assert told(meeting.facts(), "CP-08", "2025Q1") == (1, 3, 33.3)


def test_where_no_rule_says_what_a_quorum_is_that_is_told_apart() -> None:
    meeting = Meeting().decided(DecisionOutcome.adopted, FOR, FOR).decided(DecisionOutcome.adopted, FOR, FOR, quorate=True)
    figure = measured(meeting.facts())["CP-08", "2025Q1"]
    assert (figure.n, figure.d, figure.components) == (1, 1, {"not_known": 1})


# CP-11: carried out


def adopted(day: date, outcome: DecisionOutcome = DecisionOutcome.adopted) -> tuple[UUID, list[Fact]]:
    decision = uuid4()
    return decision, Meeting(day).decided(outcome, FOR, FOR, decision=decision).facts()


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2024, 7, 4), []),  # 180 days later it was still 2024
        (date(2024, 7, 5), ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025"]),  # on 1 January
        (date(2025, 4, 3), ["2025Q3", "2025Q4", "2025"]),  # on 30 September
        (date(2025, 4, 4), ["2025Q4", "2025"]),
        (date(2025, 7, 4), ["2025Q4", "2025"]),  # on 31 December
        (date(2025, 7, 5), []),
    ],
)
def test_each_decision_is_asked_after_in_the_one_year_in_which_its_180_days_end(day: date, asked: list[str]) -> None:
    decision, facts = adopted(day)
    facts += action(date(2025, 1, 31), on(day), decision=decision)
    facts = [one.model_copy(update={"happened": on(day)}) if isinstance(one, ActionAgreed) else one for one in facts]
    found = measured(facts)
    assert [period for (code, period), figure in found.items() if code == "CP-11" and figure.d] == asked


def test_a_decision_is_carried_out_when_all_its_actions_are_done_by_the_end_of_the_period() -> None:
    begun = date(2025, 3, 19)
    done, late, half, idle = (adopted(begun) for _ in range(4))
    not_adopted = adopted(begun, DecisionOutcome.not_adopted)
    facts = [one for _, told_ in (done, late, half, idle, not_adopted) for one in told_]
    facts += [*action(begun, on(date(2025, 9, 30)), decision=done[0]), *action(begun, on(begun), decision=done[0])]
    facts += [*action(begun, on(date(2025, 10, 1)), decision=late[0])]
    facts += [*action(begun, on(begun), decision=half[0]), *action(begun, decision=half[0])]
    facts += action(begun, on(begun), decision=not_adopted[0])
    assert told(facts, "CP-11", "2025Q3") == (1, 3, 33.3)
    assert told(facts, "CP-11", "2025Q4") == (2, 3, 66.7)


def test_actions_cancelled_or_not_yet_agreed_when_the_period_ends_are_left_out() -> None:
    begun, october = date(2025, 3, 19), on(date(2025, 10, 15))
    decision, facts = adopted(begun)
    agreed, *_ = action(begun, decision=decision)
    assert isinstance(agreed, ActionAgreed)
    cancelled = fact(ActionCancelled, happened=october, action=agreed.action, decision=uuid4())
    later = [one.model_copy(update={"happened": october}) for one in action(begun, decision=decision)]
    facts += [agreed, cancelled, *later]
    assert [told(facts, "CP-11", period)[:2] for period in ("2025Q3", "2025Q4")] == [(0, 1), (0, 1)]
    assert told([*facts[:-1]], "CP-11", "2025Q4")[:2] == (0, 0)
