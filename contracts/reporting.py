"""What is asked of reporting and what it answers: figures with their components, and what each cell means."""

from __future__ import annotations

import operator
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import (
    Answer,
    Command,
    Contract,
    Cursor,
    Day,
    Digest,
    PageSize,
    PartnershipFact,
    Position,
    Query,
    Timestamp,
)
from contracts.vocabulary import CellStatus, Direction, FigureFlag

PeriodCode = Annotated[str, Field(pattern=r"^(19|20|21)\d\d(Q[1-4])?$")]
"""A quarter `2025Q3` or a calendar year `2025` (DHIS2 period identifiers)."""


class GetReport(Query):
    """The figures of a partnership for a period, as known at an instant (now, if none is given).

    `as_of_entry` computes them from exactly the first entries of the region's history; `effective` leaves out what had not happened
    by the end of that day. `quarters` adds the quarters of a year. `raw` shows cells that disclosure rules hide, to those who may see them.
    """

    partnership: UUID
    period: PeriodCode
    as_known_at: Timestamp | None = None
    as_of_entry: Position | None = None
    effective: Day | None = None
    quarters: bool = False
    raw: bool = False


class PublishFigures(Command):
    """Publish the figures of a partnership for a period, computed from exactly the entries of a checkpoint (the newest, if none is named).

    What has been published stays as it was: figures published again supersede it and name it.
    """

    partnership: UUID
    period: PeriodCode
    as_of_entry: Position | None = None


class ListFigures(Query):
    """What was published for a partnership, newest first; of one period, if it is named."""

    partnership: UUID
    period: PeriodCode | None = None
    after: Cursor | None = None
    limit: PageSize = 50


class GetFigure(Query):
    """One publication."""

    figure: UUID


class ReproduceFigure(Query):
    """Compute a publication anew from exactly the entries it names, and compare."""

    figure: UUID


class GetLineage(Query):
    """The facts behind a publication: of all its indicators, or of one; `after` is the last entry of the page before."""

    figure: UUID
    indicator: Annotated[str, Field(max_length=40, pattern=r"^[A-Z]{2}-[0-9]+([+ ][a-z]+)?$")] | None = None
    after: Position = 0
    limit: PageSize = 200


Ranges = tuple[tuple[int, int], ...]
"""Numbers of entries as first and last of each run."""


class DefinitionUsed(Contract):
    """A definition by which figures were computed: `hash` is SHA-256 of the definition's JSON as it stands in the report."""

    code: str
    version: int
    hash: Digest


class TracedNumber(Contract):
    """The entries behind one number (`n`, `d` or a component) of one figure.

    `entries` are the facts that made the cases counted, one for each case; the number is how many they are, or what `sums` names of
    each, added up. `rests_on` are the further facts of these cases. A long list stands in several parts.
    """

    code: str
    period: str
    number: str
    sums: str
    entries: Ranges
    rests_on: Ranges


class FigurePublished(PartnershipFact, type="reporting.FigurePublished.v1"):
    """Figures were published, with all that is needed to compute them again.

    `report` is the report as it was answered, to the byte; `digest` is its SHA-256. It was folded from the entries of the partnership
    among the first `size` of the ledger, whose root hash was `root`; `traced` facts that say which follow in the same stream.
    """

    figure: UUID
    supersedes: UUID | None
    period: str
    origin: str
    size: int
    root: Digest
    code: str
    country: str
    time_zone: str
    rounding: str
    suppression: str
    definitions: tuple[DefinitionUsed, ...]
    digest: Digest
    report: str
    traced: int


class FigureTraced(PartnershipFact, type="reporting.FigureTraced.v1"):
    """Which entries a publication used: all that it was folded from, and those behind each number. Further parts may follow."""

    figure: UUID
    part: int
    entries: Ranges
    numbers: tuple[TracedNumber, ...]


class Figure(Answer):
    """One indicator for one period: value, components, unit, direction, the definition's version, and what the cell means.

    `value` is null unless `status` is `value` or `zero`. `components` are what aggregates over periods and places; their names
    are those of the definition. `low_base`: fewer than five cases, read with care. `flags`: what to look into.
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
    flags: Annotated[tuple[FigureFlag, ...], Field(exclude_if=operator.not_)] = ()


class IndicatorDefinition(Answer):
    """What an indicator means; `notes`, where there are any: how its cases are told apart, and what is left out."""

    code: str
    version: int
    name: str
    numerator: str
    denominator: str
    unit: str
    direction: Direction
    band: tuple[float, float] | None
    person_based: bool
    notes: Annotated[str | None, Field(exclude_if=operator.not_)] = None


class FeedbackCounts(Answer):
    """What people said in the period: how many items, of which kind, about what, rated how."""

    received: int
    by_kind: dict[str, int]
    by_theme: dict[str, int]
    by_rating: dict[str, int]
    loops_closed: int


class Report(Answer):
    """The figures of one partnership; `known` are the positions of the logs that they rest on.

    With `as_of_entry`, `as_known_at` is when the last of the entries used was recorded. `witnessed`, where an instant was asked for: when a
    quorum of witnesses had seen the first checkpoint from then on, of which these are the figures; without it they go by the times that
    the facts themselves name.
    """

    partnership: UUID
    name: str
    period: str
    as_known_at: datetime
    as_of_entry: int | None
    effective: date | None
    witnessed: datetime | None
    known: dict[str, int]
    definitions: tuple[IndicatorDefinition, ...]
    figures: tuple[Figure, ...]
    feedback: FeedbackCounts


class FigureSummary(Answer):
    """A publication in a list; `witnessed` is when a quorum of witnesses had seen the entries it was computed from, if they have."""

    figure: UUID
    partnership: UUID
    period: str
    published: datetime
    size: int
    digest: Digest
    supersedes: UUID | None
    superseded_by: UUID | None
    witnessed: datetime | None


class PublishedFigure(FigureSummary):
    """A publication: what it was computed from and by, and the report as it was published."""

    origin: str
    root: Digest
    code: str
    country: str
    time_zone: str
    rounding: str
    suppression: str
    definitions: tuple[DefinitionUsed, ...]
    report: str


class FigurePage(Answer):
    """A page of publications; `next` is the cursor of the following page."""

    items: tuple[FigureSummary, ...]
    next: str | None


class Reproduction(Answer):
    """Whether a publication, computed anew, is the same to the byte; `differs` says in sentences what is not."""

    figure: UUID
    partnership: UUID
    same: bool
    published: Digest
    computed: Digest | None
    size: int
    entries: int
    differs: tuple[str, ...]


class LineageFact(Answer):
    """A fact that a number rests on: its entry, what it says without personal words, the numbers it is counted in, and its proof."""

    number: int
    type: str
    source: str
    happened: datetime
    recorded: datetime
    says: str
    counted_in: tuple[str, ...]
    rests_under: tuple[str, ...]
    proof: str


class Lineage(Answer):
    """The facts behind a publication, by entry; `next` is where the following page begins."""

    figure: UUID
    partnership: UUID
    origin: str
    size: int
    root: Digest
    read: Ranges
    facts: tuple[LineageFact, ...]
    next: int | None
