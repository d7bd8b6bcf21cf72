"""What partnerships decide, by behaviour: the partnership itself, what makes it up, and that somebody is forgotten."""

from services.partnerships.domain.access import AccessNeeds
from services.partnerships.domain.composition import Rule
from services.partnerships.domain.equality import EqualityAnswers, EqualityCount, Monitoring
from services.partnerships.domain.erasure import Erasure
from services.partnerships.domain.frameworks import Frameworks
from services.partnerships.domain.org_units import OrgUnits
from services.partnerships.domain.participation import Participation
from services.partnerships.domain.partnership import Partnership
from services.partnerships.domain.payment import Payment, RateCard
from services.partnerships.domain.readiness import Readiness
from services.partnerships.domain.roll import Member, Roll
from services.partnerships.domain.work_item import WorkItem

__all__ = [
    "AccessNeeds",
    "EqualityAnswers",
    "EqualityCount",
    "Erasure",
    "Frameworks",
    "Member",
    "Monitoring",
    "OrgUnits",
    "Participation",
    "Partnership",
    "Payment",
    "RateCard",
    "Readiness",
    "Roll",
    "Rule",
    "WorkItem",
]
