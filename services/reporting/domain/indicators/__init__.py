"""The indicators (domain 7): each a definition and one function from what happened to its components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from contracts.reporting import DefinitionUsed, Figure
from services.reporting.domain.calendar import Period
from services.reporting.domain.history import Case, History
from services.reporting.domain.indicators import decisions, feedback, heard, membership, sessions, support, work
from services.reporting.domain.indicators.measuring import Indicator, Scope
from shared.days import Jurisdiction

INDICATORS: tuple[Indicator, ...] = tuple(
    sorted(
        (one for part in (membership, sessions, decisions, feedback, heard, support, work) for one in part.INDICATORS),
        key=lambda one: one.definition.code,
    )
)
"""All of them, by code."""


@dataclass(frozen=True)
class Trace:
    """The facts behind one number of one figure: those that made its cases, one each, and those the cases further rest on."""

    code: str
    period: str
    number: str
    sums: str
    facts: tuple[int, ...]
    rests_on: tuple[int, ...]


def named(definitions: Iterable[DefinitionUsed]) -> tuple[Indicator, ...]:
    """The indicators that a publication was computed by, so far as there still are any of their codes, in its order.

    Whatever was published before an indicator was thought of is computed again without it.
    """
    known = {one.definition.code: one for one in INDICATORS}
    return tuple(known[one.code] for one in definitions if one.code in known)


def figures(history: History, periods: Iterable[Period], jurisdiction: Jurisdiction, by: Sequence[Indicator] = INDICATORS) -> list[Figure]:
    """Every indicator for every period."""
    scopes = [Scope(history, period, jurisdiction) for period in periods]
    return [indicator.figure(scope) for indicator in by for scope in scopes]


def traces(history: History, period: Period, jurisdiction: Jurisdiction, by: Sequence[Indicator] = INDICATORS) -> Iterator[Trace]:
    """The facts behind every number of the figures of a period that is a count, by their numbers in the history."""
    scope = Scope(history, period, jurisdiction)
    for indicator in by:
        for number, cases in indicator.measure(scope).cases.items():
            yield Trace(
                indicator.definition.code,
                period.code,
                number,
                sums=next((case.sums for case in cases), Case.sums),
                facts=tuple(sorted(case.facts[0] for case in cases)),
                rests_on=tuple(sorted(fact for case in cases for fact in case.facts[1:])),
            )
