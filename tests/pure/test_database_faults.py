"""One database under its faults: nothing is left half open, what may pass is said to be passing, what is ours is not hidden."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import Unavailable
from shared import database as module
from shared.database import Database

TABLES = """
CREATE TABLE IF NOT EXISTS parent (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS child (id TEXT PRIMARY KEY, parent TEXT REFERENCES parent DEFERRABLE INITIALLY DEFERRED, words BLOB);
"""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = Database.open(f"sqlite:///{tmp_path}/views.db")
    opened.define(TABLES)
    opened.define(TABLES)
    return opened


def children(database: Database) -> list[tuple[str]]:
    with database.reading() as tx:
        return [(row[0],) for row in tx.rows("SELECT id FROM child ORDER BY id")]


def test_what_is_not_committed_never_was(database: Database) -> None:
    def half_done() -> None:
        with database.transaction() as tx:
            tx.execute("INSERT INTO child (id) VALUES ('a')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert children(database) == []


def test_a_commit_that_fails_leaves_nothing_open(database: Database) -> None:
    writer: Any = vars(database)["_writer"]
    writer.execute("PRAGMA foreign_keys = ON")  # within a transaction it would do nothing
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as tx:
        tx.execute("INSERT INTO child (id, parent) VALUES ('orphan', 'nobody')")
    with database.transaction() as tx:
        tx.insert("child", ("id", "words"), [("a", b"x"), ("b", b"y")])
    assert children(database) == [("a",), ("b",)]


def test_a_full_disk_may_pass_and_leaves_nothing_open(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute("PRAGMA max_page_count = 12")
    with pytest.raises(Unavailable, match="database_busy"), database.transaction() as tx:
        tx.insert("child", ("id", "words"), [(str(number), b"x" * 4_000) for number in range(50)])
    with database.transaction() as tx:
        tx.execute("PRAGMA max_page_count = 1000000")
        tx.execute("INSERT INTO child (id) VALUES ('after')")
    assert children(database) == [("after",)]


def test_another_process_that_writes_is_waited_for_and_then_it_may_pass(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.2)
    other = sqlite3.connect(tmp_path / "views.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="database_busy"), database.transaction():
        pass
    other.execute("ROLLBACK")
    other.close()
    with database.transaction() as tx:
        tx.execute("INSERT INTO child (id) VALUES ('a')")
    assert children(database) == [("a",)]


def test_a_fault_of_ours_is_not_said_to_pass(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError), database.transaction() as tx:
        tx.execute("INSERT INTO nowhere VALUES (1)")
    assert children(database) == []


def test_a_database_is_named_by_an_address_we_know() -> None:
    with pytest.raises(ValueError, match="a database is named by"):
        Database.open("mysql://somewhere/db")
