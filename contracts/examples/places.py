"""The units in which the partnership by the river works: two teams become one, and it goes with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from contracts import partnerships
from contracts.examples.cast import PARTNERSHIP, in_partnership, recorded
from contracts.vocabulary import OrgUnitEntryKind, OrgUnitLevel

_REGISTER = UUID("29000000-0000-4000-8000-000000000001")
_TOLD = datetime(2024, 2, 12, 10, 0, tzinfo=UTC)
_FIRST = date(2024, 3, 1)
_JOINED = datetime(2025, 10, 1, 9, 0, tzinfo=UTC)
_NEW_TEAM = partnerships.NewOrgUnit(unit="ABH_CMHT_LAKES", level=OrgUnitLevel.service, name="Lakes team", parent="ABH_IHA1")
_TEAM: dict[str, Any] = {"unit": "ABH_CMHT_LOCH_DUBH", "level": OrgUnitLevel.service, "name": "Loch Dubh team", "parent": "ABH_IHA1"}

SAID = (
    partnerships.OpenOrgUnit(**_TEAM, on=_FIRST),
    partnerships.OrgUnitOpened(**recorded(_REGISTER, 4, _TOLD), **_TEAM, on=_FIRST),
    partnerships.RenameOrgUnit(unit="ABH_CMHT_LOCH_DUBH", name="Loch Dubh community team", on=date(2024, 6, 1)),
    partnerships.OrgUnitRenamed(
        **recorded(_REGISTER, 5, _TOLD), unit="ABH_CMHT_LOCH_DUBH", name="Loch Dubh community team", on=date(2024, 6, 1)
    ),
    partnerships.MoveOrgUnit(unit="ABH_CMHT_LOCH_DUBH", parent="ABH_IHA2", on=date(2024, 10, 1)),
    partnerships.OrgUnitMoved(**recorded(_REGISTER, 6, _TOLD), unit="ABH_CMHT_LOCH_DUBH", parent="ABH_IHA2", on=date(2024, 10, 1)),
    partnerships.CorrectOrgUnit(unit="ABH_CMHT_LOCH_DUBH", entry=6, never=True),
    partnerships.OrgUnitCorrected(
        **recorded(_REGISTER, 7, _TOLD),
        unit="ABH_CMHT_LOCH_DUBH",
        corrects=6,
        on=date(2024, 10, 1),
        name=None,
        parent="ABH_IHA2",
        successors=(),
        struck=True,
    ),
    partnerships.BindOrgUnits(),
    partnerships.OrgUnitsBound(**recorded(_REGISTER, 8, _TOLD)),
    partnerships.ReorganiseOrgUnits(
        on=date(2025, 10, 1),
        opened=(_NEW_TEAM,),
        moved=(partnerships.MovingOrgUnit(unit="ABH_P001", parent="ABH_CMHT_LAKES"),),
        ended=(
            partnerships.EndingOrgUnit(unit="ABH_CMHT_LOCH_DUBH", successors=("ABH_CMHT_LAKES",)),
            partnerships.EndingOrgUnit(unit="ABH_CMHT_LOCH_BAN", successors=("ABH_CMHT_LAKES",)),
        ),
    ),
    partnerships.EndOrgUnit(unit="ABH_CMHT_LOCH_DUBH", on=date(2025, 10, 1), successors=("ABH_CMHT_LAKES",)),
    partnerships.OrgUnitEnded(
        **recorded(_REGISTER, 12, _JOINED), unit="ABH_CMHT_LOCH_DUBH", on=date(2025, 10, 1), successors=("ABH_CMHT_LAKES",)
    ),
    partnerships.PlacePartnership(partnership=PARTNERSHIP, org_unit="ABH_CMHT_LAKES"),
    partnerships.PartnershipPlaced(**in_partnership(PARTNERSHIP, 30, _JOINED), org_unit="ABH_CMHT_LAKES"),
    partnerships.ListOrgUnits(on=date(2025, 11, 1)),
    partnerships.OrgUnitTree(
        entries=12,
        bound=True,
        on=date(2025, 11, 1),
        known_at=_JOINED,
        units=(
            _REGION := partnerships.OrgUnitRow(
                unit="REG_ABHAINN",
                level=OrgUnitLevel.region,
                name="Abhainn health region",
                parent=None,
                depth=0,
                since=_FIRST,
                until=None,
            ),
        ),
    ),
    _REGION,
    partnerships.GetOrgUnit(unit="ABH_CMHT_LOCH_DUBH"),
    partnerships.OrgUnitDetail(
        unit="ABH_CMHT_LOCH_DUBH",
        version=12,
        level=OrgUnitLevel.service,
        name="Loch Dubh community team",
        parent="ABH_IHA1",
        since=_FIRST,
        until=date(2025, 10, 1),
        successors=("ABH_CMHT_LAKES",),
        predecessors=(),
        entries=(
            _ENTRY := partnerships.OrgUnitEntry(
                entry=4,
                kind=OrgUnitEntryKind.opened,
                on=_FIRST,
                recorded=_TOLD,
                name="Loch Dubh team",
                parent="ABH_IHA1",
                successors=(),
                corrected=False,
                struck=False,
            ),
        ),
    ),
    _ENTRY,
)
