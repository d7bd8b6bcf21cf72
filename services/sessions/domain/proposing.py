"""Proposals in versions, and where each member stands on the newest one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import BallotCast, DecisionClosed, DecisionMethodSet, MemberPosition, PositionDeclined, PositionTaken, ProposalPut
from contracts.vocabulary import DecisionMethod, Position, Side
from services.sessions.domain.meeting import Meeting
from services.sessions.domain.methods import CHOOSING, DOTS, POSITIONS, Voice
from shared.application import Stamp


@dataclass
class Proposal:
    """What is to be decided, in its newest version; `voices` are positions on that one, or `box` the ballots; `declined` who gives none.

    All ballots bear the times at which the last was handed out, `handed_out_at`; one of them may be of somebody who went out for the
    item since, and then the ballot is spoilt.
    """

    id: UUID
    item: UUID
    version: int
    title: SealedPart
    text: SealedPart
    options: tuple[SealedPart, ...]
    voices: dict[UUID, Voice] = field(default_factory=dict)
    handed_out: dict[UUID, Side] = field(default_factory=dict)
    handed_out_at: tuple[datetime, datetime] | None = None
    declined: set[UUID] = field(default_factory=set)
    box: list[BallotCast] = field(default_factory=list)
    ballot_closed: bool = False
    ballot_spoilt: bool = False
    closed: bool = False


class Proposing(Meeting):
    """A session to which proposals are put (domain 6.5, DecisionMethod and Position)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.proposals: dict[UUID, Proposal] = {}
        self.decisions: dict[UUID, DecisionClosed] = {}

    def put_proposal(
        self, by: Stamp, *, decision: UUID, item: UUID, title: SealedPart, text: SealedPart, options: tuple[SealedPart, ...]
    ) -> None:
        """Put a proposal under an open item whose method is stated."""
        self._must_be_open()
        method = self._open_item(item).method
        rule(method is not None, "method_not_set", "How an item is decided is stated before it opens.", field="item")
        self._must_have_no_open_proposal(item)
        needed = 2 if method is not None and method.method in CHOOSING else 0
        rule(
            len(options) >= needed if needed else not options,
            "options_not_of_method",
            "Two options or more are put where one of several is chosen, and none elsewhere.",
            field="options",
        )
        self._put(by, Proposal(decision, item, 1, title, text, options))

    def take_positions(self, by: Stamp, *, decision: UUID, positions: Iterable[MemberPosition]) -> None:
        """Take positions on the newest version; whoever says something else later stands there instead."""
        proposal = self._openly_decided(decision)
        positions = tuple(positions)
        rule(
            len({one.member for one in positions}) == len(positions),
            "position_twice",
            "A member takes one position at a time.",
            field="positions",
        )
        for one in positions:
            self._may_take(proposal, one)
        for one in positions:
            self._take(by, proposal, one.member, one.position, one.choices)

    def decline_positions(self, by: Stamp, *, decision: UUID, members: Iterable[UUID]) -> None:
        """Record who declines to say where they stand: that is no position, so no abstention either, and in no share (ours)."""
        proposal, members = self._openly_decided(decision), tuple(dict.fromkeys(members))
        for member in members:
            self._must_have_a_voice(proposal, member, "members")
        for member in members:
            if member not in proposal.declined:
                what = {"decision": decision, "proposal_version": proposal.version, "member": member}
                self.record(PositionDeclined, by, partnership=self.partnership, perspective=self.invited[member], **what)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case ProposalPut():
                self.proposals[fact.decision] = Proposal(
                    fact.decision, fact.item, fact.proposal_version, fact.title, fact.text, fact.options
                )
            case PositionTaken():
                self.proposals[fact.decision].voices[fact.member] = Voice(fact.perspective.side, fact.position, fact.choices)
                self.proposals[fact.decision].declined.discard(fact.member)
            case PositionDeclined():
                self.proposals[fact.decision].voices.pop(fact.member, None)
                self.proposals[fact.decision].declined.add(fact.member)
            case DecisionClosed():
                self.decisions[fact.decision] = fact
                if fact.decision in self.proposals:
                    self.proposals[fact.decision].closed = True
            case _:
                super().apply(fact)

    def _put(self, by: Stamp, put: Proposal) -> None:
        self.record(
            ProposalPut,
            by,
            partnership=self.partnership,
            decision=put.id,
            item=put.item,
            proposal_version=put.version,
            title=put.title,
            text=put.text,
            options=put.options,
        )

    def _take(self, by: Stamp, proposal: Proposal, member: UUID, position: Position, choices: tuple[int, ...]) -> None:
        if proposal.voices.get(member) != Voice(self.invited[member].side, position, choices):
            self.record(
                PositionTaken,
                by,
                partnership=self.partnership,
                decision=proposal.id,
                proposal_version=proposal.version,
                member=member,
                perspective=self.invited[member],
                position=position,
                choices=choices,
            )

    def _may_take(self, proposal: Proposal, one: MemberPosition) -> None:
        self._must_have_a_voice(proposal, one.member, "positions")
        self._must_be_of_method(proposal, one.position, one.choices, "positions")
        rule(
            one.position is not Position.objection,
            "objection_without_reason",
            "An objection is raised, with its reason.",
            field="positions",
        )
        rule(
            one.position is Position.abstain or one.member not in self._abstaining(proposal.item),
            "interest_abstains",
            "Whoever abstains because of an interest takes no other position.",
            field="positions",
        )

    def _must_be_of_method(self, proposal: Proposal, position: Position, choices: tuple[int, ...], field: str) -> None:
        method = self._method(proposal)
        rule(position in POSITIONS[method], "position_not_of_method", "Each method has its own positions.", field=field)
        rule(
            bool(choices) is (position is Position.chosen) and all(choice <= len(proposal.options) for choice in choices),
            "choices_not_of_proposal",
            "Whoever chooses says which of the options, and nobody else does.",
            field=field,
        )
        rule(
            method is not DecisionMethod.ranked_choice or len(set(choices)) == len(choices),
            "choice_ranked_twice",
            "An option has one place in a ranking.",
            field=field,
        )
        rule(
            method is not DecisionMethod.dot_vote or len(choices) <= (self._stated(proposal).dots or DOTS),
            "more_dots_than_others",
            "Everybody has as many dots as anybody else.",
            field=field,
        )

    def _stated(self, proposal: Proposal) -> DecisionMethodSet:
        stated = self.agenda[proposal.item].method
        if stated is None:
            raise AssertionError("a proposal is put under an item whose method is stated")
        return stated

    def _method(self, proposal: Proposal) -> DecisionMethod:
        return self._stated(proposal).method

    def _asked(self, proposal: Proposal) -> set[UUID]:
        """Who is asked where they stand: whoever takes part, and does not abstain because of an interest."""
        return set(self._taking_part(proposal.item)) - self._abstaining(proposal.item)

    def _heard(self, proposal: Proposal) -> set[UUID]:
        """Who said where they stand, or declined to."""
        return proposal.voices.keys() | proposal.declined

    def _must_have_a_voice(self, proposal: Proposal, member: UUID, field: str) -> None:
        rule(
            member in self._taking_part(proposal.item),
            "not_taking_part",
            "Whoever takes a position is there, and not out for the item.",
            field=field,
        )

    def _must_have_no_open_proposal(self, item: UUID) -> None:
        rule(
            all(one.closed for one in self.proposals.values() if one.item == item),
            "proposal_open",
            "One proposal is closed before the next is put, or the item is closed.",
            field="item",
        )

    def _openly_decided(self, decision: UUID) -> Proposal:
        proposal = self._open_proposal(decision)
        rule(not self._stated(proposal).secret, "ballot_is_secret", "Here nobody says where they stand but by ballot.", field="decision")
        return proposal

    def _open_proposal(self, decision: UUID) -> Proposal:
        self._must_be_open()
        if decision not in self.proposals:
            raise NotFound("no_such_proposal", "There is no such proposal in this session.", field="decision")
        found = self.proposals[decision]
        rule(not found.closed, "proposal_closed", "The proposal is closed.", field="decision")
        return found
