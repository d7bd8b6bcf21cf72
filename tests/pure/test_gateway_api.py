import json
import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from contracts.errors import Conflict, FieldError, Invalid, NotFound, NotPermitted, Refusal, RuleBroken, Unavailable
from contracts.examples import EXAMPLES
from contracts.model import Receipt
from contracts.partnerships import PartnershipDetail
from contracts.permissions import PERMISSIONS, may
from contracts.vocabulary import SystemRole
from services.gateway.application import Tokens
from services.gateway.service.routes import ROUTES, Route
from shared import logs, metrics
from shared.context import current
from shared.rpc import RemoteFault
from tests.gateway_fixture import KEY, WORDS, Alone, path_of

CANARY = "Maeve-wept-on-Tuesday"
PROPOSAL = {"name": "By the river", "org_unit": "ABH-1", "setting": "day_hospital", "level": "strategic"}
BY_OPERATION = [pytest.param(route, id=route.operation) for route in ROUTES]
WRITES = [route for route in ROUTES if route.writes]
OPEN = {"/openapi.json", "/health/live", "/health/ready", "/sign-in", "/static/<path:filename>", "/witness/add-checkpoint"}


def body_of(route: Route) -> dict[str, Any]:
    example = EXAMPLES[route.contract].model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in example.items() if name not in route.in_path}


def send(alone: Alone, route: Route, headers: dict[str, str]) -> TestResponse:
    query = (
        {}
        if route.writes
        else {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in body_of(route).items()}
    )
    return alone.client.open(
        path_of(route.path), method=route.method, query_string=query, json=body_of(route) if route.writes else None, headers=headers
    )


def permitted_to(route: Route) -> SystemRole:
    """The first role that may do it."""
    return next(role for role in SystemRole if may(role, route.operation))


def propose(alone: Alone, body: Any = None, **headers: str) -> TestResponse:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return alone.client.post("/v1/partnerships", json=PROPOSAL if body is None else body, headers={**alone.bearer(), **given})


def activate(alone: Alone, **headers: str) -> TestResponse:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return alone.client.post(path_of("/partnerships/{partnership}/activate"), headers={**alone.bearer(), **given})


def said(response: TestResponse) -> dict[str, Any]:
    """The problem in an answer; it must be one."""
    assert response.mimetype == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.data)
    assert {"type", "title", "status", "detail", "code", "errors", "correlation"} == set(problem)
    assert problem["status"] == response.status_code
    assert problem["correlation"] == response.headers["X-Correlation-ID"]
    return problem


# The table


@pytest.mark.parametrize("route", BY_OPERATION)
def test_every_operation_says_who_may_do_it(route: Route) -> None:
    assert PERMISSIONS[route.operation]


def test_every_permitted_operation_has_an_address_or_is_no_operation() -> None:
    refinements = {
        "partnerships.read_names",
        "partnerships.read_declarations",
        "partnerships.read_access_needs",
        "sessions.read_titles",
        "feedback.read_words",
        "reporting.read_raw",
    }
    among_services = {operation for operation, roles in PERMISSIONS.items() if roles == {"service"}}
    ledger = {"audit.add_checkpoint", "audit.read_ledger", "audit.prove_entry"}
    assert set(PERMISSIONS) - refinements - among_services - ledger == {route.operation for route in ROUTES}


@pytest.mark.parametrize("route", BY_OPERATION)
def test_every_operation_meets_a_method_that_takes_its_contract_and_gives_its_answer(route: Route) -> None:
    module = import_module(f"services.{route.service}.service")
    method = getattr(module, f"{route.service.title()}Service").__dict__[route.operation.partition(".")[2]].__wrapped__
    taken, answered = get_type_hints(method).values()
    assert (taken, answered) == (route.contract, route.answer)


@pytest.mark.parametrize("route", BY_OPERATION)
def test_what_stands_in_a_path_is_a_field_of_the_contract(route: Route) -> None:
    assert set(route.in_path) <= set(route.contract.model_fields)


# Who asks


@pytest.mark.parametrize("route", BY_OPERATION)
def test_nobody_comes_in_without_a_token(alone: Alone, route: Route) -> None:
    response = send(alone, route, {})
    assert (response.status_code, said(response)["code"]) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert alone.calls.asked == []


def test_nothing_is_open_but_what_must_be(alone: Alone) -> None:
    for rule in alone.app.url_map.iter_rules():
        if rule.rule not in OPEN and rule.endpoint != "page.sign_out":
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            address = rule.build({name: "2025" if name in {"year", "period"} else str(uuid4()) for name in rule.arguments})
            assert address
            response = alone.client.open(address[1], method=method)
            to_sign_in = response.headers.get("Location", "").startswith("/sign-in")
            assert response.status_code == 401 or to_sign_in, rule.rule
    assert alone.calls.asked == []


@pytest.mark.parametrize("role", SystemRole)
def test_each_role_may_do_what_the_table_says_and_nothing_else(alone: Alone, role: SystemRole) -> None:
    bearer = alone.bearer(role)
    done = {route.operation: send(alone, route, bearer) for route in ROUTES}
    assert {operation for operation, response in done.items() if response.status_code < 400} == {
        route.operation for route in ROUTES if may(role, route.operation)
    }
    assert {said(response)["code"] for response in done.values() if response.status_code >= 400} <= {"role_not_permitted"}


def test_a_token_of_another_region_is_not_let_in(ours: Tokens) -> None:
    response = propose(Alone(ours, region="WST"))
    assert (response.status_code, said(response)["code"]) == (403, "other_region")


def test_a_cookie_opens_no_door_of_the_api(alone: Alone) -> None:
    alone.client.set_cookie("comhar", alone.token())
    assert alone.client.get("/v1/partnerships").status_code == 401


@pytest.mark.parametrize("credentials", ["Basic Y21o", "Bearer", "Bearer  ", "cmh_1_2", "Bearer cmh_" + "0" * 32 + "_" + "a" * 43])
def test_other_credentials_are_none(alone: Alone, credentials: str) -> None:
    assert alone.client.get("/v1/partnerships", headers={"Authorization": credentials}).status_code == 401


def test_failed_attempts_are_told_to_stop_while_a_good_token_still_comes_in(alone: Alone) -> None:
    wrong = {"Authorization": "Bearer nonsense"}
    attempts = [alone.client.get("/v1/partnerships", headers=wrong) for _ in range(11)]
    assert [attempt.status_code for attempt in attempts] == [401] * 10 + [429]
    assert (json.loads(attempts[-1].data)["code"], attempts[-1].headers["Retry-After"]) == ("too_many_attempts", "60")
    assert alone.client.get("/v1/partnerships", headers=alone.bearer()).status_code == 200


# What goes on to the service


@pytest.mark.parametrize("route", BY_OPERATION)
def test_every_operation_sends_its_message_to_its_service_and_answers_with_what_comes_back(alone: Alone, route: Route) -> None:
    response = send(alone, route, alone.bearer(permitted_to(route)))
    assert response.status_code == route.status
    [asked] = alone.calls.asked
    assert f"{asked.service}.{asked.method}" == route.operation
    message = route.contract.parse(asked.body)
    assert {str(getattr(message, name)) for name in route.in_path} <= {*(str(UUID(int=number)) for number in range(1, 10)), *WORDS.values()}
    assert response.data == EXAMPLES[route.answer].model_dump_json().encode()


def test_headers_become_the_context(alone: Alone) -> None:
    correlation = uuid4()
    response = activate(
        alone,
        Idempotency_Key=KEY,
        X_Correlation_ID=str(correlation),
        Comhar_After="sessions=42, partnerships=7",
        If_Match='"3"',
        Comhar_Reason="agreed-in-session",
        Comhar_On_Behalf_Of="secretariat",
    )
    context = alone.calls.asked[0].context
    assert context.command == UUID(KEY)
    assert context.after == {"sessions": 42, "partnerships": 7}
    assert (context.expected, context.reason, context.on_behalf_of) == (3, "agreed-in-session", "secretariat")
    assert (context.role, context.region, context.correlation) == ("regional_operator", "ABH", correlation)
    assert context.actor == f"token:{UUID(alone.token().split('_')[1])}"
    assert response.headers["X-Correlation-ID"] == str(correlation)


def test_a_correlation_that_is_no_uuid_is_replaced(alone: Alone) -> None:
    response = propose(alone, X_Correlation_ID=CANARY)
    assert response.status_code == 201
    assert UUID(response.headers["X-Correlation-ID"]) == alone.calls.asked[0].context.correlation


def test_a_write_without_its_key_is_refused(alone: Alone) -> None:
    response = alone.client.post("/v1/partnerships", json=PROPOSAL, headers={"Authorization": f"Bearer {alone.token()}"})
    assert (response.status_code, said(response)["code"]) == (400, "idempotency_key_missing")
    assert alone.calls.asked == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Idempotency-Key", "1"),
        ("Idempotency-Key", "{0d8f5a3e-6c1b-4a4e-9d2f-3b7c5e9a1f20}"),
        ("If-Match", "3"),
        ("If-Match", 'W/"3"'),
        ("If-Match", "*"),
        ("Comhar-After", "sessions"),
        ("Comhar-After", "sessions=-1"),
        ("Comhar-After", "sessions=٣"),
        ("Comhar-After", f"sessions={'9' * 16}"),
        ("Comhar-Reason", CANARY + " and more"),
        ("Comhar-On-Behalf-Of", ""),
    ],
)
def test_a_header_of_another_form_is_refused_and_not_repeated(alone: Alone, name: str, value: str) -> None:
    response = propose(alone, **{name: value.encode().decode("latin-1")})
    assert (response.status_code, said(response)["code"]) == (400, "invalid_header")
    assert CANARY not in response.text
    assert alone.calls.asked == []


# Bodies


WRONG_BODIES = {
    "nothing": (b"", 422, "invalid_message"),
    "half an object": (b"{", 400, "malformed_body"),
    "a byte that is not UTF-8": (b'{"name": "' + CANARY.encode() + b'\xff"}', 400, "malformed_body"),
    "UTF-16": ('{"name": "a"}'.encode("utf-16"), 400, "malformed_body"),
    "half a character": (b'{"name": "\\ud800"}', 400, "malformed_body"),
    "no number": (b'{"name": NaN}', 400, "malformed_body"),
    "deeper than anybody reads": (b"[" * 5_000, 400, "malformed_body"),
    "a number of 5,000 digits": (b'{"name": ' + b"9" * 5_000 + b"}", 400, "malformed_body"),
    "null": (b"null", 422, "invalid_message"),
    "a list": (b"[]", 422, "invalid_message"),
    "a text": (b'"' + CANARY.encode() + b'"', 422, "invalid_message"),
    "an unknown field": ({**PROPOSAL, CANARY: 1}, 422, "invalid_message"),
    "an unknown word": ({**PROPOSAL, "setting": CANARY}, 422, "invalid_message"),
    "a null byte": ({**PROPOSAL, "name": CANARY + "\0"}, 422, "invalid_message"),
    "an object for a text": ({**PROPOSAL, "name": {"nested": CANARY}}, 422, "invalid_message"),
    "a text too long": ({**PROPOSAL, "name": CANARY * 100}, 422, "invalid_message"),
    "a number in a text for a time": ({**PROPOSAL, "happened": "3"}, 422, "invalid_message"),
    "a number for a time": ({**PROPOSAL, "happened": 3}, 422, "invalid_message"),
    "a day that is not": ({**PROPOSAL, "happened": "2025-02-30T10:00:00Z"}, 422, "invalid_message"),
    "a time without offset": ({**PROPOSAL, "happened": "2025-02-03T10:00:00"}, 422, "invalid_message"),
    "a time long ago": ({**PROPOSAL, "happened": "0001-01-01T00:00:00+14:00"}, 422, "invalid_message"),
    "far too much": (b'{"text": "' + CANARY.encode() * 4_000 + b'"}', 413, "too_large"),
}


@pytest.mark.parametrize(("body", "status", "code"), WRONG_BODIES.values(), ids=WRONG_BODIES)
def test_a_wrong_body_is_refused_before_anything_is_sent_on_and_never_repeated(alone: Alone, body: Any, status: int, code: str) -> None:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = alone.client.post("/v1/partnerships", data=sent, headers={**alone.bearer(), "Content-Type": "application/json"})
    assert (response.status_code, said(response)["code"]) == (status, code)
    assert CANARY not in response.text + str(response.headers)
    assert alone.calls.asked == []


@pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in WRITES if route.in_path])
def test_a_body_must_not_say_again_what_the_path_says(alone: Alone, route: Route) -> None:
    body = {**body_of(route), route.in_path[0]: str(uuid4())}
    response = alone.client.post(path_of(route.path), json=body, headers=alone.bearer(permitted_to(route)))
    assert said(response)["errors"] == [
        {"pointer": f"/{route.in_path[0]}", "code": "extra_forbidden", "reason": "The path says this already."}
    ]
    assert alone.calls.asked == []


def test_every_fault_of_a_body_is_named_with_its_place(alone: Alone) -> None:
    errors = said(propose(alone, {"name": "", "org_unit": 3, "level": "strategic"}))["errors"]
    assert [error["pointer"] for error in errors] == ["/name", "/org_unit", "/setting"]


def test_an_id_in_a_path_that_is_none_is_refused(alone: Alone) -> None:
    response = alone.client.get("/v1/partnerships/nonsense", headers=alone.bearer())
    assert (response.status_code, said(response)["errors"][0]["pointer"]) == (422, "/partnership")


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_a_body_that_does_not_say_it_is_json_is_refused(alone: Alone, mimetype: str) -> None:
    response = alone.client.post("/v1/partnerships", data=json.dumps(PROPOSAL), headers={**alone.bearer(), "Content-Type": mimetype})
    assert (response.status_code, said(response)["code"]) == (415, "not_json")


def test_a_command_of_which_the_path_says_all_needs_no_body(alone: Alone) -> None:
    assert alone.client.post(path_of("/partnerships/{partnership}/activate"), headers=alone.bearer()).status_code == 200


def test_an_import_may_be_larger_than_other_messages(alone: Alone) -> None:
    example = EXAMPLES[next(route.contract for route in ROUTES if route.operation == "feedback.import_feedback")].model_dump(mode="json")
    comments = [{**example["comments"][0], "text": "a" * 7_000, "reference": str(number)} for number in range(100)]
    assert alone.client.post("/v1/feedback/import", json={**example, "comments": comments}, headers=alone.bearer()).status_code == 200
    response = alone.client.post("/v1/feedback/import", json={**example, "comments": comments * 2}, headers=alone.bearer())
    assert response.status_code == 413


# Queries


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=many", "limit=1.0", "limit=", "limit=1&limit=2", "unknown=1", f"{CANARY}=1", "partnership=1"]
)
def test_a_wrong_query_is_refused_and_not_repeated(alone: Alone, query: str) -> None:
    response = alone.client.get(f"{path_of('/partnerships/{partnership}/sessions')}?{query}", headers=alone.bearer())
    assert (response.status_code, said(response)["code"]) == (422, "invalid_message")
    assert CANARY not in response.text
    assert alone.calls.asked == []


@pytest.mark.parametrize("text", ["yes", "1", "True", ""])
def test_a_truth_is_true_or_false_and_nothing_else(alone: Alone, text: str) -> None:
    response = alone.client.get(f"{path_of('/partnerships/{partnership}/reports/{period}')}?quarters={text}", headers=alone.bearer())
    assert said(response)["errors"][0]["pointer"] == "/quarters"


def test_a_query_becomes_part_of_the_message(alone: Alone) -> None:
    address = path_of("/partnerships/{partnership}/reports/{period}")
    alone.client.get(f"{address}?quarters=true&as_known_at=2025-07-01T12:00:00%2B01:00", headers=alone.bearer())
    message = json.loads(alone.calls.asked[0].body)
    assert (message["quarters"], message["raw"], message["as_known_at"]) == (True, False, "2025-07-01T11:00:00Z")


# What comes out


def test_what_was_made_is_said_with_its_place_its_version_and_the_position_to_read_from(alone: Alone) -> None:
    id_ = uuid4()
    alone.calls.told["partnerships.propose_partnership"] = (
        Receipt(id=id_, version=1, source="partnerships", position=9).model_dump_json().encode()
    )
    response = propose(alone)
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/partnerships/{id_}"
    assert (response.headers["ETag"], response.headers["Comhar-Position"]) == ('"1"', "partnerships=9")


def test_what_has_not_changed_is_not_sent_again(alone: Alone) -> None:
    address, bearer = path_of("/partnerships/{partnership}"), alone.bearer()
    etag = alone.client.get(address, headers=bearer).headers["ETag"]
    assert etag == f'"{EXAMPLES[PartnershipDetail].model_dump()["version"]}"'
    response = alone.client.get(address, headers={**bearer, "If-None-Match": etag})
    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", etag)
    assert alone.client.get(address, headers={**bearer, "If-None-Match": '"999"'}).status_code == 200


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Invalid("in_the_future", "Later."), 422),
        (NotPermitted("role_not_permitted", "No."), 403),
        (NotFound("not_found", "There is none."), 404),
        (RuleBroken("partnership_closed", "It is closed."), 409),
        (Conflict("stale_version", "It has changed."), 409),
        (Unavailable("timeout", "Not now."), 503),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Refusal) else "",
)
def test_each_kind_of_refusal_has_its_status(alone: Alone, refusal: Refusal, status: int) -> None:
    alone.calls.told["partnerships.propose_partnership"] = refusal
    response = propose(alone)
    problem = said(response)
    assert (response.status_code, problem["code"], problem["detail"]) == (status, refusal.code, refusal.reason)
    assert problem["type"].startswith("urn:comhar:problem:")


def test_every_kind_of_refusal_is_in_the_table() -> None:
    assert {Invalid, NotPermitted, NotFound, RuleBroken, Conflict, Unavailable} == set(Refusal.kinds.values())


def test_a_refusal_names_its_fields(alone: Alone) -> None:
    error = FieldError(pointer="/member", code="not_a_member", reason="Nobody of this partnership.")
    alone.calls.told["partnerships.propose_partnership"] = RuleBroken("not_a_member", "No.", errors=(error,))
    assert said(propose(alone))["errors"] == [error.model_dump()]


def test_a_conflict_is_a_failed_precondition_when_the_version_was_named(alone: Alone) -> None:
    alone.calls.told["partnerships.activate_partnership"] = Conflict("stale_version", "It has changed.")
    assert activate(alone, If_Match='"3"').status_code == 412


@pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in WRITES])
def test_a_version_may_be_named_only_where_there_is_one(alone: Alone, route: Route) -> None:
    response = send(alone, route, {**alone.bearer(permitted_to(route)), "If-Match": '"3"'})
    if "{" not in route.path:
        assert (response.status_code, said(response)["code"]) == (400, "no_version_yet")
        assert alone.calls.asked == []
    else:
        assert response.status_code == 200
        assert alone.calls.asked[0].context.expected == 3


def test_what_is_not_available_says_when_to_ask_again(alone: Alone) -> None:
    alone.calls.told["partnerships.propose_partnership"] = Unavailable("timeout", "Not now.")
    assert propose(alone).headers["Retry-After"] == "1"


def test_a_fault_elsewhere_is_a_500_that_says_nothing(alone: Alone) -> None:
    alone.calls.told["partnerships.propose_partnership"] = RemoteFault(CANARY)
    response = propose(alone)
    assert (response.status_code, said(response)["code"]) == (500, "internal")
    assert CANARY not in response.text


def test_what_nobody_foresaw_is_logged_by_its_class_alone(alone: Alone, caplog: pytest.LogCaptureFixture) -> None:
    alone.calls.told["partnerships.propose_partnership"] = ZeroDivisionError(CANARY)
    caplog.handler.setFormatter(logs._Line())
    with caplog.at_level(logging.DEBUG):
        response = propose(alone)
    assert (response.status_code, said(response)["code"]) == (500, "internal")
    assert "ZeroDivisionError" in caplog.text
    assert {json.loads(line)["correlation"] for line in caplog.text.splitlines()} == {response.headers["X-Correlation-ID"]}
    assert CANARY not in response.text + caplog.text


REFUSED_HERE = {
    "no token": ("NotPermitted", "unauthenticated", lambda alone: alone.client.get("/v1/partnerships")),
    "a role": ("NotPermitted", "role_not_permitted", lambda alone: send(alone, WRITES[0], alone.bearer(SystemRole.member))),
    "a body": ("Invalid", "invalid_message", lambda alone: propose(alone, {})),
    "a header": ("Invalid", "invalid_header", lambda alone: propose(alone, Comhar_After="x")),
    "an address": ("NotFound", "no_such_address", lambda alone: alone.client.get("/v1/nowhere")),
    "a method": ("MethodNotAllowed", "method_not_allowed", lambda alone: alone.client.put("/v1/partnerships")),
    "a size": ("RequestEntityTooLarge", "too_large", lambda alone: propose(alone, {"name": "a" * 70_000})),
    "a wrong sign-in": ("NotPermitted", "unauthenticated", lambda alone: alone.client.post("/sign-in", data={"token": "x"})),
}


@pytest.mark.parametrize(("kind", "code", "ask"), REFUSED_HERE.values(), ids=REFUSED_HERE)
def test_what_is_refused_at_the_door_is_counted(alone: Alone, kind: str, code: str, ask: Callable[[Alone], TestResponse]) -> None:
    counter = metrics.refusals.labels("gateway", kind, code)
    before = counter._value.get()
    assert ask(alone).status_code >= 400
    assert counter._value.get() == before + 1


def test_what_a_service_refuses_is_counted_there_and_not_at_the_door(alone: Alone) -> None:
    alone.calls.told["partnerships.propose_partnership"] = RuleBroken("partnership_closed", "It is closed.")
    counter = metrics.refusals.labels("gateway", "RuleBroken", "partnership_closed")
    propose(alone)
    assert counter._value.get() == 0


# What HTTP itself refuses


def test_an_address_where_nothing_is_is_a_problem_too(alone: Alone) -> None:
    response = alone.client.get(f"/v1/{CANARY}")
    assert (response.status_code, said(response)["code"]) == (404, "no_such_address")
    assert CANARY not in response.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_a_method_that_is_not_taken_is_told_which_are(alone: Alone, method: str) -> None:
    response = alone.client.open("/v1/partnerships", method=method)
    assert (response.status_code, said(response)["code"]) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, POST"


def test_a_body_in_chunks_is_not_taken(alone: Alone) -> None:
    response = propose(alone, Transfer_Encoding="chunked")
    assert (response.status_code, said(response)["code"]) == (411, "length_required")
    assert alone.calls.asked == []


# What is open


def test_health_tells_everybody_whether_but_not_why(alone: Alone) -> None:
    assert alone.client.get("/health/live").status_code == 200
    assert alone.client.get("/health/ready").json == {"ready": True}
    alone.wrong["broker"] = "not connected"
    response = alone.client.get("/health/ready")
    assert (response.status_code, response.json) == (503, {"ready": False})


def test_every_answer_forbids_what_browsers_might_do_with_it(alone: Alone) -> None:
    for address in ("/v1/partnerships", "/openapi.json", "/health/live", "/sign-in", "/nowhere"):
        headers = alone.client.get(address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


def test_a_request_leaves_no_context_to_the_next_one_of_its_connection(alone: Alone) -> None:
    propose(alone)
    alone.client.get("/v1/nowhere")
    assert current() is None
