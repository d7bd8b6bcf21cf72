"""What is removed from SQLite for good is in no file of the folder: not in the pages of the table, not in the journal."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.errors import Unavailable
from shared import shredding
from shared.database import Database
from shared.store import Recorder, SealedBox, open_store
from tests.store_suite import command, fact

BOXES = 200
SIZES = (300, 5_000)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Recorder]:
    with closing(open_store(f"sqlite:///{tmp_path}/facts.db", create=True)) as opened:
        yield opened


@pytest.fixture
def boxes(store: Recorder) -> list[SealedBox]:
    """Many boxes, small and large, each saved by itself so that the table grows as it does in life."""
    made = [SealedBox(uuid4(), uuid4(), os.urandom(SIZES[number % 2])) for number in range(BOXES)]
    for box in made:
        store.append([fact(stream := uuid4())], command=command(stream), sealed=[box])
    return made


def holding(folder: Path, secrets: list[bytes]) -> list[str]:
    """The files in which one of `secrets` is."""
    contents = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [name for name, content in contents.items() if any(secret in content for secret in secrets)]


def test_shredded_boxes_are_in_no_file_and_the_others_stay(tmp_path: Path, store: Recorder, boxes: list[SealedBox]) -> None:
    gone, kept = boxes[50:60], [*boxes[:50], *boxes[60:]]
    canaries = [box.ciphertext[:64] for box in gone]
    assert holding(tmp_path, canaries)
    store.shred([box.handle for box in gone])
    assert holding(tmp_path, canaries) == []
    assert store.boxes([box.handle for box in boxes]) == {box.handle: box for box in kept}


def test_no_copy_of_a_box_is_left_where_it_once_lay(tmp_path: Path, store: Recorder, boxes: list[SealedBox]) -> None:
    """Boxes that move while others are removed leave nothing behind when it is their turn."""
    for start in range(0, BOXES, 20):
        gone = boxes[start : start + 10]
        store.shred([box.handle for box in gone])
    assert holding(tmp_path, [box.ciphertext[:64] for start in range(0, BOXES, 20) for box in boxes[start : start + 10]]) == []


def test_shredded_keys_are_in_no_file(tmp_path: Path) -> None:
    with closing(Database.open(f"sqlite:///{tmp_path}/keys.db")) as keys:
        keys.define("CREATE TABLE subject_key (subject TEXT PRIMARY KEY, wrapped BLOB NOT NULL)")
        made = {str(uuid4()): os.urandom(40) for _ in range(500)}
        for subject, wrapped in made.items():
            keys.write("INSERT INTO subject_key (subject, wrapped) VALUES (:subject, :wrapped)", {"subject": subject, "wrapped": wrapped})
        gone = list(made)[200:250]
        keys.shred("subject_key", "subject", gone)
        assert holding(tmp_path, [made[subject] for subject in gone]) == []
        assert {row[0] for row in keys.rows("SELECT subject FROM subject_key")} == set(made) - set(gone)


def test_shredding_again_is_nothing_new(store: Recorder, boxes: list[SealedBox]) -> None:
    for _ in range(2):
        store.shred([boxes[0].handle])
    assert len(store.boxes([box.handle for box in boxes])) == BOXES - 1


def test_facts_are_appended_after_shredding_as_before(store: Recorder, boxes: list[SealedBox]) -> None:
    store.shred([boxes[0].handle])
    store.append([fact(uuid4())], sealed=[SealedBox(uuid4(), uuid4(), b"new")])
    assert store.head() == BOXES + 1


def test_a_reader_who_keeps_the_old_pages_in_use_is_waited_for(
    tmp_path: Path, store: Recorder, boxes: list[SealedBox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it takes too long that is said, and tried again later."""
    monkeypatch.setattr(shredding, "_PATIENCE_SECONDS", 0.2)
    with closing(sqlite3.connect(tmp_path / "facts.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sealed").fetchone()
        with pytest.raises(Unavailable, check=lambda fault: fault.code == "cannot_shred_now"):
            store.shred([boxes[0].handle])
        reader.execute("ROLLBACK")
    store.shred([boxes[0].handle])
    assert holding(tmp_path, [boxes[0].ciphertext[:64]]) == []
