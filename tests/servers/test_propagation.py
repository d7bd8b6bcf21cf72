"""Propagation over RabbitMQ, with stores and views on PostgreSQL."""

import psycopg
import pytest
from psycopg import sql

from tests.propagation_suite import *  # noqa: F403  the suite
from tests.propagation_suite import Addresses
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
