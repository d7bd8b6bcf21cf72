"""A partnership decides: who joins on which side, who chairs, when it may begin its work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import rule
from contracts.model import Fact
from contracts.partnerships import (
    CompositionBreached,
    CompositionMended,
    CompositionRuleSet,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPaused,
    PartnershipPlaced,
    PartnershipProposed,
    PartnershipResumed,
    TermsOfReferenceAgreed,
    TermsOfReferenceDrafted,
)
from contracts.vocabulary import (
    ClosureReason,
    CompositionShortfall,
    CoproductionLevel,
    MembershipStatus,
    PartnershipStatus,
    PauseReason,
    SettingType,
    Side,
)
from services.partnerships.domain.composition import Rule
from services.partnerships.domain.membership import Membership
from services.partnerships.domain.roll import CHAIRS
from services.partnerships.domain.terms import Edition
from shared.application import Stamp


class Partnership(Membership):
    """A standing group with terms of reference and members with perspectives (domain 6.4)."""

    name: str
    org_unit: str
    setting: SettingType
    level: CoproductionLevel
    status = PartnershipStatus.proposed
    since: datetime | None = None
    pause_reason: PauseReason | None = None
    closure_reason: ClosureReason | None = None
    terms_of_reference: int | None = None
    composition: Rule | None = None
    breached: datetime | None = None

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.editions: list[Edition] = []

    @classmethod
    def propose(cls, id: UUID, by: Stamp, *, name: str, org_unit: str, setting: SettingType, level: CoproductionLevel) -> Self:
        """Begin with a proposal."""
        partnership = cls(id)
        partnership.record(PartnershipProposed, by, partnership=id, name=name, org_unit=org_unit, setting=setting, level=level)
        return partnership

    def place(self, by: Stamp, *, org_unit: str) -> None:
        """Work in another unit, as after a reorganisation."""
        self.must_be_open()
        if self.org_unit != org_unit:
            self.record(PartnershipPlaced, by, partnership=self.id, org_unit=org_unit)

    def draft_terms_of_reference(self, by: Stamp, *, edition: int, document: str) -> None:
        """Lay a draft before the members; a changed draft takes the place of the one before."""
        self._must_be_next(edition)
        if self.drafted is None or self.drafted.document != document:
            self.record(TermsOfReferenceDrafted, by, partnership=self.id, edition=edition, document=document)

    def agree_terms_of_reference(self, by: Stamp, *, edition: int, document: str, agreed_by: Sequence[UUID] = ()) -> None:
        """Agree an edition: members of both sides do, by name (domain 6.4, guards). A change is a new edition."""
        self._must_be_next(edition)
        rule(
            self.drafted is None or self.drafted.document == document,
            "not_as_drafted",
            "What is agreed is what was drafted; draft it anew first.",
            field="document",
        )
        agreeing = tuple(dict.fromkeys(agreed_by)) or tuple(self.co_chairs.values())
        sides = {self.here(member, by.happened, field="agreed_by").perspective_on(by.happened).side for member in agreeing}
        rule(
            sides >= CHAIRS.keys(),
            "not_agreed_on_both_sides",
            "Members of the lived-experience side and of the provider side agree to terms of reference.",
            field="agreed_by",
        )
        self.record(TermsOfReferenceAgreed, by, partnership=self.id, edition=edition, document=document, agreed_by=agreeing)

    @property
    def drafted(self) -> Edition | None:
        """The draft that waits for agreement."""
        return self.editions[-1] if self.editions and self.editions[-1].agreed is None else None

    def set_composition_rule(self, by: Stamp, *, composition: Rule) -> None:
        """Say who must take part, and who must be there to decide (domain 6.4, guards; 8.A, quorum rule)."""
        self.must_be_open()
        rule(
            composition.quorum_can_be_met,
            "quorum_beyond_composition",
            "A quorum asks for no more people of a side than there must be members of it.",
        )
        if self.composition != composition:
            self.record(CompositionRuleSet, by, partnership=self.id, **asdict(composition))
            self.look_at_composition(by)

    def activate(self, by: Stamp) -> None:
        """Begin the work, once terms are agreed and both sides have a co-chair who is a member (domain 6.4, guards)."""
        self.must_be_open()
        if self.status is PartnershipStatus.active:
            return
        rule(self.status is not PartnershipStatus.paused, "partnership_paused", "A paused partnership has begun already; resume it.")
        self._must_be_able_to_work(by)
        self.record(PartnershipActivated, by, partnership=self.id)

    def pause(self, by: Stamp, *, reason: PauseReason) -> None:
        """Rest for a while; said again with the same reason it is the same rest (domain 6.4, PartnershipStatus)."""
        self.must_be_open()
        if self.status is PartnershipStatus.paused and self.pause_reason is reason:
            return
        rule(self.status is PartnershipStatus.active, "partnership_not_active", "Only a partnership that is at work can be paused.")
        self._must_follow(by)
        self.record(PartnershipPaused, by, partnership=self.id, pause_reason=reason)

    def resume(self, by: Stamp) -> None:
        """Go on after a rest: what was needed to begin is needed again (domain 6.4, PartnershipStatus)."""
        self.must_be_open()
        if self.status is PartnershipStatus.active:
            return
        rule(self.status is PartnershipStatus.paused, "partnership_not_paused", "Only a partnership that was paused can be resumed.")
        self._must_be_able_to_work(by)
        self.record(PartnershipResumed, by, partnership=self.id)

    def close(self, by: Stamp, *, reason: ClosureReason) -> None:
        """End for good; said again with the same reason it is the same end (domain 6.4, ClosureReason)."""
        if self.status is PartnershipStatus.closed and self.closure_reason is reason:
            return
        self.must_be_open()
        self._must_follow(by)
        self.record(PartnershipClosed, by, partnership=self.id, closure_reason=reason)

    @property
    def sides(self) -> Counter[Side]:
        """How many take part, by side; whoever is on leave does not count."""
        return self._sides_on(None)

    def _sides_on(self, on: datetime | None) -> Counter[Side]:
        return Counter(one.perspective_on(on).side for one in self.members.values() if one.status(on) is MembershipStatus.joined)

    @property
    def shortfalls(self) -> tuple[CompositionShortfall, ...]:
        """In what the members fall short of the rule of composition."""
        return self.composition.shortfalls(self.sides) if self.composition else ()

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case PartnershipProposed():
                self.name, self.org_unit, self.setting, self.level = fact.name, fact.org_unit, fact.setting, fact.level
            case PartnershipPlaced():
                self.org_unit = fact.org_unit
            case TermsOfReferenceDrafted():
                self.editions = [*self._agreed, Edition(fact.edition, fact.document)]
            case TermsOfReferenceAgreed():
                self.editions = [*self._agreed, Edition(fact.edition, fact.document, fact.happened, fact.agreed_by)]
                self.terms_of_reference = fact.edition
                if self.status is PartnershipStatus.proposed:
                    self.status = PartnershipStatus.forming
            case CompositionRuleSet():
                self.composition = Rule.of(fact)
            case CompositionBreached():
                self.breached = fact.happened
            case CompositionMended():
                self.breached = None
            case PartnershipActivated() | PartnershipResumed():
                self.status, self.since, self.pause_reason = PartnershipStatus.active, fact.happened, None
            case PartnershipPaused():
                self.status, self.since, self.pause_reason = PartnershipStatus.paused, fact.happened, fact.pause_reason
            case PartnershipClosed():
                self.status, self.since, self.closure_reason = PartnershipStatus.closed, fact.happened, fact.closure_reason
            case _:
                self.roll.take(fact)

    def must_be_open(self) -> None:
        rule(self.status is not PartnershipStatus.closed, "partnership_closed", "A closed partnership stays closed; propose a new one.")

    @property
    def _agreed(self) -> list[Edition]:
        return [edition for edition in self.editions if edition.agreed]

    def _must_be_next(self, edition: int) -> None:
        self.must_be_open()
        rule(
            edition == (self.terms_of_reference or 0) + 1,
            "edition_out_of_order",
            "Editions of the terms of reference are agreed one after the other.",
            field="edition",
        )

    def _must_be_able_to_work(self, by: Stamp) -> None:
        self._must_follow(by)
        rule(self.terms_of_reference is not None, "terms_not_agreed", "A partnership begins its work with agreed terms of reference.")
        rule(
            self.roll.co_chairs(by.happened).keys() == CHAIRS.keys(),
            "co_chairs_missing",
            "A partnership begins its work with a co-chair from the lived-experience side and one from the provider side.",
        )
        rule(
            not self.shortfalls and not (self.composition and self.composition.shortfalls(self._sides_on(by.happened))),
            "composition_not_met",
            "A partnership works while its members meet its rule of composition, then and as is known now.",
        )

    def look_at_composition(self, by: Stamp) -> None:
        """Record that a partnership which has begun its work fell short of its rule, or meets it again."""
        if self.status not in {PartnershipStatus.active, PartnershipStatus.paused} or bool(self.shortfalls) is (self.breached is not None):
            return
        sides = self.sides
        counted = {"lived_experience": sides[Side.lived_experience], "provider": sides[Side.provider], "members": sides.total()}
        if self.breached is None:
            self.record(CompositionBreached, by, partnership=self.id, **counted, shortfalls=self.shortfalls)
        else:
            # Whoever joined, as we learn late, before the breach, mended it when it came.
            mended = replace(by, happened=max(by.happened, self.breached))
            self.record(CompositionMended, mended, partnership=self.id, **counted)

    def _must_follow(self, by: Stamp) -> None:
        rule(
            self.since is None or self.since <= by.happened,
            "before_previous_state",
            "A partnership does not leave a state before it entered it.",
            field="happened",
        )
