from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.model import Fact
from contracts.partnerships import (
    CoChairAppointed,
    CompositionBreached,
    CompositionMended,
    CompositionRuleSet,
    MemberJoined,
    MembershipEnded,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPaused,
    PartnershipProposed,
    PartnershipResumed,
    TermsOfReferenceAgreed,
    TermsOfReferenceDrafted,
)
from contracts.vocabulary import (
    ClosureReason,
    CompositionShortfall,
    CoproductionLevel,
    MembershipEndReason,
    ParticipantRole,
    PartnershipStatus,
    PauseReason,
    Perspective,
    SettingType,
    Side,
)
from services.partnerships.domain import Partnership, Rule
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
AGREED = of_us(TermsOfReferenceAgreed, edition=1, document=TERMS, agreed_by=(AOIFE, LORCAN))
ACTIVATED = of_us(PartnershipActivated)
ONE_EACH = Rule(lived_experience=1, provider=1, lived_share=50, quorum_lived_experience=1, quorum_provider=1, quorum_share=50)
TWO_LIVED = replace(ONE_EACH, lived_experience=2)
RULED = of_us(CompositionRuleSet, **asdict(ONE_EACH))
RULED_FOR_TWO = of_us(CompositionRuleSet, **asdict(TWO_LIVED))
NO_PROVIDER = {"lived_experience": 1, "provider": 0, "members": 1}
BREACHED = of_us(CompositionBreached, **NO_PROVIDER, shortfalls=(CompositionShortfall.provider,))
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
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, LORCAN_JOINED)
    partnership.agree_terms_of_reference(stamp(), edition=1, document=TERMS, agreed_by=(AOIFE, LORCAN, AOIFE))
    then(partnership, AGREED)
    assert partnership.status is PartnershipStatus.forming


def test_terms_that_name_nobody_are_agreed_by_the_co_chairs() -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, LORCAN_JOINED, AOIFE_CHAIRS, LORCAN_CHAIRS)
    partnership.agree_terms_of_reference(stamp(), edition=1, document=TERMS)
    then(partnership, AGREED)


@pytest.mark.parametrize("agreeing", [(), (AOIFE,), (LORCAN,), (AOIFE, GRAINNE)])
def test_one_side_alone_agrees_no_terms(agreeing: tuple[Any, ...]) -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, LORCAN_JOINED, GRAINNE_JOINED)
    with refused("not_agreed_on_both_sides"):
        partnership.agree_terms_of_reference(stamp(), edition=1, document=TERMS, agreed_by=agreeing)
    then(partnership)


def test_former_members_and_strangers_agree_no_terms() -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, LORCAN_JOINED, LORCAN_LEFT)
    for stranger, code in ((LORCAN, "not_a_member_then"), (BRID, "no_such_member")):
        with refused(code):
            partnership.agree_terms_of_reference(stamp(), edition=1, document=TERMS, agreed_by=(AOIFE, stranger))


def test_what_is_agreed_is_what_was_drafted_last() -> None:
    partnership = given(Partnership, PROPOSED, AOIFE_JOINED, LORCAN_JOINED)
    for document in (TERMS, "b4" * 32, "b4" * 32):
        partnership.draft_terms_of_reference(stamp(), edition=1, document=document)
    with refused("not_as_drafted"):
        partnership.agree_terms_of_reference(stamp(), edition=1, document=TERMS, agreed_by=(AOIFE, LORCAN))
    partnership.agree_terms_of_reference(stamp(), edition=1, document="b4" * 32, agreed_by=(AOIFE, LORCAN))
    kinds = [type(fact) for fact in partnership.collect_events()]
    assert kinds == [TermsOfReferenceDrafted, TermsOfReferenceDrafted, TermsOfReferenceAgreed]
    assert (partnership.drafted, partnership.editions[0].agreed_by) == (None, (AOIFE, LORCAN))


def test_a_change_is_another_edition_that_asks_for_agreement_anew() -> None:
    partnership = given(Partnership, *READY, ACTIVATED)
    partnership.draft_terms_of_reference(stamp(), edition=2, document="b4" * 32)
    assert (partnership.terms_of_reference, partnership.drafted) == (1, partnership.editions[1])
    partnership.agree_terms_of_reference(stamp(), edition=2, document="b4" * 32)
    assert (partnership.terms_of_reference, partnership.status) == (2, PartnershipStatus.active)


@pytest.mark.parametrize("edition", [0, 1, 3])
def test_editions_follow_one_another(edition: int) -> None:
    partnership = given(Partnership, PROPOSED, AGREED)
    with refused("edition_out_of_order"):
        partnership.agree_terms_of_reference(stamp(), edition=edition, document=TERMS)
    with refused("edition_out_of_order"):
        partnership.draft_terms_of_reference(stamp(), edition=edition, document=TERMS)
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


def test_what_the_work_needs_was_there_on_the_day_it_began() -> None:
    """A beginning that is told late is judged as of its day."""
    before = [fact.model_copy(update={"happened": NOW - timedelta(days=2)}) for fact in READY]
    on_the_day = stamp(NOW - timedelta(days=1))
    with refused("co_chairs_missing"):
        given(Partnership, *before[:4], LORCAN_CHAIRS, AGREED).activate(on_the_day)
    partnership = given(Partnership, *before, joined(GRAINNE, Perspective.lived_experience_self), RULED_FOR_TWO)
    with refused("composition_not_met"):
        partnership.activate(on_the_day)
    partnership.activate(stamp())
    then(partnership, ACTIVATED)


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


def test_a_rule_says_who_must_take_part_and_who_must_be_there_to_decide() -> None:
    partnership = given(Partnership, PROPOSED)
    partnership.set_composition_rule(stamp(), composition=ONE_EACH)
    then(partnership, RULED)


def test_a_rule_said_twice_is_one_rule() -> None:
    partnership = given(Partnership, PROPOSED, RULED)
    partnership.set_composition_rule(stamp(), composition=ONE_EACH)
    then(partnership)


@pytest.mark.parametrize("side", ["quorum_lived_experience", "quorum_provider"])
def test_a_quorum_asks_for_no_more_people_than_there_must_be(side: str) -> None:
    with refused("quorum_beyond_composition"):
        given(Partnership, PROPOSED).set_composition_rule(stamp(), composition=replace(ONE_EACH, **{side: 2}))


def test_the_work_neither_begins_nor_goes_on_while_the_rule_is_not_met() -> None:
    with refused("composition_not_met"):
        given(Partnership, *READY, RULED_FOR_TWO).activate(stamp())
    with refused("composition_not_met"):
        given(Partnership, *READY, ACTIVATED, PAUSED, RULED_FOR_TWO).resume(stamp())


def test_before_the_work_begins_the_rule_is_not_breached() -> None:
    partnership = given(Partnership, *READY, RULED_FOR_TWO)
    partnership.add_member(stamp(), member=BRID, name=sealed(), role=ParticipantRole.observer, perspective=Perspective.community)
    assert [type(fact) for fact in partnership.collect_events()] == [MemberJoined]


def test_a_breach_and_its_mending_are_facts_with_a_date() -> None:
    partnership = given(Partnership, *READY, RULED, ACTIVATED)
    left, came = NOW + timedelta(days=1), NOW + timedelta(days=2)
    partnership.end_membership(stamp(left), member=LORCAN, reason=MembershipEndReason.end_of_term)
    assert (partnership.breached, partnership.shortfalls) == (left, (CompositionShortfall.provider,))
    partnership.add_member(stamp(came), member=BRID, name=sealed(), role=ParticipantRole.observer, perspective=Perspective.professional)
    _, breached, _, mended = partnership.collect_events()
    assert breached == BREACHED.model_copy(update={"happened": left, "version": breached.version})
    assert (type(mended), mended.happened, partnership.breached) == (CompositionMended, came, None)


def test_a_breach_goes_on_when_another_leaves() -> None:
    partnership = given(Partnership, *READY, RULED, ACTIVATED, LORCAN_LEFT, BREACHED)
    partnership.end_membership(stamp(), member=AOIFE, reason=MembershipEndReason.health)
    assert [type(fact) for fact in partnership.collect_events()] == [MembershipEnded]


def test_who_is_known_late_to_have_joined_before_the_breach_mends_it_when_it_came() -> None:
    partnership = given(Partnership, *READY, RULED, ACTIVATED, LORCAN_LEFT, BREACHED)
    before = stamp(NOW - timedelta(days=9))
    partnership.add_member(before, member=BRID, name=sealed(), role=ParticipantRole.observer, perspective=Perspective.professional)
    _, mended = partnership.collect_events()
    assert (type(mended), mended.happened) == (CompositionMended, NOW)


def test_a_new_rule_may_be_breached_from_its_first_day() -> None:
    partnership = given(Partnership, *READY, RULED, ACTIVATED)
    partnership.set_composition_rule(stamp(), composition=TWO_LIVED)
    _, breached = partnership.collect_events()
    assert isinstance(breached, CompositionBreached)
    assert breached.shortfalls == (CompositionShortfall.lived_experience,)


@pytest.mark.parametrize(
    ("sides", "short"),
    [
        ((1, 0, 1, 0), ()),
        ((0, 0, 1, 0), ("lived_experience", "lived_share")),
        ((1, 0, 0, 0), ("provider",)),
        ((1, 1, 1, 0), ("lived_share",)),
        ((2, 1, 1, 0), ()),
        ((2, 0, 1, 2), ("lived_share",)),
    ],
)
def test_a_rule_counts_each_side_and_the_share_of_lived_experience_among_all(sides: tuple[int, ...], short: tuple[str, ...]) -> None:
    assert ONE_EACH.shortfalls(Counter(dict(zip(Side, sides, strict=True)))) == short
