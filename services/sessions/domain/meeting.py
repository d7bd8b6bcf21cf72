"""A session while it goes on: who is there, which item is open, whose interest keeps them out of it, and whether enough are left."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from contracts.errors import rule
from contracts.model import Fact
from contracts.sessions import (
    AgendaItemClosed,
    AgendaItemOpened,
    DecisionMethodSet,
    InterestHandledForItem,
    MemberArrived,
    MemberLeft,
    QuorumEstablished,
    QuorumLost,
    SessionOpened,
)
from contracts.vocabulary import BindingForce, DecisionMethod, InterestHandling, InterestType
from services.sessions.domain.methods import BY_ONE, OPEN_ONLY
from services.sessions.domain.planning import Item, Planning
from services.sessions.domain.quorum import Quorum, There
from shared.application import Stamp

_HALF = Fraction(1, 2)


def must_be_quota_of(method: DecisionMethod, quota: tuple[int, int] | None) -> None:
    """Raises `RuleBroken` unless this method may ask for this share (Robert's Rules §44: more than half is a majority)."""
    rule(
        quota is None or method is DecisionMethod.supermajority,
        "quota_without_supermajority",
        "Only a supermajority has a quota.",
        field="quota",
    )
    rule(
        quota is None or _HALF < Fraction(*quota) <= 1,
        "quota_out_of_range",
        "A quota is more than half, and not more than all.",
        field="quota",
    )


class Meeting(Planning):
    """A session in progress (domain 6.5; 8.A, quorum rule; 8.F); one that is only recorded afterwards never is."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.quorum: Quorum | None = None
        self.here: dict[UUID, bool] = {}
        self.quorate: dict[UUID | None, bool] = {}

    def open(self, by: Stamp, *, chaired_by: tuple[UUID, ...], present: tuple[UUID, ...], quorum: Quorum) -> None:
        """Begin, with those who are there, under the quorum that the partnership agreed."""
        self._must_be_planned()
        self._must_not_have_begun()
        rule(self.starts <= by.happened, "held_before_start", "A session is held when it begins, not before.", field="happened")
        self._must_be_invited(present, "present")
        rule(set(chaired_by) <= set(present), "chair_not_present", "Whoever chairs is there.", field="chaired_by")
        chairs = tuple(dict.fromkeys(chaired_by))
        self.record(
            SessionOpened,
            by,
            partnership=self.partnership,
            chaired_by=chairs,
            chaired=tuple(dict.fromkeys(self.invited[member].side for member in chairs)),
            quorum=quorum.present,
            quorum_lived_experience=quorum.lived_experience,
            quorum_provider=quorum.provider,
        )
        self.arrive(by, members=present)

    def arrive(self, by: Stamp, *, members: Iterable[UUID]) -> None:
        """Somebody comes; whoever is there already stays."""
        self._must_be_open()
        members = tuple(dict.fromkeys(members))
        self._must_be_invited(members, "members")
        for member in members:
            if not self.here.get(member):
                self.record(MemberArrived, by, partnership=self.partnership, member=member, perspective=self.invited[member])
        self._watch_quorum(by)

    def leave(self, by: Stamp, *, members: Iterable[UUID]) -> None:
        """Somebody goes; whoever is not there went already."""
        self._must_be_open()
        members = tuple(members)
        self._must_be_invited(members, "members")
        for member in members:
            if self.here.get(member):
                self.record(MemberLeft, by, partnership=self.partnership, member=member)
        self._watch_quorum(by)

    def handle_interest(self, by: Stamp, *, item: UUID, member: UUID, interest: InterestType, handling: InterestHandling) -> None:
        """Say what a member's interest means for one item, and for that item only (NHS England, conflicts of interest; domain 8.F)."""
        self._must_be_planned()
        self._must_be_invited([member], "member")
        rule(self._item(item).closed is None, "item_closed", "The item is closed.", field="item")
        rule(
            interest is not InterestType.nil or handling is InterestHandling.noted,
            "nil_interest_handled",
            "Where there is no interest, that is noted and nothing else is done.",
            field="handling",
        )
        if self.interests.get((item, member)) is not handling:
            self.record(
                InterestHandledForItem, by, partnership=self.partnership, item=item, member=member, interest=interest, handling=handling
            )
        if self.opened:
            self._watch_quorum(by)

    def set_method(
        self,
        by: Stamp,
        *,
        item: UUID,
        method: DecisionMethod,
        binding: BindingForce,
        quota: tuple[int, int] | None,
        decided_by: UUID | None,
        secret: bool = False,
        dots: int | None = None,
    ) -> None:
        """State how an item is decided and how far that binds, before it opens (domain 6.5, BindingForce; 8.G)."""
        self._must_be_planned()
        found = self._item(item)
        rule(found.opened is None, "item_opened_already", "How an item is decided is stated before it opens, and then stays.", field="item")
        must_be_quota_of(method, quota)
        rule(
            dots is None or method is DecisionMethod.dot_vote,
            "dots_without_dot_vote",
            "Only where dots are voted with, each member has so many.",
            field="dots",
        )
        rule(
            (decided_by in self.invited) if method in BY_ONE else decided_by is None,
            "decider_not_named",
            "Where one member decides, on advice or as delegated, it is said who; otherwise nobody is named.",
            field="decided_by",
        )
        rule(
            method is not DecisionMethod.sense_check or binding is BindingForce.advisory,
            "sense_check_binds_nobody",
            "A sense check is advisory.",
            field="binding",
        )
        rule(
            not (secret and method in OPEN_ONLY),
            "secret_not_of_method",
            "Where people are to hear one another, or one of them decides, there is no secret ballot.",
            field="secret",
        )
        stated = {"method": method, "binding": binding, "quota": quota, "decided_by": decided_by, "secret": secret, "dots": dots}
        if not found.method or stated != {name: getattr(found.method, name) for name in stated}:
            self.record(DecisionMethodSet, by, partnership=self.partnership, item=item, **stated)

    def open_item(self, by: Stamp, *, item: UUID) -> None:
        """Open an item."""
        self._must_be_open()
        found = self._item(item)
        rule(found.closed is None, "item_closed", "The item is closed.", field="item")
        if found.opened is None:
            self.record(AgendaItemOpened, by, partnership=self.partnership, item=item)
            self._watch_quorum(by)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case SessionOpened():
                self.opened = fact.happened
                self.quorum = Quorum(fact.quorum, fact.quorum_lived_experience, fact.quorum_provider)
            case MemberArrived():
                self.here[fact.member] = True
            case MemberLeft():
                self.here[fact.member] = False
            case InterestHandledForItem():
                self.interests[fact.item, fact.member] = fact.handling
            case DecisionMethodSet():
                self.agenda[fact.item].method = fact
            case AgendaItemOpened():
                self.agenda[fact.item].opened = fact.happened
            case AgendaItemClosed():
                self.agenda[fact.item].closed = fact.happened
            case QuorumEstablished() | QuorumLost():
                self.quorate[fact.item] = isinstance(fact, QuorumEstablished)
            case _:
                super().apply(fact)

    def recused(self, item: UUID | None) -> set[UUID]:
        """Who is out for an item."""
        return {member for (of, member), handling in self.interests.items() if of == item and handling.recuses}

    def _abstaining(self, item: UUID) -> set[UUID]:
        """Who abstains from an item because of an interest."""
        return {member for (of, member), handling in self.interests.items() if of == item and handling is InterestHandling.abstains}

    def _taking_part(self, item: UUID | None) -> list[UUID]:
        """Who is there, and not out for the item."""
        out = self.recused(item)
        return [member for member, here in self.here.items() if here and member not in out]

    def _watch_quorum(self, by: Stamp) -> None:
        for item in (None, *(item.id for item in self.agenda.values() if item.opened and not item.closed)):
            there, known = There.of(self.invited[member].side for member in self._taking_part(item)), self.quorate.get(item)
            holds = self.quorum is not None and self.quorum.holds(there)
            # A session cannot lose before it had; an item may begin without.
            if holds is not (known if known is not None or item else False):
                kind = QuorumEstablished if holds else QuorumLost
                self.record(kind, by, partnership=self.partnership, item=item, **there._asdict())

    def _must_be_open(self) -> None:
        self._must_be_planned()
        rule(self.opened is not None, "session_not_open", "The session has not begun.")

    def _open_item(self, item: UUID) -> Item:
        found = self._item(item)
        rule(found.opened is not None and found.closed is None, "item_not_open", "The item is not open.", field="item")
        return found
