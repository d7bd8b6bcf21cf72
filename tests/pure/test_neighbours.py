"""What services know of one another by facts alone, and what they therefore refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.errors import Unavailable
from contracts.feedback import GetFeedback, ImportFeedback, ListFeedback, ReceiveFeedback, RespondToFeedback, SurveyComment, ThemeFeedback
from contracts.model import Receipt
from contracts.partnerships import (
    ActivatePartnership,
    AddMember,
    AgreeTermsOfReference,
    BeginLeave,
    ClosePartnership,
    CorrectEntry,
    DeclarePerspective,
    EndLeave,
    EndMembership,
    GetMemberHistory,
    ListPartnerships,
    NameCoChair,
    PausePartnership,
    ProposePartnership,
    ResumePartnership,
    SetCompositionRule,
)
from contracts.sessions import (
    AgreeAction,
    Attendance,
    BallotCast,
    BallotsDestroyed,
    CancelAction,
    CastBallot,
    CloseBallot,
    CloseDecision,
    CloseProposal,
    GetCalendar,
    GetSession,
    HandOutBallots,
    HoldSession,
    InviteMembers,
    ListSessions,
    MoveSession,
    OpenAgendaItem,
    OpenSession,
    PlanSeries,
    PlanSession,
    PulseAnswer,
    PutProposal,
    RaiseAgendaItem,
    SessionDetail,
    SessionOpened,
    SessionPlanned,
    SetDecisionMethod,
    SubmitPulse,
)
from contracts.vocabulary import (
    AgendaItemOrigin,
    AnonymityMode,
    AttendanceStatus,
    BindingForce,
    ClosureReason,
    CoproductionLevel,
    DecisionMethod,
    DecisionOutcome,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    FeedbackTheme,
    MembershipEndReason,
    OwnerSide,
    ParticipantRole,
    PartnershipStatus,
    PauseReason,
    Perspective,
    Position,
    Recurrence,
    SessionKind,
    SessionMode,
    SessionStatus,
    SettingType,
    Side,
)
from shared.context import Context
from shared.store import Recorder, SavedCommand, SealedBox
from tests.given import Region, context, refused, stored

BEGAN = datetime(2025, 1, 15, 10, tzinfo=UTC)
LEFT = datetime(2025, 3, 1, tzinfo=UTC)
MEETS = datetime(2025, 2, 19, 14, tzinfo=UTC)


def proposed(region: Region, name: str = "Abhainn") -> UUID:
    command = ProposePartnership(happened=BEGAN, name=name, org_unit="P001", setting=SettingType.camhs, level=CoproductionLevel.strategic)
    partnership = region.partnerships.propose_partnership(command=command, context=context()).id
    region.spread()
    return partnership


class People:
    """An active partnership: two co-chairs, and one who left on 1 March."""

    def __init__(self, region: Region) -> None:
        self.partnership = proposed(region)
        self.aoife = self.join(region, Perspective.lived_experience_self)
        self.lorcan = self.join(region, Perspective.leadership)
        self.dervla = self.join(region, Perspective.lived_experience_self)
        verbs = region.partnerships
        for chair in (self.aoife, self.lorcan):
            verbs.name_co_chair(command=NameCoChair(happened=BEGAN, partnership=self.partnership, member=chair), context=context())
        terms = AgreeTermsOfReference(happened=BEGAN, partnership=self.partnership, edition=1, document="a3" * 32)
        verbs.agree_terms_of_reference(command=terms, context=context())
        verbs.activate_partnership(command=ActivatePartnership(happened=BEGAN, partnership=self.partnership), context=context())
        end = EndMembership(happened=LEFT, partnership=self.partnership, member=self.dervla, reason=MembershipEndReason.access_not_met)
        verbs.end_membership(command=end, context=context())
        region.spread()

    def join(self, region: Region, perspective: Perspective) -> UUID:
        command = AddMember(
            happened=BEGAN, partnership=self.partnership, name="Somebody", role=ParticipantRole.observer, perspective=perspective
        )
        member = region.partnerships.add_member(command=command, context=context()).made
        assert member
        return member


@pytest.fixture
def people(region: Region) -> People:
    return People(region)


def plan(partnership: UUID, starts: datetime = MEETS) -> PlanSession:
    return PlanSession(partnership=partnership, kind=SessionKind.trialogue, mode=SessionMode.online, starts=starts)


def planned(region: Region, people: People, starts: datetime = MEETS) -> UUID:
    return region.sessions.plan_session(command=plan(people.partnership, starts), context=context()).id


def invite(region: Region, session: UUID, *members: UUID) -> None:
    region.sessions.invite_members(command=InviteMembers(session=session, members=members), context=context())


def hold(session: UUID, *members: UUID) -> HoldSession:
    came = tuple(Attendance(member=member, status=AttendanceStatus.attended) for member in members)
    return HoldSession(happened=MEETS, session=session, chaired_by=members[:1], attendance=came)


def say(partnership: UUID, session: UUID | None = None) -> ReceiveFeedback:
    return ReceiveFeedback(
        partnership=partnership,
        session=session,
        kind=FeedbackKind.comment,
        relation=FeedbackAuthorRelation.carer,
        anonymity=AnonymityMode.named,
        channel=FeedbackChannel.web,
        text="The stairs are steep.",
    )


def made(receipt: Receipt) -> UUID:
    assert receipt.made
    return receipt.made


def titles(told: SessionDetail) -> list[str | None]:
    return [
        *(item.title for item in told.agenda),
        *(decision.title for decision in told.decisions),
        *(action.title for action in told.actions),
    ]


def survey(partnership: UUID, *references: str, **changed: object) -> ImportFeedback:
    comments = tuple(
        SurveyComment(reference=reference, respondent=reference, received=BEGAN, kind=FeedbackKind.comment, text=f"words of {reference}")
        for reference in references
    )
    return ImportFeedback(partnership=partnership, source="fft", comments=tuple(one.model_copy(update=changed) for one in comments))


def test_a_partnership_nobody_proposed_has_no_sessions_and_no_feedback(region: Region) -> None:
    with refused("no_such_partnership"):
        region.sessions.plan_session(command=plan(uuid4()), context=context())
    with refused("no_such_partnership"):
        region.feedback.receive_feedback(command=say(uuid4()), context=context())
    with refused("no_such_partnership"):
        region.feedback.import_feedback(command=survey(uuid4(), "1"), context=context())
    assert (region.stores["sessions"].head(), region.stores["feedback"].head()) == (0, 0)


def test_a_partnership_holds_no_sessions_before_it_begins_its_work(region: Region, people: People) -> None:
    with refused("partnership_not_active"):
        region.sessions.plan_session(command=plan(proposed(region, "Another")), context=context())
    with refused("partnership_not_active"):
        region.sessions.plan_session(command=plan(people.partnership, BEGAN - timedelta(seconds=1)), context=context())
    assert region.stores["sessions"].head() == 0


def test_a_partnership_plans_no_sessions_while_it_rests_and_none_after_its_end(region: Region, people: People) -> None:
    rests, goes_on, ends = (MEETS + timedelta(days=days) for days in (10, 20, 30))
    verbs, which = region.partnerships, people.partnership
    verbs.pause_partnership(command=PausePartnership(happened=rests, partnership=which, reason=PauseReason.funding), context=context())
    region.spread()
    with refused("partnership_paused"):
        planned(region, people, ends)
    verbs.resume_partnership(command=ResumePartnership(happened=goes_on, partnership=which), context=context())
    verbs.close_partnership(command=ClosePartnership(happened=ends, partnership=which, reason=ClosureReason.merged), context=context())
    region.spread()
    for starts, code in ((rests, "partnership_paused"), (ends, "partnership_closed"), (ends + timedelta(days=9), "partnership_closed")):
        with refused(code):
            planned(region, people, starts)
    for starts in (rests - timedelta(seconds=1), goes_on, ends - timedelta(seconds=1)):
        planned(region, people, starts)
    assert region.stores["sessions"].head() == 3
    (listed,) = region.partnerships.list_partnerships(query=ListPartnerships()).items
    assert listed.status is PartnershipStatus.closed


def side(region: Region, people: People, member: UUID, starts: datetime) -> Perspective:
    """The side from which a member takes part in a session that starts then, as sessions knows it."""
    return region.membership.perspectives(people.partnership, [member], starts, field="members")[member]


def test_whoever_changed_sides_takes_part_from_the_side_of_the_day_as_corrected_since(region: Region, people: People) -> None:
    verbs, which, lived = region.partnerships, people.partnership, Perspective.lived_experience_self
    employed = Perspective.lived_experience_employed
    changed = DeclarePerspective(happened=MEETS, partnership=which, member=people.aoife, perspective=employed)
    entry = verbs.declare_perspective(command=changed, context=context()).version
    region.spread()
    before, after = MEETS - timedelta(seconds=1), MEETS + timedelta(days=9)
    assert [side(region, people, people.aoife, day) for day in (before, MEETS)] == [lived, employed]
    right = CorrectEntry(partnership=which, member=people.aoife, entry=entry, at=after)
    verbs.correct_entry(command=right, context=context())
    region.spread()
    assert [side(region, people, people.aoife, day) for day in (MEETS, after)] == [lived, employed]
    verbs.correct_entry(command=CorrectEntry(partnership=which, member=people.aoife, entry=entry, never=True), context=context())
    region.spread()
    assert side(region, people, people.aoife, after) is lived


def test_a_corrected_joining_or_end_is_known_to_sessions(region: Region, people: People) -> None:
    verbs, which = region.partnerships, people.partnership
    history = verbs.get_member_history(query=GetMemberHistory(partnership=which, member=people.dervla))
    joined, ended = (entry.entry for entry in history.entries)
    correct = CorrectEntry(partnership=which, member=people.dervla, entry=joined, at=MEETS, perspective=Perspective.community)
    verbs.correct_entry(command=correct, context=context())
    region.spread()
    with refused("not_yet_a_member"):
        side(region, people, people.dervla, MEETS - timedelta(seconds=1))
    assert side(region, people, people.dervla, MEETS) is Perspective.community
    with refused("membership_ended"):
        side(region, people, people.dervla, LEFT)
    verbs.correct_entry(command=CorrectEntry(partnership=which, member=people.dervla, entry=ended, never=True), context=context())
    region.spread()
    assert side(region, people, people.dervla, LEFT) is Perspective.community


def test_only_members_of_the_partnership_take_part(region: Region, people: People) -> None:
    session, elsewhere = planned(region, people), People(region)
    for stranger in (uuid4(), elsewhere.aoife):
        with refused("not_a_member"):
            invite(region, session, people.aoife, stranger)
        raised = RaiseAgendaItem(session=session, title="Stairs", origin=AgendaItemOrigin.raised_by_member, raised_by=stranger)
        with refused("not_a_member"):
            region.sessions.raise_agenda_item(command=raised, context=context())
    assert region.stores["sessions"].head() == 1


def test_nobody_takes_part_before_they_joined_or_after_they_left(region: Region, people: People) -> None:
    before, after = planned(region, people), planned(region, people, LEFT)
    invite(region, before, people.dervla)
    with refused("membership_ended"):
        invite(region, after, people.dervla)
    late = AddMember(
        happened=LEFT, partnership=people.partnership, name="Orla", role=ParticipantRole.clinical_lead, perspective=Perspective.professional
    )
    orla = region.partnerships.add_member(command=late, context=context()).made
    region.spread()
    assert orla
    with refused("not_yet_a_member"):
        invite(region, before, orla)
    invite(region, after, orla)


def test_who_left_between_invitation_and_session_did_not_come(region: Region, people: People) -> None:
    session = planned(region, people)
    invite(region, session, people.aoife, people.lorcan)
    end = EndMembership(
        happened=MEETS - timedelta(days=1), partnership=people.partnership, member=people.lorcan, reason=MembershipEndReason.conflict
    )
    region.partnerships.end_membership(command=end, context=context())
    region.spread()
    with refused("membership_ended"):
        region.sessions.hold_session(command=hold(session, people.aoife, people.lorcan), context=context())
    region.sessions.hold_session(command=hold(session, people.aoife), context=context())


def test_a_session_asks_for_the_quorum_that_held_on_its_day_and_before_any_for_one_of_each_side(region: Region, people: People) -> None:
    def needed(starts: datetime) -> tuple[int, int, int]:
        session = planned(region, people, starts)
        invite(region, session, people.aoife, people.lorcan)
        here = (people.aoife, people.lorcan)
        opening = OpenSession(happened=starts, session=session, chaired_by=here, present=here)
        region.sessions.open_session(command=opening, context=context())
        (opened,) = (one for one in stored(region.stores["sessions"]) if isinstance(one, SessionOpened) and one.stream == session)
        return opened.quorum, opened.quorum_lived_experience, opened.quorum_provider

    for day, share in ((MEETS, 100), (LEFT, 60)):
        agreed = {"quorum_lived_experience": 1, "quorum_provider": 1, "quorum_share": share}
        command = SetCompositionRule(happened=day, partnership=people.partnership, lived_experience=1, provider=1, **agreed)
        region.partnerships.set_composition_rule(command=command, context=context())
    region.spread()
    assert needed(MEETS - timedelta(seconds=1)) == (2, 1, 1)
    assert needed(MEETS) == (3, 1, 1)
    assert needed(LEFT) == (2, 1, 1)


def test_whoever_is_on_leave_takes_no_part_and_counts_for_no_quorum_until_they_are_back(region: Region, people: People) -> None:
    agreed = {"quorum_lived_experience": 1, "quorum_provider": 1, "quorum_share": 100}
    command = SetCompositionRule(happened=BEGAN, partnership=people.partnership, lived_experience=1, provider=1, **agreed)
    region.partnerships.set_composition_rule(command=command, context=context())
    who: dict[str, Any] = {"partnership": people.partnership, "member": people.dervla}
    begun = region.partnerships.begin_leave(command=BeginLeave(happened=BEGAN + timedelta(hours=1), **who), context=context())
    region.partnerships.end_leave(command=EndLeave(happened=MEETS + timedelta(hours=1), **who), context=context())
    region.spread()
    counted = [region.membership.quorum(people.partnership, MEETS + timedelta(hours=later)) for later in (0, 1)]
    assert [quorum.present for quorum in counted] == [2, 3]
    session = planned(region, people, MEETS)
    with refused("on_leave"):
        invite(region, session, people.dervla)
    never = CorrectEntry(**who, entry=begun.version, never=True)
    region.partnerships.correct_entry(command=never, context=context())
    region.spread()
    invite(region, session, people.dervla)


def test_a_series_is_planned_at_once_or_not_at_all_and_its_place_is_told_to_those_who_may_know(region: Region, people: People) -> None:
    series = PlanSeries(
        partnership=people.partnership,
        kind=SessionKind.training,
        mode=SessionMode.in_person,
        starts=MEETS,
        place="The parish hall",
        every=Recurrence.weekly,
        times=3,
        time_zone="Europe/Dublin",
    )
    with refused("unknown_time_zone"):
        region.sessions.plan_series(command=series.model_copy(update={"time_zone": "Europe/Atlantis"}), context=context())
    with refused("partnership_not_active"):
        region.sessions.plan_series(command=series.model_copy(update={"starts": BEGAN - timedelta(days=8)}), context=context())
    assert region.stores["sessions"].head() == 0
    receipt = region.sessions.plan_series(command=series, context=context())
    planned = [one for one in stored(region.stores["sessions"]) if isinstance(one, SessionPlanned)]
    assert [one.starts for one in planned] == [MEETS + timedelta(weeks=number) for number in range(3)]
    assert {one.series for one in planned} == {receipt.made}
    for role, place in (("partnership_coordinator", "The parish hall"), ("governance_auditor", None)):
        asking = context(role=role)
        for one in planned:
            seen = region.sessions.get_session(query=GetSession(session=one.stream), context=asking)
            told = region.sessions.get_calendar(query=GetCalendar(session=one.stream), context=asking).calendar
            assert (seen.place, "LOCATION:The parish hall" in told) == (place, place is not None)


def test_feedback_about_a_session_is_about_one_this_partnership_held(region: Region, people: People) -> None:
    session, elsewhere = planned(region, people), People(region)
    invite(region, session, people.aoife)
    with refused("session_not_held_here"):
        region.feedback.receive_feedback(command=say(people.partnership, session), context=context())
    region.sessions.hold_session(command=hold(session, people.aoife), context=context())
    region.spread()
    with refused("session_not_held_here"):
        region.feedback.receive_feedback(command=say(elsewhere.partnership, session), context=context())
    region.feedback.receive_feedback(command=say(people.partnership, session), context=context())
    assert region.stores["feedback"].head() == 1


def test_a_session_tells_what_was_decided_and_its_words_only_to_those_who_may(region: Region, people: People) -> None:
    session, verbs = planned(region, people), region.sessions
    invite(region, session, people.aoife, people.lorcan)
    raised = RaiseAgendaItem(session=session, title="Stairs", origin=AgendaItemOrigin.raised_by_member, raised_by=people.aoife)
    item = verbs.raise_agenda_item(command=raised, context=context()).made
    assert item
    held = hold(session, people.aoife, people.lorcan).model_copy(update={"discussed": (item,)})
    verbs.hold_session(command=held, context=context())
    close = CloseDecision(
        session=session, title="A ramp", method=DecisionMethod.consent, provider=(1, 0, 0), outcome=DecisionOutcome.adopted
    )
    decision = verbs.close_decision(command=close, context=context()).made
    assert decision
    due = MEETS.date() + timedelta(days=30)
    agree = AgreeAction(
        happened=MEETS, session=session, decision=decision, title="Build it", owner_side=OwnerSide.provider, original_due=due
    )
    verbs.agree_action(command=agree, context=context())
    told = verbs.get_session(query=GetSession(session=session), context=context())
    assert titles(told) == ["Stairs", "A ramp", "Build it"]
    assert (told.status, told.agenda[0].discussed, told.decisions[0].provider, told.actions[0].due) == (
        SessionStatus.held,
        True,
        (1, 0, 0),
        due,
    )
    public = verbs.get_session(query=GetSession(session=session), context=context(role="governance_auditor"))
    assert titles(public) == [None] * 3


def test_feedback_tells_its_words_only_to_those_who_may(region: Region, people: People) -> None:
    item = region.feedback.receive_feedback(command=say(people.partnership), context=context()).id
    region.feedback.respond_to_feedback(command=RespondToFeedback(feedback=item, text="A ramp is coming."), context=context())
    told = region.feedback.get_feedback(query=GetFeedback(feedback=item), context=context())
    assert (told.text, told.responses) == ("The stairs are steep.", ("A ramp is coming.",))
    public = region.feedback.get_feedback(query=GetFeedback(feedback=item), context=context(role="governance_auditor"))
    assert (public.text, public.responses) == (None, (None,))


def test_a_survey_taken_in_twice_is_taken_in_once_also_when_it_has_grown(region: Region, people: People) -> None:
    verbs = region.feedback
    first = verbs.import_feedback(command=survey(people.partnership, "1", "2", theme=FeedbackTheme.access), context=context())
    again = verbs.import_feedback(command=survey(people.partnership, "1", "2", theme=FeedbackTheme.access), context=context())
    grown = verbs.import_feedback(command=survey(people.partnership, "2", "3"), context=context())
    assert [(one.stored, one.known, one.position) for one in (first, again, grown)] == [(2, 0, 4), (0, 2, 4), (1, 1, 5)]
    received = [fact for fact in stored(region.stores["feedback"]) if fact.type == "feedback.FeedbackReceived.v1"]
    assert {fact.happened for fact in received} == {BEGAN}
    told = [verbs.get_feedback(query=GetFeedback(feedback=fact.stream), context=context()).text for fact in received]
    assert told == ["words of 1", "words of 2", "words of 3"]


def test_the_same_import_sent_again_is_answered_as_the_first_time(region: Region, people: People) -> None:
    sent = context()
    answers = [region.feedback.import_feedback(command=survey(people.partnership, "1", "2"), context=sent) for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0].stored, answers[0].known) == (2, 0)


def test_an_import_that_another_one_has_done_meanwhile_stores_nothing_and_says_so(
    region: Region, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, append = region.stores["feedback"], region.stores["feedback"].append

    def beaten(*events: object, **saved: object) -> object:
        monkeypatch.setattr(store, "append", append)
        region.feedback.import_feedback(command=survey(people.partnership, "1", "2"), context=context())
        return append(*events, **saved)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "append", beaten)
    receipt = region.feedback.import_feedback(command=survey(people.partnership, "1", "2"), context=context())
    assert (receipt.stored, receipt.known, len(stored(store))) == (0, 2, 2)


def test_a_comment_of_tomorrow_is_refused_with_all_of_its_batch(region: Region, people: People) -> None:
    with refused("in_the_future"):
        region.feedback.import_feedback(
            command=survey(people.partnership, "1", received=datetime(2199, 1, 1, tzinfo=UTC)), context=context()
        )
    assert region.stores["feedback"].head() == 0


@pytest.mark.parametrize("mode", [AnonymityMode.anonymous_to_partnership, AnonymityMode.detached])
def test_anonymous_feedback_does_not_lead_back_to_whoever_handed_it_in(region: Region, people: People, mode: AnonymityMode) -> None:
    sent = context()
    region.feedback.receive_feedback(command=say(people.partnership).model_copy(update={"anonymity": mode}), context=sent)
    (fact,) = stored(region.stores["feedback"])
    assert (fact.actor, fact.on_behalf_of, fact.correlation == sent.correlation) == ("undisclosed", None, False)


def test_a_pulse_does_not_lead_back_to_whoever_gave_it(region: Region, people: People) -> None:
    session, sent = planned(region, people), context(role="member")
    invite(region, session, people.aoife)
    region.sessions.hold_session(command=hold(session, people.aoife), context=context())
    answers = (PulseAnswer(side=Side.lived_experience, heard=2),)
    region.sessions.submit_pulse(command=SubmitPulse(session=session, answers=answers, happened=MEETS), context=sent)
    fact = stored(region.stores["sessions"])[-1]
    assert (fact.heard, fact.actor, fact.correlation == sent.correlation) == (2, "undisclosed", False)


class Vote:
    """A secret ballot of three on each side, in a box that is still open."""

    def __init__(self, region: Region) -> None:
        self.region, self.verbs = region, region.sessions
        people = People(region)
        lived = [people.aoife, *(people.join(region, Perspective.lived_experience_self) for _ in range(2))]
        provider = [people.lorcan, *(people.join(region, Perspective.professional) for _ in range(2))]
        region.spread()
        self.session, self.here = planned(region, people, LEFT), (*lived, *provider)
        invite(region, self.session, *self.here)
        raising = RaiseAgendaItem(session=self.session, title="Who goes", origin=AgendaItemOrigin.standing)
        item = made(self.verbs.raise_agenda_item(command=raising, context=context()))
        binding, majority = BindingForce.binding, DecisionMethod.majority
        method = SetDecisionMethod(session=self.session, item=item, method=majority, binding=binding, secret=True)
        self.verbs.set_decision_method(command=method, context=context())
        begin = OpenSession(happened=LEFT, session=self.session, chaired_by=self.here[:1], present=self.here)
        self.verbs.open_session(command=begin, context=context())
        self.verbs.open_agenda_item(command=OpenAgendaItem(session=self.session, item=item), context=context())
        put = PutProposal(session=self.session, item=item, title="A", text="B")
        self.decision = made(self.verbs.put_proposal(command=put, context=context()))
        hand_out = HandOutBallots(session=self.session, decision=self.decision, members=self.here)
        self.verbs.hand_out_ballots(command=hand_out, context=context())

    def cast(self, side: Side, position: Position, by: Context) -> None:
        self.verbs.cast_ballot(command=CastBallot(session=self.session, decision=self.decision, side=side, position=position), context=by)

    def cast_all(self) -> None:
        for side, position in ((Side.lived_experience, Position.in_favour), (Side.provider, Position.against)):
            for _ in range(3):
                self.cast(side, position, context(role="member"))

    def close(self) -> None:
        self.verbs.close_ballot(command=CloseBallot(session=self.session, decision=self.decision), context=context())
        close = CloseProposal(session=self.session, decision=self.decision, outcome=DecisionOutcome.not_adopted)
        self.verbs.close_proposal(command=close, context=context())
        self.region.spread()

    def facts(self) -> list[Any]:
        return stored(self.region.stores["sessions"])

    def boxes(self) -> dict[UUID, SealedBox]:
        return self.region.stores["sessions"].boxes([fact.ballot.handle for fact in self.facts() if isinstance(fact, BallotCast)])


def died(*_: Any, **__: Any) -> None:
    raise Unavailable("died", "Nobody is there any more.")


@pytest.fixture
def vote(region: Region) -> Vote:
    return Vote(region)


def test_a_secret_ballot_leads_neither_back_to_whoever_cast_it_nor_out_of_the_box_before_the_end(vote: Vote) -> None:
    for side, position in ((Side.lived_experience, Position.in_favour), (Side.provider, Position.against)):
        for role in ("member", "partnership_coordinator", "member"):
            sent = context(role=role).model_copy(update={"on_behalf_of": "Lorcan", "reason": "asked"})
            vote.cast(side, position, sent)
            fact = vote.facts()[-1]
            assert (fact.type, fact.actor, fact.role, fact.on_behalf_of, fact.reason) == (
                BallotCast.type,
                "undisclosed",
                "undisclosed",
                None,
                None,
            )
            assert sent.correlation != fact.correlation
            assert not {str(member) for member in vote.here} & set(fact.model_dump_json().split('"'))
    told = vote.verbs.get_session(query=GetSession(session=vote.session), context=context()).proposals[0]
    assert (told.ballots_cast, told.positions) == (6, ())
    vote.close()
    closed = vote.facts()[-1]
    assert (closed.lived_experience, closed.provider, closed.withheld) == ((3, 0, 0), (0, 3, 0), 0)


def test_neither_the_length_of_a_ballot_nor_the_digest_of_its_command_tells_what_it_says(vote: Vote) -> None:
    first = context(role="member")
    vote.cast(Side.lived_experience, Position.in_favour, first)
    vote.cast(Side.lived_experience, Position.against, context(role="member"))
    assert len({len(box.ciphertext) for box in vote.boxes().values()}) == 1
    before = len(vote.facts())
    vote.cast(Side.provider, Position.against, first)
    assert len(vote.facts()) == before


def test_ballots_are_destroyed_once_they_are_counted_also_when_the_process_dies_in_between(
    vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote.cast_all()
    vote.verbs.tend()
    assert len(vote.boxes()) == 6
    vote.close()
    with monkeypatch.context() as dying:
        dying.setattr(Recorder, "append", died)
        with refused("died"):
            vote.verbs.tend()
    assert not any(isinstance(fact, BallotsDestroyed) for fact in vote.facts())
    for _ in range(2):
        vote.region.another_sessions(vote.region.stores["sessions"]).tend()
    vote.region.spread()
    vote.verbs.tend()
    assert [fact.ballots for fact in vote.facts() if isinstance(fact, BallotsDestroyed)] == [6]
    assert vote.boxes() == {}
    assert vote.verbs.sealer.keys.existing([fact.ballot.subject for fact in vote.facts() if isinstance(fact, BallotCast)]) == {}


def test_ballots_that_nobody_can_open_any_more_are_not_counted(vote: Vote) -> None:
    vote.cast_all()
    cast = next(fact for fact in vote.facts() if isinstance(fact, BallotCast))
    vote.verbs.sealer.keys.destroy([cast.ballot.subject])
    with refused("ballot_destroyed"):
        vote.close()


def test_ballots_that_a_back_up_brought_back_are_destroyed_again(vote: Vote) -> None:
    vote.cast_all()
    kept = vote.region.stores["sessions"]
    box = next(iter(vote.boxes().values()))
    vote.close()
    vote.verbs.tend()
    kept.append([], command=SavedCommand(uuid4(), b"", uuid4(), 0), sealed=[box])
    assert len(vote.boxes()) == 1
    vote.verbs.forget_again()
    assert vote.boxes() == {}


def test_an_action_is_cancelled_by_a_decision_of_a_later_session_but_not_of_another_partnership(region: Region, people: People) -> None:
    verbs, other = region.sessions, People(region)
    session, later, elsewhere = planned(region, people), planned(region, people, MEETS), planned(region, other)
    for one, chair in ((session, people.aoife), (later, people.aoife), (elsewhere, other.aoife)):
        invite(region, one, chair)
        verbs.hold_session(command=hold(one, chair), context=context())
    closed = CloseDecision(session=session, title="Stairs", method=DecisionMethod.consent, outcome=DecisionOutcome.adopted)
    here, soon, there = (
        made(verbs.close_decision(command=closed.model_copy(update={"session": one}), context=context()))
        for one in (session, later, elsewhere)
    )
    todo = AgreeAction(
        happened=MEETS, session=session, decision=here, title="A ramp", owner_side=OwnerSide.joint, original_due=MEETS.date()
    )
    action = made(verbs.agree_action(command=todo, context=context()))
    region.spread()
    with refused("cancelled_without_decision"):
        verbs.cancel_action(command=CancelAction(session=session, action=action, decision=there), context=context())
    verbs.cancel_action(command=CancelAction(session=session, action=action, decision=soon), context=context())
    assert stored(region.stores["sessions"])[-1].type == "sessions.ActionCancelled.v1"


def test_a_reference_given_twice_in_one_survey_is_one_comment(region: Region, people: People) -> None:
    receipt = region.feedback.import_feedback(command=survey(people.partnership, "1", "1"), context=context())
    assert (receipt.stored, receipt.known, region.stores["feedback"].head()) == (1, 1, 1)


def test_lists_go_page_by_page_and_a_cursor_nobody_gave_is_refused(region: Region, people: People) -> None:
    sessions = [planned(region, people, MEETS + timedelta(days=day)) for day in (2, 0, 1)]
    region.feedback.import_feedback(command=survey(people.partnership, "1", "2", "3"), context=context())
    other = proposed(region, "Zuider")
    region.spread()
    first = region.sessions.list_sessions(query=ListSessions(partnership=people.partnership, limit=2))
    last = region.sessions.list_sessions(query=ListSessions(partnership=people.partnership, limit=2, after=first.next))
    assert [one.id for one in (*first.items, *last.items)] == [sessions[1], sessions[2], sessions[0]]
    assert last.next is None
    page = region.feedback.list_feedback(query=ListFeedback(partnership=people.partnership, limit=2))
    rest = region.feedback.list_feedback(query=ListFeedback(partnership=people.partnership, limit=2, after=page.next))
    assert len({one.id for one in (*page.items, *rest.items)}) == 3
    names = region.partnerships.list_partnerships(query=ListPartnerships())
    assert [(one.id, one.status) for one in names.items] == [
        (people.partnership, PartnershipStatus.active),
        (other, PartnershipStatus.proposed),
    ]
    for word in ("x", "bnVsbA==", "WyIiXQ=="):
        with refused("unknown_cursor"):
            region.sessions.list_sessions(query=ListSessions(partnership=people.partnership, after=word))


def test_a_list_of_feedback_shows_how_far_each_item_has_come(region: Region, people: People) -> None:
    item = region.feedback.receive_feedback(command=say(people.partnership), context=context()).id
    region.feedback.theme_feedback(command=ThemeFeedback(feedback=item, theme=FeedbackTheme.access), context=context())
    region.feedback.respond_to_feedback(command=RespondToFeedback(feedback=item, text="A ramp is coming."), context=context())
    region.spread()
    (shown,) = region.feedback.list_feedback(query=ListFeedback(partnership=people.partnership)).items
    detail = region.feedback.get_feedback(query=GetFeedback(feedback=item), context=context())
    assert shown.model_dump() == {name: value for name, value in detail.model_dump().items() if name in type(shown).model_fields}


def test_a_session_that_was_moved_stands_in_the_calendar_where_it_is_now(region: Region, people: People) -> None:
    first, moved = planned(region, people), planned(region, people, MEETS - timedelta(hours=1))
    later = MEETS + timedelta(days=2)
    region.sessions.move_session(command=MoveSession(session=moved, starts=later, mode=SessionMode.hybrid), context=context())
    region.spread()
    told = region.sessions.list_sessions(query=ListSessions(partnership=people.partnership)).items
    assert [(one.id, one.starts) for one in told] == [(first, MEETS), (moved, later)]
    assert told[1].mode is SessionMode.hybrid
