"""The relay: every fact of a service's store goes to the broker in ranges, in order, as often as it takes.

The store is the outbox. What is published again after a crash or a lost confirm is known to its readers; what the broker loses they
fetch from the source. When there is nothing to send, a beacon says how far the log reaches.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import eventlet
from nameko.extensions import DependencyProvider

from contracts.errors import Unavailable
from shared import metrics
from shared.database import Database
from shared.follower import Follower, HoleFound, WakingLog
from shared.leader import leading
from shared.pauses import pauses
from shared.ranges import MOST_FACTS, Origin, Range, beacon, cut
from shared.relay.publisher import Publisher
from shared.views import places
from shared.views.places import Stop

__all__ = ["TABLES", "Relay", "Relays", "Sender"]

TABLES = places.TABLES + "CREATE TABLE IF NOT EXISTS relayed (source TEXT PRIMARY KEY, store TEXT NOT NULL, position BIGINT NOT NULL);"
BEACON_SECONDS = 2.0
REMEMBER_SECONDS = 1.0
STAND_BY_SECONDS = 1.0
UNHEARD_SECONDS = 10.0
_VIEW = "relay"
_FAULTS = (Exception, eventlet.Timeout)

_log = logging.getLogger(__name__)


class Relays(Protocol):
    """What a container that relays finds as `config["comhar"]`."""

    @property
    def broker_uri(self) -> str: ...
    @property
    def region(self) -> str: ...
    def database(self, service: str) -> Database: ...
    def recorder(self, service: str) -> WakingLog: ...


class Sender:
    """Relays one store, from `run` until `close`."""

    def __init__(self, uri: str, region: str, source: str, log: WakingLog, database: Database) -> None:
        self._uri, self._origin, self._log, self._database = uri, Origin(region, source, log.store_id), log, database
        self._key = {"source": source, "store": str(log.store_id)}
        self._closing = threading.Event()
        self._follower: Follower | None = None
        self._remember_at = 0.0
        self._unheard_since: float | None = None
        self._stopped: bool | None = None  # nobody knows what a process before us has said

    def run(self) -> None:
        """Never raises: whatever happens is logged by its name, and begun again after a pause."""
        waits = pauses()
        while not self._closing.is_set():
            try:
                with leading(self._database, "relay") as still_leading:
                    if still_leading:
                        self._relay(still_leading)
                waits = pauses()
                pause = STAND_BY_SECONDS
            except _FAULTS as fault:
                _log.warning("the relay of %s begins again: %s", self._origin.source, type(fault).__name__)
                if isinstance(fault, HoleFound):
                    self._say_whether_stopped(stopped=True)
                metrics.reconnects.labels(f"relay {self._origin.source}").inc()
                pause = next(waits)
            self._closing.wait(pause)

    def close(self) -> None:
        """`run` returns soon."""
        self._closing.set()
        if self._follower:
            self._follower.close()

    def _relay(self, still_leading: Callable[[], None]) -> None:
        publisher = Publisher(self._uri)
        self._follower = follower = Follower(self._log, after=self._position())
        try:
            self._send(publisher, [beacon(self._origin, follower.last)])  # the broker may have lost what came before
            while not self._closing.is_set():
                rows = follower.page(BEACON_SECONDS)
                self._say_whether_stopped(stopped=False)
                self._send(publisher, list(cut(self._origin, rows)) or [beacon(self._origin, follower.last)])
                remembering = time.monotonic() >= self._remember_at
                if remembering or len(rows) < MOST_FACTS:  # else there is more to read while the broker writes
                    self._settle(publisher)
                if remembering:
                    still_leading()
                    self._remember(follower.last)
            publisher.settle()
            self._remember(follower.last)
        finally:
            publisher.close()
            follower.close()

    def _send(self, publisher: Publisher, ranges: Sequence[Range]) -> None:
        for sent in ranges:
            publisher.publish(sent)
            metrics.ranges_published.labels(self._origin.source).inc()
            metrics.facts_published.labels(self._origin.source).inc(len(sent.lines))

    def _settle(self, publisher: Publisher) -> None:
        publisher.settle()
        metrics.ranges_unroutable.labels(self._origin.source).inc(publisher.unheard)
        self._warn_when_unheard(heard=not publisher.unheard)
        publisher.unheard = 0

    def _warn_when_unheard(self, *, heard: bool) -> None:
        """Once, when nobody has listened for a while: at the start of a region readers come a moment later than relays."""
        now = time.monotonic()
        if heard:
            self._unheard_since = None
        elif self._unheard_since is None:
            self._unheard_since = now
        elif now - self._unheard_since > UNHEARD_SECONDS:
            _log.warning("nobody hears the facts of %s", self._origin.source)
            self._unheard_since = float("inf")

    def _say_whether_stopped(self, *, stopped: bool) -> None:
        """A hole is for an operator to look into: health tells of it, until the log has been mended."""
        if stopped is self._stopped:
            return
        metrics.relay_stopped.labels(self._origin.source).set(stopped)
        with suppress(Unavailable), self._database.transaction() as tx:
            if stopped:
                places.stop(tx, Stop(_VIEW, self._origin.source, self._follower.last + 1 if self._follower else 1, "", HoleFound.__name__))
            else:
                places.go_on(tx, _VIEW, self._origin.source)
            self._stopped = stopped

    def _position(self) -> int:
        with self._database.reading() as tx:
            found = tx.row("SELECT position FROM relayed WHERE source = :source AND store = :store", self._key)
        return found[0] if found else 0

    def _remember(self, position: int) -> None:
        # Dying before this line only means that the last second's facts are sent again.
        with self._database.transaction() as tx:
            tx.execute(
                "INSERT INTO relayed (source, store, position) VALUES (:source, :store, :position) "
                "ON CONFLICT (source) DO UPDATE SET store = excluded.store, position = excluded.position",
                {**self._key, "position": position},
            )
        self._remember_at = time.monotonic() + REMEMBER_SECONDS
        metrics.relay_lag.labels(self._origin.source).set(self._log.head() - position)


class Relay(DependencyProvider):
    """Relays the facts of the service its class is named after, from the start of the container to its end."""

    def setup(self) -> None:
        relays: Relays = self.container.config["comhar"]
        source = self.container.service_name.partition(".")[0]
        self._sender = Sender(relays.broker_uri, relays.region, source, relays.recorder(source), relays.database(source))
        self._sending: Any = None

    def start(self) -> None:
        self._sending = self.container.spawn_managed_thread(self._sender.run)

    def stop(self) -> None:
        self._sender.close()
        if self._sending:
            self._sending.wait()

    def kill(self) -> None:
        self._sender.close()
