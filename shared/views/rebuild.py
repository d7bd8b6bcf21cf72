"""Building a view anew from the first fact, beside the live one, then putting it in its place.

The new build follows the live one's positions, so that both can be compared at exactly the same place; while that happens the live reader
waits, people who read do not: they wait for the rename alone. A rebuild that dies leaves tables that the next one removes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from contracts.errors import Unavailable
from shared.database import Database, Transaction
from shared.ranges import MOST_FACTS, Seen, facts
from shared.views import View, places
from shared.views.places import Place
from shared.views.reader import Fetch

_ATTEMPTS = 100
_PAGE = 2_000


class Digest(NamedTuple):
    """Row count and a sum over the hashes of the rows: the same for the same rows, in whatever order they lie."""

    rows: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How the live view compared with its rebuild at the same `positions`; a table that differs was not the fold of its facts."""

    positions: Mapping[str, int]
    live: Mapping[str, Digest]
    fresh: Mapping[str, Digest]

    @property
    def equal(self) -> bool:
        return self.live == self.fresh


class _Ahead:
    """One source: where the new build is in it, and what was fetched beyond that."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place: Place | None = None
        self.store: UUID | None = None
        self.whole = False
        self._facts: list[Seen] = []

    @property
    def fetched(self) -> int:
        return self._facts[-1].position if self._facts else self.position

    @property
    def position(self) -> int:
        return self.place.position if self.place else 0

    def fetch(self, fetch: Fetch) -> None:
        answer = fetch(self.source, self.fetched, MOST_FACTS)
        if self.store not in {None, answer.origin.store}:
            raise Unavailable("store_changed", f"The store of {self.source} changed while a view was rebuilt.")
        self.store, self.whole = answer.origin.store, not answer.lines
        self._facts += facts(answer, self.fetched)

    def target(self, live: Place | None) -> int | None:
        """Where the live view is in this log; None if it never was, and the new build goes to the end."""
        return live.position if live and live.store == self.store else None

    def suffices(self, live: Place | None) -> bool:
        """Whether enough was fetched to stand where the live view stands, even if that moves a little."""
        target = self.target(live)
        return self.store is not None and (self.whole or (target is not None and target < self.fetched))

    def reaches(self, live: Place | None) -> bool:
        target = self.target(live)
        return self.whole if target is None else target <= self.fetched

    def upto(self, live: Place | None) -> list[Seen]:
        """Those facts, no longer ahead, that bring the new build to where the live view is."""
        target = self.target(live)
        taken = list(takewhile(lambda one: target is None or one.position <= target, self._facts))
        del self._facts[: len(taken)]
        return taken


class Rebuild:
    """One rebuild of `view`. `run` returns the comparison; it swaps unless told to compare only. Raises `Unavailable`."""

    def __init__(self, database: Database, view: View, fetch: Fetch) -> None:
        self._database, self._live, self._fresh, self._fetch = database, view, view.beside(), fetch
        self._sources = [_Ahead(source) for source in view.sources]

    def run(self, *, swap: bool = True) -> Rebuilt:
        with self._database.transaction() as tx:
            self._remove(tx)
        self._fresh.define(self._database)
        for _ in range(_ATTEMPTS):
            for ahead in self._sources:
                self._follow(ahead)
            if rebuilt := self._finish(swap=swap):
                return rebuilt
        raise Unavailable("rebuild_outrun", f"The view {self._live.name} moved on faster than it could be rebuilt.")

    def _follow(self, ahead: _Ahead) -> None:
        """Fill the new build up to where the live one was a moment ago, and fetch a little more."""
        ahead.whole = False
        with self._database.reading() as tx:
            live = places.place(tx, self._live.reader, ahead.source)
        while not ahead.suffices(live):
            ahead.fetch(self._fetch)
            if seen := ahead.upto(live):
                with self._database.transaction() as tx:
                    self._apply(tx, ahead, seen)

    def _finish(self, *, swap: bool) -> Rebuilt | None:
        """None if the live view has meanwhile moved beyond what was fetched."""
        with self._database.transaction() as tx:
            tx.execute("UPDATE positions SET position = position WHERE view = :view", {"view": self._live.reader})  # its reader waits
            lives = {ahead.source: places.place(tx, self._live.reader, ahead.source) for ahead in self._sources}
            if not all(ahead.reaches(lives[ahead.source]) for ahead in self._sources):
                return None
            for ahead in self._sources:
                if seen := ahead.upto(lives[ahead.source]):
                    self._apply(tx, ahead, seen)
            live, fresh = (digests(tx, view, self._database.dialect) for view in (self._live, self._fresh))
            rebuilt = Rebuilt({ahead.source: ahead.position for ahead in self._sources}, live, fresh)
            if swap:
                self._swap(tx)
            self._remove(tx)
        return rebuilt

    def _apply(self, tx: Transaction, ahead: _Ahead, seen: list[Seen]) -> None:
        if ahead.store is None:
            raise ValueError("facts without a store")
        now = Place(ahead.store, seen[-1].position)
        places.move(tx, self._fresh.reader, ahead.source, ahead.place, now)
        passed = places.passed(tx, self._live.name, ahead.source)
        self._fresh.apply(self._fresh.within(tx), [one for one in seen if one.position not in passed])
        ahead.place = now

    def _swap(self, tx: Transaction) -> None:
        tx.execute("DELETE FROM positions WHERE view = :view", {"view": self._live.reader})
        tx.execute("DELETE FROM stopped WHERE view = :view", {"view": self._live.reader})
        tx.execute("UPDATE positions SET view = :live WHERE view = :fresh", {"live": self._live.reader, "fresh": self._fresh.reader})
        for table in self._live.tables:
            tx.execute(f"DROP TABLE {table}")
            tx.execute(f"ALTER TABLE {table}{self._fresh.build} RENAME TO {table}")
        for name, on in self._live.indexes.items():
            if self._database.dialect == "postgresql":
                tx.execute(f"ALTER INDEX {name}{self._fresh.build} RENAME TO {name}")
            else:
                tx.execute(f"DROP INDEX {name}{self._fresh.build}")
                tx.execute(f"CREATE INDEX {name} ON {self._live.named(on)}")

    def _remove(self, tx: Transaction) -> None:
        """Nothing is left of the new build, except what has become the live one."""
        tx.execute("DELETE FROM positions WHERE view = :view", {"view": self._fresh.reader})
        for table in self._fresh.tables:
            tx.execute(f"DROP TABLE IF EXISTS {table}{self._fresh.build}")


def rebuild(database: Database, view: View, fetch: Fetch, *, swap: bool = True) -> Rebuilt:
    """Fold `view` anew from the first fact of every source, compare with the live one, and put it in its place if told to `swap`."""
    return Rebuild(database, view, fetch).run(swap=swap)


def digests(tx: Transaction, view: View, dialect: str) -> dict[str, Digest]:
    """The digest of each table of this build."""
    digest = _digest_in_postgresql if dialect == "postgresql" else _digest_here
    return {table: digest(tx, table + view.build) for table in view.tables}


def _digest_in_postgresql(tx: Transaction, table: str) -> Digest:
    row = tx.row(f"SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0) FROM {table} t")  # noqa: S608  the table is ours
    return Digest(int(row[0]), int(row[1])) if row else Digest(0, 0)


def _digest_here(tx: Transaction, table: str) -> Digest:
    rows = checksum = last = 0
    while page := tx.rows(f"SELECT rowid, * FROM {table} WHERE rowid > :last ORDER BY rowid LIMIT {_PAGE}", {"last": last}):  # noqa: S608  as above
        rows, last = rows + len(page), page[-1][0]
        checksum += sum(int.from_bytes(hashlib.blake2b(repr(row[1:]).encode(), digest_size=8).digest()) for row in page)
    return Digest(rows, checksum)
