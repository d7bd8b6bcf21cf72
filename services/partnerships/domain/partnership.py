"""A partnership decides: who joins on which side, who chairs, when it may begin its work."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.partnerships import (
    CoChairAppointed,
    CompositionBreached,
    CompositionMended,
    CompositionRuleSet,
    MemberJoined,
    MembershipEnded,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPaused,
    PartnershipProposed,
    PartnershipResumed,
    TermsOfReferenceAgreed,
)
from contracts.vocabulary import (
    ClosureReason,
    CompositionShortfall,
    CoproductionLevel,
    MembershipEndReason,
    ParticipantRole,
    PartnershipStatus,
    PauseReason,
    Perspective,
    SettingType,
    Side,
)
from services.partnerships.domain.composition import Rule
from shared.application import Aggregate, Stamp


@dataclass
class Member:
    """Somebody's place in the partnership."""

    id: UUID
    role: ParticipantRole
    perspective: Perspective
    name: SealedPart
    joined: datetime
    ended: datetime | None = None
    end_reason: MembershipEndReason | None = None


class Partnership(Aggregate):
    """A standing group with terms of reference and members with perspectives (domain: partnership and membership state)."""

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
        self.members: dict[UUID, Member] = {}
        self.co_chairs: dict[Side, UUID] = {}

    @classmethod
    def propose(cls, id: UUID, by: Stamp, *, name: str, org_unit: str, setting: SettingType, level: CoproductionLevel) -> Self:
        """Begin with a proposal."""
        partnership = cls(id)
        partnership.record(PartnershipProposed, by, partnership=id, name=name, org_unit=org_unit, setting=setting, level=level)
        return partnership

    def add_member(self, by: Stamp, *, member: UUID, name: SealedPart, role: ParticipantRole, perspective: Perspective) -> None:
        """Take somebody in."""
        self._must_be_open()
        self.record(MemberJoined, by, partnership=self.id, member=member, member_role=role, perspective=perspective, name=name)
        self._look_at_composition(by)

    def end_membership(self, by: Stamp, *, member: UUID, reason: MembershipEndReason) -> None:
        """Let a member go; said again with the same reason it is the same end."""
        leaving = self._member(member)
        if leaving.ended and leaving.end_reason is reason:
            return
        rule(leaving.ended is None, "membership_already_ended", "The membership has ended already, for another reason.", field="member")
        rule(leaving.joined <= by.happened, "ended_before_joined", "A membership cannot end before it began.", field="happened")
        self.record(MembershipEnded, by, partnership=self.id, member=member, end_reason=reason)
        self._look_at_composition(by)

    def name_co_chair(self, by: Stamp, *, member: UUID) -> None:
        """Name a co-chair for the side the member is on."""
        self._must_be_open()
        chair = self._member(member)
        side = chair.perspective.side
        rule(chair.ended is None, "ended_member_chairs", "A former member cannot chair.", field="member")
        rule(
            side in {Side.lived_experience, Side.provider},
            "co_chair_of_no_side",
            "A co-chair comes from the lived-experience side or the provider side.",
            field="member",
        )
        if self.co_chairs.get(side) != member:
            self.record(CoChairAppointed, by, partnership=self.id, member=member, side=side)

    def agree_terms_of_reference(self, by: Stamp, *, edition: int, document: str) -> None:
        """Agree an edition; editions follow one another."""
        self._must_be_open()
        expected = (self.terms_of_reference or 0) + 1
        rule(
            edition == expected,
            "edition_out_of_order",
            "Editions of the terms of reference are agreed one after the other.",
            field="edition",
        )
        self.record(TermsOfReferenceAgreed, by, partnership=self.id, edition=edition, document=document)

    def set_composition_rule(self, by: Stamp, *, composition: Rule) -> None:
        """Say who must take part, and who must be there to decide (domain: guards of forming to active; 8.A, quorum rule)."""
        self._must_be_open()
        rule(
            composition.quorum_can_be_met,
            "quorum_beyond_composition",
            "A quorum asks for no more people of a side than there must be members of it.",
        )
        if self.composition != composition:
            self.record(CompositionRuleSet, by, partnership=self.id, **asdict(composition))
            self._look_at_composition(by)

    def activate(self, by: Stamp) -> None:
        """Begin the work, once terms are agreed and both sides have a co-chair who is a member (domain: guards of forming to active)."""
        self._must_be_open()
        if self.status is PartnershipStatus.active:
            return
        rule(self.status is not PartnershipStatus.paused, "partnership_paused", "A paused partnership has begun already; resume it.")
        self._must_be_able_to_work(by)
        self.record(PartnershipActivated, by, partnership=self.id)

    def pause(self, by: Stamp, *, reason: PauseReason) -> None:
        """Rest for a while; said again with the same reason it is the same rest (domain: active to paused)."""
        self._must_be_open()
        if self.status is PartnershipStatus.paused and self.pause_reason is reason:
            return
        rule(self.status is PartnershipStatus.active, "partnership_not_active", "Only a partnership that is at work can be paused.")
        self._must_follow(by)
        self.record(PartnershipPaused, by, partnership=self.id, pause_reason=reason)

    def resume(self, by: Stamp) -> None:
        """Go on after a rest: what was needed to begin is needed again (domain: paused to active)."""
        self._must_be_open()
        if self.status is PartnershipStatus.active:
            return
        rule(self.status is PartnershipStatus.paused, "partnership_not_paused", "Only a partnership that was paused can be resumed.")
        self._must_be_able_to_work(by)
        self.record(PartnershipResumed, by, partnership=self.id)

    def close(self, by: Stamp, *, reason: ClosureReason) -> None:
        """End for good; said again with the same reason it is the same end (domain: closure reasons)."""
        if self.status is PartnershipStatus.closed and self.closure_reason is reason:
            return
        self._must_be_open()
        self._must_follow(by)
        self.record(PartnershipClosed, by, partnership=self.id, closure_reason=reason)

    @property
    def sides(self) -> Counter[Side]:
        """How many take part, by side."""
        return Counter(member.perspective.side for member in self.members.values() if member.ended is None)

    @property
    def shortfalls(self) -> tuple[CompositionShortfall, ...]:
        """In what the members fall short of the rule of composition."""
        return self.composition.shortfalls(self.sides) if self.composition else ()

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case PartnershipProposed():
                self.name, self.org_unit, self.setting, self.level = fact.name, fact.org_unit, fact.setting, fact.level
            case MemberJoined():
                self.members[fact.member] = Member(fact.member, fact.member_role, fact.perspective, fact.name, fact.happened)
            case MembershipEnded():
                self.members[fact.member].ended = fact.happened
                self.members[fact.member].end_reason = fact.end_reason
            case CoChairAppointed():
                self.co_chairs[fact.side] = fact.member
            case TermsOfReferenceAgreed():
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

    def _must_be_open(self) -> None:
        rule(self.status is not PartnershipStatus.closed, "partnership_closed", "A closed partnership stays closed; propose a new one.")

    def _must_be_able_to_work(self, by: Stamp) -> None:
        rule(self.terms_of_reference is not None, "terms_not_agreed", "A partnership begins its work with agreed terms of reference.")
        chaired = {side for side, member in self.co_chairs.items() if self.members[member].ended is None}
        rule(
            chaired == {Side.lived_experience, Side.provider},
            "co_chairs_missing",
            "A partnership begins its work with a co-chair from the lived-experience side and one from the provider side.",
        )
        rule(not self.shortfalls, "composition_not_met", "A partnership works while its members meet its rule of composition.")
        self._must_follow(by)

    def _look_at_composition(self, by: Stamp) -> None:
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

    def _member(self, member: UUID) -> Member:
        if member not in self.members:
            raise NotFound("no_such_member", "This partnership has no such member.", field="member")
        return self.members[member]
