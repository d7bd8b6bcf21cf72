"""Random damage and forgery of an export: how often the verifier sees it, and whether it names the first wrong entry.

    python -m tests.campaigns.mutations [--number 10000] [--seed 1]

Chance damages any byte of any file; forgers change what they like and recompute what needs no key. Every round starts from the same
whole export and puts back what it changed. Raises AssertionError when something was not seen, or the wrong entry was named.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy import verify
from services.audit.ledger.note import LOG, Signer, sign
from services.audit.ledger.tiles import FULL, Tiles, bundle, unbundle
from tests.exports import ORIGIN, MadeLog, sum_up

ENTRIES, OLDER = 1_900, (300, 512, 1_100, 1_800)
Range = tuple[int, int] | None
"""Between which entries the verifier must see the first wrong one; None where no entry was touched."""


@dataclass
class Scene:
    """A whole export, what a forger may have, and what was changed in this round."""

    folder: Path
    log: MadeLog
    other: Path
    chance: random.Random
    before: dict[Path, bytes | None] = field(default_factory=dict)

    def put(self, path: Path, content: bytes | None) -> None:
        """Change a file, or take it away."""
        self.before.setdefault(path, path.read_bytes() if path.exists() else None)
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def put_back(self) -> None:
        for path, content in self.before.items():
            if content is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        self.before.clear()

    def resum(self) -> None:
        """What a forger does after touching a listed file."""
        self.put(self.folder / "SHA256SUMS", (self.folder / "SHA256SUMS").read_bytes())
        sum_up(self.folder)

    def files(self, under: str = "") -> list[Path]:
        return sorted(path for path in (self.folder / under).rglob("*") if path.is_file())

    def bundle(self) -> tuple[Path, int, list[bytes]]:
        """A bundle by chance: its file, how many entries are before it, its entries."""
        path = self.chance.choice(self.files("tile/entries"))
        number = int("".join(path.relative_to(self.folder / "tile/entries").parts[0].split(".")[:1]))
        return path, number * FULL, unbundle(path.read_bytes())

    def check(self) -> verify.Export:
        """The verifier's verdict for an auditor who has the key, the policy and one checkpoint."""
        kept = {"mine": self.log.checkpoints[OLDER[-1]]}
        found = verify.Export(self.folder, {verify.read_key(self.log.vkey)}, self.log.policy, kept)
        found.check(processes=1)
        return found


def bit_flip(scene: Scene) -> Range:
    return _damaged(scene, lambda content, at: content[:at] + bytes([content[at] ^ 1 << scene.chance.randrange(8)]) + content[at + 1 :])


def byte_lost(scene: Scene) -> Range:
    return _damaged(scene, lambda content, at: content[:at] + content[at + 1 :])


def byte_added(scene: Scene) -> Range:
    return _damaged(scene, lambda content, at: content[:at] + bytes([content[at] ^ 0x55]) + content[at:])


def file_cut_short(scene: Scene) -> Range:
    return _damaged(scene, lambda content, at: content[:at])


def file_lost(scene: Scene) -> Range:
    path = scene.chance.choice(scene.files())
    scene.put(path, None)
    return _touched(scene, path, scene.before[path] or b"", 0)


def file_added(scene: Scene) -> Range:
    path = scene.chance.choice(scene.files())
    scene.put(path.with_name(f"{path.name}{scene.chance.randrange(100)}x"), scene.chance.randbytes(40))
    return None


def entry_lost(scene: Scene) -> Range:
    path, before, entries = scene.bundle()
    at = scene.chance.randrange(len(entries))
    scene.put(path, bundle(entries[:at] + entries[at + 1 :]))
    return before + at + 1, before + at + 1


def entry_put_in(scene: Scene) -> Range:
    path, before, entries = scene.bundle()
    at = scene.chance.randrange(len(entries))
    scene.put(path, bundle([*entries[:at], scene.chance.choice(scene.log.lines) + b" ", *entries[at:]]))
    return before + at + 1, before + at + 1


def entry_twice(scene: Scene) -> Range:
    path, before, entries = scene.bundle()
    at = scene.chance.randrange(len(entries))
    scene.put(path, bundle([*entries[: at + 1], *entries[at:]]))
    return before + at + 2, before + at + 2


def entries_swapped(scene: Scene) -> Range:
    path, before, entries = scene.bundle()
    first, second = sorted(scene.chance.sample(range(len(entries)), 2))
    entries[first], entries[second] = entries[second], entries[first]
    scene.put(path, bundle(entries))
    return before + first + 1, before + first + 1


def bundles_swapped(scene: Scene) -> Range:
    (first, number, _), (second, other, _) = scene.bundle(), scene.bundle()
    if first == second:
        return bit_flip(scene)
    ours, theirs = first.read_bytes(), second.read_bytes()
    scene.put(first, theirs)
    scene.put(second, ours)
    return min(number, other) + 1, min(number, other) + 1


def boxes_swapped(scene: Scene) -> Range:
    first, second = scene.chance.sample(scene.files("sealed"), 2)
    ours, theirs = first.read_bytes(), second.read_bytes()
    scene.put(first, theirs)
    scene.put(second, ours)
    return None


def box_taken_out(scene: Scene) -> Range:
    """A box is said to be forgotten, and nobody was."""
    path = scene.chance.choice(scene.files("sealed"))
    content = path.read_bytes()
    size = int.from_bytes(content[:4], "big")
    scene.put(path, bytes(4) + content[4 + size :])
    return None


def checkpoint_edited(scene: Scene) -> Range:
    path = scene.chance.choice([scene.folder / "checkpoint", *scene.files("checkpoints")])
    lines = path.read_text().split("\n")
    match scene.chance.randrange(5):
        case 0:
            lines[0] = "comhar/SLB"
        case 1:
            lines[1] = str(int(lines[1]) + scene.chance.choice((-1, 1)))
        case 2:
            lines[2] = scene.chance.choice(("AAAA" * 10 + "AAA=", lines[2][::-1]))
        case 3:
            del lines[scene.chance.randrange(4, 7)]
        case _:
            lines.insert(3, "an extension")
    scene.put(path, "\n".join(lines).encode())
    scene.resum()
    return None


def checkpoints_exchanged(scene: Scene) -> Range:
    first, second = scene.chance.sample(scene.files("checkpoints"), 2)
    scene.put(first, second.read_bytes())
    scene.resum()
    return None


def key_swapped(scene: Scene) -> Range:
    """Everything is signed anew by somebody else, who also writes the policy."""
    forger = Signer(ORIGIN, LOG, scene.chance.randbytes(32))
    note = (scene.folder / "checkpoint").read_text().partition("\n\n")[0] + "\n"
    scene.put(scene.folder / "checkpoint", sign(note, forger))
    scene.put(scene.folder / "policy", f"log {forger.verifier.text}\nquorum none\n".encode())
    scene.resum()
    return None


def witnesses_dropped(scene: Scene) -> Range:
    """The log's own key signs, no witness does, and the policy asks for none."""
    note = (scene.folder / "checkpoint").read_text().partition("\n\n")[0] + "\n"
    scene.put(scene.folder / "checkpoint", sign(note, scene.log.key))
    if scene.chance.random() < 0.5:
        scene.put(scene.folder / "policy", f"log {scene.log.vkey}\nquorum none\n".encode())
    scene.resum()
    return None


def spliced(scene: Scene) -> Range:
    """From some bundle on, entries and tiles are those of another log."""
    path, before, _ = scene.bundle()
    for file in scene.files("tile"):
        name = file.relative_to(scene.folder)
        if (scene.other / name).exists() and (file == path or scene.chance.random() < 0.5) and not _before(file, path):
            scene.put(file, (scene.other / name).read_bytes())
    return 1, max(before + FULL, 1)


def rolled_back(scene: Scene) -> Range:
    """The export as it was, with a checkpoint that was good then."""
    size = scene.chance.choice(OLDER[:-1])
    _rewritten(scene, scene.log.lines[:size])
    scene.put(scene.folder / "checkpoint", scene.log.checkpoints[size])
    for later in OLDER[OLDER.index(size) :]:
        scene.put(scene.folder / f"checkpoints/{later}", None)
    scene.resum()
    return None


def forked(scene: Scene) -> Range:
    """The log itself and all its witnesses sign a history that was changed somewhere the auditor's checkpoint holds."""
    at = scene.chance.randrange(OLDER[-1])
    lines = list(scene.log.lines)
    lines[at] = lines[at].replace(b'"actor":"cli"', b'"actor":"her"')
    root = _rewritten(scene, lines)
    scene.put(scene.folder / "checkpoint", scene.log.sign(root))
    for older in OLDER:
        if older > at:
            scene.put(scene.folder / f"checkpoints/{older}", None)
    scene.resum()
    return max((older for older in OLDER if older <= at), default=0) + 1, at + 1


def forged(scene: Scene) -> Range:
    """One fact is changed, and all tiles are made to fit; only the signature cannot be."""
    at = scene.chance.randrange(len(scene.log.lines))
    lines = list(scene.log.lines)
    lines[at] = lines[at].replace(b'"recorded":"2025', b'"recorded":"2024')
    _rewritten(scene, lines)
    return max((older for older in OLDER if older <= at), default=0) + 1, at + 1


DAMAGE: tuple[Callable[[Scene], Range], ...] = (bit_flip, byte_lost, byte_added, file_cut_short, file_lost, file_added)
FORGERY: tuple[Callable[[Scene], Range], ...] = (
    entry_lost,
    entry_put_in,
    entry_twice,
    entries_swapped,
    bundles_swapped,
    boxes_swapped,
    box_taken_out,
    checkpoint_edited,
    checkpoints_exchanged,
    key_swapped,
    witnesses_dropped,
    spliced,
    rolled_back,
    forked,
    forged,
)


def mutate(number: int, seed: int = 1) -> Counter[str]:
    """So many mutations; how many of each kind were seen."""
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="comhar-mutations-") as place:
        scene = set_up(Path(place), seed)
        assert not scene.check().findings
        for round_ in range(number):
            kind = scene.chance.choice((bit_flip, *DAMAGE, *FORGERY))
            expected = kind(scene)
            found = scene.check()
            assert found.findings, f"round {round_} of seed {seed}: {kind.__name__} was not seen in {sorted(scene.before)}"
            if expected:
                first, last = expected
                named = found.report["first_wrong_entry"] or 0
                assert first <= named <= last, f"round {round_} of seed {seed}: {kind.__name__} at {expected}, named {named}"
            scene.put_back()
            seen[kind.__name__] += 1
        assert not scene.check().findings
    return seen


def set_up(place: Path, seed: int) -> Scene:
    log, other = MadeLog(seed), MadeLog(seed + 1_000)
    log.grow(ENTRIES)
    other.grow(ENTRIES)
    return Scene(log.write(place / "export", OLDER), log, other.write(place / "other", OLDER), random.Random(seed))


def _damaged(scene: Scene, damage: Callable[[bytes, int], bytes]) -> Range:
    path = scene.chance.choice(scene.files())
    content = path.read_bytes()
    at = scene.chance.randrange(len(content))
    scene.put(path, damage(content, at))
    listed = path.relative_to(scene.folder).parts[0] not in {"tile", "sealed", "README", "SHA256SUMS"}
    if listed and scene.chance.random() < 0.5:
        scene.resum()
    return _touched(scene, path, content, at)


def _touched(scene: Scene, path: Path, content: bytes, at: int) -> Range:
    """The entry in which a byte of a bundle lies."""
    parts = path.relative_to(scene.folder).parts
    if parts[:2] != ("tile", "entries"):
        return None
    entry, end = int(parts[2].split(".")[0]) * FULL, 0
    while end <= at:
        entry, end = entry + 1, end + 2 + int.from_bytes(content[end : end + 2], "big")
    return entry, entry


def _before(file: Path, path: Path) -> bool:
    return file.parent == path.parent and file < path


def _rewritten(scene: Scene, lines: list[bytes]) -> bytes:
    """Entries and tiles as they would be of these lines; their root."""
    with tempfile.TemporaryDirectory() as place:
        root = Tiles(Path(place)).write(0, len(lines), iter(lines))
        for file in scene.files("tile"):
            scene.put(file, None)
        for file in (path for path in Path(place).rglob("*") if path.is_file()):
            scene.put(scene.folder / file.relative_to(place), file.read_bytes())
    return root


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for what, times in sorted(mutate(given.number, given.seed).items()):
        print(f"{what:<24}{times:>7,} seen")
