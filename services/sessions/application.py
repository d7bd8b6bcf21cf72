"""What can be done with sessions."""

from __future__ import annotations

from uuid import UUID

from contracts.model import Fact, SealedPart
from contracts.permissions import opens
from contracts.sessions import (
    ActionSummary,
    AgendaItemRaised,
    AgendaItemSummary,
    AgreeAction,
    Attendance,
    AttendanceRecorded,
    CancelAction,
    CancelSession,
    CloseDecision,
    CompleteAction,
    DecisionSummary,
    GetSession,
    HoldSession,
    InvitationSent,
    InviteMembers,
    ListSessions,
    MoveActionDueDate,
    PlanSession,
    RaiseAgendaItem,
    SessionDetail,
    SessionHeld,
    SessionPage,
    SubjectErased,
    SubmitPulse,
)
from contracts.vocabulary import Side
from services.sessions.domain import Item, Session
from services.sessions.views import Calendar, Membership, ToForget
from shared.application import Work, making, use_case
from shared.context import Context
from shared.forgetting import Forgetting
from shared.sealing import Sealer
from shared.store import Recorder


class Sessions(Forgetting):
    """Sessions, by the verbs of those who run them. Titles are sealed under the key of whoever raised the item, or of their session."""

    about = {
        InvitationSent: "You were invited to a session.",
        AttendanceRecorded: "It was recorded whether you came to a session.",
        AgendaItemRaised: "You raised this item for the agenda of a session.",
        SessionHeld: "You chaired a session.",
    }
    fields = {AgendaItemRaised: "title"}
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
        self._membership.must_be_active(command.partnership, command.starts)
        return Session.plan(
            work.id_for("session"), work.stamp, partnership=command.partnership, kind=command.kind, mode=command.mode, starts=command.starts
        )

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
            title=self._title(work, session, command.title, command.raised_by),
            origin=command.origin,
            raised_by=command.raised_by,
            perspective=sides.get(command.raised_by) if command.raised_by else None,
        )
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
        """Close a proposal."""
        session = self._session(command, work)
        session.close_decision(
            work.stamp,
            decision=work.id_for("decision"),
            title=self._title(work, session, command.title),
            method=command.method,
            positions={side: getattr(command, side.value) for side in Side},
            outcome=command.outcome,
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
    def cancel_session(self, *, command: CancelSession, work: Work) -> Session:
        """Cancel a session."""
        session = self._session(command, work)
        session.cancel(work.stamp, reason=command.reason)
        return session

    def concerns(self, fact: Fact, member: UUID) -> bool:
        """Whether a fact names this person."""
        match fact:
            case AgendaItemRaised():
                return fact.raised_by == member
            case SessionHeld():
                return member in fact.chaired_by
            case _:
                return getattr(fact, "member", None) == member

    def get_session(self, *, query: GetSession, context: Context) -> SessionDetail:
        """One session; titles only for those who may read them."""
        session = self.find(Session, query.session, field="session")
        read = opens(context.role, "sessions.read_titles", context.reason)
        return SessionDetail(
            id=session.id,
            version=session.version,
            partnership=session.partnership,
            kind=session.kind,
            mode=session.mode,
            starts=session.starts,
            status=session.status,
            invited=tuple(session.invited),
            attendance=tuple(Attendance(member=member, status=status) for member, status in session.attendance.items()),
            agenda=tuple(self._item_summary(session, item, read=read) for item in session.agenda.values()),
            decisions=tuple(
                DecisionSummary(
                    id=decision.decision,
                    title=self.words(decision.title, stream=session.id, field="title") if read else None,
                    method=decision.method,
                    lived_experience=decision.lived_experience,
                    provider=decision.provider,
                    employed=decision.employed,
                    other=decision.other,
                    outcome=decision.outcome,
                )
                for decision in session.decisions.values()
            ),
            actions=tuple(
                ActionSummary(
                    id=action.id,
                    decision=action.decision,
                    title=self.words(action.title, stream=session.id, field="title") if read else None,
                    owner_side=action.owner_side,
                    original_due=action.original_due,
                    due=action.due,
                    state=action.state,
                    completed=action.completed,
                )
                for action in session.actions.values()
            ),
        )

    def _item_summary(self, session: Session, item: Item, *, read: bool) -> AgendaItemSummary:
        title = self.words(item.title, stream=session.id, field="title") if read else None
        return AgendaItemSummary(
            id=item.id,
            title=title,
            forgotten=read and title is None,
            origin=item.origin,
            raised_by=item.raised_by,
            discussed=item.id in session.discussed,
        )

    def list_sessions(self, *, query: ListSessions) -> SessionPage:
        """The sessions of a partnership."""
        return self._calendar.page(query.partnership, after=query.after, limit=query.limit)

    def _session(
        self,
        command: InviteMembers
        | RaiseAgendaItem
        | HoldSession
        | SubmitPulse
        | CloseDecision
        | AgreeAction
        | MoveActionDueDate
        | CompleteAction
        | CancelAction
        | CancelSession,
        work: Work,
    ) -> Session:
        return self.find(Session, command.session, field="session", work=work)

    def _title(self, work: Work, session: Session, words: str, member: UUID | None = None) -> SealedPart:
        return work.seal(words, subject=self.subject_of(member) if member else session.id, stream=session.id, field="title")
