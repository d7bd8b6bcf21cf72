"""The Flask application: API, pages, document and health behind one door, with the same headers and the same refusals everywhere."""

from __future__ import annotations

import json
import logging
import time
from contextlib import ExitStack
from functools import cache, partial

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, LengthRequired
from werkzeug.wrappers import Response as AnyResponse

from contracts.errors import Refusal
from services.gateway.service import api, ledger, pages
from services.gateway.service.entrance import Entrance
from services.gateway.service.house import House
from services.gateway.service.openapi import document
from services.gateway.service.problems import Problem, problem
from services.gateway.service.routes import PREFIX
from shared import metrics
from shared.context import Context, acting
from shared.logs import place
from shared.rpc import RemoteFault

_log = logging.getLogger(__name__)

_FOR_PROGRAMS = (f"{PREFIX}/", "/ledger/", "/witness/", "/openapi.json", "/health/")
_FORM_BYTES = 4 * 1024
_NOBODY = "nobody yet"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(house: House) -> Flask:
    """The gateway of `house` as a WSGI application."""
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=_FORM_BYTES, MAX_FORM_MEMORY_SIZE=_FORM_BYTES)
    entrance = Entrance(house.tokens, house.settings.region)
    api.add_routes(app, house, entrance)
    ledger.add_ledger(app, house, entrance)
    pages.add_pages(app, house, entrance)
    _add_document(app, house)
    _add_health(app, house)
    app.before_request(partial(_begin, house.settings.region))
    app.after_request(_end)
    app.teardown_request(_over)
    app.register_error_handler(Exception, _refuse)
    return app


def _add_document(app: Flask, house: House) -> None:
    body = _document(house.settings.region)
    app.add_url_rule("/openapi.json", "openapi", lambda: Response(body, mimetype="application/json"), provide_automatic_options=False)


@cache
def _document(region: str) -> bytes:
    return json.dumps(document(region)).encode()


def _add_health(app: Flask, house: House) -> None:
    def live() -> Response:
        return Response('{"live":true}', mimetype="application/json")

    def ready() -> Response:
        well, _ = house.health()  # what is wrong is for those who watch the process, on a port of their own
        return Response(json.dumps({"ready": well}), status=200 if well else 503, mimetype="application/json")

    app.add_url_rule("/health/live", "live", live, provide_automatic_options=False)
    app.add_url_rule("/health/ready", "ready", ready, provide_automatic_options=False)


def _begin(region: str) -> None:
    g.began = time.perf_counter()
    # What is logged from here on names the request; what is asked of services names in its own context who asks.
    g.scope = ExitStack()
    g.scope.enter_context(acting(Context(actor=_NOBODY, role=_NOBODY, region=region, correlation=api.correlation())))
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired


def _end(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Correlation-ID"] = str(api.correlation())
    metrics.http_seconds.labels(request.endpoint or "none", str(response.status_code)).observe(time.perf_counter() - g.began)
    return response


def _over(_: BaseException | None) -> None:
    g.scope.close()


def _refuse(fault: Exception) -> AnyResponse:
    said = problem(fault, conditional="If-Match" in request.headers)
    if isinstance(fault, (Refusal, HTTPException)):
        if "sent_on" not in g:
            metrics.refusals.labels("gateway", type(fault).__name__, said.code).inc()
    elif not isinstance(fault, RemoteFault):
        # What the error says may quote somebody: its class and its place are told.
        _log.error("%s failed: %s at %s", request.endpoint, type(fault).__name__, place(fault))
    return _said(said)


def _said(said: Problem) -> AnyResponse:
    if request.path.startswith(_FOR_PROGRAMS):
        return said.response(api.correlation())
    return pages.refusal(said)
