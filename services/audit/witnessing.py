"""What this region's witness remembers: of every ledger it signs for, the last head it signed."""

from __future__ import annotations

import hashlib
import logging

from services.audit.ledger.witness import Head
from shared import metrics
from shared.clock import fixed_width, utc_now
from shared.database import Database

TABLES = (
    "CREATE TABLE IF NOT EXISTS witnessed (origin TEXT PRIMARY KEY, size BIGINT NOT NULL, root BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS disagreement (digest TEXT PRIMARY KEY, origin TEXT NOT NULL, request BLOB NOT NULL, received TEXT NOT NULL)"
)
_MOST_EVIDENCE = 100

_log = logging.getLogger(__name__)


class WitnessedHeads:
    """One row for each ledger (`services.audit.ledger.witness.Heads`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def any(self) -> bool:
        """Whether any head was ever signed."""
        return bool(self._database.rows("SELECT 1 FROM witnessed LIMIT 1"))

    def last(self, origin: str) -> Head | None:
        rows = self._database.rows("SELECT size, root FROM witnessed WHERE origin = :origin", {"origin": origin})
        return Head(rows[0][0], bytes(rows[0][1])) if rows else None

    def advance(self, origin: str, last: Head | None, new: Head) -> bool:
        given = {"origin": origin, "size": new.size, "root": new.root}
        if last is None:
            put = "INSERT INTO witnessed (origin, size, root) VALUES (:origin, :size, :root) ON CONFLICT DO NOTHING"
        else:
            put = "UPDATE witnessed SET size = :size, root = :root WHERE origin = :origin AND size = :was AND root = :of"
            given |= {"was": last.size, "of": last.root}
        return bool(self._database.write(f"{put} RETURNING size", given))

    def disagreed(self, origin: str, body: bytes) -> None:
        """Kept as it came, the first hundred of a ledger; told each time."""
        metrics.ledger_disagreements.labels("witness").inc()
        _log.critical("a ledger this region witnesses does not grow from what it signed before: %s", origin)
        with self._database.transaction() as tx:
            tx.execute(
                "INSERT INTO disagreement (digest, origin, request, received) SELECT :digest, :origin, :request, :received "
                "WHERE (SELECT count(*) FROM disagreement WHERE origin = :origin) < :most ON CONFLICT DO NOTHING",
                {
                    "digest": hashlib.sha256(body).hexdigest(),
                    "origin": origin,
                    "request": body,
                    "received": fixed_width(utc_now()),
                    "most": _MOST_EVIDENCE,
                },
            )
