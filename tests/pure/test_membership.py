"""Coming, staying, changing sides, holding office, going, and putting right what was recorded of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.model import Fact
from contracts.partnerships import (
    CoChairAppointed,
    CompositionBreached,
    CompositionMended,
    CompositionRuleSet,
    EntryCorrected,
    LeaveBegun,
    LeaveEnded,
    MemberInvited,
    MemberJoined,
    MemberNominated,
    MembershipEnded,
    NominationEnded,
    OfficeLeft,
    OfficeTaken,
    PartnershipActivated,
    PartnershipClosed,
    PerspectiveDeclared,
)
from contracts.vocabulary import (
    ClosureReason,
    EntryKind,
    MembershipEndReason,
    MembershipStatus,
    NominationEnd,
    ParticipantRole,
    PartnershipOffice,
    Perspective,
    SelectionMethod,
    Side,
)
from services.partnerships.domain import Partnership
from tests.given import AOIFE, BRID, LORCAN, NOW, fact, given, refused, sealed, stamp, then
from tests.pure.test_partnerships import AOIFE_JOINED, LORCAN_JOINED, PROPOSED, of_us

CARER, EMPLOYED = Perspective.lived_experience_family_carer, Perspective.lived_experience_employed
SECRETARY, FACILITATOR = PartnershipOffice.secretary, PartnershipOffice.facilitator
FOUND: dict[str, Any] = {"selection": SelectionMethod.election, "perspective": CARER}
NOMINATED = of_us(MemberNominated, member=BRID, member_role=ParticipantRole.carer, name=sealed(), **FOUND)
INVITED = of_us(MemberInvited, member=BRID)
BRID_JOINED = of_us(MemberJoined, member=BRID, member_role=ParticipantRole.carer, name=sealed(), **FOUND)
TURNED_DOWN = of_us(NominationEnded, member=BRID, nomination_end=NominationEnd.not_selected)
AOIFE_LEFT = of_us(MembershipEnded, member=AOIFE, end_reason=MembershipEndReason.health)
CLOSED = of_us(PartnershipClosed, closure_reason=ClosureReason.merged)
HERE = (PROPOSED, AOIFE_JOINED, LORCAN_JOINED)
Verb = Callable[[Partnership], None]


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def said_on(days: int, kind: type[Fact], **what: Any) -> Fact:
    return fact(kind, happened=later(days), partnership=PROPOSED.stream, **what)


def corrected(**changed: Any) -> Fact:
    what = {"member": AOIFE, "corrects": 2, "entry": EntryKind.joined, "at": NOW, "perspective": Perspective.lived_experience_self}
    return of_us(EntryCorrected, **{**what, "struck": False, **changed})


def correct(partnership: Partnership, version: int, member: Any = AOIFE, **right: Any) -> None:
    partnership.correct_entry(stamp(), member=member, version=version, **{"at": None, "perspective": None, "never": False, **right})


def test_somebody_is_nominated_invited_and_joins_as_they_were_nominated() -> None:
    partnership = given(Partnership, PROPOSED)
    partnership.nominate(stamp(), member=BRID, name=sealed(), role=ParticipantRole.carer, **FOUND)
    partnership.invite(stamp(), member=BRID)
    assert partnership.members[BRID].status() is MembershipStatus.invited
    partnership.join(stamp(), member=BRID)
    then(partnership, NOMINATED, INVITED, BRID_JOINED)
    assert partnership.members[BRID].status() is MembershipStatus.joined


def test_a_nominee_may_join_without_an_invitation() -> None:
    partnership = given(Partnership, PROPOSED, NOMINATED)
    partnership.join(stamp(), member=BRID)
    then(partnership, BRID_JOINED)


@pytest.mark.parametrize(
    ("past", "verb"),
    [
        ((INVITED,), lambda partnership: partnership.invite(stamp(), member=BRID)),
        ((BRID_JOINED,), lambda partnership: partnership.join(stamp(), member=BRID)),
        ((TURNED_DOWN,), lambda partnership: partnership.end_nomination(stamp(), member=BRID, reason=NominationEnd.not_selected)),
    ],
    ids=["invitation", "joining", "end"],
)
def test_what_comes_of_a_nomination_comes_once(past: tuple[Fact, ...], verb: Verb) -> None:
    partnership = given(Partnership, PROPOSED, NOMINATED, *past)
    verb(partnership)
    then(partnership)


@pytest.mark.parametrize("past", [(TURNED_DOWN,), (BRID_JOINED,)], ids=["turned down", "joined"])
def test_nothing_more_comes_of_a_nomination_that_is_settled(past: tuple[Fact, ...]) -> None:
    partnership = given(Partnership, PROPOSED, NOMINATED, *past)
    with refused("nomination_settled"):
        partnership.invite(stamp(), member=BRID)
    with refused("nomination_settled"):
        partnership.end_nomination(stamp(), member=BRID, reason=NominationEnd.declined)


def test_whoever_was_turned_down_does_not_join() -> None:
    with refused("nomination_settled"):
        given(Partnership, PROPOSED, NOMINATED, TURNED_DOWN).join(stamp(), member=BRID)


def test_nothing_comes_of_a_nomination_before_it() -> None:
    with refused("before_nomination"):
        given(Partnership, PROPOSED, NOMINATED).join(stamp(later(-1)), member=BRID)


def test_whoever_joined_at_once_was_not_nominated() -> None:
    with refused("not_nominated"):
        given(Partnership, *HERE).invite(stamp(), member=AOIFE)


def test_a_nominee_is_no_member_yet() -> None:
    partnership = given(Partnership, PROPOSED, NOMINATED, INVITED)
    with refused("not_yet_a_member"):
        partnership.end_membership(stamp(), member=BRID, reason=MembershipEndReason.health)
    for verb in (partnership.begin_leave, partnership.end_leave, partnership.name_co_chair):
        with refused("not_a_member_then"):
            verb(stamp(), member=BRID)


def test_whoever_is_on_leave_keeps_their_place_and_comes_back() -> None:
    partnership = given(Partnership, *HERE)
    partnership.begin_leave(stamp(), member=AOIFE)
    partnership.begin_leave(stamp(), member=AOIFE)
    assert (partnership.members[AOIFE].status(), partnership.sides[Side.lived_experience]) == (MembershipStatus.on_leave, 0)
    partnership.end_leave(stamp(later(3)), member=AOIFE)
    partnership.end_leave(stamp(later(3)), member=AOIFE)
    then(partnership, of_us(LeaveBegun, member=AOIFE), said_on(3, LeaveEnded, member=AOIFE))
    assert partnership.members[AOIFE].status(later(1)) is MembershipStatus.on_leave


def test_a_leave_heard_of_late_lies_where_it_was() -> None:
    partnership = given(Partnership, *HERE, said_on(9, LeaveBegun, member=AOIFE), said_on(12, LeaveEnded, member=AOIFE))
    partnership.begin_leave(stamp(later(2)), member=AOIFE)
    partnership.end_leave(stamp(later(4)), member=AOIFE)
    then(partnership, said_on(2, LeaveBegun, member=AOIFE), said_on(4, LeaveEnded, member=AOIFE))
    away = [day for day in range(15) if partnership.members[AOIFE].status(later(day)) is MembershipStatus.on_leave]
    assert away == [2, 3, 9, 10, 11]


def test_a_leave_or_another_side_may_breach_the_composition_and_mend_it() -> None:
    rule = {"lived_experience": 1, "provider": 1, "lived_share": 0, "quorum_lived_experience": 1, "quorum_provider": 1, "quorum_share": 0}
    partnership = given(Partnership, *HERE, of_us(CompositionRuleSet, **rule), of_us(PartnershipActivated))
    partnership.begin_leave(stamp(), member=AOIFE)
    partnership.end_leave(stamp(), member=AOIFE)
    partnership.declare_perspective(stamp(), member=AOIFE, perspective=EMPLOYED)
    correct(partnership, 10, never=True)
    assert [type(fact) for fact in partnership.collect_events()] == [
        LeaveBegun, CompositionBreached, LeaveEnded, CompositionMended,
        PerspectiveDeclared, CompositionBreached, EntryCorrected, CompositionMended,
    ]  # fmt: skip


def test_a_member_changes_sides_and_the_sides_before_stay() -> None:
    partnership = given(Partnership, *HERE)
    partnership.declare_perspective(stamp(later(2)), member=AOIFE, perspective=EMPLOYED)
    partnership.declare_perspective(stamp(later(3)), member=AOIFE, perspective=EMPLOYED)
    then(partnership, said_on(2, PerspectiveDeclared, member=AOIFE, perspective=EMPLOYED))
    aoife = partnership.members[AOIFE]
    assert [aoife.perspective_on(later(day)) for day in (1, 2)] == [Perspective.lived_experience_self, EMPLOYED]


def test_a_former_member_changes_no_side_and_takes_no_leave_but_a_late_entry_may_say_they_did() -> None:
    partnership = given(Partnership, *HERE, said_on(5, MembershipEnded, member=AOIFE, end_reason=MembershipEndReason.health))
    with refused("not_a_member_then"):
        partnership.declare_perspective(stamp(later(5)), member=AOIFE, perspective=CARER)
    with refused("not_a_member_then"):
        partnership.begin_leave(stamp(later(6)), member=AOIFE)
    partnership.declare_perspective(stamp(later(4)), member=AOIFE, perspective=CARER)
    then(partnership, said_on(4, PerspectiveDeclared, member=AOIFE, perspective=CARER))


def test_an_office_is_held_for_a_term_until_it_is_left_or_somebody_follows() -> None:
    partnership = given(Partnership, *HERE)
    partnership.appoint(stamp(), member=AOIFE, office=SECRETARY, until=later(9))
    partnership.appoint(stamp(), member=AOIFE, office=SECRETARY, until=later(9))
    partnership.appoint(stamp(later(3)), member=LORCAN, office=SECRETARY, until=None)
    partnership.leave_office(stamp(later(6)), member=LORCAN, office=SECRETARY)
    then(
        partnership,
        of_us(OfficeTaken, member=AOIFE, office=SECRETARY, until=later(9)),
        said_on(3, OfficeTaken, member=LORCAN, office=SECRETARY, until=None),
        said_on(6, OfficeLeft, member=LORCAN, office=SECRETARY),
    )
    held = [[entry.member for entry in partnership.roll.held(SECRETARY, later(day))] for day in (-1, 0, 2, 3, 5, 6)]
    assert held == [[], [AOIFE], [AOIFE], [LORCAN], [LORCAN], []]


def test_a_term_ends_by_itself() -> None:
    partnership = given(Partnership, *HERE, of_us(OfficeTaken, member=AOIFE, office=SECRETARY, until=later(9)))
    assert [partnership.roll.offices(AOIFE, later(day)) for day in (8, 9)] == [(SECRETARY,), ()]


def test_an_office_ends_with_the_membership_and_a_co_chair_with_the_side() -> None:
    taken = of_us(OfficeTaken, member=AOIFE, office=SECRETARY, until=None)
    assert given(Partnership, *HERE, taken, AOIFE_LEFT).roll.held(SECRETARY) == []
    chairs = of_us(CoChairAppointed, member=AOIFE, side=Side.lived_experience)
    assert given(Partnership, *HERE, chairs).co_chairs == {Side.lived_experience: AOIFE}
    assert given(Partnership, *HERE, chairs, of_us(PerspectiveDeclared, member=AOIFE, perspective=EMPLOYED)).co_chairs == {}


def test_there_may_be_several_facilitators() -> None:
    partnership = given(Partnership, *HERE)
    for member in (AOIFE, LORCAN):
        partnership.appoint(stamp(), member=member, office=FACILITATOR, until=None)
    assert [entry.member for entry in partnership.roll.held(FACILITATOR)] == [AOIFE, LORCAN]


def test_who_left_an_office_before_somebody_followed_does_not_end_what_follows() -> None:
    partnership = given(Partnership, *HERE, of_us(OfficeTaken, member=AOIFE, office=SECRETARY, until=None))
    partnership.leave_office(stamp(later(5)), member=AOIFE, office=SECRETARY)
    partnership.appoint(stamp(later(3)), member=LORCAN, office=SECRETARY, until=None)
    assert [entry.member for entry in partnership.roll.held(SECRETARY, later(6))] == [LORCAN]


def test_a_co_chair_is_appointed_for_the_side_they_are_on() -> None:
    partnership = given(Partnership, *HERE)
    partnership.appoint(stamp(), member=AOIFE, office=PartnershipOffice.co_chair_lived_experience, until=later(9))
    then(partnership, of_us(CoChairAppointed, member=AOIFE, side=Side.lived_experience, until=later(9)))
    with refused("co_chair_of_another_side"):
        partnership.appoint(stamp(), member=AOIFE, office=PartnershipOffice.co_chair_provider, until=None)


@pytest.mark.parametrize(
    ("code", "verb"),
    [
        ("office_not_appointed", lambda it: it.appoint(stamp(), member=AOIFE, office=PartnershipOffice.member, until=None)),
        ("term_ends_before_it_begins", lambda it: it.appoint(stamp(), member=AOIFE, office=SECRETARY, until=NOW)),
        ("office_not_held", lambda it: it.leave_office(stamp(), member=AOIFE, office=SECRETARY)),
        ("ended_member_chairs", lambda it: it.appoint(stamp(), member=LORCAN, office=SECRETARY, until=None)),
        ("no_such_member", lambda it: it.leave_office(stamp(), member=BRID, office=SECRETARY)),
        ("no_such_entry", lambda it: correct(it, 3, never=True)),
        ("no_such_entry", lambda it: correct(it, 99, never=True)),
        ("correction_unclear", lambda it: correct(it, 2)),
        ("correction_unclear", lambda it: correct(it, 2, never=True, at=NOW)),
        ("joining_not_struck", lambda it: correct(it, 2, never=True)),
        ("entry_without_perspective", lambda it: correct(it, 4, LORCAN, perspective=CARER)),
        ("ended_before_joined", lambda it: correct(it, 4, LORCAN, at=later(-1))),
        ("ended_before_joined", lambda it: correct(it, 3, LORCAN, at=later(1))),
    ],
)
def test_what_makes_no_sense_of_an_office_or_an_entry_is_refused(code: str, verb: Verb) -> None:
    partnership = given(Partnership, *HERE, of_us(MembershipEnded, member=LORCAN, end_reason=MembershipEndReason.end_of_term))
    with refused(code):
        verb(partnership)
    then(partnership)


def test_a_correction_names_what_it_corrects_and_says_how_it_was() -> None:
    partnership = given(Partnership, *HERE)
    correct(partnership, 2, at=later(-30), perspective=CARER)
    correct(partnership, 2, at=later(-30))
    then(partnership, corrected(at=later(-30), perspective=CARER))
    aoife = partnership.members[AOIFE]
    assert (aoife.joined, aoife.perspective) == (later(-30), CARER)


def test_an_end_that_never_was_leaves_a_member() -> None:
    partnership = given(Partnership, *HERE, AOIFE_LEFT)
    correct(partnership, 4, never=True)
    then(partnership, corrected(corrects=4, entry=EntryKind.ended, perspective=None, struck=True))
    assert (partnership.members[AOIFE].ended, partnership.members[AOIFE].status()) == (None, MembershipStatus.joined)
    partnership.end_membership(stamp(), member=AOIFE, reason=MembershipEndReason.health)
    assert partnership.members[AOIFE].ended == NOW


def test_what_was_struck_out_can_be_put_back() -> None:
    partnership = given(Partnership, *HERE, AOIFE_LEFT, corrected(corrects=4, entry=EntryKind.ended, perspective=None, struck=True))
    correct(partnership, 4, at=later(1))
    assert partnership.members[AOIFE].ended == later(1)


def test_the_roll_of_a_closed_partnership_can_be_put_right_and_nothing_else_changes() -> None:
    partnership = given(Partnership, *HERE, NOMINATED, CLOSED)
    correct(partnership, 2, at=later(-1))
    then(partnership, corrected(at=later(-1)))
    for verb in (partnership.begin_leave, partnership.end_leave, partnership.invite, partnership.join):
        with refused("partnership_closed"):
            verb(stamp(), member=BRID)
    with refused("partnership_closed"):
        partnership.appoint(stamp(), member=AOIFE, office=SECRETARY, until=None)
    with refused("partnership_closed"):
        partnership.declare_perspective(stamp(), member=AOIFE, perspective=CARER)
