"""Telling a region what happened, in the order it happened; what does not depend on one another is sent together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from graphlib import TopologicalSorter
from itertools import groupby
from typing import Any

from deploy.client import Region, key

PEOPLE = "people"
"""The line of everything that changes who takes part; all that happened later waits for it."""
_AT_ONCE = 16
_NAME = re.compile(r"{([^}]+)}")


@dataclass(frozen=True)
class Step:
    """One command, and when it happened. `{a name}` in its path or body stands for the id of what the step of that name made.

    Steps of one `line` follow one another as they happened; `after` names others that come first. `paying`: a finance officer's.
    """

    name: str
    at: datetime
    line: str
    path: str
    body: Mapping[str, Any]
    after: tuple[str, ...] = ()
    paying: bool = False


def moment(day: str, hour: int, minutes: int = 0) -> datetime:
    """A time on a day, or so many minutes later."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00") + timedelta(minutes=minutes)


def earlier(day: str, days: int, but_not_before: str) -> str:
    """So many days earlier."""
    return max(str(date.fromisoformat(day) - timedelta(days)), but_not_before)


def tell(story: str, steps: Sequence[Step], region: Region, finance: Region, progress: Callable[[int, int], None]) -> dict[str, str]:
    """Send every step once those it waits for are done; what each made, by name."""
    named = {step.name: step for step in sorted(steps, key=lambda step: step.at)}
    waiting = TopologicalSorter(_before(named.values()))
    waiting.prepare()
    told: dict[str, str] = {}
    running: dict[Future[str], str] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            while waiting.is_active():
                for name in sorted(waiting.get_ready(), key=lambda name: named[name].at):
                    step = named[name]
                    running[pool.submit(_send, story, step, finance if step.paying else region, told)] = name
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(done)
                    told[name] = done.result()
                    waiting.done(name)
                progress(len(told), len(named))
        finally:
            pool.shutdown(cancel_futures=True)
    return told


def _before(steps: Iterable[Step]) -> dict[str, set[str]]:
    """What each step waits for. Month follows month, so that the history reads as it happened; within one, line by line."""
    last: dict[str, str] = {}
    before: dict[str, set[str]] = {}
    for _, month in groupby(steps, key=lambda step: (step.at.year, step.at.month)):
        so_far = set(last.values())
        for step in month:
            on_its_line = {last[line] for line in (PEOPLE, step.line) if line in last}
            before[step.name] = {*so_far, *on_its_line, *step.after, *_names(step.path), *_names(step.body)}
            last[step.line] = step.name
    return before


def _send(story: str, step: Step, region: Region, told: Mapping[str, str]) -> str:
    body = {**_filled(step.body, told), "happened": step.at.isoformat()}
    answer = region.post(_filled(step.path, told), body, idempotency_key=key("year", story, step.name))
    made: str = answer["made"] or answer["id"]
    return made


def _names(value: Any) -> list[str]:
    match value:
        case str():
            return _NAME.findall(value)
        case Mapping():
            return [name for one in value.values() for name in _names(one)]
        case list():
            return [name for one in value for name in _names(one)]
    return []


def _filled(value: Any, told: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _NAME.sub(lambda found: told[found[1]], value)
        case Mapping():
            return {name: _filled(one, told) for name, one in value.items()}
        case list():
            return [_filled(one, told) for one in value]
    return value
