"""What nobody calls for is done all the same: again and again, also after it failed, until the container ends."""

import logging
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from contracts.errors import Unavailable
from shared import metrics
from shared.tending import Tending
from tests.servers_fixture import wait_until


class Service:
    """A part that fails as often as it is told to."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.tended = 0

    def tend(self) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.tended += 1


def started(part: Service, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("shared.tending.SECONDS", 0.01)
    tending = Tending("sessions")
    parts = SimpleNamespace(part=lambda _: part)
    tending.container = SimpleNamespace(config={"comhar": parts}, spawn_managed_thread=eventlet.spawn)
    tending.setup()
    tending.start()
    return tending


def failures() -> float:
    return float(metrics.tending_failed.labels("sessions")._value.get())


def test_work_that_failed_is_tried_again_and_tells_nobodys_words(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    before = failures()
    part = Service(Unavailable("cannot_shred_now", "Others use it."), ValueError("Maeve wept"))
    with caplog.at_level(logging.WARNING):
        tending = started(part, monkeypatch)
        wait_until(lambda: part.tended > 2, "the work is done", 5)
        tending.stop()
    assert failures() - before == 2
    assert "cannot_shred_now" in caplog.text
    assert "Maeve" not in caplog.text


def test_when_the_container_ends_the_work_does(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Service()
    tending = started(part, monkeypatch)
    wait_until(lambda: part.tended > 0, "the work is done", 5)
    tending.stop()
    done = part.tended
    eventlet.sleep(0.1)
    assert part.tended == done
