"""What is said to, by and about partnerships and their members."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.forgetting import ErasedIn, ErasureFact, Kept
from contracts.model import (
    Amount,
    Answer,
    Code,
    Command,
    Contract,
    Count,
    Currency,
    Cursor,
    Digest,
    Fact,
    Label,
    Moment,
    Ordinal,
    PageSize,
    PartnershipFact,
    Percent,
    Query,
    SealedPart,
    Timestamp,
    Words,
)
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    AccessStage,
    ArnsteinRung,
    ClosureReason,
    CommissioningStage,
    CompositionShortfall,
    ConsentFormat,
    ConsentPurpose,
    CoproductionLevel,
    Degree,
    EngagementBand,
    EntryKind,
    ErasureBasis,
    ErasureScope,
    InformationFormat,
    InterestType,
    LegalBasis,
    MembershipEndReason,
    MembershipStatus,
    NominationEnd,
    ParticipantRole,
    PartnershipOffice,
    PartnershipStatus,
    PauseReason,
    PaymentKind,
    PaymentState,
    Perspective,
    RejectionReason,
    SelectionMethod,
    SettingType,
    SharedWith,
    Side,
    SkillArea,
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
    selection: SelectionMethod | None = None


class NominateMember(Command):
    """Put somebody forward as a member, on one side."""

    partnership: UUID
    name: Words
    role: ParticipantRole
    perspective: Perspective
    selection: SelectionMethod


class InviteMember(Command):
    """Ask a nominee to join."""

    partnership: UUID
    member: UUID


class EndNomination(Command):
    """Let a nomination end without a membership, for a coded reason."""

    partnership: UUID
    member: UUID
    reason: NominationEnd


class JoinPartnership(Command):
    """Take in a nominee, on the side and in the role they were nominated for."""

    partnership: UUID
    member: UUID


class BeginLeave(Command):
    """Let a member be away for a while; they keep their place, and do not count in the composition."""

    partnership: UUID
    member: UUID


class EndLeave(Command):
    """Let a member come back from leave."""

    partnership: UUID
    member: UUID


class DeclarePerspective(Command):
    """Say from which side a member takes part from now on."""

    partnership: UUID
    member: UUID
    perspective: Perspective


class AppointToOffice(Command):
    """Give a member an office, from now on, until a term ends or somebody follows."""

    partnership: UUID
    member: UUID
    office: PartnershipOffice
    until: Timestamp | None = None


class LeaveOffice(Command):
    """Let a member lay down an office."""

    partnership: UUID
    member: UUID
    office: PartnershipOffice


class CorrectEntry(Command):
    """Correct what the roll says of a member: when or from which side it really was, or that it never was.

    `entry` is the version under which it was recorded; the history of the member names it.
    """

    partnership: UUID
    member: UUID
    entry: Ordinal
    at: Timestamp | None = None
    perspective: Perspective | None = None
    never: bool = False


class EndMembership(Command):
    """End a membership, with a coded reason."""

    partnership: UUID
    member: UUID
    reason: MembershipEndReason


class NameCoChair(Command):
    """Name a member co-chair for the side they are on, until a term ends or somebody follows."""

    partnership: UUID
    member: UUID
    until: Timestamp | None = None


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


class GrantConsent(Command):
    """Consent to one purpose: by which version of a text, and in which format it was explained."""

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


class Rate(Contract):
    """What is paid for one thing."""

    kind: PaymentKind
    amount: Amount


class AdoptRateCard(Command):
    """Adopt the next edition of what a partnership pays for what."""

    partnership: UUID
    edition: Ordinal
    currency: Currency
    rates: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=20, strict=False)]


class OfferPayment(Command):
    """Offer a member a payment, by the rate card; `occasion`: when the session begins that it is for."""

    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Amount | None = None
    session: UUID | None = None
    occasion: Timestamp | None = None


class ClaimExpense(Command):
    """Claim what a member spent, without an offer before it."""

    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Amount


class AcceptPayment(Command):
    """Accept an offer."""

    payment: UUID


class DeclinePayment(Command):
    """Decline an offer; that is neutral, and it was offered all the same."""

    payment: UUID


class ClaimPayment(Command):
    """Claim what was offered and accepted, or less."""

    payment: UUID
    amount: Amount | None = None


class ApprovePayment(Command):
    """Approve a claim that somebody else made."""

    payment: UUID


class RejectPayment(Command):
    """Reject a claim, for a coded reason."""

    payment: UUID
    reason: RejectionReason


class RecordPaymentMade(Command):
    """Say that a payment was paid out."""

    payment: UUID


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


class OpenWorkItem(Command):
    """Begin a piece of work, and say which degree of co-production is intended."""

    partnership: UUID
    name: Label
    stage: CommissioningStage
    legal_basis: LegalBasis
    intended: Degree


class RateDegree(Command):
    """Say which degree one side saw; each side rates for itself."""

    work_item: UUID
    side: Side
    degree: Degree


class AgreeDegree(Command):
    """Agree at the review on the degree that was reached."""

    work_item: UUID
    degree: Degree


class GetWorkItem(Query):
    """One piece of work."""

    work_item: UUID


class GetPayment(Query):
    """One payment."""

    payment: UUID


class GetRateCard(Query):
    """What a partnership pays for what."""

    partnership: UUID


class GetPartnership(Query):
    """One partnership with its members."""

    partnership: UUID


class GetStanding(Query):
    """Who belonged to a partnership on an instant, on which side and in which office; as known at another (both now, if not given)."""

    partnership: UUID
    on: Timestamp | None = None
    known_at: Timestamp | None = None


class GetMemberHistory(Query):
    """All that is on the roll about a member."""

    partnership: UUID
    member: UUID


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
    selection: SelectionMethod | None = None


class MemberNominated(PartnershipFact, type="partnerships.MemberNominated.v1"):
    """Somebody was put forward."""

    member: UUID
    member_role: ParticipantRole
    perspective: Perspective
    selection: SelectionMethod
    name: SealedPart


class MemberInvited(PartnershipFact, type="partnerships.MemberInvited.v1"):
    """A nominee was asked to join."""

    member: UUID


class NominationEnded(PartnershipFact, type="partnerships.NominationEnded.v1"):
    """A nomination came to no membership."""

    member: UUID
    nomination_end: NominationEnd


class LeaveBegun(PartnershipFact, type="partnerships.LeaveBegun.v1"):
    """A member is away for a while."""

    member: UUID


class LeaveEnded(PartnershipFact, type="partnerships.LeaveEnded.v1"):
    """A member came back."""

    member: UUID


class PerspectiveDeclared(PartnershipFact, type="partnerships.PerspectiveDeclared.v1"):
    """A member takes part from another side from then on."""

    member: UUID
    perspective: Perspective


class OfficeTaken(PartnershipFact, type="partnerships.OfficeTaken.v1"):
    """A member holds an office from then on, at the longest until the end of the term."""

    member: UUID
    office: PartnershipOffice
    until: Moment | None


class OfficeLeft(PartnershipFact, type="partnerships.OfficeLeft.v1"):
    """A member laid down an office."""

    member: UUID
    office: PartnershipOffice


class EntryCorrected(PartnershipFact, type="partnerships.EntryCorrected.v1"):
    """What the fact with version `corrects` of this stream said of a member was so at `at`, from `perspective`; or never, if `struck`."""

    member: UUID
    corrects: int
    entry: EntryKind
    at: Moment
    perspective: Perspective | None
    struck: bool


class MembershipEnded(PartnershipFact, type="partnerships.MembershipEnded.v1"):
    """A membership ended."""

    member: UUID
    end_reason: MembershipEndReason


class CoChairAppointed(PartnershipFact, type="partnerships.CoChairAppointed.v1"):
    """A member became co-chair for a side, at the longest until the end of the term."""

    member: UUID
    side: Side
    until: Moment | None = None


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


class ConsentGranted(PartnershipFact, type="partnerships.ConsentGranted.v1"):
    """Somebody consented to one purpose."""

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


class RateCardAdopted(PartnershipFact, type="partnerships.RateCardAdopted.v1"):
    """An edition of the rate card holds from then on."""

    edition: int
    currency: Currency
    rates: tuple[Rate, ...]


class PaymentOffered(PartnershipFact, type="partnerships.PaymentOffered.v1"):
    """A payment was offered, by an edition of the rate card."""

    member: UUID
    kind: PaymentKind
    amount: Amount
    currency: Currency
    rate_card: int
    session: UUID | None


class PaymentAccepted(PartnershipFact, type="partnerships.PaymentAccepted.v1"):
    """An offer was accepted."""

    member: UUID


class PaymentDeclined(PartnershipFact, type="partnerships.PaymentDeclined.v1"):
    """An offer was declined; it was offered all the same."""

    member: UUID


class ExpenseClaimed(PartnershipFact, type="partnerships.ExpenseClaimed.v1"):
    """Something was claimed: what was offered and accepted, or what was spent."""

    member: UUID
    kind: PaymentKind
    amount: Amount
    currency: Currency


class PaymentApproved(PartnershipFact, type="partnerships.PaymentApproved.v1"):
    """A claim was approved by somebody who had not made it."""

    member: UUID


class PaymentRejected(PartnershipFact, type="partnerships.PaymentRejected.v1"):
    """A claim will not be paid."""

    member: UUID
    rejection: RejectionReason


class PaymentMade(PartnershipFact, type="partnerships.PaymentMade.v1"):
    """A payment was paid out."""

    member: UUID
    amount: Amount
    currency: Currency


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


class WorkItemOpened(PartnershipFact, type="partnerships.WorkItemOpened.v1"):
    """A piece of work was begun, with the degree of co-production that is intended."""

    name: Label
    stage: CommissioningStage
    legal_basis: LegalBasis
    intended: Degree


class DegreeRated(PartnershipFact, type="partnerships.DegreeRated.v1"):
    """One side said which degree it saw."""

    side: Side
    degree: Degree


class DegreeAgreed(PartnershipFact, type="partnerships.DegreeAgreed.v1"):
    """Both sides agreed on the degree that was reached."""

    degree: Degree


class WorkItemDetail(Answer):
    """A piece of work as it stands; `band` (HSE) and `arnstein` are other words for the degree agreed on."""

    id: UUID
    version: int
    partnership: UUID
    name: str
    stage: CommissioningStage
    legal_basis: LegalBasis
    intended: Degree
    rated: dict[Side, Degree]
    agreed: Degree | None
    band: EngagementBand | None
    arnstein: ArnsteinRung | None


class RateCardDetail(Answer):
    """What a partnership pays for what, by the edition that holds."""

    partnership: UUID
    edition: int
    currency: Currency
    rates: tuple[Rate, ...]


class PaymentDetail(Answer):
    """A payment as it stands."""

    id: UUID
    version: int
    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Amount
    currency: Currency
    state: PaymentState
    since: datetime
    session: UUID | None
    rejection: RejectionReason | None


class ConsentSummary(Answer):
    """A consent as it stands."""

    purpose: ConsentPurpose
    text: str
    explained: ConsentFormat
    granted: datetime
    withdrawn: datetime | None


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
    status: MembershipStatus = MembershipStatus.joined
    selection: SelectionMethod | None = None
    offices: tuple[PartnershipOffice, ...] = ()


class NomineeSummary(Answer):
    """Somebody who was put forward; `name` only for those who may see it."""

    id: UUID
    name: str | None
    role: ParticipantRole
    perspective: Perspective
    selection: SelectionMethod | None
    status: MembershipStatus
    nomination_end: NominationEnd | None


class Standing(Answer):
    """What somebody was on a day."""

    member: UUID
    status: MembershipStatus
    role: ParticipantRole
    perspective: Perspective
    offices: tuple[PartnershipOffice, ...]


class PartnershipStanding(Answer):
    """Who belonged to a partnership on an instant, as known at another; whoever had left by then is not in it."""

    partnership: UUID
    on: datetime
    known_at: datetime
    members: tuple[Standing, ...]


class RollEntry(Answer):
    """One thing on the roll: under which version it was recorded, and when it was so, as corrected since. `struck`: it never was."""

    entry: int
    kind: EntryKind
    at: datetime
    perspective: Perspective | None
    office: PartnershipOffice | None
    until: datetime | None
    corrected: bool
    struck: bool


class MemberHistory(Answer):
    """All that is on the roll about a member."""

    partnership: UUID
    member: UUID
    entries: tuple[RollEntry, ...]


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
