"""What the pages in docs/ say of the published language is so."""

import re
from pathlib import Path

import pytest

from contracts.model import Fact
from services.sessions.domain.methods import POSITIONS

DOCS = Path(__file__).parents[2] / "docs"

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
