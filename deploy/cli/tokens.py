"""Who may come in; needs the region's data or database, not its API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from contracts.vocabulary import SystemRole
from deploy.cli.terminal import Json, administrator, day, err, issue, out, own_house, print_json, show, words

commands = typer.Typer(no_args_is_help=True, help="Who may come in; needs the region's data or database, not its API.")


@commands.command("create")
def create_token(
    label: Annotated[str, typer.Argument(help="What it is for; a code, not a person's name.")],
    role: Annotated[SystemRole, typer.Option()],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it opens the door.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a token; it is shown once."""
    with own_house() as house:
        text = issue(house, label, role, timedelta(days=days))
    print_json({"token": text}) if as_json else out.print(text, soft_wrap=True)


@commands.command("revoke")
def revoke_token(id_: Annotated[str, typer.Argument(metavar="ID", help="As `token list` shows it.")]) -> None:
    """Take a token's access away, at once."""
    from contracts.gateway import RevokeToken  # noqa: PLC0415

    with own_house() as house:
        house.tokens.revoke_token(command=RevokeToken(token=id_), context=administrator())
    err.print("revoked")


@commands.command("list")
def list_tokens(as_json: Json = False) -> None:
    """All tokens, without their secrets."""
    with own_house() as house:
        tokens = [summary.model_dump(mode="json") for summary in house.tokens.list_tokens()]
    if as_json:
        print_json(tokens)
        return
    rows = ((o["id"], o["label"], words(o["role"]), day(o["created"]), day(o["expires"]), day(o["revoked"])) for o in tokens)
    show("Tokens", ("Token", "Label", "Role", "Created", "Expires", "Revoked"), rows)
