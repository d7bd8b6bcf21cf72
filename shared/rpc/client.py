"""The asking side: one per process, for any number of green threads.

Owns the calls under way. Each is forgotten when its caller leaves, however it leaves, and refused when the broker goes: nobody knows
then whether it was done, and sending the same command again finds out.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from secrets import randbits
from time import perf_counter
from typing import Any
from uuid import uuid4

from eventlet.event import Event
from kombu.message import Message

from contracts.errors import Refusal, Unavailable
from shared import metrics
from shared.clock import Clock, utc_now
from shared.context import Context
from shared.rpc import wire
from shared.rpc.cover import CALL, REPLY, Cover
from shared.rpc.link import Link

_log = logging.getLogger(__name__)
_Refused = Refusal | wire.RemoteFault
_ID_BITS = 63


@dataclass(slots=True)
class _Call:
    """A call on its way; `settled` is sent the body of its answer, or what to raise."""

    id: int
    service: str
    deadline: float
    written: bytes
    settled: Event = field(default_factory=Event)

    def __len__(self) -> int:
        return len(self.written)


class Calls:
    """Calls to services through the broker at `uri`; connects with `start` or the first of them, ends with `close`."""

    def __init__(self, uri: str, cover: Cover, *, clock: Clock = utc_now) -> None:
        self._cover = cover
        self._clock = clock
        self._under_way: dict[int, _Call] = {}
        self._replies = ""
        self._link: Link[_Call] = Link(uri, "calls", self)

    def request(self, service: str, method: str, body: bytes, context: Context, timeout: float = 5.0) -> bytes:
        """The answer of `service`, within `timeout` seconds.

        Raises what the service refuses with; `Unavailable` (timeout, broker_unreachable, unknown_service); `RemoteFault` when it failed.
        """
        began = perf_counter()
        try:
            outcome = self._ask(service, method, body, context, timeout)
        finally:
            metrics.calls_asked.labels(service, method).observe(perf_counter() - began)
        if isinstance(outcome, bytes):
            return outcome
        raise outcome

    def start(self) -> None:
        """Begins to connect, so that a process can say whether it has a broker before its first call."""
        self._link.start()

    def close(self) -> None:
        """Ends the connection; calls under way are refused."""
        self._link.close()

    @property
    def connected(self) -> bool:
        """Whether there is a broker now."""
        return self._link.channel is not None

    def _ask(self, service: str, method: str, body: bytes, context: Context, timeout: float) -> bytes | _Refused:
        self._link.start()
        if self._link.down:
            return _unreachable(service)
        call = self._call(service, method, body, context, timeout)
        self._under_way[call.id] = call
        try:
            self._link.post(service, call)
            outcome: bytes | _Refused | None = call.settled.wait(timeout)
        finally:
            self._under_way.pop(call.id, None)
        return _unavailable(service, "timeout", f"{service} did not answer in time.") if outcome is None else outcome

    def _call(self, service: str, method: str, body: bytes, context: Context, timeout: float) -> _Call:
        deadline = self._clock().timestamp() + timeout
        # Nobody can guess the id, and a reply repeats it: what answers one call cannot be passed off as the answer to another.
        head = wire.CallHead(id=randbits(_ID_BITS), size=len(body), method=method, deadline=deadline, context=context)
        return _Call(head.id, service, deadline, wire.write(head, body))

    def _settle(self, call_id: int, outcome: bytes | _Refused) -> None:
        call = self._under_way.pop(call_id, None)
        if call is not None:
            call.settled.send(outcome)

    # What the link asks of its owner

    def prepare(self, channel: Any) -> None:
        channel.exchange_declare(exchange=wire.EXCHANGE, type="direct", durable=True, auto_delete=False)
        self._replies = f"{wire.EXCHANGE}.reply.{uuid4().hex}"
        channel.queue_declare(queue=self._replies, exclusive=True, auto_delete=True)
        channel.basic_consume(queue=self._replies, no_ack=True, callback=self._receive)
        channel.events["basic_return"].add(self._returned)

    def publish(self, channel: Any, address: str, posts: list[_Call]) -> None:
        now = self._clock().timestamp()
        wanted = [call for call in posts if call.id in self._under_way and call.deadline > now]
        if wanted:
            lifetime = max(1, int(1000 * (max(call.deadline for call in wanted) - now)))
            properties = {"delivery_mode": 1, "reply_to": self._replies, "expiration": str(lifetime)}
            closed = self._cover.close(CALL, b"".join(call.written for call in wanted))
            message = channel.prepare_message(closed, properties=properties)
            channel.basic_publish(message, exchange=wire.EXCHANGE, routing_key=address, mandatory=True)

    def lost(self) -> None:
        for call in list(self._under_way.values()):
            self._settle(call.id, _unreachable(call.service))

    def _receive(self, message: Message) -> None:
        try:
            for head, body in wire.read(wire.ReplyHead, self._cover.open(REPLY, message.body)):
                self._settle(head.id, wire.refusal(body) if head.refused else body)
        except ValueError as fault:
            metrics.messages_unreadable.labels("calls").inc()
            _log.error("calls: a message that is no reply: %s", type(fault).__name__)

    def _returned(self, _fault: Exception, _exchange: str, routing_key: str, message: Any) -> None:
        """Nobody serves `routing_key`: its queue does not exist."""
        body = message["body"] if isinstance(message, dict) else message.body
        for head, _ in wire.read(wire.CallHead, self._cover.open(CALL, body)):
            self._settle(head.id, _unavailable(routing_key, "unknown_service", f"{routing_key} is not running."))


def _unreachable(service: str) -> Unavailable:
    return _unavailable(service, "broker_unreachable", "The message broker cannot be reached.")


def _unavailable(service: str, code: str, reason: str) -> Unavailable:
    """A refusal of ours, on behalf of a service that was never heard."""
    metrics.calls_refused.labels(service, "Unavailable", code).inc()
    return Unavailable(code, reason)
