"""What happened in one partnership, folded from its facts: only what figures need, nothing decided.

Facts come source by source or as they stand in the ledger, so that nothing here relies on what another source has told before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.model import Fact
from contracts.partnerships import PartnershipProposed
from services.reporting.domain.history.case import Case
from services.reporting.domain.history.feedback import Feedback, take_of_feedback
from services.reporting.domain.history.meeting import (
    Action,
    AgendaItem,
    Contribution,
    Decision,
    Objection,
    Pulse,
    Seat,
    Session,
    take_of_action,
    take_of_session,
)
from services.reporting.domain.history.membership import Member, Standing, take_of_member, take_of_standing
from services.reporting.domain.history.support import Claim, Need, Offer, Request, Support
from services.reporting.domain.history.work import Rating, WorkItem, take_of_work

__all__ = [
    "Action",
    "AgendaItem",
    "Case",
    "Claim",
    "Contribution",
    "Decision",
    "Feedback",
    "History",
    "Member",
    "Need",
    "Objection",
    "Offer",
    "Pulse",
    "Rating",
    "Request",
    "Seat",
    "Session",
    "Standing",
    "Support",
    "WorkItem",
]


@dataclass
class History:
    """One partnership. It numbers its facts 1, 2, 3 … as it takes them; whoever gave them knows which they were."""

    name: str | None = None
    taken: int = 0
    members: dict[UUID, Member] = field(default_factory=dict)
    standings: dict[UUID, Standing] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    actions: dict[UUID, Action] = field(default_factory=dict)
    support: Support = field(default_factory=Support)
    work_items: dict[UUID, WorkItem] = field(default_factory=dict)
    feedback: dict[UUID, Feedback] = field(default_factory=dict)

    def held(self) -> list[tuple[datetime, Session]]:
        """The sessions that took place, and when."""
        return [(session.held, session) for session in self.sessions.values() if session.held]

    def after(self, facts: Iterable[Fact]) -> History:
        """This history with `facts` in it; a fact that figures do not need changes nothing."""
        for fact in facts:
            self.taken += 1
            self._take(fact, [self.taken])
        return self

    def _take(self, fact: Fact, number: list[int]) -> None:
        match fact.type.partition(".")[0]:
            case "partnerships":
                if isinstance(fact, PartnershipProposed):
                    self.name = fact.name
                take_of_member(self.members, fact, number)
                take_of_standing(self.standings, fact, number)
                self.support.take(fact, number)
                take_of_work(self.work_items, fact, number)
            case "sessions":
                take_of_action(self.actions, fact, number)
                take_of_session(self.sessions, fact, number)
            case "feedback":
                take_of_feedback(self.feedback, fact, number)
