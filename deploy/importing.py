"""Taking survey comments into a region, batch by batch; comments are known by their ids, so a run that was cut off is simply run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deploy.client import Region
from deploy.fft import Count, comments

_BATCH = 100


def take_in(
    file: Path, region: Region, *, partnership: str, source: str, zone: ZoneInfo, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Take in `file`; how many rows were read, stored, known before, refused (with row and reason) and blank. Raises `WrongFile`."""
    total = sum(1 for _ in comments(file, zone, Count()))
    count, stored, known = Count(), 0, 0
    for batch in _batches(comments(file, zone, count)):
        answer = region.post("/v1/feedback/import", {"partnership": partnership, "source": source, "comments": batch})
        stored, known = stored + answer["stored"], known + answer["known"]
        progress(stored + known, total)
    return {
        "read": count.read,
        "stored": stored,
        "known": known,
        "blank": count.blank,
        "refused": len(count.refused),
        "unrated": count.unrated,
        "refusals": count.refused,
    }


def _batches(found: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch
