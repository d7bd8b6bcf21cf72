"""The containers' PostgreSQL configuration is tried on a server of our own: it starts, and its log never repeats a row."""

from pathlib import Path

import psycopg
import pytest
import yaml

from tests.servers_fixture import PostgresServer

ROOT = Path(__file__).parents[2]


def configured() -> dict[str, str]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    _, *words = compose["services"]["postgres"]["command"]
    return dict(word.split("=") for word in words if word != "-c")


def test_a_failed_statement_is_logged_without_anybodys_words() -> None:
    server = PostgresServer(**configured()).start()
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE said (words text PRIMARY KEY)")
            connection.execute("INSERT INTO said VALUES ('somebody said this')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO said VALUES ('somebody said this')")
        log = server.log.read_text(encoding="utf-8")
    finally:
        server.close()
    assert "duplicate key" in log
    assert "somebody said this" not in log
