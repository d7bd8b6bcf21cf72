"""The region's history: every fact of every service, numbered 1, 2, 3 … as it came, in exactly its published bytes; and who looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from contracts.audit import AccessPage, AccessSummary, Completeness, LedgerHead, Moment, SourceCompleteness
from contracts.gateway import AccessRecorded
from contracts.model import Fact, instant
from services.audit.ledger.tree import leaf_hash, root_of
from shared.clock import fixed_width
from shared.database import Database, Transaction
from shared.ranges import Origin, Range, Seen
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.views import View

SOURCES = ("partnerships", "sessions", "feedback", "reporting", "gateway")
_COLUMNS = ("number", "source", "position", "partnership", "recorded", "type", "line", "state_at")
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


def _apply(tx: Transaction, seen: Sequence[Seen]) -> None:
    # The one row of `tail` is held until commit, so sources that arrive together are numbered one after the other, without holes.
    tail = tx.row(
        "INSERT INTO {tail} (one, number) VALUES (1, :n) ON CONFLICT (one) DO UPDATE SET number = {tail}.number + :n RETURNING number",
        {"n": len(seen)},
    )
    first = (tail[0] if tail else 0) - len(seen) + 1
    tx.insert("{entry}", _COLUMNS, (_row(number, one) for number, one in enumerate(seen, first)))


def _row(number: int, one: Seen) -> tuple[Any, ...]:
    # Two fields are read for the index; the line itself is kept as it came, whether we know its type or not.
    state = from_json(one.state)
    recorded = fixed_width(datetime.fromisoformat(state["recorded"]))
    return number, one.source, one.position, state.get("partnership"), recorded, one.type, one.line, len(one.line) - len(one.state) - 1


class Ledger(ReadModel):
    """All facts of the region. Never rebuilt: the numbers are the history of what this region knew, in the order it learned it."""

    view = View(
        "ledger",
        sources=SOURCES,
        tables={
            "entry": "number BIGINT PRIMARY KEY, source TEXT NOT NULL, position BIGINT NOT NULL, partnership TEXT, recorded TEXT NOT NULL, "
            "type TEXT NOT NULL, line BLOB NOT NULL, state_at INTEGER NOT NULL, UNIQUE (source, position)",
            "tail": "one INTEGER PRIMARY KEY, number BIGINT NOT NULL",
        },
        indexes={"entry_by_partnership": "{entry} (partnership, number)"},
        apply=_apply,
    )
    repeatable = False

    def completeness(self) -> Completeness:
        """What is here of each source, and what is missing; from the entries themselves, not from what we believe to have read."""
        with self.database.reading() as tx:
            stores = dict(tx.rows("SELECT source, store FROM positions WHERE view = 'ledger'"))
            spans = tx.rows("SELECT source, min(position), max(position), count(*) FROM entry GROUP BY source ORDER BY source")
            holes = {source: _holes(tx, source) if first + count - 1 != last or first != 1 else () for source, first, last, count in spans}
            entries, last = tx.row("SELECT count(*), coalesce(max(number), 0) FROM entry") or (0, 0)
        sources = tuple(
            SourceCompleteness(source=source, store=UUID(stores[source]), first=first, last=last, facts=count, holes=holes[source])
            for source, first, last, count in spans
        )
        return Completeness(whole=entries == last and not any(holes.values()), entries=entries, sources=sources)


def _holes(tx: Transaction, source: str) -> tuple[tuple[int, int], ...]:
    rows = tx.rows(
        "SELECT before + 1, position - 1 FROM (SELECT position, lag(position, 1, 0) OVER (ORDER BY position) AS before FROM entry "
        "WHERE source = :source) AS step WHERE position <> before + 1 ORDER BY position",
        {"source": source},
    )
    return tuple((first, last) for first, last in rows)


_LOOKED = (
    "INSERT INTO {access} (id, looked, actor, role, operation, reason, partnership, member, about) "
    "VALUES (:id, :looked, :actor, :role, :operation, :reason, :partnership, :member, :about)"
)
_LOOKS = (
    "SELECT id, looked, actor, role, operation, reason, partnership, member, about FROM access WHERE (looked, id) > (:looked, :id) "
    "{narrowed}ORDER BY looked, id LIMIT :limit"
)


def _accesses(fact: Fact) -> Iterable[Effect]:
    match fact:
        case AccessRecorded():
            who = {"actor": fact.actor, "role": fact.role, "operation": fact.operation, "reason": fact.reason}
            about = {"partnership": fact.about_partnership, "member": fact.about_member, "about": fact.about}
            ids = {name: str(id_) if id_ else None for name, id_ in about.items()}
            yield _LOOKED, {"id": str(fact.stream), "looked": fixed_width(fact.recorded), **who, **ids}


class Accesses(ReadModel):
    """Who looked at what."""

    view = View(
        "accesses",
        sources=("gateway",),
        tables={
            "access": "id TEXT PRIMARY KEY, looked TEXT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, operation TEXT NOT NULL, "
            "reason TEXT, partnership TEXT, member TEXT, about TEXT"
        },
        indexes={
            "access_by_time": "{access} (looked, id)",
            "access_by_partnership": "{access} (partnership, looked, id)",
            "access_by_member": "{access} (member, looked, id)",
        },
        apply=effects(_accesses),
    )

    def page(self, partnership: UUID | None, member: UUID | None, *, after: str | None, limit: int) -> AccessPage:
        """Looks by time, a page at a time; at one partnership, at one member, or at anything."""
        looked, last = after_cursor(after, ("", ""))
        wanted = {name: str(id_) for name, id_ in (("partnership", partnership), ("member", member)) if id_}
        narrowed = "".join(f"AND {name} = :{name} " for name in wanted)
        rows = self.database.rows(_LOOKS.format(narrowed=narrowed), {"looked": looked, "id": last, "limit": limit, **wanted})
        items = tuple(_look(row) for row in rows)
        return AccessPage(items=items, next=cursor([rows[-1][1], rows[-1][0]]) if len(rows) == limit else None)


def _look(row: Sequence[Any]) -> AccessSummary:
    _, looked, actor, role, operation, reason, *ids = row
    partnership, member, about = (UUID(id_) if id_ else None for id_ in ids)
    return AccessSummary(
        looked=instant(looked),
        actor=actor,
        role=role,
        operation=operation,
        reason=reason,
        partnership=partnership,
        member=member,
        about=about,
    )


class Entries:
    """The entries of the ledger as they are asked for: those of a partnership, of a source, by number, and up to which moment."""

    def __init__(self, database: Database, origin: str) -> None:
        self._database = database
        self._origin = origin

    def moment(self, to_entry: int | None, as_known_at: datetime | None, effective: date | None) -> Moment:
        """How much of the history is meant by an entry or an instant, and since when that was witnessed."""
        size = self._size()
        return Moment(entries=min(size, to_entry or size), as_known_at=as_known_at, effective=effective, witnessed=None)

    def head(self, entries: int | None) -> LedgerHead:
        """The first checkpoint that holds so many entries, or all there are now; raises `NotFound` when there never were so many."""
        size = self._size() if entries is None else entries
        root = root_of(leaf_hash(line) for line in self._lines(size))
        return LedgerHead(origin=self._origin, size=size, root=root.hex(), signed=None, witnessed=None)

    def of(self, partnership: UUID, *, after: int = 0, to_entry: int, as_known_at: datetime | None = None) -> Iterator[Entry]:
        """The facts of a partnership known then, in the order the region learned of them; read in pages."""
        while True:
            page = self._page(
                "partnership = :partnership AND number > :after AND number <= :to AND recorded <= :known ORDER BY number LIMIT :page",
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

    def held(self, region: str, source: str, after: int, limit: int) -> Range:
        """What the ledger holds of a source beyond a position, as the source itself would tell it."""
        page = self._page("source = :source AND position > :after ORDER BY position LIMIT :limit", source=source, after=after, limit=limit)
        found = self._database.rows("SELECT store FROM positions WHERE view = 'ledger' AND source = :source", {"source": source})
        origin = Origin(region, source, UUID(found[0][0]) if found else UUID(int=0))
        return Range(origin, after + 1, after + len(page), [entry.line for entry in page])

    def _lines(self, size: int) -> Iterator[bytes]:
        for first in range(0, size, _PAGE):
            yield from (
                entry.line
                for entry in self._page("number > :first AND number <= :last ORDER BY number", first=first, last=min(size, first + _PAGE))
            )

    def _size(self) -> int:
        [(size,)] = self._database.rows("SELECT coalesce(max(number), 0) FROM entry")
        return int(size)

    def _page(self, which: str, **about: Any) -> list[Entry]:
        columns = "number, source, position, recorded, type, line, state_at"
        rows = self._database.rows(f"SELECT {columns} FROM entry WHERE {which}", about)  # noqa: S608  what is asked for is ours
        return [_entry(*row) for row in rows]


def _entry(number: int, source: str, position: int, recorded: str, kind: str, line: bytes, state_at: int) -> Entry:  # noqa: PLR0917  a row
    return Entry(number, source, position, recorded, kind, bytes(line), state_at)
