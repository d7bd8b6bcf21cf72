"""Personal words in sealed parts: encrypted under a key per subject, so that destroying the key forgets the words.

A subject is a person, or a thing somebody wrote about, by a random handle that only one service knows. Its key is 256 random
bits, wrapped under a master key that is not in any database (RFC 3394), in a key database of its own with its own back-ups.

Each part has its own 256-bit salt; HKDF-SHA256 (RFC 5869) gives an AES-256-GCM key and a commitment to it, so one ciphertext
cannot be opened two ways. The derived key is used once, hence the fixed nonce. The associated data bind source, stream, field
and handle; the digest in the fact binds the ciphertext to that one version of the stream.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from contracts.errors import RuleBroken
from contracts.model import SealedPart
from shared.database import Database
from shared.store import SealedBox

_MASTER = 32
_SALT = 32
_NONCE = bytes(12)
_STOCK = 64
_KEYS = "CREATE TABLE IF NOT EXISTS subject_key (subject TEXT PRIMARY KEY, wrapped BLOB NOT NULL)"
_UNSAMPLED = "ALTER TABLE subject_key ALTER COLUMN wrapped SET STATISTICS 0"
"""PostgreSQL's statistics for its planner would keep samples of the keys that are destroyed."""
_FIND = "SELECT subject, wrapped FROM subject_key WHERE subject IN"
_MAKE, _UNLESS_THERE = "INSERT INTO subject_key (subject, wrapped)", "ON CONFLICT (subject) DO NOTHING RETURNING subject, wrapped"


class BrokenSeal(Exception):
    """A sealed part does not match its fact: evidence of tampering, never a user's mistake."""


def read_master_key(path: Path, *, create: bool = False) -> bytes:
    """The 32-byte master key in `path`; made there when `create`. Raises ValueError when it is not 32 bytes."""
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole under another name first: a process that dies here leaves no half a key.
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(os.urandom(_MASTER))
        fresh.replace(path)
    key = path.read_bytes()
    if len(key) != _MASTER:
        raise ValueError(f"the master key in {path} is not {_MASTER} bytes long")
    return key


class Keys:
    """The keys of subjects, each made when first needed, kept wrapped."""

    def __init__(self, database: Database, master: bytes) -> None:
        self._database = database
        self._master = master
        self._stock: list[tuple[UUID, bytes]] = []
        self._stocking = threading.Lock()
        database.define(f"{_KEYS}; {_UNSAMPLED}" if database.dialect == "postgresql" else _KEYS)

    def of(self, subjects: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys of `subjects`, made durably where there is none yet."""
        wanted = sorted(set(subjects))  # in one order, so that two processes never wait for each other
        found = self.existing(wanted)
        if missing := [subject for subject in wanted if subject not in found]:
            # If we die after this statement there are keys without a use, which harms nobody.
            found |= self._make(missing)
        return found | self.existing(subject for subject in missing if subject not in found)

    def spare(self) -> tuple[UUID, bytes]:
        """A subject nobody had before, and its key, from a stock made ahead in one commit: a command need not wait for one of its own.

        What is left of the stock when we die are keys without a use, which harm nobody.
        """
        while True:
            with suppress(IndexError):
                return self._stock.pop()
            with self._stocking:
                if not self._stock:
                    self._stock.extend(self._make([uuid4() for _ in range(_STOCK)]).items())

    def existing(self, subjects: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys that exist; a subject without one is forgotten or was never known."""
        names = {f"subject{number}": str(subject) for number, subject in enumerate(subjects)}
        wanted = ", ".join(f":{name}" for name in names)
        return self._unwrapped(self._database.rows(f"{_FIND} ({wanted})", names)) if names else {}

    def destroy(self, subjects: Iterable[UUID]) -> None:
        """Destroy the keys of `subjects`, in every file of their database; done again it is done. Raises `Unavailable`."""
        self._database.shred("subject_key", "subject", [str(subject) for subject in subjects])

    def _make(self, subjects: Sequence[UUID]) -> dict[UUID, bytes]:
        """The keys that were made; none for a subject that has one."""
        fresh: dict[str, str | bytes] = {}
        for number, subject in enumerate(subjects):
            fresh |= {f"subject{number}": str(subject), f"wrapped{number}": aes_key_wrap(self._master, os.urandom(32))}
        rows = ", ".join(f"(:subject{number}, :wrapped{number})" for number in range(len(subjects)))
        return self._unwrapped(self._database.write(f"{_MAKE} VALUES {rows} {_UNLESS_THERE}", fresh))

    def _unwrapped(self, rows: Iterable[Sequence[Any]]) -> dict[UUID, bytes]:
        return {UUID(subject): aes_key_unwrap(self._master, bytes(wrapped)) for subject, wrapped in rows}

    def pseudonym(self, *names: str) -> UUID:
        """A handle that is the same for the same `names` and tells nobody without the master key what they were."""
        digest = bytearray(self.fingerprint("\0".join(("pseudonym", *names)).encode())[:16])
        # RFC 9562 §5.8: version 8, for ids made in a way of one's own.
        digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
        return UUID(bytes=bytes(digest))

    def fingerprint(self, content: bytes) -> bytes:
        """A keyed digest of `content` (HMAC-SHA256): equal for equal content, and not to be guessed from."""
        return hmac.digest(self._master, content, hashlib.sha256)


class Sealed(NamedTuple):
    """A sealed part and the place it was sealed for."""

    part: SealedPart
    stream: UUID
    field: str


class Sealer:
    """Seals and opens the parts of one service."""

    def __init__(self, source: str, keys: Keys) -> None:
        self._source = source
        self.keys = keys

    def subject_of(self, *person: str) -> UUID:
        """The subject in this service of somebody known by id elsewhere: the link is stored nowhere, the master key makes it again."""
        return self.keys.pseudonym("person", self._source, *person)

    def seal(self, words: str, *, stream: UUID, field: str, subject: UUID | None = None) -> tuple[SealedPart, SealedBox]:
        """`words` sealed: what the fact says of them, and the box that must be stored in the same transaction.

        Without a `subject` they get one of their own.
        """
        return self._seal(words, stream, field, *((subject, self.keys.of([subject])[subject]) if subject else self.keys.spare()))

    def seal_beside(self, part: SealedPart, words: str, *, stream: UUID, field: str) -> tuple[SealedPart, SealedBox]:
        """`words` sealed as `seal` does, under the key of another part; raises `RuleBroken` when that was forgotten: no new key is made."""
        whole = self.keys.existing([part.subject]).get(part.subject)
        if whole is None:
            raise RuleBroken("person_forgotten", "What this belongs to was forgotten.")
        return self._seal(words, stream, field, part.subject, whole)

    def _seal(self, words: str, stream: UUID, field: str, subject: UUID, whole: bytes) -> tuple[SealedPart, SealedBox]:
        salt, handle = os.urandom(_SALT), uuid4()
        key, commitment = _derive(whole, salt)
        box = salt + AESGCM(key).encrypt(_NONCE, words.encode(), self._bound(stream, field, handle))
        part = SealedPart(handle=handle, subject=subject, commitment=commitment.hex(), digest=hashlib.sha256(box).hexdigest())
        return part, SealedBox(handle=handle, subject=subject, ciphertext=box)

    def open(self, part: SealedPart, box: SealedBox | None, *, stream: UUID, field: str) -> str | None:
        """The words of `part`, or None when they have been forgotten; raises `BrokenSeal` when box and fact disagree."""
        return self._open(Sealed(part, stream, field), box, self.keys.existing([part.subject]))

    def open_all(self, sealed: Collection[Sealed], boxes: Mapping[UUID, SealedBox]) -> dict[UUID, str | None]:
        """The words of many parts by handle, as `open` finds them, with all keys read at once."""
        keys = self.keys.existing({one.part.subject for one in sealed})
        return {one.part.handle: self._open(one, boxes.get(one.part.handle), keys) for one in sealed}

    def _open(self, sealed: Sealed, box: SealedBox | None, keys: Mapping[UUID, bytes]) -> str | None:
        part, stream, field = sealed
        key = keys.get(part.subject)
        if key is None or box is None:
            return None
        derived, commitment = _derive(key, box.ciphertext[:_SALT])
        if hashlib.sha256(box.ciphertext).hexdigest() != part.digest or not hmac.compare_digest(commitment.hex(), part.commitment):
            raise BrokenSeal(f"sealed part {part.handle} does not match its fact")
        try:
            return AESGCM(derived).decrypt(_NONCE, box.ciphertext[_SALT:], self._bound(stream, field, part.handle)).decode()
        except InvalidTag:
            raise BrokenSeal(f"sealed part {part.handle} was not sealed for this place") from None

    def _bound(self, stream: UUID, field: str, handle: UUID) -> bytes:
        return f"{self._source}\0{stream}\0{field}\0{handle}".encode()


def _derive(key: bytes, salt: bytes) -> tuple[bytes, bytes]:
    both = HKDF(algorithm=SHA256(), length=64, salt=salt, info=b"comhar sealed part 1").derive(key)
    return both[:32], both[32:]
