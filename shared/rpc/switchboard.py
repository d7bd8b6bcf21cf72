"""Where the calls of a service arrive: off its queue, each to a worker, its reply back.

Owns the calls in hand. A message is acknowledged when the replies to all its calls are on their way, so a call that dies with its
process is done by another copy; the same command twice is one command.
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event
from kombu.message import Message
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from contracts.errors import Refusal, Unavailable
from shared import metrics
from shared.logs import place
from shared.rpc import wire
from shared.rpc.cover import CALL, REPLY, Cover
from shared.rpc.link import FAULTS, Link

_log = logging.getLogger(__name__)

_READY_SECONDS = 10.0
_UNSERVED_MS = 60_000


@dataclass(slots=True)
class _Delivery:
    """A message, where replies to it go, and how many of its calls are still to be settled."""

    message: Message
    reply_to: str
    open: int


@dataclass(slots=True)
class Call:
    """One call as it came."""

    head: wire.CallHead
    body: bytes
    delivery: _Delivery


@dataclass(slots=True)
class Reply:
    """What goes back."""

    body: bytes
    refused: bool = False


class Switchboard(SharedExtension):
    """Takes the calls of one service off its queue and connects each with its method; one per container."""

    def __init__(self) -> None:
        self._methods: dict[str, Entrypoint] = {}
        self._calls: deque[Call] = deque()
        self._in_hand = 0
        self._idle = Event()
        self._stopping = False
        self._dispatching = False
        self._tag = ""

    # What nameko asks of an extension

    def setup(self) -> None:
        self._service = self.container.service_name
        self._cover: Cover = self.container.config["cover"]
        self._link: Link[bytes] = Link(self.container.config["AMQP_URI"], self._service, self)

    def start(self) -> None:
        """Returns when calls arrive, or after ten seconds without a broker; the link goes on trying."""
        self._link.start()
        self._link.wait(_READY_SECONDS)

    def finish(self) -> None:
        """Takes no more calls and returns when those in hand are answered."""
        if not self._stopping:
            self._stopping = True
            with suppress(*FAULTS):  # without a broker nothing comes anyway
                self._link.channel.basic_cancel(self._tag, nowait=True)
            self._rest()
        self._idle.wait()

    def stop(self) -> None:
        self._link.close()

    def kill(self) -> None:
        self._link.close()

    # What the link asks of its owner

    def prepare(self, channel: Any) -> None:
        queue = wire.queue_of(self._service)
        channel.exchange_declare(exchange=wire.EXCHANGE, type="direct", durable=True, auto_delete=False)
        # A restart is bridged: callers wait in the queue. A service that stays away loses the queue, and callers hear so at once.
        channel.queue_declare(queue=queue, durable=True, auto_delete=False, arguments={"x-expires": _UNSERVED_MS})
        channel.queue_bind(queue=queue, exchange=wire.EXCHANGE, routing_key=self._service)
        channel.basic_qos(prefetch_size=0, prefetch_count=self.container.max_workers, a_global=False)
        self._tag = channel.basic_consume(queue=queue, callback=self._receive)

    def publish(self, channel: Any, address: str, posts: list[bytes]) -> None:
        message = channel.prepare_message(self._cover.close(REPLY, b"".join(posts)), properties={"delivery_mode": 1})
        channel.basic_publish(message, exchange="", routing_key=address)

    def lost(self) -> None:
        """The broker gives what was not acknowledged to another copy, or again to us; what has begun goes on."""
        self._in_hand -= len(self._calls)
        self._calls.clear()
        self._rest()

    # The way of a call

    def register(self, method: Entrypoint) -> None:
        self._methods[method.method_name] = method

    def _receive(self, message: Message) -> None:
        if self._stopping:
            return  # not acknowledged: it goes to another copy
        try:
            calls = list(wire.read(wire.CallHead, self._cover.open(CALL, message.body)))
            delivery = _Delivery(message, message.properties["reply_to"], len(calls))
        except (ValueError, KeyError) as fault:
            metrics.messages_unreadable.labels(self._service).inc()
            _log.error("%s: a message that is no call: %s", self._service, type(fault).__name__)
            self._link.ack(message)
            return
        self._calls.extend(Call(head, body, delivery) for head, body in calls)
        self._in_hand += len(calls)
        if not self._dispatching:
            self._dispatching = True
            eventlet.spawn_n(self._dispatch)

    def _dispatch(self) -> None:
        """Gives each call a worker, and waits while all workers are busy; the link goes on receiving and beating meanwhile."""
        try:
            while self._calls:
                self._begin(self._calls.popleft())
        finally:
            self._dispatching = False

    def _begin(self, call: Call) -> None:
        method = self._methods.get(call.head.method)
        if method is None:
            self.settle(call, refused(Unavailable("unknown_method", f"{self._service} does not know this method.")))
            return
        try:
            self.container.spawn_worker(method, (call, method), {}, handle_result=partial(self._finished, call))
        except ContainerBeingKilled:
            self._in_hand -= 1  # not acknowledged: another copy does it
        except Exception as fault:  # noqa: BLE001  a class that cannot be made; nobody else would answer the caller
            self.settle(call, failed(f"{self._service}.{call.head.method}", call, fault))

    def _finished(self, call: Call, _worker: object, reply: Reply | None, exc_info: Any) -> tuple[Reply | None, Any]:
        self.settle(call, reply)
        return reply, exc_info

    def settle(self, call: Call, reply: Reply | None) -> None:
        """Sends `reply`, if there is one, and acknowledges a message when the last of its calls is settled."""
        if reply is not None:
            head = wire.ReplyHead(id=call.head.id, size=len(reply.body), refused=reply.refused)
            self._link.post(call.delivery.reply_to, wire.write(head, reply.body))
        call.delivery.open -= 1
        if not call.delivery.open:
            self._link.ack(call.delivery.message)
        self._in_hand -= 1
        self._rest()

    def _rest(self) -> None:
        if self._stopping and not self._in_hand and not self._idle.ready():
            self._idle.send()


def failed(name: str, call: Call, fault: BaseException) -> Reply:
    """The reply that says no more than that it failed. The log gets class and place: the words of an error may be somebody's."""
    _log.error("%s failed: %s at %s, correlation %s", name, type(fault).__name__, place(fault), call.head.context.correlation)
    return Reply(wire.fault(f"{name} failed."), refused=True)


def refused(refusal: Refusal) -> Reply:
    """The reply that tells of `refusal`."""
    return Reply(refusal.answer().model_dump_json().encode(), refused=True)
