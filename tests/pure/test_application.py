"""What stands around every use case, shown on partnerships and a store of its own."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from contracts.errors import Conflict
from contracts.model import Receipt
from contracts.partnerships import (
    ActivatePartnership,
    AddMember,
    AdoptRateCard,
    AgreeTermsOfReference,
    ClosePartnership,
    EndMembership,
    GetPartnership,
    MemberJoined,
    NameCoChair,
    ProposePartnership,
    Rate,
)
from contracts.vocabulary import (
    ClosureReason,
    CoproductionLevel,
    MembershipEndReason,
    ParticipantRole,
    PartnershipStatus,
    PaymentKind,
    Perspective,
    SettingType,
)
from services.partnerships.application import Partnerships
from shared.application import Words
from shared.context import acting
from shared.store import Outcome, Recorder, open_store
from tests.given import Region, context, refused, sealer, stored

PROPOSE = ProposePartnership(
    name="Abhainn Recovery Partnership", org_unit="ABH-IHA1", setting=SettingType.day_hospital, level=CoproductionLevel.strategic
)


@pytest.fixture
def partnerships(region: Region) -> Partnerships:
    return region.partnerships


@pytest.fixture
def store(region: Region) -> Recorder:
    return region.stores["partnerships"]


@pytest.fixture
def partnership(partnerships: Partnerships) -> UUID:
    return partnerships.propose_partnership(command=PROPOSE, context=context()).id


def add(partnership: UUID, name: str = "Aoife") -> AddMember:
    return AddMember(partnership=partnership, name=name, role=ParticipantRole.service_user, perspective=Perspective.lived_experience_self)


def close(partnership: UUID, reason: ClosureReason = ClosureReason.merged) -> ClosePartnership:
    return ClosePartnership(partnership=partnership, reason=reason)


def test_a_command_becomes_facts_and_a_receipt_that_says_where_they_are(
    partnerships: Partnerships, store: Recorder, partnership: UUID
) -> None:
    by = context()
    receipt = partnerships.add_member(command=add(partnership), context=by)
    (row,) = store.read(1, 10)
    assert receipt == Receipt(id=partnership, made=receipt.made, version=2, source="partnerships", position=2)
    assert (row.position, row.stream, row.version, row.type) == (2, partnership, 2, "partnerships.MemberJoined.v1")
    joined = stored(store)[1]
    assert (joined.member, joined.causation, joined.correlation, joined.actor) == (receipt.made, by.command, by.correlation, by.actor)


def test_who_acts_may_stand_around_the_call(partnerships: Partnerships) -> None:
    with acting(context()):
        receipt = partnerships.propose_partnership(command=PROPOSE)
    assert receipt.position == 1


def test_nobody_acts_without_saying_for_whom(partnerships: Partnerships, store: Recorder) -> None:
    with pytest.raises(AssertionError, match="carried out for somebody"):
        partnerships.propose_partnership(command=PROPOSE)
    assert store.head() == 0


def test_the_same_command_again_is_the_same_receipt(partnerships: Partnerships, store: Recorder, partnership: UUID) -> None:
    by = context()
    first = partnerships.add_member(command=add(partnership), context=by)
    partnerships.add_member(command=add(partnership, "Bríd"), context=context())
    assert partnerships.add_member(command=add(partnership), context=by) == first
    assert store.head() == 3


def test_the_same_command_again_is_the_same_receipt_when_it_would_be_refused_now(
    partnerships: Partnerships, store: Recorder, partnership: UUID
) -> None:
    by = context()
    first = partnerships.close_partnership(command=close(partnership), context=by)
    with refused("partnership_closed"):
        partnerships.close_partnership(command=close(partnership, ClosureReason.other), context=context())
    assert partnerships.close_partnership(command=close(partnership), context=by) == first
    assert store.head() == 2


def test_the_same_command_again_is_the_same_receipt_through_another_copy_of_the_service(
    region: Region, partnerships: Partnerships, partnership: UUID, tmp_path: Path
) -> None:
    by = context()
    first = partnerships.add_member(command=add(partnership), context=by)
    with closing(open_store(f"sqlite:///{tmp_path}/partnerships.db")) as store:
        copy = region.another_partnerships(store)
        assert copy.add_member(command=add(partnership), context=by) == first


def test_a_command_that_changed_nothing_is_remembered_all_the_same(partnerships: Partnerships, store: Recorder, partnership: UUID) -> None:
    member = partnerships.add_member(command=add(partnership), context=context()).made
    assert member
    partnerships.name_co_chair(command=NameCoChair(partnership=partnership, member=member), context=context())
    by = context()
    again = partnerships.name_co_chair(command=NameCoChair(partnership=partnership, member=member), context=by)
    assert (again.version, again.position, store.head()) == (3, 3, 3)
    partnerships.add_member(command=add(partnership), context=context())
    assert partnerships.name_co_chair(command=NameCoChair(partnership=partnership, member=member), context=by) == again


@pytest.mark.parametrize("other", [lambda partnership: add(partnership, "Bríd"), close], ids=["other words", "other verb"])
def test_an_idempotency_key_is_not_used_for_something_else(
    partnerships: Partnerships, store: Recorder, partnership: UUID, other: Callable[[UUID], AddMember | ClosePartnership]
) -> None:
    by = context()
    partnerships.add_member(command=add(partnership), context=by)
    command = other(partnership)
    verb = partnerships.add_member if isinstance(command, AddMember) else partnerships.close_partnership
    with refused("idempotency_key_reused"):
        verb(command=command, context=by)
    assert store.head() == 2


def test_an_idempotency_key_is_not_used_for_something_else_that_would_be_refused_anyway(
    partnerships: Partnerships, partnership: UUID
) -> None:
    by = context()
    partnerships.add_member(command=add(partnership), context=by)
    with refused("idempotency_key_reused"):
        partnerships.activate_partnership(command=ActivatePartnership(partnership=partnership), context=by)


def test_who_decides_on_what_has_changed_since_reads_again(partnerships: Partnerships, store: Recorder, partnership: UUID) -> None:
    partnerships.add_member(command=add(partnership), context=context(expected=1))
    with refused("stale_version"):
        partnerships.add_member(command=add(partnership), context=context(expected=1))
    assert store.head() == 2


def test_who_has_seen_more_than_there_is_reads_again_too(partnerships: Partnerships, store: Recorder, partnership: UUID) -> None:
    rates = (Rate(kind=PaymentKind.honorarium, amount=Decimal("75.00")),)
    adopt = AdoptRateCard(partnership=partnership, edition=1, currency="EUR", rates=rates)
    with refused("stale_version"):
        partnerships.adopt_rate_card(command=adopt, context=context(expected=1))
    assert store.head() == 1
    assert partnerships.adopt_rate_card(command=adopt, context=context(expected=0)).version == 1


def test_what_does_not_exist_is_not_found(partnerships: Partnerships, store: Recorder) -> None:
    with refused("not_found") as refusal:
        partnerships.add_member(command=add(uuid4()), context=context())
    assert refusal.value.errors[0].pointer == "/partnership"
    assert store.head() == 0


def test_what_has_not_happened_yet_is_refused_and_what_clocks_disagree_about_is_not(partnerships: Partnerships, store: Recorder) -> None:
    now = datetime(2025, 1, 15, 10, tzinfo=UTC)
    partnerships.clock = lambda: now
    with refused("in_the_future"):
        partnerships.propose_partnership(command=PROPOSE.model_copy(update={"happened": now + timedelta(minutes=6)}), context=context())
    assert store.head() == 0
    partnerships.propose_partnership(command=PROPOSE.model_copy(update={"happened": now + timedelta(minutes=4)}), context=context())
    assert store.head() == 1


def test_a_fact_tells_when_it_was_true_and_when_it_was_learned(partnerships: Partnerships, store: Recorder) -> None:
    happened, now = datetime(2025, 1, 15, 10, tzinfo=UTC), datetime(2025, 1, 20, 9, tzinfo=UTC)
    partnerships.clock = lambda: now
    partnerships.propose_partnership(command=PROPOSE.model_copy(update={"happened": happened}), context=context())
    (fact,) = stored(store)
    assert (fact.happened, fact.recorded) == (happened, now)


def test_nothing_is_stored_of_what_is_refused(partnerships: Partnerships, store: Recorder, partnership: UUID) -> None:
    by = context()
    with refused("terms_not_agreed"):
        partnerships.activate_partnership(command=ActivatePartnership(partnership=partnership), context=by)
    assert (store.head(), store.outcome(by.command)) == (1, None)
    partnerships.close_partnership(command=close(partnership), context=by)


class Rival:
    """A store in front of which somebody else is always a moment faster, `times` times."""

    def __init__(self, store: Recorder, rival: Callable[[], object], times: int) -> None:
        self._store, self._rival, self.left = store, rival, times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def append(self, *args: object, **kwargs: object) -> Outcome:
        if self.left:
            self.left -= 1
            self._rival()
        return self._store.append(*args, **kwargs)  # type: ignore[arg-type]


@pytest.fixture
def raced(region: Region, partnership: UUID) -> Callable[[Callable[[], object], int], Partnerships]:
    """Another copy of the service, which loses races."""

    def make(rival: Callable[[], object], times: int) -> Partnerships:
        slow = Rival(region.stores["partnerships"], rival, times)
        return region.another_partnerships(slow)  # type: ignore[arg-type]

    return make


Raced = Callable[[Callable[[], object], int], Partnerships]


def test_a_lost_race_is_decided_anew_on_what_is_true_now(
    partnerships: Partnerships, store: Recorder, partnership: UUID, raced: Raced
) -> None:
    slow = raced(lambda: partnerships.add_member(command=add(partnership, "Bríd"), context=context()), 2)
    receipt = slow.add_member(command=add(partnership), context=context())
    assert (receipt.version, receipt.position, store.head()) == (4, 4, 4)


def test_a_race_lost_to_the_same_decision_is_refused_by_the_rule_and_not_stored(
    partnerships: Partnerships, store: Recorder, partnership: UUID, raced: Raced
) -> None:
    slow = raced(lambda: partnerships.close_partnership(command=close(partnership), context=context()), 1)
    with refused("partnership_closed"):
        slow.close_partnership(command=close(partnership, ClosureReason.other), context=context())
    assert store.head() == 2


def test_the_same_command_through_two_copies_at_once_is_done_once(
    partnerships: Partnerships, store: Recorder, partnership: UUID, raced: Raced
) -> None:
    by = context()
    answers: list[Receipt] = []
    slow = raced(lambda: answers.append(partnerships.close_partnership(command=close(partnership), context=by)), 1)
    assert [slow.close_partnership(command=close(partnership), context=by)] == answers
    assert store.head() == 2


def test_who_named_a_version_loses_a_race_for_good(partnerships: Partnerships, store: Recorder, partnership: UUID, raced: Raced) -> None:
    slow = raced(lambda: partnerships.add_member(command=add(partnership, "Bríd"), context=context()), 1)
    with refused("stale_version"):
        slow.add_member(command=add(partnership), context=context(expected=1))
    assert store.head() == 2


def test_who_loses_every_race_is_told_so(partnerships: Partnerships, partnership: UUID, raced: Raced) -> None:
    slow = raced(lambda: partnerships.add_member(command=add(partnership, "Bríd"), context=context()), 100)
    with pytest.raises(Conflict):
        slow.add_member(command=add(partnership), context=context())


ROOT = Path(__file__).parents[2]
KILLED = """
import os, sys
from contextlib import closing
from pathlib import Path
from uuid import UUID
from tests.given import Region, context
from tests.pure.test_application import add
region = Region(Path(sys.argv[1]))
region.stores["partnerships"].append = lambda *args, **kwargs: os._exit(9)
region.partnerships.add_member(command=add(UUID(sys.argv[2])), context=context(command=UUID(sys.argv[3])))
"""


def test_killed_before_the_commit_a_command_leaves_a_key_of_nobody_and_can_be_sent_again(
    region: Region, partnerships: Partnerships, store: Recorder, partnership: UUID, tmp_path: Path
) -> None:
    command = uuid4()
    died = subprocess.run([sys.executable, "-c", KILLED, tmp_path, str(partnership), str(command)], cwd=ROOT, check=False)
    assert died.returncode == 9
    assert (store.head(), store.outcome(command)) == (1, None)
    assert sealed_boxes(tmp_path) == 0
    receipt = partnerships.add_member(command=add(partnership), context=context(command=command))
    assert receipt.made
    assert sealer(tmp_path, "partnerships").keys.existing([receipt.made])
    assert sealed_boxes(tmp_path) == 1


def sealed_boxes(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "partnerships.db")) as connection:
        count: int = connection.execute("SELECT count(*) FROM sealed").fetchone()[0]
    return count


def test_names_are_read_by_those_who_may(partnerships: Partnerships, partnership: UUID) -> None:
    partnerships.add_member(command=add(partnership), context=context())
    query = GetPartnership(partnership=partnership)
    assert [member.name for member in partnerships.get_partnership(query=query, context=context()).members] == ["Aoife"]
    assert [member.name for member in partnerships.get_partnership(query=query, context=context(role="governance_auditor")).members] == [
        None
    ]


def test_what_only_the_second_telling_asks_for_is_opened_alone(partnerships: Partnerships, store: Recorder, partnership: UUID) -> None:
    """Between learning which words are wanted and telling them, something new may have come in."""
    for name in ("Aoife", "Bríd"):
        partnerships.add_member(command=add(partnership, name), context=context())
    parts = [fact.name for fact in stored(store) if isinstance(fact, MemberJoined)]
    tellings = iter((parts[:1], parts))

    def tell(words: Words) -> list[str | None]:
        return [words(part, stream=partnership, field="name") for part in next(tellings)]

    assert partnerships.opened(tell, read=True) == ["Aoife", "Bríd"]


def test_nothing_is_opened_for_those_who_may_not_read(partnerships: Partnerships, store: Recorder, partnership: UUID) -> None:
    partnerships.add_member(command=add(partnership), context=context())
    [part] = [fact.name for fact in stored(store) if isinstance(fact, MemberJoined)]
    assert partnerships.opened(lambda words: words(part, stream=partnership, field="name"), read=False) is None
    assert partnerships.opened(lambda words: words(part, stream=partnership, field="name"), read=True) == "Aoife"


def test_a_whole_partnership_comes_about_by_commands(partnerships: Partnerships, partnership: UUID) -> None:
    members = [
        partnerships.add_member(command=add(partnership).model_copy(update={"perspective": side}), context=context()).made
        for side in (Perspective.lived_experience_self, Perspective.leadership)
    ]
    for member in filter(None, members):
        partnerships.name_co_chair(command=NameCoChair(partnership=partnership, member=member), context=context())
    terms = AgreeTermsOfReference(partnership=partnership, edition=1, document="a3" * 32)
    partnerships.agree_terms_of_reference(command=terms, context=context())
    partnerships.activate_partnership(command=ActivatePartnership(partnership=partnership), context=context())
    end = EndMembership(partnership=partnership, member=members[1] or uuid4(), reason=MembershipEndReason.end_of_term)
    receipt = partnerships.end_membership(command=end, context=context())
    detail = partnerships.get_partnership(query=GetPartnership(partnership=partnership), context=context())
    assert (detail.status, detail.version, receipt.version) == (PartnershipStatus.active, 8, 8)
    assert [member.end_reason for member in detail.members] == [None, MembershipEndReason.end_of_term]
