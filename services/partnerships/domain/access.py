"""What one member needs to take part: recorded, flagged, shared only with consent, met or not each time, and reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.partnerships import (
    AccessNeedFlagged,
    AccessNeedMet,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    AccessNeedShared,
)
from contracts.vocabulary import AccessNeedCategory, AccessReview, AccessStage, InformationFormat, SharedWith
from shared.application import Aggregate, Stamp


@dataclass
class Need:
    """Something a member needs; `stage` is how far it has come (Accessible Information Standard, DAPB1605: six steps)."""

    id: UUID
    category: AccessNeedCategory
    wanted: InformationFormat | None
    words: SealedPart | None
    since: datetime
    stage: AccessStage = AccessStage.recorded
    flagged: bool = False
    reviewed: datetime | None = None
    ended: bool = False
    met: int = 0
    not_met: int = 0


class AccessNeeds(Aggregate):
    """The access needs of one member (domain 6.8, AccessStage)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.needs: dict[UUID, Need] = {}

    def record_need(
        self,
        by: Stamp,
        *,
        partnership: UUID,
        member: UUID,
        need: UUID,
        category: AccessNeedCategory,
        wanted: InformationFormat | None,
        words: SealedPart | None,
    ) -> None:
        """Write down what a member said they need."""
        what = {"member": member, "need": need, "category": category, "wanted": wanted, "words": words}
        self.record(AccessNeedRecorded, by, partnership=partnership, **what)

    def flag(self, by: Stamp, *, partnership: UUID, member: UUID, need: UUID) -> None:
        """Make it stand out to everybody who plans; flagged again it is flagged all the same."""
        if not self._standing(by, need).flagged:
            self.record(AccessNeedFlagged, by, partnership=partnership, member=member, need=need)

    def share(self, by: Stamp, *, partnership: UUID, member: UUID, need: UUID, shared_with: SharedWith, consented: bool) -> None:
        """Tell somebody who has to meet it, with the consent of the member (domain 6.8, ConsentPurpose)."""
        rule(self._standing(by, need).flagged, "need_not_flagged", "A need is flagged before it is shared.", field="need")
        rule(consented, "sharing_without_consent", "A need is shared only while the member consents to that.", field="need")
        self.record(AccessNeedShared, by, partnership=partnership, member=member, need=need, shared_with=shared_with)

    def say_met(self, by: Stamp, *, partnership: UUID, member: UUID, need: UUID, met: bool, session: UUID | None, confirmed: bool) -> None:
        """Say whether it was met this time, and whether the person confirmed that (CP-20)."""
        self._standing(by, need)
        kind = AccessNeedMet if met else AccessNeedNotMet
        self.record(kind, by, partnership=partnership, member=member, need=need, session=session, confirmed=confirmed)

    def review(self, by: Stamp, *, partnership: UUID, member: UUID, need: UUID, outcome: AccessReview) -> None:
        """Ask whether it is still so; what is no longer needed ends."""
        self._standing(by, need)
        self.record(AccessNeedReviewed, by, partnership=partnership, member=member, need=need, outcome=outcome)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case AccessNeedRecorded():
                self.needs[fact.need] = Need(fact.need, fact.category, fact.wanted, fact.words, fact.happened)
            case AccessNeedFlagged():
                need = self.needs[fact.need]
                need.stage, need.flagged = AccessStage.flagged, True
            case AccessNeedShared():
                self.needs[fact.need].stage = AccessStage.shared
            case AccessNeedMet():
                self.needs[fact.need].stage = AccessStage.met
                self.needs[fact.need].met += 1
            case AccessNeedNotMet():
                self.needs[fact.need].stage = AccessStage.not_met
                self.needs[fact.need].not_met += 1
            case AccessNeedReviewed():
                need = self.needs[fact.need]
                need.stage, need.reviewed = AccessStage.reviewed, fact.happened
                need.ended = fact.outcome is AccessReview.no_longer_needed

    def _standing(self, by: Stamp, need: UUID) -> Need:
        found = self.needs.get(need)
        if found is None:
            raise NotFound("no_such_need", "This member has no such need.", field="need")
        rule(not found.ended, "need_ended", "What is no longer needed has ended.", field="need")
        rule(found.since <= by.happened, "before_it_was_recorded", "Nothing comes of a need before it was known.", field="happened")
        return found
