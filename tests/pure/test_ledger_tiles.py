"""The ledger's files: their paths, what they hold, and every place a writer may die in."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.ledger import durable, tiles
from services.audit.ledger.tiles import PathWrong, TilePath, Tiles, TilesWrong, bundle, entries_path, parse_path, tile_path, unbundle
from services.audit.ledger.tree import leaf_hash, root_of, verify_consistency, verify_inclusion


class Died(BaseException):
    """The process is gone."""


def entry(number: int) -> bytes:
    return f"entry {number} of the ledger".encode() * (number % 3)


def some(old: int, new: int) -> Iterator[bytes]:
    return (entry(number) for number in range(old + 1, new + 1))


def root(size: int) -> bytes:
    return root_of(leaf_hash(one) for one in some(0, size))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# C2SP, tlog-tiles.md: index 1234067 is x001/x234/067; levels 0 to 63; widths 1 to 255.
@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("tile/3/x001/x234/067", TilePath(3, 1_234_067, 256)),
        ("tile/0/x001/x234/067.p/8", TilePath(0, 1_234_067, 8)),
        ("tile/0/000", TilePath(0, 0, 256)),
        ("tile/63/999.p/255", TilePath(63, 999, 255)),
        ("tile/1/x001/000.p/1", TilePath(1, 1_000, 1)),
        ("tile/entries/067", TilePath(None, 67, 256)),
        ("tile/entries/x001/x234/067.p/112", TilePath(None, 1_234_067, 112)),
    ],
)
def test_a_file_has_the_path_of_the_specification(path: str, named: TilePath) -> None:
    assert parse_path(path) == named
    assert (entries_path(named.tile, named.width) if named.level is None else tile_path(*named)) == path  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/001",
        "tile/0/x000/x001/234",
        "tile/0/1",
        "tile/0/01",
        "tile/0/0001",
        "tile/00/001",
        "tile/01/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/0/-01",
        "tile/0/x-01/000",
        "tile/0/001.p/0",
        "tile/0/001.p/00",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/999",
        "tile/0/001.p/-1",
        "tile/0/001.p/",
        "tile/0/001.p",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/data/001",
        "tile/8/0/001",
        "/tile/0/001",
        "tile/0/001/",
        "tile/0/001\n",
        "tile/0/\u0660\u0660\u0661",
        "tile/0/../0/001",
        "tile/0/" + "x001/" * 7 + "001",
        "checkpoint",
        "",
    ],
)
def test_a_path_that_names_no_file_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(PathWrong):
        Tiles(tmp_path).read(path)


@pytest.mark.parametrize(("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_file_that_cannot_be_has_no_path(level: int, index: int, width: int) -> None:
    with pytest.raises(PathWrong):
        tile_path(level, index, width)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_holds_its_entries(entries: list[bytes]) -> None:
    assert unbundle(bundle(entries)) == entries


def test_a_bundle_is_the_one_of_the_specification() -> None:
    """C2SP, tlog-tiles.md, “Log entries”: big-endian uint16 length-prefixed."""
    assert bundle([b"ab", b"", b"c" * 256]) == b"\x00\x02ab\x00\x00\x01\x00" + b"c" * 256
    for cut in (b"\x00", b"\x00\x02a"):
        with pytest.raises(TilesWrong):
            unbundle(cut)


def test_a_ledger_of_70000_has_the_tiles_of_the_specification(tmp_path: Path) -> None:
    # C2SP, tlog-tiles.md, “Partial Tiles”: 273 full level 0 tiles, one partial of 112, one full level 1 tile, one partial of 17,
    # and one partial level 2 tile of 1.
    Tiles(tmp_path).write(0, 70_000, some(0, 70_000))
    found = [parse_path(path) for path in files(tmp_path)]
    full = {level: sum(path.level == level and path.width == tiles.FULL for path in found) for level in (None, 0, 1, 2)}
    assert full == {None: 273, 0: 273, 1: 1, 2: 0}
    assert sorted((path for path in found if path.width < tiles.FULL), key=lambda path: (path.level is not None, path)) == [
        (None, 273, 112),
        (0, 273, 112),
        (1, 1, 17),
        (2, 0, 1),
    ]


def test_a_ledger_of_256_has_the_tiles_of_the_specification(tmp_path: Path) -> None:
    # The same place: a full level 0 tile and a partial level 1 tile of width 1.
    Tiles(tmp_path).write(0, 256, some(0, 256))
    assert list(files(tmp_path)) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]


@given(st.lists(st.integers(0, 900), min_size=1, max_size=5))
@settings(max_examples=20)
def test_growing_in_any_steps_gives_the_same_full_files_and_the_right_root(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    folder, at_once = tmp_path_factory.mktemp("steps"), tmp_path_factory.mktemp("at_once")
    grown, size = Tiles(folder), 0
    for step in steps:
        assert grown.write(size, size + step, some(size, size + step)) == root(size + step)
        size += step
    Tiles(at_once).write(0, size, some(0, size))
    kept = files(folder)
    assert {path: kept.get(path) for path in files(at_once)} == files(at_once)
    assert all(parse_path(path).width < tiles.FULL for path in kept.keys() - files(at_once).keys())
    assert list(grown.entries(1, size)) == list(some(0, size))


def test_proofs_from_files_hold_for_every_size_that_was_published(tmp_path: Path) -> None:
    ledger, sizes = Tiles(tmp_path), (1, 2, 255, 256, 257, 700, 1_000)
    for old, new in zip((0, *sizes), sizes, strict=False):
        ledger.write(old, new, some(old, new))
    for size in sizes:
        assert ledger.root(size) == root(size)
        for index in {0, size // 2, size - 1}:
            verify_inclusion(leaf_hash(ledger.entry(index + 1)), index, size, ledger.inclusion_proof(index, size), root(size))
        for old in sizes[: sizes.index(size) + 1]:
            verify_consistency(old, root(old), size, root(size), ledger.consistency_proof(old, size))


def test_a_partial_file_stays_until_the_full_one_is_there(tmp_path: Path) -> None:
    ledger = Tiles(tmp_path)
    ledger.write(0, 10, some(0, 10))
    ledger.write(10, 20, some(10, 20))
    assert ledger.read("tile/0/000.p/10") == b"".join(leaf_hash(one) for one in some(0, 10))
    assert ledger.read("tile/entries/000.p/10") == bundle(some(0, 10))
    ledger.write(20, 256, some(20, 256))
    for gone in ("tile/0/000.p/10", "tile/entries/000.p/20"):
        with pytest.raises(FileNotFoundError):
            ledger.read(gone)
    assert ledger.root(10) == root(10)


def test_an_incomplete_subtree_has_no_hash_of_its_own(tmp_path: Path) -> None:
    ledger = Tiles(tmp_path)
    ledger.write(0, 300, some(0, 300))
    assert ledger.subtree(8, 0, 300) == root(256)
    with pytest.raises(ValueError, match="no such complete subtree"):
        ledger.subtree(8, 1, 300)


def test_one_bundle_at_a_time_is_in_memory(tmp_path: Path) -> None:
    taken = 0

    def watched() -> Iterator[bytes]:
        nonlocal taken
        for one in some(0, 1_000):
            taken += 1
            written = len(list((tmp_path / "tile/entries").glob("*")))
            assert taken - written * tiles.FULL <= tiles.FULL
            yield one

    (tmp_path / "tile/entries").mkdir(parents=True)
    Tiles(tmp_path).write(0, 1_000, watched())
    assert taken == 1_000


@pytest.mark.parametrize("entries", [[], [b"", b""], [b"x" * 65_536] * 3])
def test_entries_that_do_not_fit_the_sizes_are_refused(tmp_path: Path, entries: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"fewer entries|longer than a bundle"):
        Tiles(tmp_path).write(0, 3, entries)
    with pytest.raises(ValueError, match="only grows"):
        Tiles(tmp_path).write(3, 2, [])


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"])
def test_a_file_that_is_there_with_other_bytes_is_a_refusal(tmp_path: Path, path: str) -> None:
    Tiles(tmp_path).write(0, 300, some(0, 300))
    content = (tmp_path / path).read_bytes()
    (tmp_path / path).write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(TilesWrong, match="other bytes"):
        Tiles(tmp_path).write(0, 300, some(0, 300))


@pytest.mark.parametrize("path", ["tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"])
@pytest.mark.parametrize("left", [None, 1])
def test_a_file_that_is_missing_or_cut_short_is_a_refusal(tmp_path: Path, path: str, left: int | None) -> None:
    ledger = Tiles(tmp_path)
    ledger.write(0, 300, some(0, 300))
    (tmp_path / path).unlink()
    if left is not None:
        (tmp_path / path).write_bytes(bytes(left))
    with pytest.raises(TilesWrong, match=r"missing|cut short"):
        ledger.write(300, 301, some(300, 301))


def dying(monkeypatch: pytest.MonkeyPatch, after: int) -> list[int]:
    """The process dies at the step numbered `after`: before a file is written, when half of it is, before names are flushed."""
    steps = [0]

    def step() -> None:
        steps[0] += 1
        if steps[0] == after:
            raise Died

    put, flush = durable.put, durable.flush_names

    def slowly(path: Path, content: bytes) -> None:
        step()
        path.with_name(f".{path.name}.new").write_bytes(content[: len(content) // 2])
        step()
        put(path, content)

    def flush_slowly(folder: Path) -> None:
        step()
        flush(folder)

    monkeypatch.setattr(tiles, "put", slowly)
    monkeypatch.setattr(tiles, "flush_names", flush_slowly)
    return steps


def written(folder: Path, old: int, new: int, entries: Iterable[bytes] = ()) -> Tiles:
    ledger = Tiles(folder)
    ledger.write(old, new, entries or some(old, new))
    return ledger


@pytest.mark.parametrize(("old", "new", "later"), [(0, 3, 5), (200, 300, 300), (250, 530, 800), (256, 257, 512)])
def test_a_writer_that_dies_anywhere_is_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: int, new: int, later: int) -> None:
    died = 0
    while True:
        folder = tmp_path / str(died)
        written(folder, 0, old)
        with monkeypatch.context() as patch:
            dying(patch, died + 1)
            try:
                written(folder, old, new)
            except Died:
                died += 1
            else:
                break
        # What was published before is still served and still proves the same.
        assert Tiles(folder).root(old) == root(old)
        assert list(Tiles(folder).entries(1, old)) == list(some(0, old))
        ledger = written(folder, old, later)
        assert ledger.root(later) == root(later)
        assert list(ledger.entries(1, later)) == list(some(0, later))
        assert all(parse_path(path) for path in files(folder) if "/." not in path)
    assert died > 6


def test_a_file_put_again_is_whole_whenever_the_process_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = tmp_path / "checkpoint"
    durable.put_durably(head, b"old")

    def die(_: Path, __: Path) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(Died):
            durable.put_durably(head, b"new")
    assert head.read_bytes() == b"old"
    durable.put_durably(head, b"new")
    assert head.read_bytes() == b"new"
