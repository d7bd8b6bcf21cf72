"""What members need to take part, and whether it was met."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.model import Answer, Command, PartnershipFact, Query, SealedPart, Words
from contracts.vocabulary import AccessNeedCategory, AccessReview, AccessStage, InformationFormat, SharedWith


class RecordAccessNeed(Command):
    """Write down what a member said they need to take part."""

    partnership: UUID
    member: UUID
    category: AccessNeedCategory
    wanted: InformationFormat | None = None
    words: Words | None = None


class FlagAccessNeed(Command):
    """Make an access need stand out to everybody who plans."""

    partnership: UUID
    member: UUID
    need: UUID


class ShareAccessNeed(Command):
    """Tell somebody who has to meet an access need; only while the member consents to that."""

    partnership: UUID
    member: UUID
    need: UUID
    shared_with: SharedWith


class RecordAccessMet(Command):
    """Say whether an access need was met this time; `confirmed`: by the person."""

    partnership: UUID
    member: UUID
    need: UUID
    met: bool
    session: UUID | None = None
    confirmed: bool = False


class ReviewAccessNeed(Command):
    """Ask whether an access need is still so."""

    partnership: UUID
    member: UUID
    need: UUID
    outcome: AccessReview


class GetAccessNeeds(Query):
    """What a member needs to take part."""

    partnership: UUID
    member: UUID


class AccessNeedRecorded(PartnershipFact, type="partnerships.AccessNeedRecorded.v1"):
    """A member said what they need to take part."""

    member: UUID
    need: UUID
    category: AccessNeedCategory
    wanted: InformationFormat | None
    words: SealedPart | None


class AccessNeedFlagged(PartnershipFact, type="partnerships.AccessNeedFlagged.v1"):
    """An access need stands out to everybody who plans."""

    member: UUID
    need: UUID


class AccessNeedShared(PartnershipFact, type="partnerships.AccessNeedShared.v1"):
    """Somebody who has to meet an access need was told of it."""

    member: UUID
    need: UUID
    shared_with: SharedWith


class AccessNeedMet(PartnershipFact, type="partnerships.AccessNeedMet.v1"):
    """An access need was met."""

    member: UUID
    need: UUID
    session: UUID | None
    confirmed: bool


class AccessNeedNotMet(PartnershipFact, type="partnerships.AccessNeedNotMet.v1"):
    """An access need was not met."""

    member: UUID
    need: UUID
    session: UUID | None
    confirmed: bool


class AccessNeedReviewed(PartnershipFact, type="partnerships.AccessNeedReviewed.v1"):
    """It was asked whether an access need is still so."""

    member: UUID
    need: UUID
    outcome: AccessReview


class AccessNeedSummary(Answer):
    """Something a member needs, how far it has come and how often it was met; `words` only for those who may see them."""

    need: UUID
    category: AccessNeedCategory
    wanted: InformationFormat | None
    words: str | None
    since: datetime
    stage: AccessStage
    flagged: bool
    reviewed: datetime | None
    ended: bool
    met: int
    not_met: int


class AccessNeedsDetail(Answer):
    """What a member needs to take part."""

    partnership: UUID
    member: UUID
    version: int
    needs: tuple[AccessNeedSummary, ...]
