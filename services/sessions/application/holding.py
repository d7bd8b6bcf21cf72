"""While a session is held, and right after: who is there, whose interest is handled how, what is on, how heard people felt."""

from __future__ import annotations

from contracts.sessions import (
    CloseAgendaItem,
    HandleInterest,
    HoldSession,
    OpenAgendaItem,
    OpenSession,
    RecordArrival,
    RecordDeparture,
    SubmitPulse,
)
from services.sessions.application.room import Room
from services.sessions.domain import Session
from services.sessions.domain.quorum import TWO_SIDED
from shared.application import Work, use_case


class Holding(Room):
    """The verbs of whoever runs a session."""

    @use_case
    def open_session(self, *, command: OpenSession, work: Work) -> Session:
        """Begin a session."""
        session = self._session(command, work)
        self._membership.perspectives(session.partnership, command.present, work.stamp.happened, field="present")
        quorum = self._membership.quorum(session.partnership, work.stamp.happened) or TWO_SIDED
        session.open(work.stamp, chaired_by=command.chaired_by, present=command.present, quorum=quorum)
        return session

    @use_case
    def record_arrival(self, *, command: RecordArrival, work: Work) -> Session:
        """Record that members came."""
        session = self._session(command, work)
        self._membership.perspectives(session.partnership, command.members, work.stamp.happened, field="members")
        session.arrive(work.stamp, members=command.members)
        return session

    @use_case
    def record_departure(self, *, command: RecordDeparture, work: Work) -> Session:
        """Record that members left."""
        session = self._session(command, work)
        session.leave(work.stamp, members=command.members)
        return session

    @use_case
    def handle_interest(self, *, command: HandleInterest, work: Work) -> Session:
        """Record how an interest is handled for one item."""
        session = self._session(command, work)
        session.handle_interest(work.stamp, item=command.item, member=command.member, interest=command.interest, handling=command.handling)
        return session

    @use_case
    def open_agenda_item(self, *, command: OpenAgendaItem, work: Work) -> Session:
        """Open an item."""
        session = self._session(command, work)
        session.open_item(work.stamp, item=command.item)
        return session

    @use_case
    def close_agenda_item(self, *, command: CloseAgendaItem, work: Work) -> Session:
        """Close an item."""
        session = self._session(command, work)
        session.close_item(work.stamp, item=command.item)
        return session

    @use_case
    def hold_session(self, *, command: HoldSession, work: Work) -> Session:
        """Record that a session was held; whoever came was a member when it began."""
        session = self._session(command, work)
        came = [one.member for one in command.attendance if one.status.counts]
        self._membership.perspectives(session.partnership, came, session.starts, field="attendance")
        session.hold(
            work.stamp,
            chaired_by=command.chaired_by,
            attendance=command.attendance,
            contributions=command.contributions,
            discussed=command.discussed,
            minutes=command.minutes,
        )
        return session

    @use_case
    def submit_pulse(self, *, command: SubmitPulse, work: Work) -> Session:
        """Take answers to the pulse; they belong to a side, so nothing in them leads back to who gave them."""
        session = self._session(command, work)
        session.submit_pulse(work.undisclosed(), answers=command.answers)
        return session
