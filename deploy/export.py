"""The region's history as a folder that anybody can check: C2SP's files, older checkpoints, published figures, perhaps sealed boxes.

Entries and tiles are written anew from the entries themselves, up to one checkpoint, and the folder appears under its name only when
it is whole and its root is the one that was signed: an export that is there is an export.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from contracts.vocabulary import Shape
from deploy.shapes import shaped
from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.durable import put
from services.audit.ledger.note import split
from services.audit.ledger.policy import QUORUM_NONE
from services.audit.ledger.proof import EntryProof
from services.audit.ledger.tiles import FULL, Tiles, entries_path
from services.reporting.domain.publication import each, figure_files
from shared.ranges import opened

README = Path(__file__).with_name("export_readme.txt")
EVIDENCE_README = Path(__file__).with_name("evidence_readme.txt")
VERIFIERS = tuple(Path(__file__).with_name(name) for name in ("verify.py", "verify_proofs.py"))
Progress = Callable[[int, int], None]
Boxes = Callable[[str, Sequence[UUID]], Mapping[UUID, bytes]]
"""The sealed boxes of a source, by handle; those that are gone are missing."""
_SEALED = re.compile(rb'\{"handle":"([0-9a-f-]{36})","subject":"[0-9a-f-]{36}","commitment":"[0-9a-f]{64}","digest":"[0-9a-f]{64}"\}')
_SOURCE = re.compile(rb'"source":"/[^"/]+/([^"]+)"')
_KEYS = b'"type":"audit.LedgerKey'
_REPORTING = b'"type":"reporting.'


class ExportRefused(ValueError):
    """Why there is no export, in a sentence."""


@dataclass(frozen=True)
class Source:
    """Where an export comes from: the last checkpoint, entries by number, older checkpoints with when they were witnessed."""

    checkpoint: bytes
    entries: Callable[[int, int], Iterator[bytes]]
    older: Iterable[tuple[bytes, bool]] = ()
    policy: str = QUORUM_NONE
    boxes: Boxes | None = None

    @property
    def head(self) -> Checkpoint:
        return Checkpoint.parse(split(self.checkpoint)[0])


def export(source: Source, folder: Path, progress: Progress) -> Checkpoint:
    """Write the export to `folder`, which must be empty or missing; raises `ExportRefused`, also when the entries are not as signed."""
    fresh, head, noted = _begin(folder), source.head, _Noted()
    root = Tiles(fresh).write(0, head.size, noted.watching(source.entries(1, head.size), head.size, progress))
    if root != head.root:
        shutil.rmtree(fresh)
        raise ExportRefused("the entries are not those that the checkpoint signed; see `comhar audit completeness`")
    _put(fresh, "checkpoint", source.checkpoint)
    _put(fresh, "policy", noted.policy(source.policy))
    for note, witnessed in source.older:
        size = Checkpoint.parse(split(note)[0]).size
        if size < head.size:
            _put(fresh, f"checkpoints/{size}" if witnessed or source.policy == QUORUM_NONE else f"checkpoints/{size}.unwitnessed", note)
    for name, content in figure_files(noted.reporting):
        _put(fresh, name, content)
    _put(fresh, "README", README.read_bytes())
    if source.boxes:
        _write_boxes(fresh, head.size, source.boxes)
    _finish(fresh, folder)
    return head


def evidence(source: Source, figure: str, folder: Path) -> int:
    """Write what one published figure rests on: each entry with its proof, the definitions, and what is needed to check them."""
    head, noted = source.head, _Noted()
    fresh = _begin(folder)
    tiles = Tiles(fresh / "ledger")
    tiles.write(0, head.size, noted.watching(source.entries(1, head.size), head.size, lambda _done, _all: None))
    files = {name: from_json(content) for name, content in figure_files(noted.reporting)}
    if (found := files.get(f"figures/{figure}.json")) is None:
        shutil.rmtree(fresh)
        raise ExportRefused("no figure of that id is published")
    report = from_json(found["report"])
    _put(fresh, "figure.json", dict(figure_files(noted.reporting))[f"figures/{figure}.json"])
    _put(fresh, "report.json", found["report"].encode())
    _put(fresh, "definitions.json", to_json(report["definitions"], indent=1))
    numbers = sorted(_behind(found))
    for number in numbers:
        line = next(tiles.entries(number, number))
        proof = EntryProof(number - 1, tuple(tiles.inclusion_proof(number - 1, head.size)), source.checkpoint, line)
        _put(fresh, f"entries/{number}.json", line)
        _put(fresh, f"entries/{number}.tlog-proof", proof.to_bytes())
    shutil.rmtree(fresh / "ledger")
    _put(fresh, "checkpoint", source.checkpoint)
    _put(fresh, "policy", noted.policy(source.policy))
    _put(fresh, "README", EVIDENCE_README.read_bytes())
    for program in VERIFIERS:
        shutil.copy(program, fresh / program.name)
    _finish(fresh, folder)
    return len(numbers)


def export_as(source: Source, shape: Shape, folder: Path) -> int:
    """Write the entries up to the last checkpoint in another shape, as the one file in `folder`; how many there are."""
    size, fresh = source.head.size, _begin(folder)
    with (fresh / shape.file).open("wb") as file:
        for piece in shaped(shape, lambda: enumerate(source.entries(1, size), 1)):
            file.write(piece)
    # If we die here, there is a folder called unfinished, which the next export removes.
    fresh.replace(folder)
    return size


def fetched(read: Callable[[str], bytes], kept: Path) -> Callable[[int, int], Iterator[bytes]]:
    """Entries by number out of the ledger's files, which `read` fetches by path and raises LookupError for one that is not there.

    Every bundle is kept in the folder `kept` before it is used, so that an export that was cut off goes on where it was.
    """
    tiles = Tiles(kept)

    def bundle(index: int, width: int) -> None:
        names = [entries_path(index, width), entries_path(index)]  # a part goes once the whole is there
        if any((kept / name).exists() for name in names):
            return
        for name in names:
            with suppress(LookupError):
                content = read(name)
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                # If we die here, the file is there whole under this name, or not at all, and is fetched again.
                put(kept / name, content)
                return
        raise ExportRefused(f"the region has no {names[0]}")

    def entries(first: int, last: int) -> Iterator[bytes]:
        for index in range((first - 1) // FULL, -(-last // FULL)):
            begins, ends = max(first, index * FULL + 1), min(last, (index + 1) * FULL)
            bundle(index, ends - index * FULL)
            yield from tiles.entries(begins, ends)

    return entries


class _Noted:
    """What is noted of entries while they pass: the ledger's keys, and everything of reporting."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}
        self.reporting: list[tuple[int, bytes]] = []

    def watching(self, entries: Iterable[bytes], size: int, progress: Progress) -> Iterator[bytes]:
        for number, line in enumerate(entries, 1):
            head = line[:100]
            if _KEYS in head:
                kind, state = opened(line)
                key = from_json(state)["key"]
                if kind.endswith("Added.v1"):
                    self._keys[key] = None
                else:
                    self._keys.pop(key, None)
            elif _REPORTING in head:
                self.reporting.append((number, line))
            if number % FULL == 0 or number == size:
                progress(number, size)
            yield line

    def policy(self, witnesses: str) -> bytes:
        """The policy of whoever exports, with the keys that the ledger says sign it."""
        kept = [line for line in witnesses.splitlines() if not line.startswith("log ")]
        return "".join(f"{line}\n" for line in (*(f"log {key}" for key in self._keys), *kept)).encode()


def _behind(figure: Mapping[str, Any]) -> set[int]:
    """The entries that hold a figure, and those behind its numbers."""
    runs = tuple(run for cell in figure["cells"] for what in ("entries", "rests_on") for run in cell[what])
    return {figure["entry"], *figure["traces"], *each(runs)}


def _begin(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportRefused(f"{folder} is not an empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(fresh, ignore_errors=True)  # what is left of an export that died is of no use to anybody
    fresh.mkdir()
    return fresh


def _put(folder: Path, name: str, content: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _finish(fresh: Path, folder: Path) -> None:
    listed = [path for path in sorted(fresh.rglob("*")) if path.is_file() and path.relative_to(fresh).parts[0] not in {"tile", "sealed"}]
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(fresh).as_posix()}\n" for path in listed)
    _put(fresh, "SHA256SUMS", "".join(sums).encode())
    # If we die here, there is a folder called unfinished, which the next export removes.
    fresh.replace(folder)


def _write_boxes(folder: Path, size: int, boxes: Boxes) -> None:
    """The boxes of every sealed part, beside the entries that name them and in their order; nothing stands for one that is gone."""
    tiles = Tiles(folder)
    for index in range(-(-size // FULL)):
        width = min(FULL, size - index * FULL)
        named = list(_named(tiles.entries(index * FULL + 1, index * FULL + width)))
        found = {source: boxes(source, [handle for one, handle in named if one == source]) for source in {source for source, _ in named}}
        content = b"".join(_framed(found[source].get(handle, b"")) for source, handle in named)
        if content:
            _put(folder, entries_path(index, width).replace("tile/entries", "sealed"), content)


def _named(lines: Iterable[bytes]) -> Iterator[tuple[str, UUID]]:
    for line in lines:
        for handle in _SEALED.findall(line):
            if source := _SOURCE.search(line):
                yield source[1].decode(), UUID(handle.decode())


def _framed(box: bytes) -> bytes:
    return len(box).to_bytes(4, "big") + box
