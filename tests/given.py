"""What tests are given: envelopes, aggregates with a past, and services on stores of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from contracts.countries import COUNTRIES
from contracts.errors import Refusal
from contracts.model import Fact, SealedPart
from services.feedback.application import FeedbackItems
from services.feedback.views import Inbox, Surroundings
from services.feedback.views import ToForget as FeedbackToForget
from services.partnerships.application import Partnerships
from services.partnerships.views import Directory, Erasures, Expiring, LooseEnds, Occasions, Payments, WorkItems
from services.partnerships.views import ToForget as PartnershipsToForget
from services.sessions.application import Sessions
from services.sessions.views import Actions, Calendar, Membership, Naming
from services.sessions.views import ToForget as SessionsToForget
from shared import ranges
from shared.application import Aggregate, Stamp
from shared.context import Context
from shared.database import Database
from shared.readmodel import ReadModel
from shared.sealing import Keys, Sealer
from shared.store import Recorder, open_store
from shared.upcasting import read_fact

NOW = datetime(2025, 3, 19, 14, 0, tzinfo=UTC)
STORE = UUID(int=9)
STREAM = UUID("5e000000-0000-4000-8000-000000000001")
PARTNERSHIP = UUID("10000000-0000-4000-8000-000000000001")
AOIFE, BRID, LORCAN, GRAINNE = (UUID(f"20000000-0000-4000-8000-{number:012}") for number in range(1, 5))
MASTER = b"m" * 32

TAggregate = TypeVar("TAggregate", bound=Aggregate)
Place = Path | Callable[[str], str]
"""Where databases are: files of a folder, or at the address that is given for each name."""


def stamp(happened: datetime = NOW) -> Stamp:
    """The envelope of one command."""
    return Stamp(happened, NOW, "token:1f0c", "partnership_coordinator", None, None, UUID(int=2), UUID(int=3))


def fact(kind: type[Fact], /, *, happened: datetime = NOW, stream: UUID = STREAM, **what: Any) -> Fact:
    """A fact as `stamp` makes it."""
    what = {"partnership": PARTNERSHIP, **what} if "partnership" in kind.model_fields else what
    by = stamp(happened)
    return kind(
        stream=stream,
        version=1,
        happened=happened,
        recorded=by.recorded,
        actor=by.actor,
        role=by.role,
        correlation=by.correlation,
        causation=by.causation,
        **what,
    )


def given(kind: type[TAggregate], *facts: Fact) -> TAggregate:
    """An aggregate to which `facts` happened."""
    return kind(STREAM).replay(_numbered(facts, 1))


def then(aggregate: Aggregate, *expected: Fact) -> None:
    """Exactly `expected` was recorded."""
    recorded = aggregate.collect_events()
    assert list(recorded) == _numbered(expected, aggregate.version - len(recorded) + 1)


def _numbered(facts: Sequence[Fact], first: int) -> list[Fact]:
    return [fact.model_copy(update={"version": version}) for version, fact in enumerate(facts, first)]


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    """Within it a refusal with this code must be raised."""
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def sealed(number: int = 1) -> SealedPart:
    """Words that are somewhere else."""
    return SealedPart(handle=UUID(int=number), subject=STREAM, commitment="c0" * 32, digest="d0" * 32)


def context(*, role: str = "partnership_coordinator", command: UUID | None = None, expected: int | None = None) -> Context:
    """Somebody acting."""
    return Context(actor="token:1f0c", role=role, region="ABH", command=command or uuid4(), expected=expected)


def sealer(place: Place, source: str) -> Sealer:
    """What seals the words of a service whose keys are there."""
    return Sealer(source, Keys(Database.open(_address(place, f"{source}-keys")), MASTER))


def recorder(place: Place, source: str) -> Recorder:
    """The store of a service there."""
    return open_store(_address(place, source), create=True)


def stored(store: Recorder) -> list[Any]:
    """Every fact in a store."""
    return [read_fact(row.type, row.state) for row in store.read(0, 1_000)]


def model(kind: type[ReadModel], place: Place, source: str) -> Any:
    """A read model of a service there."""
    database = Database.open(_address(place, f"{source}-views"))
    kind.view.define(database)
    return kind(database)


def _address(place: Place, name: str) -> str:
    return f"sqlite:///{place}/{name}.db" if isinstance(place, Path) else place(name)


class Region:
    """Three services in one place that learn of one another when told to."""

    def __init__(self, place: Place) -> None:
        self.stores = {name: recorder(place, name) for name in ("partnerships", "sessions", "feedback")}
        self.directory = model(Directory, place, "partnerships")
        self.membership, self.calendar = model(Membership, place, "sessions"), model(Calendar, place, "sessions")
        self.actions, self.naming = model(Actions, place, "sessions"), model(Naming, place, "sessions")
        self.surroundings, self.inbox = model(Surroundings, place, "feedback"), model(Inbox, place, "feedback")
        self.forgotten = {
            name: model(kind, place, name)
            for name, kind in (("partnerships", PartnershipsToForget), ("sessions", SessionsToForget), ("feedback", FeedbackToForget))
        }
        self.erasures = model(Erasures, place, "partnerships")
        self.lists = tuple(model(kind, place, "partnerships") for kind in (Payments, WorkItems, Occasions, LooseEnds, Expiring))
        self.place = place
        self._read: dict[tuple[str, str, str], int] = {}
        self.partnerships = self.another_partnerships(self.stores["partnerships"])
        self.sessions = self.another_sessions(self.stores["sessions"])
        self.feedback = self.another_feedback(self.stores["feedback"])

    def another_partnerships(self, store: Recorder) -> Partnerships:
        """A copy of the service on `store`."""
        seals, forgotten = sealer(self.place, "partnerships"), self.forgotten["partnerships"]
        where: Any = {"country": COUNTRIES["IE"], "zone": ZoneInfo("Europe/Dublin")}
        return Partnerships(store, seals, self.directory, forgotten, self.erasures, *self.lists, source="partnerships", **where)

    def another_sessions(self, store: Recorder) -> Sessions:
        """A copy of the service on `store`."""
        seals, forgotten = sealer(self.place, "sessions"), self.forgotten["sessions"]
        known = (self.membership, self.calendar, self.actions, forgotten, self.naming)
        return Sessions(store, seals, *known, source="sessions", zone=ZoneInfo("Europe/Dublin"))

    def another_feedback(self, store: Recorder) -> FeedbackItems:
        """A copy of the service on `store`."""
        seals, forgotten = sealer(self.place, "feedback"), self.forgotten["feedback"]
        return FeedbackItems(store, seals, self.surroundings, self.inbox, forgotten, source="feedback")

    def models(self) -> dict[str, tuple[ReadModel, ...]]:
        """The read models of each service."""
        return {
            "partnerships": (self.directory, self.forgotten["partnerships"], self.erasures, *self.lists),
            "sessions": (self.membership, self.calendar, self.actions, self.forgotten["sessions"], self.naming),
            "feedback": (self.surroundings, self.inbox, self.forgotten["feedback"]),
        }

    def spread(self) -> None:
        """Let every read model see every fact it has not seen."""
        for service, read in self.models().items():
            for known in read:
                for source in known.view.sources:
                    self._spread(service, known, source)

    def fold(self, known: ReadModel) -> None:
        """Let a new read model see every fact."""
        for source in known.view.sources:
            received = ranges.page(self.stores[source], "ABH", source, 0, 100_000)
            with known.database.transaction() as tx:
                known.view.apply(known.view.within(tx), list(ranges.facts(received)))

    def _spread(self, service: str, known: ReadModel, source: str) -> None:
        place = (service, known.view.name, source)
        received = ranges.after(self.stores[source], "ABH", source, self._read.get(place, 0))
        with known.database.transaction() as tx:
            known.view.apply(known.view.within(tx), list(ranges.facts(received)))
        self._read[place] = received.last

    def close(self) -> None:
        for store in self.stores.values():
            store.close()
        for known in (known for read in self.models().values() for known in read):
            known.database.close()
        for service in (self.partnerships, self.sessions, self.feedback):
            service.sealer.keys._database.close()
