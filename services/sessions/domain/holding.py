"""What is recorded of a session when it is over, and of one that did not take place: attendance, contributions, pulse, summaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

from contracts.errors import rule
from contracts.model import Fact, SealedPart
from contracts.sessions import (
    Attendance,
    AttendanceRecorded,
    ContributionRecorded,
    Contributions,
    DecisionClosed,
    PulseAnswer,
    PulseSubmitted,
    SessionCancelled,
    SessionHeld,
)
from contracts.vocabulary import (
    AttendanceStatus,
    BindingForce,
    CancellationReason,
    DecisionMethod,
    DecisionOutcome,
    ObjectionState,
    SessionStatus,
    Side,
)
from services.sessions.domain.deciding import Deciding
from services.sessions.domain.meeting import must_be_quota_of
from services.sessions.domain.methods import TWO_THIRDS, Sides, carried, carried_on_both_sides
from services.sessions.domain.quorum import Quorum, There
from shared.application import Stamp

_NOBODY: Mapping[Side, int] = MappingProxyType({})
_OVER = {SessionStatus.held, SessionStatus.minutes_drafted, SessionStatus.minutes_agreed}


class Holding(Deciding):
    """A session that was held, or cancelled (domain 6.5, AttendanceStatus, CancellationReason; 8.A)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.attendance: dict[UUID, AttendanceStatus] = {}
        self.discussed: tuple[UUID, ...] = ()
        self.chairs: tuple[UUID, ...] = ()
        self.stayed: dict[UUID, int] = {}
        self.lasted: int | None = None
        self.pulses: Counter[Side] = Counter()

    def hold(
        self,
        by: Stamp,
        *,
        chaired_by: tuple[UUID, ...],
        attendance: Iterable[Attendance],
        contributions: Iterable[Contributions],
        discussed: tuple[UUID, ...],
        minutes: int | None = None,
    ) -> None:
        """Record that it took place: chair, attendance, contributions by side, items discussed, how long it lasted."""
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
        lasted = minutes or self.minutes
        rule(
            all(one.minutes is None or (one.status.counts and one.minutes <= (lasted or one.minutes)) for one in attendance),
            "stayed_longer_than_it_lasted",
            "Nobody was there for longer than the session lasted, and whoever did not come was not there at all.",
            field="attendance",
        )
        rule(
            set(discussed) <= self.agenda.keys(),
            "item_not_on_agenda",
            "Only items of the agenda are recorded as discussed.",
            field="discussed",
        )
        rule(
            self.opened is None or self.here.keys() == {member for member, status in came.items() if status.counts},
            "attendance_differs",
            "Whoever arrived while the session went on attended it, and nobody else did.",
            field="attendance",
        )
        rule(all(one.closed for one in self.proposals.values()), "proposal_open", "A session ends when its proposals are closed.")
        discussed = (*discussed, *(item.id for item in self.agenda.values() if item.opened))
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
            minutes=minutes,
        )
        for one in attendance:
            what = {"member": one.member, "perspective": self.invited[one.member], "status": one.status, "minutes": one.minutes}
            self.record(AttendanceRecorded, by, partnership=self.partnership, **what)
        for said in contributions:
            self.record(ContributionRecorded, by, partnership=self.partnership, side=said.side, kind=said.kind, count=said.count)

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
        positions: Sides,
        outcome: DecisionOutcome,
        item: UUID | None = None,
        binding: BindingForce | None = None,
        objections: tuple[tuple[Side, ObjectionState], ...] = (),
        quorum: Quorum | None = None,
        quota: tuple[int, int] | None = None,
        declined: Mapping[Side, int] = _NOBODY,
    ) -> None:
        """Record in summary how a proposal ended; a side takes no more positions than it had people there."""
        self._must_be_held()
        rule(
            all(sum(positions[side]) + declined.get(side, 0) <= self.present(side) for side in Side),
            "more_positions_than_people",
            "A side takes no more positions than it had people at the session.",
        )
        rule(item is None or item in self.agenda, "item_not_on_agenda", "Only items of the agenda are decided on.", field="item")
        rule(
            not (outcome.adopted_at_all and method is DecisionMethod.consent and any(state.stops for _, state in objections)),
            "objection_stands",
            "Nothing is adopted by consent over an objection that stands.",
            field="objections",
        )
        self._must_be_as_stated(item, method, binding, quota)
        stated = self.agenda[item].method if item else None
        binding, quota = (stated.binding, stated.quota) if stated else (binding, quota)
        self._must_follow(outcome, method, positions, quota, stopped=any(state.stops for _, state in objections))
        self.record(
            DecisionClosed,
            by,
            partnership=self.partnership,
            decision=decision,
            title=title,
            method=method,
            outcome=outcome,
            item=item,
            binding=binding,
            objections=objections,
            quota=quota,
            declined_by_side=tuple(declined.items()),
            decided_by=stated.decided_by if stated else None,
            carried_on_both_sides=carried_on_both_sides(positions),
            quorate=quorum.holds(self._came_for(item)) if quorum else None,
            **{side.value: taken for side, taken in positions.items()},
        )

    def cancel(self, by: Stamp, *, reason: CancellationReason) -> None:
        """Cancel a session that was planned."""
        if self.status is SessionStatus.cancelled:
            return
        self._must_be_planned()
        rule(not self.decisions, "decided_already", "A session in which something was decided took place.")
        self.record(SessionCancelled, by, partnership=self.partnership, cancellation_reason=reason)

    def present(self, side: Side) -> int:
        """How many of one side came."""
        return sum(status.counts and self.invited[member].side is side for member, status in self.attendance.items())

    def minutes_of(self, member: UUID) -> int | None:
        """How long somebody was there: all of it, unless it was said; none where they came for a part and nobody said for how long."""
        whole = self.lasted if self.attendance.get(member) is AttendanceStatus.attended else None
        return self.stayed.get(member, whole)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case SessionHeld():
                self.status, self.discussed, self.chairs = SessionStatus.held, fact.discussed, fact.chaired_by
                self.lasted = fact.minutes or self.minutes
            case AttendanceRecorded():
                self.attendance[fact.member] = fact.status
                if fact.minutes is not None:
                    self.stayed[fact.member] = fact.minutes
            case PulseSubmitted():
                self.pulses[fact.side] += 1
            case SessionCancelled():
                self.status = SessionStatus.cancelled
            case _:
                super().apply(fact)

    def _must_be_as_stated(
        self, item: UUID | None, method: DecisionMethod, binding: BindingForce | None, quota: tuple[int, int] | None
    ) -> None:
        stated = self.agenda[item].method if item else None
        rule(
            stated is None
            or (method is stated.method and binding in {None, stated.binding} and (quota is None or quota == (stated.quota or TWO_THIRDS))),
            "decided_otherwise_than_stated",
            "What is decided under an item is decided in the way, and binds as far, as was stated before it opened.",
            field="method",
        )
        must_be_quota_of(method, quota)

    def _must_follow(
        self, outcome: DecisionOutcome, method: DecisionMethod, positions: Sides, quota: tuple[int, int] | None, *, stopped: bool
    ) -> None:
        """Where the positions are told, the outcome is the one they lead to; a veto, and what was chosen, a summary does not tell."""
        holds = carried(method, positions, quota) if any(map(sum, positions.values())) else None
        rule(
            not outcome.adopted_at_all or (holds is not False and method is not DecisionMethod.sense_check),
            "not_carried",
            "A proposal is adopted when its method carries it.",
            field="outcome",
        )
        may_fail = (stopped and method is DecisionMethod.consent) or method is DecisionMethod.gradients_of_agreement
        rule(
            outcome is not DecisionOutcome.not_adopted or not holds or may_fail,
            "carried_all_the_same",
            "A proposal that its method carries is adopted.",
            field="outcome",
        )

    def _came_for(self, item: UUID | None) -> There:
        out = self.recused(item)
        return There.of(self.invited[member].side for member, status in self.attendance.items() if status.counts and member not in out)

    def _must_be_held(self) -> None:
        rule(self.status in _OVER, "session_not_held", "The session has not been held.")
