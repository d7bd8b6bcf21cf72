"""Whom every service was asked to forget, and which have done so."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contracts import feedback, sessions
from contracts.forgetting import ErasureFact
from contracts.model import Fact
from contracts.partnerships import ErasureCompleted, ErasureRequested, SubjectErased
from shared.forgetting import Forgotten, forgetting
from shared.readmodel import Effect, ReadModel, effects
from shared.upcasting import read_fact
from shared.views import View

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
    view = forgetting(ErasureRequested)


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
        leisurely=True,
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
