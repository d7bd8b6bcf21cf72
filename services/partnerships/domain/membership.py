"""Coming, staying, changing sides, holding office and going: what a partnership decides about its members."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.errors import NotFound, RuleBroken, rule
from contracts.model import SealedPart
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
from services.partnerships.domain.roll import CHAIRS, HERE, Entry, Member, Roll
from shared.application import Aggregate, Stamp

_STANDING_FOR = {MembershipStatus.nominated, MembershipStatus.invited}
_WITH_PERSPECTIVE = {EntryKind.nominated, EntryKind.joined, EntryKind.perspective}
_NEVER_STRUCK = {EntryKind.nominated, EntryKind.joined}


class Membership(Aggregate):
    """The part of a partnership that is its people (domain 6.2, 6.4; that days stay in order is ours).

    Each verb may be said late: it is judged by the day on which it took place.
    """

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.roll = Roll()

    @property
    def members(self) -> dict[UUID, Member]:
        """Everybody on the roll, nominees and former members too."""
        return self.roll.members

    @property
    def co_chairs(self) -> dict[Side, UUID]:
        """Who was last known to be co-chair of each side."""
        return self.roll.co_chairs()

    @abstractmethod
    def must_be_open(self) -> None:
        """Raises `RuleBroken` when the partnership is closed."""

    @abstractmethod
    def look_at_composition(self, by: Stamp) -> None:
        """Record whether the members now fall short of the rule of composition, or meet it again."""

    def nominate(
        self, by: Stamp, *, member: UUID, name: SealedPart, role: ParticipantRole, perspective: Perspective, selection: SelectionMethod
    ) -> None:
        """Put somebody forward (domain 6.4, MembershipStatus and SelectionMethod)."""
        self.must_be_open()
        who = {"member": member, "member_role": role, "perspective": perspective, "selection": selection, "name": name}
        self.record(MemberNominated, by, partnership=self.id, **who)

    def invite(self, by: Stamp, *, member: UUID) -> None:
        """Ask a nominee to join; asked again it is one invitation."""
        self.must_be_open()
        if self._nominee(member).status() is MembershipStatus.invited:
            return
        self._must_stand(by, member)
        self.record(MemberInvited, by, partnership=self.id, member=member)

    def end_nomination(self, by: Stamp, *, member: UUID, reason: NominationEnd) -> None:
        """Let a nomination end without a membership; said again with the same reason it is the same end."""
        nominee = self._nominee(member)
        if nominee.status() is MembershipStatus.ended and nominee.nomination_end is reason:
            return
        self._must_stand(by, member)
        self.record(NominationEnded, by, partnership=self.id, member=member, nomination_end=reason)

    def join(self, by: Stamp, *, member: UUID) -> None:
        """Take in a nominee, on the side and in the role they were nominated for; said again they have joined all the same."""
        self.must_be_open()
        if self._nominee(member).joined:
            return
        nominee = self._must_stand(by, member)
        who = {"name": nominee.name, "member_role": nominee.role, "perspective": nominee.perspective, "selection": nominee.selection}
        self._admit(by, member=member, **who)

    def add_member(
        self,
        by: Stamp,
        *,
        member: UUID,
        name: SealedPart,
        role: ParticipantRole,
        perspective: Perspective,
        selection: SelectionMethod | None = None,
    ) -> None:
        """Take somebody in at once."""
        self.must_be_open()
        self._admit(by, member=member, name=name, member_role=role, perspective=perspective, selection=selection)

    def begin_leave(self, by: Stamp, *, member: UUID) -> None:
        """Let a member be away for a while: they keep their place and do not count in the composition."""
        self.must_be_open()
        if self.here(member, by.happened).status(by.happened) is MembershipStatus.joined:
            self.record(LeaveBegun, by, partnership=self.id, member=member)
            self.look_at_composition(by)

    def end_leave(self, by: Stamp, *, member: UUID) -> None:
        """Let a member come back."""
        self.must_be_open()
        if self.here(member, by.happened).status(by.happened) is MembershipStatus.on_leave:
            self.record(LeaveEnded, by, partnership=self.id, member=member)
            self.look_at_composition(by)

    def declare_perspective(self, by: Stamp, *, member: UUID, perspective: Perspective) -> None:
        """Take part from another side from a day on; the sides before it stay as they were (domain 6.2, Perspective)."""
        self.must_be_open()
        if self.here(member, by.happened).perspective_on(by.happened) is not perspective:
            self.record(PerspectiveDeclared, by, partnership=self.id, member=member, perspective=perspective)
            self.look_at_composition(by)

    def end_membership(self, by: Stamp, *, member: UUID, reason: MembershipEndReason) -> None:
        """Let a member go; said again with the same reason it is the same end."""
        leaving = self.member(member)
        joined = leaving.joined
        if joined is None:
            raise RuleBroken("not_yet_a_member", "A nominee is no member until they join.", field="member")
        if leaving.ended and leaving.end_reason is reason:
            return
        rule(leaving.ended is None, "membership_already_ended", "The membership has ended already, for another reason.", field="member")
        rule(joined <= by.happened, "ended_before_joined", "A membership cannot end before it began.", field="happened")
        self.record(MembershipEnded, by, partnership=self.id, member=member, end_reason=reason)
        self.look_at_composition(by)

    def let_go(self, by: Stamp, *, member: UUID) -> None:
        """End what there is of a membership or a nomination, because somebody no longer consents to taking part."""
        leaving = self.member(member)
        if leaving.joined and leaving.ended is None:
            self.end_membership(by, member=member, reason=MembershipEndReason.consent_withdrawn)
        elif leaving.status() in _STANDING_FOR:
            self.end_nomination(by, member=member, reason=NominationEnd.withdrawn)

    def name_co_chair(self, by: Stamp, *, member: UUID, until: datetime | None = None) -> None:
        """Name a co-chair for the side the member is on."""
        self.must_be_open()
        side = self._chair(member, by.happened).perspective_on(by.happened).side
        rule(side in CHAIRS, "co_chair_of_no_side", "A co-chair comes from the lived-experience side or the provider side.", field="member")
        if not self._holds_already(member, CHAIRS[side], by.happened, until):
            self.record(CoChairAppointed, by, partnership=self.id, member=member, side=side, until=until)

    def appoint(self, by: Stamp, *, member: UUID, office: PartnershipOffice, until: datetime | None) -> None:
        """Give a member an office, for a term that may have an end (domain 6.2, PartnershipOffice)."""
        self.must_be_open()
        rule(
            office is not PartnershipOffice.member, "office_not_appointed", "Whoever joins is a member without appointment.", field="office"
        )
        if office in CHAIRS.values():
            side = self._chair(member, by.happened).perspective_on(by.happened).side
            rule(CHAIRS.get(side) is office, "co_chair_of_another_side", "A co-chair is on the side they chair for.", field="member")
            return self.name_co_chair(by, member=member, until=until)
        self._chair(member, by.happened)
        if not self._holds_already(member, office, by.happened, until):
            self.record(OfficeTaken, by, partnership=self.id, member=member, office=office, until=until)
        return None

    def leave_office(self, by: Stamp, *, member: UUID, office: PartnershipOffice) -> None:
        """Let a member lay down an office they hold."""
        self.must_be_open()
        self.member(member)
        held = any(entry.member == member for entry in self.roll.held(office, by.happened))
        rule(held, "office_not_held", "The member did not hold this office then.", field="office")
        self.record(OfficeLeft, by, partnership=self.id, member=member, office=office)

    def correct_entry(
        self, by: Stamp, *, member: UUID, version: int, at: datetime | None, perspective: Perspective | None, never: bool
    ) -> None:
        """Say when, or from which side, something recorded of a member really was so, or that it never was.

        What was recorded stays; from now on the roll answers as corrected. A closed partnership's roll can be corrected too.
        """
        entry = self._entry(member, version)
        rule(
            (at is not None or perspective is not None) is not never,
            "correction_unclear",
            "A correction says when or from which side it really was, or that it never was.",
        )
        rule(
            not never or entry.kind not in _NEVER_STRUCK,
            "joining_not_struck",
            "A nomination or a joining is not struck out; the membership is ended.",
            field="never",
        )
        rule(
            perspective is None or entry.kind in _WITH_PERSPECTIVE,
            "entry_without_perspective",
            "This entry says nothing of a perspective.",
            field="perspective",
        )
        self._must_stay_in_order(entry, at)
        right = (at or entry.at, perspective or entry.perspective, never)
        if right == (entry.at, entry.perspective, entry.struck):
            return
        what = {"member": member, "corrects": version, "entry": entry.kind, "at": right[0], "perspective": right[1], "struck": never}
        self.record(EntryCorrected, by, partnership=self.id, **what)
        self.look_at_composition(by)

    def member(self, member: UUID, *, field: str = "member") -> Member:
        """Somebody on the roll; raises `NotFound` for a stranger."""
        if member not in self.members:
            raise NotFound("no_such_member", "This partnership has no such member.", field=field)
        return self.members[member]

    def here(self, member: UUID, on: datetime, *, field: str = "member") -> Member:
        """Somebody who was a member then, at work or on leave; raises `RuleBroken` for anybody else on the roll."""
        found = self.member(member, field=field)
        rule(found.status(on) in HERE, "not_a_member_then", "Somebody takes part from joining until the membership ends.", field=field)
        return found

    def must_not_be_over(self, member: UUID, on: datetime) -> None:
        """Raises `RuleBroken` when a membership or nomination had ended by then: what it was asked for is asked no more (domain 8.E)."""
        over = self.member(member).status(on) is MembershipStatus.ended
        rule(not over, "membership_over", "After the end nothing more is taken from a member, or told of them.", field="member")

    def _admit(self, by: Stamp, **who: Any) -> None:
        self.record(MemberJoined, by, partnership=self.id, **who)
        self.look_at_composition(by)

    def _nominee(self, member: UUID) -> Member:
        nominee = self.member(member)
        rule(nominee.last(EntryKind.nominated) is not None, "not_nominated", "This member joined without a nomination.", field="member")
        return nominee

    def _must_stand(self, by: Stamp, member: UUID) -> Member:
        """The nominee, who was not taken in, and whose nomination has not ended, before or since."""
        nominee = self._nominee(member)
        rule(
            nominee.status() in _STANDING_FOR, "nomination_settled", "The nominee has joined, or the nomination has ended.", field="member"
        )
        last = nominee.last(EntryKind.nominated, EntryKind.invited)
        rule(last is not None and last.at <= by.happened, "before_nomination", "Nothing comes of a nomination before it.", field="happened")
        return nominee

    def _chair(self, member: UUID, on: datetime) -> Member:
        found = self.member(member)
        rule(found.status(on) is not MembershipStatus.ended, "ended_member_chairs", "A former member cannot hold office.", field="member")
        return self.here(member, on)

    def _holds_already(self, member: UUID, office: PartnershipOffice, on: datetime, until: datetime | None) -> bool:
        rule(until is None or on < until, "term_ends_before_it_begins", "A term ends after it begins.", field="until")
        return any(entry.member == member and entry.until == until for entry in self.roll.held(office, on))

    def _entry(self, member: UUID, version: int) -> Entry:
        entry = self.roll.entries.get(version)
        if entry is None or entry.member != self.member(member).id:
            raise NotFound("no_such_entry", "Nothing of this member was recorded under that version.", field="entry")
        return entry

    def _must_stay_in_order(self, entry: Entry, at: datetime | None) -> None:
        member = self.members[entry.member]
        joined = at if at and entry.kind is EntryKind.joined else member.joined
        ended = at if at and entry.kind is EntryKind.ended else member.ended
        rule(
            joined is None or ended is None or joined <= ended,
            "ended_before_joined",
            "A membership cannot end before it began.",
            field="at",
        )
