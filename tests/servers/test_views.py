"""Views on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from shared.database import Database
from shared.store import Recorder, open_store
from tests.servers_fixture import NamedPostgres, PostgresServer
from tests.views_suite import *  # noqa: F403  the suite


@pytest.fixture
def address(postgres: PostgresServer | NamedPostgres) -> str:
    return postgres.new_database()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with closing(Database.open(f"{address}?schema=public")) as opened:
        yield opened


@pytest.fixture
def store(address: str) -> Iterator[Recorder]:
    with closing(open_store(f"{address}?schema=notes", create=True)) as opened:
        yield opened


@pytest.fixture
def other_store(address: str) -> Iterator[Recorder]:
    with closing(open_store(f"{address}?schema=other", create=True)) as opened:
        yield opened
