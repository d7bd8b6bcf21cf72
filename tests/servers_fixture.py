"""A RabbitMQ and a PostgreSQL of our own, for tests that need the real thing and must be free to kill it.

Owns: where the binaries are, and how a private server is started from them, as root or as anybody. Where they are missing, the
servers named in COMHAR_TEST_AMQP_URI and COMHAR_TEST_POSTGRES_URL are used.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.named_servers import NamedPostgres, NamedRabbit, create_database
from tests.server_process import LOOPBACK, START_SECONDS, Child, Server, ServerFault, free_port, wait_until

__all__ = [
    "LOOPBACK",
    "NamedPostgres",
    "NamedRabbit",
    "PostgresServer",
    "RabbitServer",
    "ServerFault",
    "free_port",
    "postgres_server",
    "rabbit_server",
    "wait_until",
]


class PostgresServer(Server):
    """A private PostgreSQL with passwords checked and commits flushed, as in production; the superuser is `comhar`."""

    _polite = signal.SIGINT  # "fast": connections are closed, work is rolled back

    def __init__(self, **settings: str) -> None:
        super().__init__("postgres")
        self._bin = _postgres_directory()
        self._user = _unprivileged()
        self._settings = {"max_connections": "200", "listen_addresses": LOOPBACK, "unix_socket_directories": "", **settings}
        self._data = self.directory / "data"
        self._initialise()

    @property
    def url(self) -> str:
        return self._url("postgres")

    def _url(self, database: str) -> str:
        return f"postgresql://comhar:comhar@{LOOPBACK}:{self.port}/{database}"

    def new_database(self) -> str:
        """The url of an empty database, as its owner."""
        return self._url(create_database(self.url))

    def _initialise(self) -> None:
        self.directory.chmod(0o755)
        password = self.directory / "password"
        password.write_text("comhar\n", encoding="ascii")
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user)
        Child(
            [str(self._bin / "initdb"), "-D", str(self._data), "-U", "comhar", "-A", "scram-sha-256", f"--pwfile={password}",
             "--no-sync", "--encoding=UTF8", "--locale=C"],
            log=self.log, env={"PATH": os.defpath}, user=self._user,
        ).wait(START_SECONDS)  # fmt: skip
        if not (self._data / "PG_VERSION").exists():
            raise ServerFault(f"initdb failed\n{self._last_words()}")

    def _launch(self) -> Child:
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        return Child(
            [str(self._bin / "postgres"), "-D", str(self._data), "-p", str(self.port), *options],
            log=self.log, env={"PATH": os.defpath}, user=self._user,
        )  # fmt: skip

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
            return True
        return False


class RabbitServer(Server):
    """A private RabbitMQ with its own name server for Erlang nodes. The process we hold is the virtual machine itself: signals hit it."""

    def __init__(self, **settings: str) -> None:
        super().__init__("rabbit")
        self._sbin = _rabbit_directory()
        self._epmd: Child | None = None
        self._env = self._environment()
        lines = {
            "listeners.tcp.1": f"{LOOPBACK}:{self.port}", "heartbeat": "10", "cluster_name": "comhar-test",
            "vm_memory_high_watermark.absolute": "512MB", "disk_free_limit.absolute": "64MB",
        } | settings  # fmt: skip
        (self.directory / "rabbitmq.conf").write_text("".join(f"{name} = {value}\n" for name, value in lines.items()), encoding="utf-8")
        (self.directory / "enabled_plugins").write_text("[].\n", encoding="ascii")

    @property
    def uri(self) -> str:
        return self._uri("/")

    def _uri(self, vhost: str) -> str:
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}/{vhost}"

    def new_vhost(self) -> str:
        """The uri of an empty virtual host."""
        name = f"test-{uuid4().hex[:12]}"
        self.ctl(
            "eval",
            f'rabbit_vhost:add(<<"{name}">>, <<"test">>), '
            f'rabbit_auth_backend_internal:set_permissions(<<"guest">>, <<"{name}">>, <<".*">>, <<".*">>, <<".*">>, <<"test">>).',
        )
        return self._uri(name)

    def ctl(self, *arguments: str) -> str:
        """What `rabbitmqctl` prints (half a second a call)."""
        done = subprocess.run(
            [str(self._sbin / "rabbitmqctl"), "--quiet", *arguments],
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerFault(f"rabbitmqctl {arguments[0]} failed\n{done.stdout}{done.stderr}")
        return done.stdout

    def close(self) -> None:
        super().kill()
        if self._epmd is not None:
            self._epmd.end(signal.SIGKILL)
            self._epmd = None
        super().close()

    def _environment(self) -> dict[str, str]:
        base = self.directory
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(base),
            "LANG": "C.UTF-8",
            "RUNNING_UNDER_SYSTEMD": "true",  # the start script execs the virtual machine instead of watching it
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_CRASH_DUMP_SECONDS": "0",
            "RABBITMQ_NODENAME": f"test-{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(base / "mnesia"),
            "RABBITMQ_LOG_BASE": str(base / "log"),
            "RABBITMQ_SCHEMA_DIR": str(base / "schema"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(base / "config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(base / "enabled_plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(base / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(base / "rabbitmq"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(base / "advanced.config"),
            "RABBITMQ_PID_FILE": str(base / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def _launch(self) -> Child:
        if self._epmd is None:
            self._epmd = Child(["epmd", "-port", self._env["ERL_EPMD_PORT"], "-address", LOOPBACK], log=self.log, env=self._env)
            wait_until(lambda: _greets(int(self._env["ERL_EPMD_PORT"]), b"", b""), "epmd listens")
        return Child([str(self._sbin / "rabbitmq-server")], log=self.log, env=self._env)

    def _answers(self) -> bool:
        return _greets(self.port, b"AMQP\x00\x00\x09\x01", b"\x01\x00\x00")


def postgres_server() -> PostgresServer | NamedPostgres:
    """A running server: private if the binaries are here, else the one named in the environment."""
    named = os.environ.get("COMHAR_TEST_POSTGRES_URL")
    if named and not _found(_postgres_directory):
        return NamedPostgres(named)
    return PostgresServer().start()


def rabbit_server() -> RabbitServer | NamedRabbit:
    """A running server: private if the binaries are here, else the one named in the environment."""
    named = os.environ.get("COMHAR_TEST_AMQP_URI")
    if named and not _found(_rabbit_directory):
        return NamedRabbit(named)
    return RabbitServer().start()


def _postgres_directory() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which("postgres")
    if not found:
        raise ServerFault("PostgreSQL is not here: apt-get install postgresql, or set COMHAR_TEST_POSTGRES_URL to a superuser's url")
    return Path(found).resolve().parent


def _rabbit_directory() -> Path:
    """The scripts under /usr/lib: those in /usr/sbin refuse every user but root and rabbitmq."""
    versions = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    found = str(versions[-1]) if versions else shutil.which("rabbitmq-server")
    if not found:
        raise ServerFault("RabbitMQ is not here: apt-get install rabbitmq-server, or set COMHAR_TEST_AMQP_URI to an administrator's uri")
    return Path(found).parent


def _found(place: Callable[[], Path]) -> bool:
    with suppress(ServerFault):
        place()
        return True
    return False


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"


def _greets(port: int, hello: bytes, answer: bytes) -> bool:
    """Whether what listens there answers `hello` with bytes that begin with `answer`."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=2) as line:
        if not hello:
            return True
        line.sendall(hello)
        return line.recv(16).startswith(answer)
    return False
