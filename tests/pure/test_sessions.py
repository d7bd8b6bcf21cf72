from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.sessions import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    ActionDueDateMoved,
    AgendaItemRaised,
    Attendance,
    AttendanceRecorded,
    ContributionRecorded,
    Contributions,
    DecisionClosed,
    DecisionMethodSet,
    InterestHandledForItem,
    InvitationAnswered,
    InvitationSent,
    MaterialsSent,
    PulseAnswer,
    PulseSubmitted,
    SessionCancelled,
    SessionHeld,
    SessionMoved,
    SessionOpened,
    SessionPlanned,
    SessionPublished,
)
from contracts.vocabulary import (
    ActionState,
    AgendaItemOrigin,
    AttendanceStatus,
    BindingForce,
    CancellationReason,
    ContributionKind,
    DecisionMethod,
    DecisionOutcome,
    InformationFormat,
    InterestHandling,
    InterestType,
    InvitationAnswer,
    ObjectionState,
    OwnerSide,
    Perspective,
    SessionKind,
    SessionMode,
    SessionStatus,
    Side,
)
from services.sessions.domain import Session
from services.sessions.domain.quorum import Quorum
from tests.given import AOIFE, BRID, GRAINNE, LORCAN, NOW, PARTNERSHIP, STREAM, fact, given, refused, sealed, stamp, then

ITEM, DECISION, ACTION, UNKNOWN = (UUID(f"40000000-0000-4000-8000-{number:012}") for number in range(1, 5))
DUE, LATER = date(2025, 5, 30), date(2025, 6, 13)
WHAT: dict[str, Any] = {"kind": SessionKind.trialogue, "mode": SessionMode.hybrid, "starts": NOW}
SIDES = {
    AOIFE: Perspective.lived_experience_self,
    BRID: Perspective.lived_experience_family_carer,
    LORCAN: Perspective.leadership,
    GRAINNE: Perspective.lived_experience_employed,
}

PLANNED = fact(SessionPlanned, **WHAT)
INVITED = tuple(fact(InvitationSent, member=member, perspective=side) for member, side in SIDES.items())
RAISED = fact(
    AgendaItemRaised,
    item=ITEM,
    title=sealed(),
    origin=AgendaItemOrigin.raised_by_member,
    raised_by=AOIFE,
    perspective=Perspective.lived_experience_self,
)


def came(member: UUID, status: AttendanceStatus = AttendanceStatus.attended) -> Any:
    return fact(AttendanceRecorded, member=member, perspective=SIDES[member], status=status)


def closed(outcome: DecisionOutcome = DecisionOutcome.adopted, **positions: Any) -> Any:
    stood = {side.value: (0, 0, 0) for side in Side} | positions
    both = all(stood[side][0] > stood[side][1] for side in ("lived_experience", "provider"))
    method = DecisionMethod.consent
    return fact(DecisionClosed, decision=DECISION, title=sealed(), method=method, outcome=outcome, carried_on_both_sides=both, **stood)


HELD = (
    PLANNED,
    *INVITED,
    RAISED,
    fact(
        SessionHeld,
        kind=SessionKind.trialogue,
        mode=SessionMode.hybrid,
        chaired_by=(AOIFE,),
        chaired=(Side.lived_experience,),
        discussed=(ITEM,),
    ),
    came(AOIFE),
    came(BRID, AttendanceStatus.attended_part),
    came(LORCAN),
    came(GRAINNE, AttendanceStatus.apologies),
)
AGREED = fact(ActionAgreed, action=ACTION, decision=DECISION, title=sealed(), owner_side=OwnerSide.joint, original_due=DUE)
ACTING = (*HELD, closed(), AGREED)
COMPLETED = fact(ActionCompleted, action=ACTION)
CANCELLED = fact(SessionCancelled, cancellation_reason=CancellationReason.no_quorum)


def hold(session: Session, **changed: Any) -> None:
    usual: dict[str, Any] = {
        "chaired_by": (AOIFE,),
        "attendance": (Attendance(member=AOIFE, status=AttendanceStatus.attended),),
        "contributions": (),
        "discussed": (),
    }
    session.hold(stamp(), **{**usual, **changed})


def raise_item(session: Session, origin: AgendaItemOrigin, raised_by: UUID | None) -> None:
    perspective = SIDES[raised_by] if raised_by else None
    session.raise_item(stamp(), item=ITEM, title=sealed(), origin=origin, raised_by=raised_by, perspective=perspective)


def close(session: Session, outcome: DecisionOutcome = DecisionOutcome.adopted, **told: Any) -> None:
    session.close_decision(
        stamp(),
        decision=DECISION,
        title=sealed(),
        method=told.pop("method", DecisionMethod.consent),
        positions={side: told.pop(side.value, (0, 0, 0)) for side in Side},
        outcome=outcome,
        **told,
    )


def agree(session: Session) -> None:
    session.agree_action(
        stamp(), action=ACTION, decision=DECISION, title=sealed(), owner_side=OwnerSide.joint, original_due=DUE, on=NOW.date()
    )


def answers(side: Side, *heard: int) -> list[PulseAnswer]:
    return [PulseAnswer(side=side, heard=one) for one in heard]


def test_a_session_is_planned() -> None:
    session = Session.plan(STREAM, stamp(), partnership=PARTNERSHIP, **WHAT)
    then(session, PLANNED)
    assert session.status is SessionStatus.planned


def test_members_are_invited_from_the_side_they_are_on() -> None:
    session = given(Session, PLANNED)
    session.invite(stamp(), members={AOIFE: SIDES[AOIFE], BRID: SIDES[BRID]})
    then(session, INVITED[0], INVITED[1])


def test_who_is_invited_twice_is_invited_once() -> None:
    session = given(Session, PLANNED, INVITED[0])
    session.invite(stamp(), members={AOIFE: SIDES[AOIFE], BRID: SIDES[BRID]})
    then(session, INVITED[1])


def test_a_session_is_published_once_and_then_still_prepared() -> None:
    session = given(Session, PLANNED)
    session.publish(stamp())
    session.publish(stamp())
    assert session.status is SessionStatus.published
    session.invite(stamp(), members={AOIFE: SIDES[AOIFE]})
    session.cancel(stamp(), reason=CancellationReason.no_quorum)
    then(session, fact(SessionPublished), INVITED[0], CANCELLED)


def test_an_invited_member_says_beforehand_whether_they_will_come() -> None:
    session = given(Session, PLANNED, *INVITED)
    for answer in (InvitationAnswer.accepted, InvitationAnswer.accepted, InvitationAnswer.apologies):
        session.answer_invitation(stamp(), member=AOIFE, answer=answer)
    accepted, apologies = (fact(InvitationAnswered, member=AOIFE, answer=answer) for answer in InvitationAnswer)
    then(session, accepted, apologies)
    with refused("not_invited"):
        session.answer_invitation(stamp(), member=UNKNOWN, answer=InvitationAnswer.accepted)


NEXT_DAY = NOW + timedelta(days=1)


def move(session: Session, *, starts: datetime = NOW, minutes: int | None = None) -> None:
    session.move(stamp(), starts=starts, mode=WHAT["mode"], place=None, minutes=minutes)


def test_a_session_moves_with_those_who_were_invited_and_they_answer_for_the_new_time() -> None:
    session = given(Session, PLANNED, *INVITED, fact(InvitationAnswered, member=AOIFE, answer=InvitationAnswer.accepted))
    move(session, minutes=90)
    assert session.answers
    move(session, starts=NEXT_DAY)
    move(session, starts=NEXT_DAY)
    same = {"mode": WHAT["mode"], "place": None}
    then(session, fact(SessionMoved, starts=NOW, minutes=90, **same), fact(SessionMoved, starts=NEXT_DAY, minutes=None, **same))
    assert (session.starts, list(session.invited), session.answers) == (NEXT_DAY, list(SIDES), {})


def test_a_session_that_has_begun_or_was_cancelled_does_not_move() -> None:
    session = given(
        Session, PLANNED, fact(SessionOpened, chaired_by=(), chaired=(), quorum=0, quorum_lived_experience=0, quorum_provider=0)
    )
    with refused("session_open_already"):
        move(session, starts=NEXT_DAY)
    session = given(Session, PLANNED, CANCELLED)
    with refused("session_not_planned"):
        move(session, starts=NEXT_DAY)


def send(session: Session, item: UUID | None) -> None:
    formats = (InformationFormat.easy_read, InformationFormat.braille, InformationFormat.easy_read)
    session.send_materials(stamp(), material=UNKNOWN, item=item, title=sealed(), document="a3" * 32, formats=formats)


def test_materials_are_sent_in_formats_and_for_an_item_that_is_on_the_agenda() -> None:
    session = given(Session, PLANNED, *INVITED, RAISED)
    send(session, ITEM)
    formats = (InformationFormat.easy_read, InformationFormat.braille)
    then(session, fact(MaterialsSent, material=UNKNOWN, item=ITEM, title=sealed(), document="a3" * 32, formats=formats))
    with refused("no_such_item"):
        send(session, UNKNOWN)


def test_a_member_raises_an_item() -> None:
    session = given(Session, PLANNED)
    raise_item(session, AgendaItemOrigin.raised_by_member, AOIFE)
    then(session, RAISED)


def test_an_item_raised_by_a_member_names_the_member() -> None:
    session = given(Session, PLANNED)
    with refused("raiser_missing"):
        raise_item(session, AgendaItemOrigin.raised_by_member, None)
    then(session)


@pytest.mark.parametrize("origin", [AgendaItemOrigin.standing, AgendaItemOrigin.imposed_by_organisation])
def test_a_standing_or_imposed_item_was_raised_by_nobody(origin: AgendaItemOrigin) -> None:
    session = given(Session, PLANNED)
    with refused("raiser_of_standing_item"):
        raise_item(session, origin, AOIFE)
    then(session)


def test_a_session_is_not_held_before_it_begins() -> None:
    session = given(Session, fact(SessionPlanned, **{**WHAT, "starts": NOW + timedelta(minutes=1)}), *INVITED)
    with refused("held_before_start"):
        hold(session)
    then(session)


def test_holding_a_session_says_who_chaired_who_came_and_who_contributed() -> None:
    session = given(Session, PLANNED, *INVITED, RAISED)
    hold(
        session,
        chaired_by=(AOIFE, LORCAN, AOIFE),
        attendance=tuple(
            Attendance(member=member, status=status)
            for member, status in (
                (AOIFE, AttendanceStatus.attended),
                (LORCAN, AttendanceStatus.attended_part),
                (BRID, AttendanceStatus.absent),
            )
        ),
        contributions=(Contributions(side=Side.provider, kind=ContributionKind.written, count=3),),
        discussed=(ITEM, ITEM),
    )
    then(
        session,
        fact(
            SessionHeld,
            kind=SessionKind.trialogue,
            mode=SessionMode.hybrid,
            chaired_by=(AOIFE, LORCAN),
            chaired=(Side.lived_experience, Side.provider),
            discussed=(ITEM,),
        ),
        came(AOIFE),
        came(LORCAN, AttendanceStatus.attended_part),
        came(BRID, AttendanceStatus.absent),
        fact(ContributionRecorded, side=Side.provider, kind=ContributionKind.written, count=3),
    )
    assert (session.present(Side.lived_experience), session.present(Side.provider)) == (1, 1)


def test_attendance_is_recorded_of_the_invited_only() -> None:
    session = given(Session, PLANNED, INVITED[0])
    with refused("attendance_of_uninvited"):
        hold(session, attendance=tuple(Attendance(member=member, status=AttendanceStatus.attended) for member in (AOIFE, BRID)))
    then(session)


def test_nobody_both_came_and_stayed_away() -> None:
    session = given(Session, PLANNED, *INVITED)
    with refused("attendance_twice"):
        hold(
            session,
            attendance=tuple(Attendance(member=AOIFE, status=status) for status in (AttendanceStatus.attended, AttendanceStatus.absent)),
        )
    then(session)


@pytest.mark.parametrize("chair", [BRID, GRAINNE, UNKNOWN])
def test_whoever_chairs_is_there(chair: UUID) -> None:
    session = given(Session, PLANNED, *INVITED)
    there = Attendance(member=AOIFE, status=AttendanceStatus.attended)
    with refused("chair_not_present"):
        hold(session, chaired_by=(AOIFE, chair), attendance=(there, Attendance(member=BRID, status=AttendanceStatus.apologies)))
    then(session)


def test_only_items_of_the_agenda_are_discussed() -> None:
    session = given(Session, PLANNED, *INVITED)
    with refused("item_not_on_agenda"):
        hold(session, discussed=(ITEM,))
    then(session)


@pytest.mark.parametrize("past", [HELD, (PLANNED, *INVITED, CANCELLED)], ids=["held", "cancelled"])
@pytest.mark.parametrize(
    "act",
    [
        lambda session: session.invite(stamp(), members={}),
        lambda session: session.publish(stamp()),
        lambda session: session.answer_invitation(stamp(), member=AOIFE, answer=InvitationAnswer.accepted),
        lambda session: send(session, None),
        lambda session: raise_item(session, AgendaItemOrigin.standing, None),
        hold,
    ],
    ids=["invite", "publish", "answer", "send", "raise", "hold"],
)
def test_what_is_done_before_a_session_is_not_done_after_it(past: tuple[Any, ...], act: Callable[[Session], None]) -> None:
    session = given(Session, *past)
    with refused("session_not_planned"):
        act(session)
    then(session)


@pytest.mark.parametrize("past", [(PLANNED,), (PLANNED, CANCELLED)], ids=["planned", "cancelled"])
@pytest.mark.parametrize("act", [lambda session: session.submit_pulse(stamp(), answers=[]), close], ids=["pulse", "decide"])
def test_what_is_done_in_a_session_is_not_done_unless_it_was_held(past: tuple[Any, ...], act: Callable[[Session], None]) -> None:
    session = given(Session, *past)
    with refused("session_not_held"):
        act(session)
    then(session)


def test_a_side_says_how_far_it_was_heard() -> None:
    session = given(Session, *HELD)
    session.submit_pulse(stamp(), answers=answers(Side.lived_experience, 4, 2))
    then(session, fact(PulseSubmitted, side=Side.lived_experience, heard=4), fact(PulseSubmitted, side=Side.lived_experience, heard=2))


def test_a_side_gives_no_more_answers_than_it_had_people_there_also_one_after_the_other() -> None:
    session = given(Session, *HELD, fact(PulseSubmitted, side=Side.lived_experience, heard=4))
    with refused("more_answers_than_people"):
        session.submit_pulse(stamp(), answers=answers(Side.lived_experience, 4, 2))
    with refused("more_answers_than_people"):
        session.submit_pulse(stamp(), answers=answers(Side.employed, 4))
    then(session)


def test_a_proposal_is_closed_with_the_positions_of_each_side() -> None:
    session = given(Session, *HELD)
    close(session, lived_experience=(1, 0, 1), provider=(1, 0, 0))
    then(session, closed(lived_experience=(1, 0, 1), provider=(1, 0, 0)))


@pytest.mark.parametrize(
    "method",
    [
        DecisionMethod.consent,
        DecisionMethod.consensus,
        DecisionMethod.majority,
        DecisionMethod.supermajority,
        DecisionMethod.double_majority,
        DecisionMethod.gradients_of_agreement,
        DecisionMethod.sense_check,
    ],
)
def test_nothing_is_told_to_be_adopted_that_its_method_did_not_carry(method: DecisionMethod) -> None:
    session = given(Session, *HELD)
    with refused("not_carried"):
        close(session, method=method, lived_experience=(1, 1, 0))
    then(session)


@pytest.mark.parametrize(
    ("method", "quota"),
    [
        (DecisionMethod.consent, None),
        (DecisionMethod.consensus, None),
        (DecisionMethod.majority, None),
        (DecisionMethod.supermajority, None),
        (DecisionMethod.supermajority, (1, 1)),
        (DecisionMethod.double_majority, None),
    ],
)
def test_nothing_is_told_to_have_failed_that_its_method_carried(method: DecisionMethod, quota: tuple[int, int] | None) -> None:
    session = given(Session, *HELD)
    with refused("carried_all_the_same"):
        close(session, DecisionOutcome.not_adopted, method=method, quota=quota, lived_experience=(2, 0, 0), provider=(1, 0, 0))
    then(session)


def test_by_consent_what_an_objection_stopped_and_by_gradients_what_a_veto_may_have_stopped_is_told_to_have_failed() -> None:
    session = given(Session, *HELD)
    everybody: dict[str, Any] = {"lived_experience": (2, 0, 0), "provider": (1, 0, 0)}
    close(session, DecisionOutcome.not_adopted, objections=((Side.lived_experience, ObjectionState.standing),), **everybody)
    close(session, DecisionOutcome.not_adopted, method=DecisionMethod.gradients_of_agreement, **everybody)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("decided_otherwise_than_stated", {"method": DecisionMethod.majority}),
        ("decided_otherwise_than_stated", {"binding": BindingForce.binding}),
        ("decided_otherwise_than_stated", {"quota": (2, 3)}),
        ("not_carried", {"lived_experience": (2, 0, 0), "provider": (0, 1, 0)}),
    ],
)
def test_a_summary_keeps_to_what_was_stated_before_the_item_opened(code: str, told: dict[str, Any]) -> None:
    binding, quota = BindingForce.recommendation, (3, 4)
    method = DecisionMethod.supermajority
    stated = fact(DecisionMethodSet, item=ITEM, method=method, binding=binding, quota=quota, decided_by=None)
    session = given(Session, PLANNED, *INVITED, RAISED, stated, *HELD[len(INVITED) + 2 :])
    with refused(code):
        close(session, item=ITEM, **{"method": method, **told})
    then(session)
    close(session, item=ITEM, method=method, lived_experience=(2, 0, 0), provider=(1, 0, 0))
    assert (session.decisions[DECISION].binding, session.decisions[DECISION].quota) == (binding, quota)


@pytest.mark.parametrize("state", [state for state in ObjectionState if state.stops])
def test_nothing_is_told_to_be_adopted_by_consent_over_an_objection(state: ObjectionState) -> None:
    session = given(Session, *HELD)
    with refused("objection_stands"):
        close(session, objections=((Side.lived_experience, state),))
    then(session)


def test_a_summary_tells_objections_by_side_the_item_and_whether_enough_came_for_it() -> None:
    interest = fact(
        InterestHandledForItem,
        item=ITEM,
        member=LORCAN,
        interest=InterestType.indirect,
        handling=InterestHandling.leaves_for_item,
    )
    session = given(Session, PLANNED, *INVITED, RAISED, interest, *HELD[len(INVITED) + 2 :])
    objections = ((Side.lived_experience, ObjectionState.integrated),)
    for item, quorate in ((None, True), (ITEM, False)):
        told: dict[str, Any] = {"item": item, "binding": BindingForce.advisory, "objections": objections}
        close(session, quorum=Quorum(2, 1, 1), **told)
        then(session, closed().model_copy(update={**told, "quorate": quorate}))


def test_a_summary_is_told_of_items_on_the_agenda() -> None:
    session = given(Session, *HELD)
    with refused("item_not_on_agenda"):
        close(session, item=UNKNOWN)
    then(session)


def test_a_summary_tells_who_declined_by_side() -> None:
    session = given(Session, *HELD)
    close(session, lived_experience=(1, 0, 0), provider=(1, 0, 0), declined={Side.lived_experience: 1})
    assert session.decisions[DECISION].declined_by_side == ((Side.lived_experience, 1),)


@pytest.mark.parametrize(
    "positions",
    [
        {"lived_experience": (1, 1, 1)},
        {"provider": (0, 2, 0)},
        {"employed": (0, 0, 1)},
        {"provider": (1, 0, 0), "declined": {Side.provider: 1}},
    ],
)
def test_a_side_takes_no_more_positions_than_it_had_people_there(positions: dict[str, Any]) -> None:
    session = given(Session, *HELD)
    with refused("more_positions_than_people"):
        close(session, **positions)
    then(session)


@pytest.mark.parametrize("outcome", [DecisionOutcome.adopted, DecisionOutcome.adopted_with_amendment])
def test_an_action_follows_from_an_adopted_decision(outcome: DecisionOutcome) -> None:
    session = given(Session, *HELD, closed(outcome))
    agree(session)
    then(session, AGREED)
    assert session.actions[ACTION].due == DUE


@pytest.mark.parametrize("outcome", [outcome for outcome in DecisionOutcome if not outcome.adopted_at_all])
def test_no_action_follows_from_a_decision_that_was_not_adopted(outcome: DecisionOutcome) -> None:
    session = given(Session, *HELD, closed(outcome))
    with refused("action_without_adoption"):
        agree(session)
    then(session)


def test_no_action_follows_from_a_decision_nobody_took() -> None:
    session = given(Session, *HELD)
    with refused("no_such_decision"):
        agree(session)
    then(session)


def test_a_moved_due_date_leaves_the_original_one() -> None:
    session = given(Session, *ACTING)
    session.move_action_due_date(stamp(), action=ACTION, due=LATER, on=NOW.date())
    then(session, fact(ActionDueDateMoved, action=ACTION, due=LATER))
    assert (session.actions[ACTION].original_due, session.actions[ACTION].due) == (DUE, LATER)


def test_an_action_is_due_on_the_day_it_is_agreed_or_moved_or_later() -> None:
    session = given(Session, *ACTING)
    day_before = DUE - timedelta(days=1)
    session.move_action_due_date(stamp(), action=ACTION, due=day_before, on=day_before)
    with refused("due_already_past"):
        session.move_action_due_date(stamp(), action=ACTION, due=day_before - timedelta(days=1), on=day_before)
    then(session, fact(ActionDueDateMoved, action=ACTION, due=day_before))
    what: Any = {"action": UNKNOWN, "decision": DECISION, "title": sealed(), "owner_side": OwnerSide.joint}
    with refused("due_already_past"):
        session.agree_action(stamp(), original_due=day_before, on=DUE, **what)


def test_a_due_date_moved_to_where_it_is_was_not_moved() -> None:
    session = given(Session, *ACTING)
    session.move_action_due_date(stamp(), action=ACTION, due=DUE, on=NOW.date())
    then(session)


def test_an_action_done_is_done_once() -> None:
    session = given(Session, *ACTING)
    session.complete_action(stamp(), action=ACTION)
    session.complete_action(stamp(NOW + timedelta(days=1)), action=ACTION)
    then(session, COMPLETED)
    assert session.actions[ACTION].completed == NOW


def test_an_action_is_cancelled_by_a_decision_that_was_adopted_and_by_nothing_else() -> None:
    session = given(Session, *ACTING)
    with refused("cancelled_without_decision"):
        session.cancel_action(stamp(), action=ACTION, decision=UNKNOWN, adopted=False)
    then(session)


def test_an_action_cancelled_is_cancelled_once() -> None:
    session = given(Session, *ACTING)
    session.cancel_action(stamp(), action=ACTION, decision=DECISION, adopted=True)
    session.cancel_action(stamp(), action=ACTION, decision=UNKNOWN, adopted=False)
    then(session, fact(ActionCancelled, action=ACTION, decision=DECISION))
    assert session.actions[ACTION].state is ActionState.cancelled


def test_an_action_that_is_done_can_neither_be_moved_nor_cancelled() -> None:
    session = given(Session, *ACTING, COMPLETED)
    with refused("action_not_open"):
        session.move_action_due_date(stamp(), action=ACTION, due=LATER, on=NOW.date())
    with refused("action_not_open"):
        session.cancel_action(stamp(), action=ACTION, decision=DECISION, adopted=True)
    then(session)


def test_an_action_that_was_cancelled_cannot_be_done() -> None:
    session = given(Session, *ACTING, fact(ActionCancelled, action=ACTION, decision=DECISION))
    with refused("action_not_open"):
        session.complete_action(stamp(), action=ACTION)
    then(session)


@pytest.mark.parametrize(
    "act",
    [
        lambda session: session.move_action_due_date(stamp(), action=UNKNOWN, due=LATER, on=NOW.date()),
        lambda session: session.complete_action(stamp(), action=UNKNOWN),
        lambda session: session.cancel_action(stamp(), action=UNKNOWN, decision=DECISION, adopted=True),
    ],
    ids=["move", "complete", "cancel"],
)
def test_nothing_is_done_about_an_action_nobody_agreed(act: Callable[[Session], None]) -> None:
    session = given(Session, *ACTING)
    with refused("no_such_action"):
        act(session)
    then(session)


def test_a_planned_session_is_cancelled_once() -> None:
    session = given(Session, PLANNED)
    session.cancel(stamp(), reason=CancellationReason.no_quorum)
    session.cancel(stamp(), reason=CancellationReason.weather)
    then(session, CANCELLED)


def test_a_held_session_is_not_cancelled() -> None:
    session = given(Session, *HELD)
    with refused("session_not_planned"):
        session.cancel(stamp(), reason=CancellationReason.weather)
    then(session)
