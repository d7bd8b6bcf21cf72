"""Who comes, whose topics and voices a session has, and who chairs (CP-02 to CP-05, CP-09)."""

from __future__ import annotations

from decimal import Decimal

from contracts.vocabulary import AgendaItemOrigin, Side
from services.reporting.domain.indicators.measuring import Cases, Measure, Scope, counts, indicator, of, share


def _attendance(scope: Scope) -> Measure:
    seats = [seat for session in scope.sessions() for seat in session.attended]
    return share(of(Side.lived_experience, seats), seats)


def _attendance_parity(scope: Scope) -> Measure:
    came = [seat for session in scope.sessions() for seat in session.attended]
    asked = [seat for session in scope.sessions() for seat in session.invited]
    le, prov = Side.lived_experience, Side.provider
    cases: dict[str, Cases] = {
        "le_attended": of(le, came),
        "le_invited": of(le, asked),
        "prov_attended": of(prov, came),
        "prov_invited": of(prov, asked),
    }
    parts = counts(**cases)
    below = parts["le_invited"] * parts["prov_attended"]
    value = Decimal(parts["le_attended"] * parts["prov_invited"]) / Decimal(below) if below else None
    return Measure(value=value, components=parts, cases=cases)


def _agenda(scope: Scope) -> Measure:
    items = [session.agenda[item] for session in scope.sessions() for item in session.discussed if item in session.agenda]
    raised = [item for item in items if item.origin is not AgendaItemOrigin.standing]
    return share(of(Side.lived_experience, raised), raised)


def _contributions(scope: Scope) -> Measure:
    made = [contribution for session in scope.sessions() for contribution in session.contributions]
    return share(of(Side.lived_experience, made), made)


def _co_chair(scope: Scope) -> Measure:
    held = scope.sessions()
    return share([session for session in held if Side.lived_experience in session.chaired], held)


INDICATORS = (
    indicator(
        "CP-02",
        "Lived-experience share of attendance",
        "attendances of the lived-experience side",
        "all attendances",
        _attendance,
        person_based=True,
    ),
    indicator(
        "CP-03",
        "Attendance parity",
        "attended of invited, lived-experience side",
        "attended of invited, provider side",
        _attendance_parity,
        unit="ratio",
        band=(0.9, 1.1),
        person_based=True,
    ),
    indicator(
        "CP-04",
        "Lived-experience share of the agenda",
        "items discussed that the lived-experience side raised",
        "items discussed, standing items left out",
        _agenda,
        band=(40, 60),
    ),
    indicator(
        "CP-05",
        "Lived-experience share of contributions",
        "contributions of the lived-experience side",
        "all contributions",
        _contributions,
        band=(40, 60),
    ),
    indicator("CP-09", "Co-chair parity", "sessions chaired or co-chaired by the lived-experience side", "sessions held", _co_chair),
)
