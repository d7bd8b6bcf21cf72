"""One database of one service, the same on SQLite and PostgreSQL: transactions, rows, bulk inserts.

SQL is written once, with `:name` parameters, in the part of the language both databases share. Ids and times are text
(`shared.clock.fixed_width`), bytes are BLOB. A lost or unreachable database is `Unavailable`; every other fault of the
driver passes through as it is, because it is ours.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
import psycopg_pool
from psycopg import sql
from psycopg.pq import TransactionStatus

from contracts.errors import Unavailable
from shared.patience import LOCK_SECONDS, PASSING, Patient, may_pass, within
from shared.pauses import give_way
from shared.shredding import shred_in_file, shred_in_schema

Params = Mapping[str, Any]
_PATIENCE_SECONDS = 10.0
_LONGEST_STATEMENT_SECONDS = 60.0
_FEW = 8
"""From so many rows on they go in bulk."""
_NAMED = re.compile(r"(?<!:):([a-z_]\w*)")


class Transaction(Protocol):
    """What a caller may do between begin and commit."""

    def execute(self, statement: str, params: Params = {}) -> None:
        """Run one statement that answers nothing: at the latest before the next one that does, or with the commit."""

    def must(self, statement: str, params: Params, otherwise: Exception) -> None:
        """Run one statement, as late as `execute`; if it touches no row, `otherwise` is raised, and nothing of the transaction remains."""

    def rows(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        """All rows of one statement."""

    def row(self, statement: str, params: Params = {}) -> tuple[Any, ...] | None:
        """The first row of one statement, if any."""

    def many(self, statement: str, rows: Iterable[Params]) -> None:
        """Run one statement for each mapping, in one go."""

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many new rows by the fastest way the database has."""


class Database(ABC):
    """A place for tables; hands out transactions."""

    dialect: str

    @staticmethod
    def open(url: str) -> Database:
        """`sqlite:///path` or `postgresql://…?schema=name`; raises ValueError on anything else."""
        scheme = urlsplit(url).scheme
        if scheme == "sqlite":
            return _SQLite(url.removeprefix("sqlite:///"))
        if scheme == "postgresql":
            return _PostgreSQL(url)
        raise ValueError("a database is named by sqlite:///path or postgresql://…")

    @abstractmethod
    def transaction(self) -> _Scope:
        """`with database.transaction() as tx`: commits at the end, rolls back on any exception."""

    @abstractmethod
    def reading(self) -> _Scope:
        """`with database.reading() as tx`: one consistent moment, nothing written."""

    @abstractmethod
    def rows(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        """All rows of one reading statement, which is a consistent moment by itself: one round trip."""

    @abstractmethod
    def write(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        """One writing statement, a transaction by itself; the rows of its RETURNING: one round trip."""

    @abstractmethod
    def define(self, ddl: str) -> None:
        """Create what `ddl` says (`CREATE … IF NOT EXISTS`), safely from several processes."""

    @abstractmethod
    def shred(self, table: str, column: str, values: Sequence[str]) -> None:
        """Remove rows so that no file of the database holds them any more; done again it is done. Raises `Unavailable`."""

    @abstractmethod
    def close(self) -> None:
        """Give the connections back."""


class _Scope(Protocol):
    def __enter__(self) -> Transaction: ...
    def __exit__(self, *exc: object) -> None: ...


class _SQLite(Database):
    """A file in WAL mode: one connection that writes, one that reads, each used by one caller at a time.

    Transactions that come one after the other, while nobody has anything else to do, are made durable together.
    """

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._writer, self._reader = _sqlite_connection(path), _sqlite_connection(path)
        self._writing, self._being_read = threading.RLock(), threading.RLock()
        self._group: _Group | None = None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:  # type: ignore[override]
        with self._writing:
            group = self._group = self._group or _Group(self._writer)
            try:
                with group.part() as tx:
                    yield tx
            except BaseException:
                self._end(group)
                raise
        try:
            give_way()  # whoever is ready writes too
        finally:
            # If we die before this line, nothing of the group was written, and nobody was told that it was.
            self._end(group)
        group.check()

    def _end(self, group: _Group) -> None:
        """The first who comes back commits for all."""
        with self._writing:
            if self._group is group:
                self._group = None
                group.commit()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:  # type: ignore[override]
        with self._being_read, _refusing():
            _begin(self._reader, "BEGIN")
            try:
                yield _SQLiteTransaction(self._reader)
            finally:
                _undo(self._reader)

    def rows(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        with self.reading() as tx:
            return tx.rows(statement, params)

    def write(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        with self.transaction() as tx:
            return tx.rows(statement, params)

    def define(self, ddl: str) -> None:
        with self.transaction() as tx:
            for statement in filter(str.strip, ddl.split(";")):
                tx.execute(statement)

    def shred(self, table: str, column: str, values: Sequence[str]) -> None:
        shred_in_file(self._path, table, column, values)

    def close(self) -> None:
        with self._writing, self._being_read:
            self._writer.close()
            self._reader.close()


def _sqlite_connection(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


class _Group:
    """Transactions that are committed as one; each can be undone alone, as long as it is not over."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._fault: BaseException | None = None
        with _refusing():
            _begin(connection, "BEGIN IMMEDIATE")

    @contextmanager
    def part(self) -> Iterator[_SQLiteTransaction]:
        """One of them."""
        self._connection.execute("SAVEPOINT part")
        try:
            with _refusing():
                yield _SQLiteTransaction(self._connection)
                self._connection.execute("RELEASE part")
        except BaseException as fault:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO part")
                self._connection.execute("RELEASE part")
            else:  # a full disk has undone all of them
                self._fault = fault
            raise

    def commit(self) -> None:
        """Make all of it durable, or nothing: `check` says which."""
        try:
            with _refusing():
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")
        except (sqlite3.Error, Unavailable) as fault:
            self._fault = fault
            _undo(self._connection)

    def check(self) -> None:
        """Raises why nothing of it was written."""
        if self._fault:
            raise self._fault


@contextmanager
def _refusing() -> Iterator[None]:
    """A fault that may pass is raised as `Unavailable`."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        if may_pass(fault):
            raise Unavailable("database_busy", "The database cannot be written or read now; send the same command again.") from fault
        raise


def _begin(connection: sqlite3.Connection, begin: str) -> None:
    """Begin, waiting for another process that writes; other green threads go on meanwhile."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute(begin)
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOCK_SECONDS)
        else:
            return


def _undo(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # a full disk has ended it already
        connection.execute("ROLLBACK")


class _SQLiteTransaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, params: Params = {}) -> None:
        self._connection.execute(statement, params)

    def must(self, statement: str, params: Params, otherwise: Exception) -> None:
        if self._connection.execute(statement, params).rowcount < 1:
            raise otherwise

    def rows(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, params).fetchall()

    def row(self, statement: str, params: Params = {}) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._connection.execute(statement, params).fetchone()
        return found

    def many(self, statement: str, rows: Iterable[Params]) -> None:
        self._connection.executemany(statement, rows)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" for _ in columns)
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608  names are ours


class _PostgreSQL(Database):
    """A schema, reached through a pool of connections."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        self._schema = options.pop("schema", "public")
        self._types: dict[str, list[int]] = {}  # of the columns that rows were inserted into
        self._pool = psycopg_pool.ConnectionPool(
            within(urlunsplit(parts._replace(query=urlencode(options))), _PATIENCE_SECONDS),
            connection_class=Patient,
            min_size=1,
            max_size=10,
            timeout=_PATIENCE_SECONDS,
            open=True,
            kwargs={"autocommit": True},
            configure=self._into_schema,
        )

    def _into_schema(self, connection: Patient) -> None:
        connection.patience = _LONGEST_STATEMENT_SECONDS
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(self._schema)))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:  # type: ignore[override]
        with self._connection() as tx:
            tx.begin()
            yield tx
            tx.commit()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:  # type: ignore[override]
        with self._connection() as tx:
            tx.begin(b" ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield tx

    def rows(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        with self._connection() as tx:
            return tx.rows(statement, params)

    def write(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        with self._connection() as tx:
            return tx.returned(statement, params)

    @contextmanager
    def _connection(self) -> Iterator[_PostgreSQLTransaction]:
        try:
            with self._pool.connection() as connection:
                yield _PostgreSQLTransaction(connection, self._types)
        except (*PASSING, psycopg_pool.PoolTimeout) as fault:
            raise Unavailable("database_unreachable", "The database cannot be reached; send the same command again.") from fault

    def define(self, ddl: str) -> None:
        # CREATE IF NOT EXISTS by two processes at once fails with "tuple concurrently updated": one at a time.
        with self.transaction() as tx:
            tx.execute("SELECT pg_advisory_xact_lock(hashtext('comhar define'))")
            tx.execute(ddl.replace(" BLOB", " bytea"))

    def shred(self, table: str, column: str, values: Sequence[str]) -> None:
        with self._connection() as tx:
            tx.shred(table, column, values)

    def close(self) -> None:
        self._pool.close()


@lru_cache(maxsize=2048)
def _placeholders(statement: str) -> str:
    return _NAMED.sub(r"%(\1)s", statement.replace("%", "%%"))


class _PostgreSQLTransaction:
    """What needs no answer waits for what does, or for the commit, and goes with it: every round trip costs both sides as much as a row.

    It goes as text with its values written into it, since statements with values apart can only be sent one by one. A server may log
    the text of a statement that failed: words are sealed before they come here.
    """

    def __init__(self, connection: psycopg.Connection[Any], types: dict[str, list[int]]) -> None:
        self._connection, self._types = connection, types
        self._waiting: list[bytes] = []
        self._otherwise: Exception | None = None

    @cached_property
    def _as_text(self) -> psycopg.ClientCursor[Any]:
        return psycopg.ClientCursor(self._connection)

    def begin(self, how: bytes = b"") -> None:
        """Let what follows commit together; psycopg's own way takes another round trip."""
        self._waiting.append(b"BEGIN" + how)

    def commit(self) -> None:
        """What has waited is durable with the rest; a transaction in which nothing was said is none."""
        if len(self._waiting) > 1 or self._began:
            self._waiting.append(b"COMMIT")
            self._send()

    @property
    def _began(self) -> bool:
        return self._connection.info.transaction_status != TransactionStatus.IDLE

    def _send(self) -> psycopg.Cursor[Any]:
        """Send what waits; the answer to the last of it."""
        text, otherwise = b";".join(self._waiting), self._otherwise
        self._waiting, self._otherwise = [], None
        try:
            cursor = self._as_text.execute(text)
        except psycopg.errors.DivisionByZero as fault:
            raise (otherwise or fault) from None
        while cursor.nextset():
            pass
        return cursor

    def _send_first(self) -> None:
        """What comes next goes another way."""
        if self._waiting:
            self._send()

    def _wait(self, statement: str, params: Params) -> None:
        if params:
            statement = self._as_text.mogrify(_placeholders(statement).encode(), params)
        self._waiting.append(statement.encode())

    def _run(self, statement: str, params: Params) -> psycopg.Cursor[Any]:
        if self._waiting:
            self._wait(statement, params)
            return self._send()
        if not params:
            return self._connection.execute(statement.encode())
        return self._connection.execute(_placeholders(statement).encode(), params)

    def execute(self, statement: str, params: Params = {}) -> None:
        self._wait(statement, params)

    def must(self, statement: str, params: Params, otherwise: Exception) -> None:
        if self._otherwise:  # whose fault it is must be known
            self._send_first()
        self._otherwise = otherwise
        self._wait(f"WITH touched AS ({statement} RETURNING 1) SELECT 1 / count(*) FROM touched", params)  # noqa: S608  of ours

    def rows(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        return self._run(statement, params).fetchall()

    def returned(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        """The rows of a statement that may have none to give."""
        cursor = self._run(statement, params)
        return cursor.fetchall() if cursor.description else []

    def row(self, statement: str, params: Params = {}) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._run(statement, params).fetchone()
        return found

    def shred(self, table: str, column: str, values: Sequence[str]) -> None:
        shred_in_schema(self._connection, table, column, values, f"CLUSTER {table} USING {table}_pkey")

    def many(self, statement: str, rows: Iterable[Params]) -> None:
        rows = iter(rows)
        every = list(islice(rows, _FEW))
        if len(every) < _FEW:
            for params in every:
                self._wait(statement, params)
            return
        self._send_first()
        every.extend(rows)
        with self._connection.cursor() as cursor:
            cursor.executemany(_placeholders(statement).encode(), every)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        into = f"{table} ({', '.join(columns)})"
        rows = iter(rows)
        first = list(islice(rows, _FEW))
        if len(first) < _FEW:
            self.many(f"INSERT INTO {into} VALUES (:{', :'.join(columns)})", (dict(zip(columns, row, strict=True)) for row in first))  # noqa: S608  names are ours
            return
        self._send_first()
        with self._connection.cursor() as cursor:
            if into not in self._types:
                cursor.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 0".encode())  # noqa: S608  names are ours
                self._types[into] = [column.type_code for column in cursor.description or ()]
            with cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)".encode()) as copy:  # bytes as they are: half the work of text
                copy.set_types(self._types[into])
                for row in chain(first, rows):
                    copy.write_row(row)
