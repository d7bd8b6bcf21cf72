"""People are forgotten on PostgreSQL as on files: whoever dies on the way leaves the work to the next, and no file keeps a word."""

from collections.abc import Iterator

import pytest

from tests.forgetting_suite import *  # noqa: F403  the suite
from tests.forgetting_suite import Story
from tests.propagation_fixture import schema
from tests.servers_fixture import PostgresServer


@pytest.fixture
def name() -> str:
    """The one with several keys to destroy."""
    return "feedback"


@pytest.fixture
def story(postgres: PostgresServer) -> Iterator[Story]:
    database = postgres.new_database()
    told = Story(lambda name: schema(database, name.replace("-", "_")), postgres.directory)
    yield told
    told.region.close()
