"""The ledger, its proofs and the witness over HTTP."""

import json
from http import HTTPStatus

import pytest
from werkzeug.test import TestResponse

from contracts.audit import WitnessAnswer
from contracts.errors import NotFound
from contracts.gateway import AccessRecorded
from contracts.permissions import may
from contracts.vocabulary import SystemRole
from shared.upcasting import read_fact
from tests.gateway_fixture import Alone

AUDITOR = SystemRole.governance_auditor
CHECKPOINT = "comhar/ABH\n1\nn4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=\n\n— comhar/ABH AAAA\n".encode()
PROOF = b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + CHECKPOINT


@pytest.fixture
def alone(gateway: Alone) -> Alone:
    alone = gateway.anew()
    alone.calls.told["audit.read_ledger"] = CHECKPOINT
    alone.calls.told["audit.prove_entry"] = PROOF
    alone.calls.told["audit.add_checkpoint"] = witness(HTTPStatus.OK, "— w AAAA\n")
    return alone


def witness(status: HTTPStatus, body: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    return WitnessAnswer(status=status, type=kind, body=body).model_dump_json().encode()


def refused(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    return response.status_code, json.loads(response.data)["code"]


def test_whoever_comes_to_the_witness_is_heard_without_a_token(alone: Alone) -> None:
    response = alone.client.post("/witness/add-checkpoint", data=b"old 0\n\n\xe2\x80\x94")
    assert (response.status_code, response.data, response.content_type) == (200, "— w AAAA\n".encode(), "text/plain; charset=utf-8")
    [asked] = alone.calls.asked
    assert (asked.service, asked.method, asked.body) == ("audit", "add_checkpoint", b"old 0\n\n\xe2\x80\x94")
    assert (asked.context.role, asked.context.actor) == ("ledger", "ledger")


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_the_witness_refuses_in_its_own_words(alone: Alone, status: int) -> None:
    alone.calls.told["audit.add_checkpoint"] = witness(HTTPStatus(status), "no\n")
    response = alone.client.post("/witness/add-checkpoint", data=b"x")
    assert (response.status_code, response.data, response.mimetype) == (status, b"no\n", "text/plain")


def test_a_conflict_tells_the_size_and_nothing_else(alone: Alone) -> None:
    alone.calls.told["audit.add_checkpoint"] = witness(HTTPStatus.CONFLICT, "29\n", "text/x.tlog.size")
    response = alone.client.post("/witness/add-checkpoint", data=b"x")
    assert (response.status_code, response.data, response.headers["Content-Type"]) == (409, b"29\n", "text/x.tlog.size")


def test_a_request_for_the_witness_has_an_end(alone: Alone) -> None:
    assert refused(alone.client.post("/witness/add-checkpoint", data=b"x" * 65_537)) == (413, "too_large")
    assert alone.client.post("/witness/add-checkpoint", data=b"x" * 65_536).status_code == 200
    assert refused(alone.client.get("/witness/add-checkpoint")) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("address", "path", "kind", "kept"),
    [
        ("/ledger/checkpoint", "checkpoint", "text/plain; charset=utf-8", "private, max-age=1"),
        ("/ledger/tile/0/x001/067", "tile/0/x001/067", "application/octet-stream", "private, max-age=31536000, immutable"),
        ("/ledger/tile/entries/000", "tile/entries/000", "application/octet-stream", "private, max-age=31536000, immutable"),
        ("/ledger/tile/entries/000.p/29", "tile/entries/000.p/29", "application/octet-stream", "private, max-age=3600"),
    ],
)
def test_a_file_of_the_ledger_is_served_as_it_is(alone: Alone, address: str, path: str, kind: str, kept: str) -> None:
    response = alone.client.get(address, headers=alone.bearer(AUDITOR))
    assert (response.status_code, response.data, response.headers["Content-Type"]) == (200, CHECKPOINT, kind)
    assert response.headers["Cache-Control"] == kept
    assert json.loads(alone.calls.asked[0].body) == {"path": path}


def test_a_file_that_is_not_there_is_not_found(alone: Alone) -> None:
    alone.calls.told["audit.read_ledger"] = NotFound("no_such_file", "The ledger has no such file.", field="path")
    assert refused(alone.client.get("/ledger/tile/0/999", headers=alone.bearer(AUDITOR))) == (404, "no_such_file")
    assert refused(alone.client.get("/ledger/tile/" + "x001/" * 100, headers=alone.bearer(AUDITOR))) == (422, "invalid_message")
    assert refused(alone.client.get("/ledger/else", headers=alone.bearer(AUDITOR))) == (404, "no_such_address")


@pytest.mark.parametrize("role", SystemRole)
@pytest.mark.parametrize(
    ("address", "operation"),
    [
        ("/ledger/checkpoint", "audit.read_ledger"),
        ("/ledger/tile/0/000", "audit.read_ledger"),
        ("/v1/audit/entries/1/proof", "audit.prove_entry"),
    ],
)
def test_the_ledger_is_shown_to_those_who_oversee(alone: Alone, role: SystemRole, address: str, operation: str) -> None:
    response = alone.client.get(address, headers=alone.bearer(role))
    assert (response.status_code == 200) == may(role, operation)
    if response.status_code != 200:
        assert refused(response) == (403, "role_not_permitted")
    assert refused(alone.client.get(address)) == (401, "unauthenticated")


def test_a_proof_is_a_file_and_leaves_a_record(alone: Alone) -> None:
    response = alone.client.get("/v1/audit/entries/29/proof", headers=alone.bearer(AUDITOR) | {"Comhar-Reason": "audit"})
    assert (response.status_code, response.data, response.mimetype) == (200, PROOF, "text/plain")
    assert response.headers["Content-Disposition"] == 'attachment; filename="29.tlog-proof"'
    assert json.loads(alone.calls.asked[0].body) == {"entry": 29}
    row = alone.tokens.recorder.select_notifications(0, 1_000, inclusive_of_start=False)[-1]
    looked = read_fact(row.topic, row.state)
    assert isinstance(looked, AccessRecorded)
    assert (looked.operation, looked.reason) == ("audit.prove_entry", "audit")


@pytest.mark.parametrize("entry", ["-1", "x", "1.5", "9" * 30])
def test_what_is_no_entry_is_refused(alone: Alone, entry: str) -> None:
    assert refused(alone.client.get(f"/v1/audit/entries/{entry}/proof", headers=alone.bearer(AUDITOR))) == (422, "invalid_message")
    assert alone.calls.asked == []
