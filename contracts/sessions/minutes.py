"""What is written down, agreed by both sides, and corrected."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Command, Digest, Ordinal, PartnershipFact, SealedPart, Words
from contracts.vocabulary import AttendanceStatus, Perspective

MinutesText = Annotated[str, Field(min_length=1, max_length=50_000)]
"""The words of minutes. Only ever stored sealed."""


class DraftMinutes(Command):
    """Write the minutes of a held session, or write them anew as long as they are not agreed."""

    session: UUID
    text: MinutesText


class AcceptMinutes(Command):
    """Record that somebody who was there accepts a version of the minutes; with one of each side they are agreed."""

    session: UUID
    minutes_version: Ordinal
    member: UUID


class CorrectMinutes(Command):
    """Add a correction to agreed minutes, which themselves stay as they are."""

    session: UUID
    text: Words
    raised_by: UUID | None = None


class MinutesDrafted(PartnershipFact, type="sessions.MinutesDrafted.v1"):
    """A version of the minutes was written; acceptances of earlier ones hold no longer. The digest of the part is that of the minutes."""

    minutes_version: int
    text: SealedPart


class MinutesAccepted(PartnershipFact, type="sessions.MinutesAccepted.v1"):
    """Somebody who was there accepted a version of the minutes."""

    minutes_version: int
    member: UUID
    perspective: Perspective


class MinutesAgreed(PartnershipFact, type="sessions.MinutesAgreed.v1"):
    """Both sides have accepted the minutes; from now on they stay as they are. `digest` is that of their sealed part."""

    minutes_version: int
    digest: Digest
    agreed_by: tuple[UUID, ...]


class MinutesCorrected(PartnershipFact, type="sessions.MinutesCorrected.v1"):
    """A correction was added to agreed minutes; it names the version and digest that it corrects."""

    correction: UUID
    corrects: int
    digest: Digest
    text: SealedPart
    raised_by: UUID | None


class CorrectionSummary(Answer):
    """A correction of agreed minutes; `raised_by` only of somebody who consents to being named in minutes."""

    id: UUID
    text: str | None
    raised_by: UUID | None
    happened: datetime


class MinutedPerson(Answer):
    """Somebody who was invited, as minutes tell of them: `member` only if they consent to being named there, else by perspective alone."""

    member: UUID | None
    perspective: Perspective
    status: AttendanceStatus | None
    chaired: bool
    accepted: bool


class MinutesSummary(Answer):
    """The minutes of a session in their newest version; `digest` is SHA-256 over what is stored of them.

    `people` are all who were invited, in an order that tells nothing; `accepted_by` are those of them who accept and are named.
    """

    version: int
    text: str | None
    digest: str
    accepted_by: tuple[UUID, ...]
    agreed: datetime | None
    corrections: tuple[CorrectionSummary, ...]
    people: tuple[MinutedPerson, ...] = ()
