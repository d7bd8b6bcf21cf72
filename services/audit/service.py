"""The skin of audit: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts import audit as language
from services.audit.views import Accesses, Ledger
from shared.parts import Part, Worker, asker, readers
from shared.rpc import rpc


class AuditService:
    """What audit is asked."""

    name = "audit"
    audit = Part("audit")
    publishing = Worker("audit.publishing")
    public = Part("audit.public")

    @rpc
    def get_completeness(self, query: language.GetCompleteness) -> language.Completeness:
        return self.audit.stores.get_completeness(query=query)

    @rpc
    def replay_partnership(self, query: language.ReplayPartnership) -> language.PartnershipState:
        return self.audit.replays.replay_partnership(query=query)

    @rpc
    def list_accesses(self, query: language.ListAccesses) -> language.AccessPage:
        return self.audit.list_accesses(query=query)

    @rpc
    def get_difference(self, query: language.GetDifference) -> language.Difference:
        return self.audit.replays.get_difference(query=query)

    @rpc
    def find_head(self, query: language.FindHead) -> language.LedgerHead:
        return self.audit.replays.find_head(query=query)

    @rpc
    def find_moment(self, query: language.FindMoment) -> language.Moment:
        return self.audit.replays.find_moment(query=query)

    @rpc
    def entries_of(self, query: language.EntriesOf) -> bytes:
        return self.audit.replays.entries_of(query=query)

    @rpc
    def describe_entries(self, query: language.DescribeEntries) -> language.EntrySummaries:
        return self.audit.replays.describe_entries(query=query)

    @rpc
    def ledger_facts(self, query: language.LedgerFacts) -> bytes:
        return self.audit.replays.ledger_facts(query=query)

    @rpc
    def export_ledger(self, query: language.ExportLedger) -> language.LedgerExport:
        return self.audit.exports.export_ledger(query=query, context=asker())

    @rpc
    def list_checkpoints(self, query: language.ListCheckpoints) -> language.CheckpointPage:
        return self.audit.exports.list_checkpoints(query=query)

    @rpc
    def read_ledger(self, query: language.ReadLedger) -> bytes:
        return self.public.read_ledger(query=query)

    @rpc
    def prove_entry(self, query: language.ProveEntry) -> bytes:
        return self.public.prove_entry(query=query)

    @rpc
    def add_checkpoint(self, request: bytes) -> language.WitnessAnswer:
        return self.public.add_checkpoint(body=request)


AuditReaders = readers("audit", Ledger.view, Accesses.view)
