"""Ranges: how facts travel from the store of one service to every reader, and the one line a fact is written as.

A line is one CloudEvents 1.0 JSON object with its keys always in the same order, made by joining bytes around the stored state,
which is never parsed or written again: readers, the ledger and auditors see exactly the bytes that were stored. Positions have
no holes, so a range is its first and last position and the lines between. A range without lines (a beacon) says how far the
source's log reaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from contracts.model import Fact
from shared import upcasting

MOST_FACTS = 500
MOST_BYTES = 256_000

_TYPE = b'{"specversion":"1.0","type":"'
_DATA = b'","datacontenttype":"application/json","data":'


class Broken(ValueError):
    """Bytes that claim to be a range and are not; the log they came from is the truth."""


class Row(Protocol):
    """A fact as the store hands it out."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def state(self) -> bytes: ...


class Log(Protocol):
    """The part of a recorder that readers need."""

    @property
    def store_id(self) -> UUID: ...
    def read(self, after: int, limit: int) -> Sequence[Row]: ...
    def head(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where facts come from: a region, a service in it, and the identity of that service's store."""

    region: str
    source: str
    store: UUID


@dataclass(frozen=True, slots=True)
class Range:
    """The facts of one origin from position `first` to `last`, a line each; none (and last = first - 1) in a beacon."""

    origin: Origin
    first: int
    last: int
    lines: Sequence[bytes]


@dataclass(slots=True)
class Seen:
    """A fact as a reader meets it; `line` is what was published, `state` what was stored, `store` the identity of where."""

    source: str
    position: int
    type: str
    state: bytes
    line: bytes
    store: UUID
    _fact: Fact | None = field(default=None, repr=False, compare=False)

    @property
    def fact(self) -> Fact | None:
        """The fact in its newest version, parsed once and only when asked for; None if this reader does not know the type."""
        if self._fact is None and upcasting.knows(self.type):
            self._fact = upcasting.read_fact(self.type, self.state)
        return self._fact


def line(origin: Origin, row: Row) -> bytes:
    """`row` as it is published, hashed and replayed."""
    return _lines(origin, [row])[0]


def _lines(origin: Origin, rows: Sequence[Row]) -> list[bytes]:
    source = f"/{origin.region}/{origin.source}".replace("%", "%%").encode()
    form = b'%s%%s","source":"%s","id":"%%s.%%d","subject":"%%s","sequence":"%%d%s%%s}' % (_TYPE, source, _DATA)
    texts = {id(stream): str(stream).encode() for stream in {id(row.stream): row.stream for row in rows}.values()}  # often few
    return [form % (row.type.encode(), text := texts[id(row.stream)], row.version, text, row.position, row.state) for row in rows]


def beacon(origin: Origin, head: int) -> Range:
    """Nothing new, and that the log reaches to `head`."""
    return Range(origin, head + 1, head, ())


def cut(origin: Origin, rows: Sequence[Row]) -> Iterator[Range]:
    """`rows`, which follow one another, as ranges none of which is larger than a range may be."""
    lines, start, size = _lines(origin, rows), 0, 0
    for at, text in enumerate(lines):
        if at > start and (at - start == MOST_FACTS or size + len(text) > MOST_BYTES):
            yield Range(origin, rows[start].position, rows[at - 1].position, lines[start:at])
            start, size = at, 0
        size += len(text) + 1
    if lines:
        yield Range(origin, rows[start].position, rows[-1].position, lines[start:])


def after(log: Log, region: str, source: str, position: int, limit: int = MOST_FACTS) -> Range:
    """What a source answers a reader that has everything up to `position`: the next range, or a beacon when there is none."""
    origin = Origin(region, source, log.store_id)
    rows = log.read(position, min(limit, MOST_FACTS))
    return next(cut(origin, rows), None) or beacon(origin, log.head())


def page(log: Log, region: str, source: str, position: int, limit: int) -> Range:
    """What a reader that has the log itself at hand finds beyond a position: one range, as long as a page, or a beacon."""
    origin, rows = Origin(region, source, log.store_id), log.read(position, limit)
    return Range(origin, rows[0].position, rows[-1].position, _lines(origin, rows)) if rows else beacon(origin, log.head())


def encode(sent: Range) -> tuple[bytes, dict[str, str | int]]:
    """Body and headers of the message that carries a range."""
    origin = sent.origin
    said: dict[str, str | int] = {"region": origin.region, "source": origin.source, "store": str(origin.store)}
    return b"\n".join(sent.lines), {**said, "first": sent.first, "last": sent.last}


def decode(body: bytes, headers: Mapping[str, Any]) -> Range:
    """The range of a message; raises `Broken` when headers and lines do not agree."""
    try:
        origin = Origin(headers["region"], headers["source"], UUID(headers["store"]))
        first, last = int(headers["first"]), int(headers["last"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Broken("a range without its headers") from None
    lines = body.split(b"\n") if body else []
    if first < 1 or len(lines) != last - first + 1:
        raise Broken("a range that does not hold the positions it names")
    return Range(origin, first, last, lines)


def pack(sent: Range) -> bytes:
    """A range in one piece, for an answer that has no headers."""
    body, headers = encode(sent)
    return json.dumps(headers).encode() + b"\n" + body


def unpack(packed: bytes) -> Range:
    """The range in an answer; raises `Broken`."""
    headers, _, body = packed.partition(b"\n")
    try:
        return decode(body, json.loads(headers))
    except json.JSONDecodeError:
        raise Broken("a range without its headers") from None


def opened(text: bytes) -> tuple[str, bytes]:
    """The type of the fact in a line, and its stored bytes; raises `Broken`."""
    head, found, data = text.partition(_DATA)
    if not found or not head.startswith(_TYPE):
        raise Broken("a line that is no fact")
    return head[len(_TYPE) : head.index(b'"', len(_TYPE))].decode(), data[:-1]


def facts(received: Range, after: int = 0) -> Iterator[Seen]:
    """The facts of a range beyond position `after`, cut from their lines by slicing; raises `Broken` on a line out of place."""
    source, store, start = received.origin.source, received.origin.store, max(received.first, after + 1)
    for position, text in enumerate(received.lines[start - received.first :], start):
        head, _, data = text.partition(_DATA)
        if not head.endswith(b'"sequence":"%d' % position) or not head.startswith(_TYPE):
            raise Broken("a line that is not the fact its range promises")
        yield Seen(source, position, head[len(_TYPE) : head.index(b'"', len(_TYPE))].decode(), data[:-1], text, store)
