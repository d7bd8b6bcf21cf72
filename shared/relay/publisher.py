"""Sending ranges: persistent, mandatory, each with a confirm, over a connection that is thrown away at the first fault.

py-amqp waits for every confirm before it sends again; here a few ranges may be under way, so that the next page is read meanwhile.
"""

from __future__ import annotations

import time
from typing import Any

import eventlet
from kombu import Connection, Producer

from shared import metrics, transport
from shared.exchange import CONTENT, FACTS, routing_key
from shared.ranges import Range, encode

CONFIRM_SECONDS = 15.0
OPEN_SECONDS = 10.0
UNDER_WAY = 4
BEACON_LIFE_SECONDS = 10.0
_PERSISTENT = 2


class Publisher:
    """A channel with confirms. Whatever it raises, it is of no use afterwards: `close` it and make another.

    `unheard`: ranges that no queue took, since it was last set to 0. A range that some queue could not keep is no fault: whoever reads
    that queue will miss it and ask.
    """

    def __init__(self, uri: str) -> None:
        self.unheard = 0
        self._sent = 0
        self._under_way: dict[int, tuple[str, float]] = {}
        self._connection: Connection = transport.connection(uri)
        with eventlet.Timeout(OPEN_SECONDS):
            self._connection.ensure_connection(max_retries=0)
            channel = self._connection.channel()
            FACTS.bind(channel).declare()
            self._confirms = hasattr(channel, "confirm_select")  # the broker inside the process has taken what it was given
            if self._confirms:
                channel.confirm_select()
            for name, listener in (("basic_return", self._on_return), ("basic_ack", self._on_ack), ("basic_nack", self._on_nack)):
                channel.events[name].add(listener)
            self._producer = Producer(channel, FACTS, auto_declare=False)

    def publish(self, sent: Range) -> None:
        """Returns when at most `UNDER_WAY` ranges wait for their confirm."""
        body, headers = encode(sent)
        lifetime = {} if sent.lines else {"expiration": BEACON_LIFE_SECONDS}  # old beacons say nothing that newer ones do not
        key = routing_key(sent.origin.region, sent.origin.source)
        self._sent += 1
        if self._confirms:
            self._under_way[self._sent] = sent.origin.source, time.perf_counter()
        with eventlet.Timeout(CONFIRM_SECONDS):
            self._producer.publish(body, routing_key=key, headers=headers, delivery_mode=_PERSISTENT, mandatory=True, **CONTENT, **lifetime)
        self._settle(UNDER_WAY)

    def settle(self) -> None:
        """Returns when the broker keeps everything that was published."""
        self._settle(0)

    def close(self) -> None:
        self._connection.collect()  # a polite goodbye would wait for a broker that hangs

    def _settle(self, most: int) -> None:
        with eventlet.Timeout(CONFIRM_SECONDS):
            while len(self._under_way) > most:
                self._connection.drain_events()

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001  py-amqp's signature
        for source, started in self._answered(tag, multiple):
            metrics.relay_confirm_seconds.labels(source).observe(time.perf_counter() - started)

    def _on_nack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001  as above
        for source, _ in self._answered(tag, multiple):
            metrics.ranges_refused.labels(source).inc()

    def _answered(self, tag: int, multiple: bool) -> list[tuple[str, float]]:  # noqa: FBT001  as above
        numbers = [number for number in self._under_way if number <= tag] if multiple else [tag]
        return [self._under_way.pop(number) for number in numbers]

    def _on_return(self, *_: Any) -> None:
        self.unheard += 1
