"""Group commit, over a log in memory that stops where the test wants it to."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.errors import Conflict, Unavailable
from shared.store import Outcome, Row, SavedCommand, Stored, Tracked
from shared.store.committer import LARGEST_GROUP, Committer
from shared.store.log import Log, Request, Verdict, stale

LONG = 30.0


class Memory(Log):
    """Keeps nothing but the groups it was given. `gate` holds every write until it is released once for each."""

    def __init__(self, *, at_hand: bool = False) -> None:
        self.at_hand = at_hand
        self.groups: list[list[Request]] = []
        self.threads: list[threading.Thread] = []
        self.gate = threading.Semaphore(0)
        self.entered = threading.Semaphore(0)
        self.faults: list[BaseException] = []
        self.poison: Request | None = None
        self.conflict: Request | None = None
        self.is_closed = False

    def write(self, group: Sequence[Request]) -> list[Verdict]:
        self.entered.release()
        assert self.gate.acquire(timeout=LONG)
        self.groups.append(list(group))
        self.threads.append(threading.current_thread())
        if self.faults:
            raise self.faults.pop(0)
        if self.poison in group:
            raise ZeroDivisionError
        return [stale() if request is self.conflict else request.done(len(self.groups)) for request in group]

    def shred(self, handles: Sequence[UUID]) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self.is_closed = True

    def _rows(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def _events(self, statement: str, *params: Any) -> list[Row]:
        raise NotImplementedError


@pytest.fixture
def log() -> Memory:
    return Memory()


@pytest.fixture
def committer(log: Memory) -> Iterator[Committer]:
    made = Committer(log, name="memory", deadline=LONG)
    yield made
    log.gate.release(10_000)
    made.close()


class Caller(threading.Thread):
    """Sends one request and keeps what came of it."""

    def __init__(self, committer: Committer, request: Request) -> None:
        super().__init__(daemon=True)
        self.committer, self.request = committer, request
        self.result: Outcome | BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.committer.commit(self.request)
        except BaseException as fault:  # noqa: BLE001  looked at by the test
            self.result = fault


def save(stream: UUID | None = None, version: int = 1, *, id: UUID | None = None, source: str = "") -> Request:
    stream = stream or uuid4()
    return Request(
        [Stored(stream, version, "testing.Noted.v1", b"{}")],
        SavedCommand(id, b"digest", stream, version) if id else None,
        (),
        Tracked(source, None, 1) if source else None,
    )


@pytest.fixture
def send(committer: Committer, log: Memory) -> Callable[..., list[Caller]]:
    """Lets the requests arrive one after another while the committer is busy with an earlier save."""

    def sent(*requests: Request) -> list[Caller]:
        if not log.groups:
            Caller(committer, save()).start()
            assert log.entered.acquire(timeout=LONG)
        callers = [Caller(committer, request) for request in requests]
        for arrived, caller in enumerate(callers, len(committer._waiting) + 1):
            caller.start()
            while len(committer._waiting) < arrived:
                caller.join(0.001)
        return callers

    return sent


def finish(log: Memory, callers: list[Caller], writes: int = 1_000) -> list[Outcome | BaseException | None]:
    log.gate.release(writes)
    for caller in callers:
        caller.join(LONG)
    return [caller.result for caller in callers]


def test_saves_that_wait_share_a_commit(log: Memory, send: Callable[..., list[Caller]]) -> None:
    requests = [save() for _ in range(20)]
    results = finish(log, send(*requests))

    assert log.groups[1:] == [requests]
    assert all(isinstance(result, Outcome) for result in results)


def test_a_group_is_not_larger_than_its_limit(log: Memory, send: Callable[..., list[Caller]]) -> None:
    requests = [save() for _ in range(LARGEST_GROUP + 5)]
    finish(log, send(*requests))

    assert log.groups[1:] == [requests[:LARGEST_GROUP], requests[LARGEST_GROUP:]]


def test_saves_that_touch_the_same_stream_come_one_after_another(log: Memory, send: Callable[..., list[Caller]]) -> None:
    stream = uuid4()
    first, other, second, third = save(stream), save(), save(stream, 2), save(stream, 3)
    finish(log, send(first, second, third, other))

    assert log.groups[1:] == [[first, other], [second], [third]]


def test_the_same_command_is_never_twice_in_a_group(log: Memory, send: Callable[..., list[Caller]]) -> None:
    id = uuid4()
    first, again = save(id=id), save(id=id)
    finish(log, send(first, again))

    assert log.groups[1:] == [[first], [again]]


def test_a_source_is_followed_by_one_save_of_a_group(log: Memory, send: Callable[..., list[Caller]]) -> None:
    first, again = save(source="other"), save(source="other")
    finish(log, send(first, again))

    assert log.groups[1:] == [[first], [again]]


def test_what_waits_for_an_earlier_save_is_not_overtaken_by_a_later_one(log: Memory, send: Callable[..., list[Caller]]) -> None:
    a, b = uuid4(), uuid4()
    both = Request([Stored(a, 2, "testing.Noted.v1", b""), Stored(b, 1, "testing.Noted.v1", b"")])
    first, later = save(a), save(b, 2)
    finish(log, send(first, both, later))

    assert log.groups[1:] == [[first], [both], [later]]


def test_one_faulty_save_does_not_hurt_its_neighbours(log: Memory, send: Callable[..., list[Caller]]) -> None:
    requests = [save() for _ in range(3)]
    log.poison = requests[1]
    results = finish(log, send(*requests))

    assert log.groups[1:] == [requests, [requests[0]], [requests[1]], [requests[2]]]
    assert [type(result) for result in results] == [Outcome, ZeroDivisionError, Outcome]


def test_a_refusal_reaches_the_caller_it_belongs_to(log: Memory, send: Callable[..., list[Caller]]) -> None:
    requests = [save() for _ in range(3)]
    log.conflict = requests[2]

    assert [type(result) for result in finish(log, send(*requests))] == [Outcome, Outcome, Conflict]


def test_a_group_whose_answer_was_lost_is_given_again(log: Memory, send: Callable[..., list[Caller]]) -> None:
    requests = [save(), save()]
    callers = send(*requests)
    log.gate.release()
    assert log.entered.acquire(timeout=LONG)  # the group is with the database
    log.faults = [Unavailable("store_unreachable", "gone"), Unavailable("store_unreachable", "still gone")]
    results = finish(log, callers)

    assert log.groups[1:] == [requests] * 3
    assert all(request.uncertain for request in requests)
    assert all(isinstance(result, Outcome) for result in results)


def test_a_caller_that_has_gone_is_not_served(log: Memory, send: Callable[..., list[Caller]]) -> None:
    gone, there = save(), save()
    callers = send(gone, there)
    gone.over = True  # what the caller leaves behind when it is killed
    finish(log, callers[1:])

    assert log.groups[1:] == [[there]]


def test_a_caller_waits_no_longer_than_the_deadline(log: Memory) -> None:
    committer = Committer(log, name="memory", deadline=0.05)
    with pytest.raises(Unavailable):
        committer.commit(save())
    late = save()
    with pytest.raises(Unavailable):
        committer.commit(late)
    log.gate.release(10)
    committer.close()

    assert len(log.groups) == 1
    assert late.over


def test_closing_writes_what_is_waiting(committer: Committer, log: Memory, send: Callable[..., list[Caller]]) -> None:
    requests = [save() for _ in range(3)]
    callers = send(*requests)
    closing_thread = threading.Thread(target=committer.close)
    closing_thread.start()
    results = finish(log, callers)
    closing_thread.join(LONG)

    assert all(isinstance(result, Outcome) for result in results)
    assert log.is_closed
    with pytest.raises(Unavailable):
        committer.commit(save())


def test_a_failing_listener_neither_stops_the_store_nor_the_other_listeners(
    committer: Committer, log: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("somebody's words")

    heard = threading.Semaphore(0)
    committer.woken(fail)
    committer.woken(heard.release)
    log.gate.release(2)
    for _ in range(2):
        committer.commit(save())
        assert heard.acquire(timeout=LONG)

    assert "RuntimeError" in caplog.text
    assert "words" not in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_committer_that_dies_leaves_nobody_waiting(log: Memory) -> None:
    log.faults = [SystemExit()]
    committer = Committer(log, name="memory", deadline=LONG)
    caller = Caller(committer, save())
    caller.start()
    log.gate.release()
    committer._thread.join(LONG)
    caller.join(LONG)

    assert isinstance(caller.result, Unavailable)
    with pytest.raises(Unavailable):
        committer.commit(save())


# Where a write is quick, a caller does it itself.


@pytest.fixture
def quick() -> Iterator[tuple[Committer, Memory]]:
    log = Memory(at_hand=True)
    with closing(Committer(log, name="memory", deadline=LONG)) as committer:
        yield committer, log
        log.gate.release(10_000)


def test_a_lone_caller_writes_by_itself(quick: tuple[Committer, Memory]) -> None:
    committer, log = quick
    log.gate.release(3)
    for _ in range(3):
        committer.commit(save())

    assert log.threads == [threading.current_thread()] * 3


def test_those_who_come_while_a_caller_writes_share_the_next_commit(quick: tuple[Committer, Memory]) -> None:
    committer, log = quick
    first = Caller(committer, save())
    first.start()
    assert log.entered.acquire(timeout=LONG)
    requests = [save() for _ in range(10)]
    callers = [Caller(committer, request) for request in requests]
    for caller in callers:
        caller.start()
    while len(committer._waiting) < len(callers):
        first.join(0.001)
    results = finish(log, [first, *callers])

    assert sorted(map(id, log.groups[1])) == sorted(map(id, requests))
    assert all(isinstance(result, Outcome) for result in results)


def test_a_caller_killed_while_it_writes_for_others_takes_nobody_with_it(quick: tuple[Committer, Memory]) -> None:
    committer, log = quick
    log.faults = [KeyboardInterrupt()]
    log.gate.release(5)
    mine, other = save(), save()
    committer._waiting.append(other)
    with pytest.raises(KeyboardInterrupt):
        committer.commit(mine)
    assert other.settled.acquire(timeout=LONG)

    assert isinstance(other.verdict, Outcome)
    assert other.uncertain
