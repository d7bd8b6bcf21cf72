from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.given import Region


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    region = Region(tmp_path)
    yield region
    region.close()
