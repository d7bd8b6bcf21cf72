"""The state of a partnership, folded from the facts of all services by an eye of our own: no other service's code takes part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from contracts.audit import MemberState
from contracts.feedback import ChangeDeclined, ChangeMade, FeedbackReceived, FeedbackResponded, OutcomeTold
from contracts.model import Fact
from contracts.partnerships import MemberJoined, MembershipEnded, PartnershipActivated, PartnershipProposed, TermsOfReferenceAgreed
from contracts.sessions import ActionAgreed, ActionCancelled, ActionCompleted, DecisionClosed, SessionCancelled, SessionHeld, SessionPlanned
from contracts.vocabulary import PartnershipStatus


@dataclass
class KnownPartnership:
    """What the facts so far say."""

    name: str | None = None
    status: PartnershipStatus | None = None
    members: dict[UUID, MemberState] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    responded: set[UUID] = field(default_factory=set)
    settled: set[UUID] = field(default_factory=set)
    told: set[UUID] = field(default_factory=set)

    def after(self, facts: Iterable[Fact]) -> KnownPartnership:
        """This, with `facts` in it."""
        for fact in facts:
            self._take(fact)
        return self

    def _take(self, fact: Fact) -> None:
        self.counts[fact.type] += 1
        match fact:
            case PartnershipProposed():
                self.name, self.status = fact.name, PartnershipStatus.proposed
            case TermsOfReferenceAgreed() if self.status is PartnershipStatus.proposed:
                self.status = PartnershipStatus.forming
            case PartnershipActivated():
                self.status = PartnershipStatus.active
            case MemberJoined():
                self.members[fact.member] = MemberState(id=fact.member, perspective=fact.perspective, joined=fact.happened, ended=None)
            case MembershipEnded():
                self.members[fact.member] = self.members[fact.member].model_copy(update={"ended": fact.happened})
            case DecisionClosed():
                self.counts["adopted"] += fact.outcome.adopted_at_all
            case FeedbackResponded():
                self.responded.add(fact.stream)
            case ChangeMade() | ChangeDeclined():
                self.settled.add(fact.stream)
            case OutcomeTold():
                self.told.add(fact.stream)

    def how_many(self, kind: type[Fact]) -> int:
        """How many facts of one kind there were."""
        return self.counts[kind.type]

    @property
    def sessions(self) -> tuple[int, int, int]:
        """Planned, held, cancelled."""
        return self.how_many(SessionPlanned), self.how_many(SessionHeld), self.how_many(SessionCancelled)

    @property
    def actions(self) -> tuple[int, int, int]:
        """Open, completed, cancelled."""
        done, dropped = self.how_many(ActionCompleted), self.how_many(ActionCancelled)
        return self.how_many(ActionAgreed) - done - dropped, done, dropped

    @property
    def feedback(self) -> tuple[int, int, int]:
        """Received, responded to, loop closed."""
        return self.how_many(FeedbackReceived), len(self.responded), len(self.settled & self.told)
