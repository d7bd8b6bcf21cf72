from xml.etree import ElementTree as ET

import pytest

from contracts.reporting import Figure, IndicatorDefinition
from contracts.vocabulary import CellStatus, FigureFlag
from services.gateway.service.chart import Point, chart
from services.gateway.service.figures import Cell, Figures, amount, bars, words
from tests.gateway_fixture import CAME, GAP, HEARD, SHARE, WAIT, a_year, figure

SVG = "{http://www.w3.org/2000/svg}"


def cells(definition: IndicatorDefinition, *figures: Figure) -> dict[str, Cell]:
    """The cells of one indicator, by their label."""
    report = a_year().model_copy(update={"definitions": (definition,), "figures": figures})
    [(_, [line])] = Figures(report).sections()
    return {cell.label: cell for cell in line.cells}


def doing(cell: Cell) -> tuple[str, str] | None:
    return (cell.doing.shape, cell.doing.words) if cell.doing else None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(49.9, ("▼", "below the aim")), (50.0, ("●", "within the aim")), (67.0, ("●", "within the aim")), (67.1, ("▲", "above the aim"))],
)
def test_a_figure_with_an_aim_is_judged_by_it_in_words_and_shape(value: float, expected: tuple[str, str]) -> None:
    assert doing(cells(SHARE, figure(SHARE, "2025Q1", value))["Q1"]) == expected


@pytest.mark.parametrize(
    ("definition", "before", "now", "expected"),
    [
        (CAME, 40.0, 55.0, ("↗", "better than Q1")),
        (CAME, 55.0, 40.0, ("↘", "worse than Q1")),
        (CAME, 40.0, 0.0, ("↘", "worse than Q1")),
        (CAME, 40.0, 40.0, ("=", "as in Q1")),
        (WAIT, 9.0, 7.5, ("↘", "better than Q1")),
        (WAIT, 7.5, 9.0, ("↗", "worse than Q1")),
    ],
)
def test_a_figure_without_an_aim_is_compared_with_the_quarter_before(
    definition: IndicatorDefinition, before: float, now: float, expected: tuple[str, str]
) -> None:
    shown = cells(definition, figure(definition, "2025Q1", before), figure(definition, "2025Q2", now))
    assert (doing(shown["Q1"]), doing(shown["Q2"])) == (None, expected)


def test_a_figure_is_not_compared_with_what_is_hidden() -> None:
    shown = cells(HEARD, figure(HEARD, "2025Q1", None, CellStatus.suppressed_primary), figure(HEARD, "2025Q2", 80.0))
    assert doing(shown["Q2"]) is None


def test_a_year_is_not_compared_with_its_last_quarter() -> None:
    assert doing(cells(CAME, figure(CAME, "2025Q4", 40.0), figure(CAME, "2025", 50.0))["Year"]) is None


@pytest.mark.parametrize(
    ("status", "text", "note"),
    [
        (CellStatus.suppressed_primary, "hidden", "fewer than five answers"),
        (CellStatus.suppressed_secondary, "hidden", "it would give a hidden figure away"),
        (CellStatus.not_collected, "not collected", ""),
        (CellStatus.not_applicable, "none", "nothing to count"),
        (CellStatus.late, "not yet in", ""),
    ],
)
def test_a_cell_without_a_value_says_why(status: CellStatus, text: str, note: str) -> None:
    cell = cells(HEARD, figure(HEARD, "2025Q1", None, status))["Q1"]
    assert (cell.text, cell.note, cell.counts, cell.hidden) == (text, note, "", True)


def test_zero_is_a_value() -> None:
    cell = cells(CAME, figure(CAME, "2025Q1", 0.0, CellStatus.zero))["Q1"]
    assert (cell.text, cell.counts, cell.hidden) == ("0\N{NO-BREAK SPACE}%", "3 of 4", False)


def test_a_figure_of_few_cases_is_marked() -> None:
    assert cells(CAME, figure(CAME, "2025Q1", 75.0, low_base=True))["Q1"].note == "few cases"


def test_what_is_to_be_looked_into_stands_beside_the_figure() -> None:
    flagged = figure(CAME, "2025Q1", 75.0, low_base=True).model_copy(update={"flags": (FigureFlag.mendable,)})
    assert cells(CAME, flagged)["Q1"].note == "few cases; somebody left for what can be mended"


def test_every_indicator_is_shown_once_and_those_of_no_group_at_the_end() -> None:
    sections = list(Figures(a_year()).sections())
    shown = [line.definition.code for _, lines in sections for line in lines]
    assert sorted(shown) == sorted(definition.code for definition in a_year().definitions)
    assert sections[-1][0] == "More"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (45.5, "%", "45.5\N{NO-BREAK SPACE}%"),
        (50.0, "%", "50\N{NO-BREAK SPACE}%"),
        (0.9, "ratio", "0.90"),
        (-0.38, "points", "\N{MINUS SIGN}0.38 points"),
        (0.3, "points", "+0.30 points"),
        (0.5, "rungs", "+0.50 rungs"),
        (6.5, "working days", "6.5 working days"),
    ],
)
def test_a_value_is_written_with_its_unit(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


def test_what_is_better_is_said_of_each_indicator() -> None:
    better = {line.definition.code: line.better for _, lines in Figures(a_year()).sections() for line in lines}
    assert better[SHARE.code] == "aim: 50 to 67\N{NO-BREAK SPACE}%"
    assert better[GAP.code] == "aim: \N{MINUS SIGN}0.3 to 0.3\N{NO-BREAK SPACE}points"
    assert (better[CAME.code], better[WAIT.code]) == ("higher is better", "lower is better")


def test_counts_are_drawn_with_the_largest_first_or_in_an_order_of_their_own() -> None:
    assert bars({"a_b": 1, "c": 4}) == [("C", 4, 100), ("A b", 1, 25)]
    assert bars({"1": 4, "5": 1}, ("5", "3", "1")) == [("5", 1, 25), ("1", 4, 100)]
    assert bars({}) == []


def test_a_word_of_the_vocabulary_reads_like_one() -> None:
    assert words("dignity_and_respect") == "Dignity and respect"


# The chart


def drawn(points: list[Point], band: tuple[float, float] | None = None) -> ET.Element:
    return ET.fromstring(str(chart("Share", points, band)).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'))  # noqa: S314  ours


def test_a_chart_says_in_words_what_it_shows() -> None:
    points = [Point("Q1", 45.5), Point("Q2", None, "hidden")]
    assert drawn(points, (40, 60)).get("aria-label") == "Share: Q1 45.5 per cent, Q2 hidden. The aim is 40 to 60 per cent."


def test_a_chart_writes_every_value_beside_its_point() -> None:
    picture = drawn([Point("Q1", 45.5), Point("Q2", 100.0), Point("Q3", None, "none")])
    assert [text.text for text in picture.iter(f"{SVG}text") if text.get("class") in {"value", "gap"}] == ["45.5", "100", "none"]
    assert len(list(picture.iter(f"{SVG}circle"))) == 2


def test_a_chart_draws_no_line_across_a_gap() -> None:
    points = [Point("Q1", 10.0), Point("Q2", 20.0), Point("Q3", None, "hidden"), Point("Q4", 30.0)]
    [line] = drawn(points).iter(f"{SVG}path")
    assert line.get("d", "").count("L") == 1


def test_a_higher_share_stands_higher() -> None:
    low, high = (float(point.get("cy", "")) for point in drawn([Point("Q1", 10.0), Point("Q2", 90.0)]).iter(f"{SVG}circle"))
    assert high < low


def test_a_chart_has_neither_style_nor_script_and_escapes_what_it_is_given() -> None:
    text = str(chart("<script>", [Point("<b>", None, "&")], None))
    assert "<script" not in text
    assert "style" not in text
    assert "<b>" not in text


def test_a_chart_of_nothing_is_a_chart() -> None:
    assert drawn([]).get("role") == "img"
