"""The AsyncAPI 3.0 document of the exchange of facts: a channel for each service that records, a message for each fact."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from pydantic.json_schema import models_json_schema

from contracts.examples import EXAMPLES
from contracts.language import messages
from contracts.model import Fact
from deploy.published.schemas import Schemas

_REGION = "ABH"
_ABOUT = """Everything that happens in a region, as CloudEvents 1.0, in the order in which each service recorded it.

A message on the exchange is a range: one CloudEvent a line, from position `first` to `last` of its service's log, without holes;
`sequence` of a CloudEvent is its position. A range without lines says how far the log reaches. The broker may lose a range: a reader
that sees a gap asks the service for what is missing. Personal words are never in it: a sealed part only says where they were."""
_RANGE = {
    "type": "object",
    "description": "Headers of the AMQP message that carries the range.",
    "required": ["region", "source", "store", "first", "last"],
    "properties": {
        "region": {"type": "string"},
        "source": {"type": "string", "description": "The service."},
        "store": {"type": "string", "format": "uuid", "description": "The identity of its store; another one means another log."},
        "first": {"type": "integer", "minimum": 1},
        "last": {"type": "integer", "minimum": 0, "description": "`first` - 1 in a range without lines."},
    },
}


def asyncapi() -> dict[str, Any]:
    """The document."""
    facts = {name: message for name, message in messages().items() if issubclass(message, Fact)}
    services = dict.fromkeys(name.partition(".")[0] for name in facts)
    references, schemas = models_json_schema(
        [(fact, "validation") for fact in facts.values()], ref_template="#/components/schemas/{model}", schema_generator=Schemas
    )
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "comhar facts", "version": version("comhar"), "description": _ABOUT, "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/cloudevents+json",
        "channels": {service: _channel(service, [name for name in facts if name.startswith(f"{service}.")]) for service in services},
        "operations": {f"publish_{service}": {"action": "send", "channel": {"$ref": f"#/channels/{service}"}} for service in services},
        "components": {
            "messages": {name: _message(fact, references[fact, "validation"]) for name, fact in facts.items()},
            "schemas": schemas["$defs"],
        },
    }


def _channel(service: str, facts: list[str]) -> dict[str, Any]:
    exchange = {"name": "comhar.facts", "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": f"{{region}}.{service}",
        "description": f"What the service {service} recorded; the address is the routing key.",
        "parameters": {"region": {"description": "The region's code.", "examples": [_REGION]}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in facts},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _message(fact: type[Fact], data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": fact.type,
        "title": fact.__name__,
        "summary": fact.__doc__,
        "headers": _RANGE,
        "payload": {
            "type": "object",
            "required": ["specversion", "type", "source", "id", "subject", "sequence", "datacontenttype", "data"],
            "properties": {
                "specversion": {"const": "1.0"},
                "type": {"const": fact.type},
                "source": {"type": "string", "format": "uri-reference", "description": "/region/service"},
                "id": {"type": "string", "description": "Stream and version."},
                "subject": {"type": "string", "format": "uuid", "description": "The stream."},
                "sequence": {"type": "string", "pattern": "^[1-9][0-9]*$", "description": "The position in the service's log."},
                "datacontenttype": {"const": "application/json"},
                "data": data,
            },
        },
        "examples": [{"payload": _example(fact)}],
    }


def _example(fact: type[Fact]) -> dict[str, Any]:
    data = EXAMPLES[fact].model_dump(mode="json")
    return {
        "specversion": "1.0",
        "type": fact.type,
        "source": f"/{_REGION}/{fact.type.partition('.')[0]}",
        "id": f"{data['stream']}.{data['version']}",
        "subject": data["stream"],
        "sequence": "7",
        "datacontenttype": "application/json",
        "data": data,
    }
