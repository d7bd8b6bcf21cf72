"""What can be done with partnerships: `partnerships` has its own verbs, `participating` those of each member's consents and interests."""

from services.partnerships.application.partnerships import Partnerships

__all__ = ["Partnerships"]
