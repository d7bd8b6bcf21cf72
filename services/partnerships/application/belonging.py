"""Who belongs to a partnership and holds its offices, by the verbs of those who keep the roll."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from contracts.model import Fact
from contracts.partnerships import (
    AddMember,
    AppointToOffice,
    BeginLeave,
    CorrectEntry,
    DeclarePerspective,
    EndLeave,
    EndMembership,
    EndNomination,
    GetMemberHistory,
    GetStanding,
    InviteMember,
    JoinPartnership,
    LeaveOffice,
    MemberHistory,
    NameCoChair,
    NominateMember,
    PartnershipStanding,
    RollEntry,
    Standing,
)
from contracts.vocabulary import MembershipStatus
from services.partnerships.application.hall import Hall
from services.partnerships.domain import Partnership, Roll
from shared.application import Work, making, use_case


class Belonging(Hall):
    """The verbs of coming, staying, holding office and going; and who stood where, on which day, as known when."""

    @making("member")
    def add_member(self, *, command: AddMember, work: Work) -> Partnership:
        """Take somebody into a partnership; the name is sealed under a key of their own."""
        partnership = self._partnership(command, work)
        member = work.id_for("member")
        name = work.seal(command.name, subject=member, stream=partnership.id, field="name")
        partnership.add_member(
            work.stamp, member=member, name=name, role=command.role, perspective=command.perspective, selection=command.selection
        )
        return partnership

    @making("member")
    def nominate_member(self, *, command: NominateMember, work: Work) -> Partnership:
        """Put somebody forward; the name is sealed under a key of their own."""
        partnership = self._partnership(command, work)
        member = work.id_for("member")
        name = work.seal(command.name, subject=member, stream=partnership.id, field="name")
        partnership.nominate(
            work.stamp, member=member, name=name, role=command.role, perspective=command.perspective, selection=command.selection
        )
        return partnership

    @use_case
    def invite_member(self, *, command: InviteMember, work: Work) -> Partnership:
        """Ask a nominee to join."""
        partnership = self._partnership(command, work)
        partnership.invite(work.stamp, member=command.member)
        return partnership

    @use_case
    def end_nomination(self, *, command: EndNomination, work: Work) -> Partnership:
        """Let a nomination end without a membership."""
        partnership = self._partnership(command, work)
        partnership.end_nomination(work.stamp, member=command.member, reason=command.reason)
        return partnership

    @use_case
    def join_partnership(self, *, command: JoinPartnership, work: Work) -> Partnership:
        """Take in a nominee."""
        partnership = self._partnership(command, work)
        partnership.join(work.stamp, member=command.member)
        return partnership

    @use_case
    def begin_leave(self, *, command: BeginLeave, work: Work) -> Partnership:
        """Let a member be away for a while."""
        partnership = self._partnership(command, work)
        partnership.begin_leave(work.stamp, member=command.member)
        return partnership

    @use_case
    def end_leave(self, *, command: EndLeave, work: Work) -> Partnership:
        """Let a member come back."""
        partnership = self._partnership(command, work)
        partnership.end_leave(work.stamp, member=command.member)
        return partnership

    @use_case
    def declare_perspective(self, *, command: DeclarePerspective, work: Work) -> Partnership:
        """Let a member take part from another side."""
        partnership = self._partnership(command, work)
        partnership.declare_perspective(work.stamp, member=command.member, perspective=command.perspective)
        return partnership

    @use_case
    def appoint_to_office(self, *, command: AppointToOffice, work: Work) -> Partnership:
        """Give a member an office."""
        partnership = self._partnership(command, work)
        partnership.appoint(work.stamp, member=command.member, office=command.office, until=command.until)
        return partnership

    @use_case
    def leave_office(self, *, command: LeaveOffice, work: Work) -> Partnership:
        """Let a member lay down an office."""
        partnership = self._partnership(command, work)
        partnership.leave_office(work.stamp, member=command.member, office=command.office)
        return partnership

    @use_case
    def name_co_chair(self, *, command: NameCoChair, work: Work) -> Partnership:
        """Name a co-chair."""
        partnership = self._partnership(command, work)
        partnership.name_co_chair(work.stamp, member=command.member, until=command.until)
        return partnership

    @use_case
    def correct_entry(self, *, command: CorrectEntry, work: Work) -> Partnership:
        """Correct what the roll says of a member."""
        partnership = self._partnership(command, work)
        partnership.correct_entry(
            work.stamp,
            member=command.member,
            version=command.entry,
            at=work.at(command.at).happened if command.at else None,
            perspective=command.perspective,
            never=command.never,
        )
        return partnership

    @use_case
    def end_membership(self, *, command: EndMembership, work: Work) -> Partnership:
        """End a membership."""
        partnership = self._partnership(command, work)
        partnership.end_membership(work.stamp, member=command.member, reason=command.reason)
        return partnership

    def get_standing(self, *, query: GetStanding) -> PartnershipStanding:
        """Who belonged to a partnership, on which side and in which office: by when it was so, and by when it was known."""
        self._partnership(query)
        now = self.clock()
        on, known_at = query.on or now, query.known_at or now
        facts = cast("Iterator[Fact]", self.events.get(query.partnership))
        roll = Roll().after(fact for fact in facts if fact.recorded <= known_at)
        standing = ((member, status) for member in roll.members.values() if (status := member.status(on)))
        return PartnershipStanding(
            partnership=query.partnership,
            on=on,
            known_at=known_at,
            members=tuple(
                Standing(
                    member=member.id,
                    status=status,
                    role=member.role,
                    perspective=member.perspective_on(on),
                    offices=roll.offices(member.id, on),
                )
                for member, status in standing
                if status is not MembershipStatus.ended
            ),
        )

    def get_member_history(self, *, query: GetMemberHistory) -> MemberHistory:
        """All that is on the roll about a member, as corrected since."""
        partnership = self._partnership(query)
        entries = tuple(
            RollEntry(
                entry=entry.version,
                kind=entry.kind,
                at=entry.at,
                perspective=entry.perspective,
                office=entry.office,
                until=entry.until,
                corrected=entry.corrected,
                struck=entry.struck,
            )
            for entry in partnership.member(query.member).entries
        )
        return MemberHistory(partnership=query.partnership, member=query.member, entries=entries)
