"""Sending ranges: persistent, mandatory, one confirm for each, over a connection that is thrown away at the first fault."""

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
BEACON_LIFE_SECONDS = 10.0
_PERSISTENT = 2


class Publisher:
    """A channel with confirms. Whatever it raises, it is of no use afterwards: `close` it and make another."""

    def __init__(self, uri: str) -> None:
        self._connection: Connection = transport.connection(uri, confirm_publish=True)
        self._returned = False
        with eventlet.Timeout(OPEN_SECONDS):
            self._connection.ensure_connection(max_retries=0)
            channel = self._connection.channel()
            FACTS.bind(channel).declare()
            self._producer = Producer(channel, FACTS, auto_declare=False, on_return=self._on_return)

    def publish(self, sent: Range) -> bool:
        """Returns when the broker has confirmed that it keeps `sent`: whether any queue took it."""
        self._returned = False
        body, headers = encode(sent)
        lifetime = {} if sent.lines else {"expiration": BEACON_LIFE_SECONDS}  # old beacons say nothing that newer ones do not
        started = time.perf_counter()
        with eventlet.Timeout(CONFIRM_SECONDS):
            self._producer.publish(
                body,
                routing_key=routing_key(sent.origin.region, sent.origin.source),
                headers=headers,
                delivery_mode=_PERSISTENT,
                mandatory=True,
                **CONTENT,
                **lifetime,
            )
        metrics.relay_confirm_seconds.labels(sent.origin.source).observe(time.perf_counter() - started)
        return not self._returned

    def close(self) -> None:
        self._connection.collect()  # a polite goodbye would wait for a broker that hangs

    def _on_return(self, *_: Any) -> None:
        self._returned = True
