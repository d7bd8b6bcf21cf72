"""The answering side: `@rpc` on a method of a nameko service class.

    @rpc
    def propose_partnership(self, command: ProposePartnership) -> Receipt: ...

Owns what happens around every method, in this order: deadline, context, permission, contract, answer. nameko never sees an
exception: it would log the words in it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, get_type_hints

from nameko.extensions import Entrypoint, register_entrypoint

from contracts.errors import NotPermitted, Refusal
from contracts.model import Contract
from shared import metrics
from shared.clock import utc_now
from shared.context import acting
from shared.rpc.link import FAULTS
from shared.rpc.switchboard import Call, Reply, Switchboard, failed, refused


class Rpc(Entrypoint):
    """One method of a service."""

    switchboard = Switchboard()

    def setup(self) -> None:
        self._service = self.container.service_name
        self._contract = _contract(getattr(self.container.service_cls, self.method_name))
        self._permitted = self.container.config.get("permitted", _nobody)
        self._seconds = metrics.calls_answered.labels(self._service, self.method_name)
        self.switchboard.register(self)

    def stop(self) -> None:
        self.switchboard.finish()

    def answer(self, call: Call, method: Callable[..., Any]) -> Reply | None:
        """What `method` says to `call`; None when nobody waits for it any more."""
        if call.head.deadline < utc_now().timestamp():
            metrics.calls_abandoned.labels(self._service).inc()
            return None
        with self._seconds.time(), acting(call.head.context):
            try:
                return self._reply(call, method)
            except Refusal as refusal:
                metrics.calls_refused.labels(self._service, type(refusal).__name__, refusal.code).inc()
                return refused(refusal)
            except FAULTS as fault:
                metrics.calls_failed.labels(self._service, self.method_name).inc()
                return failed(f"{self._service}.{self.method_name}", call, fault)

    def _reply(self, call: Call, method: Callable[..., Any]) -> Reply:
        self._permitted(self._service, self.method_name, call.head.context.role)
        answer = method(*self._arguments(call.body))
        return Reply(answer if isinstance(answer, bytes) else answer.model_dump_json().encode())

    def _arguments(self, body: bytes) -> tuple[Contract | bytes, ...]:
        if self._contract is None:
            return ()
        return (body if self._contract is bytes else self._contract.parse(body),)


def rpc(method: Callable[..., Any]) -> Callable[..., Any]:
    """Makes `method` callable from other services. It takes one contract (or bytes, or nothing) and returns a contract (or bytes)."""

    @wraps(method)
    def serve(service: object, call: Call, entrypoint: Rpc) -> Reply | None:
        return entrypoint.answer(call, partial(method, service))

    register_entrypoint(serve, Rpc())
    return serve


def _contract(method: Callable[..., Any]) -> Any:
    """The contract `method` takes, by its annotation; raises TypeError when there is none, so that the service does not start."""
    method = inspect.unwrap(method)
    names = list(inspect.signature(method).parameters)[1:]
    if not names:
        return None
    kind = get_type_hints(method).get(names[0])
    if len(names) > 1 or not (kind is bytes or (isinstance(kind, type) and issubclass(kind, Contract))):
        raise TypeError(f"{method.__qualname__} must take one contract, bytes or nothing")
    return kind


def _nobody(service: str, _method: str, _role: str) -> None:
    raise NotPermitted("no_permissions", f"{service} was started without permissions.")
