"""Secret ballots: who could take part is known of each, what was said of nobody, and nothing before the end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.sessions import BallotCast, BallotClosed, BallotDeclined, BallotHandedOut, BallotsDestroyed, DecisionClosed, MemberPosition
from contracts.vocabulary import (
    AgendaItemOrigin,
    BindingForce,
    CancellationReason,
    DecisionMethod,
    DecisionOutcome,
    InterestHandling,
    InterestType,
    Perspective,
    Position,
    SessionKind,
    SessionMode,
    Side,
)
from services.sessions.domain import Session
from services.sessions.domain.methods import BY_ONE, OPEN_ONLY, Voice
from services.sessions.domain.quorum import TWO_SIDED
from tests.given import NOW, PARTNERSHIP, STREAM, fact, refused, sealed, stamp, then

LIVED, PROVIDER = [UUID(int=number) for number in (1, 2, 3)], [UUID(int=number) for number in (4, 5, 6)]
PEER = UUID(int=7)
SIDES = {
    **dict.fromkeys(LIVED, Perspective.lived_experience_self),
    **dict.fromkeys(PROVIDER, Perspective.professional),
    PEER: Perspective.lived_experience_employed,
}
ITEM, DECISION = UUID(int=40), UUID(int=50)
P, Outcome = Position, DecisionOutcome


def prepared(method: DecisionMethod = DecisionMethod.majority, *, secret: bool = True) -> Session:
    session = Session.plan(STREAM, stamp(), partnership=PARTNERSHIP, kind=SessionKind.trialogue, mode=SessionMode.online, starts=NOW)
    session.invite(stamp(), members=SIDES)
    origin = AgendaItemOrigin.standing
    session.raise_item(stamp(), item=ITEM, title=sealed(), origin=origin, raised_by=None, perspective=None)
    stated: dict[str, Any] = {"binding": BindingForce.advisory, "quota": None, "decided_by": PEER if method in BY_ONE else None}
    session.set_method(stamp(), item=ITEM, method=method, secret=secret, **stated)
    session.open(stamp(), chaired_by=(LIVED[0],), present=tuple(SIDES), quorum=TWO_SIDED)
    session.open_item(stamp(), item=ITEM)
    session.put_proposal(stamp(), decision=DECISION, item=ITEM, title=sealed(2), text=sealed(3), options=())
    session.collect_events()
    return session


def hand_out(session: Session, *members: UUID, declined: tuple[UUID, ...] = ()) -> None:
    session.hand_out_ballots(stamp(), decision=DECISION, members=members, declined=declined)


def voting() -> Session:
    session = prepared()
    hand_out(session, *LIVED, *PROVIDER, PEER)
    session.collect_events()
    return session


def cast(session: Session, side: Side, position: Position = P.in_favour) -> Voice:
    voice = Voice(side, position)
    session.cast_ballot(stamp(), decision=DECISION, voice=voice, ballot=sealed(9))
    return voice


def voted(session: Session, lived: Position = P.in_favour, provider: Position = P.against) -> list[Voice]:
    ballots = [cast(session, Side.lived_experience, lived) for _ in LIVED]
    ballots += [cast(session, Side.provider, provider) for _ in PROVIDER]
    return [*ballots, cast(session, Side.employed)]


def close(session: Session, outcome: DecisionOutcome, ballots: list[Voice]) -> None:
    session.close_ballot(stamp(), decision=DECISION)
    session.close_proposal(stamp(), decision=DECISION, outcome=outcome, ballots=ballots)


def test_it_is_known_who_has_a_ballot_and_who_declined() -> None:
    session = prepared()
    for _ in range(2):
        hand_out(session, LIVED[0], declined=(PEER,))
    said: dict[str, Any] = {"decision": DECISION, "proposal_version": 1}
    then(
        session,
        fact(BallotHandedOut, member=LIVED[0], perspective=SIDES[LIVED[0]], **said),
        fact(BallotDeclined, member=PEER, **said),
    )
    with refused("ballot_taken_and_declined"):
        hand_out(session, PEER)
    with refused("ballot_taken_and_declined"):
        hand_out(session, declined=(LIVED[0],))
    with refused("not_taking_part"):
        hand_out(session, UUID(int=99))


def test_no_ballot_is_cast_before_all_are_handed_out_and_none_handed_out_after() -> None:
    session = prepared()
    hand_out(session, *LIVED, *PROVIDER)
    session.collect_events()
    with refused("ballots_not_handed_out"):
        cast(session, Side.provider)
    hand_out(session, declined=(PEER,))
    session.collect_events()
    cast(session, Side.provider)
    with refused("ballot_begun"):
        hand_out(session, *LIVED)
    then(session, fact(BallotCast, decision=DECISION, proposal_version=1, side=Side.provider, ballot=sealed(9)))


def test_where_so_few_of_a_side_vote_that_all_would_know_there_is_no_ballot() -> None:
    session = prepared()
    hand_out(session, *LIVED, *PROVIDER[:2], PEER, declined=(PROVIDER[2],))
    with refused("secrecy_not_possible"):
        cast(session, Side.lived_experience)
    session = voting()
    ballots = [cast(session, Side.lived_experience) for _ in LIVED]
    with refused("secrecy_not_possible"):
        close(session, Outcome.adopted, ballots)


def test_a_side_casts_no_more_ballots_than_it_has_members_with_one() -> None:
    session = voting()
    cast(session, Side.employed)
    with refused("more_ballots_than_handed_out"):
        cast(session, Side.employed)
    with refused("more_ballots_than_handed_out"):
        cast(session, Side.other)
    interest, handling = InterestType.indirect, InterestHandling.leaves_for_item
    session.handle_interest(stamp(), item=ITEM, member=PROVIDER[0], interest=interest, handling=handling)
    for _ in PROVIDER[1:]:
        cast(session, Side.provider)
    with refused("more_ballots_than_handed_out"):
        cast(session, Side.provider)


def test_a_ballot_says_what_its_method_knows() -> None:
    session = voting()
    with refused("position_not_of_method"):
        cast(session, Side.provider, P.consent)
    then(session)


def test_what_was_said_is_told_by_side_and_of_the_few_of_no_side() -> None:
    session = voting()
    ballots = voted(session)
    session.collect_events()
    with refused("carried_all_the_same"):
        close(session, Outcome.not_adopted, ballots)
    close(session, Outcome.adopted, ballots)
    closed = session.collect_events()[-1]
    assert isinstance(closed, DecisionClosed)
    assert (closed.lived_experience, closed.provider, closed.employed) == ((3, 0, 0), (0, 3, 0), (0, 0, 0))
    assert (closed.secret, closed.withheld, closed.carried_on_both_sides) == (True, 1, False)


def test_what_is_put_off_is_not_counted() -> None:
    session = voting()
    ballots = voted(session)
    close(session, Outcome.deferred, ballots)
    decision = session.decisions[DECISION]
    assert (decision.lived_experience, decision.provider, decision.withheld) == ((0, 0, 0), (0, 0, 0), 0)


def test_nothing_is_counted_before_the_box_is_closed_so_no_refusal_tells_how_it_stands() -> None:
    session = voting()
    ballots = voted(session)
    for outcome in (Outcome.adopted, Outcome.not_adopted):
        with refused("ballot_open"):
            session.close_proposal(stamp(), decision=DECISION, outcome=outcome, ballots=ballots)
    assert session.ballots_for(DECISION) == []
    session.collect_events()
    for _ in range(2):
        session.close_ballot(stamp(), decision=DECISION)
    then(session, fact(BallotClosed, decision=DECISION, proposal_version=1, ballots=7))
    assert len(session.ballots_for(DECISION)) == 7
    with refused("ballot_closed"):
        cast(session, Side.provider)
    with refused("ballot_closed"):
        hand_out(session, *LIVED)


def test_all_ballots_of_a_box_bear_the_time_at_which_they_were_handed_out() -> None:
    session, later = voting(), replace(stamp(NOW + timedelta(minutes=9)), recorded=NOW + timedelta(minutes=10))
    for position in (P.in_favour, P.against):
        session.cast_ballot(later, decision=DECISION, voice=Voice(Side.provider, position), ballot=sealed(9))
    assert {(one.happened, one.recorded) for one in session.collect_events()} == {(NOW, NOW)}


def test_a_ballot_that_may_be_of_somebody_who_is_out_now_spoils_the_vote() -> None:
    session = voting()
    ballots = voted(session)
    interest: dict[str, Any] = {"interest": InterestType.indirect, "item": ITEM}
    session.handle_interest(stamp(), member=PROVIDER[0], handling=InterestHandling.noted, **interest)
    assert not session.proposals[DECISION].ballot_spoilt
    session.handle_interest(stamp(), member=PROVIDER[0], handling=InterestHandling.leaves_for_item, **interest)
    with refused("ballot_spoilt"):
        close(session, Outcome.adopted, ballots)
    session.amend_proposal(stamp(), decision=DECISION, text=sealed(5), integrates=())
    assert not session.proposals[DECISION].ballot_spoilt


def test_whoever_abstains_because_of_an_interest_has_no_ballot() -> None:
    session = prepared()
    session.handle_interest(stamp(), item=ITEM, member=PEER, interest=InterestType.indirect, handling=InterestHandling.abstains)
    with refused("interest_abstains"):
        hand_out(session, *LIVED, *PROVIDER, PEER)
    hand_out(session, *LIVED, *PROVIDER)
    cast(session, Side.provider)
    with refused("more_ballots_than_handed_out"):
        cast(session, Side.employed)


def test_the_ballot_of_somebody_who_abstains_since_may_be_in_the_box_and_spoils_the_vote() -> None:
    session = voting()
    ballots = voted(session)
    session.handle_interest(stamp(), item=ITEM, member=PEER, interest=InterestType.indirect, handling=InterestHandling.abstains)
    with refused("ballot_spoilt"):
        close(session, Outcome.adopted, ballots)


def test_ballots_are_destroyed_once_it_is_over_and_that_is_said_once() -> None:
    session = voting()
    ballots = voted(session)
    session.say_ballots_destroyed(stamp(), decision=DECISION)
    assert session.ballots_over(DECISION) == []
    close(session, Outcome.adopted, ballots)
    over = session.ballots_over(DECISION)
    assert len(over) == len(ballots)
    session.collect_events()
    for _ in range(2):
        session.say_ballots_destroyed(stamp(), decision=DECISION)
    subjects = tuple(part.subject for part in over)
    then(session, fact(BallotsDestroyed, decision=DECISION, ballots=len(ballots), subjects=subjects))


def test_ballots_of_a_session_that_was_cancelled_are_destroyed_too() -> None:
    session = voting()
    voted(session)
    session.cancel(stamp(), reason=CancellationReason.weather)
    assert len(session.ballots_over(DECISION)) == 7


def test_a_new_version_begins_with_an_empty_box() -> None:
    session = voting()
    voted(session)
    session.amend_proposal(stamp(), decision=DECISION, text=sealed(5), integrates=())
    with refused("ballots_not_handed_out"):
        cast(session, Side.provider)
    assert session.ballots_for(DECISION) == []


def test_where_ballots_are_secret_nobody_says_where_they_stand_and_elsewhere_there_are_none() -> None:
    session = prepared()
    with refused("ballot_is_secret"):
        session.take_positions(stamp(), decision=DECISION, positions=[MemberPosition(member=PEER, position=P.against)])
    with refused("ballot_is_secret"):
        session.decline_positions(stamp(), decision=DECISION, members=[PEER])
    session = prepared(secret=False)
    with refused("ballot_not_secret"):
        hand_out(session, PEER)
    with refused("ballot_not_secret"):
        cast(session, Side.employed)
    with refused("ballot_not_secret"):
        session.close_ballot(stamp(), decision=DECISION)
    then(session)


@pytest.mark.parametrize("method", sorted(OPEN_ONLY))
def test_where_people_are_to_hear_one_another_there_is_no_secret_ballot(method: DecisionMethod) -> None:
    with refused("secret_not_of_method"):
        prepared(method)
