"""Equality monitoring, by the verbs of those who ask and count. Who answered what is known in here alone, and told to nobody.

A member's answers are sealed under a key of their own, in a stream whose id only the master key can make from the member's. So the facts
tell nobody outside whose they are; inside, whoever has the master key can tell, which is what destroying them needs.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from contracts.countries import NOT_ASKED
from contracts.errors import NotFound, rule
from contracts.model import Command, Fact, SealedPart
from contracts.partnerships import (
    AnswerEqualityQuestions,
    CountEquality,
    EqualityAnswer,
    EqualityAnswered,
    EqualityCounts,
    GetEqualityCounts,
)
from contracts.permissions import SERVICE
from contracts.persons import HeldItem
from contracts.vocabulary import ConsentPurpose
from services.partnerships.application.participating import Participating
from services.partnerships.domain import EqualityAnswers, EqualityCount, Monitoring
from services.partnerships.domain.equality import Tallies
from shared.application import UNDISCLOSED, Aggregate, Stamp, Work, use_case
from shared.context import Context
from shared.upcasting import read_fact

_COUNTS = UUID("6571ca1e-0000-8000-8000-000000000001")
_PAGE = 500
_LENGTH = 2_000


class _DestroyAnswers(Command):
    """Destroy what was answered under a pseudonym, up to a version; made from the facts, never sent by anybody."""

    answers: UUID
    upto: int


class MonitoringEquality(Participating):
    """The verbs about what members answer (domain 6.8, equality grounds). One count a quarter is told, of ten people and more."""

    _known: Monitoring
    _known_upto: int
    _knowing: threading.Lock

    @use_case
    def answer_equality_questions(self, *, command: AnswerEqualityQuestions, work: Work) -> list[Aggregate]:
        """Take what a member answers, while they consent; answers given before are destroyed."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        partnership.here(command.member, work.stamp.happened)
        rule(
            participation.consents_to(ConsentPurpose.equality_monitoring, work.stamp.happened),
            "monitoring_without_consent",
            "What is answered about equality is taken only from somebody who consents to that.",
            field="member",
        )
        answers = self._answers(command.member)
        answers.answer(self._apart(work), answers=work.seal(self._said(command.answers), stream=answers.id, field="answers"))
        # The receipt names what the member takes part with, so that it does not tell the pseudonym.
        return [answers, participation]

    @use_case
    def count_equality(self, *, command: CountEquality, work: Work) -> EqualityCount:
        """Count what was answered, for the quarter that ended last; said again it is the same count."""
        known, counts = self._monitoring(), self._counts()
        today = work.stamp.recorded.astimezone(self.zone).date()
        counts.count(work.stamp, quarter=command.quarter, today=today, tallies=self._tallies(known), changed=len(known.changed))
        return counts

    def get_equality_counts(self, *, query: GetEqualityCounts) -> EqualityCounts:
        """What was counted for a quarter."""
        counted = self._counts().counted.get(query.quarter)
        if counted is None:
            raise NotFound("not_counted", "Nothing was counted for this quarter.", field="quarter")
        return EqualityCounts(quarter=counted.quarter, counted=counted.counted, cells=counted.cells)

    def tend(self) -> None:
        """Destroy the answers that may not be kept: without consent, of former members, and those that newer ones replaced."""
        super().tend()
        known = self._monitoring()
        gone = ((id_, max(known.answers[id_].parts)) for id_ in self._pseudonyms(known.unwanted(self.clock())) & known.answers.keys())
        for answers, upto in [*known.outdated(), *gone]:
            command = uuid5(answers, f"destroyed up to {upto}")
            context = Context(actor=UNDISCLOSED, role=SERVICE, region="", correlation=command, command=command)
            self._destroy_answers(command=_DestroyAnswers(answers=answers, upto=upto), context=context)

    def concerns(self, fact: Fact, member: UUID) -> bool:
        """Answers are under a pseudonym of the member."""
        return fact.stream == self._pseudonym(member) if isinstance(fact, EqualityAnswered) else super().concerns(fact, member)

    def _item(self, fact: Fact, member: UUID) -> HeldItem:
        if not isinstance(fact, EqualityAnswered):
            return super()._item(fact, member)
        return HeldItem(
            service=self.source,
            what=self.about[EqualityAnswered],
            happened=fact.happened,
            recorded=fact.recorded,
            about=member,
            said={},
            words=None,
            forgotten=not self.sealer.keys.existing([fact.answers.subject]),
        )

    @use_case
    def _destroy_answers(self, *, command: _DestroyAnswers, work: Work) -> EqualityAnswers:
        answers = self.find(EqualityAnswers, command.answers)
        parts = answers.upto(command.upto)
        self._destroy_words({part.subject for part in parts}, [part.handle for part in parts])
        # If we die before what follows is stored, all of it is done again, and says the same.
        answers.say_destroyed(work.stamp, upto=command.upto)
        return answers

    def _said(self, answers: Iterable[EqualityAnswer]) -> str:
        """The answers on every ground of the country, as long as any others, so that their length tells nothing."""
        said = {question.ground: NOT_ASKED for question in self.country.equality}
        given: set[str] = set()
        for one in answers:
            rule(one.ground in said, "ground_not_asked_here", "This is not asked in this country.", field="answers")
            rule(one.ground not in given, "ground_twice", "Each ground is answered once.", field="answers")
            rule(
                one.answer in self.country.answers(one.ground), "no_such_answer", "There is no such answer on this ground.", field="answers"
            )
            given.add(one.ground)
            said[one.ground] = one.answer
        return json.dumps(said).ljust(_LENGTH)

    def _tallies(self, known: Monitoring) -> Tallies:
        tallies = {question.ground: Counter(dict.fromkeys(self.country.answers(question.ground), 0)) for question in self.country.equality}
        for said in self._opened_answers(known):
            for ground, tally in tallies.items():
                tally[said.get(ground, NOT_ASKED)] += 1
        return tallies

    def _opened_answers(self, known: Monitoring) -> list[dict[str, str]]:
        wanted = known.answers.keys() - self._pseudonyms(known.unwanted(self.clock()))
        parts = [(id_, known.answers[id_].last) for id_ in wanted]
        opened = (said for start in range(0, len(parts), _PAGE) for said in self._opened_page(parts[start : start + _PAGE]))
        return [json.loads(said) for said in opened if said]

    def _opened_page(self, parts: Sequence[tuple[UUID, SealedPart]]) -> list[str | None]:
        return self.opened(lambda words: [words(part, stream=id_, field="answers") for id_, part in parts], read=True)

    def _monitoring(self) -> Monitoring:
        """What the log says of answers now; each time only what is new of it is read."""
        with self._knowing:
            head, kinds = self._recorder.head(), [kind.type for kind in Monitoring.FACTS]
            while rows := self._recorder.select_notifications(self._known_upto, _PAGE, topics=kinds, inclusive_of_start=False):
                for row in rows:
                    self._known.take(read_fact(row.topic, row.state))
                self._known_upto = rows[-1].id
            self._known_upto = max(self._known_upto, head)
            return self._known

    def _pseudonyms(self, members: Iterable[UUID]) -> set[UUID]:
        return {self._pseudonym(member) for member in members}

    def _apart(self, work: Work) -> Stamp:
        """The stamp of what must not lead to its command either, which is stored beside what the member takes part with."""
        tie = self.sealer.keys.pseudonym("equality", str(work.stamp.causation))
        return replace(work.undisclosed(), correlation=tie, causation=tie, reason=None)

    def _counts(self) -> EqualityCount:
        return self.as_it_stands(EqualityCount, _COUNTS)
