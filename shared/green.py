"""The first import of every service process: makes the standard library green before anybody holds a reference to it.

Owns the order of start-up: psycopg chooses its way of waiting when it is first imported and knows nothing of eventlet; its own
choice stops every green thread of the process while one of them waits for the database.
"""

from __future__ import annotations

import os
import warnings
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, ParamSpec

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # eventlet announces its retirement at every import; we keep it at the skin, to be replaced
    import eventlet

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")


def patch() -> None:
    """Patches the process; raises RuntimeError when psycopg was imported before and waits its own way."""
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"
    eventlet.monkey_patch()
    from psycopg import waiting  # noqa: PLC0415  only now: it reads the variable when it is imported

    if waiting.wait is not waiting.wait_select:
        raise RuntimeError("psycopg was imported before shared.green.patch(): it would stop every green thread while one waits")


def spawn(run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Any:
    """A green thread that runs `run` in the caller's context; eventlet's own `spawn` begins with an empty one."""
    return eventlet.spawn(copy_context().run, run, *args, **kwargs)
