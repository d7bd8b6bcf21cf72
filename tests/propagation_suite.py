"""What carrying facts from one service to another promises, on any broker and database.

Imported by the tests that give the fixtures `uri` (an empty broker) and `addresses` (where databases of this test are).
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import eventlet
import pytest
from nameko.containers import ServiceContainer

from contracts.errors import Unavailable
from shared import exchange, ranges, relay, transport
from shared.consumer import facts
from shared.database import Database, Transaction
from shared.ranges import Origin, Range, Seen, beacon
from shared.relay import Relay
from shared.relay.publisher import Publisher
from shared.store import Recorder, open_store
from shared.views import places
from shared.views.places import Stop
from shared.views.rebuild import rebuild
from tests.propagation_fixture import POISON, REGION, SOURCE, fold, held, keep, keeper, note, published, tolerant

LONG = 30.0
Addresses = Callable[[str], str]


def until(true: Callable[[], bool], what: str) -> None:
    """Lets others work until `true`."""
    with eventlet.Timeout(LONG, AssertionError(f"not within {LONG:.0f} s: {what}")):
        while not true():
            eventlet.sleep(0.005)


class Notes:
    """A service that keeps facts and relays them."""

    name = SOURCE
    relay = Relay()


VIEW, TOLERANT = keeper(), tolerant()


class KeeperReaders:
    """A service that folds them into a view; what it does to them can be exchanged."""

    name = "keeper.readers"
    apply = staticmethod(keep)

    @facts(SOURCE, into=VIEW)
    def notes(self, tx: Transaction, seen: Sequence[Seen]) -> None:
        self.apply(tx, seen)


class OtherReaders:
    """Another service that reads the same facts and minds none of them."""

    name = "other.readers"

    @facts(SOURCE, into=TOLERANT)
    def notes(self, tx: Transaction, seen: Sequence[Seen]) -> None:
        TOLERANT.apply(tx, seen)


class LeisurelyReaders:
    """One that nobody waits for."""

    name = "leisure.readers"

    @facts(SOURCE, into=replace(VIEW, leisurely=True))
    def notes(self, tx: Transaction, seen: Sequence[Seen]) -> None:
        VIEW.apply(tx, seen)


@dataclass
class World:
    """A region of one source and its readers: what `deploy` composes, with parts that can fail."""

    broker_uri: str
    addresses: Addresses
    region: str = REGION
    away: bool = False
    fetched: list[int] = field(default_factory=list)
    made: dict[str, Any] = field(default_factory=dict)
    running: list[ServiceContainer] = field(default_factory=list)

    @property
    def store(self) -> Recorder:
        return self.recorder(SOURCE)

    @property
    def view(self) -> Database:
        return self.database("keeper")

    def recorder(self, service: str) -> Recorder:
        if f"{service} store" not in self.made:
            self.made[f"{service} store"] = open_store(self.addresses(f"{service}_store"), create=True)
        recorder: Recorder = self.made[f"{service} store"]
        return recorder

    def database(self, service: str) -> Database:
        if service not in self.made:
            self.made[service] = database = Database.open(self.addresses(f"{service}_views"))
            database.define(relay.TABLES)
            VIEW.define(database)
            TOLERANT.define(database)
        made: Database = self.made[service]
        return made

    def fetch(self, source: str, after: int, limit: int) -> Range:
        if self.away:
            raise Unavailable("broker_unreachable", "not now")
        self.fetched.append(after)
        return ranges.after(self.recorder(source), self.region, source, after, limit)

    def start(self, service: type) -> ServiceContainer:
        container = ServiceContainer(service, {"AMQP_URI": self.broker_uri, "comhar": self})
        container.start()
        self.running.append(container)
        return container

    def stop(self, container: ServiceContainer) -> None:
        self.running.remove(container)
        with eventlet.Timeout(LONG):
            container.stop()

    def begin(self) -> ServiceContainer:
        """A reader that has asked its source and listens."""
        container = self.start(KeeperReaders)
        until(lambda: bool(self.fetched) and self.consumers() == 1, "the reader listens")
        return container

    def consumers(self, service: str = "keeper") -> int:
        return self.queue(service)[1]

    def queue(self, service: str = "keeper") -> tuple[int, int]:
        """How many messages wait, and how many consumers there are."""
        with transport.connection(self.broker_uri) as connection:
            queue = exchange.queue(self.broker_uri, REGION, f"{service}.{service}", SOURCE)
            found = queue.bind(connection.channel()).queue_declare()
            return found.message_count, found.consumer_count

    def has_queue(self, reader: str) -> bool:
        """Whether facts are kept for `reader` at the broker."""
        with transport.connection(self.broker_uri) as connection:
            try:
                connection.channel().queue_declare(f"{reader}.{SOURCE}", passive=True)
            except connection.channel_errors:
                return False
            return True

    def purge(self) -> int:
        with transport.connection(self.broker_uri) as connection:
            purged: int = exchange.queue(self.broker_uri, REGION, "keeper.keeper", SOURCE).bind(connection.channel()).purge()
            return purged

    def publish(self, *sent: Range) -> None:
        publisher = Publisher(self.broker_uri)
        for one in sent:
            publisher.publish(one)
        publisher.settle()
        publisher.close()

    def beacon(self) -> Range:
        return beacon(Origin(REGION, SOURCE, self.store.store_id), self.store.head())

    def arrived(self) -> None:
        """Returns when the view holds every fact, once and in order."""
        until(lambda: len(held(self.view)) >= self.store.head(), "every fact is in the view")
        assert held(self.view) == list(fold(self.store))

    def stops(self) -> list[Stop]:
        with self.view.reading() as tx:
            return places.stops(tx)

    def close(self) -> None:
        for container in list(self.running):
            self.stop(container)
        for made in self.made.values():
            made.close()


@pytest.fixture
def world(uri: str, addresses: Addresses) -> Iterator[World]:
    world = World(uri, addresses)
    yield world
    world.close()


# The way of a fact


def test_facts_reach_the_view_in_order_with_exactly_their_lines(world: World) -> None:
    world.start(Notes)
    world.start(KeeperReaders)
    for stream in range(1, 20):
        note(world.store, 1 + stream % 3, stream=stream)
    world.arrived()


def test_what_was_stored_before_anybody_listened_arrives(world: World) -> None:
    note(world.store, 1_200)
    world.start(KeeperReaders)
    world.arrived()
    note(world.store, 3)
    world.start(Notes)
    world.arrived()


def test_a_leisurely_view_asks_for_what_it_is_not_told(world: World) -> None:
    world.start(Notes)
    world.start(LeisurelyReaders)
    for many in (1_200, 3):
        note(world.store, many)
        until(lambda: held(world.database("leisure")) == list(fold(world.store)), "every fact is in the view")
    assert not world.has_queue("leisure.keeper")


def test_whoever_waits_for_a_position_reads_it(world: World) -> None:
    world.start(Notes)
    world.start(KeeperReaders)
    for _ in range(5):
        position = note(world.store, 1)
        places.wait_for(world.view, "keeper", SOURCE, position, LONG)
        assert held(world.view)[-1][1] == position


def test_a_relay_goes_on_where_the_last_one_was(world: World) -> None:
    world.begin()
    first = world.start(Notes)
    note(world.store, 5)
    world.arrived()
    world.stop(first)
    with world.database(SOURCE).reading() as tx:
        assert tx.rows("SELECT source, store, position FROM relayed") == [(SOURCE, str(world.store.store_id), 5)]
    note(world.store, 5)
    world.start(Notes)
    world.arrived()


def test_a_relay_does_not_wait_for_somebody_to_listen(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "BEACON_SECONDS", 0.02)
    monkeypatch.setattr(relay, "UNHEARD_SECONDS", 0.1)
    running = world.start(Notes)
    note(world.store, 5)
    until(lambda: "nobody hears" in caplog.text, "the relay says that nobody hears it")
    world.stop(running)
    world.start(KeeperReaders)
    world.arrived()


def test_facts_are_not_acknowledged_before_they_are_committed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(tx: Transaction, seen: Sequence[Seen]) -> None:
        tried.append(len(seen))
        raise Unavailable("database_unreachable", "not now")

    monkeypatch.setattr(KeeperReaders, "apply", staticmethod(refuse))
    reader = world.begin()
    note(world.store, 3)
    world.publish(*published(world.store))
    until(lambda: len(tried) > 1, "the batch is tried twice")
    world.stop(reader)
    until(lambda: world.queue() == (1, 0), "the range waits in its queue again")
    monkeypatch.setattr(KeeperReaders, "apply", staticmethod(keep))
    world.start(KeeperReaders)
    world.arrived()


# What the broker does to ranges


def test_ranges_lost_doubled_and_swapped_on_purpose_arrive_once_and_in_order(world: World) -> None:
    world.begin()
    note(world.store, 30)
    first, second, third, fourth, fifth, *rest = published(world.store)
    world.away = True
    world.publish(second, first, first, fifth, third, second, *reversed(rest), rest[0])
    until(lambda: len(held(world.view)) == third.last, "what is not missing is applied")
    world.away = False
    world.arrived()
    assert fourth.first - 1 in world.fetched


def test_swapped_ranges_are_put_in_order(world: World) -> None:
    world.begin()
    world.away = True
    note(world.store, 60)
    world.publish(*reversed(published(world.store)))
    world.arrived()


def test_a_lost_last_range_is_noticed_by_the_next_beacon(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.begin()
    note(world.store, 7)
    world.publish(world.beacon())
    world.arrived()
    assert "begins again" not in caplog.text


def test_a_running_relay_sends_beacons_when_it_is_idle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "BEACON_SECONDS", 0.02)
    reader = world.begin()
    world.start(Notes)
    note(world.store, 3)
    world.arrived()
    world.stop(reader)
    until(lambda: world.queue()[0] >= 2, "beacons wait in the queue")


def test_a_purged_queue_loses_nothing(world: World) -> None:
    world.stop(world.begin())
    note(world.store, 9)
    world.publish(*published(world.store))
    assert world.purge() >= 1
    world.start(KeeperReaders)
    world.arrived()


def test_messages_that_are_no_ranges_disturb_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.begin()
    with transport.connection(world.broker_uri) as connection:
        producer = connection.Producer(connection.channel(), exchange.FACTS)
        key = exchange.routing_key(REGION, SOURCE)
        for body, headers in ((b"nonsense", {}), (b"", {"first": "?"}), (b"{}\n{}", {"first": 1, "last": 2, "store": "no"})):
            producer.publish(body, routing_key=key, headers=headers, **exchange.CONTENT)
        producer.publish("a text", routing_key=key)
    note(world.store, 3)
    world.publish(*published(world.store))
    world.arrived()
    until(lambda: world.queue()[0] == 0, "nothing waits in the queue")
    assert "begins again" not in caplog.text


def test_a_second_copy_takes_over_when_the_first_ends(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    first = world.begin()
    world.start(KeeperReaders)
    until(lambda: caplog.text.count("listening") == 2, "both listen")
    note(world.store, 6)
    one, two = published(world.store)
    world.publish(one)
    until(lambda: len(held(world.view)) >= one.last, "the first range is applied")
    world.stop(first)
    world.publish(two)
    world.arrived()


def test_a_source_that_cannot_be_reached_is_asked_again(world: World) -> None:
    world.begin()
    note(world.store, 9)
    first, _, third = published(world.store)
    world.away = True
    world.publish(first, third)
    until(lambda: len(held(world.view)) == 3, "what is not missing is applied")
    world.away = False
    world.arrived()


# What cannot be applied


def test_a_poison_fact_stops_its_reader_and_no_other_until_somebody_decides(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for service in (Notes, KeeperReaders, OtherReaders):
        world.start(service)
    note(world.store, 4)
    poison = note(world.store, 1, kind=POISON)
    note(world.store, 4)
    until(lambda: bool(world.stops()), "the reader says that it stands still")
    assert world.stops() == [Stop("keeper", SOURCE, poison, POISON, "ValueError")]
    assert [position for _, position, _ in held(world.view)] == [1, 2, 3, 4]
    places.wait_for(world.database("other"), "tolerant", SOURCE, world.store.head(), LONG)
    places.pass_over(world.view, "keeper", SOURCE, poison, actor="operator", reason="told twice")
    places.wait_for(world.view, "keeper", SOURCE, world.store.head(), LONG)
    assert held(world.view) == [row for row in fold(world.store) if row[1] != poison]
    assert world.stops() == []
    assert "somebody's words" not in caplog.text


def test_a_fact_that_is_applied_at_the_second_try_stops_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = count()

    def stumble(tx: Transaction, seen: Sequence[Seen]) -> None:
        if next(tries) == 0:
            raise ValueError("somebody's words")
        keep(tx, seen)

    monkeypatch.setattr(KeeperReaders, "apply", staticmethod(stumble))
    world.begin()
    note(world.store, 3)
    world.publish(*published(world.store))
    world.arrived()
    assert world.stops() == []


def test_a_source_whose_store_was_exchanged_stops_its_readers(world: World, addresses: Addresses) -> None:
    world.begin()
    note(world.store, 3)
    world.publish(*published(world.store))
    world.arrived()
    before = held(world.view)
    world.made[f"{SOURCE} first store"] = world.made.pop(f"{SOURCE} store")
    world.made[f"{SOURCE} store"] = open_store(addresses("restored_store"), create=True)
    note(world.store, 6)
    world.publish(*published(world.store))
    until(lambda: [stop.fault for stop in world.stops()] == ["StoreChanged"], "the reader stands still")
    assert held(world.view) == before


def test_a_relay_whose_log_has_a_hole_says_so_until_it_is_mended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    note(world.store, 3)
    read = world.store.read
    monkeypatch.setattr(world.store, "read", lambda after, limit: [row for row in read(after, limit) if row.position != 2])

    def said() -> list[str]:
        with world.database(SOURCE).reading() as tx:
            return [f"{stop.view} {stop.position} {stop.fault}" for stop in places.stops(tx)]

    world.start(Notes)
    until(lambda: said() == ["relay 1 HoleFound"], "the relay says that it stands still")
    monkeypatch.undo()
    until(lambda: not said(), "the relay goes on")
    world.start(KeeperReaders)
    world.arrived()


# Ending and rebuilding


def test_a_view_rebuilt_under_load_is_equal_and_goes_on(world: World) -> None:
    world.start(Notes)
    world.start(KeeperReaders)
    note(world.store, 700)

    def write() -> None:
        for stream in range(2, 60):
            note(world.store, 2, stream=stream)
            eventlet.sleep(0.002)

    writing = eventlet.spawn(write)
    until(lambda: len(held(world.view)) > 700, "the view is under way")
    rebuilt = rebuild(world.view, VIEW, world.fetch)
    assert rebuilt.equal
    writing.wait()
    world.arrived()
    assert rebuild(world.view, VIEW, world.fetch).equal


def test_a_reader_and_a_relay_that_were_killed_leave_nothing_half_done(world: World) -> None:
    for round_ in range(1, 6):
        containers = [world.start(Notes), world.start(KeeperReaders)]
        note(world.store, 40, stream=round_)
        eventlet.sleep(0)
        for container in containers:
            world.running.remove(container)
            container.kill()
    assert [row[1] for row in held(world.view)] == list(range(1, len(held(world.view)) + 1))
    world.start(KeeperReaders)
    world.start(Notes)
    world.arrived()
