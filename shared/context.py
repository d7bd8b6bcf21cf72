"""Who acts, why, and as part of what: carried from the gateway to the fact.

A `Context` travels in the header of every call. Within a process it is held by a context variable; eventlet's `spawn`
loses those, so whoever spawns says `copy_context().run`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterator


class Context(BaseModel):
    """One request. `command` is the id under which a command is done at most once (HTTP: Idempotency-Key).

    `after` maps a source to the position its readers must have reached; `expected` is the version the caller saw (HTTP: If-Match).
    """

    model_config = ConfigDict(frozen=True)

    actor: str
    role: str
    region: str
    on_behalf_of: str | None = None
    reason: str | None = None
    correlation: UUID = Field(default_factory=uuid4)
    command: UUID = Field(default_factory=uuid4)
    expected: int | None = None
    after: dict[str, int] = {}


_current: ContextVar[Context | None] = ContextVar("comhar_context", default=None)


def current() -> Context | None:
    """The context of the request being served here, if any."""
    return _current.get()


@contextmanager
def acting(context: Context) -> Iterator[Context]:
    """Serve one request under `context`."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
