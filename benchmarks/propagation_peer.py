"""The peer of benchmarks.propagation: the event-sourcing library's own ProjectionRunner on PostgreSQL, written as its documentation does.

python -m benchmarks.propagation_peer backlog|latency DATABASE NAME COUNT
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

RATE, SECONDS = 200, 3.0


class Attendance(Aggregate):
    @event("Recorded")
    def __init__(self, partnership: str, member: str, side: str, mode: str, *, present: bool) -> None:
        self.partnership, self.member, self.side, self.mode, self.present = partnership, member, side, mode, present


class Sessions(Application[Any]):
    def record(self) -> int:
        saved = self.save(Attendance(str(uuid4()), str(uuid4()), "people", "in_person", present=True))
        return int(saved[-1].notification.id)


class Rows(PostgresTrackingRecorder, TrackingRecorder):
    """A row for every event, committed with the position."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self._table = f"{self.tracking_table_name}_rows"
        place = Identifier(self.datastore.schema), Identifier(self._table)
        self.sql_create_statements.append(SQL("CREATE TABLE IF NOT EXISTS {}.{} (position bigint PRIMARY KEY, line text)").format(*place))
        self._insert = SQL("INSERT INTO {}.{} VALUES (%s, %s)").format(*place)

    def keep(self, line: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._insert, (tracking.notification_id, line))


class Ledger(Projection[Rows]):
    name = "ledger"
    seen: list[tuple[int, float]]

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.keep(repr(domain_event), tracking)
        self.seen.append((tracking.notification_id, time.monotonic()))


def environment(database: str, name: str) -> dict[str, str]:
    parts = urlsplit(database)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_HOST": str(parts.hostname),
        "POSTGRES_PORT": str(parts.port),
        "POSTGRES_DBNAME": parts.path[1:],
        "POSTGRES_USER": str(parts.username),
        "POSTGRES_PASSWORD": str(parts.password),
        "SESSIONS_NAME": f"library{name}",
        "APPLICATION_NAME": f"library{name}",
    }


def main(what: str, database: str, name: str, count: str) -> None:
    Ledger.seen = []
    Ledger.name, Sessions.name = f"ledger{name}", f"library{name}"
    env = environment(database, name)
    writer = Sessions(env)
    last = [writer.record() for _ in range(int(count) if what == "backlog" else 1)][-1]
    began = time.monotonic()
    committed: list[tuple[int, float]] = []
    with ProjectionRunner(application_class=Sessions, projection_class=Ledger, view_class=Rows, env=env) as runner:
        if what == "latency":
            runner.wait(last, timeout=30)
            while (elapsed := time.monotonic() - began) < SECONDS:
                committed.append((writer.record(), time.monotonic()))
                time.sleep(max(0.0, len(committed) / RATE - elapsed))
            last = committed[-1][0]
        runner.wait(last, timeout=300)
    reached = dict(Ledger.seen)
    if what == "backlog":
        result = {"rate": int(count) / (reached[last] - began)}
    else:
        waits = sorted(reached[position] - moment for position, moment in committed)
        result = {"p50": waits[len(waits) // 2] * 1000, "p99": waits[int(len(waits) * 0.99)] * 1000}
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
