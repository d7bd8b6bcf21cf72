"""The region's partnerships, payments and pieces of work as lists; and its sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from contracts import sessions
from contracts.errors import NotFound
from contracts.model import Fact, instant
from contracts.partnerships import (
    DegreeAgreed,
    ExpenseClaimed,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPage,
    PartnershipPaused,
    PartnershipPlaced,
    PartnershipProposed,
    PartnershipResumed,
    PartnershipSummary,
    PaymentAccepted,
    PaymentApproved,
    PaymentDeclined,
    PaymentMade,
    PaymentOffered,
    PaymentPage,
    PaymentRejected,
    PaymentSummary,
    TermsOfReferenceAgreed,
    WorkItemOpened,
    WorkItemPage,
    WorkItemSummary,
)
from contracts.vocabulary import CommissioningStage, Degree, PartnershipStatus, PaymentKind, PaymentState
from shared.clock import fixed_width
from shared.readmodel import Effect, ReadModel, after_cursor, cursor, effects
from shared.views import View

_PROPOSED = "INSERT INTO {directory} (id, name, org_unit, status) VALUES (:id, :name, :org_unit, 'proposed')"
_PLACED = "UPDATE {directory} SET org_unit = :org_unit WHERE id = :id"
_FORMING = "UPDATE {directory} SET status = 'forming' WHERE id = :id AND status = 'proposed'"
_STATUS = "UPDATE {directory} SET status = :status WHERE id = :id"


def _effects(fact: Fact) -> Iterable[Effect]:
    match fact:
        case PartnershipProposed():
            yield _PROPOSED, {"id": str(fact.stream), "name": fact.name, "org_unit": fact.org_unit}
        case PartnershipPlaced():
            yield _PLACED, {"id": str(fact.stream), "org_unit": fact.org_unit}
        case TermsOfReferenceAgreed():
            yield _FORMING, {"id": str(fact.stream)}
        case PartnershipActivated() | PartnershipResumed():
            yield _STATUS, {"id": str(fact.stream), "status": PartnershipStatus.active}
        case PartnershipPaused():
            yield _STATUS, {"id": str(fact.stream), "status": PartnershipStatus.paused}
        case PartnershipClosed():
            yield _STATUS, {"id": str(fact.stream), "status": PartnershipStatus.closed}


class Directory(ReadModel):
    """Which partnerships there are."""

    view = View(
        "directory",
        sources=("partnerships",),
        tables={"directory": "id TEXT PRIMARY KEY, name TEXT NOT NULL, org_unit TEXT NOT NULL, status TEXT NOT NULL"},
        indexes={"directory_by_name": "{directory} (name, id)"},
        apply=effects(_effects),
    )

    def page(self, *, after: str | None, limit: int) -> PartnershipPage:
        """Partnerships by name, a page at a time."""
        name, last = after_cursor(after, ("", ""))
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT id, name, org_unit, status FROM directory WHERE (name, id) > (:name, :id) ORDER BY name, id LIMIT :limit",
                {"name": name, "id": last, "limit": limit},
            )
        items = tuple(
            PartnershipSummary(id=UUID(id), name=name, org_unit=org_unit, status=PartnershipStatus(status))
            for id, name, org_unit, status in rows
        )
        return PartnershipPage(items=items, next=cursor(rows, limit, 1, 0))


_BEGUN = (
    "INSERT INTO {payment} (id, partnership, member, kind, amount, currency, state, began, claimed, since, session) "
    "VALUES (:id, :partnership, :member, :kind, :amount, :currency, :state, :at, :claimed, :at, :session) ON CONFLICT (id) "
    "DO UPDATE SET amount = excluded.amount, state = excluded.state, claimed = excluded.claimed, since = excluded.since"
)
_PAYMENT_STATE = "UPDATE {payment} SET state = :state, since = :at WHERE id = :id"
_STATES: dict[type[Fact], PaymentState] = {
    PaymentOffered: PaymentState.offered,
    PaymentAccepted: PaymentState.accepted,
    PaymentDeclined: PaymentState.declined,
    ExpenseClaimed: PaymentState.claimed,
    PaymentApproved: PaymentState.approved,
    PaymentRejected: PaymentState.rejected,
    PaymentMade: PaymentState.paid,
}


def _payment(fact: Fact) -> Iterable[Effect]:
    state = _STATES.get(type(fact))
    now = {"id": str(fact.stream), "state": state, "at": fixed_width(fact.happened)}
    match fact:
        case PaymentOffered() | ExpenseClaimed():
            what = {"partnership": str(fact.partnership), "member": str(fact.member), "kind": fact.kind}
            session = str(fact.session) if isinstance(fact, PaymentOffered) and fact.session else None
            claimed = now["at"] if isinstance(fact, ExpenseClaimed) else None
            money = {"amount": str(fact.amount), "currency": fact.currency}
            yield _BEGUN, {**now, **what, **money, "session": session, "claimed": claimed}
        case _ if state:
            yield _PAYMENT_STATE, now


class Payments(ReadModel):
    """What was offered, claimed and paid."""

    view = View(
        "payments",
        sources=("partnerships",),
        tables={
            "payment": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL, amount TEXT NOT NULL, "
            "currency TEXT NOT NULL, state TEXT NOT NULL, began TEXT NOT NULL, claimed TEXT, since TEXT NOT NULL, session TEXT"
        },
        indexes={
            "payment_by_partnership": "{payment} (partnership, began, id)",
            "payment_by_member": "{payment} (member, began, id)",
            "payment_by_state": "{payment} (state, began, id)",
        },
        apply=effects(_payment),
    )

    def page(self, which: Mapping[str, UUID | PaymentState | None], *, after: str | None, limit: int) -> PaymentPage:
        """Payments by when they began, a page at a time; `which`: column -> what must stand there."""
        began, last = after_cursor(after, ("", ""))
        wanted = {column: str(value) for column, value in which.items() if value}
        matching = "".join(f" AND {column} = :{column}" for column in wanted)
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT id, partnership, member, kind, amount, currency, state, began, claimed, since, session FROM payment "  # noqa: S608  columns are ours
                f"WHERE (began, id) > (:began, :id){matching} ORDER BY began, id LIMIT :limit",
                {"began": began, "id": last, "limit": limit, **wanted},
            )
        items = tuple(
            PaymentSummary(
                id=UUID(id),
                partnership=UUID(partnership),
                member=UUID(member),
                kind=PaymentKind(kind),
                amount=Decimal(amount),
                currency=currency,
                state=PaymentState(state),
                began=instant(began),
                claimed=instant(claimed) if claimed else None,
                since=instant(since),
                session=UUID(session) if session else None,
            )
            for id, partnership, member, kind, amount, currency, state, began, claimed, since, session in rows
        )
        return PaymentPage(items=items, next=cursor(rows, limit, 7, 0))


_OPENED = (
    "INSERT INTO {work_item} (id, partnership, name, stage, opened, intended) VALUES (:id, :partnership, :name, :stage, :opened, :intended)"
)
_AGREED = "UPDATE {work_item} SET agreed = :degree WHERE id = :id"


def _work_item(fact: Fact) -> Iterable[Effect]:
    match fact:
        case WorkItemOpened():
            what = {"partnership": str(fact.partnership), "name": fact.name, "stage": fact.stage, "intended": fact.intended}
            yield _OPENED, {"id": str(fact.stream), "opened": fixed_width(fact.happened), **what}
        case DegreeAgreed():
            yield _AGREED, {"id": str(fact.stream), "degree": fact.degree}


class WorkItems(ReadModel):
    """Which pieces of work there are."""

    view = View(
        "work_items",
        sources=("partnerships",),
        tables={
            "work_item": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL, name TEXT NOT NULL, stage TEXT NOT NULL, opened TEXT NOT NULL, "
            "intended TEXT NOT NULL, agreed TEXT"
        },
        indexes={"work_item_by_partnership": "{work_item} (partnership, opened, id)"},
        apply=effects(_work_item),
    )

    def page(self, partnership: UUID | None, *, after: str | None, limit: int) -> WorkItemPage:
        """Pieces of work by when they were begun, a page at a time."""
        opened, last = after_cursor(after, ("", ""))
        whose, named = (" AND partnership = :partnership", {"partnership": str(partnership)}) if partnership else ("", {})
        with self.database.reading() as tx:
            rows = tx.rows(
                "SELECT id, partnership, name, stage, opened, intended, agreed FROM work_item "  # noqa: S608  whose is ours
                f"WHERE (opened, id) > (:opened, :id){whose} ORDER BY opened, id LIMIT :limit",
                {"opened": opened, "id": last, "limit": limit, **named},
            )
        items = tuple(
            WorkItemSummary(
                id=UUID(id),
                partnership=UUID(partnership),
                name=name,
                stage=CommissioningStage(stage),
                opened=instant(opened),
                intended=Degree(intended),
                agreed=Degree(agreed) if agreed else None,
            )
            for id, partnership, name, stage, opened, intended, agreed in rows
        )
        return WorkItemPage(items=items, next=cursor(rows, limit, 4, 0))


_SESSION = "INSERT INTO {occasion} (id, partnership, starts) VALUES (:id, :partnership, :starts)"
_MOVED = "UPDATE {occasion} SET starts = :starts WHERE id = :id"


def _occasion(fact: Fact) -> Iterable[Effect]:
    match fact:
        case sessions.SessionPlanned():
            yield _SESSION, {"id": str(fact.stream), "partnership": str(fact.partnership), "starts": fixed_width(fact.starts)}
        case sessions.SessionMoved():
            yield _MOVED, {"id": str(fact.stream), "starts": fixed_width(fact.starts)}


class Occasions(ReadModel):
    """Which sessions partnerships have, as sessions tells it: what is paid, and what people need, is for one of them."""

    view = View(
        "occasions",
        sources=("sessions",),
        tables={"occasion": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL, starts TEXT NOT NULL"},
        apply=effects(_occasion),
    )

    def begins(self, partnership: UUID, session: UUID) -> datetime:
        """When a session of this partnership begins; raises `NotFound` when it has no such session."""
        with self.database.reading() as tx:
            found = tx.row("SELECT partnership, starts FROM occasion WHERE id = :id", {"id": str(session)})
        if found is None or found[0] != str(partnership):
            raise NotFound("no_such_session", "The partnership has no such session.", field="session")
        return instant(found[1])
