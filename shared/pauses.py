"""Pauses: before trying again, longer each time and never the same for two who failed together; and to let others go first."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import count
from types import BuiltinFunctionType

SHORTEST_SECONDS = 0.1
LONGEST_SECONDS = 5.0


def pauses() -> Iterator[float]:
    """Seconds, doubling from a tenth up to five, each shortened by chance to as little as a half."""
    for attempt in count():
        yield min(LONGEST_SECONDS, SHORTEST_SECONDS * 2 ** min(attempt, 10)) * random.uniform(0.5, 1.0)  # noqa: S311  spreads retries


def give_way() -> None:
    """Let all who are ready run first, where the process is patched; among real threads that happens anyway, and sleep(0) takes 0.1 ms."""
    if not isinstance(time.sleep, BuiltinFunctionType):
        time.sleep(0)
