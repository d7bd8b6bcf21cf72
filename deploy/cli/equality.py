"""What members answered about equality, counted for the whole region, as whoever reports on it asks."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.terminal import Json, done, print_json, running_region, show, tell, words

commands = typer.Typer(no_args_is_help=True, help="What members answered about equality, counted for the whole region.")

Quarter = Annotated[str, typer.Argument(help="2025Q3")]


@commands.command("show")
def show_counts(quarter: Quarter, as_json: Json = False) -> None:
    """How many gave which answer; what fewer than ten gave, or would give such a count away, is hidden."""
    with running_region() as region:
        found = region.get(f"/v1/equality/{quarter}")
    if as_json:
        print_json(found)
        return
    if found["counted"] != quarter:
        tell(f"too few changed since {found['counted']}: these are its counts")
    rows = (
        (words(one["ground"]), words(one["answer"]), "hidden" if one["people"] is None else str(one["people"])) for one in found["cells"]
    )
    show(f"Equality, {quarter}", ("Ground", "Answer", "People"), rows)


@commands.command("count")
def count(quarter: Quarter, as_json: Json = False) -> None:
    """Count once what members answered, for the quarter that ended last."""
    with running_region() as region:
        made = region.post(f"/v1/equality/{quarter}", {})
    done(made, "counted", as_json=as_json)
