"""What can be done with sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from contracts.errors import Invalid
from contracts.model import SealedPart
from contracts.permissions import opens
from contracts.sessions import (
    AcceptMinutes,
    AgendaItemRaised,
    AgreeAction,
    AmendProposal,
    AnswerInvitation,
    AttendanceRecorded,
    CalendarEntry,
    CancelAction,
    CancelSession,
    CloseAgendaItem,
    CloseDecision,
    CloseProposal,
    CompleteAction,
    CorrectMinutes,
    DecisionClosed,
    DecisionMethodSet,
    DiscussObjection,
    DraftMinutes,
    GetCalendar,
    GetSession,
    HandleInterest,
    HoldSession,
    InterestHandledForItem,
    InvitationAnswered,
    InvitationSent,
    InviteMembers,
    ListSessions,
    MemberArrived,
    MemberLeft,
    MinutesAccepted,
    MinutesAgreed,
    MinutesCorrected,
    MoveActionDueDate,
    ObjectionRaised,
    ObjectionRuled,
    OpenAgendaItem,
    OpenSession,
    PlanSeries,
    PlanSession,
    PositionTaken,
    PublishSession,
    PutProposal,
    RaiseAgendaItem,
    RaiseObjection,
    RecordArrival,
    RecordDeparture,
    RuleOnObjection,
    SendMaterials,
    SessionDetail,
    SessionHeld,
    SessionOpened,
    SessionPage,
    SetDecisionMethod,
    SubjectErased,
    SubmitPulse,
    TakePositions,
    WithdrawObjection,
)
from contracts.vocabulary import Side
from services.sessions.application.icalendar import icalendar
from services.sessions.application.telling import contributors, detail
from services.sessions.domain import Session
from services.sessions.domain.quorum import TWO_SIDED
from services.sessions.domain.recurrence import occurrences
from services.sessions.views import Calendar, Membership, ToForget
from shared.application import Work, making, use_case
from shared.context import Context
from shared.forgetting import Forgetting
from shared.sealing import Sealer
from shared.store import Recorder


class OfSession(Protocol):
    """A command about one session."""

    @property
    def session(self) -> UUID: ...


class Sessions(Forgetting):
    """Sessions, by the verbs of those who run them.

    What somebody said is sealed under their own key: the titles of items they raised, the reasons of their objections. Other titles and
    texts are sealed under the key of the session.
    """

    about = {
        InvitationSent: "You were invited to a session.",
        InvitationAnswered: "You said whether you would come to a session.",
        AttendanceRecorded: "It was recorded whether you came to a session.",
        AgendaItemRaised: "You raised this item for the agenda of a session.",
        SessionHeld: "You chaired a session.",
        SessionOpened: "You chaired a session when it began.",
        MemberArrived: "You came to a session.",
        MemberLeft: "You left a session.",
        InterestHandledForItem: "It was recorded how an interest of yours was handled.",
        DecisionMethodSet: "Something was for you to decide.",
        PositionTaken: "You took a position.",
        DecisionClosed: "Something was decided that was for you to decide.",
        ObjectionRaised: "You raised this objection.",
        MinutesAccepted: "You accepted the minutes of a session.",
        MinutesAgreed: "With you the minutes of a session were agreed.",
        MinutesCorrected: "You raised this correction of the minutes.",
        ObjectionRuled: "You took part in ruling on an objection.",
    }
    fields = {AgendaItemRaised: "title", ObjectionRaised: "objection", MinutesCorrected: "correction"}
    erased = SubjectErased

    def __init__(
        self, recorder: Recorder, sealer: Sealer, membership: Membership, calendar: Calendar, forgotten: ToForget, *, source: str
    ) -> None:
        super().__init__(recorder, sealer, source=source)
        self.forgotten = forgotten
        self._membership = membership
        self._calendar = calendar

    @use_case
    def plan_session(self, *, command: PlanSession, work: Work) -> Session:
        """Plan a session of an active partnership."""
        return self._planned(command, work, work.id_for("session"), command.starts)

    @making("series")
    def plan_series(self, *, command: PlanSeries, work: Work) -> Sequence[Session]:
        """Plan sessions that follow one another."""
        if command.time_zone not in available_timezones():
            raise Invalid("unknown_time_zone", "There is no such time zone.", field="time_zone")
        beginnings = occurrences(command.starts, command.every, command.times, ZoneInfo(command.time_zone))
        series = work.id_for("series")
        return [
            self._planned(command, work, work.id_for(f"session {number}"), starts, series) for number, starts in enumerate(beginnings, 1)
        ]

    @use_case
    def publish_session(self, *, command: PublishSession, work: Work) -> Session:
        """Publish a session."""
        session = self._session(command, work)
        session.publish(work.stamp)
        return session

    @use_case
    def answer_invitation(self, *, command: AnswerInvitation, work: Work) -> Session:
        """Record what an invited member says beforehand."""
        session = self._session(command, work)
        session.answer_invitation(work.stamp, member=command.member, answer=command.answer)
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
    def invite_members(self, *, command: InviteMembers, work: Work) -> Session:
        """Invite members."""
        session = self._session(command, work)
        members = self._membership.perspectives(session.partnership, command.members, session.starts, field="members")
        self.forgotten.must_be_remembered(command.members, field="members")
        session.invite(work.stamp, members=members)
        return session

    @making("item")
    def raise_agenda_item(self, *, command: RaiseAgendaItem, work: Work) -> Session:
        """Put an item on the agenda."""
        session = self._session(command, work)
        raisers = [command.raised_by] if command.raised_by else []
        sides = self._membership.perspectives(session.partnership, raisers, session.starts, field="raised_by")
        self.forgotten.must_be_remembered(raisers, field="raised_by")
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

    @use_case
    def open_session(self, *, command: OpenSession, work: Work) -> Session:
        """Begin a session."""
        session = self._session(command, work)
        self._membership.perspectives(session.partnership, command.present, work.stamp.happened, field="present")
        quorum = self._membership.quorum(session.partnership, work.stamp.happened) or TWO_SIDED
        session.open(work.stamp, chaired_by=command.chaired_by, present=command.present, quorum=quorum)
        return session

    @use_case
    def record_arrival(self, *, command: RecordArrival, work: Work) -> Session:
        """Record that members came."""
        session = self._session(command, work)
        self._membership.perspectives(session.partnership, command.members, work.stamp.happened, field="members")
        session.arrive(work.stamp, members=command.members)
        return session

    @use_case
    def record_departure(self, *, command: RecordDeparture, work: Work) -> Session:
        """Record that members left."""
        session = self._session(command, work)
        session.leave(work.stamp, members=command.members)
        return session

    @use_case
    def handle_interest(self, *, command: HandleInterest, work: Work) -> Session:
        """Record how an interest is handled for one item."""
        session = self._session(command, work)
        session.handle_interest(work.stamp, item=command.item, member=command.member, interest=command.interest, handling=command.handling)
        return session

    @use_case
    def set_decision_method(self, *, command: SetDecisionMethod, work: Work) -> Session:
        """State how an item is decided."""
        session = self._session(command, work)
        session.set_method(
            work.stamp,
            item=command.item,
            method=command.method,
            binding=command.binding,
            quota=command.quota,
            decided_by=command.decided_by,
        )
        return session

    @use_case
    def open_agenda_item(self, *, command: OpenAgendaItem, work: Work) -> Session:
        """Open an item."""
        session = self._session(command, work)
        session.open_item(work.stamp, item=command.item)
        return session

    @use_case
    def close_agenda_item(self, *, command: CloseAgendaItem, work: Work) -> Session:
        """Close an item."""
        session = self._session(command, work)
        session.close_item(work.stamp, item=command.item)
        return session

    @making("decision")
    def put_proposal(self, *, command: PutProposal, work: Work) -> Session:
        """Put a proposal."""
        session = self._session(command, work)
        session.put_proposal(
            work.stamp,
            decision=work.id_for("decision"),
            item=command.item,
            title=self._title(work, session, command.title),
            text=self._sealed(work, session, command.text, "text"),
            options=tuple(self._sealed(work, session, option, "option") for option in command.options),
        )
        return session

    @use_case
    def amend_proposal(self, *, command: AmendProposal, work: Work) -> Session:
        """Put a new version of a proposal."""
        session = self._session(command, work)
        text = self._sealed(work, session, command.text, "text")
        session.amend_proposal(work.stamp, decision=command.decision, text=text, integrates=command.integrates)
        return session

    @use_case
    def take_positions(self, *, command: TakePositions, work: Work) -> Session:
        """Take positions on a proposal."""
        session = self._session(command, work)
        session.take_positions(work.stamp, decision=command.decision, positions=command.positions)
        return session

    @making("objection")
    def raise_objection(self, *, command: RaiseObjection, work: Work) -> Session:
        """Raise an objection; its words are sealed under the key of whoever raised it."""
        session = self._session(command, work)
        self.forgotten.must_be_remembered([command.member], field="member")
        session.raise_objection(
            work.stamp,
            objection=work.id_for("objection"),
            decision=command.decision,
            member=command.member,
            words=self._sealed(work, session, command.reason, "objection", command.member),
        )
        return session

    @use_case
    def discuss_objection(self, *, command: DiscussObjection, work: Work) -> Session:
        """Take an objection up."""
        session = self._session(command, work)
        session.discuss_objection(work.stamp, objection=command.objection)
        return session

    @use_case
    def withdraw_objection(self, *, command: WithdrawObjection, work: Work) -> Session:
        """Withdraw an objection."""
        session = self._session(command, work)
        session.withdraw_objection(work.stamp, objection=command.objection, member=command.member)
        return session

    @use_case
    def rule_on_objection(self, *, command: RuleOnObjection, work: Work) -> Session:
        """Rule on an objection."""
        session = self._session(command, work)
        session.rule_on_objection(work.stamp, objection=command.objection, stands=command.stands, ruled_by=command.ruled_by)
        return session

    @use_case
    def close_proposal(self, *, command: CloseProposal, work: Work) -> Session:
        """Close a proposal."""
        session = self._session(command, work)
        session.close_proposal(work.stamp, decision=command.decision, outcome=command.outcome)
        return session

    @use_case
    def hold_session(self, *, command: HoldSession, work: Work) -> Session:
        """Record that a session was held; whoever came was a member when it began."""
        session = self._session(command, work)
        came = [one.member for one in command.attendance if one.status.counts]
        self._membership.perspectives(session.partnership, came, session.starts, field="attendance")
        session.hold(
            work.stamp,
            chaired_by=command.chaired_by,
            attendance=command.attendance,
            contributions=command.contributions,
            discussed=command.discussed,
        )
        return session

    @use_case
    def submit_pulse(self, *, command: SubmitPulse, work: Work) -> Session:
        """Take answers to the pulse; they belong to a side, so nothing in them leads back to who gave them."""
        session = self._session(command, work)
        session.submit_pulse(work.undisclosed(), answers=command.answers)
        return session

    @making("decision")
    def close_decision(self, *, command: CloseDecision, work: Work) -> Session:
        """Record a decision in summary."""
        session = self._session(command, work)
        session.close_decision(
            work.stamp,
            decision=work.id_for("decision"),
            title=self._title(work, session, command.title),
            method=command.method,
            positions={side: getattr(command, side.value) for side in Side},
            outcome=command.outcome,
            item=command.item,
            binding=command.binding,
            objections=tuple((one.side, one.state) for one in command.objections for _ in range(one.count)),
            quorum=session.quorum or self._membership.quorum(session.partnership, session.starts),
        )
        return session

    @making("action")
    def agree_action(self, *, command: AgreeAction, work: Work) -> Session:
        """Agree an action."""
        session = self._session(command, work)
        session.agree_action(
            work.stamp,
            action=work.id_for("action"),
            decision=command.decision,
            title=self._title(work, session, command.title),
            owner_side=command.owner_side,
            original_due=command.original_due,
        )
        return session

    @use_case
    def move_action_due_date(self, *, command: MoveActionDueDate, work: Work) -> Session:
        """Move the due date of an action."""
        session = self._session(command, work)
        session.move_action_due_date(work.stamp, action=command.action, due=command.due)
        return session

    @use_case
    def complete_action(self, *, command: CompleteAction, work: Work) -> Session:
        """Record that an action is done."""
        session = self._session(command, work)
        session.complete_action(work.stamp, action=command.action)
        return session

    @use_case
    def cancel_action(self, *, command: CancelAction, work: Work) -> Session:
        """Cancel an action by a decision."""
        session = self._session(command, work)
        taken = session.decisions.get(command.decision)
        adopted = taken.outcome.adopted_at_all if taken else self._calendar.is_adopted(session.partnership, command.decision)
        session.cancel_action(work.stamp, action=command.action, decision=command.decision, adopted=adopted)
        return session

    @use_case
    def draft_minutes(self, *, command: DraftMinutes, work: Work) -> Session:
        """Write the minutes."""
        session = self._session(command, work)
        session.draft_minutes(work.stamp, text=self._sealed(work, session, command.text, "minutes"))
        return session

    @use_case
    def accept_minutes(self, *, command: AcceptMinutes, work: Work) -> Session:
        """Record that somebody accepts the minutes."""
        session = self._session(command, work)
        session.accept_minutes(work.stamp, version=command.minutes_version, member=command.member)
        return session

    @making("correction")
    def correct_minutes(self, *, command: CorrectMinutes, work: Work) -> Session:
        """Add a correction to agreed minutes."""
        session = self._session(command, work)
        session.correct_minutes(
            work.stamp,
            correction=work.id_for("correction"),
            text=self._sealed(work, session, command.text, "correction", command.raised_by),
            raised_by=command.raised_by,
        )
        return session

    @use_case
    def cancel_session(self, *, command: CancelSession, work: Work) -> Session:
        """Cancel a session."""
        session = self._session(command, work)
        session.cancel(work.stamp, reason=command.reason)
        return session

    def get_session(self, *, query: GetSession, context: Context) -> SessionDetail:
        """One session; titles only for those who may read them."""
        session = self.find(Session, query.session, field="session")
        read = opens(context.role, "sessions.read_titles", context.reason)
        unnamed = self._membership.unnamed(contributors(session))

        def words(part: SealedPart, field: str) -> str | None:
            return self.words(part, stream=session.id, field=field) if read else None

        return detail(session, words, read=read, unnamed=unnamed)

    def get_calendar(self, *, query: GetCalendar, context: Context) -> CalendarEntry:
        """One session for calendars; its place only for those who may read it."""
        session = self.find(Session, query.session, field="session")
        read = session.place is not None and opens(context.role, "sessions.read_titles", context.reason)
        place = self.words(session.place, stream=session.id, field="place") if read and session.place else None
        return CalendarEntry(calendar=icalendar(session, place=place))

    def list_sessions(self, *, query: ListSessions) -> SessionPage:
        """The sessions of a partnership."""
        return self._calendar.page(query.partnership, after=query.after, limit=query.limit)

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

    def _session(self, command: OfSession, work: Work) -> Session:
        return self.find(Session, command.session, field="session", work=work)

    def _title(self, work: Work, session: Session, words: str) -> SealedPart:
        return self._sealed(work, session, words, "title")

    def _sealed(self, work: Work, session: Session, words: str, field: str, member: UUID | None = None) -> SealedPart:
        return work.seal(words, subject=self.subject_of(member) if member else session.id, stream=session.id, field=field)
