"""Whether a reader takes everything a writer may say: containment of one JSON Schema in another, proved, not compared as text.

What is asked of us (commands, questions) and what was stored (facts) was written to the released schema and is read by today's. What
we answer is written to today's and read by those who know the released one, and pass over parts they do not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.errors import Unavailable

Schema = Mapping[str, Any]

_LEAST = ("minimum", "minLength", "minItems")
_MOST = ("maximum", "maxLength", "maxItems")
_EXACT = ("pattern", "format")


def breaks(released: Schema, today: Schema, *, answer: bool) -> list[str]:
    """Why `today` breaks `released`, by place; empty when it is proved that it does not. Raises `Unavailable` without jsonschema-rs."""
    tool = _tool()
    writer, reader = (today, _open(released)) if answer else (released, today)
    if tool.canonicalize(reader).covers(tool.canonicalize(writer)) is tool.canonical.Containment.YES:
        return []
    return list(_differences(tool.dereference(writer), tool.dereference(reader), "")) or ["it is not proved that it can still be read"]


def _tool() -> Any:
    try:
        import jsonschema_rs  # noqa: PLC0415  a development tool: nothing that serves needs it
    except ImportError:
        raise Unavailable(
            "development_tools_missing", "Checking the language needs jsonschema-rs, a development tool; `make check` brings it."
        ) from None
    return jsonschema_rs


def _open(schema: Any) -> Any:
    """`schema` for a reader who passes over parts it does not know."""
    if isinstance(schema, list):
        return [_open(part) for part in schema]
    if isinstance(schema, dict):
        return {word: _open(part) for word, part in schema.items() if (word, part) != ("additionalProperties", False)}
    return schema


def _differences(writer: Schema, reader: Schema, at: str) -> Iterator[str]:
    understood = _kinds(reader)
    for kind, said in _kinds(writer).items():
        if kind in understood:
            yield from _narrowed(said, understood[kind], at)
        else:
            yield f"{at or '/'}: {kind} is not understood"


def _kinds(schema: Schema) -> dict[str, Schema]:
    return {part.get("type", "this"): part for part in schema.get("anyOf", [schema])}


def _narrowed(writer: Schema, reader: Schema, at: str) -> Iterator[str]:
    here = at or "/"
    if values := _values(reader):
        unknown = sorted(map(str, (_values(writer) or {"any other value"}) - values))
        yield from (f"{here}: {value} is not understood" for value in unknown)
    yield from (f"{here}: {word} is higher" for word in _LEAST if word in reader and reader[word] > writer.get(word, float("-inf")))
    yield from (f"{here}: {word} is lower" for word in _MOST if word in reader and reader[word] < writer.get(word, float("inf")))
    yield from (f"{here}: {word} is another" for word in _EXACT if word in reader and reader[word] != writer.get(word))
    sure = writer.get("required", ())
    yield from (f"{at}/{name}: is required, and may be missing" for name in reader.get("required", ()) if name not in sure)
    taken = reader.get("properties", {})
    for name, part in writer.get("properties", {}).items():
        if name in taken:
            yield from _differences(part, taken[name], f"{at}/{name}")
        elif reader.get("additionalProperties") is False:
            yield f"{at}/{name}: is not understood"
    if isinstance(writer.get("items"), dict) and isinstance(reader.get("items"), dict):
        yield from _differences(writer["items"], reader["items"], f"{at}/*")


def _values(schema: Schema) -> set[Any]:
    return set(schema.get("enum", [schema["const"]] if "const" in schema else ()))
