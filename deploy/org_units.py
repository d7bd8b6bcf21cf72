"""Taking a tree of units into a region, row by row; what the register has already is left alone, so a run that was cut off is run again."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.vocabulary import OrgUnitLevel
from deploy.client import Refused, Region

COLUMNS = ("unit", "level", "name", "parent", "from", "until", "successors")
_LEVELS = [level.value for level in OrgUnitLevel]


class WrongFile(Exception):
    """The file is no list of units."""


@dataclass(frozen=True)
class Row:
    """One unit of a file, with the number of its line, or of its place in a list."""

    line: int
    unit: str
    level: str
    name: str
    parent: str | None
    since: str
    until: str | None
    successors: tuple[str, ...]


def rows(file: Path) -> list[Row]:
    """The units of a CSV file (successors parted by spaces) or of a JSON list; raises `WrongFile`."""
    try:
        if file.suffix == ".json":
            return [_row(number, one) for number, one in enumerate(json.loads(file.read_text()), 1)]
        with file.open(newline="", encoding="utf-8-sig") as lines:
            read = csv.DictReader(lines)
            if not set(COLUMNS[:5]) <= set(read.fieldnames or ()):
                raise WrongFile(f"{file.name} begins with the columns {', '.join(COLUMNS)}; the last two may be absent")
            return [_row(read.line_num, one) for one in read]
    except (ValueError, AttributeError, TypeError, csv.Error):
        raise WrongFile(f"{file.name} is neither CSV nor a JSON list of objects with {', '.join(COLUMNS)}") from None


def take_in(found: Iterable[Row], region: Region, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Take units in, higher levels first; how many rows were read, stored, known before and refused (with line and reason)."""
    waiting = sorted(found, key=lambda row: _LEVELS.index(row.level) if row.level in _LEVELS else len(_LEVELS))
    entries, stored, refused = region.get("/v1/org-units")["entries"], set(), {}
    # Those that ended are let end lowest first, so that nothing is left in a unit that is no more.
    steps = [(row, _open) for row in waiting] + [(row, _end) for row in reversed(waiting) if row.until]
    for done, (row, tell) in enumerate(steps, 1):
        if row.line not in refused:
            try:
                now = tell(row, region)
            except Refused as refusal:
                refused[row.line] = str(refusal)
                stored.discard(row.line)
            else:
                if now > entries:
                    entries = now
                    stored.add(row.line)
        progress(done, len(steps))
    known = len(waiting) - len(stored) - len(refused)
    return {"read": len(waiting), "stored": len(stored), "known": known, "refused": len(refused), "refusals": sorted(refused.items())}


def _open(row: Row, region: Region) -> int:
    unit = {"unit": row.unit, "level": row.level, "name": row.name, "parent": row.parent, "on": row.since}
    return int(region.post("/v1/org-units", unit)["version"])


def _end(row: Row, region: Region) -> int:
    return int(region.post(f"/v1/org-units/{row.unit}/end", {"on": row.until, "successors": row.successors})["version"])


def _row(line: int, said: dict[str, Any]) -> Row:
    successors = said.get("successors") or ()
    return Row(
        line=line,
        unit=str(said.get("unit") or ""),
        level=str(said.get("level") or ""),
        name=str(said.get("name") or ""),
        parent=said.get("parent") or None,
        since=str(said.get("from") or ""),
        until=said.get("until") or None,
        successors=tuple(successors.split() if isinstance(successors, str) else successors),
    )
