"""The skin of sessions: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts.log import FactsAfter
from contracts.model import Receipt
from contracts.persons import Held, HeldAbout
from contracts.sessions import (
    AcceptAction,
    AcceptMinutes,
    ActionPage,
    AgreeAction,
    AmendProposal,
    AnswerInvitation,
    BlockAction,
    CalendarEntry,
    CancelAction,
    CancelSession,
    CastBallot,
    Certificate,
    CloseAgendaItem,
    CloseBallot,
    CloseDecision,
    CloseProposal,
    CompleteAction,
    CorrectMinutes,
    DiscussObjection,
    DraftMinutes,
    GetCalendar,
    GetCertificate,
    GetLearning,
    GetSession,
    HandleInterest,
    HandOutBallots,
    HandOverAction,
    HoldSession,
    InviteMembers,
    LearningRecord,
    ListActions,
    ListSessions,
    MoveActionDueDate,
    OpenAgendaItem,
    OpenSession,
    PlanSeries,
    PlanSession,
    ProposeAction,
    PublishSession,
    PutProposal,
    RaiseAgendaItem,
    RaiseObjection,
    RecordArrival,
    RecordDeparture,
    RuleOnObjection,
    SendMaterials,
    SessionDetail,
    SessionPage,
    SetDecisionMethod,
    StartAction,
    SubmitPulse,
    TakePositions,
    WithdrawObjection,
)
from services.sessions.views import Actions, Calendar, Membership, ToForget
from shared.parts import Part, asker, readers
from shared.relay import Relay
from shared.rpc import rpc
from shared.tending import Tending


class SessionsService:
    """What sessions is asked."""

    name = "sessions"
    sessions = Part("sessions")
    log = Part("sessions.log")
    relay = Relay()
    tending = Tending("sessions")

    @rpc
    def plan_session(self, command: PlanSession) -> Receipt:
        return self.sessions.plan_session(command=command)

    @rpc
    def plan_series(self, command: PlanSeries) -> Receipt:
        return self.sessions.plan_series(command=command)

    @rpc
    def publish_session(self, command: PublishSession) -> Receipt:
        return self.sessions.publish_session(command=command)

    @rpc
    def answer_invitation(self, command: AnswerInvitation) -> Receipt:
        return self.sessions.answer_invitation(command=command)

    @rpc
    def send_materials(self, command: SendMaterials) -> Receipt:
        return self.sessions.send_materials(command=command)

    @rpc
    def invite_members(self, command: InviteMembers) -> Receipt:
        return self.sessions.invite_members(command=command)

    @rpc
    def raise_agenda_item(self, command: RaiseAgendaItem) -> Receipt:
        return self.sessions.raise_agenda_item(command=command)

    @rpc
    def open_session(self, command: OpenSession) -> Receipt:
        return self.sessions.open_session(command=command)

    @rpc
    def record_arrival(self, command: RecordArrival) -> Receipt:
        return self.sessions.record_arrival(command=command)

    @rpc
    def record_departure(self, command: RecordDeparture) -> Receipt:
        return self.sessions.record_departure(command=command)

    @rpc
    def handle_interest(self, command: HandleInterest) -> Receipt:
        return self.sessions.handle_interest(command=command)

    @rpc
    def set_decision_method(self, command: SetDecisionMethod) -> Receipt:
        return self.sessions.set_decision_method(command=command)

    @rpc
    def open_agenda_item(self, command: OpenAgendaItem) -> Receipt:
        return self.sessions.open_agenda_item(command=command)

    @rpc
    def close_agenda_item(self, command: CloseAgendaItem) -> Receipt:
        return self.sessions.close_agenda_item(command=command)

    @rpc
    def put_proposal(self, command: PutProposal) -> Receipt:
        return self.sessions.put_proposal(command=command)

    @rpc
    def amend_proposal(self, command: AmendProposal) -> Receipt:
        return self.sessions.amend_proposal(command=command)

    @rpc
    def take_positions(self, command: TakePositions) -> Receipt:
        return self.sessions.take_positions(command=command)

    @rpc
    def hand_out_ballots(self, command: HandOutBallots) -> Receipt:
        return self.sessions.hand_out_ballots(command=command)

    @rpc
    def cast_ballot(self, command: CastBallot) -> Receipt:
        return self.sessions.cast_ballot(command=command)

    @rpc
    def close_ballot(self, command: CloseBallot) -> Receipt:
        return self.sessions.close_ballot(command=command)

    @rpc
    def raise_objection(self, command: RaiseObjection) -> Receipt:
        return self.sessions.raise_objection(command=command)

    @rpc
    def discuss_objection(self, command: DiscussObjection) -> Receipt:
        return self.sessions.discuss_objection(command=command)

    @rpc
    def withdraw_objection(self, command: WithdrawObjection) -> Receipt:
        return self.sessions.withdraw_objection(command=command)

    @rpc
    def rule_on_objection(self, command: RuleOnObjection) -> Receipt:
        return self.sessions.rule_on_objection(command=command)

    @rpc
    def close_proposal(self, command: CloseProposal) -> Receipt:
        return self.sessions.close_proposal(command=command)

    @rpc
    def hold_session(self, command: HoldSession) -> Receipt:
        return self.sessions.hold_session(command=command)

    @rpc
    def submit_pulse(self, command: SubmitPulse) -> Receipt:
        return self.sessions.submit_pulse(command=command)

    @rpc
    def close_decision(self, command: CloseDecision) -> Receipt:
        return self.sessions.close_decision(command=command)

    @rpc
    def agree_action(self, command: AgreeAction) -> Receipt:
        return self.sessions.agree_action(command=command)

    @rpc
    def propose_action(self, command: ProposeAction) -> Receipt:
        return self.sessions.propose_action(command=command)

    @rpc
    def accept_action(self, command: AcceptAction) -> Receipt:
        return self.sessions.accept_action(command=command)

    @rpc
    def start_action(self, command: StartAction) -> Receipt:
        return self.sessions.start_action(command=command)

    @rpc
    def block_action(self, command: BlockAction) -> Receipt:
        return self.sessions.block_action(command=command)

    @rpc
    def hand_over_action(self, command: HandOverAction) -> Receipt:
        return self.sessions.hand_over_action(command=command)

    @rpc
    def move_action_due_date(self, command: MoveActionDueDate) -> Receipt:
        return self.sessions.move_action_due_date(command=command)

    @rpc
    def complete_action(self, command: CompleteAction) -> Receipt:
        return self.sessions.complete_action(command=command)

    @rpc
    def cancel_action(self, command: CancelAction) -> Receipt:
        return self.sessions.cancel_action(command=command)

    @rpc
    def draft_minutes(self, command: DraftMinutes) -> Receipt:
        return self.sessions.draft_minutes(command=command)

    @rpc
    def accept_minutes(self, command: AcceptMinutes) -> Receipt:
        return self.sessions.accept_minutes(command=command)

    @rpc
    def correct_minutes(self, command: CorrectMinutes) -> Receipt:
        return self.sessions.correct_minutes(command=command)

    @rpc
    def cancel_session(self, command: CancelSession) -> Receipt:
        return self.sessions.cancel_session(command=command)

    @rpc
    def get_session(self, query: GetSession) -> SessionDetail:
        return self.sessions.get_session(query=query, context=asker())

    @rpc
    def get_calendar(self, query: GetCalendar) -> CalendarEntry:
        return self.sessions.get_calendar(query=query, context=asker())

    @rpc
    def list_sessions(self, query: ListSessions) -> SessionPage:
        return self.sessions.list_sessions(query=query)

    @rpc
    def list_actions(self, query: ListActions) -> ActionPage:
        return self.sessions.list_actions(query=query, context=asker())

    @rpc
    def get_learning(self, query: GetLearning) -> LearningRecord:
        return self.sessions.get_learning(query=query, context=asker())

    @rpc
    def get_certificate(self, query: GetCertificate) -> Certificate:
        return self.sessions.get_certificate(query=query, context=asker())

    @rpc
    def held_about(self, query: HeldAbout) -> Held:
        return self.sessions.held_about(query=query)

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)


SessionsReaders = readers("sessions", Membership.view, Calendar.view, Actions.view, ToForget.view)
