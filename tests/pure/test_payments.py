"""Payments: by a rate card, offered before the session, approved by nobody who claimed them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.errors import Invalid
from contracts.partnerships import (
    AcceptPayment,
    AdoptRateCard,
    ApprovePayment,
    ClaimExpense,
    ClaimPayment,
    ExpenseClaimed,
    GetPayment,
    GetRateCard,
    ListPayments,
    ListRateCards,
    OfferPayment,
    PaymentAccepted,
    PaymentApproved,
    PaymentDeclined,
    PaymentMade,
    PaymentOffered,
    PaymentRejected,
    ProposePartnership,
    Rate,
    RateCardAdopted,
    RecordPaymentMade,
    RequestErasure,
    SubjectErased,
)
from contracts.vocabulary import CoproductionLevel, ErasureBasis, KeptRecord, PaymentKind, PaymentState, RejectionReason, SettingType
from services.partnerships.domain import Payment, RateCard
from services.partnerships.views import Occasions
from shared.application import Stamp
from tests.given import AOIFE, NOW, PARTNERSHIP, STREAM, Region, context, fact, given, refused, stamp, stored, then
from tests.pure.test_neighbours import LEFT, MEETS, People, people, planned

__all__ = ["people"]

HALF_DAY, FARE = Decimal("75.00"), Decimal("4.60")
PAID_FOR, TRAVEL = PaymentKind.involvement_payment, PaymentKind.travel
RATES = (Rate(kind=PAID_FOR, amount=HALF_DAY),)
WHAT: Any = {"kind": PAID_FOR, "amount": HALF_DAY, "currency": "EUR"}
ADOPTED = fact(RateCardAdopted, edition=1, currency="EUR", rates=RATES)
OFFERED = fact(PaymentOffered, member=AOIFE, **WHAT, rate_card=1, session=None)
ACCEPTED = fact(PaymentAccepted, member=AOIFE)
CLAIMED = fact(ExpenseClaimed, member=AOIFE, **WHAT)
APPROVED = fact(PaymentApproved, member=AOIFE)
FINANCE = replace(stamp(), actor="token:f1ce")
Verb = Callable[[Payment], None]


def test_a_payment_goes_from_an_offer_to_being_paid() -> None:
    offer: Any = {"partnership": PARTNERSHIP, "member": AOIFE, **WHAT, "rate_card": 1, "session": None}
    payment = Payment.offer(STREAM, stamp(), **offer, occasion=NOW + timedelta(hours=1))
    for verb in (payment.accept, payment.accept):
        verb(stamp())
    for _ in range(2):
        payment.claim(stamp(), amount=None)
    for step in (payment.approve, payment.approve, payment.pay, payment.pay):
        step(FINANCE)
    by = {"actor": "token:f1ce"}
    paid = fact(PaymentMade, member=AOIFE, amount=HALF_DAY, currency="EUR")
    then(payment, OFFERED, ACCEPTED, CLAIMED, APPROVED.model_copy(update=by), paid.model_copy(update=by))
    assert payment.state is PaymentState.paid


def test_declining_is_an_end_and_nothing_follows() -> None:
    payment = given(Payment, OFFERED)
    payment.decline(stamp())
    payment.decline(stamp())
    then(payment, fact(PaymentDeclined, member=AOIFE))
    with refused("payment_not_there_yet"):
        payment.claim(stamp(), amount=None)


def test_less_may_be_claimed_than_was_offered_and_not_more() -> None:
    with refused("claimed_more_than_offered"):
        given(Payment, OFFERED, ACCEPTED).claim(stamp(), amount=HALF_DAY + 1)
    payment = given(Payment, OFFERED, ACCEPTED)
    payment.claim(stamp(), amount=FARE)
    assert payment.amount == FARE


def on_behalf(stamp: Stamp, whom: str) -> Stamp:
    return replace(stamp, on_behalf_of=whom)


def test_whoever_claimed_neither_approves_nor_pays_out() -> None:
    with refused("approved_by_claimant"):
        given(Payment, OFFERED, ACCEPTED, CLAIMED).approve(stamp())
    with refused("paid_by_claimant"):
        given(Payment, OFFERED, ACCEPTED, CLAIMED, APPROVED).pay(stamp())


@pytest.mark.parametrize("approving", [on_behalf(FINANCE, "M01"), replace(stamp(), actor="M01")])
def test_somebody_else_acting_for_the_claimant_is_the_claimant(approving: Stamp) -> None:
    payment = given(Payment, OFFERED, ACCEPTED)
    payment.claim(on_behalf(stamp(), "M01"), amount=None)
    with refused("approved_by_claimant"):
        payment.approve(approving)


@pytest.mark.parametrize("past", [(CLAIMED,), (CLAIMED, APPROVED)])
def test_a_claim_is_rejected_for_a_reason_until_it_is_paid(past: Any) -> None:
    payment = given(Payment, *past)
    payment.reject(stamp(), reason=RejectionReason.no_evidence)
    then(payment, fact(PaymentRejected, member=AOIFE, rejection=RejectionReason.no_evidence))
    with refused("payment_not_there_yet"):
        payment.pay(FINANCE)


@pytest.mark.parametrize(
    "verb",
    [
        lambda it: it.claim(stamp(), amount=None),
        lambda it: it.approve(FINANCE),
        lambda it: it.pay(FINANCE),
        lambda it: it.reject(FINANCE, reason=RejectionReason.other),
    ],
)
def test_what_was_only_offered_is_neither_claimed_nor_approved_nor_paid_nor_rejected(verb: Verb) -> None:
    payment = given(Payment, OFFERED)
    with refused("payment_not_there_yet"):
        verb(payment)
    then(payment)


def test_no_step_comes_before_the_one_before_and_no_offer_after_the_session() -> None:
    with refused("before_previous_state"):
        given(Payment, OFFERED).accept(stamp(NOW - timedelta(days=1)))
    offer: Any = {"partnership": PARTNERSHIP, "member": AOIFE, **WHAT, "rate_card": 1, "session": UUID(int=1)}
    with refused("offered_too_late"):
        Payment.offer(STREAM, stamp(), **offer, occasion=NOW)


def test_a_rate_card_has_editions_and_a_rate_for_each_kind() -> None:
    card = given(RateCard)
    what: Any = {"partnership": PARTNERSHIP, "currency": "EUR"}
    card.adopt(stamp(), **what, edition=1, rates=RATES)
    then(card, ADOPTED)
    with refused("edition_out_of_order"):
        card.adopt(stamp(), **what, edition=1, rates=RATES)
    with refused("rate_twice"):
        card.adopt(stamp(), **what, edition=2, rates=RATES * 2)


def test_an_amount_is_the_rate_or_less_or_what_is_said_where_there_is_no_rate() -> None:
    card = given(RateCard, ADOPTED)
    assert [card.amount(PAID_FOR, None), card.amount(PAID_FOR, FARE), card.amount(TRAVEL, FARE)] == [HALF_DAY, FARE, FARE]
    for kind, asked, code in ((PAID_FOR, HALF_DAY + 1, "above_rate"), (TRAVEL, None, "amount_missing")):
        with refused(code):
            card.amount(kind, asked)
    with refused("no_rate_card"):
        given(RateCard).amount(PAID_FOR, FARE)


@pytest.mark.parametrize("amount", [75, 75.0, "75.001", "-1", "1e3", "", " 75", "075", True, None])
def test_money_is_text_with_at_most_two_decimals(amount: Any) -> None:
    body = {"partnership": str(PARTNERSHIP), "member": str(AOIFE), "kind": "travel", "amount": amount}
    with pytest.raises(Invalid):
        ClaimExpense.parse(json.dumps(body).encode())
    assert ClaimExpense.parse(json.dumps({**body, "amount": "75.10"}).encode()).amount == Decimal("75.10")


def test_a_member_is_offered_a_payment_claims_it_and_somebody_else_pays(region: Region, people: People) -> None:
    verbs, which = region.partnerships, people.partnership
    offer = OfferPayment(happened=LEFT, partnership=which, member=people.aoife, kind=PAID_FOR)
    with refused("no_rate_card"):
        verbs.offer_payment(command=offer, context=context())
    verbs.adopt_rate_card(command=AdoptRateCard(partnership=which, edition=1, currency="EUR", rates=RATES), context=context())
    assert verbs.get_rate_card(query=GetRateCard(partnership=which)).rates == RATES
    payment = verbs.offer_payment(command=offer, context=context()).id
    for verb, command in ((verbs.accept_payment, AcceptPayment), (verbs.claim_payment, ClaimPayment)):
        verb(command=command(payment=payment), context=context())
    with refused("approved_by_claimant"):
        verbs.approve_payment(command=ApprovePayment(payment=payment), context=context())
    finance = context(role="finance_officer").model_copy(update={"actor": "token:f1ce"})
    verbs.approve_payment(command=ApprovePayment(payment=payment), context=finance)
    verbs.record_payment_made(command=RecordPaymentMade(payment=payment), context=finance.model_copy(update={"command": UUID(int=77)}))
    told = verbs.get_payment(query=GetPayment(payment=payment))
    assert (told.state, told.amount, told.version) == (PaymentState.paid, HALF_DAY, 5)


def test_whoever_left_is_offered_nothing_and_may_still_claim_what_they_spent(region: Region, people: People) -> None:
    verbs, which = region.partnerships, people.partnership
    verbs.adopt_rate_card(command=AdoptRateCard(partnership=which, edition=1, currency="EUR", rates=RATES), context=context())
    with refused("not_a_member_then"):
        verbs.offer_payment(command=OfferPayment(happened=LEFT, partnership=which, member=people.dervla, kind=PAID_FOR), context=context())
    spent = ClaimExpense(happened=MEETS, partnership=which, member=people.dervla, kind=TRAVEL, amount=FARE)
    payment = verbs.claim_expense(command=spent, context=context()).id
    assert verbs.get_payment(query=GetPayment(payment=payment)).state is PaymentState.claimed


@pytest.mark.parametrize("kind", [PaymentKind.involvement_payment, PaymentKind.honorarium, PaymentKind.voucher])
def test_what_is_paid_for_taking_part_is_not_claimed_without_an_offer(region: Region, paying: People, kind: PaymentKind) -> None:
    spent = ClaimExpense(happened=MEETS, partnership=paying.partnership, member=paying.aoife, kind=kind, amount=FARE)
    with refused("claimed_without_offer"):
        region.partnerships.claim_expense(command=spent, context=context())


@pytest.fixture
def paying(region: Region, people: People) -> People:
    """A partnership with a rate card."""
    card = AdoptRateCard(partnership=people.partnership, edition=1, currency="EUR", rates=RATES)
    region.partnerships.adopt_rate_card(command=card, context=context())
    return people


def test_a_payment_is_offered_for_a_session_of_the_partnership_before_it_begins(region: Region, paying: People) -> None:
    session = planned(region, paying)
    offer: Any = {"partnership": paying.partnership, "member": paying.aoife, "kind": PAID_FOR, "session": session}
    with refused("no_such_session"):
        region.partnerships.offer_payment(command=OfferPayment(**offer), context=context())
    region.spread()
    with refused("no_such_session"):
        region.partnerships.offer_payment(command=OfferPayment(**{**offer, "session": UUID(int=5)}), context=context())
    with refused("offered_too_late"):
        region.partnerships.offer_payment(command=OfferPayment(happened=MEETS, **offer), context=context())
    before = OfferPayment(happened=MEETS - timedelta(days=1), **offer)
    payment = region.partnerships.offer_payment(command=before, context=context()).id
    assert region.partnerships.get_payment(query=GetPayment(payment=payment)).session == session


def test_a_session_of_another_partnership_is_none_of_this_one(region: Region, paying: People) -> None:
    session = planned(region, paying)
    region.spread()
    elsewhere = ProposePartnership(name="Elsewhere", org_unit="P002", setting=SettingType.camhs, level=CoproductionLevel.strategic)
    other = region.partnerships.propose_partnership(command=elsewhere, context=context()).id
    with refused("no_such_session"):
        next(one for one in region.lists if isinstance(one, Occasions)).begins(other, session)


def test_payments_are_listed_by_partnership_member_and_state(region: Region, paying: People) -> None:
    verbs, offered = region.partnerships, list[UUID]()
    for number, member in enumerate((paying.aoife, paying.lorcan, paying.aoife)):
        offer = OfferPayment(happened=LEFT + timedelta(days=number), partnership=paying.partnership, member=member, kind=PAID_FOR)
        offered.append(verbs.offer_payment(command=offer, context=context()).id)
    verbs.accept_payment(command=AcceptPayment(payment=offered[-1]), context=context())
    verbs.claim_payment(command=ClaimPayment(payment=offered[-1], amount=FARE), context=context())
    spent = ClaimExpense(happened=MEETS, partnership=paying.partnership, member=paying.aoife, kind=TRAVEL, amount=FARE)
    verbs.claim_expense(command=spent, context=context())
    region.spread()

    def listed(**which: Any) -> list[tuple[PaymentKind, PaymentState, Decimal]]:
        first = verbs.list_payments(query=ListPayments(**which, limit=1))
        rest = verbs.list_payments(query=ListPayments(**which, after=first.next)).items if first.next else ()
        return [(one.kind, one.state, one.amount) for one in (*first.items, *rest)]

    fare, half_day = (TRAVEL, PaymentState.claimed, FARE), (PAID_FOR, PaymentState.offered, HALF_DAY)
    claimed = (PAID_FOR, PaymentState.claimed, FARE)
    assert listed(partnership=paying.partnership) == [fare, half_day, half_day, claimed]
    assert listed(member=paying.aoife, state=PaymentState.claimed) == [fare, claimed]
    assert listed(member=paying.lorcan) == [half_day]
    assert listed(partnership=UUID(int=5)) == []


def test_every_edition_of_a_rate_card_is_told(region: Region, paying: People) -> None:
    dearer = (Rate(kind=PAID_FOR, amount=Decimal("80.00")),)
    second = AdoptRateCard(partnership=paying.partnership, edition=2, currency="EUR", rates=dearer)
    region.partnerships.adopt_rate_card(command=second, context=context())
    told = region.partnerships.list_rate_cards(query=ListRateCards(partnership=paying.partnership))
    assert [(one.edition, one.rates) for one in told.editions] == [(1, RATES), (2, dearer)]


def test_whoever_is_forgotten_has_their_payments_kept_as_long_as_the_law_of_the_country_says(region: Region, paying: People) -> None:
    verbs = region.partnerships
    assert [one.record for one in verbs.kept(paying.aoife)] == [KeptRecord.facts_under_pseudonym]
    spent = ClaimExpense(happened=MEETS, partnership=paying.partnership, member=paying.aoife, kind=TRAVEL, amount=FARE)
    verbs.claim_expense(command=spent, context=context())
    erase = RequestErasure(member=paying.aoife, basis=ErasureBasis.consent_withdrawn)
    verbs.request_erasure(command=erase, context=context(role="data_protection_officer"))
    region.spread()
    verbs.tend()
    [done] = [one for one in stored(region.stores["partnerships"]) if isinstance(one, SubjectErased)]
    assert [(one.record, one.until) for one in done.kept] == [
        (KeptRecord.facts_under_pseudonym, None),
        (KeptRecord.payments, MEETS.date().replace(year=2031)),
    ]
