"""What is due in a partnership: one list, the most urgent first."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.partnerships import (
    AdoptRateCard,
    AppointToOffice,
    ApprovePayment,
    ClaimExpense,
    ConfirmInterests,
    DeclareInterest,
    EndMembership,
    GetDue,
    GrantConsent,
    IdentifyAccessNeed,
    Rate,
    RecordAccessNeed,
    RecordIdentifiedNeed,
    ReviewAccessNeed,
)
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    ConsentFormat,
    ConsentPurpose,
    DueKind,
    IdentifiedBy,
    InterestType,
    MembershipEndReason,
    PartnershipOffice,
    PaymentKind,
)
from shared.days import Jurisdiction
from tests.given import Region, context
from tests.pure.test_neighbours import BEGAN, People, people
from tests.pure.test_payments import FARE, RATES, TRAVEL

__all__ = ["people"]

ASKED = BEGAN + timedelta(days=40)
Row = tuple[DueKind, date, bool]


class Coordinator:
    """Somebody who asks what is due."""

    def __init__(self, region: Region, people: People) -> None:
        self.verbs, self.region, self.people = region.partnerships, region, people
        self.aoife: Any = {"partnership": people.partnership, "member": people.aoife}

    def due(self, of: Any = None, *, now: datetime = ASKED, within: int = 366) -> list[Row]:
        """What is due of a member, when asked at `now`."""
        self.region.spread()
        self.verbs.clock = lambda: now
        told = self.verbs.get_due(query=GetDue(partnership=self.people.partnership, within=within))
        assert [one.due for one in told.items] == sorted(one.due for one in told.items)
        return [(one.kind, one.due, one.overdue) for one in told.items if one.member == (of or self.people.aoife)]

    def consent(self, **what: Any) -> None:
        purpose: Any = {"purpose": ConsentPurpose.participation, "text": "participation-3", "explained": ConsentFormat.spoken}
        self.verbs.grant_consent(command=GrantConsent(happened=BEGAN, **self.aoife, **{**purpose, **what}), context=context())

    def declare(self) -> None:
        nil = DeclareInterest(happened=BEGAN, **self.aoife, interest=InterestType.nil)
        self.verbs.declare_interest(command=nil, context=context())


@pytest.fixture
def asking(region: Region, people: People) -> Coordinator:
    return Coordinator(region, people)


def days(count: int) -> date:
    return (BEGAN + timedelta(days=count)).date()


def test_who_has_just_joined_is_to_consent_and_to_declare_interests_within_28_days(asking: Coordinator) -> None:
    assert asking.due() == [(DueKind.consent_to_ask, days(0), True), (DueKind.interests_to_declare, days(28), True)]
    assert asking.due(now=BEGAN, within=27) == [(DueKind.consent_to_ask, days(0), False)]


def test_a_declaration_is_due_again_after_a_year_and_not_before_it_is_near(asking: Coordinator) -> None:
    asking.consent()
    asking.declare()
    assert asking.due(within=300) == []
    assert asking.due() == [(DueKind.interests_to_renew, date(2026, 1, 15), False)]
    asking.verbs.confirm_interests(command=ConfirmInterests(happened=ASKED, **asking.aoife), context=context())
    assert asking.due(now=BEGAN + timedelta(days=365), within=30) == []


def test_a_consent_that_ends_is_due_before_it_ends_and_asked_for_after(asking: Coordinator) -> None:
    asking.declare()
    asking.consent(until=BEGAN + timedelta(days=60))
    assert asking.due(within=60) == [(DueKind.consent_expiring, days(60), False)]
    assert asking.due(now=BEGAN + timedelta(days=61), within=60) == [(DueKind.consent_to_ask, days(60), True)]


def test_a_term_that_ended_without_anybody_following_is_overdue(asking: Coordinator) -> None:
    asking.consent()
    asking.declare()
    term: Any = {"office": PartnershipOffice.secretary, "until": BEGAN + timedelta(days=30)}
    asking.verbs.appoint_to_office(command=AppointToOffice(happened=BEGAN, **asking.aoife, **term), context=context())
    assert asking.due(within=60) == [(DueKind.term_ending, days(30), True)]


def test_an_access_need_is_reviewed_every_year_until_it_is_no_longer_needed(asking: Coordinator) -> None:
    asking.consent()
    asking.declare()
    need = RecordAccessNeed(happened=BEGAN, **asking.aoife, category=AccessNeedCategory.transport)
    made = asking.verbs.record_access_need(command=need, context=context()).made
    assert (DueKind.access_need_to_review, date(2026, 1, 15), False) in asking.due()
    ended = ReviewAccessNeed(happened=ASKED, **asking.aoife, need=made or UUID(int=0), outcome=AccessReview.no_longer_needed)
    asking.verbs.review_access_need(command=ended, context=context())
    assert asking.due(within=300) == []


def test_an_access_need_that_was_only_identified_is_looked_at_at_once(asking: Coordinator) -> None:
    asking.consent()
    asking.declare()
    seen = IdentifyAccessNeed(
        happened=BEGAN, **asking.aoife, category=AccessNeedCategory.transport, identified_by=IdentifiedBy.relative_or_carer
    )
    need = asking.verbs.identify_access_need(command=seen, context=context()).made or UUID(int=0)
    assert asking.due(within=0) == [(DueKind.access_need_to_review, days(0), True)]
    record = RecordIdentifiedNeed(happened=BEGAN, **asking.aoife, need=need)
    asking.verbs.record_identified_need(command=record, context=context())
    assert asking.due(within=300) == []


def test_a_claim_is_approved_and_paid_within_twenty_working_days_of_the_country(asking: Coordinator) -> None:
    asking.consent()
    asking.declare()
    card = AdoptRateCard(partnership=asking.people.partnership, edition=1, currency="EUR", rates=(*RATES, Rate(kind=TRAVEL, amount=FARE)))
    asking.verbs.adopt_rate_card(command=card, context=context())
    spent = ClaimExpense(happened=BEGAN, **asking.aoife, kind=PaymentKind.travel, amount=FARE)
    payment = asking.verbs.claim_expense(command=spent, context=context()).id
    # 15 January and 20 working days; St Brigid's holiday on 3 February is none.
    assert asking.due(within=60) == [(DueKind.payment_to_approve, date(2025, 2, 13), True)]
    finance = context(role="finance_officer").model_copy(update={"actor": "token:f1ce"})
    asking.verbs.approve_payment(command=ApprovePayment(happened=ASKED, payment=payment), context=finance)
    assert asking.due(within=60) == [(DueKind.payment_to_make, date(2025, 2, 13), True)]


def test_nothing_is_due_of_who_has_left(asking: Coordinator) -> None:
    left = EndMembership(happened=ASKED, **asking.aoife, reason=MembershipEndReason.moved_away)
    asking.verbs.end_membership(command=left, context=context())
    assert asking.due() == []
    assert asking.due(asking.people.lorcan) != []


def test_days_are_counted_as_the_country_counts_them() -> None:
    ireland, britain = (Jurisdiction(country, BEGAN.tzinfo) for country in ("IE", "GB"))  # type: ignore[arg-type]
    friday = date(2025, 1, 31)
    assert (ireland.working_day(friday, 1), britain.working_day(friday, 1)) == (date(2025, 2, 4), date(2025, 2, 3))
