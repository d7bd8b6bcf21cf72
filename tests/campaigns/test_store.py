"""The store's campaigns: short among the tests, long with COMHAR_CAMPAIGN=long."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaigns.store import contend, kill
from tests.servers_fixture import PostgresServer

SECONDS, ROUNDS = (60.0, 100) if os.environ.get("COMHAR_CAMPAIGN") == "long" else (3.0, 4)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    started = PostgresServer().start()
    yield started
    started.close()


def test_contention_on_sqlite_leaves_no_hole_and_hides_nothing(tmp_path: Path) -> None:
    assert contend(f"sqlite:///{tmp_path}/notes.db", SECONDS)["skipped"] == 0


def test_contention_on_postgresql_leaves_no_hole_and_hides_nothing(server: PostgresServer) -> None:
    assert contend(f"{server.new_database()}?schema=notes", SECONDS)["skipped"] == 0


def test_what_was_acknowledged_before_a_kill_is_stored_on_sqlite(tmp_path: Path) -> None:
    assert kill(f"sqlite:///{tmp_path}/notes.db", ROUNDS)["acknowledged"] > 0


def test_what_was_acknowledged_before_a_kill_of_writer_or_server_is_stored_on_postgresql(server: PostgresServer) -> None:
    assert kill(f"{server.new_database()}?schema=notes", ROUNDS, server)["acknowledged"] > 0
