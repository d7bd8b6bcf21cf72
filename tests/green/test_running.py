"""A process that serves: what it takes from the system, and that it does not outlive what it serves."""

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import eventlet
import pytest
from eventlet.debug import hub_exceptions

from contracts.errors import Unavailable
from contracts.vocabulary import SystemRole
from deploy import running, wiring
from deploy.wiring import House, set_up
from shared import logs
from shared.context import Context, acting
from shared.port import Port
from shared.settings import Settings
from tests.server_process import free_port

CANARY = "Maeve-wept-on-Tuesday"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A process of a test: its log, its signals and its limits stay the test's own."""
    monkeypatch.setattr(logs, "to_stderr", lambda _level: None)
    monkeypatch.setattr(signal, "signal", lambda _number, _action: None)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with eventlet.Timeout(60):
        yield Settings(data=tmp_path, http_port=free_port(), metrics_port=free_port())
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    hub_exceptions(True)


def test_a_process_ends_and_says_which_when_one_of_its_services_dies(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fall(_port: Port) -> None:
        raise ZeroDivisionError(CANARY)

    monkeypatch.setattr(Port, "serve", fall)
    with pytest.raises(running.Fallen, match=r"gateway has died: ZeroDivisionError at .*test_running\.py:\d+") as fallen:
        running.serve(settings, ["gateway"], lambda _house: None)
    assert CANARY not in str(fallen.value) + capfd.readouterr().err


def test_a_process_that_serves_may_open_as_many_files_as_the_system_grants(settings: Settings) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, most))
    granted: list[tuple[int, int]] = []

    def ready(_house: House) -> None:
        granted.append(resource.getrlimit(resource.RLIMIT_NOFILE))
        sys.exit()

    with pytest.raises(SystemExit):
        running.serve(settings, ["gateway"], ready)
    assert granted == [(most, most)]


def test_whoever_asks_at_the_same_moment_gets_the_same_store(settings: Settings) -> None:
    set_up(settings, ["partnerships"])
    house = House(settings, ["partnerships"])
    asking = [eventlet.spawn(house.recorder, "partnerships") for _ in range(4)]
    assert {id(one.wait()) for one in asking} == {id(house.recorder("partnerships"))}
    house.close()


def test_whoever_asks_while_another_part_is_made_gets_the_same_read_models(settings: Settings) -> None:
    set_up(settings, ["partnerships"])
    house = House(settings, ["partnerships"])
    eventlet.spawn(house.recorder, "partnerships")
    asking = [eventlet.spawn(house.models, "partnerships") for _ in range(2)]
    assert {id(one.wait()) for one in asking} == {id(house.models("partnerships"))}
    house.close()


def test_a_call_goes_in_when_every_view_of_its_service_knows_what_the_caller_knows(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "_PATIENCE_SECONDS", 0.01)
    set_up(settings, ["sessions"])
    house = House(settings, ["sessions"])
    for known, told in (
        ({"reporting": 5}, None),
        ({"sessions": 0}, None),
        ({"sessions": 0, "partnerships": 2}, "position 2 of partnerships"),
    ):
        asked = Context(actor="aoife", role=SystemRole.regional_operator, region="ABH", after=known)
        with acting(asked), pytest.raises(Unavailable, match=told) if told else nullcontext():
            house.admit("sessions", "list_sessions", SystemRole.regional_operator)
    house.close()
