"""The Abhainn Recovery Partnership's first year, told through the API, gives the values that were worked out by hand, on both profiles."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deploy.cli.data import DEMO
from tests.regions import Running

PERIODS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025")
CODES = (
    "CP-01", "CP-01+employed", "CP-02", "CP-03", "CP-04", "CP-05", "CP-06", "CP-09", "CP-10", "CP-12", "CP-13", "CP-15", "CP-15 provider",
    "CP-16", "CP-17",
)  # fmt: skip
PARITY = ("le_attended", "le_invited", "prov_attended", "prov_invited")
NAME, EXPECTED = (json.loads(DEMO.read_text())[part] for part in ("name", "expected"))


def test_every_indicator_of_every_period_is_as_worked_out(region: Running) -> None:
    """All four quarters and the year, numerators and denominators included."""
    api = region.region("governance_auditor")
    partnership = _partnership(region)
    for period in PERIODS:
        figures = {figure["code"]: figure for figure in api.get(f"/v1/partnerships/{partnership}/reports/{period}", raw="true")["figures"]}
        assert {code: _told(figures[code], EXPECTED[code][period]) for code in CODES} == {code: _wanted(code, period) for code in CODES}


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


def _partnership(region: Running) -> str:
    found: str = next(item["id"] for item in region.region().get("/v1/partnerships")["items"] if item["name"] == NAME)
    return found


def _wanted(code: str, period: str) -> dict[str, Any]:
    wanted = EXPECTED[code][period]
    return {name: wanted[name] for name in ("n", "d", "value", "unit", "components") if name in wanted}


def _told(figure: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The parts of a figure that the expectation speaks of."""
    told = {**figure, "components": [figure["components"].get(name) for name in PARITY]}
    return {name: told[name] for name in ("n", "d", "value", "unit", "components") if name in wanted}
