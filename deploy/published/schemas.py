"""The JSON Schema (2020-12) of each message, with its example."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from contracts.examples import EXAMPLES


class Schemas(GenerateJsonSchema):
    """Tuples of one kind of thing are arrays of it: older dialects, AsyncAPI's among them, do not know `prefixItems`."""

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        made = super().tuple_schema(schema)
        items = made.get("prefixItems", [])
        if items and all(item == items[0] for item in items):
            made["items"] = made.pop("prefixItems")[0]
        return made


def schema(message: type[BaseModel]) -> dict[str, Any]:
    """What a reader of `message` takes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **message.model_json_schema(schema_generator=Schemas),
        "examples": [EXAMPLES[message].model_dump(mode="json")],
    }
