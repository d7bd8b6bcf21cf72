"""How far co-production went in what was worked on: reached as intended, and seen alike by both sides (CP-23, CP-24)."""

from __future__ import annotations

from dataclasses import replace

from contracts.vocabulary import Side
from services.reporting.domain.history import WorkItem
from services.reporting.domain.indicators.measuring import Cases, Measure, Scope, gap, indicator, share

_FAR = 2
_REACHED = {-2: "two_or_more_below", -1: "one_below", 0: "as_intended", 1: "one_above", 2: "two_or_more_above"}


def _reviewed(scope: Scope) -> list[WorkItem]:
    return [item for item in scope.history.work_items.values() if item.reviewed and scope.covers(item.reviewed)]


def _degree_reached(scope: Scope) -> Measure:
    items = _reviewed(scope)
    rungs = [(item, item.agreed.rung - item.intended.rung) for item in items if item.agreed]
    spread: dict[str, Cases] = {
        name: [item for item, rung in rungs if max(-_FAR, min(_FAR, rung)) == distance] for distance, name in _REACHED.items()
    }
    return share([item for item, rung in rungs if rung >= 0], items, **spread)


def _perception_gap(scope: Scope) -> Measure:
    sides = {"prov": Side.provider, "le": Side.lived_experience}
    items = [item for item in _reviewed(scope) if item.rated.keys() >= set(sides.values())]
    rungs = {name: [(item.rated[side], item.rated[side].degree.rung) for item in items] for name, side in sides.items()}
    return replace(gap("prov", "le", rungs), base=len(items))


INDICATORS = (
    indicator(
        "CP-23",
        "Degree reached",
        "of them those whose agreed degree of co-production is the intended one or a higher",
        "work items on whose degree both sides agreed in the period",
        _degree_reached,
        notes="The components tell how many rungs the agreed degree is away from the intended one.",
    ),
    indicator(
        "CP-24",
        "Degree perception gap",
        "mean rung that the provider side saw",
        "less the mean rung that the lived-experience side saw, of the same work items: those reviewed in the period",
        _perception_gap,
        unit="rungs",
        band=(-0.5, 0.5),
        notes="Positive: providers see it rosier. Each side's last word before both agreed counts.",
    ),
)
