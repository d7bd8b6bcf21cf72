"""Before a session: it is planned, members are invited, items come on its agenda.

Perspectives arrive as arguments: who is on which side is the partnership's fact, not the session's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import AgendaItemRaised, DecisionMethodSet, InvitationSent, SessionPlanned
from contracts.vocabulary import AgendaItemOrigin, InterestHandling, Perspective, SessionKind, SessionMode, SessionStatus
from shared.application import Aggregate, Stamp


@dataclass
class Item:
    """Something on the agenda."""

    id: UUID
    title: SealedPart
    origin: AgendaItemOrigin
    raised_by: UUID | None
    method: DecisionMethodSet | None = None
    opened: datetime | None = None
    closed: datetime | None = None


class Planning(Aggregate):
    """A session as it is prepared (domain: sessions and decisions)."""

    partnership: UUID
    kind: SessionKind
    mode: SessionMode
    starts: datetime
    status = SessionStatus.planned

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.invited: dict[UUID, Perspective] = {}
        self.agenda: dict[UUID, Item] = {}
        self.interests: dict[tuple[UUID, UUID], InterestHandling] = {}

    @classmethod
    def plan(cls, id: UUID, by: Stamp, *, partnership: UUID, kind: SessionKind, mode: SessionMode, starts: datetime) -> Self:
        """Plan a session."""
        session = cls(id)
        session.record(SessionPlanned, by, partnership=partnership, kind=kind, mode=mode, starts=starts)
        return session

    def invite(self, by: Stamp, *, members: Mapping[UUID, Perspective]) -> None:
        """Invite members; whoever is invited already stays invited."""
        self._must_be_planned()
        for member, perspective in members.items():
            if member not in self.invited:
                self.record(InvitationSent, by, partnership=self.partnership, member=member, perspective=perspective)

    def raise_item(
        self, by: Stamp, *, item: UUID, title: SealedPart, origin: AgendaItemOrigin, raised_by: UUID | None, perspective: Perspective | None
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
        )

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case SessionPlanned():
                self.partnership, self.kind, self.mode, self.starts = fact.partnership, fact.kind, fact.mode, fact.starts
            case InvitationSent():
                self.invited[fact.member] = fact.perspective
            case AgendaItemRaised():
                self.agenda[fact.item] = Item(fact.item, fact.title, fact.origin, fact.raised_by)

    def _must_be_planned(self) -> None:
        rule(self.status is SessionStatus.planned, "session_not_planned", "The session was held or cancelled already.")

    def _item(self, item: UUID) -> Item:
        if item not in self.agenda:
            raise NotFound("no_such_item", "There is no such item on the agenda of this session.", field="item")
        return self.agenda[item]
