"""What the gateway asks of the process it lives in: `container.config["comhar"]`, composed in `deploy`."""

from __future__ import annotations

from typing import Protocol

from services.gateway.application import Accesses, Tokens
from shared.context import Context


class Place(Protocol):
    """The settings the gateway needs."""

    @property
    def region(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def http_host(self) -> str: ...
    @property
    def http_port(self) -> int: ...


class Asking(Protocol):
    """How other services are asked (`shared.rpc.Calls`)."""

    def request(self, service: str, method: str, body: bytes, context: Context, timeout: float = ...) -> bytes: ...


class House(Protocol):
    """Settings, other services, tokens, the record of who looked, and whether all is well (with what is not)."""

    @property
    def settings(self) -> Place: ...
    @property
    def calls(self) -> Asking: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def accesses(self) -> Accesses: ...
    def health(self) -> tuple[bool, dict[str, str]]: ...
