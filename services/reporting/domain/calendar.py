"""Periods by DHIS2 identifiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


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


def a_year_after(day: date) -> date:
    """The same day twelve months later; the last of February follows the 29th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
