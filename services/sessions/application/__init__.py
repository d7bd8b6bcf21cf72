"""What can be done with sessions: `sessions` has the verbs, `telling` what a session answers with."""

from services.sessions.application.sessions import Sessions

__all__ = ["Sessions"]
