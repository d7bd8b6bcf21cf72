"""Pieces of work with the degree of co-production intended, rated and agreed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.model import Answer, Command, Cursor, Label, PageSize, PartnershipFact, Query
from contracts.vocabulary import ArnsteinRung, CommissioningStage, Degree, EngagementBand, LegalBasis, NefWay, ParticipationLevel, Side


class OpenWorkItem(Command):
    """Begin a piece of work, and say which degree of co-production is intended."""

    partnership: UUID
    name: Label
    stage: CommissioningStage
    legal_basis: LegalBasis
    intended: Degree


class RateDegree(Command):
    """Say which degree one side saw; each side rates for itself."""

    work_item: UUID
    side: Side
    degree: Degree


class AgreeDegree(Command):
    """Agree at the review on the degree that was reached."""

    work_item: UUID
    degree: Degree


class GetWorkItem(Query):
    """One piece of work."""

    work_item: UUID


class ListWorkItems(Query):
    """Pieces of work, the oldest first: of one partnership, if it is named."""

    partnership: UUID | None = None
    after: Cursor | None = None
    limit: PageSize = 50


class WorkItemOpened(PartnershipFact, type="partnerships.WorkItemOpened.v1"):
    """A piece of work was begun, with the degree of co-production that is intended."""

    name: Label
    stage: CommissioningStage
    legal_basis: LegalBasis
    intended: Degree


class DegreeRated(PartnershipFact, type="partnerships.DegreeRated.v1"):
    """One side said which degree it saw."""

    side: Side
    degree: Degree


class DegreeAgreed(PartnershipFact, type="partnerships.DegreeAgreed.v1"):
    """Both sides agreed on the degree that was reached."""

    degree: Degree


class WorkItemSummary(Answer):
    """A piece of work in a list."""

    id: UUID
    partnership: UUID
    name: str
    stage: CommissioningStage
    opened: datetime
    intended: Degree
    agreed: Degree | None


class WorkItemPage(Answer):
    """A page of work items; `next` is the cursor of the following page."""

    items: tuple[WorkItemSummary, ...]
    next: str | None


class WorkItemDetail(Answer):
    """A piece of work as it stands; `band` (HSE), `arnstein`, `iap2` and `nef` are other words for the degree agreed on."""

    id: UUID
    version: int
    partnership: UUID
    name: str
    stage: CommissioningStage
    legal_basis: LegalBasis
    intended: Degree
    rated: dict[Side, Degree]
    agreed: Degree | None
    band: EngagementBand | None
    arnstein: ArnsteinRung | None
    iap2: ParticipationLevel | None = None
    nef: NefWay | None = None
