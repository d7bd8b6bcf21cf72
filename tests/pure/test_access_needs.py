"""Access needs: flagged, shared only with consent, met or not each time, reviewed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.model import Fact
from contracts.partnerships import (
    AccessNeedFlagged,
    AccessNeedIdentified,
    AccessNeedMet,
    AccessNeedMetConfirmed,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    AccessNeedShared,
    ConfirmAccessMet,
    FlagAccessNeed,
    GetAccessNeeds,
    GetWantedFormats,
    GrantConsent,
    IdentifyAccessNeed,
    RecordAccessMet,
    RecordAccessNeed,
    RecordIdentifiedNeed,
    ReviewAccessNeed,
    ShareAccessNeed,
    WithdrawConsent,
)
from contracts.sessions import MoveSession
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    AccessStage,
    ConfirmedBy,
    ConsentFormat,
    ConsentPurpose,
    IdentifiedBy,
    InformationFormat,
    SharedWith,
)
from services.partnerships.domain import AccessNeeds
from shared.application import Stamp
from tests.given import AOIFE, NOW, PARTNERSHIP, Region, context, fact, given, refused, stamp, then
from tests.pure.test_neighbours import People, people, planned

__all__ = ["people"]

NEED = UUID(int=60)
WHO: Any = {"partnership": PARTNERSHIP, "member": AOIFE, "need": NEED}
KIND: Any = {"category": AccessNeedCategory.information_format, "wanted": InformationFormat.large_print, "words": None}
Verb = Callable[[AccessNeeds], None]


def of_need(kind: type[Fact], **what: Any) -> Fact:
    return fact(kind, member=AOIFE, need=NEED, **what)


IDENTIFIED = of_need(AccessNeedIdentified, category=AccessNeedCategory.transport, identified_by=IdentifiedBy.coordinator)
RECORDED = of_need(AccessNeedRecorded, **KIND)
FLAGGED = of_need(AccessNeedFlagged)
MET = of_need(AccessNeedMet, session=None, confirmed=False)
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


def record_identified(needs: AccessNeeds, **what: Any) -> None:
    needs.record_identified(stamp(), **WHO, **{"category": None, "wanted": None, "words": None, **what})


def confirm(needs: AccessNeeds, *, met: bool, when: Stamp | None = None) -> None:
    needs.confirm(when or stamp(), **WHO, session=None, met=met, who=ConfirmedBy.member)


def test_a_need_is_identified_before_the_person_says_what_it_is() -> None:
    needs = given(AccessNeeds)
    needs.identify(stamp(), **WHO, category=AccessNeedCategory.transport, who=IdentifiedBy.coordinator)
    assert needs.needs[NEED].stage is AccessStage.identified
    record_identified(needs, category=AccessNeedCategory.information_format, wanted=InformationFormat.large_print)
    then(needs, IDENTIFIED, RECORDED)
    assert needs.needs[NEED].stage is AccessStage.recorded
    with refused("need_recorded_already"):
        record_identified(needs)


@pytest.mark.parametrize(
    "verb",
    [
        lambda it: it.flag(stamp(), **WHO),
        lambda it: share(it, consented=True),
        lambda it: it.say_met(stamp(), **WHO, met=True, session=None, confirmed=True),
        lambda it: it.review(stamp(), **WHO, outcome=AccessReview.still_needed),
    ],
    ids=["flag", "share", "met", "review"],
)
def test_what_was_only_identified_is_recorded_before_anything_comes_of_it(verb: Verb) -> None:
    with refused("need_not_recorded"):
        verb(given(AccessNeeds, IDENTIFIED))


def test_what_was_identified_and_is_not_needed_ends() -> None:
    needs = given(AccessNeeds, IDENTIFIED)
    needs.review(stamp(), **WHO, outcome=AccessReview.no_longer_needed)
    with refused("need_ended"):
        record_identified(needs)


@pytest.mark.parametrize(("said", "stage", "counts"), [(True, AccessStage.met, (1, 0, 1)), (False, AccessStage.not_met, (0, 1, 1))])
def test_whether_a_need_was_met_is_what_the_person_says(said: bool, stage: AccessStage, counts: tuple[int, int, int]) -> None:
    needs = given(AccessNeeds, RECORDED, MET)
    for _ in range(2):
        confirm(needs, met=said)
    then(needs, of_need(AccessNeedMetConfirmed, session=None, met=said, confirmed_by=ConfirmedBy.member))
    need = needs.needs[NEED]
    assert (need.stage, (need.met, need.not_met, need.confirmed)) == (stage, counts)


def test_there_is_nothing_to_confirm_before_somebody_said_whether_the_need_was_met() -> None:
    with refused("nothing_to_confirm"):
        confirm(given(AccessNeeds, RECORDED), met=True)
    with refused("confirmed_before_said"):
        confirm(given(AccessNeeds, RECORDED, MET), met=True, when=stamp(NOW - timedelta(days=1)))


def test_the_person_confirms_also_what_is_needed_no_longer() -> None:
    needs = given(AccessNeeds, RECORDED, MET, ENDED)
    confirm(needs, met=False)
    assert (needs.needs[NEED].stage, needs.needs[NEED].not_met) == (AccessStage.reviewed, 1)


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
    region.sessions.move_session(command=MoveSession(session=session, starts=datetime(2100, 1, 6, 14, tzinfo=UTC)), context=context())
    region.spread()
    with refused("met_before_session"):
        region.partnerships.record_access_met(command=RecordAccessMet(**met, session=session), context=context())
    region.partnerships.record_access_met(command=RecordAccessMet(**{**met, "met": False}, session=session), context=context())


def test_a_need_is_identified_then_recorded_and_confirmed_with_the_person(region: Region, people: People) -> None:
    verbs = region.partnerships
    who: Any = {"partnership": people.partnership, "member": people.aoife}
    identify = IdentifyAccessNeed(**who, category=AccessNeedCategory.transport, identified_by=IdentifiedBy.host_service)
    need = verbs.identify_access_need(command=identify, context=context()).made or UUID(int=0)
    record = RecordIdentifiedNeed(**who, need=need, words="A lift home after dark.")
    verbs.record_identified_need(command=record, context=context())
    verbs.record_access_met(command=RecordAccessMet(**who, need=need, met=True), context=context())
    verbs.confirm_access_met(command=ConfirmAccessMet(**who, need=need, met=False), context=context())
    [told] = verbs.get_access_needs(query=GetAccessNeeds(**who), context=context(role="access_coordinator")).needs
    assert (told.category, told.words, told.stage) == (AccessNeedCategory.transport, "A lift home after dark.", AccessStage.not_met)
    assert (told.met, told.not_met, told.confirmed) == (0, 1, 1)


def test_in_which_forms_somebody_gets_what_is_written_is_told_without_their_needs(region: Region, people: People) -> None:
    """Twice the same form is one; what is no longer needed is not told, nor is what only asks for something else."""
    verbs = region.partnerships
    who: Any = {"partnership": people.partnership, "member": people.aoife}
    category, easy_read = AccessNeedCategory.information_format, InformationFormat.easy_read
    for wanted in (InformationFormat.audio, easy_read, easy_read, None):
        record = RecordAccessNeed(**who, category=category, wanted=wanted, words="My brother reads to me.")
        need = verbs.record_access_need(command=record, context=context()).made
        if need and wanted is InformationFormat.audio:
            over = ReviewAccessNeed(**who, need=need, outcome=AccessReview.no_longer_needed)
            region.partnerships.review_access_need(command=over, context=context())
    assert verbs.get_wanted_formats(query=GetWantedFormats(**who)).formats == (easy_read,)
