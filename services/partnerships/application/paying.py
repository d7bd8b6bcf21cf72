"""Rate cards and payments, by the verbs of those who offer, claim, approve and pay."""

from __future__ import annotations

from uuid import UUID, uuid5

from contracts.partnerships import (
    AcceptPayment,
    AdoptRateCard,
    ApprovePayment,
    ClaimExpense,
    ClaimPayment,
    DeclinePayment,
    GetPayment,
    GetRateCard,
    ListPayments,
    ListRateCards,
    OfferPayment,
    PaymentDetail,
    PaymentPage,
    Rate,
    RateCardDetail,
    RateCardEdition,
    RateCardHistory,
    RecordPaymentMade,
    RejectPayment,
)
from services.partnerships.application.hall import Hall
from services.partnerships.domain import Payment, RateCard
from services.partnerships.views import Occasions, Payments
from shared.application import Work, use_case


class Paying(Hall):
    """The verbs of payments. Each payment is a stream of its own; a partnership's rate card is another."""

    _payments: Payments
    _occasions: Occasions

    @use_case
    def adopt_rate_card(self, *, command: AdoptRateCard, work: Work) -> RateCard:
        """Adopt the next edition of what a partnership pays for what."""
        self._partnership(command).must_be_open()
        card = self._rate_card(command.partnership, work)
        card.adopt(work.stamp, partnership=command.partnership, edition=command.edition, currency=command.currency, rates=command.rates)
        return card

    @use_case
    def offer_payment(self, *, command: OfferPayment, work: Work) -> Payment:
        """Offer a member a payment, by the rate card."""
        partnership = self._partnership(command)
        partnership.must_be_open()
        partnership.here(command.member, work.stamp.happened)
        card = self._rate_card(command.partnership)
        return Payment.offer(
            work.id_for("payment"),
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            kind=command.kind,
            amount=card.amount(command.kind, command.amount),
            currency=card.currency,
            rate_card=card.edition,
            session=command.session,
            occasion=self._occasions.begins(command.partnership, command.session) if command.session else command.occasion,
        )

    @use_case
    def claim_expense(self, *, command: ClaimExpense, work: Work) -> Payment:
        """Claim what a member spent; also when the partnership or the membership has ended since."""
        self._partnership(command).member(command.member)
        card = self._rate_card(command.partnership)
        return Payment.claim_expense(
            work.id_for("payment"),
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            kind=command.kind,
            amount=card.amount(command.kind, command.amount),
            currency=card.currency,
        )

    @use_case
    def accept_payment(self, *, command: AcceptPayment, work: Work) -> Payment:
        """Accept an offer."""
        payment = self._payment(command.payment, work)
        payment.accept(work.stamp)
        return payment

    @use_case
    def decline_payment(self, *, command: DeclinePayment, work: Work) -> Payment:
        """Decline an offer."""
        payment = self._payment(command.payment, work)
        payment.decline(work.stamp)
        return payment

    @use_case
    def claim_payment(self, *, command: ClaimPayment, work: Work) -> Payment:
        """Claim what was offered and accepted."""
        payment = self._payment(command.payment, work)
        payment.claim(work.stamp, amount=command.amount)
        return payment

    @use_case
    def approve_payment(self, *, command: ApprovePayment, work: Work) -> Payment:
        """Approve what somebody else claimed."""
        payment = self._payment(command.payment, work)
        payment.approve(work.stamp)
        return payment

    @use_case
    def reject_payment(self, *, command: RejectPayment, work: Work) -> Payment:
        """Reject a claim."""
        payment = self._payment(command.payment, work)
        payment.reject(work.stamp, reason=command.reason)
        return payment

    @use_case
    def record_payment_made(self, *, command: RecordPaymentMade, work: Work) -> Payment:
        """Say that a payment was paid out."""
        payment = self._payment(command.payment, work)
        payment.pay(work.stamp)
        return payment

    def get_payment(self, *, query: GetPayment) -> PaymentDetail:
        """One payment."""
        payment = self._payment(query.payment)
        return PaymentDetail(
            id=payment.id,
            version=payment.version,
            partnership=payment.partnership,
            member=payment.member,
            kind=payment.kind,
            amount=payment.amount,
            currency=payment.currency,
            state=payment.state,
            since=payment.since,
            session=payment.session,
            rejection=payment.rejection,
        )

    def list_payments(self, *, query: ListPayments) -> PaymentPage:
        """The payments of the region, by partnership, member and state."""
        which = {"partnership": query.partnership, "member": query.member, "state": query.state}
        return self._payments.page(which, after=query.after, limit=query.limit)

    def list_rate_cards(self, *, query: ListRateCards) -> RateCardHistory:
        """Every edition."""
        card = self.find(RateCard, _card_of(query.partnership), field="partnership")
        editions = (
            RateCardEdition(edition=one.edition, adopted=one.happened, currency=one.currency, rates=one.rates) for one in card.editions
        )
        return RateCardHistory(partnership=query.partnership, editions=tuple(editions))

    def get_rate_card(self, *, query: GetRateCard) -> RateCardDetail:
        """The edition that holds."""
        card = self.find(RateCard, _card_of(query.partnership), field="partnership")
        rates = tuple(Rate(kind=kind, amount=amount) for kind, amount in card.rates.items())
        return RateCardDetail(partnership=query.partnership, edition=card.edition, currency=card.currency, rates=rates)

    def _payment(self, payment: UUID, work: Work | None = None) -> Payment:
        return self.find(Payment, payment, field="payment", work=work)

    def _rate_card(self, partnership: UUID, work: Work | None = None) -> RateCard:
        return self.as_it_stands(RateCard, _card_of(partnership), work=work)


def _card_of(partnership: UUID) -> UUID:
    return uuid5(partnership, "rate card")
