"""How a refusal is said over HTTP: one table from kinds and codes to status, and one body (RFC 9457).

A problem holds fixed sentences, codes and places; nothing of what was sent, for it may be somebody's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from uuid import UUID

from flask import Response
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from contracts.errors import Conflict, FieldError, Invalid, NotFound, NotPermitted, Refusal, RuleBroken, Unavailable

MIMETYPE = "application/problem+json"

_KINDS: dict[type[Refusal], tuple[int, str]] = {
    Invalid: (422, "The message is wrong"),
    NotPermitted: (403, "Not permitted"),
    NotFound: (404, "Not found"),
    RuleBroken: (409, "A rule forbids it"),
    Conflict: (409, "Somebody else changed it first"),
    Unavailable: (503, "Not available now"),
}
_CODES: dict[str, tuple[int, str]] = {
    "unauthenticated": (401, "Say who you are"),
    "too_many_attempts": (429, "Too many attempts"),
    "malformed_body": (400, "The message cannot be read"),
    "invalid_header": (400, "A header is wrong"),
    "idempotency_key_missing": (400, "A header is missing"),
    "no_version_yet": (400, "A header is wrong"),
}
"""Refusals that HTTP has a status of its own for."""
_HTTP: dict[int, tuple[str, str]] = {
    400: ("bad_request", "The request cannot be read."),
    404: ("no_such_address", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method; Allow says which it takes."),
    411: ("length_required", "Say the length of the body (Content-Length); a body in chunks is not taken."),
    413: ("too_large", "The body is larger than this address takes."),
    415: ("not_json", "The body must be application/json."),
}
"""What HTTP itself refuses, before a contract is asked."""
_HEADERS = {401: ("WWW-Authenticate", 'Bearer realm="comhar"'), 429: ("Retry-After", "60"), 503: ("Retry-After", "1")}


class ProblemAnswer(BaseModel):
    """A refusal as the API tells it. `errors` points to the fields at fault, by JSON pointer, or by name for a path or query parameter."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldError, ...]
    correlation: UUID


@dataclass(frozen=True)
class Problem:
    """A refusal on its way out."""

    kind: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, correlation: UUID) -> Response:
        """The problem as an answer of the API."""
        body = ProblemAnswer(
            type=self.kind,
            title=self.title,
            status=self.status,
            detail=self.detail,
            code=self.code,
            errors=self.errors,
            correlation=correlation,
        )
        return Response(body.model_dump_json(), status=self.status, mimetype=MIMETYPE, headers=self.headers)


def problem(fault: Exception, *, conditional: bool = False) -> Problem:
    """How `fault` is said; `conditional`: the caller named the version to change (If-Match)."""
    if isinstance(fault, Refusal):
        return _refused(fault, conditional=conditional)
    if isinstance(fault, HTTPException) and fault.code in _HTTP:
        return _http(fault, fault.code)
    return Problem("about:blank", "Internal Server Error", 500, "Something went wrong that nobody foresaw.", "internal")


def _refused(fault: Refusal, *, conditional: bool) -> Problem:
    status, title = _CODES.get(fault.code) or _KINDS[type(fault)]
    if conditional and isinstance(fault, Conflict):
        status = 412
    headers = dict([_HEADERS[status]]) if status in _HEADERS else {}
    return Problem(_name(type(fault)), title, status, fault.reason, fault.code, fault.errors, headers)


def _http(fault: HTTPException, status: int) -> Problem:
    code, detail = _HTTP[status]
    allowed = sorted(fault.valid_methods or ()) if isinstance(fault, MethodNotAllowed) else []
    return Problem("about:blank", fault.name, status, detail, code, headers={"Allow": ", ".join(allowed)} if allowed else {})


def _name(kind: type[Refusal]) -> str:
    return "urn:comhar:problem:" + re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()
