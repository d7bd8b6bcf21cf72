"""What follows from decisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from contracts.model import Answer, Code, Command, Cursor, Day, Digest, PageSize, PartnershipFact, Query, SealedPart, Words
from contracts.vocabulary import ActionStage, ActionState, BlockingReason, EvidenceKind, OwnerSide, Receiver


class ProposeAction(Command):
    """Propose an action that follows from a decision; it is nobody's until it is agreed."""

    session: UUID
    decision: UUID
    title: Words
    owner_side: OwnerSide
    owner: UUID | None = None
    original_due: Day


class AcceptAction(Command):
    """Agree an action as it was proposed."""

    session: UUID
    action: UUID


class AgreeAction(Command):
    """Agree an action that follows from a decision; `owner` is the member who carries it, for their side or for both."""

    session: UUID
    decision: UUID
    title: Words
    owner_side: OwnerSide
    owner: UUID | None = None
    original_due: Day


class StartAction(Command):
    """Record that an action is under way, for the first time or again after it was blocked."""

    session: UUID
    action: UUID


class BlockAction(Command):
    """Record that an action cannot go on, with a coded reason."""

    session: UUID
    action: UUID
    reason: BlockingReason


class HandOverAction(Command):
    """Hand an action over: to a side, or one of its members (`owner`); or out of the partnership, to another one or to a service."""

    session: UUID
    action: UUID
    to: Receiver
    owner: UUID | None = None
    partnership: UUID | None = None
    org_unit: Code | None = None


class MoveActionDueDate(Command):
    """Move the due date of an action; the original one is kept, and judged by."""

    session: UUID
    action: UUID
    due: Day


class CompleteAction(Command):
    """Record that an action is done, and what shows it; a `document` stays where it is, its SHA-256 is kept."""

    session: UUID
    action: UUID
    evidence: EvidenceKind | None = None
    text: Words | None = None
    document: Digest | None = None


class CancelAction(Command):
    """Cancel an action by a decision."""

    session: UUID
    action: UUID
    decision: UUID


class ListActions(Query):
    """The actions of a partnership by the day they were first promised for; `overdue` and `open` leave out the others.

    Overdue is what is open after its original due date, on the day `on`, or today.
    """

    partnership: UUID
    open: bool = False
    overdue: bool = False
    side: OwnerSide | None = None
    on: Day | None = None
    after: Cursor | None = None
    limit: PageSize = 50


class ActionProposed(PartnershipFact, type="sessions.ActionProposed.v1"):
    """An action was proposed; nobody took it on yet."""

    action: UUID
    decision: UUID
    title: SealedPart
    owner_side: OwnerSide
    owner: UUID | None
    original_due: date


class ActionAgreed(PartnershipFact, type="sessions.ActionAgreed.v1"):
    """Somebody took something on, until a day."""

    action: UUID
    decision: UUID
    title: SealedPart
    owner_side: OwnerSide
    original_due: date
    owner: UUID | None = None


class ActionStarted(PartnershipFact, type="sessions.ActionStarted.v1"):
    """An action is under way, for the first time or again."""

    action: UUID


class ActionBlocked(PartnershipFact, type="sessions.ActionBlocked.v1"):
    """An action cannot go on."""

    action: UUID
    blocked_by: BlockingReason


class ActionHandedOver(PartnershipFact, type="sessions.ActionHandedOver.v1"):
    """Somebody else has the action from now on: a side (`owner_side`), or somebody outside the partnership (`receiver`, `org_unit`)."""

    action: UUID
    to: Receiver
    owner_side: OwnerSide | None
    owner: UUID | None
    receiver: UUID | None
    org_unit: str | None


class ActionDueDateMoved(PartnershipFact, type="sessions.ActionDueDateMoved.v1"):
    """The due date was moved; the original one stays what it was."""

    action: UUID
    due: date


class ActionCompleted(PartnershipFact, type="sessions.ActionCompleted.v1"):
    """An action was done; `evidence` is the kind of what shows it, `text` what it says."""

    action: UUID
    evidence: EvidenceKind | None = None
    text: SealedPart | None = None
    document: str | None = None


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
    stage: ActionStage = ActionStage.agreed
    owner: UUID | None = None
    blocked_by: BlockingReason | None = None
    evidence: EvidenceKind | None = None
    evidence_text: str | None = None
    evidence_document: str | None = None
    handed_to: Receiver | None = None
    receiver: UUID | None = None
    org_unit: str | None = None


class ListedAction(Answer):
    """An action in a list; its title only for those who may see it."""

    id: UUID
    session: UUID
    decision: UUID
    title: str | None
    owner_side: OwnerSide
    owner: UUID | None
    original_due: date
    due: date
    stage: ActionStage
    blocked_by: BlockingReason | None
    overdue: bool
    completed: datetime | None


class ActionPage(Answer):
    """A page of actions as of a day; `next` is the cursor of the following page."""

    on: date
    items: tuple[ListedAction, ...]
    next: str | None
