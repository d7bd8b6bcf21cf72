import threading
from collections.abc import Callable
from uuid import UUID

import pytest

from shared.follower import Follower, HoleFound
from shared.store import Row

LONG = 30.0
STREAM = UUID(int=1)


class Log:
    """A log in memory that can commit with or without telling."""

    store_id = UUID(int=9)

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.listeners: list[Callable[[], None]] = []
        self.reads = 0
        self.was_read = threading.Event()

    def commit(self, count: int, *, tell: bool = True) -> None:
        start = len(self.rows)
        self.rows += [Row(position, STREAM, position, "t", b"{}") for position in range(start + 1, start + count + 1)]
        for listener in self.listeners if tell else ():
            listener()

    def read(self, after: int, limit: int) -> list[Row]:
        self.reads += 1
        found = [row for row in self.rows if row.position > after][:limit]
        self.was_read.set()
        return found

    def head(self) -> int:
        return len(self.rows)

    def woken(self, callback: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)


def positions(rows: object) -> list[int]:
    return [row.position for row in rows]  # type: ignore[attr-defined]


def test_pages_follow_one_another_from_where_it_began() -> None:
    log = Log()
    log.commit(7)
    follower = Follower(log, after=2, limit=3)
    assert [positions(follower.page(0)) for _ in range(3)] == [[3, 4, 5], [6, 7], []]
    assert follower.last == 7


def test_a_commit_wakes_it_without_waiting_for_the_poll() -> None:
    log = Log()
    follower = Follower(log, poll=LONG)

    def commit_once_read() -> None:
        log.was_read.wait(LONG)
        log.commit(2)

    writer = threading.Thread(target=commit_once_read)
    writer.start()
    assert positions(follower.page(LONG)) == [1, 2]
    writer.join()


def test_a_commit_nobody_told_of_is_found_by_the_poll() -> None:
    log = Log()
    follower = Follower(log, poll=0.005)

    def commit_in_another_process() -> None:
        log.was_read.wait(LONG)
        log.commit(1, tell=False)

    writer = threading.Thread(target=commit_in_another_process)
    writer.start()
    assert positions(follower.page(LONG)) == [1]
    writer.join()


def test_a_commit_between_reading_and_waiting_is_not_missed() -> None:
    log = Log()
    follower = Follower(log, poll=LONG)
    read = log.read

    def read_then_commit(after: int, limit: int) -> list[Row]:
        found = read(after, limit)
        if log.reads == 1:
            log.commit(1)
        return found

    log.read = read_then_commit  # type: ignore[method-assign]
    assert positions(follower.page(LONG)) == [1]


def test_who_has_read_everything_does_not_look_again_before_something_is_committed() -> None:
    log = Log()
    follower = Follower(log, limit=3, poll=LONG)
    log.commit(4)
    assert [positions(follower.page(LONG)) for _ in range(2)] == [[1, 2, 3], [4]]
    log.commit(1)
    assert positions(follower.page(LONG)) == [5]
    assert log.reads == 3


def test_nothing_new_is_an_empty_page() -> None:
    assert Follower(Log(), poll=0.001).page(0.01) == []


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_hole_is_evidence_and_stops_it(missing: int) -> None:
    log = Log()
    log.commit(4)
    del log.rows[missing]
    follower = Follower(log)
    with pytest.raises(HoleFound):
        follower.page(0)
    assert follower.last == 0


def test_closing_wakes_it_and_ends_the_subscription() -> None:
    log = Log()
    follower = Follower(log, poll=LONG)

    def close_once_read() -> None:
        log.was_read.wait(LONG)
        follower.close()

    closer = threading.Thread(target=close_once_read)
    closer.start()
    assert follower.page(LONG) == []
    closer.join()
    assert log.listeners == []
