"""Equality monitoring: whose answers may be kept, and which counts of them may be told (domain 6.8, equality grounds; 4.5, rules)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from contracts.errors import rule
from contracts.model import Fact, SealedPart
from contracts.partnerships import (
    ConsentGranted,
    ConsentWithdrawn,
    EntryCorrected,
    EqualityAnswered,
    EqualityAnswersDestroyed,
    EqualityCell,
    EqualityCounted,
    ErasureRequested,
    MembershipEnded,
)
from contracts.vocabulary import ConsentPurpose, EntryKind, EqualityGround
from shared.application import Aggregate, Stamp

LEAST = 10
"""Of how many people a count must be to be told, and by how many it must have moved to be told anew (domain 4.4, ONS_10)."""
Tallies = Mapping[EqualityGround, Mapping[str, int]]
"""Ground -> answer -> how many gave it; every answer that could be given is in it."""


class EqualityAnswers(Aggregate):
    """What one member answered, under a pseudonym; `parts` are those that were not destroyed yet, by version."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.parts: dict[int, SealedPart] = {}

    @property
    def last(self) -> SealedPart:
        """What was answered last."""
        return self.parts[max(self.parts)]

    def answer(self, by: Stamp, *, answers: SealedPart) -> None:
        """Take what was answered; what was answered before is destroyed soon."""
        self.record(EqualityAnswered, by, answers=answers)

    def upto(self, version: int) -> list[SealedPart]:
        """What there is of answers up to a version."""
        return [part for number, part in self.parts.items() if number <= version]

    def say_destroyed(self, by: Stamp, *, upto: int) -> None:
        """Record that answers up to a version are gone, once."""
        if parts := self.upto(upto):
            self.record(EqualityAnswersDestroyed, by, upto=upto, subjects=tuple(part.subject for part in parts))

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case EqualityAnswered():
                self.parts[fact.version] = fact.answers
            case EqualityAnswersDestroyed():
                self.parts = {version: part for version, part in self.parts.items() if version > fact.upto}


@dataclass
class Monitoring:
    """Whose answers there are, who may no longer be asked, and who has answered or gone since the last count; from facts in order.

    `answers` are by pseudonym, `unwanted` by member: nothing in the facts ties one to the other.
    """

    answers: dict[UUID, EqualityAnswers] = field(default_factory=dict)
    changed: set[UUID] = field(default_factory=set)
    _unwanted: set[tuple[UUID, str]] = field(default_factory=set)
    _until: dict[UUID, datetime] = field(default_factory=dict)

    FACTS = (
        ConsentGranted,
        ConsentWithdrawn,
        MembershipEnded,
        EntryCorrected,
        ErasureRequested,
        EqualityAnswered,
        EqualityAnswersDestroyed,
        EqualityCounted,
    )

    def unwanted(self, now: datetime) -> set[UUID]:
        """The members whose answers may not be kept: without consent, no member any more, or to be forgotten."""
        return {member for member, _ in self._unwanted} | {member for member, until in self._until.items() if until <= now}

    def outdated(self) -> Iterator[tuple[UUID, int]]:
        """The answers that newer ones have replaced: up to which version."""
        for id_, answers in self.answers.items():
            if len(answers.parts) > 1:
                yield id_, sorted(answers.parts)[-2]

    def take(self, fact: Fact) -> None:
        """Know what a fact says; other facts change nothing."""
        match fact:
            case ConsentGranted() if fact.purpose is ConsentPurpose.equality_monitoring:
                self._unwanted.discard((fact.member, "consent"))
                self._until.pop(fact.member, None)
                if fact.until:
                    self._until[fact.member] = fact.until
            case ConsentWithdrawn() if fact.purpose is ConsentPurpose.equality_monitoring:
                self._unwanted.add((fact.member, "consent"))
            case MembershipEnded():
                self._unwanted.add((fact.member, "membership"))
            case EntryCorrected() if fact.entry is EntryKind.ended and fact.struck:
                self._unwanted.discard((fact.member, "membership"))
            case ErasureRequested():
                self._unwanted.add((fact.member, "person"))
            case EqualityAnswered() | EqualityAnswersDestroyed():
                answers = self.answers.setdefault(fact.stream, EqualityAnswers(fact.stream)).replay([fact])
                if isinstance(fact, EqualityAnswered) or not answers.parts:
                    self.changed.add(fact.stream)
                if not answers.parts:
                    del self.answers[fact.stream]
            case EqualityCounted() if fact.counted == fact.quarter:
                self.changed.clear()


class EqualityCount(Aggregate):
    """What was counted, quarter by quarter: once for each, of the whole region."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.counted: dict[str, EqualityCounted] = {}

    def count(self, by: Stamp, *, quarter: str, today: date, tallies: Tallies, changed: int) -> None:
        """Tell what may be told (domain 4.5, rules 2, 3, 5, 6). Fewer than ten people changed: the counts before stand."""
        if quarter in self.counted:
            return
        rule(quarter == quarter_before(today), "not_the_last_quarter", "Counts are of the quarter that ended last.", field="quarter")
        last = next(reversed(self.counted.values()), None)
        if last and changed < LEAST:
            self.record(EqualityCounted, by, quarter=quarter, counted=last.counted, cells=last.cells)
            return
        before = {(cell.ground, cell.answer): cell.people for cell in last.cells} if last else {}
        cells = (
            EqualityCell(ground=ground, answer=answer, people=people)
            for ground, tally in tallies.items()
            for answer, people in tellable(tally, {answer: before.get((ground, answer)) for answer in tally}).items()
        )
        self.record(EqualityCounted, by, quarter=quarter, counted=quarter, cells=tuple(cells))

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case EqualityCounted():
                self.counted[fact.quarter] = fact


def tellable(tally: Mapping[str, int], before: Mapping[str, int | None]) -> dict[str, int | None]:
    """The counts of one ground as they may be told, None where they are hidden; `before`: as they were told last.

    A count that moved by fewer than ten is told as before: the difference would be a count too. What is hidden is always ten people
    or more together, for the number of all who answered is no secret, and their difference would be a count as well.
    """
    told = {answer: _moved(people, before[answer]) for answer, people in tally.items()}
    for answer in sorted((answer for answer, people in told.items() if people is not None), key=lambda answer: tally[answer]):
        if _hidden(tally, told) and sum(tally[one] for one in _hidden(tally, told)) < LEAST:
            told[answer] = None
    return told


def _moved(people: int, before: int | None) -> int | None:
    if before is not None and abs(people - before) < LEAST:
        return before
    return people if people >= LEAST else None


def _hidden(tally: Iterable[str], told: Mapping[str, int | None]) -> list[str]:
    return [answer for answer in tally if told[answer] is None]


def quarter_before(day: date) -> str:
    """The quarter that ended last before a day."""
    year, quarter = (day.year, (day.month - 1) // 3) if day.month > 3 else (day.year - 1, 4)  # noqa: PLR2004  March ends the first
    return f"{year}Q{quarter}"
