"""What to do next, and the frameworks that say what to aim for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.terminal import Json, Partnership, err, fail, out, partnership_id, print_json, running_region, show, tell

COMMANDS = {
    "place_anew": "org-units list",
    "ask_for_consent": "partnership due {0}",
    "meet_access_needs": "member show {0} {1}",
    "decide_claims": "payment list --partnership {0} --state claimed",
    "pay_claims": "payment list --partnership {0} --state approved",
    "declare_interests": "partnership due {0}",
    "renew_declarations": "partnership due {0}",
    "settle_past_sessions": "session list --partnership {0} --coming",
    "see_to_actions": "action list --partnership {0} --overdue",
    "plan_session": "session plan --partnership {0} --kind … --mode … --starts … --invite-all",
    "draft_minutes": "session draft-minutes {1} ….txt --partnership {0}",
    "agree_minutes": "session accept-minutes {1} --member … --partnership {0}",
    "rate_degree": "partnership work {0}",
    "agree_degree": "partnership work {0}",
}
"""Where at the command line to begin with a step; for the other steps it is a page or a program."""

commands = typer.Typer()
frameworks = typer.Typer(no_args_is_help=True, help="What partnerships aim for, and how they come there.")


@commands.command("next")
def show_next(
    partnership: Partnership,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many steps.")] = 3,
    as_json: Json = False,
) -> None:
    """What a partnership should do next: why, how, and where."""
    with running_region() as region:
        answer = region.get(f"/v1/partnerships/{partnership_id(region, partnership)}/next", limit=limit)
    if as_json:
        print_json(answer)
        return
    for number, step in enumerate(answer["steps"], 1):
        concerned = f" ({len(step['things'])})" if step["things"] else ""
        out.print(f"{number}. {step['why']}{concerned}", markup=False, soft_wrap=True)
        out.print(f"   {step['how']}", markup=False, soft_wrap=True)
        if command := COMMANDS.get(step["code"]):
            tell(f"   comhar {command.format(answer['partnership'][:8], *(thing[:8] for thing in step['things']))}")
        out.print(f"   {step['at']}  [{step['code']}; {step['source']}]", markup=False, highlight=False, soft_wrap=True, style="dim")
    err.print("Nothing waits." if not answer["steps"] else f"{answer['more']} more" if answer["more"] else "That is all.")


@frameworks.command("import")
def import_frameworks(
    files: Annotated[
        list[Path] | None, typer.Argument(help="JSON; without any, those that are shipped.", exists=True, dir_okay=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in frameworks, an edition in each file; again, it stores nothing twice."""
    from deploy.frameworks import SHIPPED, WrongFile, take_in  # noqa: PLC0415

    with running_region() as region:
        try:
            done = take_in(files or SHIPPED, region)
        except WrongFile as fault:
            fail(str(fault))
    if as_json:
        print_json(done)
    else:
        out.print(f"{done['read']} read = {done['stored']} stored + {done['known']} known before + {done['refused']} refused")
        for name, reason in done["refusals"]:
            out.print(f"  {name}: {reason}", markup=False, soft_wrap=True)


@frameworks.command("list")
def list_frameworks(on: Annotated[str | None, typer.Option(help="A day; today otherwise.")] = None, as_json: Json = False) -> None:
    """The frameworks that are valid."""
    with running_region() as region:
        answer = region.get("/v1/frameworks", on=on)
    if as_json:
        print_json(answer)
        return
    rows = ((o["framework"], str(o["edition"]), o["kind"], o["name"], o["source"], o["valid_from"]) for o in answer["items"])
    show("Frameworks", ("Framework", "Edition", "For", "Name", "Source", "From"), rows)
