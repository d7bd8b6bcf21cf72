"""The peer's service that stores: a row, a commit, an event for whoever listens."""

from typing import Any
from uuid import UUID

from nameko.events import EventDispatcher
from nameko.rpc import rpc
from nameko_sqlalchemy import DatabaseSession

from benchmarks.peer.models import Base, Feedback


class FeedbackService:
    """Keeps what people say."""

    name = "feedback"
    db = DatabaseSession(Base)
    event_dispatcher = EventDispatcher()

    @rpc
    def receive_feedback(self, feedback: dict[str, Any]) -> dict[str, Any]:
        item = Feedback(**{**feedback, "partnership": UUID(feedback["partnership"])})
        self.db.add(item)
        self.db.commit()
        received = {"id": str(item.id), "partnership": str(item.partnership), "kind": item.kind, "rating": item.rating}
        self.event_dispatcher("feedback_received", {"feedback": received})
        return received
