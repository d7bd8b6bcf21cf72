"""Who consented to taking part for a time only: with that time the membership ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from contracts.model import Fact
from contracts.partnerships import (
    ConsentGranted,
    ConsentRefused,
    ConsentWithdrawn,
    EntryCorrected,
    MembershipEnded,
    NominationEnded,
)
from contracts.vocabulary import ConsentPurpose, EntryKind
from shared.clock import fixed_width
from shared.readmodel import Effect, ReadModel, effects
from shared.views import View

_SAID_ANEW = "DELETE FROM {expiring} WHERE member = :member"
_FOR_A_TIME = "INSERT INTO {expiring} (member, until, belongs, state) VALUES (:member, :until, 1, :state)"
_BELONGS = "UPDATE {expiring} SET belongs = :belongs WHERE member = :member"


def _expiring(fact: Fact) -> Iterable[Effect]:
    match fact:
        case ConsentGranted() | ConsentRefused() | ConsentWithdrawn() if fact.purpose is ConsentPurpose.participation:
            yield _SAID_ANEW, {"member": str(fact.member)}
            if isinstance(fact, ConsentGranted) and fact.until and fact.recorded < fact.until:
                state = fact.model_dump_json().encode()
                yield _FOR_A_TIME, {"member": str(fact.member), "until": fixed_width(fact.until), "state": state}
        case MembershipEnded() | NominationEnded():
            yield _BELONGS, {"member": str(fact.member), "belongs": 0}
        case EntryCorrected() if fact.struck and fact.entry in {EntryKind.ended, EntryKind.nomination_ended}:
            yield _BELONGS, {"member": str(fact.member), "belongs": 1}


class Expiring(ReadModel):
    """The consents to taking part that have an end. One whose end had passed when it was recorded is history, and ends nothing now."""

    view = View(
        "expiring",
        sources=("partnerships",),
        tables={"expiring": "member TEXT PRIMARY KEY, until TEXT NOT NULL, belongs INTEGER NOT NULL, state BLOB NOT NULL"},
        indexes={"expiring_by_end": "{expiring} (belongs, until)"},
        apply=effects(_expiring),
    )

    def expired(self, now: datetime) -> list[ConsentGranted]:
        """Those that have ended, of whoever still belongs to a partnership or is put forward for one."""
        rows = self.database.rows(
            "SELECT state FROM expiring WHERE belongs = 1 AND until <= :now ORDER BY until, member", {"now": fixed_width(now)}
        )
        return [ConsentGranted.read(bytes(state)) for (state,) in rows]
