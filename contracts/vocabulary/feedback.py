"""Feedback and complaints, and the clocks they run by."""

from __future__ import annotations

from enum import StrEnum


class ClockKind(StrEnum):
    """What has to be done within a time (YSYS; NHS complaints regulations; NHS conflicts of interest; ours)."""

    complaint_made = "complaint_made"
    complaint_settled_at_first = "complaint_settled_at_first"
    complaint_acknowledged = "complaint_acknowledged"
    complaint_reported = "complaint_reported"
    complaint_updated = "complaint_updated"
    review_requested = "review_requested"
    review_done = "review_done"
    feedback_answered = "feedback_answered"
    interest_declared = "interest_declared"
    interests_renewed = "interests_renewed"
    payment_made = "payment_made"
    access_need_reviewed = "access_need_reviewed"


class TimeUnit(StrEnum):
    """In what a time is counted (ours)."""

    days = "days"
    working_days = "working_days"
    months = "months"


class FeedbackKind(StrEnum):
    """What a feedback item is (HSE; Care Opinion). A pulse is asked in a session, not sent as feedback."""

    story = "story"
    comment = "comment"
    compliment = "compliment"
    suggestion = "suggestion"
    concern = "concern"
    question = "question"


class FeedbackAuthorRelation(StrEnum):
    """Who speaks (Care Opinion)."""

    service_user = "service_user"
    carer = "carer"
    relative = "relative"
    friend = "friend"
    parent_guardian = "parent_guardian"
    advocate_or_volunteer = "advocate_or_volunteer"
    staff = "staff"
    anonymous = "anonymous"


class AnonymityMode(StrEnum):
    """How far a contributor can be known (Loomio; Care Opinion; ours)."""

    named = "named"
    pseudonymous_public = "pseudonymous_public"
    anonymous_to_partnership = "anonymous_to_partnership"
    detached = "detached"


class FeedbackChannel(StrEnum):
    """The way feedback came in (ours)."""

    in_person = "in_person"
    paper = "paper"
    post = "post"
    telephone = "telephone"
    email = "email"
    web = "web"
    survey = "survey"


class FeedbackTheme(StrEnum):
    """What it is about (HSE National Healthcare Charter, eight principles); free sub-themes below."""

    access = "access"
    dignity_and_respect = "dignity_and_respect"
    safe_and_effective_services = "safe_and_effective_services"
    communication_and_information = "communication_and_information"
    participation = "participation"
    privacy = "privacy"
    improving_health = "improving_health"
    accountability = "accountability"


class FeedbackOutcome(StrEnum):
    """What came of it (Care Opinion; HSE). The loop is closed when it is settled and the contributor was told."""

    change_planned = "change_planned"
    change_made = "change_made"
    cannot_change = "cannot_change"
    no_change_needed = "no_change_needed"
    escalated = "escalated"


class FeedbackState(StrEnum):
    """Where a feedback item stands (Care Opinion; HSE)."""

    received = "received"
    responded = "responded"
    change_planned = "change_planned"
    change_made = "change_made"
    cannot_change = "cannot_change"
    no_change_needed = "no_change_needed"
    escalated = "escalated"
