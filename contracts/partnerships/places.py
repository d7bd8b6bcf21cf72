"""Where partnerships work: units of the health service under one another, valid from day to day, and who succeeded whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Code, Command, Contract, Day, Fact, Label, Ordinal, PartnershipFact, Query, Timestamp
from contracts.vocabulary import OrgUnitEntryKind, OrgUnitLevel

UnitCode = Annotated[str, Field(max_length=60, pattern=r"^[A-Z_][A-Z0-9_]*$")]
"""The code of a unit in the region's register; it is never given to another."""
Successors = Annotated[tuple[UnitCode, ...], Field(max_length=20, strict=False)]


class NewOrgUnit(Contract):
    """A unit that begins: its level, its public name and the unit it lies in; a nation or a region may lie in none."""

    unit: UnitCode
    level: OrgUnitLevel
    name: Label
    parent: UnitCode | None = None


class EndingOrgUnit(Contract):
    """A unit that ends, and who takes over."""

    unit: UnitCode
    successors: Successors = ()


class MovingOrgUnit(Contract):
    """A unit that lies in another one from then on."""

    unit: UnitCode
    parent: UnitCode


class OpenOrgUnit(NewOrgUnit, Command):
    """Put a unit on the register, valid from a day on, which may be still to come."""

    on: Day


class RenameOrgUnit(Command):
    """Give a unit another public name from a day on."""

    unit: UnitCode
    name: Label
    on: Day


class MoveOrgUnit(MovingOrgUnit, Command):
    """Let a unit lie in another one from a day on."""

    on: Day


class EndOrgUnit(EndingOrgUnit, Command):
    """Let a unit end: `on` is the first day on which it is no more. What lies in it goes to its successor, if it has just one."""

    on: Day


class ReorganiseOrgUnits(Command):
    """Split, merge and move units on one day, as a whole or not at all: new ones begin, old ones end and say who takes over."""

    on: Day
    opened: Annotated[tuple[NewOrgUnit, ...], Field(max_length=100, strict=False)] = ()
    moved: Annotated[tuple[MovingOrgUnit, ...], Field(max_length=200, strict=False)] = ()
    ended: Annotated[tuple[EndingOrgUnit, ...], Field(max_length=100, strict=False)] = ()


class CorrectOrgUnit(Command):
    """Correct an entry of a unit, by its number in the unit's history: its day, name, parent or successors; or say it never was so."""

    unit: UnitCode
    entry: Ordinal
    on: Day | None = None
    name: Label | None = None
    parent: UnitCode | None = None
    successors: Successors | None = None
    never: bool = False


class BindOrgUnits(Command):
    """Say that the register is complete: from now on a partnership works in a unit that is on it."""


class PlacePartnership(Command):
    """Let a partnership work in another unit."""

    partnership: UUID
    org_unit: Code


class ListOrgUnits(Query):
    """The units that are valid on a day, as known at an instant; both are now when they are not said."""

    on: Day | None = None
    known_at: Timestamp | None = None


class GetOrgUnit(Query):
    """One unit with its history, as known at an instant."""

    unit: UnitCode
    known_at: Timestamp | None = None


class OrgUnitOpened(Fact, type="partnerships.OrgUnitOpened.v1"):
    """A unit is valid from a day on."""

    unit: UnitCode
    on: date
    level: OrgUnitLevel
    name: Label
    parent: UnitCode | None


class OrgUnitRenamed(Fact, type="partnerships.OrgUnitRenamed.v1"):
    """A unit has another public name from a day on."""

    unit: UnitCode
    on: date
    name: Label


class OrgUnitMoved(Fact, type="partnerships.OrgUnitMoved.v1"):
    """A unit lies in another one from a day on."""

    unit: UnitCode
    on: date
    parent: UnitCode


class OrgUnitEnded(Fact, type="partnerships.OrgUnitEnded.v1"):
    """A unit is no more from a day on; its successors take over."""

    unit: UnitCode
    on: date
    successors: tuple[UnitCode, ...]


class OrgUnitCorrected(Fact, type="partnerships.OrgUnitCorrected.v1"):
    """An entry, known by the version of its fact, turned out to be otherwise, or (`struck`) never to have been so."""

    unit: UnitCode
    corrects: int
    on: date
    name: Label | None
    parent: UnitCode | None
    successors: tuple[UnitCode, ...]
    struck: bool


class OrgUnitsBound(Fact, type="partnerships.OrgUnitsBound.v1"):
    """The register was said to be complete."""


class PartnershipPlaced(PartnershipFact, type="partnerships.PartnershipPlaced.v1"):
    """A partnership works in another unit."""

    org_unit: Code


class OrgUnitRow(Answer):
    """A unit in the tree: `depth` says how many units it lies in."""

    unit: str
    level: OrgUnitLevel
    name: str
    parent: str | None
    depth: int
    since: date
    until: date | None


class OrgUnitTree(Answer):
    """The units valid on a day, each after the one it lies in; `bound` when partnerships work in registered units only.

    `entries` is how many entries the register had.
    """

    entries: int
    bound: bool
    on: date
    known_at: datetime
    units: tuple[OrgUnitRow, ...]


class OrgUnitEntry(Answer):
    """Something recorded of a unit: when it holds from, when it was recorded, and whether it was put right since."""

    entry: int
    kind: OrgUnitEntryKind
    on: date
    recorded: datetime
    name: str | None
    parent: str | None
    successors: tuple[str, ...]
    corrected: bool
    struck: bool


class OrgUnitDetail(Answer):
    """A unit as last known; `successors` took over from it, `predecessors` are those it took over from."""

    unit: str
    version: int
    level: OrgUnitLevel
    name: str
    parent: str | None
    since: date
    until: date | None
    successors: tuple[str, ...]
    predecessors: tuple[str, ...]
    entries: tuple[OrgUnitEntry, ...]
