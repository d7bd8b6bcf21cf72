"""What watches a process: /metrics for Prometheus, /health/live and /health/ready, on a port of their own that is not for the public."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import metrics
from shared.port import Port

Health = Callable[[], tuple[bool, dict[str, str]]]
_TICK_SECONDS = 0.1


@contextmanager
def watched(host: str, port: int, health: Health) -> Iterator[None]:
    """Answer those who watch, while the process runs; raises OSError when the port cannot be had."""
    answering = Port(host, port, _application(health))
    eventlet.spawn(answering.serve)
    ticking = eventlet.spawn(_measure_stalls)
    try:
        yield
    finally:
        ticking.kill()
        answering.close(0)


def _application(health: Health) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        status, kind, body = _answer(environ["PATH_INFO"], health)
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _answer(path: str, health: Health) -> tuple[str, str, bytes]:
    if path == "/metrics":
        return "200 OK", CONTENT_TYPE_LATEST, generate_latest()
    if path == "/health/live":
        return "200 OK", "application/json", b'{"live": true}'
    if path == "/health/ready":
        ready, reasons = health()
        return (
            "200 OK" if ready else "503 Service Unavailable",
            "application/json",
            json.dumps({"ready": ready, "reasons": reasons}).encode(),
        )
    return "404 Not Found", "text/plain", b"/metrics, /health/live, /health/ready\n"


def _measure_stalls() -> None:
    """How late the hub wakes us is how long something held it: a blocking driver, or work that should be elsewhere."""
    clock = eventlet.hubs.get_hub().clock
    while True:
        slept = clock()
        eventlet.sleep(_TICK_SECONDS)
        metrics.hub_stall_seconds.observe(max(0.0, clock() - slept - _TICK_SECONDS))
