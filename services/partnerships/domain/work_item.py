"""A piece of work with the degree of co-production that was intended, and that each side saw, and that both agreed on."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import rule
from contracts.model import Fact
from contracts.partnerships import DegreeAgreed, DegreeRated, WorkItemOpened
from contracts.vocabulary import CommissioningStage, Degree, LegalBasis, Side
from shared.application import Aggregate, Stamp

_RATING = {Side.lived_experience, Side.provider}


class WorkItem(Aggregate):
    """Something a partnership works on (domain 5.1: the TLAP ladder is the stored scale)."""

    partnership: UUID
    name: str
    stage: CommissioningStage
    legal_basis: LegalBasis
    intended: Degree
    opened: datetime
    agreed: Degree | None = None

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.rated: dict[Side, Degree] = {}

    @classmethod
    def open(
        cls, id: UUID, by: Stamp, *, partnership: UUID, name: str, stage: CommissioningStage, legal_basis: LegalBasis, intended: Degree
    ) -> Self:
        """Begin a piece of work, and say which degree is intended."""
        work_item = cls(id)
        what = {"name": name, "stage": stage, "legal_basis": legal_basis, "intended": intended}
        work_item.record(WorkItemOpened, by, partnership=partnership, **what)
        return work_item

    def rate(self, by: Stamp, *, side: Side, degree: Degree) -> None:
        """Say which degree one side saw; each side says so for itself, until both have agreed (CP-24)."""
        rule(side in _RATING, "rated_by_no_side", "The lived-experience side and the provider side rate the degree.", field="side")
        rule(self.agreed is None, "degree_agreed_already", "Once both sides agreed on a degree nobody rates it any more.")
        self._must_follow(by)
        if self.rated.get(side) is not degree:
            self.record(DegreeRated, by, partnership=self.partnership, side=side, degree=degree)

    def agree(self, by: Stamp, *, degree: Degree) -> None:
        """Agree on the degree that was reached, at the review, when both sides have rated it (CP-23)."""
        if self.agreed is degree:
            return
        rule(self.agreed is None, "degree_agreed_already", "Both sides have agreed on another degree already.")
        rule(self.rated.keys() == _RATING, "not_rated_on_both_sides", "Both sides rate the degree before they agree on it.")
        self._must_follow(by)
        self.record(DegreeAgreed, by, partnership=self.partnership, degree=degree)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case WorkItemOpened():
                self.partnership, self.name, self.opened = fact.partnership, fact.name, fact.happened
                self.stage, self.legal_basis, self.intended = fact.stage, fact.legal_basis, fact.intended
            case DegreeRated():
                self.rated[fact.side] = fact.degree
            case DegreeAgreed():
                self.agreed = fact.degree

    def _must_follow(self, by: Stamp) -> None:
        rule(self.opened <= by.happened, "before_it_was_opened", "Work is rated after it was begun.", field="happened")
