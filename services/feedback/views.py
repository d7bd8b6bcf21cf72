"""What feedback knows of partnerships and sessions, from their facts alone; its own inbox; and whom it is to forget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.feedback import (
    ChangeDeclined,
    ChangeMade,
    ChangePlanned,
    FeedbackEscalated,
    FeedbackPage,
    FeedbackReceived,
    FeedbackResponded,
    FeedbackSummary,
    FeedbackThemed,
    OutcomeTold,
)
from contracts.model import Fact, instant
from contracts.partnerships import ErasureRequested, PartnershipProposed
from contracts.sessions import SessionHeld
from contracts.vocabulary import FeedbackKind, FeedbackState, FeedbackTheme
from shared.clock import fixed_width
from shared.database import Database
from shared.forgetting import Forgotten, forgetting
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.views import View

_PROPOSED = "INSERT INTO {known_partnership} (id) VALUES (:id)"
_HELD = "INSERT INTO {held_session} (id, partnership) VALUES (:id, :partnership)"

_SURROUNDINGS = (
    "SELECT (SELECT id FROM known_partnership WHERE id = :partnership), (SELECT partnership FROM held_session WHERE id = :session)"
)


def _surroundings(fact: Fact) -> Iterable[Effect]:
    match fact:
        case PartnershipProposed():
            yield _PROPOSED, {"id": str(fact.stream)}
        case SessionHeld():
            yield _HELD, {"id": str(fact.stream), "partnership": str(fact.partnership)}


class Surroundings(ReadModel):
    """Which partnerships there are, and which of their sessions were held."""

    view = View(
        "surroundings",
        sources=("partnerships", "sessions"),
        tables={"known_partnership": "id TEXT PRIMARY KEY", "held_session": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL"},
        apply=effects(_surroundings),
    )

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._found: set[tuple[UUID, UUID | None]] = set()

    def must_exist(self, partnership: UUID, session: UUID | None = None) -> None:
        """Raises `NotFound` for a partnership nobody proposed, `RuleBroken` for a session it did not hold.

        What was found once need not be looked up again: facts are not taken back.
        """
        if (partnership, session) in self._found:
            return
        known, held = self.database.rows(_SURROUNDINGS, {"partnership": str(partnership), "session": str(session)})[0]
        if known is None:
            raise NotFound("no_such_partnership", "There is no such partnership.", field="partnership")
        rule(
            session is None or held == str(partnership),
            "session_not_held_here",
            "Feedback about a session is about one this partnership held.",
            field="session",
        )
        self._found.add((partnership, session))


class ToForget(Forgotten):
    """Whom feedback is to forget."""

    asked = ErasureRequested
    view = forgetting(ErasureRequested)


_RECEIVED = (
    "INSERT INTO {inbox} (id, partnership, kind, state, told, received, rating) "
    "VALUES (:id, :partnership, :kind, 'received', 0, :received, :rating)"
)
_THEMED = "UPDATE {inbox} SET theme = :theme WHERE id = :id"
_RESPONDED = "UPDATE {inbox} SET state = 'responded' WHERE id = :id AND state = 'received'"
_STATE = "UPDATE {inbox} SET state = :state WHERE id = :id"
_TOLD = "UPDATE {inbox} SET told = 1 WHERE id = :id"


def _inbox(fact: Fact) -> Iterable[Effect]:
    item = {"id": str(fact.stream)}
    match fact:
        case FeedbackReceived():
            what = {"partnership": str(fact.partnership), "kind": fact.kind, "received": fixed_width(fact.happened), "rating": fact.rating}
            yield _RECEIVED, {**item, **what}
        case FeedbackThemed():
            yield _THEMED, {**item, "theme": fact.theme}
        case FeedbackResponded():
            yield _RESPONDED, item
        case ChangePlanned():
            yield _STATE, {**item, "state": FeedbackState.change_planned}
        case ChangeMade():
            yield _STATE, {**item, "state": FeedbackState.change_made}
        case ChangeDeclined():
            yield _STATE, {**item, "state": fact.outcome}
        case FeedbackEscalated():
            yield _STATE, {**item, "state": FeedbackState.escalated}
        case OutcomeTold():
            yield _TOLD, item


class Inbox(ReadModel):
    """Which feedback a partnership has, and how far each item has come."""

    view = View(
        "inbox",
        sources=("feedback",),
        tables={
            "inbox": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL, kind TEXT NOT NULL, theme TEXT, state TEXT NOT NULL, "
            "told INTEGER NOT NULL, received TEXT NOT NULL, rating INTEGER"
        },
        indexes={"inbox_by_receipt": "{inbox} (partnership, received, id)"},
        apply=effects(_inbox),
    )

    def page(self, partnership: UUID, *, after: str | None, limit: int) -> FeedbackPage:
        """The feedback of a partnership by receipt, a page at a time."""
        received, last = after_cursor(after, ("", ""))
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT id, kind, theme, state, told, received, rating FROM inbox "
                "WHERE partnership = :partnership AND (received, id) > (:received, :id) ORDER BY received, id LIMIT :limit",
                {"partnership": str(partnership), "received": received, "id": last, "limit": limit},
            )
        items = tuple(_summary(partnership, row) for row in rows)
        return FeedbackPage(items=items, next=cursor(rows, limit, 5, 0))


def _summary(partnership: UUID, row: Sequence[Any]) -> FeedbackSummary:
    id_, kind, theme, state, told, received, rating = row
    return FeedbackSummary(
        id=UUID(id_),
        partnership=partnership,
        kind=FeedbackKind(kind),
        theme=FeedbackTheme(theme) if theme else None,
        state=FeedbackState(state),
        told=bool(told),
        received=instant(received),
        rating=int(rating) if rating is not None else None,
    )
