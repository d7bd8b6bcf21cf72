"""Applying facts to a view: one transaction for a batch and its position; patience with infrastructure; a stop at a poison fact."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import NoReturn
from uuid import UUID

from contracts.errors import Unavailable
from shared import metrics
from shared.database import Database
from shared.pauses import pauses
from shared.ranges import Seen
from shared.upcasting import knows
from shared.views import Apply, View, places
from shared.views.places import Fenced, Place, Stop

Act = Callable[[Apply], None]
"""A batch that wants to be applied: given what applies facts, does all of it in one transaction."""
Run = Callable[[Act], None]
"""Where a batch is run: calls it once, with what applies facts, and passes on what it raises."""

TRIES = 3
LOOK_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Stopped(Exception):
    """The view stands still in this source, and `places.stops` says where and why."""


class Closing(Exception):
    """The process ends; what is not committed will be read again."""


class Fold:
    """One source folded into one view. Used by one thread; `closing` ends every wait with `Closing`."""

    def __init__(self, view: View, source: str, database: Database, closing: threading.Event, run: Run | None = None) -> None:
        self.view, self.source, self.name = view, source, f"{view.reader}.{source}"
        self.place: Place | None = None
        self._database, self._closing = database, closing
        self._run = run or (lambda act: act(view.apply))
        self._passed: frozenset[int] = frozenset()
        self._stood = False

    @property
    def position(self) -> int:
        return self.place.position if self.place else 0

    def load(self) -> None:
        """Take up the view where the database says it is."""
        with self._database.reading() as tx:
            self.place = places.place(tx, self.view.reader, self.source)
            self._passed = places.passed(tx, self.view.name, self.source)
            self._stood = self._stands(places.stops(tx))
        self._measure()

    def take(self, store: UUID, seen: Sequence[Seen], tries: int = TRIES) -> None:
        """Apply the facts that follow. If one cannot be applied, everything before it is, and `Stopped` is raised; `Fenced`: load again."""
        fault = ""
        for _ in range(tries):
            fault = self._tried(store, seen)
            if not fault:
                return
        if len(seen) == 1:
            self.stop(seen[0].position, seen[0].type, fault)
        half = len(seen) // 2
        self.take(store, seen[:half], tries=1)
        self.take(store, seen[half:], tries=1)

    def stop(self, position: int, kind: str, fault: str) -> NoReturn:
        """Write down that the view stands still before `position`, and raise `Stopped`; `Fenced`, if another copy has moved on."""
        stopped = Stop(self.view.reader, self.source, position, kind, fault)
        self._patiently(lambda: self._write(stopped))
        _log.critical("%s stopped before position %d (%s): %s", self.name, position, kind, fault)
        metrics.consumers_stopped.labels(self.view.reader, self.source).set(1)
        raise Stopped

    def stand(self) -> None:
        """Returns when an operator's decision lets the view go on; raises `Closing`."""
        while True:
            if self._closing.wait(LOOK_SECONDS):
                raise Closing
            try:
                with self._database.reading() as tx:
                    if not self._stands(places.stops(tx)):
                        return
            except Unavailable as fault:
                _log.warning("%s waits for its database: %s", self.name, fault.code)

    def _tried(self, store: UUID, seen: Sequence[Seen]) -> str:
        """The name of what was raised; none if all went well."""
        try:
            self._patiently(lambda: self._commit(store, seen))
        except (Fenced, Closing):
            raise
        except Exception as fault:  # noqa: BLE001  whatever a fact provokes: it is named, never quoted, and stops the line
            name = type(fault).__name__
            _log.error("%s cannot apply %d to %d: %s", self.name, seen[0].position, seen[-1].position, name)
            metrics.consumer_faults.labels(self.view.reader, self.source).inc()
            return name
        return ""

    def _commit(self, store: UUID, seen: Sequence[Seen]) -> None:
        now = Place(store, seen[-1].position)
        wanted = [one for one in seen if one.position not in self._passed] if self._passed else seen

        def act(apply: Apply) -> None:
            # Dying anywhere in here leaves rows and position as they were; the range is delivered or fetched again.
            with self._database.transaction() as tx:
                places.move(tx, self.view.reader, self.source, self.place, now)
                if wanted:
                    apply(self.view.within(tx), wanted)
                if self._stood:
                    places.go_on(tx, self.view.reader, self.source)

        self._run(act)
        if unknown := sum(not knows(one.type) for one in wanted):
            metrics.facts_unknown.labels(self.view.reader, self.source).inc(unknown)
        self.place, self._stood = now, False
        places.announce(self.view.reader, self.source)
        metrics.consumer_batch.labels(self.view.reader, self.source).observe(len(seen))
        metrics.consumer_committed.labels(self.view.reader, self.source).set_to_current_time()
        self._measure()

    def _patiently(self, act: Callable[[], None]) -> None:
        for pause in pauses():
            try:
                return act()
            except Unavailable as fault:
                _log.warning("%s waits for its database: %s", self.name, fault.code)
                if self._closing.wait(pause):
                    raise Closing from None
        return None

    def _write(self, stopped: Stop) -> None:
        with self._database.transaction() as tx:
            if places.place(tx, self.view.reader, self.source) != self.place:
                raise Fenced  # whoever has read on can do with what we cannot
            places.stop(tx, stopped)

    def _stands(self, stops: Sequence[Stop]) -> bool:
        return any(stop.view == self.view.reader and stop.source == self.source for stop in stops)

    def _measure(self) -> None:
        metrics.consumer_position.labels(self.view.reader, self.source).set(self.position)
        metrics.consumers_stopped.labels(self.view.reader, self.source).set(self._stood)
