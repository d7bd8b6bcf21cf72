"""Paying people for their part: rate cards in editions, and each payment from offer or claim to the end of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from contracts.errors import RuleBroken, rule
from contracts.model import Fact
from contracts.partnerships import (
    ExpenseClaimed,
    PaymentAccepted,
    PaymentApproved,
    PaymentDeclined,
    PaymentMade,
    PaymentOffered,
    PaymentRejected,
    Rate,
    RateCardAdopted,
)
from contracts.vocabulary import PaymentKind, PaymentState, RejectionReason
from shared.application import Aggregate, Stamp


class RateCard(Aggregate):
    """What a partnership pays for what, edition by edition (domain 5.4, payment: rate cards are data)."""

    edition = 0
    currency: str

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.rates: dict[PaymentKind, Decimal] = {}
        self.editions: list[RateCardAdopted] = []

    def adopt(self, by: Stamp, *, partnership: UUID, edition: int, currency: str, rates: tuple[Rate, ...]) -> None:
        """Adopt the next edition."""
        rule(edition == self.edition + 1, "edition_out_of_order", "Editions of a rate card follow one another.", field="edition")
        rule(len({one.kind for one in rates}) == len(rates), "rate_twice", "A rate card has one rate for each kind.", field="rates")
        self.record(RateCardAdopted, by, partnership=partnership, edition=edition, currency=currency, rates=rates)

    def amount(self, kind: PaymentKind, asked: Decimal | None) -> Decimal:
        """What is to be paid: the rate, or what was asked if that is no more than the rate."""
        rule(self.edition > 0, "no_rate_card", "Payments follow a rate card that the partnership adopted.")
        amount = asked if asked is not None else self.rates.get(kind)
        if amount is None:
            raise RuleBroken("amount_missing", "The rate card has no rate for this; say the amount.", field="amount")
        rule(amount <= self.rates.get(kind, amount), "above_rate", "The amount is above the rate of the rate card.", field="amount")
        return amount

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case RateCardAdopted():
                self.editions.append(fact)
                self.edition, self.currency = fact.edition, fact.currency
                self.rates = {one.kind: one.amount for one in fact.rates}


class Payment(Aggregate):
    """One payment to one member (domain 6.8, PaymentState). Declining is neutral; nobody approves what they claimed."""

    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Decimal
    currency: str
    state: PaymentState
    since: datetime
    session: UUID | None = None
    rejection: RejectionReason | None = None
    claimants: frozenset[str] = frozenset()

    @classmethod
    def offer(
        cls,
        id: UUID,
        by: Stamp,
        *,
        partnership: UUID,
        member: UUID,
        kind: PaymentKind,
        amount: Decimal,
        currency: str,
        rate_card: int,
        session: UUID | None,
        occasion: datetime | None,
    ) -> Self:
        """Offer a payment, before the session it is for."""
        rule(
            occasion is None or by.happened < occasion,
            "offered_too_late",
            "A payment is offered before the session it is for.",
            field="occasion",
        )
        payment = cls(id)
        what = {"member": member, "kind": kind, "amount": amount, "currency": currency, "rate_card": rate_card, "session": session}
        payment.record(PaymentOffered, by, partnership=partnership, **what)
        return payment

    @classmethod
    def claim_expense(
        cls, id: UUID, by: Stamp, *, partnership: UUID, member: UUID, kind: PaymentKind, amount: Decimal, currency: str
    ) -> Self:
        """Claim what was spent, without an offer before it (domain 6.8, payment states: a reward is offered and accepted first)."""
        rule(
            not kind.reward,
            "claimed_without_offer",
            "What is paid for taking part is offered before it is claimed.",
            field="kind",
        )
        payment = cls(id)
        payment.record(ExpenseClaimed, by, partnership=partnership, member=member, kind=kind, amount=amount, currency=currency)
        return payment

    def accept(self, by: Stamp) -> None:
        """Accept the offer."""
        if self._goes(by, PaymentState.accepted, PaymentState.offered):
            self.record(PaymentAccepted, by, **self._whose)

    def decline(self, by: Stamp) -> None:
        """Decline the offer: it was offered all the same."""
        if self._goes(by, PaymentState.declined, PaymentState.offered):
            self.record(PaymentDeclined, by, **self._whose)

    def claim(self, by: Stamp, *, amount: Decimal | None) -> None:
        """Claim what was accepted, or less."""
        if self._goes(by, PaymentState.claimed, PaymentState.accepted):
            claimed = self.amount if amount is None else amount
            rule(claimed <= self.amount, "claimed_more_than_offered", "No more is claimed than was offered.", field="amount")
            self.record(ExpenseClaimed, by, **self._whose, kind=self.kind, amount=claimed, currency=self.currency)

    def approve(self, by: Stamp) -> None:
        """Approve a claim that somebody else made (separation of duties)."""
        if self._goes(by, PaymentState.approved, PaymentState.claimed):
            rule(not self.claimants & _acting(by), "approved_by_claimant", "Whoever claimed a payment does not approve it.")
            self.record(PaymentApproved, by, **self._whose)

    def reject(self, by: Stamp, *, reason: RejectionReason) -> None:
        """Reject a claim, or what was approved and is not paid, for a coded reason."""
        if self._goes(by, PaymentState.rejected, PaymentState.claimed, PaymentState.approved):
            self.record(PaymentRejected, by, **self._whose, rejection=reason)

    def pay(self, by: Stamp) -> None:
        """Record that it was paid."""
        if self._goes(by, PaymentState.paid, PaymentState.approved):
            rule(not self.claimants & _acting(by), "paid_by_claimant", "Whoever claimed a payment does not pay it out.")
            self.record(PaymentMade, by, **self._whose, amount=self.amount, currency=self.currency)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        self.since = fact.happened
        match fact:
            case PaymentOffered():
                self.partnership, self.member, self.session = fact.partnership, fact.member, fact.session
                self.kind, self.amount, self.currency = fact.kind, fact.amount, fact.currency
                self.state = PaymentState.offered
            case PaymentAccepted():
                self.state = PaymentState.accepted
            case PaymentDeclined():
                self.state = PaymentState.declined
            case ExpenseClaimed():
                self.partnership, self.member = fact.partnership, fact.member
                self.kind, self.amount, self.currency = fact.kind, fact.amount, fact.currency
                self.claimants = frozenset(filter(None, (fact.actor, fact.on_behalf_of)))
                self.state = PaymentState.claimed
            case PaymentApproved():
                self.state = PaymentState.approved
            case PaymentRejected():
                self.state, self.rejection = PaymentState.rejected, fact.rejection
            case PaymentMade():
                self.state = PaymentState.paid

    @property
    def _whose(self) -> dict[str, UUID]:
        return {"partnership": self.partnership, "member": self.member}

    def _goes(self, by: Stamp, to: PaymentState, *since: PaymentState) -> bool:
        """Whether it goes there now; False when it is there already. Raises `RuleBroken` when it cannot."""
        if self.state is to:
            return False
        rule(self.state in since, "payment_not_there_yet", "The payment is not in the state that comes before this.")
        rule(self.since <= by.happened, "before_previous_state", "A payment does not leave a state before it entered it.", field="happened")
        return True


def _acting(by: Stamp) -> frozenset[str]:
    return frozenset(filter(None, (by.actor, by.on_behalf_of)))
