"""An erasure decides nothing but that it is done once, and when it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from contracts.forgetting import ErasedIn, ErasureFact
from contracts.model import Fact
from contracts.partnerships import ErasureCompleted, ErasureRequested
from contracts.vocabulary import ErasureBasis, ErasureScope
from shared import forgetting
from shared.application import Stamp


class Erasure(forgetting.Erasure):
    """A person is forgotten in every service: asked for once, done by each, complete when all have said so."""

    asked: ErasureRequested | None = None
    completed: ErasureCompleted | None = None

    def request(self, by: Stamp, *, member: UUID, basis: ErasureBasis, scope: ErasureScope) -> None:
        """Ask every service; asked again, for whatever reason, it is the same erasure."""
        if self.asked is None:
            self.record(ErasureRequested, by, member=member, basis=basis, scope=scope)

    def complete(self, by: Stamp, *, erased: Mapping[str, ErasureFact], backup_days: int) -> None:
        """Every service has done its part; its keys are in back-ups for `backup_days` more."""
        if self.asked is None or self.completed is not None:
            return
        destroyed = tuple(ErasedIn(service=name, keys=fact.keys, boxes=fact.boxes) for name, fact in sorted(erased.items()))
        kept = tuple(dict.fromkeys(one for _, fact in sorted(erased.items()) for one in fact.kept))
        last = max(fact.recorded for fact in erased.values()).date()
        self.record(
            ErasureCompleted,
            by,
            basis=self.asked.basis,
            scope=self.asked.scope,
            erased=destroyed,
            kept=kept,
            backups_until=last + timedelta(days=backup_days),
        )

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case ErasureRequested():
                self.asked = fact
            case ErasureCompleted():
                self.completed = fact
            case _:
                super().apply(fact)
