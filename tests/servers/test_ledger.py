"""The ledger on PostgreSQL."""

import pytest

from tests.entries_suite import *  # noqa: F403  the suites
from tests.ledger_suite import *  # noqa: F403
from tests.ledger_suite import Address
from tests.servers_fixture import NamedPostgres, PostgresServer


@pytest.fixture
def address(postgres: PostgresServer | NamedPostgres) -> Address:
    url = postgres.new_database()
    return lambda name: f"{url}?schema={'public' if name == 'views' else name}"
