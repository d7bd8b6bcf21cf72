"""A session before it is held: planned, published, invited to, with its agenda and materials; or cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Command, Digest, Ordinal, PartnershipFact, Repetitions, SealedPart, Timestamp, Words
from contracts.vocabulary import (
    AgendaItemOrigin,
    BindingForce,
    CancellationReason,
    DecisionMethod,
    InformationFormat,
    InvitationAnswer,
    Perspective,
    Recurrence,
    SessionKind,
    SessionMode,
)


class PlanSession(Command):
    """Plan a session of an active partnership; `minutes` is how long it is to last."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: Timestamp
    place: Words | None = None
    minutes: Ordinal | None = None


class PlanSeries(Command):
    """Plan sessions that follow one another at the same time by the clock of a time zone; dates that a month lacks are left out."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: Timestamp
    place: Words | None = None
    minutes: Ordinal | None = None
    every: Recurrence
    times: Repetitions
    time_zone: Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$")]


class MoveSession(Command):
    """Move a session that has not begun to another time or place; what is not said stays as it is."""

    session: UUID
    starts: Timestamp | None = None
    mode: SessionMode | None = None
    place: Words | None = None
    minutes: Ordinal | None = None


class PublishSession(Command):
    """Publish a planned session: from now on people may rely on it."""

    session: UUID


class AnswerInvitation(Command):
    """Record what an invited member says beforehand."""

    session: UUID
    member: UUID
    answer: InvitationAnswer


class SendMaterials(Command):
    """Record that a document was sent, and in which formats; who needs which is not said. It stays where it is, its SHA-256 is kept."""

    session: UUID
    item: UUID | None = None
    title: Words
    document: Digest
    formats: Annotated[tuple[InformationFormat, ...], Field(min_length=1, max_length=20)]


class InviteMembers(Command):
    """Invite members to a planned session."""

    session: UUID
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class RaiseAgendaItem(Command):
    """Put an item on the agenda; who raised it is a member, unless the item is standing or imposed."""

    session: UUID
    title: Words
    origin: AgendaItemOrigin
    raised_by: UUID | None = None
    minutes: Ordinal | None = None


class CancelSession(Command):
    """Cancel a planned session, with a coded reason."""

    session: UUID
    reason: CancellationReason


class SessionPlanned(PartnershipFact, type="sessions.SessionPlanned.v1"):
    """A session was planned, alone or in a series."""

    kind: SessionKind
    mode: SessionMode
    starts: datetime
    place: SealedPart | None = None
    minutes: int | None = None
    series: UUID | None = None


class SessionMoved(PartnershipFact, type="sessions.SessionMoved.v1"):
    """When, where and how a session is to be held from now on; whoever answered for another time is to answer anew."""

    mode: SessionMode
    starts: datetime
    place: SealedPart | None = None
    minutes: int | None = None


class SessionPublished(PartnershipFact, type="sessions.SessionPublished.v1"):
    """People may rely on the session from now on."""


class InvitationAnswered(PartnershipFact, type="sessions.InvitationAnswered.v1"):
    """Somebody who was invited said beforehand whether they would come."""

    member: UUID
    answer: InvitationAnswer


class MaterialsSent(PartnershipFact, type="sessions.MaterialsSent.v1"):
    """A document was sent, in these formats; who got which would tell what they need, and is not said."""

    material: UUID
    item: UUID | None
    title: SealedPart
    document: Digest
    formats: tuple[InformationFormat, ...]


class InvitationSent(PartnershipFact, type="sessions.InvitationSent.v1"):
    """A member was invited, from the side they were on."""

    member: UUID
    perspective: Perspective


class AgendaItemRaised(PartnershipFact, type="sessions.AgendaItemRaised.v1"):
    """An item came on the agenda."""

    item: UUID
    title: SealedPart
    origin: AgendaItemOrigin
    raised_by: UUID | None
    perspective: Perspective | None
    minutes: int | None = None


class SessionCancelled(PartnershipFact, type="sessions.SessionCancelled.v1"):
    """The session did not take place."""

    cancellation_reason: CancellationReason


class AgendaItemSummary(Answer):
    """An item of the agenda; `forgotten` tells those who may see titles that this one was destroyed."""

    id: UUID
    title: str | None
    forgotten: bool
    origin: AgendaItemOrigin
    raised_by: UUID | None
    discussed: bool
    minutes: int | None = None
    method: DecisionMethod | None = None
    binding: BindingForce | None = None
    opened: datetime | None = None
    closed: datetime | None = None
    quorate: bool | None = None
    recused: tuple[UUID, ...] = ()


class InvitationSummary(Answer):
    """What an invited member said beforehand."""

    member: UUID
    answer: InvitationAnswer


class MaterialSummary(Answer):
    """A document that was sent, and in which formats."""

    id: UUID
    item: UUID | None
    title: str | None
    document: str
    formats: tuple[InformationFormat, ...]
