"""One connection to the broker that comes back by itself, and what waits to be sent over it.

Owns the socket: one green thread receives and keeps the heartbeat, another sends. Callers never touch it, so a broker that hangs
cannot hold them, and a caller that gives up cannot leave half a frame behind. What is posted while a message is being written goes
together into the next one. A fault drops the socket (`collect`): a polite goodbye would wait for the broker that hangs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sized
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

import eventlet
from eventlet.event import Event
from kombu import Connection
from kombu.message import Message

from shared import metrics, transport
from shared.pauses import pauses

_log = logging.getLogger(__name__)

OPEN_SECONDS = 10.0
SEND_SECONDS = 10.0
GOODBYE_SECONDS = 2.0
BEAT_SECONDS = 1.0
MOST_TOGETHER = 16
MOST_BYTES = 65_536

FAULTS = (Exception, eventlet.Timeout)
"""What a dying socket makes py-amqp raise; AttributeError is among it."""

Post = TypeVar("Post", bound=Sized)


class Owner(Protocol[Post]):
    """Who speaks over a link."""

    def prepare(self, channel: Any) -> None:
        """A channel is open: declare, consume."""

    def publish(self, channel: Any, address: str, posts: list[Post]) -> None:
        """Writes `posts` as one message."""

    def lost(self) -> None:
        """The channel is gone, and with it whatever was under way."""


class Link(Generic[Post]):
    """Connects after `start`, ends with `close`. `channel` is None while there is no broker; `down` when the last attempt failed."""

    def __init__(self, uri: str, name: str, owner: Owner[Post]) -> None:
        self.channel: Any = None
        self.down = False
        self._uri = uri
        self._name = name
        self._owner = owner
        self._connection: Connection | None = None
        self._receiver: Any = None
        self._sending = False
        self._tried = Event()
        self._outbox: dict[str, list[Post]] = {}
        self._acks: list[Message] = []

    def start(self) -> None:
        if self._receiver is None:
            self._receiver = eventlet.spawn(self._run)

    def wait(self, seconds: float) -> None:
        """Waits until the first attempt to connect has succeeded or failed."""
        self._tried.wait(seconds)

    def post(self, address: str, post: Post) -> None:
        """Sends `post` soon, after everything posted to the same address before."""
        self._outbox.setdefault(address, []).append(post)
        self._hurry()

    def ack(self, message: Message) -> None:
        """Acknowledges `message` after everything posted before; one that came over an earlier channel is forgotten."""
        self._acks.append(message)
        self._hurry()

    def close(self) -> None:
        """Sends what waits and says goodbye; gives a broker that does not answer two seconds."""
        if self._receiver is None:
            return
        self._receiver.kill()
        try:
            with eventlet.Timeout(GOODBYE_SECONDS):
                self._send()
                if self._connection is not None:
                    self._connection.release()
        except FAULTS as fault:
            _log.info("%s: no goodbye from the broker: %s", self._name, type(fault).__name__)
        self._lose()

    # Receiving

    def _run(self) -> None:
        waits = pauses()
        while True:
            try:
                self._open()
                waits = pauses()
                self._receive(self.channel)
            except FAULTS as fault:
                _log.warning("%s: no broker: %s", self._name, type(fault).__name__)
            metrics.reconnects.labels(self._name).inc()
            self._lose()
            eventlet.sleep(next(waits))

    def _open(self) -> None:
        self._connection = transport.connection(self._uri)
        try:
            with eventlet.Timeout(OPEN_SECONDS):
                self._connection.ensure_connection(max_retries=0)
                channel = self._connection.channel()
                _publish_without_reading(self._connection)
                self._owner.prepare(channel)
            self.channel, self.down = channel, False
        except FAULTS:
            self.down = True
            raise
        finally:
            if not self._tried.ready():
                self._tried.send()
        self._hurry()

    def _receive(self, channel: Any) -> None:
        beat = monotonic()
        while self._connection is not None and self.channel is channel:
            try:
                self._connection.drain_events(timeout=BEAT_SECONDS)
            except TimeoutError as idle:
                if idle.errno is not None:  # the kernel's own word: the socket is dead
                    raise
            if monotonic() - beat >= BEAT_SECONDS and self._connection is not None:
                self._connection.heartbeat_check()
                beat = monotonic()

    def _lose(self) -> None:
        connection, self._connection, self.channel = self._connection, None, None
        self._outbox.clear()
        self._acks.clear()
        if connection is not None:
            connection.collect()
            self._owner.lost()

    # Sending

    def _hurry(self) -> None:
        if self.channel is not None and not self._sending:
            self._sending = True
            eventlet.spawn_n(self._send_off)

    def _send_off(self) -> None:
        try:
            with eventlet.Timeout(SEND_SECONDS):
                self._send()
        except FAULTS as fault:
            _log.warning("%s: nothing sent: %s", self._name, type(fault).__name__)
            self._lose()
        finally:
            self._sending = False

    def _send(self) -> None:
        while self.channel is not None and (self._outbox or self._acks):
            for address in list(self._outbox):
                for posts in together(self._outbox.pop(address, [])):
                    self._owner.publish(self.channel, address, posts)
            acks, self._acks = self._acks, []
            for message in acks:
                if message.channel is self.channel:
                    self.channel.basic_ack(message.delivery_tag)


def together(posts: list[Post]) -> Iterator[list[Post]]:
    """`posts` in portions that are one message each; never too many, so that several copies of a service share the work."""
    portion: list[Post] = []
    size = 0
    for post in posts:
        if portion and (len(portion) == MOST_TOGETHER or size + len(post) > MOST_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(post)
        size += len(post)
    if portion:
        yield portion


def _publish_without_reading(connection: Connection) -> None:
    """py-amqp reads the socket before it publishes, to notice that it is blocked; here another green thread is reading already."""
    properties = getattr(connection.connection, "client_properties", {})
    properties.get("capabilities", {})["connection.blocked"] = False
