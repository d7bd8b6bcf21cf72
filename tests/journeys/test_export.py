"""An auditor on another machine: from nothing but an export, a public key and verify.py."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy import verify
from tests.regions import COMHAR, Running
from tests.server_process import wait_until

NAME = "Abhainn Recovery Partnership"


def test_an_auditor_answers_from_an_export_alone(embedded_region: Running, tmp_path: Path) -> None:
    """Is it whole, what was the partnership on 30 June, which facts made CP-06 of the fourth quarter, has anything changed since."""
    api = embedded_region.region()
    partnership = next(one["id"] for one in api.every("/v1/partnerships") if one["name"] == NAME)
    kept = tmp_path / "kept"
    shutil.copy(_checkpoint(embedded_region), kept)
    published = api.post(f"/v1/partnerships/{partnership}/reports/2025Q4/publications", {})
    _exported(embedded_region, tmp_path / "export", published["made"])
    alone = tmp_path / "verify.py"
    shutil.copy(verify.__file__, alone)
    key = _key(embedded_region)
    embedded_region.run("audit", "evidence", published["made"], str(tmp_path / "evidence"), "--reason", "audit")
    assert len(list((tmp_path / "evidence/entries").glob("*.tlog-proof"))) > 100
    told = _asked(
        alone, tmp_path / "export", "--key", key, "--older", kept, "--state", NAME, "--on", "2025-06-30", "--figure", "CP-06@2025Q4"
    )
    assert told["whole"], told["findings"]
    assert told["older"][str(kept)] == "the same beginning"
    assert told["state"]["facts"]["SessionHeld"] == 5
    assert len([member for member in told["state"]["members"].values() if "MembershipEnded" not in member]) == 13
    numbers = {cell.rpartition(" ")[2]: list(facts.values()) for cell, facts in told["lineage"].items()}
    assert numbers == {"n": ["sessions.DecisionClosed.v1"] * 2, "d": ["sessions.DecisionClosed.v1"] * 3}


def test_an_auditor_with_a_token_and_nothing_else_takes_the_history_out(embedded_region: Running, tmp_path: Path) -> None:
    """Over the region's address, without its folder: the same files, and a look that is recorded. Encrypted words do not come."""
    _checkpoint(embedded_region)
    away = {"COMHAR_ADDRESS": embedded_region.address, "COMHAR_TOKEN": embedded_region.token("governance_auditor")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "COMHAR_DATA": str(tmp_path / "nothing"), **away}
        return subprocess.run((COMHAR, "audit", "export", *arguments), env=environment, capture_output=True, text=True, check=False)

    done = run(str(tmp_path / "export"), "--reason", "complaint")
    assert done.returncode == 0, done.stderr
    alone = tmp_path / "verify.py"
    shutil.copy(verify.__file__, alone)
    assert _asked(alone, tmp_path / "export", "--key", _key(embedded_region))["whole"]
    assert {path.name for path in tmp_path.iterdir()} == {"export", "verify.py"}
    assert run(str(tmp_path / "boxes"), "--reason", "complaint", "--sealed").returncode == 2
    api = embedded_region.region("governance_auditor")
    looked = {"operation": "audit.export_ledger", "reason": "complaint", "role": "governance_auditor"}
    wait_until(lambda: any(looked.items() <= one.items() for one in api.every("/v1/audit/accesses")), "it is recorded", 30)


def test_taking_the_history_out_is_recorded_and_needs_a_reason(embedded_region: Running, tmp_path: Path) -> None:
    """The reason is in the history that is taken out next."""
    assert embedded_region.run("audit", "export", str(tmp_path / "none"), check=False).returncode == 2
    embedded_region.run("audit", "export", str(tmp_path / "export"), "--reason", "incident_review")
    assert embedded_region.run("audit", "export", str(tmp_path / "export"), "--reason", "audit", check=False).returncode == 2
    embedded_region.run("audit", "export", str(tmp_path / "prov"), "--reason", "audit", "--as", "prov")
    assert json.loads((tmp_path / "prov/prov.json").read_text())["entity"]
    api = embedded_region.region("governance_auditor")
    wait_until(lambda: "incident_review" in {one["reason"] for one in api.every("/v1/audit/accesses")}, "it is recorded", 30)


def _exported(running: Running, folder: Path, figure: str) -> None:
    """Export until the publication is in it."""

    def done() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        running.run("audit", "export", str(folder), "--reason", "audit", "--sealed")
        return (folder / f"figures/{figure}.json").exists()

    wait_until(done, "the publication is in the export", 30)


def _asked(program: Path, folder: Path, *arguments: str | Path) -> Any:
    done = subprocess.run((sys.executable, "-I", program, folder, *arguments, "--json"), capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def _checkpoint(running: Running) -> Path:
    path = Path(running.environment["COMHAR_DATA"]) / "ledger" / "checkpoint"
    wait_until(path.exists, "a checkpoint is signed", 30)
    return path


def _key(running: Running) -> str:
    from services.audit.ledger.note import Signer  # noqa: PLC0415

    return Signer.parse((Path(running.environment["COMHAR_DATA"]) / "ledger.key").read_text()).verifier.text
