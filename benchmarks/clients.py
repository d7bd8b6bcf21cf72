"""The clients of benchmarks.commands: lean ones, the same for both sides, each kind in a process of its own.

python -m benchmarks.clients http | rpc OUR_BROKER OUR_KEY_FILE PEER_BROKER
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benchmarks.measuring import OURS, PEER, Measure, answer, measured, repeat


class _Connection:
    """One client: sends a request as soon as it has the answer to the last. Knows no more of HTTP/1.1 than that takes."""

    def __init__(self, place: tuple[str, int], head: str, body: bytes) -> None:
        self.socket = socket.create_connection(place)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head, self._tail = head.encode(), b"\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        self._answer = b""
        self._sent = 0.0

    def send(self) -> None:
        self._answer, self._sent = b"", time.perf_counter()
        self.socket.sendall(b"%b\r\nIdempotency-Key: %b%b" % (self._head, str(uuid4()).encode(), self._tail))

    def receive(self) -> float | None:
        """How long the answer took; None while it is not here as a whole. Raises when it is no success."""
        self._answer += self.socket.recv(65_536)
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found:
            return None
        if not head.startswith(b"HTTP/1.1 2"):
            raise AssertionError(f"no success: {self._answer.decode()}")
        length = head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
        return time.perf_counter() - self._sent if len(body) >= int(length) else None


def post(question: dict[str, Any]) -> Measure:
    """So many connections that send the same message, each under a key of its own, for so many seconds."""
    host, port = question["host"], question["port"]
    head = "\r\n".join(
        (f"POST {question['path']} HTTP/1.1", f"Host: {host}:{port}", "Content-Type: application/json", *question["headers"])
    )
    connections = [_Connection((host, port), head, json.dumps(question["body"]).encode()) for _ in range(question["callers"])]
    times: list[float] = []
    with selectors.DefaultSelector() as waiting:
        for connection in connections:
            waiting.register(connection.socket, selectors.EVENT_READ, connection)
        began = now = time.perf_counter()
        for connection in connections:
            connection.send()
        open_calls = len(connections)
        while open_calls:
            for key, _ in waiting.select():
                took = key.data.receive()
                if took is None:
                    continue
                times.append(took)
                now = time.perf_counter()
                if now < began + question["seconds"]:
                    key.data.send()
                else:
                    open_calls -= 1
    for connection in connections:
        connection.socket.close()
    return measured(times, now - began)


def call(ours: str, key_file: str, peer: str) -> Callable[[dict[str, Any]], Measure]:
    """The same over RPC; each side by the client its own services use."""
    calling = {OURS: _our_client(ours, Path(key_file)), PEER: _peer_client(peer)}

    def repeated(question: dict[str, Any]) -> Measure:
        return repeat(calling[question["subject"]](question["body"]), question["callers"], question["seconds"])

    return repeated


def _our_client(uri: str, key_file: Path) -> Callable[[dict[str, Any]], Callable[[], object]]:
    from shared.context import Context  # noqa: PLC0415  once the process is green
    from shared.rpc import Calls, Cover  # noqa: PLC0415
    from shared.sealing import read_master_key  # noqa: PLC0415

    calls, actor = Calls(uri, Cover(read_master_key(key_file))), f"token:{UUID(int=1)}"

    def calling(body: dict[str, Any]) -> Callable[[], object]:
        written = json.dumps(body).encode()
        return lambda: calls.request("feedback", "receive_feedback", written, Context(actor=actor, role="regional_operator", region="ABH"))

    return calling


def _peer_client(uri: str) -> Callable[[dict[str, Any]], Callable[[], object]]:
    from benchmarks.peer.caller import proxy  # noqa: PLC0415

    feedback = proxy(uri, "feedback")
    return lambda body: lambda: feedback.receive_feedback(body)


def main(kind: str, *places: str) -> None:
    if kind == "http":
        answer(post)
        return
    from shared import green  # noqa: PLC0415  must be first, and only here

    green.patch()
    from eventlet import tpool  # noqa: PLC0415

    answer(call(*places), lambda: tpool.execute(sys.stdin.readline))


if __name__ == "__main__":
    main(*sys.argv[1:])
