"""Facts into a service: a nameko entry point of our own, because nameko's acknowledges what failed and handles messages concurrently.

A class of its own (a container apart from calls, which would share workers with it) has one method for each source it reads:

    class SessionsReaders:
        name = "sessions.readers"

        @facts("partnerships", into=MEMBERS)
        def partnerships(self, tx: Transaction, seen: Sequence[Seen]) -> None:
            MEMBERS.apply(tx, seen)

The method runs inside the transaction that moves the position, in order, each fact once; it must not wait for anything but that
transaction. `fold` applies, `reader` orders and repairs, `inbox` receives.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial, wraps
from typing import Any, Protocol

from eventlet.event import Event
from kombu.message import Message
from nameko.extensions import Entrypoint, register_entrypoint

from shared import exchange, metrics
from shared.consumer.inbox import ACKNOWLEDGED_AT_ONCE, Inbox
from shared.database import Database, Transaction
from shared.pauses import pauses
from shared.ranges import Broken, Range, Seen, decode
from shared.views import Apply, View
from shared.views.fold import Act, Closing, Fold, Stopped
from shared.views.reader import Reader

__all__ = ["Facts", "Readers", "facts"]

Method = Callable[[Any, Transaction, Sequence[Seen]], None]

_log = logging.getLogger(__name__)


class Readers(Protocol):
    """What a container that reads facts finds as `config["comhar"]`."""

    @property
    def broker_uri(self) -> str: ...
    @property
    def region(self) -> str: ...
    def database(self, service: str) -> Database: ...
    def fetch(self, source: str, after: int, limit: int) -> Range: ...


def facts(source: str, *, into: View) -> Callable[[Method], Callable[[Any, _Batch], None]]:
    """The method applies the facts of `source` to the view `into`, in the database of the service its class is named after."""

    def decorate(method: Method) -> Callable[[Any, _Batch], None]:
        @wraps(method)
        def entry(service: Any, batch: _Batch) -> None:
            batch.run(partial(method, service))

        register_entrypoint(entry, Facts(source, into))
        return entry

    return decorate


class Facts(Entrypoint):
    """One view's reading of one source: a thread that receives, a thread that works, and a nameko worker for each batch."""

    def __init__(self, source: str, into: View, **options: Any) -> None:
        super().__init__(**options)
        self._source, self._view = source, into
        self._closing = threading.Event()
        self._inbox: Inbox | None = None
        self._working: Any = None

    def setup(self) -> None:
        readers: Readers = self.container.config["comhar"]
        service = self.container.service_name.partition(".")[0]
        self._fold = Fold(self._view, self._source, readers.database(service), self._closing, run=self._in_worker)
        self._fetch, self._uri = readers.fetch, readers.broker_uri
        self._queue = exchange.queue(self._uri, readers.region, f"{service}.{self._view.name}", self._source)

    def start(self) -> None:
        self._working = self.container.spawn_managed_thread(self._work)

    def stop(self) -> None:
        self._closing.set()
        if self._inbox:
            self._inbox.wake()
        if self._working:
            self._working.wait()

    def kill(self) -> None:
        self._closing.set()

    def _work(self) -> None:
        waits = pauses()
        while not self._closing.is_set():
            try:
                self._read()
            except Closing:
                return
            except Stopped:
                self._stand()
                waits = pauses()
            except Exception as fault:  # noqa: BLE001  begin again from what the database says; the text may be somebody's words
                _log.warning("%s begins again: %s", self._queue.name, type(fault).__name__)
                metrics.consumer_restarts.labels(self._view.reader, self._source).inc()
                self._closing.wait(next(waits))

    def _stand(self) -> None:
        """Nothing is received meanwhile: the queue keeps what it can, the log the rest."""
        with suppress(Closing):
            self._fold.stand()

    def _read(self) -> None:
        """Read until something is wrong; what is not acknowledged then comes again."""
        self._fold.load()
        reader = Reader(self._fold, self._fetch)
        if self._view.leisurely:
            self._ask(reader)
        else:
            self._listen(reader)

    def _ask(self, reader: Reader) -> None:
        while not self._closing.is_set():
            reader.advance()
            self._closing.wait(reader.patience)

    def _listen(self, reader: Reader) -> None:
        self._inbox = inbox = Inbox(self._uri, self._queue, reader.ask)
        receiving = self.container.spawn_managed_thread(inbox.receive)
        try:
            while not self._closing.is_set():
                arrived = inbox.take(reader.patience)
                reader.hear((ordinal, _range(message)) for ordinal, message in arrived)
                reader.advance()
                inbox.settle(reader.settled, ACKNOWLEDGED_AT_ONCE if arrived else 1)
        finally:
            receiving.kill()

    def _in_worker(self, act: Act) -> None:
        batch = _Batch(act)
        self.container.spawn_worker(self, (batch,), {})
        batch.wait()


class _Batch:
    """What a worker is given to do. It raises nothing there: nameko would log the text, which may hold somebody's words."""

    def __init__(self, act: Act) -> None:
        self._act = act
        self._done = Event()

    def run(self, apply: Apply) -> None:
        try:
            self._act(apply)
        except Exception as fault:  # noqa: BLE001  raised again in `wait`
            self._done.send(fault)
        else:
            self._done.send(None)

    def wait(self) -> None:
        if (fault := self._done.wait()) is not None:
            raise fault


def _range(message: Message) -> Range | None:
    body = message.body or b""  # py-amqp makes an empty body a text
    with suppress(Broken):
        return decode(body, message.headers) if isinstance(body, bytes) else None
    return None
