"""The first year of the Abhainn Recovery Partnership (scenario 8.A) as facts: every indicator of every period as worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.feedback import ChangeDeclined, ChangeMade, ChangePlanned, FeedbackEscalated, OutcomeTold
from contracts.model import Fact
from contracts.partnerships import (
    AccessNeedMet,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    ConsentGranted,
    DegreeAgreed,
    DegreeRated,
    ExpenseClaimed,
    InterestDeclared,
    MemberJoined,
    MembershipEnded,
    PaymentMade,
    PaymentOffered,
    WorkItemOpened,
)
from contracts.reporting import Figure
from contracts.sessions import (
    ActionAgreed,
    ActionCompleted,
    AgendaItemRaised,
    AttendanceRecorded,
    ContributionRecorded,
    DecisionClosed,
    InvitationSent,
    PulseSubmitted,
    SessionHeld,
    SessionPlanned,
)
from contracts.vocabulary import (
    AccessNeedCategory,
    AccessReview,
    AgendaItemOrigin,
    AttendanceStatus,
    CommissioningStage,
    ConsentFormat,
    ConsentPurpose,
    ContributionKind,
    DecisionMethod,
    DecisionOutcome,
    Degree,
    FeedbackOutcome,
    FigureFlag,
    InterestType,
    LegalBasis,
    MembershipEndReason,
    ObjectionState,
    OwnerSide,
    ParticipantRole,
    PaymentKind,
    Perspective,
    SessionKind,
    SessionMode,
    Side,
)
from deploy.cli.data import DEMO
from services.reporting.domain.disclosure import disclosed
from services.reporting.domain.history import History
from services.reporting.domain.indicators import figures
from tests.given import fact, sealed
from tests.pure.test_indicators import IRELAND, YEAR, feedback

TOLD = json.loads(DEMO.read_text())
EXPECTED = TOLD["expected"]
PERSPECTIVES = {
    "LE": Perspective.lived_experience_self,
    "LE_EMP": Perspective.lived_experience_employed,
    "PROV": Perspective.professional,
}
SIDES = (Side.lived_experience, Side.employed, Side.provider)
OWNERS = {"LE": OwnerSide.lived_experience, "PROV": OwnerSide.provider, "JOINT": OwnerSide.joint}
CHAIRS = {"provider": SIDES[2:], "lived_experience": SIDES[:1], "joint": (SIDES[0], SIDES[2])}
PARITY = ("le_attended", "le_invited", "prov_attended", "prov_invited")
KNOWN = ("n", "d", "value", "unit", "components")
LATE = {"2025Q1": 2, "2025Q2": 1}
"""Claims paid too late, by the quarter in which their twenty working days ended."""


def at(day: str, hour: int = 14) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


class Told:
    """The year as it stands in the file, person by person."""

    def __init__(self) -> None:
        self.members = {one["id"]: uuid4() for one in TOLD["members"]}
        self.decisions = {one["id"]: uuid4() for one in TOLD["decisions"]}

    def facts(self) -> Iterator[Fact]:
        for one in TOLD["members"]:
            yield from self._member(one)
        for one in TOLD["sessions"]:
            yield from self._session(one)
        for one in TOLD["actions"]:
            yield from self._action(one)
        for one in TOLD["feedback"]:
            yield from self._feedback(one)
        for period in ("2025Q1", "2025Q2", "2025Q3", "2025Q4"):
            yield from self._claims(period)
        for one in TOLD["workItems"].values():
            yield from self._work_item(one)

    def _member(self, one: dict[str, Any]) -> Iterator[Fact]:
        member, joined = self.members[one["id"]], at(one["joined"])
        perspective = PERSPECTIVES[one["perspective"]]
        role = ParticipantRole(one["role"])
        yield fact(MemberJoined, happened=joined, member=member, member_role=role, perspective=perspective, name=sealed())
        consent: dict[str, Any] = {"purpose": ConsentPurpose.participation, "text": "v1", "explained": ConsentFormat.spoken}
        yield fact(ConsentGranted, happened=joined, member=member, **consent)
        if one["id"] != "M15":
            nil: dict[str, Any] = {"declaration": uuid4(), "interest": InterestType.nil, "words": None, "arose": None, "late": False}
            yield fact(InterestDeclared, happened=joined, member=member, **nil)
        if one["ended"]:
            yield fact(MembershipEnded, happened=at(one["ended"]), member=member, end_reason=MembershipEndReason(one["reason"]))

    def _active(self, day: str, side: str) -> list[UUID]:
        here = [one for one in TOLD["members"] if one["perspective"] == side and one["joined"] <= day and (one["ended"] or "9") > day]
        return [self.members[one["id"]] for one in here]

    def _session(self, one: dict[str, Any]) -> Iterator[Fact]:
        stream, begins = uuid4(), at(one["date"])
        who = [self._active(one["date"], side)[:count] for side, count in zip(PERSPECTIVES, one["invited"], strict=True)]
        came = [members[:count] for members, count in zip(who, one["attended"], strict=True)]

        def said(kind: type[Fact], /, **what: Any) -> Fact:
            return fact(kind, stream=stream, happened=begins, **what)

        how = {"kind": SessionKind(one["kind"]), "mode": SessionMode.in_person}
        yield said(SessionPlanned, **how, starts=begins)
        for perspective, members in zip(PERSPECTIVES.values(), who, strict=True):
            yield from (said(InvitationSent, member=member, perspective=perspective) for member in members)
        items = [(uuid4(), side) for side, count in zip(PERSPECTIVES.values(), one["agendaRaisedBy"], strict=True) for _ in range(count)]
        for item, side in items:
            raised = {"origin": AgendaItemOrigin.raised_by_member, "raised_by": uuid4(), "perspective": side}
            yield said(AgendaItemRaised, item=item, title=sealed(), **raised)
        discussed = tuple(item for item, _ in items)
        yield said(SessionHeld, **how, chaired_by=(), chaired=CHAIRS[one["chair"]], discussed=discussed)
        for perspective, members in zip(PERSPECTIVES.values(), came, strict=True):
            for member in members:
                yield said(AttendanceRecorded, member=member, perspective=perspective, status=AttendanceStatus.attended)
        for whose, count in zip(SIDES, one["contributions"], strict=True):
            yield said(ContributionRecorded, side=whose, kind=ContributionKind.spoken, count=count)
        for speaking, answers in ((Side.lived_experience, one["heardLE"]), (Side.provider, one["heardPROV"])):
            yield from (said(PulseSubmitted, side=speaking, heard=heard) for heard in answers)
        yield from (self._decision(stream, begins, decided) for decided in TOLD["decisions"] if decided["session"] == one["id"])
        yield from self._support(one, stream, begins, who[0], came[0])

    def _decision(self, stream: UUID, happened: datetime, one: dict[str, Any]) -> Fact:
        return fact(
            DecisionClosed,
            stream=stream,
            happened=happened,
            decision=self.decisions[one["id"]],
            title=sealed(),
            method=DecisionMethod(one["method"]),
            outcome=DecisionOutcome(one["outcome"]),
            lived_experience=tuple(one["LE"]),
            provider=tuple(one["PROV"]),
            employed=tuple(one["EMP"]),
            other=(0, 0, 0),
            objections=((Side.lived_experience, ObjectionState.integrated),) * one["leObjections"],
            quorate=True,
        )

    def _support(self, one: dict[str, Any], session: UUID, begins: datetime, asked: list[UUID], came: list[UUID]) -> Iterator[Fact]:
        """What they needed and were offered: an unmet need keeps somebody away who was asked, once (S03)."""
        wanted, met = one["accessRequestedMet"]
        without = next(member for member in asked if member not in came) if one["id"] == "S03" else came[-1]
        whose = [came[place % len(came)] for place in range(met)] + [without] * (wanted - met)
        for place, member in enumerate(whose):
            need: dict[str, Any] = {"member": member, "need": uuid4()}
            yield fact(AccessNeedRecorded, happened=begins, category=AccessNeedCategory.transport, wanted=None, words=None, **need)
            kind = AccessNeedMet if place < met else AccessNeedNotMet
            yield fact(kind, happened=begins, session=session, confirmed=True, **need)
            after = begins + timedelta(hours=1)
            yield fact(AccessNeedReviewed, happened=after, outcome=AccessReview.no_longer_needed, **need)
        for member in came[: one["paymentOffers"]]:
            money: dict[str, Any] = {"amount": Decimal(75), "currency": "EUR", "rate_card": 1, "kind": PaymentKind.involvement_payment}
            before = begins - timedelta(days=7)
            yield fact(PaymentOffered, stream=uuid4(), happened=before, member=member, session=session, **money)

    def _action(self, one: dict[str, Any]) -> Iterator[Fact]:
        action = uuid4()
        [session] = [decision["session"] for decision in TOLD["decisions"] if decision["id"] == one["decision"]]
        [agreed] = [held["date"] for held in TOLD["sessions"] if held["id"] == session]
        what: dict[str, Any] = {"decision": self.decisions[one["decision"]], "title": sealed(), "owner_side": OWNERS[one["owner"]]}
        due = date.fromisoformat(one["originalDue"])
        yield fact(ActionAgreed, happened=at(agreed), action=action, original_due=due, **what)
        if one["completed"]:
            yield fact(ActionCompleted, happened=at(one["completed"]), action=action)

    def _feedback(self, one: dict[str, Any]) -> Iterator[Fact]:
        said, *answers = feedback(date.fromisoformat(one["received"]), date.fromisoformat(one["responded"]))
        yield from (said, *answers)
        match one["outcome"]:
            case "escalated_to_complaint":
                yield fact(FeedbackEscalated, happened=at(one["responded"]), stream=said.stream)
            case "change_planned":
                yield fact(ChangePlanned, happened=at(one["responded"]), stream=said.stream)
            case "change_made":
                yield fact(ChangeMade, happened=at(one["responded"]), stream=said.stream)
                yield fact(OutcomeTold, happened=at(one["responded"]), stream=said.stream)
            case "cannot_change" | "no_change_needed" as outcome:
                yield fact(ChangeDeclined, happened=at(one["responded"]), stream=said.stream, outcome=FeedbackOutcome(outcome))
                yield fact(OutcomeTold, happened=at(one["responded"]), stream=said.stream)

    def _claims(self, period: str) -> Iterator[Fact]:
        first = {"2025Q1": "2025-02-03", "2025Q2": "2025-03-20", "2025Q3": "2025-08-01", "2025Q4": "2025-09-25"}[period]
        for place in range(EXPECTED["CP-22"][period]["d"]):
            claim: dict[str, Any] = {"stream": uuid4(), "member": self.members["M01"]}
            money: dict[str, Any] = {"amount": Decimal("12.50"), "currency": "EUR"}
            yield fact(ExpenseClaimed, happened=at(first), kind=PaymentKind.travel, **claim, **money)
            paid = at(first) + timedelta(days=60 if place < LATE.get(period, 0) else 14)
            yield fact(PaymentMade, happened=paid, **claim, **money)

    def _work_item(self, one: dict[str, Any]) -> Iterator[Fact]:
        stream, december = uuid4(), at("2025-12-10")
        rungs = list(Degree)
        how: dict[str, Any] = {"stage": CommissioningStage.co_design, "legal_basis": LegalBasis.none}
        yield fact(WorkItemOpened, stream=stream, happened=at("2025-02-01"), name="Work", intended=rungs[one["intended"] - 1], **how)
        for side, rung in ((Side.lived_experience, one["leRating"]), (Side.provider, one["provRating"])):
            yield fact(DegreeRated, stream=stream, happened=december, side=side, degree=rungs[rung - 1])
        yield fact(DegreeAgreed, stream=stream, happened=december, degree=rungs[one["agreed"] - 1])


@cache
def found() -> dict[tuple[str, str], Figure]:
    history = History().after(Told().facts())
    return {(figure.code, figure.period): figure for figure in figures(history, (*YEAR.quarters(), YEAR), IRELAND)}


@pytest.mark.parametrize("code", EXPECTED)
def test_every_value_is_the_one_worked_out_by_hand(code: str) -> None:
    for period, wanted in EXPECTED[code].items():
        figure = found()[code, period]
        told = {**figure.model_dump(), "components": [figure.components.get(name) for name in PARITY]}
        assert {name: told[name] for name in KNOWN if name in wanted} == {name: wanted[name] for name in KNOWN if name in wanted}, period


def test_few_objections_and_few_reviews_are_marked_as_such() -> None:
    marked = {code for (code, period), figure in found().items() if period == "2025" and figure.low_base}
    assert marked == {"CP-07", "CP-23", "CP-24"}


def test_dervla_left_over_access_and_only_those_who_see_raw_figures_read_that() -> None:
    flags = {period: figure.flags for (code, period), figure in found().items() if code == "CP-18"}
    assert flags == {"2025Q1": (FigureFlag.access_not_met,), "2025Q2": (), "2025Q3": (), "2025Q4": (), "2025": (FigureFlag.access_not_met,)}
    shown = {figure.period: figure.flags for figure in disclosed(found().values()) if figure.code == "CP-18"}
    assert shown == {period: (FigureFlag.mendable,) if reasons else () for period, reasons in flags.items()}
