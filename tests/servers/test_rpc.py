"""The same promises on RabbitMQ, and what happens to calls when it is killed, hangs, or forgets."""

from collections.abc import Iterator

import eventlet
import pytest

from contracts.errors import Unavailable
from shared import transport
from shared.rpc import Calls, link
from tests.rpc_suite import *  # noqa: F403  the same promises on every broker
from tests.rpc_suite import Parlour, Start, ask, until
from tests.servers_fixture import RabbitServer


@pytest.fixture
def uri(rabbit: RabbitServer) -> str:
    return rabbit.new_vhost()


@pytest.fixture
def back(rabbit: RabbitServer) -> Iterator[None]:
    """However the test ends, the next one finds a broker."""
    yield
    rabbit.resume()
    if not rabbit._answers():
        rabbit.start()


def answered(calls: Calls, body: bytes) -> bool:
    """Whether `parlour` echoes `body` now."""
    try:
        return ask(calls, "echo", body, timeout=2.0) == body
    except Unavailable:
        return False


@pytest.mark.usefixtures("back")
def test_a_broker_killed_during_a_call_refuses_the_caller_and_kills_nobody(start: Start, calls: Calls, rabbit: RabbitServer) -> None:
    container = start()
    caller = eventlet.spawn(ask, calls, "wait", b"lost", 3600)
    until(lambda: Parlour.begun)
    rabbit.kill()
    with pytest.raises(Unavailable) as refused:
        caller.wait()
    assert refused.value.code == "broker_unreachable"
    Parlour.gate.send()
    rabbit.start()
    until(lambda: answered(calls, b"both came back"))
    assert not container._died.ready()


@pytest.mark.usefixtures("back")
def test_while_there_is_no_broker_callers_are_refused_at_once(start: Start, calls: Calls, rabbit: RabbitServer) -> None:
    start()
    ask(calls, "echo")
    rabbit.kill()
    until(lambda: calls._link.down)
    with pytest.raises(Unavailable) as refused:
        ask(calls, "echo", timeout=3600)
    assert refused.value.code == "broker_unreachable"


@pytest.mark.usefixtures("back")
def test_a_broker_that_hangs_holds_nobody_beyond_the_deadline(start: Start, calls: Calls, rabbit: RabbitServer) -> None:
    start()
    ask(calls, "echo")
    rabbit.pause()
    callers = [eventlet.spawn(ask, calls, "echo", b"x" * 60_000, 1.0) for _ in range(200)]  # more than the socket takes
    for caller in callers:
        with pytest.raises(Unavailable):
            caller.wait()
    assert calls._under_way == {}
    rabbit.resume()
    until(lambda: answered(calls, b"awake"))


@pytest.mark.usefixtures("back")
def test_a_broker_that_hangs_is_left_within_seconds_when_a_process_ends(start: Start, calls: Calls, rabbit: RabbitServer) -> None:
    container = start()
    ask(calls, "echo")
    rabbit.pause()
    with eventlet.Timeout(20):
        calls.close()
        container.stop()


@pytest.mark.usefixtures("back")
def test_a_restart_of_the_broker_loses_no_service(start: Start, calls: Calls, rabbit: RabbitServer) -> None:
    start()
    ask(calls, "echo")
    rabbit.restart()
    until(lambda: answered(calls, b"again"))


def test_a_service_outlives_the_loss_of_its_connection(start: Start, calls: Calls, rabbit: RabbitServer) -> None:
    start()
    ask(calls, "echo")
    rabbit.ctl("close_all_connections", "test")
    until(lambda: answered(calls, b"again"))


def test_a_queue_that_is_deleted_is_declared_again(start: Start, calls: Calls, rabbit: RabbitServer, uri: str) -> None:
    start()
    rabbit.ctl("delete_queue", "-p", uri.rpartition("/")[2], "comhar.rpc.parlour")
    until(lambda: answered(calls, b"again"))


@pytest.mark.usefixtures("back")
def test_a_broker_that_takes_nothing_is_dropped(calls: Calls, start: Start, rabbit: RabbitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    ask(calls, "echo")
    monkeypatch.setattr(link, "SEND_SECONDS", 0.5)
    rabbit.pause()
    callers = [eventlet.spawn(ask, calls, "echo", b"x" * 60_000, 60.0) for _ in range(200)]  # more than the socket takes
    for caller in callers:
        with pytest.raises(Unavailable) as refused:
            caller.wait()
        assert refused.value.code == "broker_unreachable"
    assert not calls.connected


@pytest.mark.usefixtures("back")
def test_a_broker_that_falls_silent_is_dropped(calls: Calls, start: Start, rabbit: RabbitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "HEARTBEAT", 1.0)
    start()
    ask(calls, "echo")
    rabbit.pause()
    until(lambda: not calls.connected)


@pytest.mark.usefixtures("back")
def test_a_service_starts_without_a_broker_and_finds_it_later(start: Start, calls: Calls, rabbit: RabbitServer) -> None:
    rabbit.kill()
    start()
    with pytest.raises(Unavailable) as refused:
        ask(calls, "echo", timeout=3600)
    assert refused.value.code == "broker_unreachable"
    rabbit.start()
    until(lambda: answered(calls, b"there"))
