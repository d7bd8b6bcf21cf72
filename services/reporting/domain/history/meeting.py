"""What was recorded of sessions: who was asked and came, what was on the agenda and said, what was decided over which objections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from contracts.model import Fact
from contracts.sessions import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    AgendaItemRaised,
    AttendanceRecorded,
    ContributionRecorded,
    DecisionClosed,
    InvitationSent,
    ObjectionIntegrated,
    ObjectionRaised,
    ObjectionRuled,
    ObjectionWithdrawn,
    PulseSubmitted,
    SessionHeld,
    SessionMoved,
    SessionPlanned,
)
from contracts.vocabulary import AgendaItemOrigin, DecisionRecord, ObjectionState, Side
from services.reporting.domain.history.case import Case


@dataclass
class Seat(Case):
    """A place that somebody of a side was asked to take, or took."""

    member: UUID
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
class Objection(Case):
    """An objection of one side, and what became of it."""

    side: Side
    state: ObjectionState
    decision: UUID


@dataclass
class Decision(Case):
    """A proposal that was closed, and the objections it met."""

    closed: DecisionClosed
    objections: list[Objection] = field(default_factory=list)


@dataclass
class Session(Case):
    """What was recorded of one session; `held` when it took place, and a case from then on."""

    id: UUID
    starts: datetime | None = None
    held: datetime | None = None
    chaired: tuple[Side, ...] = ()
    invited: list[Seat] = field(default_factory=list)
    attended: list[Seat] = field(default_factory=list)
    agenda: dict[UUID, AgendaItem] = field(default_factory=dict)
    discussed: tuple[UUID, ...] = ()
    contributions: list[Contribution] = field(default_factory=list)
    pulses: list[Pulse] = field(default_factory=list)
    objections: dict[UUID, Objection] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)


@dataclass
class Action(Case):
    """What was taken on and when, upon which decision, until when; when it was done, or cancelled."""

    decision: UUID
    agreed: datetime
    original_due: date
    completed: datetime | None = None
    cancelled: datetime | None = None


def take_of_action(actions: dict[UUID, Action], fact: Fact, number: list[int]) -> None:
    """Take a fact of an action; one whose beginning is not known says nothing."""
    match fact:
        case ActionAgreed():
            actions[fact.action] = Action(fact.decision, fact.happened, fact.original_due, facts=number)
        case ActionCompleted() if action := actions.get(fact.action):
            action.completed = fact.happened
            action.facts += number
        case ActionCancelled() if action := actions.get(fact.action):
            action.cancelled = fact.happened
            action.facts += number


def take_of_session(sessions: dict[UUID, Session], fact: Fact, number: list[int]) -> None:
    """Take a fact of a session."""

    def session() -> Session:
        return sessions.setdefault(fact.stream, Session(fact.stream, facts=[]))

    match fact:
        case SessionPlanned() | SessionMoved():
            session().starts = fact.starts
        case InvitationSent():
            session().invited.append(Seat(fact.member, fact.perspective.side, facts=number))
        case AgendaItemRaised():
            side = fact.perspective.side if fact.perspective else None
            session().agenda[fact.item] = AgendaItem(fact.origin, side, facts=number)
        case SessionHeld():
            held = session()
            held.held, held.chaired, held.discussed, held.facts = fact.happened, fact.chaired, fact.discussed, number
        case AttendanceRecorded() if fact.status.counts:
            session().attended.append(Seat(fact.member, fact.perspective.side, facts=number))
        case ContributionRecorded():
            session().contributions.append(Contribution(fact.side, fact.count, facts=number))
        case PulseSubmitted():
            session().pulses.append(Pulse(fact.side, fact.heard, facts=number))
        case ObjectionRaised():
            session().objections[fact.objection] = Objection(fact.perspective.side, ObjectionState.raised, fact.decision, facts=number)
        case ObjectionIntegrated() | ObjectionWithdrawn() | ObjectionRuled() if objection := session().objections.get(fact.objection):
            objection.state = _state(fact)
            objection.facts += number
        case DecisionClosed():
            session().decisions.append(Decision(fact, _objections(session(), fact, number), facts=number))


def _state(fact: ObjectionIntegrated | ObjectionWithdrawn | ObjectionRuled) -> ObjectionState:
    match fact:
        case ObjectionIntegrated():
            return ObjectionState.integrated
        case ObjectionWithdrawn():
            return ObjectionState.withdrawn_by_objector
        case ObjectionRuled():
            return fact.state


def _objections(session: Session, closed: DecisionClosed, number: list[int]) -> list[Objection]:
    """Those raised one by one; of a decision told in summary those it counts, which rest on nothing else."""
    if closed.rests_on is DecisionRecord.summary:
        return [Objection(side, state, closed.decision, facts=list(number)) for side, state in closed.objections]
    raised = [objection for objection in session.objections.values() if objection.decision == closed.decision]
    for objection in raised:
        objection.facts += number
    return raised
