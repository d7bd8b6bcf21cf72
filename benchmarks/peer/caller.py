"""A client of nameko services as a nameko service is one: one reply queue for all callers, connections from a pool."""

from typing import Any

from nameko.containers import ServiceContainer, WorkerContext
from nameko.rpc import RpcProxy
from nameko.testing.services import dummy


def proxy(uri: str, service: str) -> Any:
    """What calls methods of `service`, for any number of green threads."""

    class Caller:
        name = "caller"
        called = RpcProxy(service)

        @dummy
        def call(self) -> None:
            """The context of calls made below."""

    container = ServiceContainer(Caller, {"AMQP_URI": uri})
    container.start()
    [provider], [entrypoint] = container.dependencies, container.entrypoints
    return provider.get_dependency(WorkerContext(container, Caller(), entrypoint))
