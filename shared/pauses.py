"""How long to wait before trying again: longer each time, never the same for two who failed together."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count

SHORTEST_SECONDS = 0.1
LONGEST_SECONDS = 5.0


def pauses() -> Iterator[float]:
    """Seconds, doubling from a tenth up to five, each shortened by chance to as little as a half."""
    for attempt in count():
        yield min(LONGEST_SECONDS, SHORTEST_SECONDS * 2 ** min(attempt, 10)) * random.uniform(0.5, 1.0)  # noqa: S311  spreads retries
