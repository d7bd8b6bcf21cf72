"""A case: the least that can be counted, and which facts it was folded from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass
class Case:
    """Something that may be counted. `facts` are the numbers of the facts it was folded from, the one that made it a case first."""

    facts: list[int] = field(kw_only=True)
    sums: ClassVar[str] = "facts"
    """What a count of such cases adds up: one for each, or a field of the fact that made it."""

    @property
    def weight(self) -> int:
        """How much it adds to a count."""
        return 1
