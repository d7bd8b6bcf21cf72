"""How a service that worked otherwise comes to co-production: frameworks as data, what each side sees, stages, and what to do next."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Command, Contract, Day, Digest, Fact, Label, Ordinal, PartnershipFact, Query, Several
from contracts.vocabulary import EvidenceKind, FrameworkKind, PartnershipStatus, ReadinessStage, Side, StageState

FrameworkCode = Annotated[str, Field(max_length=60, pattern=r"^[A-Z_][A-Z0-9_]*$")]
"""The code of a framework, or of a part of one."""
Passage = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""What a framework says, in public words."""


class FrameworkElement(Contract):
    """A principle, a part that is rated, or a stage; `about` says what it asks for."""

    code: FrameworkCode
    name: Label
    about: Passage | None = None


class FrameworkAction(Contract):
    """Something a framework wants done for one of its principles, from a day on."""

    code: FrameworkCode
    principle: FrameworkCode
    text: Passage
    valid_from: Day


class FrameworkMeasure(Contract):
    """What a framework measures one of its principles by, from a day on."""

    code: FrameworkCode
    principle: FrameworkCode
    text: Passage
    valid_from: Day


class _Framework(Contract):
    framework: FrameworkCode
    edition: Ordinal
    kind: FrameworkKind
    name: Label
    source: Label
    elements: Annotated[tuple[FrameworkElement, ...], Field(min_length=1, max_length=40, strict=False)]
    actions: Annotated[tuple[FrameworkAction, ...], Field(max_length=60, strict=False)] = ()
    measures: Annotated[tuple[FrameworkMeasure, ...], Field(max_length=60, strict=False)] = ()


class AdoptFramework(_Framework, Command):
    """Adopt an edition of a framework, valid from a day on; actions and measures are empty where their words are not ours to give."""

    valid_from: Day


class ListFrameworks(Query):
    """The frameworks that are valid on a day, or today."""

    on: Day | None = None


class GetFramework(Query):
    """A framework as it is valid on a day, or today."""

    framework: FrameworkCode
    on: Day | None = None


class RateReadiness(Command):
    """Say how far a service has come with an element, as one side sees it, and what shows it."""

    partnership: UUID
    framework: FrameworkCode
    element: FrameworkCode
    side: Side
    stage: ReadinessStage
    evidence: EvidenceKind | None = None
    document: Digest | None = None


class MoveStage(Command):
    """Say how far a partnership has come with a stage of a guide; what is done is shown by something."""

    partnership: UUID
    framework: FrameworkCode
    element: FrameworkCode
    state: StageState
    evidence: EvidenceKind | None = None
    document: Digest | None = None


class GetReadiness(Query):
    """How far a partnership has come, element by element and stage by stage."""

    partnership: UUID


class GetNextSteps(Query):
    """What a partnership should do next, the most pressing first; `limit` says how many are wanted."""

    partnership: UUID
    limit: Several = 3


class FrameworkAdopted(_Framework, Fact, type="partnerships.FrameworkAdopted.v1"):
    """An edition of a framework is valid from a day on."""

    valid_from: date


class ReadinessRated(PartnershipFact, type="partnerships.ReadinessRated.v1"):
    """One side said how far the service has come with an element."""

    framework: FrameworkCode
    edition: int
    element: FrameworkCode
    side: Side
    stage: ReadinessStage
    evidence: EvidenceKind | None
    document: Digest | None


class StageMoved(PartnershipFact, type="partnerships.StageMoved.v1"):
    """A stage of a guide is under way, done or set aside."""

    framework: FrameworkCode
    edition: int
    element: FrameworkCode
    state: StageState
    evidence: EvidenceKind | None
    document: Digest | None


class FrameworkSummary(Answer):
    """A framework in a list."""

    framework: str
    edition: int
    kind: FrameworkKind
    name: str
    source: str
    valid_from: date


class FrameworkList(Answer):
    """The frameworks valid on a day; `editions` is how many editions were adopted in all."""

    editions: int
    items: tuple[FrameworkSummary, ...]


class FrameworkDetail(_Framework, Answer):
    """A framework, as of one edition."""

    valid_from: date


class SideSees(Answer):
    """How far one side sees the service, since when, and what shows it."""

    side: Side
    stage: ReadinessStage
    since: datetime
    evidence: EvidenceKind | None
    document: str | None


class ElementProgress(Answer):
    """How far a partnership has come with one element; `gap` is how many steps apart the two sides see it."""

    framework: str
    element: str
    name: str
    kind: FrameworkKind
    sides: tuple[SideSees, ...]
    gap: int | None
    state: StageState | None
    since: datetime | None
    evidence: EvidenceKind | None
    document: str | None


class ReadinessDetail(Answer):
    """How far a partnership has come, by the frameworks that are valid today."""

    partnership: UUID
    version: int
    elements: tuple[ElementProgress, ...]


class NextStep(Answer):
    """Something to do: why, how, where; the rule that asks for it, if it refuses anything without; and whence it comes.

    `things` are whom or what it is about: members, sessions, pieces of work, payments.
    """

    code: str
    why: str
    how: str
    at: str
    rule: str | None
    source: str
    things: tuple[UUID, ...]


class NextSteps(Answer):
    """What to do next, the most pressing first, and how many more steps wait."""

    partnership: UUID
    status: PartnershipStatus
    steps: tuple[NextStep, ...]
    more: int
