"""What is published: once, with the entries it was computed from, so that anybody can compute it again and see that it is the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from uuid import UUID, uuid5

from contracts.errors import rule
from contracts.model import Fact
from contracts.reporting import DefinitionUsed, FigurePublished, FigureTraced, IndicatorDefinition, Ranges, TracedNumber
from services.reporting.domain.indicators import Trace
from shared.application import Aggregate, Stamp
from shared.ranges import opened

ROUNDING = "half_up"
SUPPRESSION = "PULSE_LT5.v2"
SOURCES = ("partnerships", "sessions", "feedback")
"""Whose facts figures are folded from."""
FORMAT = "comhar-figure/1"
_MOST_RUNS = 2_000
"""Runs of entries in one fact: with numbers of ten digits still under the size a fact may have."""
_RUNS_OF_A_NAME = 6
"""What the name of a number takes, counted in runs."""
_PUBLICATIONS = UUID("7c0f8a1e-3c55-5b0e-9d0b-6a1f2f0a9b31")


@dataclass(frozen=True)
class Computed:
    """A report as computed from the first entries of the ledger, and what it rests on."""

    origin: str
    size: int
    root: str
    code: str
    country: str
    time_zone: str
    definitions: tuple[DefinitionUsed, ...]
    report: str
    read: Ranges
    numbers: tuple[TracedNumber, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the report's bytes."""
        return hashlib.sha256(self.report.encode()).hexdigest()


class Publications(Aggregate):
    """All that was published of one partnership for one period: each supersedes the one before."""

    last: UUID | None = None
    size = 0

    @staticmethod
    def of(partnership: UUID, period: str) -> UUID:
        """The id under which they are kept."""
        return uuid5(_PUBLICATIONS, f"{partnership} {period}")

    def publish(self, by: Stamp, *, figure: UUID, partnership: UUID, period: str, computed: Computed) -> None:
        """Publish what was computed, from more of the history than before."""
        rule(
            computed.size > self.size,
            "published_already",
            "Figures of this period were published already from these entries of the history, or from later ones.",
            field="as_of_entry",
        )
        parts = list(_parts(computed.read, computed.numbers))
        self.record(
            FigurePublished,
            by,
            partnership=partnership,
            figure=figure,
            supersedes=self.last,
            period=period,
            origin=computed.origin,
            size=computed.size,
            root=computed.root,
            code=computed.code,
            country=computed.country,
            time_zone=computed.time_zone,
            rounding=ROUNDING,
            suppression=SUPPRESSION,
            definitions=computed.definitions,
            digest=computed.digest,
            report=computed.report,
            traced=len(parts),
        )
        for part, (read, numbers) in enumerate(parts, 1):
            self.record(FigureTraced, by, partnership=partnership, figure=figure, part=part, entries=read, numbers=numbers)

    def apply(self, fact: Fact) -> None:
        match fact:
            case FigurePublished():
                self.last, self.size = fact.figure, fact.size


def runs(numbers: Iterable[int]) -> Ranges:
    """Ascending numbers as first and last of each run; one that comes twice stands twice."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def each(ranges: Ranges) -> Iterator[int]:
    """The numbers that runs stand for."""
    return chain.from_iterable(range(first, last + 1) for first, last in ranges)


def traced(trace: Trace, entries: Sequence[int]) -> TracedNumber:
    """A trace by the entries that hold its facts: fact 1 of the history is in `entries[0]`, and so on."""
    made, further = (tuple(entries[fact - 1] for fact in facts) for facts in (trace.facts, trace.rests_on))
    return TracedNumber(
        code=trace.code, period=trace.period, number=trace.number, sums=trace.sums, entries=runs(made), rests_on=runs(further)
    )


def used(definition: IndicatorDefinition) -> DefinitionUsed:
    """How a publication names a definition."""
    hash_ = hashlib.sha256(definition.model_dump_json().encode()).hexdigest()
    return DefinitionUsed(code=definition.code, version=definition.version, hash=hash_)


def _parts(read: Ranges, numbers: Sequence[TracedNumber]) -> Iterator[tuple[Ranges, tuple[TracedNumber, ...]]]:
    """What a publication rests on, in parts that each fit into a fact; nothing is left out."""
    pieces: list[tuple[Ranges, TracedNumber | None]] = [(piece, None) for piece in _cut(read)]
    pieces += [((), piece) for number in numbers for piece in _pieces(number)]
    ranges: list[tuple[int, int]] = []
    said: list[TracedNumber] = []
    size = 0
    for more, number in pieces:
        cost = len(more) + (len(number.entries) + len(number.rests_on) + _RUNS_OF_A_NAME if number else 0)
        if size and size + cost > _MOST_RUNS:
            yield tuple(ranges), tuple(said)
            ranges, said, size = [], [], 0
        ranges += more
        said += [number] if number else []
        size += cost
    yield tuple(ranges), tuple(said)


def _pieces(number: TracedNumber) -> Iterator[TracedNumber]:
    for entries, rests_on in zip_longest(_cut(number.entries), _cut(number.rests_on), fillvalue=()):
        yield number.model_copy(update={"entries": entries, "rests_on": rests_on})


def _cut(ranges: Ranges) -> list[Ranges]:
    step = _MOST_RUNS // 2
    return [ranges[start : start + step] for start in range(0, len(ranges), step)] or [()]


def together(parts: Iterable[FigureTraced]) -> tuple[Ranges, tuple[TracedNumber, ...]]:
    """What the parts of a publication say, put together: the entries read, and one trace for each number."""
    read: list[tuple[int, int]] = []
    numbers: dict[tuple[str, str, str], TracedNumber] = {}
    for part in sorted(parts, key=lambda part: part.part):
        read += part.entries
        for piece in part.numbers:
            name = (piece.code, piece.period, piece.number)
            before = numbers.get(name)
            more = {"entries": before.entries + piece.entries, "rests_on": before.rests_on + piece.rests_on} if before else {}
            numbers[name] = piece.model_copy(update=more)
    return tuple(read), tuple(numbers.values())


def figure_files(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[str, bytes]]:
    """A file for every publication in the ledger: path and bytes. `lines` are entries with their numbers, of reporting at least."""
    published: dict[UUID, tuple[int, FigurePublished]] = {}
    parts: dict[UUID, list[tuple[int, FigureTraced]]] = {}
    for entry, line in lines:
        kind, state = opened(line)
        if kind == FigurePublished.type:
            fact = FigurePublished.read(state)
            published[fact.figure], parts[fact.figure] = (entry, fact), []
        elif kind == FigureTraced.type:
            part = FigureTraced.read(state)
            parts.setdefault(part.figure, []).append((entry, part))
    for figure, (entry, fact) in published.items():
        if len(parts[figure]) == fact.traced:  # else the rest of it is not in the ledger yet
            yield f"figures/{figure}.json", _file(entry, fact, parts[figure])


def _file(entry: int, fact: FigurePublished, parts: Sequence[tuple[int, FigureTraced]]) -> bytes:
    read, numbers = together(part for _, part in parts)
    said = fact.model_dump(mode="json")
    content = {
        "format": FORMAT,
        **{name: said[name] for name in ("figure", "supersedes", "partnership", "period")},
        "entry": entry,
        "traces": [number for number, _ in parts],
        "published": said["recorded"],
        "ledger": {name: said[name] for name in ("origin", "size", "root")},
        **{name: said[name] for name in ("code", "country", "time_zone", "rounding", "suppression", "definitions", "digest", "report")},
        "read": read,
        "cells": [number.model_dump(mode="json") for number in numbers],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
