"""Survey comments of the Friends and Family Test, read from the CSV that trusts publish, dirt included.

Every row is accounted for: read = taken + refused (with row and reason) + blank. A rating that is not 1 to 5 (the survey's codes for
"don't know" and "not asked") is left out and counted; the words are kept, because a voice must count.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

REFERENCE, RESPONDENT, DATE, RATING, QUESTION, ANSWER = (
    "Comment ID", "Respondent ID", "Date", "FFT categorical answer", "FFT question", "FFT answer",
)  # fmt: skip
_NEEDED = (REFERENCE, RESPONDENT, DATE, RATING, QUESTION, ANSWER)
_KINDS = {"what was good?": "compliment", "what could we do better?": "suggestion"}
_NO_ANSWER = {"", "did not answer", "no answer", "n/a"}
_MOST_WORDS = 8_000
_MOST_BYTES = 1_000_000
_ID = re.compile(r".{1,80}")
_EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)
_THEMES = {
    "access": (
        "Contacting services", "Appointment arrangements", "Appointment method", "Timeliness of care", "Admission",
        "Service location", "Transport to/ from services", "Parking", "Existence of services", "Choice of services",
        "Out of hours support (community services)", "Psychological therapy arrangements",
    ),
    "dignity_and_respect": (
        "Staff manner & personal attributes", "Patient appearance & grooming", "Equality, Diversity & Inclusion",
        "Food & drink provision & facilities", "Sensory experience",
    ),
    "safe_and_effective_services": (
        "Organisation & efficiency", "Funding & use of financial resources", "Number & deployment of staff",
        "Staff responsiveness", "Staff continuity", "Competence & training", "Pain management", "Diagnosis & triage",
        "Referals & continuity of care", "Discharge", "Cleanliness, tidiness & infection control",
        "Provision of medical equipment", "Feeling safe", "Safeguarding concerns?", "Environment & Facilities",
        "Supplying & understanding medication", "Mental Health Act",
    ),
    "communication_and_information": (
        "Unspecified communication", "Information directly from staff during care", "Information provision & guidance",
        "Being kept informed, clarity & consistency of information",
    ),
    "participation": (
        "Staff listening, understanding & involving patients", "Care plans", "Interaction with family/ carers",
        "Activities & access to fresh air", "Electronic entertainment",
    ),
    "privacy": (
        "Patient records",
    ),
    "improving_health": (
        "Impact of treatment/ care",
    ),
    "accountability": (
        "Learning organisation",
    ),
}  # fmt: skip
_THEME_OF = {column: theme for theme, columns in _THEMES.items() for column in columns}


class WrongFile(ValueError):
    """The file is not an export of the survey; nothing of it was read."""


@dataclass
class Count:
    """What became of the rows."""

    read: int = 0
    blank: int = 0
    unrated: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def comments(path: Path, zone: ZoneInfo, count: Count) -> Iterator[dict[str, Any]]:
    """The comments of a file, as the API takes them; `count` is kept while they are read. Raises `WrongFile`."""
    csv.field_size_limit(_MOST_BYTES)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        if missing := [name for name in _NEEDED if name not in _header(rows, path)]:
            raise WrongFile(f"{path.name} is no export of the Friends and Family Test: no column {', '.join(missing)}")
        for row in _rows(rows, count):
            count.read += 1
            try:
                comment = _comment(row, zone)
            except ValueError as fault:
                count.refused.append((rows.line_num, str(fault)))
                continue
            if comment is None:
                count.blank += 1
                continue
            count.unrated += "rating" not in comment
            yield comment


def _header(rows: csv.DictReader[str], path: Path) -> list[str]:
    try:
        return list(rows.fieldnames or ())
    except csv.Error:
        raise WrongFile(f"{path.name} is no CSV file") from None


def _rows(rows: csv.DictReader[str], count: Count) -> Iterator[dict[str, Any]]:
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            # The reader has given up this row and begins anew with the next line.
            count.read += 1
            cut_off = "unexpected end of data" in str(fault)
            count.refused.append((rows.line_num, "the file ends within a cell" if cut_off else "the row is not CSV"))


def _comment(row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any] | None:
    """One row as a comment, None when nothing was answered; raises ValueError with the reason, never with the words."""
    if None in row or any(row[name] is None for name in _NEEDED):
        raise ValueError("the row does not have as many cells as the header")
    text = _clean(row[ANSWER])
    if text.lower() in _NO_ANSWER:
        return None
    if len(text) > _MOST_WORDS:
        raise ValueError(f"the answer is longer than {_MOST_WORDS} characters")
    kind = _KINDS.get(_clean(row[QUESTION]).lower())
    if kind is None:
        raise ValueError("the question is not one of the survey")
    reference, respondent = _clean(row[REFERENCE]), _clean(row[RESPONDENT])
    if not all(_ID.fullmatch(id_) for id_ in (reference, respondent)):
        raise ValueError("the comment or respondent id is missing, longer than 80 characters or of several lines")
    comment: dict[str, Any] = {
        "reference": reference,
        "respondent": respondent,
        "received": _received(row[DATE], zone),
        "kind": kind,
        "text": text,
    }
    if (rating := _clean(row[RATING])) in {"1", "2", "3", "4", "5"}:
        comment["rating"] = 6 - int(rating)  # the survey's 1 is "very good"; here 5 is best
    if theme := _theme(row):
        comment["theme"] = theme
    return comment


def _received(text: str, zone: ZoneInfo) -> str:
    try:
        day = datetime.strptime(_clean(text), "%d/%m/%Y").replace(hour=12, tzinfo=zone)
    except ValueError:
        raise ValueError("the date is not one of the form dd/mm/yyyy") from None
    if not _EARLIEST <= day <= datetime.now(zone):
        raise ValueError("the date is before 1900 or still to come")
    return day.isoformat()


def _theme(row: dict[str, Any]) -> str | None:
    """The Healthcare Charter principle that most of the row's themes belong to; the order of the columns decides between equals."""
    found = Counter(theme for column, theme in _THEME_OF.items() if (row.get(column) or "").strip() == "1")
    return found.most_common(1)[0][0] if found else None


def _clean(text: str) -> str:
    """Without non-breaking spaces, edges and control characters; raises ValueError on bytes that are not UTF-8."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("the row holds bytes that are not UTF-8")
    return "".join(letter for letter in text.replace("\xa0", " ") if letter.isprintable() or letter == "\n").strip()
