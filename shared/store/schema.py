"""The tables of a store, and who may do what to them.

Created by whoever owns the database, never by a serving process: the service's role may read everything, add facts through one function
only, remove sealed boxes (erasure), and make tables in a second schema, for its views. A fact cannot be changed or removed by it.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from shared.store import sqlite

_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_CREATE_SECONDS = 10.0

_SQLITE = """
CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY CHECK (one = 1), store TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, state BLOB NOT NULL,
    UNIQUE (stream, version)) STRICT;
CREATE TABLE IF NOT EXISTS commands (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealed (handle TEXT PRIMARY KEY, subject TEXT NOT NULL, ciphertext BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS sealed_subject ON sealed (subject);
CREATE TABLE IF NOT EXISTS tracking (source TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events BEGIN SELECT raise(ABORT, 'a fact is never changed'); END;
CREATE TRIGGER IF NOT EXISTS events_remain BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'a fact is never removed'); END;
CREATE TRIGGER IF NOT EXISTS events_follow BEFORE INSERT ON events
    WHEN NEW.position <= (SELECT max(position) FROM events)
        OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND version = NEW.version)
    BEGIN SELECT raise(ABORT, 'a fact is never replaced'); END;
CREATE TRIGGER IF NOT EXISTS commands_stay BEFORE UPDATE ON commands BEGIN SELECT raise(ABORT, 'what was done stays done'); END;
CREATE TRIGGER IF NOT EXISTS commands_remain BEFORE DELETE ON commands BEGIN SELECT raise(ABORT, 'what was done stays done'); END;
"""

_POSTGRESQL = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE SCHEMA IF NOT EXISTS {views};
CREATE TABLE IF NOT EXISTS {schema}.head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), store uuid NOT NULL DEFAULT gen_random_uuid(), position bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO {schema}.head DEFAULT VALUES ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS {schema}.events (
    position bigint PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL, type text NOT NULL, state bytea NOT NULL,
    UNIQUE (stream, version));
CREATE TABLE IF NOT EXISTS {schema}.commands (
    id uuid PRIMARY KEY, digest bytea NOT NULL, stream uuid NOT NULL, version bigint NOT NULL, position bigint NOT NULL);
CREATE TABLE IF NOT EXISTS {schema}.sealed (handle uuid PRIMARY KEY, subject uuid NOT NULL, ciphertext bytea NOT NULL);
CREATE INDEX IF NOT EXISTS sealed_subject ON {schema}.sealed (subject);
-- The planner's statistics would keep samples of what is removed.
ALTER TABLE {schema}.sealed ALTER COLUMN ciphertext SET STATISTICS 0;
CREATE TABLE IF NOT EXISTS {schema}.tracking (source text PRIMARY KEY, position bigint NOT NULL);

-- Writes a whole group or nothing: if any save is refused, nothing is written and the arrays name the refused by number.
-- e: the facts in order; w: the version each stream must have; c: the commands, upto = facts of the group up to the command's last;
-- s: sealed boxes; t: followed sources. The head row is locked first, so groups come one after another and every later
-- statement sees all that was committed before (READ COMMITTED). No two saves of a group touch the same stream, command or source.
CREATE OR REPLACE FUNCTION {schema}.append(
    e_stream uuid[], e_version bigint[], e_type text[], e_state bytea[],
    w_save bigint[], w_stream uuid[], w_version bigint[],
    c_save bigint[], c_id uuid[], c_digest bytea[], c_stream uuid[], c_version bigint[], c_upto bigint[],
    s_handle uuid[], s_subject uuid[], s_ciphertext bytea[],
    t_save bigint[], t_source text[], t_was bigint[], t_now bigint[],
    OUT base bigint, OUT seen bigint[], OUT stale bigint[], OUT moved bigint[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    SELECT position INTO STRICT base FROM head FOR UPDATE;
    IF cardinality(c_id) > 0 THEN
        SELECT array_agg(c.save) INTO seen FROM unnest(c_save, c_id) c(save, id) JOIN commands USING (id);
    END IF;
    SELECT array_agg(w.save) INTO stale FROM unnest(w_save, w_stream, w_version) w(save, stream, version)
        WHERE w.version <> coalesce((SELECT max(version) FROM events WHERE events.stream = w.stream), 0);
    IF cardinality(t_save) > 0 THEN
        SELECT array_agg(t.save) INTO moved FROM unnest(t_save, t_source, t_was, t_now) t(save, source, was, now)
            LEFT JOIN tracking USING (source)
            WHERE CASE WHEN t.was < 0 THEN coalesce(position, 0) >= t.now ELSE coalesce(position, 0) <> t.was END;
    END IF;
    IF seen IS NOT NULL OR stale IS NOT NULL OR moved IS NOT NULL THEN
        RETURN;
    END IF;
    IF cardinality(e_stream) > 0 THEN
        INSERT INTO events SELECT base + e.number, e.stream, e.version, e.type, e.state
            FROM unnest(e_stream, e_version, e_type, e_state) WITH ORDINALITY e(stream, version, type, state, number);
        UPDATE head SET position = base + cardinality(e_stream);
    END IF;
    IF cardinality(c_id) > 0 THEN
        INSERT INTO commands SELECT c.id, c.digest, c.stream, c.version, base + c.upto
            FROM unnest(c_id, c_digest, c_stream, c_version, c_upto) c(id, digest, stream, version, upto);
    END IF;
    IF cardinality(s_handle) > 0 THEN
        INSERT INTO sealed SELECT * FROM unnest(s_handle, s_subject, s_ciphertext);
    END IF;
    IF cardinality(t_save) > 0 THEN
        INSERT INTO tracking SELECT * FROM unnest(t_source, t_now) ON CONFLICT (source) DO UPDATE SET position = excluded.position;
    END IF;
END $$;
REVOKE ALL ON FUNCTION {schema}.append FROM PUBLIC;

-- Writes the table of sealed boxes anew, so that none of its pages holds a box that was removed.
CREATE OR REPLACE FUNCTION {schema}.rewrite_sealed() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    CLUSTER sealed USING sealed_pkey;
END $$;
REVOKE ALL ON FUNCTION {schema}.rewrite_sealed FROM PUBLIC;

-- Lets the server part with the segments of its log in which a removed box or key was written; where it keeps old segments to use them
-- again (wal_recycle), writes over each. False when the owner of the database may not do so.
CREATE OR REPLACE FUNCTION {schema}.renew_wal() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_switch_wal();
    CHECKPOINT;
    IF current_setting('wal_recycle')::boolean THEN
        FOR segment IN 1 .. (SELECT count(*) FROM pg_ls_waldir() WHERE length(name) = 24) LOOP
            PERFORM pg_logical_emit_message(false, 'comhar', '');
            PERFORM pg_switch_wal();
        END LOOP;
        CHECKPOINT;
    END IF;
    RETURN true;
EXCEPTION WHEN insufficient_privilege THEN
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION {schema}.renew_wal FROM PUBLIC;
"""

_RIGHTS = """
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON {schema}.head, {schema}.events, {schema}.commands, {schema}.sealed, {schema}.tracking TO {role};
GRANT DELETE ON {schema}.sealed TO {role};
GRANT EXECUTE ON FUNCTION {schema}.append, {schema}.rewrite_sealed, {schema}.renew_wal TO {role};
GRANT USAGE, CREATE ON SCHEMA {views} TO {role};
"""


def create_schema(url: str, schema: str, role: str | None = None) -> None:
    """Create the store `schema` in a PostgreSQL database, as its owner; `role` is the service's, and exists already.

    May be run again, and by several processes at once: one creates, the others wait and find everything there.
    """
    for name in (schema, role or schema):
        if not _NAME.fullmatch(name):
            raise ValueError("schemas and roles are lower-case words")
    names = {"schema": sql.Identifier(schema), "views": sql.Identifier(f"{schema}_views"), "role": sql.Identifier(role or schema)}
    # CREATE IF NOT EXISTS by two at once fails with "tuple concurrently updated". Dying before the commit leaves nothing.
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('comhar schema'))")
        connection.execute(sql.SQL(_POSTGRESQL).format(**names))
        if role:
            connection.execute(sql.SQL(_RIGHTS).format(**names))


def create_file(path: str) -> None:
    """Create the store in a SQLite file, if it is not there; two processes may do so at once."""
    folder = Path(path).parent
    folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(folder), closing(sqlite.connect(path, lock_seconds=_CREATE_SECONDS)) as connection:
        connection.executescript(f"BEGIN IMMEDIATE; {_SQLITE}")
        connection.execute("INSERT INTO head VALUES (1, ?, 0) ON CONFLICT DO NOTHING", (str(uuid4()),))
        connection.execute("COMMIT")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """SQLite does not wait for whoever makes a new file a WAL file: it refuses at once."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def renew_schema(url: str, schema: str) -> None:
    """Another identity for the store, as its owner."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("UPDATE {}.head SET store = gen_random_uuid()").format(sql.Identifier(schema)))


def renew_file(path: str) -> None:
    """Another identity for the store in a file."""
    with closing(sqlite.connect(path, lock_seconds=_CREATE_SECONDS)) as connection:
        connection.execute("UPDATE head SET store = ?", (str(uuid4()),))
