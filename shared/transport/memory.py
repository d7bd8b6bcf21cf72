"""kombu's view of the broker inside the process: `kombu.Connection("memory:///name")`.

Owns connections, and waking whoever waits for a message: nothing polls. Everything happens on one hub's thread; a wake-up from
another thread would be lost, so it is refused.
"""

from __future__ import annotations

from collections import deque
from itertools import count

from amqp.exceptions import RecoverableConnectionError
from eventlet.event import Event
from eventlet.hubs import get_hub
from kombu import Connection as Client
from kombu.exceptions import ChannelError
from kombu.message import Message
from kombu.transport import base

from shared.transport.broker import Broker, named
from shared.transport.channel import Channel


class Connection:
    """One connection: its channels, and the messages that have arrived for them."""

    def __init__(self, client: Client, broker: Broker) -> None:
        self.client = client
        self.broker = broker
        self.channels: dict[int, Channel] = {}
        self.connected = True
        self._ids = count(1)
        self._hub = get_hub()
        self._inbox: deque[tuple[Channel, Message]] = deque()
        self._arrived = Event()

    def channel(self) -> Channel:
        channel = Channel(self, next(self._ids))
        self.channels[channel.channel_id] = channel
        return channel

    def arrive(self, channel: Channel, message: Message) -> None:
        if get_hub() is not self._hub:
            raise RuntimeError("the broker inside the process lives on one thread; publish from there")
        self._inbox.append((channel, message))
        self._wake()

    def drain_events(self, timeout: float | None = None) -> None:
        """Hands over one message, waiting for it up to `timeout` seconds; raises TimeoutError (errno None) when none came."""
        if not self._inbox and self.connected:
            self._arrived = Event()
            if timeout == 0 or self._arrived.wait(timeout) is None:
                raise TimeoutError
        if not self.connected:
            raise RecoverableConnectionError("connection closed")
        channel, message = self._inbox.popleft()
        channel.dispatch(message)

    def close(self) -> None:
        self.connected = False
        for channel in list(self.channels.values()):
            channel.close()
        self._inbox.clear()
        self.broker.disown(self)
        self._wake()

    def _wake(self) -> None:
        if not self._arrived.ready():
            self._arrived.send(True)


class Transport(base.Transport):
    """What `kombu.Connection` asks of a transport."""

    driver_type = "memory"
    driver_name = "comhar"
    connection_errors = (RecoverableConnectionError,)
    recoverable_connection_errors = (RecoverableConnectionError,)
    channel_errors = (ChannelError,)
    recoverable_channel_errors = ()  # kombu would publish again what has no route, and hide why
    implements = base.Transport.implements.extend(exchange_type=frozenset(["direct", "topic", "fanout"]))

    def establish_connection(self) -> Connection:
        return Connection(self.client, named(self.client.virtual_host))

    def create_channel(self, connection: Connection) -> Channel:
        return connection.channel()

    def drain_events(self, connection: Connection, timeout: float | None = None) -> None:
        connection.drain_events(timeout)

    def verify_connection(self, connection: Connection) -> bool:
        return connection.connected

    def close_connection(self, connection: Connection) -> None:
        connection.close()

    def _collect(self, connection: Connection | None) -> None:
        if connection is not None:
            connection.close()

    def driver_version(self) -> str:
        return "1"
