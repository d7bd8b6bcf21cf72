"""The calendar: which sessions a partnership has, what it adopted in them, and which secret ballots are not needed any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from contracts.model import Fact, instant
from contracts.sessions import (
    AttendanceRecorded,
    BallotCast,
    BallotsDestroyed,
    DecisionClosed,
    MinutesAgreed,
    MinutesDrafted,
    SessionCancelled,
    SessionHeld,
    SessionMoved,
    SessionPage,
    SessionPlanned,
    SessionPublished,
    SessionSummary,
)
from contracts.vocabulary import SessionKind, SessionMode, SessionStatus
from shared.clock import fixed_width
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.views import View

_PLANNED = (
    "INSERT INTO {calendar} (id, partnership, kind, mode, starts, status) VALUES (:id, :partnership, :kind, :mode, :starts, 'planned')"
)
_MOVED = "UPDATE {calendar} SET mode = :mode, starts = :starts WHERE id = :id"
_STATUS = "UPDATE {calendar} SET status = :status WHERE id = :id"
_ADOPTED = "INSERT INTO {adopted} (id, partnership) VALUES (:id, :partnership)"
_CAME = "INSERT INTO {came} (member, session) VALUES (:member, :session)"
_CAST = "INSERT INTO {ballots} (decision, session, over) VALUES (:decision, :session, 0) ON CONFLICT (decision) DO NOTHING"
_COUNTED = "UPDATE {ballots} SET over = 1 WHERE decision = :decision"
_NEVER_COUNTED = "UPDATE {ballots} SET over = 1 WHERE session = :session"
_DESTROYED = "DELETE FROM {ballots} WHERE decision = :decision"


_BECOMES: dict[type[Fact], SessionStatus] = {
    SessionPublished: SessionStatus.published,
    SessionHeld: SessionStatus.held,
    MinutesDrafted: SessionStatus.minutes_drafted,
    MinutesAgreed: SessionStatus.minutes_agreed,
    SessionCancelled: SessionStatus.cancelled,
}


def _calendar(fact: Fact) -> Iterable[Effect]:
    if status := _BECOMES.get(type(fact)):
        yield _STATUS, {"id": str(fact.stream), "status": status}
    match fact:
        case SessionPlanned():
            where = {"id": str(fact.stream), "partnership": str(fact.partnership), "kind": fact.kind, "mode": fact.mode}
            yield _PLANNED, {**where, "starts": fixed_width(fact.starts)}
        case SessionMoved():
            yield _MOVED, {"id": str(fact.stream), "mode": fact.mode, "starts": fixed_width(fact.starts)}
        case SessionCancelled():
            yield _NEVER_COUNTED, {"session": str(fact.stream)}
        case DecisionClosed():
            if fact.outcome.adopted_at_all:
                yield _ADOPTED, {"id": str(fact.decision), "partnership": str(fact.partnership)}
            if fact.secret:
                yield _COUNTED, {"decision": str(fact.decision)}
        case AttendanceRecorded() if fact.status.counts:
            yield _CAME, {"member": str(fact.member), "session": str(fact.stream)}
        case BallotCast():
            yield _CAST, {"decision": str(fact.decision), "session": str(fact.stream)}
        case BallotsDestroyed():
            yield _DESTROYED, {"decision": str(fact.decision)}


class Calendar(ReadModel):
    """Which sessions a partnership has and who came, which decisions it adopted, and of which the secret ballots are still there."""

    view = View(
        "calendar",
        sources=("sessions",),
        tables={
            "calendar": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL, kind TEXT NOT NULL, mode TEXT NOT NULL, "
            "starts TEXT NOT NULL, status TEXT NOT NULL",
            "adopted": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL",
            "came": "member TEXT NOT NULL, session TEXT NOT NULL, PRIMARY KEY (member, session)",
            "ballots": "decision TEXT PRIMARY KEY, session TEXT NOT NULL, over INTEGER NOT NULL",
        },
        indexes={"calendar_by_start": "{calendar} (partnership, starts, id)"},
        apply=effects(_calendar),
    )

    def is_adopted(self, partnership: UUID, decision: UUID) -> bool:
        """Whether the partnership adopted that decision."""
        with self.database.reading() as tx:
            found = tx.row("SELECT partnership FROM adopted WHERE id = :id", {"id": str(decision)})
        return found == (str(partnership),)

    def attended(self, partnership: UUID, member: UUID, *, since: datetime | None, until: datetime | None) -> list[UUID]:
        """The sessions of a partnership that somebody came to, by start, from one moment to before another."""
        bounds = {"since": fixed_width(since) if since else "", "until": fixed_width(until) if until else "9"}
        rows = self.database.rows(
            "SELECT calendar.id FROM calendar JOIN came ON came.session = calendar.id WHERE came.member = :member "
            "AND calendar.partnership = :partnership AND starts >= :since AND starts < :until ORDER BY starts, calendar.id",
            {"partnership": str(partnership), "member": str(member), **bounds},
        )
        return [UUID(session) for (session,) in rows]

    def ballots_over(self) -> list[tuple[UUID, UUID]]:
        """Session and decision of every secret ballot that is over and not destroyed yet."""
        rows = self.database.rows("SELECT session, decision FROM ballots WHERE over = 1 ORDER BY decision")
        return [(UUID(session), UUID(decision)) for session, decision in rows]

    def page(self, partnership: UUID, *, after: str | None, limit: int) -> SessionPage:
        """The sessions of a partnership by start, a page at a time."""
        starts, last = after_cursor(after, ("", ""))
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT id, kind, mode, starts, status FROM calendar "
                "WHERE partnership = :partnership AND (starts, id) > (:starts, :id) ORDER BY starts, id LIMIT :limit",
                {"partnership": str(partnership), "starts": starts, "id": last, "limit": limit},
            )
        items = tuple(
            SessionSummary(
                id=UUID(id),
                partnership=partnership,
                kind=SessionKind(kind),
                mode=SessionMode(mode),
                starts=instant(starts),
                status=SessionStatus(status),
            )
            for id, kind, mode, starts, status in rows
        )
        return SessionPage(items=items, next=cursor(rows, limit, 3, 0))
