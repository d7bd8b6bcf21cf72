"""What sessions knows: of partnerships, from their facts; of its own sessions and actions; and whom it is to forget."""

from services.sessions.views.actions import Actions
from services.sessions.views.calendar import Calendar
from services.sessions.views.forgetting import ToForget
from services.sessions.views.membership import Membership
from services.sessions.views.naming import Naming

__all__ = ["Actions", "Calendar", "Membership", "Naming", "ToForget"]
