from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.given import Region

settings.register_profile("untimed", deadline=None)  # a test that is slow on a busy machine is not wrong
settings.load_profile("untimed")


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    region = Region(tmp_path)
    yield region
    region.close()
