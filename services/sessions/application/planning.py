"""Before a session: planned alone or in a series, published, invited to, its agenda and materials; or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from contracts.errors import Invalid
from contracts.sessions import (
    AnswerInvitation,
    CancelSession,
    InviteMembers,
    MoveSession,
    PlanSeries,
    PlanSession,
    PublishSession,
    RaiseAgendaItem,
    SendMaterials,
)
from contracts.vocabulary import InvitationAnswer
from services.sessions.application.room import Room
from services.sessions.domain import Session
from services.sessions.domain.recurrence import occurrences
from shared.application import Work, making, use_case

_time_zones = cache(available_timezones)  # it walks through the files of all of them


class Planning(Room):
    """The verbs of whoever prepares a session."""

    @use_case
    def plan_session(self, *, command: PlanSession, work: Work) -> Session:
        """Plan a session of an active partnership."""
        return self._planned(command, work, work.id_for("session"), command.starts)

    @making("series")
    def plan_series(self, *, command: PlanSeries, work: Work) -> Sequence[Session]:
        """Plan sessions that follow one another."""
        if command.time_zone not in _time_zones():
            raise Invalid("unknown_time_zone", "There is no such time zone.", field="time_zone")
        beginnings = occurrences(command.starts, command.every, command.times, ZoneInfo(command.time_zone))
        series = work.id_for("series")
        return [
            self._planned(command, work, work.id_for(f"session {number}"), starts, series) for number, starts in enumerate(beginnings, 1)
        ]

    @use_case
    def move_session(self, *, command: MoveSession, work: Work) -> Session:
        """Move a session to another time or place; the partnership is active then."""
        session = self._session(command, work)
        starts = command.starts or session.starts
        self._membership.must_be_active(session.partnership, starts)
        session.move(
            work.stamp,
            starts=starts,
            mode=command.mode or session.mode,
            place=self._sealed(work, session, command.place, "place") if command.place else session.place,
            minutes=command.minutes or session.minutes,
        )
        return session

    @use_case
    def publish_session(self, *, command: PublishSession, work: Work) -> Session:
        """Publish a session."""
        session = self._session(command, work)
        session.publish(work.stamp)
        return session

    @use_case
    def invite_members(self, *, command: InviteMembers, work: Work) -> Session:
        """Invite members."""
        session = self._session(command, work)
        members = self._membership.perspectives(session.partnership, command.members, session.starts, field="members")
        self.must_be_remembered(command.members, field="members", work=work)
        session.invite(work.stamp, members=members)
        return session

    @use_case
    def answer_invitation(self, *, command: AnswerInvitation, work: Work) -> Session:
        """Record what an invited member says beforehand; only members who are not on leave accept."""
        session = self._session(command, work)
        coming = [command.member] if command.answer is InvitationAnswer.accepted else []
        self._must_take_part(session, coming, session.starts, "member")
        session.answer_invitation(work.stamp, member=command.member, answer=command.answer)
        return session

    @making("item")
    def raise_agenda_item(self, *, command: RaiseAgendaItem, work: Work) -> Session:
        """Put an item on the agenda."""
        session = self._session(command, work)
        raisers = [command.raised_by] if command.raised_by else []
        sides = self._membership.perspectives(session.partnership, raisers, session.starts, field="raised_by")
        self.must_be_remembered(raisers, field="raised_by", work=work)
        session.raise_item(
            work.stamp,
            item=work.id_for("item"),
            title=self._sealed(work, session, command.title, "title", command.raised_by),
            origin=command.origin,
            raised_by=command.raised_by,
            perspective=sides.get(command.raised_by) if command.raised_by else None,
            minutes=command.minutes,
        )
        return session

    @making("material")
    def send_materials(self, *, command: SendMaterials, work: Work) -> Session:
        """Record that a document was sent."""
        session = self._session(command, work)
        session.send_materials(
            work.stamp,
            material=work.id_for("material"),
            item=command.item,
            title=self._title(work, session, command.title),
            document=command.document,
            formats=command.formats,
        )
        return session

    @use_case
    def cancel_session(self, *, command: CancelSession, work: Work) -> Session:
        """Cancel a session."""
        session = self._session(command, work)
        session.cancel(work.stamp, reason=command.reason)
        return session

    def _planned(self, command: PlanSession | PlanSeries, work: Work, id: UUID, starts: datetime, series: UUID | None = None) -> Session:
        self._membership.must_be_active(command.partnership, starts)
        return Session.plan(
            id,
            work.stamp,
            partnership=command.partnership,
            kind=command.kind,
            mode=command.mode,
            starts=starts,
            place=work.seal(command.place, subject=id, stream=id, field="place") if command.place else None,
            minutes=command.minutes,
            series=series,
        )
