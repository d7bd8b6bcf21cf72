"""Of several copies of a service, the one that does what one does for all. Two at once must do no harm: locks are lost unnoticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.database import Database, Transaction


@contextmanager
def leading(database: Database, what: str) -> Iterator[Callable[[], None] | None]:
    """None if another copy does `what` (a word of ours); else a call that raises `Unavailable` once we lead no longer.

    PostgreSQL: a lock that lives as long as a transaction which does nothing else, so it ends with its connection. SQLite: one process.
    """
    if database.dialect == "sqlite":
        yield lambda: None
        return
    with database.transaction() as tx:
        found = tx.row("SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || :what))", {"what": f" {what}"})
        yield (lambda: _still(tx)) if found == (True,) else None


def _still(tx: Transaction) -> None:
    tx.row("SELECT 1")
