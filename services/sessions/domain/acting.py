"""Actions: what somebody took on by a decision, until when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import (
    ActionAgreed,
    ActionBlocked,
    ActionCancelled,
    ActionCompleted,
    ActionDueDateMoved,
    ActionHandedOver,
    ActionProposed,
    ActionStarted,
    DecisionClosed,
)
from contracts.vocabulary import ActionStage, ActionState, BlockingReason, EvidenceKind, OwnerSide, Receiver, Side
from services.sessions.domain.holding import Holding
from shared.application import Stamp

_SIDES = {Receiver.lived_experience, Receiver.provider, Receiver.joint}


@dataclass
class Action:
    """Something somebody is to take on, or took on."""

    id: UUID
    decision: UUID
    title: SealedPart
    owner_side: OwnerSide
    owner: UUID | None
    original_due: date
    due: date
    stage: ActionStage
    blocked_by: BlockingReason | None = None
    handed_over: ActionHandedOver | None = None
    done: ActionCompleted | None = None

    @property
    def state(self) -> ActionState:
        """Whether it was done or cancelled."""
        return self.stage.state

    @property
    def completed(self) -> datetime | None:
        """When it was done."""
        return self.done.happened if self.done else None


class Acting(Holding):
    """A session whose decisions have consequences (domain 6.6)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.actions: dict[UUID, Action] = {}

    def agree_action(
        self,
        by: Stamp,
        *,
        action: UUID,
        decision: UUID,
        title: SealedPart,
        owner_side: OwnerSide,
        original_due: date,
        on: date,
        owner: UUID | None = None,
        side: Side | None = None,
        proposed: bool = False,
    ) -> None:
        """Agree `on` a day an action that follows from a decision that was adopted, or only propose it; `side` is that of the `owner`."""
        outcome = self._decision(decision).outcome
        rule(outcome.adopted_at_all, "action_without_adoption", "Actions follow from decisions that were adopted.", field="decision")
        _must_be_to_come(original_due, on, "original_due")
        _must_carry_for_their_side(owner_side, side)
        what = {"action": action, "decision": decision, "title": title, "owner_side": owner_side, "owner": owner}
        self.record(ActionProposed if proposed else ActionAgreed, by, partnership=self.partnership, original_due=original_due, **what)

    def accept_action(self, by: Stamp, *, action: UUID) -> None:
        """Agree an action as it was proposed; from now on it counts (CP-10)."""
        found = self._action(action)
        if found.stage.open:
            return
        rule(found.stage is ActionStage.proposed, "action_not_open", "The action is not open any more.", field="action")
        what = {"decision": found.decision, "title": found.title, "owner_side": found.owner_side, "owner": found.owner}
        self.record(ActionAgreed, by, partnership=self.partnership, action=action, original_due=found.original_due, **what)

    def start_action(self, by: Stamp, *, action: UUID) -> None:
        """It is under way, or goes on after it was blocked."""
        if self._open_action(action).stage is not ActionStage.in_progress:
            self.record(ActionStarted, by, partnership=self.partnership, action=action)

    def block_action(self, by: Stamp, *, action: UUID, reason: BlockingReason) -> None:
        """It cannot go on; it is open all the same, and due when it was (domain 6.6)."""
        if self._open_action(action).blocked_by is not reason:
            self.record(ActionBlocked, by, partnership=self.partnership, action=action, blocked_by=reason)

    def hand_over_action(
        self,
        by: Stamp,
        *,
        action: UUID,
        to: Receiver,
        owner: UUID | None = None,
        side: Side | None = None,
        receiver: UUID | None = None,
        org_unit: str | None = None,
    ) -> None:
        """Let somebody else have it: within the partnership it goes on, outside nobody here can say that it was done.

        What left the partnership counts as due all the same, and not as done: handing over is no way round a due date (CP-10).
        """
        self._open_action(action)
        rule(
            (receiver is not None) is (to is Receiver.another_partnership) and (org_unit is not None) is (to is Receiver.another_service),
            "receiver_not_named",
            "Another partnership is named when it receives an action, and so is another service; nobody else is.",
            field="to",
        )
        rule(receiver != self.partnership, "receiver_is_giver", "An action is handed over to somebody else.", field="partnership")
        rule(owner is None or to in _SIDES, "owner_outside", "Who carries an action outside the partnership is not said.", field="owner")
        owner_side = OwnerSide(to) if to in _SIDES else None
        if owner_side:
            _must_carry_for_their_side(owner_side, side)
        what = {"to": to, "owner_side": owner_side, "owner": owner, "receiver": receiver, "org_unit": org_unit}
        self.record(ActionHandedOver, by, partnership=self.partnership, action=action, **what)

    def move_action_due_date(self, by: Stamp, *, action: UUID, due: date, on: date) -> None:
        """Move a due date `on` a day; the original one is what counts."""
        moved = self._open_action(action)
        if moved.due != due:
            _must_be_to_come(due, on, "due")
            self.record(ActionDueDateMoved, by, partnership=self.partnership, action=action, due=due)

    def complete_action(
        self,
        by: Stamp,
        *,
        action: UUID,
        evidence: EvidenceKind | None = None,
        text: SealedPart | None = None,
        document: str | None = None,
    ) -> None:
        """Record that an action is done, and what shows it; said again it is done all the same."""
        if self._action(action).stage is ActionStage.completed:
            return
        self._open_action(action)
        rule(
            evidence is not None or (text is None and document is None),
            "evidence_without_kind",
            "What shows that an action is done is of a kind that is said.",
            field="evidence",
        )
        self.record(ActionCompleted, by, partnership=self.partnership, action=action, evidence=evidence, text=text, document=document)

    def cancel_action(self, by: Stamp, *, action: UUID, decision: UUID, adopted: bool) -> None:
        """Cancel an action by a decision of the partnership that was `adopted`: otherwise late actions would just disappear (CP-10)."""
        if (found := self._action(action)).stage is ActionStage.cancelled:
            return
        if found.stage is not ActionStage.proposed:
            self._open_action(action)
        rule(adopted, "cancelled_without_decision", "An action is cancelled by a decision this partnership adopted.", field="decision")
        self.record(ActionCancelled, by, partnership=self.partnership, action=action, decision=decision)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case ActionProposed() | ActionAgreed():
                stage = ActionStage.agreed if isinstance(fact, ActionAgreed) else ActionStage.proposed
                due = fact.original_due
                self.actions[fact.action] = Action(fact.action, fact.decision, fact.title, fact.owner_side, fact.owner, due, due, stage)
            case ActionStarted():
                self.actions[fact.action].stage, self.actions[fact.action].blocked_by = ActionStage.in_progress, None
            case ActionBlocked():
                self.actions[fact.action].stage, self.actions[fact.action].blocked_by = ActionStage.blocked, fact.blocked_by
            case ActionHandedOver():
                action = self.actions[fact.action]
                action.handed_over = fact
                if fact.owner_side:
                    action.owner_side, action.owner = fact.owner_side, fact.owner
                else:
                    action.stage = ActionStage.handed_over
            case ActionDueDateMoved():
                self.actions[fact.action].due = fact.due
            case ActionCompleted():
                self.actions[fact.action].stage, self.actions[fact.action].done = ActionStage.completed, fact
            case ActionCancelled():
                self.actions[fact.action].stage = ActionStage.cancelled
            case _:
                super().apply(fact)

    def _decision(self, decision: UUID) -> DecisionClosed:
        if decision not in self.decisions:
            raise NotFound("no_such_decision", "This session took no such decision.", field="decision")
        return self.decisions[decision]

    def _action(self, action: UUID) -> Action:
        if action not in self.actions:
            raise NotFound("no_such_action", "This session has no such action.", field="action")
        return self.actions[action]

    def _open_action(self, action: UUID) -> Action:
        found = self._action(action)
        rule(found.stage.open, "action_not_open", "The action is not agreed yet, or it is done, cancelled or handed over.", field="action")
        return found


def _must_be_to_come(due: date, on: date, field: str) -> None:
    """One that has passed already would make it overdue before anybody could begin (domain 6.6, overdue is derived)."""
    rule(due >= on, "due_already_past", "An action is due on the day on which that is agreed, or later.", field=field)


def _must_carry_for_their_side(owner_side: OwnerSide, side: Side | None) -> None:
    """Whoever carries something for one side is of it (domain 6.6, OwnerSide)."""
    rule(
        side is None or owner_side is OwnerSide.joint or owner_side.value == side.value,
        "owner_of_other_side",
        "Whoever carries an action alone for a side is of that side.",
        field="owner",
    )
