"""A session as an entry for calendars, in the form of RFC 5545. Nothing of the agenda is in it: calendars are read over shoulders."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from contracts.vocabulary import SessionStatus
from services.sessions.domain import Session

_LONGEST = 75
_STATUS = {SessionStatus.planned: "TENTATIVE", SessionStatus.cancelled: "CANCELLED"}


def icalendar(session: Session, *, place: str | None) -> str:
    """One VEVENT; its UID stays, and a later version of the session is a later one of the entry (§3.8.7.4)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//comhar//sessions//EN",
        "BEGIN:VEVENT",
        f"UID:{session.id}",
        f"DTSTAMP:{_instant(session.changed)}",
        f"SEQUENCE:{session.version}",
        f"DTSTART:{_instant(session.starts)}",
        *([f"DURATION:PT{session.minutes}M"] if session.minutes else []),
        f"SUMMARY:{_text(session.kind.replace('_', ' ').capitalize())}",
        *([f"LOCATION:{_text(place)}"] if place else []),
        f"STATUS:{_STATUS.get(session.status, 'CONFIRMED')}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """§3.3.11: backslash, semicolon and comma are escaped, a line break is written, other controls are left out."""
    escaped = re.sub(r"([\\;,])", r"\\\1", words)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", re.sub(r"\r\n|\r|\n", r"\\n", escaped))


def _folded(line: str) -> str:
    """§3.1: no line is longer than 75 octets, and none is broken within a character."""
    folded, length = "", 0
    for letter in line:
        octets = len(letter.encode())
        if length + octets > _LONGEST:
            folded, length = f"{folded}\r\n ", 1
        folded, length = folded + letter, length + octets
    return folded
