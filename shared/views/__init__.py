"""Read models: tables that facts are folded into, whose rows and reading position always commit together.

A view's statements write its table names in braces (`INSERT INTO {member} …`), so that the same statements fill the live tables
and, beside them, those of a rebuild. `apply` gets facts in order and in batches: it should work set by set, and only with SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.database import Database, Params, Transaction
from shared.ranges import Seen
from shared.views import places

Apply = Callable[[Transaction, Sequence[Seen]], None]


@dataclass(frozen=True)
class View:
    """`tables`: name -> column definitions; `indexes`: name -> `table (columns)`, the table in braces; `sources`: whose facts it reads.

    A view is `leisurely` when few facts concern it and no answer waits for it: it asks its sources now and then, instead of being told of
    every fact as it happens.
    """

    name: str
    sources: tuple[str, ...]
    tables: Mapping[str, str]
    apply: Apply
    indexes: Mapping[str, str] = field(default_factory=dict)
    leisurely: bool = False
    build: str = ""

    @property
    def reader(self) -> str:
        """The name under which this build's positions are kept."""
        return self.name + self.build

    def beside(self) -> View:
        """The same view in tables of its own, for a rebuild."""
        return replace(self, build="__new")

    def named(self, text: str) -> str:
        """`text` with the tables of this build for the names in braces."""
        return text.format_map({table: table + self.build for table in self.tables})

    def within(self, tx: Transaction) -> Transaction:
        """`tx` for the statements of this view."""
        return _Named(tx, self) if self.tables else tx

    def define(self, database: Database) -> None:
        """Create what is missing of this view; done as the owner of the tables, before a reader starts."""
        tables = (f"CREATE TABLE IF NOT EXISTS {table}{self.build} ({columns});" for table, columns in self.tables.items())
        indexes = (f"CREATE INDEX IF NOT EXISTS {name}{self.build} ON {self.named(on)};" for name, on in self.indexes.items())
        database.define("\n".join((places.TABLES, *tables, *indexes)))


class _Named:
    """A transaction that puts the tables of one build where their names stand in braces."""

    def __init__(self, tx: Transaction, view: View) -> None:
        self._tx, self._view = tx, view
        self._known: dict[str, str] = {}

    def _name(self, statement: str) -> str:
        if (named := self._known.get(statement)) is None:
            named = self._known[statement] = self._view.named(statement)
        return named

    def execute(self, statement: str, params: Params = {}) -> None:
        self._tx.execute(self._name(statement), params)

    def must(self, statement: str, params: Params, otherwise: Exception) -> None:
        self._tx.must(self._name(statement), params, otherwise)

    def rows(self, statement: str, params: Params = {}) -> list[tuple[Any, ...]]:
        return self._tx.rows(self._name(statement), params)

    def row(self, statement: str, params: Params = {}) -> tuple[Any, ...] | None:
        return self._tx.row(self._name(statement), params)

    def many(self, statement: str, rows: Iterable[Params]) -> None:
        self._tx.many(self._name(statement), rows)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self._tx.insert(self._name(table), columns, rows)
