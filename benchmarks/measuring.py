"""What the benchmarks share: rounds in which ours and a peer are measured side by side, figures with spreads and goals, workers.

Within a round a pair is measured one right after the other, and who is first alternates, so that other load on the machine falls on
both; the ratio is taken pair by pair.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

PAIR = OURS, PEER = "ours", "peer"
Case = TypeVar("Case")

Measure = dict[str, float]
"""What one round of callers gave: `rate` a second; `p50` and `p99` in milliseconds."""
Ask = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Goal:
    """What a figure should be: at least, at most, or so many times better than the peer's."""

    at_least: float | None = None
    at_most: float | None = None
    times: float | None = None

    def __str__(self) -> str:
        bounds = ((">=", self.at_least, ""), ("<=", self.at_most, ""), (">=", self.times, "x"))
        return " ".join(f"{sign} {bound:,g}{unit}" for sign, bound, unit in bounds if bound is not None)


@dataclass(frozen=True)
class Figure:
    """One line of the table: the same thing measured in every round, of ours and perhaps of a peer. Times (`ms`) are better when lower."""

    what: str
    unit: str
    ours: Sequence[float]
    peer: Sequence[float] = ()
    goal: Goal = Goal()

    @property
    def ratios(self) -> list[float]:
        """How many times better ours is, round by round."""
        pairs = zip(self.ours, self.peer, strict=False)
        return [theirs / mine if self.unit == "ms" else mine / theirs for mine, theirs in pairs]

    @property
    def met(self) -> bool:
        """Whether the medians reach the goal."""
        median = statistics.median(self.ours)
        ratio = statistics.median(self.ratios) if self.peer else 0.0
        goal = self.goal
        return median >= (goal.at_least or 0) and median <= (goal.at_most or median) and ratio >= (goal.times or 0)

    def plain(self) -> dict[str, Any]:
        """For JSON: every round as it was."""
        return {**asdict(self), "times better": self.ratios, "goal": str(self.goal), "met": self.met}


def compare(
    cases: Mapping[str, Case],
    measure: Callable[[Case, Sequence[str]], Mapping[str, Measure]],
    goals: Mapping[str, Goal],
    unit: str,
    rounds: int = 5,
) -> list[Figure]:
    """Every case in every round; `measure` is given a case and which of the pair is first. `goals` by what a figure says."""
    found: dict[str, list[Mapping[str, Measure]]] = {name: [] for name in cases}
    for number in range(rounds):
        for name, case in cases.items():
            found[name].append(measure(case, PAIR[:: 1 if number % 2 else -1]))
    figures = []
    for name, rounds_of in found.items():
        for key, kind, what in (("rate", f"{unit}/s", name), ("p50", "ms", f"{name}, p50"), ("p99", "ms", f"{name}, p99")):
            ours, peer = ([one[subject][key] for one in rounds_of] for subject in PAIR)
            figures.append(Figure(what, kind, ours, peer, goals.get(what, Goal())))
    return figures


def table(title: str, figures: Sequence[Figure]) -> str:
    """Figures for a reader: medians, with the lowest and the highest round."""
    lines = [f"{title:40}{'':12}{'ours':>25}{'peer':>25}{'times better':>22}  goal"]
    for figure in figures:
        ours, peer, ratios = (_spread(values) if values else "" for values in (figure.ours, figure.peer, figure.ratios))
        goal = f"{figure.goal}{'' if figure.met else '  MISSED'}" if str(figure.goal) else ""
        lines.append(f"  {figure.what:38}{figure.unit:12}{ours:>25}{peer:>25}{ratios:>22}  {goal}".rstrip())
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    """Median, lowest and highest."""
    median, *ends = (f"{value:,.0f}" if value >= 100 else f"{value:.3g}" for value in (statistics.median(values), min(values), max(values)))
    return f"{median} [{' '.join(ends)}]"


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was."""
    processor = next((line.partition(":")[2].strip() for line in _proc("cpuinfo") if line.startswith("model name")), platform.processor())
    memory = next((int(line.split()[1]) // 1024 for line in _proc("meminfo") if line.startswith("MemTotal")), 0)
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_mb": memory,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def _proc(name: str) -> list[str]:
    path = Path("/proc") / name
    return path.read_text().splitlines() if path.exists() else []


def repeat(call: Callable[[], object], callers: int, seconds: float) -> Measure:
    """Each of so many threads (green where the process is) calls again as soon as its last call has returned."""
    call()
    times: list[float] = []
    began = time.perf_counter()

    def caller() -> None:
        now = time.perf_counter()
        while now < began + seconds:
            call()
            now, before = time.perf_counter(), now
            times.append(now - before)

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return measured(times, time.perf_counter() - began)


def measured(times: Sequence[float], seconds: float) -> Measure:
    """The measure of calls that took `times`, all together `seconds`."""
    ordered = sorted(times)
    return {"rate": len(ordered) / seconds, "p50": ordered[len(ordered) // 2] * 1000, "p99": ordered[int(len(ordered) * 0.99)] * 1000}


@contextmanager
def worker(module: str, *arguments: str) -> Iterator[Ask]:
    """A process of `python -m module`, asked by a line of JSON, answering by one; it ends when its standard input closes."""
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(question: dict[str, Any]) -> Any:
        pipe, told = process.stdin, process.stdout
        if pipe is None or told is None:
            raise AssertionError("started with pipes")
        pipe.write(json.dumps(question) + "\n")
        pipe.flush()
        if not (line := told.readline()):
            raise AssertionError(f"{module} has ended")
        return json.loads(line)

    try:
        yield ask
    finally:
        process.communicate()


def answer(reply: Callable[[dict[str, Any]], Any], read: Callable[[], str] = sys.stdin.readline) -> None:
    """The worker's side: answers each question until standard input closes."""
    for question in iter(read, ""):
        print(json.dumps(reply(json.loads(question))), flush=True)
