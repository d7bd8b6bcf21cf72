"""What the tests of propagation write and read: a store to fill, and a view that keeps every line and counts the facts of each stream."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

import psycopg
from psycopg import sql

from shared import ranges
from shared.database import Database, Transaction
from shared.ranges import Origin, Range, Seen
from shared.store import Recorder, Stored
from shared.views import View

REGION, SOURCE = "ABH", "notes"
NOTED, POISON = "testing.Noted.v1", "testing.Poison.v1"


def keep(tx: Transaction, seen: Sequence[Seen]) -> None:
    """Set by set; a poison fact cannot be applied, and the reason holds what must never be logged."""
    if any(one.type == POISON for one in seen):
        raise ValueError("somebody's words")
    tx.insert("{kept}", ("source", "position", "line"), [(one.source, one.position, one.line) for one in seen])
    counts = Counter(json.loads(one.state)["stream"] for one in seen)
    tx.many(
        "INSERT INTO {tally} (stream, facts) VALUES (:stream, :facts) "
        "ON CONFLICT (stream) DO UPDATE SET facts = {tally}.facts + excluded.facts",
        [{"stream": stream, "facts": counts[stream]} for stream in sorted(counts)],
    )


def keeper(name: str = "keeper", *sources: str) -> View:
    """Like the view of services/audit: a row for every fact, in order, with its exact line."""
    return View(
        name,
        sources or (SOURCE,),
        tables={
            "kept": "source TEXT NOT NULL, position BIGINT NOT NULL, line BLOB NOT NULL, PRIMARY KEY (source, position)",
            "tally": "stream TEXT PRIMARY KEY, facts BIGINT NOT NULL",
        },
        apply=keep,
        indexes={"tally_facts": "{tally} (facts)"},
    )


def lines() -> View:
    """The least that keeps everything: a row for every fact, in order, with its exact line."""

    def keep_lines(tx: Transaction, seen: Sequence[Seen]) -> None:
        tx.insert("{lines}", ("position", "type", "line"), ((one.position, one.type, one.line) for one in seen))

    return View("lines", (SOURCE,), {"lines": "position BIGINT PRIMARY KEY, type TEXT NOT NULL, line BLOB NOT NULL"}, keep_lines)


def tolerant() -> View:
    """A view that minds no fact."""

    def mark(tx: Transaction, seen: Sequence[Seen]) -> None:
        tx.insert("{marked}", ("position",), [(one.position,) for one in seen])

    return View("tolerant", (SOURCE,), {"marked": "position BIGINT PRIMARY KEY"}, mark)


def schema(database: str, name: str) -> str:
    """The url of a schema, made if it is not there."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name)))
    return f"{database}?schema={name}"


def state(stream: UUID, version: int) -> bytes:
    """A fact of ordinary size."""
    return json.dumps({
        "stream": str(stream), "version": version, "partnership": str(stream), "happened": "2025-03-04T10:00:00Z",
        "recorded": "2025-03-04T10:00:01.500000Z",
        "actor": "f2b7f9e0-7b0b-4a5a-a2f7-5b7f3f6a2c11", "role": "facilitator", "correlation": str(stream), "causation": str(stream),
        "member": str(stream), "present": True, "mode": "in_person", "side": "people",
    }).encode()  # fmt: skip


def note(store: Recorder, count: int, *, stream: int = 1, kind: str = NOTED) -> int:
    """Save `count` facts of one stream, each the next version; the last position."""
    name = UUID(int=stream)
    known = store.select_events(name, desc=True, limit=1)
    first = known[0].originator_version + 1 if known else 1
    state = b'{"stream":"%s","recorded":"2025-03-04T10:00:01.5Z","text":"\\u00e9"}' % str(name).encode()
    return store.append([Stored(name, version, kind, state) for version in range(first, first + count)]).position


def published(store: Recorder, size: int = 3, source: str = SOURCE) -> list[Range]:
    """The whole log as ranges of `size` facts."""
    origin, rows = Origin(REGION, source, store.store_id), store.read(0, 100_000)
    return [made for start in range(0, len(rows), size) for made in ranges.cut(origin, rows[start : start + size])]


def fold(store: Recorder, source: str = SOURCE) -> Iterator[tuple[str, int, bytes]]:
    """What the view has to hold: every fact once, in order, as it is published."""
    origin = Origin(REGION, source, store.store_id)
    yield from ((source, row.position, ranges.line(origin, row)) for row in store.read(0, 1_000_000))


def held(database: Database) -> list[tuple[str, int, bytes]]:
    """What the view holds, in the order of its positions."""
    with database.reading() as tx:
        return [
            (source, position, bytes(line))
            for source, position, line in tx.rows("SELECT source, position, line FROM kept ORDER BY source, position")
        ]
