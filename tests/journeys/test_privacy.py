"""Fionnuala withdraws and asks to be forgotten: her words are in no file any more, every figure and every fact stays as it was."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg
import pytest

from contracts.model import Command, Contract, Receipt
from deploy.cli.data import DEMO
from deploy.client import Refused, Region
from services.audit.ledger.tiles import Tiles
from services.gateway.service.routes import PREFIX, ROUTES
from shared.sealing import Keys
from tests.every_command import Story, personal_fields
from tests.regions import Running, embedded, production
from tests.server_process import wait_until
from tests.servers_fixture import PostgresServer, RabbitServer

VERIFY = Path(__file__).parents[2] / "deploy" / "verify.py"
YEAR = json.loads(DEMO.read_text())
PERIODS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025")
SAID = "Redshank-canary: my letters went to the wrong house"
FORGOTTEN_WITHIN_SECONDS = 60


@dataclass
class Tables:
    """A region's databases as whoever owns the machine sees them."""

    region: Running
    postgres: PostgresServer | None

    def rows(self, service: str, place: str, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._open(service, place) as connection:
            return list(connection.execute(statement, params).fetchall())

    @property
    def folders(self) -> list[Path]:
        return [self.region.folder, *([self.postgres.directory] if self.postgres else [])]

    @property
    def mark(self) -> str:
        return "%s" if self.postgres else "?"

    @property
    def master(self) -> bytes:
        folder = self.region.folder if self.postgres else self.region.folder / "data"
        return (folder / "master.key").read_bytes()

    def dumps(self) -> bytes:
        """What a back-up of the databases would hold."""
        if self.postgres:
            return subprocess.run(["pg_dump", self._address], capture_output=True, check=True).stdout
        return b"".join(
            "\n".join(connection.iterdump()).encode()
            for path in self.region.folder.rglob("*.db")
            for connection in [sqlite3.connect(f"file:{path}?mode=ro", uri=True)]
        )

    @property
    def _address(self) -> str:
        assert self.postgres
        database = Path(self.region.environment["COMHAR_DATABASE_FILE"]).read_text().rpartition("/")[2]
        return f"{self.postgres.url.rpartition('/')[0]}/{database}"

    @contextmanager
    def _open(self, service: str, place: str) -> Iterator[Any]:
        if self.postgres:
            schema = service if place == "facts" else f"{service}_{place}"
            with psycopg.connect(self._address, options=f"-c search_path={schema}") as server:
                yield server
        else:
            path = self.region.folder / "data" / service / f"{place}.db"
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
                yield file


@dataclass
class Fionnuala:
    """What the region holds of her."""

    tables: Tables
    partnership: str
    member: str
    said: str
    secrets: list[bytes] = field(default_factory=list)

    def collect(self) -> None:
        """Remember her wrapped keys and the ciphertexts of her words, to look for them afterwards."""
        keys = Keys.__new__(Keys)
        keys._master = self.tables.master
        subjects = {
            "partnerships": self.member,
            "sessions": str(keys.pseudonym("person", "sessions", self.member)),
            "feedback": str(keys.pseudonym("person", "feedback", self.member, self.said)),
        }
        for service, subject in subjects.items():
            boxes = f"SELECT ciphertext FROM sealed WHERE subject = {self.tables.mark}"
            wrapped = f"SELECT wrapped FROM subject_key WHERE subject = {self.tables.mark}"
            found = [bytes(row[0]) for row in self.tables.rows(service, "facts", boxes, [subject])]
            found += [bytes(row[0]) for row in self.tables.rows(service, "keys", wrapped, [subject])]
            assert len(found) >= 2, service
            self.secrets += found

    def somewhere(self) -> list[str]:
        """The files in which a key or a box of hers still is."""
        found = []
        for path in (path for folder in self.tables.folders for path in folder.rglob("*") if path.is_file()):
            content = _content(path)
            found += [str(path)] if any(secret in content for secret in self.secrets) else []
        return found


def _content(path: Path) -> bytes:
    """What is in a file; nothing if it has just been removed."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return b""


@pytest.fixture(scope="module")
def own_embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A region of our own: somebody is forgotten in it for good."""
    with embedded(tmp_path_factory.mktemp("forgetting"), "--demo") as running:
        yield running


@pytest.fixture(scope="module", params=["embedded", "production"])
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """Regions of our own, on both profiles."""
    if request.param == "embedded":
        yield Tables(request.getfixturevalue("own_embedded"), None)
    else:
        rabbit, postgres = (request.getfixturevalue(server) for server in ("rabbit", "postgres"))
        with production(tmp_path_factory.mktemp("forgetting"), rabbit, postgres) as running:
            running.run("demo", "load")
            yield Tables(running, postgres)


@pytest.fixture
def region(tables: Tables) -> Running:
    return tables.region


@pytest.fixture
def fionnuala(tables: Tables) -> Fionnuala:
    """A carer of the demo year, who also raised an item and said something under her own id."""
    api = tables.region.region()
    partnership = next(item["id"] for item in api.every("/v1/partnerships") if item["name"] == YEAR["name"])
    members = api.get(f"/v1/partnerships/{partnership}")["members"]
    wanted = next(member for member in YEAR["members"] if member["id"] == "M06")
    member = next(one["id"] for one in members if one["name"] in {wanted["name"], None} and one["role"] == "carer")
    plan = {"partnership": partnership, "kind": "trialogue", "mode": "online", "starts": "2025-11-05T11:00:00Z"}
    session = api.post("/v1/sessions", plan)["id"]
    item = {"title": "Dotterel-canary", "origin": "raised_by_member", "raised_by": member}
    api.post(f"/v1/sessions/{session}/agenda", item)
    said = {"kind": "concern", "relation": "carer", "anonymity": "named", "channel": "web", "text": SAID, "author": member}
    return Fionnuala(tables, partnership, member, api.post("/v1/feedback", {**said, "partnership": partnership})["id"])


def _reports(api: Region, partnership: str, as_known_at: str) -> list[Any]:
    path = f"/v1/partnerships/{partnership}/reports"
    return [api.get(f"{path}/{period}", raw="true", as_known_at=as_known_at) for period in PERIODS]


def _lines(tables: Tables, upto: int) -> list[bytes]:
    rows = tables.rows("audit", "views", f"SELECT line FROM entry WHERE number <= {tables.mark} ORDER BY number", [upto])
    return [bytes(line) for (line,) in rows]


def test_fionnuala_is_forgotten_and_nothing_else_changes(tables: Tables, region: Running, fionnuala: Fionnuala) -> None:
    """Domain, section 8.E."""
    officer, auditor, coordinator = (region.region(role) for role in ("data_protection_officer", "governance_auditor", "regional_operator"))
    fionnuala.collect()
    assert fionnuala.somewhere()
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    figures = _reports(auditor, fionnuala.partnership, now)
    entries = auditor.get("/v1/audit/completeness")["entries"]
    lines = _lines(tables, entries)

    began = time.monotonic()
    report = region.json("person", "erase", fionnuala.member, "--basis", "consent_withdrawn")
    wait_until(lambda: not fionnuala.somewhere(), "no file holds her keys or her words", FORGOTTEN_WITHIN_SECONDS)
    assert time.monotonic() - began < FORGOTTEN_WITHIN_SECONDS

    assert {one["service"]: one["keys"] for one in report["erased"]} == {"partnerships": 1, "sessions": 1, "feedback": 1}
    assert report["basis"] == "consent_withdrawn"
    assert report["backups_until"] > report["completed"][:10]
    dump = tables.dumps()
    assert not [secret for secret in fionnuala.secrets if secret in dump or secret.hex().encode() in dump.lower()]
    told = dump + "".join((region.logs(), *map(region.metrics, region.processes))).encode()
    assert b"Redshank-canary" not in told
    assert b"Fionnuala" not in told

    member = next(one for one in coordinator.get(f"/v1/partnerships/{fionnuala.partnership}")["members"] if one["id"] == fionnuala.member)
    assert (member["name"], member["forgotten"], member["end_reason"]) == (None, True, "consent_withdrawn")
    detail = coordinator.get(f"/v1/feedback/{fionnuala.said}")
    assert (detail["text"], detail["forgotten"]) == (None, True)
    plan = {"partnership": fionnuala.partnership, "kind": "partnership_meeting", "mode": "online", "starts": "2025-12-15T11:00:00Z"}
    session = coordinator.post("/v1/sessions", plan)["id"]
    with pytest.raises(Refused, match=r"membership_ended|person_forgotten"):
        coordinator.post(f"/v1/sessions/{session}/invitations", {"members": [fionnuala.member]})
    coordinator.post(f"/v1/sessions/{session}/cancel", {"reason": "other"})

    assert _reports(auditor, fionnuala.partnership, now) == figures
    assert _lines(tables, entries) == lines
    assert auditor.get("/v1/audit/completeness")["whole"]
    assert officer.get(f"/v1/persons/{fionnuala.member}/erasure") == report
    again = region.json("person", "erase", fionnuala.member, "--basis", "objection")
    assert again == report


class Canaries:
    """Words that are nowhere else, one for each time a field takes somebody's words; what answered holds none of them."""

    def __init__(self, region: Running) -> None:
        self._region = region
        self._callers = {role: region.region(role) for role in ("regional_operator", "finance_officer", "data_protection_officer")}
        self.fields: set[tuple[type[Contract], str]] = set()
        self.words: list[str] = []

    def word(self, kind: type[Contract], field: str) -> str:
        """A new canary for a field."""
        self.fields.add((kind, field))
        self.words.append(f"Sanderling-canary-{len(self.words)}-{kind.__name__}")
        return self.words[-1]

    def say(self, command: Command) -> Receipt:
        """Give a command, first in a way that must be refused."""
        route = next(route for route in ROUTES if route.contract is type(command))
        said = command.model_dump(mode="json", exclude_unset=True)
        path = PREFIX + route.path.format(**said)
        body = {name: value for name, value in said.items() if name not in route.in_path}
        caller = self._callers[_BY.get(type(command).__name__, "regional_operator")]
        last = " ".join(self.words[-2:]) or "canary"
        for wrong in ({**body, last: 1}, {**body, "happened": last}):
            with pytest.raises(Refused) as refused:
                caller.post(path, wrong)
            assert "canary" not in json.dumps(refused.value.problem)
        answer = caller.post(path, body)
        assert "canary" not in json.dumps(answer)
        if "id" not in answer:
            return _NO_RECEIPT
        return Receipt.parse(json.dumps({name: answer[name] for name in Receipt.model_fields.keys() & answer.keys()}).encode())

    def anywhere(self, folders: Sequence[Path]) -> list[str]:
        """The files that hold any of them."""
        sought = re.compile(rb"Sanderling-canary-\d+|" + b"|".join(b64encode(word.encode())[:24] for word in self.words))
        return [str(path) for folder in folders for path in folder.rglob("*") if path.is_file() and sought.search(_content(path))]


_BY = {
    **dict.fromkeys(("ApprovePayment", "RecordPaymentMade", "RejectPayment"), "finance_officer"),
    "RequestErasure": "data_protection_officer",
}
_NO_RECEIPT = Receipt(id=UUID(int=0), version=0, source="feedback", position=0)


def test_what_anybody_says_in_any_field_is_found_nowhere_but_in_sealed_parts(own_embedded: Running, tmp_path: Path) -> None:
    """Every command is given, with words of its own in every field that takes words: searched are files, logs, metrics, exports."""
    region = own_embedded
    canaries = Canaries(region)
    story = Story(canaries.say, canaries.word)
    for _ in story.tell(whole_region=False):
        pass
    assert canaries.fields == personal_fields()
    detail = region.region().get(f"/v1/partnerships/{story.ids['partnership']}")
    assert {member["name"] for member in detail["members"] if member["name"]} <= set(canaries.words)

    region.run("audit", "export", str(tmp_path / "export"), "--reason", "audit", "--sealed")
    planted = tmp_path / "planted"
    planted.write_text(canaries.words[0])
    assert canaries.anywhere([tmp_path]) == [str(planted)]
    planted.unlink()
    assert canaries.anywhere([region.folder, tmp_path]) == []
    assert b"canary" not in Tables(region, None).dumps()
    report = region.region("data_protection_officer").get
    wait_until(lambda: report(f"/v1/persons/{story.cast['niall']}/erasure")["completed"] is not None, "niall is forgotten", 60)
    for process in region.processes:
        told = region.metrics(process)
        assert "canary" not in told
        assert str(story.cast["niall"]) not in told
    assert "canary" not in region.logs()


def test_a_person_is_given_everything_that_is_held_about_them(region: Running, tmp_path: Path) -> None:
    """Opened, in plain words, with who looked; whoever may not is refused, and the export itself is a look."""
    api = region.region()
    partnership = next(item["id"] for item in api.every("/v1/partnerships") if item["name"] == YEAR["name"])
    aoife = next(one["id"] for one in api.get(f"/v1/partnerships/{partnership}")["members"] if one["name"] == "Aoife")
    file = tmp_path / "aoife.json"
    region.run("person", "export", aoife, str(file))
    told = json.loads(file.read_text())
    assert file.stat().st_mode & 0o077 == 0
    assert {item["words"] for item in told["held"] if item["what"] == "You joined a partnership under this name."} == {"Aoife"}
    raised = [item["words"] for item in told["held"] if item["what"] == "You raised this item for the agenda of a session."]
    assert raised
    assert all(raised)
    assert "You were invited to a session." in {item["what"] for item in told["held"]}
    with pytest.raises(Refused, match="reason_missing"):
        region.region("data_protection_officer").get(f"/v1/persons/{aoife}/data")
    with pytest.raises(Refused, match="role_not_permitted"):
        api.get(f"/v1/persons/{aoife}/data", reason="subject_request")

    def exported() -> list[dict[str, Any]]:
        looks: list[dict[str, Any]] = region.json("audit", "accesses", "--member", aoife)
        return [look for look in looks if look["operation"] == "gateway.get_person_data"]

    wait_until(lambda: bool(exported()), "the export is a look", 10)
    assert (exported()[0]["role"], exported()[0]["reason"]) == ("data_protection_officer", "subject_request")


def test_whoever_opens_names_is_written_down_and_an_auditor_needs_a_reason(region: Running) -> None:
    """A coordinator by role, an auditor by reason; both are in the list, for those who watch over it."""
    coordinator, auditor = region.region("partnership_coordinator"), region.region("governance_auditor")
    made = coordinator.post("/v1/partnerships", {"name": "Watched", "org_unit": "X", "setting": "other", "level": "strategic"})["id"]
    person = {"name": "Whimbrel-canary", "role": "carer", "perspective": "lived_experience_family_carer"}
    coordinator.post(f"/v1/partnerships/{made}/members", person)
    path = f"/v1/partnerships/{made}"

    def names(api: Region, reason: str | None = None) -> set[str | None]:
        return {member["name"] for member in api.get(path, reason=reason)["members"]}

    assert (names(auditor), names(auditor, "audit"), names(coordinator)) == ({None}, {"Whimbrel-canary"}, {"Whimbrel-canary"})

    def looks() -> list[tuple[str, str | None]]:
        every = auditor.every("/v1/audit/accesses", partnership=made)
        return [(look["role"], look["reason"]) for look in every if look["operation"] == "partnerships.get_partnership"]

    opened = [("governance_auditor", "audit"), ("partnership_coordinator", None)]
    wait_until(lambda: looks() == opened, "both looks are in the list", 10)
    with pytest.raises(Refused, match="role_not_permitted"):
        coordinator.get("/v1/audit/accesses")


def test_an_auditor_finds_the_same_history_before_and_after_somebody_is_forgotten(own_embedded: Running, tmp_path: Path) -> None:
    """Root and proofs of what was there before are the same byte by byte; both exports are whole, with the boxes that are left."""
    region, coordinator = own_embedded, own_embedded.region()
    partnership = next(item["id"] for item in coordinator.every("/v1/partnerships") if item["name"] == YEAR["name"])
    eamon = next(one["id"] for one in coordinator.get(f"/v1/partnerships/{partnership}")["members"] if one["name"] == "Eamon")
    before, after = tmp_path / "before", tmp_path / "after"
    region.run("audit", "export", str(before), "--reason", "audit", "--sealed")
    region.run("person", "erase", eamon, "--basis", "no_longer_necessary")
    size = int((before / "checkpoint").read_text().splitlines()[1])

    completed = f'"id":"{uuid5(UUID(eamon), "erasure")}.3"'.encode()

    def grown() -> bool:
        shutil.rmtree(after, ignore_errors=True)
        region.run("audit", "export", str(after), "--reason", "audit", "--sealed")
        bundles = (path for path in (after / "tile" / "entries").rglob("*") if path.is_file())
        return any(completed in path.read_bytes() for path in bundles)

    wait_until(grown, "the erasure is in the export", 30)
    old, new = Tiles(before), Tiles(after)
    assert old.root(size) == new.root(size)
    assert [old.inclusion_proof(index, size) for index in range(size)] == [new.inclusion_proof(index, size) for index in range(size)]
    key = next(word for word in (before / "policy").read_text().split() if word.startswith("comhar/"))
    for export in (before, after):
        verified = subprocess.run([sys.executable, str(VERIFY), str(export), "--key", key], capture_output=True, text=True, check=False)
        assert verified.returncode == 0, verified.stdout + verified.stderr
    kept = subprocess.run([sys.executable, str(VERIFY), str(after), "--key", key, "--older", str(before / "checkpoint")], check=False)
    assert kept.returncode == 0


def test_the_broker_has_never_seen_a_key_or_a_box(production_region: Running, rabbit: RabbitServer, postgres: PostgresServer) -> None:
    """Searched: the files of the broker, for any of the sealed boxes the services hold now."""
    tables = Tables(production_region, postgres)
    boxes = [bytes(row[0])[:64] for service in ("partnerships", "sessions", "feedback") for row in tables.rows(service, "facts", _BOXES)]
    keys = [bytes(row[0]) for service in ("partnerships", "sessions", "feedback") for row in tables.rows(service, "keys", _WRAPPED)]
    assert len(boxes) > 100
    contents = b"".join(path.read_bytes() for path in rabbit.directory.rglob("*") if path.is_file())
    assert [box for box in [*boxes, *keys] if box in contents] == []


_BOXES = "SELECT ciphertext FROM sealed"
_WRAPPED = "SELECT wrapped FROM subject_key"
