"""What a partnership should do next, computed from what is known of it: one table, in the order in which things press.

Each step says why and how in plain words, where it is done, which rule refuses what comes later without it, and whence it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from contracts.vocabulary import CompositionShortfall, MembershipStatus, PartnershipStatus, Side
from services.partnerships.domain.partnership import Partnership
from services.partnerships.domain.roll import CHAIRS

_FORTNIGHT, _QUARTER, _YEAR = timedelta(days=14), timedelta(days=92), timedelta(days=365)
_STANDING_FOR = {MembershipStatus.nominated, MembershipStatus.invited}
_BEFORE_WORK = {PartnershipStatus.proposed, PartnershipStatus.forming}


class Waiting(StrEnum):
    """What has come how far, of sessions, actions, pieces of work and payments."""

    session_planned = "session_planned"
    session_held = "session_held"
    minutes_drafted = "minutes_drafted"
    minutes_agreed = "minutes_agreed"
    work_item_open = "work_item_open"
    rated_by_one_side = "rated_by_one_side"
    rated_by_both_sides = "rated_by_both_sides"
    degree_agreed = "degree_agreed"
    action_open = "action_open"
    claimed = "claimed"
    approved = "approved"


_HELD = (Waiting.session_held, Waiting.minutes_drafted, Waiting.minutes_agreed)
_WORK = (Waiting.work_item_open, Waiting.rated_by_one_side, Waiting.rated_by_both_sides, Waiting.degree_agreed)


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """How far something has come, and since when; a planned session is as old as its start, an open action as the day it is due."""

    thing: UUID
    waiting: Waiting
    since: datetime


@dataclass(frozen=True)
class Situation:
    """What is known of a partnership at an instant beside its own facts: of its place, its members, its work, its guide."""

    partnership: Partnership
    at: datetime
    loose_ends: Sequence[LooseEnd] = ()
    place_ended: bool = False
    without_consent: tuple[UUID, ...] = ()
    without_declaration: tuple[UUID, ...] = ()
    declarations_due: tuple[UUID, ...] = ()
    needs_not_met: tuple[UUID, ...] = ()
    rate_card: bool = False
    to_rate: bool = False
    seen_apart: bool = False
    stage_left: bool = False

    def of(self, *waiting: Waiting, older: timedelta = timedelta.min) -> tuple[UUID, ...]:
        """What has come so far, and no further for so long, the oldest first."""
        found = sorted(
            (one.since, one.thing)
            for one in self.loose_ends
            if one.waiting in waiting and (older == timedelta.min or one.since + older <= self.at)
        )
        return tuple(thing for _, thing in found)

    @property
    def active(self) -> bool:
        return self.partnership.status is PartnershipStatus.active

    @property
    def chairs(self) -> bool:
        """Whether both sides have a co-chair today."""
        return all(self.partnership.roll.held(office, self.at) for office in CHAIRS.values())

    @property
    def able(self) -> bool:
        """Whether all is there that a partnership begins its work with."""
        return self.partnership.terms_of_reference is not None and self.chairs and not self.partnership.shortfalls

    def lacks(self, side: Side) -> bool:
        """Whether there are fewer members of a side than its rule asks for, or none at all."""
        rule = self.partnership.composition
        wanted = {Side.lived_experience: rule.lived_experience, Side.provider: rule.provider}[side] if rule else 1
        share = side is Side.lived_experience and CompositionShortfall.lived_share in self.partnership.shortfalls
        return share or self.partnership.sides[side] < wanted

    @property
    def nominees(self) -> tuple[UUID, ...]:
        """Who was put forward and waits."""
        return tuple(member.id for member in self.partnership.members.values() if member.status() in _STANDING_FOR)

    @property
    def out_of_touch(self) -> bool:
        """Whether nobody has met for three months, and no session is planned."""
        coming = any(one.waiting is Waiting.session_planned and one.since > self.at for one in self.loose_ends)
        lately = any(one.waiting in _HELD and one.since + _QUARTER > self.at for one in self.loose_ends)
        return self.active and not coming and not lately

    @property
    def terms_are_old(self) -> bool:
        """Whether the terms were agreed more than a year ago."""
        agreed = [edition.agreed for edition in self.partnership.editions if edition.agreed]
        return self.active and bool(agreed) and max(agreed) + _YEAR <= self.at


Found = bool | tuple[UUID, ...]
"""Whether a step is due, or what it is about."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, when it is due, and whom or what it is about."""

    code: str
    due: Callable[[Situation], Found]
    why: str
    how: str
    at: str
    source: str
    rule: str | None = None


STEPS = (
    Step(
        "place_anew",
        lambda now: now.place_ended,
        "The unit in which the partnership works is no more.",
        "Choose one of its successors; the unit's history names them.",
        "POST /v1/partnerships/{partnership}/org-unit",
        "The register of units",
    ),
    Step(
        "mend_composition",
        lambda now: now.partnership.breached is not None,
        "The members fall short of the partnership's own rule of composition.",
        "Find people for the side that is short, or pause until they are found.",
        "POST /v1/partnerships/{partnership}/nominations",
        "The partnership's rule of composition",
        "composition_not_met",
    ),
    Step(
        "find_lived_experience",
        lambda now: now.partnership.breached is None and now.lacks(Side.lived_experience),
        "Too few people take part who have lived experience.",
        "Invite people who use the service, their families and carers, by an open call, with payment and access settled beforehand.",
        "POST /v1/partnerships/{partnership}/nominations",
        "NIHR/INVOLVE: including all perspectives and skills",
        "composition_not_met",
    ),
    Step(
        "find_providers",
        lambda now: now.partnership.breached is None and now.lacks(Side.provider),
        "Too few people take part who provide or lead the service, so nobody could carry out what is decided.",
        "Ask those who may decide for the service to join, not only those who are willing.",
        "POST /v1/partnerships/{partnership}/nominations",
        "SCIE jigsaw: structure",
        "composition_not_met",
    ),
    Step(
        "answer_nominees",
        lambda now: now.nominees,
        "People were put forward and wait for an answer.",
        "Let them join, invite them, or end the nomination with its reason.",
        "POST /v1/partnerships/{partnership}/nominations/{member}/join",
        "UK Standards for Public Involvement: communications",
    ),
    Step(
        "set_composition",
        lambda now: now.partnership.composition is None,
        "Nothing says how many people of each side there must be, and who must be there to decide.",
        "Agree on a rule of composition and a quorum of both sides.",
        "POST /v1/partnerships/{partnership}/composition",
        "NIHR/INVOLVE: sharing of power",
    ),
    Step(
        "name_co_chairs",
        lambda now: not now.chairs,
        "A side has no co-chair.",
        "Name one from each side; give both the same say in the agenda.",
        "POST /v1/partnerships/{partnership}/co-chairs",
        "NIHR/INVOLVE: joint ownership of key decisions",
        "co_chairs_missing",
    ),
    Step(
        "draft_terms",
        lambda now: not now.partnership.editions,
        "There are no terms of reference.",
        "Write them together: purpose, power to decide, payment, access, how you part.",
        "POST /v1/partnerships/{partnership}/terms-of-reference/drafts",
        "NIHR/INVOLVE: ground rules",
        "terms_not_agreed",
    ),
    Step(
        "agree_terms",
        lambda now: now.partnership.drafted is not None,
        "A draft of the terms of reference waits for both sides.",
        "Let members of each side agree by name, or draft it anew.",
        "POST /v1/partnerships/{partnership}/terms-of-reference",
        "NIHR/INVOLVE: ground rules",
        "not_agreed_on_both_sides",
    ),
    Step(
        "activate",
        lambda now: now.partnership.status in _BEFORE_WORK and now.able,
        "All is there that a partnership needs to begin.",
        "Let it begin its work.",
        "POST /v1/partnerships/{partnership}/activate",
        "comhar: from forming to active",
    ),
    Step(
        "resume",
        lambda now: now.partnership.status is PartnershipStatus.paused and now.able,
        "The partnership rests, and all is there that it needs to go on.",
        "Resume it, or close it for a reason that people can understand.",
        "POST /v1/partnerships/{partnership}/resume",
        "comhar: from paused to active",
    ),
    Step(
        "ask_for_consent",
        lambda now: now.without_consent,
        "Members take part who have not consented to it.",
        "Explain it in the format they need, then record the consent, or that they go.",
        "POST /v1/partnerships/{partnership}/members/{member}/consents",
        "GDPR articles 6 and 9",
    ),
    Step(
        "meet_access_needs",
        lambda now: now.needs_not_met,
        "Members said what they need to take part, and it was not flagged, or not met the last time.",
        "Flag it, tell those who can meet it if the member consents, and ask each time.",
        "GET /v1/partnerships/{partnership}/members/{member}/access-needs",
        "Accessible Information Standard DAPB1605",
    ),
    Step(
        "adopt_rate_card",
        lambda now: not now.rate_card and now.partnership.sides[Side.lived_experience] > 0,
        "Nothing says what people are paid, so nobody can be offered anything.",
        "Adopt a rate card; ask for advice on benefits before anybody accepts.",
        "POST /v1/partnerships/{partnership}/rate-card",
        "NIHR: payment for public involvement",
        "no_rate_card",
    ),
    Step(
        "decide_claims",
        lambda now: now.of(Waiting.claimed),
        "People have claimed what they are owed.",
        "Let somebody who did not claim approve it, or reject it with a reason.",
        "POST /v1/payments/{payment}/approve",
        "NIHR: payment for public involvement",
    ),
    Step(
        "pay_claims",
        lambda now: now.of(Waiting.approved),
        "Claims were approved and are not paid.",
        "Pay them and say so.",
        "POST /v1/payments/{payment}/paid",
        "NIHR: payment for public involvement",
    ),
    Step(
        "declare_interests",
        lambda now: now.without_declaration,
        "Members have not said which interests they have, or that they have none.",
        "Ask each within 28 days of joining; none is an answer too.",
        "POST /v1/partnerships/{partnership}/members/{member}/interests",
        "NHS England: managing conflicts of interest",
    ),
    Step(
        "renew_declarations",
        lambda now: now.declarations_due,
        "Declarations of interest are older than a year.",
        "Ask whether they still hold.",
        "POST /v1/partnerships/{partnership}/members/{member}/interests/confirm",
        "NHS England: managing conflicts of interest",
    ),
    Step(
        "settle_past_sessions",
        lambda now: now.of(Waiting.session_planned, older=timedelta(days=1)),
        "The day of a session has passed, and nothing says whether it was held.",
        "Record who came and what was done, or cancel it with its reason.",
        "POST /v1/sessions/{session}/hold",
        "comhar: from planned to held",
    ),
    Step(
        "see_to_actions",
        lambda now: now.of(Waiting.action_open, older=timedelta(days=1)),
        "Actions are not done by the day for which they were promised.",
        "Ask those who carry them what stands in the way; say what is done, what is blocked, and who takes over.",
        "GET /v1/actions",
        "comhar: overdue by the day first promised",
    ),
    Step(
        "plan_session",
        lambda now: now.out_of_touch,
        "Nobody has met for three months, and no session is planned.",
        "Plan one with both sides, at a time and in a place that suit those who find it hardest to come.",
        "POST /v1/sessions",
        "NIHR/INVOLVE: continuing dialogue",
    ),
    Step(
        "draft_minutes",
        lambda now: now.of(Waiting.session_held, older=_FORTNIGHT),
        "A session was held two weeks ago or more and has no minutes.",
        "Write down what was decided and who does what, in plain words.",
        "POST /v1/sessions/{session}/minutes",
        "UK Standards for Public Involvement: communications",
    ),
    Step(
        "agree_minutes",
        lambda now: now.of(Waiting.minutes_drafted, older=_FORTNIGHT),
        "Minutes wait for both sides to agree.",
        "Ask somebody of each side to accept them, or to have them corrected.",
        "POST /v1/sessions/{session}/minutes/acceptances",
        "UK Standards for Public Involvement: communications",
    ),
    Step(
        "open_work_item",
        lambda now: now.active and bool(now.of(*_HELD)) and not now.of(*_WORK),
        "The partnership meets, and nothing says what it works on, and how far power is to be shared in it.",
        "Name a piece of work and the degree of co-production that is intended.",
        "POST /v1/work-items",
        "TLAP ladder of co-production",
    ),
    Step(
        "rate_degree",
        lambda now: now.of(Waiting.rated_by_one_side),
        "One side has said how far power was shared in a piece of work; the other has not.",
        "Ask the other side what it saw.",
        "POST /v1/work-items/{work_item}/ratings",
        "TLAP ladder of co-production",
        "not_rated_on_both_sides",
    ),
    Step(
        "agree_degree",
        lambda now: now.of(Waiting.rated_by_both_sides),
        "Both sides have rated a piece of work and have not agreed on what it was.",
        "Talk about the difference, then agree.",
        "POST /v1/work-items/{work_item}/agree",
        "TLAP ladder of co-production",
    ),
    Step(
        "rate_readiness",
        lambda now: now.to_rate,
        "One side, or both, has not said how ready the service is.",
        "Let each side rate every element for itself, then compare.",
        "POST /v1/partnerships/{partnership}/readiness",
        "SCIE jigsaw: culture, structure, practice, review",
    ),
    Step(
        "talk_about_readiness",
        lambda now: now.seen_apart,
        "The two sides see the service's readiness two steps or more apart.",
        "Put that on the agenda of the next session: the difference tells more than the ratings.",
        "GET /v1/partnerships/{partnership}/readiness",
        "SCIE jigsaw: review",
    ),
    Step(
        "go_on_with_guide",
        lambda now: now.stage_left,
        "The guide has a stage that is not done.",
        "See which comes next, what it asks for, and what would show that it is done.",
        "GET /v1/partnerships/{partnership}/readiness",
        "The guide that the region adopted",
    ),
    Step(
        "review_terms",
        lambda now: now.terms_are_old,
        "The terms of reference are older than a year.",
        "Review them together; a change is a new edition.",
        "POST /v1/partnerships/{partnership}/terms-of-reference/drafts",
        "SCIE jigsaw: review",
    ),
)


def next_steps(now: Situation) -> Iterator[tuple[Step, tuple[UUID, ...]]]:
    """The steps that are due, the most pressing first, each with what it is about; a closed partnership has none."""
    if now.partnership.status is PartnershipStatus.closed:
        return
    for step in STEPS:
        if found := step.due(now):
            yield step, found if isinstance(found, tuple) else ()
