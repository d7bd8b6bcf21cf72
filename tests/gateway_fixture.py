"""A gateway on its own: real tokens on a store in a folder, and neighbours that answer everything with its example."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Self, cast
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from contracts.examples import EXAMPLES
from contracts.gateway import CreateToken
from contracts.reporting import FeedbackCounts, Figure, IndicatorDefinition, Report
from contracts.vocabulary import CellStatus, Direction, SystemRole
from services.gateway.application import Accesses, Tokens
from services.gateway.service.routes import ROUTES
from services.gateway.service.web import create_app
from shared.clock import Clock, utc_now
from shared.context import Context
from shared.store import Recorder
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
        self.accesses = Accesses(cast(Recorder, tokens.recorder))
        self.app: Flask = create_app(self)
        self._visitors = count(1)
        self._issued: dict[SystemRole, str] = {}
        self.anew()

    def anew(self) -> Self:
        """As if nobody had come yet: neighbours that were asked and told nothing, and somebody from an address of their own."""
        self.calls.asked.clear()
        self.calls.told.clear()
        self.wrong: dict[str, str] = {}
        self.client: FlaskClient = self.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = str(IPv4Address(next(self._visitors)))
        return self

    def health(self) -> tuple[bool, dict[str, str]]:
        return not self.wrong, self.wrong

    def token(self, role: SystemRole = SystemRole.regional_operator) -> str:
        if role not in self._issued:
            self._issued[role] = issue(self.tokens, role)
        return self._issued[role]

    def bearer(self, role: SystemRole = SystemRole.regional_operator) -> dict[str, str]:
        """The headers of a write by somebody in `role`."""
        return {"Authorization": f"Bearer {self.token(role)}", "Idempotency-Key": str(uuid4())}


def tokens(folder: Path, *, clock: Clock = utc_now) -> Tokens:
    """The tokens of the region, kept in `folder`."""
    return Tokens(recorder(folder, "gateway"), sealer(folder, "gateway"), source="gateway", region=REGION, clock=clock)


def issue(
    tokens: Tokens, role: SystemRole = SystemRole.regional_operator, *, expires: datetime | None = None, command: UUID | None = None
) -> str:
    """A new token."""
    return tokens.create_token(command=CreateToken(label="test", role=role, expires=expires), context=context(command=command))


WORDS = {"period": "2025", "quarter": "2025Q1", "unit": "ABH_IHA1", "framework": "SCIE_JIGSAW"}
"""What stands in a path and is no id."""


def path_of(path: str) -> str:
    """An address of the API with example ids in it."""
    known = {"partnership": 1, "member": 2, "session": 3, "action": 4, "feedback": 5, "figure": 6}
    names = [name for _, name, _, _ in Formatter().parse(path) if name]
    return "/v1" + path.format(**{name: WORDS.get(name, UUID(int=known.get(name, 9))) for name in names})


def definition(
    code: str, *, unit: str = "%", better: Direction = Direction.increase, band: tuple[float, float] | None = None
) -> IndicatorDefinition:
    """What an indicator means."""
    better = Direction.target_band if band else better
    return IndicatorDefinition(
        code=code,
        version=1,
        name=f"Name of {code}",
        numerator="some",
        denominator="all",
        unit=unit,
        direction=better,
        band=band,
        person_based=False,
    )


def figure(
    of: IndicatorDefinition, period: str, value: float | None, status: CellStatus = CellStatus.value, *, low_base: bool = False
) -> Figure:
    """A figure of an indicator; its numbers are 3 of 4."""
    n, d = (3, 4) if value is not None else (None, None)
    return Figure(
        code=of.code,
        version=1,
        period=period,
        n=n,
        d=d,
        value=value,
        unit=of.unit,
        direction=of.direction,
        band=of.band,
        components={},
        status=status,
        low_base=low_base,
    )


SHARE = definition("CP-01", band=(50.0, 67.0))
CAME = definition("CP-02")
HEARD = definition("CP-15")
WAIT = definition("CP-13", unit="working days", better=Direction.decrease)
GAP = definition("CP-16", unit="points", band=(-0.3, 0.3))


def a_year() -> Report:
    """A report of a year in which something of every kind is to be shown."""
    hidden, beside, none = CellStatus.suppressed_primary, CellStatus.suppressed_secondary, CellStatus.not_applicable
    return Report(
        partnership=UUID(int=1),
        name="By the <river> & sea",
        period="2025",
        as_of_entry=None,
        effective=None,
        witnessed=None,
        as_known_at=datetime(2025, 7, 14, 12, 0, tzinfo=UTC),
        known={"partnerships": 7, "sessions": 15},
        definitions=(SHARE, CAME, WAIT, HEARD, GAP, definition("CP-99")),
        figures=(
            figure(SHARE, "2025Q1", 45.5),
            figure(SHARE, "2025Q2", 50.0),
            figure(SHARE, "2025Q3", 70.0, low_base=True),
            figure(SHARE, "2025", 58.3),
            figure(CAME, "2025Q1", 40.0),
            figure(CAME, "2025Q2", 55.0),
            figure(CAME, "2025Q3", 55.0),
            figure(CAME, "2025Q4", 0.0, CellStatus.zero),
            figure(CAME, "2025", 44.0),
            figure(WAIT, "2025Q1", 9.0),
            figure(WAIT, "2025Q2", 7.5),
            figure(HEARD, "2025Q1", None, hidden),
            figure(HEARD, "2025Q2", None, beside),
            figure(HEARD, "2025Q3", None, none),
            figure(HEARD, "2025Q4", None, CellStatus.late),
            figure(GAP, "2025", -0.38),
        ),
        feedback=FeedbackCounts(
            received=3, by_kind={"story": 2, "concern": 1}, by_theme={"access": 3}, by_rating={"5": 1, "not_rated": 2}, loops_closed=1
        ),
    )
