"""What relays and consumers agree on: one exchange for facts, and a queue for each view and source.

Queues are bounded and drop their oldest ranges when they are full: the log repairs, a broker whose disk is full does not.
"""

from __future__ import annotations

from typing import Any

from kombu import Exchange, Queue

FACTS = Exchange("comhar.facts", type="topic", durable=True)
CONTENT = {"content_type": "application/x-ndjson", "content_encoding": "binary"}
_MOST_WAITING = 20_000
_MOST_WAITING_IN_MEMORY = 200


def routing_key(region: str, source: str) -> str:
    return f"{region}.{source}"


def queue(uri: str, region: str, reader: str, source: str) -> Queue:
    """Where `reader` (service and view) receives the facts of `source`: one consumer at a time, a copy of it takes over when it ends."""
    limits: dict[str, Any] = {"x-queue-type": "quorum", "x-max-length": _MOST_WAITING}
    if uri.startswith("memory:"):
        limits = {"x-max-length": _MOST_WAITING_IN_MEMORY}
    arguments = {"x-single-active-consumer": True, **limits}
    return Queue(f"{reader}.{source}", FACTS, routing_key(region, source), durable=True, queue_arguments=arguments)
