"""The OpenAPI 3.1 document, made from the table of routes and the contracts; nothing in it is written twice."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from contracts.examples import EXAMPLES
from contracts.permissions import PERMISSIONS
from contracts.vocabulary import AccessReason
from services.gateway.service import ledger
from services.gateway.service.api import AFTER_PATTERN, CODE_PATTERN, VERSION_PATTERN
from services.gateway.service.problems import MIMETYPE, ProblemAnswer
from services.gateway.service.routes import PREFIX, ROUTES, Route

Schema = dict[str, Any]

_STALE = 412
_READING = (400, 401, 403, 404, 422, 429, 500, 503)
_WRITING = (400, 401, 403, 404, 409, 411, _STALE, 413, 415, 422, 429, 500, 503)
_REASONS = {
    304: "It has not changed since the version in If-None-Match.",
    400: "A header is wrong or missing, or the body cannot be read.",
    401: "No token, or none that is good now.",
    403: "The role or the region of the token does not permit this.",
    404: "The thing named does not exist.",
    409: "A rule forbids it, or somebody else changed it first.",
    411: "The body has no Content-Length.",
    _STALE: "It is no longer at the version in If-Match.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "The message does not fit its contract.",
    429: "Too many attempts with a wrong token.",
    500: "Something went wrong that nobody foresaw.",
    503: "A part of the system cannot be reached now; the same request may be sent again.",
}
_DAY = r"(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_FORMS = {"date": f"^{_DAY}$", "date-time": f"^{_DAY}T{_TIME}$"}
_REQUEST_HEADERS: dict[str, tuple[str, Schema, str]] = {
    "X-Correlation-ID": (
        "A UUID that ties together all that this request causes; anything else is passed over, and a new one made.",
        {"type": "string"},
        "5f0c9a52-6f0f-4f8e-9a53-0a2f6d1c7b11",
    ),
    "Comhar-After": (
        "Answer from what is known at least up to these positions: `source=position`, as answers to writes give them.",
        {"type": "string", "pattern": f"^{AFTER_PATTERN}$"},
        "partnerships=1",
    ),
    "Idempotency-Key": (
        "The id of the command: sent again with the same body it is done once.",
        {"type": "string", "format": "uuid"},
        "0d8f5a3e-6c1b-4a4e-9d2f-3b7c5e9a1f20",
    ),
    "If-Match": ("The version (ETag) that the decision rests on.", {"type": "string", "pattern": f"^{VERSION_PATTERN}$"}, '"3"'),
    "Comhar-Reason": ("A code that says why.", {"type": "string", "pattern": f"^{CODE_PATTERN}$"}, "agreed-in-session"),
    "Access-Reason": (
        "Why somebody opens words that their role alone does not open; it is recorded.",
        {"type": "string", "enum": list(AccessReason)},
        "subject_request",
    ),
    "Comhar-On-Behalf-Of": ("A code that says for whom.", {"type": "string", "pattern": f"^{CODE_PATTERN}$"}, "secretariat"),
    "If-None-Match": ("The version (ETag) known already.", {"type": "string"}, '"3"'),
}
_SAID_AS = {"Access-Reason": "Comhar-Reason"}
"""The names of headers that mean something else on reads."""
_RESPONSE_HEADERS: dict[str, Schema] = {
    "X-Correlation-ID": {"description": "Ties together all that the request caused.", "schema": {"type": "string", "format": "uuid"}},
    "ETag": {"description": "The version of the thing.", "schema": {"type": "string"}},
    "Comhar-Position": {"description": "`source=position`: from there on readers see the change.", "schema": {"type": "string"}},
    "Location": {"description": "Where the thing made is found.", "schema": {"type": "string"}},
}


@cache
def document(region: str) -> Schema:
    """The document of the API of one region."""
    schemas = _schemas()
    paths: dict[str, Schema] = {}
    for route in ROUTES:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route, schemas)
    paths |= ledger.paths()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"comhar, region {region}",
            "version": version("comhar"),
            "summary": "Co-production in health and care: decide, do and review together.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "cmh_<id>_<secret>", "description": "A token of this region."}
            },
            "schemas": {name: schema for name, schema in schemas.items() if _is_used(name)},
            "headers": _RESPONSE_HEADERS,
            "parameters": {name: _header(name) for name in _REQUEST_HEADERS},
            "responses": {str(status): _problem(status) for status in sorted({*_READING, *_WRITING})},
        },
    }


def _is_used(name: str) -> bool:
    """Queries are told as parameters, not as schemas."""
    return name not in {route.contract.__name__ for route in ROUTES if not route.writes}


def _operation(route: Route, schemas: Mapping[str, Schema]) -> Schema:
    contract = schemas[route.contract.__name__]
    made: Schema = {
        "operationId": route.operation,
        "tags": [route.service],
        "summary": (inspect.getdoc(route.contract) or "").partition("\n")[0],
        "description": inspect.getdoc(route.contract),
        "x-roles": sorted(PERMISSIONS[route.operation]),
        "parameters": [*_parameters(route, contract), *({"$ref": f"#/components/parameters/{name}"} for name in _headers_of(route))],
        "responses": {str(route.status): _success(route), **_others(route)},
    }
    if route.writes:
        made["requestBody"] = _body(route, contract)
    return made


def _parameters(route: Route, contract: Schema) -> Iterator[Schema]:
    example = _example(route.contract)
    for name, schema in contract.get("properties", {}).items():
        told = {"example": example[name]} if name in example else {}
        if name in route.in_path:
            yield {"name": name, "in": "path", "required": True, "schema": schema, **told}
        elif not route.writes:
            yield {"name": name, "in": "query", "required": name in contract.get("required", ()), "schema": _not_null(schema), **told}


def _not_null(schema: Schema) -> Schema:
    """A parameter that is not there is null; the word "null" is not."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"} or (key == "default" and value is not None)}
    return {**rest, **choices[0]} if choices else rest


def _headers_of(route: Route) -> tuple[str, ...]:
    both: tuple[str, ...] = ("X-Correlation-ID", "Comhar-After")
    if route.writes:
        return (*both, "Idempotency-Key", *(("If-Match",) if route.changes else ()), "Comhar-Reason", "Comhar-On-Behalf-Of")
    return (*both, *(("Access-Reason",) if route.recorded else ()), *(("If-None-Match",) if route.versioned else ()))


def _body(route: Route, contract: Schema) -> Schema:
    left = {name: schema for name, schema in contract["properties"].items() if name not in route.in_path}
    required = [name for name in contract.get("required", ()) if name in left]
    schema = {**contract, "properties": left, "required": required}
    example = {name: value for name, value in _example(route.contract).items() if name in left}
    return {"required": bool(required), "content": {"application/json": {"schema": schema, "example": example}}}


def _success(route: Route) -> Schema:
    names = ["X-Correlation-ID"]
    names += ["ETag"] if route.versioned else []
    names += ["Comhar-Position"] if route.writes else []
    names += ["Location"] if route.place else []
    return {
        "description": inspect.getdoc(route.answer),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{route.answer.__name__}"}, "example": _example(route.answer)}
        },
    }


def _others(route: Route) -> Schema:
    statuses = _WRITING if route.writes else _READING
    others: Schema = {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses if status != _STALE or route.changes}
    if route.versioned and not route.writes:
        others["304"] = {"description": _REASONS[304]}
    return others


def _problem(status: int) -> Schema:
    return {
        "description": _REASONS[status],
        "headers": {"X-Correlation-ID": {"$ref": "#/components/headers/X-Correlation-ID"}},
        "content": {MIMETYPE: {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}},
    }


def _example(kind: type[BaseModel]) -> dict[str, Any]:
    return EXAMPLES[kind].model_dump(mode="json", exclude_unset=True)


def _header(name: str) -> Schema:
    description, schema, example = _REQUEST_HEADERS[name]
    required = name == "Idempotency-Key"
    return {
        "name": _SAID_AS.get(name, name),
        "in": "header",
        "required": required,
        "description": description,
        "schema": schema,
        "example": example,
    }


def _schemas() -> dict[str, Schema]:
    written: list[type[BaseModel]] = [route.contract for route in ROUTES]
    read: list[type[BaseModel]] = [*(route.answer for route in ROUTES), ProblemAnswer]
    kinds: list[tuple[type[BaseModel], JsonSchemaMode]] = [(kind, "validation") for kind in dict.fromkeys(written)]
    kinds += [(kind, "serialization") for kind in dict.fromkeys(read)]
    _, definitions = models_json_schema(kinds, ref_template="#/components/schemas/{model}")
    found: dict[str, Schema] = _told_exactly(definitions["$defs"])
    return found


def _told_exactly(schema: Any) -> Any:
    """Times and days with the form that contracts insist on, which `format` alone does not tell."""
    if isinstance(schema, list):
        return [_told_exactly(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _told_exactly(part) for name, part in schema.items()}
    return {**told, "pattern": _FORMS[told["format"]]} if told.get("format") in _FORMS and told.get("type") == "string" else told
