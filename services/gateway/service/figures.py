"""What a report looks like to a reader: each figure as words, with how it is doing said in words and shape, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from contracts.reporting import Figure, IndicatorDefinition, Report
from contracts.vocabulary import CellStatus, Direction, FigureFlag, wording
from services.gateway.service.chart import Point, chart

_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Who takes part", ("CP-01", "CP-01+employed", "CP-02", "CP-03", "CP-18")),
    ("Whose topics, voices and decisions", ("CP-04", "CP-05", "CP-06", "CP-07", "CP-08", "CP-09")),
    ("What is done, and answered", ("CP-10", "CP-11", "CP-12", "CP-13", "CP-14")),
    ("Being heard", ("CP-15", "CP-15 provider", "CP-16", "CP-17")),
    ("What people need to take part", ("CP-20", "CP-21", "CP-22")),
    ("How far co-production went, and its good order", ("CP-23", "CP-24", "CP-25")),
)
_REST = "More"
_CHARTED = (("CP-01", "of members"), ("CP-02", "of attendance"), ("CP-05", "of contributions"))
_NOTHING: Mapping[CellStatus, tuple[str, str]] = {
    CellStatus.suppressed_primary: ("hidden", "fewer than five answers"),
    CellStatus.suppressed_secondary: ("hidden", "it would give a hidden figure away"),
    CellStatus.not_collected: ("not collected", ""),
    CellStatus.not_applicable: ("none", "nothing to count"),
    CellStatus.late: ("not yet in", ""),
}
_LOW_BASE = "few cases"
_FLAGGED: Mapping[FigureFlag, str] = {
    FigureFlag.access_not_met: "somebody left because access was not met",
    FigureFlag.payment_problem: "somebody left over payment",
    FigureFlag.not_heard: "somebody left for not being heard",
    FigureFlag.mendable: "somebody left for what can be mended",
}
_GAP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Doing:
    """How a figure is doing: a shape, words, and a tone for the stylesheet."""

    shape: str
    words: str
    tone: str


@dataclass(frozen=True)
class Cell:
    """One figure, or why there is none."""

    label: str
    text: str
    counts: str = ""
    doing: Doing | None = None
    note: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Line:
    """One indicator over the quarters and the year."""

    definition: IndicatorDefinition
    better: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Panel:
    """One share as a card: the year in large, its quarters as a chart."""

    title: str
    year: Cell
    picture: Markup


class Figures:
    """The figures of a year's report, found by indicator and period."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._figures = {(figure.code, figure.period): figure for figure in report.figures}
        self._periods = (*(f"{report.period}Q{quarter}" for quarter in range(1, 5)), report.period)

    def sections(self) -> Iterator[tuple[str, list[Line]]]:
        """All indicators, in groups that belong together."""
        listed = {code for _, codes in _SECTIONS for code in codes}
        known = {definition.code: definition for definition in self._report.definitions}
        for title, codes in (*_SECTIONS, (_REST, tuple(code for code in known if code not in listed))):
            if lines := [self._line(known[code]) for code in codes if code in known]:
                yield title, lines

    def panels(self) -> Iterator[Panel]:
        """What part the lived-experience side had, as charts."""
        for code, title in _CHARTED:
            year = self._figures.get((code, self._report.period))
            if year is not None:
                points = [_point(self._figures[code, period]) for period in self._periods[:4] if (code, period) in self._figures]
                yield Panel(title, _cell(year, None), chart(f"Lived-experience share {title}", points, year.band))

    def _line(self, definition: IndicatorDefinition) -> Line:
        cells: list[Cell] = []
        before: Figure | None = None
        for period in self._periods:
            figure = self._figures.get((definition.code, period))
            cells.append(_cell(figure, before) if figure else Cell(_label(period), *_NOTHING[CellStatus.not_collected]))
            before = figure if _is_quarter(period) and period != self._periods[3] else None
        return Line(definition, _better(definition), tuple(cells))


def bars(counts: Mapping[str, int], order: Sequence[str] | None = None) -> list[tuple[str, int, int]]:
    """Counts as label, count, and length in per cent of the longest; the largest first, unless in `order`."""
    most = max(counts.values(), default=0)
    names = [name for name in order if name in counts] if order else sorted(counts, key=lambda name: (-counts[name], name))
    return [(words(name), counts[name], round(100 * counts[name] / most) if most else 0) for name in names]


def words(code: str) -> str:
    """A word of the vocabulary as people write it where a line begins."""
    said = wording.words(code)
    return said[:1].upper() + said[1:]


def _cell(figure: Figure, before: Figure | None) -> Cell:
    label = _label(figure.period)
    if figure.value is None:
        text, note = _NOTHING.get(figure.status, ("none", ""))
        return Cell(label, text, note=note, hidden=True)
    counts = f"{figure.n} of {figure.d}" if figure.n is not None and figure.d is not None else ""
    return Cell(label, amount(figure.value, figure.unit), counts, _doing(figure, before), _note(figure))


def _note(figure: Figure) -> str:
    return "; ".join((*((_LOW_BASE,) if figure.low_base else ()), *(_FLAGGED[flag] for flag in figure.flags)))


def amount(value: float, unit: str) -> str:
    """A value with its unit, as people write it."""
    match unit:
        case "%":
            return f"{value:g}{_GAP}%"
        case "ratio":
            return f"{value:.2f}"
        case "points" | "rungs":
            return f"{_minus(f'{value:+.2f}')} {unit}"
        case _:
            return f"{value:g} {unit}"


def _doing(figure: Figure, before: Figure | None) -> Doing | None:
    value = figure.value or 0.0
    if figure.band:
        low, high = figure.band
        if value < low:
            return Doing("▼", "below the aim", "off")
        return Doing("▲", "above the aim", "off") if value > high else Doing("●", "within the aim", "good")
    if before is None or before.value is None:
        return None
    than = _label(before.period)
    if value == before.value:
        return Doing("=", f"as in {than}", "same")
    rises = value > before.value
    better = rises == (figure.direction is Direction.increase)
    return Doing("↗" if rises else "↘", f"{'better' if better else 'worse'} than {than}", "good" if better else "off")


def _better(definition: IndicatorDefinition) -> str:
    if definition.band:
        low, high = definition.band
        unit = f"{_GAP}{definition.unit}" if definition.unit != "ratio" else ""
        return f"aim: {_minus(f'{low:g}')} to {high:g}{unit}"
    return "higher is better" if definition.direction is Direction.increase else "lower is better"


def _minus(number: str) -> str:
    return number.replace("-", "\N{MINUS SIGN}")


def _point(figure: Figure) -> Point:
    word = "" if figure.value is not None else _NOTHING.get(figure.status, ("none", ""))[0]
    return Point(_label(figure.period), figure.value, word)


def _label(period: str) -> str:
    return period[4:] if _is_quarter(period) else "Year"


def _is_quarter(period: str) -> bool:
    return "Q" in period
