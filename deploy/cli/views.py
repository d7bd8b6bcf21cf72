"""Read models: how far they are, and what an operator decides about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.terminal import BROKEN, Json, err, fail, known, out, own_house, print_json, show

if TYPE_CHECKING:
    from shared.views.places import Stop

commands = typer.Typer(no_args_is_help=True, help="Read models: how far they are, and what an operator decides about them.")


@commands.command("status")
def views_status(
    service: Annotated[str, typer.Argument(help="Whose views; in production the service whose settings these are.")], as_json: Json = False
) -> None:
    """How far each view of a service has read, and where one stands still; exits with 3 when one does."""
    from shared.views import places  # noqa: PLC0415

    with own_house() as house, house.database(known(service)).reading() as tx:
        read = {(view, source): position for view, source, position in tx.rows("SELECT view, source, position FROM positions")}
        stops = {(stop.view, stop.source): stop for stop in places.stops(tx)}
    rows = [
        {"view": view, "source": source, "position": read.get((view, source)), "stopped": _why(stops.get((view, source)))}
        for view, source in sorted(read.keys() | stops.keys())
    ]
    if as_json:
        print_json(rows)
    else:
        parts = ("view", "source", "position", "stopped")
        show(
            f"Views of {service}",
            ("View", "Source", "Position", "Stands still"),
            ([str(row[part] or "") for part in parts] for row in rows),
        )
    if stops:
        raise typer.Exit(BROKEN)


@commands.command("pass-over")
def views_pass_over(
    service: str,
    view: str,
    source: Annotated[str, typer.Argument(help="Whose fact it is.")],
    position: Annotated[int, typer.Argument(help="Where the view stands still.")],
    reason: Annotated[str, typer.Option(help="Why the view can do without this fact: a code, such as defect_142.")],
) -> None:
    """Decide that a view goes on without the one fact it stopped at; the decision is recorded."""
    from shared.views import places  # noqa: PLC0415

    if not reason.replace("_", "").replace("-", "").isalnum():
        fail("a reason is a code, such as defect_142")
    with own_house() as house:
        name = house.view_of(known(service), view).name
        places.pass_over(house.database(service), name, source, position, actor="administrator", reason=reason)
    err.print("recorded; the view goes on")


@commands.command("rebuild")
def views_rebuild(
    service: str,
    view: Annotated[str | None, typer.Argument(help="Which one; all that can be made again, if not given.")] = None,
    *,
    compare_only: Annotated[bool, typer.Option("--compare-only", help="Compare with the live view and change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Fold views anew beside the live ones, compare, and put them in their place; exits with 3 when they differed."""
    with own_house() as house:
        house.calls.start()
        names = [view] if view else [name for _, name in house.repeatable([known(service)])]
        rebuilt = [house.rebuild(known(service), name, swap=not compare_only) for name in names]
    pairs = {name: (live, one.fresh[name]) for one in rebuilt for name, live in one.live.items()}
    if as_json:
        print_json({name: {"live": live.rows, "rebuilt": fresh.rows, "equal": live == fresh} for name, (live, fresh) in pairs.items()})
    else:
        for name, (live, fresh) in pairs.items():
            out.print(f"{name}: {live.rows} rows live, {fresh.rows} rows rebuilt, {'equal' if live == fresh else 'DIFFERENT'}")
    if not all(one.equal for one in rebuilt):
        raise typer.Exit(BROKEN)


def _why(stop: Stop | None) -> str | None:
    return f"before the {stop.type or 'first'} at {stop.position}: {stop.fault}" if stop else None
