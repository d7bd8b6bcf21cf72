"""Views on SQLite; the same suite runs on PostgreSQL in tests/servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.database import Database
from shared.store import Recorder, open_store
from tests.views_suite import *  # noqa: F403  the suite


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/views.db")
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Recorder]:
    opened = open_store(f"sqlite:///{tmp_path}/notes.db", create=True)
    yield opened
    opened.close()


@pytest.fixture
def other_store(tmp_path: Path) -> Iterator[Recorder]:
    opened = open_store(f"sqlite:///{tmp_path}/other.db", create=True)
    yield opened
    opened.close()
