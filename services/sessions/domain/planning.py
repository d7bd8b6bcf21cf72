"""Before a session: it is planned, members are invited, items come on its agenda.

Perspectives arrive as arguments: who is on which side is the partnership's fact, not the session's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import (
    AgendaItemRaised,
    DecisionMethodSet,
    InvitationAnswered,
    InvitationSent,
    MaterialsSent,
    SessionMoved,
    SessionPlanned,
    SessionPublished,
)
from contracts.vocabulary import (
    AgendaItemOrigin,
    InformationFormat,
    InterestHandling,
    InvitationAnswer,
    Perspective,
    SessionKind,
    SessionMode,
    SessionStatus,
)
from shared.application import Aggregate, Stamp

_AHEAD = {SessionStatus.planned, SessionStatus.published}


@dataclass
class Item:
    """Something on the agenda."""

    id: UUID
    title: SealedPart
    origin: AgendaItemOrigin
    raised_by: UUID | None
    minutes: int | None = None
    method: DecisionMethodSet | None = None
    opened: datetime | None = None
    closed: datetime | None = None


class Planning(Aggregate):
    """A session as it is prepared (domain 6.5)."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: datetime
    status = SessionStatus.planned
    place: SealedPart | None = None
    minutes: int | None = None
    series: UUID | None = None

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.answers: dict[UUID, InvitationAnswer] = {}
        self.materials: dict[UUID, MaterialsSent] = {}
        self.invited: dict[UUID, Perspective] = {}
        self.agenda: dict[UUID, Item] = {}
        self.interests: dict[tuple[UUID, UUID], InterestHandling] = {}
        self.opened: datetime | None = None

    @classmethod
    def plan(
        cls,
        id: UUID,
        by: Stamp,
        *,
        partnership: UUID,
        kind: SessionKind,
        mode: SessionMode,
        starts: datetime,
        place: SealedPart | None = None,
        minutes: int | None = None,
        series: UUID | None = None,
    ) -> Self:
        """Plan a session, alone or in a series."""
        session = cls(id)
        what = {"kind": kind, "mode": mode, "starts": starts, "place": place, "minutes": minutes, "series": series}
        session.record(SessionPlanned, by, partnership=partnership, **what)
        return session

    def move(self, by: Stamp, *, starts: datetime, mode: SessionMode, place: SealedPart | None, minutes: int | None) -> None:
        """Hold it at another time or place; invitations stay, answers given for another time do not (domain 6.5, sessions)."""
        self._must_be_planned()
        self._must_not_have_begun()
        if (starts, mode, place, minutes) != (self.starts, self.mode, self.place, self.minutes):
            self.record(SessionMoved, by, partnership=self.partnership, starts=starts, mode=mode, place=place, minutes=minutes)

    def publish(self, by: Stamp) -> None:
        """Let people rely on it."""
        self._must_be_planned()
        if self.status is SessionStatus.planned:
            self.record(SessionPublished, by, partnership=self.partnership)

    def invite(self, by: Stamp, *, members: Mapping[UUID, Perspective]) -> None:
        """Invite members; whoever is invited already stays invited."""
        self._must_be_planned()
        for member, perspective in members.items():
            if member not in self.invited:
                self.record(InvitationSent, by, partnership=self.partnership, member=member, perspective=perspective)

    def answer_invitation(self, by: Stamp, *, member: UUID, answer: InvitationAnswer) -> None:
        """Take what somebody who was invited says beforehand; they may say something else later."""
        self._must_be_planned()
        self._must_be_invited([member], "member")
        if self.answers.get(member) is not answer:
            self.record(InvitationAnswered, by, partnership=self.partnership, member=member, answer=answer)

    def send_materials(
        self,
        by: Stamp,
        *,
        material: UUID,
        item: UUID | None,
        title: SealedPart,
        document: str,
        formats: Iterable[InformationFormat],
    ) -> None:
        """Record that a document was sent before the session, and in which formats (DAPB1605, meeting needs)."""
        self._must_be_planned()
        if item is not None:
            self._item(item)
        sent = tuple(dict.fromkeys(formats))
        what = {"material": material, "item": item, "title": title, "document": document, "formats": sent}
        self.record(MaterialsSent, by, partnership=self.partnership, **what)

    def raise_item(
        self,
        by: Stamp,
        *,
        item: UUID,
        title: SealedPart,
        origin: AgendaItemOrigin,
        raised_by: UUID | None,
        perspective: Perspective | None,
        minutes: int | None = None,
    ) -> None:
        """Put an item on the agenda."""
        self._must_be_planned()
        rule(
            (raised_by is not None) or origin is not AgendaItemOrigin.raised_by_member,
            "raiser_missing",
            "An item raised by a member names the member.",
            field="raised_by",
        )
        rule(
            raised_by is None or origin not in {AgendaItemOrigin.standing, AgendaItemOrigin.imposed_by_organisation},
            "raiser_of_standing_item",
            "A standing or imposed item was raised by nobody.",
            field="raised_by",
        )
        self.record(
            AgendaItemRaised,
            by,
            partnership=self.partnership,
            item=item,
            title=title,
            origin=origin,
            raised_by=raised_by,
            perspective=perspective,
            minutes=minutes,
        )

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case SessionPlanned():
                self.partnership, self.kind, self.mode, self.starts = fact.partnership, fact.kind, fact.mode, fact.starts
                self.place, self.minutes, self.series = fact.place, fact.minutes, fact.series
            case SessionMoved():
                if fact.starts != self.starts:
                    self.answers.clear()
                self.starts, self.mode, self.place, self.minutes = fact.starts, fact.mode, fact.place, fact.minutes
            case SessionPublished():
                self.status = SessionStatus.published
            case InvitationSent():
                self.invited[fact.member] = fact.perspective
            case InvitationAnswered():
                self.answers[fact.member] = fact.answer
            case MaterialsSent():
                self.materials[fact.material] = fact
            case AgendaItemRaised():
                self.agenda[fact.item] = Item(fact.item, fact.title, fact.origin, fact.raised_by, fact.minutes)

    def _must_be_planned(self) -> None:
        rule(self.status in _AHEAD, "session_not_planned", "The session was held or cancelled already.")

    def _must_not_have_begun(self) -> None:
        rule(self.opened is None, "session_open_already", "The session has begun already.")

    def _must_be_invited(self, members: Iterable[UUID], field: str) -> None:
        rule(set(members) <= self.invited.keys(), "not_invited", "Whoever takes part was invited.", field=field)

    def _item(self, item: UUID) -> Item:
        if item not in self.agenda:
            raise NotFound("no_such_item", "There is no such item on the agenda of this session.", field="item")
        return self.agenda[item]
