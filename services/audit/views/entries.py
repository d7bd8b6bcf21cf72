"""The entries of the ledger as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.audit import LedgerHead, Moment
from contracts.errors import NotFound
from contracts.model import instant
from services.audit.views.ledger import lines_of
from shared.clock import fixed_width
from shared.database import Database
from shared.ranges import Origin, Range

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact in the region's history."""

    number: int
    source: str
    position: int
    recorded: str
    type: str
    line: bytes
    state_at: int

    @property
    def state(self) -> bytes:
        """The fact as it was stored."""
        return self.line[self.state_at : -1]


class Entries:
    """The entries of the ledger as they are asked for: those of a partnership, of a source, by number, and up to which moment."""

    def __init__(self, database: Database, origin: str) -> None:
        self._database = database
        self._origin = origin

    def moment(self, to_entry: int | None, as_known_at: datetime | None, effective: date | None) -> Moment:
        """How much of the history is meant by an entry or an instant, and since when that was witnessed.

        An instant means the first checkpoint that was witnessed then or later; while there is none, all entries, to be told by their times.
        """
        size = self._size()
        entries = size if to_entry is None else min(size, to_entry)
        witnessed = self._witnessed(entries)
        if as_known_at is not None:
            found = self._database.rows(
                "SELECT size, witnessed FROM checkpoint WHERE witnessed >= :at ORDER BY size LIMIT 1", {"at": fixed_width(as_known_at)}
            )
            entries, witnessed = (min(entries, found[0][0]), instant(found[0][1])) if found else (entries, None)
        return Moment(entries=entries, as_known_at=as_known_at, effective=effective, witnessed=witnessed)

    def head(self, entries: int | None) -> LedgerHead | None:
        """The first checkpoint that holds so many entries, or all there are now; None while none is signed that does.

        Raises `NotFound` when there never were so many.
        """
        size = self._size()
        wanted = size if entries is None else entries
        if wanted > size:
            raise NotFound("no_such_entry", "The ledger has not so many entries.", field="entries")
        found = self._database.rows(
            "SELECT size, root, signed FROM checkpoint WHERE size >= :wanted ORDER BY size LIMIT 1", {"wanted": wanted}
        )
        if not found:
            return None
        held, root, signed = found[0]
        return LedgerHead(origin=self._origin, size=held, root=bytes(root).hex(), signed=instant(signed), witnessed=self._witnessed(held))

    def of(self, partnership: UUID, *, after: int = 0, to_entry: int, as_known_at: datetime | None = None) -> Iterator[Entry]:
        """The facts of a partnership known then, in the order the region learned of them; read in pages."""
        while True:
            page = self._page(
                "partnership = :partnership AND number > :after AND number <= :to AND recorded <= :known "
                # What a store told beyond the place where the ledger went on with another one does not count any more.
                "AND NOT EXISTS (SELECT 1 FROM adopted WHERE adopted.source = entry.source AND adopted.after < entry.position "
                "AND adopted.entry > entry.number AND adopted.entry <= :to) ORDER BY number LIMIT :page",
                partnership=str(partnership),
                after=after,
                to=to_entry,
                known=fixed_width(as_known_at) if as_known_at else "9",
                page=_PAGE,
            )
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].number

    def at(self, numbers: Iterable[int]) -> list[Entry]:
        """The entries with these numbers that there are."""
        return [entry for number in numbers for entry in self._page("number = :number", number=number)]

    def held(self, region: str, source: str, after: int, limit: int, to_entry: int | None = None) -> Range:
        """What the ledger, or its first entries, hold of a source beyond a position, as the source itself would tell it."""
        with self._database.reading() as tx:
            lines = lines_of(tx, source, after, limit, *(() if to_entry is None else (to_entry,)))
        found = self._database.rows("SELECT store FROM positions WHERE view = 'ledger' AND source = :source", {"source": source})
        origin = Origin(region, source, UUID(found[0][0]) if found else UUID(int=0))
        return Range(origin, after + 1, after + len(lines), list(lines.values()))

    def _witnessed(self, entries: int) -> datetime | None:
        [(at,)] = self._database.rows("SELECT min(witnessed) FROM checkpoint WHERE size >= :entries", {"entries": entries})
        return at and instant(at)

    def _size(self) -> int:
        [(size,)] = self._database.rows("SELECT coalesce(max(number), 0) FROM entry")
        return int(size)

    def _page(self, which: str, **about: Any) -> list[Entry]:
        columns = "number, source, position, recorded, type, line, state_at"
        rows = self._database.rows(f"SELECT {columns} FROM entry WHERE {which}", about)  # noqa: S608  what is asked for is ours
        return [_entry(*row) for row in rows]


def _entry(number: int, source: str, position: int, recorded: str, kind: str, line: bytes, state_at: int) -> Entry:  # noqa: PLR0917  a row
    return Entry(number, source, position, recorded, kind, bytes(line), state_at)
