"""The language as others see it: a JSON Schema of every message and one AsyncAPI document, made from contracts/ and kept in it.

    schemas.py    one document for each message
    asyncapi.py   what travels on the exchange of facts
    breaks.py     whether those who speak a released version are still understood, and why not

`contracts/schemas/` says what is spoken today, `contracts/released/` what was promised: a released message only ever grows by parts
that may be missing. A fact that must change otherwise becomes a new version, and a step in contracts/earlier.py reads the old one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import contracts
from contracts.earlier import EARLIER
from contracts.errors import Conflict
from contracts.language import messages
from contracts.model import Command, Fact, Query
from deploy.published.asyncapi import asyncapi
from deploy.published.breaks import breaks
from deploy.published.schemas import schema

HOME = Path(contracts.__file__).parent


def write(home: Path = HOME) -> None:
    """Write what contracts/ says today, and remove what it no longer says."""
    wanted = _documents()
    for path in _written(home):
        if path not in wanted:
            (home / path).unlink()
    for path, text in wanted.items():
        _put(home / path, text)


def check(home: Path = HOME) -> list[str]:
    """What is wrong, a sentence each: documents that are not up to date, and released messages that are no longer understood.

    Raises `Unavailable` without the development tools.
    """
    return [*_stale(home), *_broken(home)]


def release(home: Path = HOME) -> list[str]:
    """Promise what is spoken today; the names promised for the first time. Raises `Conflict` when that would break an older promise."""
    if faults := check(home):
        raise Conflict("language_broken", " ".join(faults))
    known = set(_released(home))
    for name, path in ((name, home / "released" / f"{name}.json") for name in messages()):
        _put(path, (home / "schemas" / f"{name}.json").read_text("utf-8"))
    return sorted(set(messages()) - known)


@cache
def _documents() -> Mapping[str, str]:
    made = {f"schemas/{name}.json": schema(message) for name, message in messages().items()} | {"asyncapi.json": asyncapi()}
    return {path: json.dumps(document, indent=2, ensure_ascii=False) + "\n" for path, document in made.items()}


def _written(home: Path) -> Iterator[str]:
    yield from (f"schemas/{path.name}" for path in sorted(home.glob("schemas/*.json")))
    yield from (path.name for path in home.glob("asyncapi.json"))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def _stale(home: Path) -> Iterator[str]:
    wanted = _documents()
    for path in _written(home):
        if path not in wanted:
            yield f"contracts/{path} describes no message; run `comhar contracts write`."
    for path, text in wanted.items():
        if not (home / path).exists() or (home / path).read_text("utf-8") != text:
            yield f"contracts/{path} is not what contracts/ says; run `comhar contracts write`."


def _released(home: Path) -> dict[str, Mapping[str, Any]]:
    return {path.name.removesuffix(".json"): json.loads(path.read_text("utf-8")) for path in sorted(home.glob("released/*.json"))}


def _broken(home: Path) -> Iterator[str]:
    today = messages()
    for name, promised in _released(home).items():
        if name in today:
            reasons = breaks(promised, schema(today[name]), answer=not issubclass(today[name], (Command, Query, Fact)))
            yield from (f"{name} breaks its released version: {reason}." for reason in reasons)
        elif name not in EARLIER:
            yield f"{name} was released and is no longer part of the language."
