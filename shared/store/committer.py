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
from shared.pauses import give_way
from shared.store.log import Log, Request, Verdict
from shared.store.vocabulary import Outcome

LARGEST_GROUP = 256
_LOOK_AROUND = 8
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0

_log = logging.getLogger(__name__)
_Settled = Sequence[tuple[Request, Verdict]]


class Committer:
    """Writes to `log`; `deadline` in seconds is how long a caller waits at most."""

    def __init__(self, log: Log, *, name: str, deadline: float) -> None:
        self._log, self._deadline = log, deadline
        self._waiting: deque[Request] = deque()
        self._bell = threading.Event()
        self._turn = threading.Lock()  # held by whoever writes
        self._closed = False
        self._lone_saves = 0
        self._callbacks: set[Callable[[], None]] = set()
        self._meters = _Meters(name)
        self._thread = threading.Thread(target=self._run, name=f"committer of {name}", daemon=True)
        self._thread.start()

    def commit(self, request: Request) -> Outcome:
        """Wait until `request` is durable; raises its refusal, or `Unavailable` when it is not known to be written in time."""
        if self._closed:
            raise _unavailable()
        try:
            self._waiting.append(request)
            if self._log.at_hand:
                self._lend_a_hand(request)
            if self._waiting and not self._bell.is_set():
                self._bell.set()
            if request.verdict is None:
                request.settled.acquire(timeout=self._deadline)
        finally:
            request.over = True
        if isinstance(request.verdict, Outcome):
            return request.verdict
        raise request.verdict or _unavailable()

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
        with self._turn:
            self._log.close()

    def _run(self) -> None:
        pause = _SHORTEST_PAUSE
        try:
            while self._wait_for_work():
                with self._turn:
                    written = self._write(self._take())
                if written:
                    pause = _SHORTEST_PAUSE
                    give_way()
                else:
                    time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  not a secret
                    pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            self._closed = True
            self._settle([(request, _unavailable()) for request in list(self._waiting)])

    def _wait_for_work(self) -> bool:
        """False when there is none and none will come."""
        while not self._waiting:
            self._bell.clear()  # before looking again: whoever comes from here on rings
            if self._waiting:
                break
            if self._closed:
                return False
            self._bell.wait()
        return True

    def _lend_a_hand(self, request: Request) -> None:
        """Write what is waiting on the caller's thread: for a lone caller, waking the committer would cost more than the save."""
        if self._lone_saves % _LOOK_AROUND == 0:
            give_way()  # whoever is ready joins the group; who was alone lately looks only now and then
        if request.verdict is None and self._turn.acquire(blocking=False):
            try:
                group = self._take()
                self._lone_saves = self._lone_saves + 1 if len(group) == 1 else 0
                self._write(group)
            finally:
                self._turn.release()

    def _take(self) -> list[Request]:
        """Saves that have nothing in common. One that touches what an earlier one touches waits for the next group."""
        group: list[Request] = []
        later: list[Request] = []
        touched: set[UUID | str] = set()
        while self._waiting and len(group) + len(later) < LARGEST_GROUP:
            request = self._waiting.popleft()
            if not request.over:
                touches = request.touches
                (group if touched.isdisjoint(touches) else later).append(request)
                touched |= touches
        self._waiting.extendleft(reversed(later))
        return group

    def _write(self, group: list[Request]) -> bool:
        """Write and answer `group`; False when the database is away: then the group waits again, in front of all others."""
        if not group:
            return True
        began = time.perf_counter()
        try:
            verdicts = self._log.write(group)
        except Unavailable:
            self._put_back(group)
            return False
        except Exception as fault:  # noqa: BLE001  handed to the caller it belongs to
            if len(group) > 1:
                return self._write_singly(group)
            verdicts = [fault]
        except BaseException:
            self._put_back(group)
            raise
        self._meters.group(len(group), time.perf_counter() - began)
        self._settle(list(zip(group, verdicts, strict=True)))
        return True

    def _write_singly(self, group: list[Request]) -> bool:
        """One of the group is to blame: let it not hurt its neighbours."""
        answered = True
        for request in group:
            answered = self._write([request]) and answered
        return answered

    def _put_back(self, group: list[Request]) -> None:
        # The group may have been written or not. Each save is given again as long as its caller waits.
        for request in group:
            request.uncertain = True
        self._waiting.extendleft(reversed(group))
        self._bell.set()

    def _settle(self, verdicts: _Settled) -> None:
        for request, verdict in verdicts:
            request.verdict = verdict
            request.settled.release()
            self._meters.verdict(verdict)
        _call(self._callbacks)


class _Meters:
    """What the committer of one store counts."""

    def __init__(self, store: str) -> None:
        self._saves = metrics.store_saves.labels(store)
        self._commit_seconds = metrics.store_commit_seconds.labels(store)
        self._group_saves = metrics.store_group_saves.labels(store)
        self._conflicts = metrics.store_conflicts.labels(store)
        self._repeated = metrics.store_repeated.labels(store)

    def group(self, size: int, seconds: float) -> None:
        self._saves.inc(size)
        self._commit_seconds.observe(seconds)
        self._group_saves.observe(size)

    def verdict(self, verdict: Verdict) -> None:
        if isinstance(verdict, Conflict):
            self._conflicts.inc()
        elif isinstance(verdict, Outcome) and verdict.repeated:
            self._repeated.inc()


def _call(callbacks: Iterable[Callable[[], None]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception as fault:  # noqa: BLE001  one listener must not silence the others, nor stop the store
            _log.error("a listener of the store failed: %s", type(fault).__name__)


def _unavailable() -> Unavailable:
    return Unavailable("store_unreachable", "It is not known whether this was stored; send the same command again.")
