"""The witness on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from services.audit.witnessing import TABLES
from shared.database import Database
from tests.servers_fixture import NamedPostgres, PostgresServer
from tests.witnessing_suite import *  # noqa: F403  the suite


@pytest.fixture
def database(postgres: PostgresServer | NamedPostgres) -> Iterator[Database]:
    with closing(Database.open(f"{postgres.new_database()}?schema=public")) as opened:
        opened.define(TABLES)
        yield opened
