"""The answering side: `@rpc` on a method of a nameko service class.

    @rpc
    def propose_partnership(self, command: ProposePartnership) -> Receipt: ...

Owns what happens around every method, in this order: deadline, context, permission, contract, answer. nameko never sees an
exception: it would log the words in it.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, get_type_hints

from nameko.extensions import Entrypoint, register_entrypoint

from contracts.errors import NotPermitted, Refusal
from contracts.model import Contract
from shared import metrics
from shared.clock import utc_now
from shared.context import acting
from shared.rpc import wire
from shared.rpc.link import FAULTS
from shared.rpc.switchboard import Call, Reply, Switchboard, refused

_log = logging.getLogger(__name__)


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
                return self._failed(call, fault)

    def _reply(self, call: Call, method: Callable[..., Any]) -> Reply:
        self._permitted(self._service, self.method_name, call.head.context.role)
        answer = method(*self._arguments(call.body))
        return Reply(answer if isinstance(answer, bytes) else answer.model_dump_json().encode())

    def _arguments(self, body: bytes) -> tuple[Contract | bytes, ...]:
        if self._contract is None:
            return ()
        return (body if self._contract is bytes else self._contract.parse(body),)

    def _failed(self, call: Call, fault: BaseException) -> Reply:
        """Logs class and place of the error, nothing it says: its words may be somebody's."""
        metrics.calls_failed.labels(self._service, self.method_name).inc()
        name, correlation = f"{self._service}.{self.method_name}", call.head.context.correlation
        _log.error("%s failed: %s at %s, correlation %s", name, type(fault).__name__, _place(fault), correlation)
        return Reply(wire.fault(f"{name} failed."), refused=True)


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


def _place(fault: BaseException) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
