"""What an auditor is told of a partnership: at a moment, by a day, and between two moments."""

import re
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from contracts.examples import STORY
from contracts.feedback import ChangeMade, FeedbackReceived, FeedbackResponded, OutcomeTold
from contracts.model import Fact
from contracts.partnerships import (
    CoChairAppointed,
    DegreeAgreed,
    EntryCorrected,
    LeaveBegun,
    LeaveEnded,
    MemberJoined,
    MembershipEnded,
    OfficeLeft,
    OfficeTaken,
    PartnershipActivated,
    PartnershipPaused,
    PartnershipProposed,
    PaymentMade,
    PaymentOffered,
    PerspectiveDeclared,
    TermsOfReferenceAgreed,
    WorkItemOpened,
)
from contracts.reporting import Figure
from contracts.sessions import (
    ActionAgreed,
    ActionCompleted,
    AttendanceRecorded,
    DecisionClosed,
    InvitationSent,
    MinutesAgreed,
    MinutesCorrected,
    ObjectionRaised,
    ObjectionWithdrawn,
    SessionCancelled,
    SessionHeld,
    SessionMoved,
    SessionPlanned,
)
from contracts.vocabulary import (
    ActionState,
    AnonymityMode,
    AttendanceStatus,
    CancellationReason,
    CellStatus,
    CoproductionLevel,
    DecisionMethod,
    DecisionOutcome,
    Direction,
    EntryKind,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    MembershipEndReason,
    OwnerSide,
    ParticipantRole,
    PartnershipOffice,
    PartnershipStatus,
    PauseReason,
    Perspective,
    SessionKind,
    SessionMode,
    SessionStatus,
    SettingType,
    Side,
)
from contracts.vocabulary.wording import words
from services.audit.domain import known as known_module
from services.audit.domain.difference import difference, figure_changes
from services.audit.domain.known import KnownPartnership, put_right
from services.audit.domain.wording import name_of, words_of
from tests.given import AOIFE, LORCAN, fact, sealed

DUBLIN = ZoneInfo("Europe/Dublin")
MEETING, SNOWED_IN, STATEMENT = (UUID(int=number) for number in (31, 32, 71))
LETTER, CARD = UUID(int=51), UUID(int=52)
SEND, PRINT = UUID(int=61), UUID(int=62)
ENOUGH = date(2025, 12, 31)


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


def joined(member: UUID, perspective: Perspective, when: datetime) -> Fact:
    return fact(MemberJoined, happened=when, member=member, member_role=ParticipantRole.observer, perspective=perspective, name=sealed())


def closed(decision: UUID, when: datetime, outcome: DecisionOutcome = DecisionOutcome.adopted) -> Fact:
    none = (0, 0, 0)
    return fact(
        DecisionClosed,
        happened=when,
        stream=MEETING,
        decision=decision,
        title=sealed(),
        method=DecisionMethod.consent,
        lived_experience=(3, 0, 0),
        provider=(2, 0, 1),
        employed=none,
        other=none,
        outcome=outcome,
    )


def agreed(action: UUID, when: datetime, due: date) -> Fact:
    return fact(
        ActionAgreed,
        happened=when,
        stream=MEETING,
        action=action,
        decision=LETTER,
        title=sealed(),
        owner_side=OwnerSide.joint,
        original_due=due,
    )


BEGUN = [
    fact(
        PartnershipProposed,
        happened=at(1, 8),
        name="By the river",
        org_unit="ABH-1",
        setting=SettingType.day_hospital,
        level=CoproductionLevel.strategic,
    ),
    joined(AOIFE, Perspective.lived_experience_self, at(1, 15)),
    joined(LORCAN, Perspective.leadership, at(1, 15)),
    fact(CoChairAppointed, happened=at(1, 15), member=AOIFE, side=Side.lived_experience),
    fact(TermsOfReferenceAgreed, happened=at(1, 15), edition=1, document="a3" * 32),
    fact(PartnershipActivated, happened=at(1, 15)),
]
MET = [
    fact(SessionPlanned, happened=at(2, 1), stream=MEETING, kind=SessionKind.induction, mode=SessionMode.online, starts=at(3, 19)),
    fact(InvitationSent, happened=at(2, 1), stream=MEETING, member=AOIFE, perspective=Perspective.lived_experience_self),
    fact(
        SessionHeld,
        happened=at(3, 19),
        stream=MEETING,
        kind=SessionKind.induction,
        mode=SessionMode.online,
        chaired_by=(AOIFE,),
        chaired=(Side.lived_experience,),
        discussed=(),
    ),
    fact(
        AttendanceRecorded,
        happened=at(3, 19),
        stream=MEETING,
        member=AOIFE,
        perspective=Perspective.lived_experience_self,
        status=AttendanceStatus.attended,
    ),
    closed(LETTER, at(3, 19)),
    agreed(SEND, at(3, 19), date(2025, 4, 30)),
    fact(ActionCompleted, happened=at(5, 27), stream=MEETING, action=SEND),
    fact(SessionPlanned, happened=at(2, 1), stream=SNOWED_IN, kind=SessionKind.training, mode=SessionMode.online, starts=at(6, 4)),
    fact(SessionCancelled, happened=at(6, 3), stream=SNOWED_IN, cancellation_reason=CancellationReason.weather),
]
HEARD = [
    fact(
        FeedbackReceived,
        happened=at(2, 10),
        stream=STATEMENT,
        session=None,
        kind=FeedbackKind.concern,
        relation=FeedbackAuthorRelation.relative,
        anonymity=AnonymityMode.named,
        channel=FeedbackChannel.web,
        rating=None,
        text=sealed(),
    ),
    fact(FeedbackResponded, happened=at(2, 20), stream=STATEMENT, text=sealed()),
    fact(ChangeMade, happened=at(6, 1), stream=STATEMENT),
    fact(OutcomeTold, happened=at(6, 2), stream=STATEMENT),
]


def known(*facts: Fact, by: date | None = None) -> KnownPartnership:
    return KnownPartnership(DUBLIN, by).after(facts)


def changes(before: list[Fact], after: list[Fact], days: tuple[date, date] = (ENOUGH, ENOUGH)) -> list[str]:
    return list(difference(known(*before), known(*after), days=days))


def test_a_partnership_is_what_its_facts_say() -> None:
    whole = known(*BEGUN, *MET, *HEARD)
    assert (whole.name, whole.status, whole.co_chairs) == ("By the river", PartnershipStatus.active, {Side.lived_experience: AOIFE})
    assert whole.sessions[MEETING].attended == {Side.lived_experience: 1}
    assert (whole.how_many(SessionStatus.held), whole.how_many(SessionStatus.cancelled)) == (1, 1)
    assert whole.actions[SEND].state is ActionState.completed
    assert whole.feedback[STATEMENT].closed


def test_a_session_that_was_moved_is_known_at_its_new_time_and_in_its_new_way() -> None:
    moved = fact(SessionMoved, happened=at(2, 2), stream=MEETING, mode=SessionMode.hybrid, starts=at(3, 20))
    session = known(*MET[:1], moved).sessions[MEETING]
    assert (session.kind, session.mode, session.starts) == (SessionKind.induction, SessionMode.hybrid, at(3, 20))


COUNTED = {
    "about one person, whom a replay does not follow": "AccessNeed Consent Interest Skill MemberInvited MemberNominated NominationEnded",
    "told by what they lead to": "DecisionMethodSet AgendaItemOpened AgendaItemClosed ProposalPut Position Ballot MinutesDrafted "
    "MinutesAccepted MaterialsSent SessionOpened SessionPublished MemberArrived MemberLeft InvitationAnswered TermsOfReferenceDrafted",
    "on the way of an action from agreed to completed or cancelled": "ActionProposed ActionStarted ActionBlocked ActionHandedOver",
    "rules and what follows from them": "CompositionRuleSet CompositionBreached CompositionMended RateCardAdopted Quorum",
    "how it sees itself": "ReadinessRated StageMoved",
    "where the partnership belongs in the region": "PartnershipPlaced",
    "what was computed from it": "FigurePublished FigureTraced",
}
"""Facts of a partnership that a replay only counts, by the beginnings of their names, and why it tells no more of them."""


def test_every_fact_of_the_contracts_about_a_partnership_is_told_by_a_replay_or_only_counted_on_purpose() -> None:
    """Whoever brings a new fact decides: an arm in services/audit/domain/known.py, or a word in the table above."""
    every = {kind.__name__ for kind in Fact.kinds.values() if "partnership" in kind.model_fields}
    told = every & set(vars(known_module))
    counted = {name for name in every for begins in " ".join(COUNTED.values()).split() if name.startswith(begins)}
    assert every - told - counted == set()
    assert told & counted == set()


def test_a_fact_that_is_told_changes_what_is_known() -> None:
    """Each alone after the beginning of its thing; what an arm does not change would be told in name only."""
    for what, begins, then in (
        ("payments", PaymentOffered, PaymentMade),
        ("work_items", WorkItemOpened, DegreeAgreed),
        ("objections", ObjectionRaised, ObjectionWithdrawn),
    ):
        first = next(one for one in STORY if isinstance(one, begins))
        same: dict[str, object] = {name: getattr(first, name) for name in ("stream", "objection") if name in begins.model_fields}
        last = next(one for one in STORY if isinstance(one, then)).model_copy(update=same)
        assert len(known(first).stands[what]) == 1
        assert known(first).stands[what] != known(first, last).stands[what]
        assert known(last).stands[what] == {}


def test_counts_of_facts_hold_nothing_but_types_of_facts() -> None:
    assert set(known(*BEGUN, *MET, *HEARD).facts) <= set(Fact.kinds)


def test_by_a_day_only_what_had_happened_counts_whenever_it_was_recorded() -> None:
    spring = known(*BEGUN, *MET, *HEARD, by=date(2025, 4, 30))
    assert spring.actions[SEND].state is ActionState.agreed
    assert (spring.how_many(SessionStatus.held), spring.how_many(SessionStatus.cancelled)) == (1, 0)
    assert (spring.feedback[STATEMENT].responded, spring.feedback[STATEMENT].closed) == (True, False)


def test_a_day_ends_at_midnight_in_the_region() -> None:
    late = fact(PartnershipPaused, happened=at(6, 30, 23), pause_reason=PauseReason.funding)  # half past midnight of 1 July in Dublin
    assert known(*BEGUN, late, by=date(2025, 6, 30)).status is PartnershipStatus.active
    assert known(*BEGUN, late, by=date(2025, 7, 1)).status is PartnershipStatus.paused


def test_an_action_is_overdue_after_its_original_day_and_not_on_it() -> None:
    spring = known(*MET, by=date(2025, 4, 30))
    assert (spring.overdue(date(2025, 4, 30)), spring.overdue(date(2025, 5, 1))) == (0, 1)


def test_what_follows_a_thing_that_is_left_out_says_nothing() -> None:
    """Said to be agreed in June and done in May: by the end of May there was no such action."""
    backwards = [agreed(PRINT, at(6, 11), date(2025, 7, 1)), fact(ActionCompleted, happened=at(5, 1), stream=MEETING, action=PRINT)]
    assert known(*backwards, by=date(2025, 5, 31)).actions == {}


def test_a_decision_keeps_its_number_when_earlier_ones_are_left_out() -> None:
    known_late = known(closed(CARD, at(9, 10)), closed(LETTER, at(3, 19)), by=date(2025, 6, 30))
    assert [(id_, decision.number) for id_, decision in known_late.decisions.items()] == [(LETTER, 2)]


def corrected(version: int, at_: datetime, *, struck: bool = False, perspective: Perspective | None = None) -> Fact:
    return fact(
        EntryCorrected,
        happened=at(12, 1),
        member=AOIFE,
        corrects=version,
        entry=EntryKind.joined,
        at=at_,
        perspective=perspective,
        struck=struck,
    )


def test_what_was_put_right_later_is_right_by_any_day() -> None:
    """The correction itself was made in December."""
    join = joined(AOIFE, Perspective.leadership, at(1, 15)).model_copy(update={"version": 7})
    right = corrected(7, at(4, 14), perspective=Perspective.lived_experience_self)
    assert known(*put_right([join, right]), by=date(2025, 3, 31)).members == {}
    spring = known(*put_right([join, right]), by=date(2025, 4, 30)).members[AOIFE]
    assert (spring.joined, spring.perspective) == (at(4, 14), Perspective.lived_experience_self)
    assert known(*put_right([join, right, corrected(7, at(4, 14), struck=True)])).members == {}


def test_a_member_may_be_on_leave_and_change_sides() -> None:
    away = fact(LeaveBegun, happened=at(5, 1), member=LORCAN)
    now = fact(PerspectiveDeclared, happened=at(6, 1), member=LORCAN, perspective=Perspective.professional)
    assert known(*BEGUN, away, by=date(2025, 5, 1)).members[LORCAN].on_leave
    back = known(*BEGUN, away, now, fact(LeaveEnded, happened=at(7, 1), member=LORCAN)).members[LORCAN]
    assert (back.on_leave, back.perspective) == (False, Perspective.professional)


def test_a_co_chair_who_left_is_none() -> None:
    left = fact(MembershipEnded, happened=at(9, 1), member=AOIFE, end_reason=MembershipEndReason.health)
    assert known(*BEGUN, left).co_chairs == {}


def test_offices_and_minutes_are_told_and_whoever_left_holds_none() -> None:
    office = next(iter(PartnershipOffice))
    taken = fact(OfficeTaken, happened=at(2, 1), member=LORCAN, office=office, until=None)
    left = fact(OfficeLeft, happened=at(5, 1), member=LORCAN, office=office)
    ended = fact(MembershipEnded, happened=at(5, 1), member=LORCAN, end_reason=MembershipEndReason.health)
    minutes = fact(MinutesAgreed, happened=at(4, 2), stream=MEETING, minutes_version=2, digest="a3" * 32, agreed_by=())
    wrong = fact(
        MinutesCorrected, happened=at(4, 9), stream=MEETING, correction=CARD, corrects=2, digest="a3" * 32, text=sealed(), raised_by=None
    )
    assert known(*BEGUN, taken).offices == {office: LORCAN}
    assert known(*BEGUN, taken, left).offices == known(*BEGUN, taken, ended).offices == {}
    after = known(*MET, minutes, wrong).sessions[MEETING]
    assert (after.minutes_agreed, after.minutes_corrected) == (2, 1)
    away = fact(LeaveBegun, happened=at(5, 1), member=LORCAN)
    assert changes([*BEGUN, *MET], [*BEGUN, *MET, taken, away, minutes]) == [
        "1 member on leave",
        f"an office was taken ({words(office)})",
        "minutes of 1 session agreed",
    ]


def test_nothing_changed_is_nothing() -> None:
    assert changes([*BEGUN, *MET], [*BEGUN, *MET]) == []


def test_a_beginning_is_told() -> None:
    assert changes([], BEGUN) == [
        "the partnership became active (it was not there yet)",
        "edition 1 of the terms of reference agreed on 15 January 2025",
        "1 member joined (lived-experience side)",
        "1 member joined (provider side)",
        "a co-chair was appointed (lived-experience side)",
    ]


def test_a_year_is_told_in_sentences() -> None:
    left = fact(MembershipEnded, happened=at(9, 1), member=LORCAN, end_reason=MembershipEndReason.end_of_term)
    more = [*MET, *HEARD, left, agreed(PRINT, at(6, 11), date(2025, 7, 1)), closed(CARD, at(9, 10), DecisionOutcome.not_adopted)]
    assert changes(BEGUN, [*BEGUN, *more], (date(2025, 1, 31), date(2025, 9, 30))) == [
        "1 membership ended (provider side; end of term)",
        "session of 19 March 2025 (induction) held; attended: 1 lived-experience side",
        "session of 4 June 2025 (training) cancelled: weather",
        "decision D01 adopted on 19 March 2025",
        "decision D02 not adopted on 10 September 2025",
        "2 actions agreed (A01, A02)",
        "1 action completed (A01)",
        "1 action overdue now that were not (A02)",
        "1 feedback item received",
        "1 feedback item answered",
        "1 feedback item brought to a close",
    ]


def test_an_action_may_become_overdue_by_time_alone() -> None:
    facts = [*BEGUN, agreed(PRINT, at(6, 11), date(2025, 7, 1))]
    assert changes(facts, facts, (date(2025, 7, 1), date(2025, 7, 2))) == ["1 action overdue now that were not (A01)"]


def test_going_back_is_said_to_be_going_back() -> None:
    assert changes([*BEGUN, *MET], BEGUN) == ["9 facts of the first moment did not belong to the second"]


def figure(
    value: float | None, *, unit: str = "%", status: CellStatus = CellStatus.value, n: int | None = None, d: int | None = None
) -> Figure:
    return Figure(
        code="CP-06",
        version=1,
        period="2025",
        n=n,
        d=d,
        value=value,
        unit=unit,
        direction=Direction.increase,
        band=None,
        components={},
        status=status,
        low_base=False,
    )


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ([figure(60.0)], [figure(80.0)], ["CP-06 (2025) went from 60.0 % to 80.0 %"]),
        ([], [figure(80.0)], ["CP-06 (2025) went from nothing to count to 80.0 %"]),
        ([figure(1.0, unit="ratio")], [figure(0.96, unit="ratio")], ["CP-06 (2025) went from 1.00 to 0.96"]),
        ([figure(-0.1, unit="points")], [figure(0.29, unit="points")], ["CP-06 (2025) went from -0.10 points to 0.29 points"]),
        ([figure(50.0)], [figure(None, status=CellStatus.suppressed_primary)], ["CP-06 (2025) went from 50.0 % to hidden"]),
        ([figure(50.0, n=1, d=2)], [figure(50.0, n=2, d=4)], ["CP-06 (2025) is 50.0 % as before, made from 2 of 4, not 1 of 2"]),
        ([figure(50.0, n=1)], [figure(50.0, n=2)], ["CP-06 (2025) is 50.0 % as before, made from other facts"]),
        ([figure(50.0)], [figure(50.0)], []),
    ],
)
def test_a_figure_that_moved_is_told_with_its_unit(before: list[Figure], after: list[Figure], says: list[str]) -> None:
    assert list(figure_changes(before, after)) == says


def test_a_fact_in_words_says_what_it_says() -> None:
    assert words_of(closed(LETTER, at(3, 19))) == (
        "decision closed: method consent, lived experience 3-0-0, provider 2-0-1, employed 0-0-0, other 0-0-0, outcome adopted, "
        "rests on summary"
    )
    assert name_of("sessions.SomethingNew.v2") == "something new"


@pytest.mark.parametrize("told", [example for example in STORY if isinstance(example, Fact)], ids=lambda told: told.type)
def test_no_fact_in_words_names_an_id_or_opens_a_sealed_part(told: Fact) -> None:
    said = words_of(told)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", said)
    assert "c0c0c0" not in said  # the key commitment of every sealed part of the examples
