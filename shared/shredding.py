"""Removing rows so that their bytes are gone: from the pages of the table, from the journal, from every file of the database.

A DELETE alone leaves them there: SQLite and PostgreSQL free the space and write over it some day. The table is therefore written anew,
which takes as long as the table is large; it holds what is small and secret, keys and sealed boxes, never facts.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import psycopg

from contracts.errors import Unavailable
from shared.patience import LOCK_SECONDS, may_pass

_PAUSE_SECONDS = 0.05
_PATIENCE_SECONDS = 30.0


def shred_in_file(path: str, table: str, column: str, values: Sequence[str]) -> None:
    """Remove the rows of `table` whose `column` is one of `values` from a SQLite file and its journal. May be done again.

    Raises `Unavailable` when others keep the file from being cleaned for half a minute.
    """
    with closing(sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)) as connection:
        for pragma in ("secure_delete = ON", "temp_store = MEMORY", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        _patiently(lambda: _rewrite(connection, table, column, values))
        # Dying before this line leaves the old pages in the journal: whoever begins again comes by here too.
        _patiently(lambda: _empty_journal(connection))


def _rewrite(connection: sqlite3.Connection, table: str, column: str, values: Sequence[str]) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    try:
        keep = f"CREATE TEMP TABLE keep AS SELECT * FROM {table} WHERE {column} NOT IN (SELECT value FROM json_each(?))"  # noqa: S608  names are ours
        connection.execute(keep, (json.dumps(values),))
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  as above; zeroes every page the table had
        connection.execute(f"INSERT INTO {table} SELECT * FROM keep")  # noqa: S608  as above
        connection.execute("DROP TABLE temp.keep")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return True


def _empty_journal(connection: sqlite3.Connection) -> bool:
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def shred_in_schema(connection: psycopg.Connection[Any], table: str, column: str, values: Sequence[str], rewrite: str) -> None:
    """Remove the rows from a PostgreSQL table; `rewrite` is the statement that writes the table anew. May be done again.

    The connection commits each statement by itself. Raises `Unavailable` when somebody, a back-up perhaps, still sees the rows after
    half a minute.
    """
    remove = f"DELETE FROM {table} WHERE {column}::text = ANY(%s)"  # noqa: S608  names are ours
    connection.execute(remove.encode(), [list(values)])
    now = connection.execute("SELECT pg_current_xact_id()::xid::text").fetchone()
    # Rows that somebody's older snapshot can see would be carried over into the new table.
    older = (
        b"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        b"AND age(backend_xmin) > age(%s::xid)"
    )
    _patiently(lambda: connection.execute(older, now).fetchone() == (0,))
    connection.execute(rewrite.encode())


def _patiently(done: Callable[[], bool]) -> None:
    """Returns when `done` says so; others go on meanwhile."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            if done():
                return
        except sqlite3.OperationalError as fault:
            if not may_pass(fault):
                raise
        if time.monotonic() > deadline:
            raise Unavailable("cannot_shred_now", "Others keep what is to be destroyed in use; it is tried again.")
        time.sleep(_PAUSE_SECONDS)
