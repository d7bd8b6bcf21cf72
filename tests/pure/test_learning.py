"""Evidence of taking part: hours, method and topics of whoever asks for it, and nobody else's name or words."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.partnerships import GrantConsent, WithdrawConsent
from contracts.permissions import leaves_a_record, may
from contracts.sessions import (
    AcceptMinutes,
    AgreeAction,
    Attendance,
    Certificate,
    CloseDecision,
    CompleteAction,
    DraftMinutes,
    GetCertificate,
    GetLearning,
    GetSession,
    HoldSession,
    LearningRecord,
    PlanSession,
    RaiseAgendaItem,
)
from contracts.vocabulary import (
    AgendaItemOrigin,
    AttendanceStatus,
    ConsentFormat,
    ConsentPurpose,
    DecisionMethod,
    DecisionOutcome,
    OwnerSide,
    Perspective,
    SessionKind,
    SessionMode,
)
from services.sessions.application.learning import hours
from tests.given import Region, context, refused
from tests.pure.test_neighbours import People, invite, made

YEAR: dict[str, Any] = {"since": date(2025, 1, 1), "until": date(2025, 12, 31)}
THEIRS = "what Aoife raised"


class Year:
    """Two workshops of 150 and 180 minutes, as in the scenario, both with agreed minutes or none."""

    def __init__(self, region: Region) -> None:
        self.region, self.verbs, self.people = region, region.sessions, People(region)
        self.imelda = self.people.join(region, Perspective.professional)
        region.spread()
        self.march = self.meet(datetime(2025, 3, 19, 14, tzinfo=UTC), 150, "First-appointment letter")
        self.august = self.meet(datetime(2025, 8, 20, 14, tzinfo=UTC), 180, "Family information pack")
        region.spread()

    def meet(self, starts: datetime, minutes: int, decided: str, *, came: tuple[Attendance, ...] = (), **how: Any) -> UUID:
        what = {"kind": SessionKind.co_design_workshop, "mode": SessionMode.in_person, "minutes": minutes, **how}
        plan = PlanSession(partnership=self.people.partnership, starts=starts, **what)
        session = self.verbs.plan_session(command=plan, context=context()).id
        invite(self.region, session, self.people.aoife, self.people.lorcan, self.imelda)
        items = []
        for title, origin, by in (
            (THEIRS, AgendaItemOrigin.raised_by_member, self.people.aoife),
            (f"for {decided}", AgendaItemOrigin.standing, None),
        ):
            item = RaiseAgendaItem(session=session, title=title, origin=origin, raised_by=by)
            items.append(made(self.verbs.raise_agenda_item(command=item, context=context())))
        attended = AttendanceStatus.attended
        everybody = tuple(Attendance(member=one, status=attended) for one in (self.people.aoife, self.people.lorcan, self.imelda))
        held = HoldSession(session=session, chaired_by=(self.people.aoife,), attendance=came or everybody, discussed=tuple(items))
        self.verbs.hold_session(command=held, context=context())
        close = CloseDecision(session=session, title=decided, method=DecisionMethod.consent, outcome=DecisionOutcome.adopted)
        self.decision = made(self.verbs.close_decision(command=close, context=context()))
        self.region.spread()
        return session

    def learned(self, role: str = "partnership_coordinator", **when: Any) -> LearningRecord:
        query = GetLearning(partnership=self.people.partnership, member=self.imelda, **(when or YEAR))
        return self.verbs.get_learning(query=query, context=context(role=role))

    def certificate(self, member: UUID) -> Certificate:
        query = GetCertificate(partnership=self.people.partnership, member=member, **YEAR)
        return self.verbs.get_certificate(query=query, context=context())


@pytest.fixture
def year(region: Region) -> Year:
    return Year(region)


def test_learning_is_told_with_method_topics_hours_and_nobody_elses_name_or_words(year: Year) -> None:
    told = year.learned()
    assert [(one.session, one.day, one.method, one.hours, one.participatory_hours) for one in told.entries] == [
        (year.march, date(2025, 3, 19), "co-design workshop", Decimal("2.5"), Decimal("2.5")),
        (year.august, date(2025, 8, 20), "co-design workshop", Decimal(3), Decimal(3)),
    ]
    assert (told.hours, told.participatory_hours) == (Decimal("5.5"), Decimal("5.5"))
    assert told.entries[0].topics == ("for First-appointment letter", "First-appointment letter")
    written = told.model_dump_json()
    assert THEIRS not in written
    assert not [one for one in (year.people.aoife, year.people.lorcan) if str(one) in written]


def test_the_evidence_is_the_digest_of_minutes_that_both_sides_agreed_to(year: Year) -> None:
    text = DraftMinutes(session=year.march, text="Imelda and Aoife agreed on the letter.")
    year.verbs.draft_minutes(command=text, context=context())
    assert year.learned().entries[0].minutes_digest is None
    for member in (year.people.aoife, year.people.lorcan):
        accept = AcceptMinutes(session=year.march, minutes_version=1, member=member)
        year.verbs.accept_minutes(command=accept, context=context())
    minutes = year.verbs.get_session(query=GetSession(session=year.march), context=context()).minutes_taken
    assert minutes is not None
    assert [one.minutes_digest for one in year.learned().entries] == [minutes.digest, None]


def test_a_record_is_of_the_days_that_were_asked_for(year: Year) -> None:
    assert [one.session for one in year.learned(since=date(2025, 3, 20), until=None).entries] == [year.august]
    assert [one.session for one in year.learned(since=None, until=date(2025, 8, 20)).entries] == [year.march, year.august]
    assert [one.session for one in year.learned(since=date(2025, 8, 20), until=date(2025, 8, 20)).entries] == [year.august]


def test_whoever_came_for_a_part_has_the_minutes_that_were_said_and_none_otherwise(year: Year) -> None:
    part, whole = AttendanceStatus.attended_part, AttendanceStatus.attended
    aoife = Attendance(member=year.people.aoife, status=whole)
    later, untold = datetime(2025, 9, 17, 14, tzinfo=UTC), datetime(2025, 10, 15, 14, tzinfo=UTC)
    year.meet(later, 120, "A", came=(aoife, Attendance(member=year.imelda, status=part, minutes=70)))
    year.meet(untold, 120, "B", came=(aoife, Attendance(member=year.imelda, status=part)))
    told = year.learned()
    assert [one.hours for one in told.entries[2:]] == [Decimal("1.17"), None]
    assert told.hours == Decimal("6.67")


def test_somebody_who_did_not_come_learned_nothing_there(year: Year) -> None:
    came = (
        Attendance(member=year.people.aoife, status=AttendanceStatus.attended),
        Attendance(member=year.imelda, status=AttendanceStatus.apologies),
    )
    year.meet(datetime(2025, 9, 17, 14, tzinfo=UTC), 120, "A", came=came)
    assert len(year.learned().entries) == 2


def test_what_was_done_each_by_themselves_is_not_participatory(year: Year) -> None:
    year.meet(datetime(2025, 9, 17, 14, tzinfo=UTC), 60, "A", mode=SessionMode.asynchronous)
    told = year.learned()
    assert (told.hours, told.participatory_hours) == (Decimal("6.5"), Decimal("5.5"))


@pytest.mark.parametrize(
    ("status", "minutes"), [(AttendanceStatus.attended, 121), (AttendanceStatus.attended_part, 121), (AttendanceStatus.absent, 1)]
)
def test_nobody_was_there_for_longer_than_it_lasted_or_without_coming(year: Year, status: AttendanceStatus, minutes: int) -> None:
    came = (
        Attendance(member=year.people.aoife, status=AttendanceStatus.attended),
        Attendance(member=year.imelda, status=status, minutes=minutes),
    )
    with refused("stayed_longer_than_it_lasted"):
        year.meet(datetime(2025, 9, 17, 14, tzinfo=UTC), 120, "A", came=came)


def test_topics_are_for_those_who_may_read_titles_and_looking_leaves_a_record(year: Year) -> None:
    assert {one.topics for one in year.learned(role="governance_auditor").entries} == {()}
    for operation in ("sessions.get_learning", "sessions.get_certificate"):
        assert leaves_a_record("partnership_coordinator", operation, None)
        assert not may("member", operation)


def test_a_certificate_tells_what_somebody_contributed_in_their_own_words(year: Year) -> None:
    what = AgreeAction(
        happened=datetime(2025, 8, 20, 16, tzinfo=UTC),
        session=year.august,
        decision=year.decision,
        title="Ask the families",
        owner_side=OwnerSide.lived_experience,
        owner=year.people.aoife,
        original_due=date(2025, 9, 1),
    )
    action = made(year.verbs.agree_action(command=what, context=context()))
    assert year.certificate(year.people.aoife).actions_completed == 0
    year.verbs.complete_action(command=CompleteAction(session=year.august, action=action), context=context())
    told = year.certificate(year.people.aoife)
    assert [(one.what, one.hours, one.chaired) for one in told.sessions] == [
        ("co-design workshop", Decimal("2.5"), True),
        ("co-design workshop", Decimal(3), True),
    ]
    assert (told.hours, told.raised, told.actions_completed) == (Decimal("5.5"), (THEIRS,), 1)
    assert year.certificate(year.imelda).raised == ()


def test_somebody_who_does_not_want_to_be_named_with_their_words_is_not(year: Year) -> None:
    people, purpose = year.region.partnerships, ConsentPurpose.attribution_of_contributions
    asked: dict[str, Any] = {"partnership": year.people.partnership, "member": year.people.aoife, "purpose": purpose}
    given = GrantConsent(**asked, text="2025-01", explained=ConsentFormat.easy_read)
    people.grant_consent(command=given, context=context())
    people.withdraw_consent(command=WithdrawConsent(**asked), context=context())
    year.region.spread()
    told = year.certificate(year.people.aoife)
    assert (told.raised, told.hours) == ((), Decimal("5.5"))


@pytest.mark.parametrize(("minutes", "told"), [(0, "0"), (50, "0.83"), (60, "1"), (600, "10"), (150, "2.5"), (20, "0.33"), (40, "0.67")])
def test_hours_are_written_without_zeros_that_say_nothing(minutes: int, told: str) -> None:
    assert str(hours(minutes)) == told
