"""The runner's verdict: what did not run, or not to its end, is not counted as passed."""

import sys
from pathlib import Path

import pytest

from tests import run
from tests.run import Check, Suite, Tally, main

THREE = """
import pytest
def test_good(): pass
def test_bad(): assert False
@pytest.mark.skip
def test_left_out(): pass
"""


@pytest.fixture(autouse=True)
def no_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def verdict(directory: Path, source: str, seconds: int = 60) -> Tally:
    path = directory / "test_it.py"
    path.write_text(source, encoding="utf-8")
    return Suite("it", ("-p", "no:cacheprovider", str(path)), seconds).run()


def test_a_skipped_test_counts_as_failed(tmp_path: Path) -> None:
    assert verdict(tmp_path, THREE) == Tally(passed=1, failed=2)


def test_a_part_without_tests_counts_as_failed(tmp_path: Path) -> None:
    assert verdict(tmp_path, "") == Tally(passed=0, failed=1)


def test_a_part_that_cannot_be_imported_counts_as_failed(tmp_path: Path) -> None:
    assert verdict(tmp_path, "import nothing_of_that_name") == Tally(passed=0, failed=1)


def test_a_part_that_does_not_end_is_ended_and_counts_as_failed(tmp_path: Path) -> None:
    assert verdict(tmp_path, "def test_loop():\n    while True: pass", seconds=3) == Tally(passed=0, failed=1)


@pytest.mark.parametrize(("code", "tally"), [(0, Tally(1, 0)), (3, Tally(0, 1))])
def test_a_check_passes_by_its_exit_code(code: int, tally: Tally) -> None:
    assert Check("it", (sys.executable, "-c", f"raise SystemExit({code})")).run() == tally


def test_a_part_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["puer"]) == 2
    assert "no part called puer" in capsys.readouterr().err


def test_the_pure_tests_run_meanwhile_and_are_shown_and_counted(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The first part ends only once the pure tests have begun."""
    mark = tmp_path / "begun"
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    open({str(mark)!r}, 'w').close()\n    assert False", encoding="utf-8")
    pure = Suite("pure", ("-p", "no:cacheprovider", str(tmp_path / "test_it.py")), 60)
    waiting = f"import pathlib, time\nwhile not pathlib.Path({str(mark)!r}).exists(): time.sleep(0.05)"
    first, last = Check("first", (sys.executable, "-c", waiting), 60), Suite("journeys", ("--version",), 60)
    monkeypatch.setattr(run, "PURE", pure)
    monkeypatch.setattr(run, "JOURNEYS", last)
    monkeypatch.setitem(run.PARTS, "all", (pure, first, last))
    assert main([]) == 1
    said = capfd.readouterr().out
    assert said.index("── first") < said.index("── pure (meanwhile)") < said.index("── journeys")
    assert "1 passed" in said.partition("first  ")[2].splitlines()[0]
    assert "1 failed" in said.partition("\npure  ")[2].splitlines()[0]
