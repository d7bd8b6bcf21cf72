"""What is said to, by and about partnerships and their members."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from contracts.forgetting import ErasedIn, ErasureFact, Kept
from contracts.model import (
    Answer,
    Code,
    Command,
    Contract,
    Count,
    Cursor,
    Digest,
    Fact,
    Label,
    Ordinal,
    PageSize,
    PartnershipFact,
    Percent,
    Query,
    SealedPart,
    Words,
)
from contracts.vocabulary import (
    ClosureReason,
    CompositionShortfall,
    CoproductionLevel,
    ErasureBasis,
    ErasureScope,
    MembershipEndReason,
    ParticipantRole,
    PartnershipStatus,
    PauseReason,
    Perspective,
    SettingType,
    Side,
)


class ProposePartnership(Command):
    """Begin a partnership: its public name, the org unit it works in, its setting and level."""

    name: Label
    org_unit: Code
    setting: SettingType
    level: CoproductionLevel


class AddMember(Command):
    """Take somebody into a partnership, on one side."""

    partnership: UUID
    name: Words
    role: ParticipantRole
    perspective: Perspective


class EndMembership(Command):
    """End a membership, with a coded reason."""

    partnership: UUID
    member: UUID
    reason: MembershipEndReason


class NameCoChair(Command):
    """Name a member co-chair for the side they are on."""

    partnership: UUID
    member: UUID


class AgreeTermsOfReference(Command):
    """Agree an edition of the terms of reference; the document itself stays where it is, its SHA-256 is kept."""

    partnership: UUID
    edition: Ordinal
    document: Digest


class _CompositionRule(Contract):
    lived_experience: Ordinal
    provider: Ordinal
    lived_share: Percent = 0
    quorum_lived_experience: Ordinal
    quorum_provider: Ordinal
    quorum_share: Percent = 0


class SetCompositionRule(_CompositionRule, Command):
    """Say how many members of each side there must be, which share of all of them has lived experience, and what a quorum is.

    The quorum is two-sided: so many of each side, and `quorum_share` percent of all members, must be there.
    """

    partnership: UUID


class ActivatePartnership(Command):
    """Let a partnership begin its work."""

    partnership: UUID


class PausePartnership(Command):
    """Let a partnership rest for a while, for a coded reason; it holds no sessions until it is resumed."""

    partnership: UUID
    reason: PauseReason


class ResumePartnership(Command):
    """Let a paused partnership go on; what was needed to begin is needed again."""

    partnership: UUID


class ClosePartnership(Command):
    """End a partnership for good, for a coded reason."""

    partnership: UUID
    reason: ClosureReason


class GetPartnership(Query):
    """One partnership with its members."""

    partnership: UUID


class ListPartnerships(Query):
    """The partnerships of the region, by name."""

    after: Cursor | None = None
    limit: PageSize = 50


class RequestErasure(Command):
    """Forget a person in every service: their key and their words are destroyed, what happened stays under a pseudonym."""

    member: UUID
    basis: ErasureBasis
    scope: ErasureScope = ErasureScope.everything_sealed


class GetErasure(Query):
    """How far the erasure of a person has come."""

    member: UUID


class PartnershipProposed(PartnershipFact, type="partnerships.PartnershipProposed.v1"):
    """A partnership was proposed."""

    name: Label
    org_unit: Code
    setting: SettingType
    level: CoproductionLevel


class MemberJoined(PartnershipFact, type="partnerships.MemberJoined.v1"):
    """Somebody joined, in a role and on a side."""

    member: UUID
    member_role: ParticipantRole
    perspective: Perspective
    name: SealedPart


class MembershipEnded(PartnershipFact, type="partnerships.MembershipEnded.v1"):
    """A membership ended."""

    member: UUID
    end_reason: MembershipEndReason


class CoChairAppointed(PartnershipFact, type="partnerships.CoChairAppointed.v1"):
    """A member became co-chair for a side."""

    member: UUID
    side: Side


class TermsOfReferenceAgreed(PartnershipFact, type="partnerships.TermsOfReferenceAgreed.v1"):
    """An edition of the terms of reference was agreed."""

    edition: int
    document: Digest


class CompositionRuleSet(_CompositionRule, PartnershipFact, type="partnerships.CompositionRuleSet.v1"):
    """A rule of composition holds from now on."""


class CompositionBreached(PartnershipFact, type="partnerships.CompositionBreached.v1"):
    """The members, by then so many, fell short of the rule."""

    lived_experience: Count
    provider: Count
    members: Count
    shortfalls: tuple[CompositionShortfall, ...]


class CompositionMended(PartnershipFact, type="partnerships.CompositionMended.v1"):
    """The members, by then so many, met the rule again."""

    lived_experience: Count
    provider: Count
    members: Count


class PartnershipActivated(PartnershipFact, type="partnerships.PartnershipActivated.v1"):
    """The partnership began its work."""


class PartnershipPaused(PartnershipFact, type="partnerships.PartnershipPaused.v1"):
    """The partnership rests."""

    pause_reason: PauseReason


class PartnershipResumed(PartnershipFact, type="partnerships.PartnershipResumed.v1"):
    """A paused partnership went on."""


class PartnershipClosed(PartnershipFact, type="partnerships.PartnershipClosed.v1"):
    """The partnership ended for good."""

    closure_reason: ClosureReason


class ErasureRequested(Fact, type="partnerships.ErasureRequested.v1"):
    """A person is to be forgotten, in every service."""

    member: UUID
    basis: ErasureBasis
    scope: ErasureScope


class SubjectErased(ErasureFact, type="partnerships.SubjectErased.v1"):
    """Partnerships has forgotten the person's name."""


class ErasureCompleted(Fact, type="partnerships.ErasureCompleted.v1"):
    """Every service has forgotten the person; `backups_until` is the day on which the last back-up that may hold a key expires."""

    basis: ErasureBasis
    scope: ErasureScope
    erased: tuple[ErasedIn, ...]
    kept: tuple[Kept, ...]
    backups_until: date


class ErasureReport(Answer):
    """An erasure as it stands; not `completed` while a service is still at it."""

    member: UUID
    basis: ErasureBasis
    scope: ErasureScope
    requested: datetime
    completed: datetime | None
    erased: tuple[ErasedIn, ...]
    kept: tuple[Kept, ...]
    backups_until: date | None


class MemberSummary(Answer):
    """A member; `name` only for those who may see it. A former member who was `forgotten` has none."""

    id: UUID
    name: str | None
    forgotten: bool
    role: ParticipantRole
    perspective: Perspective
    joined: datetime
    ended: datetime | None
    end_reason: MembershipEndReason | None


class PartnershipSummary(Answer):
    """A partnership in a list."""

    id: UUID
    name: str
    org_unit: str
    status: PartnershipStatus


class Composition(_CompositionRule, Answer):
    """The rule of composition that holds, and since when and in what the members fall short of it."""

    breached_since: datetime | None
    shortfalls: tuple[CompositionShortfall, ...]


class PartnershipDetail(Answer):
    """A partnership as it stands."""

    id: UUID
    version: int
    name: str
    org_unit: str
    setting: SettingType
    level: CoproductionLevel
    status: PartnershipStatus
    pause_reason: PauseReason | None = None
    closure_reason: ClosureReason | None = None
    terms_of_reference: int | None
    composition: Composition | None = None
    co_chairs: dict[Side, UUID]
    members: tuple[MemberSummary, ...]


class PartnershipPage(Answer):
    """A page of partnerships; `next` is the cursor of the following page."""

    items: tuple[PartnershipSummary, ...]
    next: str | None
