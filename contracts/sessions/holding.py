"""A session while it is held: who is there, the quorum of each item, what was contributed, how heard people felt."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Command, Contract, Count, Ordinal, PartnershipFact, Rating
from contracts.vocabulary import (
    AttendanceStatus,
    ContributionKind,
    InterestHandling,
    InterestType,
    Perspective,
    SessionKind,
    SessionMode,
    Side,
)

Quota = tuple[Ordinal, Ordinal]
"""A share as a fraction: (2, 3) is two thirds."""


class Attendance(Contract):
    """Whether one invited member came; for how many `minutes`, where that was not all of it."""

    member: UUID
    status: AttendanceStatus
    minutes: Ordinal | None = None


class Contributions(Contract):
    """How many contributions one side made; sides are counted, not persons."""

    side: Side
    kind: ContributionKind = ContributionKind.spoken
    count: Count


class HoldSession(Command):
    """Record that a session was held: who chaired, who came, who contributed, which items were discussed.

    `minutes` is how long it lasted, where that was not what was planned.
    """

    session: UUID
    chaired_by: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=2)]
    attendance: Annotated[tuple[Attendance, ...], Field(min_length=1, max_length=200)]
    contributions: Annotated[tuple[Contributions, ...], Field(max_length=20)] = ()
    discussed: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    minutes: Ordinal | None = None


class PulseAnswer(Contract):
    """One answer to "I felt heard", 1 to 5; it belongs to a side, not to a person."""

    side: Side
    heard: Rating


class SubmitPulse(Command):
    """Hand in answers to the pulse of a held session."""

    session: UUID
    answers: Annotated[tuple[PulseAnswer, ...], Field(min_length=1, max_length=200)]


class OpenSession(Command):
    """Begin a session: who chairs, who is there."""

    session: UUID
    chaired_by: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=2)]
    present: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class RecordArrival(Command):
    """Record that invited members came while the session went on."""

    session: UUID
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class RecordDeparture(Command):
    """Record that members left while the session went on."""

    session: UUID
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class HandleInterest(Command):
    """Record how a member's interest is handled for one item."""

    session: UUID
    item: UUID
    member: UUID
    interest: InterestType
    handling: InterestHandling


class OpenAgendaItem(Command):
    """Open an item of the agenda."""

    session: UUID
    item: UUID


class CloseAgendaItem(Command):
    """Close an item of the agenda; whatever was proposed under it is closed by then."""

    session: UUID
    item: UUID


class SessionHeld(PartnershipFact, type="sessions.SessionHeld.v1"):
    """The session took place; `chaired` are the sides that held the chair, `minutes` how long it lasted, if not as planned."""

    kind: SessionKind
    mode: SessionMode
    chaired_by: tuple[UUID, ...]
    chaired: tuple[Side, ...]
    discussed: tuple[UUID, ...]
    minutes: int | None = None


class AttendanceRecorded(PartnershipFact, type="sessions.AttendanceRecorded.v1"):
    """Whether one invited member came, and for how many minutes, if not for all."""

    member: UUID
    perspective: Perspective
    status: AttendanceStatus
    minutes: int | None = None


class ContributionRecorded(PartnershipFact, type="sessions.ContributionRecorded.v1"):
    """How many contributions of a kind one side made."""

    side: Side
    kind: ContributionKind
    count: int


class PulseSubmitted(PartnershipFact, type="sessions.PulseSubmitted.v1"):
    """Somebody of a side said how far they felt heard, 1 to 5."""

    side: Side
    heard: int


class SessionOpened(PartnershipFact, type="sessions.SessionOpened.v1"):
    """The session began; how many must be there for a quorum, in all and of each side, by the partnership's rule that day."""

    chaired_by: tuple[UUID, ...]
    chaired: tuple[Side, ...]
    quorum: int
    quorum_lived_experience: int
    quorum_provider: int


class MemberArrived(PartnershipFact, type="sessions.MemberArrived.v1"):
    """Somebody who was invited is there from now on."""

    member: UUID
    perspective: Perspective


class MemberLeft(PartnershipFact, type="sessions.MemberLeft.v1"):
    """Somebody is there no longer."""

    member: UUID


class InterestHandledForItem(PartnershipFact, type="sessions.InterestHandledForItem.v1"):
    """What was done about a member's interest in one item."""

    item: UUID
    member: UUID
    interest: InterestType
    handling: InterestHandling


class QuorumEstablished(PartnershipFact, type="sessions.QuorumEstablished.v1"):
    """From now on enough are there, in all and of both sides: for the session, or for one item after recusals."""

    item: UUID | None
    present: int
    lived_experience: int
    provider: int


class QuorumLost(PartnershipFact, type="sessions.QuorumLost.v1"):
    """From now on too few are there: for the session, or for one item after recusals."""

    item: UUID | None
    present: int
    lived_experience: int
    provider: int


class AgendaItemOpened(PartnershipFact, type="sessions.AgendaItemOpened.v1"):
    """An item was opened."""

    item: UUID


class AgendaItemClosed(PartnershipFact, type="sessions.AgendaItemClosed.v1"):
    """An item was closed."""

    item: UUID
