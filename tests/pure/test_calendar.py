from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from contracts.sessions import InvitationSent, SessionCancelled, SessionPlanned, SessionPublished
from contracts.vocabulary import CancellationReason, Perspective, Recurrence, SessionKind, SessionMode
from services.sessions.application.icalendar import icalendar
from services.sessions.domain import Session
from services.sessions.domain.recurrence import occurrences
from tests.given import AOIFE, NOW, STREAM, fact, given, sealed

DUBLIN = ZoneInfo("Europe/Dublin")
PLANNED = fact(SessionPlanned, kind=SessionKind.co_design_workshop, mode=SessionMode.hybrid, starts=NOW, place=sealed(), minutes=150)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001


def days(first: datetime, every: Recurrence, times: int) -> list[str]:
    return [moment.astimezone(DUBLIN).strftime("%Y-%m-%d %H:%M") for moment in occurrences(first, every, times, DUBLIN)]


def test_a_series_keeps_the_time_on_the_wall_through_summer_and_winter() -> None:
    first = datetime(2025, 3, 19, 14, 0, tzinfo=UTC)
    assert [moment.hour for moment in occurrences(first, Recurrence.fortnightly, 3, DUBLIN)] == [14, 13, 13]
    assert days(first, Recurrence.fortnightly, 3) == ["2025-03-19 14:00", "2025-04-02 14:00", "2025-04-16 14:00"]


def test_a_month_without_such_a_day_is_passed_over() -> None:
    last = datetime(2025, 1, 31, 10, 0, tzinfo=UTC)
    assert days(last, Recurrence.monthly_by_date, 3) == ["2025-01-31 10:00", "2025-03-31 10:00", "2025-05-31 10:00"]
    fifth = datetime(2025, 1, 29, 10, 0, tzinfo=UTC)
    assert days(fifth, Recurrence.monthly_by_weekday, 3) == ["2025-01-29 10:00", "2025-04-30 10:00", "2025-07-30 10:00"]


def test_the_third_wednesday_is_the_third_wednesday_of_every_month() -> None:
    found = occurrences(datetime(2025, 10, 15, 10, 0, tzinfo=UTC), Recurrence.monthly_by_weekday, 15, DUBLIN)
    local = [moment.astimezone(DUBLIN) for moment in found]
    assert {(moment.weekday(), (moment.day - 1) // 7, moment.hour) for moment in local} == {(2, 2, 11)}
    assert len({(moment.year, moment.month) for moment in local}) == 15


@whatever(first=instants, every=st.sampled_from(Recurrence), times=st.integers(2, 20))
def test_a_series_begins_where_it_is_said_to_and_goes_forward(first: datetime, every: Recurrence, times: int) -> None:
    found = occurrences(first, every, times, DUBLIN)
    assert (found[0], len(found)) == (first, times)
    assert all(timedelta(days=6) < later - earlier for earlier, later in pairwise(found))


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_session_is_an_entry_for_calendars() -> None:
    assert unfolded(icalendar(given(Session, PLANNED, fact(SessionPublished)), place="The hall; door 2, left")) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//comhar//sessions//EN",
        "BEGIN:VEVENT",
        f"UID:{STREAM}",
        "DTSTAMP:20250319T140000Z",
        "SEQUENCE:2",
        "DTSTART:20250319T140000Z",
        "DURATION:PT150M",
        "SUMMARY:Co design workshop",
        r"LOCATION:The hall\; door 2\, left",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize(
    ("past", "status"),
    [
        ((PLANNED,), "TENTATIVE"),
        ((PLANNED, fact(InvitationSent, member=AOIFE, perspective=Perspective.professional)), "TENTATIVE"),
        ((PLANNED, fact(SessionPublished)), "CONFIRMED"),
        ((PLANNED, fact(SessionCancelled, cancellation_reason=CancellationReason.venue)), "CANCELLED"),
    ],
)
def test_an_entry_says_how_sure_the_session_is(past: tuple[SessionPlanned, ...], status: str) -> None:
    lines = unfolded(icalendar(given(Session, *past), place=None))
    assert f"STATUS:{status}" in lines
    assert f"SEQUENCE:{len(past)}" in lines
    assert not any(line.startswith("LOCATION") for line in lines)


@whatever(place=st.text(min_size=1, max_size=300))
def test_no_line_is_too_long_and_no_place_adds_a_line_or_loses_a_letter(place: str) -> None:
    calendar = icalendar(given(Session, PLANNED), place=place)
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    found = [line.removeprefix("LOCATION:") for line in unfolded(calendar) if line.startswith("LOCATION:")]
    said = place.replace("\r\n", "\n").replace("\r", "\n")
    wanted = "".join(letter for letter in said if letter in "\n\t" or (letter >= " " and letter != "\x7f"))
    read = "".join({"n": "\n"}.get(part[1], part[1]) if part[0] == "\\" else part for part in _parts(found[0]))
    assert read == wanted


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    while text:
        length = 2 if text[0] == "\\" else 1
        parts, text = [*parts, text[:length]], text[length:]
    return parts
