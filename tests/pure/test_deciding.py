"""A session that goes on: who is there, what is proposed, who objects, and what can be decided then."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.sessions import (
    AgendaItemClosed,
    AgendaItemOpened,
    Attendance,
    DecisionClosed,
    DecisionMethodSet,
    InterestHandledForItem,
    MemberArrived,
    MemberLeft,
    MemberPosition,
    ObjectionDiscussed,
    ObjectionIntegrated,
    ObjectionRaised,
    ObjectionRuled,
    ObjectionWithdrawn,
    PositionDeclined,
    PositionTaken,
    ProposalPut,
    QuorumEstablished,
    QuorumLost,
    SessionHeld,
    SessionOpened,
)
from contracts.vocabulary import (
    AgendaItemOrigin,
    AttendanceStatus,
    BindingForce,
    CancellationReason,
    DecisionMethod,
    DecisionOutcome,
    DecisionRecord,
    InterestHandling,
    InterestType,
    ObjectionState,
    Perspective,
    Position,
    SessionKind,
    SessionMode,
    Side,
)
from services.sessions.domain import Session
from services.sessions.domain.quorum import Quorum
from tests.given import AOIFE, BRID, GRAINNE, LORCAN, NOW, PARTNERSHIP, STREAM, fact, refused, sealed, stamp, then

KATE, UNKNOWN = (UUID(f"20000000-0000-4000-8000-{number:012}") for number in (8, 9))
ITEM, OTHER = (UUID(f"40000000-0000-4000-8000-{number:012}") for number in (1, 2))
DECISION, SECOND = (UUID(f"50000000-0000-4000-8000-{number:012}") for number in (1, 2))
OBJECTION, ANOTHER = (UUID(f"51000000-0000-4000-8000-{number:012}") for number in (1, 2))
SIDES = {
    AOIFE: Perspective.lived_experience_self,
    BRID: Perspective.lived_experience_family_carer,
    LORCAN: Perspective.leadership,
    KATE: Perspective.professional,
    GRAINNE: Perspective.lived_experience_employed,
}
HERE = (AOIFE, BRID, LORCAN, KATE)
M, Outcome, P = DecisionMethod, DecisionOutcome, Position
SESSION: dict[str, Any] = {"partnership": PARTNERSHIP, "kind": SessionKind.co_design_workshop, "mode": SessionMode.in_person, "starts": NOW}
WHOLE = {side.value: (0, 0, 0) for side in Side}


def planned() -> Session:
    session = Session.plan(STREAM, stamp(), **SESSION)
    session.invite(stamp(), members=SIDES)
    for item in (ITEM, OTHER):
        origin = AgendaItemOrigin.standing
        session.raise_item(stamp(), item=item, title=sealed(), origin=origin, raised_by=None, perspective=None)
    return _quiet(session)


def set_method(session: Session, method: DecisionMethod = M.consent, **changed: Any) -> None:
    usual: dict[str, Any] = {"item": ITEM, "binding": BindingForce.binding, "quota": None, "decided_by": None}
    session.set_method(stamp(), method=method, **{**usual, **changed})


def opened(quorum: Quorum = Quorum(2, 1, 1), method: DecisionMethod = M.consent, **changed: Any) -> Session:  # noqa: B008  frozen
    session = planned()
    set_method(session, method, **changed)
    session.open(stamp(), chaired_by=(AOIFE, LORCAN), present=HERE, quorum=quorum)
    return _quiet(session)


def discussing(method: DecisionMethod = M.consent, **changed: Any) -> Session:
    session = opened(method=method, **changed)
    session.open_item(stamp(), item=ITEM)
    return _quiet(session)


def put(session: Session, *options: int, decision: UUID = DECISION) -> None:
    parts = tuple(sealed(option) for option in options)
    session.put_proposal(stamp(), decision=decision, item=ITEM, title=sealed(2), text=sealed(3), options=parts)


def proposed(method: DecisionMethod = M.consent, *options: int, **changed: Any) -> Session:
    session = discussing(method, **changed)
    put(session, *options)
    return _quiet(session)


def take(session: Session, *positions: tuple[UUID, Position] | tuple[UUID, Position, tuple[int, ...]]) -> None:
    taken = [MemberPosition(member=one[0], position=one[1], choices=one[2] if len(one) == 3 else ()) for one in positions]
    session.take_positions(stamp(), decision=DECISION, positions=taken)


def everybody(session: Session, position: Position = P.consent) -> None:
    take(session, *((member, position) for member in HERE))


def close(session: Session, outcome: DecisionOutcome = Outcome.adopted) -> None:
    session.close_proposal(stamp(), decision=DECISION, outcome=outcome)


def objected(member: UUID = AOIFE, method: DecisionMethod = M.consent) -> Session:
    session = proposed(method)
    session.raise_objection(stamp(), objection=OBJECTION, decision=DECISION, member=member, words=sealed(4))
    return _quiet(session)


def discussed() -> Session:
    session = objected()
    session.discuss_objection(stamp(), objection=OBJECTION)
    return _quiet(session)


def amend(session: Session, *integrates: UUID) -> None:
    session.amend_proposal(stamp(), decision=DECISION, text=sealed(5), integrates=integrates)


def rule_on(session: Session, *, stands: bool, ruled_by: tuple[UUID, ...] = (BRID, LORCAN)) -> None:
    session.rule_on_objection(stamp(), objection=OBJECTION, stands=stands, ruled_by=ruled_by)


def recuse(session: Session, member: UUID, handling: InterestHandling = InterestHandling.leaves_for_item) -> None:
    session.handle_interest(stamp(), item=ITEM, member=member, interest=InterestType.indirect, handling=handling)


def hold(session: Session, *came: UUID) -> None:
    attendance = [Attendance(member=member, status=AttendanceStatus.attended) for member in came or HERE]
    session.hold(stamp(), chaired_by=(AOIFE,), attendance=attendance, contributions=(), discussed=())


def _quiet(session: Session) -> Session:
    session.collect_events()
    return session


def established(item: UUID | None, present: int, lived: int, provider: int) -> Any:
    return fact(QuorumEstablished, item=item, present=present, lived_experience=lived, provider=provider)


def lost(item: UUID | None, present: int, lived: int, provider: int) -> Any:
    return fact(QuorumLost, item=item, present=present, lived_experience=lived, provider=provider)


def closed(outcome: DecisionOutcome, **changed: Any) -> Any:
    usual: dict[str, Any] = {
        "decision": DECISION,
        "title": sealed(2),
        "method": M.consent,
        "rests_on": DecisionRecord.positions,
        "item": ITEM,
        "proposal_version": 1,
        "binding": BindingForce.binding,
        "carried_on_both_sides": True,
        "quorate": True,
        "secret": False,
        "withheld": 0,
        **WHOLE,
    }
    return fact(DecisionClosed, outcome=outcome, **{**usual, **changed})


# Who is there


def test_a_session_begins_with_those_who_are_there_and_has_its_quorum() -> None:
    session = planned()
    session.open(stamp(), chaired_by=(AOIFE, LORCAN, AOIFE), present=(AOIFE, LORCAN), quorum=Quorum(2, 1, 1))
    chairs: dict[str, Any] = {"chaired_by": (AOIFE, LORCAN), "chaired": (Side.lived_experience, Side.provider)}
    then(
        session,
        fact(SessionOpened, **chairs, quorum=2, quorum_lived_experience=1, quorum_provider=1),
        fact(MemberArrived, member=AOIFE, perspective=SIDES[AOIFE]),
        fact(MemberArrived, member=LORCAN, perspective=SIDES[LORCAN]),
        established(None, 2, 1, 1),
    )


def test_a_quorum_is_established_lost_and_regained_as_people_come_and_go() -> None:
    session = planned()
    session.open(stamp(), chaired_by=(AOIFE,), present=(AOIFE, GRAINNE), quorum=Quorum(3, 1, 1))
    _quiet(session)
    session.arrive(stamp(), members=[LORCAN, AOIFE])
    session.leave(stamp(), members=[GRAINNE, KATE])
    session.leave(stamp(), members=[LORCAN])
    session.arrive(stamp(), members=[LORCAN, KATE])
    then(
        session,
        fact(MemberArrived, member=LORCAN, perspective=SIDES[LORCAN]),
        established(None, 3, 1, 1),
        fact(MemberLeft, member=GRAINNE),
        lost(None, 2, 1, 1),
        fact(MemberLeft, member=LORCAN),
        fact(MemberArrived, member=LORCAN, perspective=SIDES[LORCAN]),
        fact(MemberArrived, member=KATE, perspective=SIDES[KATE]),
        established(None, 3, 1, 2),
    )


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("not_invited", {"present": (AOIFE, UNKNOWN)}),
        ("chair_not_present", {"chaired_by": (AOIFE, BRID)}),
    ],
)
def test_a_session_begins_with_invited_members_and_a_chair_among_them(code: str, changed: dict[str, Any]) -> None:
    session = planned()
    with refused(code):
        session.open(stamp(), **{"chaired_by": (AOIFE,), "present": (AOIFE, LORCAN), "quorum": Quorum(2, 1, 1), **changed})
    then(session)


def test_a_session_begins_once_and_not_before_its_time() -> None:
    session = planned()
    with refused("held_before_start"):
        session.open(stamp(NOW - timedelta(minutes=1)), chaired_by=(AOIFE,), present=(AOIFE,), quorum=Quorum(2, 1, 1))
    session = opened()
    with refused("session_open_already"):
        session.open(stamp(), chaired_by=(AOIFE,), present=(AOIFE,), quorum=Quorum(2, 1, 1))
    then(session)


@pytest.mark.parametrize(
    "act",
    [
        lambda session: session.arrive(stamp(), members=[BRID]),
        lambda session: session.leave(stamp(), members=[BRID]),
        lambda session: session.open_item(stamp(), item=ITEM),
        lambda session: session.close_item(stamp(), item=ITEM),
        put,
    ],
    ids=["arrive", "leave", "open item", "close item", "propose"],
)
def test_nothing_happens_in_a_session_that_has_not_begun(act: Callable[[Session], None]) -> None:
    session = planned()
    with refused("session_not_open"):
        act(session)
    then(session)


def test_whoever_was_not_invited_does_not_arrive() -> None:
    session = opened()
    with refused("not_invited"):
        session.arrive(stamp(), members=[GRAINNE, UNKNOWN])
    then(session)


# Interests


def test_whoever_leaves_for_an_item_leaves_its_quorum_alone() -> None:
    """8.F, variant: two of the provider side are left for the item; for everything else there are enough."""
    session = opened(Quorum(3, 1, 2))
    recuse(session, KATE)
    session.open_item(stamp(), item=ITEM)
    session.open_item(stamp(), item=OTHER)
    then(
        session,
        fact(
            InterestHandledForItem,
            item=ITEM,
            member=KATE,
            interest=InterestType.indirect,
            handling=InterestHandling.leaves_for_item,
        ),
        fact(AgendaItemOpened, item=ITEM),
        lost(ITEM, 3, 2, 1),
        fact(AgendaItemOpened, item=OTHER),
        established(OTHER, 4, 2, 2),
    )
    assert session.quorate == {None: True, ITEM: False, OTHER: True}


def test_an_interest_that_comes_up_while_an_item_is_open_may_cost_it_its_quorum() -> None:
    session = opened(Quorum(3, 1, 2))
    session.open_item(stamp(), item=ITEM)
    _quiet(session)
    recuse(session, KATE, InterestHandling.noted)
    recuse(session, KATE, InterestHandling.speaks_then_leaves)
    assert session.collect_events()[-1].type == QuorumLost.type
    recuse(session, KATE, InterestHandling.speaks_then_leaves)
    then(session)


def test_where_there_is_no_interest_nothing_is_done_about_it() -> None:
    session = planned()
    with refused("nil_interest_handled"):
        session.handle_interest(stamp(), item=ITEM, member=KATE, interest=InterestType.nil, handling=InterestHandling.abstains)
    with refused("not_invited"):
        session.handle_interest(stamp(), item=ITEM, member=UNKNOWN, interest=InterestType.nil, handling=InterestHandling.noted)
    with refused("no_such_item"):
        session.handle_interest(stamp(), item=UNKNOWN, member=KATE, interest=InterestType.nil, handling=InterestHandling.noted)
    then(session)


def test_nothing_is_decided_without_a_quorum_and_the_session_goes_on() -> None:
    session = opened(Quorum(3, 1, 2), M.consensus)
    recuse(session, KATE)
    session.open_item(stamp(), item=ITEM)
    put(session)
    take(session, (AOIFE, P.agree), (BRID, P.agree), (LORCAN, P.agree))
    for outcome in (Outcome.adopted, Outcome.not_adopted):
        with refused("decided_without_quorum"):
            close(session, outcome)
    _quiet(session)
    close(session, Outcome.lapsed_no_quorum)
    session.close_item(stamp(), item=ITEM)
    session.open_item(stamp(), item=OTHER)
    then(
        session,
        closed(Outcome.lapsed_no_quorum, method=M.consensus, quorate=False, lived_experience=(2, 0, 0), provider=(1, 0, 0)),
        fact(AgendaItemClosed, item=ITEM),
        fact(AgendaItemOpened, item=OTHER),
        established(OTHER, 4, 2, 2),
    )


def test_no_proposal_lapses_while_there_is_a_quorum() -> None:
    session = proposed()
    with refused("quorum_holds"):
        close(session, Outcome.lapsed_no_quorum)
    then(session)


def test_whoever_is_out_for_the_item_leaves_both_parts_of_the_fraction() -> None:
    session = proposed(M.majority)
    everybody(session, P.in_favour)
    recuse(session, KATE)
    with refused("not_taking_part"):
        take(session, (KATE, P.against))
    _quiet(session)
    close(session)
    then(session, closed(Outcome.adopted, method=M.majority, lived_experience=(2, 0, 0), provider=(1, 0, 0)))


def test_whoever_abstains_because_of_an_interest_does_nothing_else() -> None:
    session = proposed(M.majority)
    recuse(session, KATE, InterestHandling.abstains)
    with refused("interest_abstains"):
        take(session, (KATE, P.in_favour))
    with refused("interest_abstains"):
        session.raise_objection(stamp(), objection=OBJECTION, decision=DECISION, member=KATE, words=sealed(4))
    take(session, (KATE, P.abstain))


def test_what_somebody_said_before_they_abstained_because_of_an_interest_counts_no_longer() -> None:
    session = proposed(M.majority)
    take(session, (AOIFE, P.against), (LORCAN, P.in_favour), (KATE, P.in_favour))
    recuse(session, KATE, InterestHandling.abstains)
    with refused("not_carried"):
        close(session)
    take(session, (KATE, P.abstain))
    close(session, Outcome.not_adopted)
    assert session.decisions[DECISION].provider == (1, 0, 1)


@pytest.mark.parametrize(("method", "agreed"), [(M.consent, P.consent), (M.consensus, P.agree)])
def test_whoever_abstains_because_of_an_interest_is_not_waited_for(method: DecisionMethod, agreed: Position) -> None:
    """By consensus nobody abstains, so that nothing could ever be decided."""
    session = proposed(method)
    recuse(session, KATE, InterestHandling.abstains)
    take(session, *((member, agreed) for member in HERE[:-1]))
    close(session)


# How it is decided


def test_how_an_item_is_decided_is_stated_before_it_opens_and_then_stays() -> None:
    """8.G: by majority the same text could have been adopted at once, had that been the method."""
    session = planned()
    set_method(session, M.majority)
    set_method(session)
    set_method(session)
    stated: dict[str, Any] = {"item": ITEM, "binding": BindingForce.binding, "quota": None, "decided_by": None}
    then(session, fact(DecisionMethodSet, method=M.majority, **stated), fact(DecisionMethodSet, method=M.consent, **stated))
    session = discussing()
    with refused("item_opened_already"):
        set_method(session, M.majority)
    then(session)


@pytest.mark.parametrize(
    ("code", "method", "changed"),
    [
        ("quota_without_supermajority", M.majority, {"quota": (2, 3)}),
        ("quota_out_of_range", M.supermajority, {"quota": (1, 2)}),
        ("quota_out_of_range", M.supermajority, {"quota": (4, 3)}),
        ("dots_without_dot_vote", M.majority, {"dots": 3}),
        ("decider_not_named", M.advice, {}),
        ("decider_not_named", M.delegated, {"decided_by": UNKNOWN}),
        ("decider_not_named", M.consent, {"decided_by": AOIFE}),
        ("sense_check_binds_nobody", M.sense_check, {}),
        ("no_such_item", M.consent, {"item": UNKNOWN}),
    ],
)
def test_a_method_is_stated_with_what_it_needs_and_nothing_else(code: str, method: DecisionMethod, changed: dict[str, Any]) -> None:
    session = planned()
    with refused(code):
        set_method(session, method, **changed)
    then(session)


def test_nothing_is_proposed_where_it_is_not_said_how_it_is_decided() -> None:
    session = opened()
    session.open_item(stamp(), item=OTHER)
    _quiet(session)
    with refused("method_not_set"):
        session.put_proposal(stamp(), decision=DECISION, item=OTHER, title=sealed(), text=sealed(), options=())
    with refused("item_not_open"):
        put(session)
    then(session)


@pytest.mark.parametrize(("method", "options"), [(M.consent, (6,)), (M.ranked_choice, (6,)), (M.dot_vote, ())])
def test_options_are_put_where_one_is_chosen(method: DecisionMethod, options: tuple[int, ...]) -> None:
    session = discussing(method)
    with refused("options_not_of_method"):
        put(session, *options)
    then(session)


def test_one_proposal_at_a_time_is_put_under_an_item() -> None:
    session = proposed()
    with refused("proposal_open"):
        put(session, decision=SECOND)
    with refused("proposal_open"):
        session.close_item(stamp(), item=ITEM)
    with refused("proposal_open"):
        hold(session)
    then(session)


def test_an_item_is_opened_once_and_closed_once() -> None:
    session = discussing()
    session.open_item(stamp(), item=ITEM)
    session.close_item(stamp(), item=ITEM)
    session.close_item(stamp(), item=ITEM)
    then(session, fact(AgendaItemClosed, item=ITEM))
    with refused("item_closed"):
        session.open_item(stamp(), item=ITEM)
    with refused("item_closed"):
        recuse(session, KATE)


# Positions


def position(member: UUID, taken: Position, version: int = 1, choices: tuple[int, ...] = ()) -> Any:
    said: dict[str, Any] = {"member": member, "perspective": SIDES[member], "position": taken, "choices": choices}
    return fact(PositionTaken, decision=DECISION, proposal_version=version, **said)


def test_a_position_holds_until_its_member_takes_another() -> None:
    session = proposed(M.majority)
    take(session, (AOIFE, P.in_favour), (LORCAN, P.against))
    take(session, (AOIFE, P.in_favour), (LORCAN, P.abstain))
    then(session, position(AOIFE, P.in_favour), position(LORCAN, P.against), position(LORCAN, P.abstain))


@pytest.mark.parametrize(
    ("code", "method", "positions"),
    [
        ("position_not_of_method", M.consent, [(AOIFE, P.in_favour)]),
        ("position_not_of_method", M.majority, [(LORCAN, P.against), (AOIFE, P.veto)]),
        ("objection_without_reason", M.consent, [(AOIFE, P.objection)]),
        ("not_taking_part", M.consent, [(GRAINNE, P.consent)]),
        ("position_twice", M.consent, [(AOIFE, P.consent), (AOIFE, P.abstain)]),
        ("choices_not_of_proposal", M.consent, [(AOIFE, P.consent, (1,))]),
        ("choices_not_of_proposal", M.dot_vote, [(AOIFE, P.chosen)]),
        ("choices_not_of_proposal", M.dot_vote, [(AOIFE, P.chosen, (3,))]),
        ("choice_ranked_twice", M.ranked_choice, [(AOIFE, P.chosen, (1, 1))]),
    ],
)
def test_positions_are_those_of_the_method_and_of_who_is_there(code: str, method: DecisionMethod, positions: list[Any]) -> None:
    session = proposed(method, *((6, 7) if method in {M.dot_vote, M.ranked_choice} else ()))
    with refused(code):
        take(session, *positions)
    then(session)


@pytest.mark.parametrize(("method", "agreed"), [(M.consent, P.consent), (M.consensus, P.agree)])
def test_by_consent_and_consensus_everybody_is_asked(method: DecisionMethod, agreed: Position) -> None:
    session = proposed(method)
    take(session, *((member, agreed) for member in HERE[:-1]))
    _quiet(session)
    with refused("positions_missing"):
        close(session)
    session.leave(stamp(), members=[KATE])
    _quiet(session)
    close(session)
    then(session, closed(Outcome.adopted, method=method, lived_experience=(2, 0, 0), provider=(1, 0, 0)))


@pytest.mark.parametrize(
    ("method", "lived", "provider", "outcome"),
    [
        (M.consensus, P.agree, P.block, Outcome.not_adopted),
        (M.consensus, P.agree, P.stand_aside, Outcome.adopted),
        (M.majority, P.in_favour, P.abstain, Outcome.adopted),
        (M.majority, P.in_favour, P.against, Outcome.not_adopted),
        (M.supermajority, P.in_favour, P.against, Outcome.not_adopted),
        (M.double_majority, P.in_favour, P.abstain, Outcome.not_adopted),
        (M.double_majority, P.in_favour, P.in_favour, Outcome.adopted),
        (M.gradients_of_agreement, P.support_with_reservations, P.dislike_but_support, Outcome.adopted),
        (M.gradients_of_agreement, P.endorse, P.serious_disagreement, Outcome.not_adopted),
    ],
)
def test_a_proposal_ends_as_its_method_says(method: DecisionMethod, lived: Position, provider: Position, outcome: DecisionOutcome) -> None:
    session = proposed(method)
    take(session, (AOIFE, lived), (BRID, lived), (LORCAN, provider), (KATE, provider))
    _quiet(session)
    with refused("not_carried" if outcome is Outcome.not_adopted else "carried_all_the_same"):
        close(session, Outcome.adopted if outcome is Outcome.not_adopted else Outcome.not_adopted)
    close(session, outcome)
    assert session.decisions[DECISION].outcome is outcome


@pytest.mark.parametrize(
    ("method", "taken", "adopted"),
    [
        pytest.param(M.consensus, (P.agree, P.stand_aside, P.stand_aside, P.stand_aside), True, id="consensus of one, others aside"),
        pytest.param(M.consensus, (P.stand_aside,) * 4, False, id="consensus, all aside"),
        pytest.param(M.consensus, (P.agree, P.agree, P.agree, P.disagree), False, id="consensus, one disagrees"),
        pytest.param(M.consent, (P.abstain,) * 4, False, id="consent, all abstain"),
        pytest.param(M.majority, (P.in_favour, P.against, P.abstain, P.abstain), False, id="majority, a tie"),
        pytest.param(M.majority, (P.abstain,) * 4, False, id="majority, all abstain"),
        pytest.param(M.majority, (P.against, P.abstain, P.in_favour, P.in_favour), True, id="majority against a side"),
        pytest.param(M.supermajority, (P.in_favour, P.against, P.in_favour, P.abstain), True, id="supermajority, exactly two thirds"),
        pytest.param(M.supermajority, (P.in_favour, P.against, P.in_favour, P.against), False, id="supermajority, a half"),
        pytest.param(M.supermajority, (P.abstain,) * 4, False, id="supermajority, all abstain"),
        pytest.param(M.double_majority, (P.in_favour, P.against, P.in_favour, P.in_favour), False, id="double majority, a tie on one side"),
        pytest.param(M.double_majority, (P.in_favour, P.abstain, P.in_favour, P.abstain), True, id="double majority, abstentions out"),
        pytest.param(M.double_majority, (P.abstain,) * 4, False, id="double majority, all abstain"),
        pytest.param(M.gradients_of_agreement, (P.abstain,) * 4, False, id="gradients, all abstain"),
        pytest.param(M.gradients_of_agreement, (P.endorse, P.more_discussion, P.abstain, P.abstain), False, id="gradients, a tie"),
    ],
)
def test_ties_exact_shares_and_abstentions_are_judged_as_the_method_says(
    method: DecisionMethod, taken: tuple[Position, ...], adopted: bool
) -> None:
    session = proposed(method)
    take(session, *zip(HERE, taken, strict=True))
    right, wrong = (Outcome.adopted, Outcome.not_adopted) if adopted else (Outcome.not_adopted, Outcome.adopted)
    with refused("carried_all_the_same" if adopted else "not_carried"):
        close(session, wrong)
    close(session, right)
    assert session.decisions[DECISION].outcome is right


def test_a_supermajority_is_judged_by_the_share_that_was_stated_and_the_decision_tells_it() -> None:
    session = proposed(M.supermajority, quota=(3, 4))
    take(session, (AOIFE, P.in_favour), (BRID, P.against), (LORCAN, P.in_favour))
    with refused("not_carried"):
        close(session)
    take(session, (KATE, P.in_favour))
    close(session)
    assert session.decisions[DECISION].quota == (3, 4)


def test_a_ranking_that_is_tied_or_empty_chooses_nothing() -> None:
    session = proposed(M.ranked_choice, 6, 7)
    for taken in (P.abstain, ()), (P.chosen, (1, 2)):
        take(session, *((member, *taken) for member in HERE[:2]))
        if taken[0] is P.chosen:
            take(session, *((member, P.chosen, (2, 1)) for member in HERE[2:]))
        with refused("not_carried"):
            close(session)
    close(session, Outcome.not_adopted)
    assert session.decisions[DECISION].chosen is None


@pytest.mark.parametrize(("dots", "most"), [(None, 3), (2, 2)])
def test_everybody_has_as_many_dots_as_anybody_else(dots: int | None, most: int) -> None:
    session = proposed(M.dot_vote, 6, 7, dots=dots)
    with refused("more_dots_than_others"):
        take(session, (AOIFE, P.chosen, (1,) * (most + 1)))
    take(session, (AOIFE, P.chosen, (1,) * most))


def test_one_veto_is_enough_among_gradients() -> None:
    session = proposed(M.gradients_of_agreement)
    take(session, (AOIFE, P.veto), (BRID, P.endorse), (LORCAN, P.endorse), (KATE, P.endorse))
    with refused("not_carried"):
        close(session)
    close(session, Outcome.not_adopted)


def test_where_one_of_several_is_chosen_the_decision_says_which() -> None:
    session = proposed(M.dot_vote, 6, 7)
    take(session, (AOIFE, P.chosen, (2, 2, 1)), (LORCAN, P.chosen, (1,)), (KATE, P.abstain))
    _quiet(session)
    with refused("not_carried"):
        close(session)
    take(session, (BRID, P.chosen, (2,)))
    _quiet(session)
    close(session)
    said: dict[str, Any] = {"chosen": 2, "lived_experience": (2, 0, 0), "provider": (0, 1, 1), "carried_on_both_sides": False}
    then(session, closed(Outcome.adopted, method=M.dot_vote, **said))


@pytest.mark.parametrize("outcome", [Outcome.adopted, Outcome.not_adopted])
def test_whoever_decides_on_advice_decides(outcome: DecisionOutcome) -> None:
    session = proposed(M.advice, decided_by=LORCAN)
    everybody(session, P.against)
    _quiet(session)
    close(session, outcome)
    (decision,) = session.collect_events()
    assert isinstance(decision, DecisionClosed)
    assert (decision.decided_by, decision.outcome) == (LORCAN, outcome)


@pytest.mark.parametrize("method", [M.advice, M.delegated])
@pytest.mark.parametrize("handling", [InterestHandling.leaves_for_item, InterestHandling.abstains, None])
def test_whoever_is_not_there_for_an_item_does_not_decide_it(method: DecisionMethod, handling: InterestHandling | None) -> None:
    session = proposed(method, decided_by=LORCAN)
    everybody(session, P.in_favour)
    if handling:
        recuse(session, LORCAN, handling)
    else:
        session.leave(stamp(), members=[LORCAN])
    for outcome in (Outcome.adopted, Outcome.not_adopted):
        with refused("decider_not_taking_part"):
            close(session, outcome)
    close(session, Outcome.deferred)


@pytest.mark.parametrize("outcome", [Outcome.adopted, Outcome.not_adopted])
def test_on_advice_both_sides_are_asked_before_one_member_decides(outcome: DecisionOutcome) -> None:
    session = proposed(M.advice, decided_by=LORCAN)
    take(session, (AOIFE, P.in_favour), (LORCAN, P.in_favour))
    with refused("advice_not_taken"):
        close(session, outcome)
    take(session, (KATE, P.abstain))
    close(session, outcome)


def test_a_side_that_only_the_one_who_decides_is_there_from_need_not_advise() -> None:
    session = proposed(M.advice, decided_by=LORCAN)
    session.leave(stamp(), members=[KATE])
    take(session, (BRID, P.against))
    close(session)


def test_what_is_delegated_needs_nobody_to_say_anything() -> None:
    session = proposed(M.delegated, decided_by=LORCAN)
    close(session)
    assert session.decisions[DECISION].carried_on_both_sides is False


def test_a_sense_check_adopts_nothing() -> None:
    session = proposed(M.sense_check, binding=BindingForce.advisory)
    everybody(session, P.in_favour)
    with refused("not_carried"):
        close(session)


@pytest.mark.parametrize("outcome", [Outcome.deferred, Outcome.referred, Outcome.withdrawn])
def test_what_is_put_off_needs_nobody_to_agree(outcome: DecisionOutcome) -> None:
    session = discussed()
    close(session, outcome)
    assert session.decisions[DECISION].outcome is outcome


@pytest.mark.parametrize(
    "act",
    [
        everybody,
        close,
        amend,
        lambda session: session.decline_positions(stamp(), decision=DECISION, members=[KATE]),
        lambda session: session.raise_objection(stamp(), objection=OBJECTION, decision=DECISION, member=AOIFE, words=sealed()),
    ],
    ids=["take", "close", "amend", "decline", "object"],
)
def test_what_is_closed_stays_closed(act: Callable[[Session], None]) -> None:
    session = proposed()
    close(session, Outcome.withdrawn)
    _quiet(session)
    with refused("proposal_closed"):
        act(session)
    then(session)


def test_nothing_is_said_of_a_proposal_nobody_put() -> None:
    session = discussing()
    with refused("no_such_proposal"):
        close(session)
    with refused("no_such_objection"):
        session.discuss_objection(stamp(), objection=OBJECTION)
    then(session)


# Declining to say


def decline(session: Session, *members: UUID) -> None:
    session.decline_positions(stamp(), decision=DECISION, members=members)


def declines(member: UUID) -> Any:
    return fact(PositionDeclined, decision=DECISION, proposal_version=1, member=member, perspective=SIDES[member])


def test_a_member_declines_once_and_what_they_said_before_or_say_later_takes_its_turn() -> None:
    session = proposed(M.majority)
    take(session, (AOIFE, P.in_favour), (KATE, P.against))
    decline(session, KATE, KATE)
    decline(session, KATE)
    then(session, position(AOIFE, P.in_favour), position(KATE, P.against), declines(KATE))
    assert session.proposals[DECISION].voices.keys() == {AOIFE}
    take(session, (KATE, P.against))
    assert session.proposals[DECISION].declined == set()


AGREEING = {
    M.consensus: P.agree,
    M.consent: P.consent,
    M.gradients_of_agreement: P.endorse,
    M.ranked_choice: P.chosen,
    M.dot_vote: P.chosen,
}


@pytest.mark.parametrize("method", M)
def test_by_every_method_declining_is_in_no_share_and_is_told_of_its_side(method: DecisionMethod) -> None:
    decider = {"decided_by": AOIFE} if method in {M.advice, M.delegated} else {}
    binding = BindingForce.advisory if method is M.sense_check else BindingForce.binding
    session = proposed(method, *((6, 7) if method in {M.ranked_choice, M.dot_vote} else ()), binding=binding, **decider)
    agreeing = AGREEING.get(method, P.in_favour)
    take(session, *((member, agreeing, (1,) if agreeing is P.chosen else ()) for member in (AOIFE, BRID, LORCAN)))
    decline(session, KATE)
    close(session, Outcome.not_adopted if method is M.sense_check else Outcome.adopted)
    told = session.decisions[DECISION]
    assert (told.lived_experience, told.provider, told.declined_by_side) == ((2, 0, 0), (1, 0, 0), ((Side.provider, 1),))
    assert (told.carried_on_both_sides, told.quorate) == (True, True)


def test_where_all_of_a_side_decline_that_side_carried_nothing() -> None:
    session = proposed(M.double_majority)
    take(session, (AOIFE, P.in_favour), (BRID, P.in_favour))
    decline(session, LORCAN, KATE)
    with refused("not_carried"):
        close(session)
    close(session, Outcome.not_adopted)
    assert session.decisions[DECISION].declined_by_side == ((Side.provider, 2),)


def test_where_all_decline_nothing_is_carried() -> None:
    session = proposed(M.consent)
    decline(session, *HERE)
    with refused("not_carried"):
        close(session)


def test_somebody_who_is_out_for_the_item_neither_declines_nor_is_told_to_have_declined() -> None:
    session = proposed(M.majority)
    decline(session, LORCAN, KATE)
    recuse(session, KATE)
    with refused("not_taking_part"):
        decline(session, KATE)
    take(session, (AOIFE, P.in_favour))
    close(session)
    assert session.decisions[DECISION].declined_by_side == ((Side.provider, 1),)


def test_on_a_new_version_whoever_declined_is_asked_again() -> None:
    session = proposed()
    take(session, (AOIFE, P.consent), (BRID, P.consent), (LORCAN, P.consent))
    decline(session, KATE)
    amend(session)
    take(session, (AOIFE, P.consent), (BRID, P.consent), (LORCAN, P.consent))
    with refused("positions_missing"):
        close(session, Outcome.adopted_with_amendment)


# Objections


def test_an_objection_is_integrated_and_everybody_asked_anew() -> None:
    """8.G, from the objection to the amended text on which positions are taken anew."""
    session = proposed()
    take(session, (BRID, P.consent), (LORCAN, P.consent), (KATE, P.consent))
    session.raise_objection(stamp(), objection=OBJECTION, decision=DECISION, member=AOIFE, words=sealed(4))
    for state in (ObjectionState.raised, ObjectionState.under_discussion):
        assert session.objections[OBJECTION].state is state
        with refused("objection_unresolved"):
            close(session)
        session.discuss_objection(stamp(), objection=OBJECTION)
    _quiet(session)
    amend(session, OBJECTION)
    with refused("positions_missing"):
        close(session, Outcome.adopted_with_amendment)
    everybody(session)
    with refused("amendment_not_said"):
        close(session)
    close(session, Outcome.adopted_with_amendment)
    version: dict[str, Any] = {"decision": DECISION, "proposal_version": 2}
    then(
        session,
        fact(ProposalPut, item=ITEM, title=sealed(2), text=sealed(5), options=(), **version),
        fact(ObjectionIntegrated, objection=OBJECTION, proposal_version=2),
        *(position(member, P.consent, 2) for member in HERE),
        closed(
            Outcome.adopted_with_amendment,
            proposal_version=2,
            lived_experience=(2, 0, 0),
            provider=(2, 0, 0),
            objections=((Side.lived_experience, ObjectionState.integrated),),
        ),
    )


def test_an_objection_is_a_position_with_a_reason() -> None:
    session = proposed()
    session.raise_objection(stamp(), objection=OBJECTION, decision=DECISION, member=AOIFE, words=sealed(4))
    session.raise_objection(stamp(), objection=ANOTHER, decision=DECISION, member=AOIFE, words=sealed(6))
    said: dict[str, Any] = {"decision": DECISION, "proposal_version": 1, "member": AOIFE, "perspective": SIDES[AOIFE]}
    then(
        session,
        fact(ObjectionRaised, objection=OBJECTION, words=sealed(4), **said),
        position(AOIFE, P.objection),
        fact(ObjectionRaised, objection=ANOTHER, words=sealed(6), **said),
    )


def test_by_majority_the_same_text_is_adopted_over_the_objection() -> None:
    session = objected(method=M.majority)
    take(session, (AOIFE, P.against), (BRID, P.in_favour), (LORCAN, P.in_favour), (KATE, P.in_favour))
    close(session)
    assert session.decisions[DECISION].objections == ((Side.lived_experience, ObjectionState.raised),)


def test_an_objection_is_integrated_after_it_was_discussed_and_where_it_was_raised() -> None:
    session = objected()
    with refused("objection_not_discussed"):
        amend(session, OBJECTION)
    with refused("objection_not_discussed"):
        rule_on(session, stands=True)
    with refused("no_such_objection"):
        amend(session, ANOTHER)
    then(session)


def test_only_whoever_objected_withdraws_it_and_then_says_where_they_stand() -> None:
    session = objected()
    take(session, (BRID, P.consent), (LORCAN, P.consent), (KATE, P.consent))
    _quiet(session)
    with refused("not_the_objector"):
        session.withdraw_objection(stamp(), objection=OBJECTION, member=LORCAN)
    session.withdraw_objection(stamp(), objection=OBJECTION, member=AOIFE)
    session.withdraw_objection(stamp(), objection=OBJECTION, member=AOIFE)
    then(session, fact(ObjectionWithdrawn, objection=OBJECTION))
    with refused("not_carried"):
        close(session)
    take(session, (AOIFE, P.consent))
    close(session)


def test_what_became_of_an_objection_stays() -> None:
    session = objected()
    session.withdraw_objection(stamp(), objection=OBJECTION, member=AOIFE)
    with refused("objection_settled"):
        session.discuss_objection(stamp(), objection=OBJECTION)


def test_nothing_is_adopted_by_consent_over_an_objection_that_stands() -> None:
    session = discussed()
    rule_on(session, stands=True)
    rule_on(session, stands=True)
    then(session, fact(ObjectionRuled, objection=OBJECTION, state=ObjectionState.standing, ruled_by=(BRID, LORCAN)))
    take(session, (AOIFE, P.consent), (BRID, P.consent), (LORCAN, P.consent), (KATE, P.consent))
    with refused("objection_stands"):
        close(session)
    amend(session, OBJECTION)
    everybody(session)
    close(session, Outcome.adopted_with_amendment)


def test_what_an_objection_that_stands_has_stopped_is_not_adopted() -> None:
    """Also when whoever objected consents in the end and leaves it standing: it must be possible to end it."""
    session = discussed()
    rule_on(session, stands=True)
    everybody(session)
    close(session, Outcome.not_adopted)
    assert session.decisions[DECISION].carried_on_both_sides is True


def test_a_preference_stops_nothing_and_its_member_need_not_be_asked_again() -> None:
    session = discussed()
    rule_on(session, stands=False)
    _quiet(session)
    take(session, (BRID, P.consent), (LORCAN, P.consent), (KATE, P.consent))
    close(session)
    assert session.decisions[DECISION].lived_experience == (1, 0, 0)


@pytest.mark.parametrize(
    ("code", "ruled_by"),
    [
        ("ruling_one_sided", (LORCAN, KATE)),
        ("ruling_one_sided", (BRID, BRID)),
        ("ruled_by_objector", (AOIFE, LORCAN)),
        ("not_taking_part", (BRID, GRAINNE)),
    ],
)
def test_both_sides_rule_on_an_objection_and_whoever_raised_it_does_not(code: str, ruled_by: tuple[UUID, ...]) -> None:
    session = discussed()
    with refused(code):
        rule_on(session, stands=False, ruled_by=ruled_by)
    then(session)


def test_an_objection_is_taken_up_once() -> None:
    session = objected()
    session.discuss_objection(stamp(), objection=OBJECTION)
    session.discuss_objection(stamp(), objection=OBJECTION)
    then(session, fact(ObjectionDiscussed, objection=OBJECTION))


# How it ends


def test_a_session_that_went_on_is_held_with_those_who_arrived_and_the_items_that_were_opened() -> None:
    session = discussing()
    session.leave(stamp(), members=[KATE])
    with refused("attendance_differs"):
        hold(session, AOIFE, BRID, LORCAN)
    with refused("attendance_differs"):
        hold(session, *HERE, GRAINNE)
    _quiet(session)
    hold(session)
    assert next(one for one in session.collect_events() if isinstance(one, SessionHeld)).discussed == (ITEM,)


def test_a_session_in_which_something_was_decided_took_place() -> None:
    session = proposed()
    close(session, Outcome.deferred)
    _quiet(session)
    with refused("decided_already"):
        session.cancel(stamp(), reason=CancellationReason.venue)
    then(session)
