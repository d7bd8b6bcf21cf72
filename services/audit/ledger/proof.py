"""A proof that travels on its own (C2SP tlog-proof): one entry, its place, the path to a signed head, and the head.

The entry itself is the file's extra data, so that the file and the keys are all that is needed. It is not trusted for standing
there: its hash is where the path begins.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from services.audit.ledger.checkpoint import Checkpoint, number
from services.audit.ledger.note import Note, NoteWrong, from_base64
from services.audit.ledger.policy import Policy
from services.audit.ledger.tree import HASH, ProofWrong, leaf_hash, verify_inclusion

_FIRST = "c2sp.org/tlog-proof@v1"
_LONGEST_PATH = 63


@dataclass(frozen=True, slots=True)
class EntryProof:
    """`index` counts from 0; `checkpoint` is the signed note, as it was published."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def to_bytes(self) -> bytes:
        extra = [f"extra {b64encode(self.extra).decode()}"] if self.extra is not None else []
        lines = [_FIRST, *extra, f"index {self.index}", *(b64encode(step).decode() for step in self.path)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    @staticmethod
    def parse(content: bytes) -> EntryProof:
        """What a proof's file says; nothing is checked yet. Raises ProofWrong for what is no such file."""
        head, blank, checkpoint = content.partition(b"\n\n")
        try:
            first, *lines = head.decode().split("\n")
            extra = from_base64(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else None
            index = number(lines.pop(0).removeprefix("index ")) if lines and lines[0].startswith("index ") else -1
            path = tuple(map(from_base64, lines))
        except ValueError as fault:
            raise ProofWrong(f"not the file of a proof: {fault}") from None
        if first != _FIRST or not blank or index < 0 or len(path) > _LONGEST_PATH or any(len(step) != HASH for step in path):
            raise ProofWrong("not the file of a proof")
        return EntryProof(index, path, checkpoint, extra)

    def verify(self, policy: Policy, entry: bytes | None = None) -> tuple[Checkpoint, Note]:
        """That the entry, or the one in the file, is in the ledger the policy knows; gives the head that says so.

        Raises ProofWrong. Whether the head is witnessed is the policy's to say about the note.
        """
        proved = entry if entry is not None else self.extra
        if proved is None:
            raise ProofWrong("the file does not hold the entry")
        try:
            checkpoint, note = policy.open(self.checkpoint)
        except NoteWrong as fault:
            raise ProofWrong(str(fault)) from None
        verify_inclusion(leaf_hash(proved), self.index, checkpoint.size, self.path, checkpoint.root)
        return checkpoint, note
