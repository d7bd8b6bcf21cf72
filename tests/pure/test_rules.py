"""Every rule has a code that a test names, and a source: read from the code, so that a rule without either fails the build."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from contracts.errors import Refusal

ROOT = Path(__file__).parents[2]
PRODUCT = ("contracts", "shared", "services", "deploy")
DECIDING = ("partnerships", "sessions")
RULES = ("rule", "RuleBroken")
CODE_STANDS = {"rule": 1, **dict.fromkeys(Refusal.kinds, 0)}
CITED = re.compile(
    r"\b(domain|design) \d|\bours\b|\bCP-\d\d|\bGDPR\b|\bDAPB1605\b|\bRFC \d|§\d|\bNMC\b|\bSCIE\b|\bnef\b|Sociocracy|Robert's Rules"
)


class Refused(NamedTuple):
    """A place in the code that refuses: how, with which code, and what is written about it, from the module down to the function."""

    place: str
    by: str
    code: str
    written: str


def refused_in(path: Path) -> Iterator[Refused]:
    def within(node: ast.AST, written: str) -> Iterator[Refused]:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            written += ast.get_docstring(node) or ""
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and len(node.args) > CODE_STANDS.get(node.func.id, len(node.args))
        ):
            given = node.args[CODE_STANDS[node.func.id]]
            for code in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
                if isinstance(code, ast.Constant):
                    yield Refused(f"{path.relative_to(ROOT)}:{node.lineno}", node.func.id, str(code.value), written)
        for child in ast.iter_child_nodes(node):
            yield from within(child, written)

    return within(ast.parse(path.read_text(encoding="utf-8")), "")


REFUSED = [one for layer in PRODUCT for path in sorted((ROOT / layer).rglob("*.py")) for one in refused_in(path)]


def test_a_test_names_every_refusal() -> None:
    written = [path for ending in ("py", "txt") for path in (ROOT / "tests").rglob(f"*.{ending}") if path != Path(__file__)]
    named = set(re.findall(r"\w+", " ".join(path.read_text(encoding="utf-8") for path in written)))
    assert {one.code for one in REFUSED} - named == set()


def test_every_rule_says_where_it_comes_from() -> None:
    rooms = tuple(f"services/{service}/" for service in DECIDING)
    rules = [one for one in REFUSED if one.by in RULES and one.place.startswith(rooms)]
    assert [(one.place, one.code) for one in rules if not CITED.search(one.written)] == []


def test_a_refusal_is_found_with_what_is_written_about_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "one.py").write_text(
        '"""A."""\ndef f():\n    """B (ours)."""\n    rule(x, "c" if y else "d", "Sentence.")\n    other("e")\n'
    )
    assert list(refused_in(tmp_path / "one.py")) == [
        Refused("one.py:4", "rule", "c", "A.B (ours)."),
        Refused("one.py:4", "rule", "d", "A.B (ours)."),
    ]
