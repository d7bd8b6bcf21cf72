"""A small region's ledger to be filled, published and broken: one source with a store, and the others empty."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.audit.ledger import note
from services.audit.ledger.checkpoint import Checkpoint, open_checkpoint
from services.audit.ledger.tiles import Tiles
from services.audit.publishing import HeadSigner, Publisher, own_key
from services.audit.views import Ledger
from shared import ranges
from shared.database import Database
from shared.ranges import Origin, Range, beacon
from shared.store import Recorder, Stored
from shared.views.fold import Fold
from tests.propagation_fixture import NOTED, REGION, state

SOURCE = "sessions"
ORIGIN = f"comhar/{REGION}"
EMPTY = UUID(int=7)


class Scene:
    """`write` facts, let the ledger `learn` them, and let a `publisher` publish; `fetch` asks the sources."""

    def __init__(self, database: Database, folder: Path, store: Recorder) -> None:
        self.database, self.folder, self.store = database, folder, store
        Ledger.view.define(database)
        self.ledger = Ledger(database)
        self.key = folder / "ledger.key"
        self.next_key = folder / "ledger.key.next"

    def write(self, count: int) -> None:
        stream = uuid4()
        self.store.append([Stored(stream, version, NOTED, state(stream, version)) for version in range(1, count + 1)])

    def learn(self, source: str = SOURCE) -> None:
        """The ledger reads all there is of the store, as the source of that name."""
        fold = Fold(Ledger.view, source, self.database, threading.Event())
        fold.load()
        while (answer := ranges.after(self.store, REGION, source, fold.position)).lines:
            fold.take(self.store.store_id, list(ranges.facts(answer, fold.position)))

    def signer(self) -> HeadSigner:
        keys = [own_key(self.key, ORIGIN, create=not self.key.exists())]
        keys += [own_key(self.next_key, ORIGIN, create=False)] if self.next_key.exists() else []
        return HeadSigner(ORIGIN, keys, self.folder / "ledger.key.signed")

    @property
    def tiles(self) -> Tiles:
        """The files, as a process finds them that has read none of them yet."""
        return Tiles(self.folder / "ledger")

    def publisher(self, **how: Any) -> Publisher:
        return Publisher(self.ledger, self.tiles, self.signer(), region=REGION, **how)

    def fetch(self, source: str, after: int, limit: int) -> Range:
        if source == SOURCE:
            return ranges.after(self.store, REGION, source, after, limit)
        return beacon(Origin(REGION, source, EMPTY), 0)

    def stored(self) -> list[bytes]:
        """Every fact of the store as it is published."""
        origin = Origin(REGION, SOURCE, self.store.store_id)
        return [ranges.line(origin, row) for row in self.store.read(0, 1_000_000)]

    def lines(self) -> list[bytes]:
        """Every entry of the ledger."""
        tail = self.ledger.tail()
        return list(self.ledger.lines(1, tail.tree.size)) if tail else []

    def shown(self) -> Checkpoint:
        """The checkpoint that everybody sees."""
        return open_checkpoint((self.folder / "ledger" / "checkpoint").read_bytes(), self.signer().verifiers[0])[0]

    def ever_signed(self) -> Iterator[Checkpoint]:
        """Every head of which a signature left the signer, or may have."""
        for (kept,) in self.database.rows("SELECT note FROM checkpoint"):
            yield Checkpoint.parse(note.split(bytes(kept))[0])
        if last := self.signer().last:
            yield last
        if (self.folder / "ledger" / "checkpoint").exists():
            yield self.shown()

    def next(self) -> note.Signer:
        """Another key beside the first."""
        return own_key(self.next_key, ORIGIN, create=True)
