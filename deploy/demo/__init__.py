"""A partnership's first year, told to a region as the commands that its people would have sent, dated as they happened.

The year is data (`abhainn_2025.json`): who took part, what was said, decided, paid and needed, and what its figures come to. Each
module here turns one part of it into steps; `telling` sends them. Beside it lie the units of the region (`org_units.csv`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from deploy import frameworks, org_units
from deploy.client import Region
from deploy.demo import access, feedback, meetings, money, people, work
from deploy.demo.telling import Step, tell

UNITS = Path(__file__).parent / "org_units.csv"
Year = dict[str, Any]


def load(year: Year, region: Region, finance: Region, progress: Callable[[int, int], None]) -> str:
    """Tell `year` to `region`, then its units and the frameworks; the id of its partnership. Told again, nothing is stored twice.

    `finance` is the region too, for somebody else: whoever claims a payment does not approve it.
    """
    told = tell(f"{year['orgUnit']} {year['year']}", list(steps(year)), region, finance, progress)
    org_units.take_in(org_units.rows(UNITS), region, lambda *_: None)
    frameworks.take_in(frameworks.SHIPPED, region)
    return told["partnership"]


def steps(year: Year) -> Iterator[Step]:
    """All that happened, by behaviour."""
    for part in (people, meetings, access, money, work, feedback):
        yield from part.steps(year)
