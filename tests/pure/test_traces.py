"""The project speaks of itself alone: no path of a machine it was written on, and no place packages must come from.

Who installs decides where packages come from; the hashes in the lock files say what they must be. The forbidden words
are written so that they do not find themselves: this file is read as well.
"""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKPLACE = [
    r"/wor[k]/",
    r"/roo[t]/",
    r"/hom[e]/\w",
    r"\bfar[m]-\w",
    r"\bissues sho[w]\b",
    r"\bclaud[e]\b",
    r"\bchatgp[t]\b",
    r"\bcopilo[t]\b",
]
REGISTRIES = [
    r"pyp[i]\.org",
    r"pythonhoste[d]\.org",
    r"npmj[s]\.(org|com)",
    r"proxy\.golan[g]\.org",
    r"--(extra-)?index-ur[l][ =]\S",
    r"--find-link[s][ =]",
]


def ignored(path: str) -> bool:
    """Whether git does not keep it: the patterns of .gitignore are names, suffixes and folders."""
    patterns = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line]
    return any(path == pattern or fnmatch(path.rsplit("/", 1)[-1], pattern) for pattern in [".git", *patterns])


def walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if not ignored(str(path.relative_to(ROOT))):
            yield from walk(path) if path.is_dir() else [path]


@cache
def contents() -> Mapping[str, bytes]:
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in walk(ROOT)}


def found(pattern: str) -> list[str]:
    word = re.compile(pattern.encode(), re.IGNORECASE)
    return [name for name, content in contents().items() if word.search(content)]


@pytest.mark.parametrize("pattern", WORKPLACE)
def test_no_file_tells_where_it_was_written(pattern: str) -> None:
    assert found(pattern) == []


@pytest.mark.parametrize("pattern", REGISTRIES)
def test_no_file_names_a_place_packages_come_from(pattern: str) -> None:
    assert found(pattern) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"])
def test_every_package_in_a_lock_file_has_one_version_and_a_hash(lock: str) -> None:
    entries = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert [entry for entry in entries if not re.match(r"[\w.-]+(\[[\w,]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)] == []


def test_a_lock_file_contains_the_one_before_it() -> None:
    runtime, dev, bench = (
        set((ROOT / f"requirements{name}.lock").read_text(encoding="utf-8").splitlines()) for name in ("", "-dev", "-bench")
    )
    assert runtime <= dev <= bench


def test_every_dependency_is_asked_for_in_the_version_that_is_locked() -> None:
    asked = re.findall(r'^    "([\w.-]+)(?:\[[\w,]+\])?(\S*)",', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    versions = {name: version for name, version in asked if re.match(r"[=<>~]", version)}
    locked = (ROOT / "requirements-bench.lock").read_text(encoding="utf-8")
    assert len(versions) > 20
    assert [name for name, version in versions.items() if not re.search(rf"^{name}(\[[\w,]+\])?{version}[ ;]", locked, re.MULTILINE)] == []


def test_what_git_keeps_is_read() -> None:
    assert {"Makefile", "contracts/model.py", "tests/pure/test_traces.py", ".ci/run"} <= set(contents())
