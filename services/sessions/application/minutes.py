"""What is written down of a session, agreed and corrected."""

from __future__ import annotations

from contracts.sessions import AcceptMinutes, CorrectMinutes, DraftMinutes
from services.sessions.application.room import Room
from services.sessions.domain import Session
from shared.application import Work, making, use_case


class Minuting(Room):
    """The verbs of whoever takes the minutes, and of those who agree to them."""

    @use_case
    def draft_minutes(self, *, command: DraftMinutes, work: Work) -> Session:
        """Write the minutes."""
        session = self._session(command, work)
        session.draft_minutes(work.stamp, text=self._sealed(work, session, command.text, "minutes"))
        return session

    @use_case
    def accept_minutes(self, *, command: AcceptMinutes, work: Work) -> Session:
        """Record that somebody accepts the minutes."""
        session = self._session(command, work)
        session.accept_minutes(work.stamp, version=command.minutes_version, member=command.member)
        return session

    @making("correction")
    def correct_minutes(self, *, command: CorrectMinutes, work: Work) -> Session:
        """Add a correction to agreed minutes."""
        session = self._session(command, work)
        session.correct_minutes(
            work.stamp,
            correction=work.id_for("correction"),
            text=self._sealed(work, session, command.text, "correction", command.raised_by),
            raised_by=command.raised_by,
        )
        return session
