"""A feedback item decides: what it is about, what was answered, what came of it, whether the loop is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import rule
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
from contracts.model import Fact, SealedPart
from contracts.vocabulary import (
    AnonymityMode,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    FeedbackOutcome,
    FeedbackState,
    FeedbackTheme,
)
from shared.application import Aggregate, Stamp

_SETTLED = {FeedbackState.change_made, FeedbackState.cannot_change, FeedbackState.no_change_needed}


class FeedbackItem(Aggregate):
    """What somebody said (domain 6.7)."""

    partnership: UUID
    kind: FeedbackKind
    received: datetime
    rating: int | None
    text: SealedPart
    theme: FeedbackTheme | None = None
    sub_theme: str | None = None
    state = FeedbackState.received
    told = False

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.responses: list[SealedPart] = []

    @classmethod
    def receive(
        cls,
        id: UUID,
        by: Stamp,
        *,
        partnership: UUID,
        session: UUID | None,
        kind: FeedbackKind,
        relation: FeedbackAuthorRelation,
        anonymity: AnonymityMode,
        channel: FeedbackChannel,
        rating: int | None,
        text: SealedPart,
    ) -> Self:
        """Take in what was said."""
        item = cls(id)
        item.record(
            FeedbackReceived,
            by,
            partnership=partnership,
            session=session,
            kind=kind,
            relation=relation,
            anonymity=anonymity,
            channel=channel,
            rating=rating,
            text=text,
        )
        return item

    def say_theme(self, by: Stamp, *, theme: FeedbackTheme, sub_theme: str | None) -> None:
        """Say what it is about; said differently later, the later one holds."""
        if (self.theme, self.sub_theme) != (theme, sub_theme):
            self.record(FeedbackThemed, by, partnership=self.partnership, theme=theme, sub_theme=sub_theme)

    def respond(self, by: Stamp, *, text: SealedPart) -> None:
        """Answer with substance."""
        self._must_not_be_escalated()
        rule(self.received <= by.happened, "answered_before_received", "An answer cannot come before what it answers.", field="happened")
        self.record(FeedbackResponded, by, partnership=self.partnership, text=text)

    def record_outcome(self, by: Stamp, *, outcome: FeedbackOutcome) -> None:
        """Say what came of it."""
        if self.state.value == outcome.value:
            return
        self._must_not_be_escalated()
        rule(not self.told, "outcome_already_told", "The contributor was told the outcome; it cannot become another.", field="outcome")
        match outcome:
            case FeedbackOutcome.change_planned:
                self.record(ChangePlanned, by, partnership=self.partnership)
            case FeedbackOutcome.change_made:
                self.record(ChangeMade, by, partnership=self.partnership)
            case FeedbackOutcome.cannot_change | FeedbackOutcome.no_change_needed:
                self.record(ChangeDeclined, by, partnership=self.partnership, outcome=outcome)
            case FeedbackOutcome.escalated:
                self.record(FeedbackEscalated, by, partnership=self.partnership)

    def tell_outcome(self, by: Stamp) -> None:
        """Record that the contributor was told; only what is settled can be told (domain 6.7, closed loop)."""
        if self.told:
            return
        rule(self.state in _SETTLED, "nothing_to_tell", "There is no outcome to tell yet: a planned change is not made.")
        self.record(OutcomeTold, by, partnership=self.partnership)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case FeedbackReceived():
                self.partnership, self.kind, self.received = fact.partnership, fact.kind, fact.happened
                self.rating, self.text = fact.rating, fact.text
            case FeedbackThemed():
                self.theme, self.sub_theme = fact.theme, fact.sub_theme
            case FeedbackResponded():
                self.responses.append(fact.text)
                if self.state is FeedbackState.received:
                    self.state = FeedbackState.responded
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

    def _must_not_be_escalated(self) -> None:
        rule(self.state is not FeedbackState.escalated, "handled_as_complaint", "The item became a complaint, which is handled apart.")
