"""The servers the other tests stand on: what they promise must hold, or a green run proves nothing."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import kombu
import psycopg
import pytest

from tests.servers_fixture import NamedPostgres, PostgresServer, RabbitServer, ServerFault, wait_until

_FORSAKEN = """
import time
from tests.servers_fixture import PostgresServer
server = PostgresServer().start()
print(server.pid, server.directory, flush=True)
time.sleep(600)
"""


def test_a_killed_postgres_keeps_what_was_committed(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE word AS SELECT 'kept' AS text")
    before = postgres.pid
    postgres.kill()
    postgres.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT text FROM word").fetchall() == [("kept",)]
    assert postgres.pid != before


def test_a_paused_postgres_answers_again_when_resumed(postgres: PostgresServer) -> None:
    postgres.pause()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres.url, connect_timeout=2)
    postgres.resume()
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_virtual_host_survives_the_death_of_its_broker(rabbit: RabbitServer) -> None:
    uri = rabbit.new_vhost()
    rabbit.kill()
    rabbit.start()
    with kombu.Connection(uri) as connection:
        connection.connect()
        assert connection.connected


def test_a_server_that_is_not_ours_says_so_when_a_test_wants_to_kill_it() -> None:
    with pytest.raises(ServerFault, match="install the postgresql package"):
        NamedPostgres("postgresql://somebody@elsewhere/postgres").kill()


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", _FORSAKEN],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert run.stdout is not None
    with run.stdout:
        server, directory = run.stdout.readline().split()
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    wait_until(lambda: not Path(f"/proc/{server}").exists(), "the server of a killed run has ended", 20)
    shutil.rmtree(directory)
