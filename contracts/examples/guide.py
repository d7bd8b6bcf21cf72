"""How the team by the river came to co-production: what each side saw, a stage that was done, and what was to do next."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from contracts import partnerships
from contracts.examples.cast import AOIFE, BEGAN, DOCUMENT, PARTNERSHIP, in_partnership, recorded
from contracts.vocabulary import EvidenceKind, FrameworkKind, PartnershipStatus, ReadinessStage, Side, StageState

_FRAMEWORKS = UUID("2a000000-0000-4000-8000-000000000001")
_READINESS = UUID("2b000000-0000-4000-8000-000000000001")
_RATED = datetime(2025, 2, 3, 14, 0, tzinfo=UTC)
_JIGSAW: dict[str, Any] = {
    "framework": "SCIE_JIGSAW",
    "edition": 1,
    "kind": FrameworkKind.readiness,
    "name": "Jigsaw of organisational change",
    "source": "Social Care Institute for Excellence",
    "elements": (partnerships.FrameworkElement(code="CULTURE", name="Culture", about="What people believe and value."),),
    "actions": (
        partnerships.FrameworkAction(
            code="CULTURE_1", principle="CULTURE", text="Begin each meeting with somebody's own account.", valid_from=date(2025, 1, 1)
        ),
    ),
    "measures": (
        partnerships.FrameworkMeasure(
            code="CULTURE_M1", principle="CULTURE", text="Members who say that they were heard.", valid_from=date(2025, 1, 1)
        ),
    ),
    "valid_from": date(2025, 1, 1),
}
_SEEN: dict[str, Any] = {
    "framework": "SCIE_JIGSAW",
    "element": "CULTURE",
    "side": Side.lived_experience,
    "stage": ReadinessStage.begun,
    "evidence": EvidenceKind.statement_by_beneficiary,
    "document": None,
}
_DONE: dict[str, Any] = {
    "framework": "COMHAR_START",
    "element": "PREPARE",
    "state": StageState.done,
    "evidence": EvidenceKind.document,
    "document": DOCUMENT,
}

SAID = (
    partnerships.AdoptFramework(**_JIGSAW),
    partnerships.FrameworkAdopted(**recorded(_FRAMEWORKS, 1, BEGAN), **_JIGSAW),
    partnerships.RateReadiness(happened=_RATED, partnership=PARTNERSHIP, **_SEEN),
    partnerships.ReadinessRated(**in_partnership(_READINESS, 1, _RATED), **_SEEN, edition=1),
    partnerships.MoveStage(happened=_RATED, partnership=PARTNERSHIP, **_DONE),
    partnerships.StageMoved(**in_partnership(_READINESS, 2, _RATED), **_DONE, edition=1),
    partnerships.ListFrameworks(on=date(2025, 6, 1)),
    partnerships.FrameworkList(
        editions=1,
        items=(
            _SUMMARY := partnerships.FrameworkSummary(
                **{name: _JIGSAW[name] for name in partnerships.FrameworkSummary.model_fields},
            ),
        ),
    ),
    _SUMMARY,
    partnerships.GetFramework(framework="SCIE_JIGSAW"),
    partnerships.FrameworkDetail(**_JIGSAW),
    partnerships.GetReadiness(partnership=PARTNERSHIP),
    partnerships.ReadinessDetail(
        partnership=PARTNERSHIP,
        version=2,
        elements=(
            _PROGRESS := partnerships.ElementProgress(
                framework="SCIE_JIGSAW",
                element="CULTURE",
                name="Culture",
                kind=FrameworkKind.readiness,
                sides=(
                    _SEES := partnerships.SideSees(
                        side=Side.lived_experience,
                        stage=ReadinessStage.begun,
                        since=_RATED,
                        evidence=EvidenceKind.statement_by_beneficiary,
                        document=None,
                    ),
                ),
                gap=None,
                state=None,
                since=None,
                evidence=None,
                document=None,
            ),
        ),
    ),
    _PROGRESS,
    _SEES,
    partnerships.GetNextSteps(partnership=PARTNERSHIP),
    partnerships.NextSteps(
        partnership=PARTNERSHIP,
        status=PartnershipStatus.active,
        steps=(
            _STEP := partnerships.NextStep(
                code="declare_interests",
                why="Members have not said which interests they have, or that they have none.",
                how="Ask each within 28 days of joining; none is an answer too.",
                at="POST /v1/partnerships/10000000-0000-4000-8000-000000000001/members/{member}/interests",
                rule=None,
                source="NHS England: managing conflicts of interest",
                things=(AOIFE,),
            ),
        ),
        more=2,
    ),
    _STEP,
)
