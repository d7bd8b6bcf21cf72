"""What a partnership may see of its own pulse (domain: disclosure rules of scenario 8.A): groups of fewer than five stay hidden,
and so does whatever would give them back.

A quarter hidden alone could be had as the year less the other quarters, so the smallest other quarter is hidden with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from contracts.reporting import Figure
from contracts.vocabulary import CellStatus

THRESHOLD = 5
_SIDES = ("CP-15", "CP-15 provider")
_GAP = "CP-16"

Hidden = Mapping[tuple[str, str], CellStatus]


def disclosed(figures: Iterable[Figure]) -> list[Figure]:
    """`figures` of a year and its quarters as they may be shown."""
    every = list(figures)
    hidden = _hidden(every)
    return [_masked(figure, hidden.get((figure.code, figure.period))) for figure in every]


def _hidden(figures: Sequence[Figure]) -> Hidden:
    hidden: dict[tuple[str, str], CellStatus] = {}
    for code in _SIDES:
        hidden |= {(code, period): status for period, status in _row([figure for figure in figures if figure.code == code and figure.d]).items()}
    # The gap of two means gives one away to whoever knows the other.
    for (_, period), status in list(hidden.items()):
        before = hidden.get((_GAP, period))
        hidden[_GAP, period] = CellStatus.suppressed_primary if CellStatus.suppressed_primary in (before, status) else status
    return hidden


def _row(cells: Sequence[Figure]) -> dict[str, CellStatus]:
    small = {cell.period for cell in cells if (cell.d or 0) < THRESHOLD}
    hidden = dict.fromkeys(small, CellStatus.suppressed_primary)
    quarters = [cell for cell in cells if len(cell.period) > 4]
    years = [cell.period for cell in cells if len(cell.period) == 4 and cell.period not in hidden]
    if len([cell for cell in quarters if cell.period in hidden]) == 1 and years:
        others = sorted((cell.d or 0, cell.period) for cell in quarters if cell.period not in hidden)
        hidden[others[0][1] if others else years[0]] = CellStatus.suppressed_secondary
    return hidden


def _masked(figure: Figure, status: CellStatus | None) -> Figure:
    if status is None:
        return figure
    return figure.model_copy(update={"n": None, "d": None, "value": None, "components": {}, "status": status, "low_base": False})
