"""The store on SQLite; the same suite runs on PostgreSQL in tests/servers."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.errors import Unavailable
from shared.store import Recorder, SavedCommand, open_store
from tests.store_suite import *  # noqa: F403  the suite
from tests.store_suite import Tamper, fact, test_many_may_create_the_same_store_at_once


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stores" / "notes.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def other_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/other.db"


@pytest.fixture
def tamper(path: Path) -> Tamper:
    class InTheFile(Tamper):
        def __call__(self, statement: str) -> None:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                    connection.execute(f"DROP TRIGGER {name}")
                connection.execute(statement)

    return InTheFile()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET state = x'00'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT position, stream, version, type, x'00' FROM events",
        "INSERT OR REPLACE INTO events SELECT position + 1, stream, version, type, x'00' FROM events",
        "UPDATE commands SET digest = x'00'",
        "DELETE FROM commands",
    ],
)
def test_what_is_stored_cannot_be_changed_or_removed(store: Recorder, path: Path, statement: str) -> None:
    stream = uuid4()
    store.append([fact(stream)], command=SavedCommand(uuid4(), b"digest", stream, 1))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)

    assert store.read(0, 10) == [(1, stream, 1, "testing.Noted.v1", b"{}")]


def test_commits_are_flushed_to_disk(store: Recorder) -> None:
    writer = store._log._writer  # type: ignore[attr-defined]
    assert writer.execute("PRAGMA synchronous").fetchone() == (2,)
    assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_second_process_may_write_to_the_same_file(store: Recorder, url: str) -> None:
    program = (
        "import sys; from uuid import uuid4; from shared.store import Stored, open_store\n"
        "store = open_store(sys.argv[1])\n"
        "for _ in range(60): store.append([Stored(uuid4(), 1, 'testing.Noted.v1', b'{}')])\n"
        "store.close()"
    )
    other = subprocess.Popen([sys.executable, "-c", program, url])
    for _ in range(60):
        store.append([fact(uuid4())])

    assert other.wait(60) == 0
    assert [row.position for row in store.read(0, 200)] == list(range(1, 121))


def test_a_save_waits_for_another_writer_no_longer_than_its_deadline(url: str, path: Path) -> None:
    with closing(open_store(url, create=True, deadline=0.2)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            store.append([fact(uuid4())])
        other.execute("COMMIT")

        assert store.append([fact(uuid4())]).position == store.head()


def test_a_missing_file_is_not_made_by_opening_it(url: str, path: Path) -> None:
    with pytest.raises(LookupError):
        open_store(url)
    assert not path.exists()


def test_many_may_create_many_files_at_once(tmp_path: Path) -> None:
    for round in range(20):  # SQLite refuses a second creator one time in twenty
        test_many_may_create_the_same_store_at_once(f"sqlite:///{tmp_path}/{round}/notes.db")
