"""What every verb of partnerships stands on: the partnership it is about."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from services.partnerships.domain import Partnership
from shared.application import Work
from shared.forgetting import Forgetting


class OfPartnership(Protocol):
    """A command or a query about one partnership."""

    @property
    def partnership(self) -> UUID: ...


class Hall(Forgetting):
    """Where partnerships are found."""

    def _partnership(self, asked: OfPartnership, work: Work | None = None) -> Partnership:
        """With `work`, only at the version its caller saw."""
        return self.find(Partnership, asked.partnership, field="partnership", work=work)
