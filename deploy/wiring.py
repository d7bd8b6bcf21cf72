"""The one place that knows which parts there are and what each is made of. Import after `shared.green.patch()`."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

from eventlet import tpool
from nameko.containers import ServiceContainer

from contracts.countries import COUNTRIES, CountryProfile
from contracts.errors import NotFound, Unavailable
from contracts.permissions import permitted
from deploy.ledger_keys import ledger_origin, ledger_policy, ledger_signer, ledger_witnesses, witness_key
from deploy.neighbours import Neighbours
from services.audit import witnessing
from services.audit.application import Audit
from services.audit.application.exports import Exports
from services.audit.application.public import PublicLedger
from services.audit.application.replays import Replays
from services.audit.application.stores import Stores
from services.audit.ledger.tiles import Tiles
from services.audit.ledger.witness import Witness, read_logs
from services.audit.publishing import Publisher
from services.audit.service import AuditReaders, AuditService
from services.audit.views import Accesses as Looks
from services.audit.views import Entries, Ledger
from services.audit.witnessing import WitnessedHeads
from services.feedback.application import FeedbackItems
from services.feedback.service import FeedbackReaders, FeedbackService
from services.feedback.views import Inbox, Surroundings
from services.feedback.views import ToForget as FeedbackToForget
from services.gateway.application import Accesses, Tokens
from services.gateway.service import GatewayService
from services.partnerships.application import Partnerships
from services.partnerships.service import PartnershipsReaders, PartnershipsService
from services.partnerships.views import Directory, Erasures, Expiring, LooseEnds, Occasions, Payments, WorkItems
from services.partnerships.views import ToForget as PartnershipsToForget
from services.reporting.application import Reports
from services.reporting.service import ReportingReaders, ReportingService
from services.reporting.views import Dossiers, Figures
from services.sessions.application import Sessions
from services.sessions.service import SessionsReaders, SessionsService
from services.sessions.views import Actions, Calendar, Membership, Naming
from services.sessions.views import ToForget as SessionsToForget
from shared import ranges, relay
from shared.clock import utc_now
from shared.context import current
from shared.database import Database
from shared.days import Jurisdiction
from shared.parts import Log
from shared.readmodel import ReadModel
from shared.rpc import Calls, Cover
from shared.sealing import Keys, Sealer, read_master_key
from shared.settings import Settings, WrongSetting, in_schema
from shared.store import Recorder, create_store, open_store
from shared.views import View, places
from shared.views.places import Stop
from shared.views.reader import SOURCE_BEHIND, STORE_CHANGED
from shared.views.rebuild import Rebuilt, rebuild
from shared.views.scratch import Rows, folded

_BREATH = 0.05
_PATIENCE_SECONDS = 4.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Service:
    """What a service is made of: nameko classes, read models, an application (over a store, if it records), more tables, other parts."""

    classes: tuple[type, ...]
    models: tuple[type[ReadModel], ...]
    application: Callable[[House, Sequence[Any]], Any]
    records: bool = True
    tables: str = ""
    parts: Mapping[str, Callable[[House], Any]] = field(default_factory=dict)


SERVICES: dict[str, Service] = {
    "partnerships": Service(
        (PartnershipsService, PartnershipsReaders),
        (Directory, PartnershipsToForget, Erasures, Payments, WorkItems, Occasions, LooseEnds, Expiring),
        lambda house, models: Partnerships(
            house.recorder("partnerships"),
            house.sealer("partnerships"),
            *models,
            source="partnerships",
            country=house.country,
            zone=house.zone,
            days=house.settings.keys_backup_days,
        ),
    ),
    "sessions": Service(
        (SessionsService, SessionsReaders),
        (Membership, Calendar, Actions, SessionsToForget, Naming),
        lambda house, models: Sessions(house.recorder("sessions"), house.sealer("sessions"), *models, source="sessions", zone=house.zone),
    ),
    "feedback": Service(
        (FeedbackService, FeedbackReaders),
        (Surroundings, Inbox, FeedbackToForget),
        lambda house, models: FeedbackItems(house.recorder("feedback"), house.sealer("feedback"), *models, source="feedback"),
    ),
    "reporting": Service(
        (ReportingService, ReportingReaders),
        (Dossiers, Figures),
        lambda house, models: Reports(
            house.recorder("reporting"),
            house.sealer("reporting"),
            *models,
            source="reporting",
            jurisdiction=Jurisdiction(house.settings.country, house.zone),
            ledger=house.neighbours,
            code=version("comhar"),
        ),
    ),
    "audit": Service(
        (AuditService, AuditReaders),
        (Ledger, Looks),
        lambda house, models: Audit(
            models[1],
            Stores(models[0], house.read, house.region),
            Replays(
                Entries(house.database("audit"), ledger_origin(house.settings)),
                region=house.region,
                zone=house.zone,
                figures=house.neighbours.figures,
            ),
            Exports(models[0], house.tiles, ledger_policy(house.settings)),
        ),
        records=False,
        tables=witnessing.TABLES,
        parts={
            "publishing": lambda house: house.publisher(),
            "public": lambda house: PublicLedger(house.tiles, house.witness()),
        },
    ),
    "gateway": Service(
        (GatewayService,),
        (),
        lambda house, _: Tokens(house.recorder("gateway"), house.sealer("gateway"), source="gateway", region=house.region),
    ),
}


class House:
    """One process of a region: the parts of the `services` that live in it, each made when first asked for."""

    def __init__(self, settings: Settings, services: Sequence[str] = ()) -> None:
        self._services = services
        self.settings: Settings = settings
        self.region: str = settings.region
        self.broker_uri: str = settings.broker_uri
        self._master = read_master_key(settings.key_file, create=settings.embedded)
        self.cover = Cover(self._master)
        self.calls = Calls(settings.broker_uri, self.cover)
        self.neighbours: Neighbours = Neighbours(self.calls, self.region)
        self._made: dict[str, Any] = {}
        self._making = threading.RLock()
        self._wrong: dict[str, str] = {}

    def recorder(self, service: str) -> Recorder:
        """The store of a service."""
        return self._once(f"{service}.recorder", lambda: open_store(self.settings.store_url(service)))

    def database(self, service: str) -> Database:
        """The read models' database of a service."""
        return self._once(f"{service}.database", lambda: Database.open(self.settings.views_url(service)))

    def sealer(self, service: str) -> Sealer:
        """What seals and opens the words a service keeps."""
        return self._once(f"{service}.sealer", lambda: Sealer(service, Keys(self._keys(service), self._master)))

    def _keys(self, service: str) -> Database:
        return self._once(f"{service}.keys", lambda: Database.open(self.settings.keys_url(service)))

    def part(self, name: str) -> Any:
        """What service classes ask for: an application by the name of its service, `<service>.log`, or another part of it."""
        service, _, part = name.partition(".")
        if part == "log":
            return self._once(name, lambda: Log(self.recorder(service), self.region, service))
        if part:
            return self._once(name, lambda: SERVICES[service].parts[part](self))
        return self._once(name, lambda: SERVICES[service].application(self, self.models(service)))

    @property
    def tokens(self) -> Tokens:
        """Who may come in."""
        tokens: Tokens = self.part("gateway")
        return tokens

    @property
    def accesses(self) -> Accesses:
        """The record of who looked at what."""
        accesses: Accesses = self._once("gateway.accesses", lambda: Accesses(self.recorder("gateway")))
        return accesses

    def models(self, service: str) -> Sequence[ReadModel]:
        """The read models of a service."""
        models: Sequence[ReadModel] = self._once(
            f"{service}.models", lambda: [model(self.database(service)) for model in SERVICES[service].models]
        )
        return models

    @property
    def zone(self) -> ZoneInfo:
        """Where days are counted."""
        return ZoneInfo(self.settings.time_zone)

    @property
    def country(self) -> CountryProfile:
        """What holds in the country of the region; raises `WrongSetting` for one of which nothing is known."""
        try:
            return COUNTRIES[self.settings.country]
        except KeyError:
            raise WrongSetting(f"COMHAR_COUNTRY: nothing is known of its rules; known are {', '.join(COUNTRIES)}") from None

    def fetch(self, source: str, after: int, limit: int) -> ranges.Range:
        """The facts of a neighbour after a position."""
        return self.neighbours.fetch(source, after, limit)

    def view_of(self, service: str, name: str) -> View:
        """A view of a service by its name; raises LookupError naming those it has."""
        for model in SERVICES[service].models:
            if model.view.name == name:
                return model.view
        raise LookupError(f"{service} has no view {name}; it has {', '.join(model.view.name for model in SERVICES[service].models)}")

    def rebuild(self, service: str, name: str, *, swap: bool) -> Rebuilt:
        """Fold a view anew beside the live one; raises LookupError for one whose rows depend on when facts came."""
        view = self.view_of(service, name)
        if not all(model.repeatable for model in SERVICES[service].models if model.view is view):
            raise LookupError(f"{name} numbers facts in the order they came; it cannot be made again")
        return rebuild(self.database(service), view, self.read, swap=swap)

    def repeatable(self, services: Sequence[str]) -> list[tuple[str, str]]:
        """The views of `services` that the same facts make again: service and view."""
        return [(service, model.view.name) for service in services for model in SERVICES[service].models if model.repeatable]

    def replay(self, service: str, name: str) -> Rebuilt:
        """Fold a view from the entries of the ledger into empty tables and compare with the live one; nothing is changed."""
        return rebuild(self.database(service), self.view_of(service, name), self._held, swap=False)

    def as_of(self, service: str, moment: int | datetime) -> dict[str, Rows]:
        """The views of a service, table by table, as the ledger's first entries make them; or as known at an instant, if it was witnessed.

        Raises `NotFound` when no checkpoint was witnessed then or later.
        """
        to_entry = moment if isinstance(moment, int) else self._witnessed(moment)
        return {
            table: rows
            for owner, name in self.repeatable([service])
            for table, rows in folded(self.view_of(owner, name), partial(self._held_upto, to_entry))
        }

    def _witnessed(self, instant: datetime) -> int:
        entries = Entries(self.database("audit"), "")
        moment = entries.moment(None, instant, None) if self.settings.embedded else self.neighbours.moment(instant)
        if moment.witnessed is None:
            raise NotFound("not_witnessed", "No checkpoint was witnessed then or later: name an entry of the ledger instead.")
        return moment.entries

    def _held_upto(self, to_entry: int, source: str, after: int, limit: int) -> ranges.Range:
        if self.settings.embedded:
            return Entries(self.database("audit"), "").held(self.region, source, after, limit, to_entry)
        return self.neighbours.held(source, after, limit, to_entry)

    def _held(self, source: str, after: int, limit: int) -> ranges.Range:
        if self.settings.embedded:
            found = Entries(self.database("audit"), "").held(self.region, source, after, limit)
        else:
            found = self.neighbours.held(source, after, limit)
        if not found.lines:
            time.sleep(_BREATH)  # the ledger may be a moment behind the view it is compared with
        return found

    def read(self, source: str, after: int, limit: int) -> ranges.Range:
        """The facts of a service after a position: from the store itself where it is at hand, in this region's own folder."""
        if not self.settings.embedded:
            return self.fetch(source, after, min(limit, ranges.MOST_FACTS))
        return ranges.page(self.recorder(source), self.region, source, after, limit)

    def publisher(self) -> Publisher:
        """Who publishes the ledger. Its key is made when nothing was ever signed."""
        ledger, settings = Ledger(self.database("audit")), self.settings
        signer = ledger_signer(settings, create=ledger.last_checkpoint() is None)
        return Publisher(
            ledger,
            self.tiles,
            signer,
            region=self.region,
            witnesses=ledger_witnesses(settings, signer.verifiers),
            elsewhere=tpool.execute,
            tell=lambda why: self._tell("ledger", why),
        )

    @property
    def tiles(self) -> Tiles:
        """The files of the ledger."""
        tiles: Tiles = self._once("audit.tiles", lambda: Tiles(self.settings.ledger_folder))
        return tiles

    def witness(self) -> Witness | None:
        """Who signs the heads of the ledgers that are named in a file; nobody without one. Its key is made before it ever signs."""
        if (named := self.settings.witness_logs_file) is None:
            return None
        heads = WitnessedHeads(self.database("audit"))
        try:
            logs = read_logs(named.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise WrongSetting(f"COMHAR_WITNESS_LOGS_FILE cannot be used: {fault}") from None
        return Witness(witness_key(self.settings, create=not heads.any), logs, heads, now=utc_now)

    def check(self) -> None:
        """Raises `DamagedLog` when what this process would go on with contradicts itself."""
        if "audit" in self._services:
            publisher: Publisher = self.part("audit.publishing")
            publisher.check()
            self.part("audit.public")

    def _tell(self, part: str, why: str | None) -> None:
        if why:
            self._wrong[part] = why
        else:
            self._wrong.pop(part, None)

    def admit(self, service: str, method: str, role: str) -> None:
        """A call may go in: its role is permitted, and the service knows what the caller knows already."""
        permitted(service, method, role)
        known = context.after if (context := current()) else {}
        views = (model.view for model in self.models(service) if not model.view.leisurely)
        if wanted := {(view.name, source): known[source] for view in views for source in view.sources if source in known}:
            places.wait_for_all(self.database(service), wanted, _PATIENCE_SECONDS)

    def health(self) -> tuple[bool, dict[str, str]]:
        """Whether this process can do its work, and what is wrong when not."""
        wrong = dict(self._wrong)
        if not self.calls.connected:
            wrong["broker"] = "not connected"
        for service in self._services:
            try:
                with self.database(service).reading() as tx:
                    stopped = places.stops(tx)
            except Unavailable as fault:
                wrong[service] = fault.code
                continue
            wrong |= {
                f"{stop.view} of {stop.source}": f"stopped before position {stop.position}: {stop.fault}{self.advice(service, stop)}"
                for stop in stopped
            }
        return not wrong, wrong

    def advice(self, service: str, stop: Stop) -> str:
        """What an operator can do about a view that stands still."""
        if stop.fault not in {STORE_CHANGED, SOURCE_BEHIND}:
            return f"; mend it, or comhar views pass-over {service} {stop.view} {stop.source} {stop.position} --reason CODE"
        behind = f"; if its store was restored: comhar renew-store {stop.source}, then" if stop.fault == SOURCE_BEHIND else "; decide with"
        repeatable = all(model.repeatable for model in SERVICES[service].models if model.view.name == stop.view)
        rebuilt = f"comhar views rebuild {service} {stop.view}"
        return f"{behind} {rebuilt if repeatable else f'comhar audit accept-store {stop.source} --reason CODE'}"

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        with self._making:  # a container sets its parts up side by side, and two stores would not wake each other's followers
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    def close(self) -> None:
        """Give everything back."""
        self.calls.close()
        for part in self._made.values():
            if isinstance(part, (Recorder, Database)):
                part.close()


def set_up(settings: Settings, services: Sequence[str], *, owner: str = "") -> None:
    """Create what is missing of the stores and tables of `services`; in production `owner` is the database owner's address."""
    for name in services:
        service = SERVICES[name]
        if service.records:
            create_store(in_schema(owner, name) if owner else settings.store_url(name), role=name if owner else None)
        with contextlib.closing(Database.open(settings.views_url(name))) as database:
            for model in service.models:
                model.view.define(database)
            database.define(relay.TABLES + service.tables)


@contextlib.contextmanager
def running(house: House, services: Sequence[str]) -> Iterator[Sequence[ServiceContainer]]:
    """The containers of `services`, started; stopped in the opposite order, each finishing what it has in hand."""
    config = {"AMQP_URI": house.broker_uri, "comhar": house, "cover": house.cover, "permitted": house.admit, "max_workers": 50}
    # What is asked starts before what asks: readers fetch from services as soon as they run.
    kinds: list[Any] = [kind for name in services for kind in SERVICES[name].classes]
    kinds.sort(key=lambda kind: kind.name.endswith(".readers"))
    containers = [ServiceContainer(kind, config) for kind in kinds]
    started: list[ServiceContainer] = []
    house.calls.start()
    try:
        for container in containers:
            container.start()
            started.append(container)
        yield started
    finally:
        for container in reversed(started):
            container.stop()
        house.close()
