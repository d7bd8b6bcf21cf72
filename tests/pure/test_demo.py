"""The demo year tells what its counts say: who came, what was asked, offered and objected to, is written down person by person."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from deploy.cli.data import DEMO
from deploy.demo import steps
from deploy.demo.telling import Step, tell

YEAR = json.loads(DEMO.read_text())
PERSPECTIVES = {member["id"]: member["perspective"] for member in YEAR["members"]}


def _by_side(members: list[str]) -> list[int]:
    sides = Counter(PERSPECTIVES[member] for member in members)
    return [sides[side] for side in ("LE", "LE_EMP", "PROV")]


@pytest.mark.parametrize("session", YEAR["sessions"], ids=lambda session: session["id"])
def test_what_is_told_of_a_session_person_by_person_comes_to_its_counts(session: dict[str, Any]) -> None:
    """Attendance, the agenda, access needs and offers."""
    there = [member["id"] for member in YEAR["members"] if member["joined"] <= session["date"] < (member["ended"] or "9")]
    assert _by_side(there) == session["invited"]
    assert _by_side(session["came"]) == session["attended"]
    assert _by_side([item["by"] for item in session["agenda"]]) == session["agendaRaisedBy"]
    assert [len(session["access"]), sum(asked["met"] for asked in session["access"])] == session["accessRequestedMet"]
    assert len(session["offers"]) == session["paymentOffers"]
    assert {offer["member"] for offer in session["offers"]} <= set(session["came"])


def test_objections_are_those_that_were_counted() -> None:
    """All came from the lived-experience side, and all were resolved."""
    for decision in YEAR["decisions"]:
        objections = decision.get("objections", [])
        assert {PERSPECTIVES[one["member"]] for one in objections} <= {"LE"}
        assert (len(objections), len(objections)) == (decision["leObjections"], decision["leObjectionsResolved"])


class Telephone:
    """A region that answers every command and remembers them in order."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: object) -> dict[str, str | None]:
        self.heard.append((path, body))
        return {"id": f"id-{len(self.heard)}", "made": None if path.startswith("/v1/payments") else str(idempotency_key)}


def test_the_year_is_told_once_and_each_line_of_it_in_order() -> None:
    """No two steps have one name, nothing refers to what comes later, and what was done with one thing is told as it happened."""
    told = list(steps(YEAR))
    assert len({step.name for step in told}) == len(told)
    region, finance = Telephone(), Telephone()
    made = tell("year", told, region, finance, lambda _done, _all: None)  # type: ignore[arg-type]
    assert made.keys() == {step.name for step in told}
    assert len(finance.heard) == sum(step.paying for step in told)
    assert not any("{" in path for path, _ in region.heard)
    of_people = [body["happened"] for path, body in region.heard if "/nominations" in path]
    assert of_people == sorted(of_people)


def test_a_step_that_is_refused_ends_the_telling() -> None:
    """The refusal comes out, and what waits for the step is never sent."""

    class Refusing(Telephone):
        def post(self, path: str, body: dict[str, Any], *, idempotency_key: object) -> dict[str, str | None]:
            if path == "/refused":
                raise LookupError(path)
            return super().post(path, body, idempotency_key=idempotency_key)

    region = Refusing()
    day = next(steps(YEAR)).at
    told = [Step("first", day, "a", "/first", {}), Step("second", day, "a", "/refused", {}), Step("third", day, "a", "/third", {})]
    with pytest.raises(LookupError):
        tell("year", told, region, region, lambda _done, _all: None)  # type: ignore[arg-type]
    assert [path for path, _ in region.heard] == ["/first"]
