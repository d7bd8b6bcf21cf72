"""Commands a second to the durable answer, over HTTP and over RPC, against a plain nameko and SQLAlchemy service in the same run.

Ours is a whole production region: a process for each service on RabbitMQ and PostgreSQL. The command takes in feedback: it is checked,
its words are sealed under a key of their own, the fact is durable and done once, four read models of other processes follow. The peer
(`benchmarks/peer`) is written the way nameko's own examples are: a schema, a row, a commit, an event that one service listens to; it
knows no tokens, seals nothing, and a command sent twice is two.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psycopg
import yaml

from benchmarks.measuring import OURS, PAIR, PEER, Ask, Figure, Goal, Measure, compare, worker
from tests.regions import Running, production
from tests.servers_fixture import free_port, postgres_server, rabbit_server, wait_until

SECONDS = 75.0
ROUNDS = 6
WAYS = HTTP, RPC = "HTTP", "RPC"
CASES = {f"{way}, {clients} clients": (way, clients) for way in WAYS for clients in (1, 8, 32)}
GOALS = {f"{way}, {clients} clients": Goal(times=times) for way in WAYS for clients, times in ((1, 1.0), (32, 3.0))}
FEEDBACK = {
    "kind": "suggestion",
    "relation": "service_user",
    "anonymity": "anonymous_to_partnership",
    "channel": "in_person",
    "text": "The waiting room is cold and nobody says how long it takes. " * 3,
    "rating": 4,
}


class Ours:
    """A region with one partnership."""

    def __init__(self, region: Running) -> None:
        self._region = region.region()
        partnership = {"name": "Bench", "org_unit": "BENCH", "setting": "recovery_education", "level": "organisational"}
        self._partnership = self._region.post("/v1/partnerships", partnership)["id"]
        self.body = {"partnership": self._partnership, **FEEDBACK}
        place = urlsplit(region.address)
        headers = [f"Authorization: Bearer {region.token()}"]
        self.http = {"host": place.hostname, "port": place.port, "path": "/v1/feedback", "headers": headers, "body": self.body}
        self.processes = list(region.processes.values())

    def settle(self) -> None:
        """Returns when every reader has what was written: what follows must not pay for it."""
        self._region.post("/v1/feedback", self.body)
        self._region.get(f"/v1/partnerships/{self._partnership}/feedback")
        self._region.get(f"/v1/partnerships/{self._partnership}/reports/2025")
        self._region.get("/v1/audit/completeness")


class Peer:
    """The peer's three processes on a database and a virtual host of their own."""

    def __init__(self, database: str, broker: str) -> None:
        from benchmarks.peer.models import set_up  # noqa: PLC0415  SQLAlchemy comes with the benchmarks

        self._database = database
        partnership = uuid4()
        set_up(database, partnership)
        self.body = {"partnership": str(partnership), **FEEDBACK}
        self.http = {"host": "127.0.0.1", "port": free_port(), "path": "/feedback", "headers": [], "body": self.body}
        uri = database.replace("postgresql://", "postgresql+psycopg2://")
        self.broker = broker
        self.config = {
            "AMQP_URI": broker,
            "WEB_SERVER_ADDRESS": f"127.0.0.1:{self.http['port']}",
            "DB_URIS": {"feedback:Base": uri, "reporting:ReportingBase": uri},
            "LOGGING": {"version": 1},
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def settle(self) -> None:
        """Returns when the listener has heard of what was written last."""
        last = self.post().json()["id"]
        wait_until(lambda: self._heard(last), "the peer's listener has heard")

    def post(self) -> httpx.Response:
        """One command, by an ordinary client."""
        return httpx.post("http://{host}:{port}{path}".format(**self.http), json=self.body)

    def _heard(self, id: str) -> bool:
        with psycopg.connect(self._database) as connection:
            return connection.execute("SELECT 1 FROM inbox WHERE id = %s", (id,)).fetchone() is not None


Sides = dict[str, Ours | Peer]


def run(seconds: float) -> Sequence[Figure]:
    """Measure for about `seconds`, and half a minute more to start everything."""
    each = max(0.2, seconds / (ROUNDS * len(CASES) * 2))
    with _sides() as (sides, clients_of):

        def measure(case: tuple[str, int], order: Sequence[str]) -> dict[str, Measure]:
            return {subject: _measure(sides, clients_of[case[0]], case, subject, each) for subject in order}

        for case in CASES.values():
            measure(case, PAIR)  # once unmeasured: connections, plans, caches
        return compare(CASES, measure, GOALS, "commands", ROUNDS)


def _measure(sides: Sides, ask: Ask, case: tuple[str, int], subject: str, seconds: float) -> Measure:
    way, callers = case
    side = sides[subject]
    question = {"subject": subject, "callers": callers, "seconds": seconds, "body": side.body, **(side.http if way == HTTP else {})}
    with _standing_still(sides[PEER if subject == OURS else OURS]):
        measure: Measure = ask(question)
        side.settle()
    return measure


@contextmanager
def _standing_still(side: Ours | Peer) -> Iterator[None]:
    """What the other side does while it has nothing to do must not slow this one."""
    for process in side.processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in side.processes:
            process.send_signal(signal.SIGCONT)


@contextmanager
def _sides() -> Iterator[tuple[Sides, dict[str, Ask]]]:
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="comhar-commands-")))
        postgres, rabbit = postgres_server(), rabbit_server()
        ends.callback(postgres.close)
        ends.callback(rabbit.close)
        region = ends.enter_context(production(folder / "region", rabbit, postgres))
        peer = Peer(postgres.new_database(), rabbit.new_vhost())
        ends.enter_context(_running(peer, folder))
        http = ends.enter_context(worker("benchmarks.clients", "http"))
        places = region.environment["COMHAR_BROKER"], region.environment["COMHAR_MASTER_KEY_FILE"], peer.broker
        rpc = ends.enter_context(worker("benchmarks.clients", "rpc", *places))
        yield {PEER: peer, OURS: Ours(region)}, {HTTP: http, RPC: rpc}


@contextmanager
def _running(peer: Peer, folder: Path) -> Iterator[None]:
    """The peer's services, run by nameko's own command."""
    settings = folder / "peer.yaml"
    settings.write_text(yaml.safe_dump(peer.config), encoding="utf-8")
    try:
        for service in ("feedback", "reporting", "gateway"):
            command = [str(Path(sys.executable).parent / "nameko"), "run", "--config", str(settings), f"benchmarks.peer.{service}"]
            with (folder / "peer.log").open("ab") as log:
                peer.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        wait_until(lambda: _answers(peer), "the peer answers")
        yield
    finally:
        for process in peer.processes:
            process.terminate()
        for process in peer.processes:
            process.wait(20)


def _answers(peer: Peer) -> bool:
    try:
        return peer.post().is_success
    except httpx.TransportError:
        return False
