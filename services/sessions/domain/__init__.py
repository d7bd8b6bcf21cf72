"""A session decides: who is invited, who is there, what is decided on both sides and how, which actions follow.

One aggregate, told in the order things happen: `planning`, `meeting`, `deciding`, `holding`, `acting`.
"""

from services.sessions.domain.acting import Acting


class Session(Acting):
    """One meeting of a partnership, from its plan to the last of its actions (domain: sessions and decisions, actions)."""


__all__ = ["Session"]
