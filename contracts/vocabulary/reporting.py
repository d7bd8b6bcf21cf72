"""Figures and their cells."""

from __future__ import annotations

from enum import StrEnum


class CellStatus(StrEnum):
    """What a cell of a report means; five meanings that are never mixed (SDMX CL_CONF_STATUS F, A, D beside ours)."""

    value = "value"
    zero = "zero"
    suppressed_primary = "suppressed_primary"
    suppressed_secondary = "suppressed_secondary"
    not_collected = "not_collected"
    not_applicable = "not_applicable"
    late = "late"


class Direction(StrEnum):
    """Which way is better."""

    increase = "increase"
    decrease = "decrease"
    target_band = "target_band"


class FigureFlag(StrEnum):
    """What is to be looked into behind a figure (ours): why people of the lived-experience side left, where the partnership can mend it.

    `mendable` stands for any of the others where which one it was is not shown.
    """

    access_not_met = "access_not_met"
    payment_problem = "payment_problem"
    not_heard = "not_heard"
    mendable = "mendable"
