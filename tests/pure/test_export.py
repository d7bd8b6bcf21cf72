"""Exports as the command writes them: whole or not there, as the verifier wants them, with what a figure rests on."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from contracts.vocabulary import Shape
from deploy import verify
from deploy.export import ExportRefused, Source, evidence, export, export_as, fetched
from services.audit.ledger.policy import Policy
from services.audit.ledger.proof import EntryProof
from services.audit.ledger.tiles import Tiles
from tests.exports import MadeLog


class Told:
    def __init__(self) -> None:
        self.last = (0, 0)

    def __call__(self, done: int, total: int) -> None:
        self.last = (done, total)


def made(entries: int = 600) -> MadeLog:
    log = MadeLog()
    log.add("audit", "audit.LedgerKeyAdded.v1", key=log.vkey)
    log.grow(entries)
    return log


def source(log: MadeLog, folder: Path, older: Sequence[tuple[int, bool]] = (), *, sealed: bool = False) -> Source:
    """The log as a running region would hand it out."""
    tiles, size = Tiles(folder / "ledger"), len(log.lines)
    root = tiles.write(0, size, iter(log.lines))
    notes = [(log.sign(tiles.root(size), size, witnessed=witnessed), witnessed) for size, witnessed in older]
    boxes = {}
    for line, held in zip(log.lines, log.boxes, strict=True):
        for box in held:
            part = next(value for value in json.loads(line)["data"].values() if isinstance(value, dict))
            boxes[UUID(part["handle"])] = box

    def find(_source: str, handles: Sequence[UUID]) -> Mapping[UUID, bytes]:
        return {handle: boxes[handle] for handle in handles}

    witnesses = log.policy.partition("\n")[2]
    return Source(log.sign(root), tiles.entries, notes, witnesses, find if sealed else None)


def findings(log: MadeLog, folder: Path) -> list[dict[str, object]]:
    exported = verify.Export(folder, {verify.read_key(log.vkey)}, log.policy)
    exported.check(processes=1)
    return exported.findings


@pytest.mark.parametrize("entries", [1, 255, 256, 257, 1_000])
def test_an_export_is_what_the_verifier_calls_whole(tmp_path: Path, entries: int) -> None:
    log, told = made(entries), Told()
    head = export(source(log, tmp_path, [(size, True) for size in (1, 200) if size < entries], sealed=True), tmp_path / "export", told)
    assert head.size == len(log.lines)
    assert findings(log, tmp_path / "export") == []
    assert told.last == (head.size, head.size)


def test_an_older_checkpoint_that_was_not_witnessed_is_shown_as_such(tmp_path: Path) -> None:
    log = made()
    export(source(log, tmp_path, [(100, True), (200, False)]), tmp_path / "export", Told())
    assert sorted(path.name for path in (tmp_path / "export/checkpoints").iterdir()) == ["100", "200.unwitnessed"]
    assert findings(log, tmp_path / "export") == []


def test_the_policy_names_the_keys_that_the_ledger_says_sign_it(tmp_path: Path) -> None:
    log = made(50)
    log.add("audit", "audit.LedgerKeyAdded.v1", key="next")
    log.add("audit", "audit.LedgerKeyRetired.v1", key="next")
    export(source(log, tmp_path), tmp_path / "export", Told())
    assert (tmp_path / "export/policy").read_text() == log.policy


def test_only_an_empty_folder_is_filled(tmp_path: Path) -> None:
    log = made(50)
    taken = tmp_path / "taken"
    taken.mkdir()
    export(source(log, tmp_path), taken, Told())
    with pytest.raises(ExportRefused, match="not an empty folder"):
        export(source(log, tmp_path), taken, Told())


def test_entries_that_are_not_those_signed_are_not_exported(tmp_path: Path) -> None:
    log = made(50)
    wrong = source(log, tmp_path)
    log.lines[20] += b" "

    def entries(first: int, last: int) -> Iterator[bytes]:
        return iter(log.lines[first - 1 : last])

    with pytest.raises(ExportRefused, match="not those that the checkpoint signed"):
        export(Source(wrong.checkpoint, entries), tmp_path / "export", Told())
    assert not (tmp_path / "export").exists()


def test_an_export_that_dies_leaves_nothing_under_its_name_and_can_be_made_again(tmp_path: Path) -> None:
    log = made()
    whole = source(log, tmp_path)

    def dying(first: int, last: int) -> Iterator[bytes]:
        yield from log.lines[first - 1 : last - 100]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(Source(whole.checkpoint, dying), tmp_path / "export", Told())
    assert not (tmp_path / "export").exists()
    export(whole, tmp_path / "export", Told())
    assert findings(log, tmp_path / "export") == []
    assert not (tmp_path / "export.unfinished").exists()


def test_an_export_out_of_the_files_of_a_region_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    log = made(900)
    region, asked = source(log, tmp_path), list[str]()

    def read(path: str) -> bytes:
        if len(asked) == 2:
            asked.append("cut off")
            raise KeyboardInterrupt
        asked.append(path)
        return served(tmp_path / "ledger", path)

    fetching = Source(region.checkpoint, fetched(read, tmp_path / "kept"), policy=region.policy)
    with pytest.raises(KeyboardInterrupt):
        export(fetching, tmp_path / "export", Told())
    export(fetching, tmp_path / "export", Told())
    last = f"tile/entries/003.p/{len(log.lines) - 768}"
    assert asked == ["tile/entries/000", "tile/entries/001", "cut off", "tile/entries/002", last]
    assert findings(log, tmp_path / "export") == []


def test_entries_that_have_moved_into_a_whole_bundle_since_are_found_there(tmp_path: Path) -> None:
    log = made(300)
    region = source(log, tmp_path)
    log.grow(600)
    Tiles(tmp_path / "ledger").write(region.head.size, 600, iter(log.lines[region.head.size :]))
    fetching = Source(region.checkpoint, fetched(lambda path: served(tmp_path / "ledger", path), tmp_path / "kept"), policy=region.policy)
    assert export(fetching, tmp_path / "export", Told()).size == region.head.size
    assert findings(log, tmp_path / "export") == []
    with pytest.raises(ExportRefused, match="the region has no tile/entries/000"):
        next(fetched(lambda path: served(tmp_path / "nothing", path), tmp_path / "none")(1, 256))


def served(folder: Path, path: str) -> bytes:
    """A file as a region serves it."""
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError:
        raise LookupError(path) from None


def publish(log: MadeLog, folder: Path, **changed: object) -> str:
    """A figure over the log so far: of two decisions one was agreed on both sides."""
    partnership, figure = log.uuid(), str(uuid4())
    log.add("partnerships", "partnerships.PartnershipProposed.v1", partnership=partnership, name="Loch")
    both, one = (log.add("sessions", "sessions.DecisionClosed.v1", partnership=partnership, outcome="adopted") for _ in range(2))
    log.grow(len(log.lines) + 40)
    size = len(log.lines)
    root = Tiles(folder).write(0, size, iter(log.lines)).hex()
    said = {"code": "CP-06", "period": "2025Q4", "n": 1, "d": 2, "value": 50.0, "unit": "%", "components": {}, **changed}
    definition = {"code": "CP-06", "version": 1}
    report = json.dumps({"figures": [said], "definitions": [definition]})
    digest = sha256(report.encode()).hexdigest()
    log.add(
        "reporting",
        "reporting.FigurePublished.v1",
        partnership=partnership,
        figure=figure,
        supersedes=None,
        period="2025Q4",
        origin="comhar/ABH",
        size=size,
        root=root,
        code="0.1.0",
        country="IE",
        time_zone="Europe/Dublin",
        rounding="half_up",
        suppression="PULSE_LT5.v1",
        definitions=[{**definition, "hash": "0" * 64}],
        digest=digest,
        report=report,
        traced=1,
        correlation=log.uuid(),
        causation=log.uuid(),
    )
    cell = {"code": "CP-06", "period": "2025Q4", "sums": "facts", "rests_on": []}
    numbers = [{**cell, "number": "n", "entries": [[both, both]]}, {**cell, "number": "d", "entries": [[both, one]]}]
    read = [[both - 1, one]]
    about = {"partnership": partnership, "figure": figure, "correlation": log.uuid(), "causation": log.uuid()}
    log.add("reporting", "reporting.FigureTraced.v1", **about, part=1, entries=read, numbers=numbers)
    return figure


def test_a_published_figure_is_counted_again_from_its_entries(tmp_path: Path) -> None:
    log = made()
    figure = publish(log, tmp_path / "tiles")
    export(source(log, tmp_path), tmp_path / "export", Told())
    exported = verify.Export(tmp_path / "export", {verify.read_key(log.vkey)}, log.policy)
    assert exported.check(processes=1), exported.findings
    assert list(exported.report["figures"]) == [figure]
    both, one = exported.report["figures"][figure]["CP-06@2025Q4 d"]
    assert exported.report["figures"][figure]["CP-06@2025Q4 n"] == [both]
    assert [json.loads(line)["type"] for _, line in exported.entries(both, one)] == ["sessions.DecisionClosed.v1"] * 2


@pytest.mark.parametrize(
    ("changed", "what"),
    [({"n": 2}, "n is 2, and its facts give 1"), ({"value": 49.9}, "the value is not n/d"), ({"d": 3}, "d is 3")],
)
def test_a_figure_that_its_entries_do_not_give_is_told(tmp_path: Path, changed: dict[str, object], what: str) -> None:
    log = made()
    publish(log, tmp_path / "tiles", **changed)
    export(source(log, tmp_path), tmp_path / "export", Told())
    (found,) = findings(log, tmp_path / "export")
    assert found["step"] == "figures"
    assert what in str(found["what"])


def verified(log: MadeLog, folder: Path) -> tuple[int, str]:
    command = (sys.executable, folder / "verify_proofs.py", folder, "--key", log.vkey)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    return done.returncode, done.stdout


def test_evidence_of_a_figure_holds_every_entry_with_a_proof_that_stands_alone(tmp_path: Path) -> None:
    log = made()
    figure, folder = publish(log, tmp_path / "tiles"), tmp_path / "evidence"
    assert evidence(source(log, tmp_path), figure, folder) == 4
    policy = Policy.parse((folder / "policy").read_bytes())
    proofs = sorted((folder / "entries").glob("*.tlog-proof"))
    for proof in proofs:
        EntryProof.parse(proof.read_bytes()).verify(policy, proof.with_suffix(".json").read_bytes())
    assert len(proofs) == 4
    assert {"README", "definitions.json", "figure.json", "report.json"} <= {path.name for path in folder.iterdir()}
    code, said = verified(log, folder)
    assert (code, said.startswith(f"whole: 4 entries of {log.key.name}")) == (0, True)
    with pytest.raises(ExportRefused, match="no figure"):
        evidence(source(log, tmp_path), str(uuid4()), tmp_path / "other")


def test_evidence_that_was_changed_is_told(tmp_path: Path) -> None:
    log = made()
    figure, folder = publish(log, tmp_path / "tiles"), tmp_path / "evidence"
    evidence(source(log, tmp_path), figure, folder)
    for path in sorted((folder / "entries").iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"A", b"B", 1) if path.suffix == ".tlog-proof" else whole[:-1])
        assert verified(log, folder)[0] == 3, path.name
        path.write_bytes(whole)
    for proof in (folder / "entries").glob("*.tlog-proof"):
        whole = proof.read_bytes()
        proof.unlink()
        assert verified(log, folder)[0] == 3, proof.name
        proof.write_bytes(whole)
    assert verified(log, folder)[0] == 0
    assert verified(MadeLog(2), folder)[0] == 3


def test_another_shape_is_one_file(tmp_path: Path) -> None:
    log = made(30)
    assert export_as(source(log, tmp_path), Shape.ndjson, tmp_path / "lines") == len(log.lines)
    assert (tmp_path / "lines/entries.ndjson").read_bytes().splitlines() == log.lines
    with pytest.raises(ExportRefused):
        export_as(source(log, tmp_path), Shape.ndjson, tmp_path / "lines")
