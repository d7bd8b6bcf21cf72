"""How one service reads another's log."""

from __future__ import annotations

from pydantic import Field

from contracts.model import Position, Query


class FactsAfter(Query):
    """The facts that follow a position; answered with a range (lines of CloudEvents), not with a contract."""

    after: Position
    limit: int = Field(default=500, ge=1, le=500)
