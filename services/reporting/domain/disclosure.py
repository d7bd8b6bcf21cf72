"""What a partnership may see of its own pulse (domain 8.A), and of why people left (domain 4.4, ONS_10).

Groups of fewer than five stay hidden, and so does whatever would give them back: a quarter hidden alone could be had as the year less
the other quarters, and two small ones as a group that is still small, so the smallest other quarters are hidden with them.

Where one person left, their reason is theirs: that it was one of those the partnership can mend is shown, and not which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from contracts.reporting import Figure
from contracts.vocabulary import CellStatus, FigureFlag

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
        hidden |= {
            (code, period): status for period, status in _row([figure for figure in figures if figure.code == code and figure.d]).items()
        }
    # The gap of two means gives one away to whoever knows the other.
    for (_, period), status in list(hidden.items()):
        before = hidden.get((_GAP, period))
        hidden[_GAP, period] = CellStatus.suppressed_primary if CellStatus.suppressed_primary in (before, status) else status
    return hidden


def _row(cells: Sequence[Figure]) -> dict[str, CellStatus]:
    sizes = {cell.period: cell.d or 0 for cell in cells}
    hidden = {period: CellStatus.suppressed_primary for period, size in sizes.items() if size < THRESHOLD}
    if any(period.isdigit() for period in hidden):
        return hidden  # the year itself is small: nothing can be taken from it
    quarters = sorted((size, period) for period, size in sizes.items() if not period.isdigit() and period not in hidden)
    # The year less the quarters shown is what is hidden, taken together: it must be more than one group, and a large one.
    while quarters and hidden and (len(hidden) == 1 or sum(sizes[period] for period in hidden) < THRESHOLD):
        hidden[quarters.pop(0)[1]] = CellStatus.suppressed_secondary
    return hidden


def _masked(figure: Figure, status: CellStatus | None) -> Figure:
    if status is None:
        return figure.model_copy(update={"flags": (FigureFlag.mendable,)}) if figure.flags else figure
    return figure.model_copy(update={"n": None, "d": None, "value": None, "components": {}, "status": status, "low_base": False})
