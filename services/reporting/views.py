"""Every fact of a partnership in one place, as it was stored: figures are folded from these, as known at any moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from contracts.model import Fact, PartnershipFact
from shared.clock import fixed_width
from shared.database import Transaction
from shared.ranges import Seen
from shared.readmodel import ReadModel
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
        sources=("partnerships", "sessions", "feedback"),
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
