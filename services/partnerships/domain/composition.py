"""Who must take part for a partnership to be one, and who must be there for it to decide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import Self

from contracts.partnerships import CompositionRuleSet
from contracts.vocabulary import CompositionShortfall, Side


@dataclass(frozen=True, slots=True)
class Rule:
    """The least of each side among members, the least share of lived experience in percent, and what a quorum is on both sides.

    Employed lived experience stands beside both sides and counts among all members only (domain 6.2, Perspective; CP-01).
    """

    lived_experience: int
    provider: int
    lived_share: int
    quorum_lived_experience: int
    quorum_provider: int
    quorum_share: int

    @classmethod
    def of(cls, fact: CompositionRuleSet) -> Self:
        """The rule that a fact set."""
        return cls(**{field.name: getattr(fact, field.name) for field in fields(cls)})

    @property
    def quorum_can_be_met(self) -> bool:
        """Whether members enough to meet the rule are enough for a quorum."""
        return self.quorum_lived_experience <= self.lived_experience and self.quorum_provider <= self.provider

    def shortfalls(self, sides: Counter[Side]) -> tuple[CompositionShortfall, ...]:
        """In what these members, counted by side, fall short of the rule."""
        lived, provider, everybody = sides[Side.lived_experience], sides[Side.provider], sides.total()
        short = {
            CompositionShortfall.lived_experience: lived < self.lived_experience,
            CompositionShortfall.provider: provider < self.provider,
            CompositionShortfall.lived_share: lived * 100 < self.lived_share * everybody,
        }
        return tuple(what for what, falls_short in short.items() if falls_short)
