"""What is held about a person, and how it is forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts import feedback, forgetting, partnerships, persons, sessions, vocabulary
from contracts.examples.access import LOOKED
from contracts.examples.cast import AOIFE, CONTRIBUTOR, HELD, LETTER_ITEM, LORCAN, PARTNERSHIP, SESSION, recorded

_FORGOTTEN = UUID("b0000000-0000-4000-8000-000000000001")
_LEFT = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
_ON_WHAT_GROUND: dict[str, Any] = {
    "basis": vocabulary.ErasureBasis.consent_withdrawn,
    "scope": vocabulary.ErasureScope.everything_sealed,
}
_KEPT = forgetting.Kept(record=vocabulary.KeptRecord.facts_under_pseudonym, reason=vocabulary.KeptReason.public_task, until=None)
_DESTROYED = tuple(forgetting.ErasedIn(service=name, keys=1, boxes=boxes) for name, boxes in (("feedback", 2), ("sessions", 1)))
_ITEM = persons.HeldItem(
    service="sessions",
    what="You raised this item for the agenda of a session.",
    happened=HELD,
    recorded=HELD + timedelta(hours=1),
    about=SESSION,
    said={"partnership": str(PARTNERSHIP), "item": str(LETTER_ITEM), "origin": "raised_by_member"},
    words="The first letter people get",
    forgotten=False,
)
SAID = (
    partnerships.RequestErasure(member=LORCAN, basis=vocabulary.ErasureBasis.consent_withdrawn),
    partnerships.ErasureRequested(**recorded(_FORGOTTEN, 1, _LEFT), member=LORCAN, **_ON_WHAT_GROUND),
    partnerships.SubjectErased(**recorded(_FORGOTTEN, 2, _LEFT), subject=LORCAN, keys=1, boxes=1, kept=(_KEPT,), **_ON_WHAT_GROUND),
    sessions.SubjectErased(**recorded(_FORGOTTEN, 1, _LEFT), subject=CONTRIBUTOR, keys=1, boxes=1, kept=(), **_ON_WHAT_GROUND),
    feedback.SubjectErased(**recorded(_FORGOTTEN, 1, _LEFT), subject=CONTRIBUTOR, keys=1, boxes=2, kept=(), **_ON_WHAT_GROUND),
    partnerships.ErasureCompleted(
        **recorded(_FORGOTTEN, 3, _LEFT), erased=_DESTROYED, kept=(_KEPT,), backups_until=date(2026, 1, 19), **_ON_WHAT_GROUND
    ),
    partnerships.GetErasure(member=LORCAN),
    partnerships.ErasureReport(
        member=LORCAN,
        requested=_LEFT,
        completed=_LEFT + timedelta(hours=1),
        erased=_DESTROYED,
        kept=(_KEPT,),
        backups_until=date(2026, 1, 19),
        **_ON_WHAT_GROUND,
    ),
    persons.HeldAbout(member=AOIFE),
    persons.Held(items=(_ITEM,)),
    persons.GetPersonData(member=AOIFE),
    persons.PersonData(
        member=AOIFE, made=_LEFT, held=(_ITEM,), looked_at=(LOOKED,), explained=("Feedback given without your id is not in here.",)
    ),
)
