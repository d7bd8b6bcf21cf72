"""Whether and when people who said something are answered (CP-12, CP-13)."""

from __future__ import annotations

from decimal import Decimal
from statistics import median

from contracts.vocabulary import Direction
from services.reporting.domain.history import Feedback
from services.reporting.domain.indicators.measuring import Measure, Scope, counts, indicator, share

ANSWER_STANDARD = 10
"""Working days within which feedback is to be answered (indicator CP-12)."""
_BINS = ((2, "days_0_2"), (5, "days_3_5"), (10, "days_6_10"), (20, "days_11_20"))


def _answered_in_standard(scope: Scope) -> Measure:
    items = scope.feedback()
    waits = [(item, _days_to_answer(scope, item)) for item in items]
    return share([item for item, wait in waits if wait is not None and wait <= ANSWER_STANDARD], items)


def _response_time(scope: Scope) -> Measure:
    bins: dict[str, list[Feedback]] = {name: [] for name in (*(name for _, name in _BINS), "days_over_20", "open")}
    waits: list[int] = []
    for item in scope.feedback():
        wait = _days_to_answer(scope, item)
        if wait is None:
            bins["open"].append(item)
        else:
            waits.append(wait)
            bins[next((name for limit, name in _BINS if wait <= limit), "days_over_20")].append(item)
    answered = [item for name, items in bins.items() if name != "open" for item in items]
    return Measure(
        n=len(answered),
        value=Decimal(str(median(waits))) if waits else None,
        components=counts(**bins),
        cases={"n": answered, **bins},
    )


def _days_to_answer(scope: Scope, item: Feedback) -> int | None:
    """Working days from receipt to the first answer of substance; None while there is none."""
    day = scope.jurisdiction.day
    return None if item.responded is None else scope.jurisdiction.working_days(day(item.received), day(item.responded))


INDICATORS = (
    indicator(
        "CP-12",
        "Feedback answered in standard",
        f"items answered with substance within {ANSWER_STANDARD} working days",
        "items received",
        _answered_in_standard,
    ),
    indicator(
        "CP-13",
        "Response time",
        "median working days to the first answer of substance",
        "items received and answered",
        _response_time,
        unit="working days",
        direction=Direction.decrease,
    ),
)
