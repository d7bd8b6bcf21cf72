"""What can be asked of reporting, and what is published."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from contracts.audit import EntrySummary, LedgerHead, Moment
from contracts.errors import NotFound
from contracts.model import Fact
from contracts.permissions import permitted
from contracts.reporting import (
    FeedbackCounts,
    FigurePage,
    FigurePublished,
    GetFigure,
    GetLineage,
    GetReport,
    Lineage,
    LineageFact,
    ListFigures,
    PublishedFigure,
    PublishFigures,
    Report,
    ReproduceFigure,
    Reproduction,
    TracedNumber,
)
from contracts.vocabulary import CellStatus
from services.reporting.domain.calendar import Period
from services.reporting.domain.disclosure import disclosed
from services.reporting.domain.history import History
from services.reporting.domain.indicators import INDICATORS, figures, named, traces
from services.reporting.domain.indicators.feedback import SETTLED
from services.reporting.domain.indicators.measuring import Indicator, Scope
from services.reporting.domain.publication import SOURCES, Computed, Publications, each, runs, together, traced, used
from services.reporting.views import Dossiers, Figures, Published
from shared.application import Application, Work, making
from shared.clock import Clock, utc_now
from shared.context import Context
from shared.days import Jurisdiction
from shared.ranges import opened
from shared.sealing import Sealer
from shared.store import Recorder
from shared.upcasting import knows, read_fact

_HIDDEN = {CellStatus.suppressed_primary, CellStatus.suppressed_secondary}


class Ledger(Protocol):
    """The region's history, as reporting asks audit for it."""

    def head(self, entries: int | None = None) -> LedgerHead:
        """The first checkpoint that holds so many entries, or all there are."""

    def moment(self, as_known_at: datetime) -> Moment:
        """How much of the history an instant means."""

    def entries(self, partnership: UUID, to_entry: int) -> Iterator[tuple[int, str, int, bytes]]:
        """The entries of a partnership up to one: number, source, position there, and line."""

    def describe(self, numbers: Sequence[int]) -> Sequence[EntrySummary]:
        """What entries say."""


class Told(NamedTuple):
    """A fact, where it stands in its source, and the entry of the ledger it was read from, if it was."""

    source: str
    position: int
    fact: Fact
    entry: int = 0


class Reports(Application):
    """Figures, folded when they are asked for from the facts known at the moment asked about; and those that were published."""

    def __init__(
        self,
        recorder: Recorder,
        sealer: Sealer,
        dossiers: Dossiers,
        published: Figures,
        *,
        source: str,
        jurisdiction: Jurisdiction,
        ledger: Ledger,
        code: str,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(recorder, sealer, source=source, clock=clock)
        self._dossiers = dossiers
        self._published = published
        self._jurisdiction = jurisdiction
        self._ledger = ledger
        self._code = code

    def get_report(self, *, query: GetReport, context: Context) -> Report:
        """The figures of a partnership for a period; raw ones only for those who may see them."""
        if query.raw:
            permitted("reporting", "read_raw", context.role)
        witnessed = None
        if query.as_of_entry is not None:
            told = self._from_ledger(query.partnership, query.as_of_entry, query.as_known_at)
            known_at = query.as_known_at or max((one.fact.recorded for one in told), default=self.clock())
        elif query.as_known_at and (moment := self._ledger.moment(query.as_known_at)).witnessed:
            told, known_at, witnessed = self._from_ledger(query.partnership, moment.entries, None), query.as_known_at, moment.witnessed
        else:
            known_at = query.as_known_at or self.clock()
            told = [Told(*one) for one in self._dossiers.facts(query.partnership, known_at)]
        return self._report(query, told, known_at, witnessed)[0]

    @making("figure")
    def publish_figures(self, *, command: PublishFigures, work: Work) -> Publications:
        """Publish the figures of a period, computed from exactly the entries of a checkpoint."""
        publications = self._publications(command.partnership, command.period)
        publications.publish(
            work.stamp,
            figure=work.id_for("figure"),
            partnership=command.partnership,
            period=command.period,
            computed=self._compute(command.partnership, command.period, self._ledger.head(command.as_of_entry)),
        )
        return publications

    def list_figures(self, *, query: ListFigures) -> FigurePage:
        """What was published for a partnership."""
        page = self._published.page(query.partnership, query.period, after=query.after, limit=query.limit)
        seen = [one.model_copy(update={"witnessed": self._ledger.head(one.size).witnessed}) for one in page.items]
        return page.model_copy(update={"items": tuple(seen)})

    def get_figure(self, *, query: GetFigure) -> PublishedFigure:
        """One publication, and whether what it was computed from has been witnessed since."""
        found = self._published.find(query.figure)
        fact = found.fact
        said = {name: getattr(fact, name) for name in PublishedFigure.model_fields if name in FigurePublished.model_fields}
        return PublishedFigure(
            **said, published=fact.recorded, superseded_by=found.superseded_by, witnessed=self._ledger.head(fact.size).witnessed
        )

    def reproduce_figure(self, *, query: ReproduceFigure) -> Reproduction:
        """Compute a publication anew from the entries it names, and say what is not the same."""
        found = self._published.find(query.figure)
        fact = found.fact
        try:
            computed = self._compute(fact.partnership, fact.period, self._ledger.head(fact.size), fact.size, named(fact.definitions))
            differs = tuple(_differences(found, computed))
        except NotFound:
            computed, differs = None, (f"The ledger knows nothing of this partnership, or never had {fact.size} entries.",)
        return Reproduction(
            figure=fact.figure,
            partnership=fact.partnership,
            same=not differs,
            published=fact.digest,
            computed=computed.digest if computed else None,
            size=fact.size,
            entries=sum(1 for _ in each(computed.read)) if computed else 0,
            differs=differs,
        )

    def get_lineage(self, *, query: GetLineage) -> Lineage:
        """The facts that made the figures of a publication, by entry; of one indicator, if it is named."""
        found = self._published.find(query.figure)
        read, numbers = together(found.parts)
        wanted = [number for number in numbers if query.indicator in (None, number.code)]
        if not wanted and query.indicator:
            raise NotFound("no_such_indicator", "The publication names no facts of such an indicator.", field="indicator")
        counted, rests = _by_entry(wanted)
        page = sorted(number for number in counted.keys() | rests.keys() if number > query.after)[: query.limit]
        return Lineage(
            figure=found.fact.figure,
            partnership=found.fact.partnership,
            origin=found.fact.origin,
            size=found.fact.size,
            root=found.fact.root,
            read=read,
            facts=tuple(
                LineageFact(
                    **{name: getattr(entry, name) for name in ("number", "type", "source", "happened", "recorded", "says", "proof")},
                    counted_in=tuple(counted.get(entry.number, ())),
                    rests_under=tuple(rests.get(entry.number, ())),
                )
                for entry in (self._ledger.describe(page) if page else ())
            ),
            next=page[-1] if len(page) == query.limit else None,
        )

    def _publications(self, partnership: UUID, period: str) -> Publications:
        return self.as_it_stands(Publications, Publications.of(partnership, period))

    def _compute(
        self, partnership: UUID, period: str, head: LedgerHead, size: int | None = None, by: Sequence[Indicator] = INDICATORS
    ) -> Computed:
        size = size or head.size
        told = self._from_ledger(partnership, size, None)
        known_at = max((one.fact.recorded for one in told), default=self.clock())
        report, history = self._report(GetReport(partnership=partnership, period=period, as_of_entry=size), told, known_at, by=by)
        entries = [one.entry for one in told]
        hidden = {figure.code for figure in report.figures if figure.status in _HIDDEN}
        return Computed(
            origin=head.origin,
            size=size,
            root=head.root,
            code=self._code,
            country=self._jurisdiction.country,
            time_zone=str(self._jurisdiction.zone),
            definitions=tuple(used(definition) for definition in report.definitions),
            report=report.model_dump_json(),
            read=runs(entries),
            # How many facts are named would give away what a hidden cell hides.
            numbers=tuple(
                traced(trace, entries) for trace in traces(history, Period.of(period), self._jurisdiction, by) if trace.code not in hidden
            ),
        )

    def _from_ledger(self, partnership: UUID, to_entry: int, known_at: datetime | None) -> list[Told]:
        told = (
            Told(source, position, read_fact(kind, state), entry)
            for entry, source, position, line in self._ledger.entries(partnership, to_entry)
            for kind, state in [opened(line)]
            if source in SOURCES and knows(kind)
        )
        return [one for one in told if known_at is None or one.fact.recorded <= known_at]

    def _report(
        self,
        query: GetReport,
        told: Iterable[Told],
        known_at: datetime,
        witnessed: datetime | None = None,
        by: Sequence[Indicator] = INDICATORS,
    ) -> tuple[Report, History]:
        known: dict[str, int] = {}
        history = History()
        for one in told:
            known[one.source] = one.position
            if self._had_happened(one.fact, query.effective):
                history.after([one.fact])
        if history.name is None:
            raise NotFound("no_such_partnership", "There was no such partnership at that time.", field="partnership")
        period = Period.of(query.period)
        every = figures(history, (*period.quarters(), period.year()), self._jurisdiction, by)
        shown = every if query.raw else disclosed(every)
        asked = {period.code, *(quarter.code for quarter in period.quarters() if query.quarters)}
        report = Report(
            partnership=query.partnership,
            name=history.name,
            period=query.period,
            as_known_at=known_at,
            as_of_entry=query.as_of_entry,
            effective=query.effective,
            witnessed=witnessed,
            known=dict(sorted(known.items())),
            definitions=tuple(indicator.definition for indicator in by),
            figures=tuple(figure for figure in shown if figure.period in asked),
            feedback=_feedback(Scope(history, period, self._jurisdiction)),
        )
        return report, history

    def _had_happened(self, fact: Fact, effective: date | None) -> bool:
        return effective is None or self._jurisdiction.day(fact.happened) <= effective


def _differences(found: Published, computed: Computed) -> Iterator[str]:
    fact = found.fact
    read, numbers = together(found.parts)
    theirs, ours = ({one.code: one for one in definitions} for definitions in (fact.definitions, computed.definitions))
    for code, definition in theirs.items():
        if code not in ours:
            yield f"This program ({computed.code}) no longer has the indicator {code}."
        elif ours[code] != definition:
            yield f"{code} was computed by version {definition.version}; this program ({computed.code}) has version {ours[code].version}."
    if (fact.country, fact.time_zone) != (computed.country, computed.time_zone):
        yield "The days were those of another country or time zone."
    if fact.root != computed.root:
        yield f"The ledger's root at {fact.size} entries is not the one that was published."
    if read != computed.read:
        yield "The entries of this partnership in the ledger are not those that were read then."
    if hashlib.sha256(fact.report.encode()).hexdigest() != fact.digest:
        yield "The report that was kept is not the one whose digest was published."
    if computed.digest != fact.digest:
        yield "The report computed now is not the same to the byte."
    if numbers != computed.numbers:
        yield "The facts counted now are not those that were named then."


def _by_entry(numbers: Iterable[TracedNumber]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """For each entry the numbers it is counted in, and those whose cases it further belongs to."""
    counted: dict[int, list[str]] = {}
    rests: dict[int, list[str]] = {}
    for number in numbers:
        name = f"{number.code} {number.period} {number.number}"
        for entries, under in ((number.entries, counted), (number.rests_on, rests)):
            for entry in each(entries):
                under.setdefault(entry, []).append(name)
    return counted, rests


def _feedback(scope: Scope) -> FeedbackCounts:
    items = scope.feedback()
    return FeedbackCounts(
        received=len(items),
        by_kind=dict(Counter(item.kind.value for item in items)),
        by_theme=dict(Counter(item.theme.value if item.theme else "not_themed" for item in items)),
        by_rating=dict(Counter(str(item.rating) if item.rating else "not_rated" for item in items)),
        loops_closed=sum(item.told is not None and item.state in SETTLED for item in items),
    )
