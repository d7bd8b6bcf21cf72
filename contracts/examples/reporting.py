"""Its figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import reporting, vocabulary
from contracts.examples.cast import FIGURE, HELD, PARTNERSHIP, PUBLICATIONS, PUBLISHED, in_partnership

_COMPUTED: dict[str, Any] = {
    "origin": "comhar/ABH",
    "size": 29,
    "root": "7b" * 32,
    "code": "0.1.0",
    "country": "IE",
    "time_zone": "Europe/Dublin",
    "rounding": "half_up",
    "suppression": "PULSE_LT5.v1",
    "definitions": (reporting.DefinitionUsed(code="CP-10", version=1, hash="1d" * 32),),
}
_BEHIND = reporting.TracedNumber(code="CP-10", period="2025Q2", number="n", sums="facts", entries=((24, 24),), rests_on=((28, 28),))
SAID = (
    reporting.GetReport(partnership=PARTNERSHIP, period="2025Q2"),
    on_time := reporting.IndicatorDefinition(
        code="CP-10",
        version=1,
        name="Actions done on time",
        numerator="actions completed by their original due date",
        denominator="actions due in the period, those cancelled by decision left out",
        unit="%",
        direction=vocabulary.Direction.increase,
        band=None,
        person_based=False,
    ),
    one_of_one := reporting.Figure(
        code="CP-10",
        version=1,
        period="2025Q2",
        n=1,
        d=1,
        value=100.0,
        unit="%",
        direction=vocabulary.Direction.increase,
        band=None,
        components={},
        status=vocabulary.CellStatus.value,
        low_base=True,
    ),
    heard := reporting.FeedbackCounts(
        received=1,
        by_kind={"suggestion": 1},
        by_theme={"communication_and_information": 1},
        by_rating={"2": 1},
        loops_closed=1,
    ),
    reporting.Report(
        partnership=PARTNERSHIP,
        name="Abhainn Recovery Partnership",
        period="2025Q2",
        as_known_at=datetime(2025, 7, 14, 12, 0, tzinfo=UTC),
        as_of_entry=None,
        effective=None,
        witnessed=None,
        known={"feedback": 7, "partnerships": 7, "sessions": 15},
        definitions=(on_time,),
        figures=(one_of_one,),
        feedback=heard,
    ),
    reporting.PublishFigures(partnership=PARTNERSHIP, period="2025Q2", as_of_entry=29),
    reporting.FigurePublished(
        **in_partnership(PUBLICATIONS, 1, PUBLISHED),
        figure=FIGURE,
        supersedes=None,
        period="2025Q2",
        **_COMPUTED,
        digest="f1" * 32,
        report="{}",
        traced=1,
    ),
    reporting.FigureTraced(
        **in_partnership(PUBLICATIONS, 2, PUBLISHED), figure=FIGURE, part=1, entries=((1, 20), (22, 29)), numbers=(_BEHIND,)
    ),
    reporting.ListFigures(partnership=PARTNERSHIP, period="2025Q2", limit=20),
    published := reporting.FigureSummary(
        figure=FIGURE,
        partnership=PARTNERSHIP,
        period="2025Q2",
        published=PUBLISHED,
        size=29,
        digest="f1" * 32,
        supersedes=None,
        superseded_by=None,
        witnessed=PUBLISHED,
    ),
    reporting.FigurePage(items=(published,), next=None),
    reporting.GetFigure(figure=FIGURE),
    reporting.PublishedFigure(**{**dict(published), **_COMPUTED}, report="{}"),
    reporting.ReproduceFigure(figure=FIGURE),
    reporting.Reproduction(
        figure=FIGURE, partnership=PARTNERSHIP, same=True, published="f1" * 32, computed="f1" * 32, size=29, entries=28, differs=()
    ),
    reporting.GetLineage(figure=FIGURE, indicator="CP-10", limit=20),
    behind_it := reporting.LineageFact(
        number=24,
        type="sessions.ActionAgreed.v1",
        source="sessions",
        happened=HELD,
        recorded=HELD + timedelta(hours=1),
        says="action agreed: owner side joint, original due 2025-05-30",
        counted_in=("CP-10 2025Q2 n",),
        rests_under=(),
        proof="/v1/audit/entries/24/proof",
    ),
    reporting.Lineage(
        figure=FIGURE,
        partnership=PARTNERSHIP,
        origin="comhar/ABH",
        size=29,
        root="7b" * 32,
        read=((1, 20), (22, 29)),
        facts=(behind_it,),
        next=None,
    ),
)
