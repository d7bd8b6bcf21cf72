import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contracts.errors import Conflict
from contracts.examples import EXAMPLES
from contracts.language import messages
from contracts.model import Fact
from deploy import published
from deploy.published.asyncapi import asyncapi

DOCUMENT = asyncapi()
FACTS = {name: message for name, message in messages().items() if issubclass(message, Fact)}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A language written and released."""
    published.write(tmp_path)
    published.release(tmp_path)
    return tmp_path


def change(path: Path, **properties: Any) -> None:
    document = json.loads(path.read_text("utf-8"))
    document["properties"] |= properties
    path.write_text(json.dumps(document), "utf-8")


def test_what_is_checked_in_is_what_the_contracts_say_and_breaks_no_promise() -> None:
    assert published.check() == []


def test_every_message_is_released() -> None:
    assert {path.stem for path in (published.HOME / "released").glob("*.json")} >= set(messages())


def test_what_was_just_written_is_up_to_date(tmp_path: Path) -> None:
    published.write(tmp_path)
    assert published.check(tmp_path) == []


def test_a_document_that_is_missing_changed_or_left_over_is_named(home: Path) -> None:
    (home / "asyncapi.json").unlink()
    change(home / "schemas" / "Receipt.json", place={"type": "string"})
    (home / "schemas" / "sessions.Dance.json").write_text("{}")
    assert [fault.split()[0] for fault in published.check(home)] == [
        "contracts/schemas/sessions.Dance.json",
        "contracts/schemas/Receipt.json",
        "contracts/asyncapi.json",
    ]
    published.write(home)
    assert published.check(home) == []


def test_a_released_message_that_is_no_longer_understood_is_named_with_its_place(home: Path) -> None:
    change(home / "released" / "sessions.PulseSubmitted.v1.json", side={"enum": ["other", "nobody"], "type": "string"})
    assert published.check(home) == ["sessions.PulseSubmitted.v1 breaks its released version: /side: nobody is not understood."]


def test_an_answer_that_lost_what_was_released_is_named_with_its_place(home: Path) -> None:
    change(home / "released" / "Refusal.json", code={"type": "integer"})
    assert published.check(home) == ["Refusal breaks its released version: /code: string is not understood."]


def test_a_released_fact_does_not_disappear(home: Path) -> None:
    (home / "released" / "sessions.Danced.v1.json").write_text("{}")
    assert published.check(home) == ["sessions.Danced.v1 was released and is no longer part of the language."]


def test_a_released_fact_may_live_on_as_an_earlier_version(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "released" / "sessions.Danced.v1.json").write_text("{}")
    monkeypatch.setattr(published, "EARLIER", {"sessions.Danced.v1": ("sessions.Danced.v2", dict)})
    assert published.check(home) == []


def test_a_release_promises_what_is_new_and_nothing_while_a_promise_is_broken(home: Path) -> None:
    assert published.release(home) == []
    (home / "released" / "Receipt.json").unlink()
    assert published.release(home) == ["Receipt"]
    change(home / "released" / "Refusal.json", code={"type": "integer"})
    with pytest.raises(Conflict, match=r"^language_broken: .*/code"):
        published.release(home)


def test_each_fact_is_on_the_channel_of_its_service_and_nowhere_else() -> None:
    channels = {service: set(channel["messages"]) for service, channel in DOCUMENT["channels"].items()}
    assert channels == {service: {name for name in FACTS if name.startswith(f"{service}.")} for service in channels}
    assert set().union(*channels.values()) == set(FACTS) == set(DOCUMENT["components"]["messages"])


def test_every_reference_in_the_document_leads_somewhere() -> None:
    references = list(found(DOCUMENT))
    assert references
    assert all(resolved(reference) for reference in references)


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_an_example_on_the_exchange_is_valid_by_the_document(fact: type[Fact]) -> None:
    message = DOCUMENT["components"]["messages"][fact.type]
    payload = {**message["payload"], "components": DOCUMENT["components"]}
    example = message["examples"][0]["payload"]
    jsonschema_rs.validate(payload, example)
    assert example["data"] == EXAMPLES[fact].model_dump(mode="json")
    assert not jsonschema_rs.is_valid(payload, {**example, "type": "sessions.Danced.v1"})
    assert not jsonschema_rs.is_valid(payload, {**example, "data": {}})


def found(part: Any) -> Any:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else ())
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from found(inner)


def resolved(reference: str) -> Any:
    place: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        place = place[step]
    return place
