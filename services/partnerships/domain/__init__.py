"""What partnerships decide, by behaviour: the partnership itself, and what makes it up."""

from services.partnerships.domain.composition import Rule
from services.partnerships.domain.partnership import Member, Partnership

__all__ = ["Member", "Partnership", "Rule"]
