"""What the pages in docs/ say of the published language is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from contracts.model import Fact
from deploy.cli import main
from services.gateway.service.routes import PREFIX, ROUTES
from services.sessions.domain.methods import POSITIONS

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))]
COMHAR = get_command(main)
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)

# Domain §6.10, "Event names": what partnerships and sessions have to tell.
_PARTNERSHIPS = """
    PartnershipProposed TermsOfReferenceDrafted TermsOfReferenceAgreed CompositionRuleSet CoChairAppointed PartnershipActivated
    PartnershipPaused PartnershipClosed MemberNominated MemberJoined PerspectiveDeclared MembershipEnded ConsentGranted ConsentWithdrawn
    InterestDeclared AccessNeedRecorded AccessNeedReviewed RateCardAdopted WorkItemOpened DegreeRated DegreeAgreed SubjectErased
"""
_SESSIONS = """
    SessionPlanned AgendaItemRaised MaterialsSent InvitationSent SessionOpened AttendanceRecorded InterestHandledForItem
    QuorumEstablished QuorumLost ContributionRecorded ProposalPut PositionTaken ObjectionRaised ObjectionIntegrated ObjectionWithdrawn
    DecisionClosed ActionAgreed ActionDueDateMoved ActionCompleted ActionCancelled AccessNeedMet AccessNeedNotMet PaymentOffered
    PaymentDeclined ExpenseClaimed PaymentMade SessionHeld SessionCancelled MinutesAgreed
"""
NAMED = {"partnerships": _PARTNERSHIPS.split(), "sessions": _SESSIONS.split()}


def moved() -> dict[tuple[str, str], str]:
    """Service and name as the domain says them, and the fact that tells it elsewhere."""
    rows = re.findall(r"^\| (\w+): (\w+) \| `([\w.]+)` \| .+ \|$", (DOCS / "facts.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {(service, name): fact for service, name, fact in rows}


@pytest.mark.parametrize(("service", "name"), [(service, name) for service, names in NAMED.items() for name in names])
def test_every_event_the_domain_names_is_told_there_or_its_other_place_is_explained(service: str, name: str) -> None:
    recorded = any(kind.startswith(f"{service}.{name}.v") for kind in Fact.kinds)
    assert recorded is ((service, name) not in moved())


def test_every_fact_that_is_named_exists() -> None:
    assert set(moved()) <= {(service, name) for service, names in NAMED.items() for name in names}
    said = re.findall(r"`(\w+\.\w+\.v\d+)`", (DOCS / "facts.md").read_text(encoding="utf-8"))
    assert len(said) > len(moved()) > 0
    assert set(said) <= set(Fact.kinds)


def test_every_page_is_found_from_the_first() -> None:
    found, waiting = set[Path](), [DOCS.parent / "README.md"]
    while waiting:
        page = waiting.pop()
        led = {(page.parent / link).resolve() for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))}
        led |= {folder / "README.md" for folder in led if folder.is_dir()}
        new = {one for one in led if one.suffix == ".md" and one.is_file()} - found
        found |= new
        waiting += new
    assert {page.resolve() for page in DOCS.rglob("*.md")} - found == set()


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_a_page_leads_only_where_something_is(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_page_on_deciding_tells_the_positions_of_every_method() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", (DOCS / "deciding.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {method: set(re.findall(r"`(\w+)`", positions)) for method, positions in rows}
    assert told == {method.value: {position.value for position in positions} for method, positions in POSITIONS.items()}


def test_every_refusal_that_the_page_on_deciding_names_is_one_of_sessions() -> None:
    named = set(re.findall(r"\(`([a-z_]+)`\)", (DOCS / "deciding.md").read_text(encoding="utf-8"))) - {"carried_on_both_sides"}
    code = "".join(path.read_text(encoding="utf-8") for path in (DOCS.parent / "services/sessions/domain").glob("*.py"))
    assert len(named) > 9
    assert [one for one in named if f'"{one}"' not in code] == []


def in_code(page: Path) -> Iterator[str]:
    """What a page sets as code: blocks line by line, and words within lines."""
    text = page.read_text(encoding="utf-8")
    yield from (line for block in BLOCK.findall(text) for line in block.splitlines())
    yield from (" ".join(words.split()) for words in re.findall(r"`([^`]+)`", BLOCK.sub("", text)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_that_a_page_tells_of_can_be_typed(page: Path) -> None:
    for line in in_code(page):
        for said in re.findall(r"(?:^|\s|/)comhar ((?:[a-z-]+ ?)+[^#]*)", line):
            command, words = COMHAR, said.split()
            while words and words[0] != "--help" and (commands := getattr(command, "commands", None)):
                assert words[0] in commands, f"comhar {said}"
                command = commands[words.pop(0)]
            options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
            assert {word.rstrip(",;.]") for word in words if word.startswith("--")} <= {*options, "--help"}, f"comhar {said}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_an_address_that_a_page_tells_of_is_there(page: Path) -> None:
    known = {(route.method, re.sub(r"{\w+}", "{}", f"{PREFIX}{route.path}")) for route in ROUTES}
    told = [found for line in in_code(page) for found in re.findall(r"\b(GET|POST) +(/v1/[^\s?`]+)", line)]
    assert [(method, path) for method, path in told if (method, re.sub(r"{\w+}", "{}", path)) not in known] == []
