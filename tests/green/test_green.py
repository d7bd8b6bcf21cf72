import subprocess
import sys
from contextvars import ContextVar

import psycopg
from eventlet.patcher import is_monkey_patched

from shared import green

_whose: ContextVar[str] = ContextVar("whose", default="nobody's")


def test_a_patched_process_waits_green_for_sockets_and_for_postgresql() -> None:
    assert is_monkey_patched("socket")
    assert psycopg.waiting.wait is psycopg.waiting.wait_select


def test_a_spawned_thread_keeps_the_context_of_its_spawner() -> None:
    _whose.set("mine")
    assert green.spawn(_whose.get).wait() == "mine"


def test_patching_after_psycopg_was_imported_stops_the_start() -> None:
    late = "import psycopg; from shared import green; green.patch()"
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", late], capture_output=True, text=True, check=False, env={})
    assert "RuntimeError: psycopg was imported before" in ended.stderr
