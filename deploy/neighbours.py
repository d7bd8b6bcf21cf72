"""What services ask of one another beyond the facts they follow: always by a call, so that each keeps its own data to itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from contracts.audit import DescribeEntries, EntriesOf, EntrySummaries, EntrySummary, FindHead, FindMoment, LedgerFacts, LedgerHead, Moment
from contracts.errors import NotFound
from contracts.log import FactsAfter
from contracts.model import Query
from contracts.permissions import SERVICE
from contracts.reporting import Figure, GetReport, Report
from shared import ranges
from shared.context import Context, current
from shared.rpc import Calls

_SECONDS = 30.0


class Neighbours:
    """The other services of a region, asked as comhar itself; figures alone are asked for as whoever asks us."""

    def __init__(self, calls: Calls, region: str) -> None:
        self._calls = calls
        self._region = region

    def fetch(self, source: str, after: int, limit: int) -> ranges.Range:
        """The facts of a service after a position."""
        return ranges.unpack(self._asked(source, "facts", FactsAfter(after=after, limit=limit)))

    def held(self, source: str, after: int, limit: int, to_entry: int | None = None) -> ranges.Range:
        """The facts of a service after a position, as the ledger, or its first entries, hold them."""
        asked = LedgerFacts(source=source, after=after, limit=limit, to_entry=to_entry)
        return ranges.unpack(self._asked("audit", "ledger_facts", asked))

    def head(self, entries: int | None = None) -> LedgerHead:
        """The first checkpoint that holds so many entries, or all there are."""
        return LedgerHead.model_validate_json(self._asked("audit", "find_head", FindHead(entries=entries)))

    def moment(self, as_known_at: datetime) -> Moment:
        """How much of the history an instant means."""
        return Moment.model_validate_json(self._asked("audit", "find_moment", FindMoment(as_known_at=as_known_at)))

    def entries(self, partnership: UUID, to_entry: int) -> Iterator[tuple[int, str, int, bytes]]:
        """The entries of a partnership up to one: number, source, position there, and line."""
        after = 0
        while page := self._asked("audit", "entries_of", EntriesOf(partnership=partnership, after=after, to_entry=to_entry)):
            for row in page.split(b"\n"):
                number, source, position, line = row.split(b" ", 3)
                after = int(number)
                yield after, source.decode(), int(position), line

    def describe(self, numbers: Sequence[int]) -> Sequence[EntrySummary]:
        """What entries say."""
        return EntrySummaries.model_validate_json(self._asked("audit", "describe_entries", DescribeEntries(numbers=tuple(numbers)))).items

    def figures(self, query: GetReport) -> Sequence[Figure]:
        """The figures of a report, for whoever asks now; none where the partnership was not known."""
        context = current() or self._itself()
        try:
            body = self._calls.request("reporting", "get_report", query.model_dump_json().encode(), context, _SECONDS)
        except NotFound:
            return ()
        return Report.model_validate_json(body).figures

    def _asked(self, service: str, method: str, query: Query) -> bytes:
        return self._calls.request(service, method, query.model_dump_json().encode(), self._itself(), _SECONDS)

    def _itself(self) -> Context:
        """Comhar, knowing what whoever asks us knows already."""
        asking = current()
        return Context(actor=SERVICE, role=SERVICE, region=self._region, after=asking.after if asking else {})
