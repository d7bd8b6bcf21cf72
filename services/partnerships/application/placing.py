"""The units in which partnerships work, by the verbs of those who keep the register of a region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import cast
from uuid import uuid5

from contracts.errors import NotFound
from contracts.model import Fact
from contracts.partnerships import (
    BindOrgUnits,
    CorrectOrgUnit,
    EndOrgUnit,
    GetOrgUnit,
    ListOrgUnits,
    MoveOrgUnit,
    OpenOrgUnit,
    OrgUnitDetail,
    OrgUnitEntry,
    OrgUnitRow,
    OrgUnitTree,
    PlacePartnership,
    RenameOrgUnit,
    ReorganiseOrgUnits,
)
from services.partnerships.application.hall import REGION, Hall
from services.partnerships.domain import OrgUnits, Partnership
from shared.application import Work, use_case

_REGISTER = uuid5(REGION, "org units")


class Placing(Hall):
    """The verbs of the register; it is one stream, so that no two changes can contradict each other."""

    @use_case
    def open_org_unit(self, *, command: OpenOrgUnit, work: Work) -> OrgUnits:
        """Put a unit on the register."""
        register = self._register(work)
        register.open(work.stamp, on=command.on, unit=command)
        return register

    @use_case
    def rename_org_unit(self, *, command: RenameOrgUnit, work: Work) -> OrgUnits:
        """Give a unit another name."""
        register = self._register(work)
        register.rename(work.stamp, unit=command.unit, name=command.name, on=command.on)
        return register

    @use_case
    def move_org_unit(self, *, command: MoveOrgUnit, work: Work) -> OrgUnits:
        """Let a unit lie in another one."""
        register = self._register(work)
        register.reorganise(work.stamp, on=command.on, moved=[command])
        return register

    @use_case
    def end_org_unit(self, *, command: EndOrgUnit, work: Work) -> OrgUnits:
        """Let a unit end."""
        register = self._register(work)
        register.reorganise(work.stamp, on=command.on, ended=[command])
        return register

    @use_case
    def reorganise_org_units(self, *, command: ReorganiseOrgUnits, work: Work) -> OrgUnits:
        """Split, merge and move units on one day."""
        register = self._register(work)
        register.reorganise(work.stamp, on=command.on, opened=command.opened, moved=command.moved, ended=command.ended)
        return register

    @use_case
    def correct_org_unit(self, *, command: CorrectOrgUnit, work: Work) -> OrgUnits:
        """Correct an entry of a unit."""
        register = self._register(work)
        register.correct(
            work.stamp,
            unit=command.unit,
            entry=command.entry,
            on=command.on,
            name=command.name,
            parent=command.parent,
            successors=command.successors,
            never=command.never,
        )
        return register

    @use_case
    def bind_org_units(self, *, command: BindOrgUnits, work: Work) -> OrgUnits:  # noqa: ARG002  it says all there is to say
        """Say that the register is complete."""
        register = self._register(work)
        register.bind(work.stamp)
        return register

    @use_case
    def place_partnership(self, *, command: PlacePartnership, work: Work) -> Partnership:
        """Let a partnership work in another unit."""
        partnership = self._partnership(command, work)
        self.must_be_a_place(command.org_unit, work.stamp.happened)
        partnership.place(work.stamp, org_unit=command.org_unit)
        return partnership

    def list_org_units(self, *, query: ListOrgUnits) -> OrgUnitTree:
        """The units valid on a day, as known at an instant."""
        on, known_at = query.on or self.today(), query.known_at or self.clock()
        register = self.register_as_known(known_at)
        return OrgUnitTree(
            entries=register.version,
            bound=register.bound,
            on=on,
            known_at=known_at,
            units=tuple(
                OrgUnitRow(
                    unit=unit.code,
                    level=unit.level,
                    name=unit.name,
                    parent=unit.parent,
                    depth=depth,
                    since=unit.since,
                    until=unit.until,
                )
                for depth, unit in register.units.tree(on)
            ),
        )

    def get_org_unit(self, *, query: GetOrgUnit) -> OrgUnitDetail:
        """One unit with its history."""
        register = self.register_as_known(query.known_at or self.clock())
        unit = register.units.unit(query.unit)
        if unit is None:
            raise NotFound("no_such_unit", "The register has no such unit.", field="unit")
        return OrgUnitDetail(
            unit=unit.code,
            version=register.version,
            level=unit.level,
            name=unit.name,
            parent=unit.parent,
            since=unit.since,
            until=unit.until,
            successors=register.units.successors(unit.code),
            predecessors=register.units.predecessors(unit.code),
            entries=tuple(
                OrgUnitEntry(
                    entry=entry.number,
                    kind=entry.kind,
                    on=entry.on,
                    recorded=entry.recorded,
                    name=entry.name,
                    parent=entry.parent,
                    successors=entry.successors,
                    corrected=entry.corrected,
                    struck=entry.struck,
                )
                for entry in register.units.entries.values()
                if entry.unit == unit.code and entry.recorded
            ),
        )

    def today(self) -> date:
        """The day it is where the region is."""
        return self.clock().astimezone(self.zone).date()

    def must_be_a_place(self, org_unit: str, at: datetime) -> None:
        """Raises `RuleBroken` when a partnership cannot work in this unit on that day."""
        self._register().must_have(org_unit, at.astimezone(self.zone).date())

    def has_ended(self, org_unit: str) -> bool:
        """Whether a unit is on the register, and is no more today."""
        units = self._register().units
        return units.unit(org_unit) is not None and units.valid(org_unit, self.today()) is None

    def register_as_known(self, at: datetime) -> OrgUnits:
        """The register by what was recorded until then."""
        facts = cast("Iterator[Fact]", self.events.get(_REGISTER))
        return OrgUnits.as_known(_REGISTER, (fact for fact in facts if fact.recorded <= at))

    def _register(self, work: Work | None = None) -> OrgUnits:
        return self.as_it_stands(OrgUnits, _REGISTER, work=work)
