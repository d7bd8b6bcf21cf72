"""Where partnerships work, and what is to be done next: by the command, as whoever runs a region would."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from tests.regions import Running

UNITS = Path(__file__).parents[2] / "deploy" / "demo" / "org_units.csv"


def test_a_tree_of_units_is_taken_in_once_and_told_as_it_was(region: Running) -> None:
    """Former organisations are in it until the day their successors begin."""
    first = region.json("org-units", "import", str(UNITS))
    again = region.json("org-units", "import", str(UNITS))
    assert first["refusals"] == again["refusals"] == []
    assert (again["read"], again["stored"], again["known"]) == (9, 0, 9)
    before = region.json("org-units", "list", "--on", "2024-02-29")
    assert [row["unit"] for row in before["units"]] == ["NAT", "CHO_ABHAINN_THEAS", "CHO_ABHAINN_THUAIDH"]
    assert "    ABH_CMHT_LOCH_DUBH" in region.run("org-units", "list").stdout
    api = region.region()
    assert api.get("/v1/org-units/REG_ABHAINN")["predecessors"] == ["CHO_ABHAINN_THEAS", "CHO_ABHAINN_THUAIDH"]
    proposal = {"name": "Units", "setting": "policy", "level": "strategic", "org_unit": "CHO_ABHAINN_THEAS"}
    made = api.post("/v1/partnerships", {**proposal, "happened": "2023-05-01T10:00:00Z"})["id"]
    api.post(f"/v1/partnerships/{made}/org-unit", {"org_unit": "REG_ABHAINN"})
    assert api.get(f"/v1/partnerships/{made}")["org_unit"] == "REG_ABHAINN"


def test_a_new_partnership_is_told_what_to_do_next(region: Running) -> None:
    """A few steps, in order, each with why and how; the frameworks that it may work by are taken in once."""
    assert region.json("frameworks", "import")["refusals"] == []
    again = region.json("frameworks", "import")
    assert (again["read"], again["stored"], again["known"]) == (4, 0, 4)
    assert "COMHAR_START" in region.run("frameworks", "list").stdout
    api = region.region()
    proposal = {"name": f"Beginners {uuid4()}", "setting": "day_hospital", "level": "organisational", "org_unit": "X"}
    made = api.post("/v1/partnerships", proposal)["id"]
    told = region.json("next", "--partnership", proposal["name"])
    assert [step["code"] for step in told["steps"]] == ["find_lived_experience", "find_providers", "set_composition"]
    assert "1. Too few people take part who have lived experience." in region.run("next", "--partnership", made).stdout
    api.post(f"/v1/partnerships/{made}/stages", {"framework": "COMHAR_START", "element": "PREPARE", "state": "under_way"})
    elements = api.get(f"/v1/partnerships/{made}/readiness")["elements"]
    assert [one["state"] for one in elements if one["element"] == "PREPARE"] == ["under_way"]
