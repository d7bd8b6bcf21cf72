"""What follows from decisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from contracts.model import Answer, Command, Day, PartnershipFact, SealedPart, Words
from contracts.vocabulary import ActionState, OwnerSide


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
