"""The server on real sockets: limits, manners, fairness."""

import errno
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import eventlet
import httpx
import pytest

from services.gateway.application import Tokens
from shared import port as server
from shared.port import Port
from tests.gateway_fixture import Alone, tokens

CANARY = "Maeve-wept-on-Tuesday"
HEAD = b"Host: region\r\n"


@pytest.fixture(autouse=True)
def no_hanging() -> Iterator[None]:
    with eventlet.Timeout(60):
        yield


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    made = tokens(tmp_path_factory.mktemp("gateway"))
    yield made
    made.close()


@pytest.fixture
def alone(ours: Tokens) -> Alone:
    return Alone(ours)


@pytest.fixture
def port(alone: Alone) -> Iterator[Port]:
    opened = Port("127.0.0.1", 0, alone.app)
    serving = eventlet.spawn(opened.serve)
    yield opened
    opened.close(1)
    serving.kill()


def talk(port: Port, *sent: bytes) -> bytes:
    """All that comes back until the server hangs up."""
    with closing(socket.create_connection(port.address, timeout=10)) as connection:
        for part in sent:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65_536):
            received += part
    return received


def statuses(received: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


def base(port: Port) -> str:
    return f"http://{port.address[0]}:{port.address[1]}"


def test_a_request_is_answered(port: Port) -> None:
    assert httpx.get(f"{base(port)}/health/live").json() == {"live": True}


def test_one_connection_serves_many_requests(port: Port) -> None:
    request = b"GET /health/live HTTP/1.1\r\n" + HEAD + b"\r\n"
    assert statuses(talk(port, request * 3)) == [200, 200, 200]


def test_an_endless_address_is_refused(port: Port) -> None:
    assert statuses(talk(port, b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n")) == [414]


def test_an_endless_header_is_refused(port: Port) -> None:
    assert statuses(talk(port, b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n")) == [400]


def test_too_many_headers_are_refused(port: Port) -> None:
    many = b"".join(b"X-%d: a\r\n" % number for number in range(500))
    assert statuses(talk(port, b"GET / HTTP/1.1\r\n" + many + b"\r\n")) == [431]


@pytest.mark.parametrize("length", [b"-1", b"many", b"1e3"])
def test_a_length_that_is_none_is_refused(port: Port, length: bytes) -> None:
    assert statuses(talk(port, b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Content-Length: " + length + b"\r\n\r\n")) == [400]


def test_a_length_beside_chunks_is_refused(port: Port) -> None:
    both = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert statuses(talk(port, b"POST /sign-in HTTP/1.1\r\n" + HEAD + both)) == [400]


@pytest.mark.parametrize("encoding", [b"chunked", b"gzip, chunked", b"identity"])
def test_a_body_in_chunks_is_refused_and_what_follows_is_not_taken_for_a_request(port: Port, encoding: bytes) -> None:
    smuggled = b"GET /health/live HTTP/1.1\r\n" + HEAD + b"\r\n"
    sent = b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: " + encoding + b"\r\n\r\n" + smuggled
    received = talk(port, sent)
    assert statuses(received) == [411]
    assert b"Connection: close" in received


def test_a_huge_body_is_refused_without_being_read(port: Port, alone: Alone) -> None:
    bearer = "".join(f"{name}: {value}\r\n" for name, value in alone.bearer().items()).encode()
    head = b"POST /v1/partnerships HTTP/1.1\r\n" + HEAD + bearer + b"Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"
    received = talk(port, head)
    assert statuses(received) == [413]
    assert b"Connection: close" in received


def test_a_body_that_is_only_too_large_leaves_the_connection_usable(port: Port, alone: Alone) -> None:
    with httpx.Client(base_url=base(port), headers=alone.bearer()) as client:
        assert client.post("/v1/partnerships", content=b" " * 200_000, headers={"Content-Type": "application/json"}).status_code == 413
        assert client.get("/v1/partnerships").status_code == 200


def test_a_header_with_an_underscore_counts_for_nothing(port: Port, alone: Alone) -> None:
    token = alone.token().encode()
    request = b"GET /v1/partnerships HTTP/1.1\r\n" + HEAD + b"X_Correlation_ID: 0d8f5a3e-6c1b-4a4e-9d2f-3b7c5e9a1f20\r\n"
    received = talk(port, request + b"Authorization: Bearer " + token + b"\r\n\r\n")
    assert statuses(received) == [200]
    assert b"0d8f5a3e" not in received


@pytest.mark.parametrize(
    "line", [f"{CANARY}\r\n", f"GET {CANARY}\r\n", f"GET / {CANARY}\r\n", f"GET / HTTP/{CANARY}\r\n", f"GET / HTTP/9.9\r\nX: {CANARY}\r\n"]
)
def test_a_line_that_is_no_request_is_refused_and_repeated_nowhere(port: Port, line: str, capfd: pytest.CaptureFixture[str]) -> None:
    received = talk(port, line.encode() + b"\r\n")
    assert received == b"" or min(statuses(received)) >= 400
    shown = capfd.readouterr()
    assert CANARY not in received.decode() + shown.out + shown.err


def test_a_busy_connection_does_not_keep_others_from_theirs(port: Port, alone: Alone) -> None:
    served: list[str] = []
    busy = eventlet.Event()

    def remember(environ: dict[str, Any], start: Any) -> Any:
        served.append(environ["HTTP_X_WHO"])
        if len(served) == 1:
            busy.send()
        return alone.app(environ, start)

    port._application = remember
    greedy = b"GET /health/live HTTP/1.1\r\n" + HEAD + b"X-Who: greedy\r\n\r\n"
    modest = b"GET /health/live HTTP/1.1\r\n" + HEAD + b"X-Who: modest\r\nConnection: close\r\n\r\n"
    talking = eventlet.spawn(talk, port, greedy * 300)
    busy.wait()
    assert statuses(talk(port, modest)) == [200]
    assert statuses(talking.wait()) == [200] * 300
    assert served.index("modest") < 250


def test_requests_in_hand_are_answered_before_the_server_ends(alone: Alone) -> None:
    begun, go = eventlet.Event(), eventlet.Event()

    def slow(environ: dict[str, Any], start: Any) -> Any:
        begun.send()
        go.wait()
        return alone.app(environ, start)

    port = Port("127.0.0.1", 0, slow)
    eventlet.spawn(port.serve)
    asking = eventlet.spawn(talk, port, b"GET /health/live HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n")
    begun.wait()
    closing_ = eventlet.spawn(port.close, 10)
    eventlet.sleep(0)
    go.send()
    assert statuses(asking.wait()) == [200]
    closing_.wait()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(port.address, timeout=1)


def test_a_request_that_never_ends_does_not_keep_the_server(alone: Alone) -> None:
    begun = eventlet.Event()

    def endless(_environ: dict[str, Any], _start: Any) -> Any:
        begun.send()
        eventlet.Event().wait()

    port = Port("127.0.0.1", 0, endless)
    eventlet.spawn(port.serve)
    with closing(socket.create_connection(port.address, timeout=10)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n")
        begun.wait()
        port.close(0)
        assert connection.recv(100) == b""
    assert alone.calls.asked == []


class Stumbling:
    """A listening socket that fails first, once for each of `numbers`."""

    def __init__(self, real: Any, *numbers: int) -> None:
        self.real = real
        self.numbers = list(numbers)

    def accept(self) -> Any:
        if self.numbers:
            raise OSError(self.numbers.pop(), CANARY)
        return self.real.accept()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ECONNABORTED, errno.ECONNRESET])
def test_a_connection_that_cannot_be_taken_does_not_end_the_server(alone: Alone, number: int) -> None:
    port = Port("127.0.0.1", 0, alone.app)
    port._socket._socket = stumbling = Stumbling(port._socket._socket, number, number)
    serving = eventlet.spawn(port.serve)
    assert httpx.get(f"{base(port)}/health/live").is_success
    assert (stumbling.numbers, serving.dead) == ([], False)
    port.close(0)


def test_a_listening_socket_that_is_broken_ends_the_server_so_that_somebody_notices(alone: Alone) -> None:
    port = Port("127.0.0.1", 0, alone.app)
    port._socket._socket = Stumbling(port._socket._socket, errno.EBADF)
    with pytest.raises(OSError, match=CANARY):
        port.serve()


def drip(port: Port, *sent: bytes) -> bytes:
    """Sends one byte after another for as long as the server listens; what it said in the end."""
    with closing(socket.create_connection(port.address, timeout=10)) as connection:
        try:
            for part in sent:
                connection.sendall(part)
            while True:
                connection.sendall(b"a")
                eventlet.sleep(0.01)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            return connection.recv(65_536)
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("head", [b"", b"GET /health/live HTTP/1.1\r\nX-Slow: "], ids=["line", "header"])
def test_a_head_that_comes_byte_by_byte_is_not_waited_for(port: Port, head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_REQUEST_SECONDS", 0.1)
    assert drip(port, head) == b""


def test_a_body_that_comes_byte_by_byte_is_not_waited_for(port: Port, alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_REQUEST_SECONDS", 0.1)
    bearer = "".join(f"{name}: {value}\r\n" for name, value in alone.bearer().items()).encode()
    kind = b"Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
    drip(port, b"POST /v1/partnerships HTTP/1.1\r\n" + HEAD + bearer + kind)
    assert alone.calls.asked == []


def test_an_idle_connection_may_wait_longer_than_a_request(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_REQUEST_SECONDS", 0.05)
    with httpx.Client(base_url=base(port)) as client:
        assert client.get("/health/live").is_success
        [connection] = port._connections.coroutines_running
        eventlet.sleep(0.2)
        assert client.get("/health/live").is_success
        assert port._connections.coroutines_running == {connection}


def test_a_fault_while_an_answer_is_written_is_told_by_class_and_place_alone(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def foreign(_environ: Any, start: Any) -> Any:
        start("200 OK", [("X-Words", f"{CANARY} \N{SNOWMAN}")])
        return [b""]

    def failing(_environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return Broken()

    class Broken(list[bytes]):
        def close(self) -> None:
            raise ZeroDivisionError(CANARY)

    for application, fault in ((foreign, "UnicodeEncodeError"), (failing, "ZeroDivisionError")):
        port = Port("127.0.0.1", 0, application)
        eventlet.spawn(port.serve)
        with caplog.at_level(logging.INFO):
            talk(port, b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n")
        port.close(1)
        assert fault in caplog.text
    shown = capfd.readouterr()
    assert CANARY not in shown.out + shown.err + caplog.text
    assert "Traceback" not in shown.err
