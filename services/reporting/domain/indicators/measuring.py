"""What an indicator is: a definition, and a function from what happened in one period to numbers and the cases behind each.

Common rules (domain 7): held sessions only; half-up rounding; an empty denominator is "not applicable", never 0; a
definition that changes gets a new version. Over places and periods components add up, ratios do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol, TypeVar

from contracts.reporting import Figure, IndicatorDefinition
from contracts.vocabulary import CellStatus, Direction, FigureFlag, Side
from services.reporting.domain.calendar import Period
from services.reporting.domain.history import Case, Feedback, History, Member, Session
from shared.days import Jurisdiction

_LOW_BASE = 5
_HUNDREDTHS = {"ratio", "points", "rungs"}

Cases = Sequence[Case]


@dataclass(frozen=True)
class Measure:
    """What one definition found in one period. `cases` are those behind each number (`n`, `d`, or a component) that is a count.

    `base` is how many cases a value without a denominator rests on.
    """

    n: int | None = None
    d: int | None = None
    value: Decimal | None = None
    components: dict[str, float] = field(default_factory=dict)
    cases: Mapping[str, Cases] = field(default_factory=dict)
    base: int | None = None
    flags: tuple[FigureFlag, ...] = ()


@dataclass(frozen=True)
class Scope:
    """One partnership's history seen through one period."""

    history: History
    period: Period
    jurisdiction: Jurisdiction

    def sessions(self) -> list[Session]:
        """The sessions held in the period."""
        return [session for held, session in self.history.held() if self.covers(held)]

    def feedback(self) -> list[Feedback]:
        """The feedback received in the period."""
        return [item for item in self.history.feedback.values() if self.covers(item.received)]

    def members_at_end(self) -> list[tuple[Member, Side]]:
        """Who were members when the last day of the period ended, and on which side."""
        return [
            (member, member.side_before(self.midnight))
            for member in self.history.members.values()
            if member.joined < self.midnight and not (member.ended and member.ended < self.midnight)
        ]

    @property
    def midnight(self) -> datetime:
        """The instant at which the last day of the period ends."""
        return self.starting(self.period.last + timedelta(days=1))

    def starting(self, day: date) -> datetime:
        """The instant at which a day begins there."""
        return datetime.combine(day, time(), self.jurisdiction.zone)

    def covers(self, moment: datetime) -> bool:
        """Whether an instant belongs to the period."""
        return self.period.first <= self.jurisdiction.day(moment) <= self.period.last

    def reached(self, moment: datetime | None) -> bool:
        """Whether it had happened when the last day of the period ended."""
        return moment is not None and self.jurisdiction.day(moment) <= self.period.last


@dataclass(frozen=True)
class Indicator:
    """A definition, and how it is measured."""

    definition: IndicatorDefinition
    measure: Callable[[Scope], Measure]

    def figure(self, scope: Scope) -> Figure:
        """The figure of one period."""
        found, definition = self.measure(scope), self.definition
        value = rounded(found.value, definition.unit)
        base = found.d if found.base is None else found.base
        return Figure(
            code=definition.code,
            version=definition.version,
            period=scope.period.code,
            n=found.n,
            d=found.d,
            value=value,
            unit=definition.unit,
            direction=definition.direction,
            band=definition.band,
            components=found.components,
            status=CellStatus.not_applicable if value is None else CellStatus.zero if value == 0 else CellStatus.value,
            low_base=not definition.person_based and base is not None and 0 < base < _LOW_BASE,
            flags=found.flags,
        )


def indicator(
    code: str,
    name: str,
    numerator: str,
    denominator: str,
    measure: Callable[[Scope], Measure],
    *,
    unit: str = "%",
    direction: Direction = Direction.increase,
    band: tuple[float, float] | None = None,
    person_based: bool = False,
    notes: str | None = None,
) -> Indicator:
    """An indicator in its first version."""
    definition = IndicatorDefinition(
        code=code,
        version=1,
        name=name,
        numerator=numerator,
        denominator=denominator,
        unit=unit,
        direction=Direction.target_band if band else direction,
        band=band,
        person_based=person_based,
        notes=notes,
    )
    return Indicator(definition, measure)


def rounded(value: Decimal | None, unit: str) -> float | None:
    """A value as it is shown: shares and days to a tenth, the rest to a hundredth."""
    if value is None:
        return None
    step = Decimal("0.01") if unit in _HUNDREDTHS else Decimal("0.1")
    return float(value.quantize(step, ROUND_HALF_UP))


def share(n: Cases, d: Cases, **beside: Cases) -> Measure:
    """How much of d is n, in per cent; `beside` are counts that the share leaves out, or shows in parts."""
    part, whole = _count(n), _count(d)
    value = Decimal(100 * part) / whole if whole else None
    return Measure(part, whole, value, counts(**beside), cases={"n": n, "d": d, **beside})


def gap(minuend: str, subtrahend: str, scores: Mapping[str, Sequence[tuple[Case, int]]]) -> Measure:
    """The difference of two means, with sum and number of each: a mean of means is none."""
    sums = {side: sum(score for _, score in scored) for side, scored in scores.items()}
    parts = {f"{side}_{part}": number for side in scores for part, number in (("sum", sums[side]), ("n", len(scores[side])))}
    means = {side: Decimal(sums[side]) / len(scored) for side, scored in scores.items() if scored}
    value = means[minuend] - means[subtrahend] if len(means) == len(scores) else None
    cases = {f"{side}_n": [case for case, _ in scored] for side, scored in scores.items()}
    return Measure(value=value, components=dict(parts), cases=cases)


def counts(**cases: Cases) -> dict[str, float]:
    """Each as a number."""
    return {name: _count(counted) for name, counted in cases.items()}


def _count(cases: Cases) -> int:
    return sum(case.weight for case in cases)


class _Sided(Protocol):
    @property
    def side(self) -> Side | None: ...


TSided = TypeVar("TSided", bound=_Sided)


def of(side: Side, cases: Iterable[TSided]) -> list[TSided]:
    """Those of one side."""
    return [case for case in cases if case.side is side]
