"""Servers that are not ours: named in COMHAR_TEST_AMQP_URI and COMHAR_TEST_POSTGRES_URL, used where the binaries are missing.

Virtual hosts and databases can be made in them; a test that must kill one fails with a sentence, it is not skipped.
"""

import base64
import json
import urllib.request
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.server_process import ServerFault


def create_database(url: str) -> str:
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return name


class NamedPostgres:
    """Somebody else's PostgreSQL, named by COMHAR_TEST_POSTGRES_URL: databases can be made in it, its process is not ours."""

    def __init__(self, url: str) -> None:
        self.url = url

    def new_database(self) -> str:
        return urlsplit(self.url)._replace(path=f"/{create_database(self.url)}").geturl()

    def close(self) -> None:
        """Nothing here is ours to end."""

    def _not_ours(self) -> NoReturn:
        raise ServerFault(
            "this test kills its PostgreSQL and COMHAR_TEST_POSTGRES_URL names one that is not ours: install the postgresql package"
        )

    @property
    def pid(self) -> int:
        self._not_ours()

    start = stop = kill = restart = pause = resume = _not_ours


class NamedRabbit:
    """Somebody else's RabbitMQ, named by COMHAR_TEST_AMQP_URI: virtual hosts are made through its management API on port 15672."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def new_vhost(self) -> str:
        name, place = f"test-{uuid4().hex[:12]}", urlsplit(self.uri)
        self._put(f"vhosts/{name}", {})
        self._put(f"permissions/{name}/{place.username}", {"configure": ".*", "write": ".*", "read": ".*"})
        return place._replace(path=f"/{name}").geturl()

    def close(self) -> None:
        """Nothing here is ours to end."""

    def _put(self, path: str, body: Mapping[str, str]) -> None:
        place = urlsplit(self.uri)
        token = base64.b64encode(f"{place.username}:{place.password}".encode()).decode()
        request = urllib.request.Request(
            f"http://{place.hostname}:15672/api/{path}",
            method="PUT", data=json.dumps(body).encode(), headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
        )  # fmt: skip
        try:
            urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  http, named by whoever runs the tests
        except OSError as fault:
            raise ServerFault(
                "the RabbitMQ of COMHAR_TEST_AMQP_URI must have its management plugin on port 15672, and that user as administrator"
            ) from fault

    def _not_ours(self) -> NoReturn:
        raise ServerFault(
            "this test kills its RabbitMQ and COMHAR_TEST_AMQP_URI names one that is not ours: install the rabbitmq-server package"
        )

    @property
    def pid(self) -> int:
        self._not_ours()

    ctl = start = stop = kill = restart = pause = resume = _not_ours
