"""What views promise, on any database: imported by the tests that give the fixtures `database` and `store`."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.errors import NotFound, Unavailable
from shared import metrics, ranges
from shared.database import Database, Transaction
from shared.ranges import MOST_FACTS, Origin, Range, Seen
from shared.store import Recorder
from shared.views import View, places
from shared.views.fold import Closing, Fold, Stopped
from shared.views.places import Fenced, Place, Stop
from shared.views.reader import LEISURE_SECONDS, PATIENCE_SECONDS, SILENCE_SECONDS, SOURCE_BEHIND, STORE_CHANGED, Reader
from shared.views.rebuild import Rebuild, Rebuilt, rebuild
from tests.propagation_fixture import POISON, REGION, SOURCE, fold, held, keep, keeper, note, published

LONG = 30.0


@pytest.fixture
def view(database: Database) -> View:
    made = keeper()
    made.define(database)
    return made


class Neighbour:
    """The source as a reader reaches it; counts what it is asked, and can be away."""

    def __init__(self, store: Recorder) -> None:
        self.store = store
        self.asked: list[int] = []
        self.away = False

    def fetch(self, source: str, after: int, limit: int) -> Range:
        self.asked.append(after)
        if self.away:
            raise Unavailable("broker_unreachable", "not now")
        return ranges.after(self.store, REGION, source, after, limit)


@pytest.fixture
def neighbour(store: Recorder) -> Neighbour:
    return Neighbour(store)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A reader on a desk: messages are handed to it, time passes when told."""

    def __init__(self, database: Database, view: View, neighbour: Neighbour) -> None:
        self.database, self.view, self.neighbour = database, view, neighbour
        self.clock = Clock()
        self.fold = Fold(view, SOURCE, database, threading.Event())
        self.fold.load()
        self.reader = Reader(self.fold, neighbour.fetch, self.clock)
        self.ordinal = 0

    def give(self, *arrived: Range | None) -> None:
        self.reader.hear((self.ordinal + number, one) for number, one in enumerate(arrived, 1))
        self.ordinal += len(arrived)
        self.reader.advance()

    def begin(self) -> "Desk":
        """Ask the source until it has said all there is."""
        while self.reader.patience == 0:
            self.reader.advance()
        return self

    def wait(self, seconds: float = PATIENCE_SECONDS + 0.001) -> None:
        self.clock.now += seconds
        self.reader.advance()


@pytest.fixture
def desk(database: Database, view: View, neighbour: Neighbour) -> Desk:
    return Desk(database, view, neighbour).begin()


# In order, once, whatever arrives


def test_at_its_start_a_reader_asks_the_source_for_all_it_missed(
    database: Database, view: View, store: Recorder, neighbour: Neighbour
) -> None:
    note(store, MOST_FACTS + 7)
    Desk(database, view, neighbour).begin()
    assert held(database) == list(fold(store))
    assert neighbour.asked == [0, MOST_FACTS, MOST_FACTS + 7]


def test_ranges_in_order_are_applied_without_asking(database: Database, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    note(store, 9)
    desk.give(*published(store))
    assert held(database) == list(fold(store))
    assert neighbour.asked == [0]
    assert desk.reader.settled == 3


def test_swapped_ranges_are_put_in_order_without_asking(database: Database, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    note(store, 12)
    first, second, third, fourth = published(store)
    desk.give(third)
    desk.give(fourth, second)
    assert (held(database), desk.reader.settled) == ([], 0)
    desk.give(first)
    assert held(database) == list(fold(store))
    assert (neighbour.asked, desk.reader.settled) == ([0], 4)


def test_doubled_and_overlapping_ranges_are_applied_once(database: Database, store: Recorder, desk: Desk) -> None:
    note(store, 9)
    desk.give(*published(store, 3), *published(store, 4), *published(store, 3))
    assert held(database) == list(fold(store))
    assert desk.reader.settled == desk.ordinal


def test_a_leisurely_reader_asks_now_and_then(database: Database, view: View, store: Recorder, neighbour: Neighbour) -> None:
    desk = Desk(database, replace(view, leisurely=True), neighbour).begin()
    note(store, 4)
    desk.wait(LEISURE_SECONDS / 2)
    assert (held(database), neighbour.asked) == ([], [0])
    desk.wait(LEISURE_SECONDS / 2)
    desk.begin()
    assert held(database) == list(fold(store))
    assert neighbour.asked == [0, 0, 4]


def test_a_view_that_another_copy_has_moved_on_is_not_stopped(database: Database, store: Recorder, desk: Desk) -> None:
    """What one copy cannot do, for it is older, another may have done."""
    note(store, 2)
    note(store, 1, kind=POISON)
    (broken,) = published(store)
    with database.transaction() as tx:
        places.move(tx, desk.view.reader, SOURCE, None, Place(store.store_id, 3))
    with pytest.raises(Fenced):
        desk.give(broken)
    with database.reading() as tx:
        assert places.stops(tx) == []


def test_a_lost_range_is_fetched_when_the_gap_stays_open(database: Database, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    repaired = metrics.gaps_repaired.labels(desk.fold.view.reader, SOURCE)._value
    note(store, 9)
    first, _, third = published(store)
    desk.give(first, third)
    assert neighbour.asked == [0]
    assert desk.reader.settled == 1
    before = repaired.get()
    desk.wait()
    assert (neighbour.asked, repaired.get() - before) == ([0, 3], 1)
    assert held(database) == list(fold(store))
    desk.reader.advance()
    assert desk.reader.settled == 2


def test_facts_of_a_newer_writer_are_counted(store: Recorder, desk: Desk) -> None:
    unknown = metrics.facts_unknown.labels(desk.fold.view.reader, SOURCE)._value
    before = unknown.get()
    note(store, 3, kind="tests.NotYetInvented.v9")
    desk.give(*published(store))
    assert unknown.get() - before == 3


def test_a_beacon_tells_of_a_last_range_that_was_lost(database: Database, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    note(store, 3)
    desk.give(ranges.beacon(Origin(REGION, SOURCE, store.store_id), 3))
    desk.wait()
    assert held(database) == list(fold(store))


def test_a_beacon_before_the_ranges_it_speaks_of_makes_nobody_ask(
    database: Database, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 30)
    desk.give(ranges.beacon(Origin(REGION, SOURCE, store.store_id), 30))
    for one in published(store):
        desk.wait(PATIENCE_SECONDS * 0.9)
        desk.give(one)
    assert neighbour.asked == [0]
    assert held(database) == list(fold(store))


def test_a_source_that_cannot_answer_is_asked_again_later_each_time(
    database: Database, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 3)
    neighbour.away = True
    desk.give(ranges.beacon(Origin(REGION, SOURCE, store.store_id), 3))
    waits = []
    for _ in range(8):
        desk.wait(desk.reader.patience + 0.001)
        waits.append(desk.reader.patience)
    assert waits[-1] > 10 * waits[0]
    neighbour.away = False
    desk.wait(desk.reader.patience + 0.001)
    assert held(database) == list(fold(store))


def test_a_source_of_which_nothing_is_heard_is_asked(database: Database, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    note(store, 3)
    for _ in range(4):
        desk.wait(SILENCE_SECONDS * 0.9)
        desk.give(ranges.beacon(Origin(REGION, SOURCE, store.store_id), 0))
    assert neighbour.asked == [0]
    desk.wait(SILENCE_SECONDS + 0.001)
    assert held(database) == list(fold(store))


def test_a_message_that_is_no_range_makes_the_reader_ask_and_is_settled(
    database: Database, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 3)
    desk.give(None)
    assert held(database) == list(fold(store))
    assert (neighbour.asked[:2], desk.reader.settled) == ([0, 0], 1)


def test_a_range_with_a_line_out_of_place_is_replaced_by_what_the_source_says(database: Database, store: Recorder, desk: Desk) -> None:
    note(store, 6)
    first, second = published(store)
    desk.give(Range(first.origin, 1, 3, [first.lines[0], first.lines[2], first.lines[1]]), second)
    desk.wait()
    assert held(database) == list(fold(store))


def test_a_second_reader_that_believes_to_be_elsewhere_is_fenced_off(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    other = Desk(database, view, neighbour).begin()
    note(store, 6)
    first, second = published(store)
    desk.give(first)
    with pytest.raises(Fenced):
        other.give(first)
    desk.give(second)
    assert held(database) == list(fold(store))


def test_a_reader_whose_copy_has_read_on_looks_where_it_is_before_it_asks(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    stand_by = Desk(database, view, neighbour).begin()
    note(store, 9)
    first, second, third = published(store)
    desk.give(first, second)
    neighbour.asked.clear()
    stand_by.give(third)
    stand_by.wait()
    assert neighbour.asked == [6]
    assert held(database) == list(fold(store))


def test_a_reader_goes_on_where_the_last_one_was(database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    note(store, 6)
    first, second = published(store)
    desk.give(first)
    successor = Desk(database, view, neighbour)
    assert successor.fold.place == Place(store.store_id, 3)
    successor.give(second)
    assert held(database) == list(fold(store))


# What stops a reader


def stops(database: Database) -> list[Stop]:
    with database.reading() as tx:
        return places.stops(tx)


def test_a_poison_fact_stops_the_reader_with_all_before_it_applied(database: Database, store: Recorder, desk: Desk) -> None:
    note(store, 40)
    note(store, 1, kind=POISON)
    note(store, 40)
    with pytest.raises(Stopped):
        desk.give(*published(store, 100))
    assert held(database) == list(fold(store))[:40]
    assert stops(database) == [Stop("keeper", SOURCE, 41, POISON, "ValueError")]


def test_what_a_fault_says_is_never_logged_or_kept(
    database: Database, store: Recorder, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    note(store, 1, kind=POISON)
    with pytest.raises(Stopped):
        desk.give(*published(store))
    assert "stopped before position 1" in caplog.text
    assert "somebody's words" not in caplog.text + repr(stops(database))


def test_a_recorded_decision_passes_over_that_one_fact(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    for kind in (POISON, "testing.Noted.v1", POISON):
        note(store, 1, kind=kind)
    with pytest.raises(Stopped):
        desk.give(*published(store))
    places.pass_over(database, "keeper", SOURCE, 1, actor="operator", reason="told twice")
    desk.fold.stand()
    with pytest.raises(Stopped):
        Desk(database, view, neighbour).begin()
    assert held(database) == [list(fold(store))[1]]
    assert [stop.position for stop in stops(database)] == [3]
    with database.reading() as tx:
        assert tx.rows("SELECT view, source, position, actor, reason FROM passed") == [("keeper", SOURCE, 1, "operator", "told twice")]


def test_only_the_fact_a_reader_stopped_at_can_be_passed_over(database: Database, store: Recorder, desk: Desk) -> None:
    note(store, 1, kind=POISON)
    with pytest.raises(Stopped):
        desk.give(*published(store))
    with pytest.raises(NotFound, match=r"^not_stopped_there:"):
        places.pass_over(database, "keeper", SOURCE, 2, actor="operator", reason="guessed")
    assert len(stops(database)) == 1


def test_a_reader_that_could_go_on_after_a_restart_no_longer_counts_as_stopped(
    database: Database, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 1, kind=POISON)
    with pytest.raises(Stopped):
        desk.give(*published(store))
    mended = View(desk.fold.view.name, (SOURCE,), desk.fold.view.tables, lambda *_: None)
    Desk(database, mended, neighbour).begin()
    assert stops(database) == []


def test_a_stopped_reader_waits_until_it_is_told_to_end(database: Database, store: Recorder, view: View) -> None:
    closing = threading.Event()
    stopped = Fold(view, SOURCE, database, closing)
    with pytest.raises(Stopped):
        stopped.stop(7, POISON, "ValueError")
    closing.set()
    with pytest.raises(Closing):
        stopped.stand()


def test_a_source_with_another_store_stops_the_reader(
    database: Database, store: Recorder, neighbour: Neighbour, desk: Desk, other_store: Recorder
) -> None:
    note(store, 3)
    desk.give(*published(store))
    note(other_store, 6)
    neighbour.store = other_store
    with pytest.raises(Stopped):
        desk.give(published(other_store)[1])
    assert [(stop.position, stop.fault) for stop in stops(database)] == [(3, STORE_CHANGED)]
    assert held(database) == list(fold(store))


def test_a_range_left_over_from_another_store_is_passed_by(database: Database, store: Recorder, desk: Desk, other_store: Recorder) -> None:
    note(other_store, 6)
    note(store, 3)
    desk.give(*published(other_store), *published(store))
    desk.begin()
    assert held(database) == list(fold(store))
    assert (stops(database), desk.reader.settled) == ([], desk.ordinal)


def test_leftovers_that_arrive_before_the_source_first_answers_are_dropped(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, other_store: Recorder
) -> None:
    note(other_store, 9)
    note(store, 3)
    neighbour.away = True
    desk = Desk(database, view, neighbour)
    desk.give(*published(other_store), *published(store))
    assert held(database) == []
    neighbour.away = False
    desk.wait(LONG)
    desk.begin()
    assert held(database) == list(fold(store))


def test_a_source_that_lost_facts_we_have_stops_the_reader(database: Database, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    note(store, 3)
    desk.give(*published(store))
    desk.reader.ask()

    def shorter(source: str, after: int, limit: int) -> Range:
        return ranges.beacon(Origin(REGION, source, store.store_id), 2)

    desk.reader._fetch = shorter
    with pytest.raises(Stopped):
        desk.reader.advance()
    assert [stop.fault for stop in stops(database)] == [SOURCE_BEHIND]


def test_a_database_that_is_away_is_waited_for(database: Database, view: View, store: Recorder) -> None:
    calls: list[int] = []

    def unlucky(tx: Transaction, seen: Sequence[Seen]) -> None:
        calls.append(len(seen))
        if len(calls) < 3:
            raise Unavailable("database_unreachable", "not now")
        keep(tx, seen)

    note(store, 3)
    patient = Fold(View(view.name, view.sources, view.tables, unlucky), SOURCE, database, threading.Event())
    patient.take(store.store_id, list(ranges.facts(published(store)[0])))
    assert calls == [3, 3, 3]
    assert held(database) == list(fold(store))


# Reading at least a position


def test_whoever_waits_for_a_position_is_woken_when_it_is_reached(
    database: Database, view: View, store: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "POLL_SECONDS", LONG)
    note(store, 3)
    reader = Fold(view, SOURCE, database, threading.Event())
    waiting, reached = threading.Event(), threading.Event()
    look = places._behind

    def looked(*about: Any) -> Any:
        found = look(*about)
        waiting.set()
        return found

    monkeypatch.setattr(places, "_behind", looked)

    def wait() -> None:
        places.wait_for(database, "keeper", SOURCE, 3, LONG)
        reached.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    assert waiting.wait(LONG)
    assert not reached.is_set()
    reader.take(store.store_id, list(ranges.facts(published(store)[0])))
    assert reached.wait(LONG)
    waiter.join()


def test_whoever_waits_for_a_position_too_far_is_told_that_the_view_is_behind(database: Database, view: View) -> None:
    with pytest.raises(Unavailable) as refused:
        places.wait_for(database, "keeper", SOURCE, 1, 0.01)
    assert refused.value.code == "view_behind"


def test_of_several_positions_the_one_that_is_not_reached_is_waited_for(database: Database, view: View) -> None:
    with pytest.raises(Unavailable, match="position 2 of feedback"):
        places.wait_for_all(database, {("keeper", SOURCE): 0, ("keeper", "feedback"): 2}, 0.0)


def test_a_position_already_reached_is_not_waited_for(database: Database, view: View) -> None:
    places.wait_for(database, "keeper", SOURCE, 0, 0.0)


# Rebuilding beside the live view


def corrupt(database: Database, statement: str) -> None:
    with database.transaction() as tx:
        tx.must(statement, {}, AssertionError(statement))


def compared(rebuilt: Rebuilt) -> set[str]:
    return {table for table in rebuilt.live if rebuilt.live[table] != rebuilt.fresh[table]}


def test_a_rebuild_of_a_sound_view_is_equal_and_takes_its_place(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    for stream in range(1, 4):
        note(store, MOST_FACTS, stream=stream)
    desk.give(*published(store, 100))
    rebuilt = rebuild(database, view, neighbour.fetch)
    assert rebuilt.equal
    assert rebuilt.positions == {SOURCE: 3 * MOST_FACTS}
    assert rebuilt.live["kept"].rows == 3 * MOST_FACTS
    assert held(database) == list(fold(store))


def test_a_rebuild_can_follow_another(database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk) -> None:
    for _ in range(3):
        note(store, 5)
        desk.reader.ask()
        desk.begin()
        assert rebuild(database, view, neighbour.fetch).equal
        view.define(database)
    assert held(database) == list(fold(store))


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE kept SET line = line || line WHERE position = 2", "kept"),
        ("DELETE FROM kept WHERE position = 2", "kept"),
        ("UPDATE tally SET facts = facts + 1", "tally"),
    ],
)
def test_a_rebuild_names_the_table_that_was_not_the_fold_of_its_facts_and_mends_it(
    store: Recorder, desk: Desk, statement: str, table: str
) -> None:
    note(store, 5)
    desk.give(*published(store))
    corrupt(desk.database, statement)
    assert compared(rebuild(desk.database, desk.view, desk.neighbour.fetch)) == {table}
    assert held(desk.database) == list(fold(store))
    assert rebuild(desk.database, desk.view, desk.neighbour.fetch).equal


def test_a_comparison_without_a_swap_changes_nothing(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 5)
    desk.give(*published(store))
    corrupt(database, "DELETE FROM kept WHERE position = 2")
    assert not rebuild(database, view, neighbour.fetch, swap=False).equal
    assert len(held(database)) == 4
    with database.reading() as tx:
        assert places.place(tx, view.beside().reader, SOURCE) is None


def test_a_rebuild_stands_exactly_where_the_live_view_stands(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 9)
    desk.give(published(store)[0])
    rebuilt = rebuild(database, view, neighbour.fetch)
    assert (rebuilt.equal, rebuilt.positions) == (True, {SOURCE: 3})
    successor = Desk(database, view, neighbour)
    successor.give(*published(store)[1:])
    assert held(database) == list(fold(store))


def test_a_rebuild_catches_a_view_that_moves_on_meanwhile(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 30)
    desk.give(*published(store)[:2])
    moving = iter(published(store)[2:])

    class Moving(Rebuild):
        def _follow(self, ahead: object) -> None:
            super()._follow(ahead)  # type: ignore[arg-type]
            for one in (next(moving, None),):
                if one:
                    desk.give(one)

    rebuilt = Moving(database, view, neighbour.fetch).run()
    assert rebuilt.equal
    assert rebuilt.positions == {SOURCE: desk.fold.position}
    desk.give(*moving)
    assert held(database) == list(fold(store))


def test_a_rebuild_takes_a_view_over_to_a_new_store(store: Recorder, desk: Desk, other_store: Recorder) -> None:
    note(store, 3)
    desk.give(*published(store))
    note(other_store, 5)
    desk.neighbour.store = other_store
    desk.reader.ask()
    with pytest.raises(Stopped):
        desk.reader.advance()
    assert not rebuild(desk.database, desk.view, desk.neighbour.fetch).equal
    assert stops(desk.database) == []
    assert held(desk.database) == list(fold(other_store))
    Desk(desk.database, desk.view, desk.neighbour).begin()


def test_a_rebuild_leaves_out_what_was_passed_over(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 2)
    note(store, 1, kind=POISON)
    note(store, 2)
    with pytest.raises(Stopped):
        desk.give(*published(store, 10))
    places.pass_over(database, "keeper", SOURCE, 3, actor="operator", reason="told twice")
    Desk(database, view, neighbour).begin()
    rebuilt = rebuild(database, view, neighbour.fetch)
    assert (rebuilt.equal, rebuilt.live["kept"].rows) == (True, 4)


def test_a_rebuild_that_died_half_way_is_no_obstacle_to_the_next(
    database: Database, view: View, store: Recorder, neighbour: Neighbour, desk: Desk
) -> None:
    note(store, 9)
    desk.give(*published(store))
    died = Rebuild(database, view, neighbour.fetch)
    died._fresh.define(database)
    died._follow(died._sources[0])
    assert rebuild(database, view, neighbour.fetch).equal
    assert held(database) == list(fold(store))


def test_a_rebuild_ends_when_the_source_gets_another_store_meanwhile(
    database: Database, view: View, store: Recorder, other_store: Recorder, neighbour: Neighbour
) -> None:
    note(store, MOST_FACTS + 1)

    def fetch(source: str, after: int, limit: int) -> Range:
        if after:
            neighbour.store = other_store
        return neighbour.fetch(source, after, limit)

    with pytest.raises(Unavailable, match=r"^store_changed:"):
        rebuild(database, view, fetch)


def test_a_rebuild_gives_up_when_the_live_view_is_ahead_of_it_each_time(
    store: Recorder, neighbour: Neighbour, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(store, 3)
    desk.give(*published(store))
    looked = Rebuild._follow

    def overtaken(self: Rebuild, ahead: Any) -> None:
        looked(self, ahead)
        note(store, 3)
        desk.give(*published(store))

    monkeypatch.setattr(Rebuild, "_follow", overtaken)
    with pytest.raises(Unavailable, match=r"^rebuild_outrun:"):
        rebuild(desk.database, desk.view, neighbour.fetch)
    assert held(desk.database) == list(fold(store))


def test_a_view_of_two_sources_reads_each_at_its_own_pace(database: Database, store: Recorder, other_store: Recorder) -> None:
    view = keeper("both", "first", "second")
    view.define(database)
    note(store, 4)
    note(other_store, 6, stream=2)
    stores = {"first": store, "second": other_store}

    def fetch(source: str, after: int, limit: int) -> Range:
        return ranges.after(stores[source], REGION, source, after, limit)

    for source, log in stores.items():
        Fold(view, source, database, threading.Event()).take(log.store_id, list(ranges.facts(published(log, 4, source)[0])))
    rebuilt = rebuild(database, view, fetch)
    assert (rebuilt.equal, rebuilt.positions) == (True, {"first": 4, "second": 4})
    assert held(database) == [*fold(store, "first"), *list(fold(other_store, "second"))[:4]]


def test_positions_of_different_stores_are_told_apart(database: Database, view: View) -> None:
    place = Place(uuid4(), 3)
    with database.transaction() as tx:
        places.move(tx, "keeper", SOURCE, None, place)
    with pytest.raises(Fenced), database.transaction() as tx:
        places.move(tx, "keeper", SOURCE, Place(UUID(int=0), 3), Place(UUID(int=0), 4))
    with pytest.raises(Fenced), database.transaction() as tx:
        places.move(tx, "keeper", SOURCE, None, place)
