"""What follows from decisions: actions, and what becomes of them."""

from __future__ import annotations

from contracts.sessions import (
    AgreeAction,
    CancelAction,
    CompleteAction,
    MoveActionDueDate,
)
from services.sessions.application.room import Room
from services.sessions.domain import Session
from shared.application import Work, making, use_case


class Acting(Room):
    """The verbs of those who took something on."""

    @making("action")
    def agree_action(self, *, command: AgreeAction, work: Work) -> Session:
        """Agree an action."""
        session = self._session(command, work)
        session.agree_action(
            work.stamp,
            action=work.id_for("action"),
            decision=command.decision,
            title=self._title(work, session, command.title),
            owner_side=command.owner_side,
            original_due=command.original_due,
        )
        return session

    @use_case
    def move_action_due_date(self, *, command: MoveActionDueDate, work: Work) -> Session:
        """Move the due date of an action."""
        session = self._session(command, work)
        session.move_action_due_date(work.stamp, action=command.action, due=command.due)
        return session

    @use_case
    def complete_action(self, *, command: CompleteAction, work: Work) -> Session:
        """Record that an action is done."""
        session = self._session(command, work)
        session.complete_action(work.stamp, action=command.action)
        return session

    @use_case
    def cancel_action(self, *, command: CancelAction, work: Work) -> Session:
        """Cancel an action by a decision."""
        session = self._session(command, work)
        taken = session.decisions.get(command.decision)
        adopted = taken.outcome.adopted_at_all if taken else self._calendar.is_adopted(session.partnership, command.decision)
        session.cancel_action(work.stamp, action=command.action, decision=command.decision, adopted=adopted)
        return session
