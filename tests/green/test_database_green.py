"""Green threads that write to one SQLite file at the same moment: made durable together, undone alone, none told before it is true."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import eventlet
import pytest

from shared.database import Database

ROOT = Path(__file__).parents[2]
KILLED = """
import os, sys
from shared import database, green
green.patch()
import eventlet
from tests.green.test_database_green import opened, write
written = opened(sys.argv[1])
database.give_way = lambda: os._exit(9)
write(written, "a")
"""


def opened(path: str) -> Database:
    database = Database.open(f"sqlite:///{path}")
    database.define(
        "CREATE TABLE IF NOT EXISTS parent (id TEXT PRIMARY KEY);"
        "CREATE TABLE IF NOT EXISTS word (id TEXT PRIMARY KEY, parent TEXT REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
    )
    return database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(opened(str(tmp_path / "words.db"))) as database:
        yield database


@pytest.fixture
def commits(database: Database) -> list[str]:
    """What was committed since the test began."""
    said: list[str] = []
    writer: sqlite3.Connection = vars(database)["_writer"]
    writer.set_trace_callback(lambda statement: said.append(statement) if statement == "COMMIT" else None)
    return said


def write(database: Database, word: str, parent: str | None = None, then: Callable[[], object] = lambda: None) -> list[tuple[Any, ...]]:
    """What others see once the transaction is over."""
    with database.transaction() as tx:
        tx.execute("INSERT INTO word (id, parent) VALUES (:id, :parent)", {"id": word, "parent": parent})
        then()
    return words(database)


def words(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT id FROM word ORDER BY id")


def test_those_who_write_at_the_same_moment_share_a_commit_and_are_told_after_it(database: Database, commits: list[str]) -> None:
    writing = [eventlet.spawn(write, database, word) for word in "abcd"]
    assert [one.wait() for one in writing] == [[("a",), ("b",), ("c",), ("d",)]] * 4
    assert commits == ["COMMIT"]


def test_who_fails_is_undone_alone(database: Database) -> None:
    def fail() -> None:
        raise RuntimeError

    before, failing, after = (eventlet.spawn(write, database, word, None, then) for word, then in (("a", int), ("b", fail), ("c", int)))
    with pytest.raises(RuntimeError):
        failing.wait()
    assert before.wait()
    assert after.wait()
    assert words(database) == [("a",), ("c",)]


def test_a_commit_that_fails_is_told_to_all_whom_it_held(database: Database) -> None:
    vars(database)["_writer"].execute("PRAGMA foreign_keys = ON")
    for one in [eventlet.spawn(write, database, "a"), eventlet.spawn(write, database, "b", "nobody")]:
        with pytest.raises(sqlite3.IntegrityError):
            one.wait()
    assert write(database, "c") == [("c",)]


def test_a_full_disk_is_told_to_all_whom_it_undid(database: Database) -> None:
    def undo_all() -> None:
        vars(database)["_writer"].execute("ROLLBACK")
        raise RuntimeError

    both = [eventlet.spawn(write, database, "a"), eventlet.spawn(write, database, "b", None, undo_all)]
    for one in both:
        with pytest.raises(RuntimeError):
            one.wait()
    assert write(database, "c") == [("c",)]


def test_who_is_killed_while_others_go_first_leaves_nothing_open(database: Database, tmp_path: Path) -> None:
    writing = eventlet.spawn(write, database, "a")
    eventlet.spawn(eventlet.kill, writing)
    with pytest.raises(eventlet.greenlet.GreenletExit):
        writing.wait()
    with closing(sqlite3.connect(tmp_path / "words.db", timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")


def test_a_process_that_dies_while_others_go_first_has_written_nothing(database: Database, tmp_path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "words.db"], cwd=ROOT, env=os.environ, check=False)
    assert died.returncode == 9
    assert words(database) == []
