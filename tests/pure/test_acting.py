"""Actions: proposed, agreed, under way, blocked, done with something to show for it, cancelled by a decision, or handed over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.permissions import opens
from contracts.sessions import (
    AcceptAction,
    ActionAgreed,
    ActionBlocked,
    ActionCompleted,
    ActionHandedOver,
    ActionPage,
    ActionProposed,
    ActionStarted,
    AgreeAction,
    BlockAction,
    CloseDecision,
    CompleteAction,
    DecisionClosed,
    GetSession,
    HandOverAction,
    ListActions,
    MoveActionDueDate,
    ProposeAction,
)
from contracts.vocabulary import (
    ActionStage,
    ActionState,
    BlockingReason,
    DecisionMethod,
    DecisionOutcome,
    EvidenceKind,
    OwnerSide,
    Receiver,
    Side,
)
from services.sessions.domain import Session
from tests.given import AOIFE, LORCAN, PARTNERSHIP, Region, context, fact, given, refused, sealed, stamp, then
from tests.pure.test_neighbours import MEETS, People, hold, invite, made, planned, proposed

ACTION, DECISION, DUE = UUID(int=60), UUID(int=50), date(2025, 5, 30)
STOOD: dict[str, Any] = {side.value: (1, 0, 0) for side in Side}
CLOSED = fact(DecisionClosed, decision=DECISION, title=sealed(), method=DecisionMethod.consent, outcome=DecisionOutcome.adopted, **STOOD)
WHAT: dict[str, Any] = {"action": ACTION, "decision": DECISION, "title": sealed(), "owner_side": OwnerSide.provider, "original_due": DUE}


def agreed(*facts: Any) -> Session:
    session = given(Session, fact(ActionAgreed, owner=LORCAN, **WHAT), *facts)
    session.partnership = PARTNERSHIP
    return session


def decided() -> Session:
    session = given(Session, CLOSED)
    session.partnership = PARTNERSHIP
    return session


def test_an_action_is_proposed_and_counts_from_when_it_is_agreed() -> None:
    session = decided()
    session.agree_action(stamp(), owner=LORCAN, side=Side.provider, proposed=True, on=DUE, **WHAT)
    assert (session.actions[ACTION].stage, session.actions[ACTION].state) == (ActionStage.proposed, ActionState.agreed)
    with refused("action_not_open"):
        session.complete_action(stamp(), action=ACTION)
    for _ in range(2):
        session.accept_action(stamp(), action=ACTION)
    then(session, fact(ActionProposed, owner=LORCAN, **WHAT), fact(ActionAgreed, owner=LORCAN, **WHAT))


def test_what_was_proposed_may_be_dropped_by_a_decision() -> None:
    session = decided()
    session.agree_action(stamp(), proposed=True, on=DUE, **WHAT)
    session.cancel_action(stamp(), action=ACTION, decision=DECISION, adopted=True)
    with refused("action_not_open"):
        session.accept_action(stamp(), action=ACTION)


@pytest.mark.parametrize("side", [Side.lived_experience, Side.employed])
def test_who_carries_an_action_alone_for_a_side_is_of_that_side(side: Side) -> None:
    session = decided()
    with refused("owner_of_other_side"):
        session.agree_action(stamp(), owner=AOIFE, side=side, on=DUE, **WHAT)
    session.agree_action(stamp(), owner=AOIFE, side=side, on=DUE, **{**WHAT, "owner_side": OwnerSide.joint})
    then(session, fact(ActionAgreed, owner=AOIFE, **{**WHAT, "owner_side": OwnerSide.joint}))


def test_an_action_is_blocked_for_a_reason_and_goes_on() -> None:
    session, money = agreed(), BlockingReason.no_money
    for _ in range(2):
        session.start_action(stamp(), action=ACTION)
    for _ in range(2):
        session.block_action(stamp(), action=ACTION, reason=money)
    assert (session.actions[ACTION].stage, session.actions[ACTION].blocked_by) == (ActionStage.blocked, money)
    session.start_action(stamp(), action=ACTION)
    assert (session.actions[ACTION].stage, session.actions[ACTION].blocked_by) == (ActionStage.in_progress, None)
    started = fact(ActionStarted, action=ACTION)
    then(session, started, fact(ActionBlocked, action=ACTION, blocked_by=money), started)


def test_an_action_that_is_blocked_may_be_done_with_something_to_show_for_it() -> None:
    session = agreed(fact(ActionBlocked, action=ACTION, blocked_by=BlockingReason.other))
    with refused("evidence_without_kind"):
        session.complete_action(stamp(), action=ACTION, text=sealed(2))
    session.complete_action(stamp(), action=ACTION, evidence=EvidenceKind.service_change, text=sealed(2))
    then(session, fact(ActionCompleted, action=ACTION, evidence=EvidenceKind.service_change, text=sealed(2)))


def test_within_the_partnership_an_action_that_is_handed_over_goes_on() -> None:
    session = agreed()
    with refused("owner_of_other_side"):
        session.hand_over_action(stamp(), action=ACTION, to=Receiver.lived_experience, owner=LORCAN, side=Side.provider)
    session.hand_over_action(stamp(), action=ACTION, to=Receiver.lived_experience, owner=AOIFE, side=Side.lived_experience)
    found = session.actions[ACTION]
    assert (found.stage, found.owner_side, found.owner) == (ActionStage.agreed, OwnerSide.lived_experience, AOIFE)


def test_outside_the_partnership_nobody_here_can_say_that_it_was_done() -> None:
    session = agreed()
    session.hand_over_action(stamp(), action=ACTION, to=Receiver.another_service, org_unit="P002")
    assert session.actions[ACTION].stage is ActionStage.handed_over
    acts: tuple[Callable[[], None], ...] = (
        lambda: session.complete_action(stamp(), action=ACTION),
        lambda: session.start_action(stamp(), action=ACTION),
        lambda: session.cancel_action(stamp(), action=ACTION, decision=DECISION, adopted=True),
    )
    for act in acts:
        with refused("action_not_open"):
            act()
    gone: dict[str, Any] = {"to": Receiver.another_service, "owner_side": None, "owner": None, "receiver": None, "org_unit": "P002"}
    then(session, fact(ActionHandedOver, action=ACTION, **gone))


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("receiver_not_named", {"to": Receiver.another_partnership}),
        ("receiver_not_named", {"to": Receiver.another_service, "receiver": UUID(int=8)}),
        ("receiver_not_named", {"to": Receiver.joint, "org_unit": "P002"}),
        ("receiver_is_giver", {"to": Receiver.another_partnership, "receiver": PARTNERSHIP}),
        ("owner_outside", {"to": Receiver.another_service, "org_unit": "P002", "owner": LORCAN}),
    ],
)
def test_whoever_receives_an_action_is_named(code: str, what: dict[str, Any]) -> None:
    session = agreed()
    with refused(code):
        session.hand_over_action(stamp(), action=ACTION, **what)
    then(session)


class Todo:
    """A session that decided something, and the actions that follow."""

    def __init__(self, region: Region) -> None:
        self.region, self.people, self.verbs = region, People(region), region.sessions
        self.session = planned(region, self.people)
        invite(region, self.session, self.people.aoife)
        self.verbs.hold_session(command=hold(self.session, self.people.aoife), context=context())
        close = CloseDecision(session=self.session, title="Stairs", method=DecisionMethod.consent, outcome=DecisionOutcome.adopted)
        self.decision = made(self.verbs.close_decision(command=close, context=context()))

    def agree(self, title: str, due: date, side: OwnerSide = OwnerSide.joint, owner: UUID | None = None) -> UUID:
        what = AgreeAction(
            happened=MEETS, session=self.session, decision=self.decision, title=title, owner_side=side, owner=owner, original_due=due
        )
        return made(self.verbs.agree_action(command=what, context=context()))

    def listed(self, role: str = "partnership_coordinator", **how: Any) -> ActionPage:
        self.region.spread()
        return self.verbs.list_actions(query=ListActions(partnership=self.people.partnership, **how), context=context(role=role))

    def titles(self, **how: Any) -> list[str | None]:
        return [one.title for one in self.listed(**how).items]


@pytest.fixture
def todo(region: Region) -> Todo:
    return Todo(region)


def test_a_list_tells_what_is_open_and_what_is_overdue_by_the_day_it_was_first_promised_for(todo: Todo) -> None:
    late, moved, done = (todo.agree(title, DUE) for title in ("late", "moved", "done"))
    todo.agree("ours", DUE + timedelta(days=9), OwnerSide.lived_experience)
    away = todo.agree("away", DUE)
    move = MoveActionDueDate(happened=MEETS, session=todo.session, action=moved, due=DUE + timedelta(days=90))
    todo.verbs.move_action_due_date(command=move, context=context())
    todo.verbs.complete_action(command=CompleteAction(session=todo.session, action=done), context=context())
    block = BlockAction(session=todo.session, action=late, reason=BlockingReason.no_staff)
    todo.verbs.block_action(command=block, context=context())
    other = proposed(todo.region, "Sliabh")
    hand_over = HandOverAction(session=todo.session, action=away, to=Receiver.another_partnership, partnership=other)
    todo.verbs.hand_over_action(command=hand_over, context=context())
    assert len(todo.titles(on=DUE)) == 5
    assert set(todo.titles(on=DUE, open=True)) == {"late", "moved", "ours"}
    assert todo.titles(on=DUE, overdue=True) == []
    assert set(todo.titles(on=DUE + timedelta(days=1), overdue=True)) == {"late", "moved"}
    assert todo.titles(on=DUE, side=OwnerSide.lived_experience) == ["ours"]
    stages = {one.title: (one.stage, one.blocked_by, one.overdue) for one in todo.listed(on=DUE + timedelta(days=1)).items}
    assert stages["late"] == (ActionStage.blocked, BlockingReason.no_staff, True)
    assert stages["away"] == (ActionStage.handed_over, None, False)
    assert stages["done"] == (ActionStage.completed, None, False)


def test_without_a_day_a_list_is_of_today(todo: Todo) -> None:
    todo.verbs.clock = lambda: datetime(2025, 7, 1, 23, 30, tzinfo=UTC)
    todo.agree("due on the first", date(2025, 7, 1))
    page = todo.listed(overdue=True)
    assert (page.on, [one.title for one in page.items]) == (date(2025, 7, 2), ["due on the first"])


def test_a_list_goes_page_by_page(todo: Todo) -> None:
    for number in range(3):
        todo.agree(str(number), DUE + timedelta(days=number))
    first = todo.listed(limit=2)
    last = todo.listed(limit=2, after=first.next)
    assert [one.title for one in (*first.items, *last.items)] == ["0", "1", "2"]
    assert last.next is None


def test_titles_are_for_those_who_may_read_them(todo: Todo) -> None:
    todo.agree("a quieter corner", DUE)
    assert not opens("regional_approver", "sessions.read_titles", None)
    assert [one.title for one in todo.listed(role="regional_approver").items] == [None]


def test_a_proposal_that_is_agreed_is_one_action(todo: Todo) -> None:
    what = ProposeAction(
        happened=MEETS,
        session=todo.session,
        decision=todo.decision,
        title="A ramp",
        owner_side=OwnerSide.provider,
        owner=todo.people.lorcan,
        original_due=DUE,
    )
    action = made(todo.verbs.propose_action(command=what, context=context()))
    assert [one.stage for one in todo.listed().items] == [ActionStage.proposed]
    assert todo.titles(open=True) == []
    todo.verbs.accept_action(command=AcceptAction(session=todo.session, action=action), context=context())
    assert [(one.title, one.stage, one.owner) for one in todo.listed(open=True).items] == [
        ("A ramp", ActionStage.agreed, todo.people.lorcan)
    ]


def test_whoever_carries_an_action_is_a_member_and_whoever_receives_it_is_known(todo: Todo) -> None:
    with refused("not_a_member"):
        todo.agree("A ramp", DUE, owner=UUID(int=7))
    action = todo.agree("A ramp", DUE)
    with refused("no_such_partnership"):
        todo.verbs.hand_over_action(
            command=HandOverAction(session=todo.session, action=action, to=Receiver.another_partnership, partnership=UUID(int=7)),
            context=context(),
        )


def test_what_shows_that_it_was_done_is_told_to_those_who_may_read_it(todo: Todo) -> None:
    action = todo.agree("A ramp", DUE)
    done = CompleteAction(session=todo.session, action=action, evidence=EvidenceKind.statement_by_beneficiary, text="I come alone now.")
    todo.verbs.complete_action(command=done, context=context())
    told = todo.verbs.get_session(query=GetSession(session=todo.session), context=context()).actions[0]
    assert (told.stage, told.evidence, told.evidence_text) == (
        ActionStage.completed,
        EvidenceKind.statement_by_beneficiary,
        "I come alone now.",
    )
    hidden = todo.verbs.get_session(query=GetSession(session=todo.session), context=context(role="regional_approver")).actions[0]
    assert hidden.evidence_text is None
