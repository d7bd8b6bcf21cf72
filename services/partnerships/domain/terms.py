"""Terms of reference: editions that follow one another, each drafted, then agreed by members of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the terms of reference; the document is known by its SHA-256."""

    number: int
    document: str
    agreed: datetime | None = None
    agreed_by: tuple[UUID, ...] = ()
