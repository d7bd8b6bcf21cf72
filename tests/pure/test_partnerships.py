from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contracts.model import Fact
from contracts.partnerships import (
    CoChairAppointed,
    MemberJoined,
    MembershipEnded,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPaused,
    PartnershipProposed,
    PartnershipResumed,
    TermsOfReferenceAgreed,
)
from contracts.vocabulary import (
    ClosureReason,
    CoproductionLevel,
    MembershipEndReason,
    ParticipantRole,
    PartnershipStatus,
    PauseReason,
    Perspective,
    SettingType,
    Side,
)
from services.partnerships.domain import Partnership
from tests.given import AOIFE, BRID, GRAINNE, LORCAN, NOW, PARTNERSHIP, STREAM, fact, given, refused, sealed, stamp, then

TERMS = "a3" * 32
WHAT: dict[str, Any] = {
    "name": "Abhainn Recovery Partnership",
    "org_unit": "ABH-IHA1",
    "setting": SettingType.day_hospital,
    "level": CoproductionLevel.strategic,
}


def of_us(kind: type[Fact], **what: Any) -> Fact:
    return fact(kind, partnership=STREAM, **what)


def joined(member: Any, perspective: Perspective) -> Fact:
    return of_us(MemberJoined, member=member, member_role=ParticipantRole.observer, perspective=perspective, name=sealed())


PROPOSED = of_us(PartnershipProposed, **WHAT)
AOIFE_JOINED = joined(AOIFE, Perspective.lived_experience_self)
LORCAN_JOINED = joined(LORCAN, Perspective.leadership)
GRAINNE_JOINED = joined(GRAINNE, Perspective.lived_experience_employed)
AOIFE_CHAIRS = of_us(CoChairAppointed, member=AOIFE, side=Side.lived_experience)
LORCAN_CHAIRS = of_us(CoChairAppointed, member=LORCAN, side=Side.provider)
AGREED = of_us(TermsOfReferenceAgreed, edition=1, document=TERMS)
ACTIVATED = of_us(PartnershipActivated)
LORCAN_LEFT = of_us(MembershipEnded, member=LORCAN, end_reason=MembershipEndReason.end_of_term)
PAUSED = of_us(PartnershipPaused, pause_reason=PauseReason.agreed_break)
RESUMED = of_us(PartnershipResumed)
CLOSED = of_us(PartnershipClosed, closure_reason=ClosureReason.merged)
READY = (PROPOSED, AOIFE_JOINED, LORCAN_JOINED, AOIFE_CHAIRS, LORCAN_CHAIRS, AGREED)


def test_a_partnership_begins_with_a_proposal() -> None:
    partnership = Partnership.propose(PARTNERSHIP, stamp(), **WHAT)
    then(partnership, fact(PartnershipProposed, stream=PARTNERSHIP, **WHAT))
    assert partnership.status is PartnershipStatus.proposed


def test_somebody_joins_on_a_side() -> None:
    partnership = given(Partnership, PROPOSED)
    partnership.add_member(
        stamp(), member=AOIFE, name=sealed(), role=ParticipantRole.observer, perspective=Perspective.lived_experience_self
    )
    then(partnership, AOIFE_JOINED)
    assert partnership.members[AOIFE].joined == NOW


def test_a_closed_partnership_takes_in_nobody() -> None:
    partnership = given(Partnership, PROPOSED, CLOSED)
    with refused("partnership_closed"):
        partnership.add_member(stamp(), member=BRID, name=sealed(), role=ParticipantRole.observer, perspective=Perspective.community)
    then(partnership)


def test_a_membership_ends_with_a_coded_reason() -> None:
    partnership = given(Partnership, PROPOSED, LORCAN_JOINED)
    partnership.end_membership(stamp(), member=LORCAN, reason=MembershipEndReason.end_of_term)
    then(partnership, LORCAN_LEFT)


def test_an_end_said_twice_is_one_end() -> None:
    partnership = given(Partnership, PROPOSED, LORCAN_JOINED, LORCAN_LEFT)
    partnership.end_membership(stamp(NOW + timedelta(days=1)), member=LORCAN, reason=MembershipEndReason.end_of_term)
    then(partnership)


def test_a_membership_does_not_end_a_second_time_for_another_reason() -> None:
    partnership = given(Partnership, PROPOSED, LORCAN_JOINED, LORCAN_LEFT)
    with refused("membership_already_ended"):
        partnership.end_membership(stamp(), member=LORCAN, reason=MembershipEndReason.not_heard)
    then(partnership)


def test_a_membership_does_not_end_before_it_began() -> None:
    partnership = given(Partnership, PROPOSED, LORCAN_JOINED)
    with refused("ended_before_joined"):
        partnership.end_membership(stamp(NOW - timedelta(seconds=1)), member=LORCAN, reason=MembershipEndReason.end_of_term)
    then(partnership)


def test_a_stranger_can_neither_leave_nor_chair() -> None:
    partnership = given(Partnership, PROPOSED)
    with refused("no_such_member"):
        partnership.end_membership(stamp(), member=BRID, reason=MembershipEndReason.conflict)
    with refused("no_such_member"):
        partnership.name_co_chair(stamp(), member=BRID)
    then(partnership)


def test_a_co_chair_chairs_for_the_side_they_are_on() -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, LORCAN_JOINED)
    partnership.name_co_chair(stamp(), member=AOIFE)
    partnership.name_co_chair(stamp(), member=LORCAN)
    then(partnership, AOIFE_CHAIRS, LORCAN_CHAIRS)


def test_a_co_chair_named_twice_is_named_once() -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, AOIFE_CHAIRS)
    partnership.name_co_chair(stamp(), member=AOIFE)
    then(partnership)


def test_another_co_chair_of_the_same_side_follows_the_first() -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, joined(BRID, Perspective.lived_experience_family_carer), AOIFE_CHAIRS)
    partnership.name_co_chair(stamp(), member=BRID)
    assert partnership.co_chairs == {Side.lived_experience: BRID}


def test_a_former_member_cannot_chair() -> None:
    partnership = given(Partnership, PROPOSED, LORCAN_JOINED, LORCAN_LEFT)
    with refused("ended_member_chairs"):
        partnership.name_co_chair(stamp(), member=LORCAN)
    then(partnership)


@pytest.mark.parametrize("perspective", [Perspective.lived_experience_employed, Perspective.community, Perspective.independent])
def test_a_co_chair_comes_from_one_of_the_two_sides(perspective: Perspective) -> None:
    partnership = given(Partnership, PROPOSED, joined(GRAINNE, perspective))
    with refused("co_chair_of_no_side"):
        partnership.name_co_chair(stamp(), member=GRAINNE)
    then(partnership)


def test_the_first_terms_of_reference_make_a_proposal_a_forming_partnership() -> None:
    partnership = given(Partnership, PROPOSED)
    partnership.agree_terms_of_reference(stamp(), edition=1, document=TERMS)
    then(partnership, AGREED)
    assert partnership.status is PartnershipStatus.forming


def test_a_later_edition_leaves_an_active_partnership_active() -> None:
    partnership = given(Partnership, *READY, ACTIVATED)
    partnership.agree_terms_of_reference(stamp(), edition=2, document=TERMS)
    assert (partnership.terms_of_reference, partnership.status) == (2, PartnershipStatus.active)


@pytest.mark.parametrize("edition", [0, 1, 3])
def test_editions_follow_one_another(edition: int) -> None:
    partnership = given(Partnership, PROPOSED, AGREED)
    with refused("edition_out_of_order"):
        partnership.agree_terms_of_reference(stamp(), edition=edition, document=TERMS)
    then(partnership)


def test_with_terms_and_two_co_chairs_the_work_begins() -> None:
    partnership = given(Partnership, *READY)
    partnership.activate(stamp())
    then(partnership, ACTIVATED)
    assert partnership.status is PartnershipStatus.active


def test_a_beginning_said_twice_is_one_beginning() -> None:
    partnership = given(Partnership, *READY, ACTIVATED)
    partnership.activate(stamp())
    then(partnership)


def test_without_terms_the_work_does_not_begin() -> None:
    partnership = given(Partnership, *READY[:-1])
    with refused("terms_not_agreed"):
        partnership.activate(stamp())
    then(partnership)


@pytest.mark.parametrize(
    "past", [(AOIFE_CHAIRS, AGREED), (LORCAN_CHAIRS, AGREED), (AGREED,), (AOIFE_CHAIRS, LORCAN_CHAIRS, AGREED, LORCAN_LEFT)]
)
def test_without_a_co_chair_from_each_side_who_is_still_a_member_the_work_does_not_begin(past: tuple[Fact, ...]) -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, LORCAN_JOINED, *past)
    with refused("co_chairs_missing"):
        partnership.activate(stamp())
    then(partnership)


def test_a_partnership_at_work_rests_and_goes_on() -> None:
    partnership = given(Partnership, *READY, ACTIVATED)
    partnership.pause(stamp(), reason=PauseReason.agreed_break)
    assert (partnership.status, partnership.pause_reason) == (PartnershipStatus.paused, PauseReason.agreed_break)
    partnership.resume(stamp())
    then(partnership, PAUSED, RESUMED)
    assert (partnership.status, partnership.pause_reason) == (PartnershipStatus.active, None)


def test_a_rest_a_going_on_or_a_closing_said_twice_is_one() -> None:
    resting = given(Partnership, *READY, ACTIVATED, PAUSED)
    resting.pause(stamp(), reason=PauseReason.agreed_break)
    then(resting)
    working = given(Partnership, *READY, ACTIVATED, PAUSED, RESUMED)
    working.resume(stamp())
    then(working)
    closed = given(Partnership, *READY, CLOSED)
    closed.close(stamp(), reason=ClosureReason.merged)
    then(closed)


@pytest.mark.parametrize("past", [(PROPOSED,), READY, (*READY, ACTIVATED, PAUSED)], ids=["proposed", "forming", "paused"])
def test_only_a_partnership_at_work_can_be_paused(past: tuple[Fact, ...]) -> None:
    with refused("partnership_not_active"):
        given(Partnership, *past).pause(stamp(), reason=PauseReason.funding)


def test_only_a_paused_partnership_is_resumed_and_it_is_not_begun_anew() -> None:
    with refused("partnership_not_paused"):
        given(Partnership, *READY).resume(stamp())
    with refused("partnership_paused"):
        given(Partnership, *READY, ACTIVATED, PAUSED).activate(stamp())


def test_what_is_needed_to_begin_is_needed_to_go_on() -> None:
    with refused("co_chairs_missing"):
        given(Partnership, *READY, ACTIVATED, PAUSED, LORCAN_LEFT).resume(stamp())


@pytest.mark.parametrize("past", [(PROPOSED,), READY, (*READY, ACTIVATED), (*READY, ACTIVATED, PAUSED)])
def test_a_partnership_can_be_closed_from_any_state(past: tuple[Fact, ...]) -> None:
    partnership = given(Partnership, *past)
    partnership.close(stamp(), reason=ClosureReason.merged)
    then(partnership, CLOSED)
    assert (partnership.status, partnership.closure_reason) == (PartnershipStatus.closed, ClosureReason.merged)


@pytest.mark.parametrize(
    "verb",
    [
        lambda partnership: partnership.activate(stamp()),
        lambda partnership: partnership.pause(stamp(), reason=PauseReason.other),
        lambda partnership: partnership.resume(stamp()),
        lambda partnership: partnership.close(stamp(), reason=ClosureReason.other),
        lambda partnership: partnership.name_co_chair(stamp(), member=AOIFE),
        lambda partnership: partnership.agree_terms_of_reference(stamp(), edition=2, document=TERMS),
    ],
    ids=["begin", "pause", "resume", "close for another reason", "co-chair", "terms"],
)
def test_a_closed_partnership_stays_closed(verb: Callable[[Partnership], None]) -> None:
    partnership = given(Partnership, *READY, ACTIVATED, CLOSED)
    with refused("partnership_closed"):
        verb(partnership)
    then(partnership)


def test_a_state_is_not_left_before_it_was_entered() -> None:
    before = stamp(NOW - timedelta(days=1))
    with refused("before_previous_state"):
        given(Partnership, *READY, ACTIVATED).pause(before, reason=PauseReason.other)
    with refused("before_previous_state"):
        given(Partnership, *READY, ACTIVATED, PAUSED).resume(before)
    with refused("before_previous_state"):
        given(Partnership, *READY, ACTIVATED).close(before, reason=ClosureReason.other)
