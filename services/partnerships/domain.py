"""A partnership decides: who joins on which side, who chairs, when it may begin its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.partnerships import (
    CoChairAppointed,
    MemberJoined,
    MembershipEnded,
    PartnershipActivated,
    PartnershipProposed,
    TermsOfReferenceAgreed,
)
from contracts.vocabulary import (
    CoproductionLevel,
    MembershipEndReason,
    ParticipantRole,
    PartnershipStatus,
    Perspective,
    SettingType,
    Side,
)
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
    terms_of_reference: int | None = None

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
        rule(self.status is not PartnershipStatus.closed, "partnership_closed", "A closed partnership takes in nobody.")
        self.record(MemberJoined, by, partnership=self.id, member=member, member_role=role, perspective=perspective, name=name)

    def end_membership(self, by: Stamp, *, member: UUID, reason: MembershipEndReason) -> None:
        """Let a member go; said again with the same reason it is the same end."""
        leaving = self._member(member)
        if leaving.ended and leaving.end_reason is reason:
            return
        rule(leaving.ended is None, "membership_already_ended", "The membership has ended already, for another reason.", field="member")
        rule(leaving.joined <= by.happened, "ended_before_joined", "A membership cannot end before it began.", field="happened")
        self.record(MembershipEnded, by, partnership=self.id, member=member, end_reason=reason)

    def name_co_chair(self, by: Stamp, *, member: UUID) -> None:
        """Name a co-chair for the side the member is on."""
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
        expected = (self.terms_of_reference or 0) + 1
        rule(
            edition == expected,
            "edition_out_of_order",
            "Editions of the terms of reference are agreed one after the other.",
            field="edition",
        )
        self.record(TermsOfReferenceAgreed, by, partnership=self.id, edition=edition, document=document)

    def activate(self, by: Stamp) -> None:
        """Begin the work, once terms are agreed and both sides have a co-chair who is a member (domain: guards of forming to active)."""
        if self.status is PartnershipStatus.active:
            return
        rule(self.terms_of_reference is not None, "terms_not_agreed", "A partnership begins its work with agreed terms of reference.")
        chaired = {side for side, member in self.co_chairs.items() if self.members[member].ended is None}
        rule(
            chaired == {Side.lived_experience, Side.provider},
            "co_chairs_missing",
            "A partnership begins its work with a co-chair from the lived-experience side and one from the provider side.",
        )
        self.record(PartnershipActivated, by, partnership=self.id)

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
            case PartnershipActivated():
                self.status = PartnershipStatus.active

    def _member(self, member: UUID) -> Member:
        if member not in self.members:
            raise NotFound("no_such_member", "This partnership has no such member.", field="member")
        return self.members[member]
