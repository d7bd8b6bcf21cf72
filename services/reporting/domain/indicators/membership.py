"""Who belongs, who leaves and why, and whether consents and declarations are in order (CP-01, CP-18, CP-25)."""

from __future__ import annotations

from dataclasses import replace

from contracts.vocabulary import Direction, FigureFlag, MembershipEndReason, Side
from services.reporting.domain.calendar import a_year_after
from services.reporting.domain.history import Case, Member, Standing
from services.reporting.domain.indicators.measuring import Measure, Scope, indicator, share

_STAYED_TO_THE_END = {MembershipEndReason.end_of_term, MembershipEndReason.role_completed}
_FLAGGED = {
    MembershipEndReason.access_not_met: FigureFlag.access_not_met,
    MembershipEndReason.payment_problem: FigureFlag.payment_problem,
    MembershipEndReason.not_heard: FigureFlag.not_heard,
}


def _membership(scope: Scope) -> Measure:
    members = scope.members_at_end()
    return share([member for member, side in members if side is Side.lived_experience], [member for member, _ in members])


def _membership_with_employed(scope: Scope) -> Measure:
    members = scope.members_at_end()
    lived = [member for member, side in members if side in {Side.lived_experience, Side.employed}]
    return share(lived, [member for member, _ in members])


def _withdrawal(scope: Scope) -> Measure:
    there = [member for member in scope.history.members.values() if _with_lived_experience(scope, member)]
    left = [member for member in there if _withdrew(scope, member)]
    reasons = {member.end_reason for member in left}
    return replace(share(left, there), flags=tuple(flag for reason, flag in _FLAGGED.items() if reason in reasons))


def _with_lived_experience(scope: Scope, member: Member) -> bool:
    first = max(member.joined, scope.starting(scope.period.first))
    until = min(member.ended, scope.midnight) if member.ended else scope.midnight
    return first <= until and member.joined < scope.midnight and Side.lived_experience in member.sides_between(first, until)


def _withdrew(scope: Scope, member: Member) -> bool:
    return (
        member.ended is not None
        and scope.covers(member.ended)
        and member.end_reason not in _STAYED_TO_THE_END
        and member.side_before(member.ended) is Side.lived_experience
    )


def _governance(scope: Scope) -> Measure:
    members = [member for member, _ in scope.members_at_end()]
    standings = [(member, scope.history.standings.get(member.id)) for member in members]
    current = [Case(facts=[*member.facts, *standing.facts]) for member, standing in standings if standing and _current(scope, standing)]
    return share(current, members)


def _current(scope: Scope, standing: Standing) -> bool:
    declared = standing.declared_before(scope.midnight)
    if declared is None or not standing.consents_before(scope.midnight):
        return False
    return a_year_after(scope.jurisdiction.day(declared)) >= scope.period.last


INDICATORS = (
    indicator(
        "CP-01",
        "Lived-experience share of membership",
        "members on the lived-experience side when the last day of the period ends",
        "all members then",
        _membership,
        band=(50, 67),
        person_based=True,
    ),
    indicator(
        "CP-01+employed",
        "Lived-experience share of membership, employed included",
        "members on the lived-experience side, or employed for their lived experience, when the last day of the period ends",
        "all members then",
        _membership_with_employed,
        band=(50, 67),
        person_based=True,
    ),
    indicator(
        "CP-18",
        "Withdrawal of the lived-experience side",
        "memberships on the lived-experience side that ended in the period, not at the end of a term and not with a role completed",
        "members on the lived-experience side at any time in the period",
        _withdrawal,
        direction=Direction.decrease,
        person_based=True,
        notes="Flagged when somebody left over access, over payment, or for not being heard. For one partnership it is not told by reason.",
    ),
    indicator(
        "CP-25",
        "Governance currency",
        "of them those who consent to take part and declared their interests, nil included, in the twelve months before",
        "all members when the last day of the period ends, those on leave included",
        _governance,
        person_based=True,
        notes="A snapshot; a year is its last quarter. A declaration counts through the same day a year after it was made or confirmed.",
    ),
)
