"""PostgreSQL as its owner sees it: a role for each service, which owns its read models and keys and nothing else."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql


def create_role(owner: str, address: str, service: str) -> None:
    """Make the role named in a service's own `address`, with its password, and the schemas that role owns.

    Raises ValueError when the address names another role than the service's: each has its own.
    """
    parts = urlsplit(address)
    role, password = unquote(parts.username or ""), unquote(parts.password or "")
    if role != service or not password:
        raise ValueError(f"the address of {service} names its role, {service}, and a password")
    with psycopg.connect(owner) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
        for schema in (f"{service}_views", f"{service}_keys"):
            # Owned by the service: it makes its tables there itself, and no other role sees them.
            name, owned_by = sql.Identifier(schema), sql.Identifier(role)
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owned_by))
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(name, owned_by))
