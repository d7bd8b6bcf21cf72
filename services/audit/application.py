"""What auditors can ask."""

from __future__ import annotations

from contracts.audit import AccessPage, Completeness, GetCompleteness, ListAccesses, PartnershipState, ReplayPartnership
from contracts.errors import NotFound
from contracts.model import instant
from contracts.sessions import DecisionClosed
from services.audit.domain import KnownPartnership
from services.audit.views import Accesses, Ledger
from shared.upcasting import knows, read_fact


class Audit:
    """The region's history: whether it is whole, and what was known when."""

    def __init__(self, ledger: Ledger, accesses: Accesses) -> None:
        self._ledger = ledger
        self._accesses = accesses

    def get_completeness(self, *, query: GetCompleteness) -> Completeness:  # noqa: ARG002  the question has no parameters
        """Whether every fact is here."""
        return self._ledger.completeness()

    def list_accesses(self, *, query: ListAccesses) -> AccessPage:
        """Who looked at what."""
        return self._accesses.page(query.partnership, query.member, after=query.after, limit=query.limit)

    def replay_partnership(self, *, query: ReplayPartnership) -> PartnershipState:
        """A partnership as known then, replayed from its facts; raises `NotFound` when nothing was known of it."""
        known, read, last, recorded = KnownPartnership(), 0, 0, None
        for entry in self._ledger.entries(query.partnership, to_entry=query.to_entry, as_known_at=query.as_known_at):
            read, last, recorded = read + 1, entry.number, entry.recorded
            if knows(entry.type):
                known.after([read_fact(entry.type, entry.state)])
        if recorded is None:
            raise NotFound("nothing_known", "Nothing was known of this partnership then.", field="partnership")
        planned, held, cancelled = known.sessions
        open_, completed, dropped = known.actions
        received, responded, closed = known.feedback
        return PartnershipState(
            partnership=query.partnership,
            entries=read,
            last_entry=last,
            recorded=instant(recorded),
            name=known.name,
            status=known.status,
            members=tuple(known.members.values()),
            sessions_planned=planned,
            sessions_held=held,
            sessions_cancelled=cancelled,
            decisions=known.how_many(DecisionClosed),
            decisions_adopted=known.counts.pop("adopted", 0),
            actions_open=open_,
            actions_completed=completed,
            actions_cancelled=dropped,
            feedback_received=received,
            feedback_responded=responded,
            loops_closed=closed,
            facts=dict(sorted(known.counts.items())),
        )
