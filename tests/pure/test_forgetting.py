"""People are forgotten: their words can be opened no more and are in no file, and what happened stays as it was, under a pseudonym."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.errors import NotPermitted
from contracts.examples import EXAMPLES
from contracts.feedback import FeedbackReceived, GetFeedback, ReceiveFeedback, RespondToFeedback
from contracts.feedback import SubjectErased as FeedbackErased
from contracts.language import messages
from contracts.model import Fact
from contracts.partnerships import ErasureCompleted, ErasureRequested, MembershipEnded
from contracts.persons import GetPersonData, HeldAbout
from contracts.services import SEALING
from contracts.sessions import GetSession
from contracts.sessions import SubjectErased as SessionsErased
from contracts.vocabulary import (
    AnonymityMode,
    ErasureBasis,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    KeptRecord,
    MembershipEndReason,
)
from services.gateway.application import Persons
from shared.clock import utc_now
from shared.context import Context
from shared.forgetting import NAMING
from tests.forgetting_suite import *  # noqa: F403  the suite
from tests.forgetting_suite import ANSWERED, CANARIES, DPO, NAME, TITLE, WHISPERED, Killed, Story, log, part_of
from tests.given import context, refused


@pytest.fixture(params=SEALING)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    told = Story(tmp_path, tmp_path)
    yield told
    told.region.close()


# Forgetting


def test_nobody_can_read_the_words_of_somebody_who_is_forgotten(story: Story) -> None:
    assert set(CANARIES) <= set(story.held(story.fionnuala))
    story.erase()
    assert set(story.held(story.fionnuala)) == {None}
    members = {member.id: (member.name, member.forgotten) for member in story.detail().members}
    assert members == {story.fionnuala: (None, True), story.lorcan: ("Lorcan", False)}
    session = story.region.sessions.get_session(query=GetSession(session=story.session), context=context())
    assert [(item.title, item.forgotten, item.raised_by) for item in session.agenda] == [
        (None, True, story.fionnuala),
        ("Lorcan's own item", False, story.lorcan),
    ]
    for item in (story.said, story.whispered):
        detail = story.region.feedback.get_feedback(query=GetFeedback(feedback=item), context=context())
        assert (detail.text, detail.forgotten, set(detail.responses) - {None}) == (None, True, set())
    other = story.region.feedback.get_feedback(query=GetFeedback(feedback=story.others), context=context())
    assert (other.text, other.forgotten) == ("said by nobody in particular", False)


def test_what_was_done_is_recorded_with_ground_scope_and_counts_and_without_a_name(story: Story) -> None:
    report = story.erase()
    [in_partnerships], [in_sessions], [in_feedback] = (story.erased(service) for service in SEALING)
    assert (in_partnerships.keys, in_partnerships.boxes, in_partnerships.subject) == (1, 1, story.fionnuala)
    assert (in_sessions.keys, in_sessions.boxes, in_feedback.keys, in_feedback.boxes) == (1, 1, 2, 3)
    assert isinstance(in_sessions, SessionsErased)
    assert isinstance(in_feedback, FeedbackErased)
    assert {fact.basis for fact in (in_partnerships, in_sessions, in_feedback)} == {ErasureBasis.consent_withdrawn}
    assert {fact.role for fact in (in_partnerships, in_sessions, in_feedback)} == {DPO}
    [completed] = [fact for fact in story.facts("partnerships") if isinstance(fact, ErasureCompleted)]
    assert [(one.service, one.keys, one.boxes) for one in completed.erased] == [
        ("feedback", 2, 3),
        ("partnerships", 1, 1),
        ("sessions", 1, 1),
    ]
    assert [kept.record for kept in completed.kept] == [KeptRecord.facts_under_pseudonym]
    assert completed.backups_until == utc_now().date() + timedelta(days=30)
    assert (report.completed, report.erased, report.backups_until) == (completed.recorded, completed.erased, completed.backups_until)


def test_an_erasure_is_not_complete_while_a_service_is_still_at_it(story: Story) -> None:
    story.request()
    story.region.sessions.tend()
    story.region.partnerships.tend()
    story.region.spread()
    story.region.partnerships.tend()
    assert story.report().completed is None


def test_the_name_is_hidden_from_the_moment_it_was_asked(story: Story) -> None:
    story.request()
    assert {member.name for member in story.detail().members} == {None, "Lorcan"}


def test_erasing_again_for_whatever_reason_is_the_same_erasure(story: Story) -> None:
    report = story.erase()
    heads = {service: story.region.stores[service].head() for service in SEALING}
    story.request(basis=ErasureBasis.objection)
    for service in story.services().values():
        service.tend()
    assert {service: story.region.stores[service].head() for service in SEALING} == heads
    assert story.report() == report


def test_the_membership_of_whoever_is_forgotten_ends(story: Story) -> None:
    story.erase()
    [ended] = [fact for fact in story.facts("partnerships") if isinstance(fact, MembershipEnded)]
    assert (ended.member, ended.end_reason) == (story.fionnuala, MembershipEndReason.consent_withdrawn)


def test_nothing_new_is_taken_in_about_somebody_who_is_forgotten(story: Story) -> None:
    story.request()
    with refused("person_forgotten"):
        story.invite(story.plan(0), story.fionnuala)
    with refused("person_forgotten"):
        story.raise_item(story.session, "again", story.fionnuala)
    with refused("person_forgotten"):
        story.say("again", story.fionnuala)


def in_flight(story: Story, monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """`act` has looked who is forgotten and sealed its words; before they are stored, the whole erasure goes by."""
    store = story.region.stores[name]
    append, begun = store.append, list[bool]()

    def late(*given: Any, **named: Any) -> Any:
        if not begun:
            begun.append(True)
            story.erase()
        return append(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(store, "append", late)
        act()
    assert begun


@pytest.mark.parametrize("name", ["feedback", "sessions"])
def test_what_was_on_its_way_while_somebody_was_forgotten_is_forgotten_too(
    story: Story, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "feedback": lambda: story.say("late-canary", story.fionnuala),
        "sessions": lambda: story.raise_item(story.session, "late-canary", story.fionnuala),
    }
    before = len(story.facts(name))
    in_flight(story, monkeypatch, name, acts[name])
    assert len(story.facts(name)) == before + 2  # what was on its way, and that somebody was forgotten
    assert set(story.held(story.fionnuala)) <= {None}
    assert story.secrets() == set()


def test_what_a_killed_process_left_is_forgotten_when_its_command_comes_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    what = ReceiveFeedback(
        partnership=story.partnership,
        kind=FeedbackKind.concern,
        relation=FeedbackAuthorRelation.carer,
        anonymity=AnonymityMode.named,
        channel=FeedbackChannel.web,
        text="late-canary",
        author=story.fionnuala,
    )
    command, feedback = context(), story.region.feedback

    def dying(people: set[UUID]) -> None:
        if people:
            raise Killed

    def say() -> None:
        with pytest.raises(Killed):
            feedback.receive_feedback(command=what, context=command)

    with monkeypatch.context() as patched:
        patched.setattr(feedback, "_forget_what_came_late", dying)
        in_flight(story, monkeypatch, "feedback", say)
    assert "late-canary" in story.held(story.fionnuala)
    feedback.receive_feedback(command=what, context=command)
    assert set(story.held(story.fionnuala)) <= {None}


def test_an_answer_to_what_was_forgotten_is_not_taken_in_and_one_on_its_way_opens_for_nobody(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = RespondToFeedback(feedback=story.whispered, text="late-canary")
    in_flight(story, monkeypatch, "feedback", lambda: story.region.feedback.respond_to_feedback(command=answer, context=context()))
    assert set(story.held(story.fionnuala)) <= {None}
    with refused("person_forgotten"):
        story.region.feedback.respond_to_feedback(command=answer, context=context())


def test_somebody_known_only_by_what_they_said_is_forgotten_too(story: Story) -> None:
    contributor = uuid4()
    said = story.say("said from outside", contributor)
    story.request(person=contributor)
    story.region.feedback.tend()
    detail = story.region.feedback.get_feedback(query=GetFeedback(feedback=said), context=context())
    assert (detail.text, detail.forgotten) == (None, True)
    assert [fact.boxes for fact in story.erased("feedback")] == [1]


def test_an_erasure_nobody_asked_for_is_not_found(story: Story) -> None:
    with refused("no_such_erasure"):
        story.report()


def test_what_a_restored_back_up_brings_back_is_destroyed_again(story: Story) -> None:
    """Keys and boxes put back as they were are gone afterwards, and nothing is recorded for it."""
    service, store = story.region.sessions, story.region.stores["sessions"]
    part = next(part_of(fact) for fact in service.facts_about(story.fionnuala) if part_of(fact))
    keys = service.sealer.keys._database
    [(wrapped,)] = keys.rows("SELECT wrapped FROM subject_key WHERE subject = :subject", {"subject": str(part.subject)})
    secrets = story.secrets()
    story.erase()
    story.region.spread()
    restored = {"subject": str(part.subject), "wrapped": wrapped}
    keys.write("INSERT INTO subject_key (subject, wrapped) VALUES (:subject, :wrapped)", restored)
    head = store.head()
    assert story.holding(secrets)
    assert [service.forget_again() for service in story.services().values()] == [1, 1, 1]
    assert (story.holding(secrets), store.head()) == ([], head)


# Nobody and nothing is left out

THINGS = {
    "partnership",
    "session",
    "item",
    "discussed",
    "decision",
    "action",
    "objection",
    "correction",
    "material",
    "series",
    "receiver",
    "subject",
    "subjects",  # keys of ballots and of answers about equality, each of its own, that lead to nobody
    "declaration",
    "skill",
    "need",
}
ENVELOPE = {"stream", "correlation", "causation"}
FACTS = [kind for name, kind in Fact.kinds.items() if name.partition(".")[0] in SEALING and name in messages()]


def _ids(kind: type[Fact]) -> set[str]:
    return {name for name, field in kind.model_fields.items() if "UUID" in str(field.annotation)}


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.type)
def test_an_id_in_a_fact_is_that_of_a_thing_or_names_somebody(kind: type[Fact]) -> None:
    """A new field that names people must be known as one, or whoever it names could be neither told nor forgotten."""
    assert _ids(kind) <= THINGS | ENVELOPE | set(NAMING)


@pytest.mark.parametrize("kind", [kind for kind in FACTS if _ids(kind) & set(NAMING)], ids=lambda kind: kind.type)
def test_a_fact_that_names_somebody_is_told_to_them(story: Story, kind: type[Fact]) -> None:
    service = story.services()[kind.type.partition(".")[0]]
    assert service.about[kind].endswith(".")
    somebody = uuid4()
    for name in _ids(kind) & set(NAMING):
        many = isinstance(getattr(EXAMPLES[kind], name), tuple)
        assert service.concerns(EXAMPLES[kind].model_copy(update={name: (somebody,) if many else somebody}), somebody)  # type: ignore[arg-type]
    assert not service.concerns(EXAMPLES[kind], somebody)  # type: ignore[arg-type]


def test_words_of_somebody_have_a_field_they_were_sealed_for(story: Story, name: str) -> None:
    service = story.services()[name]
    assert set(service.fields) <= set(service.about)


# Links


def test_what_somebody_said_without_their_name_is_tied_to_nothing_that_is_stored(story: Story) -> None:
    """Two items by the same author share no subject, and the author's id is in no fact, row or box."""
    received = [fact for fact in story.facts("feedback") if isinstance(fact, FeedbackReceived)]
    assert len({fact.text.subject for fact in received}) == len(received) == 3
    assert not any(str(story.fionnuala).encode() in state for state in log(story, "feedback"))
    assert story.fionnuala.bytes not in b"".join(path.read_bytes() for path in story.files.glob("feedback*"))


def test_detached_feedback_has_no_author(story: Story) -> None:
    with refused("detached_has_no_author"):
        story.say("leave me out", story.fionnuala, anonymity=AnonymityMode.detached)


# What is held


def test_everything_held_about_a_person_is_told_in_plain_words(story: Story) -> None:
    told = {
        item.what: item
        for service in story.services().values()
        for item in service.held_about(query=HeldAbout(member=story.fionnuala)).items
    }
    assert {what: item.words for what, item in told.items()} == {
        "You joined a partnership under this name.": NAME,
        "You were named co-chair.": None,
        "You agreed terms of reference.": None,
        "You were invited to a session.": None,
        "You raised this item for the agenda of a session.": TITLE,
        "You said this.": WHISPERED,
        "You were given this answer.": ANSWERED,
    }
    joined = told["You joined a partnership under this name."]
    assert (joined.said["member_role"], joined.said["perspective"]) == ("carer", "lived_experience_family_carer")


def gathered(story: Story, reason: str | None) -> Any:
    def ask(operation: str, query: Any, by: Context) -> bytes:
        assert (by.role, by.reason) == ("service", reason)
        service = operation.partition(".")[0]
        if service == "audit":
            return b'{"items":[],"next":null}'
        return story.services()[service].held_about(query=query).model_dump_json().encode()

    by = context(role=DPO).model_copy(update={"reason": reason})
    return Persons(ask).get_person_data(query=GetPersonData(member=story.fionnuala), context=by)


def test_what_several_services_hold_is_one_answer(story: Story) -> None:
    assert {item.words for item in gathered(story, "subject_request").held} - {None} == set(CANARIES)


def test_everything_about_a_person_is_opened_for_a_reason(story: Story) -> None:
    with pytest.raises(NotPermitted, check=lambda refusal: refusal.code == "reason_missing"):
        gathered(story, None)


def test_the_request_is_recorded_with_who_asked(story: Story) -> None:
    by = context(role=DPO)
    story.request(by=by)
    [asked] = [fact for fact in story.facts("partnerships") if isinstance(fact, ErasureRequested)]
    assert (asked.actor, asked.role, asked.causation) == (by.actor, DPO, by.command)
    assert hashlib.sha256(NAME.encode()).hexdigest() not in asked.model_dump_json()
