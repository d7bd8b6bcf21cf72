"""A machine that lacks something is told what, and how to get it, and nothing is tried that only root may do."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def somebody(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who is not root, on a machine whose Python is another one."""
    for name, script in {"id": "echo 1000", "python3": "exit 1", "python3.11": "exit 1"}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        program.chmod(0o755)
    return {"PATH": f"{tmp_path}:{os.environ['PATH']}"}


def test_without_python_311_it_says_which_package_has_it(somebody: dict[str, str]) -> None:
    done = subprocess.run([ROOT / "deploy/machine.sh", "python"], env=somebody, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr
    assert done.stdout == ""


def test_with_python_311_it_says_where() -> None:
    done = subprocess.run([ROOT / "deploy/machine.sh", "python"], capture_output=True, text=True, check=True)
    found = subprocess.run(
        [done.stdout.strip(), "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True, check=True
    )
    assert found.stdout == "(3, 11)\n"
