"""Whether enough are there: in all, and of both sides, for the session or for one item after recusals (domain 8.A, quorum rule; CP-08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from contracts.vocabulary import Side


class There(NamedTuple):
    """How many are there: in all, and of the two sides."""

    present: int
    lived_experience: int
    provider: int

    @staticmethod
    def of(sides: Iterable[Side]) -> There:
        """Those who are there, by the side each is on."""
        there = list(sides)
        return There(len(there), there.count(Side.lived_experience), there.count(Side.provider))


@dataclass(frozen=True)
class Quorum:
    """How many must be there: in all, and of the two sides. Employed lived experience counts in all, and for neither side."""

    present: int
    lived_experience: int
    provider: int

    def holds(self, there: There) -> bool:
        """Whether they are enough."""
        return there.present >= self.present and there.lived_experience >= self.lived_experience and there.provider >= self.provider


TWO_SIDED = Quorum(present=2, lived_experience=1, provider=1)
"""What a partnership that agreed on nothing else needs: one of each side."""
