"""The skin of partnerships: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts import partnerships as language
from contracts.countries import CountryProfile, GetCountry
from contracts.log import FactsAfter
from contracts.model import Receipt
from contracts.persons import Held, HeldAbout
from services.partnerships.views import Directory, Erasures, Expiring, LooseEnds, Occasions, Payments, ToForget, WorkItems
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
    def propose_partnership(self, command: language.ProposePartnership) -> Receipt:
        return self.partnerships.propose_partnership(command=command)

    @rpc
    def add_member(self, command: language.AddMember) -> Receipt:
        return self.partnerships.add_member(command=command)

    @rpc
    def nominate_member(self, command: language.NominateMember) -> Receipt:
        return self.partnerships.nominate_member(command=command)

    @rpc
    def invite_member(self, command: language.InviteMember) -> Receipt:
        return self.partnerships.invite_member(command=command)

    @rpc
    def end_nomination(self, command: language.EndNomination) -> Receipt:
        return self.partnerships.end_nomination(command=command)

    @rpc
    def join_partnership(self, command: language.JoinPartnership) -> Receipt:
        return self.partnerships.join_partnership(command=command)

    @rpc
    def begin_leave(self, command: language.BeginLeave) -> Receipt:
        return self.partnerships.begin_leave(command=command)

    @rpc
    def end_leave(self, command: language.EndLeave) -> Receipt:
        return self.partnerships.end_leave(command=command)

    @rpc
    def declare_perspective(self, command: language.DeclarePerspective) -> Receipt:
        return self.partnerships.declare_perspective(command=command)

    @rpc
    def appoint_to_office(self, command: language.AppointToOffice) -> Receipt:
        return self.partnerships.appoint_to_office(command=command)

    @rpc
    def leave_office(self, command: language.LeaveOffice) -> Receipt:
        return self.partnerships.leave_office(command=command)

    @rpc
    def correct_entry(self, command: language.CorrectEntry) -> Receipt:
        return self.partnerships.correct_entry(command=command)

    @rpc
    def end_membership(self, command: language.EndMembership) -> Receipt:
        return self.partnerships.end_membership(command=command)

    @rpc
    def name_co_chair(self, command: language.NameCoChair) -> Receipt:
        return self.partnerships.name_co_chair(command=command)

    @rpc
    def draft_terms_of_reference(self, command: language.DraftTermsOfReference) -> Receipt:
        return self.partnerships.draft_terms_of_reference(command=command)

    @rpc
    def agree_terms_of_reference(self, command: language.AgreeTermsOfReference) -> Receipt:
        return self.partnerships.agree_terms_of_reference(command=command)

    @rpc
    def set_composition_rule(self, command: language.SetCompositionRule) -> Receipt:
        return self.partnerships.set_composition_rule(command=command)

    @rpc
    def activate_partnership(self, command: language.ActivatePartnership) -> Receipt:
        return self.partnerships.activate_partnership(command=command)

    @rpc
    def pause_partnership(self, command: language.PausePartnership) -> Receipt:
        return self.partnerships.pause_partnership(command=command)

    @rpc
    def resume_partnership(self, command: language.ResumePartnership) -> Receipt:
        return self.partnerships.resume_partnership(command=command)

    @rpc
    def close_partnership(self, command: language.ClosePartnership) -> Receipt:
        return self.partnerships.close_partnership(command=command)

    @rpc
    def grant_consent(self, command: language.GrantConsent) -> Receipt:
        return self.partnerships.grant_consent(command=command)

    @rpc
    def withdraw_consent(self, command: language.WithdrawConsent) -> Receipt:
        return self.partnerships.withdraw_consent(command=command)

    @rpc
    def refuse_consent(self, command: language.RefuseConsent) -> Receipt:
        return self.partnerships.refuse_consent(command=command)

    @rpc
    def get_due(self, query: language.GetDue) -> language.DueList:
        return self.partnerships.get_due(query=query)

    @rpc
    def declare_interest(self, command: language.DeclareInterest) -> Receipt:
        return self.partnerships.declare_interest(command=command)

    @rpc
    def confirm_interests(self, command: language.ConfirmInterests) -> Receipt:
        return self.partnerships.confirm_interests(command=command)

    @rpc
    def end_interest(self, command: language.EndInterest) -> Receipt:
        return self.partnerships.end_interest(command=command)

    @rpc
    def offer_skill(self, command: language.OfferSkill) -> Receipt:
        return self.partnerships.offer_skill(command=command)

    @rpc
    def use_skill(self, command: language.UseSkill) -> Receipt:
        return self.partnerships.use_skill(command=command)

    @rpc
    def adopt_rate_card(self, command: language.AdoptRateCard) -> Receipt:
        return self.partnerships.adopt_rate_card(command=command)

    @rpc
    def offer_payment(self, command: language.OfferPayment) -> Receipt:
        return self.partnerships.offer_payment(command=command)

    @rpc
    def claim_expense(self, command: language.ClaimExpense) -> Receipt:
        return self.partnerships.claim_expense(command=command)

    @rpc
    def accept_payment(self, command: language.AcceptPayment) -> Receipt:
        return self.partnerships.accept_payment(command=command)

    @rpc
    def decline_payment(self, command: language.DeclinePayment) -> Receipt:
        return self.partnerships.decline_payment(command=command)

    @rpc
    def claim_payment(self, command: language.ClaimPayment) -> Receipt:
        return self.partnerships.claim_payment(command=command)

    @rpc
    def approve_payment(self, command: language.ApprovePayment) -> Receipt:
        return self.partnerships.approve_payment(command=command)

    @rpc
    def reject_payment(self, command: language.RejectPayment) -> Receipt:
        return self.partnerships.reject_payment(command=command)

    @rpc
    def record_payment_made(self, command: language.RecordPaymentMade) -> Receipt:
        return self.partnerships.record_payment_made(command=command)

    @rpc
    def identify_access_need(self, command: language.IdentifyAccessNeed) -> Receipt:
        return self.partnerships.identify_access_need(command=command)

    @rpc
    def record_identified_need(self, command: language.RecordIdentifiedNeed) -> Receipt:
        return self.partnerships.record_identified_need(command=command)

    @rpc
    def record_access_need(self, command: language.RecordAccessNeed) -> Receipt:
        return self.partnerships.record_access_need(command=command)

    @rpc
    def flag_access_need(self, command: language.FlagAccessNeed) -> Receipt:
        return self.partnerships.flag_access_need(command=command)

    @rpc
    def share_access_need(self, command: language.ShareAccessNeed) -> Receipt:
        return self.partnerships.share_access_need(command=command)

    @rpc
    def record_access_met(self, command: language.RecordAccessMet) -> Receipt:
        return self.partnerships.record_access_met(command=command)

    @rpc
    def confirm_access_met(self, command: language.ConfirmAccessMet) -> Receipt:
        return self.partnerships.confirm_access_met(command=command)

    @rpc
    def review_access_need(self, command: language.ReviewAccessNeed) -> Receipt:
        return self.partnerships.review_access_need(command=command)

    @rpc
    def get_wanted_formats(self, query: language.GetWantedFormats) -> language.WantedFormats:
        return self.partnerships.get_wanted_formats(query=query)

    @rpc
    def get_access_needs(self, query: language.GetAccessNeeds) -> language.AccessNeedsDetail:
        return self.partnerships.get_access_needs(query=query, context=asker())

    @rpc
    def answer_equality_questions(self, command: language.AnswerEqualityQuestions) -> Receipt:
        return self.partnerships.answer_equality_questions(command=command)

    @rpc
    def count_equality(self, command: language.CountEquality) -> Receipt:
        return self.partnerships.count_equality(command=command)

    @rpc
    def get_equality_counts(self, query: language.GetEqualityCounts) -> language.EqualityCounts:
        return self.partnerships.get_equality_counts(query=query)

    @rpc
    def get_country(self, query: GetCountry) -> CountryProfile:
        return self.partnerships.get_country(query=query)

    @rpc
    def open_work_item(self, command: language.OpenWorkItem) -> Receipt:
        return self.partnerships.open_work_item(command=command)

    @rpc
    def rate_degree(self, command: language.RateDegree) -> Receipt:
        return self.partnerships.rate_degree(command=command)

    @rpc
    def agree_degree(self, command: language.AgreeDegree) -> Receipt:
        return self.partnerships.agree_degree(command=command)

    @rpc
    def get_work_item(self, query: language.GetWorkItem) -> language.WorkItemDetail:
        return self.partnerships.get_work_item(query=query)

    @rpc
    def get_payment(self, query: language.GetPayment) -> language.PaymentDetail:
        return self.partnerships.get_payment(query=query)

    @rpc
    def get_rate_card(self, query: language.GetRateCard) -> language.RateCardDetail:
        return self.partnerships.get_rate_card(query=query)

    @rpc
    def list_payments(self, query: language.ListPayments) -> language.PaymentPage:
        return self.partnerships.list_payments(query=query)

    @rpc
    def list_work_items(self, query: language.ListWorkItems) -> language.WorkItemPage:
        return self.partnerships.list_work_items(query=query)

    @rpc
    def list_rate_cards(self, query: language.ListRateCards) -> language.RateCardHistory:
        return self.partnerships.list_rate_cards(query=query)

    @rpc
    def get_participation(self, query: language.GetParticipation) -> language.ParticipationDetail:
        return self.partnerships.get_participation(query=query, context=asker())

    @rpc
    def get_interests_register(self, query: language.GetInterestsRegister) -> language.InterestsRegister:
        return self.partnerships.get_interests_register(query=query, context=asker())

    @rpc
    def get_partnership(self, query: language.GetPartnership) -> language.PartnershipDetail:
        return self.partnerships.get_partnership(query=query, context=asker())

    @rpc
    def get_standing(self, query: language.GetStanding) -> language.PartnershipStanding:
        return self.partnerships.get_standing(query=query)

    @rpc
    def get_member_history(self, query: language.GetMemberHistory) -> language.MemberHistory:
        return self.partnerships.get_member_history(query=query)

    @rpc
    def list_partnerships(self, query: language.ListPartnerships) -> language.PartnershipPage:
        return self.partnerships.list_partnerships(query=query)

    @rpc
    def open_org_unit(self, command: language.OpenOrgUnit) -> Receipt:
        return self.partnerships.open_org_unit(command=command)

    @rpc
    def rename_org_unit(self, command: language.RenameOrgUnit) -> Receipt:
        return self.partnerships.rename_org_unit(command=command)

    @rpc
    def move_org_unit(self, command: language.MoveOrgUnit) -> Receipt:
        return self.partnerships.move_org_unit(command=command)

    @rpc
    def end_org_unit(self, command: language.EndOrgUnit) -> Receipt:
        return self.partnerships.end_org_unit(command=command)

    @rpc
    def reorganise_org_units(self, command: language.ReorganiseOrgUnits) -> Receipt:
        return self.partnerships.reorganise_org_units(command=command)

    @rpc
    def correct_org_unit(self, command: language.CorrectOrgUnit) -> Receipt:
        return self.partnerships.correct_org_unit(command=command)

    @rpc
    def bind_org_units(self, command: language.BindOrgUnits) -> Receipt:
        return self.partnerships.bind_org_units(command=command)

    @rpc
    def place_partnership(self, command: language.PlacePartnership) -> Receipt:
        return self.partnerships.place_partnership(command=command)

    @rpc
    def list_org_units(self, query: language.ListOrgUnits) -> language.OrgUnitTree:
        return self.partnerships.list_org_units(query=query)

    @rpc
    def get_org_unit(self, query: language.GetOrgUnit) -> language.OrgUnitDetail:
        return self.partnerships.get_org_unit(query=query)

    @rpc
    def adopt_framework(self, command: language.AdoptFramework) -> Receipt:
        return self.partnerships.adopt_framework(command=command)

    @rpc
    def rate_readiness(self, command: language.RateReadiness) -> Receipt:
        return self.partnerships.rate_readiness(command=command)

    @rpc
    def move_stage(self, command: language.MoveStage) -> Receipt:
        return self.partnerships.move_stage(command=command)

    @rpc
    def list_frameworks(self, query: language.ListFrameworks) -> language.FrameworkList:
        return self.partnerships.list_frameworks(query=query)

    @rpc
    def get_framework(self, query: language.GetFramework) -> language.FrameworkDetail:
        return self.partnerships.get_framework(query=query)

    @rpc
    def get_readiness(self, query: language.GetReadiness) -> language.ReadinessDetail:
        return self.partnerships.get_readiness(query=query)

    @rpc
    def get_next_steps(self, query: language.GetNextSteps) -> language.NextSteps:
        return self.partnerships.get_next_steps(query=query)

    @rpc
    def request_erasure(self, command: language.RequestErasure) -> Receipt:
        return self.partnerships.request_erasure(command=command)

    @rpc
    def get_erasure(self, query: language.GetErasure) -> language.ErasureReport:
        return self.partnerships.get_erasure(query=query)

    @rpc
    def held_about(self, query: HeldAbout) -> Held:
        return self.partnerships.held_about(query=query)

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)


PartnershipsReaders = readers(
    "partnerships", *(model.view for model in (Directory, ToForget, Erasures, Payments, WorkItems, Occasions, LooseEnds, Expiring))
)
