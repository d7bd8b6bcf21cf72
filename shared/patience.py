"""How long we wait for a database, and which of its faults may pass: the same for facts, views and keys."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo

LOCK_SECONDS = 0.05
"""How long SQLite may hold the whole process while another one writes; after that waiting is ours, and green."""
PASSING = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
"""Faults of PostgreSQL that may pass: gone, restarting, failing over. Anything else is ours and does not."""
_PASSING_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}


def may_pass(fault: sqlite3.OperationalError) -> bool:
    """Whether SQLite may do later what it cannot do now: locked by another process, or the disk fails."""
    return (fault.sqlite_errorcode & 0xFF) in _PASSING_CODES


class Patient(psycopg.Connection[Any]):
    """Waits at most `patience` seconds for an answer: a server can hang with its connections open, and no timeout of its own fires then."""

    patience = 10.0

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        return super().wait(gen, interval, timeout or self.patience)


def within(url: str, seconds: float) -> str:
    """`url` for a connection that is given up when its server has not been reached for `seconds`, or has vanished."""
    return make_conninfo(url, connect_timeout=max(2, int(seconds)), keepalives_idle=5, keepalives_interval=2, keepalives_count=3)
