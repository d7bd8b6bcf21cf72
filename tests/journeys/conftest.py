"""Regions for journeys: one embedded and one in production for all tests of this folder; journeys keep out of each other's partnerships."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.named_servers import NamedPostgres, NamedRabbit
from tests.regions import Running, embedded, production
from tests.servers_fixture import PostgresServer, RabbitServer, postgres_server, rabbit_server


@pytest.fixture(scope="session")
def embedded_region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Everything in one process, with the demo year in it."""
    with embedded(tmp_path_factory.mktemp("embedded"), "--demo") as running:
        yield running


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitServer | NamedRabbit]:
    """The broker of the production region."""
    server = rabbit_server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer | NamedPostgres]:
    """The databases of the production region."""
    server = postgres_server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def production_region(
    tmp_path_factory: pytest.TempPathFactory, rabbit: RabbitServer | NamedRabbit, postgres: PostgresServer | NamedPostgres
) -> Iterator[Running]:
    """A process for each service on RabbitMQ and PostgreSQL, with the demo year in it."""
    with production(tmp_path_factory.mktemp("production"), rabbit, postgres) as running:
        running.run("demo", "load")
        yield running


@pytest.fixture(params=["embedded", "production"])
def region(request: pytest.FixtureRequest) -> Running:
    """Each journey is taken on both profiles."""
    found: Running = request.getfixturevalue(f"{request.param}_region")
    return found
