"""What one log can do, whichever database holds it: write a group of saves in one transaction, and answer readers.

Owns the reading statements and what a refused save is told; each database owns its connections and its way of writing.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from contracts.errors import Conflict, Invalid, Refusal
from shared.store.vocabulary import DamagedLog, Outcome, Row, SavedCommand, SealedBox, Stored, Tracked

Verdict = Outcome | Exception
LARGEST_STATE = 64_000
"""Bytes of one fact; with its envelope it must fit a leaf of the ledger (65,535 bytes)."""
LAST_PAGE = 500
_NOWHERE = UUID(int=0)

_STATE = (
    "SELECT store, position, (SELECT coalesce(max(position), 0) FROM events),"
    " (SELECT count(*) FROM events WHERE position > head.position - %s) FROM head"
)
_EVENTS = "SELECT position, stream, version, type, state FROM events WHERE "


class Request:
    """One save: all of it is written, or nothing. `settled` is released when it has its verdict."""

    __slots__ = ("command", "events", "expected", "over", "sealed", "settled", "tracked", "uncertain", "verdict")

    def __init__(
        self,
        events: Sequence[Stored],
        command: SavedCommand | None = None,
        sealed: Sequence[SealedBox] = (),
        tracked: Tracked | None = None,
    ) -> None:
        self.events, self.command, self.sealed, self.tracked = events, command, sealed, tracked
        self.expected = _versions_before(events)
        self.uncertain = False  # sent once, and the answer was lost: it may have been written
        self.over = False  # nobody waits for it any more
        self.verdict: Verdict | None = None
        self.settled = threading.Lock()
        self.settled.acquire()

    @property
    def touches(self) -> set[UUID | str]:
        """What no other save of the same group may touch."""
        return {*self.expected, *([self.command.id] if self.command else ()), *([self.tracked.source] if self.tracked else ())}

    def done(self, position: int, *, repeated: bool = False) -> Outcome:
        """The outcome of this save, given where its last fact is; a save that only tracks names no stream."""
        if self.command:
            return Outcome(self.command.stream, self.command.version, position, repeated)
        if self.events:
            return Outcome(self.events[-1].originator_id, self.events[-1].originator_version, position, repeated)  # type: ignore[arg-type]
        return Outcome(_NOWHERE, 0, position, repeated)


def _versions_before(events: Sequence[Stored]) -> dict[UUID, int]:
    """The version each stream must have for `events` to follow; raises where they leave a hole themselves."""
    expected: dict[Any, int] = {}
    latest: dict[Any, int] = {}
    for event in events:
        stream, version = event.originator_id, event.originator_version
        if expected.setdefault(stream, version - 1) < 0 or latest.get(stream, version - 1) != version - 1:
            raise stale()
        if len(event.state) > LARGEST_STATE:
            raise Invalid("fact_too_large", f"A fact holds at most {LARGEST_STATE} bytes.")
        latest[stream] = version
    return expected


def stale() -> Conflict:
    """Another save took the version, or this one would leave a hole in its stream."""
    return Conflict("stale_version", "It was changed by somebody else first; read it again, then decide.")


class Log(ABC):
    """The tables of one service. Its `write` is called by one thread at a time; everything else by any."""

    store_id: UUID
    at_hand: bool
    """Whether a write is quick and never lets another green thread run, so that any caller may do it."""

    @abstractmethod
    def write(self, group: Sequence[Request]) -> list[Verdict]:
        """Settle `group`, no two of which touch the same stream, command or source; durable when it returns.

        Raises `Unavailable` when it is not known what was written: then the same group may be given again. Any other exception
        means that nothing was written and that one of the group is to blame.
        """

    @abstractmethod
    def close(self) -> None:
        """Give the connections back."""

    @abstractmethod
    def _rows(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        """All rows; `%s` marks a parameter, `IN %s` one of a sequence. Raises `Unavailable`."""

    @abstractmethod
    def _events(self, statement: str, *params: Any) -> list[Row]:
        """All rows of a statement that begins with the columns of `Row`."""

    @abstractmethod
    def shred(self, handles: Sequence[UUID]) -> None:
        """Remove sealed boxes so that no file of the database holds them any more; done again it is done. Raises `Unavailable`."""

    def check(self) -> None:
        """Take the store's identity; raises `DamagedLog` unless head, highest position and the last page agree."""
        found = self._rows(_STATE, LAST_PAGE)
        if not found:
            raise DamagedLog("the log has no head")
        store, position, highest, last_page = found[0]
        if highest != position:
            raise DamagedLog(f"the head says {position}, the last fact is {highest}")
        if last_page != min(position, LAST_PAGE):
            raise DamagedLog(f"{min(position, LAST_PAGE) - last_page} of the last {LAST_PAGE} facts are missing")
        self.store_id = UUID(str(store))

    def head(self) -> int:
        """The last position."""
        position: int = self._rows("SELECT position FROM head")[0][0]
        return position

    def page(self, after: int, limit: int, upto: int, types: Sequence[str]) -> list[Row]:
        """At most `limit` facts after a position, in order."""
        where = "position > %s AND position <= %s" + (" AND type IN %s" if types else "") + " ORDER BY position LIMIT %s"
        return self._events(_EVENTS + where, after, upto, *([types] if types else []), limit)

    def stream(self, stream: UUID, after: int, upto: int, limit: int, *, newest_first: bool = False) -> list[Row]:
        """At most `limit` facts of one stream, in order of version."""
        order = "DESC" if newest_first else "ASC"
        where = f"stream = %s AND version > %s AND version <= %s ORDER BY version {order} LIMIT %s"
        return self._events(_EVENTS + where, stream, after, upto, limit)

    def command(self, command: UUID) -> tuple[Outcome, bytes] | None:
        """What a command did, and its digest."""
        rows = self._rows("SELECT stream, version, position, digest FROM commands WHERE id = %s", command)
        for stream, version, position, digest in rows:
            return Outcome(UUID(str(stream)), version, position, repeated=True), digest
        return None

    def boxes(self, handles: Sequence[UUID]) -> dict[UUID, SealedBox]:
        """The sealed boxes that are still there."""
        rows = self._rows("SELECT handle, subject, ciphertext FROM sealed WHERE handle IN %s", handles) if handles else []
        boxes = (SealedBox(UUID(str(handle)), UUID(str(subject)), ciphertext) for handle, subject, ciphertext in rows)
        return {box.handle: box for box in boxes}

    def tracked(self, source: str) -> int | None:
        """How far `source` has been followed."""
        rows = self._rows("SELECT position FROM tracking WHERE source = %s", source)
        return rows[0][0] if rows else None

    def _seen(self, request: Request) -> Verdict:
        """A command with this id has been done: this one, or another."""
        found = request.command and self.command(request.command.id)
        if not request.command or not found:
            raise AssertionError("the database knows a command that it does not know")
        outcome, digest = found
        if digest != request.command.digest:
            return Invalid("idempotency_key_reused", "This idempotency key was used for another command; take a new one.")
        return outcome

    def _refused(self, request: Request, refusal: Refusal) -> Verdict:
        """Refused, unless it is our own earlier try, the acknowledgement of which was lost, that stands in the way."""
        position = self._written_before(request) if request.uncertain and not request.command else None
        return refusal if position is None else request.done(position, repeated=True)

    def _written_before(self, request: Request) -> int | None:
        tracked = request.tracked
        if tracked and self.tracked(tracked.source) != tracked.now:
            return None
        position = 0
        for event in request.events:
            found = self.stream(event.originator_id, event.originator_version - 1, event.originator_version, 1)  # type: ignore[arg-type]
            if not found or (found[0].type, found[0].state) != (event.topic, event.state):
                return None
            position = found[0].position
        return position or self.head()
