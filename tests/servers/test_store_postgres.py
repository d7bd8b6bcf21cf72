"""The store on PostgreSQL, by a role that owns nothing, and with servers that hang, restart and die."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from contracts.errors import Unavailable
from shared.store import Outcome, Recorder, SavedCommand, SealedBox, create_store, open_store
from tests.servers_fixture import NamedPostgres, PostgresServer
from tests.store_suite import *  # noqa: F403  the suite
from tests.store_suite import LONG, Tamper, fact

PASSWORD = "a-password-of-a-minute"


@pytest.fixture
def owner(postgres: PostgresServer | NamedPostgres) -> str:
    return postgres.new_database()


@pytest.fixture
def url(owner: str) -> str:
    return f"{owner}?schema=notes"


@pytest.fixture
def other_url(owner: str) -> str:
    return f"{owner}?schema=other"


@pytest.fixture
def tamper(owner: str) -> Tamper:
    class InTheSchema(Tamper):
        def __call__(self, statement: str) -> None:
            run(owner, "SET search_path TO notes")
            with psycopg.connect(owner, autocommit=True, options="-c search_path=notes") as connection:
                connection.execute(statement.encode())

    return InTheSchema()


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def role(owner: str) -> Iterator[str]:
    """The url of a service whose role owns nothing."""
    name = f"notes_{uuid4().hex[:8]}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), PASSWORD))
    create_store(f"{owner}?schema=notes", role=name)
    parts = urlsplit(owner)
    yield parts._replace(netloc=f"{name}:{PASSWORD}@{parts.hostname}:{parts.port}").geturl()
    run(owner, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


# Rights


def test_a_role_that_owns_nothing_can_serve(role: str) -> None:
    stream = uuid4()
    save, sealed = SavedCommand(uuid4(), b"digest", stream, 1), SealedBox(uuid4(), uuid4(), b"sealed")
    with closing(open_store(f"{role}?schema=notes")) as store:
        assert store.append([fact(stream)], command=save, sealed=[sealed]) == Outcome(stream, 1, 1)
        assert store.append([fact(stream)], command=save).repeated
        assert store.boxes([sealed.handle]) == {sealed.handle: sealed}
        run(role, "CREATE TABLE notes_views.member (id text)", f"DELETE FROM notes.sealed WHERE handle = '{sealed.handle}'")
        assert store.boxes([sealed.handle]) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes.events SET state = ''",
        "DELETE FROM notes.events",
        "TRUNCATE notes.events",
        "INSERT INTO notes.events VALUES (1, gen_random_uuid(), 1, '', '')",
        "UPDATE notes.head SET position = 0",
        "UPDATE notes.commands SET digest = ''",
        "DELETE FROM notes.commands",
        "UPDATE notes.sealed SET ciphertext = ''",
        "DELETE FROM notes.tracking",
        "DROP TABLE notes.events",
        "CREATE TABLE notes.mine (id text)",
        "ALTER TABLE notes.events DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION notes.append() RETURNS void LANGUAGE sql AS ''",
    ],
)
def test_the_services_role_cannot_touch_what_is_stored(role: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(role, statement)


def test_another_role_can_neither_read_nor_append(role: str, owner: str) -> None:
    run(owner, "CREATE SCHEMA another")
    other = f"other_{uuid4().hex[:8]}"
    run(owner, f"CREATE ROLE {other}")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(other)))
        for statement in ("SELECT * FROM notes.events", "SELECT notes.append()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    run(owner, f"DROP ROLE {other}")


def test_names_made_up_to_break_out_are_refused(owner: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        create_store(f"{owner}?schema=Notes%22;--")


# Durability


@pytest.fixture
def own() -> Iterator[PostgresServer]:
    """A server that this test may stop, hang and kill."""
    server = PostgresServer().start()
    yield server
    server.close()


def test_a_server_that_does_not_flush_is_refused() -> None:
    server = PostgresServer(fsync="off").start()
    try:
        with pytest.raises(ValueError, match="fsync"):
            open_store(f"{server.new_database()}?schema=notes", create=True)
    finally:
        server.close()


def test_commits_are_flushed_whatever_the_databases_default(owner: str, url: str) -> None:
    run(owner, f"ALTER DATABASE {urlsplit(owner).path[1:]} SET synchronous_commit = off")
    with closing(open_store(url, create=True)) as store:
        store.append([fact(uuid4())])
        writer = store._log._writer  # type: ignore[attr-defined]
        assert writer.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_lost_connection_is_made_again(store: Recorder, owner: str) -> None:
    store.append([fact(uuid4())])
    for position in (2, 3):
        run(owner, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'comhar notes %'")
        assert store.append([fact(uuid4())]).position == position
        assert len(store.read(0, 10)) == position


def test_what_was_acknowledged_survives_a_server_killed_under_load(own: PostgresServer) -> None:
    acknowledged, done = dict[int, SavedCommand](), threading.Event()
    with closing(open_store(f"{own.new_database()}?schema=notes", create=True, deadline=LONG)) as store:

        def work() -> None:
            while not done.is_set():
                stream = uuid4()
                save = SavedCommand(uuid4(), b"digest", stream, 1)
                acknowledged[store.append([fact(stream)], command=save).position] = save

        workers = [threading.Thread(target=work) for _ in range(8)]
        for worker in workers:
            worker.start()
        for restart in (own.kill, own.stop):
            reached = len(acknowledged) + 50
            wait_for(lambda reached=reached: len(acknowledged) >= reached)  # type: ignore[misc]
            restart()
            own.start()
        reached = len(acknowledged) + 50
        wait_for(lambda: len(acknowledged) >= reached)
        done.set()
        for worker in workers:
            worker.join(LONG)

        rows = [row for start in range(0, store.head(), 500) for row in store.read(start, 500)]
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        assert {row.position: row.stream for row in rows} == {position: save.stream for position, save in acknowledged.items()}
        assert len({row.stream for row in rows}) == len(rows)


def test_a_server_that_hangs_makes_the_store_unavailable_until_it_answers(own: PostgresServer) -> None:
    stream = uuid4()
    save = SavedCommand(uuid4(), b"digest", stream, 1)
    with closing(open_store(f"{own.new_database()}?schema=notes", create=True, deadline=1.0)) as store:
        store.append([fact(uuid4())])
        own.pause()
        with pytest.raises(Unavailable):
            store.append([fact(stream)], command=save)
        with pytest.raises(Unavailable):
            store.head()
        own.resume()
        wait_for(lambda: answers(store, stream, save))

        assert [row.stream for row in store.read(1, 10)] == [stream]


def answers(store: Recorder, stream: UUID, save: SavedCommand) -> bool:
    try:
        return store.append([fact(stream)], command=save).position == 2
    except Unavailable:
        return False


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
