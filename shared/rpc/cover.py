"""What is said between services is closed to the broker: commands and answers hold people's words, and a role in a head must be true.

Every message is AES-256-GCM under a key of the process that sends it, derived from the region's master key and a random salt that
travels with the message; its nonce counts up, so none is used twice. Who cannot open the master key can neither read a call nor make one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from itertools import count

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CALL, REPLY = b"call", b"reply"
_SALT, _NONCE = 16, 12
_MOST_PEERS = 256


class Cover:
    """Closes and opens messages; one per process."""

    def __init__(self, master: bytes) -> None:
        self._salt = os.urandom(_SALT)
        self._nonces = count(1)
        self._cipher: Callable[[bytes], AESGCM] = lru_cache(_MOST_PEERS)(lambda salt: AESGCM(_derive(master, salt)))

    def close(self, kind: bytes, message: bytes) -> bytes:
        """`message`, closed; `kind` says which way it goes, so that a call can never be taken for a reply."""
        nonce = next(self._nonces).to_bytes(_NONCE, "big")
        return self._salt + nonce + self._cipher(self._salt).encrypt(nonce, message, kind)

    def open(self, kind: bytes, closed: bytes) -> bytes:
        """What was closed; raises ValueError when it was not closed in this region, or for the other way."""
        salt, nonce, text = closed[:_SALT], closed[_SALT : _SALT + _NONCE], closed[_SALT + _NONCE :]
        try:
            return self._cipher(bytes(salt)).decrypt(nonce, text, kind)
        except (InvalidTag, ValueError):
            raise ValueError("a message that was not closed in this region") from None


def _derive(master: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"comhar calls 1").derive(master)
