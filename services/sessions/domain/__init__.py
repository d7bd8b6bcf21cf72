"""A session decides: who is invited, who is there, what is decided on both sides and how, which actions follow, what the minutes say.

One aggregate, told in the order things happen: `planning`, `meeting`, then `proposing`, `objecting`, `balloting` and `deciding`, then
`holding`, `acting`, `minutes`.
"""

from datetime import datetime

from contracts.model import Fact
from services.sessions.domain.minutes import Minuting


class Session(Minuting):
    """One meeting of a partnership, from its plan to the last of its actions (domain 6.5, 6.6)."""

    changed: datetime

    def apply(self, fact: Fact) -> None:
        """Assign what happened, and when the system learned it."""
        super().apply(fact)
        self.changed = fact.recorded


__all__ = ["Session"]
