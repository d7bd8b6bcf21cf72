"""A small line chart as SVG text: one share, quarter by quarter, with every value written beside its point.

Without style or script, so that the strictest content policy takes it; a stylesheet gives it its look. What it shows is also in its
description, and in a table elsewhere: nobody needs to see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDTH, _HEIGHT = 320, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 24, 22, 156


@dataclass(frozen=True)
class Point:
    """One period: its label, the share in per cent, or, where there is none to show, the word that says so."""

    label: str
    value: float | None
    word: str = ""

    @property
    def text(self) -> str:
        return self.word if self.value is None else f"{self.value:g}"


def chart(title: str, points: Sequence[Point], band: tuple[float, float] | None) -> Markup:
    """The chart of `points` between 0 and 100 per cent; `band` is the aim."""
    places = [(_across(place, len(points)), point) for place, point in enumerate(points)]
    parts = [
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(_description(title, points, band))}">',
        *_aim(band),
        *(_grid(percent) for percent in (0, 50, 100)),
        *(f'<path class="line" d="{path}"/>' for path in _paths(places)),
        *(_mark(x, point) for x, point in places),
        "</svg>",
    ]
    return Markup("".join(parts))  # noqa: S704  every text from outside is escaped above


def _description(title: str, points: Sequence[Point], band: tuple[float, float] | None) -> str:
    told = ", ".join(f"{point.label} {point.text}{' per cent' if point.value is not None else ''}" for point in points)
    return f"{title}: {told}." + (f" The aim is {band[0]:g} to {band[1]:g} per cent." if band else "")


def _across(place: int, count: int) -> float:
    step = (_WIDTH - _LEFT - _RIGHT) / max(count, 1)
    return round(_LEFT + step * (place + 0.5), 1)


def _up(percent: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(max(percent, 0), 100) / 100, 1)


def _aim(band: tuple[float, float] | None) -> list[str]:
    if band is None:
        return []
    top, bottom = _up(band[1]), _up(band[0])
    return [
        f'<rect class="aim" x="{_LEFT}" y="{top}" width="{_WIDTH - _LEFT}" height="{round(bottom - top, 1)}"/>',
        f'<text class="aim-label" x="{_WIDTH - 4}" y="{round((top + bottom) / 2 + 4, 1)}" text-anchor="end">aim</text>',
    ]


def _grid(percent: int) -> str:
    y = _up(percent)
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y}" y2="{y}"/>'
        f'<text class="scale" x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{percent}</text>'
    )


def _paths(places: Sequence[tuple[float, Point]]) -> list[str]:
    """One path for each run of neighbours that have a value: a line across a gap would claim what nobody knows."""
    runs: list[list[str]] = [[]]
    for x, point in places:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x} {_up(point.value)}")
    return ["M" + " L".join(run) for run in runs if len(run) > 1]


def _mark(x: float, point: Point) -> str:
    label = f'<text class="period" x="{x}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(point.label)}</text>'
    if point.value is None:
        return f'{label}<text class="gap" x="{x}" y="{_BOTTOM - 8}" text-anchor="middle">{escape(point.word)}</text>'
    y = _up(point.value)
    return (
        f'{label}<circle class="point" cx="{x}" cy="{y}" r="5"/>'
        f'<text class="value" x="{x}" y="{max(y - 11, 13)}" text-anchor="middle">{point.text}</text>'
    )
