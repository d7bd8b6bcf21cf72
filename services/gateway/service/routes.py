"""The one table of the API: what stands at which address. Everything else about an operation follows from its contract.

The contract bears the operation's name (`add_member`: `AddMember`). A parameter in braces is a field of it; its other fields come
from the query of a GET, or from the JSON body of a POST. A class documents its operation, `contracts.permissions` says who may do it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts import audit, feedback, partnerships, reporting, sessions
from contracts.countries import CountryProfile
from contracts.language import asked
from contracts.model import Answer, Command, Contract, Receipt
from contracts.permissions import OPENING, RECORDED
from contracts.persons import PersonData

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


def _read(path: str, operation: str, answer: type[Answer], seconds: float = SECONDS) -> Route:
    return Route("GET", path, operation, asked(operation), answer, seconds=seconds)


def _do(
    path: str,
    operation: str,
    *,
    answer: type[Answer] = Receipt,
    place: str | None = None,
    most_bytes: int = _BODY,
    seconds: float = SECONDS,
) -> Route:
    return Route("POST", path, operation, asked(operation), answer, place, most_bytes, seconds)


def _make(path: str, operation: str) -> Route:
    return _do(path, operation, place=f"{PREFIX}{path}/{{id}}")


ROUTES: tuple[Route, ...] = (
    _make("/partnerships", "partnerships.propose_partnership"),
    _read("/partnerships", "partnerships.list_partnerships", partnerships.PartnershipPage),
    _read("/partnerships/{partnership}", "partnerships.get_partnership", partnerships.PartnershipDetail),
    _do("/partnerships/{partnership}/members", "partnerships.add_member"),
    _do("/partnerships/{partnership}/nominations", "partnerships.nominate_member"),
    _do("/partnerships/{partnership}/nominations/{member}/invite", "partnerships.invite_member"),
    _do("/partnerships/{partnership}/nominations/{member}/end", "partnerships.end_nomination"),
    _do("/partnerships/{partnership}/nominations/{member}/join", "partnerships.join_partnership"),
    _do("/partnerships/{partnership}/members/{member}/leave", "partnerships.begin_leave"),
    _do("/partnerships/{partnership}/members/{member}/return", "partnerships.end_leave"),
    _do("/partnerships/{partnership}/members/{member}/perspective", "partnerships.declare_perspective"),
    _do("/partnerships/{partnership}/members/{member}/offices", "partnerships.appoint_to_office"),
    _do("/partnerships/{partnership}/members/{member}/offices/leave", "partnerships.leave_office"),
    _do("/partnerships/{partnership}/members/{member}/corrections", "partnerships.correct_entry"),
    _read("/partnerships/{partnership}/members/{member}/history", "partnerships.get_member_history", partnerships.MemberHistory),
    _read("/partnerships/{partnership}/standing", "partnerships.get_standing", partnerships.PartnershipStanding),
    _do("/partnerships/{partnership}/members/{member}/end", "partnerships.end_membership"),
    _do("/partnerships/{partnership}/members/{member}/consents", "partnerships.grant_consent"),
    _do("/partnerships/{partnership}/members/{member}/consents/withdraw", "partnerships.withdraw_consent"),
    _do("/partnerships/{partnership}/members/{member}/consents/refuse", "partnerships.refuse_consent"),
    _read("/partnerships/{partnership}/due", "partnerships.get_due", partnerships.DueList),
    _do("/partnerships/{partnership}/members/{member}/interests", "partnerships.declare_interest"),
    _do("/partnerships/{partnership}/members/{member}/interests/confirm", "partnerships.confirm_interests"),
    _do("/partnerships/{partnership}/members/{member}/interests/end", "partnerships.end_interest"),
    _do("/partnerships/{partnership}/members/{member}/skills", "partnerships.offer_skill"),
    _do("/partnerships/{partnership}/members/{member}/skills/use", "partnerships.use_skill"),
    _read("/partnerships/{partnership}/members/{member}/participation", "partnerships.get_participation", partnerships.ParticipationDetail),
    _read("/partnerships/{partnership}/interests", "partnerships.get_interests_register", partnerships.InterestsRegister),
    _do("/partnerships/{partnership}/members/{member}/access-needs", "partnerships.record_access_need"),
    _do("/partnerships/{partnership}/members/{member}/access-needs/identify", "partnerships.identify_access_need"),
    _do("/partnerships/{partnership}/members/{member}/access-needs/record", "partnerships.record_identified_need"),
    _do("/partnerships/{partnership}/members/{member}/access-needs/flag", "partnerships.flag_access_need"),
    _do("/partnerships/{partnership}/members/{member}/access-needs/share", "partnerships.share_access_need"),
    _do("/partnerships/{partnership}/members/{member}/access-needs/met", "partnerships.record_access_met"),
    _do("/partnerships/{partnership}/members/{member}/access-needs/confirm", "partnerships.confirm_access_met"),
    _do("/partnerships/{partnership}/members/{member}/access-needs/review", "partnerships.review_access_need"),
    _read("/partnerships/{partnership}/members/{member}/access-needs", "partnerships.get_access_needs", partnerships.AccessNeedsDetail),
    _read("/partnerships/{partnership}/members/{member}/formats", "partnerships.get_wanted_formats", partnerships.WantedFormats),
    _do("/partnerships/{partnership}/members/{member}/equality", "partnerships.answer_equality_questions"),
    _do("/equality/{quarter}", "partnerships.count_equality", seconds=_SLOW_SECONDS),
    _read("/equality/{quarter}", "partnerships.get_equality_counts", partnerships.EqualityCounts),
    _read("/country", "partnerships.get_country", CountryProfile),
    _do("/partnerships/{partnership}/rate-card", "partnerships.adopt_rate_card"),
    _read("/partnerships/{partnership}/rate-card", "partnerships.get_rate_card", partnerships.RateCardDetail),
    _read("/partnerships/{partnership}/rate-cards", "partnerships.list_rate_cards", partnerships.RateCardHistory),
    _make("/work-items", "partnerships.open_work_item"),
    _read("/work-items", "partnerships.list_work_items", partnerships.WorkItemPage),
    _read("/work-items/{work_item}", "partnerships.get_work_item", partnerships.WorkItemDetail),
    _do("/work-items/{work_item}/ratings", "partnerships.rate_degree"),
    _do("/work-items/{work_item}/agree", "partnerships.agree_degree"),
    _make("/payments", "partnerships.offer_payment"),
    _read("/payments", "partnerships.list_payments", partnerships.PaymentPage),
    _do("/payments/expenses", "partnerships.claim_expense", place=PREFIX + "/payments/{id}"),
    _read("/payments/{payment}", "partnerships.get_payment", partnerships.PaymentDetail),
    _do("/payments/{payment}/accept", "partnerships.accept_payment"),
    _do("/payments/{payment}/decline", "partnerships.decline_payment"),
    _do("/payments/{payment}/claim", "partnerships.claim_payment"),
    _do("/payments/{payment}/approve", "partnerships.approve_payment"),
    _do("/payments/{payment}/reject", "partnerships.reject_payment"),
    _do("/payments/{payment}/paid", "partnerships.record_payment_made"),
    _do("/partnerships/{partnership}/co-chairs", "partnerships.name_co_chair"),
    _do("/partnerships/{partnership}/terms-of-reference/drafts", "partnerships.draft_terms_of_reference"),
    _do("/partnerships/{partnership}/terms-of-reference", "partnerships.agree_terms_of_reference"),
    _do("/partnerships/{partnership}/composition", "partnerships.set_composition_rule"),
    _do("/partnerships/{partnership}/activate", "partnerships.activate_partnership"),
    _do("/partnerships/{partnership}/pause", "partnerships.pause_partnership"),
    _do("/partnerships/{partnership}/resume", "partnerships.resume_partnership"),
    _do("/partnerships/{partnership}/close", "partnerships.close_partnership"),
    _do("/partnerships/{partnership}/readiness", "partnerships.rate_readiness"),
    _read("/partnerships/{partnership}/readiness", "partnerships.get_readiness", partnerships.ReadinessDetail),
    _do("/partnerships/{partnership}/stages", "partnerships.move_stage"),
    _read("/partnerships/{partnership}/next", "partnerships.get_next_steps", partnerships.NextSteps),
    _do("/frameworks", "partnerships.adopt_framework"),
    _read("/frameworks", "partnerships.list_frameworks", partnerships.FrameworkList),
    _read("/frameworks/{framework}", "partnerships.get_framework", partnerships.FrameworkDetail),
    _do("/partnerships/{partnership}/org-unit", "partnerships.place_partnership"),
    _do("/org-units", "partnerships.open_org_unit"),
    _read("/org-units", "partnerships.list_org_units", partnerships.OrgUnitTree),
    _do("/org-units/reorganise", "partnerships.reorganise_org_units"),
    _do("/org-units/bind", "partnerships.bind_org_units"),
    _read("/org-units/{unit}", "partnerships.get_org_unit", partnerships.OrgUnitDetail),
    _do("/org-units/{unit}/rename", "partnerships.rename_org_unit"),
    _do("/org-units/{unit}/move", "partnerships.move_org_unit"),
    _do("/org-units/{unit}/end", "partnerships.end_org_unit"),
    _do("/org-units/{unit}/corrections", "partnerships.correct_org_unit"),
    _read("/partnerships/{partnership}/sessions", "sessions.list_sessions", sessions.SessionPage),
    _read("/partnerships/{partnership}/feedback", "feedback.list_feedback", feedback.FeedbackPage),
    _read("/partnerships/{partnership}/reports/{period}", "reporting.get_report", reporting.Report, _SLOW_SECONDS),
    _do("/partnerships/{partnership}/reports/{period}/publications", "reporting.publish_figures", seconds=_SLOW_SECONDS),
    _read("/partnerships/{partnership}/figures", "reporting.list_figures", reporting.FigurePage),
    _read("/figures/{figure}", "reporting.get_figure", reporting.PublishedFigure),
    _read("/figures/{figure}/reproduction", "reporting.reproduce_figure", reporting.Reproduction, _SLOW_SECONDS),
    _read("/figures/{figure}/lineage", "reporting.get_lineage", reporting.Lineage, _SLOW_SECONDS),
    _do("/persons/{member}/erasure", "partnerships.request_erasure"),
    _read("/persons/{member}/erasure", "partnerships.get_erasure", partnerships.ErasureReport),
    _read("/persons/{member}/data", "gateway.get_person_data", PersonData, _SLOW_SECONDS),
    _make("/sessions", "sessions.plan_session"),
    _do("/sessions/series", "sessions.plan_series"),
    _read("/sessions/{session}/calendar", "sessions.get_calendar", sessions.CalendarEntry),
    _do("/sessions/{session}/move", "sessions.move_session"),
    _do("/sessions/{session}/publish", "sessions.publish_session"),
    _do("/sessions/{session}/answers", "sessions.answer_invitation"),
    _do("/sessions/{session}/materials", "sessions.send_materials"),
    _read("/sessions/{session}", "sessions.get_session", sessions.SessionDetail),
    _do("/sessions/{session}/invitations", "sessions.invite_members"),
    _do("/sessions/{session}/agenda", "sessions.raise_agenda_item"),
    _do("/sessions/{session}/open", "sessions.open_session"),
    _do("/sessions/{session}/arrivals", "sessions.record_arrival"),
    _do("/sessions/{session}/departures", "sessions.record_departure"),
    _do("/sessions/{session}/agenda/{item}/interests", "sessions.handle_interest"),
    _do("/sessions/{session}/agenda/{item}/method", "sessions.set_decision_method"),
    _do("/sessions/{session}/agenda/{item}/open", "sessions.open_agenda_item"),
    _do("/sessions/{session}/agenda/{item}/close", "sessions.close_agenda_item"),
    _do("/sessions/{session}/agenda/{item}/proposals", "sessions.put_proposal"),
    _do("/sessions/{session}/decisions/{decision}/versions", "sessions.amend_proposal"),
    _do("/sessions/{session}/decisions/{decision}/positions", "sessions.take_positions"),
    _do("/sessions/{session}/decisions/{decision}/positions/declined", "sessions.decline_positions"),
    _do("/sessions/{session}/decisions/{decision}/ballots", "sessions.hand_out_ballots"),
    _do("/sessions/{session}/decisions/{decision}/box", "sessions.cast_ballot"),
    _do("/sessions/{session}/decisions/{decision}/box/close", "sessions.close_ballot"),
    _do("/sessions/{session}/decisions/{decision}/objections", "sessions.raise_objection"),
    _do("/sessions/{session}/objections/{objection}/discuss", "sessions.discuss_objection"),
    _do("/sessions/{session}/objections/{objection}/withdraw", "sessions.withdraw_objection"),
    _do("/sessions/{session}/objections/{objection}/rule", "sessions.rule_on_objection"),
    _do("/sessions/{session}/decisions/{decision}/close", "sessions.close_proposal"),
    _do("/sessions/{session}/hold", "sessions.hold_session"),
    _do("/sessions/{session}/pulse", "sessions.submit_pulse"),
    _do("/sessions/{session}/decisions", "sessions.close_decision"),
    _do("/sessions/{session}/actions", "sessions.agree_action"),
    _do("/sessions/{session}/actions/propose", "sessions.propose_action"),
    _do("/sessions/{session}/actions/{action}/accept", "sessions.accept_action"),
    _do("/sessions/{session}/actions/{action}/start", "sessions.start_action"),
    _do("/sessions/{session}/actions/{action}/block", "sessions.block_action"),
    _do("/sessions/{session}/actions/{action}/hand-over", "sessions.hand_over_action"),
    _read("/partnerships/{partnership}/members/{member}/cpd", "sessions.get_learning", sessions.LearningRecord),
    _read("/partnerships/{partnership}/members/{member}/certificate", "sessions.get_certificate", sessions.Certificate),
    _read("/actions", "sessions.list_actions", sessions.ActionPage),
    _do("/sessions/{session}/actions/{action}/due-date", "sessions.move_action_due_date"),
    _do("/sessions/{session}/actions/{action}/complete", "sessions.complete_action"),
    _do("/sessions/{session}/actions/{action}/cancel", "sessions.cancel_action"),
    _do("/sessions/{session}/minutes", "sessions.draft_minutes", most_bytes=4 * _BODY),
    _do("/sessions/{session}/minutes/acceptances", "sessions.accept_minutes"),
    _do("/sessions/{session}/minutes/corrections", "sessions.correct_minutes"),
    _do("/sessions/{session}/cancel", "sessions.cancel_session"),
    _make("/feedback", "feedback.receive_feedback"),
    _do("/feedback/import", "feedback.import_feedback", answer=feedback.ImportReceipt, most_bytes=_IMPORT, seconds=_SLOW_SECONDS),
    _read("/feedback/{feedback}", "feedback.get_feedback", feedback.FeedbackDetail),
    _do("/feedback/{feedback}/theme", "feedback.theme_feedback"),
    _do("/feedback/{feedback}/responses", "feedback.respond_to_feedback"),
    _do("/feedback/{feedback}/outcome", "feedback.record_outcome"),
    _do("/feedback/{feedback}/told", "feedback.tell_outcome"),
    _read("/audit/completeness", "audit.get_completeness", audit.Completeness),
    _read("/audit/accesses", "audit.list_accesses", audit.AccessPage),
    _read("/audit/export", "audit.export_ledger", audit.LedgerExport),
    _read("/audit/checkpoints", "audit.list_checkpoints", audit.CheckpointPage),
    _read("/audit/partnerships/{partnership}", "audit.replay_partnership", audit.PartnershipState, _SLOW_SECONDS),
    _read("/audit/partnerships/{partnership}/difference", "audit.get_difference", audit.Difference, _SLOW_SECONDS),
)
