"""How the ledger's entries are asked for, on any database: imported by the tests that give the fixtures of the ledger's suite."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from contracts.audit import DescribeEntries, EntriesOf, FindHead, FindMoment, GetDifference, LedgerFacts, ReplayPartnership
from contracts.model import Fact
from contracts.partnerships import PartnershipActivated, PartnershipProposed
from contracts.reporting import Figure, GetReport
from contracts.vocabulary import CoproductionLevel, SettingType
from services.audit.application.replays import Replays
from services.audit.ledger.tree import leaf_hash, root_of
from services.audit.views import Entries
from services.reporting.views import Dossiers
from shared import ranges
from shared.application import FactMapper
from shared.clock import fixed_width
from shared.database import Database
from shared.store import Recorder, Stored
from shared.views.rebuild import rebuild
from shared.views.scratch import folded
from tests.given import NOW, PARTNERSHIP, fact, refused
from tests.ledger_fixture import ORIGIN, SOURCE, Scene
from tests.propagation_fixture import REGION

OTHER = UUID(int=12)


class Asking:
    """A ledger of two partnerships' facts, and what audit answers about it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.asked: list[GetReport] = []
        self.replays = Replays(
            Entries(scene.database, ORIGIN), region=REGION, zone=ZoneInfo("Europe/Dublin"), figures=self.figures, clock=lambda: NOW
        )

    def figures(self, query: GetReport) -> Sequence[Figure]:
        self.asked.append(query)
        return ()

    def tell(self, *facts: Fact) -> None:
        stored = (FactMapper().to_stored_event(one) for one in facts)
        self.scene.store.append([Stored(one.originator_id, one.originator_version, one.topic, one.state) for one in stored])
        self.scene.learn()

    def publish(self) -> int:
        self.scene.publisher().publish()
        return self.scene.shown().size

    def witness(self, size: int, when: datetime) -> None:
        with self.scene.database.transaction() as tx:
            tx.execute("UPDATE checkpoint SET witnessed = :at WHERE size = :size", {"at": fixed_width(when), "size": size})

    def status(self, **moment: Any) -> str | None:
        return self.replays.replay_partnership(query=ReplayPartnership(partnership=PARTNERSHIP, **moment)).status


def told(kind: type[Fact], recorded: datetime = NOW, partnership: UUID = PARTNERSHIP, **what: Any) -> Fact:
    return fact(kind, stream=uuid4(), happened=NOW, partnership=partnership, **what).model_copy(update={"recorded": recorded})


def proposed(partnership: UUID = PARTNERSHIP) -> Fact:
    place: dict[str, Any] = {"name": "By the river", "org_unit": "ABH-1", "setting": SettingType.day_hospital}
    place["level"] = CoproductionLevel.strategic
    return told(PartnershipProposed, partnership=partnership, **place)


@pytest.fixture
def asking(database: Database, tmp_path: Path, store: Recorder) -> Asking:
    """Entries 2 and 4 are of the partnership, with a checkpoint at 3 and another at 4."""
    made = Asking(Scene(database, tmp_path, store))
    made.tell(proposed(), proposed(OTHER))
    made.publish()
    made.tell(told(PartnershipActivated, NOW + timedelta(hours=1)))
    made.publish()
    return made


def test_an_entry_means_all_up_to_it_and_none_after(asking: Asking) -> None:
    assert [asking.status(to_entry=entry) for entry in (2, 3, 4, 99)] == ["proposed", "proposed", "active", "active"]
    with refused("nothing_known"):
        asking.status(to_entry=1)


def test_without_witnesses_an_instant_goes_by_the_times_the_facts_name_and_says_so(asking: Asking) -> None:
    query = ReplayPartnership(partnership=PARTNERSHIP, as_known_at=NOW + timedelta(minutes=30))
    answer = asking.replays.replay_partnership(query=query)
    assert (answer.status, answer.moment.entries, answer.moment.witnessed) == ("proposed", 4, None)


def test_with_witnesses_an_instant_is_the_first_checkpoint_witnessed_then_or_later(asking: Asking) -> None:
    """Whatever times the facts in it name."""
    first, second = NOW + timedelta(days=1), NOW + timedelta(days=2)
    asking.witness(3, first)
    asking.witness(4, second)
    between = first + timedelta(seconds=1)
    for at, size, status in ((NOW, 3, "proposed"), (first, 3, "proposed"), (between, 4, "active"), (second, 4, "active")):
        answer = asking.replays.replay_partnership(query=ReplayPartnership(partnership=PARTNERSHIP, as_known_at=at))
        assert (answer.moment.entries, answer.status, answer.moment.witnessed) == (size, status, first if size == 3 else second)
    found = asking.replays.find_moment(query=FindMoment(as_known_at=first))
    assert (found.entries, found.witnessed) == (3, first)
    late = asking.replays.replay_partnership(query=ReplayPartnership(partnership=PARTNERSHIP, as_known_at=second + timedelta(days=1)))
    assert (late.moment.entries, late.moment.witnessed) == (4, None)


def test_an_entry_is_witnessed_by_any_later_checkpoint(asking: Asking) -> None:
    asking.witness(4, NOW)
    moment = asking.replays.replay_partnership(query=ReplayPartnership(partnership=PARTNERSHIP, to_entry=2)).moment
    assert (moment.entries, moment.witnessed) == (2, NOW)
    head = asking.replays.find_head(query=FindHead(entries=3))
    assert (head.size, head.witnessed) == (3, NOW)


def test_a_head_is_the_first_checkpoint_that_holds_so_many(asking: Asking) -> None:
    lines = asking.scene.lines()
    for entries, size in ((1, 3), (3, 3), (4, 4), (None, 4)):
        head = asking.replays.find_head(query=FindHead(entries=entries))
        assert (head.origin, head.size, head.root) == (ORIGIN, size, root_of(map(leaf_hash, lines[:size])).hex())
    with refused("no_such_entry"):
        asking.replays.find_head(query=FindHead(entries=5))


def test_what_is_not_signed_yet_is_waited_for_a_little(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    asking.tell(told(PartnershipActivated))
    monkeypatch.setattr("services.audit.application.replays._LOOK_SECONDS", 0.001)
    with refused("not_signed_yet"):
        asking.replays.find_head(query=FindHead())
    monkeypatch.setattr("time.sleep", lambda seconds: seconds and asking.publish())
    assert asking.replays.find_head(query=FindHead()).size == 5


def test_entries_of_a_partnership_come_in_pages_with_their_places(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.audit.application.replays._PAGE", 1)
    lines = asking.scene.lines()
    first = asking.replays.entries_of(query=EntriesOf(partnership=PARTNERSHIP, to_entry=4))
    assert first == b"2 %s 1 %s" % (SOURCE.encode(), lines[1])
    assert asking.replays.entries_of(query=EntriesOf(partnership=PARTNERSHIP, after=2, to_entry=4)).startswith(b"4 ")
    assert asking.replays.entries_of(query=EntriesOf(partnership=PARTNERSHIP, after=2, to_entry=3)) == b""


def test_entries_are_described_in_the_order_asked_for(asking: Asking) -> None:
    found = asking.replays.describe_entries(query=DescribeEntries(numbers=(4, 2, 99))).items
    assert [(one.number, one.position, one.says[:11], one.proof) for one in found] == [
        (4, 3, "partnership", "/v1/audit/entries/4/proof"),
        (2, 1, "partnership", "/v1/audit/entries/2/proof"),
    ]


def test_what_a_left_store_told_counts_until_it_was_left(asking: Asking, other_store: Recorder) -> None:
    """Restored from a back-up without its last fact, the source goes on; what was known before stays as it was known then."""
    scene = asking.scene
    for row in scene.store.read(0, 2):
        other_store.append([Stored(row.stream, row.version, row.type, row.state)])
    scene.store = other_store
    scene.ledger.accept(REGION, SOURCE, other_store.store_id, 2, actor="administrator", reason="restored")
    assert [asking.status(to_entry=entry) for entry in (4, 5)] == ["active", "proposed"]
    asking.tell(told(PartnershipActivated))
    assert asking.status() == "active"
    assert asking.replays.replay_partnership(query=ReplayPartnership(partnership=PARTNERSHIP)).entries == 2


def test_the_ledger_tells_of_a_source_what_the_source_would(asking: Asking) -> None:
    answer = ranges.unpack(asking.replays.ledger_facts(query=LedgerFacts(source=SOURCE, after=1)))
    assert answer == ranges.after(asking.scene.store, REGION, SOURCE, 1)
    assert ranges.unpack(asking.replays.ledger_facts(query=LedgerFacts(source=SOURCE, after=3))).lines == []


def test_the_first_entries_tell_of_a_source_what_they_hold(asking: Asking) -> None:
    def positions(to_entry: int) -> list[int]:
        answer = ranges.unpack(asking.replays.ledger_facts(query=LedgerFacts(source=SOURCE, after=0, to_entry=to_entry)))
        return [seen.position for seen in ranges.facts(answer)]

    assert [positions(entry) for entry in (0, 1, 2, 3, 4)] == [[], [], [1], [1, 2], [1, 2, 3]]


def test_a_view_as_of_an_entry_is_folded_apart(asking: Asking) -> None:
    entries = Entries(asking.scene.database, ORIGIN)
    view = replace(Dossiers.view, sources=(SOURCE,))

    def rows(to_entry: int) -> list[tuple[str, int]]:
        [(table, found)] = folded(view, lambda source, after, limit: entries.held(REGION, source, after, limit, to_entry))
        assert table == "dossier"
        return sorted((row["partnership"], row["position"]) for row in found)

    assert rows(3) == sorted([(str(PARTNERSHIP), 1), (str(OTHER), 2)])
    assert len(rows(4)) == 3


def test_a_view_folded_from_the_ledger_equals_the_live_one_until_somebody_changes_a_row(asking: Asking) -> None:
    database, entries = asking.scene.database, Entries(asking.scene.database, ORIGIN)
    view = replace(Dossiers.view, sources=(SOURCE,))
    view.define(database)

    def held(source: str, after: int, limit: int) -> ranges.Range:
        return entries.held(REGION, source, after, limit)

    rebuild(database, view, asking.scene.fetch)
    assert rebuild(database, view, held, swap=False).equal
    with database.transaction() as tx:
        tx.execute("UPDATE dossier SET type = 'x' WHERE position = 2")
    compared = rebuild(database, view, held, swap=False)
    assert not compared.equal
    assert database.rows("SELECT type FROM dossier WHERE position = 2") == [("x",)]


def test_a_difference_asks_for_the_figures_of_both_moments(asking: Asking) -> None:
    told_ = asking.replays.get_difference(query=GetDifference(partnership=PARTNERSHIP, from_entry=2, to_entry=4))
    assert told_.changes == ("the partnership became active (it was proposed)",)
    assert [(query.as_of_entry, query.period) for query in asking.asked] == [(2, "2025"), (4, "2025")]
    with refused("nothing_known"):
        asking.replays.get_difference(query=GetDifference(partnership=UUID(int=99), from_entry=2))
