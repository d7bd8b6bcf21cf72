"""The units in which a region's partnerships work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.terminal import Json, fail, out, print_json, progress_of, running_region, show

commands = typer.Typer(no_args_is_help=True, help="The units in which partnerships work.")


@commands.command("import")
def take_in(
    file: Annotated[
        Path, typer.Argument(help="CSV: unit, level, name, parent, from, until, successors; or JSON.", exists=True, dir_okay=False)
    ],
    complete: Annotated[bool, typer.Option("--complete", help="From now on partnerships work in units of the register only.")] = False,
    as_json: Json = False,
) -> None:
    """Take in a tree of units; run again, it stores nothing twice."""
    from deploy import org_units  # noqa: PLC0415

    with running_region() as region, progress_of("units") as progress:
        try:
            found = org_units.rows(file)
        except org_units.WrongFile as fault:
            fail(str(fault))
        done = org_units.take_in(found, region, progress)
        if complete and not done["refused"]:
            region.post("/v1/org-units/bind", {})
    if as_json:
        print_json(done)
    else:
        out.print(f"{done['read']} rows read = {done['stored']} stored + {done['known']} known before + {done['refused']} refused")
        for row, reason in done["refusals"]:
            out.print(f"  line {row}: {reason}", markup=False, soft_wrap=True)
        if complete and done["refused"]:
            fail("the register was not said to be complete, because of what was refused")


@commands.command("list")
def list_units(
    on: Annotated[str | None, typer.Option(help="A day, such as 2025-03-01; today otherwise.")] = None,
    known_at: Annotated[str | None, typer.Option(help="An instant, such as 2025-06-30T23:59:59Z.")] = None,
    as_json: Json = False,
) -> None:
    """The units valid on a day, as a tree."""
    with running_region() as region:
        tree = region.get("/v1/org-units", on=on, known_at=known_at)
    if as_json:
        print_json(tree)
        return
    rows = (("  " * o["depth"] + o["unit"], o["name"], o["level"], o["since"], o["until"] or "") for o in tree["units"])
    show(f"Units on {tree['on']}", ("Unit", "Name", "Level", "Since", "Until"), rows)
