"""The broker inside the process behaves as RabbitMQ does, where it matters to us."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from amqp.exceptions import NotFound, PreconditionFailed, RecoverableConnectionError
from eventlet import tpool
from kombu import Connection, Exchange, Queue
from kombu.exceptions import ChannelError
from kombu.message import Message
from nameko.containers import ServiceContainer
from nameko.exceptions import UnknownService
from nameko.rpc import RpcProxy
from nameko.rpc import rpc as stock_rpc
from nameko.standalone.rpc import ServiceRpcProxy

from shared import transport
from shared.transport.broker import Exchange as Routes
from shared.transport.memory import Transport


@pytest.fixture
def uri() -> str:
    return f"memory:///{uuid4().hex}"


@pytest.fixture
def connection(uri: str) -> Iterator[Connection]:
    with transport.connection(uri) as connection, eventlet.Timeout(10):
        yield connection


def publish(channel: Any, body: bytes, key: str = "q", exchange: str = "", **properties: Any) -> None:
    message = channel.prepare_message(body, content_type="text/plain", content_encoding="binary", properties=properties)
    channel.basic_publish(message, exchange=exchange, routing_key=key)


def take(channel: Any, queue: str = "q", **how: Any) -> list[Message]:
    """A consumer of `queue`: what arrives is appended to the list."""
    got: list[Message] = []
    channel.basic_consume(queue=queue, callback=got.append, **how)
    return got


def drain(connection: Connection) -> None:
    """Everything that has arrived is handed over."""
    while True:
        try:
            connection.drain_events(timeout=0)
        except TimeoutError:
            return


def bodies(messages: list[Message]) -> list[bytes]:
    return [message.body for message in messages]


def test_kombu_finds_this_broker_behind_memory_uris(connection: Connection) -> None:
    assert isinstance(connection.transport, Transport)


def test_a_message_keeps_body_headers_and_properties(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    got = take(channel)
    message = channel.prepare_message(b"\x00\n", 0, "text/plain", "binary", {"region": "ABH"}, {"reply_to": "there", "correlation_id": "7"})
    channel.basic_publish(message, exchange="", routing_key="q")
    drain(connection)
    assert (got[0].body, got[0].headers, got[0].content_type, got[0].content_encoding) == (
        b"\x00\n",
        {"region": "ABH"},
        "text/plain",
        "binary",
    )
    assert (got[0].properties["reply_to"], got[0].properties["correlation_id"]) == ("there", "7")
    assert got[0].delivery_info["routing_key"] == "q"


def test_brokers_of_different_names_know_nothing_of_each_other(uri: str) -> None:
    with transport.connection(uri) as cork, transport.connection(f"{uri}-national") as national:
        cork.channel().queue_declare("q")
        with pytest.raises(NotFound):
            national.channel().queue_declare("q", passive=True)


def test_connections_to_one_name_share_its_queues(uri: str) -> None:
    with transport.connection(uri) as here, transport.connection(uri) as there:
        there.channel().queue_declare("q")
        got = take(there.channel())
        publish(here.channel(), b"over")
        drain(there)
        assert bodies(got) == [b"over"]


@pytest.mark.parametrize(
    ("pattern", "key", "matches"),
    [
        ("ABH.sessions", "ABH.sessions", True),
        ("ABH.sessions", "ABHxsessions", False),
        ("ABH.*", "ABH.sessions", True),
        ("ABH.*", "ABH.sessions.v1", False),
        ("ABH.*", "ABH", False),
        ("ABH.#", "ABH", True),
        ("ABH.#", "ABH.sessions.v1", True),
        ("#.v1", "v1", True),
        ("*.sessions.#", "ABH.sessions", True),
        ("#", "", True),
        ("#", "anything.at.all", True),
    ],
)
def test_topics_match_word_by_word(pattern: str, key: str, matches: bool) -> None:
    exchange = Routes("topic")
    exchange.bind("q", pattern)
    assert exchange.route(key) == (("q",) if matches else ())


def test_a_direct_exchange_wants_the_very_key_and_a_fanout_none() -> None:
    direct, fanout = Routes("direct"), Routes("fanout")
    for exchange in (direct, fanout):
        exchange.bind("q", "key.*")
    assert (direct.route("key.*"), direct.route("key.a")) == (("q",), ())
    assert fanout.route("whatever") == ("q",)


def test_a_queue_bound_twice_gets_a_message_once(connection: Connection) -> None:
    channel = connection.channel()
    exchange = Exchange("facts", type="topic")
    for pattern in ("ABH.#", "#.sessions"):
        Queue("q", exchange, routing_key=pattern)(channel).declare()
    got = take(channel)
    publish(channel, b"once", "ABH.sessions", "facts")
    drain(connection)
    assert bodies(got) == [b"once"]


def test_an_unbound_queue_gets_nothing_more(connection: Connection) -> None:
    channel = connection.channel()
    queue = Queue("q", Exchange("facts", type="topic"), routing_key="#")(channel)
    queue.declare()
    publish(channel, b"before", "any", "facts")
    queue.unbind_from(Exchange("facts"), routing_key="#")
    publish(channel, b"after", "any", "facts")
    assert channel.queue_purge("q") == 1


def test_a_mandatory_message_that_goes_nowhere_is_refused_at_once(connection: Connection) -> None:
    channel = connection.channel()
    with pytest.raises(ChannelError, match="NO_ROUTE"):
        channel.basic_publish(channel.prepare_message(b""), exchange="", routing_key="nowhere", mandatory=True)


def test_whoever_listens_for_returns_gets_the_message_back(connection: Connection) -> None:
    channel = connection.channel()
    returned: list[bytes] = []
    channel.events["basic_return"].add(lambda _fault, _exchange, _key, message: returned.append(channel.message_to_python(message).body))
    channel.basic_publish(channel.prepare_message(b"back"), exchange="", routing_key="nowhere", mandatory=True)
    assert returned == [b"back"]


def test_prefetch_counts_per_consumer_so_that_calls_can_wait_for_calls(connection: Connection) -> None:
    channel = connection.channel()
    channel.basic_qos(0, 1)
    channel.queue_declare("calls")
    channel.queue_declare("replies")
    calls, replies = take(channel, "calls"), take(channel, "replies")
    for body in (b"1", b"2"):
        publish(channel, body, "calls")
    publish(channel, b"reply", "replies")
    drain(connection)
    assert (bodies(calls), bodies(replies)) == ([b"1"], [b"reply"])
    calls[0].ack()
    drain(connection)
    assert bodies(calls) == [b"1", b"2"]


def test_an_acknowledgement_may_cover_all_before_it(connection: Connection) -> None:
    channel = connection.channel()
    channel.basic_qos(0, 3)
    channel.queue_declare("q")
    got = take(channel)
    for number in range(6):
        publish(channel, b"%d" % number)
    drain(connection)
    got[2].ack(multiple=True)
    drain(connection)
    assert len(got) == 6


def test_acknowledging_twice_is_a_fault(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    got = take(channel)
    publish(channel, b"once")
    drain(connection)
    channel.basic_ack(got[0].delivery_tag)
    with pytest.raises(PreconditionFailed):
        channel.basic_ack(got[0].delivery_tag)


def test_what_was_not_acknowledged_returns_to_its_own_queue_in_order(connection: Connection) -> None:
    channel, other = connection.channel(), connection.channel()
    for queue in ("q", "beside"):
        Queue(queue, Exchange("facts", type="fanout"))(channel).declare()
    got = take(channel)
    for number in range(4):
        publish(channel, b"%d" % number, "", "facts")
    drain(connection)
    got[1].ack()
    channel.close()
    again = take(other)
    drain(connection)
    assert bodies(again) == [b"0", b"2", b"3"]
    assert all(message.delivery_info["redelivered"] for message in again)
    assert other.queue_declare("beside").message_count == 4


def test_a_refused_message_is_gone_or_comes_again(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    for body in (b"again", b"gone"):
        publish(channel, body)
    channel.basic_get("q").requeue()
    channel.basic_get("q").reject()
    assert channel.basic_get("q").body == b"gone"


def test_a_lost_connection_gives_everything_back(uri: str) -> None:
    first, second = transport.connection(uri), transport.connection(uri)
    channel = first.channel()
    channel.queue_declare("q")
    take(channel)
    publish(channel, b"unhandled")
    first.collect()
    got = take(second.channel())
    drain(second)
    assert bodies(got) == [b"unhandled"]
    second.release()


def test_a_bounded_queue_drops_what_is_new(connection: Connection) -> None:
    channel = connection.channel()
    Queue("q", max_length=2)(channel).declare()
    for number in range(5):
        publish(channel, b"%d" % number)
    got = take(channel)
    drain(connection)
    assert bodies(got) == [b"0", b"1"]


def test_one_consumer_is_active_and_the_next_takes_over(connection: Connection) -> None:
    channel, standby = connection.channel(), connection.channel()
    channel.queue_declare("q", arguments={"x-single-active-consumer": True})
    active, waiting = take(channel), take(standby)
    for number in range(3):
        publish(channel, b"%d" % number)
    drain(connection)
    assert (bodies(active), waiting) == ([b"0", b"1", b"2"], [])
    active[0].ack()
    channel.close()
    drain(connection)
    assert bodies(waiting) == [b"1", b"2"]


def test_consumers_of_an_ordinary_queue_take_turns(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    one, other = take(channel), take(channel)
    for number in range(4):
        publish(channel, b"%d" % number)
    drain(connection)
    assert (len(one), len(other)) == (2, 2)


def test_a_message_past_its_time_is_never_delivered(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    publish(channel, b"stale", expiration="1")
    publish(channel, b"fresh", expiration="60000")
    eventlet.sleep(0.002)
    assert channel.basic_get("q").body == b"fresh"


def test_exclusive_and_auto_delete_queues_go_with_their_owner(uri: str) -> None:
    with transport.connection(uri) as watching:
        owner = transport.connection(uri)
        channel = owner.channel()
        channel.queue_declare("mine", exclusive=True)
        channel.queue_declare("ours", auto_delete=True)
        take(channel, "ours", consumer_tag="only")
        channel.basic_cancel("only")
        owner.release()
        for queue in ("mine", "ours"):
            with pytest.raises(NotFound):
                watching.channel().queue_declare(queue, passive=True)


def test_a_cancelled_consumer_gets_nothing_more(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    got = take(channel, consumer_tag="left")
    publish(channel, b"in the inbox when it left")
    channel.basic_cancel("left")
    drain(connection)
    assert got == []
    assert channel.basic_get("q").body == b"in the inbox when it left"


def test_a_queue_in_use_is_not_deleted_when_only_an_unused_one_may_be(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    publish(channel, b"")
    with pytest.raises(PreconditionFailed):
        channel.queue_delete("q", if_empty=True)
    assert channel.queue_delete("q") == 1


def test_an_exchange_keeps_its_kind(connection: Connection) -> None:
    channel = connection.channel()
    channel.exchange_declare("facts", type="topic")
    channel.exchange_declare("facts", type="topic")
    with pytest.raises(PreconditionFailed):
        channel.exchange_declare("facts", type="direct")
    channel.exchange_delete("facts")
    with pytest.raises(NotFound):
        channel.exchange_declare("facts", passive=True)
    with pytest.raises(NotFound):
        channel.queue_bind("q", exchange="facts")
    with pytest.raises(NotFound):
        publish(channel, b"", "any", "facts")


def test_whoever_waits_is_woken_by_the_message_itself(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    got = take(channel)
    waiter = eventlet.spawn(connection.drain_events)
    eventlet.sleep(0)
    publish(channel, b"wake")
    waiter.wait()
    assert bodies(got) == [b"wake"]


def test_waiting_in_vain_is_idle_not_dead(connection: Connection) -> None:
    connection.channel()
    with pytest.raises(TimeoutError) as idle:
        connection.drain_events(timeout=0.01)
    assert idle.value.errno is None


def test_whoever_waits_on_a_connection_that_is_dropped_hears_of_it(connection: Connection) -> None:
    channel = connection.channel()
    waiter = eventlet.spawn(connection.drain_events)
    eventlet.sleep(0)
    connection.collect()
    with pytest.raises(RecoverableConnectionError):
        waiter.wait()
    with pytest.raises(RecoverableConnectionError):
        publish(channel, b"too late")


def test_publishing_from_another_thread_is_refused_because_its_wake_up_would_be_lost(connection: Connection) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    take(channel)
    with pytest.raises(RuntimeError, match="one thread"):
        tpool.execute(publish, channel, b"lost")


class Stock:
    name = "stock"
    deeper = RpcProxy("stock")

    @stock_rpc
    def echo(self, text: str) -> str:
        return text

    @stock_rpc
    def nested(self, text: str) -> str:
        return str(self.deeper.echo(text))


@pytest.fixture
def stock(uri: str) -> Iterator[dict[str, str]]:
    config = {"AMQP_URI": uri}
    container = ServiceContainer(Stock, config)
    container.start()
    yield config
    container.stop()


def test_nameko_as_published_works_on_it(stock: dict[str, str]) -> None:
    with eventlet.Timeout(20), ServiceRpcProxy("stock", stock) as proxy:
        assert proxy.echo("hello") == "hello"
        assert proxy.nested("deeper") == "deeper"


def test_nameko_as_published_hears_of_a_service_nobody_serves(stock: dict[str, str]) -> None:
    with eventlet.Timeout(20), ServiceRpcProxy("nobody", stock) as proxy, pytest.raises(UnknownService):
        proxy.echo("hello")
