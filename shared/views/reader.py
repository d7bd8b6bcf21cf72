"""Putting ranges in order: what continues the view is applied, what is known is passed over, what is missing is fetched.

Ranges may arrive late, twice, in any order, or never. Before anything is fetched the ranges at hand have a moment to close the gap,
because a beacon may stand in the queue before the very ranges it speaks of. Beacons that stay away mean that the broker, or the relay,
does not do its work: then the source is asked, as it is by a leisurely reader, to whom nobody speaks. A source is believed about its log
only when it answers a fetch itself: what lies in a queue may be older than the truth.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from uuid import UUID

from shared import metrics
from shared.pauses import pauses
from shared.ranges import MOST_FACTS, Broken, Range, Seen, facts
from shared.views.fold import Fold
from shared.views.places import Fenced

Fetch = Callable[[str, int, int], Range]
"""(source, after, limit) -> the next range after that position, or a beacon: `ranges.after` as the source answers it. May raise."""

MOST_AT_ONCE = 10_000
PATIENCE_SECONDS = 0.05
IDLE_SECONDS = 1.0
SILENCE_SECONDS = 10.0
LEISURE_SECONDS = 2.0
STORE_CHANGED, SOURCE_BEHIND = "StoreChanged", "SourceBehind"

_log = logging.getLogger(__name__)


class Reader:
    """Reads one source for one `fold`. Used by one thread: `hear` what has arrived, then `advance`, again and again."""

    def __init__(self, fold: Fold, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fold, self._fetch, self._clock = fold, fetch, clock
        self._silence = LEISURE_SECONDS if fold.view.leisurely else SILENCE_SECONDS
        self._store = fold.place.store if fold.place else None
        self._pile: list[tuple[int, int, Range]] = []
        self._last_heard = self._end = 0
        self._pauses = pauses()
        self.ask()

    def ask(self) -> None:
        """Ask the source what there is: said at the start, and when messages may have been lost."""
        self._asking, self._due = True, self._clock()
        self._silent_at = self._due + self._silence

    def hear(self, arrived: Iterable[tuple[int, Range | None]]) -> None:
        """Take note of ranges, each with the ordinal of its message; None is a message that was no range."""
        for ordinal, received in arrived:
            self._last_heard = ordinal
            self._silent_at = self._clock() + self._silence
            if received is None:
                self._reject()
                continue
            if self._store and received.origin.store != self._store:
                self.ask()
                continue
            if not self._behind:
                self._due = self._clock() + PATIENCE_SECONDS
            elif self._store is None:  # the source is alive after all
                self._due = min(self._due, self._clock() + PATIENCE_SECONDS)
            self._end = max(self._end, received.last)
            if received.lines and received.last > self._fold.position:
                heappush(self._pile, (received.first, ordinal, received))

    @property
    def settled(self) -> int:
        """Every message up to this ordinal is applied, or known."""
        return min((ordinal for _, ordinal, _ in self._pile), default=self._last_heard + 1) - 1

    @property
    def patience(self) -> float:
        """For how many seconds there is nothing to do if nothing arrives."""
        return max(0.0, self._due - self._clock()) if self._behind else IDLE_SECONDS

    def advance(self) -> None:
        """Apply all that can be; fetch one range if a gap stays open for too long. Raises what `Fold.take` raises."""
        while self._store and (seen := self._next()):
            self._fold.take(self._store, seen)
            self._due = max(self._due, self._clock() + PATIENCE_SECONDS)
        if self._clock() >= self._silent_at:
            self.ask()
        if self._behind and self._clock() >= self._due:
            self._repair()
        metrics.consumer_lag.labels(self._fold.view.reader, self._fold.source).set(max(0, self._end - self._fold.position))

    @property
    def _behind(self) -> bool:
        return self._asking or self._end > self._fold.position

    def _next(self) -> list[Seen]:
        """The facts at hand that continue the view."""
        seen: list[Seen] = []
        reached = self._fold.position
        while self._pile and self._pile[0][0] <= reached + 1 and len(seen) < MOST_AT_ONCE:
            received = heappop(self._pile)[2]
            try:
                seen.extend(facts(received, reached))
            except Broken:
                self._reject()
                break
            reached = max(reached, received.last)
        return seen

    def _reject(self) -> None:
        _log.error("%s received a broken range", self._fold.name)
        metrics.ranges_broken.labels(self._fold.view.reader, self._fold.source).inc()
        self.ask()

    def _repair(self) -> None:
        self._fold.load()  # another copy may have read on, of which we then know nothing
        if self._fold.place and self._fold.place.store != (self._store or self._fold.place.store):
            raise Fenced
        position = self._fold.position
        try:
            answer = self._fetch(self._fold.source, position, MOST_FACTS)
            seen = list(facts(answer, position))
            if seen and seen[0].position != position + 1:
                raise Broken("an answer that does not follow the question")  # noqa: TRY301  one place says what a useless answer means
        except Exception as fault:  # noqa: BLE001  a source that cannot answer is asked again, for ever
            _log.warning("%s cannot fetch what follows %d: %s", self._fold.name, position, type(fault).__name__)
            self._due = self._clock() + next(self._pauses)
            return
        self._pauses, self._due = pauses(), self._clock()
        self._believe(answer, seen)

    def _believe(self, answer: Range, seen: list[Seen]) -> None:
        """The source itself has spoken: what else was heard is measured by it."""
        if self._store is None:
            self._adopt(answer.origin.store)
        if answer.origin.store != self._store:
            self._fold.stop(self._fold.position, "", STORE_CHANGED)
        if seen:
            self._fold.take(answer.origin.store, seen)
            metrics.ranges_fetched.labels(self._fold.view.reader, self._fold.source).inc()
            if not self._asking:
                metrics.gaps_repaired.labels(self._fold.view.reader, self._fold.source).inc()
        elif answer.last < max(self._end, self._fold.position):
            self._fold.stop(self._fold.position, "", SOURCE_BEHIND)
        else:
            self._asking = False

    def _adopt(self, store: UUID) -> None:
        """The first answer ever says which store this is; ranges of another one were left over."""
        self._store = store
        self._pile = [entry for entry in self._pile if entry[2].origin.store == store]
        heapify(self._pile)
        self._end = max((received.last for _, _, received in self._pile), default=0)
