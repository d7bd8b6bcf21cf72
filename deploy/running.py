"""Processes: a whole region in one, or one service of it; each says what it needs, starts, and stops when told to."""

from __future__ import annotations

import fcntl
import gc
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared import logs
from shared.settings import Settings, WrongSetting

if TYPE_CHECKING:
    from deploy.wiring import House


class InUse(Exception):
    """Another process runs this region's data."""


class Fallen(Exception):
    """A service of this process has died; the process ends, so that whoever started it starts it again."""


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the region's data for this process; raises `InUse` when another one does."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"a region runs on {data} already; stop it first, or name another folder with COMHAR_DATA") from None
        yield


def serve(settings: Settings, services: Sequence[str], ready: Callable[[House], None]) -> None:
    """Run `services` until SIGTERM or SIGINT; `ready` is called once they answer. The process must be green.

    Raises `Fallen` when one of them dies, `DamagedLog` when the ledger contradicts itself.
    """
    logs.to_stderr(settings.log_level)
    _take_all_files()
    import eventlet  # noqa: PLC0415  only in a green process
    from eventlet.debug import hub_exceptions  # noqa: PLC0415
    from eventlet.event import Event  # noqa: PLC0415

    from deploy.monitor import watched  # noqa: PLC0415
    from deploy.wiring import House, running, set_up  # noqa: PLC0415

    # The hub prints what a green thread dies of, with its text, which may be somebody's words; those that matter say it themselves.
    hub_exceptions(False)  # noqa: FBT003  the library's own way to say it
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None if told.ready() else told.send(None))
    if settings.embedded:
        set_up(settings, services)
    house = House(settings, services)
    house.check()
    started = Event()

    def health() -> tuple[bool, dict[str, str]]:
        return house.health() if started.ready() else (False, {"services": "starting"})

    with watched(settings.metrics_host, settings.metrics_port, health), running(house, services) as containers:
        for container in containers:
            eventlet.spawn(_watch, container, told)
        started.send()
        gc.freeze()  # what was made so far stays: looking through all of it for garbage takes a tenth of the time
        ready(house)
        told.wait()


def _watch(container: Any, told: Any) -> None:
    """A service that has died is told; one that stops does so because the process was told to."""
    try:
        container.wait()
    except Exception as fault:  # noqa: BLE001  of whatever it died
        if not told.ready():
            told.send_exception(Fallen(f"{container.service_name} has died: {type(fault).__name__} at {logs.place(fault)}"))


def _take_all_files() -> None:
    """Each connection is a file, and the usual limit of 1,024 is far below what the system grants."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def set_up_database(settings: Settings, services: Sequence[str]) -> None:
    """Create roles, stores, tables and rights of a production region. Each service's own address is in the file `<service>_database`.

    May be run again: what is there stays, and passwords become those of the files.
    """
    from deploy.database import create_role  # noqa: PLC0415
    from deploy.wiring import set_up  # noqa: PLC0415  imports nameko, which nothing here needs before

    if not settings.owner_database:
        raise WrongSetting("COMHAR_OWNER_DATABASE must name the database with the role that owns it")
    for service in services:
        address = (settings.role_databases / f"{service}_database").read_text().strip()
        create_role(settings.owner_database, address, service)
        set_up(settings.model_copy(update={"database": address}), [service], owner=settings.owner_database)
