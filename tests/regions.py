"""Whole regions as their operators run them: the `comhar` command in processes of its own, on either profile, on free ports.

Both speak the same way, so a journey is written once: `address`, `token(role)`, `run(arguments)` for the command, `logs()`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from contracts.gateway import CreateToken
from contracts.services import SERVICES
from contracts.vocabulary import SystemRole
from deploy.client import Region
from deploy.wiring import House
from shared.clock import utc_now
from shared.context import Context
from shared.settings import read_settings
from tests.named_servers import NamedPostgres, NamedRabbit
from tests.server_process import free_port, wait_until
from tests.servers_fixture import PostgresServer, RabbitServer

COMHAR = str(Path(sys.executable).parent / "comhar")
_READY_SECONDS = 300.0


class Running:
    """A region that answers; its processes end with `close`."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self.address = f"http://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        own = {"COMHAR_HTTP_PORT": port, "COMHAR_ADDRESS": self.address, "XDG_RUNTIME_DIR": str(folder / "run")}
        self.environment = {**_clean_environment(), **settings, **own}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._callers: list[Region] = []
        self._tokens: dict[str, str] = {}

    def start(self, name: str, *arguments: str, **settings: str) -> None:
        """Start one process; its output goes to a file of its name."""
        environment = {**self.environment, "COMHAR_METRICS_PORT": str(free_port()), **settings}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen((COMHAR, *arguments), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.environment[f"COMHAR_TEST_METRICS_{name.upper()}"] = environment["COMHAR_METRICS_PORT"]
        self.environment["COMHAR_METRICS_PORT"] = environment["COMHAR_METRICS_PORT"]

    def wait(self) -> None:
        """Returns when every process is ready to work."""
        for name in self.processes:
            wait_until(partial(self._ready, name), f"{name} is ready\n{self.logs()[-4000:]}", _READY_SECONDS)

    def stop(self, name: str) -> None:
        """End one process politely; returns when it has ended."""
        self.processes[name].send_signal(signal.SIGTERM)
        self.processes[name].wait(30)

    def metrics(self, name: str) -> str:
        """What a process tells Prometheus."""
        return httpx.get(f"http://127.0.0.1:{self.environment[f'COMHAR_TEST_METRICS_{name.upper()}']}/metrics").text

    def token(self, role: str = "regional_operator") -> str:
        """A token of that role, made as an administrator makes it, without the seconds that another process takes to begin."""
        if role not in self._tokens:
            with closing(House(read_settings(self.environment))) as house:
                wanted = CreateToken(label="test", role=SystemRole(role), expires=utc_now() + timedelta(days=1))
                by = Context(actor="administrator", role="administrator", region=house.region)
                self._tokens[role] = house.tokens.create_token(command=wanted, context=by)
        return self._tokens[role]

    def region(self, role: str = "regional_operator") -> Region:
        """The API, in that role."""
        self._callers.append(Region(self.address, self.token(role)))
        return self._callers[-1]

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """The `comhar` command beside the region."""
        done = subprocess.run((COMHAR, *arguments), env=self.environment, capture_output=True, text=True, timeout=300, check=False)
        if check and done.returncode:
            raise AssertionError(f"comhar {' '.join(arguments)} gave {done.returncode}: {done.stderr}")
        return done

    def json(self, *arguments: str) -> Any:
        """What the command answers to programs."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def logs(self) -> str:
        """What all processes have said."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        """End every process, politely first."""
        for caller in self._callers:
            caller.close()
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _ready(self, name: str) -> bool:
        if (code := self.processes[name].poll()) is not None:
            raise AssertionError(f"{name} ended with {code}:\n{self.logs()[-4000:]}")
        try:
            return httpx.get(f"http://127.0.0.1:{self.environment[f'COMHAR_TEST_METRICS_{name.upper()}']}/health/ready").is_success
        except httpx.TransportError:
            return False


@contextmanager
def embedded(folder: Path, *arguments: str, ready: bool = True, **settings: str) -> Iterator[Running]:
    """A region in one process, on files; unless told otherwise it is ready for work when this returns."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Running(folder, {"COMHAR_DATA": str(folder / "data"), **settings})
    try:
        running.start("up", "up", *(arguments or ("--no-demo",)))
        if ready:
            running.wait()
        wait_until(lambda: "Sign in there" in (folder / "up.log").read_text(), "the region has said how to sign in", _READY_SECONDS)
        yield running
    finally:
        running.close()


@contextmanager
def production(folder: Path, rabbit: RabbitServer | NamedRabbit, postgres: PostgresServer | NamedPostgres) -> Iterator[Running]:
    """A process for each service on RabbitMQ and PostgreSQL, each service with its own role in the database."""
    folder.mkdir(parents=True, exist_ok=True)
    owner = postgres.new_database()
    host = owner.rpartition("@")[2]
    secrets = folder / "secrets"
    secrets.mkdir()
    for service in SERVICES:
        (secrets / f"{service}_database").write_text(f"postgresql://{service}:secret@{host}")
    (folder / "master.key").write_bytes(os.urandom(32))
    running = Running(
        folder,
        {
            "COMHAR_PROFILE": "production",
            "COMHAR_BROKER": rabbit.new_vhost(),
            "COMHAR_MASTER_KEY_FILE": str(folder / "master.key"),
            "COMHAR_DATABASE_FILE": str(secrets / "gateway_database"),
            "COMHAR_LEDGER": str(folder / "ledger"),
            "COMHAR_LEDGER_KEY_FILE": str(folder / "ledger.key"),
        },
    )
    with ExitStack() as closing:
        closing.callback(running.close)
        settings = {**running.environment, "COMHAR_OWNER_DATABASE": owner, "COMHAR_ROLE_DATABASES": str(secrets)}
        subprocess.run((COMHAR, "setup"), env=settings, check=True, capture_output=True, timeout=120)
        for service in SERVICES:
            running.start(service, "serve", service, COMHAR_DATABASE_FILE=str(secrets / f"{service}_database"))
        running.wait()
        yield running


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("COMHAR_")}
