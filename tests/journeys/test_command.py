"""The `comhar` command as people meet it: what it answers, where, with which exit code, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.regions import COMHAR, Running, embedded
from tests.server_process import free_port, wait_until


def test_answers_go_to_stdout_and_progress_to_stderr(embedded_region: Running) -> None:
    """What `--json` prints is JSON and nothing else."""
    done = embedded_region.run("report", "--partnership", "Abhainn Recovery Partnership", "--period", "2025", "--json")
    assert json.loads(done.stdout)["period"] == "2025"
    table = embedded_region.run("report", "--partnership", "Abhainn Recovery Partnership", "--period", "2025").stdout
    assert "CP-06" in table


def test_a_day_at_the_command_line_is_one_token_in_the_history(region: Running) -> None:
    """Commands come in with the token of the first; when it is taken away, the next one makes another and goes on."""
    [abhainn] = [one for one in region.json("partnership", "list") if one["name"] == "Abhainn Recovery Partnership"]
    shown = region.json("partnership", "show", "abhainn")
    assert (shown["id"], shown["status"]) == (abhainn["id"], "active")
    now = {member["id"] for member in shown["members"] if not member["ended"]}
    assert {member["member"] for member in region.json("partnership", "standing", "abhainn")["members"]} == now
    [in_march] = [one for one in region.json("session", "list", "--partnership", "abhainn") if one["starts"].startswith("2025-03-19")]
    assert region.json("session", "show", "2025-03-19", "--partnership", "abhainn")["id"] == in_march["id"]
    [token] = _own_tokens(region)
    region.run("token", "revoke", token)
    assert region.json("session", "show", in_march["id"])["starts"] == in_march["starts"]
    assert len(_own_tokens(region)) == 1


def _own_tokens(region: Running) -> list[str]:
    """The good tokens with which commands came in as an operator."""
    tokens = region.json("token", "list")
    return [one["id"] for one in tokens if (one["label"], one["role"], one["revoked"]) == ("cli", "regional_operator", None)]


def test_a_whole_history_is_zero(region: Running) -> None:
    """Each service's log is here from 1 on, without holes."""
    answer = region.json("audit", "completeness")
    assert answer["whole"]
    assert {source["source"] for source in answer["sources"]} >= {"audit", "partnerships", "sessions", "feedback", "gateway"}
    assert answer["unread"] == []
    assert all(source["first"] == 1 and source["facts"] == source["last"] and not source["holes"] for source in answer["sources"])


def test_every_fact_has_the_bytes_of_its_entry(region: Running) -> None:
    """Of all services, asked with the settings of the audit service."""
    own = {name: value.replace("gateway_database", "audit_database") for name, value in region.environment.items()}
    done = subprocess.run((COMHAR, "audit", "reconcile", "--json"), env=own, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert json.loads(done.stdout)["compared"] > 500
    assert json.loads(done.stdout)["differences"] == []


def test_replay_tells_what_was_known(embedded_region: Running) -> None:
    """At its first entries a partnership has no sessions yet; before them nothing was known."""
    now = embedded_region.json("audit", "replay", "--partnership", "Abhainn Recovery Partnership")
    early = embedded_region.json("audit", "replay", "--partnership", now["partnership"], "--to-position", "6")
    assert (now["sessions_held"], now["sessions_cancelled"], now["decisions"], now["decisions_adopted"]) == (9, 1, 11, 10)
    assert (early["sessions_planned"], early["status"]) == (0, "proposed")
    never = embedded_region.run(
        "audit", "replay", "--partnership", now["partnership"], "--as-known-at", "2020-01-01T00:00:00Z", check=False
    )
    assert (never.returncode, "nothing_known" in never.stderr) == (2, True)


def test_a_view_is_rebuilt_beside_the_live_one_and_found_equal(embedded_region: Running) -> None:
    """While the region runs; the numbered history alone cannot be made again."""
    assert "rows rebuilt, equal" in embedded_region.run("views", "rebuild", "reporting", "dossiers").stdout
    for service, table in (("sessions", "member"), ("feedback", "inbox"), ("partnerships", "directory")):
        tables = embedded_region.json("views", "rebuild", service)
        assert all(compared["equal"] for compared in tables.values())
        assert tables[table]["rebuilt"] > 0
    refused = embedded_region.run("views", "rebuild", "audit", "ledger", check=False)
    assert (refused.returncode, "cannot be made again" in refused.stderr) == (2, True)
    assert embedded_region.json("audit", "replay", "--partnership", "Abhainn Recovery Partnership")["sessions_held"] == 9


def test_views_say_how_far_they_are_and_only_a_view_that_stopped_is_passed_over(region: Running) -> None:
    """In production each service answers for its own."""
    rows = region.json("views", "status", "gateway" if "gateway" in region.processes else "sessions")
    assert all(row["stopped"] is None for row in rows)
    refused = region.run("views", "pass-over", "sessions", "calendar", "sessions", "1", "--reason", "defect_1", check=False)
    assert refused.returncode == 2


def test_a_copied_store_gets_an_identity_of_its_own_and_readers_notice(tmp_path: Path) -> None:
    """Readers of the old identity stop; health says why and what to do; done as it says, the region is ready and its history whole."""
    with embedded(tmp_path, "--demo") as running:
        assert running.run("health").stdout.strip() == "ready"
        left = {source["store"] for source in running.json("audit", "completeness")["sources"] if source["source"] == "sessions"}
    running.run("renew-store", "sessions")
    with embedded(tmp_path, "--demo", ready=False) as running:
        wait_until(lambda: "comhar audit" in _advice(running).get("ledger of sessions", ""), "health tells of the changed store", 30)
        assert running.run("views", "status", "sessions", check=False).returncode == 3
        assert not json.loads(running.run("audit", "completeness", "--json", check=False).stdout)["whole"]
        wait_until(lambda: _heeded(running), "the region is ready", 60)
        answer = running.json("audit", "completeness")
        stores = [source["store"] for source in answer["sources"] if source["source"] == "sessions"]
        assert answer["whole"]
        assert (len(set(stores)), stores[0]) == (2, *left)
        assert "all equal" in running.run("audit", "reconcile").stdout


def _advice(running: Running) -> dict[str, str]:
    """What health says an operator can do about each view that stands still."""
    told = running.run("health", "--json", check=False).stdout
    reasons = json.loads(told)["reasons"] if told else {}
    return {about: why.rpartition("decide with ")[2] for about, why in reasons.items() if "StoreChanged" in why}


def _heeded(running: Running) -> bool:
    """Whether the region is ready; if not, what it says is done."""
    for advice in _advice(running).values():
        running.run(*advice.replace("CODE", "restored_from_backup").split()[1:], check=False)
    return running.run("health", check=False).stdout.strip() == "ready"


def test_a_ledger_that_contradicts_itself_stops_the_start(tmp_path: Path) -> None:
    """Exit code 3, a sentence on stderr, no traceback."""
    with embedded(tmp_path) as running:
        running.token()
        wait_until(lambda: running.json("audit", "completeness")["checkpoint"], "a checkpoint is signed", 30)
    (tmp_path / "data" / "ledger.key.signed").unlink()
    done = running.run("up", "--port", str(free_port()), check=False)
    assert (done.returncode, "the signer remembers what it signed" in " ".join(done.stderr.split())) == (3, True)
    assert "Traceback" not in done.stderr


def test_the_key_of_the_history_is_changed_with_an_overlap(tmp_path: Path) -> None:
    """First both keys sign, then the next one alone; the history says so."""
    _signed_by(tmp_path, 1).run("audit", "rotate-key")
    _signed_by(tmp_path, 2).run("audit", "rotate-key", "--finish")
    _signed_by(tmp_path, 1)


def _signed_by(folder: Path, keys: int) -> Running:
    """A region that ran until so many keys had signed its newest entries."""
    with embedded(folder) as running:
        running.token()
        checkpoint = folder / "data" / "ledger" / "checkpoint"
        wait_until(lambda: checkpoint.exists() and checkpoint.read_text().count("\u2014 ") == keys, "the keys have signed", 30)
        assert running.json("audit", "completeness")["whole"]
        return running


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("report", "--partnership", "Nobody", "--period", "2025"), "no partnership has that name"),
        (("report", "--partnership", "Abhainn Recovery Partnership", "--period", "2025Q5"), "invalid_message"),
        (("serve", "kitchen"), "there is no service of that name"),
        (("token", "create", "two words", "--role", "member"), "a label is a code"),
        (("up",), "stop it first"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(embedded_region: Running, arguments: tuple[str, ...], says: str) -> None:
    """Exit code 2, the reason on stderr, no traceback."""
    port = {"COMHAR_HTTP_PORT": str(free_port())} if arguments == ("up",) else {}
    done = subprocess.run(
        (COMHAR, *arguments), env={**embedded_region.environment, **port}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("COMHAR_REGION", "abhainn!", "COMHAR_REGION"),
        ("COMHAR_HTTP_PORT", "none", "COMHAR_HTTP_PORT"),
        ("COMHAR_TIME_ZONE", "Dublin", "COMHAR_TIME_ZONE: not an IANA time zone"),
        ("COMHAR_BROKR", "x", "COMHAR_BROKR is not a setting of comhar"),
        ("COMHAR_DATABASE_FILE", "/nowhere", "COMHAR_DATABASE_FILE: /nowhere cannot be read"),
        ("COMHAR_PROFILE", "production", "COMHAR_BROKER must be set in production"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, setting: str, value: str, says: str) -> None:
    """Before anything is opened or made."""
    environment = {**os.environ, "COMHAR_DATA": str(tmp_path / "data"), setting: value}
    done = subprocess.run((COMHAR, "up", "--no-demo"), env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, says in " ".join(done.stderr.split())) == (2, True)
    assert not (tmp_path / "data").exists()


def test_a_region_that_does_not_run_is_four(tmp_path: Path) -> None:
    """With what to do about it."""
    environment = {**os.environ, "COMHAR_DATA": str(tmp_path), "COMHAR_TOKEN": "cmh_x", "COMHAR_ADDRESS": "http://127.0.0.1:9"}
    done = subprocess.run((COMHAR, "audit", "completeness"), env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "comhar up" in done.stderr) == (4, True)


def test_a_second_start_finds_the_data_of_the_first(tmp_path: Path) -> None:
    """Also after the first was killed."""
    with embedded(tmp_path, "--demo") as running:
        before = _replayed(running)
        running.processes["up"].kill()
        running.processes["up"].wait()
    with embedded(tmp_path, "--demo") as running:
        assert _replayed(running) == before
        assert running.json("audit", "completeness")["whole"]


def _replayed(running: Running) -> dict[str, Any]:
    """The partnership as known now, without how many entries that is: those of the tokens come in between."""
    answer = running.json("audit", "replay", "--partnership", "Abhainn Recovery Partnership")
    return {name: value for name, value in answer.items() if name != "moment"}
