"""What one member has consented to, which interests they declared, and what they bring: of a person, apart from the partnership's roll."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from contracts.errors import NotFound, RuleBroken, rule
from contracts.model import Fact, SealedPart
from contracts.partnerships import (
    ConsentGranted,
    ConsentRefused,
    ConsentWithdrawn,
    InterestDeclared,
    InterestEnded,
    InterestsConfirmed,
    SkillOffered,
    SkillUsed,
)
from contracts.vocabulary import ConsentFormat, ConsentPurpose, ConsentStatus, InterestType, SkillArea
from shared.application import Aggregate, Stamp


@dataclass
class Consent:
    """What was agreed to or refused, by which text, explained in which format, from when to when."""

    purpose: ConsentPurpose
    text: str
    explained: ConsentFormat
    granted: datetime
    until: datetime | None = None
    refused: bool = False
    withdrawn: datetime | None = None

    def status(self, on: datetime) -> ConsentStatus:
        """How it stood then (domain 6.8, ConsentStatus)."""
        if self.refused:
            return ConsentStatus.rejected
        if self.withdrawn and self.withdrawn <= on:
            return ConsentStatus.withdrawn
        return ConsentStatus.expired if self.until and self.until <= on else ConsentStatus.active


@dataclass
class Interest:
    """An interest that was declared; `late` when that was later after it arose than the country lets it be."""

    id: UUID
    kind: InterestType
    words: SealedPart | None
    declared: datetime
    late: bool
    ended: datetime | None = None


@dataclass
class Skill:
    """Something a member brings, and when it was used."""

    id: UUID
    area: SkillArea
    words: SealedPart | None
    offered: datetime
    used: tuple[datetime, ...] = ()


Moment = TypeVar("Moment", date, datetime)


def months_after(moment: Moment, months: int) -> Moment:
    """The same day and hour so many months later, or the last day of a month that has no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


class Participation(Aggregate):
    """One member's consents, interests and skills in a partnership (domain 6.8, consent and interests)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.consents: dict[ConsentPurpose, Consent] = {}
        self.interests: dict[UUID, Interest] = {}
        self.skills: dict[UUID, Skill] = {}
        self.declared: datetime | None = None

    def renewal_due(self, months: int) -> datetime | None:
        """By when the declaration is to be renewed, within so many months (domain 5.4, conflicts of interest)."""
        return months_after(self.declared, months) if self.declared else None

    @property
    def standing(self) -> list[Interest]:
        """The interests that were declared and have not ended."""
        return [interest for interest in self.interests.values() if interest.ended is None and interest.kind is not InterestType.nil]

    def consents_to(self, purpose: ConsentPurpose, on: datetime) -> bool:
        """Whether a consent to this purpose stood then."""
        given = self.consents.get(purpose)
        return given is not None and given.granted <= on and given.status(on) is ConsentStatus.active

    def grant_consent(
        self,
        by: Stamp,
        *,
        partnership: UUID,
        member: UUID,
        purpose: ConsentPurpose,
        text: str,
        explained: ConsentFormat,
        until: datetime | None = None,
    ) -> None:
        """Consent to one purpose, by one version of a text in one format, for good or until then; the same again changes nothing."""
        given = self.consents.get(purpose)
        if (
            given
            and not given.refused
            and given.withdrawn is None
            and (given.text, given.explained, given.until) == (text, explained, until)
        ):
            return
        rule(until is None or by.happened < until, "consent_over_before_given", "A consent ends after it was given.", field="until")
        what = {"member": member, "purpose": purpose, "text": text, "explained": explained, "until": until}
        self.record(ConsentGranted, by, partnership=partnership, **what)

    def refuse_consent(
        self, by: Stamp, *, partnership: UUID, member: UUID, purpose: ConsentPurpose, text: str, explained: ConsentFormat
    ) -> bool:
        """Say no when asked; returns whether that is new. What was given is withdrawn instead (domain 6.8, ConsentStatus)."""
        given = self.consents.get(purpose)
        if given and given.refused:
            return False
        rule(
            given is None or given.status(by.happened) is not ConsentStatus.active,
            "consent_given_already",
            "What was consented to is withdrawn, not refused.",
            field="purpose",
        )
        self.record(ConsentRefused, by, partnership=partnership, member=member, purpose=purpose, text=text, explained=explained)
        return True

    def withdraw_consent(self, by: Stamp, *, partnership: UUID, member: UUID, purpose: ConsentPurpose) -> bool:
        """Withdraw it, with effect from then on; returns whether it was still given. Withdrawing is as easy as giving (GDPR art. 7 (3))."""
        given = self.consents.get(purpose)
        if given is None or given.refused:
            raise RuleBroken("consent_not_given", "What was not consented to cannot be withdrawn.", field="purpose")
        if given.withdrawn:
            return False
        rule(given.granted <= by.happened, "withdrawn_before_given", "A consent is not withdrawn before it was given.", field="happened")
        self.record(ConsentWithdrawn, by, partnership=partnership, member=member, purpose=purpose)
        return True

    def declare_interest(
        self,
        by: Stamp,
        *,
        partnership: UUID,
        member: UUID,
        interest: UUID,
        kind: InterestType,
        words: SealedPart | None,
        arose: datetime | None,
        within: timedelta,
    ) -> None:
        """Declare an interest, or that there is none (nil). It is late when it arose longer before (domain 5.4: within 28 days)."""
        rule(
            kind is not InterestType.nil or not self.standing,
            "nil_beside_interests",
            "Whoever declares that there is no interest has none that stands.",
            field="interest",
        )
        rule(
            kind is not InterestType.nil or words is None,
            "nil_with_words",
            "A nil declaration describes nothing.",
            field="words",
        )
        rule(arose is None or arose <= by.happened, "declared_before_arising", "An interest is declared when it has arisen.", field="arose")
        late = arose is not None and by.happened - arose > within
        what = {"member": member, "declaration": interest, "interest": kind, "words": words, "arose": arose, "late": late}
        self.record(InterestDeclared, by, partnership=partnership, **what)

    def confirm_interests(self, by: Stamp, *, partnership: UUID, member: UUID) -> None:
        """Declare that what was declared is still so: it renews the declaration."""
        rule(self.declared is not None, "nothing_declared", "Whoever has declared nothing has nothing to confirm.")
        self.record(InterestsConfirmed, by, partnership=partnership, member=member)

    def end_interest(self, by: Stamp, *, partnership: UUID, member: UUID, interest: UUID) -> None:
        """Let an interest have ended; it stays on the register."""
        ended = self.interests.get(interest)
        if ended is None:
            raise NotFound("no_such_interest", "This member declared no such interest.", field="declaration")
        if ended.ended is None:
            rule(ended.declared <= by.happened, "ended_before_declared", "An interest ends after it was declared.", field="happened")
            self.record(InterestEnded, by, partnership=partnership, member=member, declaration=interest)

    def offer_skill(self, by: Stamp, *, partnership: UUID, member: UUID, skill: UUID, area: SkillArea, words: SealedPart | None) -> None:
        """Say what a member brings (nef: assets, capabilities)."""
        self.record(SkillOffered, by, partnership=partnership, member=member, skill=skill, area=area, words=words)

    def use_skill(self, by: Stamp, *, partnership: UUID, member: UUID, skill: UUID) -> None:
        """Let what was offered have been made use of."""
        offered = self.skills.get(skill)
        if offered is None:
            raise NotFound("no_such_skill", "This member offered no such skill.", field="skill")
        rule(offered.offered <= by.happened, "used_before_offered", "A skill is used after it was offered.", field="happened")
        self.record(SkillUsed, by, partnership=partnership, member=member, skill=skill)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case ConsentGranted():
                self.consents[fact.purpose] = Consent(fact.purpose, fact.text, fact.explained, fact.happened, fact.until)
            case ConsentRefused():
                self.consents[fact.purpose] = Consent(fact.purpose, fact.text, fact.explained, fact.happened, refused=True)
            case ConsentWithdrawn():
                self.consents[fact.purpose].withdrawn = fact.happened
            case InterestDeclared():
                self.interests[fact.declaration] = Interest(fact.declaration, fact.interest, fact.words, fact.happened, fact.late)
                self._declared_at(fact.happened)
            case InterestsConfirmed():
                self._declared_at(fact.happened)
            case InterestEnded():
                self.interests[fact.declaration].ended = fact.happened
            case SkillOffered():
                self.skills[fact.skill] = Skill(fact.skill, fact.area, fact.words, fact.happened)
            case SkillUsed():
                self.skills[fact.skill].used += (fact.happened,)

    def _declared_at(self, moment: datetime) -> None:
        self.declared = max(moment, self.declared or moment)
