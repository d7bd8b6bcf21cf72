"""Sessions: what is planned and held, decided and done."""

from __future__ import annotations

from enum import StrEnum


class SessionKind(StrEnum):
    """What kind of meeting it is (HSE; ours)."""

    induction = "induction"
    partnership_meeting = "partnership_meeting"
    working_group = "working_group"
    co_design_workshop = "co_design_workshop"
    trialogue = "trialogue"
    listening_session = "listening_session"
    focus_group = "focus_group"
    world_cafe = "world_cafe"
    training = "training"
    recovery_education = "recovery_education"
    recruitment_panel = "recruitment_panel"
    walk_round = "walk_round"
    reflective_review = "reflective_review"
    asynchronous_decision = "asynchronous_decision"


class SessionMode(StrEnum):
    """How people meet (ours)."""

    in_person = "in_person"
    online = "online"
    hybrid = "hybrid"
    asynchronous = "asynchronous"


class SessionStatus(StrEnum):
    """How far a session has come (ours)."""

    planned = "planned"
    published = "published"
    held = "held"
    cancelled = "cancelled"
    minutes_drafted = "minutes_drafted"
    minutes_agreed = "minutes_agreed"


class CancellationReason(StrEnum):
    """Why a session did not take place (ours)."""

    no_quorum = "no_quorum"
    access_not_possible = "access_not_possible"
    illness = "illness"
    weather = "weather"
    venue = "venue"
    other = "other"


class AttendanceStatus(StrEnum):
    """Whether somebody who was invited came (ours). `attended_part` means half of the session or more."""

    apologies = "apologies"
    attended = "attended"
    attended_part = "attended_part"
    absent = "absent"

    @property
    def counts(self) -> bool:
        """Whether the person filled a seat."""
        return self in {AttendanceStatus.attended, AttendanceStatus.attended_part}


class InvitationAnswer(StrEnum):
    """What somebody who was invited says beforehand (ours)."""

    accepted = "accepted"
    apologies = "apologies"


class Recurrence(StrEnum):
    """How sessions follow one another, by the clock on the wall (RFC 5545 §3.3.10)."""

    weekly = "weekly"
    fortnightly = "fortnightly"
    monthly_by_date = "monthly_by_date"
    monthly_by_weekday = "monthly_by_weekday"


class AgendaItemOrigin(StrEnum):
    """How an item came on the agenda (ours)."""

    raised_by_member = "raised_by_member"
    standing = "standing"
    feedback_theme = "feedback_theme"
    action_review = "action_review"
    imposed_by_organisation = "imposed_by_organisation"


class ContributionKind(StrEnum):
    """How somebody contributed (ours)."""

    spoken = "spoken"
    written = "written"
    visual = "visual"
    proxy = "proxy"
    lived_experience_account = "lived_experience_account"


class DecisionMethod(StrEnum):
    """How a group decides (Loomio, templates; common practice)."""

    consensus = "consensus"
    consent = "consent"
    advice = "advice"
    majority = "majority"
    supermajority = "supermajority"
    double_majority = "double_majority"
    gradients_of_agreement = "gradients_of_agreement"
    ranked_choice = "ranked_choice"
    dot_vote = "dot_vote"
    delegated = "delegated"
    sense_check = "sense_check"


class DecisionOutcome(StrEnum):
    """What became of a proposal (Loomio; ours)."""

    adopted = "adopted"
    adopted_with_amendment = "adopted_with_amendment"
    not_adopted = "not_adopted"
    deferred = "deferred"
    referred = "referred"
    withdrawn = "withdrawn"
    lapsed_no_quorum = "lapsed_no_quorum"

    @property
    def adopted_at_all(self) -> bool:
        """Whether the proposal holds, as it was or amended."""
        return self in {DecisionOutcome.adopted, DecisionOutcome.adopted_with_amendment}


class BindingForce(StrEnum):
    """How far a decision binds, stated before the item opens: it tells co-production from consultation (ours)."""

    binding = "binding"
    recommendation = "recommendation"
    advisory = "advisory"


class Position(StrEnum):
    """What a member expresses on a proposal; each method knows its own (Loomio; Decidim; Kaner, gradients of agreement; ours: `chosen`)."""

    consent = "consent"
    objection = "objection"
    abstain = "abstain"
    agree = "agree"
    stand_aside = "stand_aside"
    disagree = "disagree"
    block = "block"
    in_favour = "for"
    against = "against"
    endorse = "endorse"
    agree_with_minor_points = "agree_with_minor_points"
    support_with_reservations = "support_with_reservations"
    more_discussion = "more_discussion"
    dislike_but_support = "dislike_but_support"
    serious_disagreement = "serious_disagreement"
    veto = "veto"
    chosen = "chosen"


class ObjectionState(StrEnum):
    """What became of a reasoned statement that adopting a proposal would do harm or fail its aim (sociocracy; ours)."""

    raised = "raised"
    under_discussion = "under_discussion"
    integrated = "integrated"
    withdrawn_by_objector = "withdrawn_by_objector"
    ruled_preference = "ruled_preference"
    standing = "standing"

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self in {ObjectionState.raised, ObjectionState.under_discussion}

    @property
    def stops(self) -> bool:
        """Whether nothing is adopted by consent over it."""
        return self.open or self is ObjectionState.standing


class DecisionRecord(StrEnum):
    """What a closed decision rests on: positions given one by one, or the sum of each side told afterwards (ours)."""

    positions = "positions"
    summary = "summary"


class OwnerSide(StrEnum):
    """Who carries an action (ours)."""

    lived_experience = "lived_experience"
    provider = "provider"
    joint = "joint"


class ActionState(StrEnum):
    """Whether an action was done or cancelled, or neither; how far it is tells its stage."""

    agreed = "agreed"
    completed = "completed"
    cancelled = "cancelled"


class ActionStage(StrEnum):
    """Where an action stands (FHIR Task.status, by our words); overdue is derived, never stored."""

    proposed = "proposed"
    agreed = "agreed"
    in_progress = "in_progress"
    blocked = "blocked"
    completed = "completed"
    cancelled = "cancelled"
    handed_over = "handed_over"

    @property
    def open(self) -> bool:
        """Whether somebody is still to do it."""
        return self in {ActionStage.agreed, ActionStage.in_progress, ActionStage.blocked}

    @property
    def state(self) -> ActionState:
        """The same, told more shortly."""
        return ActionState(self) if self in {ActionStage.completed, ActionStage.cancelled} else ActionState.agreed


class BlockingReason(StrEnum):
    """Why an action cannot go on (ours; FHIR Task.statusReason)."""

    waiting_for_decision = "waiting_for_decision"
    waiting_for_others = "waiting_for_others"
    no_money = "no_money"
    no_staff = "no_staff"
    access_not_met = "access_not_met"
    owner_away = "owner_away"
    rules = "rules"
    other = "other"


class Receiver(StrEnum):
    """To whom an action is handed over (ours)."""

    lived_experience = "lived_experience"
    provider = "provider"
    joint = "joint"
    another_partnership = "another_partnership"
    another_service = "another_service"


class EvidenceKind(StrEnum):
    """What shows that something was done (ours)."""

    document = "document"
    service_change = "service_change"
    data = "data"
    statement_by_beneficiary = "statement_by_beneficiary"
