"""`comhar setup` on a database as the containers have it: each service gets a role that can do what it must, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.servers_fixture import PostgresServer

ROOT = Path(__file__).parents[2]
COMHAR = Path(sys.executable).with_name("comhar")


class Installed:
    """A database that was set up from the secrets the script makes."""

    def __init__(self, owner: str, secrets: Path) -> None:
        self.secrets = secrets
        subprocess.run([ROOT / "deploy/containers/secrets.sh", secrets], check=True)
        self._here = urlsplit(owner)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("COMHAR_")} | {
            "COMHAR_PROFILE": "production",
            "COMHAR_BROKER_FILE": str(secrets / "broker"),
            "COMHAR_MASTER_KEY_FILE": str(secrets / "master_key"),
            "COMHAR_OWNER_DATABASE": owner,
            "COMHAR_ROLE_DATABASES": str(secrets),
        }
        for service in (path for path in secrets.iterdir() if path.name.endswith("_database")):
            service.chmod(0o600)
            service.write_text(self._moved(service.read_text(encoding="ascii").strip()), encoding="ascii")

    def _moved(self, address: str) -> str:
        """The same role and password, at the server we have here."""
        return address.replace("@postgres:5432/comhar", f"@{self._here.hostname}:{self._here.port}{self._here.path}")

    def setup(self) -> None:
        subprocess.run([COMHAR, "setup"], env=self.environment, check=True, stdin=subprocess.DEVNULL)

    def as_role(self, service: str) -> psycopg.Connection:
        return psycopg.connect((self.secrets / f"{service}_database").read_text(encoding="ascii"), autocommit=True)


@pytest.fixture(scope="module")
def installed(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    database = Installed(postgres.new_database(), tmp_path_factory.mktemp("secrets"))
    database.setup()
    return database


def test_set_up_again_changes_nothing(installed: Installed) -> None:
    with installed.as_role("sessions") as connection:
        before = connection.execute("SELECT store FROM sessions.head").fetchall()
        installed.setup()
        assert connection.execute("SELECT store FROM sessions.head").fetchall() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE sessions.events SET type = 'other'", "DELETE FROM sessions.events", "INSERT INTO sessions.events VALUES (1)"]
)
def test_a_service_cannot_write_history_anew(installed: Installed, statement: str) -> None:
    with installed.as_role("sessions") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize(
    "place", ["partnerships.events", "partnerships.sealed", "partnerships_views.positions", "partnerships_keys.subject_key"]
)
def test_a_service_cannot_read_what_is_anothers(installed: Installed, place: str) -> None:
    with installed.as_role("sessions") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"SELECT * FROM {place}")


def test_a_service_makes_its_read_models_itself(installed: Installed) -> None:
    with installed.as_role("sessions") as connection:
        connection.execute("CREATE TABLE sessions_views.another (id text)")
        connection.execute("DROP TABLE sessions_views.another")


def test_a_service_cannot_make_anything_beside_its_schemas(installed: Installed) -> None:
    with installed.as_role("sessions") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE public.elsewhere (id text)")
