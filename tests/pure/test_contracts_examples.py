from pkgutil import iter_modules

import jsonschema_rs
import pytest
from cloudevents.core.formats.json import JSONFormat
from pydantic import BaseModel

import contracts
from contracts.examples import EXAMPLES, STORY
from contracts.language import FACTS, messages
from contracts.model import Command, Fact, Query
from deploy.published.schemas import schema
from shared import ranges
from shared.application import FactMapper
from shared.ranges import Origin
from shared.store import Row
from tests.given import STORE

MESSAGES = messages()
ORIGIN = Origin("ABH", "sessions", STORE)
FACT_EXAMPLES = [example for example in STORY if isinstance(example, Fact)]

each_message = pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
each_fact = pytest.mark.parametrize("fact", FACT_EXAMPLES, ids=lambda fact: fact.type)


def test_every_message_has_exactly_one_example() -> None:
    assert set(EXAMPLES) == set(MESSAGES.values())
    assert len(STORY) == len(EXAMPLES)


def test_every_module_of_the_language_is_in_it() -> None:
    silent = {"earlier", "errors", "examples", "forgetting", "language", "model", "permissions", "services", "vocabulary"}
    modules = {module.name for module in iter_modules(contracts.__path__)}
    assert modules - silent == {name.partition(".")[0] for name in MESSAGES if "." in name}


def test_a_fact_is_named_after_the_service_that_records_it_and_its_class() -> None:
    assert all(name.split(".")[:2] == [fact.__module__.split(".")[1], fact.__name__] for name, fact in FACTS.items() if name in MESSAGES)


def test_no_two_services_are_asked_by_the_same_name() -> None:
    names = [kind.__name__ for kind in MESSAGES.values() if issubclass(kind, (Command, Query))]
    assert len(names) == len(set(names))


@each_message
def test_an_example_survives_the_way_to_json_and_back(message: type[BaseModel]) -> None:
    example = EXAMPLES[message]
    assert message.model_validate_json(example.model_dump_json()) == example


@each_message
def test_an_example_is_valid_by_the_published_schema(message: type[BaseModel]) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema(message), validate_formats=True)
    assert [str(error) for error in validator.iter_errors(EXAMPLES[message].model_dump(mode="json"))] == []


@each_message
def test_a_field_nobody_agreed_on_is_refused_by_schema_and_model_alike(message: type[BaseModel]) -> None:
    unknown = {**EXAMPLES[message].model_dump(mode="json"), "shoe_size": 43}
    closed = message.model_config.get("extra") == "forbid"
    assert jsonschema_rs.is_valid(schema(message), unknown) is not closed


@each_fact
def test_a_stored_fact_reads_back_as_itself(fact: Fact) -> None:
    mapper = FactMapper()
    stored = mapper.to_stored_event(fact)
    assert (stored.originator_id, stored.originator_version, stored.topic) == (fact.stream, fact.version, fact.type)
    assert mapper.to_domain_event(stored) == fact


@each_fact
def test_a_reader_passes_over_what_a_newer_writer_added(fact: Fact) -> None:
    newer = fact.model_dump_json()[:-1] + ',"added_later":{"by":"a newer version"}}'
    assert type(fact).read(newer.encode()) == fact


@each_fact
def test_what_is_published_is_a_cloudevent_to_others_too(fact: Fact) -> None:
    state = fact.model_dump_json().encode()
    line = ranges.line(ORIGIN, Row(42, fact.stream, fact.version, fact.type, state))
    read = JSONFormat().read(None, line)
    assert read.get_type() == fact.type
    assert read.get_source() == "/ABH/sessions"
    assert read.get_id() == f"{fact.stream}.{fact.version}"
    assert read.get_subject() == str(fact.stream)
    assert read.get_extension("sequence") == "42"
    assert read.get_data() == fact.model_dump(mode="json")
