"""The log in a PostgreSQL schema: one round trip per group, a single call of `append` (schema.py) on a connection of its own.

The arrays go in PostgreSQL's binary form and below psycopg's cursor: it would adapt every item by itself, and choose the type of a list by
what happens to be in it, so that the same statement would be prepared again and again.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
import psycopg_pool
from psycopg import generators, pq
from psycopg.conninfo import make_conninfo
from psycopg.errors import error_from_result

from contracts.errors import Conflict, Unavailable
from shared.patience import PASSING, Patient, within
from shared.shredding import shred_in_schema
from shared.store.log import Log, Request, Verdict, stale
from shared.store.vocabulary import Row

_log = logging.getLogger(__name__)

_READERS = 4
_SHREDDING_SECONDS = 120.0
_INT8, _BYTEA, _TEXT, _UUID = 20, 17, 25, 2950
_ARRAYS = {_INT8: 1016, _BYTEA: 1001, _TEXT: 1009, _UUID: 2951}
_COLUMNS = (
    _UUID, _INT8, _TEXT, _BYTEA,
    _INT8, _UUID, _INT8,
    _INT8, _UUID, _BYTEA, _UUID, _INT8, _INT8,
    _UUID, _UUID, _BYTEA,
    _INT8, _TEXT, _INT8, _INT8,
)  # fmt: skip
_APPEND = f"SELECT base, seen, stale, moved FROM append({', '.join(f'${number + 1}' for number in range(len(_COLUMNS)))})"  # noqa: S608  numbers
_FLUSHED = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
_BINARY = [pq.Format.BINARY] * len(_COLUMNS)
# Whatever the server's defaults: each statement sees what is committed, and the function's plans, which are made while the tables are
# still empty, go through the indexes.
_SESSION = (
    "-c default_transaction_isolation=read\\ committed -c plan_cache_mode=force_generic_plan"
    " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
)


class PostgresLog(Log):
    """`url` as the service's role; `schema` must hold the tables already. `patience` in seconds: how long one call may take."""

    at_hand = False

    def __init__(self, url: str, schema: str, *, patience: float) -> None:
        self._patience = patience
        session = f"-c search_path={schema},pg_temp -c statement_timeout={int(patience * 1000)}"
        url = within(url, patience)
        self._writing = make_conninfo(url, options=f"{session} {_SESSION}", application_name=f"comhar {schema} committer")
        self._shredding = make_conninfo(url, options=f"-c search_path={schema},pg_temp", application_name=f"comhar {schema} shredder")
        self._writer: Patient | None = None
        self._pool = psycopg_pool.ConnectionPool(
            make_conninfo(url, options=session, application_name=f"comhar {schema} reader"),
            connection_class=Patient,
            kwargs={"autocommit": True},
            configure=self._be_patient,
            min_size=1,
            max_size=_READERS,
            timeout=patience,
            open=True,
        )
        try:
            self._refuse_unflushed_commits()
            self.check()
        except BaseException:
            self._pool.close()
            raise

    def write(self, group: Sequence[Request]) -> list[Verdict]:
        verdicts: dict[Request, Verdict] = {}
        rest = list(group)
        while rest:
            base, seen, late, moved = self._append(rest)
            if not (seen or late or moved):
                verdicts |= _done(rest, base)
                break
            # Nothing was written. The group goes again without the refused; each round ends the wait of one at least.
            verdicts |= {rest[number]: self._refused(rest[number], _moved()) for number in moved}
            verdicts |= {rest[number]: self._refused(rest[number], stale()) for number in late}
            verdicts |= {rest[number]: self._seen(rest[number]) for number in seen}
            rest = [request for request in rest if request not in verdicts]
        return [verdicts[request] for request in group]

    def shred(self, handles: Sequence[UUID]) -> None:
        try:
            with Patient.connect(self._shredding, autocommit=True) as connection:
                connection.patience = _SHREDDING_SECONDS
                shred_in_schema(connection, "sealed", "handle", [str(handle) for handle in handles], "SELECT rewrite_sealed()")
                # Dying before this line leaves the old bytes in the server's log: whoever begins again comes by here too.
                if connection.execute("SELECT renew_wal()").fetchone() != (True,):
                    _log.warning("the database's owner may not renew its log; what was destroyed stays there until it is written over")
        except PASSING as fault:
            raise _unavailable() from fault

    def close(self) -> None:
        self._disconnect()
        self._pool.close()

    def _append(self, group: Sequence[Request]) -> tuple[int, list[int], list[int], list[int]]:
        """The head before, and the numbers of those refused; written, and durable, if there are none."""
        images = _images(group)
        with self._committer() as connection:
            # Dying while this runs leaves the whole group written or nothing of it, whether or not the answer arrives.
            row = self._call(connection, lambda pgconn: pgconn.send_query_prepared(b"append", images, _BINARY))
            return int(row[0] or b""), _numbers(row[1]), _numbers(row[2]), _numbers(row[3])

    @contextmanager
    def _committer(self) -> Iterator[Patient]:
        """The connection that writes. After any fault it is dropped: what it still does then is decided by the store's uniqueness."""
        try:
            if self._writer is None:
                self._writer = Patient.connect(self._writing, autocommit=True)
                self._be_patient(self._writer)
                self._writer.execute(_FLUSHED)
                types = [_ARRAYS[column] for column in _COLUMNS]
                self._call(self._writer, lambda pgconn: pgconn.send_prepare(b"append", _APPEND.encode(), types))
            yield self._writer
        except PASSING as fault:
            self._disconnect()
            raise _unavailable() from fault
        except psycopg.Error:
            raise
        except BaseException:
            self._disconnect()
            raise

    def _be_patient(self, connection: Patient) -> None:
        connection.patience = self._patience

    def _call(self, connection: Patient, send: Callable[[pq.abc.PGconn], None]) -> list[bytes | None]:
        """The first row of the answer, as text."""
        send(connection.pgconn)
        result = connection.wait(generators.execute(connection.pgconn))[-1]
        if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
            raise error_from_result(result)
        return [result.get_value(0, column) for column in range(result.nfields)] if result.ntuples else []

    def _refuse_unflushed_commits(self) -> None:
        if self._rows("SELECT current_setting('fsync')") == [("off",)]:
            raise ValueError("the PostgreSQL server runs with fsync off: what it acknowledges may be lost")

    def _disconnect(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _rows(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        try:
            found = self._try(statement, params)
            if found is None:
                self._pool.check()  # the server was restarted: the other connections are gone too
                found = self._try(statement, params)
        except psycopg.OperationalError as fault:
            raise _unavailable() from fault
        if found is None:
            raise _unavailable()
        return found

    def _try(self, statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]] | None:
        """All rows; None when the connection turned out to be lost."""
        with self._pool.connection() as connection:
            try:
                with connection.cursor(binary=True) as cursor:
                    return cursor.execute(_in_postgres(statement), params).fetchall()
            except psycopg.OperationalError:
                if connection.broken:
                    return None
                connection.close()
                raise

    def _events(self, statement: str, *params: Any) -> list[Row]:
        return list(map(Row._make, self._rows(statement, *params)))


def _done(group: Sequence[Request], base: int) -> dict[Request, Verdict]:
    position, verdicts = base, dict[Request, Verdict]()
    for request in group:
        position += len(request.events)
        verdicts[request] = request.done(position)
    return verdicts


def _images(group: Sequence[Request]) -> list[bytes]:
    """The parameters of `append`: one array per column."""
    columns: list[list[Any]] = [[] for _ in _COLUMNS]
    events, expected, commands, sealed, tracked = columns[:4], columns[4:7], columns[7:13], columns[13:16], columns[16:]
    upto = 0
    for number, request in enumerate(group):
        upto += len(request.events)
        for event in request.events:
            _add(events, event.originator_id.bytes, event.originator_version, event.topic.encode(), event.state)  # type: ignore[union-attr]
        for stream, version in request.expected.items():
            _add(expected, number, stream.bytes, version)
        if command := request.command:
            _add(commands, number, command.id.bytes, command.digest, command.stream.bytes, command.version, upto)
        for box in request.sealed:
            _add(sealed, box.handle.bytes, box.subject.bytes, box.ciphertext)
        if step := request.tracked:
            _add(tracked, number, step.source.encode(), -1 if step.was is None else step.was, step.now)
    return [_array(oid, column) for oid, column in zip(_COLUMNS, columns, strict=True)]


def _add(columns: Sequence[list[Any]], *values: Any) -> None:
    for column, value in zip(columns, values, strict=True):
        column.append(value)


def _array(oid: int, items: Sequence[Any]) -> bytes:
    """A one-dimensional array without nulls in PostgreSQL's binary form (src/backend/utils/adt/arrayfuncs.c, array_recv)."""
    if not items:
        return struct.pack("!3i", 0, 0, oid)
    head = struct.pack("!5i", 1, 0, oid, len(items), 1)
    if oid == _INT8:
        return head + b"".join([_INT8_ITEM(8, item) for item in items])
    return head + b"".join([part for item in items for part in (_LENGTH(len(item)), item)])


_INT8_ITEM = struct.Struct("!iq").pack
_LENGTH = struct.Struct("!i").pack


def _numbers(text: bytes | None) -> list[int]:
    return [int(number) for number in text[1:-1].split(b",")] if text else []


def _moved() -> Conflict:
    return Conflict("position_moved", "Another process has followed that source further.")


@lru_cache
def _in_postgres(statement: str) -> bytes:
    return statement.replace("IN %s", "= ANY(%s)").encode()


def _unavailable() -> Unavailable:
    return Unavailable("store_unreachable", "The store cannot be reached; send the same command again.")
