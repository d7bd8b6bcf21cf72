"""How a group decides: which positions each method knows, what a position counts as, and when a proposal is carried.

Sources: domain 6.5, Position (per method); Sociocracy 3.0 (consent); Seeds for Change (consensus); Kaner,
gradients of agreement; Robert's Rules §44 (majority and supermajority of those who vote) and §45:66 (in a run-off, all that are tied
for last go together; that a tie for first chooses nothing is ours).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from contracts.vocabulary import DecisionMethod, Position, Side

Tally = tuple[int, int, int]
"""How many were for, against, abstained."""
Sides = Mapping[Side, Tally]
TWO_THIRDS = (2, 3)
"""What a supermajority needs unless something else was said."""
DOTS = 3
"""How many dots each member has unless something else was said."""

_VOTES = frozenset({Position.in_favour, Position.against, Position.abstain})
_CHOICES = frozenset({Position.chosen, Position.abstain})
POSITIONS: Mapping[DecisionMethod, frozenset[Position]] = {
    DecisionMethod.consent: frozenset({Position.consent, Position.objection, Position.abstain}),
    DecisionMethod.consensus: frozenset({Position.agree, Position.stand_aside, Position.disagree, Position.block}),
    DecisionMethod.gradients_of_agreement: frozenset(
        {
            Position.endorse,
            Position.agree_with_minor_points,
            Position.support_with_reservations,
            Position.abstain,
            Position.more_discussion,
            Position.dislike_but_support,
            Position.serious_disagreement,
            Position.veto,
        }
    ),
    DecisionMethod.ranked_choice: _CHOICES,
    DecisionMethod.dot_vote: _CHOICES,
    **dict.fromkeys(
        (
            DecisionMethod.majority,
            DecisionMethod.supermajority,
            DecisionMethod.double_majority,
            DecisionMethod.advice,
            DecisionMethod.delegated,
            DecisionMethod.sense_check,
        ),
        _VOTES,
    ),
}
"""The positions of each method; where one member decides, or nothing is decided, votes are what the others say to it."""

CHOOSING = frozenset({DecisionMethod.ranked_choice, DecisionMethod.dot_vote})
"""Methods by which one of several options is chosen."""
BY_ONE = frozenset({DecisionMethod.advice, DecisionMethod.delegated})
"""Methods by which one member decides: after advice, or because it was delegated."""
BY_ALL = frozenset({DecisionMethod.consent, DecisionMethod.consensus})
"""Methods that ask everybody who is there."""
OPEN_ONLY = BY_ALL | BY_ONE | {DecisionMethod.sense_check}
"""Methods that rest on hearing one another, and therefore know no secret ballot."""
FEWEST = 3
"""Fewer ballots than these of one side would tell who said what."""

_AGAINST = {
    Position.objection,
    Position.disagree,
    Position.block,
    Position.against,
    Position.more_discussion,
    Position.serious_disagreement,
    Position.veto,
}
_ASIDE = {Position.abstain, Position.stand_aside}


@dataclass(frozen=True)
class Voice:
    """Where somebody stands, from their side; `choices` where one of several options is chosen."""

    side: Side
    position: Position
    choices: tuple[int, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """The option that was chosen; by a run-off, from those still `left` in its last round."""

    option: int
    left: frozenset[int]

    def by(self, voice: Voice) -> bool:
        """Whether this voice counted for it: with a dot, or in the last round of the run-off."""
        return next((choice for choice in voice.choices if choice in self.left), None) == self.option


def tally(voices: Iterable[Voice], chosen: Chosen | None = None) -> dict[Side, Tally]:
    """What each side said; whoever chose counts as for when their voice counted for the option `chosen`."""
    counted = Counter((voice.side, _leaning(voice, chosen)) for voice in voices)
    return {side: (counted[side, 0], counted[side, 1], counted[side, 2]) for side in Side}


def _leaning(voice: Voice, chosen: Chosen | None) -> int:
    if voice.position in _ASIDE:
        return 2
    missed = voice.position is Position.chosen and not (chosen and chosen.by(voice))
    return 1 if missed or voice.position in _AGAINST else 0


def carried_on_both_sides(sides: Sides) -> bool:
    """More than half of the lived-experience side and more than half of the provider side were for it, abstentions out (CP-06)."""
    return all(2 * sides[side][0] > sides[side][0] + sides[side][1] for side in (Side.lived_experience, Side.provider))


def carried(method: DecisionMethod, sides: Sides, quota: tuple[int, int] | None = None) -> bool | None:
    """Whether these positions carry a proposal by this method; None where positions alone do not tell."""
    support, against = (sum(said[place] for said in sides.values()) for place in (0, 1))
    match method:
        case DecisionMethod.consent | DecisionMethod.consensus:
            return support > 0 and against == 0
        case DecisionMethod.majority | DecisionMethod.gradients_of_agreement:
            return support > against
        case DecisionMethod.supermajority:
            return support > 0 and support >= Fraction(*(quota or TWO_THIRDS)) * (support + against)
        case DecisionMethod.double_majority:
            return carried_on_both_sides(sides)
        case _:
            return None


def winner(method: DecisionMethod, voices: Iterable[Voice]) -> Chosen | None:
    """The option that was chosen; None when there is a tie, or nothing was chosen."""
    ballots = [voice.choices for voice in voices if voice.position is Position.chosen]
    return _run_off(ballots) if method is DecisionMethod.ranked_choice else _most_dots(ballots)


def _run_off(ballots: Sequence[tuple[int, ...]]) -> Chosen | None:
    """Instant run-off: the options with the fewest first preferences go, until one has more than half of the ballots that still count."""
    left = set(chain.from_iterable(ballots))
    while left:
        firsts = Counter(next(choice for choice in ballot if choice in left) for ballot in ballots if left & set(ballot))
        first, most = firsts.most_common(1)[0]
        if 2 * most > firsts.total():
            return Chosen(first, frozenset(left))
        fewest = min(firsts[choice] for choice in left)
        left -= {choice for choice in left if firsts[choice] == fewest}
    return None


def _most_dots(ballots: Sequence[tuple[int, ...]]) -> Chosen | None:
    ranked = Counter(chain.from_iterable(ballots)).most_common(2)
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    return None if tied or not ranked else Chosen(ranked[0][0], frozenset({ranked[0][0]}))
