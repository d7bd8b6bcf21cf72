"""A server process that belongs to a test: started, stopped, killed, paused, and never outliving the run that started it.

Every child carries a parent-death signal, so even a killed test run leaves no process behind. (The kernel ties that signal to the
*thread* that started the child: start servers from the main thread.) Works with and without eventlet's patches.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

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


class Child:
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


class Server:
    """What both servers share: a temporary directory, a child, and the five things a test does to it."""

    _polite = signal.SIGTERM

    def __init__(self, name: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix=f"comhar-{name}-"))
        self.log = self.directory / "server.log"
        self.port = free_port()
        self._child: Child | None = None

    def _launch(self) -> Child:
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
