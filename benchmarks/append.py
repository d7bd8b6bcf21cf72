"""Saves of one fact a second: our store against the event-sourcing library's own recorder, in the same run.

Callers are green threads, as in a service, and real threads; each world is a process of its own. A lone caller saves to either by
chance, so that other load on the machine falls on both save by save. Every line of the table has stores of its own: a faster store grows
faster, and a larger one is slower.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from itertools import product
from typing import Any

from benchmarks.measuring import OURS, Figure, Goal, Measure, answer, compare, measured, repeat, worker

SECONDS = 60.0
ROUNDS = 9
DATABASES = ("postgresql", "sqlite")
WORLDS = ("green", "threads")
CASES = {
    f"{database}, {world}, {callers} callers": (database, world, callers)
    for database, world, callers in product(DATABASES, WORLDS, (1, 8, 32, 64))
}
GOALS = {
    **{f"{database}, {world}, 1 callers": Goal(times=1.0) for database in DATABASES for world in WORLDS},
    "postgresql, green, 32 callers": Goal(times=10.0),
    "postgresql, green, 32 callers, p99": Goal(at_most=10.0),
}
STATE = b"s" * 366
TYPE = "sessions.AttendanceRecorded.v1"


def run(seconds: float) -> Sequence[Figure]:
    """Measure for about `seconds`."""
    each = max(0.1, seconds / (ROUNDS * len(CASES) * 2))
    with _databases() as urls, ExitStack() as ends:
        ask = {world: ends.enter_context(worker("benchmarks.append", world)) for world in WORLDS}

        def measure(case: tuple[str, str, int], order: Sequence[str]) -> dict[str, Measure]:
            database, world, callers = case
            found: dict[str, Measure] = ask[world]({"subjects": order, "url": urls[database], "callers": callers, "seconds": each})
            return found

        return compare(CASES, measure, GOALS, "saves", ROUNDS)


@contextmanager
def _databases() -> Iterator[dict[str, str]]:
    from tests.servers_fixture import postgres_server  # noqa: PLC0415  workers do not need it

    server = postgres_server()
    try:
        with tempfile.TemporaryDirectory(prefix="comhar-append-") as directory:
            yield {"postgresql": server.new_database(), "sqlite": directory}
    finally:
        server.close()


def work(world: str) -> None:
    """The worker: one world."""
    if world == "green":
        from shared import green  # noqa: PLC0415  must be first, and only here

        green.patch()
    saver = lru_cache(maxsize=None)(_saver)

    def measures(question: dict[str, Any]) -> dict[str, Measure]:
        callers, seconds = question["callers"], question["seconds"]
        saves = {subject: saver(subject, question["url"], f"{world}_{callers}") for subject in question["subjects"]}
        return _alternate(saves, seconds) if callers == 1 else {name: repeat(save, callers, seconds) for name, save in saves.items()}

    answer(measures)


def _saver(subject: str, url: str, name: str) -> Callable[[], object]:
    """What saves one new stream's first fact and returns when it is durable."""
    from uuid import uuid4  # noqa: PLC0415  after patching

    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415

    insert = (_ours if subject == OURS else _library)(url, name)
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
    return {name: measured(of, sum(of)) for name, of in times.items()}


if __name__ == "__main__":
    work(sys.argv[1])
