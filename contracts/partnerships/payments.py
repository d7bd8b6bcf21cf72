"""What members are offered and paid, by rate cards."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Amount, Answer, Command, Contract, Currency, Cursor, Ordinal, PageSize, PartnershipFact, Query, Timestamp
from contracts.vocabulary import PaymentKind, PaymentState, RejectionReason


class Rate(Contract):
    """What is paid for one thing."""

    kind: PaymentKind
    amount: Amount


class AdoptRateCard(Command):
    """Adopt the next edition of what a partnership pays for what."""

    partnership: UUID
    edition: Ordinal
    currency: Currency
    rates: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=20, strict=False)]


class OfferPayment(Command):
    """Offer a member a payment, by the rate card; `occasion`: when the session begins that it is for."""

    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Amount | None = None
    session: UUID | None = None
    occasion: Timestamp | None = None


class ClaimExpense(Command):
    """Claim what a member spent, without an offer before it."""

    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Amount


class AcceptPayment(Command):
    """Accept an offer."""

    payment: UUID


class DeclinePayment(Command):
    """Decline an offer; that is neutral, and it was offered all the same."""

    payment: UUID


class ClaimPayment(Command):
    """Claim what was offered and accepted, or less."""

    payment: UUID
    amount: Amount | None = None


class ApprovePayment(Command):
    """Approve a claim that somebody else made."""

    payment: UUID


class RejectPayment(Command):
    """Reject a claim, for a coded reason."""

    payment: UUID
    reason: RejectionReason


class RecordPaymentMade(Command):
    """Say that a payment was paid out."""

    payment: UUID


class GetPayment(Query):
    """One payment."""

    payment: UUID


class ListPayments(Query):
    """Payments, the oldest first: of one partnership, to one member, in one state, as far as these are named."""

    partnership: UUID | None = None
    member: UUID | None = None
    state: PaymentState | None = None
    after: Cursor | None = None
    limit: PageSize = 50


class GetRateCard(Query):
    """What a partnership pays for what."""

    partnership: UUID


class ListRateCards(Query):
    """Every edition of what a partnership paid for what."""

    partnership: UUID


class RateCardAdopted(PartnershipFact, type="partnerships.RateCardAdopted.v1"):
    """An edition of the rate card holds from then on."""

    edition: int
    currency: Currency
    rates: tuple[Rate, ...]


class PaymentOffered(PartnershipFact, type="partnerships.PaymentOffered.v1"):
    """A payment was offered, by an edition of the rate card."""

    member: UUID
    kind: PaymentKind
    amount: Amount
    currency: Currency
    rate_card: int
    session: UUID | None


class PaymentAccepted(PartnershipFact, type="partnerships.PaymentAccepted.v1"):
    """An offer was accepted."""

    member: UUID


class PaymentDeclined(PartnershipFact, type="partnerships.PaymentDeclined.v1"):
    """An offer was declined; it was offered all the same."""

    member: UUID


class ExpenseClaimed(PartnershipFact, type="partnerships.ExpenseClaimed.v1"):
    """Something was claimed: what was offered and accepted, or what was spent."""

    member: UUID
    kind: PaymentKind
    amount: Amount
    currency: Currency


class PaymentApproved(PartnershipFact, type="partnerships.PaymentApproved.v1"):
    """A claim was approved by somebody who had not made it."""

    member: UUID


class PaymentRejected(PartnershipFact, type="partnerships.PaymentRejected.v1"):
    """A claim will not be paid."""

    member: UUID
    rejection: RejectionReason


class PaymentMade(PartnershipFact, type="partnerships.PaymentMade.v1"):
    """A payment was paid out."""

    member: UUID
    amount: Amount
    currency: Currency


class RateCardDetail(Answer):
    """What a partnership pays for what, by the edition that holds."""

    partnership: UUID
    edition: int
    currency: Currency
    rates: tuple[Rate, ...]


class RateCardEdition(Answer):
    """An edition of the rate card, and since when it holds, or held."""

    edition: int
    adopted: datetime
    currency: Currency
    rates: tuple[Rate, ...]


class RateCardHistory(Answer):
    """Every edition of a partnership's rate card; the last one holds."""

    partnership: UUID
    editions: tuple[RateCardEdition, ...]


class PaymentSummary(Answer):
    """A payment in a list; `began` when it was offered or claimed, `claimed` when it was claimed, `since` when it came into its state."""

    id: UUID
    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Amount
    currency: Currency
    state: PaymentState
    began: datetime
    claimed: datetime | None = None
    since: datetime
    session: UUID | None


class PaymentPage(Answer):
    """A page of payments; `next` is the cursor of the following page."""

    items: tuple[PaymentSummary, ...]
    next: str | None


class PaymentDetail(Answer):
    """A payment as it stands."""

    id: UUID
    version: int
    partnership: UUID
    member: UUID
    kind: PaymentKind
    amount: Amount
    currency: Currency
    state: PaymentState
    since: datetime
    session: UUID | None
    rejection: RejectionReason | None
