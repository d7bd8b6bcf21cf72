"""Runs every proof and counts: `python -m tests.run [part ...]`.

Each part is a process of its own with a time limit from outside: eventlet's patches are for a whole process, and nothing inside a
patched process can stop a loop. A part without tests, a skipped test and a part that ran out of time count as failed. The pure tests
need one processor and no server, so in a run of everything they run beside the parts that come before the journeys.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[1]
_running: set[subprocess.Popen[bytes]] = set()


class Tally(NamedTuple):
    passed: int
    failed: int


Row = tuple[str, Tally, float]


@dataclass(frozen=True)
class Check:
    """A program whose exit code is the verdict."""

    name: str
    command: tuple[str, ...]
    seconds: int = 120

    def run(self, output: IO[bytes] | None = None) -> Tally:
        passed = _run(self.command, self.seconds, output) == 0
        return Tally(int(passed), int(not passed))


@dataclass(frozen=True)
class Suite:
    """A pytest process; its report is the verdict."""

    name: str
    arguments: tuple[str, ...]
    seconds: int

    def run(self, output: IO[bytes] | None = None) -> Tally:
        with tempfile.TemporaryDirectory() as directory:
            report = Path(directory) / "report.xml"
            code = _run((sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *self.arguments), self.seconds, output)
            tally = _read(report) if report.exists() else Tally(0, 0)
        return tally if code == 0 or tally.failed else tally._replace(failed=1)


_LONG = os.environ.get("COMHAR_CAMPAIGN") == "long"
_LONGER = ("tests/pure/test_every_state.py",) if _LONG else ()
"""What is short among the pure tests, and a campaign of its own."""
_BIN = str(Path(sys.executable).parent)
CHECKS = (
    Check("format", (f"{_BIN}/ruff", "format", "--check", "--quiet", ".")),
    Check("lint", (f"{_BIN}/ruff", "check", "--quiet", ".")),
    Check("types", (f"{_BIN}/mypy", "--no-error-summary")),
    Check("contracts", (f"{_BIN}/comhar", "contracts", "check")),
)
STRUCTURE = Suite("structure", ("tests/pure/test_boundaries.py", "tests/pure/test_containers.py", "tests/pure/test_traces.py"), 60)
PURE = Suite("pure", ("tests/pure",), 900)
JOURNEYS = Suite("journeys", ("tests/journeys",), 2400)
TESTS = (
    PURE,
    Suite("green", ("-p", "tests.patched", "tests/green"), 300),
    Suite("servers", ("-p", "tests.patched", "tests/servers"), 1200),
    JOURNEYS,
    Suite("campaigns", ("-s", "tests/campaigns", *_LONGER), 24 * 3600 if _LONG else 1200),
)
PARTS = {part.name: (part,) for part in (*CHECKS, STRUCTURE, *TESTS)} | {"check": (*CHECKS, STRUCTURE), "all": (*CHECKS, *TESTS)}


def main(names: list[str]) -> int:
    if unknown := set(names) - set(PARTS):
        print(f"no part called {', '.join(unknown)}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    rows = _together([part for name in names or ["all"] for part in PARTS[name]])
    print()
    for name, tally, seconds in rows:
        print(f"{name:<12}{tally.passed:>6} passed{tally.failed:>5} failed{seconds:>8.1f} s")
    failed = sum(tally.failed for _, tally, _ in rows)
    print(f"{sum(tally.passed for _, tally, _ in rows)} passed, {failed} failed", flush=True)
    return int(failed > 0)


def _together(parts: list[Check | Suite]) -> list[Row]:
    """Each part after the other; the pure tests meanwhile, as far as the journeys, if those come too."""
    aside = [PURE] if {PURE, JOURNEYS} <= {*parts} else []
    rows: list[Row] = []
    with ThreadPoolExecutor() as others:
        begun = [others.submit(_kept, part) for part in aside]
        try:
            for part in (part for part in parts if part not in aside):
                if part is JOURNEYS:
                    rows += map(_shown, begun)
                rows.append(_timed(part))
        except BaseException:
            for process in list(_running):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return rows


def _timed(part: Check | Suite, output: IO[bytes] | None = None) -> Row:
    if not output:
        print(f"── {part.name}", flush=True)
    started = time.monotonic()
    return part.name, part.run(output), time.monotonic() - started


def _kept(part: Check | Suite) -> tuple[Row, str]:
    """Run without a word; what was said comes with the verdict."""
    with tempfile.TemporaryFile() as output:
        row = _timed(part, output)
        output.seek(0)
        return row, output.read().decode(errors="replace")


def _shown(begun: Future[tuple[Row, str]]) -> Row:
    row, said = begun.result()
    print(f"── {row[0]} (meanwhile)\n{said}", flush=True)
    return row


def _run(command: tuple[str, ...], seconds: int, output: IO[bytes] | None) -> int:
    """The exit code; a process that runs out of time is killed with all it started."""
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    _running.add(process)
    try:
        return process.wait(seconds)
    except BaseException as fault:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(fault, subprocess.TimeoutExpired):
            raise
        print(f"not finished after {seconds} s: {' '.join(command)}", flush=True)
        return 124
    finally:
        _running.discard(process)


def _read(report: Path) -> Tally:
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314  pytest wrote it a moment ago
    counts = [{key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")} for suite in suites]
    failed = sum(count["failures"] + count["errors"] + count["skipped"] for count in counts)
    return Tally(sum(count["tests"] for count in counts) - failed, failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
