"""Who consented to taking part for a time takes part for that time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.model import Command, Receipt
from contracts.partnerships import (
    AddMember,
    CorrectEntry,
    EndMembership,
    GetMemberHistory,
    GrantConsent,
    MembershipEnded,
    NominateMember,
    NominationEnded,
    WithdrawConsent,
)
from contracts.vocabulary import (
    ConsentFormat,
    ConsentPurpose,
    EntryKind,
    MembershipEndReason,
    NominationEnd,
    ParticipantRole,
    Perspective,
    SelectionMethod,
)
from shared.store import Recorder
from tests.given import Region, context, stored
from tests.pure.test_neighbours import People, people

__all__ = ["people"]

TEXT: Any = {"text": "participation-3", "explained": ConsentFormat.spoken}
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


class Asked:
    """Somebody who consented to taking part until a month from now; time passes when it is told to."""

    def __init__(self, region: Region, partnership: UUID, member: UUID) -> None:
        self.region, self.verbs = region, region.partnerships
        self.now = self.began = self.verbs.clock()
        self.verbs.clock = lambda: self.now
        self.until = self.began + MONTH
        self.who: Any = {"partnership": partnership, "member": member}
        self.grant(until=self.until)

    def say(self, verb: Callable[..., Receipt], command: Command) -> None:
        verb(command=command, context=context())
        self.region.spread()

    def grant(self, **what: Any) -> None:
        purpose = what.pop("purpose", ConsentPurpose.participation)
        self.say(self.verbs.grant_consent, GrantConsent(**self.who, **TEXT, purpose=purpose, **what))

    def pass_time(self, how_long: timedelta) -> list[Any]:
        """The ends that are recorded of the person, after the service tended to its work in the meantime."""
        self.now += how_long
        self.verbs.tend()
        self.region.spread()
        return self.ends()

    def ends(self) -> list[Any]:
        of_member = (one for one in stored(self.region.stores["partnerships"]) if getattr(one, "member", None) == self.who["member"])
        return [one for one in of_member if isinstance(one, (MembershipEnded, NominationEnded))]


@pytest.fixture
def asked(region: Region, people: People) -> Asked:
    return Asked(region, people.partnership, people.aoife)


def dates(ends: list[Any]) -> list[datetime]:
    return [one.happened for one in ends]


def test_a_membership_ends_on_the_day_on_which_the_consent_to_it_does(asked: Asked) -> None:
    assert asked.pass_time(MONTH - WEEK) == []
    [end] = asked.pass_time(WEEK + timedelta(days=3))
    assert (end.happened, end.end_reason) == (asked.until, MembershipEndReason.consent_withdrawn)
    assert asked.pass_time(WEEK) == [end]


@pytest.mark.parametrize("said", ["for good", "for longer", "withdrawn", "of something else"])
def test_what_is_said_anew_before_then_holds(asked: Asked, said: str) -> None:
    asked.now += WEEK
    match said:
        case "for good":
            asked.grant()
        case "for longer":
            asked.grant(until=asked.until + MONTH)
        case "withdrawn":
            asked.say(asked.verbs.withdraw_consent, WithdrawConsent(**asked.who, purpose=ConsentPurpose.participation))
        case _:
            asked.grant(purpose=ConsentPurpose.naming_in_minutes)
    at_the_end = {"for good": [], "for longer": [], "withdrawn": [asked.began + WEEK], "of something else": [asked.until]}
    assert dates(asked.pass_time(MONTH)) == at_the_end[said]
    assert dates(asked.pass_time(MONTH)) == at_the_end[said] + ([asked.until + MONTH] if said == "for longer" else [])


def test_a_nomination_ends_with_the_consent_too(region: Region, people: People) -> None:
    how: Any = {"role": ParticipantRole.carer, "perspective": Perspective.lived_experience_family_carer}
    nominate = NominateMember(partnership=people.partnership, name="Una", **how, selection=SelectionMethod.open_call)
    una = region.partnerships.nominate_member(command=nominate, context=context()).made
    assert una
    [end] = Asked(region, people.partnership, una).pass_time(2 * MONTH)
    assert end.nomination_end is NominationEnd.withdrawn


def test_whoever_joined_when_their_consent_had_expired_goes_as_of_then(region: Region, people: People) -> None:
    add = AddMember(partnership=people.partnership, name="Una", role=ParticipantRole.carer, perspective=Perspective.community)
    una = region.partnerships.add_member(command=add, context=context()).made
    assert una
    asked = Asked(region, people.partnership, una)
    joined = asked.until + timedelta(days=1)
    asked.now = joined
    asked.say(asked.verbs.correct_entry, CorrectEntry(**asked.who, entry=_entry(asked, EntryKind.joined), at=joined))
    assert dates(asked.pass_time(WEEK)) == [joined]


def test_what_had_expired_when_it_was_recorded_is_history(region: Region, people: People) -> None:
    asked = Asked(region, people.partnership, people.aoife)
    asked.grant(happened=asked.began - MONTH, until=asked.began - WEEK)
    assert asked.pass_time(2 * MONTH) == []


def test_an_end_that_never_was_is_one_again_unless_there_is_consent(asked: Asked) -> None:
    def strike() -> None:
        entry = _entry(asked, EntryKind.ended)
        asked.say(asked.verbs.correct_entry, CorrectEntry(**asked.who, entry=entry, never=True))

    asked.say(asked.verbs.end_membership, EndMembership(**asked.who, reason=MembershipEndReason.health))
    strike()
    assert dates(asked.pass_time(MONTH)) == [asked.began, asked.until]
    strike()
    assert dates(asked.pass_time(WEEK)) == [asked.began, asked.until, asked.until]
    asked.grant(happened=asked.until - WEEK)
    strike()
    assert len(asked.pass_time(WEEK)) == 3


def _entry(asked: Asked, kind: EntryKind) -> int:
    history = asked.verbs.get_member_history(query=GetMemberHistory(**asked.who))
    return [one.entry for one in history.entries if one.kind is kind][-1]


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("stored_before", [False, True])
def test_whoever_dies_leaves_the_end_to_the_next_and_it_is_recorded_once(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, stored_before: bool
) -> None:
    asked.now = asked.until + WEEK
    append = Recorder.append

    def die(recorder: Recorder, *what: Any, **more: Any) -> None:
        if stored_before:
            append(recorder, *what, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(asked.region.stores["partnerships"]), "append", die)
        with pytest.raises(Killed):
            asked.verbs.tend()
    copy = asked.region.another_partnerships(asked.region.stores["partnerships"])
    copy.clock = lambda: asked.now
    for _ in range(2):  # its view is behind
        copy.tend()
    assert dates(asked.ends()) == [asked.until]
