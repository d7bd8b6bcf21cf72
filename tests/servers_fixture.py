"""A RabbitMQ and a PostgreSQL of our own for tests that need the real thing and must be free to kill it.

Owns: where the binaries are, how a private server is started as root or as anybody, and that it ends with us: every child carries a
parent-death signal, so even a killed test run leaves no process behind. (The kernel ties that signal to the *thread* that started the
child: start servers from the main thread.) Only the standard library and psycopg; works with and without eventlet's patches.

Where the binaries are missing, the servers named by COMHAR_TEST_AMQP_URI and COMHAR_TEST_POSTGRES_URL are used; they cannot be killed.
"""

import base64
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, Self
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

START_SECONDS = 60.0
LOOPBACK = "127.0.0.1"


class ServerFault(Exception):
    """A server is missing, did not start, or is not ours to kill; the text says what to do."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Looks ten times a second; raises ServerFault saying `what` was awaited when it stays untrue."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise ServerFault(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)


class _Child:
    """One server process, and those it forked, addressed by their ids."""

    def __init__(self, command: list[str], *, log: Path, env: Mapping[str, str], user: str | None = None) -> None:
        identity = [f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"] if user else []
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                ["setpriv", *identity, "--pdeathsig", "KILL", *command],
                env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/",
            )  # fmt: skip
        self.pid = self._popen.pid

    def alive(self) -> bool:
        return self._popen.poll() is None

    def signal(self, number: int) -> None:
        """To the process and its direct children: PostgreSQL is one process per connection."""
        forked = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split() if self.alive() else []
        for pid in (self.pid, *map(int, forked)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def end(self, number: int) -> None:
        """Returns when the process is gone; one that does not end within 20 s is killed."""
        if number == signal.SIGKILL:
            self.signal(number)
        elif self.alive():
            os.kill(self.pid, number)
        self.wait(20)

    def wait(self, seconds: float) -> None:
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self._popen.wait()


class _Server:
    """What both servers share: a temporary directory, a child, and the five things a test does to it."""

    _polite = signal.SIGTERM

    def __init__(self, name: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix=f"comhar-{name}-"))
        self.log = self.directory / "server.log"
        self.port = free_port()
        self._child: _Child | None = None

    def _launch(self) -> _Child:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError

    @property
    def pid(self) -> int:
        if self._child is None:
            raise ServerFault("the server is not running")
        return self._child.pid

    def start(self) -> Self:
        """Returns when the server answers. Starts it again while a predecessor still holds what it needs."""
        self._child = self._launch()
        try:
            wait_until(self._started, "the server answers")
        except ServerFault as fault:
            fault.add_note(self._last_words())
            raise
        return self

    def _started(self) -> bool:
        if self._child is None or not self._child.alive():
            self._child = self._launch()
        return self._answers()

    def stop(self) -> None:
        self._end(self._polite)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        """The server hangs: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """Ends the server and removes its data."""
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _signal(self, number: int) -> None:
        if self._child is not None:
            self._child.signal(number)

    def _end(self, number: int) -> None:
        if self._child is not None:
            self._child.end(number)
            self._child = None

    def _last_words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:] if self.log.exists() else ""


class PostgresServer(_Server):
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
        return self._url(_create_database(self.url))

    def _initialise(self) -> None:
        self.directory.chmod(0o755)
        password = self.directory / "password"
        password.write_text("comhar\n", encoding="ascii")
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user)
        _Child(
            [str(self._bin / "initdb"), "-D", str(self._data), "-U", "comhar", "-A", "scram-sha-256", f"--pwfile={password}",
             "--no-sync", "--encoding=UTF8", "--locale=C"],
            log=self.log, env={"PATH": os.defpath}, user=self._user,
        ).wait(START_SECONDS)  # fmt: skip
        if not (self._data / "PG_VERSION").exists():
            raise ServerFault(f"initdb failed\n{self._last_words()}")

    def _launch(self) -> _Child:
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        return _Child(
            [str(self._bin / "postgres"), "-D", str(self._data), "-p", str(self.port), *options],
            log=self.log, env={"PATH": os.defpath}, user=self._user,
        )  # fmt: skip

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
            return True
        return False


class RabbitServer(_Server):
    """A private RabbitMQ with its own name server for Erlang nodes. The process we hold is the virtual machine itself: signals hit it."""

    def __init__(self, **settings: str) -> None:
        super().__init__("rabbit")
        self._sbin = _rabbit_directory()
        self._epmd: _Child | None = None
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

    def _launch(self) -> _Child:
        if self._epmd is None:
            self._epmd = _Child(["epmd", "-port", self._env["ERL_EPMD_PORT"], "-address", LOOPBACK], log=self.log, env=self._env)
            wait_until(lambda: _greets(int(self._env["ERL_EPMD_PORT"]), b"", b""), "epmd listens")
        return _Child([str(self._sbin / "rabbitmq-server")], log=self.log, env=self._env)

    def _answers(self) -> bool:
        return _greets(self.port, b"AMQP\x00\x00\x09\x01", b"\x01\x00\x00")


class NamedPostgres:
    """Somebody else's PostgreSQL, named by COMHAR_TEST_POSTGRES_URL: databases can be made in it, its process is not ours."""

    def __init__(self, url: str) -> None:
        self.url = url

    def new_database(self) -> str:
        return urlsplit(self.url)._replace(path=f"/{_create_database(self.url)}").geturl()

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


def _create_database(url: str) -> str:
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return name


def _greets(port: int, hello: bytes, answer: bytes) -> bool:
    """Whether what listens there answers `hello` with bytes that begin with `answer`."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=2) as line:
        if not hello:
            return True
        line.sendall(hello)
        return line.recv(16).startswith(answer)
    return False
