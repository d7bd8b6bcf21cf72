"""The history in other shapes: what the published definitions of FHIR R4 and PROV-JSON require, and nothing left out."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from contracts.vocabulary import Shape
from deploy.shapes import shaped
from tests.exports import MadeLog
from tests.pure.test_export import publish

# hl7.org/fhir/R4/auditevent.html and provenance.html: elements with cardinality 1..1 or 1..*, and required value sets.
AUDIT_EVENT = {"type", "recorded", "agent", "source"}
ACTIONS, OUTCOMES = {"C", "R", "U", "D", "E"}, {"0", "4", "8", "12"}
PROVENANCE = {"target", "recorded", "agent"}
ENTITY_ROLES = {"derivation", "revision", "quotation", "source", "removal"}
# w3.org/Submission/prov-json: what a document may hold of that we write, and what each relation must name.
RELATIONS = {
    "wasGeneratedBy": ("prov:entity", "entity"),
    "wasAttributedTo": ("prov:entity", "entity"),
    "wasDerivedFrom": ("prov:generatedEntity", "entity"),
}


def written(log: MadeLog, shape: Shape) -> bytes:
    def entries() -> Iterable[tuple[int, bytes]]:
        return enumerate(log.lines, 1)

    return b"".join(shaped(shape, entries))


@pytest.fixture
def log(tmp_path: Path) -> MadeLog:
    found = MadeLog(envelope={"correlation": "c", "causation": "10000000-0000-4000-8000-000000000001"})
    found.grow(60)
    publish(found, tmp_path / "tiles")
    found.add("gateway", "gateway.AccessRecorded.v1", operation="audit.export", reason="audit", on_behalf_of="ombudsman")
    return found


def resources(log: MadeLog, kind: str) -> Iterator[dict[str, Any]]:
    bundle = json.loads(written(log, Shape.fhir))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    return (one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind)


def test_lines_are_those_of_the_history(log: MadeLog) -> None:
    assert written(log, Shape.ndjson).splitlines() == log.lines


def test_every_entry_is_an_audit_event_with_what_fhir_requires(log: MadeLog) -> None:
    events = list(resources(log, "AuditEvent"))
    assert [event["id"] for event in events] == [f"entry-{number}" for number in range(1, len(log.lines) + 1)]
    for event in events:
        assert event.keys() >= AUDIT_EVENT
        assert (event["action"] in ACTIONS, event["outcome"] in OUTCOMES) == (True, True)
        assert event["type"].keys() >= {"system", "code"}
        assert all(isinstance(agent["requestor"], bool) and agent["who"] for agent in event["agent"])
        assert event["source"]["observer"]["identifier"]["value"].startswith("ABH/")
        assert all(detail.keys() == {"type", "valueString"} for entity in event["entity"] for detail in entity["detail"])


def test_a_look_is_a_read_with_its_reason_and_for_whom(log: MadeLog) -> None:
    look = list(resources(log, "AuditEvent"))[-1]
    assert (look["action"], look["subtype"][0]["code"], look["purposeOfEvent"]) == ("R", "read", [{"text": "audit"}])
    assert [agent["requestor"] for agent in look["agent"]] == [True, False]


def test_a_figure_has_a_provenance_that_names_its_entries(log: MadeLog) -> None:
    (figure,) = resources(log, "Provenance")
    assert figure.keys() >= PROVENANCE
    assert {entity["role"] for entity in figure["entity"]} <= ENTITY_ROLES
    assert len(figure["entity"]) == 3
    named = {f"AuditEvent/{event['id']}" for event in resources(log, "AuditEvent")}
    assert all(entity["what"]["reference"] in named for entity in figure["entity"])


def test_prov_names_nothing_it_does_not_hold(log: MadeLog) -> None:
    document = json.loads(written(log, Shape.prov))
    assert len(document["entity"]) == len(log.lines)
    for relation, (subject, kind) in RELATIONS.items():
        assert document[relation]
        assert all(one[subject] in document[kind] for one in document[relation].values())
    assert {one["prov:agent"] for one in document["wasAttributedTo"].values()} == {*document["agent"]}
    assert {one["prov:activity"] for one in document["wasGeneratedBy"].values()} == {*document["activity"]}
    assert len(document["wasDerivedFrom"]) == 2


@pytest.mark.parametrize("shape", [Shape.fhir, Shape.prov])
def test_an_empty_history_is_still_a_document(shape: Shape) -> None:
    assert json.loads(b"".join(shaped(shape, lambda: iter(()))))


def test_a_parquet_file_has_a_row_for_each_entry_with_its_line(log: MadeLog, tmp_path: Path) -> None:
    (tmp_path / "entries.parquet").write_bytes(written(log, Shape.parquet))
    table = parquet.read_table(tmp_path / "entries.parquet")
    assert table.column("line").to_pylist() == log.lines
    assert table.column("entry").to_pylist() == list(range(1, len(log.lines) + 1))
    row, said = table.to_pylist()[0], json.loads(log.lines[0])
    assert (row["type"], row["position"], row["stream"]) == (said["type"], int(said["sequence"]), said["subject"])
    assert row["recorded"] == datetime.fromisoformat(said["data"]["recorded"])


def test_without_its_package_parquet_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(LookupError, match="pip install"):
        list(shaped(Shape.parquet, lambda: iter(())))
