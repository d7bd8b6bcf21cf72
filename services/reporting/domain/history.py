"""What happened in one partnership, folded from its facts: only what figures need, nothing decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from contracts.feedback import (
    ChangeDeclined,
    ChangeMade,
    ChangePlanned,
    FeedbackEscalated,
    FeedbackReceived,
    FeedbackResponded,
    FeedbackThemed,
    OutcomeTold,
)
from contracts.model import Fact
from contracts.partnerships import MemberJoined, MembershipEnded, PartnershipProposed
from contracts.sessions import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    AgendaItemRaised,
    AttendanceRecorded,
    ContributionRecorded,
    DecisionClosed,
    InvitationSent,
    PulseSubmitted,
    SessionHeld,
)
from contracts.vocabulary import AgendaItemOrigin, FeedbackKind, FeedbackState, FeedbackTheme, Perspective, Side


@dataclass
class Member:
    """Who took part from when to when, on which side."""

    perspective: Perspective
    joined: datetime
    ended: datetime | None = None


@dataclass
class Session:
    """What was recorded of one session; `held` when it took place."""

    held: datetime | None = None
    chaired: tuple[Side, ...] = ()
    invited: list[Side] = field(default_factory=list)
    attended: list[Side] = field(default_factory=list)
    agenda: dict[UUID, tuple[AgendaItemOrigin, Side | None]] = field(default_factory=dict)
    discussed: tuple[UUID, ...] = ()
    contributions: list[tuple[Side, int]] = field(default_factory=list)
    pulses: list[tuple[Side, int]] = field(default_factory=list)
    decisions: list[DecisionClosed] = field(default_factory=list)


@dataclass
class Action:
    """What was taken on, until when, and when it was done."""

    original_due: date
    completed: datetime | None = None
    cancelled: bool = False


@dataclass
class Feedback:
    """What became of one statement."""

    received: datetime
    kind: FeedbackKind
    rating: int | None
    theme: FeedbackTheme | None = None
    responded: datetime | None = None
    state: FeedbackState = FeedbackState.received
    told: bool = False


@dataclass
class History:
    """One partnership."""

    name: str | None = None
    members: dict[UUID, Member] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    actions: dict[UUID, Action] = field(default_factory=dict)
    feedback: dict[UUID, Feedback] = field(default_factory=dict)

    def held(self) -> list[tuple[datetime, Session]]:
        """The sessions that took place, and when."""
        return [(session.held, session) for session in self.sessions.values() if session.held]

    def after(self, facts: Iterable[Fact]) -> History:
        """This history with `facts` in it; a fact that figures do not need changes nothing."""
        for fact in facts:
            self._take(fact)
        return self

    def _take(self, fact: Fact) -> None:  # noqa: C901, PLR0912  one arm a fact: the table of what reporting reads
        match fact:
            case PartnershipProposed():
                self.name = fact.name
            case MemberJoined():
                self.members[fact.member] = Member(fact.perspective, fact.happened)
            case MembershipEnded():
                self.members[fact.member].ended = fact.happened
            case InvitationSent():
                self._session(fact).invited.append(fact.perspective.side)
            case AgendaItemRaised():
                self._session(fact).agenda[fact.item] = (fact.origin, fact.perspective.side if fact.perspective else None)
            case SessionHeld():
                session = self._session(fact)
                session.held, session.chaired, session.discussed = fact.happened, fact.chaired, fact.discussed
            case AttendanceRecorded():
                if fact.status.counts:
                    self._session(fact).attended.append(fact.perspective.side)
            case ContributionRecorded():
                self._session(fact).contributions.append((fact.side, fact.count))
            case PulseSubmitted():
                self._session(fact).pulses.append((fact.side, fact.heard))
            case DecisionClosed():
                self._session(fact).decisions.append(fact)
            case ActionAgreed():
                self.actions[fact.action] = Action(fact.original_due)
            case ActionCompleted():
                self.actions[fact.action].completed = fact.happened
            case ActionCancelled():
                self.actions[fact.action].cancelled = True
            case FeedbackReceived():
                self.feedback[fact.stream] = Feedback(fact.happened, fact.kind, fact.rating)
            case FeedbackThemed():
                self.feedback[fact.stream].theme = fact.theme
            case FeedbackResponded():
                item = self.feedback[fact.stream]
                item.responded = min(item.responded or fact.happened, fact.happened)
            case ChangePlanned():
                self.feedback[fact.stream].state = FeedbackState.change_planned
            case ChangeMade():
                self.feedback[fact.stream].state = FeedbackState.change_made
            case ChangeDeclined():
                self.feedback[fact.stream].state = FeedbackState(fact.outcome.value)
            case FeedbackEscalated():
                self.feedback[fact.stream].state = FeedbackState.escalated
            case OutcomeTold():
                self.feedback[fact.stream].told = True

    def _session(self, fact: Fact) -> Session:
        return self.sessions.setdefault(fact.stream, Session())
