"""What calls between services promise, on any broker: imported by the tests that give the fixture `uri`."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest
from eventlet.event import Event
from nameko.containers import ServiceContainer

from contracts.errors import Conflict, FieldError, Invalid, NotPermitted, RuleBroken, Unavailable
from contracts.model import Answer, Command, Query, Receipt
from shared import metrics, transport
from shared.clock import utc_now
from shared.context import Context, current
from shared.rpc import Calls, Cover, RemoteFault, rpc, wire
from shared.rpc.cover import CALL, REPLY

COVER = Cover(bytes(32))
CANARY = "Aoife's own words"


class Greet(Query):
    name: str


class Greeting(Answer):
    text: str
    actor: str


class Propose(Command):
    title: str


class Parlour:
    """A service with one method for each thing a method can do."""

    name = "parlour"
    gate: Event
    begun: list[bytes]

    @rpc
    def greet(self, query: Greet) -> Greeting:
        context = current()
        assert context is not None
        eventlet.sleep(0)
        return Greeting(text=f"Hello {query.name}", actor=context.actor)

    @rpc
    def propose(self, command: Propose) -> Receipt:
        return Receipt(id=UUID(int=7), version=1, source=f"parlour/{command.title}", position=42)

    @rpc
    def whoever(self) -> Answer:
        return Answer()

    @rpc
    def echo(self, body: bytes) -> bytes:
        return body

    @rpc
    def wait(self, body: bytes) -> bytes:
        self.begun.append(body)
        self.gate.wait()
        return body

    @rpc
    def refuse(self) -> bytes:
        raise Conflict("stale_version", "Somebody was first.", errors=(FieldError(pointer="/title", code="taken", reason="It is taken."),))

    @rpc
    def fail(self, body: bytes) -> bytes:
        raise eventlet.Timeout(None) if body == b"timeout" else ZeroDivisionError(CANARY)

    @rpc
    def ask_again(self, body: bytes) -> bytes:
        return ask(self.calls, "echo", body)

    calls: Calls


def everybody(_service: str, _method: str, _role: str) -> None:
    """Everything is permitted."""


Start = Callable[..., ServiceContainer]


@pytest.fixture
def start(uri: str) -> Iterator[Start]:
    """Starts a service; what a test has started is stopped after it."""
    started: list[ServiceContainer] = []

    def run(service: type = Parlour, **config: Any) -> ServiceContainer:
        container = ServiceContainer(service, {"AMQP_URI": uri, "cover": COVER, "permitted": everybody, "max_workers": 10, **config})
        container.start()
        started.append(container)
        return container

    Parlour.gate, Parlour.begun = Event(), []
    yield run
    if not Parlour.gate.ready():
        Parlour.gate.send()
    for container in started:
        container.stop()


@pytest.fixture
def calls(uri: str) -> Iterator[Calls]:
    calls = Parlour.calls = Calls(uri, COVER)
    yield calls
    calls.close()


def somebody(**fields: Any) -> Context:
    return Context(**{"actor": "carer-1", "role": "member", "region": "ABH", **fields})


def ask(calls: Calls, method: str, body: bytes = b"", timeout: float = 10.0, **context: Any) -> bytes:
    return calls.request("parlour", method, body, somebody(**context), timeout)


def until(true: Callable[[], object]) -> None:
    """Waits for a condition; twenty seconds are far more than it ever needs."""
    with eventlet.Timeout(20):
        while not true():
            eventlet.sleep(0.005)


@pytest.fixture(autouse=True)
def no_hanging() -> Iterator[None]:
    with eventlet.Timeout(90):
        yield


def test_a_question_is_answered(start: Start, calls: Calls) -> None:
    start()
    answer = Greeting.parse(ask(calls, "greet", Greet(name="Brid").model_dump_json().encode()))
    assert answer.text == "Hello Brid"


def test_a_command_is_answered_with_its_receipt(start: Start, calls: Calls) -> None:
    start()
    receipt = Receipt.parse(ask(calls, "propose", b'{"title": "Garden"}'))
    assert (receipt.source, receipt.position) == ("parlour/Garden", 42)


def test_a_method_that_takes_nothing_ignores_the_body(start: Start, calls: Calls) -> None:
    start()
    assert ask(calls, "whoever", b"anything") == b"{}"


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", bytes(range(256)), b"{}\n" * 5, b"x" * 400_000], ids=["none", "lines", "any", "pretty", "long"]
)
def test_bytes_arrive_as_they_were_sent(start: Start, calls: Calls, body: bytes) -> None:
    start()
    assert ask(calls, "echo", body) == body


def test_the_method_acts_for_whoever_calls(start: Start, calls: Calls) -> None:
    start()
    assert Greeting.parse(ask(calls, "greet", b'{"name": "you"}', actor="nurse-9")).actor == "nurse-9"


def test_answers_of_many_callers_never_mix(start: Start, calls: Calls) -> None:
    start()
    failures = []

    def talk(me: int) -> None:
        for turn in range(5):
            answer = Greeting.parse(ask(calls, "greet", Greet(name=f"{me}.{turn}").model_dump_json().encode(), actor=f"actor-{me}"))
            if (answer.text, answer.actor) != (f"Hello {me}.{turn}", f"actor-{me}"):
                failures.append(answer)

    for talker in [eventlet.spawn(talk, me) for me in range(60)]:
        talker.wait()
    assert failures == []


def test_a_refusal_travels_whole(start: Start, calls: Calls) -> None:
    start()
    with pytest.raises(Conflict) as refused:
        ask(calls, "refuse")
    assert (refused.value.code, refused.value.reason) == ("stale_version", "Somebody was first.")
    assert refused.value.errors == (FieldError(pointer="/title", code="taken", reason="It is taken."),)


def test_a_message_that_does_not_fit_is_refused_by_field_without_repeating_it(start: Start, calls: Calls) -> None:
    start()
    with pytest.raises(Invalid) as refused:
        ask(calls, "propose", f'{{"title": 3, "{CANARY}": 1}}'.encode())
    assert {error.pointer for error in refused.value.errors} == {"/title", ""}
    assert CANARY not in refused.value.answer().model_dump_json()


def test_permission_is_asked_for_service_method_and_role(start: Start, calls: Calls) -> None:
    def only_coordinators(service: str, method: str, role: str) -> None:
        if (service, method, role) != ("parlour", "echo", "coordinator"):
            raise NotPermitted("role", "Only a coordinator may.")

    start(permitted=only_coordinators)
    assert ask(calls, "echo", b"yes", role="coordinator") == b"yes"
    with pytest.raises(NotPermitted):
        ask(calls, "echo", b"yes", role="member")
    with pytest.raises(NotPermitted):
        ask(calls, "greet", b'{"name": "you"}', role="coordinator")


def test_permission_is_asked_before_the_message_is_read(start: Start, calls: Calls) -> None:
    def nobody(_service: str, _method: str, _role: str) -> None:
        raise NotPermitted("role", "Nobody may.")

    start(permitted=nobody)
    with pytest.raises(NotPermitted):
        ask(calls, "propose", b"not even JSON")


def test_a_service_without_permissions_refuses_everything(uri: str, calls: Calls) -> None:
    container = ServiceContainer(Parlour, {"AMQP_URI": uri, "cover": COVER})
    container.start()
    with pytest.raises(NotPermitted, match=r"^no_permissions:"):
        ask(calls, "echo")
    container.stop()


@pytest.mark.parametrize("body", [b"error", b"timeout"])
def test_an_unforeseen_error_is_a_fault_that_says_nothing(
    start: Start, calls: Calls, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    start()
    correlation = uuid4()
    before = metrics.calls_failed.labels("parlour", "fail")._value.get()
    with caplog.at_level(logging.DEBUG), pytest.raises(RemoteFault) as fault:
        ask(calls, "fail", body, correlation=correlation)
    assert CANARY not in str(fault.value)
    assert CANARY not in caplog.text
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert ("Timeout" if body == b"timeout" else "ZeroDivisionError") in record.getMessage()
    assert str(correlation) in record.getMessage()
    assert metrics.calls_failed.labels("parlour", "fail")._value.get() == before + 1


def test_a_service_lives_on_after_an_unforeseen_error(start: Start, calls: Calls) -> None:
    start()
    with pytest.raises(RemoteFault):
        ask(calls, "fail")
    assert ask(calls, "echo", b"still here") == b"still here"


def test_a_service_that_cannot_be_made_fails_its_callers_and_stops_in_peace(start: Start, calls: Calls) -> None:
    class Broken(Parlour):
        def __init__(self) -> None:
            raise ZeroDivisionError

    start(Broken)
    with pytest.raises(RemoteFault):
        ask(calls, "echo", timeout=3600)


def test_a_service_nobody_serves_is_refused_at_once(calls: Calls) -> None:
    with pytest.raises(Unavailable) as refused:
        ask(calls, "echo", timeout=3600)
    assert refused.value.code == "unknown_service"


def test_a_method_the_service_does_not_know_is_refused(start: Start, calls: Calls) -> None:
    start()
    with pytest.raises(Unavailable) as refused:
        ask(calls, "dance", timeout=3600)
    assert refused.value.code == "unknown_method"


def test_what_is_no_contract_stops_the_start(uri: str) -> None:
    class Loose:
        name = "loose"

        @rpc
        def guess(self, text: str) -> bytes:
            return text.encode()

    with pytest.raises(TypeError, match="guess must take one contract"):
        ServiceContainer(Loose, {"AMQP_URI": uri, "cover": COVER}).start()


def test_a_caller_waits_no_longer_than_its_deadline_and_leaves_nothing_behind(start: Start, calls: Calls) -> None:
    start()
    with pytest.raises(Unavailable) as refused:
        ask(calls, "wait", timeout=0.2)
    assert refused.value.code == "timeout"
    assert calls._under_way == {}
    Parlour.gate.send()
    assert ask(calls, "echo", b"after the late answer") == b"after the late answer"


def test_a_caller_that_is_killed_leaves_nothing_behind(start: Start, calls: Calls) -> None:
    start()
    caller = eventlet.spawn(ask, calls, "wait", b"", 3600)
    until(lambda: Parlour.begun)
    caller.kill()
    assert calls._under_way == {}
    Parlour.gate.send()


def test_a_call_whose_deadline_has_passed_is_dropped_and_counted(start: Start, uri: str) -> None:
    start()
    before = metrics.calls_abandoned.labels("parlour")._value.get()
    late = Calls(uri, COVER, clock=lambda: utc_now() - timedelta(minutes=5))
    with pytest.raises(Unavailable):
        ask(late, "wait", b"late", timeout=0.5)
    until(lambda: metrics.calls_abandoned.labels("parlour")._value.get() == before + 1)
    assert Parlour.begun == []
    late.close()


def test_a_command_whose_caller_gave_up_is_not_done_when_the_service_returns(start: Start, calls: Calls) -> None:
    start().stop()
    with pytest.raises(Unavailable):
        ask(calls, "wait", b"stale", timeout=0.1)
    start()
    Parlour.gate.send()
    assert ask(calls, "wait", b"fresh") == b"fresh"
    assert Parlour.begun == [b"fresh"]


def test_a_restart_of_the_service_is_bridged(start: Start, calls: Calls) -> None:
    start()
    ask(calls, "echo")
    start().stop()
    caller = eventlet.spawn(ask, calls, "echo", b"patience", 30.0)
    start()
    assert caller.wait() == b"patience"


def test_a_service_that_stops_finishes_the_calls_in_hand(start: Start, calls: Calls) -> None:
    container = start(max_workers=2)
    callers = [eventlet.spawn(ask, calls, "wait", b"%d" % number, 30.0) for number in range(2)]
    until(lambda: len(Parlour.begun) == 2)
    stopping = eventlet.spawn(container.stop)
    eventlet.sleep(0)
    Parlour.gate.send()
    assert sorted(caller.wait() for caller in callers) == [b"0", b"1"]
    stopping.wait()


def test_more_calls_than_workers_are_all_answered(start: Start, calls: Calls) -> None:
    start(max_workers=2)
    callers = [eventlet.spawn(ask, calls, "greet", b'{"name": "%d"}' % number) for number in range(40)]
    assert len({caller.wait() for caller in callers}) == 40


def test_a_method_may_call_another_service(start: Start, calls: Calls) -> None:
    start(max_workers=4)
    callers = [eventlet.spawn(ask, calls, "ask_again", b"%d" % number) for number in range(3)]
    assert [caller.wait() for caller in callers] == [b"0", b"1", b"2"]


def test_several_copies_of_a_service_answer_together(start: Start, calls: Calls) -> None:
    start(max_workers=1)
    start(max_workers=1)
    first = eventlet.spawn(ask, calls, "wait", b"first")
    until(lambda: len(Parlour.begun) == 1)
    second = eventlet.spawn(ask, calls, "wait", b"second")
    until(lambda: len(Parlour.begun) == 2)
    Parlour.gate.send()
    assert (first.wait(), second.wait()) == (b"first", b"second")


def test_a_call_that_dies_with_its_copy_is_done_by_another(start: Start, calls: Calls) -> None:
    copies = (start(), start())
    caller = eventlet.spawn(ask, calls, "wait", b"twice", 30.0)
    until(lambda: Parlour.begun)
    [dying] = [copy for copy in copies if copy._worker_threads]
    dying.kill()
    until(lambda: Parlour.begun == [b"twice", b"twice"])
    Parlour.gate.send()
    assert caller.wait() == b"twice"


HEAD = wire.CallHead(id=1, size=0, method="echo", deadline=0.0, context=somebody())
NO_CALLS = {
    "nothing": (b"", {"reply_to": "me"}),
    "no line": (b"what?", {"reply_to": "me"}),
    "no head": (b"{}\n", {"reply_to": "me"}),
    "no text": (b"\xff\n", {"reply_to": "me"}),
    "too short": (wire.write(HEAD.model_copy(update={"size": 9}), b"short"), {"reply_to": "me"}),
    "backwards": (wire.write(HEAD.model_copy(update={"size": -9}), b""), {"reply_to": "me"}),
    "no address": (wire.write(HEAD, b""), {}),
}


@pytest.mark.parametrize(("body", "properties"), NO_CALLS.values(), ids=NO_CALLS)
def test_a_message_that_is_no_call_is_dropped_and_counted(
    start: Start, calls: Calls, uri: str, body: bytes, properties: dict[str, str]
) -> None:
    start()
    before = metrics.messages_unreadable.labels("parlour")._value.get()
    with transport.connection(uri) as connection:
        channel = connection.channel()
        message = channel.prepare_message(COVER.close(CALL, body), properties=properties)
        channel.basic_publish(message, exchange=wire.EXCHANGE, routing_key="parlour")
        until(lambda: metrics.messages_unreadable.labels("parlour")._value.get() == before + 1)
    assert ask(calls, "echo", b"unharmed") == b"unharmed"


@pytest.mark.parametrize("cover", [Cover(b"somebody else's region, 32 bytes"), None], ids=["closed elsewhere", "open"])
def test_a_call_that_was_not_closed_in_this_region_is_dropped_and_counted(
    start: Start, calls: Calls, uri: str, cover: Cover | None
) -> None:
    start()
    before = metrics.messages_unreadable.labels("parlour")._value.get()
    call = wire.write(HEAD.model_copy(update={"deadline": 2.0**40}), b"")
    with transport.connection(uri) as connection:
        channel = connection.channel()
        message = channel.prepare_message(cover.close(CALL, call) if cover else call, properties={"reply_to": "me"})
        channel.basic_publish(message, exchange=wire.EXCHANGE, routing_key="parlour")
        until(lambda: metrics.messages_unreadable.labels("parlour")._value.get() == before + 1)
    assert Parlour.begun == []
    assert ask(calls, "echo", b"unharmed") == b"unharmed"


NO_REPLIES = {
    "open": b"what?",
    "no head": COVER.close(REPLY, b"{}\n"),
    "no refusal": COVER.close(REPLY, wire.write(wire.ReplyHead(id=1, size=2, refused=True), b"{}")),
    "closed elsewhere": Cover(b"somebody else's region, 32 bytes").close(REPLY, b""),
}


@pytest.mark.parametrize("body", NO_REPLIES.values(), ids=NO_REPLIES)
def test_a_message_that_is_no_reply_is_counted_and_the_caller_keeps_its_link(start: Start, calls: Calls, uri: str, body: bytes) -> None:
    start()
    ask(calls, "echo")
    link, before = calls._link.channel, metrics.messages_unreadable.labels("calls")._value.get()
    with transport.connection(uri) as connection:
        channel = connection.channel()
        channel.basic_publish(channel.prepare_message(body), exchange="", routing_key=calls._replies)
        until(lambda: metrics.messages_unreadable.labels("calls")._value.get() == before + 1)
    assert ask(calls, "echo", b"unharmed") == b"unharmed"
    assert calls._link.channel is link


def test_a_reply_is_never_taken_for_a_call() -> None:
    with pytest.raises(ValueError, match="not closed in this region"):
        COVER.open(CALL, COVER.close(REPLY, b"words"))


def test_what_is_said_cannot_be_read_on_the_broker() -> None:
    closed = COVER.close(CALL, CANARY.encode())
    assert CANARY.encode() not in closed
    assert closed != COVER.close(CALL, CANARY.encode())
    assert Cover(bytes(32)).open(CALL, closed) == CANARY.encode()


def test_closing_refuses_the_calls_under_way(start: Start, calls: Calls) -> None:
    start()
    caller = eventlet.spawn(ask, calls, "wait", b"", 3600)
    until(lambda: Parlour.begun)
    calls.close()
    with pytest.raises(Unavailable):
        caller.wait()
    Parlour.gate.send()


def test_what_the_caller_refuses_itself_is_counted(calls: Calls) -> None:
    counter = metrics.calls_refused.labels("parlour", "Unavailable", "unknown_service")
    before = counter._value.get()
    with pytest.raises(Unavailable):
        ask(calls, "echo")
    assert counter._value.get() == before + 1


def test_time_and_place_of_a_call_are_measured_on_both_sides(start: Start, calls: Calls) -> None:
    start()
    asked = metrics.calls_asked.labels("parlour", "echo")._sum
    answered = metrics.calls_answered.labels("parlour", "echo")._sum
    before = (asked.get(), answered.get())
    ask(calls, "echo")
    assert asked.get() > before[0]
    assert answered.get() > before[1]


def test_a_deadline_is_a_moment_and_survives_the_journey(calls: Calls) -> None:
    written = wire.write(
        wire.CallHead(id=1, size=2, method="m", deadline=datetime(2026, 5, 1, tzinfo=UTC).timestamp(), context=somebody()), b"{}"
    )
    [(head, body)] = wire.read(wire.CallHead, written)
    assert (head.deadline, body) == (datetime(2026, 5, 1, tzinfo=UTC).timestamp(), b"{}")


def test_a_refusal_of_a_kind_we_do_not_know_is_unavailable() -> None:
    refusal = wire.refusal(b'{"kind": "Eclipsed", "code": "sun", "reason": "The sun is gone."}')
    assert isinstance(refusal, Unavailable)
    assert isinstance(wire.refusal(RuleBroken("a", "b").answer().model_dump_json().encode()), RuleBroken)
