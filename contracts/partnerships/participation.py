"""What members allow, declare and bring: consents, interests, skills."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.model import Answer, Code, Command, Moment, PartnershipFact, Query, SealedPart, Timestamp, Words
from contracts.vocabulary import ConsentFormat, ConsentPurpose, ConsentStatus, InterestType, SkillArea


class GrantConsent(Command):
    """Consent to one purpose: by which version of a text, in which format it was explained, and until when, if not for good."""

    partnership: UUID
    member: UUID
    purpose: ConsentPurpose
    text: Code
    explained: ConsentFormat
    until: Timestamp | None = None


class RefuseConsent(Command):
    """Say no to one purpose, when asked; it has the effect of a withdrawal."""

    partnership: UUID
    member: UUID
    purpose: ConsentPurpose
    text: Code
    explained: ConsentFormat


class WithdrawConsent(Command):
    """Withdraw a consent, with effect: without consent to participation the membership ends, without attribution no name is shown."""

    partnership: UUID
    member: UUID
    purpose: ConsentPurpose


class DeclareInterest(Command):
    """Declare an interest, or that there is none (nil); `arose`: since when there has been such an interest."""

    partnership: UUID
    member: UUID
    interest: InterestType
    words: Words | None = None
    arose: Timestamp | None = None


class ConfirmInterests(Command):
    """Declare that what was declared is still so; to be done within twelve months."""

    partnership: UUID
    member: UUID


class EndInterest(Command):
    """Let an interest have ended."""

    partnership: UUID
    member: UUID
    declaration: UUID


class OfferSkill(Command):
    """Say what a member brings."""

    partnership: UUID
    member: UUID
    area: SkillArea
    words: Words | None = None


class UseSkill(Command):
    """Say that what a member offered was made use of."""

    partnership: UUID
    member: UUID
    skill: UUID


class GetParticipation(Query):
    """What a member has consented to, declared and offered."""

    partnership: UUID
    member: UUID


class GetInterestsRegister(Query):
    """The register of interests of a partnership: every member, and by when each declaration is to be renewed."""

    partnership: UUID


class ConsentGranted(PartnershipFact, type="partnerships.ConsentGranted.v1"):
    """Somebody consented to one purpose, for good or until an instant."""

    member: UUID
    purpose: ConsentPurpose
    text: Code
    explained: ConsentFormat
    until: Moment | None = None


class ConsentRefused(PartnershipFact, type="partnerships.ConsentRefused.v1"):
    """Somebody was asked to consent to one purpose, and said no."""

    member: UUID
    purpose: ConsentPurpose
    text: Code
    explained: ConsentFormat


class ConsentWithdrawn(PartnershipFact, type="partnerships.ConsentWithdrawn.v1"):
    """Somebody no longer consents to one purpose."""

    member: UUID
    purpose: ConsentPurpose


class InterestDeclared(PartnershipFact, type="partnerships.InterestDeclared.v1"):
    """An interest was declared, or that there is none; `late` when more than 28 days after it arose."""

    member: UUID
    declaration: UUID
    interest: InterestType
    words: SealedPart | None
    arose: Moment | None
    late: bool


class InterestsConfirmed(PartnershipFact, type="partnerships.InterestsConfirmed.v1"):
    """What a member had declared was declared to be still so."""

    member: UUID


class InterestEnded(PartnershipFact, type="partnerships.InterestEnded.v1"):
    """A declared interest has ended."""

    member: UUID
    declaration: UUID


class SkillOffered(PartnershipFact, type="partnerships.SkillOffered.v1"):
    """A member offered what they bring."""

    member: UUID
    skill: UUID
    area: SkillArea
    words: SealedPart | None


class SkillUsed(PartnershipFact, type="partnerships.SkillUsed.v1"):
    """What a member had offered was made use of."""

    member: UUID
    skill: UUID


class ConsentSummary(Answer):
    """A consent as it stands; `granted` when it was given, or refused."""

    purpose: ConsentPurpose
    text: str
    explained: ConsentFormat
    granted: datetime
    withdrawn: datetime | None
    until: datetime | None = None
    status: ConsentStatus = ConsentStatus.active


class InterestSummary(Answer):
    """A declared interest; `words` only for those who may see them."""

    declaration: UUID
    interest: InterestType
    words: str | None
    declared: datetime
    late: bool
    ended: datetime | None


class SkillSummary(Answer):
    """Something a member brings, and when it was used; `words` only for those who may see them."""

    skill: UUID
    area: SkillArea
    words: str | None
    offered: datetime
    used: tuple[datetime, ...]


class ParticipationDetail(Answer):
    """What a member has consented to, declared and offered."""

    partnership: UUID
    member: UUID
    version: int
    consents: tuple[ConsentSummary, ...]
    declared: datetime | None
    renewal_due: datetime | None
    interests: tuple[InterestSummary, ...]
    skills: tuple[SkillSummary, ...]


class RegisterEntry(Answer):
    """What a member declared, and whether it is current: declared, and no longer than twelve months ago."""

    member: UUID
    declared: datetime | None
    renewal_due: datetime | None
    current: bool
    interests: tuple[InterestSummary, ...]


class InterestsRegister(Answer):
    """The register of interests of a partnership."""

    partnership: UUID
    entries: tuple[RegisterEntry, ...]
