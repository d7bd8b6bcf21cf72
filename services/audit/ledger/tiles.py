"""The ledger's files in the layout of C2SP tlog-tiles: entry bundles and the tiles of hashes over them.

A full file holds 256 and never changes again. What is not full yet is written as a partial file beside the place of the full one,
a new one for every published size, and goes once the full one is there. Entry numbers count from 1, leaves and tiles from 0.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from services.audit.ledger import tree
from services.audit.ledger.durable import flush_names, put
from services.audit.ledger.tree import HASH, leaf_hash, pairs

FULL = 256
LONGEST_ENTRY = 65_535
_HEIGHT = 8
_LEVELS = 64
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?", re.ASCII
)


class PathWrong(ValueError):
    """Not the path of a tile or an entry bundle."""


class TilesWrong(Exception):
    """The files are not those of this ledger: evidence of tampering or of a lost disc, never a user's mistake."""


class TilePath(NamedTuple):
    """Which file: `level` is None for entry bundles; a full one is 256 wide."""

    level: int | None
    tile: int
    width: int


def tile_path(level: int, index: int, width: int = FULL) -> str:
    """Where a tile of hashes lies."""
    if not 0 <= level < _LEVELS:
        raise PathWrong("a tile's level is 0 to 63")
    return f"tile/{level}/{_numbered(index, width)}"


def entries_path(index: int, width: int = FULL) -> str:
    """Where an entry bundle lies."""
    return f"tile/entries/{_numbered(index, width)}"


def _numbered(index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= FULL:
        raise PathWrong("a tile has an index from 0 on and is 1 to 256 wide")
    last, groups = f"{index % 1000:03}", []
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}/")
    return "".join(reversed(groups)) + last + (f".p/{width}" if width < FULL else "")


def parse_path(path: str) -> TilePath:
    """Which file a path names; each file has exactly one path. Raises PathWrong."""
    if not (found := _PATH.fullmatch(path)):
        raise PathWrong("not the path of a tile")
    level = None if found["level"] == "entries" else int(found["level"])
    index, width = int(re.sub(r"[x/]", "", found["index"])), int(found["width"] or FULL)
    if path != (entries_path(index, width) if level is None else tile_path(level, index, width)):
        raise PathWrong("a tile has only one path")
    return TilePath(level, index, width)


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as they lie in a bundle: each behind its length in two bytes."""
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def unbundle(content: bytes) -> list[bytes]:
    """The entries of a bundle. Raises TilesWrong when it is cut short."""
    found, at = [], 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        found.append(content[at + 2 : end])
        at = end
    if at != len(content):
        raise TilesWrong("an entry bundle is cut short")
    return found


class Tiles:
    """The files in one folder. Any number may read them while one writes."""

    def __init__(self, folder: Path, *, keep: int = 4_096) -> None:
        self.folder = folder
        self._kept = lru_cache(keep)(self._levels_inside)

    def write(self, old: int, new: int, entries: Iterable[bytes]) -> bytes:
        """Entries `old` + 1 … `new` into files, durable when this returns; gives the root of size `new`.

        Doing it again, for the same size or a later one, ends with the same files wherever it died before. Raises TilesWrong
        when a file is already there with other bytes, and when the files of `old` are missing.
        """
        if not 0 <= old <= new:
            raise ValueError("a ledger only grows")
        coming = iter(entries)
        writing = _Writing(self.folder)
        growing = _Growing(old, [self._unfinished(old, level) for level in range(_heights(old))])
        begun = self._bundle(old // FULL, old % FULL) if old % FULL else []
        at = old
        while at < new:
            index = at // FULL
            until = min(new, (index + 1) * FULL)
            begun += islice(coming, until - at)
            if len(begun) != until - index * FULL:
                raise ValueError("fewer entries than the new size says")
            if any(len(entry) > LONGEST_ENTRY for entry in begun):
                raise ValueError("an entry is longer than a bundle can say")
            # Each file is whole under its name before the next; if we die between two, the head that would count them is not
            # yet signed, and writing them again finds the same bytes.
            writing.put(TilePath(None, index, len(begun)), bundle(begun))
            growing.extend([leaf_hash(entry) for entry in begun[at % FULL :]], writing)
            begun, at = [], until
        growing.finish(writing)
        # If we die here, every file is there, and some partial ones whose full one is there too, which nobody minds.
        writing.flush()
        return self.root(new)

    def subtree(self, level: int, index: int, size: int) -> bytes:
        """The hash of the complete subtree over the leaves index * 2**level … in a ledger of `size` entries."""
        high, low = divmod(level, _HEIGHT)
        first = index << low
        tile, at = divmod(first, FULL)
        count = size >> (_HEIGHT * high)
        if first + (1 << low) > count:
            raise ValueError("the tree has no such complete subtree")
        inside = self._kept(high, tile, min(FULL, count - tile * FULL))
        # Level k of the tree inside a tile begins behind the 256 + 128 + … hashes of those below it.
        start = (2 * FULL - (2 * FULL >> low) + (at >> low)) * HASH
        return inside[start : start + HASH]

    def root(self, size: int) -> bytes:
        """The root of the first `size` entries."""
        return tree.root_at(size, partial(self.subtree, size=size))

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf `index` is in the ledger of `size` entries."""
        return tree.inclusion_proof(index, size, partial(self.subtree, size=size))

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """The proof that the ledger of `old` entries is the beginning of that of `new`."""
        return tree.consistency_proof(old, new, partial(self.subtree, size=new))

    def entry(self, number: int) -> bytes:
        """Entry `number`, counted from 1. Raises TilesWrong when its bundle is missing."""
        return next(self.entries(number, number))

    def entries(self, first: int, last: int) -> Iterator[bytes]:
        """Entries `first` … `last`, counted from 1, a bundle in memory at a time."""
        at = first - 1
        while at < last:
            index, start = divmod(at, FULL)
            end = min(FULL, last - index * FULL)
            yield from self._bundle(index, end)[start:]
            at = (index + 1) * FULL

    def read(self, path: str) -> bytes:
        """A file as it is served. Raises PathWrong for what is no path of one, FileNotFoundError for one that is not there."""
        parse_path(path)
        return (self.folder / path).read_bytes()

    def _unfinished(self, size: int, level: int) -> bytearray:
        tile, width = divmod(size >> (_HEIGHT * level), FULL)
        return bytearray(self._tile(level, tile, width) if width else b"")

    def _levels_inside(self, level: int, index: int, width: int) -> bytes:
        """All levels of the tree inside a tile, one behind the other; a partial one is filled up with zeros nobody asks for."""
        hashes = self._tile(level, index, width).ljust(FULL * HASH, b"\x00")
        levels = [hashes]
        while len(hashes) > HASH:
            levels.append(hashes := pairs(hashes))
        return b"".join(levels)

    def _tile(self, level: int, index: int, width: int) -> bytes:
        hashes = self._contents(TilePath(level, index, width))[: width * HASH]
        if len(hashes) < width * HASH:
            raise TilesWrong(f"{tile_path(level, index, width)} is cut short")
        return hashes

    def _bundle(self, index: int, width: int) -> list[bytes]:
        entries = unbundle(self._contents(TilePath(None, index, width)))[:width]
        if len(entries) < width:
            raise TilesWrong(f"{entries_path(index, width)} is cut short")
        return entries

    def _contents(self, path: TilePath) -> bytes:
        # The full file is looked for last: partial ones go only when it is there, also while we look.
        for place in (_place(path), *self._wider(path), _place(path._replace(width=FULL))):
            with suppress(FileNotFoundError):
                return (self.folder / place).read_bytes()
        raise TilesWrong(f"{_place(path)} is missing")

    def _wider(self, path: TilePath) -> Iterator[str]:
        if path.width < FULL and not (self.folder / _place(path)).exists():
            folder = self.folder / f"{_place(path._replace(width=FULL))}.p"
            widths = sorted(int(found.name) for found in folder.glob("[0-9]*"))
            yield from (_place(path._replace(width=width)) for width in widths if width > path.width)


def _heights(size: int) -> int:
    """How many levels of tiles a ledger of this size has."""
    return (size.bit_length() + _HEIGHT - 1) // _HEIGHT


def _place(path: TilePath) -> str:
    return entries_path(path.tile, path.width) if path.level is None else tile_path(path.level, path.tile, path.width)


class _Writing:
    """Files on their way to the disc: each whole at once, all names durable at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._touched: set[Path] = set()
        self._outgrown: list[Path] = []

    def put(self, path: TilePath, content: bytes) -> None:
        file = self._folder / _place(path)
        try:
            if file.read_bytes() != content:
                raise TilesWrong(f"{_place(path)} is there with other bytes")
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
            put(file, content)
        self._touched.update(file.parents[: len(file.relative_to(self._folder).parts) + 1])
        if path.width == FULL:
            self._outgrown.append(file.with_name(f"{file.name}.p"))

    def flush(self) -> None:
        for folder in self._touched:
            flush_names(folder)
        for folder in self._outgrown:
            shutil.rmtree(folder, ignore_errors=True)


class _Growing:
    """The unfinished tile of every level while entries are added."""

    def __init__(self, size: int, levels: list[bytearray]) -> None:
        self._size = size
        self._levels = levels

    def extend(self, leaf_hashes: list[bytes], writing: _Writing) -> None:
        """As many leaves as fit into the first level's tile, at most."""
        self._size += len(leaf_hashes)
        self._add(0, b"".join(leaf_hashes), writing)

    def _add(self, level: int, hashes: bytes, writing: _Writing) -> None:
        if level == len(self._levels):
            self._levels.append(bytearray())
        tile = self._levels[level]
        tile += hashes
        if len(tile) == FULL * HASH:
            content = bytes(tile)
            writing.put(TilePath(level, (self._size >> (_HEIGHT * (level + 1))) - 1, FULL), content)
            tile.clear()
            while len(content) > HASH:
                content = pairs(content)
            self._add(level + 1, content, writing)

    def finish(self, writing: _Writing) -> None:
        """The partial tiles of the size reached."""
        for level, tile in enumerate(self._levels):
            if tile:
                writing.put(TilePath(level, self._size >> (_HEIGHT * (level + 1)), len(tile) // HASH), bytes(tile))
