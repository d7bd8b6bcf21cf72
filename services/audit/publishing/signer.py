"""The signer of the ledger's heads. It keeps its own memory of the last head it signed, beside its key, and believes nobody else about it.

Whoever could write the database, or put back an old copy of it, still cannot get a second history signed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from services.audit.ledger import note
from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.durable import flush_names, put_durably
from services.audit.ledger.tree import ProofWrong, verify_consistency

_OWNER_ONLY = 0o600


class SignatureRefused(Exception):
    """The head is not proved to continue the last one signed."""


class HeadSigner:
    """Signs the heads of the ledger `origin` with one key, or with two while they overlap. `memory` is its own file."""

    def __init__(self, origin: str, keys: Sequence[note.Signer], memory: Path) -> None:
        if any(key.name != origin for key in keys):
            raise ValueError(f"the ledger's key is not one of {origin}; a ledger's keys have its name")
        self.origin, self.verifiers = origin, tuple(key.verifier for key in keys)
        self._keys, self.memory = keys, memory

    @property
    def last(self) -> Checkpoint | None:
        """The last head signed."""
        try:
            return Checkpoint.parse(self.memory.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> bytes:
        """The signed note over this head; `proof` leads there from the last one signed. Raises `SignatureRefused`."""
        last, head = self.last, Checkpoint(self.origin, size, root)
        if last and last.origin != self.origin:
            raise SignatureRefused("the signer remembers another ledger")
        if last and last.size:
            try:
                verify_consistency(last.size, last.root, size, root, proof)
            except ProofWrong as fault:
                raise SignatureRefused(f"entry {size} is not proved to continue {last.size}, which is signed: {fault}") from None
        if head != last:
            # If we die before this line, nothing is signed. If we die after it, this head and no other of its size can be signed.
            put_durably(self.memory, head.text.encode())
        return note.sign(head.text, *self._keys)


def own_key(path: Path, name: str, *, create: bool, kind: int = note.LOG) -> note.Signer:
    """The key in a file; made there, for its owner alone to read, if told to `create` it. Raises ValueError, FileNotFoundError."""
    if create:
        _make_key(path, name, kind)
    signer = note.Signer.parse(path.read_text(encoding="utf-8"))
    if signer.verifier.kind != kind:
        raise ValueError(f"the key in {path} is one of another kind: a ledger and a witness have a key each")
    return signer


def _make_key(path: Path, name: str, kind: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(_OWNER_ONLY, exist_ok=False)
    with fresh.open("w", encoding="utf-8") as file:
        file.write(f"{note.Signer.make(name, kind).text}\n")
        file.flush()
        os.fsync(file.fileno())
    # If we die before this line, there is no key, and another one is made; after it, the key is there, whole. An older one stays.
    path.hardlink_to(fresh)
    fresh.unlink()
    flush_names(path.parent)
