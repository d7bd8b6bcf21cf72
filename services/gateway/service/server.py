"""The HTTP server: eventlet's, hosted by nameko, with limits.

Owns what happens before the application sees a request: its size and shape on the wire, how long a client may dawdle, fairness.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import eventlet
from eventlet import wsgi
from nameko.extensions import DependencyProvider

from services.gateway.service.house import House
from services.gateway.service.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_MOST_CONNECTIONS = 1000
_URL_BYTES = 8192
_SOCKET_SECONDS = 15
_GOODBYE_SECONDS = 5
_SWALLOWED_BYTES = 8 * 1024 * 1024


class HttpServer(DependencyProvider):
    """Serves the gateway while its container runs; stops taking requests first, then gives those in hand five seconds."""

    def setup(self) -> None:
        house: House = self.container.config["comhar"]
        self._port = Port(house.settings.http_host, house.settings.http_port, create_app(house))

    def start(self) -> None:
        self.container.spawn_managed_thread(self._port.serve)

    def stop(self) -> None:
        self._port.close(_GOODBYE_SECONDS)

    def kill(self) -> None:
        self._port.close(0)


class Port:
    """An application at an address; listens as soon as it is made, answers while `serve` runs."""

    def __init__(self, host: str, port: int, application: WSGIApplication) -> None:
        self._socket = eventlet.listen((host, port))
        self._application = application
        self._connections = eventlet.GreenPool(_MOST_CONNECTIONS)
        self._serving: Any = None
        self.address: tuple[str, int] = self._socket.getsockname()[:2]

    def serve(self) -> None:
        """Ends, killed, with `close`."""
        self._serving = eventlet.getcurrent()
        wsgi.server(
            self._socket,
            self._fairly,
            protocol=_Protocol,
            custom_pool=self._connections,
            socket_timeout=_SOCKET_SECONDS,
            url_length_limit=_URL_BYTES,
            capitalize_response_headers=False,
            log_output=False,
            debug=False,
        )

    def close(self, seconds: float) -> None:
        """Take no more connections; requests in hand have `seconds` to be answered."""
        if self._serving:
            self._serving.kill()
        self._socket.close()
        with eventlet.Timeout(seconds, exception=False):
            self._connections.waitall()
        for connection in list(self._connections.coroutines_running):
            connection.kill()

    def _fairly(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # A client that keeps its connection busy must not keep everybody else from theirs.
        eventlet.sleep(0)
        return self._application(environ, start_response)


class _Protocol(wsgi.HttpProtocol):
    """Requests as they stand on the wire."""

    def get_environ(self) -> WSGIEnvironment:
        environ: WSGIEnvironment = super().get_environ()
        # What is left of a body in chunks, or of a huge one, must not be read as the next request, nor to its end.
        if "HTTP_TRANSFER_ENCODING" in environ or int(environ.get("CONTENT_LENGTH", 0)) > _SWALLOWED_BYTES:
            self.close_connection = True
        return environ

    def send_error(self, code: int, *_: str | None) -> None:
        """Says no in one line; the library would repeat what was sent."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 %d Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % code)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the library would repeat what was sent."""
