"""The offline verifier: published vectors of what it implements, whole exports, and what each kind of wrong is called."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deploy import verify
from services.audit.ledger.tiles import Tiles, bundle, tile_path, unbundle
from tests.exports import MadeLog, sum_up
from tests.pure.test_boundaries import imported
from tests.pure.test_ledger_note import ARCHE, REAL, REMORA

SOURCE = Path(verify.__file__)


def written(tmp_path: Path, entries: int = 700, **options: Any) -> tuple[MadeLog, Path]:
    log = MadeLog()
    log.grow(entries)
    return log, log.write(tmp_path / "export", (300,), **options)


def checked(log: MadeLog, folder: Path, **brought: bytes) -> verify.Export:
    export = verify.Export(folder, {verify.read_key(log.vkey)}, log.policy, brought)
    export.check(processes=1)
    return export


def steps(export: verify.Export) -> list[tuple[str, int | None]]:
    return [(found["step"], found["entry"]) for found in export.findings]


def test_it_stands_alone() -> None:
    names = {name.split(".")[0] for name in imported(SOURCE.read_text(encoding="utf-8"))}
    assert names - {"__future__", "cryptography"} <= sys.stdlib_module_names


def test_it_can_be_read_in_one_sitting() -> None:
    assert len(SOURCE.read_text(encoding="utf-8").splitlines()) <= 400


def test_roots_are_those_of_the_published_tree() -> None:
    # google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc: eight leaves and the roots of the trees over them.
    leaves = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    hashes = [sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    assert verify.tree_head([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert verify.tree_head(hashes[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert verify.tree_head(hashes[:7]).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
    assert verify.tree_head(hashes).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize(
    ("index", "size", "name"),
    [(1_234_067, 1_234_068 * 256, "tile/0/x001/x234/067"), (0, 256, "tile/0/000"), (273, 70_000, "tile/0/x000/273.p/112")],
)
def test_tiles_lie_where_tlog_tiles_says(index: int, size: int, name: str) -> None:
    name = name.replace("x000/273", "273")
    assert verify.tile_name(0, index, size) == name == tile_path(0, index, min(256, size - index * 256))


def test_a_real_cosigned_checkpoint_opens_wherever_the_logs_signature_stands() -> None:
    policy = f"witness remora {REMORA}\nquorum remora\n"
    origin, size, _, witnessed = verify.open_checkpoint(REAL.encode(), {verify.read_key(ARCHE)}, policy)
    assert (origin, size, witnessed) == ("arche2025h1.staging.ct.transparency.dev", 1_432_088_532, 1_779_573_024)


def test_a_known_keys_broken_signature_sinks_a_checkpoint_and_an_unknown_ones_does_not() -> None:
    broken = REAL.replace("PlfF3V06o0Y", "PlfF3V06o0Z")
    with pytest.raises(ValueError, match=r"remora\.n621\.de is broken"):
        verify.open_checkpoint(broken.encode(), {verify.read_key(ARCHE)}, f"witness remora {REMORA}\nquorum none\n")
    assert verify.open_checkpoint(broken.encode(), {verify.read_key(ARCHE)}, "quorum none\n")[3] == 0


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_a_bundle_that_is_cut_short_is_wrong_from_the_first_entry_that_is_not_whole(tmp_path: Path, left: int) -> None:
    log, folder = written(tmp_path)
    path = folder / "tile/entries/001"
    whole = bundle(unbundle(path.read_bytes())[:16])
    path.write_bytes(path.read_bytes()[: len(whole) + left])
    assert checked(log, folder).report["first_wrong_entry"] == 256 + 17


@pytest.mark.parametrize(("name", "last"), [("001", 512), ("002.p/188", 700)])
def test_what_follows_the_last_entry_of_a_bundle_is_told_at_that_entry(tmp_path: Path, name: str, last: int) -> None:
    log, folder = written(tmp_path)
    path = folder / "tile/entries" / name
    path.write_bytes(path.read_bytes() + b"x")
    assert checked(log, folder).report["first_wrong_entry"] == last


@pytest.mark.parametrize(
    ("policy", "reached"),
    [
        ("quorum none", 0),
        ("group g any a b\nquorum g", 5),
        ("group g 2 a b c\nquorum g", 9),
        ("group g all a b c\nquorum g", None),
        ("group g any a\ngroup h all g b\nquorum h", 9),
        ("quorum c", None),
    ],
)
def test_a_quorum_is_reached_when_enough_have_signed(policy: str, reached: int | None) -> None:
    log = MadeLog()
    keys = [verify.read_key(signer.verifier.text) for signer in (*log.witnesses, MadeLog(2).witnesses[0])]
    witnesses = [f"witness {name} {one.verifier.text}" for name, one in zip("abc", (*log.witnesses, MadeLog(2).witnesses[0]), strict=True)]
    assert verify.ask_policy("\n".join([*witnesses, policy]), dict(zip(keys[:2], (5, 9), strict=True)))[1] == reached


@pytest.mark.parametrize(
    "policy",
    ["", "quorum nobody", "quorum none\nquorum none", "group g 0 a\nquorum g", "group g 3 a a\nquorum g", "watchman a\nquorum none"],
)
def test_a_policy_that_cannot_be_followed_is_refused(policy: str) -> None:
    witness = f"witness a {MadeLog().witnesses[0].verifier.text}\n"
    with pytest.raises((ValueError, IndexError)):
        verify.ask_policy(witness + policy, {})


@pytest.mark.parametrize("entries", [5, 255, 256, 257, 512, 1_000])
def test_a_whole_export_is_whole(tmp_path: Path, entries: int) -> None:
    log = MadeLog()
    log.grow(entries)
    export = checked(log, log.write(tmp_path / "export", (3,)))
    assert export.findings == []
    assert export.report["root"] == Tiles(tmp_path / "export").root(entries).hex()


@pytest.mark.filterwarnings("ignore:Using fork:DeprecationWarning")  # eventlet says it of any fork once another test has imported it
def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    log = MadeLog()
    log.grow(verify.SHARE * verify.FULL + 300)
    folder = log.write(tmp_path / "export")
    path = folder / "tile/entries/002"
    path.write_bytes(path.read_bytes().replace(b'"actor":"cli"', b'"actor":"her"', 1))
    told = json.loads(run(str(folder), "--key", log.vkey, "--json").stdout)
    assert (told["findings"], told["first_wrong_entry"]) == (checked(log, folder).findings, 513)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"status":"attended"}}', b'"status":"attended"},"sequence":"2"}'),
        (b'"status":"attended"}}', b'"status":"attended"},"\\u0073equence":"2","sequence":"1"}'),
        (b',"sequence":"', b',"sequence":"2","sequence":"'),
        (b',"id":"', b',"\\u0074ype":"sessions.SessionHeld.v1","id":"'),
        (b'"sequence":"', b'"sequence":"0'),
        (b'"status":"attended"', b'"status":{"a":1,"a":2}'),
    ],
)
def test_a_line_that_says_two_things_is_told_though_the_log_signed_it(tmp_path: Path, before: bytes, after: bytes) -> None:
    log = MadeLog()
    log.grow(600)
    at = next(at for at in range(400, 600) if before in log.lines[at] and b"sessions.AttendanceRecorded" in log.lines[at])
    log.lines[at] = log.lines[at].replace(before, after, 1)
    assert ("sources", at + 1) in steps(checked(log, log.write(tmp_path / "export")))


def test_braces_in_words_and_parts_in_lists_are_no_fault(tmp_path: Path) -> None:
    log = MadeLog()
    log.grow(300)
    (one, box), (other, second) = log.seal(), log.seal()
    log.add("feedback", "feedback.FeedbackReceived.v1", box, second, texts=[one, other], channel='a } b, "{" }}')
    log.add("feedback", "feedback.FeedbackReceived.v1", channel="}}", label='},"sequence":"9"}')
    log.grow(600)
    assert checked(log, log.write(tmp_path / "export")).findings == []


def test_an_older_checkpoint_of_another_history_is_told(tmp_path: Path) -> None:
    log, folder = written(tmp_path)
    other = MadeLog()
    other.grow(700)
    other.lines[450] = other.lines[450] + b" "
    other.write(tmp_path / "other", (400, 500))
    export = checked(log, folder, then=other.checkpoints[500], before=other.checkpoints[400])
    assert [(found["step"], found["entry"], found["last"]) for found in export.findings] == [("older", 401, 500)]


def test_a_rolled_back_log_is_told(tmp_path: Path) -> None:
    log, folder = written(tmp_path)
    kept = (folder / "checkpoint").read_bytes()
    log.lines, log.boxes = log.lines[:600], log.boxes[:600]
    export = checked(log, log.write(tmp_path / "back"), kept=kept)
    assert [found["what"] for found in export.findings] == ["700 entries were signed and 600 are here: the log was rolled back"]


def test_a_hole_that_the_log_itself_signed_is_named(tmp_path: Path) -> None:
    log = MadeLog()
    log.grow(300)
    del log.lines[200], log.boxes[200]
    export = checked(log, log.write(tmp_path / "export"))
    assert {step for step, _ in steps(export)} == {"sources"}
    assert export.report["first_wrong_entry"] is not None
    assert export.report["first_wrong_entry"] >= 201


def test_facts_of_a_store_that_was_never_adopted_are_named(tmp_path: Path) -> None:
    log = MadeLog()
    log.positions["reporting"] = 0
    log.add("reporting", "reporting.FigurePublished.v0")
    assert steps(checked(log, log.write(tmp_path / "export"))) == [("sources", 1)]


def test_another_store_goes_on_after_the_position_it_was_adopted_after(tmp_path: Path) -> None:
    log, folder = MadeLog(), tmp_path / "export"
    log.grow(100)
    log.add("audit", "audit.SourceAdopted.v1", source="sessions", store=log.uuid(), after=10)
    log.positions["sessions"] = 10
    log.grow(200)
    export = checked(log, log.write(folder))
    assert export.findings == []
    assert [adopted["after"] for adopted in export.report["sources"]["sessions"]] == [0, 10]


def test_a_store_adopted_after_what_is_not_here_is_named(tmp_path: Path) -> None:
    log = MadeLog()
    log.grow(100)
    number = log.add("audit", "audit.SourceAdopted.v1", source="sessions", store=log.uuid(), after=1_000)
    assert steps(checked(log, log.write(tmp_path / "export"))) == [("sources", number)]


def test_a_box_may_be_gone_when_its_subject_was_erased(tmp_path: Path) -> None:
    log = MadeLog()
    log.grow(100)
    (part, _), (kept, box) = log.seal(), log.seal()
    log.add("feedback", "feedback.FeedbackReceived.v1", b"", text=part)
    log.add("feedback", "feedback.FeedbackReceived.v1", box, text=kept)
    assert ("sealed", 101 + 0) in steps(checked(log, log.write(tmp_path / "before")))
    log.add("feedback", "feedback.SubjectErased.v1", subject=part["subject"])
    assert checked(log, log.write(tmp_path / "after")).findings == []


def test_ballots_that_were_destroyed_are_gone_and_excuse_no_other_box(tmp_path: Path) -> None:
    log = MadeLog()
    log.grow(100)
    (ballot, _), (other, _) = log.seal(), log.seal()
    log.add("sessions", "sessions.BallotCast.v1", b"", ballot=ballot)
    log.add("feedback", "feedback.FeedbackReceived.v1", b"", text=other)
    log.add("sessions", "sessions.BallotsDestroyed.v1", ballots=1, subjects=[ballot["subject"]])
    assert steps(checked(log, log.write(tmp_path / "before"))) == [("sealed", 102)]
    log.add("feedback", "feedback.SubjectErased.v1", subject=log.uuid(), boxes=1)
    assert checked(log, log.write(tmp_path / "after")).findings == []


def test_a_box_that_two_entries_speak_of_is_gone_once(tmp_path: Path) -> None:
    """Whoever was nominated under a name joins under it; erased without a name, what is counted is boxes."""
    log = MadeLog()
    log.grow(100)
    (part, _), (other, _) = log.seal(), log.seal()
    for kind in ("MemberNominated", "MemberJoined"):
        log.add("partnerships", f"partnerships.{kind}.v1", b"", name=part)
    log.add("feedback", "feedback.FeedbackReceived.v1", b"", text=other)
    log.add("partnerships", "partnerships.SubjectErased.v1", subject=part["subject"], boxes=1)
    assert steps(checked(log, log.write(tmp_path / "before"))) == [("sealed", 103)]
    log.add("feedback", "feedback.SubjectErased.v1", subject=log.uuid(), boxes=1)
    assert checked(log, log.write(tmp_path / "after")).findings == []


def test_a_box_that_claims_more_than_its_file_holds_is_told(tmp_path: Path) -> None:
    log = MadeLog()
    part, box = log.seal()
    log.add("feedback", "feedback.FeedbackReceived.v1", box, text=part)
    folder = log.write(tmp_path / "export")
    path = folder / "sealed/000.p/2"
    for content in ((len(box) + 256).to_bytes(4, "big") + box, b"", len(box).to_bytes(4, "big"), b"\0" * 3):
        path.write_bytes(content)
        assert "sealed" in {step for step, _ in steps(checked(log, folder))}


def test_a_tile_that_is_wrong_is_told_apart_from_an_entry_that_is_wrong(tmp_path: Path) -> None:
    log, folder = written(tmp_path)
    for name in ("tile/0/001", "tile/1/000.p/2"):
        tile = folder / name
        before = tile.read_bytes()
        tile.write_bytes(before[:40] + bytes([before[40] ^ 1]) + before[41:])
        found = checked(log, folder).findings
        assert [(one["step"], one["file"], one["entry"]) for one in found] == [("tiles", name, None)]
        tile.write_bytes(before)


def test_an_entry_that_is_wrong_is_named_with_its_file(tmp_path: Path) -> None:
    log, folder = written(tmp_path)
    path = folder / "tile/entries/001"
    entries = unbundle(path.read_bytes())
    path.write_bytes(bundle([*entries[:9], entries[9].replace(b"cli", b"her"), *entries[10:]]))
    found = checked(log, folder)
    assert found.report["first_wrong_entry"] == 266
    assert ("entries", "tile/entries/001", 266) in [(one["step"], one["file"], one["entry"]) for one in found.findings]


def test_without_the_key_of_the_log_nothing_is_whole(tmp_path: Path) -> None:
    _, folder = written(tmp_path)
    export = verify.Export(folder, {verify.read_key(MadeLog(2).vkey)})
    assert not export.check(processes=1)
    assert [found["step"] for found in export.findings] == ["signatures", "signatures"]


def test_the_state_of_a_partnership_is_told_as_of_a_day_and_as_known(tmp_path: Path) -> None:
    log = MadeLog()
    partnership, member = log.uuid(), log.uuid()
    log.add("partnerships", "partnerships.PartnershipProposed.v1", partnership=partnership, name="Abhainn")
    log.add("partnerships", "partnerships.MemberJoined.v1", partnership=partnership, member=member, perspective="professional")
    held = {"partnership": partnership, "happened": "2025-06-30T20:00:00Z"}
    log.add("sessions", "sessions.SessionHeld.v1", **held)
    log.add("sessions", "sessions.DecisionClosed.v1", **held, outcome="adopted")
    ended = log.add(
        "partnerships", "partnerships.MembershipEnded.v1", partnership=partnership, member=member, happened="2025-07-01T00:00:00Z"
    )
    export = checked(log, log.write(tmp_path / "export"))
    then, now, known = (export.state("Abhainn", *moment) for moment in (("2025-06-30", ""), ("", ""), ("", str(ended - 1))))
    assert then["members"] == {member: "professional, MemberJoined 2025-01-15"}
    assert now["members"] == {member: "professional, MemberJoined 2025-01-15, MembershipEnded 2025-07-01"}
    assert (known["last_entry"], known["facts"]) == (ended - 1, then["facts"])
    assert then["facts"]["DecisionClosed"] == then["facts"]["SessionHeld"] == 1
    assert then["partnership"] == partnership


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run((sys.executable, str(SOURCE), *arguments), capture_output=True, text=True, check=False, cwd="/")


def test_the_command_says_whole_broken_or_wrong_use(tmp_path: Path) -> None:
    log, folder = written(tmp_path)
    policy = tmp_path / "policy"
    policy.write_text(log.policy)
    whole = run(str(folder), "--key", log.vkey, "--policy", str(policy), "--older", str(folder / "checkpoint"), "--json")
    assert (whole.returncode, json.loads(whole.stdout)["whole"]) == (0, True)
    (folder / "policy").write_text(f"log {log.vkey}\nquorum none\n")
    sum_up(folder)
    broken = run(str(folder), "--key", log.vkey, "--policy", str(policy))
    assert (broken.returncode, "this is not the policy you brought" in broken.stdout) == (3, True)
    assert run(str(folder), "--key", "no key").returncode == 2
    assert run(str(tmp_path / "nothing"), "--key", log.vkey).returncode == 2
