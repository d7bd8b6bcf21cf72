"""From entries to a signed checkpoint: each step is durable before the next, and each can be taken again.

What is under way when the process dies is finished by the next one, from what the database, the files and the signer say.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.durable import put_durably
from services.audit.ledger.note import NoteWrong, split
from services.audit.ledger.tiles import FULL, Tiles, TilesWrong
from services.audit.ledger.tree import EMPTY_ROOT, CompactRange
from services.audit.publishing.agreement import CHECKPOINT, check
from services.audit.publishing.signer import HeadSigner, SignatureRefused
from services.audit.views import Ledger
from shared import metrics
from shared.clock import fixed_width, utc_now
from shared.leader import leading
from shared.pauses import pauses
from shared.store import DamagedLog

EVERY_SECONDS = 0.25
STAND_BY_SECONDS = 1.0
REFUSED_SECONDS = 10.0
AT_ONCE = 32 * FULL

Elsewhere = Callable[..., Any]
"""Calls a function with arguments where it may block: in a thread of its own, if the process is green."""

_log = logging.getLogger(__name__)


class Refused(Exception):
    """The ledger cannot be published as it is."""


class Witnesses(Protocol):
    """Those who are asked to cosign a signed note; `proof_from(old)` leads from the size a witness knows to the note's."""

    def cosigned(self, note: bytes, proof_from: Callable[[int], Sequence[bytes]]) -> tuple[bytes, datetime | None]:
        """The note with what was added, and when a quorum had signed, if it has."""


@dataclass(frozen=True, slots=True)
class _Head:
    size: int
    root: bytes


class Publisher:
    """Publishes one ledger, from `run` until `close`; `tell` is told why it cannot, or None when it can."""

    def __init__(
        self,
        ledger: Ledger,
        tiles: Tiles,
        signer: HeadSigner,
        *,
        region: str,
        witnesses: Witnesses | None = None,
        elsewhere: Elsewhere = lambda act, *given: act(*given),
        tell: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        self._ledger, self._tiles, self._signer, self._region = ledger, tiles, signer, region
        self._database, self._witnesses, self._elsewhere, self._tell = ledger.database, witnesses, elsewhere, tell
        self._closing = threading.Event()
        self._shown: bytes | None = None
        self._complete = 0

    def check(self) -> None:
        """Raises `DamagedLedger` when rows, files, head, signer and stores contradict each other."""
        check(self._ledger, self._tiles, self._signer)

    def run(self) -> None:
        """Never raises: whatever happens is logged by its name, and begun again after a pause."""
        waits = pauses()
        while not self._closing.is_set():
            try:
                with leading(self._database, "ledger") as still_leading:
                    if still_leading:
                        self._lead(still_leading)
                waits, pause = pauses(), STAND_BY_SECONDS
            except (Refused, SignatureRefused, TilesWrong, NoteWrong, DamagedLog) as fault:
                self._refuse(str(fault))
                pause = REFUSED_SECONDS
            except Exception as fault:  # noqa: BLE001  the database or the disk, mostly; its text may hold what was stored
                _log.warning("the publishing of the ledger begins again: %s", type(fault).__name__)
                pause = next(waits)
            self._closing.wait(pause)

    def close(self) -> None:
        """`run` returns soon."""
        self._closing.set()

    def publish(self) -> bool:
        """Bring the checkpoint to where the ledger ends; whether there was anything to do.

        Raises `Refused`, `SignatureRefused` or `TilesWrong` when the parts contradict each other.
        """
        tail = self._ledger.tail()
        tree = tail.tree if tail else CompactRange()
        metrics.ledger_size.set(tree.size)
        began, head = time.perf_counter(), self._head()
        if tree.size < head.size:
            raise Refused(f"{head.size} entries were published, and {tree.size} are here")
        if tree.size > head.size:
            self._write(head.size, tree)
            # If we die here, files hold entries no head counts; the next head counts them, from the same rows.
            head = self._move(head, _Head(tree.size, tree.root()))
        if self._complete == head.size:
            return False
        # If we die here, a head is published that is not signed; it is the next to be signed, before any other.
        note = self._signed(head)
        # If we die here, the note is kept; it is witnessed and shown next time, the same bytes.
        note, complete = self._witnessed(head, note)
        if note == self._shown:
            return False
        # If we die here, the checkpoint shown is the one before, which stays true.
        self._elsewhere(put_durably, self._tiles.folder / CHECKPOINT, note)
        self._shown, self._complete = note, head.size if complete else 0
        metrics.checkpoint_size.set(head.size)
        metrics.checkpoint_made.set_to_current_time()
        metrics.publish_seconds.observe(time.perf_counter() - began)
        return True

    def _lead(self, still_leading: Callable[[], None]) -> None:
        self.check()
        self._ledger.record_keys(self._region, {verifier.text for verifier in self._signer.verifiers})
        while not self._closing.is_set():
            still_leading()
            self.publish()
            self._tell(None)
            self._closing.wait(EVERY_SECONDS)

    def _refuse(self, why: str) -> None:
        _log.critical("the ledger is not published: %s", why)
        self._tell(why)

    def _head(self) -> _Head:
        found = self._database.rows("SELECT size, root FROM published")
        return _Head(found[0][0], bytes(found[0][1])) if found else _Head(0, EMPTY_ROOT)

    def _write(self, old: int, tree: CompactRange) -> None:
        """Entries into files; where they end, their root is that of the rows."""
        root = b""
        while old < tree.size:
            new = min(tree.size, (old // AT_ONCE + 1) * AT_ONCE)
            lines = list(self._ledger.lines(old + 1, new))
            if len(lines) != new - old:
                raise Refused(f"of the entries {old + 1} to {new}, {len(lines)} are here")
            root, old = self._elsewhere(self._tiles.write, old, new, lines), new
        if root != tree.root():
            raise Refused(f"the entries up to {tree.size} have another root than the ledger says")

    def _move(self, was: _Head, now: _Head) -> _Head:
        """Compare and swap: of two who publish, one goes on."""
        told = {"size": now.size, "root": now.root, "was": was.size, "of": was.root}
        with self._database.transaction() as tx:
            tx.must(
                "UPDATE published SET size = :size, root = :root WHERE size = :was AND root = :of"
                if was.size
                else "INSERT INTO published (one, size, root) VALUES (1, :size, :root) ON CONFLICT DO NOTHING",
                told,
                RuntimeError("another copy has published meanwhile"),
            )
        return now

    def _signed(self, head: _Head) -> bytes:
        """The signed note over the head: the one that is kept, or a new one."""
        if kept := self._database.rows("SELECT note FROM checkpoint WHERE size = :size", {"size": head.size}):
            return bytes(kept[0][0])
        try:
            note: bytes = self._elsewhere(self._sign, head)
        except SignatureRefused:
            metrics.signer_refusals.inc()
            raise
        # If we die here, the signer remembers the head and gives the same note for it again.
        with self._database.transaction() as tx:
            tx.execute(
                "INSERT INTO checkpoint (size, root, note, signed) VALUES (:size, :root, :note, :signed)",
                {"size": head.size, "root": head.root, "note": note, "signed": fixed_width(utc_now())},
            )
        return note

    def _sign(self, head: _Head) -> bytes:
        last = self._signer.last
        proof = self._tiles.consistency_proof(last.size, head.size) if last and 0 < last.size <= head.size else ()
        return self._signer.sign(head.size, head.root, proof)

    def _witnessed(self, head: _Head, note: bytes) -> tuple[bytes, bool]:
        """The note as far as it is witnessed, and whether a quorum has signed; while it has not, the others are asked again."""
        if self._witnesses is None:
            return note, True
        try:
            cosigned, quorum = self._witnesses.cosigned(note, lambda old: self._tiles.consistency_proof(old, head.size))
        except Exception as fault:  # noqa: BLE001  whatever befalls those we ask, the checkpoint is shown, unwitnessed
            _log.warning("the checkpoint of %d entries is not witnessed: %s", head.size, type(fault).__name__)
            return note, False
        if Checkpoint.parse(split(cosigned)[0]) != Checkpoint(self._signer.origin, head.size, head.root):
            _log.error("witnesses gave back another checkpoint than that of %d entries", head.size)
            return note, False
        if cosigned != note:
            with self._database.transaction() as tx:
                tx.execute(
                    "UPDATE checkpoint SET note = :note, witnessed = :witnessed WHERE size = :size",
                    {"note": cosigned, "witnessed": fixed_width(quorum) if quorum else None, "size": head.size},
                )
        if quorum:
            metrics.witnessed_size.set(head.size)
        return cosigned, quorum is not None
