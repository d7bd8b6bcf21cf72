"""Pieces of work: the degree of co-production intended, the one each side saw, and the one agreed at the review."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.model import Fact
from contracts.partnerships import DegreeAgreed, DegreeRated, WorkItemOpened
from contracts.vocabulary import Degree, Side
from services.reporting.domain.history.case import Case


@dataclass
class Rating(Case):
    """The degree one side saw: its last word before both agreed."""

    degree: Degree


@dataclass
class WorkItem(Case):
    """A piece of work; `reviewed` when both sides agreed on the degree that was reached."""

    intended: Degree
    rated: dict[Side, Rating] = field(default_factory=dict)
    reviewed: datetime | None = None
    agreed: Degree | None = None


def take_of_work(items: dict[UUID, WorkItem], fact: Fact, number: list[int]) -> None:
    """Take a fact of a piece of work; one whose beginning is not known says nothing."""
    match fact:
        case WorkItemOpened():
            items[fact.stream] = WorkItem(fact.intended, facts=number)
        case DegreeRated() if item := items.get(fact.stream):
            item.rated[fact.side] = Rating(fact.degree, facts=number)
        case DegreeAgreed() if item := items.get(fact.stream):
            item.reviewed, item.agreed = fact.happened, fact.degree
            item.facts += number
