"""Bytes as they were stored by every released version of every fact. They are never changed: what is stored stays readable for ever.

`python -m tests.pure.test_contracts_samples` adds the samples of types that have none yet.
"""

import json
from pathlib import Path

import pytest

from contracts.earlier import EARLIER
from contracts.examples import STORY
from contracts.language import FACTS, messages
from contracts.model import Fact
from shared.upcasting import read_fact

SAMPLES = Path(__file__).parent / "samples"
TYPES = {name for name, message in messages().items() if issubclass(message, Fact)} | set(EARLIER)


def test_every_version_of_every_fact_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == TYPES


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_stored_sample_is_read_and_tells_all_it_told(kind: str) -> None:
    stored = (SAMPLES / f"{kind}.json").read_bytes()
    fact = read_fact(kind, stored)
    told = json.loads(stored)
    assert (str(fact.stream), fact.version, fact.actor) == (told["stream"], told["version"], told["actor"])
    if kind in FACTS:
        assert told.items() <= fact.model_dump(mode="json").items()


if __name__ == "__main__":
    for example in STORY:
        if isinstance(example, Fact) and not (path := SAMPLES / f"{example.type}.json").exists():
            path.write_bytes(example.model_dump_json().encode())
