"""The words of the store: what is put in and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import StoredEvent

Stored = StoredEvent
"""A fact on its way in: stream (`originator_id`), version, public type (`topic`) and the bytes that are stored, published and hashed."""


class DamagedLog(Exception):
    """The log contradicts itself: a hole, a lost tail, a missing head. Nothing may be added before somebody has looked."""


@dataclass(frozen=True, slots=True)
class SavedCommand:
    """The command that saves; its `id` is unique in the store. `digest` tells whether a second one with this id is the same.

    `stream` and `version` are what its receipt tells.
    """

    id: UUID
    digest: bytes
    stream: UUID
    version: int


@dataclass(frozen=True, slots=True)
class SealedBox:
    """Encrypted words beside a fact. `handle` is what the fact names, `subject` whose words they are."""

    handle: UUID
    subject: UUID
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Tracked:
    """How far this store has followed `source`: from `was` to `now`, together with what is derived from that.

    `was=None` stands for any position before `now`.
    """

    source: str
    was: int | None
    now: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a save did: `position` is that of the last fact it wrote, or the head at that time when it wrote none.

    `repeated`: it had been done before, and nothing was written now.
    """

    stream: UUID
    version: int
    position: int
    repeated: bool = False


class Row(NamedTuple):
    """A stored fact as a reader of the log gets it."""

    position: int
    stream: UUID
    version: int
    type: str
    state: bytes
