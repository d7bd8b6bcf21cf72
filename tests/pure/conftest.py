from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from services.gateway.application import Tokens
from tests.gateway_fixture import Alone, tokens
from tests.given import Region

settings.register_profile("untimed", deadline=None)  # a test that is slow on a busy machine is not wrong
settings.load_profile("untimed")


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    region = Region(tmp_path)
    yield region
    region.close()


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    """The tokens of a region."""
    made = tokens(tmp_path_factory.mktemp("gateway"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def gateway(ours: Tokens) -> Alone:
    """A gateway on its own, which takes long to make; what was asked of it, `alone` forgets."""
    return Alone(ours)


@pytest.fixture
def alone(gateway: Alone) -> Alone:
    return gateway.anew()
