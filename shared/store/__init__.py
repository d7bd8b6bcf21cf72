"""The store of one service: facts at positions 1, 2, 3 … without holes, on SQLite or PostgreSQL.

`recorder` is what a service and the event-sourcing library call; `committer` lets concurrent saves share a commit; `log` says what a
database must do, `sqlite` and `postgres` do it; `schema` holds tables and rights, `vocabulary` what is put in and what comes out.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import psycopg

from shared.store.log import Log
from shared.store.place import Place
from shared.store.postgres import PostgresLog
from shared.store.recorder import Recorder
from shared.store.schema import create_file, create_schema, renew_file, renew_schema
from shared.store.sqlite import SqliteLog
from shared.store.vocabulary import DamagedLog, Outcome, Row, SavedCommand, SealedBox, Stored, Tracked

__all__ = [
    "DamagedLog",
    "Outcome",
    "Recorder",
    "Row",
    "SavedCommand",
    "SealedBox",
    "Stored",
    "Tracked",
    "create_schema",
    "create_store",
    "open_log",
    "open_store",
    "renew_store",
]

DEADLINE_SECONDS = 10.0


def create_store(url: str, role: str | None = None) -> None:
    """Create the store if it is not there: `url` as its owner; `role` is that of the service (PostgreSQL)."""
    place = Place.of(url)
    if place.is_file:
        create_file(place.location)
    else:
        create_schema(place.location, place.name, role)


def renew_store(url: str) -> None:
    """Give a copied or restored store an identity of its own, as its owner, while nobody serves it.

    Readers that followed the store it came from then stop and say so, instead of mixing two histories.
    """
    place = Place.of(url)
    if place.is_file:
        renew_file(place.location)
    else:
        renew_schema(place.location, place.name)


def open_store(url: str, *, deadline: float = DEADLINE_SECONDS, create: bool = False) -> Recorder:
    """The store at `sqlite:///path` or `postgresql://…?schema=name`; `deadline` in seconds is how long a save waits for the database.

    `create` makes a missing one: for one process alone with its data, and for tests. Raises LookupError when there is none,
    `DamagedLog` when it contradicts itself, ValueError when a setting would make readers skip facts.
    """
    _refuse_database_functions()
    if create:
        create_store(url)
    place = Place.of(url)
    try:
        log = open_log(place, deadline)
    except (psycopg.errors.UndefinedTable, FileNotFoundError, sqlite3.OperationalError) as fault:
        raise LookupError(f"there is no store {place.name} here; create it first, as its owner") from fault
    return Recorder(log, name=place.name, deadline=deadline)


def open_log(place: Place, deadline: float) -> Log:
    """The tables alone, without a committer: what `open_store` stands on."""
    if not place.is_file:
        return PostgresLog(place.location, place.name, patience=deadline)
    if not Path(place.location).exists():
        raise FileNotFoundError
    return SqliteLog(place.location)


def _refuse_database_functions() -> None:
    # With that setting of the event-sourcing library (9.5.6) saves take no lock, and readers skip facts without a word.
    if any(name.endswith("POSTGRES_ENABLE_DB_FUNCTIONS") and value for name, value in os.environ.items()):
        raise ValueError("POSTGRES_ENABLE_DB_FUNCTIONS must not be set: readers would skip facts")
