"""Periods by DHIS2 identifiers, and working days by the public holidays of a country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

_SATURDAY = 5


@dataclass(frozen=True)
class Period:
    """A quarter or a calendar year; both days belong to it."""

    code: str
    first: date
    last: date

    @staticmethod
    def of(code: str) -> Period:
        """`2025Q3` or `2025`."""
        year, _, quarter = code.partition("Q")
        return Period._quarter(code, int(year), int(quarter)) if quarter else Period(code, date(int(year), 1, 1), date(int(year), 12, 31))

    @staticmethod
    def _quarter(code: str, year: int, quarter: int) -> Period:
        month = 3 * quarter - 2
        following = date(year + month // 10, (month + 2) % 12 + 1, 1)
        return Period(code, date(year, month, 1), following - timedelta(days=1))

    def quarters(self) -> tuple[Period, ...]:
        """The quarters of the year this period belongs to."""
        return tuple(Period.of(f"{self.code[:4]}Q{quarter}") for quarter in range(1, 5))

    def year(self) -> Period:
        """The calendar year this period belongs to."""
        return Period.of(self.code[:4])


@dataclass(frozen=True)
class Jurisdiction:
    """The country whose days count: its time zone and its public holidays (ISO 3166 code)."""

    country: str
    zone: ZoneInfo

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


def a_year_after(day: date) -> date:
    """The same day twelve months later; the last of February follows the 29th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
