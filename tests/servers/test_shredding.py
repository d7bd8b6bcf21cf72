"""What is removed from PostgreSQL for good is in no file of the server: not in the pages of tables, not in the log, not in a dump."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from contracts.errors import Unavailable
from shared import shredding
from shared.database import Database
from shared.sealing import Keys
from shared.store import Recorder, SealedBox, create_store, open_store
from tests.servers_fixture import PostgresServer
from tests.store_suite import command, fact

BOXES = 200
SIZES = (300, 5_000)


@pytest.fixture
def owner(postgres: PostgresServer) -> str:
    return postgres.new_database()


@pytest.fixture
def store(owner: str) -> Iterator[Recorder]:
    """Opened by a role that owns nothing."""
    role = f"notes_{uuid4().hex[:8]}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'secret'").format(sql.Identifier(role)))
    create_store(f"{owner}?schema=notes", role=role)
    with closing(open_store(f"postgresql://{role}:secret@{owner.rpartition('@')[2]}?schema=notes")) as opened:
        yield opened


def filled(store: Recorder) -> list[SealedBox]:
    """Many boxes, small and large, each saved by itself so that the table grows as it does in life."""
    boxes = [SealedBox(uuid4(), uuid4(), os.urandom(SIZES[number % 2])) for number in range(BOXES)]
    for box in boxes:
        store.append([fact(stream := uuid4())], command=command(stream), sealed=[box])
    return boxes


def holding(folder: Path, secrets: list[bytes]) -> list[str]:
    """The files in which one of `secrets` is."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [str(path)] if any(secret in content for secret in secrets) else []
    return found


def analysed(owner: str) -> None:
    """The server has looked at its tables, as it does by itself within a minute, to know what to expect of them."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ANALYZE")


def canaries(boxes: list[SealedBox]) -> list[bytes]:
    return [box.ciphertext[:64] for box in boxes]


def test_shredded_boxes_are_in_no_file_and_the_others_stay(postgres: PostgresServer, owner: str, store: Recorder) -> None:
    boxes = filled(store)
    gone, kept = boxes[50:60], [*boxes[:50], *boxes[60:]]
    assert holding(postgres.directory, canaries(gone))
    analysed(owner)
    store.shred([box.handle for box in gone])
    assert holding(postgres.directory, canaries(gone)) == []
    assert store.boxes([box.handle for box in boxes]) == {box.handle: box for box in kept}
    dump = subprocess.run(["pg_dump", owner], capture_output=True, check=True).stdout
    assert [box for box in gone if box.ciphertext.hex().encode() in dump] == []
    assert kept[0].ciphertext.hex().encode() in dump


def test_shredded_keys_are_in_no_file(postgres: PostgresServer, owner: str, store: Recorder) -> None:
    with closing(Database.open(f"{owner}?schema=public")) as keys:
        Keys(keys, os.urandom(32))
        made = {str(uuid4()): os.urandom(40) for _ in range(50)}
        for subject, wrapped in made.items():
            keys.write("INSERT INTO subject_key (subject, wrapped) VALUES (:subject, :wrapped)", {"subject": subject, "wrapped": wrapped})
        analysed(owner)
        gone = list(made)[20:25]
        keys.shred("subject_key", "subject", gone)
        store.shred([])
        assert holding(postgres.directory, [made[subject] for subject in gone]) == []
        assert {row[0] for row in keys.rows("SELECT subject FROM subject_key")} == set(made) - set(gone)


def test_shredding_again_is_nothing_new(store: Recorder) -> None:
    boxes = filled(store)
    for _ in range(2):
        store.shred([boxes[0].handle])
    assert len(store.boxes([box.handle for box in boxes])) == BOXES - 1


def test_rows_that_a_backup_still_sees_are_not_taken_for_shredded(owner: str, store: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads with an older snapshot is waited for; if it takes too long, that is said, and tried again later."""
    boxes = filled(store)
    monkeypatch.setattr(shredding, "_PATIENCE_SECONDS", 0.2)
    with psycopg.connect(owner) as backup:
        backup.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        backup.execute("SELECT count(*) FROM notes.sealed")
        with pytest.raises(Unavailable, check=lambda fault: fault.code == "cannot_shred_now"):
            store.shred([boxes[0].handle])
    store.shred([boxes[0].handle])
    assert store.boxes([boxes[0].handle]) == {}
