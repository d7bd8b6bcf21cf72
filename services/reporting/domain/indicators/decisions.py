"""How decisions are reached, and what comes of them (CP-06 to CP-08, CP-10, CP-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from contracts.sessions import DecisionClosed
from contracts.vocabulary import ObjectionState, Side
from services.reporting.domain.history import Action, Case, Decision
from services.reporting.domain.indicators.measuring import Measure, Scope, indicator, of, share

LOOK_BACK = timedelta(days=180)
"""How long after a decision it is asked whether it was carried out (indicator CP-11)."""
_RESOLVED = {ObjectionState.integrated, ObjectionState.withdrawn_by_objector}


def _decisions(scope: Scope) -> list[Decision]:
    return [decision for session in scope.sessions() for decision in session.decisions]


def _two_sided_agreement(scope: Scope) -> Measure:
    adopted = [decision for decision in _decisions(scope) if decision.closed.outcome.adopted_at_all]
    return share([decision for decision in adopted if carried_on_both_sides(decision.closed)], adopted)


def carried_on_both_sides(decision: DecisionClosed) -> bool:
    """More than half of the lived-experience side and more than half of the provider side were for it, abstentions out (CP-06)."""
    return all(2 * support > support + against for support, against, _ in (decision.lived_experience, decision.provider))


def _objections_resolved(scope: Scope) -> Measure:
    raised = of(Side.lived_experience, [objection for decision in _decisions(scope) for objection in decision.objections])
    return share([objection for objection in raised if objection.state in _RESOLVED], raised)


def _two_sided_quorum(scope: Scope) -> Measure:
    closed = _decisions(scope)
    known = [decision for decision in closed if decision.closed.quorate is not None]
    unknown = [decision for decision in closed if decision.closed.quorate is None]
    return share([decision for decision in known if decision.closed.quorate], known, not_known=unknown)


def _actions_on_time(scope: Scope) -> Measure:
    due = [action for action in scope.history.actions.values() if scope.period.first <= action.original_due <= scope.period.last]
    due = [action for action in due if not action.cancelled]
    day = scope.jurisdiction.day
    return share([action for action in due if action.completed and day(action.completed) <= action.original_due], due)


def _carried_out(scope: Scope) -> Measure:
    actions = _actions_by_decision(scope)
    followed = [(decision, taken_on) for decision in _ripe(scope) if (taken_on := actions[decision.closed.decision])]
    cases = [Case(facts=[*decision.facts, *(fact for action in taken_on for fact in action.facts)]) for decision, taken_on in followed]
    done = [all(scope.reached(action.completed) for action in taken_on) for _, taken_on in followed]
    return share([case for case, complete in zip(cases, done, strict=True) if complete], cases)


def _ripe(scope: Scope) -> list[Decision]:
    """Those adopted whose time to be carried out ended in the year, by the end of the period: each is asked after in one year only."""
    first, last = scope.period.year().first, scope.period.last
    return [
        decision
        for held, session in scope.history.held()
        if first <= scope.jurisdiction.day(held) + LOOK_BACK <= last
        for decision in session.decisions
        if decision.closed.outcome.adopted_at_all
    ]


def _actions_by_decision(scope: Scope) -> Mapping[UUID, list[Action]]:
    """Those agreed by the end of the period and not cancelled by then."""
    actions: defaultdict[UUID, list[Action]] = defaultdict(list)
    for action in scope.history.actions.values():
        if scope.reached(action.agreed) and not scope.reached(action.cancelled):
            actions[action.decision].append(action)
    return actions


INDICATORS = (
    indicator(
        "CP-06",
        "Two-sided agreement",
        "adopted decisions with more than half of each side for them",
        "adopted decisions",
        _two_sided_agreement,
    ),
    indicator(
        "CP-07",
        "Objections resolved",
        "of them those integrated, or withdrawn by whoever objected",
        "objections of the lived-experience side to decisions closed",
        _objections_resolved,
        notes="An objection ruled a preference is not resolved. Of a decision told in summary the objections it tells of count.",
    ),
    indicator(
        "CP-08",
        "Two-sided quorum",
        "of them those closed while the quorum held in all and on both sides, after recusals",
        "decisions closed, whatever their outcome",
        _two_sided_quorum,
        notes="Anything under 100 is a finding. Decisions of which it is not known, for there was no rule, are not_known and left out.",
    ),
    indicator(
        "CP-10",
        "Actions done on time",
        "actions completed by their original due date",
        "actions due in the period, those cancelled by decision left out",
        _actions_on_time,
    ),
    indicator(
        "CP-11",
        "Decisions implemented",
        "of them those with all actions completed by the end of the period",
        f"decisions adopted {LOOK_BACK.days} days before or earlier, so long ago for the first time in the year, with an action or more",
        _carried_out,
        notes="Cumulative within the year. Actions cancelled by decision are left out; one that was handed over is completed or not.",
    ),
)
