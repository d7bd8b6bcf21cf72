"""What is asked of reporting and what it answers: figures with their components, and what each cell means."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Query, Timestamp
from contracts.vocabulary import CellStatus, Direction

PeriodCode = Annotated[str, Field(pattern=r"^(19|20|21)\d\d(Q[1-4])?$")]
"""A quarter `2025Q3` or a calendar year `2025` (DHIS2 period identifiers)."""


class GetReport(Query):
    """The figures of a partnership for a period, as known at an instant (now, if none is given).

    `quarters` adds the quarters of a year. `raw` shows cells that disclosure rules hide, to those who may see them.
    """

    partnership: UUID
    period: PeriodCode
    as_known_at: Timestamp | None = None
    quarters: bool = False
    raw: bool = False


class Figure(Answer):
    """One indicator for one period: value, components, unit, direction, the definition's version, and what the cell means.

    `value` is null unless `status` is `value` or `zero`. `components` are what aggregates over periods and places; their names
    are those of the definition. `low_base`: fewer than five cases, read with care.
    """

    code: str
    version: int
    period: str
    n: int | None
    d: int | None
    value: float | None
    unit: str
    direction: Direction
    band: tuple[float, float] | None
    components: dict[str, float]
    status: CellStatus
    low_base: bool


class IndicatorDefinition(Answer):
    """What an indicator means."""

    code: str
    version: int
    name: str
    numerator: str
    denominator: str
    unit: str
    direction: Direction
    band: tuple[float, float] | None
    person_based: bool


class FeedbackCounts(Answer):
    """What people said in the period: how many items, of which kind, about what, rated how."""

    received: int
    by_kind: dict[str, int]
    by_theme: dict[str, int]
    by_rating: dict[str, int]
    loops_closed: int


class Report(Answer):
    """The figures of one partnership; `known` are the positions of the logs that they rest on."""

    partnership: UUID
    name: str
    period: str
    as_known_at: datetime
    known: dict[str, int]
    definitions: tuple[IndicatorDefinition, ...]
    figures: tuple[Figure, ...]
    feedback: FeedbackCounts
