"""Exports as a region would write them, made by hand: lines of several sources, sealed boxes, older checkpoints, two witnesses."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services.audit.ledger.checkpoint import Checkpoint
from services.audit.ledger.note import LOG, WITNESS, Signer, sign
from services.audit.ledger.tiles import FULL, Tiles, entries_path

REGION = "ABH"
ORIGIN = f"comhar/{REGION}"
BEGAN = datetime(2025, 1, 15, 9, 0, tzinfo=UTC)


@dataclass
class MadeLog:
    """A log that grows in memory, and is written as an export."""

    seed: int = 1
    lines: list[bytes] = field(default_factory=list)
    boxes: list[list[bytes]] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    checkpoints: dict[int, bytes] = field(default_factory=dict)
    envelope: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.key = Signer(ORIGIN, LOG, self.chance.randbytes(32))
        self.witnesses = [Signer(name, WITNESS, self.chance.randbytes(32)) for name in ("nation.example/witness", "cuan.example/witness")]

    @property
    def vkey(self) -> str:
        return self.key.verifier.text

    @property
    def policy(self) -> str:
        witnesses = [f"witness w{number} {signer.verifier.text}" for number, signer in enumerate(self.witnesses)]
        return "\n".join([f"log {self.vkey}", *witnesses, "group both all w0 w1", "quorum both", ""])

    def uuid(self) -> str:
        return str(UUID(bytes=self.chance.randbytes(16), version=4))

    def add(self, source: str, kind: str, /, *boxes: bytes, stream: str | None = None, **data: Any) -> int:
        """A fact of `source`, as its line; its entry number."""
        if source not in {"audit", *self.positions}:
            self.positions[source] = 0
            self.add("audit", "audit.SourceAdopted.v1", source=source, store=self.uuid(), after=0)
        position = self.positions[source] = self.positions.get(source, 0) + 1
        stream = stream or self.uuid()
        when = (BEGAN + timedelta(hours=len(self.lines))).isoformat().replace("+00:00", "Z")
        told = {
            "stream": stream,
            "version": 1,
            "happened": when,
            "recorded": when,
            "actor": "cli",
            "role": "regional_operator",
            **self.envelope,
            **data,
        }
        state = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
        head = f'{{"specversion":"1.0","type":"{kind}","source":"/{REGION}/{source}","id":"{stream}.1","subject":"{stream}"'
        self.lines.append(f'{head},"sequence":"{position}","datacontenttype":"application/json","data":{state}}}'.encode())
        self.boxes.append(list(boxes))
        return len(self.lines)

    def seal(self, subject: str | None = None) -> tuple[dict[str, str], bytes]:
        """What a fact says of a sealed part, and its box."""
        box = self.chance.randbytes(self.chance.randrange(60, 200))
        digest = hashlib.sha256(box).hexdigest()
        return {
            "handle": self.uuid(),
            "subject": subject or self.uuid(),
            "commitment": self.chance.randbytes(32).hex(),
            "digest": digest,
        }, box

    def grow(self, entries: int) -> None:
        """Ordinary life, until there are so many entries."""
        partnership = self.uuid()
        while len(self.lines) < entries:
            match self.chance.randrange(8):
                case 0 | 1:
                    part, box = self.seal()
                    self.add("feedback", "feedback.FeedbackReceived.v1", box, partnership=partnership, text=part)
                case 2:
                    part, box = self.seal()
                    self.add("partnerships", "partnerships.MemberJoined.v1", box, partnership=partnership, member=self.uuid(), name=part)
                case 3:
                    self.add("gateway", "gateway.TokenCreated.v1", label="clinic")
                case _:
                    self.add("sessions", "sessions.AttendanceRecorded.v1", partnership=partnership, member=self.uuid(), status="attended")

    def sign(self, root: bytes, size: int | None = None, *, witnessed: bool = True) -> bytes:
        """The checkpoint over the first entries."""
        text = Checkpoint(ORIGIN, len(self.lines) if size is None else size, root).text
        return sign(text, self.key, *(self.witnesses if witnessed else ()), at=BEGAN + timedelta(hours=size or len(self.lines)))

    def write(self, folder: Path, older: Sequence[int] = (), *, sealed: bool = True, figures: Iterable[tuple[str, bytes]] = ()) -> Path:
        """The export; `older` are the sizes of older checkpoints in it."""
        folder.mkdir(parents=True)
        size, tiles = len(self.lines), Tiles(folder)
        root = tiles.write(0, size, iter(self.lines))
        (folder / "checkpoint").write_bytes(self.sign(root))
        (folder / "policy").write_text(self.policy)
        (folder / "README").write_text("How to verify this.\n")
        (folder / "checkpoints").mkdir()
        for old in older:
            self.checkpoints[old] = self.sign(tiles.root(old), old)
            (folder / f"checkpoints/{old}").write_bytes(self.checkpoints[old])
        for name, content in figures:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        if sealed:
            self._write_boxes(folder)
        sum_up(folder)
        return folder

    def _write_boxes(self, folder: Path) -> None:
        for index in range(-(-len(self.lines) // FULL)):
            here = [box for boxes in self.boxes[index * FULL : (index + 1) * FULL] for box in boxes]
            if here:
                name = entries_path(index, min(FULL, len(self.lines) - index * FULL)).replace("tile/entries", "sealed")
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(b"".join(len(box).to_bytes(4, "big") + box for box in here))


def sum_up(folder: Path) -> None:
    """SHA256SUMS over what is outside the tree and the sealed boxes."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in _listed(folder)]
    (folder / "SHA256SUMS").write_text("".join(lines))


def _listed(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] not in {"tile", "sealed", "SHA256SUMS"}:
            yield path
