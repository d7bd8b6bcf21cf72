"""The ledger over HTTP in the formats of C2SP: its files (tlog-tiles), proofs (tlog-proof), and the witness (tlog-witness).

Nothing of it is JSON, so it stands beside the table of the API. Who asks the witness says so by the signature in what it sends; for
everything else a token is needed, because entries are facts of this region.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from flask import Flask, Response, g, request
from pydantic_core import to_json

from contracts.audit import ProveEntry, ReadLedger, WitnessAnswer
from contracts.permissions import LEDGER, PERMISSIONS, permitted
from services.gateway.service.api import context_for, correlation, reason_given, sent_on
from services.gateway.service.entrance import Entrance
from services.gateway.service.house import House
from services.gateway.service.routes import PREFIX, SECONDS
from shared.context import Context

WITNESS = "/witness/add-checkpoint"
CHECKPOINT = "/ledger/checkpoint"
TILES = "/ledger/tile/"
PROOF = f"{PREFIX}/audit/entries/{{entry}}/proof"
_LONGEST_REQUEST = 64 * 1024
_TEXT = "text/plain; charset=utf-8"
_BYTES = "application/octet-stream"
_SIZE = "text/x.tlog.size"
_FRESH = "private, max-age=1"
_FOR_EVER = "private, max-age=31536000, immutable"
_CORRELATION = {"$ref": "#/components/parameters/X-Correlation-ID"}
_ENTRY = {"type": "integer", "minimum": 1}
_NUMBER = re.compile("[0-9]{1,16}")
_PARTIAL = re.compile(r"\.p/[0-9]+$")


def add_ledger(app: Flask, house: House, entrance: Entrance) -> None:
    """Put the ledger, its proofs and the witness at their addresses."""

    def get(rule: str, name: str, view: Any) -> None:
        app.add_url_rule(rule, f"audit.{name}", partial(view, house, entrance), methods=["GET"], provide_automatic_options=False)

    app.add_url_rule(WITNESS, "audit.add_checkpoint", partial(_witness, house), methods=["POST"], provide_automatic_options=False)
    get(CHECKPOINT, "read_checkpoint", _checkpoint)
    get(f"{TILES}<path:path>", "read_ledger", _tile)
    get(PROOF.replace("{entry}", "<entry>"), "prove_entry", _proof)


def _witness(house: House) -> Response:
    request.max_content_length = _LONGEST_REQUEST
    body = request.get_data(cache=False)
    context = Context(actor=LEDGER, role=LEDGER, region=house.settings.region, correlation=correlation())
    g.sent_on = True
    answer = WitnessAnswer.model_validate_json(house.calls.request("audit", "add_checkpoint", body, context, SECONDS))
    return Response(answer.body, status=answer.status, content_type=answer.type)


def _checkpoint(house: House, entrance: Entrance) -> Response:
    return _file(house, entrance, "checkpoint", _TEXT, _FRESH)


def _tile(house: House, entrance: Entrance, path: str) -> Response:
    # A partial file never changes either, but it goes once the full one is there: whoever kept it must ask again some day.
    return _file(house, entrance, f"tile/{path}", _BYTES, "private, max-age=3600" if _PARTIAL.search(path) else _FOR_EVER)


def _file(house: House, entrance: Entrance, path: str, kind: str, kept: str) -> Response:
    principal = entrance.bearer(request)
    permitted("audit", "read_ledger", principal.role)
    content = sent_on(house, "audit.read_ledger", ReadLedger.parse(to_json({"path": path})), context_for(principal))
    return Response(content, content_type=kind, headers={"Cache-Control": kept})


def _proof(house: House, entrance: Entrance, entry: str) -> Response:
    principal = entrance.bearer(request)
    permitted("audit", "prove_entry", principal.role)
    query = ProveEntry.parse(to_json({"entry": int(entry) if _NUMBER.fullmatch(entry) else entry}))
    content = sent_on(house, "audit.prove_entry", query, context_for(principal, reason=reason_given()))
    named = f'attachment; filename="{query.entry}.tlog-proof"'
    return Response(content, content_type=_TEXT, headers={"Content-Disposition": named})


def paths() -> dict[str, Any]:
    """These addresses in the OpenAPI document."""
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in ("400", "401", "403", "404", "422", "429", "500", "503")}
    ledgers = {
        "200": _answered("A signature line (C2SP tlog-cosignature) over the checkpoint.", _TEXT),
        "400": _answered("Not a request of this form, or the old size is larger than the new one.", _TEXT),
        "403": _answered("The checkpoint is not signed by a key of its ledger that is known here.", _TEXT),
        "404": _answered("The ledger is not known here.", _TEXT),
        "409": _answered("The old size, or the root at this size, is not the one last signed; the body is the size that is.", _SIZE),
        "422": _answered("The proof does not lead from the head last signed to this one.", _TEXT),
    } | {status: {"$ref": f"#/components/responses/{status}"} for status in ("411", "413", "500", "503")}
    return {
        WITNESS: {
            "post": {
                "operationId": "audit.add_checkpoint",
                "tags": ["audit"],
                "summary": "Sign the head of another ledger, if it only grew (C2SP tlog-witness).",
                "x-roles": sorted(PERMISSIONS["audit.add_checkpoint"]),
                "security": [],
                "parameters": [_CORRELATION],
                "requestBody": {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}},
                "responses": ledgers,
            }
        },
        CHECKPOINT: {"get": _read("audit.read_checkpoint", "The signed head of the ledger (C2SP tlog-checkpoint).", _TEXT, refused)},
        f"{TILES}{{path}}": {
            "get": _read("audit.read_ledger", "A file of the ledger (C2SP tlog-tiles).", _BYTES, refused)
            | {"parameters": [_CORRELATION, _in_path("path", {"type": "string"}, "entries/000.p/29")]}
        },
        PROOF: {
            "get": _read("audit.prove_entry", "One entry with the proof that it is in the ledger (C2SP tlog-proof).", _TEXT, refused)
            | {"parameters": [_CORRELATION, {"$ref": "#/components/parameters/Access-Reason"}, _in_path("entry", _ENTRY, 29)]}
        },
    }


def _read(operation: str, summary: str, kind: str, refused: dict[str, Any]) -> dict[str, Any]:
    allowed = PERMISSIONS["audit.read_ledger" if operation == "audit.read_checkpoint" else operation]
    responses = {"200": _answered(summary, kind), **refused}
    told = {"operationId": operation, "tags": ["audit"], "summary": summary, "x-roles": sorted(allowed)}
    return {**told, "parameters": [_CORRELATION], "responses": responses}


def _answered(description: str, kind: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {"X-Correlation-ID": {"$ref": "#/components/headers/X-Correlation-ID"}},
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}}},
    }


def _in_path(name: str, schema: dict[str, Any], example: object) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}
