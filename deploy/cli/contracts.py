"""The published language: is it as released, and what is generated from it."""

from __future__ import annotations

import typer

from deploy.cli.terminal import BROKEN, err, fail, troubles

commands = typer.Typer(no_args_is_help=True, help="The published language.")


@commands.command("check")
def check_contracts() -> None:
    """Whether the generated files are up to date, and no released message was broken."""
    from deploy import published  # noqa: PLC0415

    with troubles():
        wrong = published.check()
    if wrong:
        fail("\n".join(wrong), BROKEN)
    err.print("the published language is as released")


@commands.command("release")
def release_contracts() -> None:
    """Promise today's messages: from now on a change that breaks one of them fails the check."""
    from deploy import published  # noqa: PLC0415

    with troubles():
        published.release()
    err.print("released; commit contracts/released")


@commands.command("write")
def write_contracts() -> None:
    """Write the generated schemas and documents anew."""
    from deploy import published  # noqa: PLC0415

    published.write()
