"""Receiving: one connection to the broker that comes back by itself, and the messages that wait to be worked off.

Its green thread only receives and keeps the heartbeat, so however long a batch takes the broker sees us alive. Messages carry ordinals
that only grow; what came over a lost channel is forgotten here, so its acknowledgement cannot hit a message of the next channel.

A queue can die: a broker killed soon after it made one may come back with a name that answers nobody, and that holds up whoever
publishes to it. What it held is in the log as well, so a queue that does not answer is made anew.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import eventlet
from kombu import Connection, Consumer, Queue
from kombu.message import Message

from shared import metrics, transport
from shared.pauses import pauses

PREFETCH = 64
ACKNOWLEDGED_AT_ONCE = 16
OPEN_SECONDS = 10.0
ANSWER_SECONDS = 10.0
_BEAT_SECONDS = 1.0
_FAULTS = (Exception, eventlet.Timeout)

_log = logging.getLogger(__name__)


class Inbox:
    """Messages of one queue, in order of arrival. `receive` runs in a green thread of its own, everything else in that of the worker."""

    def __init__(self, uri: str, queue: Queue, connected: Callable[[], None]) -> None:
        self._uri, self._queue, self._connected = uri, queue, connected
        self._ordinal = 0
        self._waiting: list[tuple[int, Message]] = []
        self._unsettled: dict[int, Message] = {}
        self._arrived = threading.Event()
        self._answers = True

    def receive(self) -> None:
        """Never returns; ends when its green thread is killed."""
        waits = pauses()
        while True:
            connection = transport.connection(self._uri)
            try:
                self._open(connection)
                waits = pauses()
                self._drain(connection)
            except _FAULTS as fault:
                _log.warning("%s: no broker: %s", self._queue.name, type(fault).__name__)
                metrics.reconnects.labels(self._queue.name).inc()
            finally:
                self._waiting, self._unsettled = [], {}
                connection.collect()  # a polite goodbye would wait for a broker that hangs
            time.sleep(next(waits))

    def take(self, seconds: float) -> list[tuple[int, Message]]:
        """All that waits; if nothing does, waits for it up to `seconds`."""
        self._arrived.wait(seconds)
        self._arrived.clear()
        taken, self._waiting = self._waiting, []
        return taken

    def wake(self) -> None:
        """Whoever is in `take` returns."""
        self._arrived.set()

    def settle(self, ordinal: int, least: int = 1) -> None:
        """Acknowledge every message up to `ordinal`, once they are `least`, for each acknowledgement makes a broker's copies agree anew.

        Said after the commit; what was not acknowledged comes again and is known.
        """
        settled = [number for number in self._unsettled if number <= ordinal]
        if len(settled) >= least:
            messages = [self._unsettled.pop(number) for number in settled]
            with suppress(*_FAULTS):  # the receiving thread meets the same fault and deals with it
                messages[-1].ack(multiple=True)

    def _open(self, connection: Connection) -> None:
        with eventlet.Timeout(OPEN_SECONDS):
            connection.ensure_connection(max_retries=0)
            channel = connection.channel()
            channel.basic_qos(0, PREFETCH, False)  # noqa: FBT003  py-amqp's signature
        with eventlet.Timeout(ANSWER_SECONDS):
            self._listen(channel)
        _log.info("%s: listening", self._queue.name)
        self._connected()
        self._arrived.set()

    def _listen(self, channel: Any) -> None:
        """Begin to consume. Dying in here leaves the queue, or none: the next to come makes it."""
        if not self._answers:
            _log.error("%s: does not answer, and is made anew", self._queue.name)
            metrics.queues_remade.labels(self._queue.name).inc()
            self._queue.bind(channel).delete()
        self._answers = False
        Consumer(channel, [self._queue], on_message=self._arrive).consume()
        self._answers = True

    def _drain(self, connection: Connection) -> None:
        beat = time.monotonic()
        while True:
            try:
                connection.drain_events(timeout=_BEAT_SECONDS)
            except TimeoutError as idle:
                if idle.errno is not None:  # the kernel's own: the socket is dead
                    raise
            if time.monotonic() - beat >= _BEAT_SECONDS:
                connection.heartbeat_check()
                beat = time.monotonic()

    def _arrive(self, message: Message) -> None:
        self._ordinal += 1
        self._unsettled[self._ordinal] = message
        self._waiting.append((self._ordinal, message))
        self._arrived.set()
