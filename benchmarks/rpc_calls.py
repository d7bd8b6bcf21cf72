"""Calls of a method that only echoes a second: our calls against nameko's own RPC, in the same run.

    python -m benchmarks.rpc_calls [--seconds 60] [--json result.json]

Over RabbitMQ client and service are two processes; over memory they share one. Within a round every pair is measured right after one
another, so that other load on the machine falls on both; the ratio is taken pair by pair.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Any

CALLERS = (1, 8, 32)
BROKERS = ("rabbitmq", "memory")
SUBJECTS = ("nameko", "ours")
ROUNDS = 5
BODY = "x" * 300
MASTER = bytes(32)

Measure = dict[str, float]
Key = tuple[str, int]


def run(seconds: float = 60.0) -> dict[str, Any]:
    """Measure for about `seconds`; rates a second, times in milliseconds, each the median of the rounds and their lowest and highest."""
    combinations = list(product(BROKERS, CALLERS))
    each = max(0.1, seconds / (ROUNDS * len(combinations) * len(SUBJECTS)))
    found: dict[tuple[Key, str], list[Measure]] = {}
    with _clients() as ask:
        for _ in range(ROUNDS):
            for (broker, callers), subject in product(combinations, SUBJECTS):
                measure = ask(broker, {"subject": subject, "callers": callers, "seconds": each})
                found.setdefault(((broker, callers), subject), []).append(measure)
    return {
        "seconds": each,
        "rounds": ROUNDS,
        "cores": os.cpu_count(),
        "lines": [_line(key, found[key, "ours"], found[key, "nameko"]) for key in combinations],
    }


def _line(key: Key, ours: list[Measure], nameko: list[Measure]) -> dict[str, Any]:
    line: dict[str, Any] = dict(zip(("broker", "callers"), key, strict=True))
    for subject, rounds in (("ours", ours), ("nameko", nameko)):
        line |= {f"{subject}_{what}": _spread([measure[what] for measure in rounds]) for what in ("rate", "p50", "p99")}
    return line | {"ratio": _spread([mine["rate"] / its["rate"] for mine, its in zip(ours, nameko, strict=True)])}


def _spread(values: list[float]) -> list[float]:
    return [round(value, 3) for value in (statistics.median(values), min(values), max(values))]


def table(result: dict[str, Any]) -> str:
    """The result for a reader: rate and ratio with lowest and highest round, p50 and p99 as medians."""
    lines = [f"{'':16}{'ours/s':>26}{'p50':>8}{'p99':>8}{'nameko/s':>26}{'p50':>8}{'p99':>8}{'ratio':>22}"]
    for line in result["lines"]:
        cells = [f"{line['broker']} {line['callers']:>3}".ljust(16)]
        for subject in ("ours", "nameko"):
            cells.append("{:>10,.0f} [{:,.0f} {:,.0f}]".format(*line[f"{subject}_rate"]).rjust(26))
            cells += [f"{line[f'{subject}_{what}'][0]:8.2f}" for what in ("p50", "p99")]
        lines.append("".join(cells) + "{:.1f} [{:.1f} {:.1f}]".format(*line["ratio"]).rjust(22))
    return "\n".join(lines)


@contextmanager
def _clients() -> Iterator[Callable[[str, dict[str, Any]], Measure]]:
    """One process for each broker that calls, and for RabbitMQ one that answers; asked by a line of JSON, answering by one."""
    from tests.servers_fixture import rabbit_server  # noqa: PLC0415  workers do not need it

    server = rabbit_server()
    with ExitStack() as ends:
        ends.callback(server.close)
        service = ends.enter_context(_worker("service", server.uri))
        service.stdout.readline()  # it answers calls now
        clients = {
            "rabbitmq": ends.enter_context(_worker("client", server.uri)),
            "memory": ends.enter_context(_worker("both", "memory:///benchmark")),
        }

        def ask(broker: str, question: dict[str, Any]) -> Measure:
            clients[broker].stdin.write(json.dumps(question) + "\n")
            clients[broker].stdin.flush()
            measure: Measure = json.loads(clients[broker].stdout.readline())
            return measure

        yield ask


@contextmanager
def _worker(role: str, uri: str) -> Iterator[Any]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.rpc_calls", "--worker", role, uri]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.communicate()


def work(role: str, uri: str) -> None:
    """The worker: serves, or answers questions from standard input, until that closes."""
    from shared import green  # noqa: PLC0415  must be first, and only here

    green.patch()
    services = _serve(uri) if role != "client" else []
    if role == "service":
        sys.stdout.write(f"{len(services)} services are ready\n")
        sys.stdout.flush()
        _lines()
        return
    calls = {"ours": _ours(uri), "nameko": _nameko(uri)}
    for question in map(json.loads, iter(_lines, "")):
        sys.stdout.write(json.dumps(_measure(calls[question["subject"]], question["callers"], question["seconds"])) + "\n")
        sys.stdout.flush()


def _lines() -> str:
    """The next line of standard input; the green threads go on meanwhile."""
    from eventlet import tpool  # noqa: PLC0415

    line: str = tpool.execute(sys.stdin.readline)
    return line


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

    config = {"AMQP_URI": uri, "cover": Cover(MASTER), "max_workers": 50, "permitted": lambda _service, _method, _role: None}
    containers = [ServiceContainer(service, config) for service in (Ours, Nameko)]
    for container in containers:
        container.start()
    return containers


def _ours(uri: str) -> Callable[[], object]:
    from shared.context import Context  # noqa: PLC0415
    from shared.rpc import Calls, Cover  # noqa: PLC0415

    calls, context, body = Calls(uri, Cover(MASTER)), Context(actor="a", role="member", region="ABH"), BODY.encode()
    return lambda: calls.request("ours", "echo", body, context)


def _nameko(uri: str) -> Callable[[], object]:
    """As a service calls another one: a shared reply queue, confirmed and persistent messages from a pool of connections."""
    from nameko.containers import ServiceContainer, WorkerContext  # noqa: PLC0415
    from nameko.rpc import RpcProxy  # noqa: PLC0415
    from nameko.testing.services import dummy  # noqa: PLC0415

    class Caller:
        name = "caller"
        nameko = RpcProxy("nameko")

        @dummy
        def call(self) -> None:
            """The context of calls made below."""

    container = ServiceContainer(Caller, {"AMQP_URI": uri})
    container.start()
    [provider], [entrypoint] = container.dependencies, container.entrypoints
    proxy = provider.get_dependency(WorkerContext(container, Caller(), entrypoint))
    return lambda: proxy.echo(BODY)


def _measure(call: Callable[[], object], callers: int, seconds: float) -> Measure:
    """Each caller calls again as soon as it has its answer."""
    import eventlet  # noqa: PLC0415

    call()
    times: list[float] = []
    began = time.perf_counter()

    def caller() -> None:
        now = time.perf_counter()
        while now < began + seconds:
            call()
            now, before = time.perf_counter(), now
            times.append(now - before)

    for thread in [eventlet.spawn(caller) for _ in range(callers)]:
        thread.wait()
    elapsed = time.perf_counter() - began
    times.sort()
    return {"rate": len(times) / elapsed, "p50": times[len(times) // 2] * 1000, "p99": times[int(len(times) * 0.99)] * 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--worker", nargs=2, metavar=("ROLE", "URI"))
    options = parser.parse_args()
    if options.worker:
        work(*options.worker)
        return
    result = run(options.seconds)
    print(table(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
