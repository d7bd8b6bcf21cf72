"""Data into a region and figures out of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from contracts.vocabulary import SystemRole
from deploy.cli.terminal import (
    Json,
    Partnership,
    clock,
    err,
    fail,
    out,
    partnership_id,
    print_json,
    progress_of,
    running_region,
    show,
    words,
)

if TYPE_CHECKING:
    from deploy.client import Region

DEMO = Path(__file__).parents[1] / "demo" / "abhainn_2025.json"

commands = typer.Typer()
demo = typer.Typer(no_args_is_help=True, help="Example data.")
imports = typer.Typer(no_args_is_help=True, help="Data from elsewhere.")


@demo.command("load")
def load_demo(
    file: Annotated[Path, typer.Argument(help="A year of one partnership, as JSON.", exists=True, dir_okay=False)] = DEMO,
    as_json: Json = False,
) -> None:
    """Load a year into a running region; again, it stores nothing twice. Answers with the partnership's id.

    Whoever claims a payment does not approve it: with a token in COMHAR_TOKEN, a finance officer's is in COMHAR_FINANCE_TOKEN.
    """
    with running_region() as region, running_region(SystemRole.finance_officer, variable="COMHAR_FINANCE_TOKEN") as finance:
        partnership = load_year(file, region, finance)
    print_json({"partnership": partnership}) if as_json else out.print(partnership)


@imports.command("fft")
def import_fft(
    file: Annotated[Path, typer.Argument(help="An export of the Friends and Family Test, CSV.", exists=True, dir_okay=False)],
    partnership: Partnership,
    source: Annotated[str, typer.Option(help="Names the survey; comments are known by their ids within it.")] = "fft",
    zone: Annotated[str, typer.Option("--time-zone", help="Where its dates are days; the survey is England's.")] = "Europe/London",
    as_json: Json = False,
) -> None:
    """Take in the comments of a survey; killed or run again, it ends the same."""
    from deploy import fft  # noqa: PLC0415
    from deploy.importing import take_in  # noqa: PLC0415

    with running_region() as region, progress_of("comments") as progress:
        try:
            done = take_in(
                file, region, partnership=partnership_id(region, partnership), source=source, zone=ZoneInfo(zone), progress=progress
            )
        except fft.WrongFile as fault:
            fail(str(fault))
    if as_json:
        print_json(done)
        return
    kept = f"{done['stored']} stored + {done['known']} known before"
    out.print(f"{done['read']} rows read = {kept} + {done['refused']} refused + {done['blank']} blank")
    if done["unrated"]:
        out.print(f"{done['unrated']} comments kept without a rating, because theirs is not 1 to 5")
    for row, reason in done["refusals"]:
        out.print(f"  line {row}: {reason}")


@commands.command()
def report(
    *,
    partnership: Partnership,
    period: Annotated[str, typer.Option(help="2025Q1 or 2025")],
    as_known_at: Annotated[str | None, typer.Option(help="An instant, such as 2025-06-30T23:59:59Z.")] = None,
    as_of_entry: Annotated[int | None, typer.Option(help="Computed from exactly the first entries of the region's history.")] = None,
    effective: Annotated[str | None, typer.Option(help="A day: only what had happened by its end, whenever it was recorded.")] = None,
    raw: Annotated[bool, typer.Option(help="Show cells that disclosure rules hide, if the role may see them.")] = False,
    publish: Annotated[bool, typer.Option(help="Publish it first, computed from the newest checkpoint; what was published stays.")] = False,
    as_json: Json = False,
) -> None:
    """The figures of a partnership."""
    with running_region() as region:
        path = f"/v1/partnerships/{partnership_id(region, partnership)}/reports/{period}"
        if publish:
            _publish(region, path, as_of_entry)
        asked: dict[str, Any] = {"as_known_at": as_known_at, "as_of_entry": as_of_entry, "effective": effective}
        answer = region.get(path, **asked, raw="true" if raw else None)
    if as_json:
        print_json(answer)
        return
    names = {definition["code"]: definition["name"] for definition in answer["definitions"]}
    title = f"{answer['name']}, {period}, as known on {clock(answer['as_known_at'])}"
    show(title, ("Code", "Indicator", "n", "d", "Value", "Unit", "Status"), (_figure(one, names) for one in answer["figures"]))


def _figure(figure: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    cells = ("" if figure[part] is None else str(figure[part]) for part in ("n", "d", "value"))
    marks = ", ".join((*(("low base",) if figure["low_base"] else ()), *figure.get("flags", ())))
    return figure["code"], names[figure["code"]], *cells, figure["unit"], words(figure["status"]) + (f" ({marks})" if marks else "")


def _publish(region: Region, path: str, as_of_entry: int | None) -> None:
    done = region.post(f"{path}/publications", {} if as_of_entry is None else {"as_of_entry": as_of_entry})
    err.print(f"published as figure [bold]{done['made']}[/]", soft_wrap=True)


def load_year(file: Path, region: Region, finance: Region) -> str:
    from deploy import demo as demo_year  # noqa: PLC0415

    try:
        year = json.loads(file.read_text())
    except ValueError:
        fail(f"{file} is not JSON")
    with progress_of("commands") as progress:
        return demo_year.load(year, region, finance, progress)
