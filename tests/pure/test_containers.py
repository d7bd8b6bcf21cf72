"""The containers fit together: no engine is needed to see a misspelt key, a secret nobody makes, or a service that runs as root.

Checked by the JSON Schema of the Compose Specification (check-jsonschema ships it), by hadolint, and by reading what must agree with what.
"""

import json
import re
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from shared.settings import read_settings

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists())
OURS = [*SERVICES, "setup"]


@cache
def compose() -> Any:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def service(name: str) -> Any:
    return compose()["services"][name]


@cache
def everything() -> list[str]:
    return sorted(compose()["services"])


def schema() -> Any:
    return json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script makes, in a folder of its own."""
    directory = tmp_path_factory.mktemp("secrets")
    subprocess.run([ROOT / "deploy/containers/secrets.sh", directory], check=True)
    return directory


def test_the_compose_file_is_one_by_the_specification() -> None:
    assert list(jsonschema_rs.validator_for(schema()).iter_errors(compose())) == []


def test_the_specification_finds_a_misspelt_key() -> None:
    misspelt = {"services": {"gateway": {**service("gateway"), "helthcheck": {}}}}
    assert not jsonschema_rs.is_valid(schema(), misspelt)


def test_the_dockerfile_passes_hadolint() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, ROOT / "deploy/containers/Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_service_is_a_container_and_every_container_is_known() -> None:
    assert set(everything()) == {*OURS, "rabbitmq", "postgres"}


@pytest.mark.parametrize("name", [*OURS, "rabbitmq", "postgres"])
def test_a_container_may_nothing_it_does_not_need(name: str) -> None:
    container = service(name)
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert int(container["user"].split(":")[0]) > 0
    assert container["mem_limit"]
    assert container["pids_limit"]


@pytest.mark.parametrize("name", [*SERVICES, "rabbitmq", "postgres"])
def test_a_container_that_stays_tells_whether_it_is_well(name: str) -> None:
    assert service(name)["healthcheck"]["test"][0] == "CMD"
    assert service(name)["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_serves_and_asks_after_itself(name: str) -> None:
    assert service(name)["command"] == ["serve", name]
    assert service(name)["healthcheck"]["test"] == ["CMD", "comhar", "health", name]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_given_its_own_database_and_nobody_elses(name: str) -> None:
    given = [secret for secret in service(name)["secrets"] if secret.endswith("_database")]
    assert given == [f"{name}_database"]


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_a_container_are_settings_of_comhar(name: str, secrets: Path) -> None:
    environment = {
        key: str(value).replace("/run/secrets", str(secrets)).replace("${COMHAR_REGION:-ABH}", "ABH")
        for key, value in service(name)["environment"].items()
    }
    assert read_settings(environment).profile == "production"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_what_it_needs(name: str) -> None:
    conditions = {needed: how["condition"] for needed, how in service(name)["depends_on"].items()}
    assert conditions == {"setup": "service_completed_successfully", "rabbitmq": "service_healthy"}


def test_only_the_gateway_can_be_reached_and_only_from_this_host() -> None:
    assert {name: service(name)["ports"] for name in everything() if "ports" in service(name)} == {
        "gateway": ["127.0.0.1:${COMHAR_PORT:-8080}:8080"]
    }
    assert [name for name in everything() if "edge" in service(name)["networks"]] == ["gateway"]
    assert compose()["networks"]["inside"] == {"internal": True}


def test_every_secret_is_declared_used_and_made(secrets: Path) -> None:
    declared = compose()["secrets"]
    used = {secret for name in everything() for secret in service(name).get("secrets", [])}
    assert used == set(declared)
    assert {entry["file"] for entry in declared.values()} == {f"deploy/secrets/{name}" for name in declared}
    assert set(declared) <= {path.name for path in secrets.iterdir()}


@pytest.mark.parametrize("name", [*OURS, "rabbitmq", "postgres"])
def test_a_container_that_names_a_secret_is_given_it(name: str) -> None:
    named = set(re.findall(r"/run/secrets/(\w+)", json.dumps(service(name).get("environment", {}))))
    assert named <= set(service(name).get("secrets", []))


def test_no_secret_is_in_an_environment_or_in_what_the_image_is_made_of() -> None:
    assert "deploy/secrets" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    values = [str(value) for name in everything() for value in service(name).get("environment", {}).values()]
    assert [value for value in values if "://" in value] == []


def test_secrets_are_made_once_and_kept(secrets: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    subprocess.run([ROOT / "deploy/containers/secrets.sh", secrets], check=True)
    assert {path.name: path.read_bytes() for path in secrets.iterdir()} == before
    assert len(before["master_key"]) == 32
    assert secrets.stat().st_mode & 0o077 == 0


def test_broker_and_database_are_told_the_passwords_their_clients_know(secrets: Path) -> None:
    password = (secrets / "rabbitmq_password").read_text(encoding="ascii").strip()
    definitions = json.loads((secrets / "rabbitmq_definitions").read_text(encoding="utf-8"))
    assert [user["password"] for user in definitions["users"]] == [password]
    assert f"amqp://comhar:{password}@rabbitmq:5672/comhar" == (secrets / "broker").read_text(encoding="ascii").strip()
    owner = (secrets / "postgres_password").read_text(encoding="ascii").strip()
    assert f"postgresql://comhar:{owner}@postgres:5432/comhar" == (secrets / "owner_database").read_text(encoding="ascii").strip()


def test_every_mounted_file_exists() -> None:
    mounts = [volume.split(":")[0] for name in everything() for volume in service(name).get("volumes", [])]
    assert [mount for mount in mounts if mount.startswith("./") and not (ROOT / mount).is_file()] == []
    assert {mount for mount in mounts if not mount.startswith("./")} == set(compose()["volumes"])


def test_the_image_holds_every_layer_and_the_locked_environment() -> None:
    dockerfile = (ROOT / "deploy/containers/Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (\w+) /opt/comhar/code/(\w+)$", dockerfile, re.MULTILINE)
    assert copied == [(layer, layer) for layer in ("contracts", "shared", "services", "deploy")]
    assert "--require-hashes --requirement requirements.lock" in dockerfile
    assert "USER 10001:10001" in dockerfile


def test_every_image_has_a_full_version() -> None:
    images = {container["image"] for container in compose()["services"].values()}
    images |= set(re.findall(r"^FROM (\S+)", (ROOT / "deploy/containers/Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert [image for image in images if not re.search(r":\d+\.\d+(\.\d+)?(-[\w-]+)?$", image)] == []
