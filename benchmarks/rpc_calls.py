"""Calls of a method that only echoes a second: our calls against nameko's own RPC, in the same run.

Over RabbitMQ client and service are two processes; over memory they share one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import product
from typing import Any

from benchmarks.measuring import OURS, PEER, Figure, Goal, Measure, answer, compare, repeat, worker

SECONDS = 30.0
ROUNDS = 5
CASES = {f"{broker}, {callers} callers": (broker, callers) for broker, callers in product(("rabbitmq", "memory"), (1, 8, 32))}
GOALS = {case: Goal(times=1.0) for case in CASES}
BODY = "x" * 300
KEY = bytes(32)


def run(seconds: float) -> Sequence[Figure]:
    """Measure for about `seconds`."""
    from tests.servers_fixture import rabbit_server  # noqa: PLC0415  workers do not need it

    each = max(0.1, seconds / (ROUNDS * len(CASES) * 2))
    server = rabbit_server()
    with ExitStack() as ends:
        ends.callback(server.close)
        service = ends.enter_context(worker("benchmarks.rpc_calls", "service", server.uri))
        service({})  # answers once it answers calls
        ask = {
            "rabbitmq": ends.enter_context(worker("benchmarks.rpc_calls", "client", server.uri)),
            "memory": ends.enter_context(worker("benchmarks.rpc_calls", "both", "memory:///benchmark")),
        }

        def measure(case: tuple[str, int], order: Sequence[str]) -> dict[str, Measure]:
            broker, callers = case
            return {subject: ask[broker]({"subject": subject, "callers": callers, "seconds": each}) for subject in order}

        return compare(CASES, measure, GOALS, "calls", ROUNDS)


def work(role: str, uri: str) -> None:
    """The worker: serves, or calls, or both."""
    from shared import green  # noqa: PLC0415  must be first, and only here

    green.patch()
    from eventlet import tpool  # noqa: PLC0415

    services = _serve(uri) if role != "client" else []
    calls = {OURS: _our_client(uri), PEER: _peer_client(uri)} if role != "service" else {}

    def measure(question: dict[str, Any]) -> Measure:
        return repeat(calls[question["subject"]], question["callers"], question["seconds"]) if calls else {"services": len(services)}

    answer(measure, lambda: tpool.execute(sys.stdin.readline))  # the green threads go on meanwhile


def _serve(uri: str) -> list[Any]:
    """Containers; whoever holds them holds the services."""
    from nameko.containers import ServiceContainer  # noqa: PLC0415
    from nameko.rpc import rpc as stock_rpc  # noqa: PLC0415

    from shared.rpc import Cover, rpc  # noqa: PLC0415

    class Ours:
        name = "ours"

        @rpc
        def echo(self, body: bytes) -> bytes:
            return body

    class Nameko:
        name = "nameko"

        @stock_rpc
        def echo(self, body: str) -> str:
            return body

    config = {"AMQP_URI": uri, "cover": Cover(KEY), "max_workers": 50, "permitted": lambda _service, _method, _role: None}
    containers = [ServiceContainer(service, config) for service in (Ours, Nameko)]
    for container in containers:
        container.start()
    return containers


def _our_client(uri: str) -> Callable[[], object]:
    from shared.context import Context  # noqa: PLC0415
    from shared.rpc import Calls, Cover  # noqa: PLC0415

    calls, context, body = Calls(uri, Cover(KEY)), Context(actor="a", role="member", region="ABH"), BODY.encode()
    return lambda: calls.request("ours", "echo", body, context)


def _peer_client(uri: str) -> Callable[[], object]:
    from benchmarks.peer.caller import proxy  # noqa: PLC0415

    nameko = proxy(uri, "nameko")
    return lambda: nameko.echo(BODY)


if __name__ == "__main__":
    work(*sys.argv[1:])
