"""The two processes between which facts travel, to be measured and to be killed: a service that writes and relays, and one that reads.

    python -m tests.propagation_process source|reader BROKER DATABASE JOB

JOB is JSON. A process says {"ready": …} on standard output, begins when a line comes on standard input, and reports in lines of JSON.
"""

# ruff: noqa: E402  the process is made green before anything else is imported
from shared import green

green.patch()

import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import eventlet
from eventlet import tpool
from nameko.containers import ServiceContainer

from contracts.errors import Refusal
from contracts.log import FactsAfter
from services.audit.ledger.tiles import Tiles
from services.audit.publishing import HeadSigner, Publisher, own_key
from services.audit.views import Ledger
from shared import metrics, ranges, relay
from shared.context import Context
from shared.database import Database, Transaction
from shared.parts import Log, Part, readers
from shared.ranges import Range, Seen
from shared.relay import Relay
from shared.rpc import Calls, Cover, rpc
from shared.store import Recorder, Stored, open_store
from shared.views import View, places
from tests.propagation_fixture import NOTED, REGION, SOURCE, keeper, lines, schema, state, tolerant

COVER = Cover(bytes(32))
VIEWS = {"ledger": replace(Ledger.view, sources=(SOURCE,)), "keeper": keeper(), "lines": lines(), "tolerant": tolerant()}
TICK_SECONDS = 0.001


class House:
    """What both processes are composed of; `round` keeps the rounds of a benchmark apart."""

    region = REGION

    def __init__(self, broker: str, database: str, job: dict[str, Any]) -> None:
        self.broker_uri, self._database, self._round = broker, database, job.get("round", "")
        self._calls = Calls(broker, COVER)
        self._made: dict[str, Any] = {}

    def recorder(self, service: str) -> Recorder:
        return self._once(f"{service} store", lambda: open_store(schema(self._database, f"{service}_store{self._round}"), create=True))

    def database(self, service: str) -> Database:
        return self._once(service, lambda: Database.open(schema(self._database, f"{service}_views{self._round}")))

    def part(self, name: str) -> Log:
        service = name.partition(".")[0]
        return Log(self.recorder(service), self.region, service)

    def fetch(self, source: str, after: int, limit: int) -> Range:
        context = Context(actor="reader", role="service", region=self.region)
        return ranges.unpack(self._calls.request(source, "facts", FactsAfter(after=after, limit=limit).model_dump_json().encode(), context))

    def start(self, service: type) -> ServiceContainer:
        container = ServiceContainer(service, {"AMQP_URI": self.broker_uri, "comhar": self, "cover": COVER, "permitted": lambda *_: None})
        container.start()
        return container

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


class Notes:
    """The service that writes."""

    name = SOURCE
    relay = Relay()
    log = Part(f"{SOURCE}.log")

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)


def say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def source(house: House, job: dict[str, Any]) -> None:
    """Relays from the word go; `rate`: saves a second, for `seconds`, each of one fact; reports when each was durable."""
    recorder = house.recorder(SOURCE)
    house.database(SOURCE).define(relay.TABLES)
    say(ready=SOURCE)
    sys.stdin.readline()
    house.start(Notes)
    committed: list[tuple[int, float]] = []
    if rate := job.get("rate"):
        write(recorder, rate, job["seconds"], committed)
        say(committed=committed)
    eventlet.sleep(86_400)


def write(recorder: Recorder, rate: float, seconds: float, committed: list[tuple[int, float]]) -> None:
    """Saves as often as asked, whether or not earlier ones have ended: what waits is part of what is measured."""

    def save() -> None:
        stream = uuid4()
        with suppress(Refusal):
            outcome = recorder.append([Stored(stream, 1, NOTED, state(stream, 1))])
            committed.append((outcome.position, time.monotonic()))

    pool, begun, sent = eventlet.GreenPool(10_000), time.monotonic(), 0
    while sent < int(rate * seconds):
        due = min(int((time.monotonic() - begun) * rate), int(rate * seconds))
        for _ in range(due - sent):
            pool.spawn_n(save)
        sent = due
        eventlet.sleep(TICK_SECONDS)
    pool.waitall()


def reader(house: House, job: dict[str, Any]) -> None:
    """Folds the facts into the views of the job; reports, once `until` is reached, when each position was committed in the first view."""
    reached, stamps = [0], [(0, 0.0)]

    def stamped(view: View) -> View:
        def apply(tx: Transaction, seen: Sequence[Seen]) -> None:
            view.apply(tx, seen)
            reached[0] = seen[-1].position

        return replace(view, apply=apply)

    announce = places.announce

    def announced(view: str, source: str) -> None:
        stamps.append((reached[0], time.monotonic()))
        announce(view, source)

    views = [VIEWS[name] for name in job["views"]]
    for view in views:
        view.define(house.database("keeper"))
    if until := job.get("until", 0):
        views[0], places.announce = stamped(views[0]), announced
    house.start(readers("keeper", *views))
    signed: list[tuple[int, float]] = [(0, 0.0)]
    if folder := job.get("ledger"):
        eventlet.spawn(publisher(house.database("keeper"), Path(folder), signed).run)
    say(ready="keeper")
    while stamps[-1][0] < (until or stamps[-1][0] + 1) or (folder and signed[-1][0] < until):
        eventlet.sleep(0.02)
    say(reached=stamps[1:], fetched=metrics.ranges_fetched.labels(views[0].name, SOURCE)._value.get(), signed=signed[1:])
    eventlet.sleep(86_400)


def publisher(database: Database, folder: Path, signed: list[tuple[int, float]]) -> Publisher:
    """Who publishes the ledger in `folder`; notes in `signed` when which size was."""

    class Stamped(Publisher):
        def publish(self) -> bool:
            done = super().publish()
            if done:
                signed.append((self._head().size, time.monotonic()))
            return done

    key, origin = folder / "ledger.key", f"comhar/{REGION}"
    signer = HeadSigner(origin, [own_key(key, origin, create=not key.exists())], folder / "ledger.key.signed")
    return Stamped(Ledger(database), Tiles(folder / "ledger"), signer, region=REGION, elsewhere=tpool.execute)


def main(role: str, broker: str, database: str, job: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(relativeCreated)d %(name)s %(message)s")
    asked = json.loads(job)
    {"source": source, "reader": reader}[role](House(broker, database, asked), asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
