"""What is counted of those who leave, of what people need and are offered, of consents and declarations, and of the work done together."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.examples import EXAMPLES
from contracts.model import Fact
from contracts.partnerships import (
    AccessNeedMet,
    AccessNeedMetConfirmed,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    ConsentGranted,
    ConsentWithdrawn,
    DegreeAgreed,
    DegreeRated,
    EntryCorrected,
    ExpenseClaimed,
    InterestDeclared,
    InterestsConfirmed,
    MemberJoined,
    MembershipEnded,
    PaymentDeclined,
    PaymentMade,
    PaymentOffered,
    PaymentRejected,
    PerspectiveDeclared,
    SubjectErased,
    WorkItemOpened,
)
from contracts.sessions import SessionMoved
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    CommissioningStage,
    ConfirmedBy,
    ConsentFormat,
    ConsentPurpose,
    Degree,
    EntryKind,
    FigureFlag,
    InterestType,
    LegalBasis,
    MembershipEndReason,
    PaymentKind,
    RejectionReason,
    SessionMode,
    Side,
)
from services.reporting.domain.calendar import a_year_after
from tests.given import fact
from tests.pure.test_indicators import EMPLOYED, LE, PROVIDER, Meeting, joined, measured, on, told

LAST = date(2025, 12, 31)
MONEY: dict[str, Any] = {"amount": Decimal(75), "currency": "EUR"}


def whose(member: Fact) -> UUID:
    assert isinstance(member, MemberJoined)
    return member.member


def left(member: Fact, day: date, reason: MembershipEndReason) -> list[Fact]:
    return [member, fact(MembershipEnded, happened=on(day), member=whose(member), end_reason=reason)]


def consented(member: Fact, day: date = date(2025, 1, 15), purpose: ConsentPurpose = ConsentPurpose.participation) -> list[Fact]:
    return [fact(ConsentGranted, happened=on(day), member=whose(member), purpose=purpose, text="v1", explained=ConsentFormat.isl)]


def declared(member: Fact, day: date = date(2025, 1, 15), interest: InterestType = InterestType.nil) -> list[Fact]:
    said: dict[str, Any] = {"declaration": uuid4(), "interest": interest, "words": None, "arose": None, "late": False}
    return [fact(InterestDeclared, happened=on(day), member=whose(member), **said)]


def need(member: UUID, day: date, id_: UUID | None = None) -> Fact:
    what: dict[str, Any] = {"category": AccessNeedCategory.transport, "wanted": None, "words": None}
    return fact(AccessNeedRecorded, happened=on(day), member=member, need=id_ or uuid4(), **what)


def asked(meeting: Meeting, member: UUID, *, met: bool, confirmed: bool = False) -> list[Fact]:
    """A need, and whether it was met at a meeting; after which it is needed no longer."""
    what: dict[str, Any] = {"member": member, "need": uuid4()}
    said = fact(AccessNeedMet if met else AccessNeedNotMet, session=meeting.stream, confirmed=confirmed, **what)
    over = fact(AccessNeedReviewed, happened=meeting.happened, outcome=AccessReview.no_longer_needed, **what)
    return [need(member, meeting.happened.date(), what["need"]), said, over]


def offered(meeting: Meeting, member: UUID, day: date) -> list[Fact]:
    what = {"session": meeting.stream, "kind": PaymentKind.honorarium, "rate_card": 1, **MONEY}
    happened = datetime.combine(day, time(9), UTC)
    return [fact(PaymentOffered, stream=uuid4(), happened=happened, member=member, **what)]


def claimed(day: date, *, paid: date | None = None, rejected: date | None = None) -> list[Fact]:
    one: dict[str, Any] = {"stream": uuid4(), "member": uuid4()}
    facts = [fact(ExpenseClaimed, happened=on(day), kind=PaymentKind.travel, **one, **MONEY)]
    facts += [fact(PaymentRejected, happened=on(rejected), rejection=RejectionReason.no_evidence, **one)] if rejected else []
    return [*facts, fact(PaymentMade, happened=on(paid), **one, **MONEY)] if paid else facts


def work_item(
    intended: Degree, agreed: Degree | None, *, le: Degree = Degree.co_design, prov: Degree = Degree.co_design, reviewed: date = LAST
) -> list[Fact]:
    stream = uuid4()
    how: dict[str, Any] = {"stage": CommissioningStage.co_design, "legal_basis": LegalBasis.none, "name": "Letters"}
    facts = [fact(WorkItemOpened, stream=stream, intended=intended, **how)]
    facts += [fact(DegreeRated, stream=stream, side=side, degree=one) for side, one in ((Side.lived_experience, le), (Side.provider, prov))]
    return [*facts, fact(DegreeAgreed, stream=stream, happened=on(reviewed), degree=agreed)] if agreed else facts


# CP-18: those who leave

ENOUGH = (MembershipEndReason.end_of_term, MembershipEndReason.role_completed)


@pytest.mark.parametrize("reason", MembershipEndReason)
def test_whoever_leaves_withdraws_unless_their_term_or_role_came_to_its_end(reason: MembershipEndReason) -> None:
    facts = [*joined(LE), *left(joined(LE)[0], date(2025, 5, 1), reason), *left(joined(PROVIDER)[0], date(2025, 5, 1), reason)]
    assert told(facts, "CP-18", "2025Q2")[:2] == (0 if reason in ENOUGH else 1, 2)
    assert told(facts, "CP-18", "2025Q3")[:2] == (0, 1)


def test_whoever_was_on_the_side_for_a_day_was_on_it_in_the_period() -> None:
    """From employed to lived experience in May, to the provider side in August; left in November, then of the provider side."""
    (member,) = joined(EMPLOYED)
    moves = ((date(2025, 5, 1), 2, LE), (date(2025, 8, 1), 3, PROVIDER))
    facts = left(member, date(2025, 11, 1), MembershipEndReason.conflict)
    for day, version, perspective in moves:
        moved = fact(PerspectiveDeclared, happened=on(day), member=whose(member), perspective=perspective)
        facts.append(moved.model_copy(update={"version": version}))
    assert [told(facts, "CP-18", f"2025Q{quarter}")[:2] for quarter in (1, 2, 3, 4)] == [(0, 0), (0, 1), (0, 1), (0, 0)]
    assert told(facts, "CP-18", "2025")[:2] == (0, 1)


def test_an_end_that_was_put_right_is_one_of_the_day_it_was() -> None:
    member, ended = left(joined(LE)[0], date(2025, 5, 1), MembershipEndReason.conflict)
    right: dict[str, Any] = {"member": whose(member), "corrects": 1, "entry": EntryKind.ended, "perspective": None}
    moved = fact(EntryCorrected, at=on(date(2025, 3, 31)), struck=False, **right)
    never = fact(EntryCorrected, at=on(date(2025, 3, 31)), struck=True, **right)
    assert [told([member, ended, moved], "CP-18", period)[:2] for period in ("2025Q1", "2025Q2")] == [(1, 1), (0, 0)]
    assert told([member, ended, never], "CP-18", "2025Q2")[:2] == (0, 1)


def test_reasons_the_partnership_can_mend_are_flagged_and_no_others() -> None:
    reasons = (
        MembershipEndReason.health,
        MembershipEndReason.not_heard,
        MembershipEndReason.payment_problem,
        MembershipEndReason.not_heard,
    )
    facts = [one for reason in reasons for one in left(joined(LE)[0], date(2025, 5, 1), reason)]
    provider = left(joined(PROVIDER)[0], date(2025, 5, 1), MembershipEndReason.access_not_met)
    assert measured([*facts, *provider])["CP-18", "2025Q2"].flags == (FigureFlag.payment_problem, FigureFlag.not_heard)


# CP-25: consents and declarations


@pytest.mark.parametrize(
    ("day", "current"),
    [(date(2025, 12, 31), 1), (date(2024, 12, 31), 1), (date(2024, 12, 30), 0), (date(2026, 1, 1), 0)],
)
def test_a_declaration_is_current_for_twelve_months(day: date, current: int) -> None:
    (member,) = joined(LE, 1, date(2024, 1, 10))
    facts = [member, *consented(member, date(2024, 1, 10)), *declared(member, day, InterestType.financial)]
    assert told(facts, "CP-25", "2025")[:2] == (current, 1)


def test_twelve_months_after_a_leap_day_is_the_last_of_february() -> None:
    assert [a_year_after(date(2024, 2, day)) for day in (28, 29)] == [date(2025, 2, 28)] * 2


def test_confirming_what_was_declared_renews_it() -> None:
    (member,) = joined(LE, 1, date(2024, 1, 10))
    renewed = fact(InterestsConfirmed, happened=on(date(2025, 6, 1)), member=whose(member))
    facts = [member, *consented(member, date(2024, 1, 10)), *declared(member, date(2024, 1, 10))]
    assert [told([*facts, *more], "CP-25", "2025")[0] for more in ([], [renewed])] == [0, 1]


def test_neither_a_withdrawn_consent_nor_one_to_something_else_is_one_to_take_part() -> None:
    (member,) = joined(PROVIDER)
    facts = [member, *declared(member), *consented(member, purpose=ConsentPurpose.contact)]
    assert told(facts, "CP-25", "2025")[0] == 0
    withdrawn = fact(ConsentWithdrawn, happened=on(date(2025, 8, 1)), member=whose(member), purpose=ConsentPurpose.participation)
    facts += [*consented(member), withdrawn]
    assert [told(facts, "CP-25", f"2025Q{quarter}")[0] for quarter in (1, 2, 3)] == [1, 1, 0]
    again = [*facts, *consented(member, date(2025, 11, 1))]
    assert [told(again, "CP-25", f"2025Q{quarter}")[0] for quarter in (3, 4)] == [0, 1]


def test_only_who_belongs_when_the_last_day_ends_has_to_be_in_order() -> None:
    gone = left(joined(LE)[0], date(2025, 5, 1), MembershipEndReason.health)
    assert told([*gone, *consented(gone[0]), *declared(gone[0]), *joined(LE)], "CP-25", "2025")[:2] == (0, 1)


# CP-20: access


def test_needs_at_held_sessions_of_those_who_came_and_unmet_ones_of_those_who_did_not_count() -> None:
    meeting = Meeting().invited(LE, 2, 1).invited(PROVIDER, 2, 1)
    (aoife, imelda), (cathal, _) = meeting.came, meeting.stayed
    facts = [*meeting.facts(), *asked(meeting, aoife, met=True, confirmed=True), *asked(meeting, aoife, met=False)]
    facts += [*asked(meeting, imelda, met=True), *asked(meeting, cathal, met=False), *asked(meeting, cathal, met=True)]
    assert told(facts, "CP-20", "2025Q1") == (2, 4, 50.0)
    assert measured(facts)["CP-20", "2025Q1"].components == {"confirmed": 1, "not_said": 0}


def test_what_is_said_of_a_need_at_no_session_or_at_one_that_was_not_held_counts_nowhere() -> None:
    meeting = Meeting().invited(LE, 1, 1)
    (member,) = meeting.came
    unheld = asked(meeting, member, met=False)
    nowhere = fact(AccessNeedMet, member=member, need=uuid4(), session=None, confirmed=True)
    assert told([*unheld, nowhere], "CP-20", "2025Q1") == (0, 0, None)


def test_what_is_said_again_of_a_need_puts_right_what_was_said_before() -> None:
    meeting = Meeting().invited(LE, 1, 1)
    (member,) = meeting.came
    recorded, said, over = asked(meeting, member, met=True)
    assert isinstance(said, AccessNeedMet)
    contradicted = fact(AccessNeedNotMet, member=member, need=said.need, session=meeting.stream, confirmed=True)
    facts = [*meeting.facts(), recorded, said, contradicted, over]
    assert told(facts, "CP-20", "2025Q1")[:2] == (0, 1)


@pytest.mark.parametrize(("met", "n", "confirmed"), [(True, 1, 1), (False, 0, 0)])
def test_whether_a_need_was_met_is_what_the_person_says_of_it(met: bool, n: int, confirmed: int) -> None:
    meeting = Meeting().invited(LE, 1, 1)
    (member,) = meeting.came
    recorded, said, over = asked(meeting, member, met=True)
    assert isinstance(said, AccessNeedMet)
    what: dict[str, Any] = {"member": member, "need": said.need, "met": met, "confirmed_by": ConfirmedBy.member}
    theirs, nowhere = (fact(AccessNeedMetConfirmed, session=session, **what) for session in (meeting.stream, None))
    facts = [*meeting.facts(), recorded, said, over, theirs, nowhere]
    assert told(facts, "CP-20", "2025Q1")[:2] == (n, 1)
    assert measured(facts)["CP-20", "2025Q1"].components["confirmed"] == confirmed


def test_a_need_of_somebody_who_came_of_which_nobody_said_anything_is_told_apart() -> None:
    meeting = Meeting().invited(LE, 2, 1)
    (came,), (stayed,) = meeting.came, meeting.stayed
    early, late = date(2025, 1, 15), date(2025, 2, 20)
    ended = need(came, early)
    assert isinstance(ended, AccessNeedRecorded)
    what = {"member": came, "need": ended.need}
    over = fact(AccessNeedReviewed, happened=on(date(2025, 2, 1)), outcome=AccessReview.no_longer_needed, **what)
    still = fact(AccessNeedReviewed, happened=on(date(2025, 2, 1)), outcome=AccessReview.still_needed, **{**what, "need": uuid4()})
    facts = [*meeting.facts(), need(came, early), need(came, late), need(stayed, early), ended, over, still]
    assert told(facts, "CP-20", "2025Q1") == (0, 0, None)
    assert measured(facts)["CP-20", "2025Q1"].components["not_said"] == 1


# CP-21 and CP-22: payment


def test_an_offer_counts_when_it_was_made_before_the_session_began_to_somebody_who_came() -> None:
    meeting = Meeting(date(2025, 2, 19)).invited(LE, 4, 3).invited(EMPLOYED, 1, 1).invited(PROVIDER, 1, 1)
    before, on_time, late, *others = meeting.came
    facts = [*meeting.facts(), *offered(meeting, before, date(2025, 2, 1)), *offered(meeting, on_time, date(2025, 2, 19))]
    facts += [*offered(meeting, late, date(2025, 2, 20)), *offered(meeting, meeting.stayed[0], date(2025, 2, 1))]
    facts += [one for member in others for one in offered(meeting, member, date(2025, 2, 1))]
    assert told(facts, "CP-21", "2025Q1") == (2, 3, 66.7)


def test_an_offer_for_a_session_that_was_moved_counts_by_when_it_is_held() -> None:
    meeting = Meeting(date(2025, 2, 19)).invited(LE, 1, 1)
    planned, *met = meeting.facts()
    offer = offered(meeting, meeting.came[0], date(2025, 2, 10))
    assert told([planned, *met, *offer], "CP-21", "2025Q1") == (1, 1, 100.0)
    moved = fact(SessionMoved, stream=meeting.stream, mode=SessionMode.online, starts=datetime(2025, 2, 5, 14, tzinfo=UTC))
    assert told([planned, moved, *met, *offer], "CP-21", "2025Q1") == (0, 1, 0.0)


def test_an_offer_that_was_declined_was_made_and_two_are_one() -> None:
    meeting = Meeting(date(2025, 2, 19)).invited(LE, 1, 1)
    (member,) = meeting.came
    (offer,) = offered(meeting, member, date(2025, 2, 1))
    declined = fact(PaymentDeclined, stream=offer.stream, member=member)
    facts = [*meeting.facts(), offer, declined, *offered(meeting, member, date(2025, 2, 2))]
    assert told(facts, "CP-21", "2025Q1") == (1, 1, 100.0)


def test_an_offer_for_another_session_counts_for_that_one() -> None:
    february, march = Meeting(date(2025, 2, 19)).invited(LE, 1, 1), Meeting(date(2025, 3, 19)).invited(LE, 1, 1)
    facts = [*february.facts(), *march.facts(), *offered(march, february.came[0], date(2025, 2, 1))]
    assert told(facts, "CP-21", "2025Q1") == (0, 2, 0.0)


def test_a_claim_falls_due_when_its_twenty_working_days_have_come_by_the_calendar_there() -> None:
    """Claimed on 3 March; 17 March is a holiday: due on 1 April, in the next quarter."""
    claim = date(2025, 3, 3)
    due = date(2025, 4, 1)
    facts = [*claimed(claim, paid=due), *claimed(claim, paid=date(2025, 4, 2)), *claimed(claim)]
    assert told(facts, "CP-22", "2025Q1") == (0, 0, None)
    assert told(facts, "CP-22", "2025Q2") == (1, 3, 33.3)


def test_a_claim_rejected_in_time_is_never_due_and_one_rejected_late_was_not_paid_in_time() -> None:
    claim = date(2025, 5, 6)
    facts = [*claimed(claim, rejected=date(2025, 5, 20)), *claimed(claim, rejected=date(2025, 6, 30)), *claimed(claim, paid=claim)]
    assert told(facts, "CP-22", "2025Q2") == (1, 2, 50.0)


# CP-23 and CP-24: work


def test_work_reached_its_degree_when_both_sides_agreed_on_the_one_intended_or_a_higher() -> None:
    co_design, far = Degree.co_design, Degree.informing
    facts = [*work_item(co_design, co_design), *work_item(co_design, Degree.co_production), *work_item(co_design, Degree.engagement)]
    facts += [*work_item(co_design, far), *work_item(co_design, None), *work_item(co_design, co_design, reviewed=date(2026, 1, 1))]
    assert told(facts, "CP-23", "2025Q4") == (2, 4, 50.0)
    spread = measured(facts)["CP-23", "2025Q4"].components
    assert spread == {"two_or_more_below": 1, "one_below": 1, "as_intended": 1, "one_above": 1, "two_or_more_above": 0}


def test_the_gap_of_perception_is_that_of_the_sides_last_words_on_work_that_was_reviewed() -> None:
    rosier = work_item(Degree.co_design, Degree.co_design, le=Degree.informing, prov=Degree.co_production)
    second_thought = fact(DegreeRated, stream=rosier[0].stream, side=Side.lived_experience, degree=Degree.consultation)
    open_ = work_item(Degree.co_design, None, le=Degree.coercion, prov=Degree.co_production)
    facts = [*rosier, second_thought, *open_, *work_item(Degree.co_design, Degree.co_design)]
    figure = measured(facts)["CP-24", "2025Q4"]
    assert (figure.value, figure.unit, figure.low_base) == (1.5, "rungs", True)
    assert figure.components == {"prov_sum": 13, "prov_n": 2, "le_sum": 10, "le_n": 2}


# What erasure leaves


def test_no_figure_changes_when_somebody_is_forgotten() -> None:
    (member,) = joined(LE)
    meeting = Meeting().invited(LE, 2, 2)
    facts = [
        *left(member, date(2025, 11, 12), MembershipEndReason.consent_withdrawn),
        *consented(member),
        *declared(member),
        *meeting.facts(),
    ]
    facts += [*asked(meeting, meeting.came[0], met=True), *offered(meeting, meeting.came[0], date(2025, 1, 1)), *claimed(date(2025, 5, 6))]
    erased = EXAMPLES[SubjectErased]
    assert isinstance(erased, SubjectErased)
    assert measured(facts) == measured([*facts, erased])
