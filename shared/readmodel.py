"""What the read models of services share: effects said fact by fact, pages with cursors."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, ClassVar

from contracts.errors import Invalid
from contracts.model import Fact
from shared.database import Database, Params, Transaction
from shared.ranges import Seen
from shared.views import View

Effect = tuple[str, Params]


class ReadModel:
    """A view with its questions; `view` says what it is made of."""

    view: ClassVar[View]
    repeatable: ClassVar[bool] = True
    """Whether the same facts, read again, give the same rows."""

    def __init__(self, database: Database) -> None:
        self.database = database


def effects(of: Callable[[Fact], Iterable[Effect]]) -> Callable[[Transaction, Sequence[Seen]], None]:
    """A view's apply from what each single fact does: statements in order, equal neighbours run together."""

    def apply(tx: Transaction, seen: Sequence[Seen]) -> None:
        every = (effect for one in seen if (fact := one.fact) for effect in of(fact))
        for statement, batch in groupby(every, key=lambda effect: effect[0]):
            tx.many(statement, [params for _, params in batch])

    return apply


def cursor(rows: Sequence[Sequence[Any]], limit: int, *columns: int) -> str | None:
    """An opaque word for "after the last of these", known by its `columns`; None where the page is not full, so that nothing follows."""
    if len(rows) < limit:
        return None
    return base64.urlsafe_b64encode(json.dumps([rows[-1][column] for column in columns], ensure_ascii=False).encode()).decode()


def after_cursor(text: str | None, start: Sequence[str]) -> list[str]:
    """The row a cursor names, or `start` without one; raises `Invalid` on a word we did not give."""
    if text is None:
        return list(start)
    try:
        row = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (binascii.Error, ValueError):
        row = None
    if not (isinstance(row, list) and len(row) == len(start) and all(isinstance(part, str) and "\0" not in part for part in row)):
        raise Invalid("unknown_cursor", "The cursor is not one that a list has given.", field="after")
    return row
