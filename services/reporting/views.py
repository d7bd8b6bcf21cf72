"""What figures are folded from, every fact of a partnership as it was stored; and what was published, found by its id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.errors import NotFound
from contracts.model import Fact, PartnershipFact
from contracts.reporting import FigurePage, FigurePublished, FigureSummary, FigureTraced
from services.reporting.domain.publication import SOURCES
from shared.clock import fixed_width
from shared.database import Transaction
from shared.ranges import Seen
from shared.readmodel import ReadModel, after_cursor, cursor
from shared.upcasting import read_fact
from shared.views import View

_COLUMNS = ("partnership", "source", "position", "recorded", "type", "state")


def _apply(tx: Transaction, seen: Sequence[Seen]) -> None:
    rows = [
        (str(fact.partnership), one.source, one.position, fixed_width(fact.recorded), one.type, one.state)
        for one in seen
        if isinstance(fact := one.fact, PartnershipFact)
    ]
    tx.insert("{dossier}", _COLUMNS, rows)


class Dossiers(ReadModel):
    """The facts of each partnership, by source and position."""

    view = View(
        "dossiers",
        sources=SOURCES,
        tables={
            "dossier": "partnership TEXT NOT NULL, source TEXT NOT NULL, position BIGINT NOT NULL, recorded TEXT NOT NULL, "
            "type TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (partnership, source, position)"
        },
        apply=_apply,
    )

    def facts(self, partnership: UUID, as_known_at: datetime) -> Iterator[tuple[str, int, Fact]]:
        """What was recorded of a partnership by `as_known_at`: source, position, fact; sources one after the other, each in order."""
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT source, position, type, state FROM dossier WHERE partnership = :partnership AND recorded <= :known "
                "ORDER BY source, position",
                {"partnership": str(partnership), "known": fixed_width(as_known_at)},
            )
        for source, position, type_name, state in rows:
            yield source, position, read_fact(type_name, bytes(state))


@dataclass(frozen=True)
class Published:
    """A publication: the fact, those that say what it rests on, and what has superseded it."""

    fact: FigurePublished
    parts: tuple[FigureTraced, ...]
    superseded_by: UUID | None


def _publish(tx: Transaction, seen: Sequence[Seen]) -> None:
    for one in seen:
        match one.fact:
            case FigurePublished() as fact:
                row = {
                    "figure": str(fact.figure),
                    "partnership": str(fact.partnership),
                    "period": fact.period,
                    "recorded": fixed_width(fact.recorded),
                    "supersedes": str(fact.supersedes) if fact.supersedes else None,
                    "traced": fact.traced,
                    "state": one.state,
                }
                tx.execute(f"INSERT INTO {{figure}} ({', '.join(row)}) VALUES (:{', :'.join(row)})", row)  # noqa: S608  names are ours
            case FigureTraced() as fact:
                tx.execute(
                    "INSERT INTO {trace} (figure, part, state) VALUES (:figure, :part, :state)",
                    {"figure": str(fact.figure), "part": fact.part, "state": one.state},
                )


class Figures(ReadModel):
    """What was published."""

    view = View(
        "figures",
        sources=("reporting",),
        tables={
            "figure": "figure TEXT PRIMARY KEY, partnership TEXT NOT NULL, period TEXT NOT NULL, recorded TEXT NOT NULL, supersedes TEXT, "
            "traced INTEGER NOT NULL, state BLOB NOT NULL",
            "trace": "figure TEXT NOT NULL, part INTEGER NOT NULL, state BLOB NOT NULL, PRIMARY KEY (figure, part)",
        },
        indexes={"figure_by_partnership": "{figure} (partnership, recorded, figure)", "figure_by_superseded": "{figure} (supersedes)"},
        apply=_publish,
    )

    def find(self, figure: UUID) -> Published:
        """A publication; raises `NotFound`."""
        about = {"figure": str(figure)}
        with self.database.reading() as tx:
            found = tx.row("SELECT state, traced FROM figure WHERE figure = :figure", about)
            parts = tx.rows("SELECT state FROM trace WHERE figure = :figure ORDER BY part", about)
            after = tx.row("SELECT figure FROM figure WHERE supersedes = :figure", about)
        if found is None or len(parts) < found[1]:
            raise NotFound("not_found", "There is no such publication.", field="figure")
        traced = tuple(FigureTraced.read(bytes(state)) for (state,) in parts)
        return Published(FigurePublished.read(bytes(found[0])), traced, UUID(after[0]) if after else None)

    def page(self, partnership: UUID, period: str | None, *, after: str | None, limit: int) -> FigurePage:
        """What was published for a partnership, newest first; of one period, if it is named."""
        recorded, figure = after_cursor(after, ("9", ""))
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT recorded, one.figure, state, (SELECT figure FROM figure AS later WHERE later.supersedes = one.figure) "
                "FROM figure AS one WHERE partnership = :partnership AND (:period = '' OR period = :period) "
                "AND (recorded < :recorded OR (recorded = :recorded AND one.figure > :figure)) "
                "ORDER BY recorded DESC, one.figure LIMIT :limit",
                {
                    "partnership": str(partnership),
                    "period": period or "",
                    "recorded": recorded,
                    "figure": figure,
                    "limit": limit,
                },
            )
        items = tuple(_summary(FigurePublished.read(bytes(state)), later) for _, _, state, later in rows)
        return FigurePage(items=items, next=cursor(rows, limit, 0, 1))


def _summary(fact: FigurePublished, later: str | None) -> FigureSummary:
    said = {name: getattr(fact, name) for name in FigureSummary.model_fields if name in FigurePublished.model_fields}
    return FigureSummary(**said, published=fact.recorded, superseded_by=UUID(later) if later else None, witnessed=None)
