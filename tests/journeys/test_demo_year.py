"""The Abhainn Recovery Partnership's first year, told through the API, gives the values that were worked out by hand, on both profiles."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.data import DEMO
from deploy.client import Region
from tests.regions import Running
from tests.server_process import wait_until
from tests.standing import Held, worked_out

PERIODS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025")
PARITY = ("le_attended", "le_invited", "prov_attended", "prov_invited")
NAME, EXPECTED = (json.loads(DEMO.read_text())[part] for part in ("name", "expected"))


def test_every_indicator_of_every_period_is_as_worked_out(region: Running) -> None:
    """All four quarters and the year, numerators and denominators included."""
    api = region.region("governance_auditor")
    partnership = _partnership(region)
    for period in PERIODS:
        figures = {figure["code"]: figure for figure in api.get(f"/v1/partnerships/{partnership}/reports/{period}", raw="true")["figures"]}
        wanted = {code: values[period] for code, values in EXPECTED.items() if period in values}
        assert {code: _told(figures[code], value) for code, value in wanted.items()} == {
            code: _parts(value) for code, value in wanted.items()
        }


def test_the_year_with_its_quarters_is_one_answer(region: Running) -> None:
    """A year asked for with its quarters says the same as each asked for alone."""
    api = region.region("governance_auditor")
    path = f"/v1/partnerships/{_partnership(region)}/reports"
    together = api.get(f"{path}/2025", raw="true", quarters="true")["figures"]
    alone = [figure for period in PERIODS for figure in api.get(f"{path}/{period}", raw="true")["figures"]]
    assert sorted(map(str, together)) == sorted(map(str, alone))


def test_small_pulses_are_hidden_and_so_is_what_would_give_them_back(region: Running) -> None:
    """Three providers answered in the third quarter; the second is hidden with it, and both gaps."""
    figures = region.region().get(f"/v1/partnerships/{_partnership(region)}/reports/2025", quarters="true")["figures"]
    hidden = {(figure["code"], figure["period"]): figure["status"] for figure in figures if figure["status"].startswith("suppressed")}
    assert hidden == {
        ("CP-15 provider", "2025Q3"): "suppressed_primary",
        ("CP-15 provider", "2025Q2"): "suppressed_secondary",
        ("CP-16", "2025Q3"): "suppressed_primary",
        ("CP-16", "2025Q2"): "suppressed_secondary",
    }
    assert all(figure["value"] is None and not figure["components"] for figure in figures if figure["status"].startswith("suppressed"))


@pytest.mark.parametrize("role", ["partnership_coordinator", "data_protection_officer"])
def test_who_may_not_see_raw_figures_is_refused(embedded_region: Running, role: str) -> None:
    """Raw figures are for those who answer for the region's data."""
    api = embedded_region.region(role)
    with pytest.raises(Exception, match="role_not_permitted"):
        api.get(f"/v1/partnerships/{_partnership(embedded_region)}/reports/2025", raw="true")


def test_the_year_told_again_stores_nothing_twice(region: Running) -> None:
    """The same commands under the same keys are the same commands."""
    auditor = region.region("governance_auditor")

    def facts() -> dict[str, int]:
        return {
            source["source"]: source["last"] for source in auditor.get("/v1/audit/completeness")["sources"] if source["source"] != "gateway"
        }

    before = facts()
    region.run("demo", "load")
    assert facts() == before


def test_a_nurse_shows_what_she_learned_and_names_nobody(embedded_region: Running) -> None:
    """8.H: two workshops, five and a half hours, all of them participatory, each with the minutes that both sides agreed on."""
    api = embedded_region.region()
    path = f"/v1/partnerships/{_partnership(embedded_region)}"
    members = {member["name"]: member["id"] for member in api.get(path)["members"]}
    shown = api.get(f"{path}/members/{members['Imelda']}/cpd", since="2025-01-01", until="2025-12-31")
    workshops = [entry for entry in shown["entries"] if entry["kind"] == "co_design_workshop"]
    assert [entry["day"] for entry in workshops] == ["2025-03-19", "2025-09-10"]
    for hours in ("hours", "participatory_hours"):
        assert sum(Decimal(str(entry[hours])) for entry in workshops) == Decimal("5.5")
    assert all(entry["topics"] for entry in workshops)
    agreed = [api.get(f"/v1/sessions/{entry['session']}")["minutes_taken"]["digest"] for entry in workshops]
    assert [entry["minutes_digest"] for entry in workshops] == agreed
    assert not [name for name in members if name and name != "Imelda" and name in json.dumps(shown, ensure_ascii=False)]


def test_who_held_what_on_every_day_is_what_the_history_says(embedded_region: Running, tmp_path: Path) -> None:
    """After late entries and corrections, as known now and as known before them; worked out from the history that was taken out."""
    api = embedded_region.region()
    partnership = _partnership(embedded_region)
    path = f"/v1/partnerships/{partnership}"
    known_before, last = api.get(f"{path}/standing")["known_at"], _put_right(api, path)
    told = _taken_out(embedded_region, tmp_path / "export", partnership, last)
    assert {fact["what"] for fact in told} >= {"MemberNominated", "MemberInvited", "LeaveEnded", "OfficeLeft", "EntryCorrected"}
    every_day = [datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    for days, known_at in ((every_day, datetime.now(UTC).isoformat()), (every_day[::14], known_before)):
        known = datetime.fromisoformat(known_at)
        for day in days:
            assert (day, _held(api, path, day, known_at)) == (day, worked_out(told, day, known))


def _put_right(api: Region, path: str) -> int:
    """Things that are learnt late or were told wrongly, none of which changes a figure; the version of the last."""
    members = {member["name"]: member["id"] for member in api.get(path)["members"]}

    def entry(name: str, kind: str) -> int:
        entries = api.get(f"{path}/members/{members[name]}/history")["entries"]
        return next(int(entry["entry"]) for entry in entries if entry["kind"] == kind)

    def say(name: str, what: str, **body: Any) -> int:
        return int(api.post(f"{path}/members/{members[name]}/{what}", body)["version"])

    say("Bríd", "leave", happened="2025-08-04T10:00:00Z")
    say("Bríd", "return", happened="2025-08-25T10:00:00Z")
    say("Maeve", "offices", office="facilitator", happened="2025-05-01T10:00:00Z", until="2025-12-01T10:00:00Z")
    say("Maeve", "offices/leave", office="facilitator", happened="2025-07-01T10:00:00Z")
    declared = say("Imelda", "perspective", perspective="leadership", happened="2025-07-01T10:00:00Z")
    say("Imelda", "corrections", entry=declared, at="2025-08-01T10:00:00Z")
    say("Orla", "corrections", entry=entry("Orla", "joined"), at="2025-10-08T09:00:00Z")
    return say("Jarlath", "corrections", entry=entry("Jarlath", "office_taken"), at="2025-09-25T10:00:00Z")


def _taken_out(region: Running, folder: Path, partnership: str, version: int) -> list[dict[str, Any]]:
    """The facts of a partnership up to this version of it, as they stand in the files of an export."""
    found: list[dict[str, Any]] = []

    def whole() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        region.run("audit", "export", str(folder), "--reason", "audit")
        found[:] = [
            {**line["data"], "what": line["type"].split(".")[1]}
            for file in sorted((folder / "tile" / "entries").rglob("*"))
            if file.is_file()
            for line in _lines(file.read_bytes())
            if line["source"].endswith("/partnerships") and line["subject"] == partnership
        ]
        return [fact["version"] for fact in found] == [*range(1, version + 1)]

    wait_until(whole, "the last correction is in the export", 60)
    return found


def _lines(bundle: bytes) -> Iterator[Any]:
    """Each entry of a bundle: its length in two bytes, then the entry."""
    while bundle:
        end = 2 + int.from_bytes(bundle[:2], "big")
        yield json.loads(bundle[2:end])
        bundle = bundle[end:]


def _held(api: Region, path: str, day: datetime, known_at: str) -> Held:
    standing = api.get(f"{path}/standing", on=day.isoformat(), known_at=known_at)["members"]
    return {one["member"]: (one["status"], one["role"], one["perspective"], tuple(sorted(one["offices"]))) for one in standing}


def _partnership(region: Running) -> str:
    found: str = next(item["id"] for item in region.region().get("/v1/partnerships")["items"] if item["name"] == NAME)
    return found


def _parts(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: wanted[name] for name in ("n", "d", "value", "unit", "components") if name in wanted}


def _told(figure: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The parts of a figure that the expectation speaks of."""
    told = {**figure, "components": [figure["components"].get(name) for name in PARITY]}
    return {name: told[name] for name in ("n", "d", "value", "unit", "components") if name in wanted}
