"""Forgetting a person, as every service that seals words does it: find what is held of them, destroy it, record that it is done.

A service is asked by a fact of another service, which a view of its own turns into work; `tend` does what the store does not know as
done. Every step may be done again: whoever dies in the middle leaves the work to the next who tends, and the fact is recorded once,
because its command's id follows from the erasure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID, uuid5

from contracts.errors import rule
from contracts.forgetting import ErasureFact, Forget, Kept
from contracts.model import Fact, SealedPart
from contracts.persons import Held, HeldAbout, HeldItem
from shared.application import Aggregate, Application, Stamp, Work, use_case
from shared.context import Context
from shared.readmodel import Effect, ReadModel, effects
from shared.store import Outcome
from shared.upcasting import read_fact
from shared.views import View

_PAGE = 500
NAMING = ("member", "raised_by", "chaired_by", "agreed_by", "decided_by", "ruled_by", "owner")
"""The fields of facts that name people."""
_ENVELOPE = frozenset(Fact.model_fields)
_ASKED = "INSERT INTO {to_forget} (erasure, member, request) VALUES (:erasure, :member, :request)"


class Erasure(Aggregate):
    """What one service does to forget one person; its id is that of the erasure."""

    erased: ErasureFact | None = None

    def say_erased(self, kind: type[ErasureFact], by: Stamp, **what: Any) -> None:
        """Record what was destroyed, once."""
        if self.erased is None:
            self.record(kind, by, **what)

    def apply(self, fact: Fact) -> None:
        if isinstance(fact, ErasureFact):
            self.erased = fact


def forgetting(asked: type[Fact]) -> View:
    """The view of whom a service is asked to forget, by facts of the kind `asked`."""

    def effect(fact: Fact) -> Iterable[Effect]:
        if isinstance(fact, asked):
            yield _ASKED, {"erasure": str(fact.stream), "member": str(_command(fact).member), "request": fact.model_dump_json().encode()}

    return View(
        "to_forget",
        sources=(asked.type.partition(".")[0],),
        tables={"to_forget": "erasure TEXT PRIMARY KEY, member TEXT NOT NULL, request BLOB NOT NULL"},
        indexes={"to_forget_by_member": "{to_forget} (member)"},
        apply=effects(effect),
    )


class Forgotten(ReadModel):
    """Whom a service was asked to forget; `asked` is the kind of fact that asks."""

    asked: ClassVar[type[Fact]]

    def erasures(self) -> set[UUID]:
        """All that were ever asked for."""
        return {UUID(erasure) for (erasure,) in self.database.rows("SELECT erasure FROM to_forget")}

    def request(self, erasure: UUID) -> Fact:
        """What asked for it."""
        ((request,),) = self.database.rows("SELECT request FROM to_forget WHERE erasure = :erasure", {"erasure": str(erasure)})
        return read_fact(self.asked.type, bytes(request))

    def everybody(self) -> list[UUID]:
        """All who are to be forgotten, or are."""
        return [UUID(member) for (member,) in self.database.rows("SELECT DISTINCT member FROM to_forget ORDER BY member")]

    def among(self, members: Iterable[UUID]) -> set[UUID]:
        """Those of `members` who are forgotten, or about to be."""
        names = {f"member{number}": str(member) for number, member in enumerate(members)}
        wanted = ", ".join(f":{name}" for name in names)
        rows = self.database.rows(f"SELECT member FROM to_forget WHERE member IN ({wanted})", names) if names else []  # noqa: S608  marks only
        return {UUID(member) for (member,) in rows}


class Forgetting(Application):
    """An application that can forget: it says which of its facts are about a person, and what they mean in plain words."""

    about: ClassVar[Mapping[type[Fact], str]]
    """The facts that may be about a person, each with what it tells them."""
    fields: ClassVar[Mapping[type[Fact], str]]
    """Those that hold words, each with the name of the field the words were sealed for."""
    erased: ClassVar[type[ErasureFact]]
    forgotten: Forgotten

    @cached_property
    def _done(self) -> set[UUID]:
        """The erasures this process knows to be done here."""
        return set()

    def concerns(self, fact: Fact, member: UUID) -> bool:
        """Whether a fact of a kind in `about` is about this person: it names them in one of the fields that name people."""
        named = (getattr(fact, name, None) for name in NAMING)
        return any(value == member or (isinstance(value, tuple) and member in value) for value in named)

    def subject_of(self, member: UUID) -> UUID:
        """The handle of a person in this service."""
        return self.sealer.subject_of(str(member))

    def kept(self, member: UUID) -> Sequence[Kept]:  # noqa: ARG002  a service may keep more of one than of another
        """What this service does not erase of a person, and why."""
        return ()

    def must_be_remembered(self, people: Iterable[UUID], *, field: str, work: Work) -> None:
        """Raises `RuleBroken` when one of `people` has asked to be forgotten: nothing new is taken in about them."""
        work.people.update(people)
        forgotten = self.forgotten.among(work.people)
        if forgotten and self._recorder.outcome(work.stamp.causation):
            self._forget_what_came_late(forgotten)  # this command, sent again by whoever did not hear that it was done
        rule(not forgotten, "person_forgotten", "Somebody who was forgotten takes no part any more.", field=field)

    def _store(self, changed: Aggregate | Sequence[Aggregate], work: Work, fingerprint: bytes) -> Outcome:
        """What was decided before somebody asked to be forgotten, and is stored after their words were looked for, is forgotten with them.

        Whoever looks for words knows who asked. So either they found what is stored here, or who asked is known here by now.
        """
        outcome = super()._store(changed, work, fingerprint)
        # If we die here, the words are there until the command is sent again, or until `forget_again`.
        self._forget_what_came_late(self.forgotten.among(work.people))
        return outcome

    def _forget_what_came_late(self, people: Iterable[UUID]) -> None:
        for person in people:
            self._destroy(person)

    def tend(self) -> None:
        """Forget everybody whom this service was asked to forget; raises `Unavailable` when it must be tried again."""
        for erasure in self.forgotten.erasures() - self._done:
            asked = self.forgotten.request(erasure)
            context = acting_for(asked, f"erased in {self.source}")
            if self._recorder.outcome(context.command) is None:
                self.forget(command=_command(asked), context=context)
            self._done.add(erasure)

    @use_case
    def forget(self, *, command: Forget, work: Work) -> Erasure:
        """Destroy what is held of a person in sealed parts, and say how much that was."""
        keys, boxes = self._destroy(command.member)
        # If we die before what follows is stored, all of it is done again, finds as much in the facts, and says the same.
        erasure = self.erasure_of(command)
        what = {"basis": command.basis, "scope": command.scope, "kept": tuple(self.kept(command.member))}
        subject = self.subject_of(command.member)
        erasure.say_erased(self.erased, work.stamp, subject=subject, keys=keys, boxes=boxes, **what)
        return erasure

    def forget_again(self) -> int:
        """Destroy once more what was destroyed before, for a restored back-up may have brought it back; how many persons that were."""
        members = self.forgotten.everybody()
        for member in members:
            self._destroy(member)
        return len(members)

    def _destroy(self, member: UUID) -> tuple[int, int]:
        """How many keys and boxes a person had, which nobody has any more; as many when it is done again."""
        held = {part.handle: (fact, part) for fact in self.facts_about(member) for part in self._parts(fact)}
        # A part sealed under the key of the thing it stands in shares that key with others: it loses its box alone.
        keys = {part.subject for fact, part in held.values() if part.subject != fact.stream}
        self._destroy_words(keys, list(held))
        return len(keys), len(held)

    def _destroy_words(self, keys: Iterable[UUID], boxes: Sequence[UUID]) -> None:
        """Destroy keys, by whose they are, and the boxes of words, by their handles."""
        self.sealer.keys.destroy(keys)
        # If we die from here on, the words can be opened no more, and the boxes go when the work is done again.
        self._recorder.shred(boxes)

    def erasure_of(self, command: Forget) -> Erasure:
        """What this service does for the erasure: nothing yet, where another service was asked."""
        return Erasure(command.erasure)

    def facts_about(self, member: UUID) -> Iterator[Fact]:
        """All facts about a person, in order, from the log itself: no view can be behind."""
        return (fact for fact in self.facts_of(self.about) if self.concerns(fact, member))

    def facts_of(self, kinds: Iterable[type[Fact]]) -> Iterator[Fact]:
        """All facts of these kinds, in order, from the log itself."""
        position, topics = 0, [kind.type for kind in kinds]
        while rows := self._recorder.select_notifications(position, _PAGE, topics=topics, inclusive_of_start=False):
            yield from (read_fact(row.topic, row.state) for row in rows)
            position = rows[-1].id

    def held_about(self, *, query: HeldAbout) -> Held:
        """Everything that is held about a person, opened."""
        return Held(items=tuple(self._item(fact, query.member) for fact in self.facts_about(query.member)))

    def _item(self, fact: Fact, member: UUID) -> HeldItem:  # noqa: ARG002  who tells a thing apart from its stream needs the member
        words = [self.words(part, stream=fact.stream, field=self.fields[type(fact)]) for part in self._parts(fact)]
        said = {name: value for name, value in fact if name not in _ENVELOPE and value is not None and not isinstance(value, SealedPart)}
        return HeldItem(
            service=self.source,
            what=self.about[type(fact)],
            happened=fact.happened,
            recorded=fact.recorded,
            about=fact.stream,
            said={name: _plain(value) for name, value in said.items()},
            words=words[0] if words else None,
            forgotten=words == [None],
        )

    def _parts(self, fact: Fact) -> list[SealedPart]:
        """What a fact about a person holds of their words; words that stand in it and are not theirs are none."""
        return [value for _, value in fact if isinstance(value, SealedPart)] if type(fact) in self.fields else []


def acting_for(asked: Fact, what: str) -> Context:
    """The context of `what` follows from a fact: on behalf of whoever asked, and as the same command however often it is tried."""
    return Context(
        actor=asked.actor,
        role=asked.role,
        region="",
        on_behalf_of=asked.on_behalf_of,
        reason=asked.reason,
        correlation=asked.correlation,
        command=uuid5(asked.stream, what),
    )


def _command(asked: Any) -> Forget:
    return Forget(erasure=asked.stream, member=asked.member, basis=asked.basis, scope=asked.scope)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
