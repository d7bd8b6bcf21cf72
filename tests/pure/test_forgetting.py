"""People are forgotten: their words can be opened no more and are in no file, and what happened stays as it was, under a pseudonym."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.errors import NotPermitted
from contracts.examples import EXAMPLES
from contracts.feedback import FeedbackReceived, GetFeedback, ReceiveFeedback, RespondToFeedback
from contracts.feedback import SubjectErased as FeedbackErased
from contracts.forgetting import ErasureFact
from contracts.language import messages
from contracts.model import Fact
from contracts.partnerships import (
    ActivatePartnership,
    AddMember,
    AgreeTermsOfReference,
    ErasureCompleted,
    ErasureReport,
    ErasureRequested,
    GetErasure,
    GetPartnership,
    MembershipEnded,
    NameCoChair,
    PartnershipDetail,
    ProposePartnership,
    RequestErasure,
)
from contracts.persons import GetPersonData, HeldAbout
from contracts.services import SEALING
from contracts.sessions import GetSession, InviteMembers, PlanSession, RaiseAgendaItem
from contracts.sessions import SubjectErased as SessionsErased
from contracts.vocabulary import (
    AgendaItemOrigin,
    AnonymityMode,
    CoproductionLevel,
    ErasureBasis,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    KeptRecord,
    MembershipEndReason,
    ParticipantRole,
    Perspective,
    SessionKind,
    SessionMode,
    SettingType,
)
from services.gateway.application import Persons
from shared.clock import utc_now
from shared.context import Context
from shared.forgetting import NAMING, Forgetting
from tests.given import NOW, Region, context, refused, stored

DPO = "data_protection_officer"
NAME, TITLE, SAID, ANSWERED, WHISPERED = (
    f"{bird}-canary" for bird in ("Fionnuala", "a quieter corner", "it was loud", "it is quiet now", "nobody listens")
)
CANARIES = (NAME, TITLE, SAID, ANSWERED, WHISPERED)


class Story:
    """A partnership with two members; Fionnuala raised an agenda item and gave feedback twice: under her name, and without it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.region = region = Region(folder)
        people, feedback = region.partnerships, region.feedback
        proposal = ProposePartnership(
            name="Abhainn", org_unit="X", setting=SettingType.other, level=CoproductionLevel.strategic, happened=NOW
        )
        self.partnership = people.propose_partnership(command=proposal, context=context()).id
        self.fionnuala = self.join(NAME, ParticipantRole.carer, Perspective.lived_experience_family_carer)
        self.lorcan = self.join("Lorcan", ParticipantRole.service_manager, Perspective.leadership)
        for member in (self.fionnuala, self.lorcan):
            people.name_co_chair(command=NameCoChair(partnership=self.partnership, member=member), context=context())
        terms = AgreeTermsOfReference(partnership=self.partnership, edition=1, document="0" * 64)
        people.agree_terms_of_reference(command=terms, context=context())
        people.activate_partnership(command=ActivatePartnership(partnership=self.partnership, happened=NOW), context=context())
        region.spread()
        self.session = self.plan(1)
        self.invite(self.session, self.fionnuala)
        self.raise_item(self.session, TITLE, self.fionnuala)
        self.raise_item(self.session, "Lorcan's own item", self.lorcan)
        self.said = self.say(SAID, self.fionnuala)
        answer = RespondToFeedback(feedback=self.said, text=ANSWERED)
        feedback.respond_to_feedback(command=answer, context=context())
        self.whispered = self.say(WHISPERED, self.fionnuala, anonymity=AnonymityMode.anonymous_to_partnership)
        self.others = self.say("said by nobody in particular", None)
        region.spread()

    def join(self, name: str, role: ParticipantRole, perspective: Perspective) -> UUID:
        add = AddMember(partnership=self.partnership, name=name, role=role, perspective=perspective, happened=NOW)
        made = self.region.partnerships.add_member(command=add, context=context()).made
        assert made
        return made

    def plan(self, days: int) -> UUID:
        what = PlanSession(
            partnership=self.partnership, kind=SessionKind.partnership_meeting, mode=SessionMode.online, starts=NOW + timedelta(days=days)
        )
        return self.region.sessions.plan_session(command=what, context=context()).id

    def invite(self, session: UUID, member: UUID) -> None:
        self.region.sessions.invite_members(command=InviteMembers(session=session, members=(member,)), context=context())

    def raise_item(self, session: UUID, title: str, by: UUID) -> None:
        item = RaiseAgendaItem(session=session, title=title, origin=AgendaItemOrigin.raised_by_member, raised_by=by)
        self.region.sessions.raise_agenda_item(command=item, context=context())

    def say(self, text: str, author: UUID | None, *, anonymity: AnonymityMode = AnonymityMode.named) -> UUID:
        what = ReceiveFeedback(
            partnership=self.partnership,
            kind=FeedbackKind.concern,
            relation=FeedbackAuthorRelation.carer,
            anonymity=anonymity,
            channel=FeedbackChannel.web,
            text=text,
            author=author,
        )
        return self.region.feedback.receive_feedback(command=what, context=context()).id

    def request(
        self, *, basis: ErasureBasis = ErasureBasis.consent_withdrawn, person: UUID | None = None, by: Context | None = None
    ) -> None:
        wanted = RequestErasure(member=person or self.fionnuala, basis=basis)
        self.region.partnerships.request_erasure(command=wanted, context=by or context(role=DPO))
        self.region.spread()

    def services(self) -> dict[str, Forgetting]:
        return {"partnerships": self.region.partnerships, "sessions": self.region.sessions, "feedback": self.region.feedback}

    def erase(self) -> ErasureReport:
        self.request()
        for service in self.services().values():
            service.tend()
        self.region.spread()
        self.region.partnerships.tend()
        return self.report()

    def report(self, person: UUID | None = None) -> ErasureReport:
        return self.region.partnerships.get_erasure(query=GetErasure(member=person or self.fionnuala))

    def facts(self, service: str) -> list[Any]:
        return stored(self.region.stores[service])

    def erased(self, service: str) -> list[ErasureFact]:
        return [fact for fact in self.facts(service) if isinstance(fact, ErasureFact)]

    def detail(self, role: str = "partnership_coordinator") -> PartnershipDetail:
        return self.region.partnerships.get_partnership(query=GetPartnership(partnership=self.partnership), context=context(role=role))

    def held(self, person: UUID) -> list[str | None]:
        query = HeldAbout(member=person)
        return [item.words for service in self.services().values() for item in service.held_about(query=query).items]

    def secrets(self) -> set[bytes]:
        """What must be in no file any more: wrapped keys and ciphertexts of everything Fionnuala said."""
        found: set[bytes] = set()
        for name, service in self.services().items():
            parts = [part for fact in service.facts_about(self.fionnuala) for part in (_part(fact),) if part]
            boxes = self.region.stores[name].boxes([part.handle for part in parts])
            found |= {box.ciphertext for box in boxes.values()}
            for part in parts:
                query = "SELECT wrapped FROM subject_key WHERE subject = :subject"
                found |= {bytes(row[0]) for row in service.sealer.keys._database.rows(query, {"subject": str(part.subject)})}
        return found

    def holding(self, secrets: Iterable[bytes]) -> list[str]:
        contents = {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        return [name for name, content in contents.items() if any(secret in content for secret in secrets)]


def _part(fact: Fact) -> Any:
    return getattr(fact, "name", None) or getattr(fact, "title", None) or getattr(fact, "text", None)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    told = Story(tmp_path)
    yield told
    told.region.close()


def log(story: Story, service: str) -> list[bytes]:
    return [row.state for row in story.region.stores[service].read(0, 1_000)]


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


def test_keys_and_ciphertexts_are_in_no_file_and_nothing_else_is_lost(story: Story) -> None:
    secrets = story.secrets()
    assert len(secrets) == 5 + 4  # five boxes; the answer is sealed under the key of what it answers
    assert story.holding(secrets)
    story.erase()
    assert story.holding([*secrets, *(canary.encode() for canary in CANARIES)]) == []


def test_what_was_recorded_stays_byte_for_byte(story: Story) -> None:
    before = {service: log(story, service) for service in SEALING}
    story.erase()
    assert {service: log(story, service)[: len(before[service])] for service in SEALING} == before


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
    part = next(_part(fact) for fact in service.facts_about(story.fionnuala) if _part(fact))
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


@pytest.mark.parametrize("name", SEALING)
def test_words_of_somebody_have_a_field_they_were_sealed_for(story: Story, name: str) -> None:
    service = story.services()[name]
    assert set(service.fields) <= set(service.about)


# Links


def test_what_somebody_said_without_their_name_is_tied_to_nothing_that_is_stored(story: Story) -> None:
    """Two items by the same author share no subject, and the author's id is in no fact, row or box."""
    received = [fact for fact in story.facts("feedback") if isinstance(fact, FeedbackReceived)]
    assert len({fact.text.subject for fact in received}) == len(received) == 3
    assert not any(str(story.fionnuala).encode() in state for state in log(story, "feedback"))
    assert story.fionnuala.bytes not in b"".join(path.read_bytes() for path in story.folder.glob("feedback*"))


def test_detached_feedback_has_no_author(story: Story) -> None:
    with refused("detached_has_no_author"):
        story.say("leave me out", story.fionnuala, anonymity=AnonymityMode.detached)


# Dying on the way


class Killed(BaseException):
    """The process is gone."""


def dying_before(target: Any, verb: str) -> Callable[..., Any]:
    def died(*_: object, **__: object) -> None:
        raise Killed

    return died


def dying_after(target: Any, verb: str) -> Callable[..., Any]:
    done = getattr(target, verb)

    def died(*given: object, **named: object) -> None:
        done(*given, **named)
        raise Killed

    return died


STEPS: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "the key": lambda service: (service.sealer.keys, "destroy"),
    "the boxes": lambda service: (service._recorder, "shred"),
    "the fact": lambda service: (service._recorder, "append"),
}


@pytest.mark.parametrize("dying", [dying_before, dying_after])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", SEALING)
def test_whoever_dies_on_the_way_leaves_the_work_to_the_next(
    story: Story, monkeypatch: pytest.MonkeyPatch, name: str, step: str, dying: Callable[..., Any]
) -> None:
    """Killed before and after each durable step: afterwards everything is gone, and recorded once, with the same counts."""
    story.request()
    secrets, service = story.secrets(), story.services()[name]
    target, verb = STEPS[step](service)
    with monkeypatch.context() as patched:
        patched.setattr(target, verb, dying(target, verb))
        with pytest.raises(Killed):
            service.tend()
    for again in story.services().values():
        again.tend()
    for again in story.services().values():  # a copy whose view is behind does the work again
        again.tend()
    assert story.holding(secrets) == []
    assert [(fact.keys, fact.boxes) for service in SEALING for fact in story.erased(service)] == [(1, 1), (1, 1), (2, 3)]


@pytest.mark.parametrize("dying", [dying_before, dying_after])
def test_an_erasure_is_completed_once_whoever_dies(story: Story, monkeypatch: pytest.MonkeyPatch, dying: Callable[..., Any]) -> None:
    story.request()
    for service in story.services().values():
        service.tend()
    story.region.spread()
    store = story.region.partnerships._recorder
    with monkeypatch.context() as patched:
        patched.setattr(store, "append", dying(store, "append"))
        with pytest.raises(Killed):
            story.region.partnerships.tend()
    story.region.partnerships.tend()
    story.region.spread()
    story.region.partnerships.tend()
    assert len([fact for fact in story.facts("partnerships") if isinstance(fact, ErasureCompleted)]) == 1


def test_two_copies_of_a_service_forget_once(story: Story) -> None:
    story.request()
    copy = story.region.another_sessions(story.region.stores["sessions"])
    story.region.sessions.tend()
    copy.tend()
    assert len(story.erased("sessions")) == 1


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
