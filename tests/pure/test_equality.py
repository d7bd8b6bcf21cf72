"""Equality monitoring: only with consent, under a pseudonym, destroyed when it may not be kept, and told only as counts of ten and more."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from contracts.countries import COUNTRIES, NOT_ASKED, PREFER_NOT_TO_SAY
from contracts.partnerships import (
    AddMember,
    AnswerEqualityQuestions,
    CorrectEntry,
    CountEquality,
    EndMembership,
    EqualityAnswer,
    EqualityAnswered,
    EqualityAnswersDestroyed,
    EqualityCounted,
    GetEqualityCounts,
    GetMemberHistory,
    GrantConsent,
    RequestErasure,
    WithdrawConsent,
)
from contracts.persons import HeldAbout
from contracts.vocabulary import (
    ClockKind,
    ConsentFormat,
    ConsentPurpose,
    EntryKind,
    EqualityGround,
    ErasureBasis,
    MembershipEndReason,
    ParticipantRole,
    Perspective,
    TimeUnit,
)
from services.partnerships.domain import EqualityCount
from services.partnerships.domain.equality import LEAST, quarter_before, tellable
from shared.sealing import Keys
from shared.store import Recorder
from tests.given import Region, context, given, refused, stamp, stored
from tests.pure.test_neighbours import People, people

__all__ = ["people"]

GROUND = EqualityGround.disability
MONITORING = ConsentPurpose.equality_monitoring
APRIL = datetime(2027, 4, 7, 9, tzinfo=UTC)


class Asked:
    """Members of a partnership who are asked about equality, and what became of it."""

    def __init__(self, region: Region, people: People) -> None:
        self.region, self.verbs, self.people = region, region.partnerships, people
        self.aoife: Any = {"partnership": people.partnership, "member": people.aoife}

    def consent(self, who: Mapping[str, Any]) -> None:
        text: Any = {"text": "equality-1", "explained": ConsentFormat.easy_read}
        self.verbs.grant_consent(command=GrantConsent(**who, purpose=MONITORING, **text), context=context())

    def withdraw(self, who: Mapping[str, Any]) -> None:
        self.verbs.withdraw_consent(command=WithdrawConsent(**who, purpose=MONITORING), context=context())

    def answer(self, who: Mapping[str, Any], answer: str = "yes", ground: EqualityGround = GROUND) -> None:
        command = AnswerEqualityQuestions(**who, answers=(EqualityAnswer(ground=ground, answer=answer),))
        self.verbs.answer_equality_questions(command=command, context=context())

    def join(self, answer: str) -> Mapping[str, Any]:
        """Somebody comes, consents and answers."""
        command = AddMember(
            partnership=self.people.partnership,
            name="Somebody",
            role=ParticipantRole.service_user,
            perspective=Perspective.lived_experience_self,
        )
        made = self.verbs.add_member(command=command, context=context()).made
        assert made
        who = {"partnership": self.people.partnership, "member": made}
        self.consent(who)
        self.answer(who, answer)
        return who

    def facts(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in stored(self.region.stores["partnerships"]) if isinstance(fact, kind)]

    def opened(self) -> list[str]:
        """What can be opened of all that was ever answered."""
        facts = self.facts(EqualityAnswered)
        words = [self.verbs.words(fact.answers, stream=fact.stream, field="answers") for fact in facts]
        return [json.loads(said)[GROUND] for said in words if said]

    def count(self, now: datetime = APRIL) -> dict[str, int | None]:
        """The counts of the quarter before `now`, of one ground."""
        self.verbs.clock = lambda: now
        quarter = quarter_before(now.date())
        self.verbs.count_equality(command=CountEquality(quarter=quarter), context=context(role="regional_operator"))
        told = self.verbs.get_equality_counts(query=GetEqualityCounts(quarter=quarter))
        return {cell.answer: cell.people for cell in told.cells if cell.ground is GROUND}


@pytest.fixture
def asked(region: Region, people: People) -> Asked:
    return Asked(region, people)


def test_who_does_not_consent_is_asked_nothing(asked: Asked) -> None:
    with refused("monitoring_without_consent"):
        asked.answer(asked.aoife)
    asked.consent(asked.aoife)
    asked.answer(asked.aoife)
    asked.withdraw(asked.aoife)
    with refused("monitoring_without_consent"):
        asked.answer(asked.aoife)


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        ("no_such_answer", [(GROUND, "perhaps")]),
        ("ground_not_asked_here", [(EqualityGround.sex, "female")]),
        ("ground_twice", [(GROUND, "yes"), (GROUND, PREFER_NOT_TO_SAY)]),
    ],
)
def test_only_what_the_country_asks_is_answered(asked: Asked, code: str, answers: list[tuple[EqualityGround, str]]) -> None:
    asked.consent(asked.aoife)
    said = tuple(EqualityAnswer(ground=ground, answer=answer) for ground, answer in answers)
    with refused(code):
        asked.verbs.answer_equality_questions(command=AnswerEqualityQuestions(**asked.aoife, answers=said), context=context())


def test_nothing_in_the_facts_leads_from_an_answer_to_a_member_or_to_who_wrote_it_down(asked: Asked) -> None:
    asked.consent(asked.aoife)
    command = AnswerEqualityQuestions(**asked.aoife, answers=(EqualityAnswer(ground=GROUND, answer="yes"),))
    by = context()
    receipt = asked.verbs.answer_equality_questions(command=command, context=by)
    [answered] = asked.facts(EqualityAnswered)
    others = {str(one) for one in stored(asked.region.stores["partnerships"]) if one != answered}
    ids = {answered.stream, answered.answers.subject, answered.answers.handle, answered.correlation, answered.causation}
    assert not [one for one in ids if any(str(one) in other for other in others)]
    assert by.command not in ids
    assert receipt.id != answered.stream
    assert answered.actor == "undisclosed"
    assert "yes" not in answered.model_dump_json()


def test_the_length_of_what_is_sealed_tells_nothing(asked: Asked) -> None:
    asked.join(PREFER_NOT_TO_SAY)
    asked.join("no")
    boxes = asked.region.stores["partnerships"].boxes([fact.answers.handle for fact in asked.facts(EqualityAnswered)])
    assert len({len(box.ciphertext) for box in boxes.values()}) == 1


def end(asked: Asked, who: Mapping[str, Any]) -> None:
    command = EndMembership(**who, reason=MembershipEndReason.moved_away)
    asked.verbs.end_membership(command=command, context=context())


def erase(asked: Asked, who: Mapping[str, Any]) -> None:
    command = RequestErasure(member=who["member"], basis=ErasureBasis.consent_withdrawn)
    asked.verbs.request_erasure(command=command, context=context(role="data_protection_officer"))
    asked.region.spread()


@pytest.mark.parametrize("going", [Asked.withdraw, end, erase], ids=["consent", "membership", "person"])
def test_answers_that_may_not_be_kept_are_destroyed_and_those_of_others_stay(
    asked: Asked, going: Callable[[Asked, Mapping[str, Any]], None]
) -> None:
    leaving = asked.join("yes")
    asked.join("no")
    going(asked, leaving)
    asked.verbs.tend()
    assert asked.opened() == ["no"]
    [answered] = [fact for fact in asked.facts(EqualityAnswered) if fact.stream == asked.facts(EqualityAnswersDestroyed)[0].stream]
    assert asked.verbs.sealer.keys.existing([answered.answers.subject]) == {}
    assert asked.region.stores["partnerships"].boxes([answered.answers.handle]) == {}
    before = len(stored(asked.region.stores["partnerships"]))
    asked.verbs.tend()
    assert len(stored(asked.region.stores["partnerships"])) == before


def test_a_membership_that_never_ended_leaves_the_next_answers_alone(asked: Asked) -> None:
    asked.consent(asked.aoife)
    asked.answer(asked.aoife)
    end(asked, asked.aoife)
    asked.verbs.tend()
    history = asked.verbs.get_member_history(query=GetMemberHistory(**asked.aoife)).entries
    [ended] = [one.entry for one in history if one.kind is EntryKind.ended]
    asked.verbs.correct_entry(command=CorrectEntry(**asked.aoife, entry=ended, never=True), context=context())
    asked.answer(asked.aoife, "no")
    asked.verbs.tend()
    assert asked.opened() == ["no"]


def test_a_new_answer_replaces_the_one_before(asked: Asked) -> None:
    who = asked.join("yes")
    asked.answer(who, "no")
    asked.verbs.tend()
    assert asked.opened() == ["no"]


def test_a_new_consent_does_not_bring_back_what_was_answered_before(asked: Asked) -> None:
    who = asked.join("yes")
    asked.withdraw(who)
    with refused("answers_being_destroyed"):
        asked.consent(who)
    asked.verbs.tend()
    asked.consent(who)
    assert asked.opened() == []


class Died(Exception):
    """The process is gone."""


def die(*_: object, **__: object) -> None:
    raise Died


@pytest.mark.parametrize(("where", "left"), [("destroy", ["yes"]), ("shred", []), ("_store", [])])
def test_whoever_dies_while_destroying_answers_leaves_the_work_to_the_next(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, where: str, left: list[str]
) -> None:
    asked.withdraw(asked.join("yes"))
    places = {"destroy": Keys, "shred": Recorder, "_store": asked.verbs}
    with monkeypatch.context() as patch:
        patch.setattr(places[where], where, die)
        with pytest.raises(Died):
            asked.verbs.tend()
    assert (asked.opened(), asked.facts(EqualityAnswersDestroyed)) == (left, [])
    for _ in range(2):
        asked.verbs.tend()
    assert (asked.opened(), len(asked.facts(EqualityAnswersDestroyed))) == ([], 1)


def test_a_person_is_told_that_they_answered_and_nobody_what(asked: Asked) -> None:
    who = asked.join("yes")
    [item] = [one for one in asked.verbs.held_about(query=HeldAbout(member=who["member"])).items if "equality." in one.what]
    assert (item.about, item.said, item.words, item.forgotten) == (who["member"], {}, None, False)


def test_those_who_answered_and_may_be_counted_are_and_fewer_than_ten_are_not_told(asked: Asked) -> None:
    for number in range(11):
        asked.join("yes" if number < 10 else "no")
    asked.withdraw(asked.join("no"))
    assert asked.count() == {"yes": None, "no": None, PREFER_NOT_TO_SAY: None, NOT_ASKED: None}
    asked.verbs.tend()
    assert len(asked.opened()) == 11
    assert [fact.counted for fact in asked.facts(EqualityCounted)] == ["2027Q1"]


def counting(counts: EqualityCount, quarter: str, changed: int, **tally: int) -> dict[str, int | None]:
    """What is told of `tally`, in the quarter after `quarter`."""
    today = {"2027Q1": date(2027, 4, 1), "2027Q2": date(2027, 7, 1), "2027Q3": date(2027, 10, 1)}[quarter]
    counts.count(stamp(), quarter=quarter, today=today, tallies={GROUND: tally}, changed=changed)
    return {cell.answer: cell.people for cell in counts.counted[quarter].cells}


def test_a_count_is_told_anew_when_ten_people_changed_and_it_moved_by_ten() -> None:
    counts = given(EqualityCount)
    assert counting(counts, "2027Q1", 70, yes=18, no=40, perhaps=12) == {"yes": 18, "no": 40, "perhaps": 12}
    assert counting(counts, "2027Q2", 9, yes=27, no=40, perhaps=12) == {"yes": 18, "no": 40, "perhaps": 12}
    assert counting(counts, "2027Q3", 10, yes=28, no=49, perhaps=1) == {"yes": None, "no": 40, "perhaps": None}
    assert [fact.counted for fact in counts.counted.values()] == ["2027Q1", "2027Q1", "2027Q3"]


def test_a_quarter_is_counted_once_when_it_has_ended(asked: Asked) -> None:
    asked.count()
    asked.count(APRIL + timedelta(days=20))
    assert len(asked.facts(EqualityCounted)) == 1
    with refused("not_the_last_quarter"):
        asked.verbs.count_equality(command=CountEquality(quarter="2026Q4"), context=context(role="regional_operator"))
    with refused("not_counted"):
        asked.verbs.get_equality_counts(query=GetEqualityCounts(quarter="2026Q4"))


@pytest.mark.parametrize(
    ("day", "quarter"),
    [(date(2026, 1, 1), "2025Q4"), (date(2026, 3, 31), "2025Q4"), (date(2026, 4, 1), "2026Q1"), (date(2026, 12, 31), "2026Q3")],
)
def test_the_quarter_that_ended_last(day: date, quarter: str) -> None:
    assert quarter_before(day) == quarter


TALLIES = st.lists(st.integers(0, 60), min_size=2, max_size=8)


@supposing(before=TALLIES, changes=st.lists(st.integers(-30, 30), min_size=8, max_size=8))
def test_no_count_difference_or_rest_is_of_fewer_than_ten(before: list[int], changes: list[int]) -> None:
    first = dict(zip("abcdefgh", before, strict=False))
    second = {answer: max(0, people + change) for (answer, people), change in zip(first.items(), changes, strict=False)}
    told = tellable(first, dict.fromkeys(first))
    again = tellable(second, told)
    for tally, shown in ((first, told), (second, again)):
        assert all(people is None or people >= LEAST for people in shown.values())
        hidden = [tally[answer] for answer, people in shown.items() if people is None]
        assert not hidden or sum(hidden) >= LEAST or len(hidden) == len(tally)
    for answer in first:
        if (then := told[answer]) is not None and (now := again[answer]) is not None:
            assert then == now or abs(then - now) >= LEAST


def test_what_is_hidden_alone_is_hidden_together_with_the_smallest_beside_it() -> None:
    assert tellable({"yes": 3, "no": 40, "rather_not": 12}, dict.fromkeys(("yes", "no", "rather_not"))) == {
        "yes": None,
        "no": 40,
        "rather_not": None,
    }


def test_every_country_says_what_it_asks_pays_keeps_and_waits_for() -> None:
    for code, country in COUNTRIES.items():
        assert country.country == code
        assert all(len(set(one.answers)) == len(one.answers) >= 2 for one in country.equality)
        assert country.within(ClockKind.interest_declared, TimeUnit.days) == 28
        assert country.payments_kept_years > 0
    assert {len(country.equality) for country in COUNTRIES.values()} == {9, 10}
    for unit in (TimeUnit.days, TimeUnit.months):
        with pytest.raises(LookupError, match="nothing says how many"):
            COUNTRIES["IE"].within(ClockKind.payment_made, unit)


def test_answers_are_destroyed_when_the_consent_was_for_a_time_and_that_is_over(asked: Asked) -> None:
    until = asked.verbs.clock() + timedelta(days=1)
    text: Any = {"text": "equality-1", "explained": ConsentFormat.easy_read}
    asked.verbs.grant_consent(command=GrantConsent(**asked.aoife, purpose=MONITORING, **text, until=until), context=context())
    asked.answer(asked.aoife)
    asked.verbs.tend()
    assert asked.opened() == ["yes"]
    asked.verbs.clock = lambda: until
    asked.verbs.tend()
    assert asked.opened() == []
