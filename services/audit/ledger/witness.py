"""A witness (C2SP tlog-witness): whoever shows it a head of a ledger it knows gets its signature, if that ledger only grew.

It remembers one head of each ledger, the last it signed, and never signs one that is not proved to grow from it. Nobody has to
say who asks: the head is signed by its ledger's own key.
"""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from services.audit.ledger.checkpoint import Checkpoint, number
from services.audit.ledger.note import LOG, NoteWrong, Signer, Verifier, from_base64, open_note, split
from services.audit.ledger.tree import EMPTY_ROOT, HASH, ProofWrong, verify_consistency

SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
_OLD = "old "
_LONGEST_PROOF = 63


@dataclass(frozen=True, slots=True)
class Head:
    """The last head of a ledger that was signed."""

    size: int
    root: bytes


class Heads(Protocol):
    """What a witness remembers, durably."""

    def last(self, origin: str) -> Head | None:
        """The last head signed for this ledger."""

    def advance(self, origin: str, last: Head | None, new: Head) -> bool:
        """`new` in place of `last`, in one durable step; False when another was remembered meanwhile."""

    def disagreed(self, origin: str, body: bytes) -> None:
        """A ledger's own key signed what does not grow from what it signed before: evidence, to be kept and told of."""


@dataclass(frozen=True, slots=True)
class Request:
    """`proof` leads from the `old` size to the head in the note `checkpoint`."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def to_bytes(self) -> bytes:
        proof = "".join(f"{b64encode(step).decode()}\n" for step in self.proof)
        return f"{_OLD}{self.old}\n{proof}\n".encode() + self.checkpoint

    @staticmethod
    def parse(body: bytes) -> Request:
        """Raises NoteWrong for what is no such request."""
        head, blank, checkpoint = body.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise NoteWrong("sizes and hashes are ASCII") from None
        proof = tuple(map(from_base64, lines))
        if not first.startswith(_OLD) or not blank or len(proof) > _LONGEST_PROOF or any(len(step) != HASH for step in proof):
            raise NoteWrong("not a request for a witness")
        return Request(number(first.removeprefix(_OLD)), proof, checkpoint)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers over HTTP."""

    status: HTTPStatus
    body: bytes
    type: str = TEXT_TYPE


class Witness:
    """`logs` are the keys it signs for; a ledger may have several while it changes its key."""

    def __init__(self, signer: Signer, logs: Iterable[Verifier], heads: Heads, *, now: Callable[[], datetime]) -> None:
        self._signer = signer
        self._heads = heads
        self._now = now
        self._logs: dict[str, list[Verifier]] = defaultdict(list)
        for log in logs:
            self._logs[log.name].append(log)

    @property
    def key(self) -> Verifier:
        return self._signer.verifier

    def add_checkpoint(self, body: bytes) -> Answer:
        """Signs the head in `body`, or says why not, in the order of C2SP tlog-witness."""
        try:
            request = Request.parse(body)
            text, _ = split(request.checkpoint)
            checkpoint = Checkpoint.parse(text)
        except NoteWrong:
            return _refused(HTTPStatus.BAD_REQUEST, "not a request for a witness")
        if checkpoint.origin not in self._logs:
            return _refused(HTTPStatus.NOT_FOUND, "this ledger is not known here")
        try:
            open_note(request.checkpoint, self._logs[checkpoint.origin])
        except NoteWrong:
            return _refused(HTTPStatus.FORBIDDEN, "not signed by a key of the ledger that is known here")
        if request.old > checkpoint.size:
            return _refused(HTTPStatus.BAD_REQUEST, "the old size is larger than the new one")
        return self._grow(request, checkpoint, text, body)

    def _grow(self, request: Request, checkpoint: Checkpoint, text: str, body: bytes) -> Answer:
        last = self._heads.last(checkpoint.origin)
        if request.old != (last.size if last else 0):
            return _known(last)
        new = Head(checkpoint.size, checkpoint.root)
        if last and last.size == new.size and last.root != new.root:
            self._heads.disagreed(checkpoint.origin, body)
            return _known(last)
        try:
            _verify_growth(last, new, request.proof)
        except ProofWrong:
            self._heads.disagreed(checkpoint.origin, body)
            return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "the head is not proved to grow from the last one signed here")
        if not self._heads.advance(checkpoint.origin, last, new):
            return _known(self._heads.last(checkpoint.origin))
        # If we die here, the head is remembered and nobody has the signature: who asked hears of our size, and asks again from it.
        return Answer(HTTPStatus.OK, self._signer.signature(text, self._now()).line.encode())


def _verify_growth(last: Head | None, new: Head, proof: Sequence[bytes]) -> None:
    if last and last.size:
        verify_consistency(last.size, last.root, new.size, new.root, proof)
    elif proof or (new.size == 0 and new.root != EMPTY_ROOT):
        raise ProofWrong("from nothing, nothing is proved")


def _known(last: Head | None) -> Answer:
    return Answer(HTTPStatus.CONFLICT, f"{last.size if last else 0}\n".encode(), SIZE_TYPE)


def _refused(status: HTTPStatus, reason: str) -> Answer:
    return Answer(status, f"{reason}\n".encode())


def read_logs(text: str) -> tuple[Verifier, ...]:
    """The keys of ledgers a witness signs for, one a line; empty lines and those that begin with # are passed over. Raises NoteWrong."""
    lines = (line.strip() for line in text.splitlines())
    keys = tuple(Verifier.parse(line) for line in lines if line and not line.startswith("#"))
    if any(key.kind != LOG for key in keys):
        raise NoteWrong("a witness signs for keys of ledgers")
    return keys
