"""The containers' RabbitMQ configuration is tried on a broker of our own: one that does not start with it would not start there either."""

import subprocess
from pathlib import Path

import amqp
import kombu
import pytest

from tests.servers_fixture import LOOPBACK, RabbitServer

ROOT = Path(__file__).parents[2]


def configured(definitions: Path) -> dict[str, str]:
    lines = (ROOT / "deploy/containers/rabbitmq.conf").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split(" = ") for line in lines if line and not line.startswith("#"))
    return settings | {"load_definitions": str(definitions), "disk_free_limit.absolute": "64MB"}


def test_a_broker_starts_with_the_configuration_and_lets_only_the_services_in(tmp_path: Path) -> None:
    subprocess.run([ROOT / "deploy/containers/secrets.sh", tmp_path], check=True)
    server = RabbitServer(**configured(tmp_path / "rabbitmq_definitions"))
    place = f"@{LOOPBACK}:{server.port}/"
    try:
        server.start()
        known = (tmp_path / "broker").read_text(encoding="ascii").strip().replace("@rabbitmq:5672/", place)
        with kombu.Connection(known) as connection:
            connection.default_channel.queue_declare(
                "sessions.partnerships", durable=True, arguments={"x-queue-type": "quorum"}, auto_delete=False
            )
        with pytest.raises(amqp.AccessRefused), kombu.Connection(f"amqp://guest:guest{place}") as stranger:
            stranger.connect()
    finally:
        server.close()
