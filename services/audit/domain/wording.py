"""What a fact says, in words; only words of the vocabulary, numbers, times and public names are said, nothing that was sealed."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from contracts.model import Fact
from contracts.vocabulary.wording import words

_ENVELOPE = frozenset(Fact.model_fields)
_LONGEST = 120


def words_of(fact: Fact) -> str:
    """The fact's name and what it says, such as "decision closed: method consent, lived experience 4-0-0"."""
    said = (
        f"{name.replace('_', ' ')} {text}"
        for name in type(fact).model_fields
        if name not in _ENVELOPE and (text := _text(getattr(fact, name)))
    )
    return ": ".join(filter(None, (name_of(fact.type), ", ".join(said))))


def name_of(kind: str) -> str:
    """The name of a type of fact as words: `sessions.DecisionClosed.v1` is "decision closed"."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind.split(".")[1]).lower() if kind.count(".") == 2 else kind  # noqa: PLR2004  service, name, version


def _text(value: Any) -> str:
    """Nothing for what says nothing to a person (ids), and for what must not be said (sealed parts, texts)."""
    text = ""
    match value:
        case bool():
            text = "yes" if value else "no"
        case datetime():
            text = value.strftime("%Y-%m-%d %H:%M UTC")
        case date():
            text = value.isoformat()
        case int() | float():
            text = str(value)
        case str() if len(value) <= _LONGEST:
            text = words(value)
        case tuple() if all(isinstance(part, int | str) for part in value):
            text = "-".join(_text(part) for part in value)
    return text
