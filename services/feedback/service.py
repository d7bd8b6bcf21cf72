"""The skin of feedback: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts import feedback as language
from contracts.log import FactsAfter
from contracts.model import Receipt
from contracts.persons import Held, HeldAbout
from services.feedback.views import Inbox, Surroundings, ToForget
from shared.parts import Part, asker, readers
from shared.relay import Relay
from shared.rpc import rpc
from shared.tending import Tending


class FeedbackService:
    """What feedback is asked."""

    name = "feedback"
    items = Part("feedback")
    log = Part("feedback.log")
    relay = Relay()
    tending = Tending("feedback")

    @rpc
    def receive_feedback(self, command: language.ReceiveFeedback) -> Receipt:
        return self.items.receive_feedback(command=command)

    @rpc
    def theme_feedback(self, command: language.ThemeFeedback) -> Receipt:
        return self.items.theme_feedback(command=command)

    @rpc
    def respond_to_feedback(self, command: language.RespondToFeedback) -> Receipt:
        return self.items.respond_to_feedback(command=command)

    @rpc
    def record_outcome(self, command: language.RecordOutcome) -> Receipt:
        return self.items.record_outcome(command=command)

    @rpc
    def tell_outcome(self, command: language.TellOutcome) -> Receipt:
        return self.items.tell_outcome(command=command)

    @rpc
    def import_feedback(self, command: language.ImportFeedback) -> language.ImportReceipt:
        return self.items.import_feedback(command=command, context=asker())

    @rpc
    def get_feedback(self, query: language.GetFeedback) -> language.FeedbackDetail:
        return self.items.get_feedback(query=query, context=asker())

    @rpc
    def list_feedback(self, query: language.ListFeedback) -> language.FeedbackPage:
        return self.items.list_feedback(query=query)

    @rpc
    def held_about(self, query: HeldAbout) -> Held:
        return self.items.held_about(query=query)

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)


FeedbackReaders = readers("feedback", Surroundings.view, Inbox.view, ToForget.view)
