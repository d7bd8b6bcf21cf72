"""The skin of audit: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts.audit import (
    AccessPage,
    Completeness,
    GetCompleteness,
    ListAccesses,
    PartnershipState,
    ReplayPartnership,
)
from services.audit.views import Accesses, Ledger
from shared.parts import Part, readers
from shared.rpc import rpc


class AuditService:
    """What audit is asked."""

    name = "audit"
    audit = Part("audit")

    @rpc
    def get_completeness(self, query: GetCompleteness) -> Completeness:
        return self.audit.get_completeness(query=query)

    @rpc
    def replay_partnership(self, query: ReplayPartnership) -> PartnershipState:
        return self.audit.replay_partnership(query=query)

    @rpc
    def list_accesses(self, query: ListAccesses) -> AccessPage:
        return self.audit.list_accesses(query=query)


AuditReaders = readers("audit", Ledger.view, Accesses.view)
