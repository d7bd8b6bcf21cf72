"""How far a partnership has come with the frameworks it works by: as each side sees it, and stage by stage."""

from __future__ import annotations

from uuid import UUID

from contracts.errors import rule
from contracts.model import Fact
from contracts.partnerships import FrameworkAdopted, ReadinessRated, StageMoved
from contracts.vocabulary import EvidenceKind, FrameworkKind, ReadinessStage, Side, StageState
from services.partnerships.domain.frameworks import element_of
from shared.application import Aggregate, Stamp

_RATING = {Side.lived_experience, Side.provider}
_BEHIND = {StageState.done, StageState.set_aside}
Shown = tuple[EvidenceKind | None, str | None]
"""What shows it: the kind of evidence, and the document's SHA-256 if it is one."""


class Readiness(Aggregate):
    """The self-assessment and the staged plan of one partnership (domain 5.2, SCIE jigsaw, ImROC ten challenges)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.rated: dict[tuple[str, str], dict[Side, ReadinessRated]] = {}
        self.moved: dict[tuple[str, str], StageMoved] = {}

    def rate(
        self, by: Stamp, *, partnership: UUID, framework: FrameworkAdopted, element: str, side: Side, stage: ReadinessStage, shown: Shown
    ) -> None:
        """Say how far the service has come, as one side sees it; each side says so for itself, as often as it sees something new."""
        rule(framework.kind is FrameworkKind.readiness, "not_rated", "Elements of a readiness framework are rated.", field="framework")
        rule(side in _RATING, "rated_by_no_side", "The lived-experience side and the provider side rate.", field="side")
        element_of(framework, element)
        self._must_be_shown(shown)
        last = self.rated.get((framework.framework, element), {}).get(side)
        if last and (last.stage, last.evidence, last.document) == (stage, *shown):
            return
        rule(not last or last.happened <= by.happened, "before_the_last", "A side rates after it last did.", field="happened")
        what = {"framework": framework.framework, "edition": framework.edition, "element": element, "side": side, "stage": stage}
        self.record(ReadinessRated, by, partnership=partnership, **what, evidence=shown[0], document=shown[1])

    def move(self, by: Stamp, *, partnership: UUID, framework: FrameworkAdopted, element: str, state: StageState, shown: Shown) -> None:
        """Let a stage be under way, done, with something that shows it, or set aside; one is done after those before it."""
        rule(framework.kind is FrameworkKind.stages, "no_stages", "A guide has stages to go through.", field="framework")
        element_of(framework, element)
        self._must_be_shown(shown)
        last = self.moved.get((framework.framework, element))
        if last and (last.state, last.evidence, last.document) == (state, *shown):
            return
        if state is StageState.done:
            rule(shown[0] is not None, "done_without_evidence", "A stage is done when something shows it.", field="evidence")
            before = [one.code for one in framework.elements]
            states = [self.state(framework, code) for code in before[: before.index(element)]]
            rule(all(one in _BEHIND for one in states), "stage_before_not_done", "A stage is done after those before it.", field="element")
        rule(not last or last.happened <= by.happened, "before_the_last", "A stage goes on after it last did.", field="happened")
        what = {"framework": framework.framework, "edition": framework.edition, "element": element, "state": state}
        self.record(StageMoved, by, partnership=partnership, **what, evidence=shown[0], document=shown[1])

    def state(self, framework: FrameworkAdopted, element: str) -> StageState | None:
        """How far a stage has come; None before it was begun."""
        last = self.moved.get((framework.framework, element))
        return last.state if last else None

    def next_stage(self, framework: FrameworkAdopted) -> str | None:
        """The name of the first stage that is neither done nor set aside."""
        left = (one for one in framework.elements if self.state(framework, one.code) not in _BEHIND)
        return next((one.name for one in left), None)

    def gap(self, framework: str, element: str) -> int | None:
        """How many steps apart the two sides see it; None until both have said."""
        seen = self.rated.get((framework, element), {})
        steps = [one.stage.step for one in seen.values()]
        return max(steps) - min(steps) if seen.keys() == _RATING else None

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case ReadinessRated():
                self.rated.setdefault((fact.framework, fact.element), {})[fact.side] = fact
            case StageMoved():
                self.moved[fact.framework, fact.element] = fact

    def _must_be_shown(self, shown: Shown) -> None:
        kind, document = shown
        rule(
            document is None or kind is EvidenceKind.document,
            "document_of_no_kind",
            "A digest is that of a document.",
            field="document",
        )
