"""Short here, long by `make campaign`: what is lost, doubled, swapped and killed between two services changes no view."""

import os
import time
from collections.abc import Iterator

import pytest

from tests.campaigns import propagation
from tests.campaigns.propagation import Field
from tests.servers_fixture import PostgresServer, RabbitServer

LONG = os.environ.get("COMHAR_CAMPAIGN") == "long"


@pytest.fixture(scope="module", params=range(4 if LONG else 1))
def field(request: pytest.FixtureRequest) -> Iterator[Field]:
    """Long is four fields one after the other: what a round compares grows with the facts that were written before it."""
    seed = int(os.environ.get("COMHAR_SEED", time.time())) + int(request.param)
    print(f"COMHAR_SEED={seed}")
    rabbit, postgres = RabbitServer().start(), PostgresServer().start()
    field = Field(rabbit, postgres, seed)
    yield field
    field.close()
    rabbit.close()
    postgres.close()


def test_killed_processes_and_disturbed_messages_leave_every_view_equal_to_its_rebuild(field: Field) -> None:
    result = propagation.rounds(field, 50 if LONG else 7)
    print(result)
    assert result["facts"] > 0


def test_a_hung_broker_is_survived(field: Field) -> None:
    result = propagation.hung_broker(field, 25 if LONG else 16)
    print(result)
    assert result["facts"] > 0


def test_cut_database_connections_are_survived(field: Field) -> None:
    result = propagation.cut_connections(field, 30 if LONG else 3)
    print(result)
    assert result["facts"] > 0


def test_a_poison_fact_stops_one_view_until_somebody_decides(field: Field) -> None:
    assert propagation.poison(field)["stopped"] == []
