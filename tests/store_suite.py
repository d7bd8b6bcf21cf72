"""What a store promises, on any database: imported by the tests that give the fixture `url`, an address where no store is yet."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import ApplicationRecorder, StoredEvent, Tracking

from contracts.errors import Conflict, Invalid, Refusal, Unavailable
from shared.store import (
    DamagedLog,
    Outcome,
    Recorder,
    SavedCommand,
    SealedBox,
    Stored,
    Tracked,
    create_store,
    open_log,
    open_store,
    renew_store,
)
from shared.store.log import LARGEST_STATE, Log, Request, Verdict
from shared.store.place import Place

LONG = 30.0
NOTED = "testing.Noted.v1"


@pytest.fixture
def store(url: str) -> Iterator[Recorder]:
    with closing(open_store(url, create=True)) as opened:
        yield opened


@pytest.fixture
def second(url: str, store: Recorder) -> Iterator[Recorder]:
    """Another copy of the service."""
    with closing(open_store(url)) as opened:
        yield opened


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    """The tables alone: what is given to `write` is one group, whatever the timing."""
    create_store(url)
    with closing(open_log(Place.of(url), LONG)) as opened:
        yield opened


def fact(stream: UUID, version: int = 1, state: bytes = b"{}") -> StoredEvent:
    return Stored(stream, version, NOTED, state)


def command(stream: UUID, version: int = 1, *, digest: bytes = b"digest", id: UUID | None = None) -> SavedCommand:
    return SavedCommand(id or uuid4(), digest, stream, version)


def box(ciphertext: bytes = b"\x00sealed") -> SealedBox:
    return SealedBox(uuid4(), uuid4(), ciphertext)


def code(verdict: Verdict) -> str:
    assert isinstance(verdict, Refusal)
    return verdict.code


def contents(store: Recorder) -> list[tuple[int, UUID, int]]:
    return [(row.position, row.stream, row.version) for row in store.read(0, 10_000)]


def together(*calls: Sequence[object]) -> None:
    """Each call (function, argument …) on a thread of its own, all at once."""
    threads = [threading.Thread(target=call[0], args=call[1:]) for call in calls]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()


# Positions


def test_positions_begin_at_one_and_follow_one_another(store: Recorder) -> None:
    a, b = uuid4(), uuid4()

    assert store.append([fact(a)]).position == 1
    assert store.append([fact(b), fact(b, 2), fact(a, 2)]).position == 4
    assert contents(store) == [(1, a, 1), (2, b, 1), (3, b, 2), (4, a, 2)]
    assert store.head() == 4


def test_an_empty_store_has_no_position(store: Recorder) -> None:
    assert (store.head(), store.max_notification_id(), store.read(0, 10)) == (0, None, [])


def test_what_is_refused_leaves_no_hole(store: Recorder) -> None:
    stream = uuid4()
    store.append([fact(stream)])
    for _ in range(3):
        with pytest.raises(Conflict):
            store.append([fact(stream)])

    assert store.append([fact(stream, 2)]).position == 2


def test_bytes_come_back_as_they_were_given(store: Recorder) -> None:
    stream, state = uuid4(), bytes(range(256)) + "Ráth, “ж”, \U0001f33f".encode()
    store.append([fact(stream, 1, state)])

    assert store.read(0, 1)[0] == (1, stream, 1, NOTED, state)
    assert store.select_events(stream) == [fact(stream, 1, state)]


def test_a_reader_gets_pages_in_order(store: Recorder) -> None:
    stream = uuid4()
    store.append([fact(stream, version) for version in range(1, 1203)])
    seen, last = list[int](), 0
    while page := store.read(last, 500):
        assert len(page) <= 500
        seen += [row.position for row in page]
        last = seen[-1]

    assert seen == list(range(1, 1203))


def test_a_reader_that_follows_many_writers_skips_nothing(store: Recorder, second: Recorder) -> None:
    seen, done = list[int](), threading.Event()

    def follow() -> None:
        while not done.is_set() or len(seen) < 400:
            seen.extend(row.position for row in store.read(len(seen), 100))

    def write(recorder: Recorder) -> None:
        for _ in range(50):
            recorder.append([fact(uuid4())])

    follower = threading.Thread(target=follow)
    follower.start()
    together(*[(write, recorder) for recorder in (store, second) * 4])
    done.set()
    follower.join(LONG)
    assert seen == list(range(1, 401))


def test_a_fact_that_would_not_fit_the_ledger_is_refused(store: Recorder) -> None:
    stream = uuid4()
    with pytest.raises(Invalid) as refusal:
        store.append([fact(stream, 1, b"x" * (LARGEST_STATE + 1))])
    assert refusal.value.code == "fact_too_large"

    assert store.append([fact(stream, 1, b"x" * LARGEST_STATE)]).position == 1


# Versions


@pytest.mark.parametrize("versions", [[1], [3], [0], [2, 2], [2, 4], [3, 2], [-1]])
def test_a_version_that_is_taken_or_leaves_a_hole_is_a_conflict(store: Recorder, versions: list[int]) -> None:
    stream = uuid4()
    store.append([fact(stream)])
    with pytest.raises(Conflict) as refusal:
        store.append([fact(stream, version) for version in versions])

    assert refusal.value.code == "stale_version"
    assert contents(store) == [(1, stream, 1)]


def test_a_save_of_several_streams_is_all_or_nothing(store: Recorder) -> None:
    a, b = uuid4(), uuid4()
    store.append([fact(b)])
    with pytest.raises(Conflict):
        store.append([fact(a), fact(b)], command=command(a), sealed=[box()], tracking=Tracked("other", 0, 5))

    assert contents(store) == [(1, b, 1)]
    assert store.max_tracking_id("other") is None
    assert store.append([fact(a), fact(b, 2)]).position == 3


def test_of_many_who_decide_on_the_same_version_one_wins(store: Recorder, second: Recorder) -> None:
    stream, won, lost = uuid4(), list[Outcome](), list[Conflict]()

    def decide(recorder: Recorder, number: int) -> None:
        try:
            won.append(recorder.append([fact(stream, 1, b"%d" % number)]))
        except Conflict as refusal:
            lost.append(refusal)

    together(*[(decide, recorder, number) for number, recorder in enumerate((store, second) * 6)])
    assert (len(won), len(lost)) == (1, 11)
    assert contents(store) == [(1, stream, 1)]


def test_a_conflict_does_not_hurt_its_neighbours(log: Log) -> None:
    taken, streams = uuid4(), [uuid4() for _ in range(4)]
    log.write([Request([fact(taken)])])
    group = [
        Request([fact(streams[0])]),
        Request([fact(taken)], command(taken)),
        Request([fact(streams[1]), fact(streams[1], 2)]),
        Request([fact(streams[2])], None, [], Tracked("other", 3, 4)),
        Request([fact(streams[3])], command(streams[3])),
    ]
    verdicts = log.write(group)

    assert [code(verdicts[1]), code(verdicts[3])] == ["stale_version", "position_moved"]
    assert [verdicts[0], verdicts[2], verdicts[4]] == [Outcome(streams[0], 1, 2), Outcome(streams[1], 2, 4), Outcome(streams[3], 1, 5)]
    assert [row.stream for row in log.page(0, 10, 10, ())] == [taken, streams[0], streams[1], streams[1], streams[3]]


def test_a_group_of_nothing_but_conflicts_writes_nothing(log: Log) -> None:
    log.write([Request([fact(stream := uuid4())])])

    assert code(log.write([Request([fact(stream)])])[0]) == "stale_version"
    assert log.head() == 1


# Commands


def test_the_same_command_again_is_the_first_result(store: Recorder, second: Recorder) -> None:
    stream = uuid4()
    save = command(stream, 2)
    first = store.append([fact(stream), fact(stream, 2)], command=save)
    store.append([fact(stream, 3)])

    assert not first.repeated
    for recorder in (store, second):
        again = recorder.append([fact(stream), fact(stream, 2)], command=save)
        assert again == Outcome(stream, 2, 2, repeated=True)
        assert recorder.outcome(save.id) == (again, b"digest")
    assert store.head() == 3


def test_a_command_is_remembered_by_the_store_not_by_the_process(store: Recorder, url: str) -> None:
    stream = uuid4()
    save = command(stream)
    store.append([fact(stream)], command=save)
    store.close()

    with closing(open_store(url)) as reopened:
        assert reopened.append([fact(stream)], command=save) == Outcome(stream, 1, 1, repeated=True)


def test_many_who_send_the_same_command_at_once_get_the_same_result(store: Recorder, second: Recorder) -> None:
    stream, outcomes = uuid4(), list[Outcome]()
    save = command(stream)
    together(*[(lambda to: outcomes.append(to.append([fact(stream)], command=save)), recorder) for recorder in (store, second) * 5])

    assert {(outcome.stream, outcome.version, outcome.position) for outcome in outcomes} == {(stream, 1, 1)}
    assert [outcome.repeated for outcome in outcomes].count(False) == 1
    assert contents(store) == [(1, stream, 1)]


def test_a_command_id_used_for_something_else_is_refused(store: Recorder) -> None:
    stream = uuid4()
    save = command(stream)
    store.append([fact(stream)], command=save)
    with pytest.raises(Invalid) as refusal:
        store.append([fact(stream, 2)], command=command(stream, 2, digest=b"another", id=save.id))

    assert refusal.value.code == "idempotency_key_reused"
    assert store.head() == 1


def test_a_command_without_facts_is_remembered_at_the_head_of_that_time(store: Recorder) -> None:
    stream = uuid4()
    store.append([fact(stream), fact(stream, 2)])
    save = command(stream, 2)
    assert store.append([], command=save) == Outcome(stream, 2, 2)
    store.append([fact(stream, 3)])

    assert store.append([], command=save) == Outcome(stream, 2, 2, repeated=True)


def test_repeated_commands_do_not_hurt_their_neighbours(log: Log) -> None:
    old, new = uuid4(), uuid4()
    done = command(old)
    log.write([Request([fact(old)], done)])
    other = SavedCommand(done.id, b"another", new, 1)

    verdicts = log.write([Request([fact(old)], done), Request([fact(new)], command(new))])
    assert verdicts == [Outcome(old, 1, 1, repeated=True), Outcome(new, 1, 2)]
    assert code(log.write([Request([fact(uuid4())], other)])[0]) == "idempotency_key_reused"


def test_a_command_nobody_sent_has_no_outcome(store: Recorder) -> None:
    assert store.outcome(uuid4()) is None


def test_a_save_must_save_something(store: Recorder) -> None:
    with pytest.raises(ValueError, match="a save has facts, a command or a position"):
        store.append([], sealed=[box()])


# A lost acknowledgement: the same save is given to the database once more


@pytest.mark.parametrize("with_position", [True, False])
def test_what_was_written_before_its_acknowledgement_was_lost_is_not_a_conflict(log: Log, with_position: bool) -> None:
    stream = uuid4()
    request = Request([fact(stream), fact(stream, 2)], None, [box()], Tracked("other", 0, 7) if with_position else None)
    log.write([request])
    request.uncertain = True

    assert log.write([request, Request([fact(uuid4())])])[0] == Outcome(stream, 2, 2, repeated=True)
    assert log.head() == 3


def test_a_position_moved_before_its_acknowledgement_was_lost_is_not_a_conflict(log: Log) -> None:
    request = Request([], None, [], Tracked("other", None, 7))
    log.write([request])
    request.uncertain = True

    assert log.write([request])[0] == Outcome(UUID(int=0), 0, 0, repeated=True)


@pytest.mark.parametrize("difference", ["state", "position"])
def test_what_somebody_else_wrote_in_the_meantime_is_a_conflict(log: Log, difference: str) -> None:
    stream = uuid4()
    log.write([Request([fact(stream)], None, [], Tracked("other", 0, 7))])
    lost = Request(
        [fact(stream, 1, b"mine" if difference == "state" else b"{}")], None, [], Tracked("other", 0, 7 if difference == "state" else 8)
    )
    lost.uncertain = True

    assert code(log.write([lost])[0]) in {"stale_version", "position_moved"}
    assert log.head() == 1


def test_the_same_facts_again_without_a_lost_acknowledgement_are_a_conflict(store: Recorder) -> None:
    stream = uuid4()
    store.append([fact(stream)])
    with pytest.raises(Conflict):
        store.append([fact(stream)])


# What commits together


def test_sealed_boxes_commit_with_their_facts(store: Recorder) -> None:
    stream, boxes = uuid4(), [box(), box(bytes(range(256)))]
    store.append([fact(stream)], sealed=boxes)

    assert store.boxes([boxes[0].handle, boxes[1].handle, uuid4()]) == {one.handle: one for one in boxes}
    assert store.boxes([]) == {}


def test_sealed_boxes_of_a_refused_save_are_not_kept(store: Recorder) -> None:
    stream, sealed = uuid4(), box()
    store.append([fact(stream)])
    with pytest.raises(Conflict):
        store.append([fact(stream)], sealed=[sealed])

    assert store.boxes([sealed.handle]) == {}


def test_a_handle_is_used_once_and_its_second_use_hurts_nobody_else(log: Log, url: str) -> None:
    sealed, neighbour = box(), uuid4()
    log.write([Request([fact(uuid4())], None, [sealed])])
    with pytest.raises(Exception, match="sealed"):
        log.write([Request([fact(uuid4())], None, [sealed]), Request([fact(neighbour)])])
    assert log.head() == 1

    with closing(open_store(url)) as store:
        with pytest.raises(Exception, match="sealed"):
            store.append([fact(uuid4())], sealed=[sealed])
        assert store.append([fact(neighbour)]).position == 2
        assert store.boxes([sealed.handle]) == {sealed.handle: sealed}


def test_a_followed_position_and_what_is_derived_from_it_commit_together(store: Recorder) -> None:
    stream = uuid4()
    assert store.max_tracking_id("other") is None
    store.append([fact(stream)], tracking=Tracked("other", 0, 40))
    with pytest.raises(Conflict) as refusal:
        store.append([fact(stream, 2)], tracking=Tracked("other", 0, 41))
    assert refusal.value.code == "position_moved"
    store.append([fact(stream, 2)], tracking=Tracked("other", 40, 41))

    assert store.max_tracking_id("other") == 41
    assert store.head() == 2


def test_of_two_copies_that_follow_the_same_source_one_writes(store: Recorder, second: Recorder) -> None:
    refused = list[str]()

    def derive(recorder: Recorder) -> None:
        for position in range(1, 21):
            try:
                recorder.append([fact(uuid4())], tracking=Tracked("other", position - 1, position))
            except Conflict as refusal:
                refused.append(refusal.code)

    together((derive, store), (derive, second))
    assert (store.head(), store.max_tracking_id("other")) == (20, 20)
    assert refused == ["position_moved"] * 20


# The library's seams


class Notes(Application[UUID]):
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        super().__init__()

    def construct_recorder(self) -> ApplicationRecorder:
        return self._recorder


class Note(Aggregate):
    @event("Written")
    def __init__(self, text: str) -> None:
        self.text = text

    @event("Rewritten")
    def rewrite(self, text: str) -> None:
        self.text = text


def test_the_librarys_application_runs_on_it(store: Recorder) -> None:
    notes, note = Notes(store), Note("first")
    note.rewrite("second")
    recordings = notes.save(note)

    loaded: Note = notes.repository.get(note.id)
    assert (loaded.text, loaded.version) == ("second", 2)
    assert [recording.notification.id for recording in recordings] == [1, 2]
    assert [item.originator_version for item in notes.notification_log.select(1, 10)] == [1, 2]
    with pytest.raises(AggregateNotFoundError):
        notes.repository.get(uuid4())


def test_the_librarys_save_carries_the_command(store: Recorder) -> None:
    notes, note, copy = Notes(store), Note("first"), Note("first")
    save, sealed = command(note.id), box()

    assert len(notes.save(note, command=save, sealed=[sealed])) == 1
    assert notes.save(copy, command=save) == []
    assert store.outcome(save.id) == (Outcome(note.id, 1, 1, repeated=True), b"digest")
    assert store.boxes([sealed.handle])


def test_the_librarys_tracking_never_goes_back(store: Recorder) -> None:
    store.insert_tracking(Tracking("other", 5))
    store.insert_events([fact(uuid4())], tracking=Tracking("other", 9))
    for position in (9, 8, 1):
        with pytest.raises(Conflict):
            store.insert_tracking(Tracking("other", position))

    assert (store.has_tracking_id("other", 9), store.has_tracking_id("other", 10)) == (True, False)
    assert store.head() == 1


def test_the_library_saves_nothing_when_there_is_nothing(store: Recorder) -> None:
    assert store.insert_events([]) == []


def test_a_stream_is_read_in_part_and_in_either_direction(store: Recorder) -> None:
    stream = uuid4()
    store.append([fact(stream, version) for version in range(1, 6)])
    store.append([fact(uuid4())])

    def versions(**bounds: int | bool) -> list[int]:
        return [one.originator_version for one in store.select_events(stream, **bounds)]  # type: ignore[arg-type]

    assert versions() == [1, 2, 3, 4, 5]
    assert versions(gt=2) == [3, 4, 5]
    assert versions(gt=1, lte=3) == [2, 3]
    assert versions(desc=True, limit=2) == [5, 4]
    assert versions(limit=2) == [1, 2]


def test_notifications_are_read_by_start_stop_and_topic(store: Recorder) -> None:
    stream = uuid4()
    store.append([Stored(stream, version, "testing.Even.v1" if version % 2 == 0 else NOTED, b"{}") for version in range(1, 9)])

    def ids(start: int | None, limit: int, stop: int | None = None, topics: Sequence[str] = (), *, inclusive: bool = True) -> list[int]:
        return [one.id for one in store.select_notifications(start, limit, stop, topics, inclusive_of_start=inclusive)]

    assert ids(None, 3) == [1, 2, 3]
    assert ids(3, 10) == [3, 4, 5, 6, 7, 8]
    assert ids(3, 10, inclusive=False) == [4, 5, 6, 7, 8]
    assert ids(3, 10, 5) == [3, 4, 5]
    assert ids(1, 2, None, ["testing.Even.v1"]) == [2, 4]
    assert ids(1, 10, 5, ["testing.Even.v1", NOTED]) == [1, 2, 3, 4, 5]
    assert store.max_notification_id() == 8


def test_the_librarys_subscriptions_are_refused(store: Recorder) -> None:
    with pytest.raises(NotImplementedError):
        store.subscribe()


# Waking, closing, opening


def test_a_listener_is_called_after_each_commit_until_it_takes_itself_back(store: Recorder) -> None:
    heard = threading.Semaphore(0)
    unsubscribe = store.woken(heard.release)
    store.append([fact(uuid4())])
    assert heard.acquire(timeout=LONG)

    unsubscribe()
    done = threading.Semaphore(0)
    store.woken(done.release)
    store.append([fact(uuid4())])
    assert done.acquire(timeout=LONG)
    assert not heard.acquire(blocking=False)


def test_a_closed_store_takes_nothing_more(store: Recorder) -> None:
    store.append([fact(uuid4())])
    store.close()
    with pytest.raises(Unavailable):
        store.append([fact(uuid4())])


def test_a_store_keeps_its_identity_and_shares_it_with_no_other(store: Recorder, second: Recorder, url: str, other_url: str) -> None:
    assert second.store_id == store.store_id
    with closing(open_store(other_url, create=True)) as other:
        assert other.store_id != store.store_id
    with closing(open_store(url, create=True)) as again:
        assert again.store_id == store.store_id


def test_a_restored_store_can_be_told_from_the_one_it_came_from(store: Recorder, url: str) -> None:
    before, stream = store.store_id, uuid4()
    store.append([fact(stream)])
    store.close()
    renew_store(url)

    with closing(open_store(url)) as restored:
        assert restored.store_id != before
        assert contents(restored) == [(1, stream, 1)]


def test_many_may_create_the_same_store_at_once(url: str) -> None:
    identities = list[UUID]()

    def create() -> None:
        with closing(open_store(url, create=True)) as store:
            store.append([fact(uuid4())])
            identities.append(store.store_id)

    together(*[(create,)] * 6)
    assert (len(identities), len(set(identities))) == (6, 1)


def test_a_store_that_was_not_created_cannot_be_opened(url: str) -> None:
    with pytest.raises(LookupError, match="create it first"):
        open_store(url)


def test_the_librarys_database_functions_are_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES_POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    with pytest.raises(ValueError, match="readers would skip facts"):
        open_store(url, create=True)


@pytest.mark.parametrize("url", ["", "notes.db", "postgresql://somebody:secret@nowhere/notes", "mysql://nowhere/notes"])
def test_an_address_that_names_no_store_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="a store is named by") as fault:
        open_store(url)
    assert "secret" not in str(fault.value)


def damage_found(url: str, tamper: Sequence[str], run: "Tamper") -> str:
    with closing(open_store(url, create=True)) as store:
        store.append([fact(uuid4()) for _ in range(600)])
    for statement in tamper:
        run(statement)
    with pytest.raises(DamagedLog) as damage:
        open_store(url)
    return str(damage.value)


class Tamper:
    """Somebody with the rights of the owner: runs a statement in the database of `url`."""

    def __call__(self, statement: str) -> None:
        raise NotImplementedError


def test_a_lost_tail_is_noticed(url: str, tamper: Tamper) -> None:
    found = damage_found(url, ["DELETE FROM events WHERE position > 590"], tamper)
    assert found == "the head says 600, the last fact is 590"


def test_a_hole_in_the_last_page_is_noticed(url: str, tamper: Tamper) -> None:
    found = damage_found(url, ["DELETE FROM events WHERE position IN (300, 301)"], tamper)
    assert found == "2 of the last 500 facts are missing"


def test_a_head_that_was_turned_back_is_noticed(url: str, tamper: Tamper) -> None:
    found = damage_found(url, ["UPDATE head SET position = 10"], tamper)
    assert found == "the head says 10, the last fact is 600"


def test_a_missing_head_is_noticed(url: str, tamper: Tamper) -> None:
    assert damage_found(url, ["DELETE FROM head"], tamper) == "the log has no head"
