"""The ledger on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from shared.database import Database
from shared.store import Recorder, open_store
from tests.entries_suite import *  # noqa: F403  the suites
from tests.ledger_suite import *  # noqa: F403
from tests.ledger_suite import Address
from tests.servers_fixture import NamedPostgres, PostgresServer


@pytest.fixture
def address(postgres: PostgresServer | NamedPostgres) -> Address:
    url = postgres.new_database()
    return lambda name: f"{url}?schema={'public' if name == 'views' else name}"


@pytest.fixture
def database(address: Address) -> Iterator[Database]:
    with closing(Database.open(address("views"))) as opened:
        yield opened


@pytest.fixture
def store(address: Address) -> Iterator[Recorder]:
    with closing(open_store(address("notes"), create=True)) as opened:
        yield opened


@pytest.fixture
def other_store(address: Address) -> Iterator[Recorder]:
    with closing(open_store(address("other"), create=True)) as opened:
        yield opened
