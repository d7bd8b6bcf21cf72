"""What people needed and were offered to take part: access needs and whether each was met, offers of payment, claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.model import Fact
from contracts.partnerships import (
    AccessNeedMet,
    AccessNeedMetConfirmed,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    ExpenseClaimed,
    PaymentMade,
    PaymentOffered,
    PaymentRejected,
)
from contracts.vocabulary import AccessReview
from services.reporting.domain.history.case import Case


@dataclass
class Need(Case):
    """Something a member needs, from when on and until when."""

    id: UUID
    member: UUID
    since: datetime
    ended: datetime | None = None


@dataclass
class Request(Case):
    """One need at one session, and whether it was met; what is said of it again, and by the person, puts right what was said before."""

    member: UUID
    met: bool
    confirmed: bool


@dataclass
class Offer(Case):
    """A payment offered for a session, whatever the answer."""

    when: datetime


@dataclass
class Claim(Case):
    """What was claimed when, and when it was paid or rejected."""

    claimed: datetime
    paid: datetime | None = None
    rejected: datetime | None = None


@dataclass
class Support:
    """What members needed and were offered."""

    needs: dict[UUID, Need] = field(default_factory=dict)
    requests: dict[tuple[UUID, UUID], Request] = field(default_factory=dict)
    """By session and need."""
    offers: dict[tuple[UUID, UUID], list[Offer]] = field(default_factory=dict)
    """By session and member."""
    claims: dict[UUID, Claim] = field(default_factory=dict)

    def take(self, fact: Fact, number: list[int]) -> None:
        """Take a fact of access or payment; one whose beginning is not known says nothing."""
        match fact:
            case AccessNeedRecorded():
                self.needs[fact.need] = Need(fact.need, fact.member, fact.happened, facts=number)
            case AccessNeedReviewed() if need := self.needs.get(fact.need):
                need.ended = fact.happened if fact.outcome is AccessReview.no_longer_needed else None
                need.facts += number
            case AccessNeedMet() | AccessNeedNotMet() if fact.session:
                before = self.requests.get((fact.session, fact.need))
                said = [*(before.facts if before else ()), *number]
                met = isinstance(fact, AccessNeedMet)
                self.requests[fact.session, fact.need] = Request(fact.member, met, fact.confirmed, facts=said)
            case AccessNeedMetConfirmed() if fact.session and (request := self.requests.get((fact.session, fact.need))):
                request.met, request.confirmed = fact.met, True
                request.facts += number
            case PaymentOffered() if fact.session:
                self.offers.setdefault((fact.session, fact.member), []).append(Offer(fact.happened, facts=number))
            case ExpenseClaimed():
                self.claims[fact.stream] = Claim(fact.happened, facts=number)
            case PaymentMade() if claim := self.claims.get(fact.stream):
                claim.paid = fact.happened
                claim.facts += number
            case PaymentRejected() if claim := self.claims.get(fact.stream):
                claim.rejected = fact.happened
                claim.facts += number
