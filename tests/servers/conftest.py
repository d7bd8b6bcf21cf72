"""One RabbitMQ and one PostgreSQL for all tests of this folder; each test makes its own virtual host and database in them."""

from collections.abc import Iterator

import pytest

from tests.servers_fixture import NamedPostgres, NamedRabbit, PostgresServer, RabbitServer, postgres_server, rabbit_server


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitServer | NamedRabbit]:
    server = rabbit_server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer | NamedPostgres]:
    server = postgres_server()
    yield server
    server.close()
