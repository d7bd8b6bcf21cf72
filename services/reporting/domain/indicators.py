"""The indicators (domain: indicator catalogue): each a definition and one function from what happened to its components.

Common rules: held sessions only; half-up rounding; an empty denominator is "not applicable", never 0; a definition that
changes gets a new version. Over places and periods components add up, ratios do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import TypeVar

from contracts.reporting import Figure, IndicatorDefinition
from contracts.sessions import DecisionClosed
from contracts.vocabulary import AgendaItemOrigin, CellStatus, Direction, Side
from services.reporting.domain.calendar import Jurisdiction, Period
from services.reporting.domain.history import AgendaItem, Case, Contribution, Feedback, History, Member, Pulse, Seat, Session

ANSWER_STANDARD = 10
"""Working days within which feedback is to be answered (indicator CP-12)."""
_LOW_BASE = 5
_HEARD = 4
_BINS = ((2, "days_0_2"), (5, "days_3_5"), (10, "days_6_10"), (20, "days_11_20"))


Cases = Sequence[Case]


@dataclass(frozen=True)
class Measure:
    """What one definition found in one period. `cases` are those behind each number (`n`, `d`, or a component) that is a count."""

    n: int | None = None
    d: int | None = None
    value: Decimal | None = None
    components: dict[str, float] = field(default_factory=dict)
    cases: Mapping[str, Cases] = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """The facts behind one number of one figure: those that made its cases, one each, and those the cases further rest on."""

    code: str
    period: str
    number: str
    sums: str
    facts: tuple[int, ...]
    rests_on: tuple[int, ...]


@dataclass(frozen=True)
class Scope:
    """One partnership's history seen through one period."""

    history: History
    period: Period
    jurisdiction: Jurisdiction

    def sessions(self) -> list[Session]:
        """The sessions held in the period."""
        return [session for held, session in self.history.held() if self._in(held)]

    def feedback(self) -> list[Feedback]:
        """The feedback received in the period."""
        return [item for item in self.history.feedback.values() if self._in(item.received)]

    def members_at_end(self) -> list[tuple[Member, Side]]:
        """Who were members when the last day of the period ended, and on which side."""
        midnight = datetime.combine(self.period.last + timedelta(days=1), time(), self.jurisdiction.zone)
        return [
            (member, member.side_before(midnight))
            for member in self.history.members.values()
            if member.joined < midnight and not (member.ended and member.ended < midnight)
        ]

    def days_to_answer(self, item: Feedback) -> int | None:
        """Working days from receipt to the first answer of substance; None while there is none."""
        if item.responded is None:
            return None
        return self.jurisdiction.working_days(self.jurisdiction.day(item.received), self.jurisdiction.day(item.responded))

    def _in(self, moment: datetime) -> bool:
        return self.period.first <= self.jurisdiction.day(moment) <= self.period.last


@dataclass(frozen=True)
class Indicator:
    """A definition, and how it is measured."""

    definition: IndicatorDefinition
    measure: Callable[[Scope], Measure]

    def figure(self, scope: Scope) -> Figure:
        """The figure of one period."""
        found, definition = self.measure(scope), self.definition
        value = rounded(found.value, definition.unit)
        return Figure(
            code=definition.code,
            version=definition.version,
            period=scope.period.code,
            n=found.n,
            d=found.d,
            value=value,
            unit=definition.unit,
            direction=definition.direction,
            band=definition.band,
            components=found.components,
            status=CellStatus.not_applicable if value is None else CellStatus.zero if value == 0 else CellStatus.value,
            low_base=not definition.person_based and found.d is not None and 0 < found.d < _LOW_BASE,
        )


def rounded(value: Decimal | None, unit: str) -> float | None:
    if value is None:
        return None
    step = Decimal("0.01") if unit in {"ratio", "points"} else Decimal("0.1")
    return float(value.quantize(step, ROUND_HALF_UP))


def _share(n: Cases, d: Cases) -> Measure:
    part, whole = _count(n), _count(d)
    return Measure(part, whole, Decimal(100 * part) / whole if whole else None, cases={"n": n, "d": d})


def _counts(**cases: Cases) -> dict[str, float]:
    return {name: _count(counted) for name, counted in cases.items()}


def _count(cases: Cases) -> int:
    return sum(case.weight for case in cases)


def _membership(scope: Scope) -> Measure:
    members = scope.members_at_end()
    return _share([member for member, side in members if side is Side.lived_experience], [member for member, _ in members])


def _membership_with_employed(scope: Scope) -> Measure:
    members = scope.members_at_end()
    lived = [member for member, side in members if side in {Side.lived_experience, Side.employed}]
    return _share(lived, [member for member, _ in members])


def _attendance(scope: Scope) -> Measure:
    seats = [seat for session in scope.sessions() for seat in session.attended]
    return _share(_of(Side.lived_experience, seats), seats)


def _attendance_parity(scope: Scope) -> Measure:
    came = [seat for session in scope.sessions() for seat in session.attended]
    asked = [seat for session in scope.sessions() for seat in session.invited]
    le, prov = Side.lived_experience, Side.provider
    cases: dict[str, Cases] = {
        "le_attended": _of(le, came),
        "le_invited": _of(le, asked),
        "prov_attended": _of(prov, came),
        "prov_invited": _of(prov, asked),
    }
    counts = _counts(**cases)
    below = counts["le_invited"] * counts["prov_attended"]
    value = Decimal(counts["le_attended"] * counts["prov_invited"]) / Decimal(below) if below else None
    return Measure(value=value, components=counts, cases=cases)


def _agenda(scope: Scope) -> Measure:
    items = [session.agenda[item] for session in scope.sessions() for item in session.discussed if item in session.agenda]
    raised = [item for item in items if item.origin is not AgendaItemOrigin.standing]
    return _share(_of(Side.lived_experience, raised), raised)


def _contributions(scope: Scope) -> Measure:
    made = [contribution for session in scope.sessions() for contribution in session.contributions]
    return _share(_of(Side.lived_experience, made), made)


def _two_sided_agreement(scope: Scope) -> Measure:
    adopted = [decision for session in scope.sessions() for decision in session.decisions if decision.closed.outcome.adopted_at_all]
    return _share([decision for decision in adopted if carried_on_both_sides(decision.closed)], adopted)


def carried_on_both_sides(decision: DecisionClosed) -> bool:
    """More than half of the lived-experience side and more than half of the provider side were for it, abstentions out (CP-06)."""
    return all(2 * support > support + against for support, against, _ in (decision.lived_experience, decision.provider))


def _co_chair(scope: Scope) -> Measure:
    held = scope.sessions()
    return _share([session for session in held if Side.lived_experience in session.chaired], held)


def _actions_on_time(scope: Scope) -> Measure:
    due = [action for action in scope.history.actions.values() if scope.period.first <= action.original_due <= scope.period.last]
    due = [action for action in due if not action.cancelled]
    day = scope.jurisdiction.day
    return _share([action for action in due if action.completed and day(action.completed) <= action.original_due], due)


def _answered_in_standard(scope: Scope) -> Measure:
    items = scope.feedback()
    waits = [(item, scope.days_to_answer(item)) for item in items]
    return _share([item for item, wait in waits if wait is not None and wait <= ANSWER_STANDARD], items)


def _response_time(scope: Scope) -> Measure:
    bins: dict[str, list[Feedback]] = {name: [] for name in (*(name for _, name in _BINS), "days_over_20", "open")}
    waits: list[int] = []
    for item in scope.feedback():
        wait = scope.days_to_answer(item)
        if wait is None:
            bins["open"].append(item)
        else:
            waits.append(wait)
            bins[next((name for limit, name in _BINS if wait <= limit), "days_over_20")].append(item)
    answered = [item for name, items in bins.items() if name != "open" for item in items]
    return Measure(
        n=len(answered),
        value=Decimal(str(median(waits))) if waits else None,
        components=_counts(**bins),
        cases={"n": answered, **bins},
    )


def _heard(scope: Scope, side: Side) -> Measure:
    answers = _answers(scope, side)
    return _share([answer for answer in answers if answer.heard >= _HEARD], answers)


def _heard_gap(scope: Scope) -> Measure:
    le, prov = _answers(scope, Side.lived_experience), _answers(scope, Side.provider)
    sums = [sum(answer.heard for answer in answers) for answers in (le, prov)]
    parts = {"le_sum": sums[0], "le_n": len(le), "prov_sum": sums[1], "prov_n": len(prov)}
    gap = Decimal(sums[0]) / len(le) - Decimal(sums[1]) / len(prov) if le and prov else None
    return Measure(value=gap, components=dict(parts), cases={"le_n": le, "prov_n": prov})


def _pulse_response(scope: Scope) -> Measure:
    asked = (Side.lived_experience, Side.provider)
    answers = [answer for side in asked for answer in _answers(scope, side)]
    return _share(answers, [seat for session in scope.sessions() for seat in session.attended if seat.side in asked])


def _answers(scope: Scope, side: Side) -> list[Pulse]:
    return _of(side, [pulse for session in scope.sessions() for pulse in session.pulses])


TSided = TypeVar("TSided", Seat, Pulse, Contribution, AgendaItem)


def _of(side: Side, cases: Iterable[TSided]) -> list[TSided]:
    return [case for case in cases if case.side is side]


def _indicator(
    code: str,
    name: str,
    numerator: str,
    denominator: str,
    measure: Callable[[Scope], Measure],
    *,
    unit: str = "%",
    direction: Direction = Direction.increase,
    band: tuple[float, float] | None = None,
    person_based: bool = False,
) -> Indicator:
    definition = IndicatorDefinition(
        code=code,
        version=1,
        name=name,
        numerator=numerator,
        denominator=denominator,
        unit=unit,
        direction=Direction.target_band if band else direction,
        band=band,
        person_based=person_based,
    )
    return Indicator(definition, measure)


INDICATORS: tuple[Indicator, ...] = (
    _indicator(
        "CP-01",
        "Lived-experience share of membership",
        "members on the lived-experience side when the last day of the period ends",
        "all members then",
        _membership,
        band=(50, 67),
        person_based=True,
    ),
    _indicator(
        "CP-01+employed",
        "Lived-experience share of membership, employed included",
        "members on the lived-experience side, or employed for their lived experience, when the last day of the period ends",
        "all members then",
        _membership_with_employed,
        band=(50, 67),
        person_based=True,
    ),
    _indicator(
        "CP-02",
        "Lived-experience share of attendance",
        "attendances of the lived-experience side",
        "all attendances",
        _attendance,
        person_based=True,
    ),
    _indicator(
        "CP-03",
        "Attendance parity",
        "attended of invited, lived-experience side",
        "attended of invited, provider side",
        _attendance_parity,
        unit="ratio",
        band=(0.9, 1.1),
        person_based=True,
    ),
    _indicator(
        "CP-04",
        "Lived-experience share of the agenda",
        "items discussed that the lived-experience side raised",
        "items discussed, standing items left out",
        _agenda,
        band=(40, 60),
    ),
    _indicator(
        "CP-05",
        "Lived-experience share of contributions",
        "contributions of the lived-experience side",
        "all contributions",
        _contributions,
        band=(40, 60),
    ),
    _indicator(
        "CP-06",
        "Two-sided agreement",
        "adopted decisions with more than half of each side for them",
        "adopted decisions",
        _two_sided_agreement,
    ),
    _indicator("CP-09", "Co-chair parity", "sessions chaired or co-chaired by the lived-experience side", "sessions held", _co_chair),
    _indicator(
        "CP-10",
        "Actions done on time",
        "actions completed by their original due date",
        "actions due in the period, those cancelled by decision left out",
        _actions_on_time,
    ),
    _indicator(
        "CP-12",
        "Feedback answered in standard",
        f"items answered with substance within {ANSWER_STANDARD} working days",
        "items received",
        _answered_in_standard,
    ),
    _indicator(
        "CP-13",
        "Response time",
        "median working days to the first answer of substance",
        "items received and answered",
        _response_time,
        unit="working days",
        direction=Direction.decrease,
    ),
    _indicator(
        "CP-15",
        "Heard, lived-experience side",
        "pulse answers of 4 or 5",
        "pulse answers of the lived-experience side",
        lambda scope: _heard(scope, Side.lived_experience),
        person_based=True,
    ),
    _indicator(
        "CP-15 provider",
        "Heard, provider side",
        "pulse answers of 4 or 5",
        "pulse answers of the provider side",
        lambda scope: _heard(scope, Side.provider),
        person_based=True,
    ),
    _indicator(
        "CP-16",
        "Heard gap",
        "mean pulse answer of the lived-experience side",
        "less the mean of the provider side",
        _heard_gap,
        unit="points",
        band=(-0.3, 0.3),
        person_based=True,
    ),
    _indicator(
        "CP-17", "Pulse response rate", "pulse answers of both sides", "attendances of both sides", _pulse_response, person_based=True
    ),
)


def figures(history: History, periods: Iterable[Period], jurisdiction: Jurisdiction) -> list[Figure]:
    """Every indicator for every period."""
    scopes = [Scope(history, period, jurisdiction) for period in periods]
    return [indicator.figure(scope) for indicator in INDICATORS for scope in scopes]


def traces(history: History, period: Period, jurisdiction: Jurisdiction) -> Iterator[Trace]:
    """The facts behind every number of the figures of a period that is a count, by their numbers in the history."""
    scope = Scope(history, period, jurisdiction)
    for indicator in INDICATORS:
        for number, cases in indicator.measure(scope).cases.items():
            yield Trace(
                indicator.definition.code,
                period.code,
                number,
                sums=next((case.sums for case in cases), Case.sums),
                facts=tuple(sorted(case.facts[0] for case in cases)),
                rests_on=tuple(sorted(fact for case in cases for fact in case.facts[1:])),
            )
