"""Regions for journeys: one embedded and one in production for all tests of this folder; journeys keep out of each other's partnerships."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.regions import Running, embedded, production
from tests.servers_fixture import postgres_server, rabbit_server


@pytest.fixture(scope="session")
def embedded_region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Everything in one process, with the demo year in it."""
    with embedded(tmp_path_factory.mktemp("embedded"), "--demo") as running:
        yield running


@pytest.fixture(scope="session")
def production_region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A process for each service on RabbitMQ and PostgreSQL, with the demo year in it."""
    rabbit, postgres = rabbit_server(), postgres_server()
    try:
        with production(tmp_path_factory.mktemp("production"), rabbit, postgres) as running:
            running.run("demo", "load")
            yield running
    finally:
        rabbit.close()
        postgres.close()


@pytest.fixture(params=["embedded", "production"])
def region(request: pytest.FixtureRequest) -> Running:
    """Each journey is taken on both profiles."""
    found: Running = request.getfixturevalue(f"{request.param}_region")
    return found
