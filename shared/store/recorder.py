"""The store as its service sees it: append, read, ask. Also the event-sourcing library's recorder, so that its Application runs on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Notification, ProcessRecorder, StoredEvent, Subscription, Tracking

from shared.store.committer import Committer
from shared.store.log import Log, Request
from shared.store.vocabulary import Outcome, Row, SavedCommand, SealedBox, Tracked

_NO_END = 2**62


class Recorder(ProcessRecorder):
    """One service's store. Any number of threads, green or real, may use it; other processes may have the same store open."""

    def __init__(self, log: Log, *, name: str, deadline: float) -> None:
        self.store_id = log.store_id
        self._log = log
        self._committer = Committer(log, name=name, deadline=deadline)
        self.woken: Callable[[Callable[[], None]], Callable[[], None]] = self._committer.woken

    def append(
        self,
        events: Sequence[StoredEvent],
        *,
        command: SavedCommand | None = None,
        sealed: Sequence[SealedBox] = (),
        tracking: Tracked | None = None,
    ) -> Outcome:
        """Store all of it, or nothing; it is durable when this returns.

        The same command again is the first outcome, `repeated`, whatever else has happened since. Raises `Conflict` `stale_version`
        when a version is taken or would leave a hole in its stream, `position_moved` when another process followed that source,
        `Invalid` `idempotency_key_reused` or `fact_too_large`, and `Unavailable` when it is not known whether it was stored.
        """
        if not (events or command or tracking):
            raise ValueError("a save has facts, a command or a position")
        return self._committer.commit(Request(events, command, sealed, tracking))

    def outcome(self, command: UUID) -> tuple[Outcome, bytes] | None:
        """What the command with this id did, and its digest; None when it has not been done."""
        return self._log.command(command)

    def read(self, after: int, limit: int) -> list[Row]:
        """The facts that follow position `after`, in order, at most `limit`; never one without all before it."""
        return self._log.page(after, limit, _NO_END, ())

    def head(self) -> int:
        """The last position; 0 when nothing has been stored."""
        return self._log.head()

    def boxes(self, handles: Sequence[UUID]) -> dict[UUID, SealedBox]:
        """The sealed boxes that have not been removed."""
        return self._log.boxes(handles)

    def shred(self, handles: Sequence[UUID]) -> None:
        """Remove sealed boxes so that no file of the database holds them any more; done again it is done. Raises `Unavailable`."""
        self._log.shred(handles)

    def close(self) -> None:
        """Write what is waiting, then give the connections back."""
        self._committer.close()

    # From here on: what the library calls.

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """`append`, with its keywords; the library's own `Tracking` is understood. No positions when the command is repeated."""
        step = kwargs.pop("tracking", None)
        if isinstance(step, Tracking):
            step = Tracked(step.application_name, None, step.notification_id)
        if not (stored_events or step or kwargs.get("command")):
            return []
        outcome = self.append(stored_events, tracking=step, **kwargs)
        return [] if outcome.repeated else range(outcome.position - len(stored_events) + 1, outcome.position + 1)

    def select_events(
        self, originator_id: UUID | str, *, gt: int | None = None, lte: int | None = None, desc: bool = False, limit: int | None = None
    ) -> Sequence[StoredEvent]:
        """The facts of one stream."""
        rows = self._log.stream(UUID(str(originator_id)), gt or 0, _or_all(lte), _or_all(limit), newest_first=desc)
        return [StoredEvent(row.stream, row.version, row.type, row.state) for row in rows]

    def select_notifications(
        self, start: int | None, limit: int, stop: int | None = None, topics: Sequence[str] = (), *, inclusive_of_start: bool = True
    ) -> Sequence[Notification]:
        """A page of the log, as the library names it."""
        after = 0 if start is None else start - inclusive_of_start
        rows = self._log.page(after, limit, _or_all(stop), list(topics))
        return [Notification(row.stream, row.version, row.type, row.state, row.position) for row in rows]

    def max_notification_id(self) -> int | None:
        """The last position; None when nothing has been stored."""
        return self.head() or None

    def insert_tracking(self, tracking: Tracking) -> None:
        """Move a position without deriving anything."""
        self.insert_events((), tracking=tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far that source has been followed."""
        return self._log.tracked(application_name)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[Any]:
        """Refused: the library's subscriptions can sleep through a fact; `shared.follower` cannot."""
        raise NotImplementedError("follow the store with shared.follower")


def _or_all(bound: int | None) -> int:
    return _NO_END if bound is None else bound
