"""Reading facts, old versions included: the closed registry says what a type name means; nothing read decides what is imported."""

from __future__ import annotations

import json

from contracts.earlier import EARLIER, Steps
from contracts.language import FACTS
from contracts.model import Fact


def knows(kind: str, earlier: Steps = EARLIER) -> bool:
    """Whether this program can read facts of that type."""
    return kind in FACTS or kind in earlier


def read_fact(kind: str, state: bytes, earlier: Steps = EARLIER) -> Fact:
    """The stored fact in its newest version; raises LookupError for a type it does not know."""
    if current := FACTS.get(kind):
        return current.read(state)
    kind, step = earlier[kind]
    parsed = step(json.loads(state))
    while kind in earlier:
        kind, step = earlier[kind]
        parsed = step(parsed)
    return FACTS[kind].read(json.dumps(parsed).encode())
