"""What members answer about equality, what is told of it, and what holds in the country."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from contracts import countries, partnerships, vocabulary
from contracts.examples.cast import AOIFE, BEGAN, PARTNERSHIP, recorded, sealed

_PSEUDONYM = UUID("29000000-0000-8000-8000-000000000001")
_COUNTS = UUID("2a000000-0000-8000-8000-000000000001")
_COUNTED = datetime(2025, 4, 7, 9, 0, tzinfo=UTC)
_DISABILITY = vocabulary.EqualityGround.disability
_CELLS = tuple(
    partnerships.EqualityCell(ground=_DISABILITY, answer=answer, people=people)
    for answer, people in (("yes", 12), ("no", 31), ("prefer_not_to_say", None), ("not_asked", None))
)
SAID = (
    partnerships.AnswerEqualityQuestions(
        partnership=PARTNERSHIP,
        member=AOIFE,
        answers=(partnerships.EqualityAnswer(ground=_DISABILITY, answer="prefer_not_to_say"),),
    ),
    partnerships.EqualityAnswered(**{**recorded(_PSEUDONYM, 1, BEGAN), "actor": "undisclosed"}, answers=sealed(29, _PSEUDONYM)),
    partnerships.EqualityAnswersDestroyed(
        **{**recorded(_PSEUDONYM, 2, BEGAN), "actor": "undisclosed", "role": "service"}, upto=1, subjects=(UUID(int=7),)
    ),
    partnerships.CountEquality(quarter="2025Q1"),
    partnerships.EqualityCounted(**recorded(_COUNTS, 1, _COUNTED), quarter="2025Q1", counted="2025Q1", cells=_CELLS),
    partnerships.GetEqualityCounts(quarter="2025Q1"),
    partnerships.EqualityCounts(quarter="2025Q1", counted="2025Q1", cells=_CELLS),
    countries.GetCountry(),
    countries.COUNTRIES["IE"],
)
