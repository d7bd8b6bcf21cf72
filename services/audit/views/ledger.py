"""The ledger: every fact of every service, numbered 1, 2, 3 … as it came, in exactly its published bytes.

An entry's number less one is its leaf in the ledger's tree. Rows, the tree's compact range and the reading position move in one
transaction. The ledger has facts of its own between the others: which store the positions of a source belong to, and who signs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pydantic_core import from_json

from contracts.audit import CheckpointSummary, KeptCheckpoint, LedgerKeyAdded, LedgerKeyRetired, SourceAdopted
from contracts.errors import Conflict
from contracts.model import Fact, instant
from contracts.permissions import SERVICE
from contracts.services import RECORDING
from services.audit.ledger.tiles import LONGEST_ENTRY
from services.audit.ledger.tree import CompactRange, leaf_hash
from shared import ranges
from shared.clock import fixed_width, utc_now
from shared.database import Transaction
from shared.ranges import Origin, Seen
from shared.readmodel import ReadModel
from shared.store import Row
from shared.views import View, places
from shared.views.places import Place

OWN = "audit"
SOURCES = RECORDING
_COLUMNS = ("number", "source", "store", "position", "partnership", "recorded", "type", "line", "state_at")
_PAGE = 1_000
_WIDTH = len("2025-03-04T10:00:01.500000Z")
_ALL = 2**62
Own = TypeVar("Own", bound=Fact)


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the ledger ends: its identity, which is the store of its own facts, and the tree over all entries."""

    ledger: UUID
    tree: CompactRange


@dataclass(frozen=True, slots=True)
class Held:
    """What is here of one store: adopted after position `after`, then first and last position, how many, and what is missing between."""

    source: str
    store: UUID
    after: int
    first: int
    last: int
    facts: int
    holes: tuple[tuple[int, int], ...]


class _End:
    """The ledger's end within a transaction. Its one row is held until commit, so sources that arrive together come one after the other."""

    def __init__(self, tx: Transaction, source: str = "", store: str = "") -> None:
        self._tx = tx
        found = tx.row(
            "INSERT INTO {tail} (one, ledger, own, tree) VALUES (1, :ledger, 0, :tree) "
            "ON CONFLICT (one) DO UPDATE SET own = {tail}.own "
            "RETURNING ledger, own, tree, EXISTS (SELECT 1 FROM {adopted} WHERE source = :source AND store = :store)",
            {"ledger": str(uuid4()), "tree": CompactRange().to_bytes(), "source": source, "store": store},
        )
        if found is None:
            raise AssertionError("what is written is returned")
        self.ledger, self._own, self._tree = UUID(found[0]), found[1], CompactRange.from_bytes(bytes(found[2]))
        self.knows_store = bool(found[3])

    def add(self, seen: Sequence[Seen]) -> None:
        """The next entries, all of one store."""
        first, store = self._tree.size + 1, str(seen[0].store)
        self._tree.extend([leaf_hash(one.line) for one in seen])
        self._tx.insert("{entry}", _COLUMNS, (_row(number, one, store) for number, one in enumerate(seen, first)))

    def record(self, region: str, kind: type[Own], *, actor: str = SERVICE, reason: str | None = None, **what: Any) -> Own:
        """A fact of the ledger itself; all of them are one stream, of the ledger's identity."""
        self._own += 1
        now = utc_now()
        fact = kind(
            stream=self.ledger,
            version=self._own,
            happened=now,
            recorded=now,
            actor=actor,
            role=actor,
            reason=reason,
            correlation=self.ledger,
            causation=self.ledger,
            **what,
        )
        state = fact.model_dump_json().encode()
        published = ranges.line(Origin(region, OWN, self.ledger), Row(self._own, self.ledger, self._own, fact.type, state))
        self.add([Seen(OWN, self._own, fact.type, state, published, self.ledger)])
        return fact

    def adopt(self, region: str, source: str, store: UUID, after: int, *, actor: str = SERVICE, reason: str | None = None) -> SourceAdopted:
        """From here on the positions of `source` beyond `after` are those of `store`."""
        fact = self.record(region, SourceAdopted, source=source, store=store, after=after, actor=actor, reason=reason)
        self._tx.execute(
            "INSERT INTO {adopted} (source, store, after, entry) VALUES (:source, :store, :after, :entry)",
            {"source": source, "store": str(store), "after": after, "entry": self._tree.size},
        )
        return fact

    def keep(self) -> None:
        """Where the ledger ends now."""
        self._tx.execute("UPDATE {tail} SET own = :own, tree = :tree", {"own": self._own, "tree": self._tree.to_bytes()})


def _apply(tx: Transaction, seen: Sequence[Seen]) -> None:
    # What a reader takes at once is of one source and one store.
    first = seen[0]
    end = _End(tx, first.source, str(first.store))
    if not end.knows_store:
        end.adopt(_region(first), first.source, first.store, first.position - 1)
    end.add(seen)
    end.keep()


def _region(one: Seen) -> str:
    region: str = from_json(one.line)["source"].split("/")[1]
    return region


def _row(number: int, one: Seen, store: str) -> tuple[Any, ...]:
    # Two fields are read for the index; the line itself is kept as it came, whether we know its type or not.
    state, length = from_json(one.state), len(one.line)
    if length > LONGEST_ENTRY:
        raise ValueError("a fact too long for the ledger")
    recorded = state["recorded"]
    if len(recorded) != _WIDTH or recorded[-1] != "Z":
        recorded = fixed_width(datetime.fromisoformat(recorded))
    partnership = state.get("partnership")
    return number, one.source, store, one.position, partnership, recorded, one.type, one.line, length - len(one.state) - 1


class Ledger(ReadModel):
    """All facts of the region. Never rebuilt: the numbers are the history of what this region knew, in the order it learned it."""

    view = View(
        "ledger",
        sources=SOURCES,
        tables={
            "entry": "number BIGINT PRIMARY KEY, source TEXT NOT NULL, store TEXT NOT NULL, position BIGINT NOT NULL, partnership TEXT, "
            "recorded TEXT NOT NULL, type TEXT NOT NULL, line BLOB NOT NULL, state_at INTEGER NOT NULL, UNIQUE (source, store, position)",
            "tail": "one INTEGER PRIMARY KEY, ledger TEXT NOT NULL, own BIGINT NOT NULL, tree BLOB NOT NULL",
            "adopted": "source TEXT NOT NULL, store TEXT NOT NULL, after BIGINT NOT NULL, entry BIGINT NOT NULL, "
            "PRIMARY KEY (source, store)",
            "published": "one INTEGER PRIMARY KEY, size BIGINT NOT NULL, root BLOB NOT NULL",
            "checkpoint": "size BIGINT PRIMARY KEY, root BLOB NOT NULL, note BLOB NOT NULL, signed TEXT NOT NULL, witnessed TEXT",
        },
        indexes={"entry_by_partnership": "{entry} (partnership, number)"},
        apply=_apply,
    )
    repeatable = False

    def tail(self) -> Tail | None:
        """Where the ledger ends now; None before its first entry."""
        with self.database.reading() as tx:
            return _tail(tx.row("SELECT ledger, tree FROM tail"))

    def lines(self, first: int, last: int) -> Iterator[bytes]:
        """The leaves of entries `first` … `last`, read in pages."""
        for start in range(first, last + 1, _PAGE):
            about = {"first": start, "last": min(last, start + _PAGE - 1)}
            with self.database.reading() as tx:
                rows = tx.rows("SELECT line FROM entry WHERE number BETWEEN :first AND :last ORDER BY number", about)
            yield from (bytes(one) for (one,) in rows)

    def held(self) -> tuple[int, Tail | None, list[Held]]:
        """How many entries there are, the ledger's end, and what is here of every store as adopted; from the entries themselves."""
        with self.database.reading() as tx:
            found = tx.rows("SELECT source, store, min(position), max(position), count(*) FROM entry GROUP BY source, store")
            spans = {(source, store): span for source, store, *span in found}
            tail = _tail(tx.row("SELECT ledger, tree FROM tail"))
            stores = tx.rows("SELECT source, store, after FROM adopted ORDER BY source, entry")
            if tail:
                stores.insert(0, (OWN, str(tail.ledger), 0))
            held = []
            for source, store, after in stores:
                first, last, count = spans.get((source, store), (0, after, 0))
                holes = _holes(tx, source, store, after) if count and (first, count) != (after + 1, last - after) else ()
                held.append(Held(source, UUID(store), after, first, last, count, holes))
        return sum(count for *_, count in spans.values()), tail, held

    def adopted(self) -> dict[str, Place]:
        """The store each source's positions belong to now, and after which of them."""
        with self.database.reading() as tx:
            rows = tx.rows("SELECT source, store, after FROM adopted ORDER BY entry")
        return {source: Place(UUID(store), after) for source, store, after in rows}

    def lines_of(self, source: str, after: int, limit: int) -> dict[int, bytes]:
        """At most so many lines of `source` beyond position `after`, by position."""
        with self.database.reading() as tx:
            return lines_of(tx, source, after, limit)

    def accept(self, region: str, source: str, store: UUID, after: int, *, actor: str, reason: str) -> SourceAdopted:
        """Go on with `source` in another store after the last position both agree in; raises `Conflict` if that store was here before."""
        with self.database.transaction() as tx:
            places.change_store(tx, self.view.reader, source, Place(store, after))
            places.go_on(tx, self.view.reader, source)
            end = _End(self.view.within(tx), source, str(store))
            if end.knows_store:
                raise Conflict(
                    "store_known", f"The ledger has followed this store before; give it another identity: comhar renew-store {source}."
                )
            decided = end.adopt(region, source, store, after, actor=actor, reason=reason)
            end.keep()
        places.announce(self.view.reader, source)
        return decided

    def last_checkpoint(self) -> CheckpointSummary | None:
        """The largest head that is signed."""
        found = self.database.rows("SELECT size, root, signed, witnessed FROM checkpoint ORDER BY size DESC LIMIT 1")
        if not found:
            return None
        size, root, signed, witnessed = found[0]
        return CheckpointSummary(size=size, root=bytes(root).hex(), signed=instant(signed), witnessed=witnessed and instant(witnessed))

    def checkpoints(self, after: int = 0, limit: int = 1_000_000) -> Iterator[KeptCheckpoint]:
        """Signed heads beyond a size, as they were shown: the last of every hour, the newest last."""
        found = self.database.rows(
            "SELECT size, note, witnessed FROM checkpoint WHERE size IN (SELECT max(size) FROM checkpoint GROUP BY substr(signed, 1, 13)) "
            "AND size > :after ORDER BY size LIMIT :limit",
            {"after": after, "limit": limit},
        )
        for size, note, witnessed in found:
            yield KeptCheckpoint(size=size, note=bytes(note).decode(), witnessed=witnessed is not None)

    def keys_recorded(self) -> set[str]:
        """The verifiers of the keys that sign, as the ledger's own facts say."""
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT type, line, state_at FROM entry WHERE source = :own AND type IN (:added, :retired) ORDER BY position",
                {"own": OWN, "added": LedgerKeyAdded.type, "retired": LedgerKeyRetired.type},
            )
        signing: set[str] = set()
        for kind, whole, state_at in rows:
            key = from_json(bytes(whole)[state_at:-1])["key"]
            (signing.add if kind == LedgerKeyAdded.type else signing.discard)(key)
        return signing

    def record_keys(self, region: str, keys: set[str]) -> None:
        """Make the ledger's own facts say that exactly these keys sign."""
        if keys == (known := self.keys_recorded()):
            return
        with self.database.transaction() as tx:
            end = _End(self.view.within(tx))
            for key in sorted(keys - known):
                end.record(region, LedgerKeyAdded, key=key)
            for key in sorted(known - keys):
                end.record(region, LedgerKeyRetired, key=key)
            end.keep()


def lines_of(tx: Transaction, source: str, after: int, limit: int, to_entry: int = _ALL) -> dict[int, bytes]:
    """At most so many lines of `source` beyond position `after`, by position; where stores overlap, of the one adopted last.

    What comes after entry `to_entry`, be it a line or an adoption, is as if it were not there.
    """
    lines: dict[int, bytes] = {}
    for store, start, end in reversed(_terms(tx, source, to_entry)):
        first, left = max(after, start), limit - len(lines)
        if first < end and left:
            rows = tx.rows(
                "SELECT position, line FROM entry WHERE source = :source AND store = :store AND position > :after AND position <= :end "
                "AND number <= :to ORDER BY position LIMIT :limit",
                {"source": source, "store": store, "after": first, "end": end, "to": to_entry, "limit": left},
            )
            lines.update(rows)
    return lines


def _terms(tx: Transaction, source: str, to_entry: int) -> list[tuple[str, int, int]]:
    """Which positions of a source are whose, last ones first: a store, after which position and up to which."""
    terms: list[tuple[str, int, int]] = []
    end = _ALL
    known = "SELECT store, after FROM adopted WHERE source = :source AND entry <= :to ORDER BY entry DESC"
    for store, after in tx.rows(known, {"source": source, "to": to_entry}):
        if after < end:
            terms.append((store, after, end))
            end = after
    return terms


def _tail(row: tuple[Any, ...] | None) -> Tail | None:
    return Tail(UUID(row[0]), CompactRange.from_bytes(bytes(row[1]))) if row else None


def _holes(tx: Transaction, source: str, store: str, after: int) -> tuple[tuple[int, int], ...]:
    rows = tx.rows(
        "SELECT before + 1, position - 1 FROM (SELECT position, lag(position, 1, CAST(:after AS BIGINT)) OVER (ORDER BY position) "
        "AS before FROM entry WHERE source = :source AND store = :store) AS step WHERE position <> before + 1 ORDER BY position",
        {"source": source, "store": store, "after": after},
    )
    return tuple((first, last) for first, last in rows)
