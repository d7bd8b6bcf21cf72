"""Who may do what, written down a second time: by role, and where a command names a member, by what has become of the membership.

Both tables are data and follow from nothing in the product. A new operation without a row in the first, and a new command that names a
member without a row in the second, fail here until somebody has decided what is to be true of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import partnerships, sessions
from contracts import vocabulary as v
from contracts.errors import Refusal
from contracts.examples import EXAMPLES
from contracts.model import Command, Receipt
from contracts.permissions import LEDGER, PERMISSIONS, SERVICE, permitted
from contracts.vocabulary import SystemRole
from services.gateway.application import Tokens
from services.gateway.service.routes import ROUTES, Route
from shared.context import Context
from tests.every_command import DOCUMENT, FIRST_DAY, Story, commands, verb
from tests.gateway_fixture import Alone, Neighbours, path_of
from tests.given import Region, context, refused

ROLES = {
    "o": SystemRole.regional_operator,
    "c": SystemRole.partnership_coordinator,
    "m": SystemRole.member,
    "r": SystemRole.responder,
    "f": SystemRole.finance_officer,
    "a": SystemRole.access_coordinator,
    "k": SystemRole.complaints_officer,
    "p": SystemRole.regional_approver,
    "n": SystemRole.national_aggregator,
    "g": SystemRole.governance_auditor,
    "d": SystemRole.data_protection_officer,
    "S": SERVICE,
    "L": LEDGER,
}
HERE = Path(__file__).parent
PEOPLE = [role for role in ROLES.values() if isinstance(role, SystemRole)]


def table(name: str) -> dict[str, list[str]]:
    """The rows of a table that stands beside this file."""
    lines = (line.partition("#")[0].split() for line in (HERE / name).read_text().splitlines())
    return {words[0]: words[1:] for words in lines if words}


WHO_MAY = {operation: {ROLES[letter] for letter in letters} for operation, [letters] in table("who_may.txt").items()}


# By role


def test_every_operation_has_a_row_that_says_who_may_do_it() -> None:
    assert WHO_MAY.keys() == PERMISSIONS.keys()


@pytest.mark.parametrize("operation", sorted(WHO_MAY))
def test_a_service_lets_in_whom_the_row_names_and_nobody_else(operation: str) -> None:
    service, _, method = operation.partition(".")
    for role in [*ROLES.values(), "", "nobody", operation]:
        with nullcontext() if role in WHO_MAY[operation] else refused("role_not_permitted"):
            permitted(service, method, role)


class Behind(Neighbours):
    """The services themselves behind a gateway: those of a region on stores of its own; the others answer with an example."""

    def __init__(self, region: Region) -> None:
        super().__init__()
        self._region = region

    def request(self, service: str, method: str, body: bytes, context: Context, timeout: float = 5.0) -> bytes:
        route = next(one for one in ROUTES if one.operation == f"{service}.{method}")
        permitted(service, method, context.role)
        if service not in self._region.stores or not route.writes:
            return super().request(service, method, body, context, timeout)
        receipt = getattr(getattr(self._region, service), method)(command=route.contract.parse(body), context=context)
        answer: bytes = receipt.model_dump_json().encode()
        return answer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    made = Region(tmp_path_factory.mktemp("served"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def gateway(ours: Tokens, served: Region) -> Alone:
    made = Alone(ours)
    made.calls = Behind(served)
    return made


def _ask(gateway: Alone, route: Route, role: SystemRole | None) -> tuple[int, str | None]:
    example = EXAMPLES[route.contract].model_dump(mode="json", exclude_unset=True)
    body = {name: value for name, value in example.items() if name not in route.in_path}
    query = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in body.items()}
    message: dict[str, Any] = {"json": body} if route.writes else {"query_string": query}
    headers = gateway.bearer(role) if role else {"Idempotency-Key": str(uuid4())}
    response = gateway.client.open(path_of(route.path), method=route.method, headers=headers, **message)
    told = json.loads(response.data) if response.status_code >= 400 else {}
    return response.status_code, told.get("code")


@pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in ROUTES])
def test_the_gateway_lets_in_whom_the_row_names_and_what_is_refused_changes_nothing(gateway: Alone, served: Region, route: Route) -> None:
    gateway.anew()
    assert _ask(gateway, route, None) == (401, "unauthenticated")
    for role in PEOPLE:
        heads = {name: store.head() for name, store in served.stores.items()}
        status, code = _ask(gateway, route, role)
        assert (code == "role_not_permitted") is (role not in WHO_MAY[route.operation]), role
        if code == "role_not_permitted":
            assert status == 403
            assert {name: store.head() for name, store in served.stores.items()} == heads


# By membership

STATES = ("nominated", "invited", "turned_down", "joined", "on_leave", "ended", "elsewhere", "stranger")
WHICH_MEMBER = {operation: dict(zip(STATES, codes, strict=True)) for operation, codes in table("which_member.txt").items()}
MEMBERS = {
    "member", "members", "raised_by", "decided_by", "chaired_by", "present", "ruled_by", "agreed_by", "author", "attendance", "positions",
    "owner", "declined",
}  # fmt: skip
NAMING = {
    operation: kind
    for operation, kind in commands().items()
    if MEMBERS & kind.model_fields.keys() and kind not in {partnerships.AddMember, partnerships.NominateMember}
}


def test_every_command_that_names_a_member_has_a_row_for_the_membership() -> None:
    assert WHICH_MEMBER.keys() == NAMING.keys()


_ANSWER = partnerships.EqualityAnswer(ground=next(iter(v.EqualityGround)), answer="prefer_not_to_say")
BECOMING: dict[str, type[Command]] = {
    "invited": partnerships.InviteMember,
    "turned_down": partnerships.EndNomination,
    "on_leave": partnerships.BeginLeave,
    "ended": partnerships.EndMembership,
}


class Cell:
    """A partnership at work in which somebody's membership comes so far, and what they did there before."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._story = Story(partial(said, region))
        self.ids: dict[str, UUID] = {}
        of = partnerships
        self.partnership = self.ids["partnership"] = self.say(of.ProposePartnership, name="By the river", org_unit="ABH-1").id
        self.aoife = self.say(of.AddMember, perspective=v.Perspective.lived_experience_self).made or uuid4()
        self.lorcan = self.say(of.AddMember, perspective=v.Perspective.leadership).made or uuid4()
        for member in (self.aoife, self.lorcan):
            self.say(of.NameCoChair, member=member)
        self.say(of.AgreeTermsOfReference, edition=1, document=DOCUMENT)
        self.say(of.ActivatePartnership)
        rate = of.Rate(kind=next(iter(v.PaymentKind)), amount=Decimal("75.00"))
        self.say(of.AdoptRateCard, edition=1, currency="EUR", rates=(rate,))

    def say(self, kind: type[Command], /, **given: Any) -> Receipt:
        """Give a command, a minute after the last; what is not given is what was last spoken of here."""
        self._story.now += timedelta(minutes=1)
        known = {**self.ids, "happened": self._story.now, **given}
        return said(self._region, self._story.filled(kind, **{name: value for name, value in known.items() if name in kind.model_fields}))

    @property
    def edition(self) -> int:
        """The next edition of the terms of reference."""
        query = partnerships.GetPartnership(partnership=self.partnership)
        return (self._region.partnerships.get_partnership(query=query, context=context()).terms_of_reference or 0) + 1

    @property
    def entry(self) -> int:
        """What was entered first of the member."""
        query = partnerships.GetMemberHistory(partnership=self.partnership, member=self.ids["member"])
        with suppress(Refusal):
            return self._region.partnerships.get_member_history(query=query).entries[0].entry
        return 1

    def make(self, name: str, kind: type[Command], /, **given: Any) -> None:
        """Give a command, and remember what it made by that name; nothing is made if it is refused."""
        self.ids[name] = uuid4()
        with suppress(Refusal):
            receipt = self.say(kind, **given)
            self.ids[name] = receipt.made or receipt.id

    def somebody(self, state: str) -> None:
        """A member of that state, or one who will come to be; or nobody who is known."""
        of = partnerships
        match state:
            case "stranger":
                self.ids["member"] = uuid4()
            case "elsewhere":
                there = self.say(of.ProposePartnership, name="Elsewhere", org_unit="ABH-2").id
                self.make("member", of.AddMember, partnership=there, perspective=v.Perspective.professional)
            case "nominated" | "invited" | "turned_down":
                self.make("member", of.NominateMember, perspective=v.Perspective.lived_experience_self)
            case _:
                self.make("member", of.AddMember, perspective=v.Perspective.lived_experience_self)
        if state in {"invited", "turned_down"}:
            self.say(BECOMING[state])

    def _fill(self) -> None:
        self.make("invitation", sessions.InviteMembers, members=(self.aoife, self.lorcan))
        self.make("item", sessions.RaiseAgendaItem, origin=v.AgendaItemOrigin.standing)
        self.make("invitation", sessions.InviteMembers, members=(self.ids["member"],))

    def prepare(self, done: str) -> None:
        """Do something that comes before, if it can be done."""
        of = partnerships
        match done:
            case "consent":
                for purpose in v.ConsentPurpose:
                    self.make("consent", of.GrantConsent, purpose=purpose, text="text-1")
            case "interest":
                self.make("declaration", of.DeclareInterest)
            case "skill":
                self.make("skill", of.OfferSkill)
            case "need":
                self.make("need", of.RecordAccessNeed)
            case "identified":
                self.make("need", of.IdentifyAccessNeed)
            case "met":
                self.make("met", of.RecordAccessMet, met=True)
            case "flagged":
                self.make("flag", of.FlagAccessNeed)
            case "office":
                self.make("office", of.AppointToOffice, office=v.PartnershipOffice.facilitator)
            case _:
                self._prepare_session(done)

    def _prepare_session(self, done: str) -> None:
        to = sessions
        match done:
            case "another ahead":
                self.make("session", to.PlanSession, starts=self._story.now + timedelta(days=1))
            case "ahead":
                self.make("session", to.PlanSession, starts=self._story.now + timedelta(days=1))
                self._fill()
            case "planned":
                self.make("session", to.PlanSession, starts=self._story.now + timedelta(minutes=2))
                self._fill()
            case "method":
                self.make("method", to.SetDecisionMethod, method=v.DecisionMethod.consent)
            case "secret":
                self.make("method", to.SetDecisionMethod, method=v.DecisionMethod.majority, secret=True)
            case _:
                self._hold_session(done)

    def _hold_session(self, done: str) -> None:
        to, member = sessions, self.ids["member"]
        match done:
            case "open":
                self.make("opening", to.OpenSession, chaired_by=(self.aoife,), present=(self.aoife, self.lorcan))
            case "there":
                self.make("arrival", to.RecordArrival, members=(member,))
            case "proposal":
                self.make("opening", to.OpenAgendaItem)
                self.make("decision", to.PutProposal)
            case "objection":
                self.make("objection", to.RaiseObjection)
            case "objection of aoife":
                self.make("objection", to.RaiseObjection, member=self.aoife)
                self.make("discussion", to.DiscussObjection)
            case "held":
                for came in ((self.aoife, self.lorcan, member), (self.aoife, self.lorcan)):
                    self.make("holding", to.HoldSession, chaired_by=(self.aoife,), attendance=_came(*came))
            case "decided":
                self.make("decision", to.CloseDecision, method=v.DecisionMethod.majority, outcome=v.DecisionOutcome.adopted)
            case "action":
                self.make("action", to.AgreeAction, original_due=FIRST_DAY.date())
            case "minutes":
                self.make("draft", to.DraftMinutes)
            case "agreed":
                for who in (self.aoife, self.lorcan):
                    self.make("acceptance", to.AcceptMinutes, minutes_version=1, member=who)


def said(region: Region, command: Command) -> Receipt:
    """Give a command, and let everybody see what came of it; whoever approves or pays is somebody else."""
    service, method = verb(type(command))
    actor = "token:finance" if type(command) in {partnerships.ApprovePayment, partnerships.RecordPaymentMade} else "token:coordinator"
    receipt: Receipt = getattr(getattr(region, service), method)(command=command, context=context().model_copy(update={"actor": actor}))
    region.spread()
    return receipt


def _came(*members: UUID) -> tuple[sessions.Attendance, ...]:
    return tuple(sessions.Attendance(member=member, status=v.AttendanceStatus.attended) for member in members)


BEFORE: dict[str, tuple[str, ...]] = {
    "partnerships.leave_office": ("office",),
    "partnerships.withdraw_consent": ("consent",),
    "partnerships.answer_equality_questions": ("consent",),
    "partnerships.confirm_interests": ("interest",),
    "partnerships.end_interest": ("interest",),
    "partnerships.use_skill": ("skill",),
    "partnerships.flag_access_need": ("need",),
    "partnerships.share_access_need": ("consent", "need", "flagged"),
    "partnerships.record_identified_need": ("identified",),
    "partnerships.record_access_met": ("need",),
    "partnerships.confirm_access_met": ("need", "met"),
    "partnerships.review_access_need": ("need",),
    "sessions.invite_members": ("another ahead",),
    "sessions.answer_invitation": ("ahead",),
    "sessions.raise_agenda_item": ("ahead",),
    "sessions.set_decision_method": ("ahead",),
    "sessions.open_session": ("planned",),
    "sessions.record_arrival": ("planned", "open"),
    "sessions.record_departure": ("planned", "open", "there"),
    "sessions.handle_interest": ("ahead",),
    "sessions.take_positions": ("planned", "method", "open", "there", "proposal"),
    "sessions.raise_objection": ("planned", "method", "open", "there", "proposal"),
    "sessions.decline_positions": ("planned", "method", "open", "there", "proposal"),
    "sessions.hand_out_ballots": ("planned", "secret", "open", "there", "proposal"),
    "sessions.withdraw_objection": ("planned", "method", "open", "there", "proposal", "objection"),
    "sessions.rule_on_objection": ("planned", "method", "open", "there", "proposal", "objection of aoife"),
    "sessions.hold_session": ("planned",),
    "sessions.agree_action": ("planned", "held", "decided"),
    "sessions.propose_action": ("planned", "held", "decided"),
    "sessions.hand_over_action": ("planned", "held", "decided", "action"),
    "sessions.accept_minutes": ("planned", "held", "minutes"),
    "sessions.correct_minutes": ("planned", "held", "minutes", "agreed"),
}
"""What is done before a command is given, while the membership goes on if there is one."""


def asked(cell: Cell, operation: str) -> dict[str, Any]:
    """What a command says of the member; nothing where the member is all it names."""
    member = cell.ids["member"]
    owned = {"original_due": FIRST_DAY.date(), "owner": member, "owner_side": v.OwnerSide.lived_experience}
    what: dict[str, dict[str, Any]] = {
        "partnerships.answer_equality_questions": {"answers": (_ANSWER,)},
        "partnerships.appoint_to_office": {"office": v.PartnershipOffice.secretary},
        "partnerships.leave_office": {"office": v.PartnershipOffice.facilitator},
        "partnerships.correct_entry": {"entry": cell.entry, "at": FIRST_DAY},
        "partnerships.agree_terms_of_reference": {"agreed_by": (member, cell.lorcan), "document": DOCUMENT, "edition": cell.edition},
        "partnerships.grant_consent": {"text": "text-1"},
        "partnerships.refuse_consent": {"text": "text-1"},
        "partnerships.withdraw_consent": {"purpose": v.ConsentPurpose.participation},
        "partnerships.record_access_met": {"met": True},
        "partnerships.confirm_access_met": {"met": False},
        "partnerships.declare_perspective": {"perspective": v.Perspective.lived_experience_family_carer},
        "partnerships.claim_expense": {"kind": v.PaymentKind.travel, "amount": Decimal("1.00")},
        "sessions.agree_action": owned,
        "sessions.propose_action": owned,
        "sessions.hand_over_action": {"to": v.Receiver.lived_experience, "owner": member, "partnership": None},
        "sessions.invite_members": {"members": (member,)},
        "sessions.raise_agenda_item": {"origin": v.AgendaItemOrigin.raised_by_member, "raised_by": member},
        "sessions.set_decision_method": {"method": v.DecisionMethod.delegated, "decided_by": member},
        "sessions.open_session": {"chaired_by": (cell.aoife,), "present": (cell.aoife, cell.lorcan, member)},
        "sessions.record_arrival": {"members": (member,)},
        "sessions.record_departure": {"members": (member,)},
        "sessions.take_positions": {"positions": (sessions.MemberPosition(member=member, position=v.Position.consent),)},
        "sessions.decline_positions": {"members": (member,)},
        "sessions.hand_out_ballots": {"members": (member,)},
        "sessions.rule_on_objection": {"stands": True, "ruled_by": (member, cell.lorcan)},
        "sessions.hold_session": {"chaired_by": (cell.aoife,), "attendance": _came(cell.aoife, cell.lorcan, member)},
        "sessions.accept_minutes": {"minutes_version": 1},
        "sessions.correct_minutes": {"raised_by": member},
        "feedback.receive_feedback": {"author": member},
    }
    return what.get(operation, {})


def outcome(cell: Cell, operation: str, state: str) -> str:
    """What comes of a command about somebody whose membership is in a state: `done`, or the code of the refusal."""
    cell.somebody(state)
    for done in BEFORE.get(operation, ()):
        cell.prepare(done)
    if state in {"on_leave", "ended"}:
        cell.say(BECOMING[state])
    try:
        cell.say(NAMING[operation], **asked(cell, operation))
    except Refusal as refusal:
        return refusal.code
    return "done"


@pytest.mark.parametrize("operation", sorted(WHICH_MEMBER))
def test_what_a_command_may_do_with_a_member_follows_from_the_membership(tmp_path: Path, operation: str) -> None:
    region = Region(tmp_path)
    cell = Cell(region)
    came = {state: outcome(cell, operation, state) for state in STATES}
    region.close()
    assert came == WHICH_MEMBER[operation]


@pytest.mark.parametrize("state", ["on_leave", "ended"])
def test_what_a_member_is_owed_is_claimed_and_paid_whatever_became_of_the_membership(tmp_path: Path, state: str) -> None:
    of, region = partnerships, Region(tmp_path)
    cell = Cell(region)
    cell.somebody(state)
    cell.make("payment", of.OfferPayment)
    cell.say(BECOMING[state])
    for kind in (of.AcceptPayment, of.ClaimPayment, of.ApprovePayment, of.RecordPaymentMade):
        cell.say(kind)
    paid = region.partnerships.get_payment(query=of.GetPayment(payment=cell.ids["payment"]))
    region.close()
    assert paid.state is v.PaymentState.paid
