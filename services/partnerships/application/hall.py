"""What every verb of partnerships stands on: the partnership it is about."""

from __future__ import annotations

from datetime import tzinfo
from typing import Protocol
from uuid import UUID

from contracts.countries import CountryProfile, GetCountry
from services.partnerships.domain import Partnership
from shared.application import Work
from shared.forgetting import Forgetting

REGION = UUID("3a1f0f5e-8f1b-5f3c-9a47-6f1f4f6f2b55")
"""Under which whatever a region has one of is named."""


class OfPartnership(Protocol):
    """A command or a query about one partnership."""

    @property
    def partnership(self) -> UUID: ...


class Hall(Forgetting):
    """Where partnerships are found, and what holds where they are."""

    country: CountryProfile
    zone: tzinfo

    def get_country(self, *, query: GetCountry) -> CountryProfile:  # noqa: ARG002  there is one country to a region
        """What holds in the country of the region."""
        return self.country

    def _partnership(self, asked: OfPartnership, work: Work | None = None) -> Partnership:
        """With `work`, only at the version its caller saw."""
        return self.find(Partnership, asked.partnership, field="partnership", work=work)
