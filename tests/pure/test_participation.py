"""What a member consents to, declares and brings."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.countries import CountryProfile
from contracts.model import Fact
from contracts.partnerships import (
    ConfirmInterests,
    ConsentGranted,
    ConsentRefused,
    ConsentWithdrawn,
    DeclareInterest,
    GetInterestsRegister,
    GetParticipation,
    GrantConsent,
    InterestDeclared,
    InterestEnded,
    InterestsConfirmed,
    MembershipEnded,
    NominateMember,
    NominationEnded,
    ProposePartnership,
    RefuseConsent,
    SkillOffered,
    SkillUsed,
    WithdrawConsent,
)
from contracts.sessions import GetSession, MemberPosition, RaiseAgendaItem
from contracts.vocabulary import (
    AgendaItemOrigin,
    ClockKind,
    ConsentFormat,
    ConsentPurpose,
    ConsentStatus,
    CoproductionLevel,
    InterestType,
    MembershipEndReason,
    NominationEnd,
    ParticipantRole,
    Perspective,
    Position,
    SelectionMethod,
    SettingType,
    SkillArea,
)
from services.partnerships.domain import Participation
from services.partnerships.domain.participation import months_after
from services.sessions.application.telling import contributors, detail
from tests.given import AOIFE, BRID, NOW, PARTNERSHIP, Region, context, fact, given, refused, sealed, stamp, stored, then
from tests.pure.test_deciding import proposed, take
from tests.pure.test_neighbours import People, people, planned

__all__ = ["people"]

THING, OTHER = UUID(int=50), UUID(int=51)
WHO: Any = {"partnership": PARTNERSHIP, "member": AOIFE}
TEXT: Any = {"text": "participation-3", "explained": ConsentFormat.easy_read}
PURPOSE = ConsentPurpose.participation
Verb = Callable[[Participation], object]


def of_her(kind: type[Fact], days: int = 0, **what: Any) -> Fact:
    return fact(kind, happened=NOW + timedelta(days=days), member=AOIFE, **what)


def declared(kind: InterestType, days: int = 0, thing: UUID = THING, **what: Any) -> Fact:
    return of_her(InterestDeclared, days, declaration=thing, interest=kind, **{"words": None, "arose": None, "late": False, **what})


def declare(participation: Participation, kind: InterestType, days: int = 0, **what: Any) -> None:
    what = {"interest": THING, "words": None, "arose": None, "within": timedelta(days=28), **what}
    participation.declare_interest(stamp(NOW + timedelta(days=days)), **WHO, kind=kind, **what)


GRANTED = of_her(ConsentGranted, purpose=PURPOSE, **TEXT)
WITHDRAWN = of_her(ConsentWithdrawn, 1, purpose=PURPOSE)
FINANCIAL = declared(InterestType.financial)
OFFERED = of_her(SkillOffered, skill=THING, area=SkillArea.teaching, words=None)


def test_a_consent_is_to_one_purpose_by_one_text_in_one_format() -> None:
    participation = given(Participation)
    for explained in (ConsentFormat.easy_read, ConsentFormat.easy_read, ConsentFormat.isl):
        participation.grant_consent(stamp(), **WHO, purpose=PURPOSE, text="participation-3", explained=explained)
    then(participation, GRANTED, of_her(ConsentGranted, purpose=PURPOSE, text="participation-3", explained=ConsentFormat.isl))


def test_a_consent_is_withdrawn_once_and_may_be_given_again() -> None:
    participation = given(Participation, GRANTED)
    after = stamp(NOW + timedelta(days=1))
    said = [participation.withdraw_consent(after, **WHO, purpose=PURPOSE) for _ in range(2)]
    participation.grant_consent(stamp(NOW + timedelta(days=2)), **WHO, purpose=PURPOSE, **TEXT)
    then(participation, WITHDRAWN, of_her(ConsentGranted, 2, purpose=PURPOSE, **TEXT))
    assert said == [True, False]
    assert participation.consents[PURPOSE].withdrawn is None


def test_an_interest_is_declared_with_when_it_arose_and_is_late_after_28_days() -> None:
    participation = given(Participation)
    arose = [NOW - timedelta(days=28), NOW - timedelta(days=28, seconds=1)]
    for thing, since in zip((THING, OTHER), arose, strict=True):
        declare(participation, InterestType.indirect, interest=thing, arose=since, words=sealed())
    first, second = (
        declared(InterestType.indirect, thing=thing, words=sealed(), arose=since)
        for thing, since in zip((THING, OTHER), arose, strict=True)
    )
    then(participation, first, second.model_copy(update={"late": True}))


def test_a_nil_declaration_counts_as_one() -> None:
    participation = given(Participation)
    declare(participation, InterestType.nil)
    then(participation, declared(InterestType.nil))
    assert (participation.declared, participation.standing) == (NOW, [])


def test_whoever_has_an_interest_declares_nil_when_it_has_ended() -> None:
    participation = given(Participation, FINANCIAL)
    with refused("nil_beside_interests"):
        declare(participation, InterestType.nil, interest=OTHER)
    for _ in range(2):
        participation.end_interest(stamp(), **WHO, interest=THING)
    declare(participation, InterestType.nil, interest=OTHER)
    then(participation, of_her(InterestEnded, declaration=THING), declared(InterestType.nil, thing=OTHER))


def test_a_declaration_is_to_be_renewed_within_twelve_months() -> None:
    participation = given(Participation, FINANCIAL)
    assert participation.renewal_due(12) == NOW.replace(year=2026)
    participation.confirm_interests(stamp(NOW + timedelta(days=300)), **WHO)
    then(participation, of_her(InterestsConfirmed, 300))
    assert participation.renewal_due(12) == (NOW + timedelta(days=300)).replace(year=2027)


def test_an_older_declaration_heard_of_late_does_not_make_a_newer_one_older() -> None:
    participation = given(Participation, of_her(InterestsConfirmed, 9), FINANCIAL)
    assert participation.declared == NOW + timedelta(days=9)


def test_twelve_months_after_the_29th_of_february_is_the_28th() -> None:
    assert months_after(datetime(2024, 2, 29, 9, tzinfo=UTC), 12) == datetime(2025, 2, 28, 9, tzinfo=UTC)
    assert months_after(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert months_after(date(2025, 12, 15), 72) == date(2031, 12, 15)


def test_what_was_offered_is_used_as_often_as_it_is_used() -> None:
    participation = given(Participation)
    participation.offer_skill(stamp(), **WHO, skill=THING, area=SkillArea.teaching, words=None)
    for _ in range(2):
        participation.use_skill(stamp(), **WHO, skill=THING)
    used = of_her(SkillUsed, skill=THING)
    then(participation, OFFERED, used, used)
    assert participation.skills[THING].used == (NOW, NOW)


BEFORE = stamp(NOW - timedelta(days=1))


@pytest.mark.parametrize(
    ("code", "verb"),
    [
        ("consent_not_given", lambda it: it.withdraw_consent(stamp(), **WHO, purpose=ConsentPurpose.contact)),
        ("withdrawn_before_given", lambda it: it.withdraw_consent(BEFORE, **WHO, purpose=PURPOSE)),
        ("declared_before_arising", lambda it: declare(it, InterestType.indirect, arose=NOW + timedelta(days=1))),
        ("ended_before_declared", lambda it: it.end_interest(BEFORE, **WHO, interest=THING)),
        ("no_such_interest", lambda it: it.end_interest(stamp(), **WHO, interest=OTHER)),
        ("used_before_offered", lambda it: it.use_skill(BEFORE, **WHO, skill=THING)),
        ("no_such_skill", lambda it: it.use_skill(stamp(), **WHO, skill=OTHER)),
    ],
)
def test_what_makes_no_sense_is_refused(code: str, verb: Verb) -> None:
    participation = given(Participation, GRANTED, FINANCIAL, OFFERED)
    with refused(code):
        verb(participation)
    then(participation)


def test_nothing_is_confirmed_that_was_not_declared_and_nil_describes_nothing() -> None:
    with refused("nothing_declared"):
        given(Participation).confirm_interests(stamp(), **WHO)
    with refused("nil_with_words"):
        declare(given(Participation), InterestType.nil, words=sealed())


def test_who_no_longer_consents_to_take_part_is_no_member_any_more(region: Region, people: People) -> None:
    verbs = region.partnerships
    who: Any = {"partnership": people.partnership, "member": people.aoife}
    verbs.grant_consent(command=GrantConsent(**who, purpose=PURPOSE, **TEXT), context=context())
    verbs.grant_consent(command=GrantConsent(**who, purpose=ConsentPurpose.contact, **TEXT), context=context())
    verbs.withdraw_consent(command=WithdrawConsent(**who, purpose=ConsentPurpose.contact), context=context())
    assert not isinstance(stored(region.stores["partnerships"])[-2], MembershipEnded)
    for _ in range(2):
        verbs.withdraw_consent(command=WithdrawConsent(**who, purpose=PURPOSE), context=context())
    ended = [one for one in stored(region.stores["partnerships"]) if isinstance(one, MembershipEnded) and one.member == people.aoife]
    assert [one.end_reason for one in ended] == [MembershipEndReason.consent_withdrawn]


def test_a_nominee_who_withdraws_consent_is_no_nominee_any_more(region: Region) -> None:
    verbs = region.partnerships
    proposal = ProposePartnership(name="Abhainn", org_unit="P001", setting=SettingType.camhs, level=CoproductionLevel.strategic)
    partnership = verbs.propose_partnership(command=proposal, context=context()).id
    stands = NominateMember(
        partnership=partnership,
        name="Bríd",
        role=ParticipantRole.carer,
        perspective=Perspective.lived_experience_family_carer,
        selection=SelectionMethod.open_call,
    )
    who: Any = {"partnership": partnership, "member": verbs.nominate_member(command=stands, context=context()).made}
    verbs.grant_consent(command=GrantConsent(**who, purpose=PURPOSE, **TEXT), context=context())
    verbs.withdraw_consent(command=WithdrawConsent(**who, purpose=PURPOSE), context=context())
    ended = [one for one in stored(region.stores["partnerships"]) if isinstance(one, NominationEnded)]
    assert [one.nomination_end for one in ended] == [NominationEnd.withdrawn]


def test_the_register_says_whose_declaration_is_current_and_shows_words_to_those_who_may_read_them(region: Region, people: People) -> None:
    verbs = region.partnerships
    long_ago = verbs.clock() - timedelta(days=370)
    for member, happened in ((people.aoife, None), (people.lorcan, long_ago)):
        command = DeclareInterest(
            happened=happened,
            partnership=people.partnership,
            member=member,
            interest=InterestType.indirect,
            words="My brother runs the café.",
        )
        verbs.declare_interest(command=command, context=context())
    asked = GetInterestsRegister(partnership=people.partnership)
    entries = {one.member: one for one in verbs.get_interests_register(query=asked, context=context()).entries}
    assert {member: one.current for member, one in entries.items()} == {people.aoife: True, people.lorcan: False}
    assert entries[people.aoife].interests[0].words == "My brother runs the café."
    confirmed = ConfirmInterests(partnership=people.partnership, member=people.lorcan)
    verbs.confirm_interests(command=confirmed, context=context())
    hidden = verbs.get_interests_register(query=asked, context=context(role="governance_auditor")).entries
    assert [(one.current, one.interests[0].words) for one in hidden] == [(True, None), (True, None)]


def test_how_soon_an_interest_is_declared_and_how_long_that_holds_is_for_the_country_to_say(
    region: Region, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {ClockKind.interest_declared: 60, ClockKind.interests_renewed: 24}
    monkeypatch.setattr(CountryProfile, "within", lambda _, clock, _unit: slow[clock])
    verbs, now = region.partnerships, region.partnerships.clock()
    who: Any = {"partnership": people.partnership, "member": people.aoife}
    what: Any = {"interest": InterestType.indirect, "happened": now - timedelta(days=3), "arose": now - timedelta(days=53)}
    verbs.declare_interest(command=DeclareInterest(**who, **what), context=context())
    told = verbs.get_participation(query=GetParticipation(**who), context=context())
    assert [one.late for one in told.interests] == [False]
    assert told.renewal_due == months_after(now - timedelta(days=3), 24)


def test_what_somebody_takes_part_with_is_asked_of_their_own_partnership(region: Region, people: People) -> None:
    with refused("no_such_member"):
        region.partnerships.get_participation(query=GetParticipation(partnership=people.partnership, member=OTHER), context=context())
    told = region.partnerships.get_participation(
        query=GetParticipation(partnership=people.partnership, member=people.aoife), context=context()
    )
    assert (told.version, told.consents, told.renewal_due) == (0, (), None)


def test_who_withdraws_attribution_is_not_named_with_what_they_contributed_until_they_consent_again(region: Region, people: People) -> None:
    session = planned(region, people)
    raised = RaiseAgendaItem(session=session, title="Stairs", origin=AgendaItemOrigin.raised_by_member, raised_by=people.aoife)
    region.sessions.raise_agenda_item(command=raised, context=context())
    who: Any = {"partnership": people.partnership, "member": people.aoife, "purpose": ConsentPurpose.attribution_of_contributions}
    grant = GrantConsent(**who, **TEXT)

    def raiser() -> UUID | None:
        region.spread()
        return region.sessions.get_session(query=GetSession(session=session), context=context()).agenda[0].raised_by

    region.partnerships.grant_consent(command=grant, context=context())
    assert raiser() == people.aoife
    region.partnerships.withdraw_consent(command=WithdrawConsent(**who), context=context())
    assert raiser() is None
    region.partnerships.grant_consent(command=grant, context=context())
    assert raiser() == people.aoife


ATTRIBUTION = ConsentPurpose.attribution_of_contributions


def test_a_consent_ends_when_it_was_given_for_a_time_and_is_given_anew() -> None:
    participation = given(Participation)
    for days in (30, 30, 60):
        until = NOW + timedelta(days=days)
        participation.grant_consent(stamp(), **WHO, purpose=PURPOSE, **TEXT, until=until)
    first, second = (of_her(ConsentGranted, purpose=PURPOSE, **TEXT, until=NOW + timedelta(days=days)) for days in (30, 60))
    then(participation, first, second)
    over = NOW + timedelta(days=60)
    assert [participation.consents_to(PURPOSE, on) for on in (over - timedelta(seconds=1), over)] == [True, False]
    assert participation.consents[PURPOSE].status(over) is ConsentStatus.expired
    with refused("consent_over_before_given"):
        participation.grant_consent(stamp(), **WHO, purpose=PURPOSE, **TEXT, until=NOW)


def test_a_no_is_recorded_once_and_is_no_withdrawal() -> None:
    participation = given(Participation, GRANTED)
    with refused("consent_given_already"):
        participation.refuse_consent(stamp(), **WHO, purpose=PURPOSE, **TEXT)
    said = [participation.refuse_consent(stamp(), **WHO, purpose=ATTRIBUTION, **TEXT) for _ in range(2)]
    with refused("consent_not_given"):
        participation.withdraw_consent(stamp(), **WHO, purpose=ATTRIBUTION)
    then(participation, of_her(ConsentRefused, purpose=ATTRIBUTION, **TEXT))
    assert (said, participation.consents[ATTRIBUTION].status(NOW)) == ([True, False], ConsentStatus.rejected)
    participation.grant_consent(stamp(), **WHO, purpose=ATTRIBUTION, **TEXT)
    assert participation.consents_to(ATTRIBUTION, NOW)


def test_who_says_no_to_taking_part_takes_no_part(region: Region, people: People) -> None:
    who: Any = {"partnership": people.partnership, "member": people.aoife}
    refusal = RefuseConsent(**who, purpose=PURPOSE, **TEXT)
    region.partnerships.refuse_consent(command=refusal, context=context())
    told = region.partnerships.get_participation(query=GetParticipation(**who), context=context())
    assert [one.status for one in told.consents] == [ConsentStatus.rejected]
    ended = [one for one in stored(region.stores["partnerships"]) if isinstance(one, MembershipEnded) and one.member == people.aoife]
    assert [one.end_reason for one in ended] == [MembershipEndReason.consent_withdrawn]


@pytest.mark.parametrize("said", ["no", "until"])
def test_who_says_no_to_attribution_or_consented_for_a_time_is_not_named_then(region: Region, people: People, said: str) -> None:
    who: Any = {"partnership": people.partnership, "member": people.aoife, "purpose": ATTRIBUTION}
    now = region.sessions.clock()
    if said == "no":
        region.partnerships.refuse_consent(command=RefuseConsent(**who, **TEXT), context=context())
    else:
        for_a_time = GrantConsent(**who, **TEXT, until=now + timedelta(days=1))
        region.partnerships.grant_consent(command=for_a_time, context=context())
    region.spread()
    unnamed = [region.naming.unnamed([people.aoife], now + timedelta(days=days)) for days in (0, 1)]
    assert unnamed == [{people.aoife} if said == "no" else set(), {people.aoife}]


def test_who_consents_to_it_is_named_in_minutes_until_they_withdraw_or_it_expires(region: Region, people: People) -> None:
    verbs, now = region.partnerships, region.sessions.clock()
    who: Any = {"partnership": people.partnership, "member": people.aoife, "purpose": ConsentPurpose.naming_in_minutes}

    def named(days: int = 0) -> bool:
        region.spread()
        return region.naming.in_minutes([people.aoife, people.lorcan], now + timedelta(days=days)) == {people.aoife}

    said = [named()]
    verbs.grant_consent(command=GrantConsent(**who, **TEXT, until=now + timedelta(days=1)), context=context())
    said += [named(), named(days=1)]
    verbs.grant_consent(command=GrantConsent(**who, **TEXT), context=context())
    said += [named(days=1)]
    verbs.withdraw_consent(command=WithdrawConsent(**who), context=context())
    assert [*said, named()] == [False, True, False, True, False]


def test_positions_and_corrections_of_who_is_not_named_bear_no_name() -> None:
    session = proposed()
    take(session, (AOIFE, Position.consent), (BRID, Position.abstain))
    told = detail(session, lambda part, field: None, read=False, unnamed={AOIFE})  # noqa: ARG005
    assert [(one.positions, one.unnamed_positions) for one in told.proposals] == [
        ((MemberPosition(member=BRID, position=Position.abstain),), 1)
    ]
    assert {AOIFE, BRID} <= contributors(session)
