"""When sessions of a series begin: the same time by the clock on the wall, through summer and winter (RFC 5545 §3.3.10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from contracts.vocabulary import Recurrence

_WEEKS = {Recurrence.weekly: 1, Recurrence.fortnightly: 2}
_MONTHS = 12


def occurrences(first: datetime, every: Recurrence, times: int, zone: ZoneInfo) -> list[datetime]:
    """The first `times` beginnings from `first` on, in UTC; a month without such a day is passed over."""
    local = first.astimezone(zone)
    days = _by_week(local, _WEEKS[every]) if every in _WEEKS else _by_month(local, by_weekday=every is Recurrence.monthly_by_weekday)
    return [day.astimezone(UTC) for day in islice(days, times)]


def _by_week(first: datetime, weeks: int) -> Iterator[datetime]:
    # Arithmetic on a local time keeps the time on the wall, whatever the offset is then.
    return (first + timedelta(weeks=weeks * number) for number in count())


def _by_month(first: datetime, *, by_weekday: bool) -> Iterator[datetime]:
    for number in count():
        years, month = divmod(first.month - 1 + number, _MONTHS)
        begin = first.replace(year=first.year + years, month=month + 1, day=1)
        day = _same_weekday(begin, first) if by_weekday else first.day
        found = begin + timedelta(days=day - 1)
        if found.month == begin.month:
            yield found


def _same_weekday(begin: datetime, first: datetime) -> int:
    """The day of the month on which the weekday of `first` comes as often as it had come by then: the third Wednesday, say."""
    return 1 + (first.weekday() - begin.weekday()) % 7 + 7 * ((first.day - 1) // 7)
