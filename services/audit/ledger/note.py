"""Signed notes (C2SP signed-note): a text, and under it who signed it.

Two kinds of Ed25519 keys are known: a log's, which signs the text, and a witness's (C2SP tlog-cosignature, cosignature/v1), which
signs the text together with the time. A key is known by its name and a key id made from both; the kind is part of the id, so a
signature of one kind is never taken for the other.
"""

from __future__ import annotations

import binascii
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG = 0x01
WITNESS = 0x04
_ID = 4
_KEY = 32
_TIME = 8
_LAST_TIME = 253_402_300_799  # the last second of the year 9999
_MOST_SIGNATURES = 100
_MOST_BYTES = 1_000_000
_MARK = "— "
_NAME = re.compile(r"[^\s+\x00-\x20]+")
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteWrong(ValueError):
    """Not a note, or not one its reader may trust."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and what: `key_id` and `signed` are what the line's base64 holds."""

    name: str
    key_id: bytes
    signed: bytes

    @property
    def line(self) -> str:
        return f"{_MARK}{self.name} {_base64(self.key_id + self.signed)}\n"

    @property
    def time(self) -> datetime:
        """When a witness's key signed; of a log's signature it says nothing."""
        return datetime.fromtimestamp(int.from_bytes(self.signed[:_TIME], "big"), UTC)


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note: its text, the signatures that were checked and are good, and those of keys nobody here knows."""

    text: str
    good: tuple[Signature, ...]
    unknown: tuple[Signature, ...]

    def signed_by(self, verifier: Verifier) -> Signature | None:
        """The good signature of one key."""
        return next((one for one in self.good if (one.name, one.key_id) == (verifier.name, verifier.key_id)), None)

    def to_bytes(self) -> bytes:
        return f"{self.text}\n{''.join(one.line for one in (*self.good, *self.unknown))}".encode()


class Verifier:
    """Somebody's public key: `name+id+base64`."""

    def __init__(self, name: str, kind: int, public: bytes) -> None:
        if not _NAME.fullmatch(name):
            raise NoteWrong("a key's name has neither spaces nor plus signs")
        if kind not in {LOG, WITNESS} or len(public) != _KEY:
            raise NoteWrong("only Ed25519 keys of logs and of witnesses are known")
        self.name = name
        self.kind = kind
        self.public = public
        self.key_id = sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_ID]
        self._key = Ed25519PublicKey.from_public_bytes(public)

    @staticmethod
    def parse(text: str) -> Verifier:
        """The key in a `vkey`. Raises NoteWrong, also when the id is not that of the key."""
        verifier = Verifier(*_key_parts(text.split("+", 2)))
        if verifier.text != text:
            raise NoteWrong("the key's id is not that of the key")
        return verifier

    @property
    def text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    def verify(self, text: str, signature: Signature) -> None:
        """Raises NoteWrong unless the key made the signature over the text."""
        signed = signature.signed
        if self.kind == WITNESS:
            time, signed = int.from_bytes(signed[:_TIME], "big"), signed[_TIME:]
            if time > _LAST_TIME:
                raise NoteWrong(f"the signature of {self.name} says a time that is none")
            text = _with_time(text, time)
        try:
            self._key.verify(signed, text.encode())
        except InvalidSignature:
            raise NoteWrong(f"the signature of {self.name} is broken") from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verifier) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


class Signer:
    """One's own private key: `PRIVATE+KEY+name+id+base64`, kept in a file of its own."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        if len(seed) != _KEY:
            raise NoteWrong("an Ed25519 key is 32 bytes long")
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, kind, self._key.public_key().public_bytes_raw())

    @staticmethod
    def make(name: str, kind: int) -> Signer:
        """A new key."""
        return Signer(name, kind, os.urandom(_KEY))

    @staticmethod
    def parse(text: str) -> Signer:
        """The key in the text of a key file. Raises NoteWrong, also when the id is not that of the key."""
        key = text.strip()
        parts = key.split("+", 4)
        if parts[:2] != ["PRIVATE", "KEY"]:
            raise NoteWrong("not a private key of a note")
        signer = Signer(*_key_parts(parts[2:]))
        if signer.text != key:
            raise NoteWrong("the key's id is not that of the key")
        return signer

    @property
    def name(self) -> str:
        return self.verifier.name

    @property
    def text(self) -> str:
        """The private key, for its file; nothing else may show it."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_base64(bytes([self.verifier.kind]) + self._seed)}"

    def signature(self, text: str, at: datetime | None = None) -> Signature:
        """The signature over a note's text; a witness's says `at` which time."""
        if self.verifier.kind == LOG:
            return Signature(self.name, self.verifier.key_id, self._key.sign(text.encode()))
        if at is None:
            raise ValueError("a witness signs with the time")
        time = int(at.timestamp())
        signed = time.to_bytes(_TIME, "big") + self._key.sign(_with_time(text, time).encode())
        return Signature(self.name, self.verifier.key_id, signed)


def sign(text: str, *signers: Signer, at: datetime | None = None) -> bytes:
    """The note over `text`, with a signature of each. `at` is the time witnesses' keys say."""
    if not text.endswith("\n") or _FORBIDDEN.search(text):
        raise NoteWrong("a note's text ends with a newline and has no control characters")
    return Note(text, tuple(signer.signature(text, at) for signer in signers), ()).to_bytes()


def open_note(content: bytes, verifiers: Iterable[Verifier]) -> Note:
    """The note, checked against the keys one knows.

    A signature of an unknown key is passed over, wherever it stands; a broken one of a known key sinks the note. Raises NoteWrong
    for that, for what is no note, and for a note without a signature of a known key.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    text, signatures = split(content)
    good: dict[tuple[str, bytes], Signature] = {}
    unknown: dict[Signature, None] = {}
    for one in signatures:
        if verifier := known.get((one.name, one.key_id)):
            verifier.verify(text, one)
            good.setdefault((one.name, one.key_id), one)
        else:
            unknown[one] = None
    if not good:
        raise NoteWrong("no known key signed the note")
    return Note(text, tuple(good.values()), tuple(unknown))


def split(content: bytes) -> tuple[str, tuple[Signature, ...]]:
    """A note's text and signatures, none of them checked. Raises NoteWrong for what is no note."""
    if len(content) > _MOST_BYTES:
        raise NoteWrong("longer than any note")
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        raise NoteWrong("a note is UTF-8") from None
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or _FORBIDDEN.search(whole):
        raise NoteWrong("a note is a text, an empty line and signatures")
    return f"{text}\n", parse_signatures(lines)


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines, none of them checked, as a witness answers them. Raises NoteWrong."""
    found = lines.removesuffix("\n").split("\n")
    if not lines.endswith("\n") or len(found) > _MOST_SIGNATURES:
        raise NoteWrong("a note has one to a hundred signatures, each on its line")
    return tuple(_signature(line) for line in found)


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    content = from_base64(encoded)
    if not line.startswith(_MARK) or not _NAME.fullmatch(name) or len(content) <= _ID:
        raise NoteWrong("not a signature line")
    return Signature(name, content[:_ID], content[_ID:])


def from_base64(text: str) -> bytes:
    """What a base64 text holds; there is only one text for it. Raises NoteWrong."""
    try:
        content = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteWrong("not base64") from None
    if _base64(content) != text:
        raise NoteWrong("not the base64 that is written")
    return content


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _with_time(text: str, time: int) -> str:
    return f"cosignature/v1\ntime {time}\n{text}"


def _key_parts(parts: Sequence[str]) -> tuple[str, int, bytes]:
    if len(parts) != len(("name", "id", "key")):
        raise NoteWrong("not a key of a note")
    name, _, encoded = parts
    content = from_base64(encoded)
    return name, content[0] if content else 0, content[1:]
