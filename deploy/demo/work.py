"""The pieces of work: which degree of co-production was intended, what each side saw, and what both agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.vocabulary import Degree
from deploy.demo.telling import Step, moment


def steps(year: dict[str, Any]) -> Iterator[Step]:
    """Begun when it was decided on, rated and agreed at the review."""
    for code_and_name, item in year["workItems"].items():
        id_, _, name = code_and_name.partition(" ")
        begun = {"partnership": "{partnership}", "name": name.capitalize(), "stage": item["stage"], "legal_basis": item["legalBasis"]}
        yield Step(id_, moment(item["opened"], 15), id_, "/v1/work-items", {**begun, "intended": _degree(item["intended"])})
        for side, rung in (("lived_experience", item["leRating"]), ("provider", item["provRating"])):
            rated = {"side": side, "degree": _degree(rung)}
            yield Step(f"{id_} rated by {side}", moment(item["reviewed"], 12), id_, f"/v1/work-items/{{{id_}}}/ratings", rated)
        agreed = {"degree": _degree(item["agreed"])}
        yield Step(f"{id_} agreed", moment(item["reviewed"], 13), id_, f"/v1/work-items/{{{id_}}}/agree", agreed)


def _degree(rung: int) -> str:
    return list(Degree)[rung - 1]
