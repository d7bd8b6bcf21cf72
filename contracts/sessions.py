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
    PageSize,
    PartnershipFact,
    Query,
    Rating,
    SealedPart,
    Timestamp,
    Words,
)
from contracts.vocabulary import (
    ActionState,
    AgendaItemOrigin,
    AttendanceStatus,
    CancellationReason,
    ContributionKind,
    DecisionMethod,
    DecisionOutcome,
    OwnerSide,
    Perspective,
    SessionKind,
    SessionMode,
    SessionStatus,
    Side,
)

Positions = tuple[Count, Count, Count]
"""How many of one side were for, against, abstained."""


class PlanSession(Command):
    """Plan a session of an active partnership."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: Timestamp


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


class CloseDecision(Command):
    """Close a proposal with the positions of each side and its outcome."""

    session: UUID
    title: Words
    method: DecisionMethod
    lived_experience: Positions = (0, 0, 0)
    provider: Positions = (0, 0, 0)
    employed: Positions = (0, 0, 0)
    other: Positions = (0, 0, 0)
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


class CancelSession(Command):
    """Cancel a planned session, with a coded reason."""

    session: UUID
    reason: CancellationReason


class GetSession(Query):
    """One session with all that was recorded of it."""

    session: UUID


class ListSessions(Query):
    """The sessions of a partnership, by start."""

    partnership: UUID
    after: Cursor | None = None
    limit: PageSize = 50


class SessionPlanned(PartnershipFact, type="sessions.SessionPlanned.v1"):
    """A session was planned."""

    kind: SessionKind
    mode: SessionMode
    starts: datetime


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
    """A proposal was closed; per side how many were for, against, abstained."""

    decision: UUID
    title: SealedPart
    method: DecisionMethod
    lived_experience: tuple[int, int, int]
    provider: tuple[int, int, int]
    employed: tuple[int, int, int]
    other: tuple[int, int, int]
    outcome: DecisionOutcome


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


class DecisionSummary(Answer):
    """A decision."""

    id: UUID
    title: str | None
    method: DecisionMethod
    lived_experience: tuple[int, int, int]
    provider: tuple[int, int, int]
    employed: tuple[int, int, int]
    other: tuple[int, int, int]
    outcome: DecisionOutcome


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


class SessionDetail(SessionSummary):
    """A session as it stands; titles only for those who may see them."""

    version: int
    invited: tuple[UUID, ...]
    attendance: tuple[Attendance, ...]
    agenda: tuple[AgendaItemSummary, ...]
    decisions: tuple[DecisionSummary, ...]
    actions: tuple[ActionSummary, ...]


class SessionPage(Answer):
    """A page of sessions; `next` is the cursor of the following page."""

    items: tuple[SessionSummary, ...]
    next: str | None
