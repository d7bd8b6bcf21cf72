"""How this project reaches a broker: `amqp://` and `amqps://` are RabbitMQ, `memory:///name` is a broker inside this process.

Owns the settings a connection needs to notice that its broker is gone.
"""

from __future__ import annotations

import socket
from typing import Any

from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES

HEARTBEAT = 10.0
_UNANSWERED_MS = 10_000

# kombu's own in-memory transport polls once a second and loses what was not acknowledged.
TRANSPORT_ALIASES["memory"] = "shared.transport.memory:Transport"


def connection(uri: str, **options: Any) -> Connection:
    """A connection to the broker at `uri`, not yet open; `options` are kombu's transport options.

    py-amqp gives up a connection whose peer has not answered for one second, which a busy network or a memory alarm exceeds.
    """
    settings = {"socket_settings": {socket.TCP_USER_TIMEOUT: _UNANSWERED_MS}, **options}
    return Connection(uri, heartbeat=HEARTBEAT, connect_timeout=5, transport_options=settings)
