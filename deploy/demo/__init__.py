"""A partnership's first year, told to a region as the commands that its people would have sent, dated as they happened.

The year is data (`abhainn_2025.json`): who took part, what was said, decided, paid and needed, and what its figures come to. Each
module here turns one part of it into steps; `telling` sends them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from deploy.client import Region
from deploy.demo import access, feedback, meetings, money, people, work
from deploy.demo.telling import Step, tell

Year = dict[str, Any]


def load(year: Year, region: Region, finance: Region, progress: Callable[[int, int], None]) -> str:
    """Tell `year` to `region`; the id of its partnership. Told again, every command is known already and nothing is stored twice.

    `finance` is the region too, for somebody else: whoever claims a payment does not approve it.
    """
    told = tell(f"{year['orgUnit']} {year['year']}", list(steps(year)), region, finance, progress)
    return told["partnership"]


def steps(year: Year) -> Iterator[Step]:
    """All that happened, by behaviour."""
    for part in (people, meetings, access, money, work, feedback):
        yield from part.steps(year)
