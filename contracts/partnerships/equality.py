"""Equality monitoring, apart from identity: what is answered stays sealed, what is told is counts of ten people and more."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Code, Command, Contract, Count, Fact, Query, SealedPart
from contracts.vocabulary import EqualityGround

QuarterCode = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}Q[1-4]$")]
"""A quarter `2025Q3` (DHIS2 period identifier)."""


class EqualityAnswer(Contract):
    """What is answered on one ground: one of the answers of the country, `prefer_not_to_say` or `not_asked`."""

    ground: EqualityGround
    answer: Code


class AnswerEqualityQuestions(Command):
    """Take what a member answers about equality, while they consent to that; grounds left out were not asked. It replaces all before it."""

    partnership: UUID
    member: UUID
    answers: Annotated[tuple[EqualityAnswer, ...], Field(min_length=1, max_length=20, strict=False)]


class CountEquality(Command):
    """Count once what members answered, for the quarter that ended last."""

    quarter: QuarterCode


class GetEqualityCounts(Query):
    """What was counted for a quarter, in the whole region."""

    quarter: QuarterCode


class EqualityAnswered(Fact, type="partnerships.EqualityAnswered.v1"):
    """Somebody answered questions about equality. The stream is a pseudonym: nothing in here leads to the member, or to who wrote it."""

    answers: SealedPart


class EqualityAnswersDestroyed(Fact, type="partnerships.EqualityAnswersDestroyed.v1"):
    """What somebody had answered, up to that version, was destroyed: newer answers replaced it, or nobody may keep it any more.

    `subjects` are the handles under which it was sealed, so that whoever verifies the history knows why its boxes are gone.
    """

    upto: int
    subjects: tuple[UUID, ...] = ()


class EqualityCell(Contract):
    """How many people gave an answer; None where that is hidden."""

    ground: EqualityGround
    answer: Code
    people: Count | None


class EqualityCounted(Fact, type="partnerships.EqualityCounted.v1"):
    """What may be told for a quarter. `counted`: whose counts these are, an earlier quarter's if fewer than ten people changed since."""

    quarter: QuarterCode
    counted: QuarterCode
    cells: tuple[EqualityCell, ...]


class EqualityCounts(Answer):
    """How many members of the region gave which answer, by ground; see `EqualityCounted`."""

    quarter: str
    counted: str
    cells: tuple[EqualityCell, ...]
