"""One table: which role may do what. Whatever is not in it, nobody may do.

An operation is `service.method`. `SERVICE` is comhar itself, fetching facts from a neighbour. `LEDGER` is another ledger that asks
for a signature under its head: it says who it is by the signature in what it sends, and by nothing else. Sealed words are opened
for some roles as they are, for others with a reason; whoever opens them, asks for a report, a replay or an export leaves a record.
Complaints officers and the national aggregator stand in no row: what they are for is not there.
"""

from __future__ import annotations

from contracts.errors import NotPermitted
from contracts.services import RECORDING, SEALING
from contracts.vocabulary import AccessReason
from contracts.vocabulary import SystemRole as R

SERVICE = "service"
LEDGER = "ledger"

_COORDINATING = frozenset({R.regional_operator, R.partnership_coordinator})
_ANSWERING = _COORDINATING | {R.responder}
_PAYING = frozenset({R.regional_operator, R.finance_officer})
_EASING = _COORDINATING | {R.access_coordinator}
_PLACING = frozenset({R.regional_operator})
_READING = _COORDINATING | {R.regional_approver, R.governance_auditor, R.data_protection_officer}
_OVERSEEING = frozenset({R.regional_operator, R.governance_auditor, R.data_protection_officer})
_FINDING = _READING | {R.responder, R.finance_officer, R.access_coordinator}
_REVIEWING = frozenset({R.governance_auditor, R.data_protection_officer})

PERMISSIONS: dict[str, frozenset[str]] = {
    "partnerships.propose_partnership": _COORDINATING,
    "partnerships.add_member": _COORDINATING,
    "partnerships.nominate_member": _COORDINATING,
    "partnerships.invite_member": _COORDINATING,
    "partnerships.end_nomination": _COORDINATING,
    "partnerships.join_partnership": _COORDINATING,
    "partnerships.begin_leave": _COORDINATING,
    "partnerships.end_leave": _COORDINATING,
    "partnerships.declare_perspective": _COORDINATING,
    "partnerships.appoint_to_office": _COORDINATING,
    "partnerships.leave_office": _COORDINATING,
    "partnerships.correct_entry": _COORDINATING,
    "partnerships.end_membership": _COORDINATING,
    "partnerships.name_co_chair": _COORDINATING,
    "partnerships.draft_terms_of_reference": _COORDINATING,
    "partnerships.agree_terms_of_reference": _COORDINATING,
    "partnerships.set_composition_rule": _COORDINATING,
    "partnerships.activate_partnership": _COORDINATING,
    "partnerships.pause_partnership": _COORDINATING,
    "partnerships.resume_partnership": _COORDINATING,
    "partnerships.close_partnership": _COORDINATING,
    "partnerships.grant_consent": _COORDINATING,
    "partnerships.withdraw_consent": _COORDINATING,
    "partnerships.refuse_consent": _COORDINATING,
    "partnerships.get_due": _COORDINATING,
    "partnerships.declare_interest": _COORDINATING,
    "partnerships.confirm_interests": _COORDINATING,
    "partnerships.end_interest": _COORDINATING,
    "partnerships.offer_skill": _COORDINATING,
    "partnerships.use_skill": _COORDINATING,
    "partnerships.answer_equality_questions": _COORDINATING | {R.member},
    "partnerships.count_equality": frozenset({R.regional_operator, R.regional_approver}),
    "partnerships.get_equality_counts": _READING,
    "partnerships.get_country": _FINDING | {R.member},
    "partnerships.adopt_rate_card": _PAYING,
    "partnerships.offer_payment": _COORDINATING,
    "partnerships.claim_expense": _COORDINATING | {R.member},
    "partnerships.accept_payment": _COORDINATING | {R.member},
    "partnerships.decline_payment": _COORDINATING | {R.member},
    "partnerships.claim_payment": _COORDINATING | {R.member},
    "partnerships.approve_payment": _PAYING,
    "partnerships.reject_payment": _PAYING,
    "partnerships.record_payment_made": _PAYING,
    "partnerships.identify_access_need": _EASING,
    "partnerships.record_identified_need": _EASING,
    "partnerships.record_access_need": _EASING,
    "partnerships.flag_access_need": _EASING,
    "partnerships.share_access_need": _EASING,
    "partnerships.record_access_met": _EASING,
    "partnerships.confirm_access_met": _EASING | {R.member},
    "partnerships.review_access_need": _EASING,
    "partnerships.get_access_needs": _EASING | _REVIEWING,
    "partnerships.get_wanted_formats": _EASING | _REVIEWING,
    "partnerships.read_access_needs": _EASING,
    "partnerships.open_work_item": _COORDINATING,
    "partnerships.rate_degree": _COORDINATING,
    "partnerships.agree_degree": _COORDINATING,
    "partnerships.get_work_item": _READING,
    "partnerships.list_work_items": _READING,
    "partnerships.list_payments": _READING | {R.finance_officer},
    "partnerships.list_rate_cards": _READING | {R.finance_officer, R.member},
    "partnerships.get_payment": _READING | {R.finance_officer},
    "partnerships.get_rate_card": _READING | {R.finance_officer, R.member},
    "partnerships.get_participation": _READING,
    "partnerships.get_interests_register": _READING,
    "partnerships.read_declarations": _COORDINATING,
    "partnerships.open_org_unit": _PLACING,
    "partnerships.rename_org_unit": _PLACING,
    "partnerships.move_org_unit": _PLACING,
    "partnerships.end_org_unit": _PLACING,
    "partnerships.reorganise_org_units": _PLACING,
    "partnerships.correct_org_unit": _PLACING,
    "partnerships.bind_org_units": _PLACING,
    "partnerships.adopt_framework": _PLACING,
    "partnerships.rate_readiness": _COORDINATING,
    "partnerships.move_stage": _COORDINATING,
    "partnerships.list_frameworks": _READING | {R.responder},
    "partnerships.get_framework": _READING | {R.responder},
    "partnerships.get_readiness": _READING,
    "partnerships.get_next_steps": _READING,
    "partnerships.place_partnership": _COORDINATING,
    "partnerships.list_org_units": _READING | {R.responder},
    "partnerships.get_org_unit": _READING | {R.responder},
    "partnerships.get_partnership": _FINDING,
    "partnerships.get_standing": _FINDING,
    "partnerships.get_member_history": _READING,
    "partnerships.list_partnerships": _FINDING,
    "partnerships.read_names": _COORDINATING | {R.finance_officer, R.access_coordinator},
    "partnerships.request_erasure": frozenset({R.data_protection_officer}),
    "partnerships.get_erasure": _REVIEWING,
    "sessions.plan_session": _COORDINATING,
    "sessions.plan_series": _COORDINATING,
    "sessions.move_session": _COORDINATING,
    "sessions.publish_session": _COORDINATING,
    "sessions.answer_invitation": _COORDINATING,
    "sessions.send_materials": _COORDINATING,
    "sessions.invite_members": _COORDINATING,
    "sessions.raise_agenda_item": _COORDINATING,
    "sessions.open_session": _COORDINATING,
    "sessions.record_arrival": _COORDINATING,
    "sessions.record_departure": _COORDINATING,
    "sessions.handle_interest": _COORDINATING,
    "sessions.set_decision_method": _COORDINATING,
    "sessions.open_agenda_item": _COORDINATING,
    "sessions.close_agenda_item": _COORDINATING,
    "sessions.put_proposal": _COORDINATING,
    "sessions.amend_proposal": _COORDINATING,
    "sessions.take_positions": _COORDINATING,
    "sessions.decline_positions": _COORDINATING,
    "sessions.hand_out_ballots": _COORDINATING,
    "sessions.cast_ballot": _COORDINATING | {R.member},
    "sessions.close_ballot": _COORDINATING,
    "sessions.raise_objection": _COORDINATING,
    "sessions.discuss_objection": _COORDINATING,
    "sessions.withdraw_objection": _COORDINATING,
    "sessions.rule_on_objection": _COORDINATING,
    "sessions.close_proposal": _COORDINATING,
    "sessions.hold_session": _COORDINATING,
    "sessions.submit_pulse": _COORDINATING | {R.member},
    "sessions.close_decision": _COORDINATING,
    "sessions.propose_action": _COORDINATING,
    "sessions.accept_action": _COORDINATING,
    "sessions.agree_action": _COORDINATING,
    "sessions.start_action": _COORDINATING,
    "sessions.block_action": _COORDINATING,
    "sessions.hand_over_action": _COORDINATING,
    "sessions.move_action_due_date": _COORDINATING,
    "sessions.complete_action": _COORDINATING,
    "sessions.cancel_action": _COORDINATING,
    "sessions.draft_minutes": _COORDINATING,
    "sessions.accept_minutes": _COORDINATING,
    "sessions.correct_minutes": _COORDINATING,
    "sessions.cancel_session": _COORDINATING,
    "sessions.get_session": _READING,
    "sessions.get_calendar": _READING,
    "sessions.list_sessions": _READING | {R.finance_officer, R.access_coordinator},
    "sessions.list_actions": _READING,
    "sessions.get_learning": _COORDINATING | _REVIEWING,
    "sessions.get_certificate": _COORDINATING | _REVIEWING,
    "sessions.read_titles": _COORDINATING,
    "feedback.receive_feedback": _ANSWERING | {R.member},
    "feedback.theme_feedback": _ANSWERING,
    "feedback.respond_to_feedback": _ANSWERING,
    "feedback.record_outcome": _ANSWERING,
    "feedback.tell_outcome": _ANSWERING,
    "feedback.import_feedback": frozenset({R.regional_operator}),
    "feedback.get_feedback": _READING | {R.responder},
    "feedback.list_feedback": _READING | {R.responder},
    "feedback.read_words": _ANSWERING,
    "reporting.get_report": _READING,
    "reporting.publish_figures": frozenset({R.regional_operator, R.regional_approver}),
    "reporting.list_figures": _READING,
    "reporting.get_figure": _READING,
    "reporting.reproduce_figure": _OVERSEEING | {R.regional_approver},
    "reporting.get_lineage": _OVERSEEING | {R.regional_approver},
    "reporting.read_raw": frozenset({R.regional_operator, R.regional_approver, R.governance_auditor}),
    "audit.get_completeness": _OVERSEEING,
    "audit.replay_partnership": _OVERSEEING,
    "audit.read_ledger": _OVERSEEING,
    "audit.prove_entry": _OVERSEEING,
    "audit.export_ledger": _OVERSEEING,
    "audit.list_checkpoints": _OVERSEEING,
    "audit.add_checkpoint": frozenset({LEDGER}),
    "audit.get_difference": _OVERSEEING,
    **{f"{source}.facts": frozenset({SERVICE}) for source in RECORDING},
    **{f"audit.{asked}": frozenset({SERVICE}) for asked in ("find_head", "find_moment", "entries_of", "describe_entries", "ledger_facts")},
    "audit.list_accesses": _REVIEWING | {SERVICE},
    "gateway.get_person_data": frozenset({R.data_protection_officer}),
    **{f"{service}.held_about": frozenset({SERVICE}) for service in SEALING},
}


WITH_REASON: dict[str, frozenset[str]] = {
    "partnerships.read_names": _REVIEWING,
    "partnerships.read_declarations": _REVIEWING,
    "partnerships.read_access_needs": _REVIEWING,
    "sessions.read_titles": _REVIEWING,
    "feedback.read_words": _REVIEWING,
}
"""Who may open sealed words only by giving a reason, which is recorded."""

OPENING: dict[str, str] = {
    "partnerships.get_partnership": "partnerships.read_names",
    "partnerships.get_participation": "partnerships.read_declarations",
    "partnerships.get_access_needs": "partnerships.read_access_needs",
    "partnerships.get_interests_register": "partnerships.read_declarations",
    "sessions.get_session": "sessions.read_titles",
    "sessions.get_calendar": "sessions.read_titles",
    "sessions.list_actions": "sessions.read_titles",
    "sessions.get_learning": "sessions.read_titles",
    "sessions.get_certificate": "sessions.read_titles",
    "feedback.get_feedback": "feedback.read_words",
}
"""What answers with sealed words, opened for those who may do what stands beside it."""

RECORDED = frozenset(
    {
        "reporting.get_report",
        "reporting.get_figure",
        "reporting.reproduce_figure",
        "reporting.get_lineage",
        "audit.replay_partnership",
        "audit.get_difference",
        "audit.list_accesses",
        "audit.prove_entry",
        "audit.export_ledger",
        "gateway.get_person_data",
    }
)
"""Reads that are recorded whoever asks: reports, replays, exports, and who looked at what."""


def may(role: str, operation: str) -> bool:
    """Whether `role` may do `operation`."""
    return role in PERMISSIONS.get(operation, ())


def permitted(service: str, method: str, role: str) -> None:
    """Raises `NotPermitted` unless `role` may call `method` of `service`."""
    if not may(role, f"{service}.{method}"):
        raise NotPermitted("role_not_permitted", "The role you act in does not permit this.")


def opens(role: str, operation: str, reason: str | None) -> bool:
    """Whether sealed words are opened for `role`, as it is or because of the `reason` given."""
    return may(role, operation) or (reason in set(AccessReason) and role in WITH_REASON.get(operation, ()))


def leaves_a_record(role: str, operation: str, reason: str | None) -> bool:
    """Whether this read must be recorded before it is answered."""
    return operation in RECORDED or (operation in OPENING and opens(role, OPENING[operation], reason))
