"""A thousand requests that nobody thought of, right ones and wrong ones, made from the API's own document: none meets anything unforeseen.

`COMHAR_TEST_API_CASES` says how many.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from math import ceil
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from deploy.client import Region
from services.gateway.service.ledger import paths
from services.gateway.service.openapi import document
from services.gateway.service.routes import PREFIX, ROUTES, Route
from tests.regions import Running, embedded

CASES = int(os.environ.get("COMHAR_TEST_API_CASES", "1000"))
EACH = ceil(CASES / len(ROUTES) / 2)
SCHEMA = schemathesis.openapi.from_dict(document("ABH"))
# What the document cannot tell: a version, a cursor and a key have to be ones that were given; ten wrong tokens are enough.
EXCLUDED = CHECKS.get_by_names(["positive_data_acceptance", "ignored_auth"])
TOO_LARGE = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG}
WRONG_FORM = {"invalid_message", "malformed_body"}


@dataclass(frozen=True)
class World:
    """A region in which there is something to find."""

    region: Running
    headers: dict[str, str]
    known: dict[str, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with embedded(tmp_path_factory.mktemp("cases"), "--demo") as region:
        api = region.region()
        known = {"partnership": api.get("/v1/partnerships")["items"][0]["id"], "period": "2025", "quarter": "2025Q4"}
        known["member"] = api.get(f"/v1/partnerships/{known['partnership']}")["members"][0]["id"]
        session = {"partnership": known["partnership"], "kind": "training", "mode": "online", "starts": datetime.now(UTC).isoformat()}
        known["session"] = api.post("/v1/sessions", session)["id"]
        known |= _discussed(api, f"/v1/sessions/{known['session']}", known["member"])
        held = api.get(f"/v1/partnerships/{known['partnership']}/sessions")["items"][0]["id"]
        known |= _begun(api, known["partnership"])
        known["unit"] = "REG_CASES"
        known["framework"] = "CASES"
        adopted = {"framework": "CASES", "edition": 1, "kind": "stages", "name": "Cases", "source": "Here", "valid_from": "2024-01-01"}
        api.post("/v1/frameworks", {**adopted, "elements": [{"code": "ONE", "name": "One"}]})
        api.post("/v1/org-units", {"unit": known["unit"], "level": "region", "name": "Cases", "on": "2024-03-01"})
        known["action"] = api.get(f"/v1/sessions/{held}")["actions"][0]["id"]
        known["feedback"] = api.get(f"/v1/partnerships/{known['partnership']}/feedback")["items"][0]["id"]
        yield World(region, {"Authorization": f"Bearer {region.token()}"}, known)


def _begun(api: Region, partnership: str) -> dict[str, str]:
    """A payment that is offered, a piece of work, and figures that are published."""
    member = api.get(f"/v1/partnerships/{partnership}")["members"][-1]["id"]
    card = {"edition": 3, "currency": "EUR", "rates": [{"kind": "travel", "amount": "20.00"}]}
    api.post(f"/v1/partnerships/{partnership}/rate-card", card)
    work = {"name": "Evening clinic", "stage": "co_design", "legal_basis": "none", "intended": "co_production"}
    return {
        "payment": api.post("/v1/payments", {"partnership": partnership, "member": member, "kind": "travel"})["id"],
        "work_item": api.post("/v1/work-items", {"partnership": partnership, **work})["id"],
        "figure": api.post(f"/v1/partnerships/{partnership}/reports/2025Q4/publications", {})["made"],
    }


def _discussed(api: Region, path: str, member: str) -> dict[str, str]:
    """A session in which somebody objects to something that is proposed."""
    api.post(f"{path}/invitations", {"members": [member]})
    item = api.post(f"{path}/agenda", {"title": "Lights", "origin": "standing"})["made"]
    api.post(f"{path}/agenda/{item}/method", {"method": "consent", "binding": "binding"})
    api.post(f"{path}/open", {"chaired_by": [member], "present": [member]})
    api.post(f"{path}/agenda/{item}/open", {})
    decision = api.post(f"{path}/agenda/{item}/proposals", {"title": "Lights", "text": "Off at night."})["made"]
    objection = api.post(f"{path}/decisions/{decision}/objections", {"member": member, "reason": "I read."})["made"]
    return {"item": item, "decision": decision, "objection": objection}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in ROUTES])
def test_no_request_meets_anything_unforeseen(world: World, route: Route, mode: GenerationMode) -> None:
    operation = SCHEMA[PREFIX + route.path][route.method]

    @settings(
        max_examples=EACH, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode), found=st.booleans())
    def meet(case: Any, found: bool) -> None:
        if found and mode is GenerationMode.POSITIVE:
            case.path_parameters = {name: world.known[name] for name in route.in_path}
        if mode is GenerationMode.POSITIVE and route.writes:
            case.headers["Idempotency-Key"] = str(uuid4())
        response = case.call(base_url=world.region.address, headers=world.headers)
        if mode is GenerationMode.NEGATIVE and response.status_code in TOO_LARGE:
            return  # refused by its size, before anything else of it was looked at
        case.validate_response(response, excluded_checks=EXCLUDED)
        said = json.loads(response.content) if response.content else {}
        assert mode is GenerationMode.NEGATIVE or said.get("code") not in WRONG_FORM, said
        UUID(response.headers["x-correlation-id"][0])

    meet()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("path", paths())
def test_no_request_to_the_ledger_meets_anything_unforeseen(world: World, path: str, mode: GenerationMode) -> None:
    [method] = paths()[path]
    operation = SCHEMA[path][method.upper()]

    @settings(
        max_examples=EACH, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def meet(case: Any) -> None:
        response = case.call(base_url=world.region.address, headers=world.headers)
        if mode is GenerationMode.NEGATIVE and response.status_code in TOO_LARGE:
            return
        case.validate_response(response, excluded_checks=EXCLUDED)
        UUID(response.headers["x-correlation-id"][0])

    meet()


def test_nothing_failed_meanwhile(world: World) -> None:
    assert " failed: " not in world.region.logs()
