"""A database in a PostgreSQL schema."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from contracts.errors import Unavailable
from shared.database import Database
from tests.database_suite import *  # noqa: F403  the suite
from tests.servers_fixture import NamedPostgres, PostgresServer


@pytest.fixture
def database(postgres: PostgresServer | NamedPostgres) -> Iterator[Database]:
    with closing(Database.open(f"{postgres.new_database()}?schema=public")) as opened:
        yield opened


def test_a_connection_that_was_cut_is_unavailable_and_the_next_one_is_not(database: Database) -> None:
    with pytest.raises(Unavailable):
        database.rows("SELECT pg_terminate_backend(pg_backend_pid())")
    assert database.rows("SELECT 1") == [(1,)]
