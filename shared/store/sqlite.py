"""The log in a SQLite file: WAL, flushed at every commit, one transaction per group.

SQLite's own waiting for a lock would stop every green thread of the process, so it is kept short here and the committer repeats.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

from contracts.errors import Conflict, Unavailable
from shared.patience import LOCK_SECONDS, may_pass
from shared.shredding import shred_in_file
from shared.store.log import Log, Request, Verdict, stale
from shared.store.vocabulary import Row


def connect(path: str, *, lock_seconds: float) -> sqlite3.Connection:
    """A connection whose commits are flushed to disk; it waits at most `lock_seconds` for other writers, blocking the process."""
    connection = sqlite3.connect(path, timeout=lock_seconds, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


class SqliteLog(Log):
    """`path` must hold the tables already."""

    at_hand = True

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer = connect(path, lock_seconds=LOCK_SECONDS)
        self._idle: deque[sqlite3.Connection] = deque()
        self.check()

    def write(self, group: Sequence[Request]) -> list[Verdict]:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                verdicts = self._write(group)
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            # Dying before this line leaves nothing of the group; after it, all of it: callers are answered only then.
            self._writer.execute("COMMIT")
        except sqlite3.OperationalError as fault:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise _as_refusal(fault) from fault
        return verdicts

    def shred(self, handles: Sequence[UUID]) -> None:
        shred_in_file(self._path, "sealed", "handle", [str(handle) for handle in handles])

    def close(self) -> None:
        self._writer.close()
        while self._idle:
            self._idle.pop().close()

    def _write(self, group: Sequence[Request]) -> list[Verdict]:
        head: int = self._writer.execute("SELECT position FROM head").fetchone()[0]
        position, verdicts = head, list[Verdict]()
        for request in group:
            verdict = self._refusal(request)
            if verdict is None:
                position = self._insert(request, position)
                verdict = request.done(position)
            verdicts.append(verdict)
        if position > head:
            self._writer.execute("UPDATE head SET position = ?", (position,))
        return verdicts

    def _insert(self, request: Request, position: int) -> int:
        """Write one save after `position`; its last position."""
        execute = self._writer.execute
        for event in request.events:
            position += 1
            fact = (position, str(event.originator_id), event.originator_version, event.topic, event.state)
            execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", fact)
        if command := request.command:
            done = (str(command.id), command.digest, str(command.stream), command.version, position)
            execute("INSERT INTO commands VALUES (?, ?, ?, ?, ?)", done)
        for box in request.sealed:
            execute("INSERT INTO sealed VALUES (?, ?, ?)", (str(box.handle), str(box.subject), box.ciphertext))
        if step := request.tracked:
            move = "INSERT INTO tracking VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET position = excluded.position"
            execute(move, (step.source, step.now))
        return position

    def _refusal(self, request: Request) -> Verdict | None:
        """The verdict on a save of which nothing is to be written now."""
        if request.command and self._one("SELECT 1 FROM commands WHERE id = ?", str(request.command.id)):
            return self._seen(request)
        for stream, version in request.expected.items():
            if self._one("SELECT coalesce(max(version), 0) FROM events WHERE stream = ?", str(stream)) != version:
                return self._refused(request, stale())
        if tracked := request.tracked:
            was = self._one("SELECT position FROM tracking WHERE source = ?", tracked.source) or 0
            if was >= tracked.now if tracked.was is None else was != tracked.was:
                return self._refused(request, Conflict("position_moved", "Another process has followed that source further."))
        return None

    def _one(self, statement: str, param: str) -> Any:
        row = self._writer.execute(statement, (param,)).fetchone()
        return row and row[0]

    def _rows(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        try:
            with self._reader() as connection:
                return connection.execute(_in_sqlite(statement), [_plain(param) for param in params]).fetchall()
        except sqlite3.OperationalError as fault:
            raise _as_refusal(fault) from fault

    def _events(self, statement: str, *params: Any) -> list[Row]:
        rows = self._rows(statement, *params)
        return [Row(position, _stream(stream), version, kind, state) for position, stream, version, kind, state in rows]

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection used by nobody else now. Readers never wait for the writer (WAL)."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self._path, lock_seconds=LOCK_SECONDS)
        try:
            yield connection
        finally:
            self._idle.append(connection)


_stream = lru_cache(maxsize=4_096)(UUID)  # neighbours are often of one stream


@lru_cache
def _in_sqlite(statement: str) -> str:
    return statement.replace("IN %s", "IN (SELECT value FROM json_each(?))").replace("%s", "?")


def _plain(param: Any) -> Any:
    """Ids are text here, and a sequence is one JSON text."""
    if isinstance(param, UUID):
        return str(param)
    return json.dumps([str(item) for item in param]) if isinstance(param, (list, tuple)) else param


def _as_refusal(fault: sqlite3.OperationalError) -> Exception:
    """Locked by another process, or the disk fails: it may pass. Anything else is ours and does not."""
    if not may_pass(fault):
        return fault
    return Unavailable("store_unreachable", "The store cannot be reached; send the same command again.")
