"""The region's history, taken out of it: whole for an auditor, or what one figure rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from contracts.vocabulary import AccessReason
from deploy.cli.terminal import UNREACHABLE, Json, administrator, fail, out, own_house, print_json, progress_of
from deploy.shapes import Shape

if TYPE_CHECKING:
    from deploy.export import Boxes, Source
    from deploy.wiring import House

commands = typer.Typer()
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty, or not there yet.")]
Reason = Annotated[AccessReason, typer.Option(help="Why the history is taken out: it is recorded, with who did it.")]
_QUORUM_NONE = "quorum none\n"


@commands.command("export")
def audit_export(
    folder: Folder,
    reason: Reason,
    sealed: Annotated[bool, typer.Option("--sealed", help="With the sealed boxes: encrypted words, which no key goes with.")] = False,
    shape: Annotated[Shape | None, typer.Option("--as", help="Write one file in this shape instead: for reading, not for proof.")] = None,
    as_json: Json = False,
) -> None:
    """Write the whole history to DIR, so that anybody can check it with nothing but verify.py and the region's public key."""
    from deploy.export import export, export_as  # noqa: PLC0415

    if shape:
        with _taking_out("audit.export", reason) as source:
            entries = export_as(source, shape, folder)
        file = folder / shape.file
        print_json({"file": str(file), "entries": entries}) if as_json else out.print(f"{entries:,} entries are in {file}")
        return
    with _taking_out("audit.export", reason, sealed=sealed) as source, progress_of("entries") as progress:
        head = export(source, folder, progress)
    if as_json:
        print_json({"folder": str(folder), "origin": head.origin, "size": head.size, "root": head.root.hex()})
    else:
        out.print(f"{head.size:,} entries of {head.origin}, root {head.root.hex()}, are in {folder}; its README says how to check them")


@commands.command("evidence")
def audit_evidence(figure: Annotated[UUID, typer.Argument(help="The id of a publication.")], folder: Folder, reason: Reason) -> None:
    """Write to DIR what a published figure rests on: its definitions, and every entry with a proof that it is in the history."""
    from deploy.export import evidence  # noqa: PLC0415

    with _taking_out("audit.evidence", reason, about=figure) as source:
        entries = evidence(source, str(figure), folder)
    out.print(f"{entries:,} entries, each with its proof, are in {folder}")


@contextmanager
def _taking_out(operation: str, reason: AccessReason, *, sealed: bool = False, about: UUID | None = None) -> Iterator[Source]:
    """Where it comes from. That it is taken out is recorded first: if we die between the two, too much is recorded and not too little."""
    from deploy.export import Source  # noqa: PLC0415
    from services.audit.ledger.tiles import Tiles  # noqa: PLC0415
    from services.audit.publishing.agreement import CHECKPOINT  # noqa: PLC0415
    from services.audit.views import Ledger  # noqa: PLC0415

    with own_house() as house:
        settings = house.settings
        try:
            checkpoint = (settings.ledger_folder / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            fail(f"there is no checkpoint in {settings.ledger_folder} yet; name its folder with COMHAR_LEDGER", UNREACHABLE)
        house.accesses.record(operation=operation, context=administrator().model_copy(update={"reason": reason.value}), about=about)
        policy = settings.ledger_policy_file.read_text(encoding="utf-8") if settings.ledger_policy_file else _QUORUM_NONE
        nobody_asked = policy == _QUORUM_NONE
        older = [(note, witnessed or nobody_asked) for note, witnessed in Ledger(house.database("audit")).checkpoints()]
        boxes = _boxes(house) if sealed else None
        yield Source(checkpoint, Tiles(settings.ledger_folder).entries, older, policy, boxes)


def _boxes(house: House) -> Boxes:
    def boxes(source: str, handles: Sequence[UUID]) -> Mapping[UUID, bytes]:
        return {handle: box.ciphertext for handle, box in house.recorder(source).boxes(handles).items()}

    return boxes
