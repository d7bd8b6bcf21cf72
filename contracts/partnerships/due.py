"""What somebody has to see to in a partnership, by when."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Query
from contracts.vocabulary import ConsentPurpose, DueKind, PartnershipOffice


class GetDue(Query):
    """What is due in a partnership, or will be in so many days."""

    partnership: UUID
    within: Annotated[int, Field(ge=0, le=366, strict=False)] = 60


class DueItem(Answer):
    """Something to see to, whose it is, and by which day; `thing` is the need or payment it is about."""

    kind: DueKind
    member: UUID
    due: date
    overdue: bool
    purpose: ConsentPurpose | None = None
    office: PartnershipOffice | None = None
    thing: UUID | None = None


class DueList(Answer):
    """What is to be seen to, the most urgent first; made when it is asked for."""

    partnership: UUID
    today: date
    items: tuple[DueItem, ...]
