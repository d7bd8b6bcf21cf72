"""Propagation in one process: the broker inside it, and SQLite."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.propagation_suite import *  # noqa: F403  the suite
from tests.propagation_suite import Addresses


@pytest.fixture
def uri() -> str:
    return f"memory:///{uuid4()}"


@pytest.fixture
def addresses(tmp_path: Path) -> Addresses:
    return lambda name: f"sqlite:///{tmp_path}/{name}.db"
