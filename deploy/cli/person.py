"""What a person may ask for themselves: everything that is held about them, and to be forgotten."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.vocabulary import AccessReason, ErasureBasis, SystemRole
from deploy.cli.terminal import UNREACHABLE, Json, fail, known, out, own_house, print_json, running_region, show, words

if TYPE_CHECKING:
    from deploy.client import Region

_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.25

commands = typer.Typer(no_args_is_help=True, help="What a person may ask for themselves.")
Member = Annotated[str, typer.Argument(help="The person's id: as a member, or as the author of feedback.")]


@commands.command("erase")
def erase(
    member: Member,
    basis: Annotated[ErasureBasis, typer.Option(help="On what ground.")],
    as_json: Json = False,
) -> None:
    """Forget a person in every service; returns when it is done. Figures and proofs stay what they were."""
    with running_region(SystemRole.data_protection_officer) as region:
        region.post(f"/v1/persons/{member}/erasure", {"basis": basis})
        report = _completed(region, member)
    if as_json:
        print_json(report)
        return
    rows = ((one["service"], str(one["keys"]), str(one["boxes"])) for one in report["erased"])
    show(f"forgotten on the ground of {words(report['basis'])}", ("Service", "Keys destroyed", "Words destroyed"), rows)
    for one in report["kept"]:
        out.print(f"kept: {one['record']}, because of {one['reason']}" + (f", until {one['until']}" if one["until"] else ""))
    out.print(f"the last back-up that may hold a key expires on {report['backups_until']}")


@commands.command("forget-again")
def forget_again(service: Annotated[str, typer.Argument(help="partnerships, sessions or feedback")]) -> None:
    """After restoring a back-up: destroy once more, in one service, the keys and words of everybody who was forgotten."""
    from shared.forgetting import Forgetting  # noqa: PLC0415

    with own_house() as house:
        application = house.part(known(service))
        if not isinstance(application, Forgetting):
            fail(f"{service} seals no words")
        out.print(f"{application.forget_again()} persons are forgotten")


@commands.command("export")
def export(
    member: Member,
    file: Annotated[Path, typer.Argument(help="Where to write it; nobody else may read it.", dir_okay=False)],
    reason: Annotated[AccessReason, typer.Option(help="Why it is opened; recorded.")] = AccessReason.subject_request,
) -> None:
    """Everything that is held about a person, opened, and who looked at it, as JSON."""
    with running_region(SystemRole.data_protection_officer) as region:
        answer = region.get(f"/v1/persons/{member}/data", reason=reason)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as written:
        json.dump(answer, written, indent=1, ensure_ascii=False)
    out.print(f"{len(answer['held'])} entries and {len(answer['looked_at'])} looks in {file}", soft_wrap=True)


def _completed(region: Region, member: str) -> Any:
    """The report of an erasure that every service has carried out."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (report := region.get(f"/v1/persons/{member}/erasure"))["completed"]:
        if time.monotonic() > deadline:
            fail("not every service has done its part yet; it goes on, ask again", UNREACHABLE)
        time.sleep(_LOOK_SECONDS)
    return report
