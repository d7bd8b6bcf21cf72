"""The witness on SQLite; the same suite runs on PostgreSQL in tests/servers."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.audit.witnessing import TABLES
from shared.database import Database
from tests.witnessing_suite import *  # noqa: F403  the suite


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(f"sqlite:///{tmp_path}/audit.db")) as opened:
        opened.define(TABLES)
        yield opened
