"""Actions: what somebody took on by a decision, until when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import ActionAgreed, ActionCancelled, ActionCompleted, ActionDueDateMoved, DecisionClosed
from contracts.vocabulary import ActionState, OwnerSide
from services.sessions.domain.holding import Holding
from shared.application import Stamp


@dataclass
class Action:
    """Something somebody took on."""

    id: UUID
    decision: UUID
    title: SealedPart
    owner_side: OwnerSide
    original_due: date
    due: date
    state: ActionState = ActionState.agreed
    completed: datetime | None = None


class Acting(Holding):
    """A session whose decisions have consequences (domain: actions)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.actions: dict[UUID, Action] = {}

    def agree_action(
        self, by: Stamp, *, action: UUID, decision: UUID, title: SealedPart, owner_side: OwnerSide, original_due: date
    ) -> None:
        """Agree an action that follows from a decision that was adopted."""
        outcome = self._decision(decision).outcome
        rule(outcome.adopted_at_all, "action_without_adoption", "Actions follow from decisions that were adopted.", field="decision")
        self.record(
            ActionAgreed,
            by,
            partnership=self.partnership,
            action=action,
            decision=decision,
            title=title,
            owner_side=owner_side,
            original_due=original_due,
        )

    def move_action_due_date(self, by: Stamp, *, action: UUID, due: date) -> None:
        """Move a due date; the original one is what counts."""
        moved = self._open_action(action)
        if moved.due != due:
            self.record(ActionDueDateMoved, by, partnership=self.partnership, action=action, due=due)

    def complete_action(self, by: Stamp, *, action: UUID) -> None:
        """Record that an action is done; said again it is done all the same."""
        if self._action(action).state is ActionState.completed:
            return
        self._open_action(action)
        self.record(ActionCompleted, by, partnership=self.partnership, action=action)

    def cancel_action(self, by: Stamp, *, action: UUID, decision: UUID, adopted: bool) -> None:
        """Cancel an action by a decision of the partnership that was `adopted`: otherwise late actions would just disappear (CP-10)."""
        if self._action(action).state is ActionState.cancelled:
            return
        self._open_action(action)
        rule(adopted, "cancelled_without_decision", "An action is cancelled by a decision this partnership adopted.", field="decision")
        self.record(ActionCancelled, by, partnership=self.partnership, action=action, decision=decision)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case ActionAgreed():
                self.actions[fact.action] = Action(
                    fact.action, fact.decision, fact.title, fact.owner_side, fact.original_due, fact.original_due
                )
            case ActionDueDateMoved():
                self.actions[fact.action].due = fact.due
            case ActionCompleted():
                self.actions[fact.action].state = ActionState.completed
                self.actions[fact.action].completed = fact.happened
            case ActionCancelled():
                self.actions[fact.action].state = ActionState.cancelled
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
        rule(found.state is ActionState.agreed, "action_not_open", "The action is completed or cancelled already.", field="action")
        return found
