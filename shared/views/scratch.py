"""A view as other facts would have made it: folded into a database of its own that is thrown away; the live tables are not touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from tempfile import TemporaryDirectory
from typing import Any

from shared.database import Database
from shared.ranges import MOST_FACTS, facts
from shared.views import View
from shared.views.reader import Fetch

Rows = list[Mapping[str, Any]]


def folded(view: View, fetch: Fetch) -> Iterator[tuple[str, Rows]]:
    """Each table of `view`, and its rows by column, when all facts that `fetch` tells of are in it."""
    with TemporaryDirectory() as folder, closing(Database.open(f"sqlite:///{folder}/scratch.db")) as database:
        view.define(database)
        for source in view.sources:
            _fold(view, source, fetch, database)
        with database.reading() as tx:
            for table in view.tables:
                columns = [name for (name,) in tx.rows("SELECT name FROM pragma_table_info(:table)", {"table": table})]
                rows = tx.rows(f"SELECT * FROM {table}")  # noqa: S608  the table is ours
                yield table, [dict(zip(columns, row, strict=True)) for row in rows]


def _fold(view: View, source: str, fetch: Fetch, database: Database) -> None:
    position = 0
    while (answer := fetch(source, position, MOST_FACTS)).lines:
        with database.transaction() as tx:
            view.apply(view.within(tx), list(facts(answer, position)))
        position = answer.last
