"""The state of a partnership as its facts tell it: all of them, or those of what had happened by a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

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
from contracts.partnerships import (
    CoChairAppointed,
    DegreeAgreed,
    DegreeRated,
    EntryCorrected,
    ExpenseClaimed,
    LeaveBegun,
    LeaveEnded,
    MemberJoined,
    MembershipEnded,
    OfficeLeft,
    OfficeTaken,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPaused,
    PartnershipProposed,
    PartnershipResumed,
    PaymentAccepted,
    PaymentApproved,
    PaymentDeclined,
    PaymentMade,
    PaymentOffered,
    PaymentRejected,
    PerspectiveDeclared,
    TermsOfReferenceAgreed,
    WorkItemOpened,
)
from contracts.sessions import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    ActionDueDateMoved,
    AgendaItemRaised,
    AttendanceRecorded,
    ContributionRecorded,
    DecisionClosed,
    InvitationSent,
    MinutesAgreed,
    MinutesCorrected,
    ObjectionDiscussed,
    ObjectionIntegrated,
    ObjectionRaised,
    ObjectionRuled,
    ObjectionWithdrawn,
    PulseSubmitted,
    SessionCancelled,
    SessionHeld,
    SessionMoved,
    SessionPlanned,
)
from contracts.vocabulary import (
    ActionState,
    CancellationReason,
    FeedbackKind,
    FeedbackState,
    FeedbackTheme,
    MembershipEndReason,
    ObjectionState,
    ParticipantRole,
    PartnershipStatus,
    PaymentState,
    Perspective,
    SessionKind,
    SessionMode,
    SessionStatus,
    Side,
)

_STANDS: dict[type[Fact], tuple[str, str]] = {
    PaymentOffered: ("payments", PaymentState.offered),
    PaymentAccepted: ("payments", PaymentState.accepted),
    PaymentDeclined: ("payments", PaymentState.declined),
    ExpenseClaimed: ("payments", PaymentState.claimed),
    PaymentApproved: ("payments", PaymentState.approved),
    PaymentRejected: ("payments", PaymentState.rejected),
    PaymentMade: ("payments", PaymentState.paid),
    WorkItemOpened: ("work_items", "opened"),
    DegreeRated: ("work_items", "rated"),
    DegreeAgreed: ("work_items", "agreed"),
    ObjectionRaised: ("objections", ObjectionState.raised),
    ObjectionDiscussed: ("objections", ObjectionState.under_discussion),
    ObjectionIntegrated: ("objections", ObjectionState.integrated),
    ObjectionWithdrawn: ("objections", ObjectionState.withdrawn_by_objector),
}
"""Where a payment, a piece of work or an objection stands after a fact; each is told in numbers, never whose it is."""
_BEGINS = (PaymentOffered, ExpenseClaimed, WorkItemOpened, ObjectionRaised)

_SETTLED = {FeedbackState.change_made, FeedbackState.cannot_change, FeedbackState.no_change_needed}


@dataclass
class Member:
    """Somebody's place in the partnership, without their name."""

    role: ParticipantRole
    perspective: Perspective
    joined: datetime
    ended: datetime | None = None
    end_reason: MembershipEndReason | None = None
    on_leave: bool = False


@dataclass
class Session:
    """What is known of one session."""

    kind: SessionKind | None = None
    mode: SessionMode | None = None
    starts: datetime | None = None
    status: SessionStatus = SessionStatus.planned
    held: datetime | None = None
    cancelled_for: CancellationReason | None = None
    invited: Counter[Side] = field(default_factory=Counter)
    attended: Counter[Side] = field(default_factory=Counter)
    contributions: Counter[Side] = field(default_factory=Counter)
    raised: int = 0
    discussed: int = 0
    pulses: int = 0
    minutes_agreed: int | None = None
    minutes_corrected: int = 0


@dataclass
class Decision:
    """A proposal that was closed; `number` counts the decisions of the partnership in the order the region learned of them."""

    number: int
    closed: DecisionClosed


@dataclass
class Action:
    """What was taken on."""

    number: int
    agreed: ActionAgreed
    due: date
    state: ActionState = ActionState.agreed
    completed: datetime | None = None

    def overdue(self, today: date) -> bool:
        """Whether it is still open after the day it was first promised for."""
        return self.state is ActionState.agreed and self.agreed.original_due < today


@dataclass
class Feedback:
    """How far one statement has come."""

    kind: FeedbackKind
    theme: FeedbackTheme | None = None
    state: FeedbackState = FeedbackState.received
    responded: bool = False
    told: bool = False

    @property
    def closed(self) -> bool:
        """Whether it is settled and the contributor knows."""
        return self.told and self.state in _SETTLED


@dataclass
class KnownPartnership:
    """What the facts so far say; with `effective`, those that happened by the end of that day in `zone`, whenever they were recorded."""

    zone: ZoneInfo
    effective: date | None = None
    name: str | None = None
    status: PartnershipStatus | None = None
    terms: TermsOfReferenceAgreed | None = None
    last: datetime | None = None
    co_chairs: dict[Side, UUID] = field(default_factory=dict)
    offices: dict[str, UUID] = field(default_factory=dict)
    stands: dict[str, dict[UUID, str]] = field(default_factory=lambda: defaultdict(dict))
    members: dict[UUID, Member] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    decisions: dict[UUID, Decision] = field(default_factory=dict)
    actions: dict[UUID, Action] = field(default_factory=dict)
    feedback: dict[UUID, Feedback] = field(default_factory=dict)
    facts: Counter[str] = field(default_factory=Counter)
    _numbered: Counter[type[Fact]] = field(default_factory=Counter)

    def after(self, facts: Iterable[Fact]) -> KnownPartnership:
        """This, with `facts` in it."""
        for fact in facts:
            self._numbered[type(fact)] += 1
            if self.effective is None or self.day(fact.happened) <= self.effective:
                self.facts[fact.type] += 1
                self.last = max(self.last or fact.happened, fact.happened)
                self._take(fact)
        return self

    def day(self, moment: datetime) -> date:
        """The calendar day of an instant in the region."""
        return moment.astimezone(self.zone).date()

    def overdue(self, today: date) -> int:
        """How many actions are open after the day they were first promised for."""
        return sum(action.overdue(today) for action in self.actions.values())

    def how_many(self, status: SessionStatus) -> int:
        """How many sessions are at that point."""
        return sum(session.status is status for session in self.sessions.values())

    # What an effective date leaves out may have been the first that was heard of a thing: what follows it then says nothing.
    def _take(self, fact: Fact) -> None:  # noqa: C901, PLR0912  one arm a fact: the table of what an auditor is told
        match fact:
            case PartnershipProposed():
                self.name, self.status = fact.name, PartnershipStatus.proposed
            case TermsOfReferenceAgreed():
                self.terms = fact
                if self.status is PartnershipStatus.proposed:
                    self.status = PartnershipStatus.forming
            case PartnershipActivated() | PartnershipResumed():
                self.status = PartnershipStatus.active
            case PartnershipPaused():
                self.status = PartnershipStatus.paused
            case PartnershipClosed():
                self.status = PartnershipStatus.closed
            case CoChairAppointed():
                self.co_chairs[fact.side] = fact.member
            case MemberJoined():
                self.members[fact.member] = Member(fact.member_role, fact.perspective, fact.happened)
            case LeaveBegun() | LeaveEnded() if member := self.members.get(fact.member):
                member.on_leave = isinstance(fact, LeaveBegun)
            case PerspectiveDeclared() if member := self.members.get(fact.member):
                member.perspective = fact.perspective
            case MembershipEnded() if member := self.members.get(fact.member):
                member.ended, member.end_reason = fact.happened, fact.end_reason
                self.co_chairs = {side: chair for side, chair in self.co_chairs.items() if chair != fact.member}
                self.offices = {office: holder for office, holder in self.offices.items() if holder != fact.member}
            case OfficeTaken():
                self.offices[fact.office] = fact.member
            case OfficeLeft() if self.offices.get(fact.office) == fact.member:
                del self.offices[fact.office]
            case _ if isinstance(fact, ObjectionRuled) or type(fact) in _STANDS:
                self._stand(fact)
            case DecisionClosed():
                self.decisions[fact.decision] = Decision(self._numbered[DecisionClosed], fact)
            case ActionAgreed():
                self.actions[fact.action] = Action(self._numbered[ActionAgreed], fact, fact.original_due)
            case ActionDueDateMoved() if action := self.actions.get(fact.action):
                action.due = fact.due
            case ActionCompleted() if action := self.actions.get(fact.action):
                action.state, action.completed = ActionState.completed, fact.happened
            case ActionCancelled() if action := self.actions.get(fact.action):
                action.state = ActionState.cancelled
            case FeedbackReceived():
                self.feedback[fact.stream] = Feedback(fact.kind)
            case _ if item := self.feedback.get(fact.stream):
                _take_of_feedback(item, fact)
            case _:
                _take_of_session(self.sessions, fact)

    def _stand(self, fact: Fact) -> None:
        what, state = ("objections", fact.state) if isinstance(fact, ObjectionRuled) else _STANDS[type(fact)]
        id_ = getattr(fact, "objection", fact.stream)
        if isinstance(fact, _BEGINS) or id_ in self.stands[what]:
            self.stands[what][id_] = state


def _take_of_session(sessions: dict[UUID, Session], fact: Fact) -> None:
    def session() -> Session:
        return sessions.setdefault(fact.stream, Session())

    match fact:
        case SessionPlanned():
            planned = session()
            planned.kind, planned.mode, planned.starts = fact.kind, fact.mode, fact.starts
        case SessionMoved():
            moved = session()
            moved.mode, moved.starts = fact.mode, fact.starts
        case InvitationSent():
            session().invited[fact.perspective.side] += 1
        case AgendaItemRaised():
            session().raised += 1
        case SessionHeld():
            held = session()
            held.kind, held.mode, held.status = fact.kind, fact.mode, SessionStatus.held
            held.held, held.discussed = fact.happened, len(fact.discussed)
        case AttendanceRecorded():
            session().attended[fact.perspective.side] += fact.status.counts
        case ContributionRecorded():
            session().contributions[fact.side] += fact.count
        case PulseSubmitted():
            session().pulses += 1
        case MinutesAgreed() if fact.stream in sessions:
            session().minutes_agreed = fact.minutes_version
        case MinutesCorrected() if fact.stream in sessions:
            session().minutes_corrected += 1
        case SessionCancelled():
            cancelled = session()
            cancelled.status, cancelled.cancelled_for = SessionStatus.cancelled, fact.cancellation_reason


def _take_of_feedback(item: Feedback, fact: Fact) -> None:
    match fact:
        case FeedbackThemed():
            item.theme = fact.theme
        case FeedbackResponded():
            item.responded = True
            item.state = FeedbackState.responded if item.state is FeedbackState.received else item.state
        case ChangePlanned():
            item.state = FeedbackState.change_planned
        case ChangeMade():
            item.state = FeedbackState.change_made
        case ChangeDeclined():
            item.state = FeedbackState(fact.outcome.value)
        case FeedbackEscalated():
            item.state = FeedbackState.escalated
        case OutcomeTold():
            item.told = True


def put_right(facts: Iterable[Fact]) -> list[Fact]:
    """`facts` as they were corrected since: at the time and from the side it really was, and without what never was.

    Entries of the roll alone are corrected; the last correction of an entry holds, whenever it was made.
    """
    every = list(facts)
    corrections = {(fact.stream, fact.corrects): fact for fact in every if isinstance(fact, EntryCorrected)}
    return [right for fact in every if (right := _put_right(fact, corrections.get((fact.stream, fact.version))))]


def _put_right(fact: Fact, correction: EntryCorrected | None) -> Fact | None:
    if correction is None:
        return fact
    if correction.struck:
        return None
    side = {"perspective": correction.perspective} if correction.perspective and "perspective" in type(fact).model_fields else {}
    return fact.model_copy(update={"happened": correction.at, **side})
