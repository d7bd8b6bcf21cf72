"""The ledger on SQLite; the same suite runs on PostgreSQL in tests/servers."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.database import Database
from shared.store import Recorder, open_store
from tests.entries_suite import *  # noqa: F403  the suites
from tests.ledger_suite import *  # noqa: F403
from tests.ledger_suite import Address


@pytest.fixture
def address(tmp_path: Path) -> Address:
    return lambda name: f"sqlite:///{tmp_path}/{name}.db"


@pytest.fixture
def database(address: Address) -> Iterator[Database]:
    with closing(Database.open(address("views"))) as opened:
        yield opened


@pytest.fixture
def store(address: Address) -> Iterator[Recorder]:
    with closing(open_store(address("notes"), create=True)) as opened:
        yield opened


@pytest.fixture
def other_store(address: Address) -> Iterator[Recorder]:
    with closing(open_store(address("other"), create=True)) as opened:
        yield opened
