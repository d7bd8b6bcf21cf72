"""What the ledger promises, on any database: imported by the tests that give the fixture `address`."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.audit import CheckpointPage, Completeness, ExportLedger, GetCompleteness, ListCheckpoints, SourceAdopted
from contracts.errors import Conflict, NotFound, NotPermitted, Unavailable
from services.audit.application.exports import Exports
from services.audit.application.stores import Difference, Stores
from services.audit.ledger import note
from services.audit.ledger.tree import leaf_hash, root_of
from services.audit.publishing import DamagedLedger, Publisher, Refused, SignatureRefused
from services.audit.views import OWN
from shared.database import Database, Transaction
from shared.ranges import Range, Seen
from shared.store import Recorder, Stored, open_store
from shared.views.places import Place
from shared.views.reader import Fetch
from tests.given import context
from tests.ledger_fixture import ORIGIN, SOURCE, Scene
from tests.ledger_process import KILLED, STEPS
from tests.propagation_fixture import NOTED, REGION, state

Address = Callable[[str], str]
"""The url of a database of this name: `views` is that of the fixture `database`, `notes` that of `store`."""


@pytest.fixture
def database(address: Address) -> Iterator[Database]:
    with closing(Database.open(address("views"))) as opened:
        yield opened


@pytest.fixture
def store(address: Address) -> Iterator[Recorder]:
    with closing(open_store(address("notes"), create=True)) as opened:
        yield opened


@pytest.fixture
def other_store(address: Address) -> Iterator[Recorder]:
    with closing(open_store(address("other"), create=True)) as opened:
        yield opened


@pytest.fixture
def scene(database: Database, tmp_path: Path, store: Recorder) -> Scene:
    return Scene(database, tmp_path, store)


@pytest.fixture
def published(scene: Scene) -> Scene:
    """A ledger of 301 entries with a checkpoint, and five more that none counts yet."""
    scene.write(300)
    scene.learn()
    scene.publisher().publish()
    scene.write(5)
    scene.learn()
    return scene


def whole(scene: Scene) -> None:
    """Nothing is missing or signed twice, and what is shown counts everything."""
    scene.publisher().check()
    lines = scene.lines()
    own = [line for line in lines if b'"source":"/ABH/audit"' in line[:120]]
    assert [line for line in lines if line not in own] == scene.stored()
    assert list(scene.tiles.entries(1, len(lines))) == lines
    assert (scene.shown().size, scene.shown().root) == (len(lines), root_of(map(leaf_hash, lines)))
    for head in scene.ever_signed():
        assert head.root == root_of(map(leaf_hash, lines[: head.size]))


# Entries


def test_every_fact_is_a_leaf_behind_the_entry_that_says_whose_it_is(scene: Scene) -> None:
    scene.write(3)
    scene.learn()
    first, *others = scene.lines()
    adopted = json.loads(first)
    assert others == scene.stored()
    assert (adopted["type"], adopted["source"], adopted["sequence"]) == ("audit.SourceAdopted.v1", "/ABH/audit", "1")
    assert adopted["data"]["source"] == SOURCE
    assert (adopted["data"]["store"], adopted["data"]["after"]) == (str(scene.store.store_id), 0)


def test_the_tree_is_that_of_all_leaves_whatever_came_together(scene: Scene) -> None:
    for count in (1, 2, 700, 13):
        scene.write(count)
        scene.learn()
        scene.learn("feedback")
    tail = scene.ledger.tail()
    assert tail is not None
    assert tail.tree.root() == root_of(map(leaf_hash, scene.lines()))
    assert tail.tree.size == 2 * 716 + 2
    assert [json.loads(line)["data"]["source"] for line in scene.lines() if b"SourceAdopted" in line] == [SOURCE, "feedback"]


@pytest.mark.parametrize("written", ["01.500000Z", "01.5Z", "01.50Z", "01.500000+00:00"])
def test_when_a_fact_was_recorded_is_text_of_one_width(scene: Scene, written: str) -> None:
    stream = uuid4()
    scene.store.append([Stored(stream, 1, NOTED, state(stream, 1).replace(b"01.500000Z", written.encode()))])
    scene.learn()
    assert scene.database.rows("SELECT recorded FROM entry WHERE number = 2") == [("2025-03-04T10:00:01.500000Z",)]


def test_a_fact_too_long_for_a_leaf_is_refused_and_nothing_is_written(scene: Scene) -> None:
    scene.write(1)
    scene.learn()
    long_state = b'{"recorded":"2025-03-04T10:00:01Z","about":"%s"}' % (b"x" * 66_000)
    long = Seen(SOURCE, 2, NOTED, long_state, b'{"data":' + long_state + b"}", scene.store.store_id)
    with pytest.raises(ValueError, match="too long"), scene.database.transaction() as tx:
        scene.ledger.view.apply(scene.ledger.view.within(tx), [long])
    assert len(scene.lines()) == 2


# Checkpoints


def test_a_checkpoint_counts_every_entry_and_is_signed(published: Scene) -> None:
    assert published.shown().size == 301
    assert published.publisher().publish()
    whole(published)
    assert published.shown().size == 306


def test_without_new_entries_there_is_no_new_checkpoint(published: Scene) -> None:
    publisher = published.publisher()
    assert [publisher.publish() for _ in range(3)] == [True, False, False]
    assert [size for (size,) in published.database.rows("SELECT size FROM checkpoint ORDER BY size")] == [301, 306]


def test_an_empty_ledger_has_no_checkpoint(scene: Scene) -> None:
    scene.publisher().check()
    assert not scene.publisher().publish()


def test_a_large_ledger_is_published_in_parts(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.audit.publishing.publisher.AT_ONCE", 256)
    scene.write(900)
    scene.learn()
    scene.publisher().publish()
    whole(scene)


def test_the_history_is_taken_out_for_a_reason_and_up_to_what_is_signed(scene: Scene) -> None:
    exports = Exports(scene.ledger, scene.tiles, "quorum none\n")
    auditor = context(role="governance_auditor").model_copy(update={"reason": "audit"})
    with pytest.raises(NotFound, match=r"^no_checkpoint:"):
        exports.export_ledger(query=ExportLedger(), context=auditor)
    scene.write(3)
    scene.learn()
    scene.publisher().publish()
    with pytest.raises(NotPermitted):
        exports.export_ledger(query=ExportLedger(), context=context(role="governance_auditor"))
    answer = exports.export_ledger(query=ExportLedger(), context=auditor)
    assert (answer.checkpoint.encode(), answer.policy) == ((scene.folder / "ledger/checkpoint").read_bytes(), "quorum none\n")


def test_older_checkpoints_are_told_a_page_at_a_time_the_last_of_every_hour(scene: Scene, database: Database) -> None:
    for hour, size in (("08", 3), ("08", 5), ("09", 7), ("10", 9)):
        row = {"size": size, "root": b"r", "note": f"head {size}".encode(), "signed": f"2025-06-11T{hour}:30:0{size}.000000Z"}
        with database.transaction() as tx:
            tx.execute("INSERT INTO checkpoint (size, root, note, signed) VALUES (:size, :root, :note, :signed)", row)
    exports, pages = Exports(scene.ledger, scene.tiles, ""), list[CheckpointPage]()
    while not pages or pages[-1].next:
        pages.append(exports.list_checkpoints(query=ListCheckpoints(limit=2, after=pages[-1].next if pages else None)))
    assert [[one.note for one in page.items] for page in pages] == [["head 5", "head 7"], ["head 9"]]
    assert not any(one.witnessed for page in pages for one in page.items)


def test_of_two_that_publish_one_goes_on(published: Scene) -> None:
    one, other = published.publisher(), published.publisher()
    head = other._head()
    one.publish()
    published.write(1)
    published.learn()
    with pytest.raises(RuntimeError, match="another copy"):
        other._move(head, type(head)(307, bytes(32)))
    assert other.publish()
    whole(published)


def test_what_witnesses_add_is_kept_and_shown(published: Scene) -> None:
    witness = note.Signer.make("witness.example", note.WITNESS)
    at = datetime(2025, 5, 27, 16, tzinfo=UTC)

    class Witnesses:
        def cosigned(self, signed: bytes, proof_from: Callable[[int], Sequence[bytes]]) -> tuple[bytes, datetime | None]:
            assert proof_from(301)
            return signed + witness.signature(note.split(signed)[0], at).line.encode(), at

    published.publisher(witnesses=Witnesses()).publish()
    shown = (published.folder / "ledger" / "checkpoint").read_bytes()
    assert note.open_note(shown, [witness.verifier]).good
    last = published.ledger.last_checkpoint()
    assert last is not None
    assert (last.size, last.witnessed) == (306, at)


@pytest.mark.parametrize(
    "answer", [Unavailable("witness_away", "x"), note.sign(f"{ORIGIN}\n1\n{'A' * 43}=\n", note.Signer.make(ORIGIN, note.LOG))]
)
def test_a_checkpoint_nobody_witnesses_is_shown_unwitnessed(published: Scene, answer: Any) -> None:
    class Witnesses:
        def cosigned(self, *_: Any) -> tuple[bytes, datetime | None]:
            if isinstance(answer, Exception):
                raise answer
            return answer, None

    published.publisher(witnesses=Witnesses()).publish()
    whole(published)
    last = published.ledger.last_checkpoint()
    assert last is not None
    assert last.witnessed is None


# The signer


def test_the_signer_signs_nothing_that_is_not_proved_to_continue_what_it_signed(published: Scene) -> None:
    signer, last = published.signer(), published.signer().last
    assert last is not None
    for size, root, proof in (
        (301, bytes(32), ()),
        (300, published.tiles.root(300), ()),
        (306, bytes(32), ()),
        (306, bytes(32), [bytes(32)] * 4),
    ):
        with pytest.raises(SignatureRefused):
            signer.sign(size, root, proof)
    assert signer.last == last


def test_the_signer_gives_the_same_note_for_the_head_it_remembers(published: Scene) -> None:
    last = published.signer().last
    assert last is not None
    assert published.signer().sign(last.size, last.root, ()) == (published.folder / "ledger" / "checkpoint").read_bytes()


def test_a_database_put_back_and_written_on_gets_no_second_history_signed(published: Scene, database: Database) -> None:
    """Files, rows and head agree with each other about another past; the signer does not."""
    published.publisher().publish()
    with database.transaction() as tx:
        for statement in (
            "DELETE FROM entry",
            "DELETE FROM tail",
            "DELETE FROM adopted",
            "DELETE FROM positions",
            "DELETE FROM published",
            "DELETE FROM checkpoint",
        ):
            tx.execute(statement)
    (published.folder / "ledger").rename(published.folder / "before")
    published.write(9)
    published.learn()
    with pytest.raises(SignatureRefused):
        published.publisher().publish()
    assert not (published.folder / "ledger" / "checkpoint").exists()


def lead(scene: Scene) -> list[str | None]:
    """What is told by a publisher that begins, and ends as soon as it has told something."""
    told: list[str | None] = []

    def tell(why: str | None) -> None:
        told.append(why)
        publisher.close()

    publisher: Publisher = scene.publisher(tell=tell)
    publisher.run()
    return told


def test_a_refusal_is_told_and_taken_back(published: Scene) -> None:
    memory = published.folder / "ledger.key.signed"
    good = memory.read_text()
    memory.write_text(good.replace("301", "999"))
    assert "999" in str(lead(published))
    memory.write_text(good)
    assert lead(published) == [None]


def test_keys_overlap_and_the_ledger_says_who_signs(published: Scene) -> None:
    lead(published)
    first = published.signer().verifiers[0]
    second = published.next().verifier
    lead(published)
    assert published.ledger.keys_recorded() == {first.text, second.text}
    both = (published.folder / "ledger" / "checkpoint").read_bytes()
    assert {one.key_id for one in note.split(both)[1]} == {first.key_id, second.key_id}
    published.next_key.replace(published.key)
    lead(published)
    assert published.ledger.keys_recorded() == {second.text}
    whole(published)
    said = [json.loads(line) for line in published.lines() if b"LedgerKey" in line]
    assert [(one["type"], one["data"]["key"]) for one in said] == [
        ("audit.LedgerKeyAdded.v1", first.text),
        ("audit.LedgerKeyAdded.v1", second.text),
        ("audit.LedgerKeyRetired.v1", first.text),
    ]


def test_a_key_of_another_ledger_is_refused(published: Scene) -> None:
    published.key.write_text(note.Signer.make("comhar/XYZ", note.LOG).text)
    with pytest.raises(ValueError, match=ORIGIN):
        published.signer()


# What contradicts itself does not start


def _changed(file: Path, change: Callable[[bytes], bytes]) -> None:
    file.write_bytes(change(file.read_bytes()))


_OF_ANOTHER = "UPDATE entry SET line = (SELECT line FROM entry WHERE number = 2) WHERE number = "
CONTRADICTIONS: dict[str, Callable[[Scene, Callable[[str], None]], object]] = {
    "the last entry is gone": lambda _, sql: sql("DELETE FROM entry WHERE number = 306"),
    "a published entry is changed": lambda _, sql: sql(f"{_OF_ANOTHER}300"),
    "an entry not yet published is changed": lambda _, sql: sql(f"{_OF_ANOTHER}303"),
    "the tree is gone": lambda _, sql: sql("DELETE FROM tail"),
    "the head is another's": lambda _, sql: sql("UPDATE published SET size = 300"),
    "the head is gone": lambda _, sql: sql("DELETE FROM published"),
    "a reader stands elsewhere": lambda _, sql: sql("UPDATE positions SET position = position - 1"),
    "a store is another": lambda _, sql: sql("UPDATE positions SET store = '00000000-0000-0000-0000-000000000001'"),
    "a tile is changed": lambda scene, _: _changed(scene.folder / "ledger/tile/1/000.p/1", lambda _: bytes(32)),
    "a bundle is changed": lambda scene, _: _changed(
        scene.folder / "ledger/tile/entries/001.p/45", lambda bundle: bundle[:9] + b"!" + bundle[10:]
    ),
    "the files are gone": lambda scene, _: (scene.folder / "ledger/tile").rename(scene.folder / "lost"),
    "the signer's memory is gone": lambda scene, _: (scene.folder / "ledger.key.signed").unlink(),
    "the signer remembers more": lambda scene, _: _changed(
        scene.folder / "ledger.key.signed", lambda kept: kept.replace(b"301", b"302")
    ),
    "the signer remembers another root": lambda scene, _: (scene.folder / "ledger.key.signed").write_text(
        f"{ORIGIN}\n301\n{'A' * 43}=\n"
    ),
    "the signer remembers nonsense": lambda scene, _: (scene.folder / "ledger.key.signed").write_text("301"),
    "the checkpoint is not signed by its key": lambda scene, _: _changed(
        scene.folder / "ledger/checkpoint", lambda shown: shown.replace(b"301", b"300")
    ),
}  # fmt: skip


@pytest.mark.parametrize("contradiction", CONTRADICTIONS)
def test_a_ledger_that_contradicts_itself_does_not_start(published: Scene, contradiction: str) -> None:
    published.publisher().check()

    def sql(statement: str) -> None:
        with published.database.transaction() as tx:
            tx.must(statement, {}, AssertionError(statement))

    CONTRADICTIONS[contradiction](published, sql)
    with pytest.raises(DamagedLedger, match="the ledger contradicts itself"):
        published.publisher().check()


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM entry WHERE number = 303", "UPDATE entry SET line = (SELECT line FROM entry WHERE number = 2) WHERE number = 303"],
)
def test_what_is_not_what_the_tree_says_is_not_published(published: Scene, statement: str) -> None:
    with published.database.transaction() as tx:
        tx.execute(statement)
    with pytest.raises(Refused):
        published.publisher().publish()
    assert published.shown().size == 301


# Dying between two steps


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_after_a_step_leaves_what_the_next_one_finishes(published: Scene, address: Address, step: str) -> None:
    arguments = [address("views"), str(published.folder), address("notes"), step]
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.ledger_process", *arguments], check=False)
    assert done.returncode == KILLED
    published.publisher().check()
    published.write(3)
    published.learn()
    published.publisher().publish()
    whole(published)


class Died(BaseException):
    """The process ends here."""


class Countdown:
    """Lets so many durable acts be done and dies before the next: a flush, a rename, a commit."""

    def __init__(self, acts: int) -> None:
        self.left = acts

    def before(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def mortal(*given: Any, **named: Any) -> Any:
            self.spend()
            return act(*given, **named)

        return mortal

    def spend(self) -> None:
        if not self.left:
            raise Died
        self.left -= 1

    def committing(self, database: Database) -> Callable[[], Any]:
        begin = database.transaction

        @contextmanager
        def transaction() -> Iterator[Transaction]:
            with begin() as tx:
                yield tx
                self.spend()
            self.spend()

        return transaction


def test_wherever_publishing_dies_the_next_one_finishes(published: Scene) -> None:
    """Before every flush, rename and commit there is; entries come meanwhile; no two heads that are signed contradict each other."""
    for acts in itertools.count():
        published.write(40)
        published.learn()
        with pytest.MonkeyPatch.context() as patch:
            death = Countdown(acts)
            patch.setattr(os, "fsync", death.before(os.fsync))
            patch.setattr(Path, "replace", death.before(Path.replace))
            patch.setattr(published.database, "transaction", death.committing(published.database))
            try:
                published.publisher().publish()
            except Died:
                survived = False
            else:
                survived = True
        published.publisher().check()
        if survived:
            break
        if acts % 3:  # else the next one finds entries that came after the death
            published.publisher().publish()
            whole(published)
    whole(published)
    assert acts > 15


# Completeness


def completeness(scene: Scene, fetch: Fetch | None = None) -> Completeness:
    return Stores(scene.ledger, fetch or scene.fetch, REGION).get_completeness(query=GetCompleteness())


def test_a_whole_ledger_says_so_and_what_it_stands_on(published: Scene) -> None:
    published.publisher().publish()
    answer = completeness(published)
    own, sessions = answer.sources
    assert (answer.whole, answer.entries, answer.unread) == (True, 306, ())
    assert (sessions.source, sessions.store, sessions.first, sessions.last, sessions.facts) == (
        SOURCE,
        published.store.store_id,
        1,
        305,
        305,
    )
    assert (sessions.head, sessions.lag, own.source, own.facts) == (305, 0, OWN, 1)
    assert answer.checkpoint is not None
    assert (answer.checkpoint.size, answer.checkpoint.root) == (306, answer.root)


def test_what_is_not_here_yet_is_not_whole(published: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.audit.application.stores._PATIENCE_SECONDS", 0.0)
    published.write(2)
    answer = completeness(published)
    assert (answer.whole, answer.sources[1].lag) == (False, 2)


def test_an_empty_ledger_is_not_whole(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.audit.application.stores._PATIENCE_SECONDS", 0.0)
    assert not completeness(scene).whole
    scene.write(1)
    answer = completeness(scene)
    assert (answer.whole, answer.unread) == (False, (SOURCE,))


def test_a_source_that_cannot_be_asked_is_named(published: Scene) -> None:
    def fetch(source: str, after: int, limit: int) -> Range:
        if source == "feedback":
            raise Unavailable("timeout", "x")
        return published.fetch(source, after, limit)

    answer = completeness(published, fetch)
    assert (answer.whole, answer.unread) == (False, ("feedback",))


def test_a_hole_is_named(published: Scene) -> None:
    with published.database.transaction() as tx:
        tx.execute("DELETE FROM entry WHERE number IN (4, 5, 9)")
    answer = completeness(published)
    assert (answer.whole, answer.sources[1].holes) == (False, ((3, 4), (8, 8)))


def test_a_store_that_has_lost_facts_is_not_whole(published: Scene, other_store: Recorder) -> None:
    published.store = other_store
    assert completeness(published).unread == (SOURCE,)
    copy_log(published.store, other_store, 303)
    assert not completeness(published).whole


# Every byte


def reconciled(scene: Scene) -> list[Difference]:
    told: list[tuple[int, int]] = []
    found = Stores(scene.ledger, scene.fetch, REGION).reconcile(lambda *progress: told.append(progress))
    assert told[-1] == (scene.store.head(), scene.store.head())
    return found


def test_a_sound_ledger_has_the_bytes_of_every_store(published: Scene) -> None:
    published.write(900)
    published.learn()
    assert reconciled(published) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE entry SET line = (SELECT line FROM entry WHERE number = 2) WHERE number = 8", "other bytes"),
        ("DELETE FROM entry WHERE number = 8", "not in the ledger"),
        ("DELETE FROM entry WHERE number > 7", "not in the ledger"),
    ],
)
def test_the_first_fact_that_differs_is_named(published: Scene, statement: str, what: str) -> None:
    with published.database.transaction() as tx:
        tx.execute(statement)
    assert reconciled(published)[0] == Difference(SOURCE, 7, what)


def test_what_the_store_no_longer_has_is_named(published: Scene, other_store: Recorder) -> None:
    copy_log(published.store, other_store, 303)
    published.store = other_store
    assert reconciled(published) == [Difference(SOURCE, position, "not in the store") for position in (304, 305)]


# Another store


def accept(scene: Scene, reason: str = "restored") -> SourceAdopted:
    return Stores(scene.ledger, scene.fetch, REGION).accept_store(source=SOURCE, reason=reason, actor="administrator")


def copy_log(store: Recorder, other: Recorder, upto: int) -> None:
    """What a back-up holds of a store."""
    rows = store.read(0, upto)
    for _, group in itertools.groupby(rows, key=lambda row: row.stream):
        other.append([Stored(row.stream, row.version, row.type, row.state) for row in group])


def test_a_restored_store_is_adopted_where_both_agree_and_the_decision_is_in_the_history(published: Scene, other_store: Recorder) -> None:
    copy_log(published.store, other_store, 303)
    left, published.store = published.store, other_store
    decided = accept(published, "restored")
    assert (decided.store, decided.after, decided.reason, decided.actor) == (other_store.store_id, 303, "restored", "administrator")
    published.write(4)
    published.learn()
    published.publisher().check()
    answer = completeness(published)
    assert [(one.source, one.store, one.after, one.last) for one in answer.sources] == [
        (OWN, decided.stream, 0, 2),
        (SOURCE, left.store_id, 0, 305),
        (SOURCE, other_store.store_id, 303, 307),
    ]
    assert answer.whole
    assert reconciled(published) == []
    published.publisher().publish()


def test_of_a_source_that_was_never_read_no_store_is_accepted(scene: Scene) -> None:
    with pytest.raises(NotFound, match=r"^nothing_read:"):
        accept(scene)


def test_a_store_with_a_new_identity_and_nothing_lost_is_adopted_at_its_end(published: Scene, other_store: Recorder) -> None:
    copy_log(published.store, other_store, 305)
    published.store = other_store
    decided = accept(published, "moved")
    assert decided.after == 305
    answer = completeness(published)
    assert answer.whole
    assert [one.facts for one in answer.sources] == [2, 305, 0]
    published.publisher().check()


def test_a_store_that_differs_earlier_is_adopted_before_the_first_difference(published: Scene, other_store: Recorder) -> None:
    copy_log(published.store, other_store, 10)
    published.store = other_store
    published.write(20)
    assert accept(published, "lost").after == 10
    published.learn()
    assert reconciled(published) == []


def test_the_store_one_has_and_the_one_one_left_are_not_adopted(published: Scene, other_store: Recorder) -> None:
    with pytest.raises(Conflict, match=r"^store_unchanged:.*renew-store sessions"):
        accept(published)
    left, published.store = published.store, other_store
    accept(published)
    published.store = left
    lines = published.lines()
    with pytest.raises(Conflict, match=r"^store_known:.*renew-store sessions"):
        accept(published)
    assert published.lines() == lines
    assert published.ledger.adopted()[SOURCE] == Place(other_store.store_id, 0)
