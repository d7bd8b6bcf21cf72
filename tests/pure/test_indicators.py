from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.feedback import ChangeMade, ChangePlanned, FeedbackEscalated, FeedbackReceived, FeedbackResponded, OutcomeTold
from contracts.model import Fact
from contracts.partnerships import EntryCorrected, MemberJoined, MembershipEnded, PerspectiveDeclared
from contracts.reporting import Figure
from contracts.sessions import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    ActionDueDateMoved,
    AgendaItemRaised,
    AttendanceRecorded,
    ContributionRecorded,
    DecisionClosed,
    InvitationSent,
    PulseSubmitted,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
)
from contracts.vocabulary import (
    AgendaItemOrigin,
    AnonymityMode,
    AttendanceStatus,
    CancellationReason,
    CellStatus,
    ContributionKind,
    DecisionMethod,
    DecisionOutcome,
    EntryKind,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    MembershipEndReason,
    OwnerSide,
    ParticipantRole,
    Perspective,
    SessionKind,
    SessionMode,
    Side,
)
from services.reporting.domain.calendar import Period
from services.reporting.domain.disclosure import disclosed
from services.reporting.domain.history import History
from services.reporting.domain.indicators import INDICATORS, figures
from services.reporting.domain.indicators.measuring import rounded
from shared.days import Jurisdiction
from tests.given import fact, sealed

IRELAND = Jurisdiction("IE", ZoneInfo("Europe/Dublin"))
YEAR = Period.of("2025")
LE, EMPLOYED, PROVIDER = Perspective.lived_experience_self, Perspective.lived_experience_employed, Perspective.professional
QUARTERS = {"2025Q1": date(2025, 2, 19), "2025Q2": date(2025, 4, 30), "2025Q3": date(2025, 9, 10), "2025Q4": date(2025, 10, 15)}
Told = tuple[int | None, int | None, float | None]


def on(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def measured(facts: Iterable[Fact]) -> dict[tuple[str, str], Figure]:
    history = History().after(facts)
    return {(figure.code, figure.period): figure for figure in figures(history, (*YEAR.quarters(), YEAR), IRELAND)}


def told(facts: Iterable[Fact], code: str, period: str) -> Told:
    figure = measured(facts)[code, period]
    return figure.n, figure.d, figure.value


def joined(perspective: Perspective, count: int = 1, day: date = date(2025, 1, 15)) -> list[Fact]:
    return [
        fact(MemberJoined, happened=on(day), member=uuid4(), member_role=ParticipantRole.observer, perspective=perspective, name=sealed())
        for _ in range(count)
    ]


class Meeting:
    """The facts of one held session, said side by side."""

    def __init__(self, day: date = date(2025, 2, 19), chaired: tuple[Side, ...] = ()) -> None:
        self.stream, self.happened = uuid4(), on(day)
        self.items: list[UUID] = []
        self.came: list[UUID] = []
        self.stayed: list[UUID] = []
        self.before: list[Fact] = []
        self.after: list[Fact] = []
        self.chaired = chaired

    def _fact(self, kind: type[Fact], /, **what: Any) -> Fact:
        return fact(kind, stream=self.stream, happened=self.happened, **what)

    def invited(self, perspective: Perspective, count: int, came: int = 0) -> "Meeting":
        members = [uuid4() for _ in range(count)]
        self.came, self.stayed = self.came + members[:came], self.stayed + members[came:]
        self.before += [self._fact(InvitationSent, member=member, perspective=perspective) for member in members]
        status = [AttendanceStatus.attended_part] * came + [AttendanceStatus.absent] * (count - came)
        self.after += [
            self._fact(AttendanceRecorded, member=member, perspective=perspective, status=one)
            for member, one in zip(members, status, strict=True)
        ]
        return self

    def raised(self, origin: AgendaItemOrigin, perspective: Perspective | None, *, discussed: bool = True) -> "Meeting":
        item = uuid4()
        raiser = uuid4() if perspective else None
        self.before.append(
            self._fact(AgendaItemRaised, item=item, title=sealed(), origin=origin, raised_by=raiser, perspective=perspective)
        )
        self.items += [item] if discussed else []
        return self

    def contributed(self, side: Side, count: int) -> "Meeting":
        self.after.append(self._fact(ContributionRecorded, side=side, kind=ContributionKind.spoken, count=count))
        return self

    def heard(self, side: Side, *answers: int) -> "Meeting":
        self.after += [self._fact(PulseSubmitted, side=side, heard=answer) for answer in answers]
        return self

    def decided(self, outcome: DecisionOutcome, le: tuple[int, int, int], prov: tuple[int, int, int], **told: Any) -> "Meeting":
        stood = {"lived_experience": le, "provider": prov, "employed": (0, 9, 0), "other": (0, 9, 0), "decision": uuid4(), **told}
        self.after.append(self._fact(DecisionClosed, title=sealed(), method=DecisionMethod.majority, outcome=outcome, **stood))
        return self

    def facts(self) -> list[Fact]:
        how = {"kind": SessionKind.trialogue, "mode": SessionMode.online}
        held = self._fact(SessionHeld, **how, chaired_by=(), chaired=self.chaired, discussed=tuple(self.items))
        return [self._fact(SessionPlanned, **how, starts=self.happened), *self.before, held, *self.after]


def action(
    due: date, completed: datetime | None = None, *, cancelled: bool = False, moved: date | None = None, decision: UUID | None = None
) -> list[Fact]:
    id_, decision = uuid4(), decision or uuid4()
    facts = [fact(ActionAgreed, action=id_, decision=decision, title=sealed(), owner_side=OwnerSide.joint, original_due=due)]
    facts += [fact(ActionDueDateMoved, action=id_, due=moved)] if moved else []
    facts += [fact(ActionCompleted, happened=completed, action=id_)] if completed else []
    return facts + ([fact(ActionCancelled, action=id_, decision=uuid4())] if cancelled else [])


def feedback(received: date, *responded: date) -> list[Fact]:
    stream = uuid4()
    said = fact(
        FeedbackReceived,
        happened=on(received),
        stream=stream,
        session=None,
        kind=FeedbackKind.comment,
        relation=FeedbackAuthorRelation.carer,
        anonymity=AnonymityMode.named,
        channel=FeedbackChannel.web,
        rating=None,
        text=sealed(),
    )
    return [said, *(fact(FeedbackResponded, happened=on(day), stream=stream, text=sealed()) for day in responded)]


def test_periods_are_quarters_and_calendar_years() -> None:
    assert [(period.code, period.first, period.last) for period in (*YEAR.quarters(), YEAR)] == [
        ("2025Q1", date(2025, 1, 1), date(2025, 3, 31)),
        ("2025Q2", date(2025, 4, 1), date(2025, 6, 30)),
        ("2025Q3", date(2025, 7, 1), date(2025, 9, 30)),
        ("2025Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ]
    assert Period.of("2025Q3").year() == YEAR


def test_a_day_is_the_day_people_there_have() -> None:
    assert IRELAND.day(datetime(2025, 6, 30, 23, 30, tzinfo=UTC)) == date(2025, 7, 1)
    assert IRELAND.day(datetime(2025, 12, 31, 23, 30, tzinfo=UTC)) == date(2025, 12, 31)


HOLIDAYS = [(1, 1), (2, 3), (3, 17), (4, 21), (5, 5), (6, 2), (8, 4), (10, 27), (12, 25), (12, 26)]


@pytest.mark.parametrize(("month", "day"), HOLIDAYS)
def test_public_holidays_are_no_working_days(month: int, day: int) -> None:
    holiday = date(2025, month, day)
    assert IRELAND.working_days(date.fromordinal(holiday.toordinal() - 1), holiday) == 0


def test_all_other_weekdays_of_the_year_are_working_days() -> None:
    assert IRELAND.working_days(date(2024, 12, 31), date(2025, 12, 31)) == 261 - len(HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2025, 2, 10), date(2025, 2, 10), 0),  # the day of receipt does not count
        (date(2025, 4, 8), date(2025, 4, 23), 10),  # over Easter Monday: answered in standard (F06)
        (date(2025, 3, 5), date(2025, 3, 27), 15),  # over St Patrick's Day (F04)
        (date(2025, 4, 29), date(2025, 5, 7), 5),  # acknowledgement of a complaint (8.C)
        (date(2025, 5, 2), date(2025, 6, 17), 30),  # report on a complaint (8.C)
        (date(2025, 12, 24), date(2026, 1, 2), 4),  # over two years
    ],
)
def test_working_days_are_counted_as_the_domain_counts_them(start: date, end: date, days: int) -> None:
    assert IRELAND.working_days(start, end) == days


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 90), st.integers(0, 90))
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    middle = date.fromordinal(start.toordinal() + first)
    end = date.fromordinal(middle.toordinal() + second)
    assert IRELAND.working_days(start, end) == IRELAND.working_days(start, middle) + IRELAND.working_days(middle, end)


def test_of_nothing_every_figure_is_not_applicable_and_never_zero() -> None:
    assert {(figure.status, figure.value) for figure in measured([]).values()} == {(CellStatus.not_applicable, None)}
    assert len(measured([])) == 5 * len(INDICATORS)


def test_membership_is_who_belongs_when_the_last_day_ends() -> None:
    dervla = joined(LE)[0]
    assert isinstance(dervla, MemberJoined)
    left = fact(MembershipEnded, happened=on(date(2025, 3, 28)), member=dervla.member, end_reason=MembershipEndReason.access_not_met)
    facts = [*joined(LE, 5), dervla, *joined(EMPLOYED), *joined(PROVIDER, 5), left, *joined(LE, 2, date(2025, 4, 14))]
    assert told(facts, "CP-01", "2025Q1") == (5, 11, 45.5)
    assert told(facts, "CP-01+employed", "2025Q1") == (6, 11, 54.5)
    assert told(facts, "CP-01", "2025Q2") == (7, 13, 53.8)
    assert told(facts, "CP-01", "2025") == told(facts, "CP-01", "2025Q4")


def test_who_leaves_in_the_last_minute_of_a_period_is_gone_when_it_ends() -> None:
    member = joined(LE)[0]
    assert isinstance(member, MemberJoined)
    reason = MembershipEndReason.end_of_term
    last_minute, new_year = datetime(2025, 6, 30, 22, 59, tzinfo=UTC), datetime(2025, 6, 30, 23, 0, tzinfo=UTC)  # midnight in Dublin
    assert told([member, fact(MembershipEnded, happened=last_minute, member=member.member, end_reason=reason)], "CP-01", "2025Q2") == (
        0,
        0,
        None,
    )
    assert told([member, fact(MembershipEnded, happened=new_year, member=member.member, end_reason=reason)], "CP-01", "2025Q2") == (
        1,
        1,
        100.0,
    )


def first_quarter() -> list[Fact]:
    days = (date(2025, 1, 22), date(2025, 2, 19), date(2025, 3, 19))
    came = ((5, 1, 5), (4, 1, 4), (4, 1, 4))
    meetings = [
        Meeting(day).invited(LE, 6, le).invited(EMPLOYED, 1, employed).invited(PROVIDER, 5, provider)
        for day, (le, employed, provider) in zip(days, came, strict=True)
    ]
    meetings[0].heard(Side.lived_experience, 2, 3, 2, 3, 4).heard(Side.provider, 4, 4, 5, 4)
    meetings[1].heard(Side.lived_experience, 3, 2, 3, 4).heard(Side.provider, 4, 4, 4)
    meetings[2].heard(Side.lived_experience, 4, 3, 4, 3).heard(Side.provider, 4, 5, 4, 4)
    return [one for meeting in meetings for one in meeting.facts()]


def test_attendance_and_pulse_of_the_first_quarter_come_out_as_computed_by_hand() -> None:
    found = measured(first_quarter())
    shown = {code: (figure.n, figure.d, figure.value) for (code, period), figure in found.items() if period == "2025Q1"}
    assert shown["CP-02"] == (13, 29, 44.8)
    assert shown["CP-03"] == (None, None, 0.83)
    assert found["CP-03", "2025Q1"].components == {"le_attended": 13, "le_invited": 18, "prov_attended": 13, "prov_invited": 15}
    assert shown["CP-15"] == (4, 13, 30.8)
    assert shown["CP-15 provider"] == (11, 11, 100.0)
    assert shown["CP-16"] == (None, None, -1.1)
    assert found["CP-16", "2025Q1"].components == {"le_sum": 40, "le_n": 13, "prov_sum": 46, "prov_n": 11}
    assert shown["CP-17"] == (24, 26, 92.3)


def test_a_session_belongs_to_the_day_it_was_held_there() -> None:
    late = Meeting(date(2025, 6, 30), chaired=(Side.provider,))
    late.happened = datetime(2025, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight in Dublin
    assert told(late.facts(), "CP-09", "2025Q2") == (0, 0, None)
    assert told(late.facts(), "CP-09", "2025Q3") == (0, 1, 0.0)


def test_a_session_that_was_not_held_counts_nowhere() -> None:
    meeting = Meeting().invited(LE, 3).invited(PROVIDER, 3)
    planned = [one for one in meeting.facts() if not isinstance(one, (SessionHeld, AttendanceRecorded))]
    cancelled = fact(SessionCancelled, stream=meeting.stream, cancellation_reason=CancellationReason.no_quorum)
    assert {figure.status for figure in measured([*planned, cancelled]).values()} == {CellStatus.not_applicable}


def test_nothing_raised_by_one_side_is_a_true_zero_and_a_low_base_is_marked() -> None:
    meeting = Meeting().raised(AgendaItemOrigin.imposed_by_organisation, None).raised(AgendaItemOrigin.raised_by_member, PROVIDER)
    figure = measured(meeting.facts())["CP-04", "2025Q1"]
    assert (figure.n, figure.d, figure.value, figure.status, figure.low_base) == (0, 2, 0.0, CellStatus.zero, True)


def test_the_agenda_is_what_was_discussed_standing_items_left_out() -> None:
    meeting = Meeting().raised(AgendaItemOrigin.standing, None).raised(AgendaItemOrigin.imposed_by_organisation, None)
    meeting.raised(AgendaItemOrigin.raised_by_member, LE).raised(AgendaItemOrigin.raised_by_member, EMPLOYED)
    meeting.raised(AgendaItemOrigin.raised_by_member, LE, discussed=False)
    assert told(meeting.facts(), "CP-04", "2025Q1") == (1, 3, 33.3)


def test_contributions_are_counted_by_side() -> None:
    meeting = Meeting().contributed(Side.lived_experience, 14).contributed(Side.employed, 3).contributed(Side.provider, 25)
    assert told(meeting.facts(), "CP-05", "2025Q1") == (14, 42, 33.3)


@pytest.mark.parametrize(
    ("le", "prov", "carried"),
    [
        ((6, 0, 0), (4, 0, 0), 1),
        ((6, 0, 0), (2, 2, 0), 0),  # D04: half of the provider side is not more than half
        ((1, 3, 1), (5, 0, 0), 0),  # D08: against the lived-experience side
        ((4, 0, 0), (1, 0, 3), 1),  # abstentions are out
        ((4, 0, 0), (0, 0, 4), 0),  # a side that only abstains carries nothing
    ],
)
def test_a_decision_is_carried_by_more_than_half_of_both_sides(le: tuple[int, int, int], prov: tuple[int, int, int], carried: int) -> None:
    meeting = Meeting().decided(DecisionOutcome.adopted, le, prov).decided(DecisionOutcome.not_adopted, (0, 5, 0), (0, 5, 0))
    assert told(meeting.facts(), "CP-06", "2025Q1")[:2] == (carried, 1)


def test_a_session_chaired_together_is_chaired_by_lived_experience() -> None:
    chairs: list[tuple[Side, ...]] = [(Side.provider,), (Side.lived_experience, Side.provider), (Side.lived_experience,), (Side.employed,)]
    facts = [one for chaired in chairs for one in Meeting(chaired=chaired).facts()]
    assert told(facts, "CP-09", "2025Q1") == (2, 4, 50.0)


def test_an_action_is_on_time_by_its_original_due_date_there() -> None:
    due = date(2025, 6, 13)
    minute_before = datetime(2025, 6, 13, 22, 59, tzinfo=UTC)
    minute_after = datetime(2025, 6, 13, 23, 0, tzinfo=UTC)
    facts = [
        *action(due, minute_before),
        *action(due, minute_after, moved=date(2025, 6, 30)),
        *action(due),
        *action(due, cancelled=True),
        *action(date(2025, 7, 1), on(date(2025, 6, 1))),
    ]
    assert told(facts, "CP-10", "2025Q2") == (1, 3, 33.3)
    assert told(facts, "CP-10", "2025Q3") == (1, 1, 100.0)


def test_the_clock_of_feedback_runs_in_working_days_from_receipt_to_the_first_answer() -> None:
    facts = [
        *feedback(date(2025, 1, 27), date(2025, 2, 6), date(2025, 2, 7)),  # 7: 3 February is a holiday, the second answer does not count
        *feedback(date(2025, 2, 10), date(2025, 2, 28)),  # 14
        *feedback(date(2025, 2, 20), date(2025, 2, 24)),  # 2
        *feedback(date(2025, 3, 5), date(2025, 3, 27)),  # 15
        *feedback(date(2025, 3, 21), date(2025, 4, 3)),  # 9, answered in the next quarter
    ]
    assert told(facts, "CP-12", "2025Q1") == (3, 5, 60.0)
    assert told(facts, "CP-13", "2025Q1") == (5, None, 9.0)
    assert measured(facts)["CP-13", "2025Q1"].components == {
        "days_0_2": 1, "days_3_5": 0, "days_6_10": 2, "days_11_20": 2, "days_over_20": 0, "open": 0,
    }  # fmt: skip
    assert told(facts, "CP-12", "2025Q2") == (0, 0, None)


def test_an_answer_learned_of_late_is_judged_by_the_day_it_was_given() -> None:
    item = feedback(date(2025, 2, 10), date(2025, 2, 28), date(2025, 2, 12))
    assert told(item, "CP-13", "2025Q1") == (1, None, 2.0)


def test_what_nobody_answered_is_open_and_not_in_standard() -> None:
    unanswered = feedback(date(2025, 2, 10))
    outcome = fact(ChangeMade, stream=unanswered[0].stream)
    found = measured([*unanswered, outcome])
    assert (found["CP-12", "2025Q1"].n, found["CP-12", "2025Q1"].d, found["CP-12", "2025Q1"].status) == (0, 1, CellStatus.zero)
    assert found["CP-13", "2025Q1"].status is CellStatus.not_applicable
    assert found["CP-13", "2025Q1"].components["open"] == 1


def settled(received: date, *outcomes: tuple[type[Fact], date]) -> list[Fact]:
    said = feedback(received)
    return said + [fact(kind, stream=said[0].stream, happened=on(day)) for kind, day in outcomes]


def test_a_loop_is_closed_when_something_was_decided_and_the_person_told_by_the_end_of_the_period() -> None:
    february, july = date(2025, 2, 10), date(2025, 7, 1)
    facts = [
        *settled(february, (ChangePlanned, february), (ChangeMade, february), (OutcomeTold, february)),
        *settled(february, (ChangeMade, february)),  # nobody was told
        *settled(february, (ChangePlanned, february), (OutcomeTold, february)),  # planned is not made
        *settled(february, (ChangeMade, july), (OutcomeTold, july)),
        *settled(february, (FeedbackEscalated, july)),
        *settled(february),
    ]
    assert told(facts, "CP-14", "2025Q1") == (0, 0, None)
    assert told(facts, "CP-14", "2025Q2") == (1, 6, 16.7)
    assert told(facts, "CP-14", "2025") == (2, 5, 40.0)


@pytest.mark.parametrize(
    ("received", "asked"),
    [
        (date(2024, 10, 2), []),  # 90 days later it was still 2024
        (date(2024, 10, 3), ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025"]),
        (date(2025, 4, 1), ["2025Q2", "2025Q3", "2025Q4", "2025"]),
        (date(2025, 10, 3), []),
    ],
)
def test_each_item_is_asked_after_in_the_one_year_in_which_its_90_days_end(received: date, asked: list[str]) -> None:
    found = measured(feedback(received))
    assert [period for (code, period), figure in found.items() if code == "CP-14" and figure.d] == asked


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("12.25", "%", 12.3),
        ("12.249999", "%", 12.2),
        ("-0.125", "points", -0.13),
        ("-0.124", "points", -0.12),
        ("0.125", "points", 0.13),
        ("0.995", "ratio", 1.0),
        ("7.5", "working days", 7.5),
        ("-0.001", "points", 0.0),
    ],
)
def test_rounding_is_half_up_away_from_zero(value: str, unit: str, shown: float) -> None:
    assert rounded(Decimal(value), unit) == shown


def pulses(side: Side, answers: dict[str, int]) -> list[Fact]:
    return [one for quarter, count in answers.items() for one in Meeting(QUARTERS[quarter]).heard(side, *[4] * count).facts()]


def statuses(facts: Iterable[Fact], code: str) -> dict[str, CellStatus]:
    return {figure.period: figure.status for figure in disclosed(measured(facts).values()) if figure.code == code}


SMALL_THIRD = pulses(Side.provider, {"2025Q1": 11, "2025Q2": 7, "2025Q3": 3, "2025Q4": 13})
ENOUGH = pulses(Side.lived_experience, {"2025Q1": 13, "2025Q2": 11, "2025Q3": 6, "2025Q4": 16})
V, A, D, NA = CellStatus.value, CellStatus.suppressed_primary, CellStatus.suppressed_secondary, CellStatus.not_applicable


def test_three_answers_stay_hidden_and_so_does_the_smallest_other_quarter_that_would_give_them_back() -> None:
    facts = [*SMALL_THIRD, *ENOUGH]
    assert statuses(facts, "CP-15 provider") == {"2025Q1": V, "2025Q2": D, "2025Q3": A, "2025Q4": V, "2025": V}
    assert set(statuses(facts, "CP-15").values()) == {V}


def test_the_gap_of_two_means_is_hidden_where_one_of_them_is() -> None:
    gap = statuses([*SMALL_THIRD, *ENOUGH], "CP-16")
    assert (gap["2025Q2"], gap["2025Q3"]) == (D, A)
    assert A not in {gap[period] for period in ("2025Q1", "2025Q4", "2025")}


def test_of_a_hidden_cell_nothing_is_left_to_compute_with() -> None:
    hidden = [figure for figure in disclosed(measured([*SMALL_THIRD, *ENOUGH]).values()) if figure.status in {A, D}]
    assert len(hidden) == 4
    assert all((figure.n, figure.d, figure.value, figure.components, figure.low_base) == (None, None, None, {}, False) for figure in hidden)


def test_what_nobody_answered_is_not_hidden() -> None:
    assert statuses(ENOUGH, "CP-15 provider") == dict.fromkeys((*QUARTERS, "2025"), NA)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"2025Q1": 3}, {"2025Q1": A, "2025": A}),  # the year is the quarter
        ({"2025Q1": 3, "2025Q2": 4}, {"2025Q1": A, "2025Q2": A, "2025": V}),  # only their sum is known
        ({"2025Q1": 3, "2025Q2": 9}, {"2025Q1": A, "2025Q2": D, "2025": V}),
        ({"2025Q1": 1, "2025Q2": 1}, {"2025Q1": A, "2025Q2": A, "2025": A}),
        ({"2025Q1": 1, "2025Q2": 1, "2025Q3": 8, "2025Q4": 9}, {"2025Q1": A, "2025Q2": A, "2025Q3": D, "2025Q4": V, "2025": V}),
    ],
)
def test_small_cells_in_fewer_quarters(answers: dict[str, int], expected: dict[str, CellStatus]) -> None:
    shown = statuses(pulses(Side.provider, answers), "CP-15 provider")
    assert {period: status for period, status in shown.items() if status is not NA} == expected


@given(st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_no_small_group_can_be_had_by_taking_quarters_from_the_year(counts: list[int]) -> None:
    answers = dict(zip(QUARTERS, counts, strict=True))
    shown = statuses(pulses(Side.provider, answers), "CP-15 provider")
    small = [period for period, count in answers.items() if 0 < count < 5]
    assert all(shown[period] is A for period in small)
    missing = [count for period, count in answers.items() if shown[period] in {A, D}]
    assert shown["2025"] is not V or not missing or (len(missing) > 1 and sum(missing) >= 5)


def changed(kind: type[Fact], who: Any, month: int, version: int, **what: Any) -> Fact:
    return fact(kind, happened=on(date(2025, month, 1)), member=who, **what).model_copy(update={"version": version})


def test_a_member_counts_on_the_side_of_the_last_day_as_put_right_since() -> None:
    (aoife,) = joined(LE)
    who: Any = aoife.member  # type: ignore[attr-defined]
    declared = changed(PerspectiveDeclared, who, 5, 7, perspective=EMPLOYED)
    right: Any = {"corrects": 7, "entry": EntryKind.perspective, "at": on(date(2025, 8, 1)), "perspective": EMPLOYED}
    moved, struck = (changed(EntryCorrected, who, 9, 8, **right, struck=never) for never in (False, True))
    past = [aoife, *joined(PROVIDER)]
    shares = [[told(facts, "CP-01", f"2025Q{quarter}")[0] for quarter in (1, 2, 3)] for facts in (
        past, [*past, declared], [*past, declared, moved], [*past, declared, moved, struck],
    )]  # fmt: skip
    assert shares == [[1, 1, 1], [1, 0, 0], [1, 1, 0], [1, 1, 1]]


def test_a_joining_or_an_end_that_was_put_right_counts_as_it_was() -> None:
    (aoife,) = joined(LE)
    who: Any = aoife.member  # type: ignore[attr-defined]
    left = changed(MembershipEnded, who, 5, 7, end_reason=MembershipEndReason.health)
    right: Any = {"at": on(date(2025, 8, 1)), "perspective": None}
    later = changed(EntryCorrected, who, 9, 8, corrects=7, entry=EntryKind.ended, **right, struck=False)
    never = changed(EntryCorrected, who, 9, 8, corrects=7, entry=EntryKind.ended, **right, struck=True)
    came_late = changed(EntryCorrected, who, 9, 8, corrects=1, entry=EntryKind.joined, **right, struck=False)
    members = [[told(facts, "CP-01", f"2025Q{quarter}")[1] for quarter in (1, 2, 3)] for facts in (
        [aoife, left], [aoife, left, later], [aoife, left, never], [aoife, came_late],
    )]  # fmt: skip
    assert members == [[1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 1]]
