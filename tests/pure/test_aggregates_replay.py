"""Whatever is asked of an aggregate, sensible or not: what its stored facts give back is what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.errors import Refusal
from contracts.partnerships import (
    AccessNeedFlagged,
    AccessNeedIdentified,
    AccessNeedMetConfirmed,
    AccessNeedRecorded,
    AccessNeedReviewed,
    AccessNeedShared,
    CoChairAppointed,
    CompositionBreached,
    CompositionMended,
    DegreeAgreed,
    EntryCorrected,
    ExpenseClaimed,
    MemberJoined,
    MembershipEnded,
    NominationEnded,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPaused,
    PartnershipResumed,
    PaymentApproved,
    PaymentMade,
    TermsOfReferenceAgreed,
    TermsOfReferenceDrafted,
)
from contracts.sessions import (
    AgendaItemOpened,
    Attendance,
    AttendanceRecorded,
    Contributions,
    DecisionMethodSet,
    InvitationSent,
    MemberPosition,
    MinutesAgreed,
    PositionTaken,
    ProposalPut,
    PulseAnswer,
    PulseSubmitted,
)
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    AgendaItemOrigin,
    AnonymityMode,
    AttendanceStatus,
    BindingForce,
    BlockingReason,
    CancellationReason,
    ClosureReason,
    CommissioningStage,
    ConfirmedBy,
    ConsentFormat,
    ConsentPurpose,
    CoproductionLevel,
    DecisionMethod,
    DecisionOutcome,
    Degree,
    EntryKind,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    FeedbackOutcome,
    FeedbackState,
    FeedbackTheme,
    IdentifiedBy,
    InformationFormat,
    InterestHandling,
    InterestType,
    InvitationAnswer,
    LegalBasis,
    MembershipEndReason,
    NominationEnd,
    OwnerSide,
    ParticipantRole,
    PartnershipOffice,
    PartnershipStatus,
    PauseReason,
    PaymentKind,
    Perspective,
    Position,
    Receiver,
    RejectionReason,
    SelectionMethod,
    SessionKind,
    SessionMode,
    SessionStatus,
    SettingType,
    SharedWith,
    Side,
    SkillArea,
)
from services.feedback.domain import FeedbackItem
from services.partnerships.domain import AccessNeeds, Participation, Partnership, Payment, Rule, WorkItem
from services.sessions.domain import Session
from services.sessions.domain.methods import BY_ONE, POSITIONS, Voice
from services.sessions.domain.quorum import Quorum
from shared.application import Aggregate, FactMapper
from tests.given import NOW, PARTNERSHIP, STREAM, sealed, stamp

PEOPLE = [UUID(int=number) for number in range(1, 8)]
people = st.sampled_from(PEOPLE)
THINGS = [UUID(int=number) for number in range(100, 103)]
things = st.sampled_from(THINGS)
moments = st.integers(-2, 2).map(lambda days: stamp(NOW + timedelta(days=days)))
days = st.integers(0, 3).map(lambda number: NOW.date() + timedelta(days=number))
COMPOSITION = (CompositionBreached, CompositionMended)
positions = st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1)) | st.just((0, 0, 0))
OF_SOMEBODY: Any = {"partnership": PARTNERSHIP, "member": PEOPLE[0]}
LONG = settings(max_examples=60, stateful_step_count=30, deadline=None)


class Replayed(RuleBasedStateMachine):
    """Keeps what the aggregate records as it would be stored."""

    live: Aggregate

    def __init__(self) -> None:
        super().__init__()
        self.mapper = FactMapper()
        self.stored: list[StoredEvent] = []

    def keep(self, aggregate: Aggregate) -> None:
        self.stored += [self.mapper.to_stored_event(fact) for fact in aggregate.collect_events()]

    def ask(self, verb: Callable[[], object]) -> None:
        """Do it, or be refused and have nothing recorded."""
        version = self.live.version
        try:
            verb()
        except Refusal:
            assert self.live.version == version
        self.keep(self.live)

    def facts(self) -> list[Any]:
        return [self.mapper.to_domain_event(stored) for stored in self.stored]

    @invariant()
    def what_is_stored_gives_back_what_is(self) -> None:
        again = type(self.live)(self.live.id).replay(self.facts())
        assert vars(again) == vars(self.live)

    @invariant()
    def versions_have_no_holes(self) -> None:
        assert [stored.originator_version for stored in self.stored] == list(range(1, self.live.version + 1))


class PartnershipReplayed(Replayed):
    live: Partnership

    @initialize(formed=st.booleans())
    def propose(self, *, formed: bool) -> None:
        self.live = Partnership.propose(
            STREAM, stamp(), name="Abhainn", org_unit="P001", setting=SettingType.camhs, level=CoproductionLevel.strategic
        )
        self.keep(self.live)
        if formed:
            self.add_member(stamp(), Perspective.lived_experience_self)
            self.add_member(stamp(), Perspective.leadership)
            for member in PEOPLE[:2]:
                self.name_co_chair(stamp(), member)
            self.agree_terms(stamp(), 1)

    @rule(by=moments, perspective=st.sampled_from(Perspective))
    def add_member(self, by: Any, perspective: Perspective) -> None:
        member = UUID(int=len(self.live.members) + 1)  # an id is made anew for each who joins
        self.ask(lambda: self.live.add_member(by, member=member, name=sealed(), role=ParticipantRole.observer, perspective=perspective))

    @rule(by=moments, member=people, reason=st.sampled_from(MembershipEndReason))
    def end_membership(self, by: Any, member: UUID, reason: MembershipEndReason) -> None:
        self.ask(lambda: self.live.end_membership(by, member=member, reason=reason))

    @rule(by=moments, member=people)
    def name_co_chair(self, by: Any, member: UUID) -> None:
        self.ask(lambda: self.live.name_co_chair(by, member=member))

    @rule(by=moments, perspective=st.sampled_from(Perspective), selection=st.sampled_from(SelectionMethod))
    def nominate(self, by: Any, perspective: Perspective, selection: SelectionMethod) -> None:
        member = UUID(int=len(self.live.members) + 1)
        who: Any = {"member": member, "name": sealed(), "role": ParticipantRole.observer, "perspective": perspective}
        self.ask(lambda: self.live.nominate(by, **who, selection=selection))

    @rule(by=moments, member=people)
    def invite(self, by: Any, member: UUID) -> None:
        self.ask(lambda: self.live.invite(by, member=member))

    @rule(by=moments, member=people)
    def join(self, by: Any, member: UUID) -> None:
        self.ask(lambda: self.live.join(by, member=member))

    @rule(by=moments, member=people, reason=st.sampled_from(NominationEnd))
    def end_nomination(self, by: Any, member: UUID, reason: NominationEnd) -> None:
        self.ask(lambda: self.live.end_nomination(by, member=member, reason=reason))

    @rule(by=moments, member=people)
    def begin_leave(self, by: Any, member: UUID) -> None:
        self.ask(lambda: self.live.begin_leave(by, member=member))

    @rule(by=moments, member=people)
    def end_leave(self, by: Any, member: UUID) -> None:
        self.ask(lambda: self.live.end_leave(by, member=member))

    @rule(by=moments, member=people, perspective=st.sampled_from(Perspective))
    def declare_perspective(self, by: Any, member: UUID, perspective: Perspective) -> None:
        self.ask(lambda: self.live.declare_perspective(by, member=member, perspective=perspective))

    @rule(by=moments, member=people, office=st.sampled_from(PartnershipOffice), days=st.none() | st.integers(-1, 3))
    def appoint(self, by: Any, member: UUID, office: PartnershipOffice, days: int | None) -> None:
        until = None if days is None else NOW + timedelta(days=days)
        self.ask(lambda: self.live.appoint(by, member=member, office=office, until=until))

    @rule(by=moments, member=people, office=st.sampled_from(PartnershipOffice))
    def leave_office(self, by: Any, member: UUID, office: PartnershipOffice) -> None:
        self.ask(lambda: self.live.leave_office(by, member=member, office=office))

    @rule(
        data=st.data(),
        days=st.none() | st.integers(-2, 2),
        perspective=st.none() | st.sampled_from(Perspective),
        never=st.booleans(),
    )
    def correct_entry(self, data: st.DataObject, days: int | None, perspective: Perspective | None, never: bool) -> None:
        entries = list(self.live.roll.entries.values())
        entry = data.draw(st.sampled_from(entries)) if entries else None
        member, version = (entry.member, entry.version) if entry else (PEOPLE[0], 1)
        at = None if days is None else NOW + timedelta(days=days)
        self.ask(lambda: self.live.correct_entry(stamp(), member=member, version=version, at=at, perspective=perspective, never=never))

    @invariant()
    def an_office_is_held_by_members_and_those_of_one_holder_by_one(self) -> None:
        for day in (None, *(NOW + timedelta(days=days) for days in range(-3, 4))):
            for office in PartnershipOffice:
                holders = [entry.member for entry in self.live.roll.held(office, day)]
                assert all(self.live.members[member].status(day) in {"joined", "on_leave"} for member in holders)
                assert len(holders) == len(set(holders)) <= (7 if office is PartnershipOffice.facilitator else 1)

    @invariant()
    def everybody_on_the_roll_was_nominated_or_joined_and_nobody_joined_twice(self) -> None:
        for member in self.live.members.values():
            kinds = Counter(entry.kind for entry in member.entries)
            assert kinds[EntryKind.joined] <= 1 <= kinds[EntryKind.nominated] + kinds[EntryKind.joined]

    @rule(by=moments, edition=st.integers(0, 3))
    def agree_terms(self, by: Any, edition: int) -> None:
        self.ask(lambda: self.live.agree_terms_of_reference(by, edition=edition, document="a3" * 32))

    @rule(by=moments, edition=st.integers(0, 3), document=st.sampled_from(["a3" * 32, "b4" * 32]))
    def draft_terms(self, by: Any, edition: int, document: str) -> None:
        self.ask(lambda: self.live.draft_terms_of_reference(by, edition=edition, document=document))

    @invariant()
    def terms_were_agreed_on_both_sides_as_they_were_drafted(self) -> None:
        drafts: dict[int, str] = {}
        for fact in self.facts():
            if isinstance(fact, TermsOfReferenceDrafted):
                drafts[fact.edition] = fact.document
            if isinstance(fact, TermsOfReferenceAgreed):
                assert drafts.get(fact.edition, fact.document) == fact.document
                assert len(fact.agreed_by) >= 2

    @rule(by=moments)
    def activate(self, by: Any) -> None:
        self.ask(lambda: self.live.activate(by))

    @rule(by=moments, least=st.integers(1, 2), share=st.sampled_from([0, 50, 60]))
    def set_composition_rule(self, by: Any, least: int, share: int) -> None:
        composition = Rule(least, 1, share, 1, 1, 50)
        self.ask(lambda: self.live.set_composition_rule(by, composition=composition))

    @invariant()
    def whoever_works_is_known_to_meet_the_rule_or_to_fall_short_of_it(self) -> None:
        if self.live.status in {PartnershipStatus.active, PartnershipStatus.paused}:
            assert bool(self.live.shortfalls) is (self.live.breached is not None)

    @rule(by=moments, reason=st.sampled_from([PauseReason.agreed_break, PauseReason.funding]))
    def pause(self, by: Any, reason: PauseReason) -> None:
        self.ask(lambda: self.live.pause(by, reason=reason))

    @rule(by=moments)
    def resume(self, by: Any) -> None:
        self.ask(lambda: self.live.resume(by))

    @precondition(lambda self: self.live.version > 12)
    @rule(by=moments, reason=st.sampled_from([ClosureReason.merged, ClosureReason.other]))
    def close(self, by: Any, reason: ClosureReason) -> None:
        self.ask(lambda: self.live.close(by, reason=reason))

    @invariant()
    def after_the_end_only_memberships_end_and_entries_are_put_right(self) -> None:
        facts = self.facts()
        closed = next((fact.version for fact in facts if isinstance(fact, PartnershipClosed)), len(facts))
        assert all(isinstance(fact, (MembershipEnded, EntryCorrected, NominationEnded, *COMPOSITION)) for fact in facts[closed:])

    @invariant()
    def only_who_worked_rested(self) -> None:
        states = [fact for fact in self.facts() if isinstance(fact, (PartnershipActivated, PartnershipPaused, PartnershipResumed))]
        assert all(isinstance(fact, PartnershipPaused) is (number % 2 == 1) for number, fact in enumerate(states))
        assert [fact.happened for fact in states] == sorted(fact.happened for fact in states)

    @invariant()
    def nobody_joined_twice_and_nobody_left_before_joining(self) -> None:
        joined = Counter(fact.member for fact in self.facts() if isinstance(fact, MemberJoined))
        assert set(joined.values()) <= {1}
        assert all(not (member.joined and member.ended) or member.joined <= member.ended for member in self.live.members.values())

    @invariant()
    def a_co_chair_is_of_the_side_they_chair_for(self) -> None:
        assert all(self.live.members[member].perspective.side is side for side, member in self.live.co_chairs.items())

    @invariant()
    def who_works_has_terms_and_was_chaired_from_both_sides(self) -> None:
        if self.live.status is PartnershipStatus.active:
            assert self.live.terms_of_reference
            appointed = {fact.side for fact in self.facts() if isinstance(fact, CoChairAppointed)}
            assert appointed == {Side.lived_experience, Side.provider}


class ParticipationReplayed(Replayed):
    live: Participation

    @initialize()
    def begin(self) -> None:
        self.live = Participation(STREAM)

    @rule(by=moments, purpose=st.sampled_from(ConsentPurpose), explained=st.sampled_from(ConsentFormat))
    def grant_consent(self, by: Any, purpose: ConsentPurpose, explained: ConsentFormat) -> None:
        self.ask(lambda: self.live.grant_consent(by, **OF_SOMEBODY, purpose=purpose, text="text-1", explained=explained))

    @rule(by=moments, purpose=st.sampled_from(ConsentPurpose))
    def withdraw_consent(self, by: Any, purpose: ConsentPurpose) -> None:
        self.ask(lambda: self.live.withdraw_consent(by, **OF_SOMEBODY, purpose=purpose))

    @rule(by=moments, kind=st.sampled_from(InterestType), days=st.none() | st.integers(-40, 3))
    def declare_interest(self, by: Any, kind: InterestType, days: int | None) -> None:
        interest = UUID(int=len(self.live.interests) + 1)
        arose = None if days is None else NOW + timedelta(days=days)
        self.ask(
            lambda: self.live.declare_interest(
                by, **OF_SOMEBODY, interest=interest, kind=kind, words=None, arose=arose, within=timedelta(days=28)
            )
        )

    @rule(by=moments, interest=people)
    def end_interest(self, by: Any, interest: UUID) -> None:
        self.ask(lambda: self.live.end_interest(by, **OF_SOMEBODY, interest=interest))

    @rule(by=moments)
    def confirm_interests(self, by: Any) -> None:
        self.ask(lambda: self.live.confirm_interests(by, **OF_SOMEBODY))

    @rule(by=moments, area=st.sampled_from(SkillArea))
    def offer_skill(self, by: Any, area: SkillArea) -> None:
        skill = UUID(int=len(self.live.skills) + 1)
        self.ask(lambda: self.live.offer_skill(by, **OF_SOMEBODY, skill=skill, area=area, words=None))

    @rule(by=moments, skill=people)
    def use_skill(self, by: Any, skill: UUID) -> None:
        self.ask(lambda: self.live.use_skill(by, **OF_SOMEBODY, skill=skill))

    @invariant()
    def a_consent_is_withdrawn_after_it_was_given(self) -> None:
        assert all(one.withdrawn is None or one.granted <= one.withdrawn for one in self.live.consents.values())

    @invariant()
    def who_declared_anything_has_a_day_to_renew_it(self) -> None:
        assert bool(self.live.interests) is (self.live.renewal_due(12) is not None)

    @invariant()
    def nothing_was_used_before_it_was_offered(self) -> None:
        assert all(skill.offered <= used for skill in self.live.skills.values() for used in skill.used)


class AccessReplayed(Replayed):
    live: AccessNeeds

    @initialize()
    def begin(self) -> None:
        self.live = AccessNeeds(STREAM)

    @rule(by=moments)
    def record_need(self, by: Any) -> None:
        what: Any = {"need": UUID(int=len(self.live.needs) + 1), "category": AccessNeedCategory.transport, "wanted": None, "words": None}
        self.ask(lambda: self.live.record_need(by, **OF_SOMEBODY, **what))

    @rule(by=moments)
    def identify(self, by: Any) -> None:
        what: Any = {"need": UUID(int=len(self.live.needs) + 1), "category": AccessNeedCategory.transport, "who": IdentifiedBy.coordinator}
        self.ask(lambda: self.live.identify(by, **OF_SOMEBODY, **what))

    @rule(by=moments, need=people)
    def record_identified(self, by: Any, need: UUID) -> None:
        self.ask(lambda: self.live.record_identified(by, **OF_SOMEBODY, need=need, category=None, wanted=None, words=None))

    @rule(by=moments, need=people)
    def flag(self, by: Any, need: UUID) -> None:
        self.ask(lambda: self.live.flag(by, **OF_SOMEBODY, need=need))

    @rule(by=moments, need=people, consented=st.booleans())
    def share(self, by: Any, need: UUID, *, consented: bool) -> None:
        self.ask(lambda: self.live.share(by, **OF_SOMEBODY, need=need, shared_with=SharedWith.venue, consented=consented))

    @rule(by=moments, need=people, met=st.booleans())
    def say_met(self, by: Any, need: UUID, *, met: bool) -> None:
        self.ask(lambda: self.live.say_met(by, **OF_SOMEBODY, need=need, met=met, session=None, confirmed=True))

    @rule(by=moments, need=people, met=st.booleans())
    def confirm(self, by: Any, need: UUID, *, met: bool) -> None:
        self.ask(lambda: self.live.confirm(by, **OF_SOMEBODY, need=need, session=None, met=met, who=ConfirmedBy.member))

    @rule(by=moments, need=people, outcome=st.sampled_from(AccessReview))
    def review(self, by: Any, need: UUID, outcome: AccessReview) -> None:
        self.ask(lambda: self.live.review(by, **OF_SOMEBODY, need=need, outcome=outcome))

    @invariant()
    def nothing_is_shared_that_was_not_flagged_and_nothing_follows_an_end(self) -> None:
        recorded: set[UUID] = set()
        flagged: set[UUID] = set()
        ended: set[UUID] = set()
        for fact in self.facts():
            assert fact.need not in ended or isinstance(fact, AccessNeedMetConfirmed)
            assert not isinstance(fact, AccessNeedShared) or fact.need in flagged
            assert (
                isinstance(fact, (AccessNeedIdentified, AccessNeedReviewed))
                or fact.need in recorded
                or isinstance(fact, AccessNeedRecorded)
            )
            recorded |= {fact.need} if isinstance(fact, AccessNeedRecorded) else set()
            flagged |= {fact.need} if isinstance(fact, AccessNeedFlagged) else set()
            ended |= {fact.need} if getattr(fact, "outcome", None) is AccessReview.no_longer_needed else set()


class WorkItemReplayed(Replayed):
    live: WorkItem

    @initialize()
    def begin(self) -> None:
        what: Any = {"stage": CommissioningStage.co_design, "legal_basis": LegalBasis.none, "intended": Degree.co_design}
        self.live = WorkItem.open(STREAM, stamp(), partnership=PARTNERSHIP, name="Letter", **what)
        self.keep(self.live)

    @rule(by=moments, side=st.sampled_from(Side), degree=st.sampled_from(Degree))
    def rate(self, by: Any, side: Side, degree: Degree) -> None:
        self.ask(lambda: self.live.rate(by, side=side, degree=degree))

    @rule(by=moments, degree=st.sampled_from(Degree))
    def agree(self, by: Any, degree: Degree) -> None:
        self.ask(lambda: self.live.agree(by, degree=degree))

    @invariant()
    def what_is_agreed_was_rated_by_both_sides_and_by_nobody_after(self) -> None:
        if self.live.agreed:
            assert self.live.rated.keys() == {Side.lived_experience, Side.provider}
            assert isinstance(self.facts()[-1], DegreeAgreed)


class PaymentReplayed(Replayed):
    live: Payment

    @initialize(offered=st.booleans())
    def begin(self, *, offered: bool) -> None:
        what: Any = {**OF_SOMEBODY, "kind": PaymentKind.travel, "amount": Decimal("9.50"), "currency": "EUR"}
        if offered:
            self.live = Payment.offer(STREAM, stamp(), **what, rate_card=1, session=None, occasion=None)
        else:
            self.live = Payment.claim_expense(STREAM, stamp(), **what)
        self.keep(self.live)

    @rule(by=moments, actor=st.sampled_from(["token:a", "token:b"]), verb=st.sampled_from(["accept", "decline", "approve", "pay"]))
    def go_on(self, by: Any, actor: str, verb: str) -> None:
        self.ask(lambda: getattr(self.live, verb)(replace(by, actor=actor)))

    @rule(by=moments, actor=st.sampled_from(["token:a", "token:b"]), amount=st.none() | st.sampled_from([Decimal(9), Decimal(10)]))
    def claim(self, by: Any, actor: str, amount: Decimal | None) -> None:
        self.ask(lambda: self.live.claim(replace(by, actor=actor), amount=amount))

    @rule(by=moments)
    def reject(self, by: Any) -> None:
        self.ask(lambda: self.live.reject(by, reason=RejectionReason.other))

    @invariant()
    def nobody_approved_or_paid_what_they_claimed_and_nothing_is_paid_unapproved(self) -> None:
        facts = self.facts()
        claimed = {fact.actor for fact in facts if isinstance(fact, ExpenseClaimed)}
        done = [fact for fact in facts if isinstance(fact, (PaymentApproved, PaymentMade))]
        assert not claimed & {fact.actor for fact in done}
        assert [type(fact) for fact in done] in ([], [PaymentApproved], [PaymentApproved, PaymentMade])

    @invariant()
    def no_more_is_paid_than_was_offered(self) -> None:
        assert self.live.amount <= Decimal("9.50")


class SessionReplayed(Replayed):
    live: Session

    @initialize(stage=st.integers(0, 3))
    def plan(self, stage: int) -> None:
        self.live = Session.plan(STREAM, stamp(), partnership=PARTNERSHIP, kind=SessionKind.trialogue, mode=SessionMode.online, starts=NOW)
        self.keep(self.live)
        if stage > 0:
            self.invite(dict(zip(PEOPLE, Perspective, strict=True)))
        if stage > 1:
            came = [Attendance(member=member, status=AttendanceStatus.attended) for member in PEOPLE]
            self.ask(lambda: self.live.hold(stamp(), chaired_by=(PEOPLE[0],), attendance=came, contributions=(), discussed=()))
        if stage > 2:
            self.close_decision(THINGS[0], dict.fromkeys(Side, (1, 0, 0)), DecisionOutcome.adopted)
            for action in THINGS:
                self.agree_action(action, THINGS[0], NOW.date())

    @rule(members=st.dictionaries(people, st.sampled_from(Perspective)))
    def invite(self, members: dict[UUID, Perspective]) -> None:
        self.ask(lambda: self.live.invite(stamp(), members=members))

    @rule()
    def publish(self) -> None:
        self.ask(lambda: self.live.publish(stamp()))

    @rule(member=people, answer=st.sampled_from(InvitationAnswer))
    def answer_invitation(self, member: UUID, answer: InvitationAnswer) -> None:
        self.ask(lambda: self.live.answer_invitation(stamp(), member=member, answer=answer))

    @rule(material=things, item=st.none() | things, formats=st.lists(st.sampled_from(InformationFormat), min_size=1, max_size=3))
    def send_materials(self, material: UUID, item: UUID | None, formats: list[InformationFormat]) -> None:
        what: dict[str, Any] = {"title": sealed(), "document": "a3" * 32, "formats": formats}
        self.ask(lambda: self.live.send_materials(stamp(), material=material, item=item, **what))

    @rule(item=things, origin=st.sampled_from(AgendaItemOrigin), raiser=st.none() | people)
    def raise_item(self, item: UUID, origin: AgendaItemOrigin, raiser: UUID | None) -> None:
        perspective = Perspective.professional if raiser else None
        self.ask(lambda: self.live.raise_item(stamp(), item=item, title=sealed(), origin=origin, raised_by=raiser, perspective=perspective))

    @rule(
        data=st.data(),
        strangers=st.lists(people, max_size=1),
        contributions=st.lists(st.builds(Contributions, side=st.sampled_from(Side), count=st.integers(0, 9)), max_size=2),
        discussed=st.lists(things, max_size=1),
    )
    def hold(self, data: st.DataObject, strangers: list[UUID], contributions: list[Contributions], discussed: list[UUID]) -> None:
        expected = [*self.live.invited, *strangers]
        came = [Attendance(member=member, status=data.draw(st.sampled_from(AttendanceStatus))) for member in expected]
        chairs = tuple(data.draw(st.lists(st.sampled_from(expected), min_size=1, max_size=2))) if expected else ()
        self.ask(
            lambda: self.live.hold(stamp(), chaired_by=chairs, attendance=came, contributions=contributions, discussed=tuple(discussed))
        )

    @rule(answers=st.lists(st.builds(PulseAnswer, side=st.sampled_from(Side), heard=st.integers(1, 5)), max_size=3))
    def submit_pulse(self, answers: list[PulseAnswer]) -> None:
        self.ask(lambda: self.live.submit_pulse(stamp(), answers=answers))

    @rule(decision=things, stood=st.fixed_dictionaries(dict.fromkeys(Side, positions)), outcome=st.sampled_from(DecisionOutcome))
    def close_decision(self, decision: UUID, stood: dict[Side, tuple[int, int, int]], outcome: DecisionOutcome) -> None:
        method = DecisionMethod.consent
        self.ask(
            lambda: self.live.close_decision(stamp(), decision=decision, title=sealed(), method=method, positions=stood, outcome=outcome)
        )

    @rule(action=things, decision=things, due=days, proposed=st.booleans())
    def agree_action(self, action: UUID, decision: UUID, due: Any, proposed: bool = False) -> None:
        what: dict[str, Any] = {
            "decision": decision,
            "title": sealed(),
            "owner_side": OwnerSide.joint,
            "original_due": due,
            "on": NOW.date(),
        }
        self.ask(lambda: self.live.agree_action(stamp(), action=action, proposed=proposed, **what))

    @rule(action=things)
    def accept_action(self, action: UUID) -> None:
        self.ask(lambda: self.live.accept_action(stamp(), action=action))

    @rule(action=things)
    def start_action(self, action: UUID) -> None:
        self.ask(lambda: self.live.start_action(stamp(), action=action))

    @rule(action=things, reason=st.sampled_from(BlockingReason))
    def block_action(self, action: UUID, reason: BlockingReason) -> None:
        self.ask(lambda: self.live.block_action(stamp(), action=action, reason=reason))

    @rule(action=things, to=st.sampled_from(Receiver), org_unit=st.none() | st.just("P002"))
    def hand_over_action(self, action: UUID, to: Receiver, org_unit: str | None) -> None:
        self.ask(lambda: self.live.hand_over_action(stamp(), action=action, to=to, org_unit=org_unit))

    @rule(action=things, due=days)
    def move_due_date(self, action: UUID, due: Any) -> None:
        self.ask(lambda: self.live.move_action_due_date(stamp(), action=action, due=due, on=NOW.date()))

    @rule(by=moments, action=things)
    def complete_action(self, by: Any, action: UUID) -> None:
        self.ask(lambda: self.live.complete_action(by, action=action))

    @rule(action=things, decision=things, adopted=st.booleans())
    def cancel_action(self, action: UUID, decision: UUID, adopted: bool) -> None:
        self.ask(lambda: self.live.cancel_action(stamp(), action=action, decision=decision, adopted=adopted))

    @rule(number=st.integers(1, 9))
    def draft_minutes(self, number: int) -> None:
        self.ask(lambda: self.live.draft_minutes(stamp(), text=sealed(number)))

    @rule(version=st.integers(1, 2), member=people)
    def accept_minutes(self, version: int, member: UUID) -> None:
        self.ask(lambda: self.live.accept_minutes(stamp(), version=version, member=member))

    @rule(raiser=st.none() | people)
    def correct_minutes(self, raiser: UUID | None) -> None:
        self.ask(lambda: self.live.correct_minutes(stamp(), correction=THINGS[0], text=sealed(), raised_by=raiser))

    @invariant()
    def what_was_agreed_stays_what_it_was(self) -> None:
        agreed = [fact for fact in self.facts() if isinstance(fact, MinutesAgreed)]
        assert len(agreed) <= 1
        for fact in agreed:
            minutes = self.live.minutes_taken
            assert minutes
            assert (minutes.version, minutes.text.digest) == (fact.minutes_version, fact.digest)
            assert {Side.lived_experience, Side.provider} <= set(minutes.accepted_by.values())

    @rule(reason=st.sampled_from(CancellationReason))
    def cancel(self, reason: CancellationReason) -> None:
        self.ask(lambda: self.live.cancel(stamp(), reason=reason))

    @invariant()
    def nobody_is_invited_or_counted_twice(self) -> None:
        told = Counter((type(fact), fact.member) for fact in self.facts() if isinstance(fact, (InvitationSent, AttendanceRecorded)))
        assert set(told.values()) <= {1}
        assert self.live.attendance.keys() | self.live.answers.keys() <= self.live.invited.keys()

    @invariant()
    def a_side_speaks_for_no_more_people_than_came(self) -> None:
        present = {side: self.live.present(side) for side in Side}
        answers = Counter(fact.side for fact in self.facts() if isinstance(fact, PulseSubmitted))
        assert all(answers[side] <= present[side] for side in Side)
        assert all(sum(getattr(decision, side.value)) <= present[side] for decision in self.live.decisions.values() for side in Side)

    @invariant()
    def only_what_was_held_has_consequences(self) -> None:
        if self.live.status not in {SessionStatus.held, SessionStatus.minutes_drafted, SessionStatus.minutes_agreed}:
            assert not self.live.minutes_taken
            assert not any((self.live.attendance, self.live.decisions, self.live.actions, self.live.pulses))


class DecidingReplayed(Replayed):
    live: Session

    @initialize(method=st.sampled_from(DecisionMethod), item=st.sampled_from(THINGS[:2]), stage=st.integers(0, 2))
    def begin(self, method: DecisionMethod, item: UUID, stage: int) -> None:
        self.live = Session.plan(STREAM, stamp(), partnership=PARTNERSHIP, kind=SessionKind.trialogue, mode=SessionMode.online, starts=NOW)
        self.live.invite(stamp(), members=dict(zip(PEOPLE, Perspective, strict=True)))
        for one in THINGS[:2]:
            origin = AgendaItemOrigin.standing
            self.live.raise_item(stamp(), item=one, title=sealed(), origin=origin, raised_by=None, perspective=None)
        self.keep(self.live)
        if stage > 0:
            self.set_method(item, method, BindingForce.advisory, None)
            self.ask(lambda: self.live.open(stamp(), chaired_by=(PEOPLE[0],), present=tuple(PEOPLE[:6]), quorum=Quorum(3, 1, 1)))
        if stage > 1:
            self.ask(lambda: self.live.open_item(stamp(), item=item))
            self.put_proposal(THINGS[0], item, ())
            self.raise_objection(THINGS[0], THINGS[0], PEOPLE[0])

    @rule(
        item=things,
        method=st.sampled_from(DecisionMethod),
        binding=st.sampled_from(BindingForce),
        quota=st.none() | st.just((2, 3)),
        secret=st.booleans(),
    )
    def set_method(
        self, item: UUID, method: DecisionMethod, binding: BindingForce, quota: tuple[int, int] | None, secret: bool = False
    ) -> None:
        decider = PEOPLE[1] if method in BY_ONE else None
        stated: dict[str, Any] = {"method": method, "binding": binding, "quota": quota, "decided_by": decider, "secret": secret}
        self.ask(lambda: self.live.set_method(stamp(), item=item, **stated))

    @rule(decision=things, members=st.sets(people), declined=st.sets(people, max_size=2))
    def hand_out_ballots(self, decision: UUID, members: set[UUID], declined: set[UUID]) -> None:
        self.ask(lambda: self.live.hand_out_ballots(stamp(), decision=decision, members=sorted(members), declined=sorted(declined)))

    @rule(decision=things, side=st.sampled_from(Side), position=st.sampled_from([Position.in_favour, Position.against]))
    def cast_ballot(self, decision: UUID, side: Side, position: Position) -> None:
        self.ask(lambda: self.live.cast_ballot(stamp(), decision=decision, voice=Voice(side, position), ballot=sealed()))

    @rule(decision=things)
    def close_ballot(self, decision: UUID) -> None:
        self.ask(lambda: self.live.close_ballot(stamp(), decision=decision))

    @rule(decision=things)
    def say_ballots_destroyed(self, decision: UUID) -> None:
        self.ask(lambda: self.live.say_ballots_destroyed(stamp(), decision=decision))

    @rule(present=st.lists(people, min_size=1, max_size=7))
    def open(self, present: list[UUID]) -> None:
        self.ask(lambda: self.live.open(stamp(), chaired_by=(present[0],), present=tuple(present), quorum=Quorum(3, 1, 1)))

    @rule(members=st.lists(people, max_size=3), come=st.booleans())
    def come_or_go(self, members: list[UUID], come: bool) -> None:
        self.ask(lambda: (self.live.arrive if come else self.live.leave)(stamp(), members=members))

    @rule(item=things, member=people, interest=st.sampled_from(InterestType), handling=st.sampled_from(InterestHandling))
    def handle_interest(self, item: UUID, member: UUID, interest: InterestType, handling: InterestHandling) -> None:
        self.ask(lambda: self.live.handle_interest(stamp(), item=item, member=member, interest=interest, handling=handling))

    @rule(item=things, end=st.booleans())
    def open_or_close_item(self, item: UUID, end: bool) -> None:
        self.ask(lambda: (self.live.close_item if end else self.live.open_item)(stamp(), item=item))

    @rule(decision=things, item=things, options=st.sampled_from([(), (sealed(6), sealed(7))]))
    def put_proposal(self, decision: UUID, item: UUID, options: tuple[Any, ...]) -> None:
        if decision not in self.live.proposals:  # an id is made anew for each proposal
            put: dict[str, Any] = {"title": sealed(), "text": sealed(), "options": options}
            self.ask(lambda: self.live.put_proposal(stamp(), decision=decision, item=item, **put))

    @rule(decision=things, integrates=st.lists(things, max_size=2))
    def amend(self, decision: UUID, integrates: list[UUID]) -> None:
        self.ask(lambda: self.live.amend_proposal(stamp(), decision=decision, text=sealed(), integrates=integrates))

    @rule(decision=things, members=st.sets(people, min_size=1), position=st.sampled_from(Position), choice=st.integers(0, 3))
    def take_positions(self, decision: UUID, members: set[UUID], position: Position, choice: int) -> None:
        choices = (choice,) if choice else ()
        taken = [MemberPosition(member=member, position=position, choices=choices) for member in members]
        self.ask(lambda: self.live.take_positions(stamp(), decision=decision, positions=taken))

    @rule(decision=things, members=st.sets(people, min_size=1))
    def decline_positions(self, decision: UUID, members: set[UUID]) -> None:
        self.ask(lambda: self.live.decline_positions(stamp(), decision=decision, members=sorted(members)))

    @rule(decision=things)
    def everybody_agrees(self, decision: UUID) -> None:
        if (found := self.live.proposals.get(decision)) and (stated := self.live.agenda[found.item].method):
            position = next(
                iter(sorted(POSITIONS[stated.method] & {Position.consent, Position.agree, Position.in_favour, Position.endorse})), None
            )
            here = [member for member, is_here in self.live.here.items() if is_here]
            taken = [MemberPosition(member=member, position=position or Position.abstain) for member in here]
            self.ask(lambda: self.live.take_positions(stamp(), decision=decision, positions=taken))

    @rule(objection=things, decision=things, member=people)
    def raise_objection(self, objection: UUID, decision: UUID, member: UUID) -> None:
        if objection not in self.live.objections:
            self.ask(lambda: self.live.raise_objection(stamp(), objection=objection, decision=decision, member=member, words=sealed()))

    @rule(objection=things, member=people)
    def discuss_or_withdraw(self, objection: UUID, member: UUID) -> None:
        self.ask(lambda: self.live.discuss_objection(stamp(), objection=objection))
        self.ask(lambda: self.live.withdraw_objection(stamp(), objection=objection, member=member))

    @rule(objection=things, stands=st.booleans(), ruled_by=st.lists(people, min_size=2, max_size=3))
    def rule_on_objection(self, objection: UUID, stands: bool, ruled_by: list[UUID]) -> None:
        self.ask(lambda: self.live.rule_on_objection(stamp(), objection=objection, stands=stands, ruled_by=tuple(ruled_by)))

    @rule(decision=things, outcome=st.sampled_from(DecisionOutcome))
    def close_proposal(self, decision: UUID, outcome: DecisionOutcome) -> None:
        self.ask(lambda: self.live.close_proposal(stamp(), decision=decision, outcome=outcome))

    @rule()
    def hold(self) -> None:
        came = [Attendance(member=member, status=AttendanceStatus.attended) for member in self.live.here]
        chairs = tuple(self.live.here)[:1] or (PEOPLE[0],)
        self.ask(lambda: self.live.hold(stamp(), chaired_by=chairs, attendance=came, contributions=(), discussed=()))

    @invariant()
    def nothing_is_adopted_without_both_sides_there_nor_by_consent_over_an_objection(self) -> None:
        for decision in self.live.decisions.values():
            if decision.outcome.adopted_at_all:
                assert decision.quorate
                assert decision.method is not DecisionMethod.consent or not any(state.stops for _, state in decision.objections)

    @invariant()
    def a_box_holds_no_more_ballots_of_a_side_than_it_was_given(self) -> None:
        for proposal in self.live.proposals.values():
            assert Counter(one.side for one in proposal.box) <= Counter(proposal.handed_out.values())
            assert not (proposal.box and proposal.voices)

    @invariant()
    def what_a_decision_says_of_objections_is_what_they_came_to(self) -> None:
        for decision in self.live.decisions.values():
            assert decision.objections == tuple((one.side, one.state) for one in self.live.objections_to(decision.decision))

    @invariant()
    def the_quorum_is_what_a_count_of_those_there_says(self) -> None:
        if self.live.opened and self.live.status is SessionStatus.planned:
            for item in (None, *(one.id for one in self.live.agenda.values() if one.opened and not one.closed)):
                there = [
                    self.live.invited[member].side
                    for member, here in self.live.here.items()
                    if here and not (item and (handling := self.live.interests.get((item, member))) and handling.recuses)
                ]
                enough = len(there) >= 3 and Side.lived_experience in there and Side.provider in there
                assert self.live.quorate.get(item, False) is enough

    @invariant()
    def a_method_stays_once_its_item_is_open(self) -> None:
        opened: set[UUID] = set()
        for fact in self.facts():
            if isinstance(fact, AgendaItemOpened):
                opened.add(fact.item)
            assert not (isinstance(fact, DecisionMethodSet) and fact.item in opened)

    @invariant()
    def positions_are_on_the_version_they_were_taken_on(self) -> None:
        versions: dict[UUID, int] = {}
        for fact in self.facts():
            if isinstance(fact, ProposalPut):
                assert fact.proposal_version == versions.get(fact.decision, 0) + 1
                versions[fact.decision] = fact.proposal_version
            if isinstance(fact, PositionTaken):
                assert fact.proposal_version == versions[fact.decision]


class FeedbackReplayed(Replayed):
    live: FeedbackItem

    @initialize(kind=st.sampled_from(FeedbackKind), rating=st.none() | st.integers(1, 5))
    def receive(self, kind: FeedbackKind, rating: int | None) -> None:
        self.live = FeedbackItem.receive(
            STREAM,
            stamp(),
            partnership=PARTNERSHIP,
            session=None,
            kind=kind,
            relation=FeedbackAuthorRelation.friend,
            anonymity=AnonymityMode.detached,
            channel=FeedbackChannel.post,
            rating=rating,
            text=sealed(),
        )
        self.keep(self.live)

    @rule(theme=st.sampled_from(FeedbackTheme), sub_theme=st.none() | st.just("transport"))
    def say_theme(self, theme: FeedbackTheme, sub_theme: str | None) -> None:
        self.ask(lambda: self.live.say_theme(stamp(), theme=theme, sub_theme=sub_theme))

    @rule(by=moments, number=st.integers(1, 9))
    def respond(self, by: Any, number: int) -> None:
        self.ask(lambda: self.live.respond(by, text=sealed(number)))

    @rule(outcome=st.sampled_from(FeedbackOutcome))
    def record_outcome(self, outcome: FeedbackOutcome) -> None:
        self.ask(lambda: self.live.record_outcome(stamp(), outcome=outcome))

    @rule()
    def tell_outcome(self) -> None:
        self.ask(lambda: self.live.tell_outcome(stamp()))

    @invariant()
    def who_was_told_was_told_something_settled_that_stays_so(self) -> None:
        if self.live.told:
            assert self.live.state in {FeedbackState.change_made, FeedbackState.cannot_change, FeedbackState.no_change_needed}

    @invariant()
    def what_was_answered_is_not_merely_received(self) -> None:
        if self.live.responses:
            assert self.live.state is not FeedbackState.received


TestPartnershipReplayed = PartnershipReplayed.TestCase
TestPartnershipReplayed.settings = LONG
TestParticipationReplayed = ParticipationReplayed.TestCase
TestParticipationReplayed.settings = LONG
TestAccessReplayed = AccessReplayed.TestCase
TestAccessReplayed.settings = LONG
TestWorkItemReplayed = WorkItemReplayed.TestCase
TestWorkItemReplayed.settings = LONG
TestPaymentReplayed = PaymentReplayed.TestCase
TestPaymentReplayed.settings = LONG
TestSessionReplayed = SessionReplayed.TestCase
TestSessionReplayed.settings = LONG
TestDecidingReplayed = DecidingReplayed.TestCase
TestDecidingReplayed.settings = LONG
TestFeedbackReplayed = FeedbackReplayed.TestCase
TestFeedbackReplayed.settings = LONG
