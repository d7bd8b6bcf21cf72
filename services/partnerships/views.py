"""The region's partnerships as a list; and whom every service was asked to forget."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts import feedback, sessions
from contracts.forgetting import ErasureFact
from contracts.model import Fact
from contracts.partnerships import (
    ErasureCompleted,
    ErasureRequested,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPage,
    PartnershipPaused,
    PartnershipPlaced,
    PartnershipProposed,
    PartnershipResumed,
    PartnershipSummary,
    SubjectErased,
    TermsOfReferenceAgreed,
)
from contracts.vocabulary import PartnershipStatus
from shared.forgetting import Forgotten, forgetting
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.upcasting import read_fact
from shared.views import View

_PROPOSED = "INSERT INTO {directory} (id, name, org_unit, status) VALUES (:id, :name, :org_unit, 'proposed')"
_PLACED = "UPDATE {directory} SET org_unit = :org_unit WHERE id = :id"
_FORMING = "UPDATE {directory} SET status = 'forming' WHERE id = :id AND status = 'proposed'"
_STATUS = "UPDATE {directory} SET status = :status WHERE id = :id"


def _effects(fact: Fact) -> Iterable[Effect]:
    match fact:
        case PartnershipProposed():
            yield _PROPOSED, {"id": str(fact.stream), "name": fact.name, "org_unit": fact.org_unit}
        case PartnershipPlaced():
            yield _PLACED, {"id": str(fact.stream), "org_unit": fact.org_unit}
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


_ERASED = "INSERT INTO {erased} (erasure, service, type, state) VALUES (:erasure, :service, :type, :state)"
_COMPLETED = "INSERT INTO {erasure_completed} (erasure) VALUES (:erasure)"
_SEALING = {kind.type.partition(".")[0]: kind for kind in (SubjectErased, sessions.SubjectErased, feedback.SubjectErased)}
"""The services that seal words, and what each says when it has forgotten somebody."""
_ALL_DONE = (
    "SELECT erasure FROM erased WHERE erasure NOT IN (SELECT erasure FROM erasure_completed) GROUP BY erasure HAVING count(*) = :services"
)


class ToForget(Forgotten):
    """Whom partnerships is to forget."""

    asked = ErasureRequested
    view = forgetting("partnerships", ErasureRequested, SubjectErased)


def _erasures(fact: Fact) -> Iterable[Effect]:
    match fact:
        case ErasureFact():
            service = fact.type.partition(".")[0]
            state = fact.model_dump_json().encode()
            yield _ERASED, {"erasure": str(fact.stream), "service": service, "type": fact.type, "state": state}
        case ErasureCompleted():
            yield _COMPLETED, {"erasure": str(fact.stream)}


class Erasures(ReadModel):
    """Which services have done their part of which erasure."""

    view = View(
        "erasures",
        sources=tuple(_SEALING),
        tables={
            "erased": "erasure TEXT NOT NULL, service TEXT NOT NULL, type TEXT NOT NULL, state BLOB NOT NULL, "
            "PRIMARY KEY (erasure, service)",
            "erasure_completed": "erasure TEXT PRIMARY KEY",
        },
        apply=effects(_erasures),
    )

    def to_complete(self) -> list[UUID]:
        """The erasures that every service has done its part of, and that are not completed."""
        rows = self.database.rows(_ALL_DONE, {"services": len(_SEALING)})
        return [UUID(erasure) for (erasure,) in rows]

    def erased(self, erasure: UUID) -> dict[str, ErasureFact]:
        """What each service that has done its part said."""
        rows = self.database.rows("SELECT service, type, state FROM erased WHERE erasure = :erasure", {"erasure": str(erasure)})
        facts = ((service, read_fact(kind, bytes(state))) for service, kind, state in rows)
        return {service: fact for service, fact in facts if isinstance(fact, ErasureFact)}
