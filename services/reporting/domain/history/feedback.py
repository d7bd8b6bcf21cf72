"""What became of each statement that came in."""

from __future__ import annotations

from dataclasses import dataclass
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
    state: FeedbackState = FeedbackState.received
    told: bool = False

    def take(self, fact: Fact) -> None:
        """Take what became of it."""
        match fact:
            case FeedbackThemed():
                self.theme = fact.theme
            case FeedbackResponded():
                self.responded = min(self.responded or fact.happened, fact.happened)
            case ChangePlanned():
                self.state = FeedbackState.change_planned
            case ChangeMade():
                self.state = FeedbackState.change_made
            case ChangeDeclined():
                self.state = FeedbackState(fact.outcome.value)
            case FeedbackEscalated():
                self.state = FeedbackState.escalated
            case OutcomeTold():
                self.told = True


def take_of_feedback(items: dict[UUID, Feedback], fact: Fact, number: list[int]) -> None:
    """Take a fact of a statement; one whose beginning is not known says nothing."""
    match fact:
        case FeedbackReceived():
            items[fact.stream] = Feedback(fact.happened, fact.kind, fact.rating, facts=number)
        case _ if item := items.get(fact.stream):
            item.take(fact)
            item.facts += number
