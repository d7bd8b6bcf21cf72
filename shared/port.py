"""An HTTP server on a port: eventlet's, with limits. The gateway answers everybody on one, a process its watchers on another.

Owns what happens before an application sees a request: its size and shape on the wire, how long a client may dawdle, fairness. What
goes wrong here is logged by class and place: its text would repeat what was sent.
"""

from __future__ import annotations

import errno
import io
import logging
import sys
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

import eventlet
from eventlet import wsgi
from greenlet import GreenletExit

from shared.logs import place

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)

_MOST_CONNECTIONS = 1000
_URL_BYTES = 8192
_SOCKET_SECONDS = 15
_REQUEST_SECONDS = 60.0
_SWALLOWED_BYTES = 8 * 1024 * 1024
_PASSES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.ECONNABORTED, errno.ECONNRESET}
_PAUSE_SECONDS = 0.1


class Port:
    """An application at an address; listens as soon as it is made, answers while `serve` runs. Raises OSError when it cannot listen."""

    def __init__(self, host: str, port: int, application: WSGIApplication) -> None:
        self._socket = Listener(host, port)
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
            log=_ClassNames(),
            protocol=_Protocol,
            custom_pool=self._connections,
            socket_timeout=_SOCKET_SECONDS,
            url_length_limit=_URL_BYTES,
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


class Listener:
    """A listening socket whose `accept` outlives what passes: no file left for a connection, or a client that has gone again."""

    def __init__(self, host: str, port: int) -> None:
        try:
            # Not shared with another process, as the library would have it: half of the requests would go astray.
            self._socket = eventlet.listen((host, port), reuse_port=False)
        except OSError as fault:
            raise OSError(fault.errno, fault.strerror, f"port {port} of {host}") from None

    def accept(self) -> Any:
        """The next connection, and whose it is."""
        while True:
            try:
                return self._socket.accept()
            except OSError as fault:
                # The library's server ends on any of them, and the process would live on without it.
                if fault.errno not in _PASSES:
                    raise
                _log.warning("a connection could not be taken: %s", errno.errorcode[fault.errno])
                eventlet.sleep(_PAUSE_SECONDS)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class _Protocol(wsgi.HttpProtocol):
    """Requests as they stand on the wire."""

    rfile: Any

    def setup(self) -> None:
        super().setup()
        self._incoming = _Incoming(self.rfile.detach())
        self.rfile = io.BufferedReader(self._incoming)

    def handle(self) -> None:
        try:
            super().handle()
        except TimeoutError:
            raise  # the library hangs up
        except Exception as fault:  # noqa: BLE001  eventlet would print it, with what was sent
            _tell(fault)

    def handle_one_request(self) -> None:
        self._incoming.began = None
        super().handle_one_request()

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


class _Incoming(io.RawIOBase):
    """What a client sends: a request has a minute from its first byte to its last, however alive the socket is kept in between.

    Raises TimeoutError when it is over. `began` is None while nothing of a request has come: an idle connection is the socket's matter.
    """

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.began: float | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = None if self.began is None else max(0.0, self.began + _REQUEST_SECONDS - monotonic())
        with eventlet.Timeout(left, TimeoutError):
            count: int | None = self._raw.readinto(buffer)
        self.began = self.began or monotonic()
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _ClassNames:
    """The library's log: requests, which are not kept, and tracebacks, of which class and place are."""

    def info(self, *_: Any) -> None:
        if fault := sys.exc_info()[1]:
            _tell(fault)

    error = info

    def debug(self, *_: Any) -> None:
        """Connections that come and go."""


def _tell(fault: BaseException) -> None:
    # A client that has gone is no fault of ours, nor is a connection that a process leaves open when it is told to end.
    harmless = isinstance(fault, OSError | GreenletExit)
    _log.log(logging.INFO if harmless else logging.ERROR, "not answered: %s at %s", type(fault).__name__, place(fault))
