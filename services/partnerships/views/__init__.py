"""What partnerships is asked in lists, by what is listed."""

from services.partnerships.views.erasures import Erasures, ToForget
from services.partnerships.views.expiring import Expiring
from services.partnerships.views.lists import Directory, Occasions, Payments, WorkItems
from services.partnerships.views.loose_ends import LooseEnds

__all__ = ["Directory", "Erasures", "Expiring", "LooseEnds", "Occasions", "Payments", "ToForget", "WorkItems"]
