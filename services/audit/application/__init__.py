"""What auditors can ask."""

from __future__ import annotations

from contracts.audit import AccessPage, ListAccesses
from services.audit.application.exports import Exports
from services.audit.application.replays import Replays
from services.audit.application.stores import Stores
from services.audit.views import Accesses


class Audit:
    """The region's history: whether it is whole (`stores`), who looked, what was known when (`replays`), what leaves (`exports`)."""

    def __init__(self, accesses: Accesses, stores: Stores, replays: Replays, exports: Exports) -> None:
        self._accesses = accesses
        self.stores = stores
        self.replays = replays
        self.exports = exports

    def list_accesses(self, *, query: ListAccesses) -> AccessPage:
        """Who looked at what."""
        return self._accesses.page(query.partnership, query.member, after=query.after, limit=query.limit)
