"""Whether the rows of the ledger, its files, its head and its signer tell the same story. Asked at the start, before anything is added.

What it costs does not grow with the ledger: what is older is looked through by `comhar audit completeness`, `reconcile` and the verifier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from services.audit.ledger.checkpoint import Checkpoint, open_checkpoint
from services.audit.ledger.note import NoteWrong
from services.audit.ledger.tiles import FULL, Tiles, TilesWrong
from services.audit.ledger.tree import CompactRange, leaf_hash
from services.audit.publishing.signer import HeadSigner
from services.audit.views import Ledger
from shared.database import Transaction
from shared.store import DamagedLog

CHECKPOINT = "checkpoint"


class DamagedLedger(DamagedLog):
    """Two parts of the ledger contradict each other: a copy was put back, files were lost or changed. Somebody has to look first."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the database says, at one moment."""

    size: int
    root: bytes
    last_number: int
    head: tuple[int, bytes]
    signed: int
    astray: tuple[str, ...]


def check(ledger: Ledger, tiles: Tiles, signer: HeadSigner) -> None:
    """Raises `DamagedLedger` with the first contradiction."""
    for contradiction in _contradictions(ledger, tiles, signer):
        raise DamagedLedger(f"the ledger contradicts itself: {contradiction}; compare with back-ups before it goes on")


def _contradictions(ledger: Ledger, tiles: Tiles, signer: HeadSigner) -> Iterator[str]:
    # What is written last is read first, so that another copy that publishes meanwhile looks like no contradiction.
    try:
        shown, remembered = _shown(tiles.folder, signer), signer.last
    except NoteWrong as fault:
        yield f"the checkpoint or the signer's memory cannot be read ({fault})"
        return
    rows = _rows(ledger)
    size, root = rows.head
    yield from (f"the store of {source} is not the one its entries were read from" for source in rows.astray)
    if rows.last_number != rows.size:
        yield f"there are entries up to {rows.last_number}, and the tree has {rows.size}"
    if size > rows.size:
        yield f"{size} entries were published, and {rows.size} are here"
    if (remembered.size if remembered else 0) > size:
        yield f"a ledger of {remembered.size if remembered else 0} entries is signed, and {size} were published"
    if rows.signed and not remembered:
        yield f"{signer.memory} is missing, in which the signer remembers what it signed"
    if shown and (not remembered or shown.size > remembered.size):
        yield f"a checkpoint of {shown.size} entries is shown which the signer does not remember"
    heads = [(size, root, "the published head"), *_said(remembered, "the signer's memory"), *_said(shown, "the checkpoint")]
    try:
        yield from (f"the files of {one} entries have another root than {where}" for one, of, where in heads if tiles.root(one) != of)
        if list(tiles.entries(max(1, size - FULL + 1), size)) != list(ledger.lines(max(1, size - FULL + 1), size)):
            yield f"the files' last entries before {size} are not those of the database"
        if _grown(ledger, tiles, size, rows.size).root() != rows.root:
            yield "the tree in the database is not that of its files and entries"
    except TilesWrong as fault:
        yield str(fault)


def _said(head: Checkpoint | None, where: str) -> Iterator[tuple[int, bytes, str]]:
    if head:
        yield head.size, head.root, where


def _shown(folder: Path, signer: HeadSigner) -> Checkpoint | None:
    try:
        content = (folder / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return None
    return open_checkpoint(content, signer.verifiers[0], signer.verifiers[1:])[0]


def _rows(ledger: Ledger) -> _Rows:
    with ledger.database.reading() as tx:
        tail = tx.row("SELECT tree FROM tail")
        tree = CompactRange.from_bytes(bytes(tail[0])) if tail else CompactRange()
        (last,) = tx.row("SELECT coalesce(max(number), 0) FROM entry") or (0,)
        head = tx.row("SELECT size, root FROM published")
        (signed,) = tx.row("SELECT coalesce(max(size), 0) FROM checkpoint") or (0,)
        astray = tuple(_astray(tx))
    return _Rows(tree.size, tree.root(), last, (head[0], bytes(head[1])) if head else (0, CompactRange().root()), signed, astray)


def _astray(tx: Transaction) -> Iterator[str]:
    """The sources whose reading position is not where their adopted store and its entries end."""
    adopted = {source: (store, after) for source, store, after in tx.rows("SELECT source, store, after FROM adopted ORDER BY entry")}
    for source, store, position in tx.rows("SELECT source, store, position FROM positions WHERE view = 'ledger' ORDER BY source"):
        about = {"source": source, "store": store, "position": position}
        of, after = adopted.get(source, (None, 0))
        reached = tx.row(
            "SELECT (SELECT max(position) FROM entry WHERE source = :source AND store = :store), "
            "(SELECT max(position) FROM passed WHERE view = 'ledger' AND source = :source AND position <= :position)",
            about,
        )
        if of != store or position != max(after, *(found or 0 for found in reached or ())):
            yield source


def _grown(ledger: Ledger, tiles: Tiles, size: int, end: int) -> CompactRange:
    """The tree of the files, with the entries that are not in files yet."""
    subtree, hashes, at = partial(tiles.subtree, size=size), list[bytes](), 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            hashes.append(subtree(level, at >> level))
            at += 1 << level
    tree = CompactRange(size, hashes)
    tree.extend(leaf_hash(line) for line in ledger.lines(size + 1, end))
    return tree
