"""How far the sessions, actions, pieces of work and claims of each partnership have come: what waits to be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from uuid import UUID

from contracts import sessions
from contracts.model import Fact, PartnershipFact, instant
from contracts.partnerships import DegreeAgreed, DegreeRated, ExpenseClaimed, PaymentApproved, PaymentMade, PaymentRejected, WorkItemOpened
from services.partnerships.domain.next_steps import LooseEnd, Waiting
from shared.clock import fixed_width
from shared.database import Params
from shared.readmodel import Effect, ReadModel, effects
from shared.views import View

_BEGUN = (
    "INSERT INTO {loose_end} (thing, partnership, waiting, since) VALUES (:thing, :partnership, :waiting, :since) "
    "ON CONFLICT (thing) DO UPDATE SET waiting = excluded.waiting, since = excluded.since"
)
_WENT_ON = "UPDATE {loose_end} SET waiting = :waiting WHERE thing = :thing"
_RATED = (
    "UPDATE {loose_end} SET side = COALESCE(side, :side), waiting = CASE WHEN waiting = :both OR side <> :side THEN :both ELSE :one END "
    "WHERE thing = :thing"
)
_SETTLED = "DELETE FROM {loose_end} WHERE thing = :thing"
_GOING_ON: dict[type[Fact], Waiting] = {
    sessions.MinutesDrafted: Waiting.minutes_drafted,
    sessions.MinutesAgreed: Waiting.minutes_agreed,
    DegreeAgreed: Waiting.degree_agreed,
    PaymentApproved: Waiting.approved,
}


def _loose_ends(fact: Fact) -> Iterable[Effect]:
    thing = {"thing": str(fact.stream)}
    match fact:
        case sessions.SessionPlanned() | sessions.SessionMoved():
            yield _BEGUN, _begun(fact, Waiting.session_planned, fact.starts)
        case sessions.SessionHeld():
            yield _BEGUN, _begun(fact, Waiting.session_held, fact.happened)
        case sessions.ActionAgreed():
            due = datetime.combine(fact.original_due, time(), UTC)
            yield _BEGUN, {**_begun(fact, Waiting.action_open, due), "thing": str(fact.action)}
        case sessions.ActionCompleted() | sessions.ActionCancelled():
            yield _SETTLED, {"thing": str(fact.action)}
        case sessions.ActionHandedOver() if fact.owner_side is None:
            yield _SETTLED, {"thing": str(fact.action)}
        case WorkItemOpened():
            yield _BEGUN, _begun(fact, Waiting.work_item_open, fact.happened)
        case ExpenseClaimed():
            yield _BEGUN, _begun(fact, Waiting.claimed, fact.happened)
        case DegreeRated():
            yield _RATED, {**thing, "side": fact.side, "one": Waiting.rated_by_one_side, "both": Waiting.rated_by_both_sides}
        case sessions.SessionCancelled() | PaymentMade() | PaymentRejected():
            yield _SETTLED, thing
        case _ if waiting := _GOING_ON.get(type(fact)):
            yield _WENT_ON, {**thing, "waiting": waiting}


def _begun(fact: PartnershipFact, waiting: Waiting, since: datetime) -> Params:
    return {"thing": str(fact.stream), "partnership": str(fact.partnership), "waiting": waiting, "since": fixed_width(since)}


class LooseEnds(ReadModel):
    """How far the sessions, actions, pieces of work and claims of each partnership have come."""

    view = View(
        "loose_ends",
        sources=("partnerships", "sessions"),
        tables={"loose_end": "thing TEXT PRIMARY KEY, partnership TEXT NOT NULL, waiting TEXT NOT NULL, since TEXT NOT NULL, side TEXT"},
        indexes={"loose_end_by_partnership": "{loose_end} (partnership)"},
        apply=effects(_loose_ends),
    )

    def of(self, partnership: UUID) -> list[LooseEnd]:
        """Those of one partnership."""
        rows = self.database.rows(
            "SELECT thing, waiting, since FROM loose_end WHERE partnership = :partnership", {"partnership": str(partnership)}
        )
        return [LooseEnd(UUID(thing), Waiting(waiting), instant(since)) for thing, waiting, since in rows]
