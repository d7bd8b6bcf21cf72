"""The ledger as others see it."""

from __future__ import annotations

from http import HTTPStatus

from contracts.audit import ProveEntry, ReadLedger, WitnessAnswer
from contracts.errors import NotFound
from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.note import split
from services.audit.ledger.proof import EntryProof
from services.audit.ledger.tiles import PathWrong, Tiles
from services.audit.ledger.witness import Answer, Witness
from services.audit.publishing.agreement import CHECKPOINT


class PublicLedger:
    """Its files, proofs from them, and the witness that this region is to other ledgers."""

    def __init__(self, tiles: Tiles, witness: Witness | None) -> None:
        self._tiles, self._witness = tiles, witness

    def read_ledger(self, *, query: ReadLedger) -> bytes:
        """A file of the ledger; raises `NotFound`."""
        try:
            return self._checkpoint() if query.path == CHECKPOINT else self._tiles.read(query.path)
        except (PathWrong, FileNotFoundError):
            raise NotFound("no_such_file", "The ledger has no such file.", field="path") from None

    def prove_entry(self, *, query: ProveEntry) -> bytes:
        """An entry with the proof that it is under the checkpoint that is shown now; raises `NotFound` for one that is not."""
        try:
            checkpoint = self._checkpoint()
            size = Checkpoint.parse(split(checkpoint)[0]).size
        except FileNotFoundError:
            checkpoint, size = b"", 0
        if not 1 <= query.entry <= size:
            raise NotFound("no_such_entry", "There is no such entry under the checkpoint yet.", field="entry")
        path = tuple(self._tiles.inclusion_proof(query.entry - 1, size))
        return EntryProof(query.entry - 1, path, checkpoint, self._tiles.entry(query.entry)).to_bytes()

    def add_checkpoint(self, *, body: bytes) -> WitnessAnswer:
        """Sign the head of another ledger, or say why not; who is no witness knows no ledger."""
        answer = self._witness.add_checkpoint(body) if self._witness else Answer(HTTPStatus.NOT_FOUND, b"no ledger is known here\n")
        return WitnessAnswer(status=answer.status, type=answer.type, body=answer.body.decode())

    def _checkpoint(self) -> bytes:
        return (self._tiles.folder / CHECKPOINT).read_bytes()
