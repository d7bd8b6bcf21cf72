"""Figures that are published stay what they were: computed again to the same bytes, down to the facts, on both profiles."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
from typing import Any

import pytest

from deploy.cli.data import DEMO
from deploy.client import Region
from tests.regions import COMHAR, Running

NAME, EXPECTED = (json.loads(DEMO.read_text())[part] for part in ("name", "expected"))
CODES = ("CP-01", "CP-02", "CP-04", "CP-05", "CP-06", "CP-09", "CP-10")


def test_what_was_published_is_reproduced_also_when_more_has_become_known(region: Running) -> None:
    """Late facts make a new publication that names the old one; the old one is computed again to the same bytes."""
    operator = region.region()
    partnership = proposed(operator, f"Reproduced {region.folder.name}")
    receive(operator, partnership)
    first = published(operator, partnership)
    answered = receive(operator, partnership)
    operator.post(f"/v1/feedback/{answered}/responses", {"text": "We have changed the letter.", "happened": "2025-12-01T09:00:00Z"})
    second = published(operator, partnership)
    for figure in (first, second):
        done = region.json("audit", "reproduce", figure)
        assert (done["same"], done["published"], done["differs"]) == (True, done["computed"], [])
    old, new = (operator.get(f"/v1/figures/{figure}") for figure in (first, second))
    assert (old["superseded_by"], new["supersedes"], new["superseded_by"]) == (second, first, None)
    received = [json.loads(figure["report"])["feedback"]["received"] for figure in (old, new)]
    assert received == [1, 2]
    assert all(hashlib.sha256(figure["report"].encode()).hexdigest() == figure["digest"] for figure in (old, new))
    assert [one["figure"] for one in region.json("audit", "figures", "--partnership", partnership)] == [second, first]


def test_the_demo_quarter_is_published_and_each_figure_traced_to_its_facts(region: Running) -> None:
    """CP-06 of the fourth quarter of 8.A: three decisions adopted, two of them on both sides."""
    shown, figure = last_quarter_published(region)
    kept = region.region("governance_auditor").get(f"/v1/figures/{figure}")
    assert {one["code"]: one for one in json.loads(kept["report"])["figures"]} == shown
    lineage = region.json("audit", "lineage", figure, "--indicator", "CP-06")
    assert [fact["counted_in"] for fact in lineage["facts"]] == [
        ["CP-06 2025Q4 d"],
        ["CP-06 2025Q4 n", "CP-06 2025Q4 d"],
        ["CP-06 2025Q4 n", "CP-06 2025Q4 d"],
    ]
    assert [fact["happened"][:10] for fact in lineage["facts"]] == ["2025-10-15", "2025-11-19", "2025-12-10"]
    assert all(fact["type"] == "sessions.DecisionClosed.v1" and "outcome adopted" in fact["says"] for fact in lineage["facts"])
    assert region.json("audit", "reproduce", figure)["same"]


def test_as_of_an_entry_of_the_ledger_a_report_is_what_was_known(region: Running) -> None:
    """At its last entry it is the live one; at the entry of each decision of 8.A, as many decisions as were told by then.

    The second of them was told while its session went on, and counts once that was held.
    """
    auditor = region.region("governance_auditor")
    partnership = found(auditor)
    path = f"/v1/partnerships/{partnership}/reports/2025"
    last = auditor.get(f"/v1/audit/partnerships/{partnership}")["last_entry"]
    live, held = auditor.get(path), auditor.get(path, as_of_entry=last)
    assert (held["figures"], held["known"], held["feedback"]) == (live["figures"], live["known"], live["feedback"])
    _, figure = last_quarter_published(region)
    decisions = [fact["number"] for fact in auditor.get(f"/v1/figures/{figure}/lineage", indicator="CP-06")["facts"]]
    known = [agreement(auditor.get(path, as_of_entry=entry)) for place in decisions for entry in (place - 1, place)]
    assert known == [(6, 7), (6, 8), (6, 8), (6, 8), (7, 9), (8, 10)]


def last_quarter_published(region: Running) -> tuple[dict[str, Any], str]:
    """The figures of the demo year's last quarter by their codes, and the id under which they were published."""
    done = region.run("report", "--partnership", NAME, "--period", "2025Q4", "--publish", "--json")
    shown = {figure["code"]: figure for figure in json.loads(done.stdout)["figures"]}
    return shown, region.json("audit", "figures", "--partnership", NAME)[0]["figure"]


def agreement(report: dict[str, Any]) -> tuple[int, int]:
    """CP-06: decisions carried on both sides, of those adopted."""
    [figure] = [one for one in report["figures"] if one["code"] == "CP-06"]
    return figure["n"], figure["d"]


@pytest.mark.parametrize(
    ("quarter", "last"), [("2025Q1", "2025-03-31"), ("2025Q2", "2025-06-30"), ("2025Q3", "2025-09-30"), ("2025Q4", "2025-12-31")]
)
def test_by_the_end_of_each_quarter_its_figures_are_those_worked_out(region: Running, quarter: str, last: str) -> None:
    """Effective dates: what had happened by then, whenever it was recorded."""
    auditor = region.region("governance_auditor")
    answer = auditor.get(f"/v1/partnerships/{found(auditor)}/reports/{quarter}", effective=last, raw="true")
    figures = {figure["code"]: figure for figure in answer["figures"]}
    wanted = {code: (EXPECTED[code][quarter]["n"], EXPECTED[code][quarter]["d"]) for code in CODES}
    assert {code: (figures[code]["n"], figures[code]["d"]) for code in wanted} == wanted


def test_a_partnership_by_the_end_of_june_is_that_of_the_end_of_june(region: Running) -> None:
    """8.A: thirteen members of fourteen, five sessions, six decisions, all of them adopted."""
    june = region.json("audit", "replay", "--partnership", NAME, "--effective", "2025-06-30")
    members = [member for member in june["members"] if member["ended"] is None]
    assert (len(members), len(june["members"])) == (13, 14)
    assert (june["sessions_held"], june["decisions"], june["decisions_adopted"]) == (5, 6, 6)
    held = [sum(session["attended"].values()) for session in june["sessions"] if session["status"] == "held"]
    assert held == [11, 9, 9, 11, 11]
    assert (june["moment"]["effective"], june["moment"]["witnessed"]) == ("2025-06-30", None)
    assert june["moment"]["entries"] >= june["last_entry"]


def test_the_difference_of_two_days_is_told_in_sentences(region: Running) -> None:
    """The autumn of 8.A."""
    told = region.run("audit", "difference", "--partnership", NAME, "--from", "2025-09-30", "--to", "2025-12-31").stdout
    for sentence in (
        "1 member joined (provider side)",
        "1 membership ended (lived-experience side; consent withdrawn)",
        "session of 15 October 2025 (partnership meeting) held",
        "decision D08 adopted on 15 October 2025",
        "decision D11 not adopted on 10 December 2025",
        "CP-06 (2025) went from 85.7 % to 80.0 %",
    ):
        assert sentence in told
    assert "Aoife" not in told
    nothing = region.json("audit", "difference", "--partnership", NAME, "--from", "2025-12-31", "--to", "2025-12-31")
    assert nothing["changes"] == []


def test_everything_replayed_into_empty_views_equals_the_live_ones(region: Running) -> None:
    """In production each service answers for its own views."""
    if "up" in region.processes:
        rows = region.json("audit", "replay", "--all")
        assert {row["service"] for row in rows} == {"partnerships", "sessions", "feedback", "reporting", "audit"}
    else:
        rows = [row for service in ("partnerships", "reporting") for row in as_service(region, service, "audit", "replay", "--all")]
    assert all(row["equal"] for row in rows)
    assert sum(row["rows"] for row in rows) > 0


def test_the_state_of_a_service_as_of_an_entry_is_what_its_views_were_then(embedded_region: Running) -> None:
    """Before the first session was planned there was none in the calendar; now there are ten of the demo year."""
    now = embedded_region.json("audit", "replay", "--service", "sessions")
    early = embedded_region.json("audit", "replay", "--service", "sessions", "--to-position", "30")
    partnership = found(embedded_region.region())
    assert sum(row["partnership"] == partnership for row in now["calendar"]) == 10
    assert len(early["calendar"]) < 10
    unwitnessed = embedded_region.run("audit", "replay", "--service", "sessions", "--as-known-at", "2025-06-30T12:00:00Z", check=False)
    assert (unwitnessed.returncode, "not_witnessed: " in unwitnessed.stderr) == (2, True)


def test_a_view_that_was_tampered_with_is_named(embedded_region: Running) -> None:
    """Somebody changes a row behind the service's back."""
    file = embedded_region.folder / "data/sessions/views.db"
    with sqlite3.connect(file) as database:
        [(member, joined)] = database.execute("SELECT id, joined FROM member LIMIT 1").fetchall()
        database.execute("UPDATE member SET joined = '2025-01-01' WHERE id = ?", (member,))
    try:
        done = embedded_region.run("audit", "replay", "--all", check=False)
        assert (done.returncode, "member of sessions" in done.stderr) == (3, True)
    finally:
        with sqlite3.connect(file) as database:
            database.execute("UPDATE member SET joined = ? WHERE id = ?", (joined, member))
    assert embedded_region.run("audit", "replay", "--all").returncode == 0


def proposed(operator: Region, name: str) -> str:
    """A new partnership."""
    what = {"name": name, "org_unit": "ABH-1", "setting": "day_hospital", "level": "strategic", "happened": "2025-10-01T10:00:00Z"}
    made: str = operator.post("/v1/partnerships", what)["id"]
    return made


def receive(operator: Region, partnership: str) -> str:
    """Somebody says something in November."""
    said = {"kind": "suggestion", "relation": "carer", "anonymity": "named", "channel": "web", "text": "The letter frightened me."}
    made: str = operator.post("/v1/feedback", {"partnership": partnership, **said, "happened": "2025-11-11T09:00:00Z"})["id"]
    return made


def published(operator: Region, partnership: str) -> str:
    """The fourth quarter, published from all that is known now."""
    made: str = operator.post(f"/v1/partnerships/{partnership}/reports/2025Q4/publications", {})["made"]
    return made


def found(region: Region) -> str:
    """The partnership of the demo year."""
    id_: str = next(item["id"] for item in region.get("/v1/partnerships")["items"] if item["name"] == NAME)
    return id_


def as_service(region: Running, service: str, *arguments: str) -> Any:
    """What the command answers with the settings of one service in production."""
    environment = {**region.environment, "COMHAR_DATABASE_FILE": str(region.folder / "secrets" / f"{service}_database")}
    done = subprocess.run(
        (COMHAR, *arguments, "--service", service, "--json"), env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
