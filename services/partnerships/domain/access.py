"""What one member needs to take part: identified, recorded, flagged, shared only with consent, met or not each time, and reviewed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.errors import NotFound, RuleBroken, rule
from contracts.model import Fact, SealedPart
from contracts.partnerships import (
    AccessNeedFlagged,
    AccessNeedIdentified,
    AccessNeedMet,
    AccessNeedMetConfirmed,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    AccessNeedShared,
)
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    AccessStage,
    ConfirmedBy,
    IdentifiedBy,
    InformationFormat,
    SharedWith,
)
from shared.application import Aggregate, Stamp


@dataclass
class Said:
    """Whether a need was met at one time, by who said so last; `confirmed` once that was the person."""

    when: datetime
    met: bool
    confirmed: bool


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
    said: list[tuple[UUID | None, Said]] = field(default_factory=list)
    """By session, or none: every time it was said, for what is said again of a session is another time it was asked."""

    @property
    def met(self) -> int:
        """How often it was met."""
        return sum(one.met for _, one in self.said)

    @property
    def not_met(self) -> int:
        """How often it was not."""
        return len(self.said) - self.met

    @property
    def confirmed(self) -> int:
        """How often the person said which of the two it was."""
        return sum(one.confirmed for _, one in self.said)

    def last_said(self, session: UUID | None) -> Said | None:
        """What was said last of a session, or of a time outside sessions."""
        return next((one for about, one in reversed(self.said) if about == session), None)


class AccessNeeds(Aggregate):
    """The access needs of one member (domain 6.8, AccessStage)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.needs: dict[UUID, Need] = {}

    def identify(self, by: Stamp, *, partnership: UUID, member: UUID, need: UUID, category: AccessNeedCategory, who: IdentifiedBy) -> None:
        """Note that something will be needed, and who noticed; what it is, the person says (DAPB1605: identify, then record)."""
        self.record(AccessNeedIdentified, by, partnership=partnership, member=member, need=need, category=category, identified_by=who)

    def record_identified(
        self,
        by: Stamp,
        *,
        partnership: UUID,
        member: UUID,
        need: UUID,
        category: AccessNeedCategory | None,
        wanted: InformationFormat | None,
        words: SealedPart | None,
    ) -> None:
        """Write down what was identified before, once."""
        found = self._going_on(by, need)
        rule(found.stage is AccessStage.identified, "need_recorded_already", "A need is recorded once, then reviewed.", field="need")
        category = category or found.category
        self.record_need(by, partnership=partnership, member=member, need=need, category=category, wanted=wanted, words=words)

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

    def say_met(
        self,
        by: Stamp,
        *,
        partnership: UUID,
        member: UUID,
        need: UUID,
        met: bool,
        session: UUID | None,
        confirmed: bool,
        begins: datetime | None = None,
    ) -> None:
        """Say whether it was met this time, and whether the person confirmed that (domain 7, CP-20); `begins` is when the session does.

        That it will not be met can be known beforehand: people stay away for that reason.
        """
        self._standing(by, need)
        rule(
            not met or begins is None or begins <= by.happened,
            "met_before_session",
            "That a need was met is said once the session has begun.",
            field="session",
        )
        kind = AccessNeedMet if met else AccessNeedNotMet
        self.record(kind, by, partnership=partnership, member=member, need=need, session=session, confirmed=confirmed)

    def confirm(self, by: Stamp, *, partnership: UUID, member: UUID, need: UUID, session: UUID | None, met: bool, who: ConfirmedBy) -> None:
        """Let the person say whether it was met; theirs is the last word (CP-20), also of a need that has ended since."""
        said = self._known(need).last_said(session)
        if said is None:
            raise RuleBroken("nothing_to_confirm", "Nobody has said of that time whether the need was met.", field="session")
        rule(said.when <= by.happened, "confirmed_before_said", "What was said is confirmed after it was said.", field="happened")
        if (said.met, said.confirmed) != (met, True):
            what = {"member": member, "need": need, "session": session, "met": met, "confirmed_by": who}
            self.record(AccessNeedMetConfirmed, by, partnership=partnership, **what)

    def review(self, by: Stamp, *, partnership: UUID, member: UUID, need: UUID, outcome: AccessReview) -> None:
        """Ask whether it is still so; what is no longer needed ends, and so may what was only identified."""
        find = self._going_on if outcome is AccessReview.no_longer_needed else self._standing
        find(by, need)
        self.record(AccessNeedReviewed, by, partnership=partnership, member=member, need=need, outcome=outcome)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case AccessNeedIdentified():
                self.needs[fact.need] = Need(fact.need, fact.category, None, None, fact.happened, AccessStage.identified)
            case AccessNeedRecorded():
                self.needs[fact.need] = Need(fact.need, fact.category, fact.wanted, fact.words, fact.happened)
            case AccessNeedFlagged():
                need = self.needs[fact.need]
                need.stage, need.flagged = AccessStage.flagged, True
            case AccessNeedShared():
                self.needs[fact.need].stage = AccessStage.shared
            case AccessNeedMet() | AccessNeedNotMet():
                met = isinstance(fact, AccessNeedMet)
                self.needs[fact.need].stage = AccessStage.met if met else AccessStage.not_met
                self.needs[fact.need].said.append((fact.session, Said(fact.happened, met, fact.confirmed)))
            case AccessNeedMetConfirmed():
                need = self.needs[fact.need]
                if not need.ended:
                    need.stage = AccessStage.met if fact.met else AccessStage.not_met
                if said := need.last_said(fact.session):
                    said.met, said.confirmed = fact.met, True
            case AccessNeedReviewed():
                need = self.needs[fact.need]
                need.stage, need.reviewed = AccessStage.reviewed, fact.happened
                need.ended = fact.outcome is AccessReview.no_longer_needed

    def _standing(self, by: Stamp, need: UUID) -> Need:
        found = self._going_on(by, need)
        rule(found.stage is not AccessStage.identified, "need_not_recorded", "What was identified is recorded first.", field="need")
        return found

    def _known(self, need: UUID) -> Need:
        if need not in self.needs:
            raise NotFound("no_such_need", "This member has no such need.", field="need")
        return self.needs[need]

    def _going_on(self, by: Stamp, need: UUID) -> Need:
        found = self._known(need)
        rule(not found.ended, "need_ended", "What is no longer needed has ended.", field="need")
        rule(found.since <= by.happened, "before_it_was_recorded", "Nothing comes of a need before it was known.", field="happened")
        return found
