"""A gateway on its own: real tokens on a store in a folder, and neighbours that answer everything with its example."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from contracts.examples import EXAMPLES
from contracts.gateway import CreateToken
from contracts.reporting import Report
from contracts.vocabulary import SystemRole
from services.gateway.application import Tokens
from services.gateway.service.routes import ROUTES
from services.gateway.service.web import create_app
from shared.clock import Clock, utc_now
from shared.context import Context
from tests.given import context, recorder, sealer

REGION = "ABH"
KEY = "0d8f5a3e-6c1b-4a4e-9d2f-3b7c5e9a1f20"


@dataclass(frozen=True)
class Asked:
    service: str
    method: str
    body: bytes
    context: Context


@dataclass
class Neighbours:
    """The services behind a gateway: each answers with the example of its answer, or with what it was told to."""

    asked: list[Asked] = field(default_factory=list)
    told: dict[str, bytes | Exception] = field(default_factory=dict)

    def request(self, service: str, method: str, body: bytes, context: Context, timeout: float = 5.0) -> bytes:
        assert timeout > 0
        self.asked.append(Asked(service, method, body, context))
        answer = self.told.get(f"{service}.{method}") or next(
            EXAMPLES[route.answer].model_dump_json().encode() for route in ROUTES if route.operation == f"{service}.{method}"
        )
        if isinstance(answer, Exception):
            raise answer
        return answer


class Alone:
    """A process with a gateway in it and nothing else."""

    def __init__(self, tokens: Tokens, *, region: str = REGION) -> None:
        self.settings = SimpleNamespace(region=region, time_zone="Europe/Dublin", http_host="127.0.0.1", http_port=0)
        self.calls = Neighbours()
        self.tokens = tokens
        self.wrong: dict[str, str] = {}
        self.app: Flask = create_app(self)
        self.client: FlaskClient = self.app.test_client()

    def health(self) -> tuple[bool, dict[str, str]]:
        return not self.wrong, self.wrong

    def token(self, role: SystemRole = SystemRole.regional_operator) -> str:
        return issue(self.tokens, role)

    def bearer(self, role: SystemRole = SystemRole.regional_operator) -> dict[str, str]:
        """The headers of a write by somebody in `role`."""
        return {"Authorization": f"Bearer {self.token(role)}", "Idempotency-Key": str(uuid4())}


def tokens(folder: Path, *, clock: Clock = utc_now) -> Tokens:
    """The tokens of the region, kept in `folder`."""
    return Tokens(recorder(folder, "gateway"), sealer(folder, "gateway"), source="gateway", region=REGION, clock=clock)


def issue(tokens: Tokens, role: SystemRole = SystemRole.regional_operator, *, expires: datetime | None = None, command: UUID | None = None) -> str:
    """A new token."""
    return tokens.create_token(command=CreateToken(label="test", role=role, expires=expires), context=context(command=command))


def path_of(path: str) -> str:
    """An address of the API with example ids in it."""
    return "/v1" + path.format(
        partnership=UUID(int=1), member=UUID(int=2), session=UUID(int=3), action=UUID(int=4), feedback=UUID(int=5), period="2025"
    )


def a_year() -> Report:
    """A report of a year in which something of every kind is to be shown."""
    example = EXAMPLES[Report]
    assert isinstance(example, Report)
    return example
