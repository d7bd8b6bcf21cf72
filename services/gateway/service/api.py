"""The contract layer: one way in and out for every operation of the table: who asks, in what context, what; call; answer.

All of a message is checked here before anything is sent on. What the service answers goes to the client as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, Response, g, request
from pydantic_core import from_json, to_json
from werkzeug.exceptions import UnsupportedMediaType

from contracts.errors import FieldError, Invalid
from contracts.model import Contract
from contracts.permissions import leaves_a_record, permitted
from contracts.vocabulary import AccessReason
from services.gateway.domain import Principal
from services.gateway.service.entrance import Entrance
from services.gateway.service.house import House
from services.gateway.service.routes import PREFIX, ROUTES, SECONDS, Route
from shared.context import Context

UUID_PATTERN = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
CODE_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}"
AFTER_PATTERN = r"[a-z]+=[0-9]{1,15}(, ?[a-z]+=[0-9]{1,15})*"
VERSION_PATTERN = '"[0-9]{1,9}"'

_LITERALS = {"integer": re.compile(r"-?[0-9]{1,18}"), "boolean": re.compile("true|false")}


def add_routes(app: Flask, house: House, entrance: Entrance) -> None:
    """Put every operation of the table at its address."""
    for route in ROUTES:
        app.add_url_rule(
            PREFIX + re.sub(r"{(\w+)}", r"<\1>", route.path),
            endpoint=route.operation,
            view_func=partial(_serve, route, house, entrance),
            methods=[route.method],
            provide_automatic_options=False,
        )


def correlation() -> UUID:
    """What ties together all that this request causes: as the caller named it, or new."""
    if "correlation" not in g:
        given = request.headers.get("X-Correlation-ID", "")
        g.correlation = UUID(given) if re.fullmatch(UUID_PATTERN, given) else uuid4()
    known: UUID = g.correlation
    return known


def sent_on(house: House, operation: str, message: Contract, context: Context, seconds: float = SECONDS) -> bytes:
    """What the service of `operation` answers; what is refused from here on is not the gateway's own refusal.

    A read that must leave a record has left it when this returns.
    """
    g.sent_on = True
    service, _, verb = operation.partition(".")
    body = house.calls.request(service, verb, message.model_dump_json().encode(), context, seconds)
    if leaves_a_record(context.role, operation, context.reason):
        house.accesses.record(operation=operation, context=context, **_about(message, body))
    return body


def reason_given() -> str | None:
    """Why something is read, as the caller says it; raises `Invalid` for what is no such reason."""
    return _header("Comhar-Reason", "|".join(AccessReason))


def _about(message: Contract, body: bytes) -> dict[str, UUID | None]:
    """What a read was about: the ids that were asked for; the partnership may be known from the answer alone."""
    ids = {name: value for name, value in message if isinstance(value, UUID)}
    if "partnership" not in ids and body.startswith(b"{") and "partnership" in (said := from_json(body)):
        ids["partnership"] = UUID(said["partnership"])
    partnership, member = ids.pop("partnership", None), ids.pop("member", None)
    return {"partnership": partnership, "member": member, "about": next(iter(ids.values()), None)}


def context_for(principal: Principal, **more: Any) -> Context:
    """The context of a request by `principal`."""
    return Context(actor=f"token:{principal.id}", role=principal.role, region=principal.region, correlation=correlation(), **more)


def _serve(route: Route, house: House, entrance: Entrance, **in_path: str) -> Response:
    principal = entrance.bearer(request)
    service, _, verb = route.operation.partition(".")
    permitted(service, verb, principal.role)
    context = context_for(principal, **_headers(route))
    message = route.contract.parse(to_json({**_given(route, in_path), **in_path}))
    return _answer(route, sent_on(house, route.operation, message, context, route.seconds))


# What comes in


def _headers(route: Route) -> dict[str, Any]:
    given: dict[str, Any] = {"after": _after(_header("Comhar-After", AFTER_PATTERN))}
    if route.writes:
        key = _header("Idempotency-Key", UUID_PATTERN)
        if key is None:
            raise Invalid("idempotency_key_missing", "A write needs the header Idempotency-Key, a UUID made for it alone.")
        version = _header("If-Match", VERSION_PATTERN)
        if version and not route.changes:
            raise Invalid("no_version_yet", "What is made here has no version yet; leave the header If-Match away.")
        given |= {"command": UUID(key), "expected": int(version.strip('"')) if version else None}
        given |= {"reason": _header("Comhar-Reason", CODE_PATTERN), "on_behalf_of": _header("Comhar-On-Behalf-Of", CODE_PATTERN)}
    elif route.recorded:
        given["reason"] = reason_given()
    return given


def _header(name: str, pattern: str) -> str | None:
    value = request.headers.get(name)
    if value is not None and not re.fullmatch(pattern, value):
        raise Invalid("invalid_header", f"The header {name} does not have the form it must have.")
    return value


def _after(text: str | None) -> dict[str, int]:
    pairs = (part.strip().partition("=") for part in text.split(",")) if text else ()
    return {source: int(position) for source, _, position in pairs}


def _given(route: Route, in_path: Mapping[str, str]) -> dict[str, Any]:
    given = _query(route.contract) if route.method == "GET" else _body(route)
    if twice := sorted(in_path.keys() & given.keys()):
        raise _wrong(twice[0], "extra_forbidden", "The path says this already.")
    return given


def _query(contract: type[Contract]) -> dict[str, Any]:
    properties = _properties(contract)
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name in properties and len(values) > 1:
            raise _wrong(name, "said_twice", "The parameter is there more than once.")
        given[name] = _typed(name, properties.get(name, {}), values[0])
    return given


@cache
def _properties(contract: type[Contract]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = contract.model_json_schema().get("properties", {})
    return properties


def _typed(name: str, schema: Mapping[str, Any], text: str) -> Any:
    kinds = [choice.get("type") for choice in schema.get("anyOf", (schema,))]
    for kind, literal in _LITERALS.items():
        if kind in kinds:
            if not literal.fullmatch(text):
                raise _wrong(name, f"{kind}_parsing", f"The parameter is not of type {kind}.")
            return text == "true" if kind == "boolean" else int(text)
    return text


def _body(route: Route) -> dict[str, Any]:
    request.max_content_length = route.most_bytes
    raw = request.get_data(cache=False)
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        given = from_json(raw, allow_inf_nan=False)
    except ValueError:
        raise Invalid("malformed_body", "The body is not JSON in UTF-8.") from None
    if not isinstance(given, dict):
        raise _wrong("", "model_type", "The body must be a JSON object.")
    return given


def _wrong(field: str, code: str, reason: str) -> Invalid:
    error = FieldError(pointer=f"/{field}" if field else "", code=code, reason=reason)
    return Invalid("invalid_message", "The message does not fit its contract.", errors=(error,))


# What goes out


def _answer(route: Route, body: bytes) -> Response:
    response = Response(body, status=route.status, mimetype="application/json")
    if route.writes or route.versioned:
        said = from_json(body)
        if "version" in said:
            response.set_etag(str(said["version"]))
        if "position" in said:
            response.headers["Comhar-Position"] = f"{said['source']}={said['position']}"
        if route.place:
            response.headers["Location"] = route.place.format(id=said["id"])
    etag, _ = response.get_etag()
    if etag and not route.writes and request.if_none_match.contains_weak(etag):
        return Response(status=304, headers={"ETag": response.headers["ETag"]})
    return response
