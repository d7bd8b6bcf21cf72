"""What happened in one partnership, folded from its facts: only what figures need, nothing decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
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
from contracts.partnerships import EntryCorrected, MemberJoined, MembershipEnded, PartnershipProposed, PerspectiveDeclared
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
from contracts.vocabulary import AgendaItemOrigin, EntryKind, FeedbackKind, FeedbackState, FeedbackTheme, Perspective, Side


@dataclass
class Case:
    """Something that may be counted. `facts` are the numbers of the facts it was folded from, the one that made it a case first."""

    facts: list[int] = field(kw_only=True)
    sums: ClassVar[str] = "facts"
    """What a count of such cases adds up: one for each, or a field of the fact that made it."""

    @property
    def weight(self) -> int:
        """How much it adds to a count."""
        return 1


@dataclass
class Member(Case):
    """Who took part from when to when, on which side."""

    perspective: Perspective
    joined: datetime
    ended: datetime | None = None
    sides: dict[int, tuple[datetime, Perspective]] = field(default_factory=dict)
    """The perspectives declared after joining, by the versions of the facts that said so."""

    def side_before(self, moment: datetime) -> Side:
        """The side they were on just before."""
        said = [(since, version, perspective) for version, (since, perspective) in self.sides.items() if since < moment]
        return max(said)[2].side if said else self.perspective.side

    def correct(self, fact: EntryCorrected) -> None:
        """Take what was put right for what was said at first."""
        if fact.entry is EntryKind.ended:
            self.ended = None if fact.struck else fact.at
        elif fact.entry is EntryKind.joined:
            self.joined, self.perspective = fact.at, fact.perspective or self.perspective
        elif fact.entry is EntryKind.perspective:
            self.sides.pop(fact.corrects, None)
            if fact.perspective and not fact.struck:
                self.sides[fact.corrects] = (fact.at, fact.perspective)


@dataclass
class Seat(Case):
    """A place that somebody of a side was asked to take, or took."""

    side: Side


@dataclass
class AgendaItem(Case):
    """What was put on the agenda, how, and by which side."""

    origin: AgendaItemOrigin
    side: Side | None


@dataclass
class Contribution(Case):
    """So many contributions of one side."""

    side: Side
    count: int
    sums: ClassVar[str] = "count"

    @property
    def weight(self) -> int:
        return self.count


@dataclass
class Pulse(Case):
    """One answer to the pulse."""

    side: Side
    heard: int


@dataclass
class Decision(Case):
    """A proposal that was closed."""

    closed: DecisionClosed


@dataclass
class Session(Case):
    """What was recorded of one session; `held` when it took place, and a case from then on."""

    held: datetime | None = None
    chaired: tuple[Side, ...] = ()
    invited: list[Seat] = field(default_factory=list)
    attended: list[Seat] = field(default_factory=list)
    agenda: dict[UUID, AgendaItem] = field(default_factory=dict)
    discussed: tuple[UUID, ...] = ()
    contributions: list[Contribution] = field(default_factory=list)
    pulses: list[Pulse] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


@dataclass
class Action(Case):
    """What was taken on, until when, and when it was done."""

    original_due: date
    completed: datetime | None = None
    cancelled: bool = False


@dataclass
class Feedback(Case):
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
    """One partnership. It numbers its facts 1, 2, 3 … as it takes them; whoever gave them knows which they were."""

    name: str | None = None
    taken: int = 0
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
            self.taken += 1
            self._take(fact, [self.taken])
        return self

    # Seen up to a day, a thing may lack the fact it began with: what follows it then says nothing.
    def _take(self, fact: Fact, number: list[int]) -> None:
        match fact:
            case PartnershipProposed():
                self.name = fact.name
            case MemberJoined():
                self.members[fact.member] = Member(fact.perspective, fact.happened, facts=number)
            case MembershipEnded() if member := self.members.get(fact.member):
                member.ended = fact.happened
                member.facts += number
            case PerspectiveDeclared() if member := self.members.get(fact.member):
                member.sides[fact.version] = (fact.happened, fact.perspective)
                member.facts += number
            case EntryCorrected() if member := self.members.get(fact.member):
                member.correct(fact)
                member.facts += number
            case ActionAgreed():
                self.actions[fact.action] = Action(fact.original_due, facts=number)
            case ActionCompleted() if action := self.actions.get(fact.action):
                action.completed = fact.happened
                action.facts += number
            case ActionCancelled() if action := self.actions.get(fact.action):
                action.cancelled = True
                action.facts += number
            case FeedbackReceived():
                self.feedback[fact.stream] = Feedback(fact.happened, fact.kind, fact.rating, facts=number)
            case _ if item := self.feedback.get(fact.stream):
                _take_of_feedback(item, fact)
                item.facts += number
            case _:
                _take_of_session(self.sessions, fact, number)


def _take_of_session(sessions: dict[UUID, Session], fact: Fact, number: list[int]) -> None:
    def session() -> Session:
        return sessions.setdefault(fact.stream, Session(facts=[]))

    match fact:
        case InvitationSent():
            session().invited.append(Seat(fact.perspective.side, facts=number))
        case AgendaItemRaised():
            side = fact.perspective.side if fact.perspective else None
            session().agenda[fact.item] = AgendaItem(fact.origin, side, facts=number)
        case SessionHeld():
            held = session()
            held.held, held.chaired, held.discussed, held.facts = fact.happened, fact.chaired, fact.discussed, number
        case AttendanceRecorded() if fact.status.counts:
            session().attended.append(Seat(fact.perspective.side, facts=number))
        case ContributionRecorded():
            session().contributions.append(Contribution(fact.side, fact.count, facts=number))
        case PulseSubmitted():
            session().pulses.append(Pulse(fact.side, fact.heard, facts=number))
        case DecisionClosed():
            session().decisions.append(Decision(fact, facts=number))


def _take_of_feedback(item: Feedback, fact: Fact) -> None:
    match fact:
        case FeedbackThemed():
            item.theme = fact.theme
        case FeedbackResponded():
            item.responded = min(item.responded or fact.happened, fact.happened)
        case ChangePlanned():
            item.state = FeedbackState.change_planned
        case ChangeMade():
            item.state = FeedbackState.change_made
        case ChangeDeclined():
            item.state = FeedbackState(fact.outcome.value)
        case FeedbackEscalated():
            item.state = FeedbackState.escalated
        case OutcomeTold():
            item.told = True
