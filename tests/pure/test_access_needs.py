"""Access needs: flagged, shared only with consent, met or not each time, reviewed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.model import Fact
from contracts.partnerships import (
    AccessNeedFlagged,
    AccessNeedMet,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    AccessNeedShared,
    FlagAccessNeed,
    GetAccessNeeds,
    GrantConsent,
    RecordAccessMet,
    RecordAccessNeed,
    ShareAccessNeed,
    WithdrawConsent,
)
from contracts.vocabulary import AccessNeedCategory, AccessReview, AccessStage, ConsentFormat, ConsentPurpose, InformationFormat, SharedWith
from services.partnerships.domain import AccessNeeds
from tests.given import AOIFE, NOW, PARTNERSHIP, Region, context, fact, given, refused, stamp, then
from tests.pure.test_neighbours import People, people, planned

__all__ = ["people"]

NEED = UUID(int=60)
WHO: Any = {"partnership": PARTNERSHIP, "member": AOIFE, "need": NEED}
KIND: Any = {"category": AccessNeedCategory.information_format, "wanted": InformationFormat.large_print, "words": None}
Verb = Callable[[AccessNeeds], None]


def of_need(kind: type[Fact], **what: Any) -> Fact:
    return fact(kind, member=AOIFE, need=NEED, **what)


RECORDED = of_need(AccessNeedRecorded, **KIND)
FLAGGED = of_need(AccessNeedFlagged)
ENDED = of_need(AccessNeedReviewed, outcome=AccessReview.no_longer_needed)


def share(needs: AccessNeeds, *, consented: bool) -> None:
    needs.share(stamp(), **WHO, shared_with=SharedWith.venue, consented=consented)


def test_a_need_is_recorded_flagged_shared_met_and_reviewed() -> None:
    needs = given(AccessNeeds)
    needs.record_need(stamp(), **WHO, **KIND)
    for _ in range(2):
        needs.flag(stamp(), **WHO)
    share(needs, consented=True)
    for met in (True, False):
        needs.say_met(stamp(), **WHO, met=met, session=None, confirmed=met)
    needs.review(stamp(), **WHO, outcome=AccessReview.still_needed)
    then(
        needs,
        RECORDED,
        FLAGGED,
        of_need(AccessNeedShared, shared_with=SharedWith.venue),
        of_need(AccessNeedMet, session=None, confirmed=True),
        of_need(AccessNeedNotMet, session=None, confirmed=False),
        of_need(AccessNeedReviewed, outcome=AccessReview.still_needed),
    )
    need = needs.needs[NEED]
    assert (need.stage, need.met, need.not_met, need.ended) == (AccessStage.reviewed, 1, 1, False)


def test_a_need_is_not_shared_without_consent_nor_before_it_is_flagged() -> None:
    with refused("sharing_without_consent"):
        share(given(AccessNeeds, RECORDED, FLAGGED), consented=False)
    with refused("need_not_flagged"):
        share(given(AccessNeeds, RECORDED), consented=True)


@pytest.mark.parametrize(
    "verb",
    [
        lambda it: it.flag(stamp(), **WHO),
        lambda it: share(it, consented=True),
        lambda it: it.say_met(stamp(), **WHO, met=True, session=None, confirmed=True),
        lambda it: it.review(stamp(), **WHO, outcome=AccessReview.changed),
    ],
    ids=["flag", "share", "met", "review"],
)
@pytest.mark.parametrize(("past", "code"), [((), "no_such_need"), ((RECORDED, ENDED), "need_ended")])
def test_nothing_comes_of_a_need_that_is_unknown_or_has_ended(past: tuple[Fact, ...], code: str, verb: Verb) -> None:
    needs = given(AccessNeeds, *past)
    with refused(code):
        verb(needs)
    then(needs)


def test_nothing_comes_of_a_need_before_it_was_known() -> None:
    with refused("before_it_was_recorded"):
        given(AccessNeeds, RECORDED).flag(stamp(NOW - timedelta(days=1)), **WHO)


def test_a_need_is_shared_while_the_member_consents_and_read_by_those_who_see_to_it(region: Region, people: People) -> None:
    verbs = region.partnerships
    who: Any = {"partnership": people.partnership, "member": people.aoife}
    purpose = ConsentPurpose.access_needs_sharing
    record = RecordAccessNeed(**who, category=AccessNeedCategory.transport, words="A lift home after dark.")
    need = verbs.record_access_need(command=record, context=context()).made
    assert need
    verbs.flag_access_need(command=FlagAccessNeed(**who, need=need), context=context())
    share = ShareAccessNeed(**who, need=need, shared_with=SharedWith.transport_provider)
    with refused("sharing_without_consent"):
        verbs.share_access_need(command=share, context=context())
    consent = GrantConsent(**who, purpose=purpose, text="sharing-1", explained=ConsentFormat.spoken)
    verbs.grant_consent(command=consent, context=context())
    verbs.share_access_need(command=share, context=context())
    verbs.withdraw_consent(command=WithdrawConsent(**who, purpose=purpose), context=context())
    with refused("sharing_without_consent"):
        verbs.share_access_need(command=share, context=context())
    asked = GetAccessNeeds(**who)
    words = [verbs.get_access_needs(query=asked, context=context(role=role)).needs[0].words for role in ("access_coordinator", "member")]
    assert words == ["A lift home after dark.", None]


def test_a_need_was_met_at_a_session_of_the_partnership(region: Region, people: People) -> None:
    who: Any = {"partnership": people.partnership, "member": people.aoife}
    need = region.partnerships.record_access_need(command=RecordAccessNeed(**who, category=AccessNeedCategory.transport), context=context())
    met: Any = {**who, "need": need.made, "met": True}
    session = planned(region, people)
    region.spread()
    with refused("no_such_session"):
        region.partnerships.record_access_met(command=RecordAccessMet(**met, session=UUID(int=5)), context=context())
    region.partnerships.record_access_met(command=RecordAccessMet(**met, session=session), context=context())
