"""A session decides: who is invited, what was held, how each side stood, which actions follow.

Perspectives arrive as arguments: who is on which side is the partnership's fact, not the session's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    ActionDueDateMoved,
    AgendaItemRaised,
    Attendance,
    AttendanceRecorded,
    ContributionRecorded,
    Contributions,
    DecisionClosed,
    InvitationSent,
    PulseAnswer,
    PulseSubmitted,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
)
from contracts.vocabulary import (
    ActionState,
    AgendaItemOrigin,
    AttendanceStatus,
    CancellationReason,
    DecisionMethod,
    DecisionOutcome,
    OwnerSide,
    Perspective,
    SessionKind,
    SessionMode,
    SessionStatus,
    Side,
)
from shared.application import Aggregate, Stamp


@dataclass
class Item:
    """Something on the agenda."""

    id: UUID
    title: SealedPart
    origin: AgendaItemOrigin
    raised_by: UUID | None


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


class Session(Aggregate):
    """One planned meeting of a partnership (domain: sessions and decisions, actions)."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: datetime
    status = SessionStatus.planned

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.invited: dict[UUID, Perspective] = {}
        self.agenda: dict[UUID, Item] = {}
        self.attendance: dict[UUID, AttendanceStatus] = {}
        self.discussed: tuple[UUID, ...] = ()
        self.pulses: Counter[Side] = Counter()
        self.decisions: dict[UUID, DecisionClosed] = {}
        self.actions: dict[UUID, Action] = {}

    @classmethod
    def plan(cls, id: UUID, by: Stamp, *, partnership: UUID, kind: SessionKind, mode: SessionMode, starts: datetime) -> Self:
        """Plan a session."""
        session = cls(id)
        session.record(SessionPlanned, by, partnership=partnership, kind=kind, mode=mode, starts=starts)
        return session

    def invite(self, by: Stamp, *, members: Mapping[UUID, Perspective]) -> None:
        """Invite members; whoever is invited already stays invited."""
        self._must_be_planned()
        for member, perspective in members.items():
            if member not in self.invited:
                self.record(InvitationSent, by, partnership=self.partnership, member=member, perspective=perspective)

    def raise_item(
        self, by: Stamp, *, item: UUID, title: SealedPart, origin: AgendaItemOrigin, raised_by: UUID | None, perspective: Perspective | None
    ) -> None:
        """Put an item on the agenda."""
        self._must_be_planned()
        rule(
            (raised_by is not None) or origin is not AgendaItemOrigin.raised_by_member,
            "raiser_missing",
            "An item raised by a member names the member.",
            field="raised_by",
        )
        rule(
            raised_by is None or origin not in {AgendaItemOrigin.standing, AgendaItemOrigin.imposed_by_organisation},
            "raiser_of_standing_item",
            "A standing or imposed item was raised by nobody.",
            field="raised_by",
        )
        self.record(
            AgendaItemRaised,
            by,
            partnership=self.partnership,
            item=item,
            title=title,
            origin=origin,
            raised_by=raised_by,
            perspective=perspective,
        )

    def hold(
        self,
        by: Stamp,
        *,
        chaired_by: tuple[UUID, ...],
        attendance: Iterable[Attendance],
        contributions: Iterable[Contributions],
        discussed: tuple[UUID, ...],
    ) -> None:
        """Record that it took place: chair, attendance, contributions by side, items discussed."""
        self._must_be_planned()
        rule(self.starts <= by.happened, "held_before_start", "A session is held when it begins, not before.", field="happened")
        attendance = tuple(attendance)
        came = {one.member: one.status for one in attendance}
        rule(len(came) == len(attendance), "attendance_twice", "Attendance is recorded once for each member.", field="attendance")
        rule(
            came.keys() <= self.invited.keys(),
            "attendance_of_uninvited",
            "Attendance is recorded of those who were invited.",
            field="attendance",
        )
        rule(
            all(member in came and came[member].counts for member in chaired_by),
            "chair_not_present",
            "Whoever chairs is there.",
            field="chaired_by",
        )
        rule(
            set(discussed) <= self.agenda.keys(),
            "item_not_on_agenda",
            "Only items of the agenda are recorded as discussed.",
            field="discussed",
        )
        chaired = tuple(dict.fromkeys(self.invited[member].side for member in chaired_by))
        self.record(
            SessionHeld,
            by,
            partnership=self.partnership,
            kind=self.kind,
            mode=self.mode,
            chaired_by=tuple(dict.fromkeys(chaired_by)),
            chaired=chaired,
            discussed=tuple(dict.fromkeys(discussed)),
        )
        for member, status in came.items():
            self.record(
                AttendanceRecorded, by, partnership=self.partnership, member=member, perspective=self.invited[member], status=status
            )
        for one in contributions:
            self.record(ContributionRecorded, by, partnership=self.partnership, side=one.side, kind=one.kind, count=one.count)

    def submit_pulse(self, by: Stamp, *, answers: Iterable[PulseAnswer]) -> None:
        """Take answers to the pulse; a side gives no more answers than it had people there."""
        self._must_be_held()
        answers = tuple(answers)
        wanted = self.pulses + Counter(answer.side for answer in answers)
        rule(
            all(wanted[side] <= self.present(side) for side in wanted),
            "more_answers_than_people",
            "A side gives no more pulse answers than it had people at the session.",
            field="answers",
        )
        for answer in answers:
            self.record(PulseSubmitted, by, partnership=self.partnership, side=answer.side, heard=answer.heard)

    def close_decision(
        self,
        by: Stamp,
        *,
        decision: UUID,
        title: SealedPart,
        method: DecisionMethod,
        positions: Mapping[Side, tuple[int, int, int]],
        outcome: DecisionOutcome,
    ) -> None:
        """Close a proposal; a side takes no more positions than it had people there."""
        self._must_be_held()
        rule(
            all(sum(taken) <= self.present(side) for side, taken in positions.items()),
            "more_positions_than_people",
            "A side takes no more positions than it had people at the session.",
        )
        self.record(
            DecisionClosed,
            by,
            partnership=self.partnership,
            decision=decision,
            title=title,
            method=method,
            outcome=outcome,
            **{side.value: taken for side, taken in positions.items()},
        )

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

    def cancel(self, by: Stamp, *, reason: CancellationReason) -> None:
        """Cancel a session that was planned."""
        if self.status is SessionStatus.cancelled:
            return
        self._must_be_planned()
        self.record(SessionCancelled, by, partnership=self.partnership, cancellation_reason=reason)

    def present(self, side: Side) -> int:
        """How many of one side came."""
        return sum(status.counts and self.invited[member].side is side for member, status in self.attendance.items())

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case SessionPlanned():
                self.partnership, self.kind, self.mode, self.starts = fact.partnership, fact.kind, fact.mode, fact.starts
            case InvitationSent():
                self.invited[fact.member] = fact.perspective
            case AgendaItemRaised():
                self.agenda[fact.item] = Item(fact.item, fact.title, fact.origin, fact.raised_by)
            case SessionHeld():
                self.status, self.discussed = SessionStatus.held, fact.discussed
            case AttendanceRecorded():
                self.attendance[fact.member] = fact.status
            case PulseSubmitted():
                self.pulses[fact.side] += 1
            case DecisionClosed():
                self.decisions[fact.decision] = fact
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
            case SessionCancelled():
                self.status = SessionStatus.cancelled

    def _must_be_planned(self) -> None:
        rule(self.status is SessionStatus.planned, "session_not_planned", "The session was held or cancelled already.")

    def _must_be_held(self) -> None:
        rule(self.status is SessionStatus.held, "session_not_held", "The session has not been held.")

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
