"""The one table of the API: what stands at which address. Everything else about an operation follows from its contract.

A parameter in braces is a field of the contract. The contract's other fields come from the query of a GET, or from the JSON body of
a POST. A class documents its operation, `contracts.permissions` says who may do it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.audit import (
    AccessPage,
    CheckpointPage,
    Completeness,
    Difference,
    ExportLedger,
    GetCompleteness,
    GetDifference,
    LedgerExport,
    ListAccesses,
    ListCheckpoints,
    PartnershipState,
    ReplayPartnership,
)
from contracts.countries import CountryProfile, GetCountry
from contracts.feedback import (
    FeedbackDetail,
    FeedbackPage,
    GetFeedback,
    ImportFeedback,
    ImportReceipt,
    ListFeedback,
    ReceiveFeedback,
    RecordOutcome,
    RespondToFeedback,
    TellOutcome,
    ThemeFeedback,
)
from contracts.model import Answer, Command, Contract, Receipt
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
from contracts.permissions import OPENING, RECORDED
from contracts.persons import GetPersonData, PersonData
from contracts.reporting import (
    FigurePage,
    GetFigure,
    GetLineage,
    GetReport,
    Lineage,
    ListFigures,
    PublishedFigure,
    PublishFigures,
    Report,
    ReproduceFigure,
    Reproduction,
)
from contracts.sessions import (
    AcceptAction,
    AcceptMinutes,
    ActionPage,
    AgreeAction,
    AmendProposal,
    AnswerInvitation,
    BlockAction,
    CalendarEntry,
    CancelAction,
    CancelSession,
    CastBallot,
    Certificate,
    CloseAgendaItem,
    CloseBallot,
    CloseDecision,
    CloseProposal,
    CompleteAction,
    CorrectMinutes,
    DiscussObjection,
    DraftMinutes,
    GetCalendar,
    GetCertificate,
    GetLearning,
    GetSession,
    HandleInterest,
    HandOutBallots,
    HandOverAction,
    HoldSession,
    InviteMembers,
    LearningRecord,
    ListActions,
    ListSessions,
    MoveActionDueDate,
    OpenAgendaItem,
    OpenSession,
    PlanSeries,
    PlanSession,
    ProposeAction,
    PublishSession,
    PutProposal,
    RaiseAgendaItem,
    RaiseObjection,
    RecordArrival,
    RecordDeparture,
    RuleOnObjection,
    SendMaterials,
    SessionDetail,
    SessionPage,
    SetDecisionMethod,
    StartAction,
    SubmitPulse,
    TakePositions,
    WithdrawObjection,
)

PREFIX = "/v1"
_BODY = 64 * 1024
_IMPORT = 1024 * 1024
SECONDS = 5.0
_SLOW_SECONDS = 30.0


@dataclass(frozen=True)
class Route:
    """One operation: `service.method`, what it takes and answers, and its limits. `place`: where the thing it makes is found."""

    method: str
    path: str
    operation: str
    contract: type[Contract]
    answer: type[Answer]
    place: str | None = None
    most_bytes: int = _BODY
    seconds: float = SECONDS

    @property
    def service(self) -> str:
        return self.operation.partition(".")[0]

    @property
    def in_path(self) -> tuple[str, ...]:
        """The fields of the contract that stand in the path."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def writes(self) -> bool:
        """Whether it is a command."""
        return issubclass(self.contract, Command)

    @property
    def changes(self) -> bool:
        """Whether it changes one thing that is there already, at a version that the caller may name (If-Match)."""
        return self.writes and bool(self.in_path)

    @property
    def versioned(self) -> bool:
        """Whether the answer is one thing with a version."""
        return "version" in self.answer.model_fields

    @property
    def recorded(self) -> bool:
        """Whether reading it may leave a record, and why it is read may be said."""
        return self.operation in {*OPENING, *RECORDED}

    @property
    def status(self) -> int:
        """How success is said."""
        return 201 if self.place else 200


def _read(path: str, operation: str, contract: type[Contract], answer: type[Answer]) -> Route:
    return Route("GET", path, operation, contract, answer)


def _replay(path: str, operation: str, contract: type[Contract], answer: type[Answer]) -> Route:
    return Route("GET", path, operation, contract, answer, seconds=_SLOW_SECONDS)


def _do(path: str, operation: str, contract: type[Command]) -> Route:
    return Route("POST", path, operation, contract, Receipt)


def _make(path: str, operation: str, contract: type[Command]) -> Route:
    return Route("POST", path, operation, contract, Receipt, place=f"{PREFIX}{path}/{{id}}")


ROUTES: tuple[Route, ...] = (
    _make("/partnerships", "partnerships.propose_partnership", ProposePartnership),
    _read("/partnerships", "partnerships.list_partnerships", ListPartnerships, PartnershipPage),
    _read("/partnerships/{partnership}", "partnerships.get_partnership", GetPartnership, PartnershipDetail),
    _do("/partnerships/{partnership}/members", "partnerships.add_member", AddMember),
    _do("/partnerships/{partnership}/nominations", "partnerships.nominate_member", NominateMember),
    _do("/partnerships/{partnership}/nominations/{member}/invite", "partnerships.invite_member", InviteMember),
    _do("/partnerships/{partnership}/nominations/{member}/end", "partnerships.end_nomination", EndNomination),
    _do("/partnerships/{partnership}/nominations/{member}/join", "partnerships.join_partnership", JoinPartnership),
    _do("/partnerships/{partnership}/members/{member}/leave", "partnerships.begin_leave", BeginLeave),
    _do("/partnerships/{partnership}/members/{member}/return", "partnerships.end_leave", EndLeave),
    _do("/partnerships/{partnership}/members/{member}/perspective", "partnerships.declare_perspective", DeclarePerspective),
    _do("/partnerships/{partnership}/members/{member}/offices", "partnerships.appoint_to_office", AppointToOffice),
    _do("/partnerships/{partnership}/members/{member}/offices/leave", "partnerships.leave_office", LeaveOffice),
    _do("/partnerships/{partnership}/members/{member}/corrections", "partnerships.correct_entry", CorrectEntry),
    _read("/partnerships/{partnership}/members/{member}/history", "partnerships.get_member_history", GetMemberHistory, MemberHistory),
    _read("/partnerships/{partnership}/standing", "partnerships.get_standing", GetStanding, PartnershipStanding),
    _do("/partnerships/{partnership}/members/{member}/end", "partnerships.end_membership", EndMembership),
    _do("/partnerships/{partnership}/members/{member}/consents", "partnerships.grant_consent", GrantConsent),
    _do("/partnerships/{partnership}/members/{member}/consents/withdraw", "partnerships.withdraw_consent", WithdrawConsent),
    _do("/partnerships/{partnership}/members/{member}/consents/refuse", "partnerships.refuse_consent", RefuseConsent),
    _read("/partnerships/{partnership}/due", "partnerships.get_due", GetDue, DueList),
    _do("/partnerships/{partnership}/members/{member}/interests", "partnerships.declare_interest", DeclareInterest),
    _do("/partnerships/{partnership}/members/{member}/interests/confirm", "partnerships.confirm_interests", ConfirmInterests),
    _do("/partnerships/{partnership}/members/{member}/interests/end", "partnerships.end_interest", EndInterest),
    _do("/partnerships/{partnership}/members/{member}/skills", "partnerships.offer_skill", OfferSkill),
    _do("/partnerships/{partnership}/members/{member}/skills/use", "partnerships.use_skill", UseSkill),
    _read(
        "/partnerships/{partnership}/members/{member}/participation",
        "partnerships.get_participation",
        GetParticipation,
        ParticipationDetail,
    ),
    _read("/partnerships/{partnership}/interests", "partnerships.get_interests_register", GetInterestsRegister, InterestsRegister),
    _do("/partnerships/{partnership}/members/{member}/access-needs", "partnerships.record_access_need", RecordAccessNeed),
    _do("/partnerships/{partnership}/members/{member}/access-needs/flag", "partnerships.flag_access_need", FlagAccessNeed),
    _do("/partnerships/{partnership}/members/{member}/access-needs/share", "partnerships.share_access_need", ShareAccessNeed),
    _do("/partnerships/{partnership}/members/{member}/access-needs/met", "partnerships.record_access_met", RecordAccessMet),
    _do("/partnerships/{partnership}/members/{member}/access-needs/review", "partnerships.review_access_need", ReviewAccessNeed),
    _read("/partnerships/{partnership}/members/{member}/access-needs", "partnerships.get_access_needs", GetAccessNeeds, AccessNeedsDetail),
    _do("/partnerships/{partnership}/members/{member}/equality", "partnerships.answer_equality_questions", AnswerEqualityQuestions),
    Route("POST", "/equality/{quarter}", "partnerships.count_equality", CountEquality, Receipt, seconds=_SLOW_SECONDS),
    _read("/equality/{quarter}", "partnerships.get_equality_counts", GetEqualityCounts, EqualityCounts),
    _read("/country", "partnerships.get_country", GetCountry, CountryProfile),
    _do("/partnerships/{partnership}/rate-card", "partnerships.adopt_rate_card", AdoptRateCard),
    _read("/partnerships/{partnership}/rate-card", "partnerships.get_rate_card", GetRateCard, RateCardDetail),
    _read("/partnerships/{partnership}/rate-cards", "partnerships.list_rate_cards", ListRateCards, RateCardHistory),
    _make("/work-items", "partnerships.open_work_item", OpenWorkItem),
    _read("/work-items", "partnerships.list_work_items", ListWorkItems, WorkItemPage),
    _read("/work-items/{work_item}", "partnerships.get_work_item", GetWorkItem, WorkItemDetail),
    _do("/work-items/{work_item}/ratings", "partnerships.rate_degree", RateDegree),
    _do("/work-items/{work_item}/agree", "partnerships.agree_degree", AgreeDegree),
    _make("/payments", "partnerships.offer_payment", OfferPayment),
    _read("/payments", "partnerships.list_payments", ListPayments, PaymentPage),
    Route("POST", "/payments/expenses", "partnerships.claim_expense", ClaimExpense, Receipt, place=f"{PREFIX}/payments/{{id}}"),
    _read("/payments/{payment}", "partnerships.get_payment", GetPayment, PaymentDetail),
    _do("/payments/{payment}/accept", "partnerships.accept_payment", AcceptPayment),
    _do("/payments/{payment}/decline", "partnerships.decline_payment", DeclinePayment),
    _do("/payments/{payment}/claim", "partnerships.claim_payment", ClaimPayment),
    _do("/payments/{payment}/approve", "partnerships.approve_payment", ApprovePayment),
    _do("/payments/{payment}/reject", "partnerships.reject_payment", RejectPayment),
    _do("/payments/{payment}/paid", "partnerships.record_payment_made", RecordPaymentMade),
    _do("/partnerships/{partnership}/co-chairs", "partnerships.name_co_chair", NameCoChair),
    _do("/partnerships/{partnership}/terms-of-reference/drafts", "partnerships.draft_terms_of_reference", DraftTermsOfReference),
    _do("/partnerships/{partnership}/terms-of-reference", "partnerships.agree_terms_of_reference", AgreeTermsOfReference),
    _do("/partnerships/{partnership}/composition", "partnerships.set_composition_rule", SetCompositionRule),
    _do("/partnerships/{partnership}/activate", "partnerships.activate_partnership", ActivatePartnership),
    _do("/partnerships/{partnership}/pause", "partnerships.pause_partnership", PausePartnership),
    _do("/partnerships/{partnership}/resume", "partnerships.resume_partnership", ResumePartnership),
    _do("/partnerships/{partnership}/close", "partnerships.close_partnership", ClosePartnership),
    _do("/partnerships/{partnership}/readiness", "partnerships.rate_readiness", RateReadiness),
    _read("/partnerships/{partnership}/readiness", "partnerships.get_readiness", GetReadiness, ReadinessDetail),
    _do("/partnerships/{partnership}/stages", "partnerships.move_stage", MoveStage),
    _read("/partnerships/{partnership}/next", "partnerships.get_next_steps", GetNextSteps, NextSteps),
    _do("/frameworks", "partnerships.adopt_framework", AdoptFramework),
    _read("/frameworks", "partnerships.list_frameworks", ListFrameworks, FrameworkList),
    _read("/frameworks/{framework}", "partnerships.get_framework", GetFramework, FrameworkDetail),
    _do("/partnerships/{partnership}/org-unit", "partnerships.place_partnership", PlacePartnership),
    _do("/org-units", "partnerships.open_org_unit", OpenOrgUnit),
    _read("/org-units", "partnerships.list_org_units", ListOrgUnits, OrgUnitTree),
    _do("/org-units/reorganise", "partnerships.reorganise_org_units", ReorganiseOrgUnits),
    _do("/org-units/bind", "partnerships.bind_org_units", BindOrgUnits),
    _read("/org-units/{unit}", "partnerships.get_org_unit", GetOrgUnit, OrgUnitDetail),
    _do("/org-units/{unit}/rename", "partnerships.rename_org_unit", RenameOrgUnit),
    _do("/org-units/{unit}/move", "partnerships.move_org_unit", MoveOrgUnit),
    _do("/org-units/{unit}/end", "partnerships.end_org_unit", EndOrgUnit),
    _do("/org-units/{unit}/corrections", "partnerships.correct_org_unit", CorrectOrgUnit),
    _read("/partnerships/{partnership}/sessions", "sessions.list_sessions", ListSessions, SessionPage),
    _read("/partnerships/{partnership}/feedback", "feedback.list_feedback", ListFeedback, FeedbackPage),
    _replay("/partnerships/{partnership}/reports/{period}", "reporting.get_report", GetReport, Report),
    Route(
        "POST",
        "/partnerships/{partnership}/reports/{period}/publications",
        "reporting.publish_figures",
        PublishFigures,
        Receipt,
        seconds=_SLOW_SECONDS,
    ),
    _read("/partnerships/{partnership}/figures", "reporting.list_figures", ListFigures, FigurePage),
    _read("/figures/{figure}", "reporting.get_figure", GetFigure, PublishedFigure),
    _replay("/figures/{figure}/reproduction", "reporting.reproduce_figure", ReproduceFigure, Reproduction),
    _replay("/figures/{figure}/lineage", "reporting.get_lineage", GetLineage, Lineage),
    _do("/persons/{member}/erasure", "partnerships.request_erasure", RequestErasure),
    _read("/persons/{member}/erasure", "partnerships.get_erasure", GetErasure, ErasureReport),
    Route("GET", "/persons/{member}/data", "gateway.get_person_data", GetPersonData, PersonData, seconds=_SLOW_SECONDS),
    _make("/sessions", "sessions.plan_session", PlanSession),
    _do("/sessions/series", "sessions.plan_series", PlanSeries),
    _read("/sessions/{session}/calendar", "sessions.get_calendar", GetCalendar, CalendarEntry),
    _do("/sessions/{session}/publish", "sessions.publish_session", PublishSession),
    _do("/sessions/{session}/answers", "sessions.answer_invitation", AnswerInvitation),
    _do("/sessions/{session}/materials", "sessions.send_materials", SendMaterials),
    _read("/sessions/{session}", "sessions.get_session", GetSession, SessionDetail),
    _do("/sessions/{session}/invitations", "sessions.invite_members", InviteMembers),
    _do("/sessions/{session}/agenda", "sessions.raise_agenda_item", RaiseAgendaItem),
    _do("/sessions/{session}/open", "sessions.open_session", OpenSession),
    _do("/sessions/{session}/arrivals", "sessions.record_arrival", RecordArrival),
    _do("/sessions/{session}/departures", "sessions.record_departure", RecordDeparture),
    _do("/sessions/{session}/agenda/{item}/interests", "sessions.handle_interest", HandleInterest),
    _do("/sessions/{session}/agenda/{item}/method", "sessions.set_decision_method", SetDecisionMethod),
    _do("/sessions/{session}/agenda/{item}/open", "sessions.open_agenda_item", OpenAgendaItem),
    _do("/sessions/{session}/agenda/{item}/close", "sessions.close_agenda_item", CloseAgendaItem),
    _do("/sessions/{session}/agenda/{item}/proposals", "sessions.put_proposal", PutProposal),
    _do("/sessions/{session}/decisions/{decision}/versions", "sessions.amend_proposal", AmendProposal),
    _do("/sessions/{session}/decisions/{decision}/positions", "sessions.take_positions", TakePositions),
    _do("/sessions/{session}/decisions/{decision}/ballots", "sessions.hand_out_ballots", HandOutBallots),
    _do("/sessions/{session}/decisions/{decision}/box", "sessions.cast_ballot", CastBallot),
    _do("/sessions/{session}/decisions/{decision}/box/close", "sessions.close_ballot", CloseBallot),
    _do("/sessions/{session}/decisions/{decision}/objections", "sessions.raise_objection", RaiseObjection),
    _do("/sessions/{session}/objections/{objection}/discuss", "sessions.discuss_objection", DiscussObjection),
    _do("/sessions/{session}/objections/{objection}/withdraw", "sessions.withdraw_objection", WithdrawObjection),
    _do("/sessions/{session}/objections/{objection}/rule", "sessions.rule_on_objection", RuleOnObjection),
    _do("/sessions/{session}/decisions/{decision}/close", "sessions.close_proposal", CloseProposal),
    _do("/sessions/{session}/hold", "sessions.hold_session", HoldSession),
    _do("/sessions/{session}/pulse", "sessions.submit_pulse", SubmitPulse),
    _do("/sessions/{session}/decisions", "sessions.close_decision", CloseDecision),
    _do("/sessions/{session}/actions", "sessions.agree_action", AgreeAction),
    _do("/sessions/{session}/actions/propose", "sessions.propose_action", ProposeAction),
    _do("/sessions/{session}/actions/{action}/accept", "sessions.accept_action", AcceptAction),
    _do("/sessions/{session}/actions/{action}/start", "sessions.start_action", StartAction),
    _do("/sessions/{session}/actions/{action}/block", "sessions.block_action", BlockAction),
    _do("/sessions/{session}/actions/{action}/hand-over", "sessions.hand_over_action", HandOverAction),
    _read("/partnerships/{partnership}/members/{member}/cpd", "sessions.get_learning", GetLearning, LearningRecord),
    _read("/partnerships/{partnership}/members/{member}/certificate", "sessions.get_certificate", GetCertificate, Certificate),
    _read("/actions", "sessions.list_actions", ListActions, ActionPage),
    _do("/sessions/{session}/actions/{action}/due-date", "sessions.move_action_due_date", MoveActionDueDate),
    _do("/sessions/{session}/actions/{action}/complete", "sessions.complete_action", CompleteAction),
    _do("/sessions/{session}/actions/{action}/cancel", "sessions.cancel_action", CancelAction),
    Route("POST", "/sessions/{session}/minutes", "sessions.draft_minutes", DraftMinutes, Receipt, most_bytes=4 * _BODY),
    _do("/sessions/{session}/minutes/acceptances", "sessions.accept_minutes", AcceptMinutes),
    _do("/sessions/{session}/minutes/corrections", "sessions.correct_minutes", CorrectMinutes),
    _do("/sessions/{session}/cancel", "sessions.cancel_session", CancelSession),
    _make("/feedback", "feedback.receive_feedback", ReceiveFeedback),
    Route("POST", "/feedback/import", "feedback.import_feedback", ImportFeedback, ImportReceipt, most_bytes=_IMPORT, seconds=_SLOW_SECONDS),
    _read("/feedback/{feedback}", "feedback.get_feedback", GetFeedback, FeedbackDetail),
    _do("/feedback/{feedback}/theme", "feedback.theme_feedback", ThemeFeedback),
    _do("/feedback/{feedback}/responses", "feedback.respond_to_feedback", RespondToFeedback),
    _do("/feedback/{feedback}/outcome", "feedback.record_outcome", RecordOutcome),
    _do("/feedback/{feedback}/told", "feedback.tell_outcome", TellOutcome),
    _read("/audit/completeness", "audit.get_completeness", GetCompleteness, Completeness),
    _read("/audit/accesses", "audit.list_accesses", ListAccesses, AccessPage),
    _read("/audit/export", "audit.export_ledger", ExportLedger, LedgerExport),
    _read("/audit/checkpoints", "audit.list_checkpoints", ListCheckpoints, CheckpointPage),
    _replay("/audit/partnerships/{partnership}", "audit.replay_partnership", ReplayPartnership, PartnershipState),
    _replay("/audit/partnerships/{partnership}/difference", "audit.get_difference", GetDifference, Difference),
)
