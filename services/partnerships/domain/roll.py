"""Who belongs to a partnership: since when, on which side, in which office; on any day, as it is known and corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.model import Fact, PartnershipFact, SealedPart
from contracts.partnerships import (
    CoChairAppointed,
    EntryCorrected,
    LeaveBegun,
    LeaveEnded,
    MemberInvited,
    MemberJoined,
    MemberNominated,
    MembershipEnded,
    NominationEnded,
    OfficeLeft,
    OfficeTaken,
    PerspectiveDeclared,
)
from contracts.vocabulary import (
    EntryKind,
    MembershipEndReason,
    MembershipStatus,
    NominationEnd,
    ParticipantRole,
    PartnershipOffice,
    Perspective,
    SelectionMethod,
    Side,
)

CHAIRS = {
    Side.lived_experience: PartnershipOffice.co_chair_lived_experience,
    Side.provider: PartnershipOffice.co_chair_provider,
}
"""The office of the co-chair of a side."""
_SIDES = {office: side for side, office in CHAIRS.items()}
_HELD_BY_ONE = {*CHAIRS.values(), PartnershipOffice.chair, PartnershipOffice.secretary}
_BEFORE_JOINING = {
    EntryKind.nominated: MembershipStatus.nominated,
    EntryKind.invited: MembershipStatus.invited,
    EntryKind.nomination_ended: MembershipStatus.ended,
}
HERE = frozenset({MembershipStatus.joined, MembershipStatus.on_leave})
"""Whoever is a member, at work or on leave."""


@dataclass
class Entry:
    """One thing recorded of a member, under the version of its fact; `struck` when it turned out never to have been."""

    version: int
    kind: EntryKind
    member: UUID
    at: datetime
    perspective: Perspective | None = None
    office: PartnershipOffice | None = None
    until: datetime | None = None
    struck: bool = False
    corrected: bool = False


def latest(entries: Iterable[Entry], on: datetime | None) -> Entry | None:
    """The entry that counts on `on`, or as far as is known: the last one by when it was true, then by when it was recorded."""
    counting = (entry for entry in entries if not entry.struck and (on is None or entry.at <= on))
    return max(counting, key=lambda entry: (entry.at, entry.version), default=None)


@dataclass
class Member:
    """Somebody's place in the partnership. Questions without a day are answered as far as is known."""

    id: UUID
    role: ParticipantRole
    name: SealedPart
    selection: SelectionMethod | None
    entries: list[Entry] = field(default_factory=list)
    end_reason: MembershipEndReason | None = None
    nomination_end: NominationEnd | None = None

    def last(self, *kinds: EntryKind, on: datetime | None = None) -> Entry | None:
        """The entry of these kinds that counts."""
        return latest((entry for entry in self.entries if entry.kind in kinds), on)

    @property
    def joined(self) -> datetime | None:
        return entry.at if (entry := self.last(EntryKind.joined)) else None

    @property
    def ended(self) -> datetime | None:
        return entry.at if (entry := self.last(EntryKind.ended)) else None

    @property
    def perspective(self) -> Perspective:
        return self.perspective_on(None)

    def perspective_on(self, on: datetime | None) -> Perspective:
        """The side from which they took part: as last declared, else as they joined or were nominated."""
        said = self.last(EntryKind.perspective, on=on) or self.last(EntryKind.joined) or self.last(EntryKind.nominated)
        if said is None or said.perspective is None:
            raise AssertionError("whoever is on the roll was nominated or joined, from some perspective")
        return said.perspective

    def status(self, on: datetime | None = None) -> MembershipStatus | None:
        """How far they had come; None before they were heard of (domain 6.4, MembershipStatus)."""
        if not self.last(EntryKind.joined, on=on):
            before = self.last(*_BEFORE_JOINING, on=on)
            return _BEFORE_JOINING[before.kind] if before else None
        if self.last(EntryKind.ended, on=on):
            return MembershipStatus.ended
        leave = self.last(EntryKind.leave_begun, EntryKind.leave_ended, on=on)
        return MembershipStatus.on_leave if leave and leave.kind is EntryKind.leave_begun else MembershipStatus.joined


@dataclass
class Roll:
    """The members of a partnership and the offices they hold."""

    members: dict[UUID, Member] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)

    def after(self, facts: Iterable[Fact]) -> Self:
        """This roll with `facts` on it."""
        for fact in facts:
            self.take(fact)
        return self

    def take(self, fact: Fact) -> None:
        """Put on the roll what a fact says of members; other facts change nothing."""
        match fact:
            case MemberNominated():
                self.members[fact.member] = Member(fact.member, fact.member_role, fact.name, fact.selection)
                self._enter(fact, EntryKind.nominated, fact.member, perspective=fact.perspective)
            case MemberInvited():
                self._enter(fact, EntryKind.invited, fact.member)
            case NominationEnded():
                self.members[fact.member].nomination_end = fact.nomination_end
                self._enter(fact, EntryKind.nomination_ended, fact.member)
            case MemberJoined():
                self.members.setdefault(fact.member, Member(fact.member, fact.member_role, fact.name, fact.selection))
                self._enter(fact, EntryKind.joined, fact.member, perspective=fact.perspective)
            case LeaveBegun():
                self._enter(fact, EntryKind.leave_begun, fact.member)
            case LeaveEnded():
                self._enter(fact, EntryKind.leave_ended, fact.member)
            case PerspectiveDeclared():
                self._enter(fact, EntryKind.perspective, fact.member, perspective=fact.perspective)
            case MembershipEnded():
                self.members[fact.member].end_reason = fact.end_reason
                self._enter(fact, EntryKind.ended, fact.member)
            case CoChairAppointed():
                self._enter(fact, EntryKind.office_taken, fact.member, office=CHAIRS[fact.side], until=fact.until)
            case OfficeTaken():
                self._enter(fact, EntryKind.office_taken, fact.member, office=fact.office, until=fact.until)
            case OfficeLeft():
                self._enter(fact, EntryKind.office_left, fact.member, office=fact.office)
            case EntryCorrected():
                self._correct(fact)

    def held(self, office: PartnershipOffice, on: datetime | None = None) -> list[Entry]:
        """Who held an office: taken and not left, its term not over, by somebody who was a member, on the side that it is for."""
        entries = [entry for entry in self.entries.values() if entry.office is office]
        taken = [entry for entry in entries if entry.kind is EntryKind.office_taken]
        if office in _HELD_BY_ONE:
            last = [latest(taken, on)]
        else:
            last = [latest((entry for entry in taken if entry.member == member), on) for member in self.members]
        return [
            entry
            for entry in last
            if entry and entry is latest((other for other in entries if other.member == entry.member), on) and self._holds(entry, on)
        ]

    def offices(self, member: UUID, on: datetime | None = None) -> tuple[PartnershipOffice, ...]:
        """The offices that a member held."""
        return tuple(office for office in PartnershipOffice if any(entry.member == member for entry in self.held(office, on)))

    def co_chairs(self, on: datetime | None = None) -> dict[Side, UUID]:
        """The co-chair of each side that has one."""
        return {side: entry.member for side, office in CHAIRS.items() for entry in self.held(office, on)}

    def _holds(self, entry: Entry, on: datetime | None) -> bool:
        holder = self.members[entry.member]
        over = on is not None and entry.until is not None and entry.until <= on
        side = _SIDES.get(entry.office) if entry.office else None
        return not over and holder.status(on) in HERE and side in {None, holder.perspective_on(on).side}

    def _enter(
        self,
        fact: PartnershipFact,
        kind: EntryKind,
        member: UUID,
        *,
        perspective: Perspective | None = None,
        office: PartnershipOffice | None = None,
        until: datetime | None = None,
    ) -> None:
        entry = Entry(fact.version, kind, member, fact.happened, perspective, office, until)
        self.entries[fact.version] = entry
        self.members[member].entries.append(entry)

    def _correct(self, fact: EntryCorrected) -> None:
        entry = self.entries[fact.corrects]
        entry.corrected, entry.struck = True, fact.struck
        entry.at, entry.perspective = fact.at, fact.perspective
