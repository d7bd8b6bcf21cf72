"""Sessions as they are asked for, and what was forgotten in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.forgetting import ErasureFact
from contracts.model import Answer, Cursor, PageSize, Query
from contracts.sessions.acting import ActionSummary
from contracts.sessions.deciding import DecisionSummary, ProposalSummary
from contracts.sessions.holding import Attendance
from contracts.sessions.minutes import MinutesSummary
from contracts.sessions.planning import AgendaItemSummary, InvitationSummary, MaterialSummary
from contracts.vocabulary import SessionKind, SessionMode, SessionStatus


class GetSession(Query):
    """One session with all that was recorded of it."""

    session: UUID


class GetCalendar(Query):
    """A session as an entry for calendars."""

    session: UUID


class ListSessions(Query):
    """The sessions of a partnership, by start."""

    partnership: UUID
    after: Cursor | None = None
    limit: PageSize = 50


class SubjectErased(ErasureFact, type="sessions.SubjectErased.v1"):
    """Sessions has forgotten what the person had said: titles of their items, objections, corrections of minutes."""


class SessionSummary(Answer):
    """A session in a list."""

    id: UUID
    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: datetime
    status: SessionStatus


class SessionDetail(SessionSummary):
    """A session as it stands; titles only for those who may see them."""

    version: int
    place: str | None = None
    minutes: int | None = None
    series: UUID | None = None
    invited: tuple[UUID, ...]
    answers: tuple[InvitationSummary, ...] = ()
    materials: tuple[MaterialSummary, ...] = ()
    attendance: tuple[Attendance, ...]
    opened: datetime | None = None
    present: tuple[UUID, ...] = ()
    quorate: bool | None = None
    agenda: tuple[AgendaItemSummary, ...]
    proposals: tuple[ProposalSummary, ...] = ()
    minutes_taken: MinutesSummary | None = None
    decisions: tuple[DecisionSummary, ...]
    actions: tuple[ActionSummary, ...]


class CalendarEntry(Answer):
    """A session as iCalendar (RFC 5545), to be kept as a file of the media type text/calendar; its place only for those who may see it."""

    calendar: str


class SessionPage(Answer):
    """A page of sessions; `next` is the cursor of the following page."""

    items: tuple[SessionSummary, ...]
    next: str | None
