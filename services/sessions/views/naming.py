"""Who is named where, from what members consent to: with what they contribute unless they say no, in minutes only if they say yes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from contracts.model import Fact
from contracts.partnerships import ConsentGranted, ConsentRefused, ConsentWithdrawn
from contracts.vocabulary import ConsentPurpose
from shared.clock import fixed_width
from shared.readmodel import Effect, ReadModel, effects
from shared.views import View

_NAMING = {ConsentPurpose.attribution_of_contributions, ConsentPurpose.naming_in_minutes}
_SAID = (
    "INSERT INTO {naming} (member, purpose, consents, until) VALUES (:member, :purpose, :consents, :until) "
    "ON CONFLICT (member, purpose) DO UPDATE SET consents = excluded.consents, until = excluded.until"
)
_STANDING = "SELECT consents = 1 AND (until IS NULL OR until > :now) FROM naming WHERE member = :member AND purpose = :purpose"


def _naming(fact: Fact) -> Iterable[Effect]:
    match fact:
        case ConsentGranted() | ConsentRefused() | ConsentWithdrawn() if fact.purpose in _NAMING:
            given = isinstance(fact, ConsentGranted)
            until = fixed_width(fact.until) if isinstance(fact, ConsentGranted) and fact.until else None
            yield _SAID, {"member": str(fact.member), "purpose": fact.purpose, "consents": int(given), "until": until}


class Naming(ReadModel):
    """What each member said last of being named."""

    view = View(
        "naming",
        sources=("partnerships",),
        tables={
            "naming": "member TEXT NOT NULL, purpose TEXT NOT NULL, consents INTEGER NOT NULL, until TEXT, PRIMARY KEY (member, purpose)"
        },
        apply=effects(_naming),
    )

    def unnamed(self, members: Iterable[UUID], now: datetime) -> set[UUID]:
        """Those of `members` whose contributions bear no name: withdrawn, refused, expired (domain 6.8, ConsentPurpose)."""
        return {member for member, consents in self._said(ConsentPurpose.attribution_of_contributions, members, now) if consents is False}

    def in_minutes(self, members: Iterable[UUID], now: datetime) -> set[UUID]:
        """Those of `members` who consent to being named in minutes; whoever was not asked does not (domain 6.8, ConsentPurpose)."""
        return {member for member, consents in self._said(ConsentPurpose.naming_in_minutes, members, now) if consents}

    def _said(self, purpose: ConsentPurpose, members: Iterable[UUID], now: datetime) -> list[tuple[UUID, bool | None]]:
        """Whether the consent of each stands; None of whoever said nothing."""
        asked = {"purpose": purpose, "now": fixed_width(now)}
        with self.database.reading() as tx:
            found = [(member, tx.row(_STANDING, {**asked, "member": str(member)})) for member in set(members)]
        return [(member, bool(row[0]) if row else None) for member, row in found]
