"""Whether people get what they need to take part: access, offers of payment, payment on time (CP-20 to CP-22)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.vocabulary import Side
from services.reporting.domain.history import Case, Need, Offer, Request, Session
from services.reporting.domain.indicators.measuring import Measure, Scope, indicator, of, share

PAYMENT_STANDARD = 20
"""Working days within which what was claimed is to be paid (indicator CP-22)."""


def _access_met(scope: Scope) -> Measure:
    sessions = {session.id: (session, {seat.member for seat in session.attended}) for session in scope.sessions()}
    made = [
        request
        for (session, _), request in scope.history.support.requests.items()
        if session in sessions and _was_needed(request, sessions[session][1])
    ]
    met = [request for request in made if request.met]
    unsaid = [need for session, came in sessions.values() for need in _unsaid(scope, session, came)]
    return share(met, made, confirmed=[request for request in met if request.confirmed], not_said=unsaid)


def _was_needed(request: Request, came: set[UUID]) -> bool:
    """Whoever was not there while a need went unmet is taken to have stayed away for that: otherwise failure hides itself."""
    return request.member in came or not request.met


def _unsaid(scope: Scope, session: Session, came: set[UUID]) -> list[Need]:
    """What those who came needed by then, and of which nobody said whether it was met."""
    support = scope.history.support
    return [
        need
        for need in support.needs.values()
        if need.member in came and _needed(need, session.held) and (session.id, need.id) not in support.requests
    ]


def _needed(need: Need, held: datetime | None) -> bool:
    return held is not None and need.since <= held and (need.ended is None or held < need.ended)


def _payment_offered(scope: Scope) -> Measure:
    seats = [(session, seat) for session in scope.sessions() for seat in of(Side.lived_experience, session.attended)]
    offered = [
        Case(facts=[*seat.facts, *offers[0].facts]) for session, seat in seats if (offers := _offers_before(scope, session, seat.member))
    ]
    return share(offered, [seat for _, seat in seats])


def _offers_before(scope: Scope, session: Session, member: UUID) -> list[Offer]:
    begins = session.starts or session.held
    offers = scope.history.support.offers.get((session.id, member), ())
    return [offer for offer in offers if begins and offer.when < begins]


def _paid_on_time(scope: Scope) -> Measure:
    day = scope.jurisdiction.day
    claims = [
        (claim, scope.jurisdiction.working_day(day(claim.claimed), PAYMENT_STANDARD)) for claim in scope.history.support.claims.values()
    ]
    due = [
        (claim, by)
        for claim, by in claims
        if scope.period.first <= by <= scope.period.last and not (claim.rejected and day(claim.rejected) <= by)
    ]
    return share([claim for claim, by in due if claim.paid and day(claim.paid) <= by], [claim for claim, _ in due])


INDICATORS = (
    indicator(
        "CP-20",
        "Access needs met",
        "of them those met",
        "access needs at sessions held, of those who came, and unmet ones of those who did not",
        _access_met,
        person_based=True,
        notes="One need at one session is one case, by what was said of it last. Who was not there while a need of theirs went unmet is "
        "taken to have stayed away for it. confirmed: by the person. not_said: needs of those who came of which nobody said anything.",
    ),
    indicator(
        "CP-21",
        "Payment offered",
        "of them those with an offer for the session, made before it began, whatever the answer",
        "attendances of the lived-experience side, all of whom are entitled",
        _payment_offered,
        person_based=True,
        notes="Whoever is employed for their lived experience is paid by the employer, and in neither number. An offer is of any kind.",
    ),
    indicator(
        "CP-22",
        "Payment on time",
        f"of them those paid within {PAYMENT_STANDARD} working days of the claim",
        f"claims whose {PAYMENT_STANDARD} working days ended in the period, those rejected by then left out",
        _paid_on_time,
        person_based=True,
        notes="The day of the claim does not count. An offer that was declined, or never claimed, falls due never.",
    ),
)
