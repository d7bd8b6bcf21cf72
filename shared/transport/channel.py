"""A channel to the broker inside the process: the methods of AMQP that kombu, nameko and this project use.

Owns what was delivered and is not settled yet. Prefetch counts per consumer, never per channel: one shared between queues would stop
calls that wait for other calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

from amqp.exceptions import NotFound, PreconditionFailed, RecoverableConnectionError, error_for_code
from amqp.protocol import queue_declare_ok_t
from kombu.exceptions import ChannelError
from kombu.message import Message
from kombu.transport import base

from shared.transport.broker import Broker, Exchange, Parcel, Queue, Subscription

_NO_ROUTE = 312


class Connection(Protocol):
    """What a channel knows of its connection."""

    broker: Broker
    channels: dict[int, Channel]

    def arrive(self, channel: Channel, message: Message) -> None: ...


class Channel(base.StdChannel):
    """The methods of an AMQP channel that kombu, nameko and this project use."""

    def __init__(self, connection: Connection, channel_id: int) -> None:
        self.connection: Connection | None = connection
        self.channel_id = channel_id
        self.events: defaultdict[str, set[Callable[..., None]]] = defaultdict(set)
        self._broker = connection.broker
        self._room = 0
        self._tags = count(1)
        self._subscriptions: dict[str, Subscription] = {}
        self._callbacks: dict[str, Callable[[Message], None]] = {}
        self._held: dict[int, tuple[Subscription | None, Queue, Parcel]] = {}

    # What exists

    def exchange_declare(self, exchange: str, type: str = "direct", passive: bool = False, **_: Any) -> None:
        known = self._broker.exchanges.get(exchange)
        if passive and known is None:
            raise NotFound(f"no exchange {exchange!r}", method_name="exchange_declare")
        if known is None:
            self._broker.exchanges[exchange] = Exchange(type)
        elif not passive and known.kind != type:
            raise PreconditionFailed(f"exchange {exchange!r} is {known.kind}, not {type}", method_name="exchange_declare")

    def exchange_delete(self, exchange: str, **_: Any) -> None:
        self._broker.exchanges.pop(exchange, None)

    def queue_declare(
        self,
        queue: str = "",
        passive: bool = False,
        exclusive: bool = False,
        auto_delete: bool = False,
        arguments: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> queue_declare_ok_t:
        name = queue or f"amq.gen-{uuid4().hex}"
        if name not in self._broker.queues:
            if passive:
                raise NotFound(f"no queue {name!r}", method_name="queue_declare")
            self._broker.queues[name] = Queue(
                name,
                limit=(arguments or {}).get("x-max-length"),
                single=bool((arguments or {}).get("x-single-active-consumer")),
                auto_delete=auto_delete,
                owner=self.connection if exclusive else None,
            )
        known = self._broker.queues[name]
        return queue_declare_ok_t(name, len(known.waiting), len(known.consumers))

    def prepare_queue_arguments(self, arguments: Mapping[str, Any] | None, **options: Any) -> dict[str, Any]:
        return dict(base.to_rabbitmq_queue_arguments(arguments or {}, **options))

    def queue_bind(self, queue: str, exchange: str, routing_key: str = "", **_: Any) -> None:
        if exchange not in self._broker.exchanges:
            raise NotFound(f"no exchange {exchange!r}", method_name="queue_bind")
        self._broker.exchanges[exchange].bind(queue, routing_key)

    def queue_unbind(self, queue: str, exchange: str, routing_key: str = "", **_: Any) -> None:
        if exchange in self._broker.exchanges:
            self._broker.exchanges[exchange].unbind(queue, routing_key)

    def queue_delete(self, queue: str, if_unused: bool = False, if_empty: bool = False, **_: Any) -> int:
        known = self._broker.queues.get(queue)
        if known and ((if_unused and known.consumers) or (if_empty and known.waiting)):
            raise PreconditionFailed(f"queue {queue!r} is in use", method_name="queue_delete")
        return self._broker.delete(queue)

    def queue_purge(self, queue: str, **_: Any) -> int:
        waiting = self._broker.queues[queue].waiting
        purged = len(waiting)
        waiting.clear()
        return purged

    # Publishing

    def prepare_message(
        self,
        body: bytes | str,
        priority: int | None = None,
        content_type: str | None = None,
        content_encoding: str | None = None,
        headers: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        named_here = {"content_type": content_type, "content_encoding": content_encoding, "priority": priority}
        return {"body": body, "headers": dict(headers or {}), "properties": {**named_here, **(properties or {})}}

    def basic_publish(self, message: Mapping[str, Any], exchange: str, routing_key: str = "", mandatory: bool = False, **_: Any) -> None:
        """A mandatory message that nothing takes goes to `events["basic_return"]`, or is refused here and now if nobody listens there."""
        if self.connection is None:
            raise RecoverableConnectionError("channel closed")
        if exchange and exchange not in self._broker.exchanges:
            raise NotFound(f"no exchange {exchange!r}", method_name="basic_publish")
        lifetime = message["properties"].get("expiration")
        parcel = Parcel(message, exchange, routing_key, monotonic() + int(lifetime) / 1000 if lifetime else None)
        if not self._broker.publish(parcel) and mandatory:
            self._return(parcel)

    def _return(self, parcel: Parcel) -> None:
        fault = error_for_code(_NO_ROUTE, "NO_ROUTE", (0, 0), ChannelError)
        if not self.events["basic_return"]:
            raise fault
        for listener in self.events["basic_return"]:
            listener(fault, parcel.exchange, parcel.routing_key, parcel.message)

    # Consuming

    def basic_qos(self, prefetch_size: int = 0, prefetch_count: int = 0, a_global: bool = False) -> None:
        """How many messages each consumer made from now on may hold."""
        self._room = prefetch_count

    def basic_consume(
        self, queue: str, consumer_tag: str = "", no_ack: bool = False, callback: Callable[[Message], None] | None = None, **_: Any
    ) -> str:
        if queue not in self._broker.queues:
            raise NotFound(f"no queue {queue!r}", method_name="basic_consume")
        tag = consumer_tag or f"amq.ctag-{uuid4().hex}"
        consumer = Subscription(tag, self._broker.queues[queue], self._give_away if no_ack else self._give, 0 if no_ack else self._room)
        self._subscriptions[tag] = consumer
        if callback:
            self._callbacks[tag] = callback
        consumer.queue.consumers.append(consumer)
        consumer.queue.deliver()
        return tag

    def basic_cancel(self, consumer_tag: str, **_: Any) -> None:
        self._callbacks.pop(consumer_tag, None)
        if consumer := self._subscriptions.pop(consumer_tag, None):
            self._broker.leave(consumer)
            consumer.queue.deliver()

    def basic_get(self, queue: str, no_ack: bool = False, **_: Any) -> Message | None:
        known = self._broker.queues[queue]
        while known.waiting:
            parcel = known.waiting.popleft()
            if not parcel.expired():
                tag = next(self._tags)
                if not no_ack:
                    self._held[tag] = (None, known, parcel)
                return self._message("", tag, parcel)
        return None

    def _give(self, consumer: Subscription, parcel: Parcel) -> None:
        tag = next(self._tags)
        self._held[tag] = (consumer, consumer.queue, parcel)
        consumer.held += 1
        self._arrive(consumer, tag, parcel)

    def _give_away(self, consumer: Subscription, parcel: Parcel) -> None:
        self._arrive(consumer, next(self._tags), parcel)

    def _arrive(self, consumer: Subscription, tag: int, parcel: Parcel) -> None:
        if self.connection:
            self.connection.arrive(self, self._message(consumer.tag, tag, parcel))

    def _message(self, consumer_tag: str, tag: int, parcel: Parcel) -> Message:
        properties = dict(parcel.message["properties"])
        return Message(
            body=parcel.message["body"],
            channel=self,
            delivery_tag=tag,
            content_type=properties["content_type"],
            content_encoding=properties["content_encoding"],
            headers=parcel.message["headers"],
            properties=properties,
            delivery_info={
                "consumer_tag": consumer_tag,
                "delivery_tag": tag,
                "redelivered": parcel.redelivered,
                "exchange": parcel.exchange,
                "routing_key": parcel.routing_key,
            },
        )

    def message_to_python(self, message: Message | Mapping[str, Any]) -> Message:
        """What a consumer gets is a message already; what is returned to a publisher is not."""
        return message if isinstance(message, Message) else self._message("", 0, Parcel(message, "", "", None))

    def dispatch(self, message: Message) -> None:
        """Hands `message` to its consumer; one that was cancelled meanwhile gets nothing more, its message goes back."""
        callback = self._callbacks.get(message.delivery_info["consumer_tag"])
        if callback:
            callback(message)
        elif message.delivery_tag in self._held:
            self.basic_reject(message.delivery_tag, requeue=True)

    # Settling

    def basic_ack(self, delivery_tag: int, multiple: bool = False, **_: Any) -> None:
        if delivery_tag not in self._held:
            raise PreconditionFailed(f"unknown delivery tag {delivery_tag}", method_name="basic_ack")
        for tag in [tag for tag in self._held if tag <= delivery_tag] if multiple else [delivery_tag]:
            self._settle(tag)[0].deliver()

    def basic_reject(self, delivery_tag: int, requeue: bool = True, **_: Any) -> None:
        if delivery_tag not in self._held:
            raise PreconditionFailed(f"unknown delivery tag {delivery_tag}", method_name="basic_reject")
        queue, parcel = self._settle(delivery_tag)
        queue.restore([parcel] if requeue else [])

    def _settle(self, tag: int) -> tuple[Queue, Parcel]:
        consumer, queue, parcel = self._held.pop(tag)
        if consumer:
            consumer.held -= 1
        return queue, parcel

    def _restore(self, held: Iterable[tuple[Subscription | None, Queue, Parcel]]) -> None:
        parcels: defaultdict[Queue, list[Parcel]] = defaultdict(list)
        for consumer, queue, parcel in held:
            parcels[queue].append(parcel)
            if consumer:
                consumer.held -= 1
        for queue, returned in parcels.items():
            queue.restore(returned)

    def close(self) -> None:
        """Consumers leave, and what they had not acknowledged goes back to the queue it came from."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        connection.channels.pop(self.channel_id, None)
        consumers, self._subscriptions, self._callbacks = list(self._subscriptions.values()), {}, {}
        held, self._held = self._held, {}
        for consumer in consumers:
            self._broker.leave(consumer)
        self._restore(held.values())
        for consumer in consumers:
            consumer.queue.deliver()
