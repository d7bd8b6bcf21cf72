"""Whether and when people who said something are answered, and told what came of it (CP-12 to CP-14)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from statistics import median

from contracts.vocabulary import Direction, FeedbackState
from services.reporting.domain.history import Feedback
from services.reporting.domain.indicators.measuring import Measure, Scope, counts, indicator, share

ANSWER_STANDARD = 10
"""Working days within which feedback is to be answered (indicator CP-12)."""
LOOK_BACK = timedelta(days=90)
"""How long after receipt it is asked whether the loop was closed (indicator CP-14)."""
SETTLED = {FeedbackState.change_made, FeedbackState.cannot_change, FeedbackState.no_change_needed}
"""Where something was decided, and the change, if there was to be one, has been made."""
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


def _loop_closed(scope: Scope) -> Measure:
    first, last = scope.period.year().first, scope.period.last
    ripe = [item for item in scope.history.feedback.values() if first <= scope.jurisdiction.day(item.received) + LOOK_BACK <= last]
    asked = [(item, state) for item in ripe if (state := _state(scope, item)) is not FeedbackState.escalated]
    return share([item for item, state in asked if state in SETTLED and scope.reached(item.told)], [item for item, _ in asked])


def _state(scope: Scope, item: Feedback) -> FeedbackState:
    """Where it stood when the period ended."""
    reached = [(when, place, state) for place, (when, state) in enumerate(item.outcomes) if scope.reached(when)]
    return max(reached)[2] if reached else FeedbackState.received


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
    indicator(
        "CP-14",
        "Loop closed",
        "of them those settled by the end of the period, with whoever said it told",
        f"items received {LOOK_BACK.days} days before or earlier, so long ago for the first time in the year, escalated ones left out",
        _loop_closed,
        notes="You said, we did. Cumulative within the year. A change that is planned is not made, and closes nothing.",
    ),
)
