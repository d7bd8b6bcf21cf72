"""What can be done with sessions: `sessions` has all verbs, told apart as in the domain; `telling` what a session answers with."""

from services.sessions.application.sessions import Sessions

__all__ = ["Sessions"]
