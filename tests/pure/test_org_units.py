"""The register of units: what lies in what on which day, who took over from whom, and what a partnership may name."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from contracts.model import Fact
from contracts.partnerships import (
    BindOrgUnits,
    CorrectOrgUnit,
    EndingOrgUnit,
    EndOrgUnit,
    GetOrgUnit,
    GetPartnership,
    ListOrgUnits,
    ListPartnerships,
    MoveOrgUnit,
    MovingOrgUnit,
    NewOrgUnit,
    OpenOrgUnit,
    OrgUnitMoved,
    OrgUnitOpened,
    PlacePartnership,
    ProposePartnership,
    RenameOrgUnit,
    ReorganiseOrgUnits,
)
from contracts.vocabulary import CoproductionLevel, OrgUnitEntryKind, OrgUnitLevel, SettingType
from deploy.client import Refused
from deploy.org_units import Row, WrongFile, rows, take_in
from services.partnerships.domain import OrgUnits
from tests.given import NOW, STREAM, Region, context, fact, given, refused, stamp, then
from tests.pure.test_aggregates_replay import LONG, Replayed

FIRST, SPLIT, LATER = date(2024, 3, 1), date(2025, 1, 1), date(2025, 6, 1)
L = OrgUnitLevel


def opened(unit: str, level: OrgUnitLevel, parent: str | None, on: date = FIRST, name: str = "Unit") -> Fact:
    return fact(OrgUnitOpened, unit=unit, on=on, level=level, name=name, parent=parent)


def new(unit: str, level: OrgUnitLevel, parent: str | None) -> NewOrgUnit:
    return NewOrgUnit(unit=unit, level=level, name="Unit", parent=parent)


TREE = (opened("NAT", L.national, None), opened("REG", L.region, "NAT"), opened("AREA", L.area, "REG"), opened("TEAM", L.service, "AREA"))
ENDED: Any = {"unit": "AREA", "successors": ("NORTH", "SOUTH")}


def register(*facts: Fact) -> OrgUnits:
    return given(OrgUnits, *TREE, *facts)


def codes(units: OrgUnits, on: date) -> list[str]:
    return [unit.code for _, unit in units.units.tree(on)]


def test_a_unit_is_opened_once_and_its_code_is_never_given_to_another() -> None:
    units = register()
    units.open(stamp(), on=FIRST, unit=new("TEAM", L.service, "AREA"))
    units.open(stamp(), on=FIRST, unit=new("WARD", L.service, "REG"))
    then(units, opened("WARD", L.service, "REG"))
    with refused("unit_exists"):
        units.open(stamp(), on=LATER, unit=new("TEAM", L.service, "AREA"))


@pytest.mark.parametrize(
    ("level", "parent", "code"),
    [(L.area, None, "unit_without_parent"), (L.area, "MOON", "parent_not_valid"), (L.area, "TEAM", "parent_not_above")],
)
def test_a_unit_lies_in_a_valid_one_of_a_higher_level(level: OrgUnitLevel, parent: str | None, code: str) -> None:
    with refused(code):
        register().open(stamp(), on=FIRST, unit=new("WARD", level, parent))


def test_a_unit_does_not_begin_before_the_one_it_lies_in() -> None:
    with refused("parent_not_valid"):
        register().open(stamp(), on=FIRST - timedelta(days=1), unit=new("WARD", L.service, "AREA"))


def test_a_split_names_its_successors_and_where_everything_goes() -> None:
    units = register()
    with refused("parent_not_valid"):
        units.reorganise(
            stamp(), on=SPLIT, opened=[new("NORTH", L.area, "REG"), new("SOUTH", L.area, "REG")], ended=[EndingOrgUnit(**ENDED)]
        )
    assert not units.collect_events()
    for _ in range(2):
        units.reorganise(
            stamp(),
            on=SPLIT,
            opened=[new("NORTH", L.area, "REG"), new("SOUTH", L.area, "REG")],
            moved=[MovingOrgUnit(unit="TEAM", parent="SOUTH")],
            ended=[EndingOrgUnit(**ENDED)],
        )
    assert units.version == len(TREE) + 4
    assert codes(units, SPLIT - timedelta(days=1)) == ["NAT", "REG", "AREA", "TEAM"]
    assert codes(units, SPLIT) == ["NAT", "REG", "NORTH", "SOUTH", "TEAM"]
    assert (units.units.successors("AREA"), units.units.predecessors("NORTH")) == (("NORTH", "SOUTH"), ("AREA",))
    with refused("unit_ended"):
        units.reorganise(stamp(), on=LATER, ended=[EndingOrgUnit(**ENDED)])


def test_what_lies_in_merged_units_follows_the_one_that_takes_over() -> None:
    units = register(opened("AREA2", L.area, "REG"), opened("WARD", L.service, "AREA2"))
    both = [EndingOrgUnit(unit=unit, successors=("AREA3",)) for unit in ("AREA", "AREA2")]
    units.reorganise(stamp(), on=SPLIT, opened=[new("AREA3", L.area, "REG")], ended=both)
    assert codes(units, SPLIT) == ["NAT", "REG", "AREA3", "TEAM", "WARD"]
    assert units.units.heirs("AREA", LATER) == ("AREA3",)


def test_nothing_is_left_in_a_unit_that_ends_and_nobody_takes_over_who_is_not_there() -> None:
    with refused("parent_not_valid"):
        register().reorganise(stamp(), on=SPLIT, ended=[EndingOrgUnit(unit="AREA")])
    for successor in ("TEAM", "MOON"):
        with refused("successor_not_valid"):
            register().reorganise(stamp(), on=SPLIT, ended=[EndingOrgUnit(unit="TEAM", successors=(successor,))])
    with refused("no_such_unit"):
        register().reorganise(stamp(), on=SPLIT, ended=[EndingOrgUnit(unit="MOON")])


def test_nothing_is_recorded_of_a_unit_outside_its_life() -> None:
    units = register()
    units.reorganise(stamp(), on=SPLIT, ended=[EndingOrgUnit(unit="TEAM")])
    for day in (FIRST - timedelta(days=1), LATER):
        with refused("outside_its_life"):
            units.rename(stamp(), unit="TEAM", name="Other", on=day)


def test_a_correction_holds_as_if_it_had_been_so_from_the_first() -> None:
    units = register(opened("AREA2", L.area, "REG", on=SPLIT), fact(OrgUnitMoved, unit="TEAM", on=LATER, parent="AREA2"))
    what: Any = {"on": None, "name": None, "parent": None, "successors": None, "never": False}
    for _ in range(2):
        units.correct(stamp(), unit="TEAM", entry=6, **{**what, "on": SPLIT})
    assert units.version == 7
    assert units.units.valid("TEAM", SPLIT) == units.units.unit("TEAM")
    units.correct(stamp(), unit="TEAM", entry=6, **{**what, "never": True})
    moved = units.units.valid("TEAM", LATER)
    assert moved is not None
    assert moved.parent == "AREA"
    with refused("parent_not_valid"):
        units.correct(stamp(), unit="REG", entry=2, **{**what, "on": SPLIT})
    with refused("entry_says_no_such_thing"):
        units.correct(stamp(), unit="REG", entry=2, **{**what, "successors": ()})
    with refused("no_such_entry"):
        units.correct(stamp(), unit="REG", entry=1, **what)


def told(region: Region) -> None:
    """A nation, a region, two teams; one moves, one is renamed, both become one."""
    verbs = region.partnerships
    for unit, level, parent in (
        ("NAT", L.national, None),
        ("REG", L.region, "NAT"),
        ("TEAM", L.service, "REG"),
        ("WARD", L.service, "REG"),
    ):
        verbs.open_org_unit(command=OpenOrgUnit(unit=unit, level=level, name="Unit", parent=parent, on=FIRST), context=context())
    verbs.open_org_unit(command=OpenOrgUnit(unit="AREA", level=L.area, name="Area", parent="REG", on=FIRST), context=context())
    verbs.move_org_unit(command=MoveOrgUnit(unit="TEAM", parent="AREA", on=FIRST + timedelta(days=5)), context=context())
    verbs.rename_org_unit(command=RenameOrgUnit(unit="WARD", name="Hill ward", on=FIRST + timedelta(days=9)), context=context())


def proposal(org_unit: str, **other: Any) -> ProposePartnership:
    return ProposePartnership(
        name="Abhainn", org_unit=org_unit, setting=SettingType.camhs, level=CoproductionLevel.strategic, happened=NOW, **other
    )


def test_a_partnership_works_in_a_unit_that_is_valid_on_the_day_and_follows_a_reorganisation(region: Region) -> None:
    verbs = region.partnerships
    elsewhere = verbs.propose_partnership(command=proposal("ABH-1"), context=context()).id
    with refused("register_empty"):
        verbs.bind_org_units(command=BindOrgUnits(), context=context())
    told(region)
    there = verbs.propose_partnership(command=proposal("TEAM"), context=context()).id
    verbs.end_org_unit(command=EndOrgUnit(unit="TEAM", on=NOW.date(), successors=("WARD",)), context=context())
    with refused("org_unit_not_valid"):
        verbs.propose_partnership(command=proposal("TEAM"), context=context())
    verbs.place_partnership(command=PlacePartnership(partnership=there, org_unit="WARD"), context=context())
    verbs.place_partnership(command=PlacePartnership(partnership=there, org_unit="WARD"), context=context())
    told_now = verbs.get_partnership(query=GetPartnership(partnership=there), context=context())
    assert (told_now.org_unit, told_now.version) == ("WARD", 2)
    verbs.propose_partnership(command=proposal("ABH-2"), context=context())
    for _ in range(2):
        verbs.bind_org_units(command=BindOrgUnits(), context=context())
    with refused("org_unit_unknown"):
        verbs.propose_partnership(command=proposal("ABH-3"), context=context())
    region.spread()
    listed = {one.id: one.org_unit for one in verbs.list_partnerships(query=ListPartnerships()).items}
    assert (listed[elsewhere], listed[there]) == ("ABH-1", "WARD")


def test_the_register_tells_what_was_so_and_what_was_known(region: Region) -> None:
    verbs = region.partnerships
    verbs.clock = lambda: datetime(2025, 1, 1, tzinfo=UTC)
    told(region)
    verbs.clock = lambda: datetime(2025, 2, 1, tzinfo=UTC)
    merged = ReorganiseOrgUnits(
        on=SPLIT,
        opened=(new("TEAMS", L.service, "AREA"),),
        ended=tuple(EndingOrgUnit(unit=unit, successors=("TEAMS",)) for unit in ("TEAM", "WARD")),
    )
    verbs.reorganise_org_units(command=merged, context=context())
    now = verbs.list_org_units(query=ListOrgUnits(on=SPLIT))
    assert [(row.depth, row.unit) for row in now.units] == [(0, "NAT"), (1, "REG"), (2, "AREA"), (3, "TEAMS")]
    before = verbs.list_org_units(query=ListOrgUnits(on=SPLIT, known_at=datetime(2025, 1, 15, tzinfo=UTC)))
    assert [row.unit for row in before.units] == ["NAT", "REG", "AREA", "TEAM", "WARD"]
    assert verbs.list_org_units(query=ListOrgUnits(known_at=datetime(2024, 1, 1, tzinfo=UTC))).units == ()
    ward = verbs.get_org_unit(query=GetOrgUnit(unit="WARD"))
    assert (ward.name, ward.until, ward.successors) == ("Hill ward", SPLIT, ("TEAMS",))
    assert [entry.kind for entry in ward.entries] == [OrgUnitEntryKind.opened, OrgUnitEntryKind.renamed, OrgUnitEntryKind.ended]
    assert verbs.get_org_unit(query=GetOrgUnit(unit="TEAMS")).predecessors == ("TEAM", "WARD")
    never = CorrectOrgUnit(unit="WARD", entry=ward.entries[-1].entry, never=True)
    verbs.correct_org_unit(command=never, context=context())
    assert verbs.get_org_unit(query=GetOrgUnit(unit="WARD")).until is None
    with refused("no_such_unit"):
        verbs.get_org_unit(query=GetOrgUnit(unit="MOON"))


class Api:
    """The register over a client, without a network."""

    def __init__(self, region: Region) -> None:
        self._verbs = region.partnerships

    def get(self, _: str) -> Any:
        return self._verbs.list_org_units(query=ListOrgUnits()).model_dump()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        if body.get("level") == "moon":
            raise Refused(400, {"code": "invalid_message"})
        if path.endswith("/end"):
            done = self._verbs.end_org_unit(command=EndOrgUnit(unit=path.split("/")[-2], **body), context=context())
        else:
            done = self._verbs.open_org_unit(command=OpenOrgUnit(**{**body, "level": L(body["level"])}), context=context())
        return done.model_dump()


FILE = """unit,level,name,parent,from,until,successors
TEAM,service,Loch Dubh team,AREA,2024-03-01,2025-10-01,LAKES
LAKES,service,Lakes team,AREA,2025-10-01,,
AREA,area,Area one,REG,2024-03-01,,
REG,region,Abhainn,,2024-03-01,,
MOON,moon,The moon,REG,2024-03-01,,
"""


def test_a_file_in_any_order_is_taken_in_once(tmp_path: Path, region: Region) -> None:
    (file := tmp_path / "units.csv").write_text(FILE)
    api: Any = Api(region)
    done = take_in(rows(file), api, lambda *_: None)
    assert (done["read"], done["stored"], done["known"], done["refused"]) == (5, 4, 0, 1)
    assert [line for line, _ in done["refusals"]] == [6]
    again = take_in(rows(file), api, lambda *_: None)
    assert (again["read"], again["stored"], again["known"], again["refused"]) == (5, 0, 4, 1)
    assert region.partnerships.get_org_unit(query=GetOrgUnit(unit="TEAM")).successors == ("LAKES",)


def test_a_list_in_json_is_read_as_well_and_anything_else_is_no_list(tmp_path: Path) -> None:
    (good := tmp_path / "units.json").write_text('[{"unit":"REG","level":"region","name":"Abhainn","from":"2024-03-01"}]')
    assert rows(good) == [Row(1, "REG", "region", "Abhainn", None, "2024-03-01", None, ())]
    for name, text in (("a.json", "{"), ("b.json", "[3]"), ("c.csv", "code;name\n")):
        (bad := tmp_path / name).write_text(text)
        with pytest.raises(WrongFile):
            rows(bad)


DAYS = [date(2025, 1, day) for day in (1, 2, 3, 4)]
units = st.sampled_from(["A", "B", "C", "D"])
days = st.sampled_from(DAYS)
NOTHING: Any = {"on": None, "name": None, "parent": None, "successors": None, "never": False}


class RegisterReplayed(Replayed):
    """Whatever is entered and corrected, in whatever order: no unit ever lies where none is."""

    live: OrgUnits

    @initialize()
    def begin(self) -> None:
        self.live = OrgUnits(STREAM)
        for unit, level, parent in (("A", L.national, None), ("B", L.region, "A"), ("C", L.area, "B"), ("D", L.area, "B")):
            self.open(unit, level, parent, DAYS[0])

    @rule(unit=units, level=st.sampled_from(OrgUnitLevel), parent=units | st.none(), on=days)
    def open(self, unit: str, level: OrgUnitLevel, parent: str | None, on: date) -> None:
        self.ask(lambda: self.live.open(stamp(), on=on, unit=new(unit, level, parent)))

    @rule(unit=units, on=days, name=st.sampled_from(["One", "Two"]))
    def rename(self, unit: str, on: date, name: str) -> None:
        self.ask(lambda: self.live.rename(stamp(), unit=unit, name=name, on=on))

    @rule(unit=units, parent=units, on=days)
    def move(self, unit: str, parent: str, on: date) -> None:
        self.ask(lambda: self.live.reorganise(stamp(), on=on, moved=[MovingOrgUnit(unit=unit, parent=parent)]))

    @rule(unit=units, successors=st.lists(units, max_size=2, unique=True), on=days)
    def end(self, unit: str, successors: list[str], on: date) -> None:
        self.ask(lambda: self.live.reorganise(stamp(), on=on, ended=[EndingOrgUnit(unit=unit, successors=tuple(successors))]))

    @rule(entry=st.integers(1, 12), on=days | st.none(), never=st.booleans())
    def correct(self, entry: int, on: date | None, never: bool) -> None:
        if wrong := self.live.units.entries.get(entry):
            self.ask(lambda: self.live.correct(stamp(), unit=wrong.unit, entry=entry, **{**NOTHING, "on": on, "never": never}))

    @invariant()
    def every_unit_lies_in_one_that_is_there_and_stands_higher(self) -> None:
        for day in DAYS:
            there = {unit.code: unit for unit in self.live.units.all_valid(day)}
            for unit in there.values():
                if unit.parent is None:
                    assert unit.level in {L.national, L.region}
                else:
                    assert list(L).index(there[unit.parent].level) < list(L).index(unit.level)
            assert sorted(unit.code for _, unit in self.live.units.tree(day)) == sorted(there)

    @invariant()
    def whoever_takes_over_is_there_on_that_day(self) -> None:
        for entry in self.live.units.entries.values():
            if not entry.struck:
                assert all(self.live.units.valid(successor, entry.on) for successor in entry.successors)


TestRegisterReplayed = RegisterReplayed.TestCase
TestRegisterReplayed.settings = LONG
