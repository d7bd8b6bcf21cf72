"""What a process tells those who watch it."""

import httpx
import pytest

from deploy.monitor import watched
from shared.port import Listener
from tests.server_process import free_port


def test_whoever_watches_is_told_whether_a_process_is_ready_and_why_not() -> None:
    wrong: dict[str, str] = {}
    port = free_port()
    with watched("127.0.0.1", port, lambda: (not wrong, wrong)), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert client.get("/health/live").json() == {"live": True}
        assert client.get("/health/ready").json() == {"ready": True, "reasons": {}}
        wrong["broker"] = "not connected"
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "reasons": wrong})
        assert "comhar_http_seconds" in client.get("/metrics").text
        assert client.get("/words").status_code == 404


def test_a_port_that_another_process_has_is_not_shared_but_named() -> None:
    taken = Listener("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with pytest.raises(OSError, match=f"port {port} of 127.0.0.1"):
        Listener("127.0.0.1", port)
    taken.close()
