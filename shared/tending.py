"""Work that nobody calls for: twice a second a service looks whether facts of others ask something of it."""

from __future__ import annotations

import logging
import threading
from typing import Any

from nameko.extensions import DependencyProvider

from contracts.errors import Refusal
from shared import metrics
from shared.logs import place

SECONDS = 0.5

_log = logging.getLogger(__name__)


class Tending(DependencyProvider):
    """Lets the part of this name `tend()`, from the start of the container to its end; what fails is tried again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._closing = threading.Event()
        self._working: Any = None

    def setup(self) -> None:
        self._part = self.container.config["comhar"].part(self._name)

    def start(self) -> None:
        self._working = self.container.spawn_managed_thread(self._work)

    def stop(self) -> None:
        self._closing.set()
        if self._working:
            self._working.wait()

    def kill(self) -> None:
        self._closing.set()

    def _work(self) -> None:
        while not self._closing.wait(SECONDS):
            try:
                self._part.tend()
            except Refusal as refusal:
                _log.warning("%s tends to its work again: %s", self._name, refusal.code)
                metrics.tending_failed.labels(self._name).inc()
            except Exception as fault:  # noqa: BLE001  told by its class and place: its text may be somebody's words
                _log.error("%s tends to its work again: %s at %s", self._name, type(fault).__name__, place(fault))
                metrics.tending_failed.labels(self._name).inc()
