"""Who took part from when to when, on which side; and what each had consented to and declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.model import Fact
from contracts.partnerships import (
    ConsentGranted,
    ConsentWithdrawn,
    EntryCorrected,
    InterestDeclared,
    InterestsConfirmed,
    MemberJoined,
    MembershipEnded,
    PerspectiveDeclared,
)
from contracts.vocabulary import ConsentPurpose, EntryKind, MembershipEndReason, Perspective, Side
from services.reporting.domain.history.case import Case


@dataclass
class Member(Case):
    """Who took part from when to when, on which side."""

    id: UUID
    perspective: Perspective
    joined: datetime
    ended: datetime | None = None
    end_reason: MembershipEndReason | None = None
    sides: dict[int, tuple[datetime, Perspective]] = field(default_factory=dict)
    """The perspectives declared after joining, by the versions of the facts that said so."""

    def side_before(self, moment: datetime) -> Side:
        """The side they were on just before."""
        said = [(since, version, perspective) for version, (since, perspective) in self.sides.items() if since < moment]
        return max(said)[2].side if said else self.perspective.side

    def sides_between(self, first: datetime, until: datetime) -> set[Side]:
        """The sides they were on at any time from `first` until just before `until`."""
        within = {perspective.side for since, perspective in self.sides.values() if first < since < until}
        return {self._side_at(first), *within}

    def take(self, fact: Fact) -> None:
        """Take what became of the membership."""
        match fact:
            case MembershipEnded():
                self.ended, self.end_reason = fact.happened, fact.end_reason
            case PerspectiveDeclared():
                self.sides[fact.version] = (fact.happened, fact.perspective)
            case EntryCorrected():
                self._correct(fact)

    def _correct(self, fact: EntryCorrected) -> None:
        if fact.entry is EntryKind.ended:
            self.ended = None if fact.struck else fact.at
        elif fact.entry is EntryKind.joined:
            self.joined, self.perspective = fact.at, fact.perspective or self.perspective
        elif fact.entry is EntryKind.perspective:
            self.sides.pop(fact.corrects, None)
            if fact.perspective and not fact.struck:
                self.sides[fact.corrects] = (fact.at, fact.perspective)

    def _side_at(self, moment: datetime) -> Side:
        said = [(since, version, perspective) for version, (since, perspective) in self.sides.items() if since <= moment]
        return max(said)[2].side if said else self.perspective.side


@dataclass
class Standing(Case):
    """What one member had consented to and declared, and when: rests beside the membership, of which it is no part."""

    consented: list[tuple[datetime, bool, datetime | None]] = field(default_factory=list)
    """Whether they consented to take part, from each instant on, and until when if not for good."""
    declared: list[datetime] = field(default_factory=list)
    """When they declared interests, nil included, or confirmed them."""

    def consents_before(self, moment: datetime) -> bool:
        """Whether they consented to take part just before; of things said for one instant the last holds."""
        said = [
            (since, place, consents and (until is None or moment <= until))
            for place, (since, consents, until) in enumerate(self.consented)
            if since < moment
        ]
        return bool(said) and max(said)[2]

    def declared_before(self, moment: datetime) -> datetime | None:
        """When they last declared their interests before."""
        return max((when for when in self.declared if when < moment), default=None)


def take_of_member(members: dict[UUID, Member], fact: Fact, number: list[int]) -> None:
    """Take a fact of a membership; one whose beginning is not known says nothing."""
    match fact:
        case MemberJoined():
            members[fact.member] = Member(fact.member, fact.perspective, fact.happened, facts=number)
        case MembershipEnded() | PerspectiveDeclared() | EntryCorrected() if member := members.get(fact.member):
            member.take(fact)
            member.facts += number


def take_of_standing(standings: dict[UUID, Standing], fact: Fact, number: list[int]) -> None:
    """Take a fact of what a member, or somebody who is to become one, consents to or declares."""
    match fact:
        case ConsentGranted() | ConsentWithdrawn() if fact.purpose is ConsentPurpose.participation:
            standing = standings.setdefault(fact.member, Standing(facts=[]))
            standing.consented.append((fact.happened, isinstance(fact, ConsentGranted), getattr(fact, "until", None)))
            standing.facts += number
        case InterestDeclared() | InterestsConfirmed():
            standing = standings.setdefault(fact.member, Standing(facts=[]))
            standing.declared.append(fact.happened)
            standing.facts += number
