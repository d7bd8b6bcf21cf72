"""Whatever people say, by whatever method: a decision says what a count made apart says, and ends one way only."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import RuleBroken
from contracts.model import Fact
from contracts.sessions import DecisionClosed, MemberPosition
from contracts.vocabulary import BindingForce, DecisionMethod, DecisionOutcome, InterestHandling, InterestType, Position
from services.sessions.domain import Session
from services.sessions.domain.methods import BY_ONE, CHOOSING, POSITIONS
from services.sessions.domain.quorum import TWO_SIDED
from tests.given import AOIFE, GRAINNE, LORCAN, STREAM, sealed, stamp
from tests.judging import Judge
from tests.pure.test_deciding import DECISION, HERE, ITEM, OBJECTION, SESSION, SIDES, planned

PEOPLE = (*HERE, GRAINNE)
DECIDED = {DecisionOutcome.adopted, DecisionOutcome.not_adopted}
QUOTAS = st.sampled_from([None, (3, 4), (3, 5), (1, 1)])
HANDLINGS = st.sampled_from([None, None, None, *InterestHandling])
RULINGS = st.sampled_from([None, None, "raised", "standing", "preference", "withdrawn"])


@pytest.mark.parametrize("method", DecisionMethod)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_decision_says_what_a_count_made_apart_says_and_ends_one_way_only(method: DecisionMethod, data: st.DataObject) -> None:
    session, facts = _put(data, method)
    # Few different words make unanimity, ties and exact shares as likely as anything else.
    heard = data.draw(
        st.lists(st.sampled_from([None, "declines", *sorted(POSITIONS[method] - {Position.objection})]), min_size=1, max_size=3)
    )
    for member in PEOPLE:
        _say(session, data, method, member, data.draw(st.sampled_from(heard)))
    if ruling := data.draw(RULINGS):
        _object(session, ruling)
        _say(session, data, method, AOIFE, data.draw(st.sampled_from(heard)))
    for member in PEOPLE:
        if handling := data.draw(HANDLINGS):
            interest = InterestType.nil if handling is InterestHandling.noted else InterestType.indirect
            session.handle_interest(stamp(), item=ITEM, member=member, interest=interest, handling=handling)
    facts += session.collect_events()
    ended = {outcome for outcome in DecisionOutcome if _ends(session, facts, outcome)}
    assert DecisionOutcome.deferred in ended
    assert method in BY_ONE or len(ended & DECIDED) < 2


def _put(data: st.DataObject, method: DecisionMethod) -> tuple[Session, list[Fact]]:
    """A proposal under an item that is decided so, and the facts that led to it."""
    session = Session.plan(STREAM, stamp(), **SESSION)
    facts: list[Fact] = list(session.collect_events())
    session.invite(stamp(), members=SIDES)
    session.raise_item(stamp(), item=ITEM, title=sealed(), origin=planned().agenda[ITEM].origin, raised_by=None, perspective=None)
    stated: dict[str, Any] = {
        "binding": BindingForce.advisory,
        "quota": data.draw(QUOTAS) if method is DecisionMethod.supermajority else None,
        "decided_by": LORCAN if method in BY_ONE else None,
    }
    session.set_method(stamp(), item=ITEM, method=method, **stated)
    session.open(stamp(), chaired_by=(AOIFE,), present=PEOPLE, quorum=TWO_SIDED)
    session.open_item(stamp(), item=ITEM)
    options = tuple(map(sealed, (6, 7, 8))) if method in CHOOSING else ()
    session.put_proposal(stamp(), decision=DECISION, item=ITEM, title=sealed(2), text=sealed(3), options=options)
    return session, facts


def _say(session: Session, data: st.DataObject, method: DecisionMethod, member: UUID, said: str | None) -> None:
    """Nothing, that they will not say, or where they stand."""
    if said == "declines":
        session.decline_positions(stamp(), decision=DECISION, members=[member])
    elif said is not None:
        ranking = st.permutations([1, 2, 3]).flatmap(lambda order: st.integers(1, 3).map(lambda most: tuple(order[:most])))
        dots = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)
        how = ranking if method is DecisionMethod.ranked_choice else dots
        taken = MemberPosition(member=member, position=Position(said), choices=data.draw(how) if said == Position.chosen else ())
        session.take_positions(stamp(), decision=DECISION, positions=[taken])


def _object(session: Session, becomes: str) -> None:
    session.raise_objection(stamp(), objection=OBJECTION, decision=DECISION, member=AOIFE, words=sealed(4))
    if becomes != "raised":
        session.discuss_objection(stamp(), objection=OBJECTION)
    if becomes == "withdrawn":
        session.withdraw_objection(stamp(), objection=OBJECTION, member=AOIFE)
    elif becomes != "raised":
        session.rule_on_objection(stamp(), objection=OBJECTION, stands=becomes == "standing", ruled_by=(HERE[1], LORCAN))


def _ends(session: Session, facts: Sequence[Fact], outcome: DecisionOutcome) -> bool:
    """Whether it may end so; if it may, what it then says is judged."""
    attempt, judge = deepcopy(session), Judge()
    try:
        attempt.close_proposal(stamp(), decision=DECISION, outcome=outcome)
    except RuleBroken:
        return False
    for fact in (*facts, *attempt.collect_events()):
        judge.see(fact)
    return isinstance(attempt.decisions[DECISION], DecisionClosed)
