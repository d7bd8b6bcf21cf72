"""What members need to take part, and whether it was met."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.model import Answer, Command, PartnershipFact, Query, SealedPart, Words
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    AccessStage,
    ConfirmedBy,
    IdentifiedBy,
    InformationFormat,
    SharedWith,
)


class IdentifyAccessNeed(Command):
    """Note that somebody will need something to take part, before they were asked what it is; a nominee too."""

    partnership: UUID
    member: UUID
    category: AccessNeedCategory
    identified_by: IdentifiedBy


class RecordIdentifiedNeed(Command):
    """Write down, with the member, what was identified before; the person may know it to be of another category."""

    partnership: UUID
    member: UUID
    need: UUID
    category: AccessNeedCategory | None = None
    wanted: InformationFormat | None = None
    words: Words | None = None


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


class ConfirmAccessMet(Command):
    """Let the person say whether their need was met, as was said of it or otherwise; of a session, or of a time outside sessions."""

    partnership: UUID
    member: UUID
    need: UUID
    met: bool
    session: UUID | None = None
    confirmed_by: ConfirmedBy = ConfirmedBy.member


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


class GetWantedFormats(Query):
    """In which forms a member asked to get what is written, so that a paper comes in one of them without their needs being opened."""

    partnership: UUID
    member: UUID


class AccessNeedIdentified(PartnershipFact, type="partnerships.AccessNeedIdentified.v1"):
    """It became known that somebody will need something to take part."""

    member: UUID
    need: UUID
    category: AccessNeedCategory
    identified_by: IdentifiedBy


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


class AccessNeedMetConfirmed(PartnershipFact, type="partnerships.AccessNeedMetConfirmed.v1"):
    """The person said whether their need was met; it is so from then on, whatever was said before."""

    member: UUID
    need: UUID
    session: UUID | None
    met: bool
    confirmed_by: ConfirmedBy


class AccessNeedReviewed(PartnershipFact, type="partnerships.AccessNeedReviewed.v1"):
    """It was asked whether an access need is still so."""

    member: UUID
    need: UUID
    outcome: AccessReview


class AccessNeedSummary(Answer):
    """Something a member needs, how far it has come and how often it was met, of that `confirmed` by the person.

    `words` only for those who may see them. `since` is when it was recorded, or until then, identified.
    """

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
    confirmed: int


class AccessNeedsDetail(Answer):
    """What a member needs to take part."""

    partnership: UUID
    member: UUID
    version: int
    needs: tuple[AccessNeedSummary, ...]


class WantedFormats(Answer):
    """The forms a member asked for, in the order in which they were recorded; none where nothing else than print was asked for."""

    partnership: UUID
    member: UUID
    formats: tuple[InformationFormat, ...]
