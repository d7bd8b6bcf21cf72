"""The store patched by eventlet, as in a service: many green callers, and callers that are killed while they wait."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import eventlet
import pytest

from contracts.errors import Conflict
from shared.store import Outcome, Recorder, SavedCommand, open_store
from tests.store_suite import fact


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Recorder]:
    with closing(open_store(f"sqlite:///{tmp_path}/notes.db", create=True)) as opened:
        yield opened


def test_many_green_callers_share_commits(store: Recorder) -> None:
    commits = list[int]()
    store.woken(lambda: commits.append(store.head()))

    def call(_: int) -> list[Outcome]:
        return [store.append([fact(uuid4())]) for _ in range(10)]

    outcomes = [outcome for made in eventlet.GreenPool(50).imap(call, range(50)) for outcome in made]

    assert sorted(outcome.position for outcome in outcomes) == list(range(1, 501))
    assert len(commits) <= 100


def test_saving_again_and_again_lets_other_green_threads_run(store: Recorder) -> None:
    ticks = list[int]()

    def tick() -> None:
        while True:
            ticks.append(store.head())
            eventlet.sleep(0)

    ticking = eventlet.spawn(tick)
    for _ in range(200):
        store.append([fact(uuid4())])
    ticking.kill()

    assert len(ticks) >= 20


def test_green_callers_who_decide_on_the_same_version_get_one_winner(store: Recorder) -> None:
    stream = uuid4()

    def decide(_: int) -> bool:
        try:
            store.append([fact(stream)])
        except Conflict:
            return False
        return True

    assert sum(eventlet.GreenPool(20).imap(decide, range(20))) == 1


def test_a_caller_killed_before_its_turn_is_not_served(store: Recorder) -> None:
    stream = uuid4()
    killed = eventlet.spawn(store.append, [fact(stream)])
    eventlet.sleep(0)  # it has given way, for others to join its group
    killed.kill()
    store.append([fact(uuid4())])

    assert store.select_events(stream) == []


def test_a_killed_caller_takes_nobody_with_it(store: Recorder) -> None:
    store._log.at_hand = False  # as on PostgreSQL: callers wait for the committer
    stored = list[UUID]()

    def call(stream: UUID, seconds: float) -> None:
        with eventlet.Timeout(seconds, False):
            store.append([fact(stream)], command=SavedCommand(uuid4(), b"digest", stream, 1))
            stored.append(stream)

    pool = eventlet.GreenPool(200)
    for number in range(200):
        pool.spawn(call, uuid4(), 0 if number % 2 else 30)
    pool.waitall()

    assert len(stored) >= 100
    assert set(stored) <= {row.stream for row in store.read(0, 500)}
    assert store.append([fact(uuid4())]).position == store.head()
