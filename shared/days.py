"""Days as a country counts them: in its time zone, without its weekends and public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache

import holidays

_SATURDAY = 5


@dataclass(frozen=True)
class Jurisdiction:
    """The country whose days count: its time zone and its public holidays (ISO 3166 code)."""

    country: str
    zone: tzinfo

    def day(self, moment: datetime) -> date:
        """The calendar day of an instant there."""
        return moment.astimezone(self.zone).date()

    def working_days(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`: Monday to Friday, public holidays out."""
        days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(map(self._works, days))

    def working_day(self, start: date, count: int) -> date:
        """The day on which so many working days after `start` have come."""
        day = start
        while count:
            day += timedelta(days=1)
            count -= self._works(day)
        return day

    def _works(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in _holidays(self.country, day.year)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
