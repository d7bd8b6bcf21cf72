"""Checkpoints (C2SP tlog-checkpoint): the size and the root of a ledger at one moment, as the text of a signed note."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from services.audit.ledger.note import Note, NoteWrong, Verifier, from_base64, open_note, split
from services.audit.ledger.tree import HASH

MOST = 2**63 - 1
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the ledger called `origin`."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @staticmethod
    def parse(text: str) -> Checkpoint:
        """The head a note's text says; lines behind it are allowed and not read. Raises NoteWrong."""
        lines = text.split("\n")
        if len(lines) <= _LINES or lines[-1] or not all(lines[:-1]):
            raise NoteWrong("a checkpoint is at least three lines, none of them empty")
        root = from_base64(lines[2])
        if len(root) != HASH:
            raise NoteWrong("the root of a ledger is 32 bytes long")
        return Checkpoint(lines[0], number(lines[1]), root)


def number(text: str) -> int:
    """A decimal without leading zeros, as sizes and indexes are written. Raises NoteWrong."""
    if not _NUMBER.fullmatch(text) or int(text) > MOST:
        raise NoteWrong("not a number as it is written")
    return int(text)


def origin_of(content: bytes) -> str:
    """The log a checkpoint says it is of, before anything is checked. Raises NoteWrong for what is no checkpoint."""
    return Checkpoint.parse(split(content)[0]).origin


def open_checkpoint(content: bytes, log: Verifier, others: Iterable[Verifier] = ()) -> tuple[Checkpoint, Note]:
    """A checkpoint signed by the key of its log, wherever that signature stands; the key's name is the log's origin.

    Good signatures of `others`, witnesses mostly, are in the note. Raises NoteWrong.
    """
    note = open_note(content, (log, *others))
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != log.name:
        raise NoteWrong("the checkpoint is of another log")
    if not note.signed_by(log):
        raise NoteWrong("the checkpoint is not signed by its log")
    return checkpoint, note
