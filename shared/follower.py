"""Following a store: every fact after a position, in order, page by page, as soon as it is committed.

A wake-up after a commit is a hint; the poll is what can be relied on (another process may have written).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from shared.ranges import MOST_FACTS, Log, Row

POLL_SECONDS = 0.1


class HoleFound(Exception):
    """Positions have no holes by construction, so a hole is evidence that the log was tampered with or damaged."""


class WakingLog(Log, Protocol):
    """A log that calls back after each commit of its own process; what `woken` answers takes the call back away again."""

    def woken(self, callback: Callable[[], None]) -> Callable[[], None]: ...


class Follower:
    """Reads `log` from `after` on. Used by one thread; close it when done."""

    def __init__(self, log: WakingLog, *, after: int = 0, limit: int = MOST_FACTS, poll: float = POLL_SECONDS) -> None:
        self.last = after
        self._log, self._limit, self._poll = log, limit, poll
        self._committed = threading.Event()
        self._closed = False
        self._more = True
        self._unsubscribe = log.woken(self._committed.set)

    def page(self, seconds: float) -> Sequence[Row]:
        """The facts that follow, at most `limit`; none if nothing is committed within `seconds`. Raises `HoleFound`."""
        deadline = time.monotonic() + seconds
        rows = self._read() if self._more else ()
        while not rows and not self._closed and (left := deadline - time.monotonic()) > 0:
            self._committed.wait(min(left, self._poll))
            rows = self._read()
        return rows

    def close(self) -> None:
        """Whoever waits in `page` returns now."""
        self._closed = True
        self._unsubscribe()
        self._committed.set()

    def _read(self) -> Sequence[Row]:
        self._committed.clear()  # before reading: a commit from here on wakes us again
        rows = self._log.read(self.last, self._limit)
        self._more = len(rows) == self._limit
        if rows:
            if rows[0].position != self.last + 1 or rows[-1].position != self.last + len(rows):
                raise HoleFound(f"after position {self.last}")
            self.last = rows[-1].position
        return rows
