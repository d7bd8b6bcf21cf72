from typing import Any
from uuid import UUID

import pytest

from contracts.sessions import (
    AttendanceRecorded,
    InvitationSent,
    MinutesAccepted,
    MinutesAgreed,
    MinutesCorrected,
    MinutesDrafted,
    SessionHeld,
    SessionPlanned,
)
from contracts.vocabulary import AttendanceStatus, Perspective, SessionKind, SessionMode, SessionStatus, Side
from services.sessions.application.telling import detail
from services.sessions.domain import Session
from services.sessions.domain.quorum import TWO_SIDED
from tests.given import AOIFE, BRID, GRAINNE, LORCAN, NOW, fact, given, refused, sealed, stamp, then

CORRECTION, STRANGER = UUID(int=52), UUID(int=53)
WHAT: dict[str, Any] = {"kind": SessionKind.trialogue, "mode": SessionMode.online}
SIDES = {
    AOIFE: Perspective.lived_experience_self,
    BRID: Perspective.lived_experience_family_carer,
    GRAINNE: Perspective.lived_experience_employed,
    LORCAN: Perspective.leadership,
}
CAME = {AOIFE: AttendanceStatus.attended, LORCAN: AttendanceStatus.attended_part, GRAINNE: AttendanceStatus.attended}
PLANNED = fact(SessionPlanned, starts=NOW, **WHAT)
HELD = (
    PLANNED,
    *(fact(InvitationSent, member=member, perspective=side) for member, side in SIDES.items()),
    fact(SessionHeld, chaired_by=(AOIFE,), chaired=(Side.lived_experience,), discussed=(), **WHAT),
    *(
        fact(AttendanceRecorded, member=member, perspective=side, status=CAME.get(member, AttendanceStatus.apologies))
        for member, side in SIDES.items()
    ),
)


def drafted(version: int = 1) -> Any:
    return fact(MinutesDrafted, minutes_version=version, text=sealed(version))


def accepted(member: UUID, version: int = 1) -> Any:
    return fact(MinutesAccepted, minutes_version=version, member=member, perspective=SIDES[member])


def agreed(*by: UUID, version: int = 1) -> Any:
    return fact(MinutesAgreed, minutes_version=version, digest=sealed().digest, agreed_by=by)


AGREED = (*HELD, drafted(), accepted(AOIFE), accepted(LORCAN), agreed(AOIFE, LORCAN))


def correct(session: Session, raised_by: UUID | None = AOIFE) -> None:
    session.correct_minutes(stamp(), correction=CORRECTION, text=sealed(4), raised_by=raised_by)


def test_minutes_are_agreed_when_somebody_of_each_side_has_accepted_the_same_version() -> None:
    session = given(Session, *HELD)
    session.draft_minutes(stamp(), text=sealed(1))
    session.accept_minutes(stamp(), version=1, member=LORCAN)
    session.draft_minutes(stamp(), text=sealed(2))
    for member in (AOIFE, AOIFE, GRAINNE):
        session.accept_minutes(stamp(), version=2, member=member)
    assert session.minutes_taken
    assert session.minutes_taken.agreed is None
    session.accept_minutes(stamp(), version=2, member=LORCAN)
    then(
        session,
        drafted(),
        accepted(LORCAN),
        drafted(2),
        *(accepted(member, 2) for member in (AOIFE, GRAINNE, LORCAN)),
        agreed(AOIFE, GRAINNE, LORCAN, version=2),
    )
    assert session.status is SessionStatus.minutes_agreed


def test_nobody_accepts_a_version_that_was_written_anew() -> None:
    session = given(Session, *HELD, drafted(), drafted(2))
    with refused("minutes_rewritten"):
        session.accept_minutes(stamp(), version=1, member=AOIFE)
    then(session)


@pytest.mark.parametrize("member", [BRID, STRANGER])
def test_minutes_are_accepted_by_those_who_were_there(member: UUID) -> None:
    session = given(Session, *HELD, drafted())
    with refused("acceptor_not_present"):
        session.accept_minutes(stamp(), version=1, member=member)
    then(session)


def test_agreed_minutes_stay_and_only_gain_corrections_that_name_them() -> None:
    session = given(Session, *AGREED)
    with refused("minutes_agreed_already"):
        session.draft_minutes(stamp(), text=sealed(2))
    correct(session)
    correct(session, None)
    corrected = {"correction": CORRECTION, "corrects": 1, "digest": sealed().digest, "text": sealed(4)}
    then(session, *(fact(MinutesCorrected, raised_by=by, **dict[str, Any](corrected)) for by in (AOIFE, None)))
    assert session.minutes_taken
    assert (session.minutes_taken.text, len(session.minutes_taken.corrections)) == (sealed(1), 2)


def test_whoever_accepts_agreed_minutes_later_agrees_them_no_second_time() -> None:
    session = given(Session, *AGREED)
    session.accept_minutes(stamp(), version=1, member=GRAINNE)
    then(session, accepted(GRAINNE))


def test_what_is_not_agreed_is_written_anew_instead_of_corrected() -> None:
    session = given(Session, *HELD)
    with refused("no_minutes"):
        correct(session)
    session = given(Session, *HELD, drafted())
    with refused("minutes_not_agreed"):
        correct(session)
    session = given(Session, *AGREED)
    with refused("not_invited"):
        correct(session, STRANGER)
    then(session)


def test_no_minutes_are_taken_of_a_session_that_was_not_held() -> None:
    session = given(Session, PLANNED)
    with refused("session_not_held"):
        session.draft_minutes(stamp(), text=sealed())
    then(session)


@pytest.mark.parametrize("past", [(*HELD, drafted()), AGREED])
def test_a_session_stays_held_when_its_minutes_are_taken(past: tuple[Any, ...]) -> None:
    session = given(Session, *past)
    session.submit_pulse(stamp(), answers=[])
    with refused("session_not_planned"):
        session.open(stamp(), chaired_by=(), present=(), quorum=TWO_SIDED)
    then(session)


def test_minutes_name_those_who_consent_to_it_and_tell_of_the_others_by_their_perspective() -> None:
    session = given(Session, *AGREED)
    correct(session, LORCAN)
    nobody, both = (
        detail(session, lambda part, field: None, read=False, minuted=named).minutes_taken  # noqa: ARG005
        for named in (set(), {AOIFE, LORCAN})
    )
    assert nobody
    assert both
    assert (nobody.accepted_by, nobody.corrections[0].raised_by) == ((), None)
    assert (both.accepted_by, both.corrections[0].raised_by) == ((AOIFE, LORCAN), LORCAN)
    assert {one.member for one in nobody.people} == {None}
    who = {(one.member, one.perspective, one.status, one.chaired, one.accepted) for one in both.people}
    assert who == {
        (AOIFE, SIDES[AOIFE], AttendanceStatus.attended, True, True),
        (LORCAN, SIDES[LORCAN], AttendanceStatus.attended_part, False, True),
        (None, SIDES[GRAINNE], AttendanceStatus.attended, False, False),
        (None, SIDES[BRID], AttendanceStatus.apologies, False, False),
    }


def test_whoever_is_not_named_with_what_they_contribute_is_not_with_a_correction() -> None:
    session = given(Session, *AGREED)
    correct(session)
    told = detail(session, lambda part, field: None, read=False, minuted={AOIFE}, unnamed={AOIFE}).minutes_taken  # noqa: ARG005
    assert told
    assert (told.corrections[0].raised_by, told.accepted_by) == (None, (AOIFE,))
