"""Group commit: one thread writes whatever saves are waiting, in one transaction.

The committer is a thread of its own (green where the process is patched), so a caller that is killed while it waits takes nobody
with it. It alone repeats what a lost connection left uncertain; the store's own uniqueness says what had been written.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from contracts.errors import Conflict, Unavailable
from shared import metrics
from shared.store.log import Log, Request, Verdict
from shared.store.vocabulary import Outcome

LARGEST_GROUP = 256
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0

_log = logging.getLogger(__name__)
_Settled = Sequence[tuple[Request, Verdict]]


class Committer:
    """Writes to `log`; `deadline` in seconds is how long a caller waits at most."""

    def __init__(self, log: Log, *, name: str, deadline: float) -> None:
        self._log, self._deadline = log, deadline
        self._waiting: deque[Request] = deque()
        self._bell = threading.Event()
        self._closed = False
        self._callbacks: set[Callable[[], None]] = set()
        self._meters = _Meters(name)
        self._thread = threading.Thread(target=self._run, name=f"committer of {name}", daemon=True)
        self._thread.start()

    def commit(self, request: Request) -> Outcome:
        """Wait until `request` is durable; raises its refusal, or `Unavailable` when it is not known to be written in time."""
        if self._closed:
            raise _unavailable()
        self._waiting.append(request)
        if not self._bell.is_set():
            self._bell.set()
        try:
            settled = request.settled.acquire(timeout=self._deadline)
        finally:
            request.over = True
        if not settled:
            raise _unavailable()
        if isinstance(request.verdict, Outcome):
            return request.verdict
        raise request.verdict

    def woken(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after each commit, on the committer's thread: it must be quick. The answer takes it back."""
        self._callbacks = {*self._callbacks, callback}
        return lambda: self._forget(callback)

    def _forget(self, callback: Callable[[], None]) -> None:
        self._callbacks = self._callbacks - {callback}

    def close(self) -> None:
        """Write what is waiting, then end."""
        self._closed = True
        self._bell.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while group := self._next_group():
                self._settle(self._write(group))
                time.sleep(0)  # on SQLite nothing else would let green callers run
        finally:
            self._closed = True
            self._settle([(request, _unavailable()) for request in self._waiting])

    def _next_group(self) -> list[Request]:
        while not (group := self._take()):
            self._bell.clear()  # before looking again: whoever comes from here on rings
            if self._waiting:
                continue
            if self._closed:
                return []
            self._bell.wait()
        return group

    def _take(self) -> list[Request]:
        """Saves that have nothing in common. One that touches what an earlier one touches waits for the next group."""
        group: list[Request] = []
        later: list[Request] = []
        touched: set[UUID | str] = set()
        while self._waiting and len(group) + len(later) < LARGEST_GROUP:
            request = self._waiting.popleft()
            if not request.over:
                (group if touched.isdisjoint(request.keys) else later).append(request)
                touched |= request.keys
        self._waiting.extendleft(reversed(later))
        return group

    def _write(self, group: list[Request]) -> _Settled:
        pause = _SHORTEST_PAUSE
        while group:
            began = time.perf_counter()
            try:
                verdicts = self._log.write(group)
            except Unavailable:
                # The group may have been written or not. Each save is given again as long as its caller waits.
                group = [request for request in group if not request.over]
                for request in group:
                    request.uncertain = True
                time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  not a secret
                pause = min(pause * 2, _LONGEST_PAUSE)
            except Exception as fault:  # noqa: BLE001  handed to the caller it belongs to
                return [(group[0], fault)] if len(group) == 1 else [pair for request in group for pair in self._write([request])]
            else:
                self._meters.group(len(group), time.perf_counter() - began)
                return list(zip(group, verdicts, strict=True))
        return []

    def _settle(self, verdicts: _Settled) -> None:
        for request, verdict in verdicts:
            request.verdict = verdict
            request.settled.release()
        self._meters.verdicts([verdict for _, verdict in verdicts])
        _call(self._callbacks)


class _Meters:
    """What the committer of one store counts."""

    def __init__(self, store: str) -> None:
        self._saves = metrics.store_saves.labels(store)
        self._group_size = metrics.store_group_size.labels(store)
        self._commit_seconds = metrics.store_commit_seconds.labels(store)
        self._conflicts = metrics.store_conflicts.labels(store)
        self._repeated = metrics.store_repeated.labels(store)

    def group(self, size: int, seconds: float) -> None:
        self._saves.inc(size)
        self._group_size.observe(size)
        self._commit_seconds.observe(seconds)

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        self._conflicts.inc(sum(isinstance(verdict, Conflict) for verdict in verdicts))
        self._repeated.inc(sum(isinstance(verdict, Outcome) and verdict.repeated for verdict in verdicts))


def _call(callbacks: Iterable[Callable[[], None]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception as fault:  # noqa: BLE001  one listener must not silence the others, nor stop the store
            _log.error("a listener of the store failed: %s", type(fault).__name__)


def _unavailable() -> Unavailable:
    return Unavailable("store_unreachable", "It is not known whether this was stored; send the same command again.")
