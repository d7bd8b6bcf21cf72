"""What became of each statement that came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
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
from contracts.vocabulary import FeedbackKind, FeedbackState, FeedbackTheme
from services.reporting.domain.history.case import Case


@dataclass
class Feedback(Case):
    """What became of one statement."""

    received: datetime
    kind: FeedbackKind
    rating: int | None
    theme: FeedbackTheme | None = None
    responded: datetime | None = None
    outcomes: list[tuple[datetime, FeedbackState]] = field(default_factory=list)
    """What came of it, from each instant on, as it was said."""
    told: datetime | None = None
    """When whoever said it was first told."""

    @property
    def state(self) -> FeedbackState:
        """Where it stands by what was said last."""
        return self.outcomes[-1][1] if self.outcomes else FeedbackState.received

    def take(self, fact: Fact) -> None:
        """Take what became of it."""
        match fact:
            case FeedbackThemed():
                self.theme = fact.theme
            case FeedbackResponded():
                self.responded = min(self.responded or fact.happened, fact.happened)
            case ChangePlanned():
                self.outcomes.append((fact.happened, FeedbackState.change_planned))
            case ChangeMade():
                self.outcomes.append((fact.happened, FeedbackState.change_made))
            case ChangeDeclined():
                self.outcomes.append((fact.happened, FeedbackState(fact.outcome.value)))
            case FeedbackEscalated():
                self.outcomes.append((fact.happened, FeedbackState.escalated))
            case OutcomeTold():
                self.told = min(self.told or fact.happened, fact.happened)


def take_of_feedback(items: dict[UUID, Feedback], fact: Fact, number: list[int]) -> None:
    """Take a fact of a statement; one whose beginning is not known says nothing."""
    match fact:
        case FeedbackReceived():
            items[fact.stream] = Feedback(fact.happened, fact.kind, fact.rating, facts=number)
        case _ if item := items.get(fact.stream):
            item.take(fact)
            item.facts += number
