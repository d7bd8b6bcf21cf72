"""Of several copies of a service, the one that relays. Two at once would do no harm, readers know what they have; it would be waste."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.database import Database, Transaction


@contextmanager
def leading(database: Database) -> Iterator[Callable[[], None] | None]:
    """None if another copy leads; else a call that raises `Unavailable` once we lead no longer.

    PostgreSQL: a lock that lives as long as a transaction which does nothing else, so it ends with its connection. SQLite: one process.
    """
    if database.dialect == "sqlite":
        yield lambda: None
        return
    with database.transaction() as tx:
        found = tx.row("SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || ' relay'))")
        yield (lambda: _still(tx)) if found == (True,) else None


def _still(tx: Transaction) -> None:
    tx.row("SELECT 1")
