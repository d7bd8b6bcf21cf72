"""Who held what on every day of a year, after late entries and corrections: asked of the product, and worked out from its stored facts.

What works it out (`tests.standing`) knows the facts as JSON alone, and shares no code with the product.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from contracts.errors import Refusal
from contracts.model import Command, Receipt
from contracts.partnerships import (
    AddMember,
    AppointToOffice,
    BeginLeave,
    CorrectEntry,
    DeclarePerspective,
    EndLeave,
    EndMembership,
    EndNomination,
    GetMemberHistory,
    GetStanding,
    InviteMember,
    JoinPartnership,
    LeaveOffice,
    NameCoChair,
    NominateMember,
    ProposePartnership,
)
from contracts.vocabulary import (
    CoproductionLevel,
    MembershipEndReason,
    NominationEnd,
    ParticipantRole,
    PartnershipOffice,
    Perspective,
    SelectionMethod,
    SettingType,
)
from tests.given import Region, context, refused
from tests.standing import Held, worked_out

FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)


class Year:
    """A partnership to which things happen in the order in which they are said, which is not the order in which they took place."""

    def __init__(self, region: Region, seed: int) -> None:
        self._region, self._chance = region, Random(seed)
        self._said = FIRST
        region.partnerships.clock = lambda: self._said
        self.partnership = self._say(
            ProposePartnership(name="Abhainn", org_unit="P001", setting=SettingType.camhs, level=CoproductionLevel.strategic)
        ).id
        self.members: list[UUID] = []
        self.refused = 0

    def pass_by(self, days: int) -> None:
        """Every day something is said of somebody; much of it late, some of it to correct what was said before."""
        for _ in range(days):
            self._said += timedelta(days=1)
            for _ in range(self._chance.choice([1, 1, 2, 3])):
                try:
                    receipt = self._say(self._command(max(FIRST, self._said - timedelta(days=self._chance.choice([0, 0, 3, 20, 60])))))
                    self.members += [receipt.made] if receipt.made else []
                except Refusal:
                    self.refused += 1

    def _say(self, command: Command) -> Receipt:
        verb = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in type(command).__name__)[1:]
        receipt: Receipt = getattr(self._region.partnerships, verb)(command=command, context=context())
        return receipt

    def _command(self, happened: datetime) -> Command:
        kind = self._chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0] if len(self.members) > 4 else AddMember
        fields = {name: draw(self, happened) for name, draw in DRAWN.items() if name in kind.model_fields}
        if kind in REASONS:
            fields["reason"] = self.one_of(REASONS[kind])
        if kind is CorrectEntry:
            asked = GetMemberHistory(partnership=self.partnership, member=fields["member"])
            entry = self._chance.choice(self._region.partnerships.get_member_history(query=asked).entries)
            right: Any = self._chance.choice([{"never": True}, {"at": happened}, {"at": happened, "perspective": entry.perspective}])
            fields = {**fields, "happened": None, "perspective": None, "entry": entry.entry, **right}
        command: Command = kind(**fields)
        return command

    def one_of(self, many: Iterable[Any]) -> Any:
        return self._chance.choice(list(many))


DRAWN: dict[str, Callable[[Year, datetime], Any]] = {
    "happened": lambda _, happened: happened,
    "partnership": lambda year, _: year.partnership,
    "member": lambda year, _: year.one_of(year.members),
    "name": lambda *_: "Somebody",
    "role": lambda year, _: year.one_of(ParticipantRole),
    "perspective": lambda year, _: year.one_of(Perspective),
    "selection": lambda year, _: year.one_of(SelectionMethod),
    "office": lambda year, _: year.one_of(PartnershipOffice),
    "until": lambda year, happened: year.one_of([None, happened + timedelta(days=year.one_of(range(10, 200)))]),
}
REASONS: dict[Any, Any] = {EndMembership: MembershipEndReason, EndNomination: NominationEnd}
WEIGHTS: dict[Any, int] = {
    NominateMember: 2,
    AddMember: 1,
    InviteMember: 3,
    JoinPartnership: 3,
    EndNomination: 1,
    BeginLeave: 3,
    EndLeave: 3,
    DeclarePerspective: 4,
    NameCoChair: 4,
    AppointToOffice: 6,
    LeaveOffice: 2,
    EndMembership: 1,
    CorrectEntry: 8,
}


def facts(region: Region) -> list[dict[str, Any]]:
    """The facts of the only partnership as they are stored: the last word of the type, and the JSON."""
    rows = region.stores["partnerships"].read(0, 10_000)
    return [{**json.loads(row.state), "what": row.type.split(".")[1]} for row in rows]


def answered(region: Region, partnership: UUID, on: datetime, known_at: datetime) -> Held:
    standing = region.partnerships.get_standing(query=GetStanding(partnership=partnership, on=on, known_at=known_at))
    return {str(one.member): (one.status, one.role, one.perspective, tuple(sorted(one.offices))) for one in standing.members}


def days(step: int = 1) -> Iterator[datetime]:
    return (FIRST + timedelta(days=day) for day in range(0, 365, step))


def test_who_held_what_on_every_day_is_what_the_facts_say(region: Region) -> None:
    year = Year(region, 2025)
    year.pass_by(364)
    told = facts(region)
    end = FIRST + timedelta(days=365)
    kinds = {fact["what"] for fact in told}
    assert kinds >= {"EntryCorrected", "PerspectiveDeclared", "LeaveEnded", "OfficeTaken", "OfficeLeft", "CoChairAppointed"}
    assert kinds >= {"MemberNominated", "MemberInvited", "NominationEnded", "MembershipEnded"}
    assert len(told) > 150
    held = [answered(region, year.partnership, day, end) for day in days()]
    assert held == [worked_out(told, day, end) for day in days()]
    assert any(office for day in held for *_, offices in day.values() for office in offices)
    for known_at in (FIRST + timedelta(days=90), FIRST + timedelta(days=200)):
        assert [answered(region, year.partnership, day, known_at) for day in days(10)] == [
            worked_out(told, day, known_at) for day in days(10)
        ]


def test_what_was_known_then_stays_what_was_known_then(region: Region) -> None:
    """A late entry and a correction change the answer about a day, and not what was answered before them."""
    year = Year(region, 1)
    year.pass_by(200)
    asked, known_at = FIRST + timedelta(days=100), FIRST + timedelta(days=150)
    before = answered(region, year.partnership, asked, known_at)
    year.pass_by(100)
    assert answered(region, year.partnership, asked, known_at) == before
    assert answered(region, year.partnership, asked, FIRST + timedelta(days=300)) != before


def test_a_partnership_nobody_proposed_has_no_roll(region: Region) -> None:
    with refused("not_found"):
        region.partnerships.get_standing(query=GetStanding(partnership=UUID(int=1)))
