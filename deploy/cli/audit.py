"""The region's history, as an auditor asks for it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from contracts.vocabulary import SystemRole
from deploy.cli.terminal import BROKEN, Json, out, partnership_id, print_json, running_region

commands = typer.Typer(no_args_is_help=True, help="The region's history.")


@commands.command("completeness")
def audit_completeness(as_json: Json = False) -> None:
    """Whether every fact of every service is in the history; exits with 3 when not."""
    with running_region(SystemRole.governance_auditor) as region:
        answer = region.get("/v1/audit/completeness")
    if as_json:
        print_json(answer)
    else:
        table = Table(
            "Service",
            "First",
            "Last",
            "Facts",
            "Missing",
            title=f"{answer['entries']} entries, {'whole' if answer['whole'] else 'NOT WHOLE'}",
        )
        for source in answer["sources"]:
            missing = ", ".join(f"{first}-{last}" for first, last in source["holes"]) or "none"
            table.add_row(source["source"], str(source["first"]), str(source["last"]), str(source["facts"]), missing)
        out.print(table)
    if not answer["whole"]:
        raise typer.Exit(BROKEN)


@commands.command("accesses")
def audit_accesses(
    partnership: Annotated[str | None, typer.Option(help="Only looks at this partnership: its id, or its name.")] = None,
    member: Annotated[str | None, typer.Option(help="Only looks at this member, by id.")] = None,
    as_json: Json = False,
) -> None:
    """Who looked at what, and why; this look is recorded too."""
    with running_region(SystemRole.governance_auditor) as region:
        about = {"partnership": partnership and partnership_id(region, partnership), "member": member}
        looks = list(region.every("/v1/audit/accesses", **about))
    if as_json:
        print_json(looks)
        return
    columns = ("looked", "actor", "role", "operation", "reason", "partnership", "member", "about")
    table = Table(*(column.capitalize() for column in columns), title=f"{len(looks)} looks")
    for look in looks:
        table.add_row(*(look[column] or "" for column in columns))
    out.print(table)
