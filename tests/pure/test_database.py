"""A database in a SQLite file."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.database import Database
from tests.database_suite import *  # noqa: F403  the suite


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(f"sqlite:///{tmp_path}/words.db")) as opened:
        yield opened
