"""The ledger: its entries compared with the stores, from commit to signed checkpoint, and what it costs those who write.

Comparing is measured on SQLite, in one process, as an operator does it beside a region. The rest goes over RabbitMQ and PostgreSQL, as in
`propagation`; there the peer is the least view that keeps every line, with nobody publishing.
"""

from __future__ import annotations

import tempfile
import threading
import time
from bisect import bisect_left
from collections.abc import Sequence

from benchmarks.measuring import Figure, Goal, measured
from benchmarks.propagation import BACKLOG, answered, begin, catch_up, fill, process

SECONDS = 60.0
RECONCILED = 100_000
RATE, RATE_SECONDS = 500, 10.0
MOST, MOST_SECONDS = 20_000, 2.0


def run(seconds: float) -> Sequence[Figure]:
    """Measure for about `seconds`."""
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
    signed = "commit to checkpoint"
    return [
        Figure("reconcile with the stores", "facts/s", found["reconcile"], goal=Goal(at_least=200_000.0)),
        Figure(f"{RATE} facts/s, {signed}, p50", "ms", found["signed_p50"]),
        Figure(f"{RATE} facts/s, {signed}, p99", "ms", found["signed_p99"], goal=Goal(at_most=1_000.0)),
        Figure("appends, the ledger following", "facts/s", found["append"], found["append_plain"], Goal(times=0.9)),
        Figure(f"catch-up of {BACKLOG:,} facts", "facts/s", found["catch_up"], found["catch_up_plain"]),
    ]


def _round(broker: str, database: str, name: str) -> dict[str, float]:
    orders = ("ledger", "lines") if name[-1] in "02468" else ("lines", "ledger")
    appended = {view: _appended(broker, database, f"{name}_{view}", view) for view in orders}
    caught_up = {view: catch_up(broker, database, f"{name}_late_{view}", view) for view in orders}
    return {
        "reconcile": _reconciled(),
        **_signed(broker, database, f"{name}_signed"),
        "append": appended["ledger"],
        "append_plain": appended["lines"],
        "catch_up": caught_up["ledger"],
        "catch_up_plain": caught_up["lines"],
    }


def _reconciled() -> float:
    """Facts a second, of a store and its ledger in files."""
    from services.audit.application.stores import Stores  # noqa: PLC0415  workers do not need what follows
    from services.audit.views import Ledger  # noqa: PLC0415
    from shared import ranges  # noqa: PLC0415
    from shared.database import Database  # noqa: PLC0415
    from shared.ranges import Origin, Range, beacon  # noqa: PLC0415
    from shared.store import open_store  # noqa: PLC0415
    from shared.views.fold import Fold  # noqa: PLC0415
    from tests.propagation_fixture import REGION  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="comhar-bench-") as folder:
        url, source = f"sqlite:///{folder}/store.db", "sessions"
        store = open_store(url, create=True)
        fill(url, RECONCILED)
        database = Database.open(f"sqlite:///{folder}/views.db")
        Ledger.view.define(database)
        fold = Fold(Ledger.view, source, database, threading.Event())
        fold.load()

        def fetch(asked: str, after: int, limit: int) -> Range:
            if asked == source:
                return ranges.page(store, REGION, source, after, limit)
            return beacon(Origin(REGION, asked, store.store_id), 0)

        while (answer := fetch(source, fold.position, ranges.MOST_FACTS)).lines:
            fold.take(store.store_id, list(ranges.facts(answer, fold.position)))
        began = time.perf_counter()
        if Stores(Ledger(database), fetch, REGION).reconcile(lambda *_: None):
            raise AssertionError("the ledger is that of the store")
        took = time.perf_counter() - began
        database.close()
        store.close()
    return RECONCILED / took


def _signed(broker: str, database: str, name: str) -> dict[str, float]:
    """From the moment a fact is durable to the moment the checkpoint that counts it is shown, at `RATE` saves a second."""
    with tempfile.TemporaryDirectory(prefix="comhar-bench-") as folder:
        reads = {"round": name, "views": ["ledger"], "until": int(RATE * RATE_SECONDS), "ledger": folder}
        writes = {"round": name, "rate": RATE, "seconds": RATE_SECONDS}
        with process("reader", broker, database, reads) as reader, process("source", broker, database, writes) as source:
            begin(source)
            begin(reader)
            committed = answered(source)["committed"]
            signed = answered(reader)["signed"]
        numbers = _numbers(database, f"keeper_views{name}")
    sizes = [size for size, _ in signed]
    waits = [signed[bisect_left(sizes, numbers[position])][1] - moment for position, moment in committed if position > RATE]
    found = measured(waits, RATE_SECONDS)
    return {"signed_p50": found["p50"], "signed_p99": found["p99"]}


def _numbers(database: str, schema: str) -> dict[int, int]:
    """Which entry each position became."""
    import psycopg  # noqa: PLC0415  as above

    with psycopg.connect(database) as connection:
        return dict(connection.execute(f"SELECT position, number FROM {schema}.entry WHERE source <> 'audit'").fetchall())


def _appended(broker: str, database: str, name: str, view: str) -> float:
    """Saves of one fact each that are durable a second, as many at once as can be, while a reader follows."""
    with tempfile.TemporaryDirectory(prefix="comhar-bench-") as folder:
        reads = {"round": name, "views": [view], **({"ledger": folder} if view == "ledger" else {})}
        writes = {"round": name, "rate": MOST, "seconds": MOST_SECONDS}
        with process("reader", broker, database, reads) as reader, process("source", broker, database, writes) as source:
            begin(reader)
            begin(source)
            moments = sorted(moment for _, moment in answered(source)["committed"])
    return len(moments) / (moments[-1] - moments[0])
