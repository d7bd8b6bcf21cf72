"""What auditors can ask."""

from __future__ import annotations

from contracts.audit import AccessPage, Completeness, GetCompleteness, ListAccesses
from services.audit.application.replays import Replays
from services.audit.views import Accesses, Ledger


class Audit:
    """The region's history: whether it is whole, who looked, and what was known when (`replays`)."""

    def __init__(self, ledger: Ledger, accesses: Accesses, replays: Replays) -> None:
        self._ledger = ledger
        self._accesses = accesses
        self.replays = replays

    def get_completeness(self, *, query: GetCompleteness) -> Completeness:  # noqa: ARG002  the question has no parameters
        """Whether every fact is here."""
        return self._ledger.completeness()

    def list_accesses(self, *, query: ListAccesses) -> AccessPage:
        """Who looked at what."""
        return self._accesses.page(query.partnership, query.member, after=query.after, limit=query.limit)
