"""A broker inside the process: exchanges, queues and consumers, without sockets.

Owns routing and the life of a message: who gets it, when it is dropped, where it returns to. It behaves as RabbitMQ does, with one
difference: a full queue refuses what is new, because whoever publishes facts here has them in a log. Nothing here switches green
threads, so nothing here needs a lock.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(slots=True)
class Parcel:
    """A message on its way: what was published, where to, until when."""

    message: Mapping[str, Any]
    exchange: str
    routing_key: str
    expires: float | None
    redelivered: bool = False

    def expired(self) -> bool:
        return self.expires is not None and self.expires <= monotonic()


@dataclass(slots=True, eq=False)
class Subscription:
    """One consumer of one queue; `room` is how many messages it may hold unacknowledged, 0 for any number."""

    tag: str
    queue: Queue
    give: Callable[[Subscription, Parcel], None]
    room: int
    held: int = 0

    def ready(self) -> bool:
        return not self.room or self.held < self.room


@dataclass(slots=True, eq=False)
class Queue:
    """`limit`: how many messages may wait; `single`: only the first consumer is served, the next one when it has gone."""

    name: str
    limit: int | None = None
    single: bool = False
    auto_delete: bool = False
    owner: object | None = None
    waiting: deque[Parcel] = field(default_factory=deque)
    consumers: deque[Subscription] = field(default_factory=deque)

    def put(self, parcel: Parcel) -> None:
        if self.limit is None or len(self.waiting) < self.limit:
            self.waiting.append(parcel)
            self.deliver()

    def restore(self, parcels: Iterable[Parcel]) -> None:
        """What was delivered and not acknowledged waits again, before everything else, in its old order."""
        for parcel in reversed(list(parcels)):
            parcel.redelivered = True
            self.waiting.appendleft(parcel)
        self.deliver()

    def deliver(self) -> None:
        while self.waiting and (consumer := self._next()):
            parcel = self.waiting.popleft()
            if not parcel.expired():
                consumer.give(consumer, parcel)

    def _next(self) -> Subscription | None:
        if self.single:
            return self.consumers[0] if self.consumers and self.consumers[0].ready() else None
        for _ in range(len(self.consumers)):
            self.consumers.rotate(-1)
            if self.consumers[-1].ready():
                return self.consumers[-1]
        return None


class Exchange:
    """Bindings of one exchange, and the routes found so far."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._bindings: set[tuple[str, str]] = set()
        self._routes: dict[str, tuple[str, ...]] = {}

    def bind(self, queue: str, pattern: str) -> None:
        self._bindings.add((queue, pattern))
        self._routes.clear()

    def unbind(self, queue: str, pattern: str | None = None) -> None:
        """Takes away one binding of `queue`, or all of them."""
        self._bindings = {bound for bound in self._bindings if bound[0] != queue or (pattern is not None and bound[1] != pattern)}
        self._routes.clear()

    def route(self, key: str) -> tuple[str, ...]:
        if key not in self._routes:
            self._routes[key] = tuple(sorted({queue for queue, pattern in self._bindings if self._matches(pattern, key)}))
        return self._routes[key]

    def _matches(self, pattern: str, key: str) -> bool:
        match self.kind:
            case "fanout":
                return True
            case "topic":
                return bool(_topic(pattern).fullmatch(f"{key}." if key else ""))
            case _:
                return pattern == key


@lru_cache(maxsize=1024)
def _topic(pattern: str) -> re.Pattern[str]:
    """`*` is one word, `#` any number of words, none included (AMQP 0-9-1 §3.1.3.3)."""
    words = {"*": r"[^.]+\.", "#": r"([^.]+\.)*"}
    expression = "".join(words.get(word, re.escape(word) + r"\.") for word in pattern.split("."))
    return re.compile(expression)


class Broker:
    """All that one name stands for in `memory:///name`."""

    def __init__(self) -> None:
        self.exchanges: dict[str, Exchange] = {}
        self.queues: dict[str, Queue] = {}

    def publish(self, parcel: Parcel) -> bool:
        """Whether there was a queue for it; a full one counts."""
        queues = self._route(parcel.exchange, parcel.routing_key)
        for queue in queues:
            queue.put(Parcel(parcel.message, parcel.exchange, parcel.routing_key, parcel.expires))
        return bool(queues)

    def _route(self, exchange: str, key: str) -> list[Queue]:
        names = self.exchanges[exchange].route(key) if exchange else (key,)
        return [self.queues[name] for name in names if name in self.queues]

    def delete(self, name: str) -> int:
        """Removes a queue and its bindings; how many messages went with it."""
        queue = self.queues.pop(name, None)
        for exchange in self.exchanges.values():
            exchange.unbind(name)
        return len(queue.waiting) if queue else 0

    def leave(self, consumer: Subscription) -> None:
        """`consumer` takes nothing more. What it held comes back first (`restore`), only then is the next one served."""
        queue = consumer.queue
        queue.consumers.remove(consumer)
        if queue.auto_delete and not queue.consumers:
            self.delete(queue.name)

    def disown(self, owner: object) -> None:
        """The connection `owner` is gone, and its exclusive queues with it."""
        for name in [name for name, queue in self.queues.items() if queue.owner is owner]:
            self.delete(name)


_brokers: dict[str, Broker] = {}


def named(name: str) -> Broker:
    """The broker of this name in this process: several regions can live in one."""
    return _brokers.setdefault(name, Broker())
