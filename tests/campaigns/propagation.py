"""Faults by chance between a service that writes and one that reads, over a real RabbitMQ and PostgreSQL, for as many rounds as asked.

After every round the view has everything that was stored when the round ended; it is compared with a rebuild from the first fact, and,
by one statement that uses none of our code, with the events themselves: each exactly once, at its position, with its bytes. Beside it
the ledger publishes: the root of the checkpoint that is shown is computed again from what is stored.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from kombu import Connection, Consumer
from kombu.message import Message

from contracts.errors import Unavailable
from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.note import split
from services.audit.ledger.tree import leaf_hash, root_of
from shared import exchange, ranges
from shared.database import Database
from shared.ranges import Range
from shared.store import Recorder, open_store
from shared.views import places
from shared.views.places import Stop
from shared.views.rebuild import rebuild
from tests.propagation_fixture import POISON, REGION, SOURCE, keeper, note, schema
from tests.servers_fixture import PostgresServer, RabbitServer, wait_until

QUEUE = f"keeper.keeper.{SOURCE}"
CATCH_UP_SECONDS = 90.0
RATE = 100
Found = TypeVar("Found")

_UNFAITHFUL = f"""
    SELECT (SELECT count(*) FROM keeper_views.kept k LEFT JOIN {SOURCE}_store.events e USING (position)
            WHERE e.position IS NULL OR substr(k.line, length(k.line) - length(e.state), length(e.state) + 1) <> e.state || '}}'::bytea),
           (SELECT coalesce(max(position), 0) - count(*) FROM keeper_views.kept),
           (SELECT count(*) FROM keeper_views.passed WHERE view = 'keeper'),
           (SELECT coalesce(sum(facts), 0) - (SELECT count(*) FROM keeper_views.kept) FROM keeper_views.tally)
"""


class Unfaithful(AssertionError):
    """The view is not the fold of the store."""


def despite_cuts(act: Callable[[], Found]) -> Found:
    """Our own connections are cut too: each of a pool is found out once."""
    for _ in range(20):
        with suppress(Unavailable):
            return act()
    return act()


class Field:
    """Two services between a broker and a database, with everything that can be done to them. `close` ends the processes."""

    def __init__(self, rabbit: RabbitServer, postgres: PostgresServer, seed: int) -> None:
        self.rabbit, self.postgres, self.chance = rabbit, postgres, random.Random(seed)
        self.address = postgres.new_database()
        self.folder = Path(tempfile.mkdtemp(prefix="comhar-campaign-ledger-"))
        self.log = Path(tempfile.mkstemp(prefix="comhar-campaign-", suffix=".log")[1])
        self.store: Recorder = open_store(schema(self.address, f"{SOURCE}_store"), create=True)
        self.views = Database.open(schema(self.address, "keeper_views"))
        self.view = keeper()
        self.view.define(self.views)
        self.done: Counter[str] = Counter()
        self.processes: dict[str, subprocess.Popen[str]] = {}
        for role in ("reader", "source"):
            self.start(role)
        wait_until(lambda: self.store.head() > 0, "facts are written")

    # What can be done to it

    def start(self, role: str) -> None:
        job = {
            "source": {"rate": RATE, "seconds": 86_400},
            "reader": {"views": ["keeper", "tolerant", "ledger"], "ledger": str(self.folder)},
        }[role]
        command = [sys.executable, "-W", "ignore", "-m", "tests.propagation_process", role, self.rabbit.uri, self.address, json.dumps(job)]
        with self.log.open("a") as log:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.processes[role] = process
        if process.stdin is None or process.stdout is None:
            raise AssertionError("started with pipes")
        process.stdout.readline()
        process.stdin.write("\n")
        process.stdin.flush()

    def kill(self, role: str) -> None:
        self.processes[role].kill()
        self.processes[role].communicate()

    def pause(self) -> None:
        time.sleep(self.chance.uniform(0.0, 1.0))

    def writer_killed(self) -> None:
        self.kill("source")
        self.pause()
        self.start("source")

    def reader_killed(self) -> None:
        self.kill("reader")
        self.pause()
        self.start("reader")

    def broker_killed(self) -> None:
        self.rabbit.kill()
        self.pause()
        self.rabbit.start()

    def broker_emptied(self) -> None:
        """Everything it had on disk is gone."""
        self.rabbit.kill()
        shutil.rmtree(self.rabbit.directory / "mnesia")
        self.rabbit.start()

    def queue_purged(self) -> None:
        with Connection(self.rabbit.uri) as connection:
            queue = exchange.queue(self.rabbit.uri, REGION, "keeper.keeper", SOURCE).bind(connection.channel())
            queue.declare()  # the broker may have lost it
            with suppress(connection.connection_errors):  # it may also have a queue that answers nobody: its reader mends that
                queue.purge()

    def connections_cut(self) -> None:
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (self.address.rpartition("/")[2],)
            )

    def ranges_disturbed(self) -> None:
        """With the reader away, what waits for it is lost, doubled and swapped by chance."""
        self.kill("reader")
        time.sleep(1.0)
        waiting = self._taken()
        kept = [message for message in waiting for _ in range(self.chance.choice((0, 1, 1, 2)))]
        self.chance.shuffle(kept)
        with Connection(self.rabbit.uri) as connection:
            producer = connection.Producer()
            for message in kept:
                producer.publish(message.body or b"", routing_key=QUEUE, headers=message.headers, delivery_mode=2, **exchange.CONTENT)
        self.start("reader")

    def _taken(self) -> list[Message]:
        taken: list[Message] = []

        def take(message: Message) -> None:
            taken.append(message)
            message.ack()

        with Connection(self.rabbit.uri) as connection:
            queue = exchange.queue(self.rabbit.uri, REGION, "keeper.keeper", SOURCE)
            end = time.monotonic() + 0.5
            with Consumer(connection.channel(), [queue], on_message=take), suppress(TimeoutError):
                while time.monotonic() < end:
                    connection.drain_events(timeout=0.5)
        return taken

    # What must hold

    def arrived(self) -> int:
        """Returns when the view has everything that is stored now; how much that is."""
        head = despite_cuts(self.store.head)
        wait_until(lambda: self._position("keeper") >= head, f"the view reaches {head}", CATCH_UP_SECONDS)
        return head

    def faithful(self) -> None:
        """Raises `Unfaithful` unless the view is the fold of the store."""
        rebuilt = despite_cuts(lambda: rebuild(self.views, self.view, self.fetch, swap=False))
        if not rebuilt.equal:
            raise Unfaithful(f"live {rebuilt.live}, rebuilt {rebuilt.fresh}")
        with psycopg.connect(self.address) as connection:
            wrong, missing, passed, miscounted = connection.execute(_UNFAITHFUL).fetchone() or (1, 1, 0, 1)
        if wrong or missing != passed or miscounted:
            raise Unfaithful(f"{wrong} rows that are not their events, {missing} missing, {passed} passed over, {miscounted} miscounted")

    def counted(self, head: int) -> None:
        """Returns when a checkpoint counts everything up to `head`; raises `Unfaithful` unless its root is that of what is stored."""
        wait_until(lambda: self._counts(head), f"a checkpoint counts {head}", CATCH_UP_SECONDS)
        shown = self._shown()
        origin = ranges.Origin(REGION, SOURCE, self.store.store_id)
        stored = (ranges.line(origin, row) for row in despite_cuts(lambda: self.store.read(0, shown.size)))
        with psycopg.connect(self.address) as connection:
            entries = connection.execute(
                "SELECT source, line FROM keeper_views.entry WHERE number <= %s ORDER BY number", (shown.size,)
            ).fetchall()
        leaves = [next(stored) if source == SOURCE else line for source, line in entries]
        if len(leaves) != shown.size or root_of(map(leaf_hash, leaves)) != shown.root:
            raise Unfaithful(f"the checkpoint of {shown.size} entries is not that of what is stored")

    def _counts(self, head: int) -> bool:
        with suppress(FileNotFoundError), psycopg.connect(self.address) as connection:
            found = connection.execute(
                "SELECT number FROM keeper_views.entry WHERE source = %s AND position = %s", (SOURCE, head)
            ).fetchone()
            return found is not None and self._shown().size >= found[0]
        return False

    def _shown(self) -> Checkpoint:
        return Checkpoint.parse(split((self.folder / "ledger" / "checkpoint").read_bytes())[0])

    def fetch(self, source: str, after: int, limit: int) -> Range:
        return ranges.after(self.store, REGION, source, after, limit)

    def stops(self) -> list[Stop]:
        with self.views.reading() as tx:
            return places.stops(tx)

    def _position(self, view: str) -> int:
        with suppress(Unavailable), self.views.reading() as tx:
            place = places.place(tx, view, SOURCE)
            return place.position if place else 0
        return 0

    def close(self) -> None:
        for role in self.processes:
            self.kill(role)
        self.store.close()
        self.views.close()
        self.log.unlink()
        shutil.rmtree(self.folder)


FAULTS: Sequence[Callable[[Field], None]] = (
    Field.writer_killed,
    Field.reader_killed,
    Field.broker_killed,
    Field.broker_emptied,
    Field.queue_purged,
    Field.connections_cut,
    Field.ranges_disturbed,
)


def rounds(field: Field, count: int) -> dict[str, Any]:
    """`count` rounds of one to three faults under load, each kind in its turn; raises `Unfaithful`, or ServerFault if it stays behind."""
    began, deck = time.monotonic(), field.chance.sample(FAULTS, len(FAULTS))
    for number in range(1, count + 1):
        started = time.monotonic()
        faults = [deck[number % len(deck)], *field.chance.choices(FAULTS, k=field.chance.randint(0, 2))]
        for fault in faults:
            fault(field)
            field.done[fault.__name__] += 1
        caught_up = time.monotonic()
        head = field.arrived()
        behind = time.monotonic() - caught_up
        field.faithful()
        field.counted(head)
        names = ", ".join(fault.__name__.replace("_", " ") for fault in faults)
        print(
            f"round {number}/{count}: {names}; caught up in {behind:.1f} s; {head:,} facts equal; {time.monotonic() - started:.1f} s",
            flush=True,
        )
    return {"rounds": count, "facts": field.store.head(), "faults": dict(field.done), "seconds": round(time.monotonic() - began, 1)}


def hung_broker(field: Field, seconds: float) -> dict[str, Any]:
    """The broker stops answering without closing a connection, under load."""
    field.rabbit.pause()
    time.sleep(seconds)
    field.rabbit.resume()
    resumed = time.monotonic()
    head = field.arrived()
    field.faithful()
    return {"hung seconds": seconds, "caught up seconds": round(time.monotonic() - resumed, 1), "facts": head}


def cut_connections(field: Field, times: int) -> dict[str, Any]:
    """Every connection to the database ends, again and again, under load."""
    for _ in range(times):
        field.connections_cut()
        field.pause()
    head = field.arrived()
    field.faithful()
    return {"times": times, "facts": head}


def poison(field: Field) -> dict[str, Any]:
    """A fact that one view cannot apply stops that view, and no other, until somebody decides."""
    position = note(field.store, 1, stream=1, kind=POISON)
    wait_until(lambda: bool(field.stops()), "the view says that it stands still", CATCH_UP_SECONDS)
    stopped = field.stops()
    if stopped != [Stop("keeper", SOURCE, position, POISON, "ValueError")]:
        raise Unfaithful(f"stopped: {stopped}")
    field.faithful()
    if (before := field._position("keeper")) != position - 1:
        raise Unfaithful(f"stopped at {before}, poison at {position}")
    head = field.store.head()
    wait_until(lambda: field._position("tolerant") >= head > position, "the other view goes on", CATCH_UP_SECONDS)
    places.pass_over(field.views, "keeper", SOURCE, position, actor="operator", reason="a fact that never happened")
    field.arrived()
    field.faithful()
    field.counted(position)
    return {"poison": position, "passed": True, "stopped": field.stops()}
