"""Where a store is: a SQLite file, or a schema of a PostgreSQL database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit


@dataclass(frozen=True, slots=True)
class Place:
    """`location` is a path, or the url libpq understands; `name` is the schema, or the stem of the file."""

    is_file: bool
    location: str
    name: str

    @staticmethod
    def of(url: str) -> Place:
        """`sqlite:///path` or `postgresql://…?schema=name`; raises ValueError, which does not repeat a url: it may hold a password."""
        parts = urlsplit(url)
        if parts.scheme == "sqlite" and parts.path:
            path = url.removeprefix("sqlite:///")
            return Place(is_file=True, location=path, name=Path(path).stem)
        options = dict(parse_qsl(parts.query))
        if parts.scheme == "postgresql" and (schema := options.pop("schema", "")):
            return Place(is_file=False, location=parts._replace(query=urlencode(options)).geturl(), name=schema)
        raise ValueError("a store is named by sqlite:///path or postgresql://…?schema=name")
