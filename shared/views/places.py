"""How far each view has read each source, where one stopped, and what an operator decided to pass over.

The position moves by a fenced update in the transaction that writes the view's rows, so two copies of a reader exclude each other
and nothing is applied twice. Positions are the truth; the wake-up of those who wait for one is a hint.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.errors import NotFound, Unavailable
from shared.clock import fixed_width, utc_now
from shared.database import Database, Transaction

TABLES = """
CREATE TABLE IF NOT EXISTS positions (
    view TEXT NOT NULL, source TEXT NOT NULL, store TEXT NOT NULL, position BIGINT NOT NULL, PRIMARY KEY (view, source));
CREATE TABLE IF NOT EXISTS stopped (
    view TEXT NOT NULL, source TEXT NOT NULL, position BIGINT NOT NULL, type TEXT NOT NULL, fault TEXT NOT NULL,
    PRIMARY KEY (view, source));
CREATE TABLE IF NOT EXISTS passed (
    view TEXT NOT NULL, source TEXT NOT NULL, position BIGINT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, decided TEXT NOT NULL,
    PRIMARY KEY (view, source, position));
"""
POLL_SECONDS = 0.05

_waiting: defaultdict[tuple[str, str], set[threading.Event]] = defaultdict(set)


class Fenced(Exception):
    """Somebody else moved this position: another copy of the reader, or a rebuild."""


@dataclass(frozen=True, slots=True)
class Place:
    """Everything up to `position` of the log `store` is in the view."""

    store: UUID
    position: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A reader that stands still before the fact at `position`, because it raised `fault` (the name of an exception)."""

    view: str
    source: str
    position: int
    type: str
    fault: str


def place(tx: Transaction, view: str, source: str) -> Place | None:
    """Where the view is in that source; None before the first fact."""
    found = tx.row("SELECT store, position FROM positions WHERE view = :view AND source = :source", {"view": view, "source": source})
    return Place(UUID(found[0]), found[1]) if found else None


def move(tx: Transaction, view: str, source: str, was: Place | None, now: Place) -> None:
    """Move from `was` to `now`; raises `Fenced`, at the latest with the commit, if the view is no longer where the caller believes."""
    told = {"view": view, "source": source, "store": str(now.store), "now": now.position, "was": was.position if was else 0}
    tx.must(
        "UPDATE positions SET position = :now WHERE view = :view AND source = :source AND store = :store AND position = :was"
        if was
        else "INSERT INTO positions (view, source, store, position) VALUES (:view, :source, :store, :now) ON CONFLICT DO NOTHING",
        told,
        Fenced(),
    )


def change_store(tx: Transaction, view: str, source: str, now: Place) -> None:
    """Go on in another store of the source, which agrees with what the view has up to `now.position`. Raises NotFound, `Fenced`."""
    if (was := place(tx, view, source)) is None:
        raise NotFound("nothing_read", f"The view {view} has read nothing of {source} yet.")
    told = {"view": view, "source": source, "store": str(now.store), "now": now.position, "was": was.position, "left": str(was.store)}
    tx.must(
        "UPDATE positions SET store = :store, position = :now "
        "WHERE view = :view AND source = :source AND store = :left AND position = :was",
        told,
        Fenced(),
    )


def announce(view: str, source: str) -> None:
    """Wake those who wait in this process; said after the commit."""
    for moved in tuple(_waiting[view, source]):
        moved.set()


def wait_for(database: Database, view: str, source: str, position: int, seconds: float) -> None:
    """Returns when the view has everything of `source` up to `position`; raises Unavailable (`view_behind`) after `seconds`."""
    wait_for_all(database, {(view, source): position}, seconds)


def wait_for_all(database: Database, wanted: Mapping[tuple[str, str], int], seconds: float) -> None:
    """Returns when every view has read its source as far as `wanted`; raises Unavailable (`view_behind`) after `seconds`."""
    deadline = time.monotonic() + seconds
    moved = threading.Event()
    for one in wanted:
        _waiting[one].add(moved)
    try:
        while behind := _behind(database, wanted):
            left = deadline - time.monotonic()
            if left <= 0:
                raise Unavailable("view_behind", f"The view has not yet seen position {wanted[behind]} of {behind[1]}.")
            moved.wait(min(left, POLL_SECONDS))
            moved.clear()
    finally:
        for one in wanted:
            _waiting[one].discard(moved)


def stop(tx: Transaction, stopped: Stop) -> None:
    """Write down where and why a reader stopped."""
    tx.execute(
        "INSERT INTO stopped (view, source, position, type, fault) VALUES (:view, :source, :position, :type, :fault) "
        "ON CONFLICT (view, source) DO UPDATE SET position = excluded.position, type = excluded.type, fault = excluded.fault",
        {name: getattr(stopped, name) for name in Stop.__slots__},
    )


def stops(tx: Transaction) -> list[Stop]:
    """Every reader that stands still; health is not ready while there is one."""
    return [Stop(*row) for row in tx.rows("SELECT view, source, position, type, fault FROM stopped ORDER BY view, source")]


def go_on(tx: Transaction, view: str, source: str) -> None:
    """The reader no longer stands still."""
    tx.execute("DELETE FROM stopped WHERE view = :view AND source = :source", {"view": view, "source": source})


def pass_over(database: Database, view: str, source: str, position: int, *, actor: str, reason: str) -> None:
    """Record the decision that `view` does without the one fact it stopped at; raises NotFound if it does not stand there."""
    about = {"view": view, "source": source, "position": position}
    with database.transaction() as tx:
        tx.must(
            "DELETE FROM stopped WHERE view = :view AND source = :source AND position = :position",
            about,
            NotFound("not_stopped_there", f"The view {view} is not stopped at position {position} of {source}."),
        )
        tx.execute(
            "INSERT INTO passed (view, source, position, actor, reason, decided) "
            "VALUES (:view, :source, :position, :actor, :reason, :decided)",
            {**about, "actor": actor, "reason": reason, "decided": fixed_width(utc_now())},
        )
    announce(view, source)


def passed(tx: Transaction, view: str, source: str) -> frozenset[int]:
    """The positions an operator decided that `view` does without."""
    rows = tx.rows("SELECT position FROM passed WHERE view = :view AND source = :source", {"view": view, "source": source})
    return frozenset(position for (position,) in rows)


def _behind(database: Database, wanted: Mapping[tuple[str, str], int]) -> tuple[str, str] | None:
    rows = database.rows("SELECT view, source, position FROM positions")
    reached = {(view, source): position for view, source, position in rows}
    return next((one for one, position in wanted.items() if reached.get(one, 0) < position), None)
