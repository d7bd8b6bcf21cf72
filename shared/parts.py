"""How a nameko service class comes by what it works with: parts are made in `deploy` and handed in by name."""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider

from contracts.log import FactsAfter
from shared import ranges
from shared.consumer import facts
from shared.context import Context, current
from shared.views import View


class Part(DependencyProvider):
    """The part of this name, as composed: an application, or the log of a service."""

    def __init__(self, name: str) -> None:
        self._name = name

    def get_dependency(self, worker_ctx: Any) -> Any:
        """What the service class's attribute holds."""
        return worker_ctx.container.config["comhar"].part(self._name)


class Worker(DependencyProvider):
    """Runs the part of this name, from the start of the container to its end: `run` until `close`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._working: Any = None

    def setup(self) -> None:
        self._part = self.container.config["comhar"].part(self._name)

    def start(self) -> None:
        self._working = self.container.spawn_managed_thread(self._part.run)

    def stop(self) -> None:
        self._part.close()
        if self._working:
            self._working.wait()

    def kill(self) -> None:
        self._part.close()


class Log:
    """A service's log as its neighbours may read it."""

    def __init__(self, log: ranges.Log, region: str, source: str) -> None:
        self._log, self._region, self._source = log, region, source

    def after(self, query: FactsAfter) -> bytes:
        """The next range, packed; a beacon at the end."""
        return ranges.pack(ranges.after(self._log, self._region, self._source, query.after, query.limit))


def asker() -> Context:
    """Who asks; every call that reaches a service has somebody."""
    context = current()
    if context is None:
        raise AssertionError("a service method was called outside a call")
    return context


def readers(service: str, *views: View) -> type:
    """The service class that keeps `views` in step with the services they follow: one entry point for each view and source."""
    entries: dict[str, Any] = {"name": f"{service}.readers", "__doc__": f"Keeps what {service} knows of the facts."}
    for view in views:
        for source in view.sources:
            name = f"{view.name}_from_{source}"

            def apply(_self: Any, tx: Any, seen: Any, _apply: Any = view.apply) -> None:
                _apply(tx, seen)

            apply.__name__ = apply.__qualname__ = name
            entries[name] = facts(source, into=view)(apply)
    return type(f"{service.title()}Readers", (), entries)


__all__ = ["Log", "Part", "Worker", "asker", "readers"]
