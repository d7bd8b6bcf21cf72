"""Payments, as whoever sees to them on an ordinary day."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.vocabulary import PaymentState, RejectionReason, SystemRole
from deploy.cli.terminal import Json, called, day, err, one_of, partnership_id, print_json, running_region, show, words

if TYPE_CHECKING:
    from deploy.client import Region

commands = typer.Typer(no_args_is_help=True, help="Payments: which wait for whom; approve, reject, and say that they were paid.")

Payments = Annotated[list[str], typer.Argument(metavar="PAYMENT...", help="Payments by their ids, or how those begin.")]


@commands.command("list")
def list_payments(
    partnership: Annotated[str | None, typer.Option(help="Only of this partnership: its id, or its name.")] = None,
    member: Annotated[str | None, typer.Option(help="Only to this member, by id.")] = None,
    state: Annotated[PaymentState | None, typer.Option(help="Only those that stand so: `claimed` waits for approval.")] = None,
    as_json: Json = False,
) -> None:
    """Payments, the oldest first; that members' names were looked at is recorded."""
    with running_region() as region:
        whose = partnership and partnership_id(region, partnership)
        _show(region, list(region.every("/v1/payments", partnership=whose, member=member, state=state)), as_json=as_json)


@commands.command("show")
def show_payments(payments: Payments, as_json: Json = False) -> None:
    """Payments as they stand; that members' names were looked at is recorded."""
    with running_region() as region:
        _show(region, [region.get(path) for path in _places(region, payments)], as_json=as_json)


@commands.command("approve")
def approve(payments: Payments, as_json: Json = False) -> None:
    """Approve claims; whoever claimed cannot approve."""
    _each(payments, "approve", {}, "approved", as_json=as_json)


@commands.command("reject")
def reject(
    payments: Payments, reason: Annotated[RejectionReason, typer.Option(help="Why; the claimant is told.")], as_json: Json = False
) -> None:
    """Reject claims, for a reason."""
    _each(payments, "reject", {"reason": reason}, "rejected", as_json=as_json)


@commands.command("paid")
def paid(payments: Payments, as_json: Json = False) -> None:
    """Say that approved payments were paid out."""
    _each(payments, "paid", {}, "paid", as_json=as_json)


def _each(payments: list[str], what: str, body: dict[str, Any], said: str, *, as_json: bool) -> None:
    """One command for each, in order; what was done before one is refused stays done, and is shown."""
    done = []
    with running_region(SystemRole.finance_officer) as region:
        for path in _places(region, payments):
            done.append(region.post(f"{path}/{what}", body))
            err.print(f"{said}: {path.rpartition('/')[2]}", highlight=False)
    if as_json:
        print_json(done)


def _places(region: Region, payments: list[str]) -> list[str]:
    """The addresses of payments, each named by its id or how that begins."""
    return [f"/v1/payments/{one_of('payment', begins, partial(_beginning, region, begins))}" for begins in payments]


def _beginning(region: Region, begins: str) -> list[str]:
    return [one["id"] for one in region.every("/v1/payments") if one["id"].startswith(begins)]


def _show(region: Region, found: list[Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    names = {member: name for partnership in {one["partnership"] for one in found} for member, name in called(region, partnership).items()}
    rows = (
        (
            names.get(o["member"], o["member"]),
            words(o["kind"]),
            f"{o['amount']} {o['currency']}",
            words(o["state"]),
            day(o["since"]),
            o["id"],
        )
        for o in found
    )
    show("Payments", ("Member", "Kind", "Amount", "Stands", "Since", "Id"), rows)
