"""Each kind of edit to a message, judged for what is read by us (facts, commands, questions) and for what others read (answers)."""

import sys
from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import Field, create_model

from contracts.errors import Unavailable
from contracts.model import Contract
from deploy.published.breaks import breaks
from deploy.published.schemas import Schemas


class Kind(StrEnum):
    meeting = "meeting"
    workshop = "workshop"


class FewerKinds(StrEnum):
    meeting = "meeting"


class MoreKinds(StrEnum):
    meeting = "meeting"
    workshop = "workshop"
    walk = "walk"


class Part(Contract):
    kind: Kind
    label: Annotated[str, Field(max_length=20)]


class WiderPart(Contract):
    kind: MoreKinds
    label: Annotated[str, Field(max_length=20)]


RELEASED: dict[str, Any] = {
    "kind": (Kind, ...),
    "count": (Annotated[int, Field(ge=0, le=500)], ...),
    "note": (str | None, None),
    "label": (Annotated[str, Field(max_length=20)], ...),
    "parts": (tuple[Part, ...], ...),
    "stood": (tuple[int, int, int], ...),
}
WITHOUT = {name: what for name, what in RELEASED.items() if name != "count"}
EDITS: dict[str, dict[str, Any]] = {
    "nothing": RELEASED,
    "add an optional field": {**RELEASED, "place": (str | None, None)},
    "add a required field": {**RELEASED, "place": (str, ...)},
    "take more values": {**RELEASED, "kind": (MoreKinds, ...)},
    "take more values inside": {**RELEASED, "parts": (tuple[WiderPart, ...], ...)},
    "take fewer values": {**RELEASED, "kind": (FewerKinds, ...)},
    "tighten a limit": {**RELEASED, "count": (Annotated[int, Field(ge=0, le=50)], ...)},
    "loosen a limit": {**RELEASED, "label": (Annotated[str, Field(max_length=40)], ...)},
    "change a type": {**RELEASED, "count": (str, ...)},
    "require what was optional": {**RELEASED, "note": (str | None, ...)},
    "remove a field": WITHOUT,
}
READ_BY_US = {
    "add a required field": ["/place: is required, and may be missing"],
    "take fewer values": ["/kind: workshop is not understood"],
    "tighten a limit": ["/count: maximum is lower"],
    "change a type": ["/count: integer is not understood"],
    "require what was optional": ["/note: is required, and may be missing"],
    "remove a field": ["/count: is not understood"],
}
READ_BY_OTHERS = {
    "take more values": ["/kind: walk is not understood"],
    "take more values inside": ["/parts/*/kind: walk is not understood"],
    "loosen a limit": ["/label: maxLength is lower"],
    "change a type": ["/count: string is not understood"],
    "remove a field": ["/count: is required, and may be missing"],
}


def made(fields: dict[str, Any]) -> dict[str, Any]:
    return create_model("Message", __base__=Contract, **fields).model_json_schema(schema_generator=Schemas)


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_written_to_the_released_version_is_still_read_or_the_edit_is_a_break(edit: str) -> None:
    assert breaks(made(RELEASED), made(EDITS[edit]), answer=False) == READ_BY_US.get(edit, [])


@pytest.mark.parametrize("edit", EDITS)
def test_who_knows_the_released_version_still_reads_our_answers_or_the_edit_is_a_break(edit: str) -> None:
    assert breaks(made(RELEASED), made(EDITS[edit]), answer=True) == READ_BY_OTHERS.get(edit, [])


def test_what_is_not_proved_is_a_break() -> None:
    words = {"type": "object", "properties": {"word": {"type": "string", "pattern": "^a+$"}}}
    same_words_said_otherwise = {"type": "object", "properties": {"word": {"type": "string", "pattern": "^aa*$"}}}
    assert breaks(words, same_words_said_otherwise, answer=False) == ["/word: pattern is another"]
    never = {"type": "object", "properties": {"word": {"type": "string", "not": {"pattern": "b"}}}}
    assert breaks(words, never, answer=False) == ["it is not proved that it can still be read"]


def test_without_the_development_tool_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    with pytest.raises(Unavailable, match=r"^development_tools_missing:.*jsonschema-rs, a development tool"):
        breaks({}, {}, answer=False)
