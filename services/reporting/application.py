"""What can be asked of reporting."""

from __future__ import annotations

from collections import Counter

from contracts.errors import NotFound
from contracts.permissions import permitted
from contracts.reporting import FeedbackCounts, GetReport, Report
from contracts.vocabulary import FeedbackState
from services.reporting.domain.calendar import Jurisdiction, Period
from services.reporting.domain.disclosure import disclosed
from services.reporting.domain.history import History
from services.reporting.domain.indicators import INDICATORS, Scope, figures
from services.reporting.views import Dossiers
from shared.clock import Clock, utc_now
from shared.context import Context

_SETTLED = {FeedbackState.change_made, FeedbackState.cannot_change, FeedbackState.no_change_needed}


class Reports:
    """Figures, folded when they are asked for from the facts known at the moment asked about."""

    def __init__(self, dossiers: Dossiers, jurisdiction: Jurisdiction, *, clock: Clock = utc_now) -> None:
        self._dossiers = dossiers
        self._jurisdiction = jurisdiction
        self._clock = clock

    def get_report(self, *, query: GetReport, context: Context) -> Report:
        """The figures of a partnership for a period; raw ones only for those who may see them."""
        if query.raw:
            permitted("reporting", "read_raw", context.role)
        as_known_at = query.as_known_at or self._clock()
        known: dict[str, int] = {}
        history = History()
        for source, position, fact in self._dossiers.facts(query.partnership, as_known_at):
            known[source] = position
            history.after([fact])
        if history.name is None:
            raise NotFound("no_such_partnership", "There was no such partnership at that time.", field="partnership")
        period = Period.of(query.period)
        every = figures(history, (*period.quarters(), period.year()), self._jurisdiction)
        shown = every if query.raw else disclosed(every)
        asked = {period.code, *(quarter.code for quarter in period.quarters() if query.quarters)}
        return Report(
            partnership=query.partnership,
            name=history.name,
            period=query.period,
            as_known_at=as_known_at,
            known=known,
            definitions=tuple(indicator.definition for indicator in INDICATORS),
            figures=tuple(figure for figure in shown if figure.period in asked),
            feedback=_feedback(Scope(history, period, self._jurisdiction)),
        )


def _feedback(scope: Scope) -> FeedbackCounts:
    items = scope.feedback()
    return FeedbackCounts(
        received=len(items),
        by_kind=dict(Counter(item.kind.value for item in items)),
        by_theme=dict(Counter(item.theme.value if item.theme else "not_themed" for item in items)),
        by_rating=dict(Counter(str(item.rating) if item.rating else "not_rated" for item in items)),
        loops_closed=sum(item.told and item.state in _SETTLED for item in items),
    )
