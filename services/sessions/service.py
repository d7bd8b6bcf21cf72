"""The skin of sessions: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts import sessions as language
from contracts.log import FactsAfter
from contracts.model import Receipt
from contracts.persons import Held, HeldAbout
from services.sessions.views import Actions, Calendar, Membership, Naming, ToForget
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
    def plan_session(self, command: language.PlanSession) -> Receipt:
        return self.sessions.plan_session(command=command)

    @rpc
    def plan_series(self, command: language.PlanSeries) -> Receipt:
        return self.sessions.plan_series(command=command)

    @rpc
    def move_session(self, command: language.MoveSession) -> Receipt:
        return self.sessions.move_session(command=command)

    @rpc
    def publish_session(self, command: language.PublishSession) -> Receipt:
        return self.sessions.publish_session(command=command)

    @rpc
    def answer_invitation(self, command: language.AnswerInvitation) -> Receipt:
        return self.sessions.answer_invitation(command=command)

    @rpc
    def send_materials(self, command: language.SendMaterials) -> Receipt:
        return self.sessions.send_materials(command=command)

    @rpc
    def invite_members(self, command: language.InviteMembers) -> Receipt:
        return self.sessions.invite_members(command=command)

    @rpc
    def raise_agenda_item(self, command: language.RaiseAgendaItem) -> Receipt:
        return self.sessions.raise_agenda_item(command=command)

    @rpc
    def open_session(self, command: language.OpenSession) -> Receipt:
        return self.sessions.open_session(command=command)

    @rpc
    def record_arrival(self, command: language.RecordArrival) -> Receipt:
        return self.sessions.record_arrival(command=command)

    @rpc
    def record_departure(self, command: language.RecordDeparture) -> Receipt:
        return self.sessions.record_departure(command=command)

    @rpc
    def handle_interest(self, command: language.HandleInterest) -> Receipt:
        return self.sessions.handle_interest(command=command)

    @rpc
    def set_decision_method(self, command: language.SetDecisionMethod) -> Receipt:
        return self.sessions.set_decision_method(command=command)

    @rpc
    def open_agenda_item(self, command: language.OpenAgendaItem) -> Receipt:
        return self.sessions.open_agenda_item(command=command)

    @rpc
    def close_agenda_item(self, command: language.CloseAgendaItem) -> Receipt:
        return self.sessions.close_agenda_item(command=command)

    @rpc
    def put_proposal(self, command: language.PutProposal) -> Receipt:
        return self.sessions.put_proposal(command=command)

    @rpc
    def amend_proposal(self, command: language.AmendProposal) -> Receipt:
        return self.sessions.amend_proposal(command=command)

    @rpc
    def take_positions(self, command: language.TakePositions) -> Receipt:
        return self.sessions.take_positions(command=command)

    @rpc
    def decline_positions(self, command: language.DeclinePositions) -> Receipt:
        return self.sessions.decline_positions(command=command)

    @rpc
    def hand_out_ballots(self, command: language.HandOutBallots) -> Receipt:
        return self.sessions.hand_out_ballots(command=command)

    @rpc
    def cast_ballot(self, command: language.CastBallot) -> Receipt:
        return self.sessions.cast_ballot(command=command)

    @rpc
    def close_ballot(self, command: language.CloseBallot) -> Receipt:
        return self.sessions.close_ballot(command=command)

    @rpc
    def raise_objection(self, command: language.RaiseObjection) -> Receipt:
        return self.sessions.raise_objection(command=command)

    @rpc
    def discuss_objection(self, command: language.DiscussObjection) -> Receipt:
        return self.sessions.discuss_objection(command=command)

    @rpc
    def withdraw_objection(self, command: language.WithdrawObjection) -> Receipt:
        return self.sessions.withdraw_objection(command=command)

    @rpc
    def rule_on_objection(self, command: language.RuleOnObjection) -> Receipt:
        return self.sessions.rule_on_objection(command=command)

    @rpc
    def close_proposal(self, command: language.CloseProposal) -> Receipt:
        return self.sessions.close_proposal(command=command)

    @rpc
    def hold_session(self, command: language.HoldSession) -> Receipt:
        return self.sessions.hold_session(command=command)

    @rpc
    def submit_pulse(self, command: language.SubmitPulse) -> Receipt:
        return self.sessions.submit_pulse(command=command)

    @rpc
    def close_decision(self, command: language.CloseDecision) -> Receipt:
        return self.sessions.close_decision(command=command)

    @rpc
    def agree_action(self, command: language.AgreeAction) -> Receipt:
        return self.sessions.agree_action(command=command)

    @rpc
    def propose_action(self, command: language.ProposeAction) -> Receipt:
        return self.sessions.propose_action(command=command)

    @rpc
    def accept_action(self, command: language.AcceptAction) -> Receipt:
        return self.sessions.accept_action(command=command)

    @rpc
    def start_action(self, command: language.StartAction) -> Receipt:
        return self.sessions.start_action(command=command)

    @rpc
    def block_action(self, command: language.BlockAction) -> Receipt:
        return self.sessions.block_action(command=command)

    @rpc
    def hand_over_action(self, command: language.HandOverAction) -> Receipt:
        return self.sessions.hand_over_action(command=command)

    @rpc
    def move_action_due_date(self, command: language.MoveActionDueDate) -> Receipt:
        return self.sessions.move_action_due_date(command=command)

    @rpc
    def complete_action(self, command: language.CompleteAction) -> Receipt:
        return self.sessions.complete_action(command=command)

    @rpc
    def cancel_action(self, command: language.CancelAction) -> Receipt:
        return self.sessions.cancel_action(command=command)

    @rpc
    def draft_minutes(self, command: language.DraftMinutes) -> Receipt:
        return self.sessions.draft_minutes(command=command)

    @rpc
    def accept_minutes(self, command: language.AcceptMinutes) -> Receipt:
        return self.sessions.accept_minutes(command=command)

    @rpc
    def correct_minutes(self, command: language.CorrectMinutes) -> Receipt:
        return self.sessions.correct_minutes(command=command)

    @rpc
    def cancel_session(self, command: language.CancelSession) -> Receipt:
        return self.sessions.cancel_session(command=command)

    @rpc
    def get_session(self, query: language.GetSession) -> language.SessionDetail:
        return self.sessions.get_session(query=query, context=asker())

    @rpc
    def get_calendar(self, query: language.GetCalendar) -> language.CalendarEntry:
        return self.sessions.get_calendar(query=query, context=asker())

    @rpc
    def list_sessions(self, query: language.ListSessions) -> language.SessionPage:
        return self.sessions.list_sessions(query=query)

    @rpc
    def list_actions(self, query: language.ListActions) -> language.ActionPage:
        return self.sessions.list_actions(query=query, context=asker())

    @rpc
    def get_learning(self, query: language.GetLearning) -> language.LearningRecord:
        return self.sessions.get_learning(query=query, context=asker())

    @rpc
    def get_certificate(self, query: language.GetCertificate) -> language.Certificate:
        return self.sessions.get_certificate(query=query, context=asker())

    @rpc
    def held_about(self, query: HeldAbout) -> Held:
        return self.sessions.held_about(query=query)

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)


SessionsReaders = readers("sessions", Membership.view, Calendar.view, Actions.view, ToForget.view, Naming.view)
