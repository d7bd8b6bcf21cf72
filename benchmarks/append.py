"""Saves of one fact a second: our store against the event-sourcing library's own recorder, in the same run.

    python -m benchmarks.append [--seconds 60] [--json result.json]

Callers are green threads, as in a service, and real threads; each world is a process of its own. Within a round the two are measured
right after one another, in turns, so that other load on the machine falls on both; a lone caller saves to either by chance. The ratio
is taken pair by pair. Every line of the table has stores of its own: a faster store grows faster, and a larger one is slower.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

CALLERS = (1, 8, 32, 64)
DATABASES = ("postgresql", "sqlite")
WORLDS = ("green", "threads")
SUBJECTS = ("library", "ours")
ROUNDS = 9
STATE = b"s" * 366
TYPE = "sessions.AttendanceRecorded.v1"

Measure = dict[str, float]
Key = tuple[str, str, int]


def run(seconds: float = 60.0) -> dict[str, Any]:
    """Measure for about `seconds`; rates a second, times in milliseconds, each the median of the rounds and their lowest and highest."""
    combinations = list(product(DATABASES, WORLDS, CALLERS))
    each = max(0.1, seconds / (ROUNDS * len(combinations) * len(SUBJECTS)))
    found: dict[tuple[Key, str], list[Measure]] = {}
    with _databases() as urls, _workers() as ask:
        for number in range(ROUNDS):
            for database, world, callers in combinations:
                question = {"subjects": SUBJECTS[:: 1 if number % 2 else -1], "url": urls[database], "callers": callers, "seconds": each}
                for subject, measure in ask(world, question).items():
                    found.setdefault(((database, world, callers), subject), []).append(measure)
    return {
        "seconds": each,
        "rounds": ROUNDS,
        "cores": os.cpu_count(),
        "lines": [_line(key, found[key, "ours"], found[key, "library"]) for key in combinations],
    }


def _line(key: Key, ours: list[Measure], library: list[Measure]) -> dict[str, Any]:
    line: dict[str, Any] = dict(zip(("database", "world", "callers"), key, strict=True))
    for subject, rounds in (("ours", ours), ("library", library)):
        line |= {f"{subject}_{what}": _spread([measure[what] for measure in rounds]) for what in ("rate", "p50", "p99")}
    return line | {"ratio": _spread([mine["rate"] / its["rate"] for mine, its in zip(ours, library, strict=True)])}


def _spread(values: list[float]) -> list[float]:
    return [round(value, 3) for value in (statistics.median(values), min(values), max(values))]


def table(result: dict[str, Any]) -> str:
    """The result for a reader: rate and ratio with lowest and highest round, p50 and p99 as medians."""
    lines = [f"{'':28}{'ours/s':>26}{'p50':>8}{'p99':>8}{'library/s':>26}{'p50':>8}{'p99':>8}{'ratio':>22}"]
    for line in result["lines"]:
        cells = [f"{line['database']} {line['world']} {line['callers']:>3}".ljust(28)]
        for subject in ("ours", "library"):
            cells.append("{:>10,.0f} [{:,.0f} {:,.0f}]".format(*line[f"{subject}_rate"]).rjust(26))
            cells += [f"{line[f'{subject}_{what}'][0]:8.2f}" for what in ("p50", "p99")]
        lines.append("".join(cells) + "{:.1f} [{:.1f} {:.1f}]".format(*line["ratio"]).rjust(22))
    return "\n".join(lines)


@contextmanager
def _databases() -> Iterator[dict[str, str]]:
    from tests.servers_fixture import postgres_server  # noqa: PLC0415  workers do not need it

    server = postgres_server()
    try:
        with tempfile.TemporaryDirectory(prefix="comhar-append-") as directory:
            yield {"postgresql": server.new_database(), "sqlite": directory}
    finally:
        server.close()


@contextmanager
def _workers() -> Iterator[Callable[[str, dict[str, Any]], dict[str, Measure]]]:
    """One process for each world; asked by a line of JSON, answering by one."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.append", "--worker"]
    processes = {world: subprocess.Popen([*command, world], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for world in WORLDS}

    def ask(world: str, question: dict[str, Any]) -> dict[str, Measure]:
        pipe, answer = processes[world].stdin, processes[world].stdout
        if pipe is None or answer is None:
            raise AssertionError("started with pipes")
        pipe.write(json.dumps(question) + "\n")
        pipe.flush()
        measures: dict[str, Measure] = json.loads(answer.readline())
        return measures

    try:
        yield ask
    finally:
        for process in processes.values():
            process.communicate()


def work(world: str) -> None:
    """The worker: answers questions from standard input until it closes."""
    if world == "green":
        from shared import green  # noqa: PLC0415  must be first, and only here

        green.patch()
    saver = lru_cache(maxsize=None)(_saver)
    for question in map(json.loads, iter(sys.stdin.readline, "")):
        callers, seconds = question["callers"], question["seconds"]
        saves = {subject: saver(subject, question["url"], f"{world}_{callers}") for subject in question["subjects"]}
        measures = _alternate(saves, seconds) if callers == 1 else {name: _measure(save, callers, seconds) for name, save in saves.items()}
        sys.stdout.write(json.dumps(measures) + "\n")
        sys.stdout.flush()


def _saver(subject: str, url: str, name: str) -> Callable[[], object]:
    """What saves one new stream's first fact and returns when it is durable."""
    from uuid import uuid4  # noqa: PLC0415  after patching

    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415

    insert = (_ours if subject == "ours" else _library)(url, name)
    return lambda: insert([StoredEvent(uuid4(), 1, TYPE, STATE)])


def _ours(url: str, name: str) -> Callable[..., object]:
    from shared.store import open_store  # noqa: PLC0415

    where = f"{url}?schema=ours_{name}" if url.startswith("postgresql") else f"sqlite:///{url}/ours_{name}.db"
    return open_store(where, create=True).insert_events


def _library(url: str, name: str) -> Callable[..., object]:
    from urllib.parse import urlsplit  # noqa: PLC0415

    from eventsourcing.persistence import InfrastructureFactory  # noqa: PLC0415
    from eventsourcing.utils import Environment  # noqa: PLC0415

    if url.startswith("postgresql"):
        parts = urlsplit(url)
        env = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_HOST": str(parts.hostname),
            "POSTGRES_PORT": str(parts.port),
            "POSTGRES_DBNAME": parts.path[1:],
            "POSTGRES_USER": str(parts.username),
            "POSTGRES_PASSWORD": str(parts.password),
        }
    else:
        env = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": f"{url}/library_{name}.db"}
    factory: InfrastructureFactory[Any] = InfrastructureFactory.construct(Environment(f"library_{name}", env))
    recorder = factory.application_recorder()
    return recorder.insert_events


def _alternate(saves: dict[str, Callable[[], object]], seconds: float) -> dict[str, Measure]:
    """One caller, who saves to either by chance."""
    times: dict[str, list[float]] = {name: [] for name in saves}
    names = list(saves)
    for save in saves.values():
        save()
    end = time.perf_counter() + seconds * len(saves)
    while time.perf_counter() < end:
        random.shuffle(names)
        for name in names:
            before = time.perf_counter()
            saves[name]()
            times[name].append(time.perf_counter() - before)
    return {name: _summary(of, sum(of)) for name, of in times.items()}


def _measure(save: Callable[[], object], callers: int, seconds: float) -> Measure:
    """Each caller saves again as soon as its last save is durable."""
    import threading  # noqa: PLC0415  after patching

    save()
    times: list[float] = []
    began = time.perf_counter()

    def call() -> None:
        now = time.perf_counter()
        while now < began + seconds:
            save()
            now, before = time.perf_counter(), now
            times.append(now - before)

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    return _summary(times, elapsed)


def _summary(times: list[float], elapsed: float) -> Measure:
    times.sort()
    return {"rate": len(times) / elapsed, "p50": times[len(times) // 2] * 1000, "p99": times[int(len(times) * 0.99)] * 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--worker", choices=WORLDS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker)
        return
    result = run(options.seconds)
    print(table(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
