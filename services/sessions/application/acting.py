"""What follows from decisions: actions, and what becomes of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from contracts.permissions import opens
from contracts.sessions import (
    AcceptAction,
    ActionPage,
    AgreeAction,
    BlockAction,
    CancelAction,
    CompleteAction,
    HandOverAction,
    ListActions,
    MoveActionDueDate,
    ProposeAction,
    StartAction,
)
from contracts.vocabulary import Side
from services.sessions.application.room import Room
from services.sessions.domain import Session
from shared.application import Work, making, use_case
from shared.context import Context


class Acting(Room):
    """The verbs of those who took something on."""

    @making("action")
    def propose_action(self, *, command: ProposeAction, work: Work) -> Session:
        """Propose an action."""
        return self._taken_on(command, work, proposed=True)

    @making("action")
    def agree_action(self, *, command: AgreeAction, work: Work) -> Session:
        """Agree an action."""
        return self._taken_on(command, work, proposed=False)

    @use_case
    def accept_action(self, *, command: AcceptAction, work: Work) -> Session:
        """Agree an action as it was proposed."""
        session = self._session(command, work)
        session.accept_action(work.stamp, action=command.action)
        return session

    @use_case
    def start_action(self, *, command: StartAction, work: Work) -> Session:
        """Record that an action is under way."""
        session = self._session(command, work)
        session.start_action(work.stamp, action=command.action)
        return session

    @use_case
    def block_action(self, *, command: BlockAction, work: Work) -> Session:
        """Record that an action cannot go on."""
        session = self._session(command, work)
        session.block_action(work.stamp, action=command.action, reason=command.reason)
        return session

    @use_case
    def hand_over_action(self, *, command: HandOverAction, work: Work) -> Session:
        """Let somebody else have an action."""
        session = self._session(command, work)
        if command.partnership:
            self._membership.must_be_known(command.partnership)
        session.hand_over_action(
            work.stamp,
            action=command.action,
            to=command.to,
            owner=command.owner,
            side=self._owners_side(session, command.owner, work),
            receiver=command.partnership,
            org_unit=command.org_unit,
        )
        return session

    @use_case
    def move_action_due_date(self, *, command: MoveActionDueDate, work: Work) -> Session:
        """Move the due date of an action."""
        session = self._session(command, work)
        session.move_action_due_date(work.stamp, action=command.action, due=command.due, on=self._day(work))
        return session

    @use_case
    def complete_action(self, *, command: CompleteAction, work: Work) -> Session:
        """Record that an action is done, and what shows it."""
        session = self._session(command, work)
        text = self._sealed(work, session, command.text, "evidence") if command.text else None
        session.complete_action(work.stamp, action=command.action, evidence=command.evidence, text=text, document=command.document)
        return session

    @use_case
    def cancel_action(self, *, command: CancelAction, work: Work) -> Session:
        """Cancel an action by a decision."""
        session = self._session(command, work)
        taken = session.decisions.get(command.decision)
        adopted = taken.outcome.adopted_at_all if taken else self._calendar.is_adopted(session.partnership, command.decision)
        session.cancel_action(work.stamp, action=command.action, decision=command.decision, adopted=adopted)
        return session

    def list_actions(self, *, query: ListActions, context: Context) -> ActionPage:
        """The actions of a partnership; titles only for those who may read them."""
        read = opens(context.role, "sessions.read_titles", context.reason)
        page = self._actions.page(query, today=query.on or self.clock().astimezone(self._zone).date())
        return self.opened(page, read=read)

    def _taken_on(self, command: AgreeAction | ProposeAction, work: Work, *, proposed: bool) -> Session:
        session = self._session(command, work)
        session.agree_action(
            work.stamp,
            action=work.id_for("action"),
            decision=command.decision,
            title=self._title(work, session, command.title),
            owner_side=command.owner_side,
            original_due=command.original_due,
            on=self._day(work),
            owner=command.owner,
            side=self._owners_side(session, command.owner, work),
            proposed=proposed,
        )
        return session

    def _day(self, work: Work) -> date:
        """The day by the clock of the region."""
        return work.stamp.happened.astimezone(self._zone).date()

    def _owners_side(self, session: Session, owner: UUID | None, work: Work) -> Side | None:
        if owner is None:
            return None
        self.must_be_remembered([owner], field="owner", work=work)
        return self._membership.perspectives(session.partnership, [owner], work.stamp.happened, field="owner")[owner].side
