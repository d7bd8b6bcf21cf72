"""The ledger on SQLite; the same suite runs on PostgreSQL in tests/servers."""

from pathlib import Path

import pytest

from tests.entries_suite import *  # noqa: F403  the suites
from tests.ledger_suite import *  # noqa: F403
from tests.ledger_suite import Address


@pytest.fixture
def address(tmp_path: Path) -> Address:
    return lambda name: f"sqlite:///{tmp_path}/{name}.db"
