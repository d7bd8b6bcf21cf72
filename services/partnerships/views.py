"""The region's partnerships as a list."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts.model import Fact
from contracts.partnerships import (
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPage,
    PartnershipPaused,
    PartnershipProposed,
    PartnershipResumed,
    PartnershipSummary,
    TermsOfReferenceAgreed,
)
from contracts.vocabulary import PartnershipStatus
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.views import View

_PROPOSED = "INSERT INTO {directory} (id, name, org_unit, status) VALUES (:id, :name, :org_unit, 'proposed')"
_FORMING = "UPDATE {directory} SET status = 'forming' WHERE id = :id AND status = 'proposed'"
_STATUS = "UPDATE {directory} SET status = :status WHERE id = :id"


def _effects(fact: Fact) -> Iterable[Effect]:
    match fact:
        case PartnershipProposed():
            yield _PROPOSED, {"id": str(fact.stream), "name": fact.name, "org_unit": fact.org_unit}
        case TermsOfReferenceAgreed():
            yield _FORMING, {"id": str(fact.stream)}
        case PartnershipActivated() | PartnershipResumed():
            yield _STATUS, {"id": str(fact.stream), "status": PartnershipStatus.active}
        case PartnershipPaused():
            yield _STATUS, {"id": str(fact.stream), "status": PartnershipStatus.paused}
        case PartnershipClosed():
            yield _STATUS, {"id": str(fact.stream), "status": PartnershipStatus.closed}


class Directory(ReadModel):
    """Which partnerships there are."""

    view = View(
        "directory",
        sources=("partnerships",),
        tables={"directory": "id TEXT PRIMARY KEY, name TEXT NOT NULL, org_unit TEXT NOT NULL, status TEXT NOT NULL"},
        indexes={"directory_by_name": "{directory} (name, id)"},
        apply=effects(_effects),
    )

    def page(self, *, after: str | None, limit: int) -> PartnershipPage:
        """Partnerships by name, a page at a time."""
        name, last = after_cursor(after, ("", ""))
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT id, name, org_unit, status FROM directory WHERE (name, id) > (:name, :id) ORDER BY name, id LIMIT :limit",
                {"name": name, "id": last, "limit": limit},
            )
        items = tuple(
            PartnershipSummary(id=UUID(id), name=name, org_unit=org_unit, status=PartnershipStatus(status))
            for id, name, org_unit, status in rows
        )
        return PartnershipPage(items=items, next=cursor([rows[-1][1], rows[-1][0]]) if len(rows) == limit else None)
