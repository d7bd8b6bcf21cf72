"""Who may know whom: deploy → services → shared → contracts, and nameko only at the skin.

Read from the source, not from running modules, so that an import inside a function or under TYPE_CHECKING counts like any other.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from contracts.services import SERVICES

ROOT = Path(__file__).parents[2]
LAYERS = ("contracts", "shared", "services", "deploy")
ROOMS = ("domain", "application", "views", "service")
# A tree of hashes, its files and its signed heads are nobody else's business.
ROOMS_OF_ONE = {"audit": ("ledger", "publishing", "witnessing")}
SKIN = (
    "shared.transport",
    "shared.rpc",
    "shared.consumer",
    "shared.relay",
    "shared.green",
    "shared.parts",
    "shared.port",
    "shared.tending",
    *(f"services.{name}.service" for name in SERVICES),
    "deploy",
)
GREEN = ("nameko", "eventlet", "greenlet")
MIDDLE = ("shared.store", "shared.database", "shared.follower", "shared.views", "shared.sealing", "shared.application")
FROM_OUTSIDE = (
    "os",
    "sys",
    "io",
    "time",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "pathlib",
    "logging",
    "psycopg",
    "kombu",
)
CLOCKS_AND_DICE = ("now", "today", "utcnow", "uuid1", "uuid4", "urandom")


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def imported(source: str) -> Iterator[str]:
    """The dotted name of everything imported anywhere in `source`; `from a import b` gives a.b."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def sources() -> Mapping[str, str]:
    return {module_name(path): path.read_text(encoding="utf-8") for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))}


@cache
def imports() -> Mapping[str, frozenset[str]]:
    return {module: frozenset(imported(source)) for module, source in sources().items()}


def ours(name: str) -> Iterator[str]:
    """The modules of this project that run when `name` is imported: itself and the packages it lies in."""
    parts = name.split(".")
    yield from (prefix for prefix in (".".join(parts[:end]) for end in range(1, len(parts) + 1)) if prefix in imports())


def reached(module: str) -> set[str]:
    """Every name imported by `module`, or by a module it imports, and so on."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        for name in imports()[waiting.pop()] - seen:
            seen.add(name)
            waiting.extend(ours(name))
    return seen


def offences(*, by: tuple[str, ...], of: tuple[str, ...], unless: tuple[str, ...] = ()) -> list[str]:
    """The imports of `of` by modules within `by`, except those within `unless`."""
    return [
        f"{module} imports {name}"
        for module, names in imports().items()
        if within(module, *by) and not within(module, *unless)
        for name in sorted(names)
        if within(name, *of)
    ]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_never_imports_one_above_it(layer: str) -> None:
    assert offences(by=(layer,), of=LAYERS[LAYERS.index(layer) + 1 :]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_never_imports_another(service: str) -> None:
    others = tuple(f"services.{other}" for other in SERVICES if other != service)
    assert offences(by=(f"services.{service}",), of=others) == []


def test_the_published_language_of_a_service_is_unknown_to_the_mechanism() -> None:
    assert offences(by=("shared",), of=tuple(f"contracts.{name}" for name in (*SERVICES, "vocabulary"))) == []


def test_nameko_and_eventlet_are_imported_only_at_the_skin() -> None:
    assert offences(by=LAYERS, of=GREEN, unless=SKIN) == []


def test_the_middle_reaches_nameko_and_eventlet_by_no_path() -> None:
    rooms = tuple(f"services.{service}.{room}" for service in SERVICES for room in ROOMS if room != "service")
    middle = [module for module in imports() if within(module, "contracts", *MIDDLE, *rooms, "services.audit.ledger")]
    assert [(module, name) for module in middle for name in sorted(reached(module)) if within(name, *GREEN)] == []


def test_the_published_language_stands_on_pydantic_alone() -> None:
    assert offences(by=("contracts",), of=("eventsourcing", "cryptography", "psycopg", "kombu", "flask", "sqlite3", "os", "pathlib")) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_does_no_input_or_output(service: str) -> None:
    assert offences(by=(f"services.{service}.domain",), of=FROM_OUTSIDE) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_reads_no_clock_and_throws_no_dice(service: str) -> None:
    domain = {module: source for module, source in sources().items() if within(module, f"services.{service}.domain")}
    called = [
        f"{module}:{node.lineno}"
        for module, source in domain.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in CLOCKS_AND_DICE
    ]
    assert called == []


def test_the_services_are_those_of_the_design() -> None:
    assert sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir() and path.name != "__pycache__") == sorted(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_every_room_of_a_service_has_its_name(service: str) -> None:
    found = {path.name.removesuffix(".py") for path in (ROOT / "services" / service).iterdir() if path.name != "__pycache__"}
    assert found - {"__init__"} <= {*ROOMS, *ROOMS_OF_ONE.get(service, ())}


def test_the_ledger_knows_no_fact_and_no_database() -> None:
    known = ("contracts", "shared", "services.audit.views", "services.audit.application", "services.audit.domain")
    assert offences(by=("services.audit.ledger",), of=known) == []


def test_no_module_is_named_after_nothing() -> None:
    shapeless = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
    assert [module for module in sources() if module.rsplit(".", 1)[-1] in shapeless] == []


def test_no_class_is_named_after_its_kind() -> None:
    kinds = ("Event", "Handler", "Manager", "Helper", "Base", "Util", "Utils")
    named = [
        f"{module}.{node.name}"
        for module, source in sources().items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and node.name.endswith(kinds)
    ]
    assert named == []


def test_no_name_of_a_module_is_made_in_vain() -> None:
    everywhere = Counter(word for source in sources().values() for word in re.findall(r"\w+", source))
    made = ((module, name) for module, source in sources().items() for name in assigned(source) if not name.startswith("__"))
    assert [(module, name) for module, name in made if everywhere[name] == 1] == []


def assigned(source: str) -> Iterator[str]:
    """What a module gives a name to at its top, functions and classes aside."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def test_imports_are_found_wherever_they_stand() -> None:
    source = "import a.b\nfrom c import d\nif TYPE_CHECKING:\n    import e\ndef f():\n    from g.h import i"
    assert sorted(imported(source)) == ["a.b", "c.d", "e", "g.h.i"]


def test_names_of_a_module_are_those_at_its_top() -> None:
    assert list(assigned("a = 1\nb: int = 2\nc, d = 3, 4\ndef f():\n    e = 5")) == ["a", "b", "c", "d"]


def test_a_name_is_within_a_package_and_not_beside_it() -> None:
    assert within("shared.rpc.client", "shared.rpc")
    assert not within("shared.rpcs", "shared.rpc")
