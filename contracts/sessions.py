"""What is said to, by and about sessions, the decisions taken in them and the actions that follow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.forgetting import ErasureFact
from contracts.model import (
    Answer,
    Command,
    Contract,
    Count,
    Cursor,
    Day,
    Digest,
    Ordinal,
    PageSize,
    PartnershipFact,
    Query,
    Rating,
    Repetitions,
    SealedPart,
    Several,
    Timestamp,
    Words,
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
    DecisionRecord,
    InformationFormat,
    InterestHandling,
    InterestType,
    InvitationAnswer,
    ObjectionState,
    OwnerSide,
    Perspective,
    Position,
    Recurrence,
    SessionKind,
    SessionMode,
    SessionStatus,
    Side,
)

Positions = tuple[Count, Count, Count]
"""How many of one side were for, against, abstained."""
MinutesText = Annotated[str, Field(min_length=1, max_length=50_000)]
"""The words of minutes. Only ever stored sealed."""
Quota = tuple[Ordinal, Ordinal]
"""A share as a fraction: (2, 3) is two thirds."""
Choices = Annotated[tuple[Ordinal, ...], Field(max_length=50)]
"""Options of a proposal by number, 1 first: in order of preference, or one for each dot."""


class PlanSession(Command):
    """Plan a session of an active partnership; `minutes` is how long it is to last."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: Timestamp
    place: Words | None = None
    minutes: Ordinal | None = None


class PlanSeries(Command):
    """Plan sessions that follow one another at the same time by the clock of a time zone; dates that a month lacks are left out."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: Timestamp
    place: Words | None = None
    minutes: Ordinal | None = None
    every: Recurrence
    times: Repetitions
    time_zone: Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$")]


class PublishSession(Command):
    """Publish a planned session: from now on people may rely on it."""

    session: UUID


class AnswerInvitation(Command):
    """Record what an invited member says beforehand."""

    session: UUID
    member: UUID
    answer: InvitationAnswer


class SendMaterials(Command):
    """Record that a document was sent, and in which formats; who needs which is not said. It stays where it is, its SHA-256 is kept."""

    session: UUID
    item: UUID | None = None
    title: Words
    document: Digest
    formats: Annotated[tuple[InformationFormat, ...], Field(min_length=1, max_length=20)]


class InviteMembers(Command):
    """Invite members to a planned session."""

    session: UUID
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class RaiseAgendaItem(Command):
    """Put an item on the agenda; who raised it is a member, unless the item is standing or imposed."""

    session: UUID
    title: Words
    origin: AgendaItemOrigin
    raised_by: UUID | None = None
    minutes: Ordinal | None = None


class Attendance(Contract):
    """Whether one invited member came."""

    member: UUID
    status: AttendanceStatus


class Contributions(Contract):
    """How many contributions one side made; sides are counted, not persons."""

    side: Side
    kind: ContributionKind = ContributionKind.spoken
    count: Count


class HoldSession(Command):
    """Record that a session was held: who chaired, who came, who contributed, which items were discussed."""

    session: UUID
    chaired_by: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=2)]
    attendance: Annotated[tuple[Attendance, ...], Field(min_length=1, max_length=200)]
    contributions: Annotated[tuple[Contributions, ...], Field(max_length=20)] = ()
    discussed: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()


class PulseAnswer(Contract):
    """One answer to "I felt heard", 1 to 5; it belongs to a side, not to a person."""

    side: Side
    heard: Rating


class SubmitPulse(Command):
    """Hand in answers to the pulse of a held session."""

    session: UUID
    answers: Annotated[tuple[PulseAnswer, ...], Field(min_length=1, max_length=200)]


class Objections(Contract):
    """How many objections of one side came to one end."""

    side: Side
    state: ObjectionState
    count: Several = 1


class CloseDecision(Command):
    """Record a decision in summary, after the session: the positions of each side together, its objections and its outcome."""

    session: UUID
    title: Words
    method: DecisionMethod
    lived_experience: Positions = (0, 0, 0)
    provider: Positions = (0, 0, 0)
    employed: Positions = (0, 0, 0)
    other: Positions = (0, 0, 0)
    outcome: DecisionOutcome
    item: UUID | None = None
    binding: BindingForce | None = None
    objections: Annotated[tuple[Objections, ...], Field(max_length=50)] = ()


class OpenSession(Command):
    """Begin a session: who chairs, who is there."""

    session: UUID
    chaired_by: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=2)]
    present: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class RecordArrival(Command):
    """Record that invited members came while the session went on."""

    session: UUID
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class RecordDeparture(Command):
    """Record that members left while the session went on."""

    session: UUID
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class HandleInterest(Command):
    """Record how a member's interest is handled for one item."""

    session: UUID
    item: UUID
    member: UUID
    interest: InterestType
    handling: InterestHandling


class SetDecisionMethod(Command):
    """State, before an item opens, how it will be decided and how far the decision will bind.

    `quota` is for a supermajority (two thirds unless said), `decided_by` for what one member decides: on advice, or as delegated.
    """

    session: UUID
    item: UUID
    method: DecisionMethod
    binding: BindingForce
    quota: Quota | None = None
    decided_by: UUID | None = None


class OpenAgendaItem(Command):
    """Open an item of the agenda."""

    session: UUID
    item: UUID


class CloseAgendaItem(Command):
    """Close an item of the agenda; whatever was proposed under it is closed by then."""

    session: UUID
    item: UUID


class PutProposal(Command):
    """Put a proposal under an open item, in its first version; options for methods by which one of several is chosen."""

    session: UUID
    item: UUID
    title: Words
    text: Words
    options: Annotated[tuple[Words, ...], Field(max_length=20)] = ()


class AmendProposal(Command):
    """Put a new version of a proposal, which may integrate objections; positions are taken anew."""

    session: UUID
    decision: UUID
    text: Words
    integrates: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class MemberPosition(Contract):
    """Where one member stands; `choices` where one of several options is chosen."""

    member: UUID
    position: Position
    choices: Choices = ()


class TakePositions(Command):
    """Take the positions of members on the newest version of a proposal."""

    session: UUID
    decision: UUID
    positions: Annotated[tuple[MemberPosition, ...], Field(min_length=1, max_length=200)]


class RaiseObjection(Command):
    """Raise an objection to the newest version of a proposal, with its reason."""

    session: UUID
    decision: UUID
    member: UUID
    reason: Words


class DiscussObjection(Command):
    """Take up an objection."""

    session: UUID
    objection: UUID


class WithdrawObjection(Command):
    """Withdraw an objection; only whoever raised it does that."""

    session: UUID
    objection: UUID
    member: UUID


class RuleOnObjection(Command):
    """Rule, from both sides, that an objection stands, or that it is a preference."""

    session: UUID
    objection: UUID
    stands: bool
    ruled_by: Annotated[tuple[UUID, ...], Field(min_length=2, max_length=20)]


class CloseProposal(Command):
    """Close a proposal by the positions that were taken on it."""

    session: UUID
    decision: UUID
    outcome: DecisionOutcome


class AgreeAction(Command):
    """Agree an action that follows from a decision."""

    session: UUID
    decision: UUID
    title: Words
    owner_side: OwnerSide
    original_due: Day


class MoveActionDueDate(Command):
    """Move the due date of an action; the original one is kept, and judged by."""

    session: UUID
    action: UUID
    due: Day


class CompleteAction(Command):
    """Record that an action is done."""

    session: UUID
    action: UUID


class CancelAction(Command):
    """Cancel an action by a decision."""

    session: UUID
    action: UUID
    decision: UUID


class DraftMinutes(Command):
    """Write the minutes of a held session, or write them anew as long as they are not agreed."""

    session: UUID
    text: MinutesText


class AcceptMinutes(Command):
    """Record that somebody who was there accepts a version of the minutes; with one of each side they are agreed."""

    session: UUID
    minutes_version: Ordinal
    member: UUID


class CorrectMinutes(Command):
    """Add a correction to agreed minutes, which themselves stay as they are."""

    session: UUID
    text: Words
    raised_by: UUID | None = None


class CancelSession(Command):
    """Cancel a planned session, with a coded reason."""

    session: UUID
    reason: CancellationReason


class GetSession(Query):
    """One session with all that was recorded of it."""

    session: UUID


class GetCalendar(Query):
    """A session as an entry for calendars."""

    session: UUID


class ListSessions(Query):
    """The sessions of a partnership, by start."""

    partnership: UUID
    after: Cursor | None = None
    limit: PageSize = 50


class SessionPlanned(PartnershipFact, type="sessions.SessionPlanned.v1"):
    """A session was planned, alone or in a series."""

    kind: SessionKind
    mode: SessionMode
    starts: datetime
    place: SealedPart | None = None
    minutes: int | None = None
    series: UUID | None = None


class SessionPublished(PartnershipFact, type="sessions.SessionPublished.v1"):
    """People may rely on the session from now on."""


class InvitationAnswered(PartnershipFact, type="sessions.InvitationAnswered.v1"):
    """Somebody who was invited said beforehand whether they would come."""

    member: UUID
    answer: InvitationAnswer


class MaterialsSent(PartnershipFact, type="sessions.MaterialsSent.v1"):
    """A document was sent, in these formats; who got which would tell what they need, and is not said."""

    material: UUID
    item: UUID | None
    title: SealedPart
    document: Digest
    formats: tuple[InformationFormat, ...]


class InvitationSent(PartnershipFact, type="sessions.InvitationSent.v1"):
    """A member was invited, from the side they were on."""

    member: UUID
    perspective: Perspective


class AgendaItemRaised(PartnershipFact, type="sessions.AgendaItemRaised.v1"):
    """An item came on the agenda."""

    item: UUID
    title: SealedPart
    origin: AgendaItemOrigin
    raised_by: UUID | None
    perspective: Perspective | None
    minutes: int | None = None


class SessionHeld(PartnershipFact, type="sessions.SessionHeld.v1"):
    """The session took place; `chaired` are the sides that held the chair."""

    kind: SessionKind
    mode: SessionMode
    chaired_by: tuple[UUID, ...]
    chaired: tuple[Side, ...]
    discussed: tuple[UUID, ...]


class AttendanceRecorded(PartnershipFact, type="sessions.AttendanceRecorded.v1"):
    """Whether one invited member came."""

    member: UUID
    perspective: Perspective
    status: AttendanceStatus


class ContributionRecorded(PartnershipFact, type="sessions.ContributionRecorded.v1"):
    """How many contributions of a kind one side made."""

    side: Side
    kind: ContributionKind
    count: int


class PulseSubmitted(PartnershipFact, type="sessions.PulseSubmitted.v1"):
    """Somebody of a side said how far they felt heard, 1 to 5."""

    side: Side
    heard: int


class DecisionClosed(PartnershipFact, type="sessions.DecisionClosed.v1"):
    """A proposal was closed; per side how many were for, against, abstained, recused members left out.

    `rests_on` says whether positions were taken one by one or are told in summary; in summary much may not be known, and is none.
    `objections`: side and last state of each; `quorate`: whether the quorum held for the item; `chosen`: the option that won.
    """

    decision: UUID
    title: SealedPart
    method: DecisionMethod
    lived_experience: tuple[int, int, int]
    provider: tuple[int, int, int]
    employed: tuple[int, int, int]
    other: tuple[int, int, int]
    outcome: DecisionOutcome
    rests_on: DecisionRecord = DecisionRecord.summary
    item: UUID | None = None
    proposal_version: int | None = None
    binding: BindingForce | None = None
    decided_by: UUID | None = None
    chosen: int | None = None
    objections: tuple[tuple[Side, ObjectionState], ...] = ()
    carried_on_both_sides: bool | None = None
    quorate: bool | None = None


class SessionOpened(PartnershipFact, type="sessions.SessionOpened.v1"):
    """The session began; how many must be there for a quorum, in all and of each side, by the partnership's rule that day."""

    chaired_by: tuple[UUID, ...]
    chaired: tuple[Side, ...]
    quorum: int
    quorum_lived_experience: int
    quorum_provider: int


class MinutesDrafted(PartnershipFact, type="sessions.MinutesDrafted.v1"):
    """A version of the minutes was written; acceptances of earlier ones hold no longer. The digest of the part is that of the minutes."""

    minutes_version: int
    text: SealedPart


class MinutesAccepted(PartnershipFact, type="sessions.MinutesAccepted.v1"):
    """Somebody who was there accepted a version of the minutes."""

    minutes_version: int
    member: UUID
    perspective: Perspective


class MinutesAgreed(PartnershipFact, type="sessions.MinutesAgreed.v1"):
    """Both sides have accepted the minutes; from now on they stay as they are. `digest` is that of their sealed part."""

    minutes_version: int
    digest: Digest
    agreed_by: tuple[UUID, ...]


class MinutesCorrected(PartnershipFact, type="sessions.MinutesCorrected.v1"):
    """A correction was added to agreed minutes; it names the version and digest that it corrects."""

    correction: UUID
    corrects: int
    digest: Digest
    text: SealedPart
    raised_by: UUID | None


class MemberArrived(PartnershipFact, type="sessions.MemberArrived.v1"):
    """Somebody who was invited is there from now on."""

    member: UUID
    perspective: Perspective


class MemberLeft(PartnershipFact, type="sessions.MemberLeft.v1"):
    """Somebody is there no longer."""

    member: UUID


class InterestHandledForItem(PartnershipFact, type="sessions.InterestHandledForItem.v1"):
    """What was done about a member's interest in one item."""

    item: UUID
    member: UUID
    interest: InterestType
    handling: InterestHandling


class QuorumEstablished(PartnershipFact, type="sessions.QuorumEstablished.v1"):
    """From now on enough are there, in all and of both sides: for the session, or for one item after recusals."""

    item: UUID | None
    present: int
    lived_experience: int
    provider: int


class QuorumLost(PartnershipFact, type="sessions.QuorumLost.v1"):
    """From now on too few are there: for the session, or for one item after recusals."""

    item: UUID | None
    present: int
    lived_experience: int
    provider: int


class DecisionMethodSet(PartnershipFact, type="sessions.DecisionMethodSet.v1"):
    """How an item will be decided and how far that binds, stated before it opened."""

    item: UUID
    method: DecisionMethod
    binding: BindingForce
    quota: tuple[int, int] | None
    decided_by: UUID | None


class AgendaItemOpened(PartnershipFact, type="sessions.AgendaItemOpened.v1"):
    """An item was opened."""

    item: UUID


class AgendaItemClosed(PartnershipFact, type="sessions.AgendaItemClosed.v1"):
    """An item was closed."""

    item: UUID


class ProposalPut(PartnershipFact, type="sessions.ProposalPut.v1"):
    """A version of a proposal was put; positions on earlier versions hold no longer."""

    decision: UUID
    item: UUID
    proposal_version: int
    title: SealedPart
    text: SealedPart
    options: tuple[SealedPart, ...]


class PositionTaken(PartnershipFact, type="sessions.PositionTaken.v1"):
    """Where a member stands on a version of a proposal, until they say otherwise."""

    decision: UUID
    proposal_version: int
    member: UUID
    perspective: Perspective
    position: Position
    choices: tuple[int, ...]


class ObjectionRaised(PartnershipFact, type="sessions.ObjectionRaised.v1"):
    """A member objected to a version of a proposal, with a reason."""

    objection: UUID
    decision: UUID
    proposal_version: int
    member: UUID
    perspective: Perspective
    words: SealedPart


class ObjectionDiscussed(PartnershipFact, type="sessions.ObjectionDiscussed.v1"):
    """An objection was taken up."""

    objection: UUID


class ObjectionIntegrated(PartnershipFact, type="sessions.ObjectionIntegrated.v1"):
    """A new version of the proposal takes the objection in."""

    objection: UUID
    proposal_version: int


class ObjectionWithdrawn(PartnershipFact, type="sessions.ObjectionWithdrawn.v1"):
    """Whoever objected does so no longer."""

    objection: UUID


class ObjectionRuled(PartnershipFact, type="sessions.ObjectionRuled.v1"):
    """Members of both sides ruled that an objection stands, or that it is a preference."""

    objection: UUID
    state: ObjectionState
    ruled_by: tuple[UUID, ...]


class ActionAgreed(PartnershipFact, type="sessions.ActionAgreed.v1"):
    """Somebody took something on, until a day."""

    action: UUID
    decision: UUID
    title: SealedPart
    owner_side: OwnerSide
    original_due: date


class ActionDueDateMoved(PartnershipFact, type="sessions.ActionDueDateMoved.v1"):
    """The due date was moved; the original one stays what it was."""

    action: UUID
    due: date


class ActionCompleted(PartnershipFact, type="sessions.ActionCompleted.v1"):
    """An action was done."""

    action: UUID


class ActionCancelled(PartnershipFact, type="sessions.ActionCancelled.v1"):
    """An action was cancelled by a decision."""

    action: UUID
    decision: UUID


class SessionCancelled(PartnershipFact, type="sessions.SessionCancelled.v1"):
    """The session did not take place."""

    cancellation_reason: CancellationReason


class SubjectErased(ErasureFact, type="sessions.SubjectErased.v1"):
    """Sessions has forgotten the titles the person gave to agenda items."""


class AgendaItemSummary(Answer):
    """An item of the agenda; `forgotten` tells those who may see titles that this one was destroyed."""

    id: UUID
    title: str | None
    forgotten: bool
    origin: AgendaItemOrigin
    raised_by: UUID | None
    discussed: bool
    minutes: int | None = None
    method: DecisionMethod | None = None
    binding: BindingForce | None = None
    opened: datetime | None = None
    closed: datetime | None = None
    quorate: bool | None = None
    recused: tuple[UUID, ...] = ()


class InvitationSummary(Answer):
    """What an invited member said beforehand."""

    member: UUID
    answer: InvitationAnswer


class MaterialSummary(Answer):
    """A document that was sent, and in which formats."""

    id: UUID
    item: UUID | None
    title: str | None
    document: str
    formats: tuple[InformationFormat, ...]


class ObjectionSummary(Answer):
    """An objection; its reason only for those who may see it, and whose it is unless they no longer want to be named."""

    id: UUID
    member: UUID | None
    reason: str | None
    raised_to: int
    state: ObjectionState


class ProposalSummary(Answer):
    """A proposal in its newest version, with the positions and objections it met; `id` is that of the decision it leads to."""

    id: UUID
    item: UUID
    title: str | None
    text: str | None
    options: tuple[str | None, ...]
    version: int
    closed: bool
    positions: tuple[MemberPosition, ...]
    objections: tuple[ObjectionSummary, ...]


class DecisionSummary(Answer):
    """A decision; what a summary does not tell is none."""

    id: UUID
    title: str | None
    method: DecisionMethod
    lived_experience: tuple[int, int, int]
    provider: tuple[int, int, int]
    employed: tuple[int, int, int]
    other: tuple[int, int, int]
    outcome: DecisionOutcome
    rests_on: DecisionRecord = DecisionRecord.summary
    item: UUID | None = None
    proposal_version: int | None = None
    binding: BindingForce | None = None
    decided_by: UUID | None = None
    chosen: int | None = None
    objections: tuple[tuple[Side, ObjectionState], ...] = ()
    carried_on_both_sides: bool | None = None
    quorate: bool | None = None


class ActionSummary(Answer):
    """An action; overdue is derived from `original_due`."""

    id: UUID
    decision: UUID
    title: str | None
    owner_side: OwnerSide
    original_due: date
    due: date
    state: ActionState
    completed: datetime | None


class SessionSummary(Answer):
    """A session in a list."""

    id: UUID
    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: datetime
    status: SessionStatus


class CorrectionSummary(Answer):
    """A correction of agreed minutes."""

    id: UUID
    text: str | None
    raised_by: UUID | None
    happened: datetime


class MinutesSummary(Answer):
    """The minutes of a session in their newest version; `digest` is SHA-256 over what is stored of them."""

    version: int
    text: str | None
    digest: str
    accepted_by: tuple[UUID, ...]
    agreed: datetime | None
    corrections: tuple[CorrectionSummary, ...]


class SessionDetail(SessionSummary):
    """A session as it stands; titles only for those who may see them."""

    version: int
    place: str | None = None
    minutes: int | None = None
    series: UUID | None = None
    invited: tuple[UUID, ...]
    answers: tuple[InvitationSummary, ...] = ()
    materials: tuple[MaterialSummary, ...] = ()
    attendance: tuple[Attendance, ...]
    opened: datetime | None = None
    present: tuple[UUID, ...] = ()
    quorate: bool | None = None
    agenda: tuple[AgendaItemSummary, ...]
    proposals: tuple[ProposalSummary, ...] = ()
    minutes_taken: MinutesSummary | None = None
    decisions: tuple[DecisionSummary, ...]
    actions: tuple[ActionSummary, ...]


class CalendarEntry(Answer):
    """A session as iCalendar (RFC 5545), to be kept as a file of the media type text/calendar; its place only for those who may see it."""

    calendar: str


class SessionPage(Answer):
    """A page of sessions; `next` is the cursor of the following page."""

    items: tuple[SessionSummary, ...]
    next: str | None
