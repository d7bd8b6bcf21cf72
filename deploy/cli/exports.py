"""The region's history, taken out of it: whole for an auditor, or what one figure rests on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from contracts.vocabulary import AccessReason, Shape
from deploy.cli.terminal import UNREACHABLE, Json, administrator, fail, out, own_house, print_json, progress_of, running_region, troubles

if TYPE_CHECKING:
    from deploy.client import Region
    from deploy.export import Boxes, Source
    from deploy.wiring import House

commands = typer.Typer()
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty, or not there yet.")]
Reason = Annotated[AccessReason, typer.Option(help="Why the history is taken out: it is recorded, with who did it.")]


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
        with _taking_out(folder, "audit.export", reason) as source:
            entries = export_as(source, shape, folder)
        file = folder / shape.file
        print_json({"file": str(file), "entries": entries}) if as_json else out.print(f"{entries:,} entries are in {file}")
        return
    with _taking_out(folder, "audit.export", reason, sealed=sealed) as source, progress_of("entries") as progress:
        head = export(source, folder, progress)
    if as_json:
        print_json({"folder": str(folder), "origin": head.origin, "size": head.size, "root": head.root.hex()})
    else:
        out.print(f"{head.size:,} entries of {head.origin}, root {head.root.hex()}, are in {folder}; its README says how to check them")


@commands.command("evidence")
def audit_evidence(figure: Annotated[UUID, typer.Argument(help="The id of a publication.")], folder: Folder, reason: Reason) -> None:
    """Write to DIR what a published figure rests on: its definitions, and every entry with a proof that it is in the history."""
    from deploy.export import evidence  # noqa: PLC0415

    with _taking_out(folder, "audit.evidence", reason, about=figure) as source:
        entries = evidence(source, str(figure), folder)
    out.print(f"{entries:,} entries, each with its proof, are in {folder}")


@contextmanager
def _taking_out(folder: Path, operation: str, reason: AccessReason, *, sealed: bool = False, about: UUID | None = None) -> Iterator[Source]:
    """Where it comes from: over the API for whoever has a token; otherwise from the region's own data, whether or not it runs."""
    if "COMHAR_TOKEN" not in os.environ:
        with own_house() as house:
            yield _own(house, operation, reason, sealed=sealed, about=about)
        return
    from deploy.export import ExportRefused  # noqa: PLC0415

    if sealed:
        fail("sealed boxes are taken out beside the region's data only, without COMHAR_TOKEN")
    kept = folder.with_name(f"{folder.name}.fetched")
    with troubles(), running_region() as region:
        try:
            yield _asked(region, kept, reason, about)
        except ExportRefused:
            shutil.rmtree(kept, ignore_errors=True)
            raise
    # If we die before this, what was fetched is there for the next time.
    shutil.rmtree(kept, ignore_errors=True)


def _asked(region: Region, kept: Path, reason: AccessReason, figure: UUID | None) -> Source:
    from deploy.client import Refused  # noqa: PLC0415
    from deploy.export import Source, fetched  # noqa: PLC0415

    def read(path: str) -> bytes:
        try:
            return region.read(f"/ledger/{path}")
        except Refused as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                raise LookupError(path) from None
            raise

    answer = region.get("/v1/audit/export", reason=reason.value, figure=figure)
    older = ((one["note"].encode(), one["witnessed"]) for one in region.every("/v1/audit/checkpoints"))
    return Source(answer["checkpoint"].encode(), fetched(read, kept), older, answer["policy"])


def _own(house: House, operation: str, reason: AccessReason, *, sealed: bool, about: UUID | None) -> Source:
    """That it is taken out is recorded first: if we die between the two, too much is recorded and not too little."""
    from deploy.export import Source  # noqa: PLC0415
    from deploy.ledger_keys import ledger_policy  # noqa: PLC0415
    from services.audit.ledger.tiles import Tiles  # noqa: PLC0415
    from services.audit.publishing.agreement import CHECKPOINT  # noqa: PLC0415
    from services.audit.views import Ledger  # noqa: PLC0415

    settings = house.settings
    try:
        checkpoint = (settings.ledger_folder / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        fail(f"there is no checkpoint in {settings.ledger_folder} yet; name its folder with COMHAR_LEDGER", UNREACHABLE)
    house.accesses.record(operation=operation, context=administrator().model_copy(update={"reason": reason.value}), about=about)
    older = [(kept.note.encode(), kept.witnessed) for kept in Ledger(house.database("audit")).checkpoints()]
    boxes = _boxes(house) if sealed else None
    return Source(checkpoint, Tiles(settings.ledger_folder).entries, older, ledger_policy(settings), boxes)


def _boxes(house: House) -> Boxes:
    def boxes(source: str, handles: Sequence[UUID]) -> Mapping[UUID, bytes]:
        return {handle: box.ciphertext for handle, box in house.recorder(source).boxes(handles).items()}

    return boxes
