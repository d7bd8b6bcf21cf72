"""Frameworks, readiness and stages; and what a partnership is told to do next."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.model import Fact
from contracts.partnerships import (
    ActivatePartnership,
    AddMember,
    AdoptFramework,
    AdoptRateCard,
    AgreeTermsOfReference,
    ApprovePayment,
    ClaimExpense,
    ClosePartnership,
    DeclareInterest,
    DraftTermsOfReference,
    EndOrgUnit,
    FrameworkAdopted,
    FrameworkElement,
    GetFramework,
    GetNextSteps,
    GetReadiness,
    GrantConsent,
    ListFrameworks,
    MoveStage,
    NameCoChair,
    NextSteps,
    NominateMember,
    OpenOrgUnit,
    OpenWorkItem,
    PausePartnership,
    Rate,
    RateDegree,
    RateReadiness,
    ReadinessRated,
    RecordAccessNeed,
    RecordPaymentMade,
    SetCompositionRule,
    StageMoved,
)
from contracts.sessions import AgreeAction, Attendance, CloseDecision, CompleteAction, HoldSession, InviteMembers, PlanSession
from contracts.vocabulary import (
    AccessNeedCategory,
    AttendanceStatus,
    ClosureReason,
    CommissioningStage,
    ConsentFormat,
    ConsentPurpose,
    DecisionMethod,
    DecisionOutcome,
    Degree,
    EvidenceKind,
    FrameworkKind,
    InterestType,
    LegalBasis,
    OrgUnitLevel,
    OwnerSide,
    ParticipantRole,
    PauseReason,
    PaymentKind,
    Perspective,
    ReadinessStage,
    SelectionMethod,
    SessionKind,
    SessionMode,
    Side,
    StageState,
)
from deploy.frameworks import SHIPPED, WrongFile, take_in
from services.gateway.service.routes import PREFIX, ROUTES
from services.partnerships.domain import Frameworks, Readiness
from services.partnerships.domain.next_steps import STEPS
from tests.given import NOW, PARTNERSHIP, Region, context, fact, given, refused, stamp, then
from tests.pure.test_neighbours import BEGAN, People, people, proposed
from tests.pure.test_rules import REFUSED

__all__ = ["people"]

FIRST = date(2024, 1, 1)
PARTS = tuple(FrameworkElement(code=code, name=code.title()) for code in ("ONE", "TWO", "THREE"))
NOTHING = (None, None)
SHOWN = (EvidenceKind.data, None)


def framework(kind: FrameworkKind = FrameworkKind.readiness, **other: Any) -> Any:
    what = {"framework": "F", "edition": 1, "kind": kind, "name": "F", "source": "Us", "elements": PARTS, "valid_from": FIRST}
    return {"actions": (), "measures": (), **what, **other}


def adopted(kind: FrameworkKind = FrameworkKind.readiness, **other: Any) -> Any:
    return fact(FrameworkAdopted, **framework(kind, **other))


READY, GUIDE = adopted(), adopted(FrameworkKind.stages)


def test_an_edition_is_adopted_once_and_valid_until_the_next() -> None:
    frameworks = given(Frameworks)
    for _ in range(2):
        frameworks.adopt(stamp(), wanted=AdoptFramework(**framework()))
    later = framework(edition=2, valid_from=date(2025, 1, 1))
    frameworks.adopt(stamp(), wanted=AdoptFramework(**later))
    then(frameworks, adopted(), fact(FrameworkAdopted, **later))
    assert frameworks.valid("F", date(2024, 12, 31)).edition == 1
    assert frameworks.valid("F", date(2025, 1, 1)).edition == 2
    assert frameworks.all_valid(date(2023, 12, 31)) == []
    with refused("no_such_framework"):
        frameworks.valid("F", date(2023, 12, 31))


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"edition": 3, "valid_from": date(2025, 1, 1)}, "edition_out_of_order"),
        ({"edition": 2}, "edition_before_the_last"),
        ({"edition": 2, "valid_from": date(2025, 1, 1), "elements": (*PARTS, PARTS[0])}, "code_given_twice"),
        (
            {
                "edition": 2,
                "valid_from": date(2025, 1, 1),
                "actions": ({"code": "A", "principle": "FOUR", "text": "Do it.", "valid_from": FIRST},),
            },
            "principle_unknown",
        ),
        (
            {
                "edition": 2,
                "valid_from": date(2025, 1, 1),
                "elements": tuple(FrameworkElement(code=f"E{n}", name="E", about="é" * 500) for n in range(40)),
                "actions": tuple({"code": f"A{n}", "principle": "E1", "text": "é" * 500, "valid_from": FIRST} for n in range(20)),
            },
            "framework_too_long",
        ),
    ],
)
def test_an_edition_that_does_not_follow_or_does_not_hold_together_is_refused(what: dict[str, Any], code: str) -> None:
    with refused(code):
        given(Frameworks, adopted()).adopt(stamp(), wanted=AdoptFramework(**framework(**what)))


def seen(side: Side, stage: ReadinessStage) -> Fact:
    what: Any = {"framework": "F", "edition": 1, "element": "ONE", "side": side, "stage": stage, "evidence": None, "document": None}
    return fact(ReadinessRated, **what)


def test_each_side_rates_for_itself_and_the_gap_is_told_when_both_have() -> None:
    readiness = given(Readiness)
    for side, stage in ((Side.lived_experience, ReadinessStage.planned), (Side.provider, ReadinessStage.established)):
        assert readiness.gap("F", "ONE") is None
        for _ in range(2):
            readiness.rate(stamp(), partnership=PARTNERSHIP, framework=READY, element="ONE", side=side, stage=stage, shown=NOTHING)
    then(readiness, seen(Side.lived_experience, ReadinessStage.planned), seen(Side.provider, ReadinessStage.established))
    assert readiness.gap("F", "ONE") == 2


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"framework": GUIDE}, "not_rated"),
        ({"side": Side.employed}, "rated_by_no_side"),
        ({"element": "FOUR"}, "no_such_element"),
        ({"shown": (EvidenceKind.data, "a3" * 32)}, "document_of_no_kind"),
    ],
)
def test_what_cannot_be_rated_is_refused(what: dict[str, Any], code: str) -> None:
    usual: dict[str, Any] = {"framework": READY, "element": "ONE", "side": Side.provider, "stage": ReadinessStage.begun, "shown": NOTHING}
    with refused(code):
        given(Readiness).rate(stamp(), partnership=PARTNERSHIP, **{**usual, **what})


def test_a_side_rates_after_it_last_did() -> None:
    readiness = given(Readiness, seen(Side.provider, ReadinessStage.begun))
    usual: dict[str, Any] = {"framework": READY, "element": "ONE", "side": Side.provider, "shown": NOTHING}
    with refused("before_the_last"):
        readiness.rate(stamp(NOW - timedelta(days=1)), partnership=PARTNERSHIP, stage=ReadinessStage.planned, **usual)


def test_a_stage_is_done_after_those_before_it_and_when_something_shows_it() -> None:
    readiness = given(Readiness)

    def move(element: str, state: StageState, shown: Any = SHOWN) -> None:
        readiness.move(stamp(), partnership=PARTNERSHIP, framework=GUIDE, element=element, state=state, shown=shown)

    with refused("stage_before_not_done"):
        move("TWO", StageState.done)
    with refused("done_without_evidence"):
        move("ONE", StageState.done, NOTHING)
    with refused("no_such_element"):
        move("FOUR", StageState.under_way)
    move("ONE", StageState.under_way, NOTHING)
    assert readiness.next_stage(GUIDE) == "One"
    move("ONE", StageState.set_aside, NOTHING)
    for _ in range(2):
        move("TWO", StageState.done)
    assert readiness.next_stage(GUIDE) == "Three"
    what: Any = {"framework": "F", "edition": 1, "element": "ONE", "evidence": None, "document": None}
    done = {**what, "element": "TWO", "state": StageState.done, "evidence": EvidenceKind.data}
    states = [fact(StageMoved, **what, state=state) for state in (StageState.under_way, StageState.set_aside)]
    then(readiness, *states, fact(StageMoved, **done))
    with refused("no_stages"):
        readiness.move(stamp(), partnership=PARTNERSHIP, framework=READY, element="ONE", state=StageState.done, shown=SHOWN)


class Api:
    """Frameworks over a client, without a network."""

    def __init__(self, region: Region) -> None:
        self._verbs = region.partnerships

    def get(self, _: str) -> Any:
        return self._verbs.list_frameworks(query=ListFrameworks()).model_dump()

    def post(self, _: str, body: dict[str, Any]) -> Any:
        return self._verbs.adopt_framework(command=AdoptFramework.parse(json.dumps(body).encode()), context=context()).model_dump()


def test_what_is_shipped_is_taken_in_once_and_holds_no_protected_wording(region: Region, tmp_path: Path) -> None:
    api: Any = Api(region)
    first, again = take_in(SHIPPED, api), take_in(SHIPPED, api)
    assert (first["read"], first["stored"], first["refused"]) == (4, 4, 0)
    assert (again["read"], again["stored"], again["known"]) == (4, 0, 4)
    verbs = region.partnerships
    hse = verbs.get_framework(query=GetFramework(framework="HSE_RECOVERY"))
    assert (len(hse.elements), hse.actions, hse.measures) == (4, (), ())
    assert len(verbs.get_framework(query=GetFramework(framework="IMROC_CHALLENGES")).elements) == 10
    (bad := tmp_path / "bad.json").write_text("[")
    with pytest.raises(WrongFile):
        take_in([bad], api)


# What next


class Guided:
    """A partnership whose next steps are asked for."""

    def __init__(self, region: Region, partnership: UUID) -> None:
        self._region, self.partnership = region, partnership

    def asked(self, limit: int = 100) -> NextSteps:
        self._region.spread()
        return self._region.partnerships.get_next_steps(query=GetNextSteps(partnership=self.partnership, limit=limit))

    def codes(self) -> list[str]:
        return [step.code for step in self.asked().steps]

    def things(self, code: str) -> Sequence[UUID]:
        return next(step.things for step in self.asked().steps if step.code == code)


def test_a_new_partnership_is_told_where_to_begin_in_a_few_steps(region: Region) -> None:
    guided = Guided(region, proposed(region))
    first = guided.asked(limit=3)
    assert [step.code for step in first.steps] == ["find_lived_experience", "find_providers", "set_composition"]
    assert first.more == 2
    assert first.steps[0].at == f"POST /v1/partnerships/{guided.partnership}/nominations"
    nominee = NominateMember(
        partnership=guided.partnership,
        name="Maeve",
        role=ParticipantRole.service_user,
        perspective=Perspective.lived_experience_self,
        selection=SelectionMethod.open_call,
    )
    member = region.partnerships.nominate_member(command=nominee, context=context()).made
    assert guided.things("answer_nominees") == (member,)


def test_a_partnership_at_work_is_told_what_waits(region: Region, people: People) -> None:
    guided, verbs = Guided(region, people.partnership), region.partnerships
    here = {people.aoife, people.lorcan}
    assert set(guided.things("ask_for_consent")) == set(guided.things("declare_interests")) == here
    for member in here:
        who: Any = {"partnership": people.partnership, "member": member, "happened": BEGAN}
        consent = GrantConsent(purpose=ConsentPurpose.participation, text="1", explained=ConsentFormat.spoken, **who)
        verbs.grant_consent(command=consent, context=context())
        verbs.declare_interest(command=DeclareInterest(interest=InterestType.nil, **who), context=context())
    assert "ask_for_consent" not in guided.codes()
    assert "declare_interests" not in guided.codes()
    assert set(guided.things("renew_declarations")) == here
    need = RecordAccessNeed(partnership=people.partnership, member=people.aoife, category=AccessNeedCategory.transport)
    verbs.record_access_need(command=need, context=context())
    assert guided.things("meet_access_needs") == (people.aoife,)
    rule = SetCompositionRule(partnership=people.partnership, lived_experience=2, provider=1, quorum_lived_experience=1, quorum_provider=1)
    verbs.set_composition_rule(command=rule, context=context())
    assert guided.codes()[0] == "mend_composition"
    draft = DraftTermsOfReference(partnership=people.partnership, edition=2, document="b4" * 32)
    verbs.draft_terms_of_reference(command=draft, context=context())
    assert "agree_terms" in guided.codes()
    agreed = AgreeTermsOfReference(partnership=people.partnership, edition=2, document="b4" * 32)
    verbs.agree_terms_of_reference(command=agreed, context=context())
    assert not {"agree_terms", "review_terms"} & set(guided.codes())


def test_sessions_minutes_work_and_claims_wait_until_they_are_settled(region: Region, people: People) -> None:
    guided, verbs = Guided(region, people.partnership), region.partnerships
    assert "plan_session" in guided.codes()
    plan = PlanSession(
        partnership=people.partnership, kind=SessionKind.training, mode=SessionMode.online, starts=BEGAN + timedelta(days=9), happened=BEGAN
    )
    session = region.sessions.plan_session(command=plan, context=context()).id
    assert guided.things("settle_past_sessions") == (session,)
    invite = InviteMembers(session=session, members=(people.aoife, people.lorcan), happened=BEGAN)
    region.sessions.invite_members(command=invite, context=context())
    came = tuple(Attendance(member=member, status=AttendanceStatus.attended) for member in (people.aoife, people.lorcan))
    held = HoldSession(session=session, chaired_by=(people.aoife,), attendance=came, happened=plan.starts)
    region.sessions.hold_session(command=held, context=context())
    assert guided.things("draft_minutes") == (session,)
    close = CloseDecision(session=session, title="Letter", method=DecisionMethod.consent, outcome=DecisionOutcome.adopted)
    decision = region.sessions.close_decision(command=close, context=context()).made or UUID(int=0)
    owed: Any = {"session": session, "title": "Print it", "owner_side": OwnerSide.joint, "happened": plan.starts}
    late, _ = (
        region.sessions.agree_action(command=AgreeAction(**owed, decision=decision, original_due=due), context=context()).made
        for due in (plan.starts.date(), date(2100, 1, 6))
    )
    assert guided.things("see_to_actions") == (late,)
    region.sessions.complete_action(command=CompleteAction(session=session, action=late or UUID(int=0)), context=context())
    assert "see_to_actions" not in guided.codes()
    assert "open_work_item" in guided.codes()
    item = OpenWorkItem(
        partnership=people.partnership,
        name="Letter",
        stage=CommissioningStage.co_design,
        legal_basis=LegalBasis.none,
        intended=Degree.co_design,
    )
    work = verbs.open_work_item(command=item, context=context()).id
    assert "open_work_item" not in guided.codes()
    for side, code in ((Side.provider, "rate_degree"), (Side.lived_experience, "agree_degree")):
        for degree in (Degree.informing, Degree.co_design):
            verbs.rate_degree(command=RateDegree(work_item=work, side=side, degree=degree), context=context())
        assert guided.things(code) == (work,)
    card = AdoptRateCard(
        partnership=people.partnership, edition=1, currency="EUR", rates=(Rate(kind=PaymentKind.travel, amount=Decimal("20.00")),)
    )
    verbs.adopt_rate_card(command=card, context=context())
    assert "adopt_rate_card" not in guided.codes()
    claim = ClaimExpense(partnership=people.partnership, member=people.aoife, kind=PaymentKind.travel, amount=Decimal("9.00"))
    claimed = verbs.claim_expense(command=claim, context=context()).id
    assert guided.things("decide_claims") == (claimed,)
    finance = context(role="finance_officer").model_copy(update={"actor": "token:f1ce"})
    verbs.approve_payment(command=ApprovePayment(payment=claimed), context=finance)
    assert guided.things("pay_claims") == (claimed,)
    paid = RecordPaymentMade(payment=claimed)
    verbs.record_payment_made(command=paid, context=finance.model_copy(update={"command": uuid4()}))
    assert not {"decide_claims", "pay_claims"} & set(guided.codes())


def test_readiness_and_stages_wait_for_both_sides(region: Region, people: People) -> None:
    guided, verbs = Guided(region, people.partnership), region.partnerships
    for kind in (FrameworkKind.readiness, FrameworkKind.stages):
        wanted = framework(kind, framework=kind.upper(), elements=PARTS[:1])
        verbs.adopt_framework(command=AdoptFramework(**wanted), context=context())
    assert {"rate_readiness", "go_on_with_guide"} <= set(guided.codes())
    rate: Any = {"partnership": people.partnership, "framework": "READINESS", "element": "ONE"}
    verbs.rate_readiness(command=RateReadiness(side=Side.provider, stage=ReadinessStage.reviewed, **rate), context=context())
    verbs.rate_readiness(command=RateReadiness(side=Side.lived_experience, stage=ReadinessStage.begun, **rate), context=context())
    done: Any = {"partnership": people.partnership, "framework": "STAGES", "element": "ONE", "evidence": EvidenceKind.data}
    verbs.move_stage(command=MoveStage(state=StageState.done, **done), context=context())
    codes = guided.codes()
    assert "talk_about_readiness" in codes
    assert not {"rate_readiness", "go_on_with_guide"} & set(codes)
    told = verbs.get_readiness(query=GetReadiness(partnership=people.partnership))
    assert [(one.gap, one.state) for one in told.elements] == [(2, None), (None, StageState.done)]
    with refused("not_found"):
        verbs.get_readiness(query=GetReadiness(partnership=uuid4()))


def test_a_partnership_whose_unit_is_no_more_is_placed_first(region: Region) -> None:
    verbs = region.partnerships
    verbs.open_org_unit(command=OpenOrgUnit(unit="P001", level=OrgUnitLevel.region, name="Unit", on=date(2024, 1, 1)), context=context())
    guided = Guided(region, proposed(region))
    assert "place_anew" not in guided.codes()
    verbs.end_org_unit(command=EndOrgUnit(unit="P001", on=date(2025, 6, 1)), context=context())
    assert guided.codes()[0] == "place_anew"


def test_who_rests_may_go_on_and_who_is_closed_has_nothing_to_do(region: Region, people: People) -> None:
    guided, verbs = Guided(region, people.partnership), region.partnerships
    pause = PausePartnership(partnership=people.partnership, reason=PauseReason.agreed_break)
    verbs.pause_partnership(command=pause, context=context())
    assert "resume" in guided.codes()
    close = ClosePartnership(partnership=people.partnership, reason=ClosureReason.purpose_achieved)
    verbs.close_partnership(command=close, context=context())
    assert guided.asked().steps == ()


def test_a_partnership_that_is_able_is_told_to_begin(region: Region) -> None:
    guided, verbs = Guided(region, proposed(region)), region.partnerships
    for perspective in (Perspective.lived_experience_self, Perspective.leadership):
        who: Any = {"name": "Somebody", "role": ParticipantRole.observer, "perspective": perspective}
        member = verbs.add_member(command=AddMember(partnership=guided.partnership, **who), context=context()).made
        assert member
        verbs.name_co_chair(command=NameCoChair(partnership=guided.partnership, member=member), context=context())
    assert {"draft_terms"} == {"draft_terms", "activate", "name_co_chairs"} & set(guided.codes())
    terms = AgreeTermsOfReference(partnership=guided.partnership, edition=1, document="b4" * 32)
    verbs.agree_terms_of_reference(command=terms, context=context())
    assert "activate" in guided.codes()
    verbs.activate_partnership(command=ActivatePartnership(partnership=guided.partnership), context=context())
    assert "activate" not in guided.codes()


def test_a_step_leads_to_an_address_that_is_there_and_names_a_rule_that_is_one() -> None:
    assert {step.at for step in STEPS} <= {f"{route.method} {PREFIX}{route.path}" for route in ROUTES}
    assert {step.rule for step in STEPS if step.rule} <= {refused.code for refused in REFUSED}


def test_every_step_has_a_code_of_its_own_and_speaks_in_sentences() -> None:
    assert len({step.code for step in STEPS}) == len(STEPS)
    assert all(step.why.endswith(".") and step.how.endswith(".") and step.source for step in STEPS)
