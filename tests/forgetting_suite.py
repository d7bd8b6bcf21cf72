"""What forgetting promises on any database: imported by the tests that give the fixtures `story`, and `name` of a service."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.feedback import ReceiveFeedback, RespondToFeedback
from contracts.forgetting import ErasureFact
from contracts.model import Fact
from contracts.partnerships import (
    ActivatePartnership,
    AddMember,
    AgreeTermsOfReference,
    ErasureCompleted,
    ErasureReport,
    GetErasure,
    GetPartnership,
    NameCoChair,
    PartnershipDetail,
    ProposePartnership,
    RequestErasure,
)
from contracts.persons import HeldAbout
from contracts.services import SEALING
from contracts.sessions import InviteMembers, PlanSession, RaiseAgendaItem
from contracts.vocabulary import (
    AgendaItemOrigin,
    AnonymityMode,
    CoproductionLevel,
    ErasureBasis,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    ParticipantRole,
    Perspective,
    SessionKind,
    SessionMode,
    SettingType,
)
from shared.context import Context
from shared.forgetting import Forgetting
from tests.given import NOW, Place, Region, context, stored

DPO = "data_protection_officer"
NAME, TITLE, SAID, ANSWERED, WHISPERED = (
    f"{bird}-canary" for bird in ("Fionnuala", "a quieter corner", "it was loud", "it is quiet now", "nobody listens")
)
CANARIES = (NAME, TITLE, SAID, ANSWERED, WHISPERED)


class Story:
    """A partnership with two members; Fionnuala raised an agenda item and gave feedback twice: under her name, and without it."""

    def __init__(self, place: Place, files: Path) -> None:
        self.files = files
        self.region = region = Region(place)
        people, feedback = region.partnerships, region.feedback
        proposal = ProposePartnership(
            name="Abhainn", org_unit="X", setting=SettingType.other, level=CoproductionLevel.strategic, happened=NOW
        )
        self.partnership = people.propose_partnership(command=proposal, context=context()).id
        self.fionnuala = self.join(NAME, ParticipantRole.carer, Perspective.lived_experience_family_carer)
        self.lorcan = self.join("Lorcan", ParticipantRole.service_manager, Perspective.leadership)
        for member in (self.fionnuala, self.lorcan):
            people.name_co_chair(command=NameCoChair(partnership=self.partnership, member=member, happened=NOW), context=context())
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
            parts = [part for fact in service.facts_about(self.fionnuala) for part in (part_of(fact),) if part]
            boxes = self.region.stores[name].boxes([part.handle for part in parts])
            found |= {box.ciphertext for box in boxes.values()}
            for part in parts:
                query = "SELECT wrapped FROM subject_key WHERE subject = :subject"
                found |= {bytes(row[0]) for row in service.sealer.keys._database.rows(query, {"subject": str(part.subject)})}
        return found

    def holding(self, secrets: Iterable[bytes]) -> list[str]:
        contents = {path.name: path.read_bytes() for path in self.files.rglob("*") if path.is_file()}
        return [name for name, content in contents.items() if any(secret in content for secret in secrets)]


def part_of(fact: Fact) -> Any:
    return getattr(fact, "name", None) or getattr(fact, "title", None) or getattr(fact, "text", None)


def log(story: Story, service: str) -> list[bytes]:
    return [row.state for row in story.region.stores[service].read(0, 1_000)]


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


def test_two_copies_of_a_service_forget_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store knows as done, another process, or the same one after a restart, does not look for again."""
    story.request()
    copy = story.region.another_sessions(story.region.stores["sessions"])
    story.region.sessions.tend()
    monkeypatch.setattr(copy, "_destroy", dying_before(copy, "_destroy"))
    copy.tend()
    assert len(story.erased("sessions")) == 1
