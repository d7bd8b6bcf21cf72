"""Entries of the history in shapes that other tools read: lines of JSON, FHIR R4 (AuditEvent, Provenance), W3C PROV-JSON, Parquet.

They are views: nothing can be proved with them but what their entry numbers point at in an export. Each is written while entries pass,
so its size does not matter.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from contracts.gateway import AccessRecorded
from contracts.reporting import FigurePublished, FigureTraced
from contracts.vocabulary import Shape
from shared.ranges import opened

Numbered = Callable[[], Iterable[tuple[int, bytes]]]
"""All entries with their numbers, as often as they are asked for."""

# HL7 FHIR R4 (4.0.1): AuditEvent and Provenance; IHE Basic Audit Log Patterns 1.1.3: a RESTful operation, an agent who asked for it.
_EVENT_TYPE = {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest", "display": "RESTful Operation"}
_INTERACTION = "http://hl7.org/fhir/restful-interaction"
_APPLICATION = {"system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "4", "display": "Application Server"}
_OBJECT = {"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "2", "display": "System Object"}
_RESOURCE = {"system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "4", "display": "Domain Resource"}
_AUTHOR = {"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": "author", "display": "Author"}
_OURS = "urn:comhar"
_ROWS = 5_000


def shaped(shape: Shape, entries: Numbered) -> Iterator[bytes]:
    """The pieces of the file; raises `LookupError` for one that needs a package which is not here."""
    match shape:
        case Shape.ndjson:
            return (line + b"\n" for _, line in entries())
        case Shape.fhir:
            return _listed(b'{"resourceType":"Bundle","type":"collection","entry":[\n', _fhir(entries()), b"\n]}\n")
        case Shape.prov:
            return _prov(entries)
        case Shape.parquet:
            return _parquet(entries())


def audit_event(number: int, line: bytes) -> dict[str, Any]:
    """One entry as a FHIR AuditEvent: who did or read what, when, in what role and why."""
    said = json.loads(line)
    fact, (_, region, service) = said["data"], said["source"].split("/")
    reads = said["type"] == AccessRecorded.type
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": f"entry-{number}",
        "type": _EVENT_TYPE,
        "subtype": [{"system": _INTERACTION, "code": "read" if reads else "create"}],
        "action": "R" if reads else "C",
        "recorded": fact["recorded"],
        "outcome": "0",
        "agent": [_agent(fact), *([_agent(fact, fact["on_behalf_of"])] if fact.get("on_behalf_of") else [])],
        "source": {"observer": {"identifier": {"system": f"{_OURS}:service", "value": f"{region}/{service}"}}, "type": [_APPLICATION]},
        "entity": [
            {
                "what": {"identifier": {"system": f"{_OURS}:stream", "value": said["subject"]}},
                "type": _OBJECT,
                "role": _RESOURCE,
                "detail": [
                    {"type": "entry", "valueString": str(number)},
                    {"type": "fact", "valueString": said["type"]},
                    {"type": "position", "valueString": said["sequence"]},
                ],
            }
        ],
    }
    return event | ({"purposeOfEvent": [{"text": fact["reason"]}]} if fact.get("reason") else {})


def provenance(number: int, figure: dict[str, Any], behind: Iterable[int]) -> dict[str, Any]:
    """A published figure as a FHIR Provenance: from which entries, by whom."""
    return {
        "resourceType": "Provenance",
        "id": f"figure-{figure['figure']}",
        "target": [{"identifier": {"system": f"{_OURS}:figure", "value": figure["figure"]}}],
        "recorded": figure["recorded"],
        "agent": [{"type": {"coding": [_AUTHOR]}, "who": {"identifier": {"system": f"{_OURS}:actor", "value": figure["actor"]}}}],
        "entity": [{"role": "source", "what": {"reference": f"AuditEvent/entry-{entry}"}} for entry in (number, *behind)],
    }


def _agent(fact: dict[str, Any], on_behalf_of: str | None = None) -> dict[str, Any]:
    who = {"identifier": {"system": f"{_OURS}:actor", "value": on_behalf_of or fact["actor"]}}
    role = {"coding": [{"system": f"{_OURS}:role", "code": fact["role"]}]}
    return {"who": who, "requestor": False} if on_behalf_of else {"who": who, "requestor": True, "role": [role]}


def _fhir(entries: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    figures = _Figures()
    for number, line in entries:
        figures.watch(number, line)
        yield _resource(audit_event(number, line))
    for number, figure, behind in figures.all():
        yield _resource(provenance(number, figure, behind))


def _resource(resource: dict[str, Any]) -> bytes:
    return _json({"fullUrl": f"{_OURS}:{resource['resourceType']}:{resource['id']}", "resource": resource})


def _prov(entries: Numbered) -> Iterator[bytes]:
    """W3C PROV-JSON (member submission of 24 April 2013): entries are entities, requests activities, actors agents."""
    figures = _Figures()
    yield b'{"prefix":{"comhar":"urn:comhar:"},\n"entity":{\n'
    agents: dict[str, bytes] = {}
    yield from _listed(b"", _entities(entries(), figures, agents), b"\n},\n")
    yield from _listed(b'"agent":{\n', iter(agents.values()), b"\n},\n")
    yield from _listed(b'"activity":{\n', _activities(entries()), b"\n},\n")
    yield from _listed(b'"wasGeneratedBy":{\n', _generated(entries()), b"\n},\n")
    yield from _listed(b'"wasAttributedTo":{\n', _attributed(entries()), b"\n},\n")
    yield from _listed(b'"wasDerivedFrom":{\n', _derived(figures), b"\n}}\n")


def _entities(entries: Iterable[tuple[int, bytes]], figures: _Figures, agents: dict[str, bytes]) -> Iterator[bytes]:
    for number, line in entries:
        figures.watch(number, line)
        said = json.loads(line)
        actor = f"comhar:actor/{said['data']['actor']}"
        agents.setdefault(actor, _member(actor, {"prov:type": "prov:Agent"}))
        about = {"prov:type": f"comhar:{said['type']}", "comhar:source": said["source"], "comhar:position": int(said["sequence"])}
        yield _member(f"comhar:entry/{number}", about)


def _activities(entries: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    known: set[str] = set()
    for _, line in entries:
        fact = json.loads(line)["data"]
        if fact["causation"] not in known:
            known.add(fact["causation"])
            yield _member(f"comhar:request/{fact['causation']}", {"prov:startTime": fact["recorded"], "prov:endTime": fact["recorded"]})


def _generated(entries: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    for number, line in entries:
        fact = json.loads(line)["data"]
        made = {"prov:entity": f"comhar:entry/{number}", "prov:activity": f"comhar:request/{fact['causation']}"}
        yield _member(f"_:g{number}", {**made, "prov:time": fact["recorded"]})


def _attributed(entries: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    for number, line in entries:
        actor = json.loads(line)["data"]["actor"]
        yield _member(f"_:a{number}", {"prov:entity": f"comhar:entry/{number}", "prov:agent": f"comhar:actor/{actor}"})


def _derived(figures: _Figures) -> Iterator[bytes]:
    for number, _, behind in figures.all():
        for entry in behind:
            derived = {"prov:generatedEntity": f"comhar:entry/{number}", "prov:usedEntity": f"comhar:entry/{entry}"}
            yield _member(f"_:d{number}-{entry}", derived)


class _Figures:
    """The publications among entries, and the entries that their numbers were counted from."""

    def __init__(self) -> None:
        self._facts: dict[str, tuple[int, dict[str, Any]]] = {}
        self._behind: dict[str, set[int]] = {}

    def watch(self, number: int, line: bytes) -> None:
        kind, state = opened(line)
        if kind == FigurePublished.type:
            fact = json.loads(state)
            self._facts[fact["figure"]] = number, fact
        elif kind == FigureTraced.type:
            part = json.loads(state)
            runs = [run for one in part["numbers"] for run in one["entries"]]
            entries = (entry for first, last in runs for entry in range(first, last + 1))
            self._behind.setdefault(part["figure"], set()).update(entries)

    def all(self) -> Iterator[tuple[int, dict[str, Any], list[int]]]:
        for figure, (number, fact) in self._facts.items():
            yield number, fact, sorted(self._behind.get(figure, ()))


def _listed(before: bytes, parts: Iterator[bytes], after: bytes) -> Iterator[bytes]:
    yield before + next(parts, b"")
    yield from (b",\n" + part for part in parts)
    yield after


def _member(name: str, value: dict[str, Any]) -> bytes:
    return _json(name) + b":" + _json(value)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _parquet(entries: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    """A row for each entry: its envelope in columns, and the line itself; some thousand rows are held at a time."""
    try:
        import pyarrow as pa  # noqa: PLC0415  40 megabytes that nothing else needs
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise LookupError("writing Parquet takes the package pyarrow: pip install 'comhar[parquet]'") from None
    time = pa.timestamp("us", tz="UTC")
    words = [(name, pa.string()) for name in ("region", "service", "type", "stream", "partnership", "actor", "role", "reason")]
    numbers = [(name, pa.int64()) for name in ("entry", "position", "version")]
    schema = pa.schema([*numbers, *words, ("happened", time), ("recorded", time), ("line", pa.binary())])
    coming, written = iter(entries), _Pieces()
    with parquet.ParquetWriter(written, schema, compression="zstd") as writer:
        while rows := [_row(number, line) for number, line in islice(coming, _ROWS)]:
            writer.write_table(pa.Table.from_pylist(rows, schema))
            yield written.taken()
    yield written.taken()


def _row(number: int, line: bytes) -> dict[str, Any]:
    said = json.loads(line)
    fact, (_, region, service) = said["data"], said["source"].split("/")
    return {
        "entry": number,
        "position": int(said["sequence"]),
        "version": fact["version"],
        "region": region,
        "service": service,
        "type": said["type"],
        "stream": said["subject"],
        **{name: fact.get(name) for name in ("partnership", "actor", "role", "reason")},
        **{name: datetime.fromisoformat(fact[name]) for name in ("happened", "recorded")},
        "line": line,
    }


class _Pieces(io.RawIOBase):
    """A file whose content is taken away as it is written."""

    def __init__(self) -> None:
        self._content = bytearray()
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, piece: Any) -> int:
        self._content += piece
        self._at += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        content = bytes(self._content)
        self._content.clear()
        return content
