"""The actions of every partnership, by the day they were first promised for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.model import Fact, SealedPart, instant
from contracts.sessions import (
    ActionAgreed,
    ActionBlocked,
    ActionCancelled,
    ActionCompleted,
    ActionDueDateMoved,
    ActionHandedOver,
    ActionPage,
    ActionProposed,
    ActionStarted,
    ListActions,
    ListedAction,
)
from contracts.vocabulary import ActionStage, BlockingReason, OwnerSide
from shared.application import Words
from shared.clock import fixed_width
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.views import View

_TAKEN_ON = (
    "INSERT INTO {action} (id, partnership, session, decision, title, owner_side, owner, original_due, due, stage) "
    "VALUES (:id, :partnership, :session, :decision, :title, :owner_side, :owner, :due, :due, :stage) "
    "ON CONFLICT (id) DO UPDATE SET stage = excluded.stage"
)
_STAGE = "UPDATE {action} SET stage = :stage, blocked_by = :blocked_by WHERE id = :id"
_DONE = "UPDATE {action} SET stage = :stage, completed = :completed WHERE id = :id"
_HANDED = "UPDATE {action} SET owner_side = :owner_side, owner = :owner WHERE id = :id"
_MOVED = "UPDATE {action} SET due = :due WHERE id = :id"
_PAGE = (
    "SELECT id, session, decision, title, owner_side, owner, original_due, due, stage, blocked_by, completed FROM action "
    "WHERE partnership = :partnership AND (original_due, id) > (:last_due, :last) AND (:side = '' OR owner_side = :side) "
    "AND (:open = 0 OR stage IN ('agreed', 'in_progress', 'blocked')) AND (:overdue = 0 OR original_due < :today) "
    "ORDER BY original_due, id LIMIT :limit"
)


def _actions(fact: Fact) -> Iterable[Effect]:
    match fact:
        case ActionProposed() | ActionAgreed():
            yield (
                _TAKEN_ON,
                {
                    "id": str(fact.action),
                    "partnership": str(fact.partnership),
                    "session": str(fact.stream),
                    "decision": str(fact.decision),
                    "title": fact.title.model_dump_json(),
                    "owner_side": fact.owner_side,
                    "owner": str(fact.owner) if fact.owner else None,
                    "due": fact.original_due.isoformat(),
                    "stage": ActionStage.agreed if isinstance(fact, ActionAgreed) else ActionStage.proposed,
                },
            )
        case ActionStarted():
            yield _STAGE, {"id": str(fact.action), "stage": ActionStage.in_progress, "blocked_by": None}
        case ActionBlocked():
            yield _STAGE, {"id": str(fact.action), "stage": ActionStage.blocked, "blocked_by": fact.blocked_by}
        case ActionCancelled():
            yield _STAGE, {"id": str(fact.action), "stage": ActionStage.cancelled, "blocked_by": None}
        case ActionHandedOver() if fact.owner_side:
            yield _HANDED, {"id": str(fact.action), "owner_side": fact.owner_side, "owner": str(fact.owner) if fact.owner else None}
        case ActionHandedOver():
            yield _STAGE, {"id": str(fact.action), "stage": ActionStage.handed_over, "blocked_by": None}
        case ActionDueDateMoved():
            yield _MOVED, {"id": str(fact.action), "due": fact.due.isoformat()}
        case ActionCompleted():
            yield _DONE, {"id": str(fact.action), "stage": ActionStage.completed, "completed": fixed_width(fact.happened)}


class Actions(ReadModel):
    """What everybody took on, and how far it is; whether it is overdue is seen when it is asked for."""

    view = View(
        "actions",
        sources=("sessions",),
        tables={
            "action": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL, session TEXT NOT NULL, decision TEXT NOT NULL, title TEXT NOT NULL, "
            "owner_side TEXT NOT NULL, owner TEXT, original_due TEXT NOT NULL, due TEXT NOT NULL, stage TEXT NOT NULL, blocked_by TEXT, "
            "completed TEXT",
        },
        indexes={"action_by_due": "{action} (partnership, original_due, id)"},
        apply=effects(_actions),
    )

    def page(self, query: ListActions, *, today: date) -> Callable[[Words], ActionPage]:
        """The actions of a partnership that were asked for, as of `today`, a page at a time; told with the words of their titles."""
        last_due, last = after_cursor(query.after, ("", ""))
        asked = {"partnership": str(query.partnership), "side": query.side or "", "overdue": int(query.overdue), "limit": query.limit}
        rows = self.database.rows(
            _PAGE, {**asked, "open": int(query.open or query.overdue), "today": today.isoformat(), "last_due": last_due, "last": last}
        )
        more = cursor(rows, query.limit, 6, 0)
        return lambda words: ActionPage(on=today, items=tuple(_listed(row, today, words) for row in rows), next=more)


def _listed(row: Sequence[Any], today: date, words: Words) -> ListedAction:
    id, session, decision, part, owner_side, owner, original_due, due, stage, blocked_by, completed = row
    promised, stands = date.fromisoformat(original_due), ActionStage(stage)
    return ListedAction(
        id=UUID(id),
        session=UUID(session),
        decision=UUID(decision),
        title=words(SealedPart.model_validate_json(part), stream=UUID(session), field="title"),
        owner_side=OwnerSide(owner_side),
        owner=UUID(owner) if owner else None,
        original_due=promised,
        due=date.fromisoformat(due),
        stage=stands,
        blocked_by=BlockingReason(blocked_by) if blocked_by else None,
        overdue=stands.open and promised < today,
        completed=instant(completed) if completed else None,
    )
