"""The skin of partnerships: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts.countries import CountryProfile, GetCountry
from contracts.log import FactsAfter
from contracts.model import Receipt
from contracts.partnerships import (
    AcceptPayment,
    AccessNeedsDetail,
    ActivatePartnership,
    AddMember,
    AdoptFramework,
    AdoptRateCard,
    AgreeDegree,
    AgreeTermsOfReference,
    AnswerEqualityQuestions,
    AppointToOffice,
    ApprovePayment,
    BeginLeave,
    BindOrgUnits,
    ClaimExpense,
    ClaimPayment,
    ClosePartnership,
    ConfirmInterests,
    CorrectEntry,
    CorrectOrgUnit,
    CountEquality,
    DeclareInterest,
    DeclarePerspective,
    DeclinePayment,
    DraftTermsOfReference,
    DueList,
    EndInterest,
    EndLeave,
    EndMembership,
    EndNomination,
    EndOrgUnit,
    EqualityCounts,
    ErasureReport,
    FlagAccessNeed,
    FrameworkDetail,
    FrameworkList,
    GetAccessNeeds,
    GetDue,
    GetEqualityCounts,
    GetErasure,
    GetFramework,
    GetInterestsRegister,
    GetMemberHistory,
    GetNextSteps,
    GetOrgUnit,
    GetParticipation,
    GetPartnership,
    GetPayment,
    GetRateCard,
    GetReadiness,
    GetStanding,
    GetWorkItem,
    GrantConsent,
    InterestsRegister,
    InviteMember,
    JoinPartnership,
    LeaveOffice,
    ListFrameworks,
    ListOrgUnits,
    ListPartnerships,
    ListPayments,
    ListRateCards,
    ListWorkItems,
    MemberHistory,
    MoveOrgUnit,
    MoveStage,
    NameCoChair,
    NextSteps,
    NominateMember,
    OfferPayment,
    OfferSkill,
    OpenOrgUnit,
    OpenWorkItem,
    OrgUnitDetail,
    OrgUnitTree,
    ParticipationDetail,
    PartnershipDetail,
    PartnershipPage,
    PartnershipStanding,
    PausePartnership,
    PaymentDetail,
    PaymentPage,
    PlacePartnership,
    ProposePartnership,
    RateCardDetail,
    RateCardHistory,
    RateDegree,
    RateReadiness,
    ReadinessDetail,
    RecordAccessMet,
    RecordAccessNeed,
    RecordPaymentMade,
    RefuseConsent,
    RejectPayment,
    RenameOrgUnit,
    ReorganiseOrgUnits,
    RequestErasure,
    ResumePartnership,
    ReviewAccessNeed,
    SetCompositionRule,
    ShareAccessNeed,
    UseSkill,
    WithdrawConsent,
    WorkItemDetail,
    WorkItemPage,
)
from contracts.persons import Held, HeldAbout
from services.partnerships.views import Directory, Erasures, LooseEnds, Occasions, Payments, ToForget, WorkItems
from shared.parts import Part, asker, readers
from shared.relay import Relay
from shared.rpc import rpc
from shared.tending import Tending


class PartnershipsService:
    """What partnerships is asked."""

    name = "partnerships"
    partnerships = Part("partnerships")
    log = Part("partnerships.log")
    relay = Relay()
    tending = Tending("partnerships")

    @rpc
    def propose_partnership(self, command: ProposePartnership) -> Receipt:
        return self.partnerships.propose_partnership(command=command)

    @rpc
    def add_member(self, command: AddMember) -> Receipt:
        return self.partnerships.add_member(command=command)

    @rpc
    def nominate_member(self, command: NominateMember) -> Receipt:
        return self.partnerships.nominate_member(command=command)

    @rpc
    def invite_member(self, command: InviteMember) -> Receipt:
        return self.partnerships.invite_member(command=command)

    @rpc
    def end_nomination(self, command: EndNomination) -> Receipt:
        return self.partnerships.end_nomination(command=command)

    @rpc
    def join_partnership(self, command: JoinPartnership) -> Receipt:
        return self.partnerships.join_partnership(command=command)

    @rpc
    def begin_leave(self, command: BeginLeave) -> Receipt:
        return self.partnerships.begin_leave(command=command)

    @rpc
    def end_leave(self, command: EndLeave) -> Receipt:
        return self.partnerships.end_leave(command=command)

    @rpc
    def declare_perspective(self, command: DeclarePerspective) -> Receipt:
        return self.partnerships.declare_perspective(command=command)

    @rpc
    def appoint_to_office(self, command: AppointToOffice) -> Receipt:
        return self.partnerships.appoint_to_office(command=command)

    @rpc
    def leave_office(self, command: LeaveOffice) -> Receipt:
        return self.partnerships.leave_office(command=command)

    @rpc
    def correct_entry(self, command: CorrectEntry) -> Receipt:
        return self.partnerships.correct_entry(command=command)

    @rpc
    def end_membership(self, command: EndMembership) -> Receipt:
        return self.partnerships.end_membership(command=command)

    @rpc
    def name_co_chair(self, command: NameCoChair) -> Receipt:
        return self.partnerships.name_co_chair(command=command)

    @rpc
    def draft_terms_of_reference(self, command: DraftTermsOfReference) -> Receipt:
        return self.partnerships.draft_terms_of_reference(command=command)

    @rpc
    def agree_terms_of_reference(self, command: AgreeTermsOfReference) -> Receipt:
        return self.partnerships.agree_terms_of_reference(command=command)

    @rpc
    def set_composition_rule(self, command: SetCompositionRule) -> Receipt:
        return self.partnerships.set_composition_rule(command=command)

    @rpc
    def activate_partnership(self, command: ActivatePartnership) -> Receipt:
        return self.partnerships.activate_partnership(command=command)

    @rpc
    def pause_partnership(self, command: PausePartnership) -> Receipt:
        return self.partnerships.pause_partnership(command=command)

    @rpc
    def resume_partnership(self, command: ResumePartnership) -> Receipt:
        return self.partnerships.resume_partnership(command=command)

    @rpc
    def close_partnership(self, command: ClosePartnership) -> Receipt:
        return self.partnerships.close_partnership(command=command)

    @rpc
    def grant_consent(self, command: GrantConsent) -> Receipt:
        return self.partnerships.grant_consent(command=command)

    @rpc
    def withdraw_consent(self, command: WithdrawConsent) -> Receipt:
        return self.partnerships.withdraw_consent(command=command)

    @rpc
    def refuse_consent(self, command: RefuseConsent) -> Receipt:
        return self.partnerships.refuse_consent(command=command)

    @rpc
    def get_due(self, query: GetDue) -> DueList:
        return self.partnerships.get_due(query=query)

    @rpc
    def declare_interest(self, command: DeclareInterest) -> Receipt:
        return self.partnerships.declare_interest(command=command)

    @rpc
    def confirm_interests(self, command: ConfirmInterests) -> Receipt:
        return self.partnerships.confirm_interests(command=command)

    @rpc
    def end_interest(self, command: EndInterest) -> Receipt:
        return self.partnerships.end_interest(command=command)

    @rpc
    def offer_skill(self, command: OfferSkill) -> Receipt:
        return self.partnerships.offer_skill(command=command)

    @rpc
    def use_skill(self, command: UseSkill) -> Receipt:
        return self.partnerships.use_skill(command=command)

    @rpc
    def adopt_rate_card(self, command: AdoptRateCard) -> Receipt:
        return self.partnerships.adopt_rate_card(command=command)

    @rpc
    def offer_payment(self, command: OfferPayment) -> Receipt:
        return self.partnerships.offer_payment(command=command)

    @rpc
    def claim_expense(self, command: ClaimExpense) -> Receipt:
        return self.partnerships.claim_expense(command=command)

    @rpc
    def accept_payment(self, command: AcceptPayment) -> Receipt:
        return self.partnerships.accept_payment(command=command)

    @rpc
    def decline_payment(self, command: DeclinePayment) -> Receipt:
        return self.partnerships.decline_payment(command=command)

    @rpc
    def claim_payment(self, command: ClaimPayment) -> Receipt:
        return self.partnerships.claim_payment(command=command)

    @rpc
    def approve_payment(self, command: ApprovePayment) -> Receipt:
        return self.partnerships.approve_payment(command=command)

    @rpc
    def reject_payment(self, command: RejectPayment) -> Receipt:
        return self.partnerships.reject_payment(command=command)

    @rpc
    def record_payment_made(self, command: RecordPaymentMade) -> Receipt:
        return self.partnerships.record_payment_made(command=command)

    @rpc
    def record_access_need(self, command: RecordAccessNeed) -> Receipt:
        return self.partnerships.record_access_need(command=command)

    @rpc
    def flag_access_need(self, command: FlagAccessNeed) -> Receipt:
        return self.partnerships.flag_access_need(command=command)

    @rpc
    def share_access_need(self, command: ShareAccessNeed) -> Receipt:
        return self.partnerships.share_access_need(command=command)

    @rpc
    def record_access_met(self, command: RecordAccessMet) -> Receipt:
        return self.partnerships.record_access_met(command=command)

    @rpc
    def review_access_need(self, command: ReviewAccessNeed) -> Receipt:
        return self.partnerships.review_access_need(command=command)

    @rpc
    def get_access_needs(self, query: GetAccessNeeds) -> AccessNeedsDetail:
        return self.partnerships.get_access_needs(query=query, context=asker())

    @rpc
    def answer_equality_questions(self, command: AnswerEqualityQuestions) -> Receipt:
        return self.partnerships.answer_equality_questions(command=command)

    @rpc
    def count_equality(self, command: CountEquality) -> Receipt:
        return self.partnerships.count_equality(command=command)

    @rpc
    def get_equality_counts(self, query: GetEqualityCounts) -> EqualityCounts:
        return self.partnerships.get_equality_counts(query=query)

    @rpc
    def get_country(self, query: GetCountry) -> CountryProfile:
        return self.partnerships.get_country(query=query)

    @rpc
    def open_work_item(self, command: OpenWorkItem) -> Receipt:
        return self.partnerships.open_work_item(command=command)

    @rpc
    def rate_degree(self, command: RateDegree) -> Receipt:
        return self.partnerships.rate_degree(command=command)

    @rpc
    def agree_degree(self, command: AgreeDegree) -> Receipt:
        return self.partnerships.agree_degree(command=command)

    @rpc
    def get_work_item(self, query: GetWorkItem) -> WorkItemDetail:
        return self.partnerships.get_work_item(query=query)

    @rpc
    def get_payment(self, query: GetPayment) -> PaymentDetail:
        return self.partnerships.get_payment(query=query)

    @rpc
    def get_rate_card(self, query: GetRateCard) -> RateCardDetail:
        return self.partnerships.get_rate_card(query=query)

    @rpc
    def list_payments(self, query: ListPayments) -> PaymentPage:
        return self.partnerships.list_payments(query=query)

    @rpc
    def list_work_items(self, query: ListWorkItems) -> WorkItemPage:
        return self.partnerships.list_work_items(query=query)

    @rpc
    def list_rate_cards(self, query: ListRateCards) -> RateCardHistory:
        return self.partnerships.list_rate_cards(query=query)

    @rpc
    def get_participation(self, query: GetParticipation) -> ParticipationDetail:
        return self.partnerships.get_participation(query=query, context=asker())

    @rpc
    def get_interests_register(self, query: GetInterestsRegister) -> InterestsRegister:
        return self.partnerships.get_interests_register(query=query, context=asker())

    @rpc
    def get_partnership(self, query: GetPartnership) -> PartnershipDetail:
        return self.partnerships.get_partnership(query=query, context=asker())

    @rpc
    def get_standing(self, query: GetStanding) -> PartnershipStanding:
        return self.partnerships.get_standing(query=query)

    @rpc
    def get_member_history(self, query: GetMemberHistory) -> MemberHistory:
        return self.partnerships.get_member_history(query=query)

    @rpc
    def list_partnerships(self, query: ListPartnerships) -> PartnershipPage:
        return self.partnerships.list_partnerships(query=query)

    @rpc
    def open_org_unit(self, command: OpenOrgUnit) -> Receipt:
        return self.partnerships.open_org_unit(command=command)

    @rpc
    def rename_org_unit(self, command: RenameOrgUnit) -> Receipt:
        return self.partnerships.rename_org_unit(command=command)

    @rpc
    def move_org_unit(self, command: MoveOrgUnit) -> Receipt:
        return self.partnerships.move_org_unit(command=command)

    @rpc
    def end_org_unit(self, command: EndOrgUnit) -> Receipt:
        return self.partnerships.end_org_unit(command=command)

    @rpc
    def reorganise_org_units(self, command: ReorganiseOrgUnits) -> Receipt:
        return self.partnerships.reorganise_org_units(command=command)

    @rpc
    def correct_org_unit(self, command: CorrectOrgUnit) -> Receipt:
        return self.partnerships.correct_org_unit(command=command)

    @rpc
    def bind_org_units(self, command: BindOrgUnits) -> Receipt:
        return self.partnerships.bind_org_units(command=command)

    @rpc
    def place_partnership(self, command: PlacePartnership) -> Receipt:
        return self.partnerships.place_partnership(command=command)

    @rpc
    def list_org_units(self, query: ListOrgUnits) -> OrgUnitTree:
        return self.partnerships.list_org_units(query=query)

    @rpc
    def get_org_unit(self, query: GetOrgUnit) -> OrgUnitDetail:
        return self.partnerships.get_org_unit(query=query)

    @rpc
    def adopt_framework(self, command: AdoptFramework) -> Receipt:
        return self.partnerships.adopt_framework(command=command)

    @rpc
    def rate_readiness(self, command: RateReadiness) -> Receipt:
        return self.partnerships.rate_readiness(command=command)

    @rpc
    def move_stage(self, command: MoveStage) -> Receipt:
        return self.partnerships.move_stage(command=command)

    @rpc
    def list_frameworks(self, query: ListFrameworks) -> FrameworkList:
        return self.partnerships.list_frameworks(query=query)

    @rpc
    def get_framework(self, query: GetFramework) -> FrameworkDetail:
        return self.partnerships.get_framework(query=query)

    @rpc
    def get_readiness(self, query: GetReadiness) -> ReadinessDetail:
        return self.partnerships.get_readiness(query=query)

    @rpc
    def get_next_steps(self, query: GetNextSteps) -> NextSteps:
        return self.partnerships.get_next_steps(query=query)

    @rpc
    def request_erasure(self, command: RequestErasure) -> Receipt:
        return self.partnerships.request_erasure(command=command)

    @rpc
    def get_erasure(self, query: GetErasure) -> ErasureReport:
        return self.partnerships.get_erasure(query=query)

    @rpc
    def held_about(self, query: HeldAbout) -> Held:
        return self.partnerships.held_about(query=query)

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)


PartnershipsReaders = readers(
    "partnerships", *(model.view for model in (Directory, ToForget, Erasures, Payments, WorkItems, Occasions, LooseEnds))
)
