"""Propagation over RabbitMQ, with stores and views on PostgreSQL."""

from contextlib import closing

import psycopg
import pytest
from psycopg import sql

from shared import metrics
from tests.propagation_fixture import SOURCE, note
from tests.propagation_suite import *  # noqa: F403  the suite
from tests.propagation_suite import Addresses, KeeperReaders, Notes, OtherReaders, World, until
from tests.servers_fixture import NamedPostgres, NamedRabbit, PostgresServer, RabbitServer


@pytest.fixture
def uri(rabbit: RabbitServer | NamedRabbit) -> str:
    return rabbit.new_vhost()


@pytest.fixture
def addresses(postgres: PostgresServer | NamedPostgres) -> Addresses:
    address = postgres.new_database()

    def schema(name: str) -> str:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name)))
        return f"{address}?schema={name}"

    return schema


def test_a_queue_that_no_longer_answers_is_made_anew(addresses: Addresses) -> None:
    """RabbitMQ, killed in a quorum queue's first minutes, may come back with its name and nothing behind it."""
    with closing(RabbitServer().start()) as server, closing(World(server.uri, addresses)) as world:
        world.queue()
        server.ctl("eval", f"ra:force_delete_server(quorum_queues, {{'%2F_keeper.keeper.{SOURCE}', node()}}).")
        for service in (Notes, KeeperReaders, OtherReaders):
            world.start(service)
        note(world.store, 3)
        until(lambda: world.consumers() == 1, "the queue answers again")
        world.arrived()
        assert metrics.queues_remade.labels(f"keeper.keeper.{SOURCE}")._value.get() == 1
