"""How a service comes to co-production: frameworks, how ready each side sees it, the stages of its guide, and what to do next."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from contracts.partnerships import (
    AdoptFramework,
    ElementProgress,
    FrameworkAdopted,
    FrameworkDetail,
    FrameworkList,
    FrameworkSummary,
    GetFramework,
    GetNextSteps,
    GetReadiness,
    ListFrameworks,
    MoveStage,
    NextStep,
    NextSteps,
    RateReadiness,
    ReadinessDetail,
    SideSees,
)
from contracts.vocabulary import AccessStage, ConsentPurpose, FrameworkKind
from services.partnerships.application.easing import Easing
from services.partnerships.application.hall import REGION
from services.partnerships.application.paying import Paying
from services.partnerships.application.placing import Placing
from services.partnerships.domain import AccessNeeds, Frameworks, Partnership, Readiness
from services.partnerships.domain.next_steps import Situation, next_steps
from services.partnerships.domain.roll import HERE
from services.partnerships.views import LooseEnds
from shared.application import Work, use_case

_FRAMEWORKS = uuid5(REGION, "frameworks")
_APART = 2


class Guiding(Placing, Easing, Paying):
    """The verbs of the guide. Frameworks are one stream, and how far a partnership has come is a stream of its own."""

    _loose_ends: LooseEnds

    @use_case
    def adopt_framework(self, *, command: AdoptFramework, work: Work) -> Frameworks:
        """Adopt an edition of a framework."""
        frameworks = self._frameworks(work)
        frameworks.adopt(work.stamp, wanted=command)
        return frameworks

    @use_case
    def rate_readiness(self, *, command: RateReadiness, work: Work) -> Readiness:
        """Say how far the service has come, as one side sees it."""
        readiness, framework = self._guided(command.partnership, command.framework, work)
        readiness.rate(
            work.stamp,
            partnership=command.partnership,
            framework=framework,
            element=command.element,
            side=command.side,
            stage=command.stage,
            shown=(command.evidence, command.document),
        )
        return readiness

    @use_case
    def move_stage(self, *, command: MoveStage, work: Work) -> Readiness:
        """Say how far the partnership has come with a stage."""
        readiness, framework = self._guided(command.partnership, command.framework, work)
        readiness.move(
            work.stamp,
            partnership=command.partnership,
            framework=framework,
            element=command.element,
            state=command.state,
            shown=(command.evidence, command.document),
        )
        return readiness

    def list_frameworks(self, *, query: ListFrameworks) -> FrameworkList:
        """The frameworks valid on a day."""
        frameworks = self._frameworks()
        return FrameworkList(
            editions=frameworks.version,
            items=tuple(
                FrameworkSummary(
                    framework=one.framework,
                    edition=one.edition,
                    kind=one.kind,
                    name=one.name,
                    source=one.source,
                    valid_from=one.valid_from,
                )
                for one in frameworks.all_valid(query.on or self.today())
            ),
        )

    def get_framework(self, *, query: GetFramework) -> FrameworkDetail:
        """One framework as it is valid on a day."""
        found = self._frameworks().valid(query.framework, query.on or self.today())
        said: dict[str, Any] = {name: getattr(found, name) for name in FrameworkDetail.model_fields}
        return FrameworkDetail(**said)

    def get_readiness(self, *, query: GetReadiness) -> ReadinessDetail:
        """How far a partnership has come, by the frameworks valid today."""
        self._partnership(query)
        readiness = self._readiness(query.partnership)
        valid = self._frameworks().all_valid(self.today())
        return ReadinessDetail(
            partnership=query.partnership,
            version=readiness.version,
            elements=tuple(
                _progress(readiness, framework, element.code, element.name)
                for framework in valid
                if framework.kind is not FrameworkKind.principles
                for element in framework.elements
            ),
        )

    def get_next_steps(self, *, query: GetNextSteps) -> NextSteps:
        """What to do next, from all that is known here of a partnership."""
        partnership = self._partnership(query)
        due = list(next_steps(self._situation(partnership)))
        return NextSteps(
            partnership=partnership.id,
            status=partnership.status,
            steps=tuple(
                NextStep(
                    code=step.code,
                    why=step.why,
                    how=step.how,
                    at=step.at.replace("{partnership}", str(partnership.id)),
                    rule=step.rule,
                    source=step.source,
                    things=things,
                )
                for step, things in due[: query.limit]
            ),
            more=max(0, len(due) - query.limit),
        )

    def _situation(self, partnership: Partnership) -> Situation:
        now = self.clock()
        here = [member.id for member in partnership.members.values() if member.status() in HERE]
        taking_part = {member: self._participation(member) for member in here}
        needs = {member: self._needs(member) for member in here}
        readiness, frameworks = self._readiness(partnership.id), self._frameworks().all_valid(self.today())
        rated = [one for one in frameworks if one.kind is FrameworkKind.readiness]
        gaps = [readiness.gap(one.framework, element.code) for one in rated for element in one.elements]
        return Situation(
            partnership,
            now,
            loose_ends=self._loose_ends.of(partnership.id),
            place_ended=self.has_ended(partnership.org_unit),
            without_consent=tuple(one for one, what in taking_part.items() if not what.consents_to(ConsentPurpose.participation, now)),
            without_declaration=tuple(one for one, what in taking_part.items() if what.declared is None),
            declarations_due=tuple(one for one, what in taking_part.items() if (due := self.renewal_due(what)) and due < now),
            needs_not_met=tuple(one for one, what in needs.items() if _not_met(what)),
            rate_card=self._rate_card(partnership.id).edition > 0,
            to_rate=None in gaps,
            seen_apart=any(gap is not None and gap >= _APART for gap in gaps),
            stage_left=any(readiness.next_stage(one) is not None for one in frameworks if one.kind is FrameworkKind.stages),
        )

    def _guided(self, partnership: UUID, framework: str, work: Work) -> tuple[Readiness, FrameworkAdopted]:
        self.find(Partnership, partnership, field="partnership").must_be_open()
        on = work.stamp.happened.astimezone(self.zone).date()
        return self._readiness(partnership, work), self._frameworks().valid(framework, on)

    def _frameworks(self, work: Work | None = None) -> Frameworks:
        return self.as_it_stands(Frameworks, _FRAMEWORKS, work=work)

    def _readiness(self, partnership: UUID, work: Work | None = None) -> Readiness:
        return self.as_it_stands(Readiness, uuid5(partnership, "readiness"), work=work)


def _progress(readiness: Readiness, framework: FrameworkAdopted, element: str, name: str) -> ElementProgress:
    rated = readiness.rated.get((framework.framework, element), {})
    moved = readiness.moved.get((framework.framework, element))
    return ElementProgress(
        framework=framework.framework,
        element=element,
        name=name,
        kind=framework.kind,
        sides=tuple(
            SideSees(side=side, stage=one.stage, since=one.happened, evidence=one.evidence, document=one.document)
            for side, one in sorted(rated.items())
        ),
        gap=readiness.gap(framework.framework, element),
        state=moved.state if moved else None,
        since=moved.happened if moved else None,
        evidence=moved.evidence if moved else None,
        document=moved.document if moved else None,
    )


def _not_met(needs: AccessNeeds) -> bool:
    return any(not one.ended and (not one.flagged or one.stage is AccessStage.not_met) for one in needs.needs.values())
