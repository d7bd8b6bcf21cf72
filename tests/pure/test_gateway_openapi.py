import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from contracts.permissions import PERMISSIONS
from services.gateway.service.openapi import document
from services.gateway.service.routes import ROUTES, Route
from tests.gateway_fixture import Alone, tokens

DOCUMENT = document("ABH")
OPERATIONS = {operation["operationId"]: operation for path in DOCUMENT["paths"].values() for operation in path.values()}
BY_OPERATION = [pytest.param(route, id=route.operation) for route in ROUTES]


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


def test_the_document_is_served_as_it_is(tmp_path: Path) -> None:
    ours = tokens(tmp_path)
    assert Alone(ours).client.get("/openapi.json").json == json.loads(json.dumps(DOCUMENT))
    ours.close()


def test_every_operation_of_the_table_is_in_the_document_and_no_other() -> None:
    ledger = {"audit.add_checkpoint", "audit.read_checkpoint", "audit.read_ledger", "audit.prove_entry"}
    assert set(OPERATIONS) == {route.operation for route in ROUTES} | ledger


@pytest.mark.parametrize("route", BY_OPERATION)
def test_every_operation_tells_who_may_do_it(route: Route) -> None:
    assert set(OPERATIONS[route.operation]["x-roles"]) == PERMISSIONS[route.operation]


@pytest.mark.parametrize("route", BY_OPERATION)
def test_every_operation_shows_an_example_of_what_goes_in_and_what_comes_out(route: Route) -> None:
    operation = OPERATIONS[route.operation]
    assert "example" in operation["responses"][str(route.status)]["content"]["application/json"]
    if route.writes:
        example = operation["requestBody"]["content"]["application/json"]["example"]
        assert not set(route.in_path) & set(example)
        in_path = {parameter["name"]: parameter["example"] for parameter in operation["parameters"] if parameter.get("in") == "path"}
        route.contract.parse(json.dumps({**example, **in_path}).encode())


@pytest.mark.parametrize("route", BY_OPERATION)
def test_every_refusal_is_told_as_a_problem(route: Route) -> None:
    responses = OPERATIONS[route.operation]["responses"]
    assert {"400", "401", "403", "404", "422", "429", "500", "503"} <= set(responses)
    assert ("409" in responses, "413" in responses) == (route.writes, route.writes)
    for status, response in DOCUMENT["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], status


def test_writes_alone_need_an_idempotency_key() -> None:
    reference = {"$ref": "#/components/parameters/Idempotency-Key"}
    assert {name for name, operation in OPERATIONS.items() if reference in operation["parameters"]} == {
        route.operation for route in ROUTES if route.writes
    }
    assert DOCUMENT["components"]["parameters"]["Idempotency-Key"]["required"]


def test_a_version_is_asked_for_only_where_there_is_one() -> None:
    reference = {"$ref": "#/components/parameters/If-Match"}
    conditional = {name for name, operation in OPERATIONS.items() if reference in operation["parameters"]}
    assert conditional == {name for name, operation in OPERATIONS.items() if "412" in operation["responses"]}
    unborn = {route.operation for route in ROUTES if route.place} | {"feedback.import_feedback", "sessions.plan_series"}
    verbs = ("open_org_unit", "reorganise_org_units", "bind_org_units", "adopt_framework")
    of_the_region = {f"partnerships.{verb}" for verb in verbs}
    assert conditional == {route.operation for route in ROUTES if route.writes} - unborn - of_the_region


def test_times_are_told_with_the_form_that_is_insisted_on() -> None:
    happened = OPERATIONS["partnerships.propose_partnership"]["requestBody"]["content"]["application/json"]["schema"]["properties"][
        "happened"
    ]
    [form] = [choice for choice in happened["anyOf"] if choice.get("type") == "string"]
    assert form["format"] == "date-time"
    assert form["pattern"].startswith("^(19|20|21)")


def test_a_parameter_that_is_absent_is_not_told_as_null() -> None:
    [to_entry] = [one for one in OPERATIONS["audit.replay_partnership"]["parameters"] if one.get("name") == "to_entry"]
    assert to_entry["schema"]["type"] == "integer"
    assert "null" not in json.dumps(to_entry)
