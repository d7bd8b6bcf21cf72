"""How far each side felt heard (CP-15 to CP-17)."""

from __future__ import annotations

from contracts.vocabulary import Side
from services.reporting.domain.history import Pulse
from services.reporting.domain.indicators.measuring import Measure, Scope, gap, indicator, of, share

_HEARD = 4


def _heard(scope: Scope, side: Side) -> Measure:
    answers = _answers(scope, side)
    return share([answer for answer in answers if answer.heard >= _HEARD], answers)


def _heard_gap(scope: Scope) -> Measure:
    sides = {"le": Side.lived_experience, "prov": Side.provider}
    return gap("le", "prov", {name: [(answer, answer.heard) for answer in _answers(scope, side)] for name, side in sides.items()})


def _pulse_response(scope: Scope) -> Measure:
    asked = (Side.lived_experience, Side.provider)
    answers = [answer for side in asked for answer in _answers(scope, side)]
    return share(answers, [seat for session in scope.sessions() for seat in session.attended if seat.side in asked])


def _answers(scope: Scope, side: Side) -> list[Pulse]:
    return of(side, [pulse for session in scope.sessions() for pulse in session.pulses])


INDICATORS = (
    indicator(
        "CP-15",
        "Heard, lived-experience side",
        "pulse answers of 4 or 5",
        "pulse answers of the lived-experience side",
        lambda scope: _heard(scope, Side.lived_experience),
        person_based=True,
    ),
    indicator(
        "CP-15 provider",
        "Heard, provider side",
        "pulse answers of 4 or 5",
        "pulse answers of the provider side",
        lambda scope: _heard(scope, Side.provider),
        person_based=True,
    ),
    indicator(
        "CP-16",
        "Heard gap",
        "mean pulse answer of the lived-experience side",
        "less the mean of the provider side",
        _heard_gap,
        unit="points",
        band=(-0.3, 0.3),
        person_based=True,
    ),
    indicator(
        "CP-17", "Pulse response rate", "pulse answers of both sides", "attendances of both sides", _pulse_response, person_based=True
    ),
)
