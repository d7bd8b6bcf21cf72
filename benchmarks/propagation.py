"""Facts from one service to the view of another, over RabbitMQ and PostgreSQL, against the event-sourcing library's ProjectionRunner.

Writer with relay and reader are two processes, the library's runner is one that eventlet has not patched. Both views write a row for
every fact; ours with its exact line. Catching up is also measured with the region's history, which does more for every fact. Rounds
alternate between ours and the library's, so that other load on the machine falls on both.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from benchmarks.measuring import Figure, Goal, measured

SECONDS = 90.0
BACKLOG, LIBRARY_BACKLOG = 100_000, 2_000
RATES = (200, 4_000)


def run(seconds: float) -> Sequence[Figure]:
    """Measure for about `seconds`: facts a second, and milliseconds from durable to visible."""
    from tests.servers_fixture import postgres_server, rabbit_server  # noqa: PLC0415  workers do not need it

    began = time.monotonic()
    found: dict[str, list[float]] = {}
    postgres, rabbit = postgres_server(), rabbit_server()
    try:
        database, broker = postgres.new_database(), rabbit.new_vhost()
        rounds, each = 0, 0.0
        while rounds < 3 or time.monotonic() - began + each < seconds:
            started = time.monotonic()
            for name, value in _round(broker, database, f"_{rounds}").items():
                found.setdefault(name, []).append(value)
            rounds, each = rounds + 1, time.monotonic() - started
    finally:
        rabbit.close()
        postgres.close()
    return [
        Figure(f"catch-up of {BACKLOG:,} facts", "facts/s", found["catch_up"], found["library_catch_up"], Goal(at_least=60_000.0)),
        Figure("same, into the region's history", "facts/s", found["catch_up_ledger"]),
        Figure("200 facts/s, p50", "ms", found["at_200_p50"], found["library_200_p50"], Goal(at_most=6.0)),
        Figure("200 facts/s, p99", "ms", found["at_200_p99"], found["library_200_p99"], Goal(at_most=25.0)),
        Figure("4,000 facts/s, reached", "facts/s", found["at_4000_done"]),
        *(Figure(f"4,000 facts/s, {what}", "ms", found[f"at_4000_{what}"]) for what in ("p50", "p99")),
    ]


def _round(broker: str, database: str, name: str) -> dict[str, float]:
    result = {"library_catch_up": _library("backlog", database, name)["rate"], "catch_up": catch_up(broker, database, name, "lines")}
    result["catch_up_ledger"] = catch_up(broker, database, f"{name}_ledger", "ledger")
    for rate in RATES:
        result |= _latency(broker, database, f"{name}_{rate}", rate, 3.0)
    return result | {f"library_200_{what}": value for what, value in _library("latency", database, f"{name}_slow").items()}


def catch_up(broker: str, database: str, name: str, view: str) -> float:
    """Facts a second after the relay was away while `BACKLOG` facts were stored: from its start until the last is committed in the view."""
    job = {"round": name, "views": [view], "until": BACKLOG + 1}
    with process("reader", broker, database, job) as reader:
        with process("source", broker, database, {"round": name}) as relay:
            begin(relay)
            fill(f"{database}?schema=notes_store{name}", 1)
            _reached(database, f"keeper_views{name}", 1)
        fill(f"{database}?schema=notes_store{name}", BACKLOG)
        with process("source", broker, database, {"round": name}) as relay:
            began = time.monotonic()
            begin(relay)
            return BACKLOG / (answered(reader)["reached"][-1][1] - began)


def _reached(database: str, schema: str, position: int) -> None:
    import psycopg  # noqa: PLC0415  workers choose when

    with psycopg.connect(database, autocommit=True) as connection:
        while connection.execute(f"SELECT max(position) FROM {schema}.positions").fetchone() != (position,):
            time.sleep(0.01)


def fill(store: str, count: int) -> None:
    """So many facts of ordinary size into a store."""
    from shared.store import Stored, open_store  # noqa: PLC0415  this process is not patched, and must not be
    from tests.propagation_fixture import NOTED, state  # noqa: PLC0415

    recorder = open_store(store)
    for start in range(0, count, 1_000):
        stream = uuid4()
        recorder.append([Stored(stream, version, NOTED, state(stream, version)) for version in range(1, min(1_000, count - start) + 1)])
    recorder.close()


def _latency(broker: str, database: str, name: str, rate: int, seconds: float) -> dict[str, float]:
    """From the moment a fact is durable to the moment it is committed in the view, at `rate` saves a second of one fact each."""
    until = int(rate * seconds)
    with (
        process("reader", broker, database, {"round": name, "views": ["ledger"], "until": until}) as reader,
        process("source", broker, database, {"round": name, "rate": rate, "seconds": seconds}) as source,
    ):
        begin(source)
        begin(reader)
        committed = answered(source)["committed"]  # before the reader's: a full pipe would stop the relay
        stamps = answered(reader)["reached"]
    positions = [position for position, _ in stamps]
    waits = [
        stamps[at][1] - moment
        for position, moment in committed
        if position > rate // 2 and (at := bisect_left(positions, position)) < len(stamps)
    ]
    took = max(moment for _, moment in committed) - min(moment for _, moment in committed)
    return {f"at_{rate}_{what}": value for what, value in measured(waits, took).items()} | {f"at_{rate}_done": len(committed) / took}


@contextmanager
def process(role: str, broker: str, database: str, job: dict[str, Any]) -> Iterator[subprocess.Popen[str]]:
    """A process of the two between which facts travel (tests.propagation_process), told its `job`, ready to begin."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.propagation_process", role, broker, database, json.dumps(job)]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        answered(started)
        yield started
    finally:
        started.kill()
        started.communicate()


def begin(started: subprocess.Popen[str]) -> None:
    """Let a process begin."""
    if started.stdin is None:
        raise AssertionError("started with pipes")
    started.stdin.write("\n")
    started.stdin.flush()


def answered(started: subprocess.Popen[str]) -> dict[str, Any]:
    """What a process says next."""
    if started.stdout is None:
        raise AssertionError("started with pipes")
    answer: dict[str, Any] = json.loads(started.stdout.readline())
    return answer


def _library(what: str, database: str, name: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.propagation_peer", what, database, name, str(LIBRARY_BACKLOG)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found
