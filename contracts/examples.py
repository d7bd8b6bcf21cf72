"""One example of every message: the first months of a small partnership by the river, told in the order things are said.

Aoife has used the community mental health team; Lorcan manages it. They co-chair. Somebody writes that the first letter frightened
them; the partnership takes it up, decides, acts, and tells the writer. The same examples are in the schemas, the API's documentation
and the tests.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from contracts import audit, feedback, forgetting, gateway, log, partnerships, persons, reporting, sessions, vocabulary
from contracts.errors import FieldError, RefusalAnswer
from contracts.model import Receipt, SealedPart

_STORE = UUID("00000000-0000-4000-8000-000000000001")
_CORRELATION = UUID("00000000-0000-4000-8000-000000000002")
_COMMAND = UUID("00000000-0000-4000-8000-000000000003")
PARTNERSHIP = UUID("10000000-0000-4000-8000-000000000001")
AOIFE = UUID("20000000-0000-4000-8000-000000000001")
NUALA = UUID("20000000-0000-4000-8000-000000000003")
OISIN = UUID("20000000-0000-4000-8000-000000000004")
LORCAN = UUID("20000000-0000-4000-8000-000000000002")
BRID = UUID("20000000-0000-4000-8000-000000000003")
SESSION = UUID("30000000-0000-4000-8000-000000000001")
SNOWED_IN = UUID("30000000-0000-4000-8000-000000000002")
ACCESS = UUID("26000000-0000-4000-8000-000000000001")
NEED = UUID("27000000-0000-4000-8000-000000000001")
LETTER = UUID("28000000-0000-4000-8000-000000000001")
RATE_CARD = UUID("24000000-0000-4000-8000-000000000001")
PAYMENT = UUID("25000000-0000-4000-8000-000000000001")
BUS_FARE = UUID("25000000-0000-4000-8000-000000000002")
PARTICIPATION = UUID("21000000-0000-4000-8000-000000000001")
DECLARATION = UUID("22000000-0000-4000-8000-000000000001")
SKILL = UUID("23000000-0000-4000-8000-000000000001")
LETTER_ITEM = UUID("40000000-0000-4000-8000-000000000001")
LETTER_DECISION = UUID("50000000-0000-4000-8000-000000000001")
LETTER_NOW = UUID("41000000-0000-4000-8000-000000000001")
HALL_CORRECTION = UUID("52000000-0000-4000-8000-000000000001")
ENVELOPE_OBJECTION = UUID("51000000-0000-4000-8000-000000000001")
LETTER_ACTION = UUID("60000000-0000-4000-8000-000000000001")
STATEMENT = UUID("70000000-0000-4000-8000-000000000001")
PUBLICATIONS = UUID("b0000000-0000-4000-8000-000000000001")
FIGURE = UUID("c0000000-0000-4000-8000-000000000001")
TOKEN = UUID("80000000-0000-4000-8000-000000000001")
_LOOK = UUID("81000000-0000-4000-8000-000000000001")
LEDGER = UUID("a0000000-0000-4000-8000-000000000001")
_CONTRIBUTOR = UUID("90000000-0000-4000-8000-000000000001")

_PROPOSED = datetime(2025, 1, 8, 10, 0, tzinfo=UTC)
_BEGAN = datetime(2025, 1, 15, 10, 0, tzinfo=UTC)
_HELD = datetime(2025, 3, 19, 14, 0, tzinfo=UTC)
_RECEIVED = datetime(2025, 2, 10, 9, 30, tzinfo=UTC)
_ANSWERED = datetime(2025, 2, 20, 11, 0, tzinfo=UTC)
_LETTER_SENT = datetime(2025, 5, 27, 16, 0, tzinfo=UTC)
_RESTED = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)
_WENT_ON = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)
_CLOSED = datetime(2026, 1, 30, 16, 0, tzinfo=UTC)
_RULE: Any = {
    "lived_experience": 1,
    "provider": 1,
    "lived_share": 50,
    "quorum_lived_experience": 1,
    "quorum_provider": 1,
    "quorum_share": 50,
}
_PUBLISHED = datetime(2025, 7, 15, 10, 0, tzinfo=UTC)
_NOMINATED = datetime(2025, 4, 2, 9, 0, tzinfo=UTC)
_ELECTED = datetime(2025, 4, 14, 18, 0, tzinfo=UTC)
_EMPLOYED = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
_AWAY = datetime(2025, 8, 4, 9, 0, tzinfo=UTC)
_BACK = datetime(2025, 9, 15, 9, 0, tzinfo=UTC)
_TERM = datetime(2026, 4, 14, 18, 0, tzinfo=UTC)
_RATE = partnerships.Rate(kind=vocabulary.PaymentKind.involvement_payment, amount=Decimal("75.00"))
_DOCUMENT = "a3" * 32
_VERIFIER = "comhar/ABH+93a1b7c2+AaV0c3Qga2V5IG5vdCBvZiBhbnkgcmVnaW9uIGF0IGFs"


def _recorded(stream: UUID, version: int, happened: datetime) -> dict[str, Any]:
    """The envelope of a fact that was written down an hour after it happened."""
    return {
        "stream": stream,
        "version": version,
        "happened": happened,
        "recorded": happened + timedelta(hours=1),
        "actor": "token:1f0c",
        "role": "partnership_coordinator",
        "correlation": _CORRELATION,
        "causation": _COMMAND,
    }


def _by_comhar(version: int, happened: datetime) -> dict[str, Any]:
    """The envelope of a fact of the ledger itself."""
    return {**_recorded(LEDGER, version, happened), "actor": "service", "role": "service"}


def _in_partnership(stream: UUID, version: int, happened: datetime) -> dict[str, Any]:
    return {**_recorded(stream, version, happened), "partnership": PARTNERSHIP}


def _sealed(number: int, subject: UUID) -> SealedPart:
    handle = UUID(f"a0000000-0000-4000-8000-{number:012}")
    return SealedPart(handle=handle, subject=subject, commitment="c0" * 32, digest=f"{number:02}" * 32)


_PARTNERSHIPS = (
    partnerships.ProposePartnership(
        happened=_PROPOSED,
        name="Abhainn Recovery Partnership",
        org_unit="ABH-IHA1-CMHT1-P001",
        setting=vocabulary.SettingType.community_mental_health_team,
        level=vocabulary.CoproductionLevel.service_improvement,
    ),
    partnerships.PartnershipProposed(
        **_in_partnership(PARTNERSHIP, 1, _PROPOSED),
        name="Abhainn Recovery Partnership",
        org_unit="ABH-IHA1-CMHT1-P001",
        setting=vocabulary.SettingType.community_mental_health_team,
        level=vocabulary.CoproductionLevel.service_improvement,
    ),
    partnerships.AddMember(
        happened=_BEGAN,
        partnership=PARTNERSHIP,
        name="Aoife Ní Bhriain",
        role=vocabulary.ParticipantRole.service_user,
        perspective=vocabulary.Perspective.lived_experience_self,
    ),
    Receipt(id=PARTNERSHIP, made=AOIFE, version=2, source="partnerships", position=2),
    partnerships.MemberJoined(
        **_in_partnership(PARTNERSHIP, 2, _BEGAN),
        member=AOIFE,
        member_role=vocabulary.ParticipantRole.service_user,
        perspective=vocabulary.Perspective.lived_experience_self,
        name=_sealed(1, AOIFE),
    ),
    partnerships.NameCoChair(happened=_BEGAN, partnership=PARTNERSHIP, member=AOIFE),
    partnerships.CoChairAppointed(**_in_partnership(PARTNERSHIP, 4, _BEGAN), member=AOIFE, side=vocabulary.Side.lived_experience),
    partnerships.DraftTermsOfReference(happened=_BEGAN, partnership=PARTNERSHIP, edition=1, document=_DOCUMENT),
    partnerships.TermsOfReferenceDrafted(**_in_partnership(PARTNERSHIP, 5, _BEGAN), edition=1, document=_DOCUMENT),
    partnerships.AgreeTermsOfReference(happened=_BEGAN, partnership=PARTNERSHIP, edition=1, document=_DOCUMENT, agreed_by=(AOIFE, LORCAN)),
    partnerships.TermsOfReferenceAgreed(
        **_in_partnership(PARTNERSHIP, 6, _BEGAN), edition=1, document=_DOCUMENT, agreed_by=(AOIFE, LORCAN)
    ),
    partnerships.SetCompositionRule(happened=_BEGAN, partnership=PARTNERSHIP, **_RULE),
    partnerships.CompositionRuleSet(**_in_partnership(PARTNERSHIP, 7, _BEGAN), **_RULE),
    partnerships.ActivatePartnership(happened=_BEGAN, partnership=PARTNERSHIP),
    partnerships.PartnershipActivated(**_in_partnership(PARTNERSHIP, 7, _BEGAN)),
    partnerships.NominateMember(
        happened=_NOMINATED,
        partnership=PARTNERSHIP,
        name="Nuala Breathnach",
        role=vocabulary.ParticipantRole.carer,
        perspective=vocabulary.Perspective.lived_experience_family_carer,
        selection=vocabulary.SelectionMethod.election,
    ),
    partnerships.MemberNominated(
        **_in_partnership(PARTNERSHIP, 9, _NOMINATED),
        member=NUALA,
        member_role=vocabulary.ParticipantRole.carer,
        perspective=vocabulary.Perspective.lived_experience_family_carer,
        selection=vocabulary.SelectionMethod.election,
        name=_sealed(3, NUALA),
    ),
    partnerships.InviteMember(happened=_NOMINATED, partnership=PARTNERSHIP, member=NUALA),
    partnerships.MemberInvited(**_in_partnership(PARTNERSHIP, 10, _NOMINATED), member=NUALA),
    partnerships.EndNomination(happened=_ELECTED, partnership=PARTNERSHIP, member=OISIN, reason=vocabulary.NominationEnd.not_selected),
    partnerships.NominationEnded(
        **_in_partnership(PARTNERSHIP, 12, _ELECTED), member=OISIN, nomination_end=vocabulary.NominationEnd.not_selected
    ),
    partnerships.JoinPartnership(happened=_ELECTED, partnership=PARTNERSHIP, member=NUALA),
    partnerships.AppointToOffice(
        happened=_ELECTED, partnership=PARTNERSHIP, member=NUALA, office=vocabulary.PartnershipOffice.secretary, until=_TERM
    ),
    partnerships.OfficeTaken(
        **_in_partnership(PARTNERSHIP, 14, _ELECTED), member=NUALA, office=vocabulary.PartnershipOffice.secretary, until=_TERM
    ),
    partnerships.DeclarePerspective(
        happened=_EMPLOYED, partnership=PARTNERSHIP, member=NUALA, perspective=vocabulary.Perspective.lived_experience_employed
    ),
    partnerships.PerspectiveDeclared(
        **_in_partnership(PARTNERSHIP, 15, _EMPLOYED), member=NUALA, perspective=vocabulary.Perspective.lived_experience_employed
    ),
    partnerships.BeginLeave(happened=_AWAY, partnership=PARTNERSHIP, member=NUALA),
    partnerships.LeaveBegun(**_in_partnership(PARTNERSHIP, 16, _AWAY), member=NUALA),
    partnerships.EndLeave(happened=_BACK, partnership=PARTNERSHIP, member=NUALA),
    partnerships.LeaveEnded(**_in_partnership(PARTNERSHIP, 17, _BACK), member=NUALA),
    partnerships.CorrectEntry(partnership=PARTNERSHIP, member=NUALA, entry=15, at=_BACK),
    partnerships.EntryCorrected(
        **_in_partnership(PARTNERSHIP, 18, _BACK),
        member=NUALA,
        corrects=15,
        entry=vocabulary.EntryKind.perspective,
        at=_BACK,
        perspective=vocabulary.Perspective.lived_experience_employed,
        struck=False,
    ),
    partnerships.LeaveOffice(happened=_BACK, partnership=PARTNERSHIP, member=NUALA, office=vocabulary.PartnershipOffice.secretary),
    partnerships.OfficeLeft(**_in_partnership(PARTNERSHIP, 19, _BACK), member=NUALA, office=vocabulary.PartnershipOffice.secretary),
    partnerships.GetStanding(partnership=PARTNERSHIP, on=_AWAY, known_at=_BACK),
    partnerships.PartnershipStanding(
        partnership=PARTNERSHIP,
        on=_AWAY,
        known_at=_BACK,
        members=(
            standing := partnerships.Standing(
                member=NUALA,
                status=vocabulary.MembershipStatus.on_leave,
                role=vocabulary.ParticipantRole.carer,
                perspective=vocabulary.Perspective.lived_experience_family_carer,
                offices=(vocabulary.PartnershipOffice.secretary,),
            ),
        ),
    ),
    standing,
    partnerships.GetMemberHistory(partnership=PARTNERSHIP, member=NUALA),
    declared := partnerships.RollEntry(
        entry=15,
        kind=vocabulary.EntryKind.perspective,
        at=_BACK,
        perspective=vocabulary.Perspective.lived_experience_employed,
        office=None,
        until=None,
        corrected=True,
        struck=False,
    ),
    partnerships.MemberHistory(partnership=PARTNERSHIP, member=NUALA, entries=(declared,)),
    partnerships.GrantConsent(
        happened=_BEGAN,
        partnership=PARTNERSHIP,
        member=AOIFE,
        purpose=vocabulary.ConsentPurpose.participation,
        text="participation-3",
        explained=vocabulary.ConsentFormat.easy_read,
    ),
    partnerships.ConsentGranted(
        **_in_partnership(PARTICIPATION, 1, _BEGAN),
        member=AOIFE,
        purpose=vocabulary.ConsentPurpose.participation,
        text="participation-3",
        explained=vocabulary.ConsentFormat.easy_read,
    ),
    partnerships.WithdrawConsent(
        happened=_BACK, partnership=PARTNERSHIP, member=AOIFE, purpose=vocabulary.ConsentPurpose.photo_audio_video
    ),
    partnerships.ConsentWithdrawn(
        **_in_partnership(PARTICIPATION, 7, _BACK), member=AOIFE, purpose=vocabulary.ConsentPurpose.photo_audio_video
    ),
    partnerships.DeclareInterest(
        happened=_ELECTED,
        partnership=PARTNERSHIP,
        member=AOIFE,
        interest=vocabulary.InterestType.indirect,
        words="My brother runs the café in the day centre.",
        arose=_NOMINATED,
    ),
    partnerships.InterestDeclared(
        **_in_partnership(PARTICIPATION, 2, _ELECTED),
        member=AOIFE,
        declaration=DECLARATION,
        interest=vocabulary.InterestType.indirect,
        words=_sealed(4, AOIFE),
        arose=_NOMINATED,
        late=False,
    ),
    partnerships.ConfirmInterests(happened=_AWAY, partnership=PARTNERSHIP, member=AOIFE),
    partnerships.InterestsConfirmed(**_in_partnership(PARTICIPATION, 5, _AWAY), member=AOIFE),
    partnerships.EndInterest(happened=_BACK, partnership=PARTNERSHIP, member=AOIFE, declaration=DECLARATION),
    partnerships.InterestEnded(**_in_partnership(PARTICIPATION, 6, _BACK), member=AOIFE, declaration=DECLARATION),
    partnerships.OfferSkill(
        happened=_ELECTED,
        partnership=PARTNERSHIP,
        member=AOIFE,
        area=vocabulary.SkillArea.teaching,
        words="I taught in a primary school for ten years.",
    ),
    partnerships.SkillOffered(
        **_in_partnership(PARTICIPATION, 3, _ELECTED),
        member=AOIFE,
        skill=SKILL,
        area=vocabulary.SkillArea.teaching,
        words=_sealed(5, AOIFE),
    ),
    partnerships.UseSkill(happened=_EMPLOYED, partnership=PARTNERSHIP, member=AOIFE, skill=SKILL),
    partnerships.SkillUsed(**_in_partnership(PARTICIPATION, 4, _EMPLOYED), member=AOIFE, skill=SKILL),
    partnerships.GetParticipation(partnership=PARTNERSHIP, member=AOIFE),
    consented := partnerships.ConsentSummary(
        purpose=vocabulary.ConsentPurpose.participation,
        text="participation-3",
        explained=vocabulary.ConsentFormat.easy_read,
        granted=_BEGAN,
        withdrawn=None,
    ),
    declared_interest := partnerships.InterestSummary(
        declaration=DECLARATION,
        interest=vocabulary.InterestType.indirect,
        words="My brother runs the café in the day centre.",
        declared=_ELECTED,
        late=False,
        ended=None,
    ),
    brought := partnerships.SkillSummary(
        skill=SKILL,
        area=vocabulary.SkillArea.teaching,
        words="I taught in a primary school for ten years.",
        offered=_ELECTED,
        used=(_EMPLOYED,),
    ),
    partnerships.ParticipationDetail(
        partnership=PARTNERSHIP,
        member=AOIFE,
        version=4,
        consents=(consented,),
        declared=_ELECTED,
        renewal_due=_TERM,
        interests=(declared_interest,),
        skills=(brought,),
    ),
    partnerships.GetInterestsRegister(partnership=PARTNERSHIP),
    registered := partnerships.RegisterEntry(
        member=AOIFE, declared=_ELECTED, renewal_due=_TERM, current=True, interests=(declared_interest,)
    ),
    partnerships.InterestsRegister(partnership=PARTNERSHIP, entries=(registered,)),
    partnerships.RecordAccessNeed(
        happened=_BEGAN,
        partnership=PARTNERSHIP,
        member=AOIFE,
        category=vocabulary.AccessNeedCategory.information_format,
        wanted=vocabulary.InformationFormat.large_print,
        words="Sixteen point at least, on cream paper.",
    ),
    partnerships.AccessNeedRecorded(
        **_in_partnership(ACCESS, 1, _BEGAN),
        member=AOIFE,
        need=NEED,
        category=vocabulary.AccessNeedCategory.information_format,
        wanted=vocabulary.InformationFormat.large_print,
        words=_sealed(6, AOIFE),
    ),
    partnerships.FlagAccessNeed(happened=_BEGAN, partnership=PARTNERSHIP, member=AOIFE, need=NEED),
    partnerships.AccessNeedFlagged(**_in_partnership(ACCESS, 2, _BEGAN), member=AOIFE, need=NEED),
    partnerships.ShareAccessNeed(
        happened=_BEGAN, partnership=PARTNERSHIP, member=AOIFE, need=NEED, shared_with=vocabulary.SharedWith.facilitator
    ),
    partnerships.AccessNeedShared(
        **_in_partnership(ACCESS, 3, _BEGAN), member=AOIFE, need=NEED, shared_with=vocabulary.SharedWith.facilitator
    ),
    partnerships.RecordAccessMet(
        happened=_HELD, partnership=PARTNERSHIP, member=AOIFE, need=NEED, met=True, session=SESSION, confirmed=True
    ),
    partnerships.AccessNeedMet(**_in_partnership(ACCESS, 4, _HELD), member=AOIFE, need=NEED, session=SESSION, confirmed=True),
    partnerships.AccessNeedNotMet(**_in_partnership(ACCESS, 5, _ELECTED), member=AOIFE, need=NEED, session=None, confirmed=True),
    partnerships.ReviewAccessNeed(
        happened=_AWAY, partnership=PARTNERSHIP, member=AOIFE, need=NEED, outcome=vocabulary.AccessReview.still_needed
    ),
    partnerships.AccessNeedReviewed(
        **_in_partnership(ACCESS, 6, _AWAY), member=AOIFE, need=NEED, outcome=vocabulary.AccessReview.still_needed
    ),
    partnerships.GetAccessNeeds(partnership=PARTNERSHIP, member=AOIFE),
    needed := partnerships.AccessNeedSummary(
        need=NEED,
        category=vocabulary.AccessNeedCategory.information_format,
        wanted=vocabulary.InformationFormat.large_print,
        words="Sixteen point at least, on cream paper.",
        since=_BEGAN,
        stage=vocabulary.AccessStage.reviewed,
        flagged=True,
        reviewed=_AWAY,
        ended=False,
        met=1,
        not_met=1,
    ),
    partnerships.AccessNeedsDetail(partnership=PARTNERSHIP, member=AOIFE, version=6, needs=(needed,)),
    partnerships.OpenWorkItem(
        happened=_BEGAN,
        partnership=PARTNERSHIP,
        name="First-appointment letter",
        stage=vocabulary.CommissioningStage.co_design,
        legal_basis=vocabulary.LegalBasis.human_rights_duty,
        intended=vocabulary.Degree.co_design,
    ),
    partnerships.WorkItemOpened(
        **_in_partnership(LETTER, 1, _BEGAN),
        name="First-appointment letter",
        stage=vocabulary.CommissioningStage.co_design,
        legal_basis=vocabulary.LegalBasis.human_rights_duty,
        intended=vocabulary.Degree.co_design,
    ),
    partnerships.RateDegree(happened=_AWAY, work_item=LETTER, side=vocabulary.Side.provider, degree=vocabulary.Degree.co_design),
    partnerships.DegreeRated(**_in_partnership(LETTER, 2, _AWAY), side=vocabulary.Side.provider, degree=vocabulary.Degree.co_design),
    partnerships.AgreeDegree(happened=_BACK, work_item=LETTER, degree=vocabulary.Degree.co_design),
    partnerships.DegreeAgreed(**_in_partnership(LETTER, 4, _BACK), degree=vocabulary.Degree.co_design),
    partnerships.GetWorkItem(work_item=LETTER),
    partnerships.WorkItemDetail(
        id=LETTER,
        version=4,
        partnership=PARTNERSHIP,
        name="First-appointment letter",
        stage=vocabulary.CommissioningStage.co_design,
        legal_basis=vocabulary.LegalBasis.human_rights_duty,
        intended=vocabulary.Degree.co_design,
        rated={vocabulary.Side.lived_experience: vocabulary.Degree.co_design, vocabulary.Side.provider: vocabulary.Degree.co_design},
        agreed=vocabulary.Degree.co_design,
        band=vocabulary.EngagementBand.involving,
        arnstein=vocabulary.ArnsteinRung.partnership,
    ),
    partnerships.AdoptRateCard(happened=_BEGAN, partnership=PARTNERSHIP, edition=1, currency="EUR", rates=(_RATE,)),
    partnerships.RateCardAdopted(**_in_partnership(RATE_CARD, 1, _BEGAN), edition=1, currency="EUR", rates=(_RATE,)),
    partnerships.GetRateCard(partnership=PARTNERSHIP),
    partnerships.RateCardDetail(partnership=PARTNERSHIP, edition=1, currency="EUR", rates=(_RATE,)),
    partnerships.OfferPayment(
        happened=_ANSWERED,
        partnership=PARTNERSHIP,
        member=AOIFE,
        kind=vocabulary.PaymentKind.involvement_payment,
        session=SESSION,
        occasion=_HELD,
    ),
    partnerships.PaymentOffered(
        **_in_partnership(PAYMENT, 1, _ANSWERED),
        member=AOIFE,
        kind=vocabulary.PaymentKind.involvement_payment,
        amount=Decimal("75.00"),
        currency="EUR",
        rate_card=1,
        session=SESSION,
    ),
    partnerships.AcceptPayment(happened=_ANSWERED, payment=PAYMENT),
    partnerships.PaymentAccepted(**_in_partnership(PAYMENT, 2, _ANSWERED), member=AOIFE),
    partnerships.DeclinePayment(happened=_ANSWERED, payment=BUS_FARE),
    partnerships.PaymentDeclined(**_in_partnership(BUS_FARE, 2, _ANSWERED), member=AOIFE),
    partnerships.ClaimPayment(happened=_NOMINATED, payment=PAYMENT),
    partnerships.ExpenseClaimed(
        **_in_partnership(PAYMENT, 3, _NOMINATED),
        member=AOIFE,
        kind=vocabulary.PaymentKind.involvement_payment,
        amount=Decimal("75.00"),
        currency="EUR",
    ),
    partnerships.ClaimExpense(
        happened=_NOMINATED, partnership=PARTNERSHIP, member=AOIFE, kind=vocabulary.PaymentKind.travel, amount=Decimal("4.60")
    ),
    partnerships.ApprovePayment(happened=_ELECTED, payment=PAYMENT),
    partnerships.PaymentApproved(**_in_partnership(PAYMENT, 4, _ELECTED), member=AOIFE),
    partnerships.RejectPayment(happened=_ELECTED, payment=BUS_FARE, reason=vocabulary.RejectionReason.claimed_twice),
    partnerships.PaymentRejected(
        **_in_partnership(BUS_FARE, 4, _ELECTED), member=AOIFE, rejection=vocabulary.RejectionReason.claimed_twice
    ),
    partnerships.RecordPaymentMade(happened=_ELECTED, payment=PAYMENT),
    partnerships.PaymentMade(**_in_partnership(PAYMENT, 5, _ELECTED), member=AOIFE, amount=Decimal("75.00"), currency="EUR"),
    partnerships.GetPayment(payment=PAYMENT),
    partnerships.PaymentDetail(
        id=PAYMENT,
        version=5,
        partnership=PARTNERSHIP,
        member=AOIFE,
        kind=vocabulary.PaymentKind.involvement_payment,
        amount=Decimal("75.00"),
        currency="EUR",
        state=vocabulary.PaymentState.paid,
        since=_ELECTED,
        session=SESSION,
        rejection=None,
    ),
    partnerships.PausePartnership(happened=_RESTED, partnership=PARTNERSHIP, reason=vocabulary.PauseReason.agreed_break),
    partnerships.PartnershipPaused(**_in_partnership(PARTNERSHIP, 8, _RESTED), pause_reason=vocabulary.PauseReason.agreed_break),
    partnerships.ResumePartnership(happened=_WENT_ON, partnership=PARTNERSHIP),
    partnerships.PartnershipResumed(**_in_partnership(PARTNERSHIP, 9, _WENT_ON)),
    partnerships.EndMembership(
        happened=datetime(2025, 12, 19, 17, 0, tzinfo=UTC),
        partnership=PARTNERSHIP,
        member=LORCAN,
        reason=vocabulary.MembershipEndReason.end_of_term,
    ),
    partnerships.MembershipEnded(
        **_in_partnership(PARTNERSHIP, 10, datetime(2025, 12, 19, 17, 0, tzinfo=UTC)),
        member=LORCAN,
        end_reason=vocabulary.MembershipEndReason.end_of_term,
    ),
    partnerships.CompositionBreached(
        **_in_partnership(PARTNERSHIP, 11, datetime(2025, 12, 19, 17, 0, tzinfo=UTC)),
        lived_experience=1,
        provider=0,
        members=1,
        shortfalls=(vocabulary.CompositionShortfall.provider,),
    ),
    partnerships.CompositionMended(
        **_in_partnership(PARTNERSHIP, 13, datetime(2026, 1, 12, 9, 0, tzinfo=UTC)), lived_experience=1, provider=1, members=2
    ),
    partnerships.ClosePartnership(happened=_CLOSED, partnership=PARTNERSHIP, reason=vocabulary.ClosureReason.purpose_achieved),
    partnerships.PartnershipClosed(**_in_partnership(PARTNERSHIP, 11, _CLOSED), closure_reason=vocabulary.ClosureReason.purpose_achieved),
    partnerships.GetPartnership(partnership=PARTNERSHIP),
    aoife := partnerships.MemberSummary(
        id=AOIFE,
        name="Aoife Ní Bhriain",
        forgotten=False,
        role=vocabulary.ParticipantRole.service_user,
        perspective=vocabulary.Perspective.lived_experience_self,
        joined=_BEGAN,
        ended=None,
        end_reason=None,
    ),
    oisin := partnerships.NomineeSummary(
        id=OISIN,
        name="Oisín Daly",
        role=vocabulary.ParticipantRole.service_user,
        perspective=vocabulary.Perspective.lived_experience_self,
        selection=vocabulary.SelectionMethod.election,
        status=vocabulary.MembershipStatus.ended,
        nomination_end=vocabulary.NominationEnd.not_selected,
    ),
    edition := partnerships.TermsOfReference(edition=1, document=_DOCUMENT, agreed=_BEGAN, agreed_by=(AOIFE, LORCAN)),
    composition := partnerships.Composition(breached_since=None, shortfalls=(), **_RULE),
    partnerships.PartnershipDetail(
        id=PARTNERSHIP,
        version=8,
        name="Abhainn Recovery Partnership",
        org_unit="ABH-IHA1-CMHT1-P001",
        setting=vocabulary.SettingType.community_mental_health_team,
        level=vocabulary.CoproductionLevel.service_improvement,
        status=vocabulary.PartnershipStatus.active,
        terms_of_reference=1,
        editions=(edition,),
        composition=composition,
        co_chairs={vocabulary.Side.lived_experience: AOIFE, vocabulary.Side.provider: LORCAN},
        members=(aoife,),
        nominees=(oisin,),
    ),
    partnerships.ListPartnerships(limit=20),
    summary := partnerships.PartnershipSummary(
        id=PARTNERSHIP,
        name="Abhainn Recovery Partnership",
        org_unit="ABH-IHA1-CMHT1-P001",
        status=vocabulary.PartnershipStatus.active,
    ),
    partnerships.PartnershipPage(items=(summary,), next=None),
)

_SESSIONS = (
    sessions.PlanSession(
        happened=_BEGAN,
        partnership=PARTNERSHIP,
        kind=vocabulary.SessionKind.co_design_workshop,
        mode=vocabulary.SessionMode.hybrid,
        starts=_HELD,
        place="The parish hall, door on the river side",
        minutes=150,
    ),
    sessions.PlanSeries(
        happened=_BEGAN,
        partnership=PARTNERSHIP,
        kind=vocabulary.SessionKind.partnership_meeting,
        mode=vocabulary.SessionMode.in_person,
        starts=_HELD,
        minutes=120,
        every=vocabulary.Recurrence.monthly_by_weekday,
        times=10,
        time_zone="Europe/Dublin",
    ),
    sessions.SessionPlanned(
        **_in_partnership(SESSION, 1, _BEGAN),
        kind=vocabulary.SessionKind.co_design_workshop,
        mode=vocabulary.SessionMode.hybrid,
        starts=_HELD,
        place=_sealed(9, SESSION),
        minutes=150,
    ),
    sessions.PublishSession(session=SESSION),
    sessions.SessionPublished(**_in_partnership(SESSION, 2, _BEGAN)),
    sessions.InviteMembers(session=SESSION, members=(AOIFE, LORCAN)),
    sessions.InvitationSent(**_in_partnership(SESSION, 2, _BEGAN), member=AOIFE, perspective=vocabulary.Perspective.lived_experience_self),
    sessions.RaiseAgendaItem(
        session=SESSION, title="The first letter people get", origin=vocabulary.AgendaItemOrigin.raised_by_member, raised_by=AOIFE
    ),
    sessions.AgendaItemRaised(
        **_in_partnership(SESSION, 4, _ANSWERED),
        item=LETTER_ITEM,
        title=_sealed(2, SESSION),
        origin=vocabulary.AgendaItemOrigin.raised_by_member,
        raised_by=AOIFE,
        perspective=vocabulary.Perspective.lived_experience_self,
    ),
    sessions.AnswerInvitation(happened=_ANSWERED, session=SESSION, member=AOIFE, answer=vocabulary.InvitationAnswer.accepted),
    sessions.InvitationAnswered(**_in_partnership(SESSION, 5, _ANSWERED), member=AOIFE, answer=vocabulary.InvitationAnswer.accepted),
    sessions.SendMaterials(
        happened=_ANSWERED,
        session=SESSION,
        item=LETTER_ITEM,
        title="The letter as it is now",
        document=_DOCUMENT,
        formats=(vocabulary.InformationFormat.easy_read, vocabulary.InformationFormat.large_print),
    ),
    sessions.MaterialsSent(
        **_in_partnership(SESSION, 5, _ANSWERED),
        material=LETTER_NOW,
        item=LETTER_ITEM,
        title=_sealed(10, SESSION),
        document=_DOCUMENT,
        formats=(vocabulary.InformationFormat.easy_read, vocabulary.InformationFormat.large_print),
    ),
    sessions.SetDecisionMethod(
        happened=_ANSWERED,
        session=SESSION,
        item=LETTER_ITEM,
        method=vocabulary.DecisionMethod.consent,
        binding=vocabulary.BindingForce.binding,
    ),
    sessions.DecisionMethodSet(
        **_in_partnership(SESSION, 5, _ANSWERED),
        item=LETTER_ITEM,
        method=vocabulary.DecisionMethod.consent,
        binding=vocabulary.BindingForce.binding,
        quota=None,
        decided_by=None,
    ),
    sessions.OpenSession(happened=_HELD, session=SESSION, chaired_by=(AOIFE, LORCAN), present=(AOIFE, LORCAN)),
    sessions.SessionOpened(
        **_in_partnership(SESSION, 6, _HELD),
        chaired_by=(AOIFE, LORCAN),
        chaired=(vocabulary.Side.lived_experience, vocabulary.Side.provider),
        quorum=2,
        quorum_lived_experience=1,
        quorum_provider=1,
    ),
    sessions.RecordArrival(happened=_HELD, session=SESSION, members=(LORCAN,)),
    sessions.MemberArrived(**_in_partnership(SESSION, 7, _HELD), member=LORCAN, perspective=vocabulary.Perspective.leadership),
    sessions.QuorumEstablished(**_in_partnership(SESSION, 8, _HELD), item=None, present=2, lived_experience=1, provider=1),
    sessions.OpenAgendaItem(happened=_HELD, session=SESSION, item=LETTER_ITEM),
    sessions.AgendaItemOpened(**_in_partnership(SESSION, 9, _HELD), item=LETTER_ITEM),
    sessions.HandleInterest(
        happened=_HELD,
        session=SESSION,
        item=LETTER_ITEM,
        member=LORCAN,
        interest=vocabulary.InterestType.indirect,
        handling=vocabulary.InterestHandling.noted,
    ),
    sessions.InterestHandledForItem(
        **_in_partnership(SESSION, 10, _HELD),
        item=LETTER_ITEM,
        member=LORCAN,
        interest=vocabulary.InterestType.indirect,
        handling=vocabulary.InterestHandling.noted,
    ),
    sessions.PutProposal(
        happened=_HELD,
        session=SESSION,
        item=LETTER_ITEM,
        title="Write the first letter anew, in plain words",
        text="The letter says in plain words what happens on the day, and names the ward on the envelope.",
    ),
    sessions.ProposalPut(
        **_in_partnership(SESSION, 11, _HELD),
        decision=LETTER_DECISION,
        item=LETTER_ITEM,
        proposal_version=1,
        title=_sealed(3, SESSION),
        text=_sealed(7, SESSION),
        options=(),
    ),
    sessions.TakePositions(
        happened=_HELD,
        session=SESSION,
        decision=LETTER_DECISION,
        positions=(sessions.MemberPosition(member=LORCAN, position=vocabulary.Position.consent),),
    ),
    sessions.PositionTaken(
        **_in_partnership(SESSION, 12, _HELD),
        decision=LETTER_DECISION,
        proposal_version=1,
        member=LORCAN,
        perspective=vocabulary.Perspective.leadership,
        position=vocabulary.Position.consent,
        choices=(),
    ),
    sessions.RaiseObjection(
        happened=_HELD, session=SESSION, decision=LETTER_DECISION, member=AOIFE, reason="The neighbours would read the ward's name."
    ),
    sessions.ObjectionRaised(
        **_in_partnership(SESSION, 13, _HELD),
        objection=ENVELOPE_OBJECTION,
        decision=LETTER_DECISION,
        proposal_version=1,
        member=AOIFE,
        perspective=vocabulary.Perspective.lived_experience_self,
        words=_sealed(8, AOIFE),
    ),
    sessions.DiscussObjection(happened=_HELD, session=SESSION, objection=ENVELOPE_OBJECTION),
    sessions.ObjectionDiscussed(**_in_partnership(SESSION, 15, _HELD), objection=ENVELOPE_OBJECTION),
    sessions.RuleOnObjection(happened=_HELD, session=SESSION, objection=ENVELOPE_OBJECTION, stands=True, ruled_by=(BRID, LORCAN)),
    sessions.ObjectionRuled(
        **_in_partnership(SESSION, 16, _HELD),
        objection=ENVELOPE_OBJECTION,
        state=vocabulary.ObjectionState.standing,
        ruled_by=(BRID, LORCAN),
    ),
    sessions.AmendProposal(
        happened=_HELD,
        session=SESSION,
        decision=LETTER_DECISION,
        text="The letter says in plain words what happens on the day; the envelope is plain.",
        integrates=(ENVELOPE_OBJECTION,),
    ),
    sessions.ObjectionIntegrated(**_in_partnership(SESSION, 18, _HELD), objection=ENVELOPE_OBJECTION, proposal_version=2),
    sessions.WithdrawObjection(happened=_HELD, session=SESSION, objection=ENVELOPE_OBJECTION, member=AOIFE),
    sessions.ObjectionWithdrawn(**_in_partnership(SESSION, 18, _HELD), objection=ENVELOPE_OBJECTION),
    sessions.CloseProposal(
        happened=_HELD, session=SESSION, decision=LETTER_DECISION, outcome=vocabulary.DecisionOutcome.adopted_with_amendment
    ),
    sessions.CloseAgendaItem(happened=_HELD, session=SESSION, item=LETTER_ITEM),
    sessions.AgendaItemClosed(**_in_partnership(SESSION, 20, _HELD), item=LETTER_ITEM),
    sessions.RecordDeparture(happened=_HELD, session=SESSION, members=(LORCAN,)),
    sessions.MemberLeft(**_in_partnership(SESSION, 21, _HELD), member=LORCAN),
    sessions.QuorumLost(**_in_partnership(SESSION, 22, _HELD), item=None, present=1, lived_experience=1, provider=0),
    sessions.HoldSession(
        happened=_HELD,
        session=SESSION,
        chaired_by=(AOIFE, LORCAN),
        attendance=(
            sessions.Attendance(member=AOIFE, status=vocabulary.AttendanceStatus.attended),
            sessions.Attendance(member=LORCAN, status=vocabulary.AttendanceStatus.attended_part),
        ),
        contributions=(sessions.Contributions(side=vocabulary.Side.lived_experience, count=22),),
        discussed=(LETTER_ITEM,),
    ),
    sessions.SessionHeld(
        **_in_partnership(SESSION, 5, _HELD),
        kind=vocabulary.SessionKind.co_design_workshop,
        mode=vocabulary.SessionMode.hybrid,
        chaired_by=(AOIFE, LORCAN),
        chaired=(vocabulary.Side.lived_experience, vocabulary.Side.provider),
        discussed=(LETTER_ITEM,),
    ),
    sessions.AttendanceRecorded(
        **_in_partnership(SESSION, 6, _HELD),
        member=AOIFE,
        perspective=vocabulary.Perspective.lived_experience_self,
        status=vocabulary.AttendanceStatus.attended,
    ),
    sessions.ContributionRecorded(
        **_in_partnership(SESSION, 8, _HELD), side=vocabulary.Side.lived_experience, kind=vocabulary.ContributionKind.spoken, count=22
    ),
    sessions.SubmitPulse(session=SESSION, answers=(sessions.PulseAnswer(side=vocabulary.Side.lived_experience, heard=4),)),
    sessions.PulseSubmitted(**_in_partnership(SESSION, 9, _HELD), side=vocabulary.Side.lived_experience, heard=4),
    sessions.CloseDecision(
        happened=_HELD,
        session=SESSION,
        title="Write the first letter anew, in plain words",
        method=vocabulary.DecisionMethod.consent,
        lived_experience=(1, 0, 0),
        provider=(1, 0, 0),
        outcome=vocabulary.DecisionOutcome.adopted_with_amendment,
    ),
    sessions.DecisionClosed(
        **_in_partnership(SESSION, 10, _HELD),
        decision=LETTER_DECISION,
        title=_sealed(3, SESSION),
        method=vocabulary.DecisionMethod.consent,
        lived_experience=(1, 0, 0),
        provider=(1, 0, 0),
        employed=(0, 0, 0),
        other=(0, 0, 0),
        outcome=vocabulary.DecisionOutcome.adopted_with_amendment,
        rests_on=vocabulary.DecisionRecord.positions,
        item=LETTER_ITEM,
        proposal_version=2,
        binding=vocabulary.BindingForce.binding,
        objections=((vocabulary.Side.lived_experience, vocabulary.ObjectionState.integrated),),
        carried_on_both_sides=True,
        quorate=True,
    ),
    sessions.AgreeAction(
        happened=_HELD,
        session=SESSION,
        decision=LETTER_DECISION,
        title="Send the new letter to everybody who is invited for the first time",
        owner_side=vocabulary.OwnerSide.joint,
        original_due=date(2025, 5, 30),
    ),
    sessions.ActionAgreed(
        **_in_partnership(SESSION, 11, _HELD),
        action=LETTER_ACTION,
        decision=LETTER_DECISION,
        title=_sealed(4, SESSION),
        owner_side=vocabulary.OwnerSide.joint,
        original_due=date(2025, 5, 30),
    ),
    sessions.MoveActionDueDate(session=SESSION, action=LETTER_ACTION, due=date(2025, 6, 13)),
    sessions.ActionDueDateMoved(**_in_partnership(SESSION, 12, _LETTER_SENT), action=LETTER_ACTION, due=date(2025, 6, 13)),
    sessions.CompleteAction(happened=_LETTER_SENT, session=SESSION, action=LETTER_ACTION),
    sessions.ActionCompleted(**_in_partnership(SESSION, 13, _LETTER_SENT), action=LETTER_ACTION),
    sessions.CancelAction(session=SESSION, action=LETTER_ACTION, decision=LETTER_DECISION),
    sessions.ActionCancelled(**_in_partnership(SESSION, 13, _LETTER_SENT), action=LETTER_ACTION, decision=LETTER_DECISION),
    sessions.DraftMinutes(happened=_HELD, session=SESSION, text="Aoife and Lorcan chaired. The letter is written anew; see the decision."),
    sessions.MinutesDrafted(**_in_partnership(SESSION, 14, _HELD), minutes_version=1, text=_sealed(11, SESSION)),
    sessions.AcceptMinutes(happened=_HELD, session=SESSION, minutes_version=1, member=AOIFE),
    sessions.MinutesAccepted(
        **_in_partnership(SESSION, 15, _HELD),
        minutes_version=1,
        member=AOIFE,
        perspective=vocabulary.Perspective.lived_experience_self,
    ),
    sessions.MinutesAgreed(**_in_partnership(SESSION, 17, _HELD), minutes_version=1, digest="11" * 32, agreed_by=(AOIFE, LORCAN)),
    sessions.CorrectMinutes(session=SESSION, text="The hall was the one by the river.", raised_by=AOIFE),
    sessions.MinutesCorrected(
        **_in_partnership(SESSION, 18, _LETTER_SENT),
        correction=HALL_CORRECTION,
        corrects=1,
        digest="11" * 32,
        text=_sealed(12, AOIFE),
        raised_by=AOIFE,
    ),
    correction := sessions.CorrectionSummary(
        id=HALL_CORRECTION, text="The hall was the one by the river.", raised_by=AOIFE, happened=_LETTER_SENT
    ),
    minutes := sessions.MinutesSummary(
        version=1,
        text="Aoife and Lorcan chaired. The letter is written anew; see the decision.",
        digest="11" * 32,
        accepted_by=(AOIFE, LORCAN),
        agreed=_HELD,
        corrections=(correction,),
    ),
    sessions.CancelSession(session=SNOWED_IN, reason=vocabulary.CancellationReason.weather),
    sessions.SessionCancelled(
        **_in_partnership(SNOWED_IN, 2, datetime(2025, 2, 19, 8, 0, tzinfo=UTC)), cancellation_reason=vocabulary.CancellationReason.weather
    ),
    sessions.GetSession(session=SESSION),
    sessions.GetCalendar(session=SESSION),
    sessions.CalendarEntry(calendar="BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…END:VCALENDAR\r\n"),
    answered := sessions.InvitationSummary(member=AOIFE, answer=vocabulary.InvitationAnswer.accepted),
    letter_now := sessions.MaterialSummary(
        id=LETTER_NOW,
        item=LETTER_ITEM,
        title="The letter as it is now",
        document=_DOCUMENT,
        formats=(vocabulary.InformationFormat.easy_read,),
    ),
    item := sessions.AgendaItemSummary(
        id=LETTER_ITEM,
        title="The first letter people get",
        forgotten=False,
        origin=vocabulary.AgendaItemOrigin.raised_by_member,
        raised_by=AOIFE,
        discussed=True,
    ),
    objection := sessions.ObjectionSummary(
        id=ENVELOPE_OBJECTION,
        member=AOIFE,
        reason="The neighbours would read the ward's name.",
        raised_to=1,
        state=vocabulary.ObjectionState.integrated,
    ),
    proposal := sessions.ProposalSummary(
        id=LETTER_DECISION,
        item=LETTER_ITEM,
        title="Write the first letter anew, in plain words",
        text="The letter says in plain words what happens on the day; the envelope is plain.",
        options=(),
        version=2,
        closed=True,
        positions=(sessions.MemberPosition(member=AOIFE, position=vocabulary.Position.consent),),
        objections=(objection,),
    ),
    decision := sessions.DecisionSummary(
        id=LETTER_DECISION,
        title="Write the first letter anew, in plain words",
        method=vocabulary.DecisionMethod.consent,
        lived_experience=(1, 0, 0),
        provider=(1, 0, 0),
        employed=(0, 0, 0),
        other=(0, 0, 0),
        outcome=vocabulary.DecisionOutcome.adopted_with_amendment,
    ),
    action := sessions.ActionSummary(
        id=LETTER_ACTION,
        decision=LETTER_DECISION,
        title="Send the new letter to everybody who is invited for the first time",
        owner_side=vocabulary.OwnerSide.joint,
        original_due=date(2025, 5, 30),
        due=date(2025, 6, 13),
        state=vocabulary.ActionState.completed,
        completed=_LETTER_SENT,
    ),
    sessions.SessionDetail(
        id=SESSION,
        partnership=PARTNERSHIP,
        kind=vocabulary.SessionKind.co_design_workshop,
        mode=vocabulary.SessionMode.hybrid,
        starts=_HELD,
        status=vocabulary.SessionStatus.held,
        version=13,
        place="The parish hall, door on the river side",
        minutes=150,
        invited=(AOIFE, LORCAN),
        answers=(answered,),
        materials=(letter_now,),
        attendance=(sessions.Attendance(member=AOIFE, status=vocabulary.AttendanceStatus.attended),),
        agenda=(item,),
        proposals=(proposal,),
        minutes_taken=minutes,
        decisions=(decision,),
        actions=(action,),
    ),
    sessions.ListSessions(partnership=PARTNERSHIP, limit=20),
    meeting := sessions.SessionSummary(
        id=SESSION,
        partnership=PARTNERSHIP,
        kind=vocabulary.SessionKind.co_design_workshop,
        mode=vocabulary.SessionMode.hybrid,
        starts=_HELD,
        status=vocabulary.SessionStatus.held,
    ),
    sessions.SessionPage(items=(meeting,), next=None),
)

_FEEDBACK = (
    feedback.ReceiveFeedback(
        happened=_RECEIVED,
        partnership=PARTNERSHIP,
        kind=vocabulary.FeedbackKind.suggestion,
        relation=vocabulary.FeedbackAuthorRelation.service_user,
        anonymity=vocabulary.AnonymityMode.anonymous_to_partnership,
        channel=vocabulary.FeedbackChannel.paper,
        text="The first letter frightened me. Could it say what will happen on the day?",
        rating=2,
    ),
    feedback.FeedbackReceived(
        **_in_partnership(STATEMENT, 1, _RECEIVED),
        session=None,
        kind=vocabulary.FeedbackKind.suggestion,
        relation=vocabulary.FeedbackAuthorRelation.service_user,
        anonymity=vocabulary.AnonymityMode.anonymous_to_partnership,
        channel=vocabulary.FeedbackChannel.paper,
        rating=2,
        text=_sealed(5, _CONTRIBUTOR),
    ),
    feedback.ThemeFeedback(feedback=STATEMENT, theme=vocabulary.FeedbackTheme.communication_and_information, sub_theme="letters"),
    feedback.FeedbackThemed(
        **_in_partnership(STATEMENT, 2, _RECEIVED), theme=vocabulary.FeedbackTheme.communication_and_information, sub_theme="letters"
    ),
    feedback.RespondToFeedback(
        happened=_ANSWERED, feedback=STATEMENT, text="Thank you. The partnership takes it up on 19 March; you will hear from us."
    ),
    feedback.FeedbackResponded(**_in_partnership(STATEMENT, 3, _ANSWERED), text=_sealed(6, _CONTRIBUTOR)),
    feedback.ChangePlanned(**_in_partnership(STATEMENT, 4, _HELD)),
    feedback.RecordOutcome(happened=_LETTER_SENT, feedback=STATEMENT, outcome=vocabulary.FeedbackOutcome.change_made),
    feedback.ChangeMade(**_in_partnership(STATEMENT, 5, _LETTER_SENT)),
    feedback.ChangeDeclined(**_in_partnership(STATEMENT, 5, _LETTER_SENT), outcome=vocabulary.FeedbackOutcome.cannot_change),
    feedback.FeedbackEscalated(**_in_partnership(STATEMENT, 4, _ANSWERED)),
    feedback.TellOutcome(happened=_LETTER_SENT, feedback=STATEMENT),
    feedback.OutcomeTold(**_in_partnership(STATEMENT, 6, _LETTER_SENT)),
    feedback.ImportFeedback(
        partnership=PARTNERSHIP,
        source="friends-and-family-2025",
        comments=(
            feedback.SurveyComment(
                reference="row-17",
                respondent="17",
                received=_RECEIVED,
                kind=vocabulary.FeedbackKind.compliment,
                text="Everybody took their time.",
                rating=5,
            ),
        ),
    ),
    feedback.ImportReceipt(stored=1, known=0, source="feedback", position=7),
    feedback.GetFeedback(feedback=STATEMENT),
    feedback.FeedbackDetail(
        id=STATEMENT,
        partnership=PARTNERSHIP,
        kind=vocabulary.FeedbackKind.suggestion,
        theme=vocabulary.FeedbackTheme.communication_and_information,
        state=vocabulary.FeedbackState.change_made,
        told=True,
        received=_RECEIVED,
        rating=2,
        version=6,
        forgotten=False,
        text="The first letter frightened me. Could it say what will happen on the day?",
        responses=("Thank you. The partnership takes it up on 19 March; you will hear from us.",),
    ),
    feedback.ListFeedback(partnership=PARTNERSHIP, limit=20),
    statement := feedback.FeedbackSummary(
        id=STATEMENT,
        partnership=PARTNERSHIP,
        kind=vocabulary.FeedbackKind.suggestion,
        theme=vocabulary.FeedbackTheme.communication_and_information,
        state=vocabulary.FeedbackState.change_made,
        told=True,
        received=_RECEIVED,
        rating=2,
    ),
    feedback.FeedbackPage(items=(statement,), next=None),
)

_COMPUTED: dict[str, Any] = {
    "origin": "comhar/ABH",
    "size": 29,
    "root": "7b" * 32,
    "code": "0.1.0",
    "country": "IE",
    "time_zone": "Europe/Dublin",
    "rounding": "half_up",
    "suppression": "PULSE_LT5.v1",
    "definitions": (reporting.DefinitionUsed(code="CP-10", version=1, hash="1d" * 32),),
}
_BEHIND = reporting.TracedNumber(code="CP-10", period="2025Q2", number="n", sums="facts", entries=((24, 24),), rests_on=((28, 28),))

_REPORTING = (
    reporting.GetReport(partnership=PARTNERSHIP, period="2025Q2"),
    on_time := reporting.IndicatorDefinition(
        code="CP-10",
        version=1,
        name="Actions done on time",
        numerator="actions completed by their original due date",
        denominator="actions due in the period, those cancelled by decision left out",
        unit="%",
        direction=vocabulary.Direction.increase,
        band=None,
        person_based=False,
    ),
    one_of_one := reporting.Figure(
        code="CP-10",
        version=1,
        period="2025Q2",
        n=1,
        d=1,
        value=100.0,
        unit="%",
        direction=vocabulary.Direction.increase,
        band=None,
        components={},
        status=vocabulary.CellStatus.value,
        low_base=True,
    ),
    heard := reporting.FeedbackCounts(
        received=1,
        by_kind={"suggestion": 1},
        by_theme={"communication_and_information": 1},
        by_rating={"2": 1},
        loops_closed=1,
    ),
    reporting.Report(
        partnership=PARTNERSHIP,
        name="Abhainn Recovery Partnership",
        period="2025Q2",
        as_known_at=datetime(2025, 7, 14, 12, 0, tzinfo=UTC),
        as_of_entry=None,
        effective=None,
        witnessed=None,
        known={"feedback": 7, "partnerships": 7, "sessions": 15},
        definitions=(on_time,),
        figures=(one_of_one,),
        feedback=heard,
    ),
    reporting.PublishFigures(partnership=PARTNERSHIP, period="2025Q2", as_of_entry=29),
    reporting.FigurePublished(
        **_in_partnership(PUBLICATIONS, 1, _PUBLISHED),
        figure=FIGURE,
        supersedes=None,
        period="2025Q2",
        **_COMPUTED,
        digest="f1" * 32,
        report="{}",
        traced=1,
    ),
    reporting.FigureTraced(
        **_in_partnership(PUBLICATIONS, 2, _PUBLISHED), figure=FIGURE, part=1, entries=((1, 20), (22, 29)), numbers=(_BEHIND,)
    ),
    reporting.ListFigures(partnership=PARTNERSHIP, period="2025Q2", limit=20),
    published := reporting.FigureSummary(
        figure=FIGURE,
        partnership=PARTNERSHIP,
        period="2025Q2",
        published=_PUBLISHED,
        size=29,
        digest="f1" * 32,
        supersedes=None,
        superseded_by=None,
        witnessed=_PUBLISHED,
    ),
    reporting.FigurePage(items=(published,), next=None),
    reporting.GetFigure(figure=FIGURE),
    reporting.PublishedFigure(**{**dict(published), **_COMPUTED}, report="{}"),
    reporting.ReproduceFigure(figure=FIGURE),
    reporting.Reproduction(
        figure=FIGURE, partnership=PARTNERSHIP, same=True, published="f1" * 32, computed="f1" * 32, size=29, entries=28, differs=()
    ),
    reporting.GetLineage(figure=FIGURE, indicator="CP-10", limit=20),
    behind_it := reporting.LineageFact(
        number=24,
        type="sessions.ActionAgreed.v1",
        source="sessions",
        happened=_HELD,
        recorded=_HELD + timedelta(hours=1),
        says="action agreed: owner side joint, original due 2025-05-30",
        counted_in=("CP-10 2025Q2 n",),
        rests_under=(),
        proof="/v1/audit/entries/24/proof",
    ),
    reporting.Lineage(
        figure=FIGURE,
        partnership=PARTNERSHIP,
        origin="comhar/ABH",
        size=29,
        root="7b" * 32,
        read=((1, 20), (22, 29)),
        facts=(behind_it,),
        next=None,
    ),
)

_AUDIT = (
    log.FactsAfter(after=15),
    audit.GetCompleteness(),
    audit.SourceAdopted(**_by_comhar(1, _PROPOSED), source="sessions", store=_STORE, after=0),
    audit.LedgerKeyAdded(**_by_comhar(2, _PROPOSED), key=_VERIFIER),
    audit.LedgerKeyRetired(**_by_comhar(3, _LETTER_SENT), key=_VERIFIER),
    whole := audit.SourceCompleteness(source="sessions", store=_STORE, after=0, first=1, last=15, facts=15, holes=(), head=15, lag=0),
    signed := audit.CheckpointSummary(size=29, root="7b" * 32, signed=_LETTER_SENT, witnessed=None),
    audit.Completeness(whole=True, entries=29, root="7b" * 32, checkpoint=signed, unread=(), sources=(whole,)),
    audit.FindHead(entries=29),
    audit.LedgerHead(origin="comhar/ABH", size=29, root="7b" * 32, signed=_LETTER_SENT, witnessed=None),
    audit.FindMoment(as_known_at=_LETTER_SENT),
    audit.EntriesOf(partnership=PARTNERSHIP, to_entry=29),
    audit.DescribeEntries(numbers=(24,)),
    described := audit.EntrySummary(
        number=24,
        type="sessions.ActionAgreed.v1",
        source="sessions",
        position=13,
        happened=_HELD,
        recorded=_HELD + timedelta(hours=1),
        says="action agreed: owner side joint, original due 2025-05-30",
        proof="/v1/audit/entries/24/proof",
    ),
    audit.EntrySummaries(items=(described,)),
    audit.LedgerFacts(source="sessions", after=12),
    audit.ReplayPartnership(partnership=PARTNERSHIP, to_entry=29, effective=date(2025, 5, 31)),
    audit.GetDifference(partnership=PARTNERSHIP, from_entry=28, to_entry=29),
    moment := audit.Moment(entries=29, as_known_at=None, effective=date(2025, 5, 31), witnessed=_LETTER_SENT + timedelta(hours=2)),
    member := audit.MemberState(
        id=AOIFE,
        role=vocabulary.ParticipantRole.service_user,
        perspective=vocabulary.Perspective.lived_experience_self,
        joined=_BEGAN,
        ended=None,
        end_reason=None,
        on_leave=False,
    ),
    workshop := audit.ReplayedSession(
        id=SESSION,
        kind=vocabulary.SessionKind.co_design_workshop,
        mode=vocabulary.SessionMode.in_person,
        status=vocabulary.SessionStatus.held,
        starts=_HELD,
        held=_HELD,
        cancelled_for=None,
        invited={vocabulary.Side.lived_experience: 1, vocabulary.Side.provider: 1},
        attended={vocabulary.Side.lived_experience: 1, vocabulary.Side.provider: 1},
        contributions={vocabulary.Side.lived_experience: 12, vocabulary.Side.provider: 9},
        items_raised=1,
        items_discussed=1,
        pulses=1,
    ),
    letter_decided := audit.ReplayedDecision(
        number=1,
        id=LETTER_DECISION,
        session=SESSION,
        method=vocabulary.DecisionMethod.consent,
        outcome=vocabulary.DecisionOutcome.adopted,
        lived_experience=(1, 0, 0),
        provider=(1, 0, 0),
        employed=(0, 0, 0),
        other=(0, 0, 0),
        closed=_HELD,
    ),
    letter_sent := audit.ReplayedAction(
        number=1,
        id=LETTER_ACTION,
        session=SESSION,
        decision=LETTER_DECISION,
        owner_side=vocabulary.OwnerSide.joint,
        original_due=date(2025, 5, 30),
        due=date(2025, 5, 30),
        state=vocabulary.ActionState.completed,
        completed=_LETTER_SENT,
        overdue=False,
    ),
    audit.ReadLedger(path="tile/entries/000.p/29"),
    audit.ProveEntry(entry=29),
    audit.WitnessAnswer(status=409, type="text/x.tlog.size", body="29\n"),
    audit.PartnershipState(
        partnership=PARTNERSHIP,
        moment=moment,
        entries=29,
        last_entry=29,
        recorded=_LETTER_SENT,
        name="Abhainn Recovery Partnership",
        status=vocabulary.PartnershipStatus.active,
        terms_of_reference=1,
        terms_agreed=_BEGAN,
        co_chairs={vocabulary.Side.lived_experience: AOIFE, vocabulary.Side.provider: LORCAN},
        members=(member,),
        sessions=(workshop,),
        decisions_closed=(letter_decided,),
        actions=(letter_sent,),
        sessions_planned=2,
        sessions_held=1,
        sessions_cancelled=1,
        decisions=1,
        decisions_adopted=1,
        actions_open=0,
        actions_overdue=0,
        actions_completed=1,
        actions_cancelled=0,
        feedback_received=1,
        feedback_responded=1,
        loops_closed=1,
        feedback_by_state={"change_made": 1},
        feedback_by_kind={"suggestion": 1},
        feedback_by_theme={"communication_and_information": 1},
        facts={"partnerships.PartnershipProposed.v1": 1, "sessions.SessionHeld.v1": 1},
    ),
    audit.Difference(
        partnership=PARTNERSHIP,
        name="Abhainn Recovery Partnership",
        before=moment.model_copy(update={"entries": 28, "witnessed": None}),
        after=moment,
        changes=("1 action completed (1)", "CP-10 (2025) went from nothing to count to 100.0 %"),
    ),
)

_LOOKED = audit.AccessSummary(
    looked=_LETTER_SENT + timedelta(hours=1),
    actor="token:1f0c",
    role="data_protection_officer",
    operation="partnerships.get_partnership",
    reason="subject_request",
    partnership=PARTNERSHIP,
    member=None,
    about=None,
)
_ACCESS = (
    gateway.CreateToken(label="ward-tablet", role=vocabulary.SystemRole.responder, expires=datetime(2026, 1, 15, 10, 0, tzinfo=UTC)),
    gateway.TokenCreated(
        **_recorded(TOKEN, 1, _BEGAN),
        label="ward-tablet",
        granted_role=vocabulary.SystemRole.responder,
        region="ABH",
        secret="5e" * 32,
        expires=datetime(2026, 1, 15, 10, 0, tzinfo=UTC),
    ),
    gateway.RevokeToken(token=str(TOKEN)),
    gateway.TokenRevoked(**_recorded(TOKEN, 2, _LETTER_SENT)),
    gateway.AccessRecorded(
        **{**_recorded(_LOOK, 1, _LETTER_SENT), "role": "data_protection_officer", "reason": "subject_request"},
        operation="partnerships.get_partnership",
        about_partnership=PARTNERSHIP,
        about_member=None,
        about=None,
    ),
    audit.ListAccesses(partnership=PARTNERSHIP),
    _LOOKED,
    audit.AccessPage(items=(_LOOKED,), next=None),
    gateway.TokenSummary(
        id=str(TOKEN),
        label="ward-tablet",
        role=vocabulary.SystemRole.responder,
        created=_BEGAN,
        expires=datetime(2026, 1, 15, 10, 0, tzinfo=UTC),
        revoked=_LETTER_SENT,
    ),
    RefusalAnswer(
        kind="RuleBroken",
        code="session_not_held",
        reason="The session has not been held.",
        errors=(FieldError(pointer="/session", code="session_not_held", reason="The session has not been held."),),
    ),
)

_FORGOTTEN = UUID("b0000000-0000-4000-8000-000000000001")
_LEFT = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
_ON_WHAT_GROUND: dict[str, Any] = {
    "basis": vocabulary.ErasureBasis.consent_withdrawn,
    "scope": vocabulary.ErasureScope.everything_sealed,
}
_KEPT = forgetting.Kept(record=vocabulary.KeptRecord.facts_under_pseudonym, reason=vocabulary.KeptReason.public_task, until=None)
_DESTROYED = tuple(forgetting.ErasedIn(service=name, keys=1, boxes=boxes) for name, boxes in (("feedback", 2), ("sessions", 1)))
_ITEM = persons.HeldItem(
    service="sessions",
    what="You raised this item for the agenda of a session.",
    happened=_HELD,
    recorded=_HELD + timedelta(hours=1),
    about=SESSION,
    said={"partnership": str(PARTNERSHIP), "item": str(LETTER_ITEM), "origin": "raised_by_member"},
    words="The first letter people get",
    forgotten=False,
)
_PERSONS = (
    partnerships.RequestErasure(member=LORCAN, basis=vocabulary.ErasureBasis.consent_withdrawn),
    partnerships.ErasureRequested(**_recorded(_FORGOTTEN, 1, _LEFT), member=LORCAN, **_ON_WHAT_GROUND),
    partnerships.SubjectErased(**_recorded(_FORGOTTEN, 2, _LEFT), subject=LORCAN, keys=1, boxes=1, kept=(_KEPT,), **_ON_WHAT_GROUND),
    sessions.SubjectErased(**_recorded(_FORGOTTEN, 1, _LEFT), subject=_CONTRIBUTOR, keys=1, boxes=1, kept=(), **_ON_WHAT_GROUND),
    feedback.SubjectErased(**_recorded(_FORGOTTEN, 1, _LEFT), subject=_CONTRIBUTOR, keys=1, boxes=2, kept=(), **_ON_WHAT_GROUND),
    partnerships.ErasureCompleted(
        **_recorded(_FORGOTTEN, 3, _LEFT), erased=_DESTROYED, kept=(_KEPT,), backups_until=date(2026, 1, 19), **_ON_WHAT_GROUND
    ),
    partnerships.GetErasure(member=LORCAN),
    partnerships.ErasureReport(
        member=LORCAN,
        requested=_LEFT,
        completed=_LEFT + timedelta(hours=1),
        erased=_DESTROYED,
        kept=(_KEPT,),
        backups_until=date(2026, 1, 19),
        **_ON_WHAT_GROUND,
    ),
    persons.HeldAbout(member=AOIFE),
    persons.Held(items=(_ITEM,)),
    persons.GetPersonData(member=AOIFE),
    persons.PersonData(
        member=AOIFE, made=_LEFT, held=(_ITEM,), looked_at=(_LOOKED,), explained=("Feedback given without your id is not in here.",)
    ),
)

STORY: tuple[BaseModel, ...] = (*_PARTNERSHIPS, *_SESSIONS, *_FEEDBACK, *_REPORTING, *_AUDIT, *_ACCESS, *_PERSONS)
EXAMPLES: dict[type[BaseModel], BaseModel] = {type(example): example for example in STORY}
"""Message class -> its canonical example."""
