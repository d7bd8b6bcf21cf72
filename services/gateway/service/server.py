"""The HTTP server of the gateway, hosted by nameko."""

from __future__ import annotations

from nameko.extensions import DependencyProvider

from services.gateway.service.house import House
from services.gateway.service.web import create_app
from shared.port import Port

_GOODBYE_SECONDS = 5


class HttpServer(DependencyProvider):
    """Serves the gateway while its container runs; stops taking requests first, then gives those in hand five seconds."""

    def setup(self) -> None:
        house: House = self.container.config["comhar"]
        self._port = Port(house.settings.http_host, house.settings.http_port, create_app(house))

    def start(self) -> None:
        self.container.spawn_managed_thread(self._port.serve)

    def stop(self) -> None:
        self._port.close(_GOODBYE_SECONDS)

    def kill(self) -> None:
        self._port.close(0)
