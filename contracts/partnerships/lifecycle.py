"""A partnership from its proposal to its closing: terms of reference, composition, status."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import (
    Answer,
    Code,
    Command,
    Contract,
    Count,
    Cursor,
    Digest,
    Label,
    Ordinal,
    PageSize,
    PartnershipFact,
    Percent,
    Query,
)
from contracts.partnerships.membership import MemberSummary, NomineeSummary
from contracts.vocabulary import ClosureReason, CompositionShortfall, CoproductionLevel, PartnershipStatus, PauseReason, SettingType, Side


class ProposePartnership(Command):
    """Begin a partnership: its public name, the org unit it works in, its setting and level."""

    name: Label
    org_unit: Code
    setting: SettingType
    level: CoproductionLevel


class DraftTermsOfReference(Command):
    """Lay a draft of the next edition of the terms of reference before the members; a changed draft takes the place of the one before."""

    partnership: UUID
    edition: Ordinal
    document: Digest


class AgreeTermsOfReference(Command):
    """Agree an edition of the terms of reference; the document itself stays where it is, its SHA-256 is kept.

    `agreed_by` names members of both sides who agreed for them; without names it is the co-chairs.
    """

    partnership: UUID
    edition: Ordinal
    document: Digest
    agreed_by: Annotated[tuple[UUID, ...], Field(max_length=200, strict=False)] = ()


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


class PartnershipProposed(PartnershipFact, type="partnerships.PartnershipProposed.v1"):
    """A partnership was proposed."""

    name: Label
    org_unit: Code
    setting: SettingType
    level: CoproductionLevel


class TermsOfReferenceDrafted(PartnershipFact, type="partnerships.TermsOfReferenceDrafted.v1"):
    """A draft of an edition of the terms of reference was laid before the members."""

    edition: int
    document: Digest


class TermsOfReferenceAgreed(PartnershipFact, type="partnerships.TermsOfReferenceAgreed.v1"):
    """An edition of the terms of reference was agreed, by members of both sides."""

    edition: int
    document: Digest
    agreed_by: tuple[UUID, ...] = ()


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


class PartnershipSummary(Answer):
    """A partnership in a list."""

    id: UUID
    name: str
    org_unit: str
    status: PartnershipStatus


class TermsOfReference(Answer):
    """An edition of the terms of reference, drafted or agreed."""

    edition: int
    document: str
    agreed: datetime | None
    agreed_by: tuple[UUID, ...]


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
    editions: tuple[TermsOfReference, ...] = ()
    composition: Composition | None = None
    co_chairs: dict[Side, UUID]
    members: tuple[MemberSummary, ...]
    nominees: tuple[NomineeSummary, ...] = ()


class PartnershipPage(Answer):
    """A page of partnerships; `next` is the cursor of the following page."""

    items: tuple[PartnershipSummary, ...]
    next: str | None
