"""The units of the health service, as the register has them: under one another, from day to day, corrected, and who took over from whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact
from contracts.partnerships import (
    EndingOrgUnit,
    MovingOrgUnit,
    NewOrgUnit,
    OrgUnitCorrected,
    OrgUnitEnded,
    OrgUnitMoved,
    OrgUnitOpened,
    OrgUnitRenamed,
    OrgUnitsBound,
)
from contracts.vocabulary import OrgUnitEntryKind, OrgUnitLevel
from shared.application import Aggregate, Stamp

_ENTERED: dict[type[Fact], tuple[OrgUnitEntryKind, tuple[str, ...]]] = {
    OrgUnitOpened: (OrgUnitEntryKind.opened, ("unit", "on", "level", "name", "parent")),
    OrgUnitRenamed: (OrgUnitEntryKind.renamed, ("unit", "on", "name")),
    OrgUnitMoved: (OrgUnitEntryKind.moved, ("unit", "on", "parent")),
    OrgUnitEnded: (OrgUnitEntryKind.ended, ("unit", "on", "successors")),
}
"""What each fact enters, and which of its fields."""
_FACTS = {kind: (fact, fields) for fact, (kind, fields) in _ENTERED.items()}
_TOP = {OrgUnitLevel.national, OrgUnitLevel.region}
_NAMED = (OrgUnitEntryKind.opened, OrgUnitEntryKind.renamed)
_PLACED = (OrgUnitEntryKind.opened, OrgUnitEntryKind.moved)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the register, under the version of its fact; `struck` when it turned out never to have been."""

    number: int
    kind: OrgUnitEntryKind
    unit: str
    on: date
    level: OrgUnitLevel | None = None
    name: str | None = None
    parent: str | None = None
    successors: tuple[str, ...] = ()
    recorded: datetime | None = None
    corrected: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is on a day."""

    code: str
    level: OrgUnitLevel
    name: str
    parent: str | None
    since: date
    until: date | None


@dataclass
class Units:
    """What the register says, on any day (domain 5.3, 6.3). An entry that is struck says nothing."""

    entries: dict[int, Entry] = field(default_factory=dict)
    _of: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list), repr=False, compare=False)

    def enter(self, entry: Entry) -> None:
        """Put an entry on the register, or in the place of the one with its number."""
        others = [one for one in self._of[entry.unit] if one.number != entry.number]
        self._of[entry.unit] = others if entry.struck else [*others, entry]
        self.entries[entry.number] = entry

    def but(self, entries: Iterable[Entry]) -> Units:
        """A copy of the register with these entries on it."""
        changed = Units(dict(self.entries), defaultdict(list, self._of))
        for entry in entries:
            changed.enter(entry)
        return changed

    def last(self, code: str, *kinds: OrgUnitEntryKind, on: date = date.max) -> Entry | None:
        """The entry of these kinds that counts on a day: the latest by its day, then by when it was recorded."""
        counting = (entry for entry in self._of.get(code, ()) if entry.kind in kinds and entry.on <= on)
        return max(counting, key=lambda entry: (entry.on, entry.number), default=None)

    def unit(self, code: str, on: date = date.max) -> Unit | None:
        """A unit as it is on a day, or as last known; None when it is not on the register by then."""
        opened, named, placed = (self.last(code, *kinds, on=on) for kinds in ((OrgUnitEntryKind.opened,), _NAMED, _PLACED))
        if not (opened and opened.level and named and named.name and placed):
            return None
        ended = self.last(code, OrgUnitEntryKind.ended)
        return Unit(code, opened.level, named.name, placed.parent, opened.on, ended.on if ended else None)

    def valid(self, code: str, on: date) -> Unit | None:
        """The unit, if it is valid on a day."""
        unit = self.unit(code, on)
        return unit if unit and (unit.until is None or on < unit.until) else None

    def all_valid(self, on: date) -> list[Unit]:
        """The units that are valid on a day, by code."""
        return [unit for code in sorted(self._of) if (unit := self.valid(code, on))]

    def tree(self, on: date) -> Iterator[tuple[int, Unit]]:
        """The units valid on a day, each with its depth, after the one it lies in."""
        below: dict[str | None, list[Unit]] = defaultdict(list)
        for unit in self.all_valid(on):
            below[unit.parent].append(unit)
        waiting = [(0, unit) for unit in reversed(below[None])]
        while waiting:
            depth, unit = waiting.pop()
            yield depth, unit
            waiting += [(depth + 1, lower) for lower in reversed(below[unit.code])]

    def successors(self, code: str) -> tuple[str, ...]:
        """Who took over from a unit."""
        ended = self.last(code, OrgUnitEntryKind.ended)
        return ended.successors if ended else ()

    def predecessors(self, code: str) -> tuple[str, ...]:
        """Those a unit took over from."""
        return tuple(sorted(other for other in self._of if code in self.successors(other)))

    def heirs(self, code: str, on: date) -> tuple[str, ...]:
        """The units valid on a day that took over from a unit, or from one that took over from it."""
        found, waiting, seen = set(), [code], {code}
        while waiting:
            for successor in self.successors(waiting.pop()):
                if self.valid(successor, on):
                    found.add(successor)
                elif successor not in seen:
                    waiting.append(successor)
                seen.add(successor)
        return tuple(sorted(found))

    def must_hold(self, touched: set[str]) -> None:
        """Raises `RuleBroken` when an entry of the units touched, or of those that lean on them, does not fit the others."""
        days = sorted({entry.on for entries in self._of.values() for entry in entries})
        for code in touched | {code for code in self._of if touched & self._leans_on(code)}:
            self._must_be_lived(code)
            for day in days:
                if unit := self.valid(code, day):
                    self._must_lie_well(unit, day)

    def _leans_on(self, code: str) -> set[str | None]:
        return {entry.parent for entry in self._of[code]} | set(self.successors(code))

    def _must_be_lived(self, code: str) -> None:
        life = self.unit(code)
        for entry in self._of.get(code, ()):
            within = life is not None and life.since <= entry.on and (life.until is None or entry.on <= life.until)
            rule(within, "outside_its_life", "What is recorded of a unit falls between its first day and its last.", field="on")
            rule(
                all(successor != code and self.valid(successor, entry.on) for successor in entry.successors),
                "successor_not_valid",
                "Whoever takes over from a unit is another one that is valid on that day.",
                field="successors",
            )

    def _must_lie_well(self, unit: Unit, day: date) -> None:
        if unit.parent is None:
            rule(unit.level in _TOP, "unit_without_parent", "Only a nation or a region lies in no other unit.", field="parent")
            return
        parent = self.valid(unit.parent, day)
        rule(
            parent is not None,
            "parent_not_valid",
            "A unit lies in one that is valid on the same days; move or end first what lies in a unit that ends.",
            field="parent",
        )
        if parent:
            rule(parent.level.depth < unit.level.depth, "parent_not_above", "A unit lies in one of a higher level.", field="parent")


class OrgUnits(Aggregate):
    """The register of a region (domain 5.3, validity dates and succession; 6.3, org unit level). A day may be long past, or to come."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.units = Units()
        self.bound = False

    @classmethod
    def as_known(cls, id: UUID, facts: Iterable[Fact]) -> Self:
        """The register by these of its facts."""
        return cls(id).replay(facts)

    def open(self, by: Stamp, *, on: date, unit: NewOrgUnit) -> None:
        """Put a unit on the register; said again it is the same unit. A code is never given to another."""
        self.reorganise(by, on=on, opened=[unit])

    def rename(self, by: Stamp, *, unit: str, name: str, on: date) -> None:
        """Give it another name."""
        self._must_be_known(unit)
        before = self.units.valid(unit, on)
        if before is None or before.name != name:
            self._enter(by, [Entry(0, OrgUnitEntryKind.renamed, unit, on, name=name)])

    def reorganise(
        self,
        by: Stamp,
        *,
        on: date,
        opened: Sequence[NewOrgUnit] = (),
        moved: Sequence[MovingOrgUnit] = (),
        ended: Sequence[EndingOrgUnit] = (),
    ) -> None:
        """Let units begin, move and end on one day; what lies in one that ends follows its only successor (domain 5.3, split and merge)."""
        new = {one.unit for one in opened}
        placed = {*(one.unit for one in moved), *(one.unit for one in ended)}
        for unit in placed - new:
            self._must_be_known(unit)
        ending = [one for one in ended if self._ends(one, on)]
        following = self._following(on, ending, placed)
        self._enter(
            by,
            [
                *(
                    Entry(0, OrgUnitEntryKind.opened, one.unit, on, one.level, one.name, one.parent)
                    for one in opened
                    if self._opens(one, on)
                ),
                *(Entry(0, OrgUnitEntryKind.moved, one.unit, on, parent=one.parent) for one in moved if self._moves(one, on)),
                *(Entry(0, OrgUnitEntryKind.moved, unit, on, parent=parent) for unit, parent in following),
                *(Entry(0, OrgUnitEntryKind.ended, one.unit, on, successors=tuple(one.successors)) for one in ending),
            ],
        )

    def correct(
        self,
        by: Stamp,
        *,
        unit: str,
        entry: int,
        on: date | None,
        name: str | None,
        parent: str | None,
        successors: tuple[str, ...] | None,
        never: bool,
    ) -> None:
        """Put an entry right, as if it had been so from the first; the register holds afterwards as it did before."""
        wrong = self.units.entries.get(entry)
        if wrong is None or wrong.unit != unit:
            raise NotFound("no_such_entry", "The history of this unit has no such entry.", field="entry")
        said = {"name": name, "parent": parent, "successors": successors}
        fields = _FACTS[wrong.kind][1]
        rule(
            all(value is None or field in fields for field, value in said.items()),
            "entry_says_no_such_thing",
            "An entry is corrected in what it says, and in nothing else.",
        )
        changes: dict[str, Any] = {field: value for field, value in {"on": on, **said}.items() if value is not None}
        right = replace(wrong, **changes, struck=never)
        if right == wrong:
            return
        self.units.but([right]).must_hold({unit})
        what = {"name": right.name, "parent": right.parent, "successors": right.successors, "struck": never}
        self.record(OrgUnitCorrected, by, unit=unit, corrects=entry, on=right.on, **what)

    def bind(self, by: Stamp) -> None:
        """Say that the register is complete."""
        if not self.bound:
            rule(bool(self.units.entries), "register_empty", "A register without units is not complete.")
            self.record(OrgUnitsBound, by)

    def must_have(self, code: str, on: date) -> None:
        """Raises `RuleBroken` unless a partnership can work there on the day (domain 6.3); an incomplete register need not know it."""
        known = self.units.unit(code) is not None
        rule(known or not self.bound, "org_unit_unknown", "A partnership works in a unit that is on the register.", field="org_unit")
        rule(
            not known or self.units.valid(code, on) is not None,
            "org_unit_not_valid",
            "A partnership works in a unit that is valid on that day.",
            field="org_unit",
        )

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case OrgUnitCorrected():
                changes: dict[str, Any] = {
                    "on": fact.on,
                    "name": fact.name,
                    "parent": fact.parent,
                    "successors": fact.successors,
                    "struck": fact.struck,
                }
                right = replace(self.units.entries[fact.corrects], **changes, corrected=True)
                self.units.enter(right)
            case OrgUnitsBound():
                self.bound = True
            case _:
                kind, fields = _ENTERED[type(fact)]
                said = {field: getattr(fact, field) for field in fields}
                self.units.enter(Entry(fact.version, kind, recorded=fact.recorded, **said))

    def _enter(self, by: Stamp, entries: Sequence[Entry]) -> None:
        numbered = [replace(entry, number=self.version + number) for number, entry in enumerate(entries, 1)]
        self.units.but(numbered).must_hold({entry.unit for entry in numbered})
        for entry in numbered:
            fact, fields = _FACTS[entry.kind]
            self.record(fact, by, **{field: getattr(entry, field) for field in fields})

    def _must_be_known(self, unit: str) -> None:
        if self.units.unit(unit) is None:
            raise NotFound("no_such_unit", "The register has no such unit.", field="unit")

    def _opens(self, new: NewOrgUnit, on: date) -> bool:
        first = self.units.last(new.unit, OrgUnitEntryKind.opened)
        same = first is not None and (first.on, first.level, first.name, first.parent) == (on, new.level, new.name, new.parent)
        rule(first is None or same, "unit_exists", "The register has a unit with this code, and codes are never given anew.", field="unit")
        return first is None

    def _moves(self, one: MovingOrgUnit, on: date) -> bool:
        before = self.units.valid(one.unit, on)
        return before is None or before.parent != one.parent

    def _ends(self, one: EndingOrgUnit, on: date) -> bool:
        end = self.units.last(one.unit, OrgUnitEntryKind.ended)
        same = end is not None and (end.on, end.successors) == (on, tuple(one.successors))
        rule(end is None or same, "unit_ended", "The unit has ended already; correct that entry.", field="unit")
        return end is None

    def _following(self, on: date, ending: Sequence[EndingOrgUnit], placed: set[str]) -> list[tuple[str, str]]:
        heirs = {one.unit: one.successors[0] for one in ending if len(one.successors) == 1}
        return [(unit.code, heirs[unit.parent]) for unit in self.units.all_valid(on) if unit.parent in heirs and unit.code not in placed]
