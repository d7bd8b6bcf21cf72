"""What forgetting a person leaves behind: how much was destroyed, and what is kept because the law says so."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from contracts.model import Command, Contract, Fact
from contracts.vocabulary import ErasureBasis, ErasureScope, KeptReason, KeptRecord


class Kept(Contract):
    """Something that is not erased, why, and until when if that is known."""

    record: KeptRecord
    reason: KeptReason
    until: date | None


class ErasedIn(Contract):
    """How much one service destroyed: keys of the person, and sealed boxes."""

    service: str
    keys: int
    boxes: int


class ErasureFact(Fact):
    """One service has forgotten its subject: `subject` is the handle it had there; each service says so by a fact of its own."""

    subject: UUID
    basis: ErasureBasis
    scope: ErasureScope
    keys: int
    boxes: int
    kept: tuple[Kept, ...]


class Forget(Command):
    """Carry out, in one service, the erasure with this id; made from the fact that asks for it, never sent by anybody."""

    erasure: UUID
    member: UUID
    basis: ErasureBasis
    scope: ErasureScope


class CompleteErasure(Command):
    """Say that every service has done its part of this erasure; made from their facts, never sent by anybody."""

    erasure: UUID
