"""Who looked at what: the looks that the gateway recorded before the answer left, in the order they were recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from contracts.audit import AccessPage, AccessSummary
from contracts.gateway import AccessRecorded
from contracts.model import Fact, instant
from shared.clock import fixed_width
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.views import View

_LOOKED = (
    "INSERT INTO {access} (id, looked, actor, role, operation, reason, partnership, member, about) "
    "VALUES (:id, :looked, :actor, :role, :operation, :reason, :partnership, :member, :about)"
)
_LOOKS = (
    "SELECT id, looked, actor, role, operation, reason, partnership, member, about FROM access WHERE (looked, id) > (:looked, :id) "
    "{narrowed}ORDER BY looked, id LIMIT :limit"
)


def _accesses(fact: Fact) -> Iterable[Effect]:
    match fact:
        case AccessRecorded():
            who = {"actor": fact.actor, "role": fact.role, "operation": fact.operation, "reason": fact.reason}
            about = {"partnership": fact.about_partnership, "member": fact.about_member, "about": fact.about}
            ids = {name: str(id_) if id_ else None for name, id_ in about.items()}
            yield _LOOKED, {"id": str(fact.stream), "looked": fixed_width(fact.recorded), **who, **ids}


class Accesses(ReadModel):
    """Who looked at what."""

    view = View(
        "accesses",
        sources=("gateway",),
        tables={
            "access": "id TEXT PRIMARY KEY, looked TEXT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, operation TEXT NOT NULL, "
            "reason TEXT, partnership TEXT, member TEXT, about TEXT"
        },
        indexes={
            "access_by_time": "{access} (looked, id)",
            "access_by_partnership": "{access} (partnership, looked, id)",
            "access_by_member": "{access} (member, looked, id)",
        },
        apply=effects(_accesses),
    )

    def page(self, partnership: UUID | None, member: UUID | None, *, after: str | None, limit: int) -> AccessPage:
        """Looks by time, a page at a time; at one partnership, at one member, or at anything."""
        looked, last = after_cursor(after, ("", ""))
        wanted = {name: str(id_) for name, id_ in (("partnership", partnership), ("member", member)) if id_}
        narrowed = "".join(f"AND {name} = :{name} " for name in wanted)
        rows = self.database.rows(_LOOKS.format(narrowed=narrowed), {"looked": looked, "id": last, "limit": limit, **wanted})
        items = tuple(_look(row) for row in rows)
        return AccessPage(items=items, next=cursor(rows, limit, 1, 0))


def _look(row: Sequence[Any]) -> AccessSummary:
    _, looked, actor, role, operation, reason, *ids = row
    partnership, member, about = (UUID(id_) if id_ else None for id_ in ids)
    return AccessSummary(
        looked=instant(looked),
        actor=actor,
        role=role,
        operation=operation,
        reason=reason,
        partnership=partnership,
        member=member,
        about=about,
    )
