"""What can be done with partnerships, by behaviour: each file has the verbs of one kind of work, `partnerships` puts them together."""

from services.partnerships.application.partnerships import Partnerships

__all__ = ["Partnerships"]
