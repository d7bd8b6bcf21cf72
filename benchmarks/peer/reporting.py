"""The peer's service that listens: a row for every event."""

from typing import Any
from uuid import UUID

from nameko.events import event_handler
from nameko_sqlalchemy import DatabaseSession

from benchmarks.peer.models import Inbox, ReportingBase


class ReportingService:
    """Knows what was said."""

    name = "reporting"
    db = DatabaseSession(ReportingBase)

    @event_handler("feedback", "feedback_received")
    def handle_feedback_received(self, payload: dict[str, Any]) -> None:
        feedback = payload["feedback"]
        self.db.add(Inbox(id=UUID(feedback["id"]), partnership=UUID(feedback["partnership"]), kind=feedback["kind"]))
        self.db.commit()
