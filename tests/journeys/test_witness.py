"""Two regions: the east witnesses the west, which cannot have two histories any more; who trusts the east need not trust the west."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from services.audit.ledger.checkpoint import Checkpoint, open_checkpoint
from services.audit.ledger.note import Note, NoteWrong, Signer, Verifier, sign
from services.audit.ledger.policy import Policy
from services.audit.ledger.proof import EntryProof
from services.audit.ledger.witness import Request
from tests.regions import COMHAR, Running, embedded
from tests.server_process import wait_until

PATIENCE = 60.0


@dataclass(frozen=True)
class Pair:
    east: Running
    west: Running
    key: Verifier
    policy: Policy

    def shown(self) -> tuple[Checkpoint, Note]:
        """The west's checkpoint, as an auditor reads it."""
        return open_checkpoint(self.west.region("governance_auditor").read("/ledger/checkpoint"), self.key, [self.witness])

    @property
    def witness(self) -> Verifier:
        return self.policy.witnesses["east"].key

    def witnessed(self) -> bool:
        return self.policy.satisfied(self.shown()[1]) is not None


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("regions")
    logs, policy = folder / "logs", folder / "policy"
    west = {"COMHAR_REGION": "WST", "COMHAR_DATA": str(folder / "west" / "data")}
    made = subprocess.run((COMHAR, "audit", "keys", "--make", "--json"), env={**os.environ, **west}, capture_output=True, check=True)
    [key] = json.loads(made.stdout)["ledger"]
    logs.write_text(f"# the west\n{key}\n")
    with embedded(folder / "east", COMHAR_WITNESS_LOGS_FILE=str(logs)) as east:
        [witness] = east.json("audit", "keys")["witness"]
        policy.write_text(f"witness east {witness} {east.address}/witness\nquorum east\n")
        with embedded(folder / "west", COMHAR_REGION="WST", COMHAR_LEDGER_POLICY_FILE=str(policy)) as running:
            verifier = Verifier.parse(key)
            yield Pair(east, running, verifier, Policy.parse(policy.read_bytes()).with_log([verifier]))


def propose(region: Running, name: str) -> None:
    region.region().post("/v1/partnerships", {"name": name, "org_unit": "WST-1", "setting": "day_hospital", "level": "strategic"})


def test_what_happens_in_the_west_is_cosigned_by_the_east(pair: Pair) -> None:
    before = pair.shown()[0].size if pair.west.json("audit", "completeness")["checkpoint"] else 0
    propose(pair.west, "By the sea")
    wait_until(lambda: pair.shown()[0].size > before and pair.witnessed(), "the west's new checkpoint is cosigned", PATIENCE)
    last = pair.west.json("audit", "completeness")["checkpoint"]
    assert last["witnessed"] is not None


def test_a_proof_of_an_entry_convinces_whoever_trusts_the_east(pair: Pair, tmp_path: Path) -> None:
    wait_until(pair.witnessed, "the checkpoint is cosigned", PATIENCE)
    pair.west.run("audit", "prove", "1", "--to", str(tmp_path / "one.tlog-proof"))
    proof = EntryProof.parse((tmp_path / "one.tlog-proof").read_bytes())
    checkpoint, note = proof.verify(pair.policy)
    assert proof.index == 0
    assert checkpoint.origin == "comhar/WST"
    assert pair.policy.satisfied(note)
    assert proof.extra is not None
    assert json.loads(proof.extra)["source"].startswith("/WST/")


def test_a_second_history_of_the_west_is_refused_and_told_of(pair: Pair) -> None:
    """Whoever has the west's own key still cannot get the east to sign two histories.

    The west is down meanwhile, so that the size the east knows of it stays what the east said it is.
    """
    propose(pair.west, "By the mountain")
    wait_until(pair.witnessed, "the checkpoint is cosigned", PATIENCE)
    origin = pair.shown()[0].origin
    pair.west.stop("up")
    thief = Signer.parse((pair.west.folder / "data" / "ledger.key").read_text())

    def asked(old: int, size: int, proof: tuple[bytes, ...] = ()) -> httpx.Response:
        forged = sign(Checkpoint(origin, size, bytes(32)).text, thief)
        return httpx.post(f"{pair.east.address}/witness/add-checkpoint", content=Request(old, proof, forged).to_bytes())

    known = int(asked(0, 1).text)
    answer = asked(known, known)
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (409, "text/x.tlog.size", f"{known}\n")
    assert asked(known, known + 1, (bytes(32),)).status_code == 422
    assert 'comhar_ledger_disagreements_total{by="witness"} 2.0' in pair.east.metrics("up")
    pair.west.start("up", "up", "--no-demo")
    pair.west.wait()


def test_without_the_east_the_west_goes_on_unwitnessed_until_it_is_back(pair: Pair) -> None:
    """A checkpoint nobody witnessed yet is shown as what it is; nothing new has to happen for it to be witnessed later."""
    wait_until(pair.witnessed, "the checkpoint is cosigned", PATIENCE)
    size = pair.shown()[0].size
    pair.east.stop("up")
    propose(pair.west, "By the wood")
    wait_until(lambda: pair.shown()[0].size > size, "the west shows its new checkpoint", PATIENCE)
    with pytest.raises(NoteWrong):
        open_checkpoint(pair.shown()[1].to_bytes(), pair.witness)
    assert pair.west.json("audit", "completeness")["checkpoint"]["witnessed"] is None
    pair.east.start("up", "up", "--no-demo")
    wait_until(pair.witnessed, "the checkpoint is cosigned after all", PATIENCE)
