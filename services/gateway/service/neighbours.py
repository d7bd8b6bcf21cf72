"""What the gateway answers by asking several services."""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider

from contracts.model import Query
from services.gateway import application
from services.gateway.service.house import House
from shared.context import Context

_SECONDS = 10.0


class Persons(DependencyProvider):
    """What is held about persons, asked of the services by the calls of this process."""

    def setup(self) -> None:
        self._house: House = self.container.config["comhar"]
        self._persons = application.Persons(self._ask)

    def get_dependency(self, worker_ctx: Any) -> application.Persons:  # noqa: ARG002  nameko's signature
        """What the service class's attribute holds."""
        return self._persons

    def _ask(self, operation: str, query: Query, context: Context) -> bytes:
        service, _, verb = operation.partition(".")
        return self._house.calls.request(service, verb, query.model_dump_json().encode(), context, _SECONDS)
