from uuid import uuid4

import pytest

from tests.rpc_suite import *  # noqa: F403  the same promises on every broker


@pytest.fixture
def uri() -> str:
    return f"memory:///{uuid4().hex}"
