"""Deciding: proposals in versions, where each member stands, objections as things with a life of their own, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import (
    AgendaItemClosed,
    DecisionClosed,
    DecisionMethodSet,
    MemberPosition,
    ObjectionDiscussed,
    ObjectionIntegrated,
    ObjectionRaised,
    ObjectionRuled,
    ObjectionWithdrawn,
    PositionTaken,
    ProposalPut,
)
from contracts.vocabulary import DecisionMethod, DecisionOutcome, DecisionRecord, InterestHandling, ObjectionState, Position, Side
from services.sessions.domain.meeting import Meeting
from services.sessions.domain.methods import BY_ALL, CHOOSING, POSITIONS, Sides, Voice, carried, carried_on_both_sides, tally, winner
from shared.application import Stamp

_PUT_OFF = {DecisionOutcome.deferred, DecisionOutcome.referred, DecisionOutcome.withdrawn}
_SETTLEABLE = {ObjectionState.under_discussion, ObjectionState.standing}


@dataclass
class Objection:
    """A reasoned statement against a version of a proposal."""

    id: UUID
    decision: UUID
    member: UUID
    side: Side
    version: int
    words: SealedPart
    state: ObjectionState = ObjectionState.raised


@dataclass
class Proposal:
    """What is to be decided, in its newest version; `voices` are positions on that one."""

    id: UUID
    item: UUID
    version: int
    title: SealedPart
    text: SealedPart
    options: tuple[SealedPart, ...]
    voices: dict[UUID, Voice] = field(default_factory=dict)
    closed: bool = False


class Deciding(Meeting):
    """A session in which decisions are taken (domain: decision methods, positions, objections)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.proposals: dict[UUID, Proposal] = {}
        self.objections: dict[UUID, Objection] = {}
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

    def amend_proposal(self, by: Stamp, *, decision: UUID, text: SealedPart, integrates: Iterable[UUID]) -> None:
        """Put a new version, on which positions are taken anew; it may integrate objections that were discussed (S3; scenario 8.G)."""
        proposal, taken_in = self._open_proposal(decision), [self._objection(one) for one in dict.fromkeys(integrates)]
        rule(
            all(one.decision == decision and one.state in _SETTLEABLE for one in taken_in),
            "objection_not_discussed",
            "An objection is discussed before it is integrated, into the proposal it was raised to.",
            field="integrates",
        )
        self._put(by, replace(proposal, version=proposal.version + 1, text=text))
        for one in taken_in:
            self.record(ObjectionIntegrated, by, partnership=self.partnership, objection=one.id, proposal_version=proposal.version + 1)

    def take_positions(self, by: Stamp, *, decision: UUID, positions: Iterable[MemberPosition]) -> None:
        """Take positions on the newest version; whoever says something else later stands there instead."""
        proposal = self._open_proposal(decision)
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

    def raise_objection(self, by: Stamp, *, objection: UUID, decision: UUID, member: UUID, words: SealedPart) -> None:
        """Object to the newest version, with a reason."""
        proposal = self._open_proposal(decision)
        self._must_have_a_voice(proposal, member, "member")
        rule(
            self.interests.get((proposal.item, member)) is not InterestHandling.abstains,
            "interest_abstains",
            "Whoever abstains because of an interest takes no other position.",
            field="member",
        )
        self.record(
            ObjectionRaised,
            by,
            partnership=self.partnership,
            objection=objection,
            decision=decision,
            proposal_version=proposal.version,
            member=member,
            perspective=self.invited[member],
            words=words,
        )
        if self._method(proposal) is DecisionMethod.consent:
            self._take(by, proposal, member, Position.objection, ())

    def discuss_objection(self, by: Stamp, *, objection: UUID) -> None:
        """Take an objection up."""
        found = self._live_objection(objection)
        if found.state is ObjectionState.raised:
            self.record(ObjectionDiscussed, by, partnership=self.partnership, objection=objection)

    def withdraw_objection(self, by: Stamp, *, objection: UUID, member: UUID) -> None:
        """Withdraw it; only whoever raised it does."""
        rule(
            self._objection(objection).member == member,
            "not_the_objector",
            "An objection is withdrawn by whoever raised it, and by nobody else.",
            field="member",
        )
        if self._objection(objection).state is not ObjectionState.withdrawn_by_objector:
            self._live_objection(objection)
            self.record(ObjectionWithdrawn, by, partnership=self.partnership, objection=objection)

    def rule_on_objection(self, by: Stamp, *, objection: UUID, stands: bool, ruled_by: tuple[UUID, ...]) -> None:
        """Rule that it stands or is a preference; neither one side alone nor the objector rules (ours: no side outrules the other)."""
        found = self._live_objection(objection)
        rule(found.state is not ObjectionState.raised, "objection_not_discussed", "An objection is discussed first.", field="objection")
        proposal = self._open_proposal(found.decision)
        for one in ruled_by:
            self._must_have_a_voice(proposal, one, "ruled_by")
        rule(found.member not in ruled_by, "ruled_by_objector", "Whoever objects does not rule on it.", field="ruled_by")
        rule(
            {Side.lived_experience, Side.provider} <= {self.invited[one].side for one in ruled_by},
            "ruling_one_sided",
            "Members of both sides rule on an objection together.",
            field="ruled_by",
        )
        state = ObjectionState.standing if stands else ObjectionState.ruled_preference
        if found.state is not state:
            who = tuple(dict.fromkeys(ruled_by))
            self.record(ObjectionRuled, by, partnership=self.partnership, objection=objection, state=state, ruled_by=who)

    def close_proposal(self, by: Stamp, *, decision: UUID, outcome: DecisionOutcome) -> None:
        """End it with the outcome that method, positions, objections and quorum allow."""
        proposal = self._open_proposal(decision)
        stated, quorate = self._stated(proposal), self.quorate.get(proposal.item) is True
        voices = self._voices(proposal)
        chosen = winner(stated.method, voices.values()) if stated.method in CHOOSING else None
        sides = tally(voices.values(), chosen)
        self._must_fit_quorum(outcome, quorate=quorate)
        if outcome not in _PUT_OFF | {DecisionOutcome.lapsed_no_quorum}:
            self._must_be_unobjected(proposal, outcome)
            self._must_be_heard(proposal, voices)
            self._must_be_carried(proposal, outcome, sides, chosen)
        self.record(
            DecisionClosed,
            by,
            partnership=self.partnership,
            decision=decision,
            title=proposal.title,
            method=stated.method,
            outcome=outcome,
            rests_on=DecisionRecord.positions,
            item=proposal.item,
            proposal_version=proposal.version,
            binding=stated.binding,
            decided_by=stated.decided_by,
            chosen=chosen,
            objections=tuple((one.side, one.state) for one in self.objections_to(decision)),
            carried_on_both_sides=carried_on_both_sides(sides),
            quorate=quorate,
            **{side.value: said for side, said in sides.items()},
        )

    def close_item(self, by: Stamp, *, item: UUID) -> None:
        """Close an item under which nothing is left to decide."""
        self._must_be_open()
        if self._item(item).closed:
            return
        self._open_item(item)
        self._must_have_no_open_proposal(item)
        self.record(AgendaItemClosed, by, partnership=self.partnership, item=item)

    def objections_to(self, decision: UUID) -> list[Objection]:
        """Every objection to a proposal, in the order they were raised."""
        return [one for one in self.objections.values() if one.decision == decision]

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case ProposalPut():
                self.proposals[fact.decision] = Proposal(
                    fact.decision, fact.item, fact.proposal_version, fact.title, fact.text, fact.options
                )
            case PositionTaken():
                self.proposals[fact.decision].voices[fact.member] = Voice(fact.perspective.side, fact.position, fact.choices)
            case ObjectionRaised():
                self.objections[fact.objection] = Objection(
                    fact.objection, fact.decision, fact.member, fact.perspective.side, fact.proposal_version, fact.words
                )
            case ObjectionDiscussed():
                self.objections[fact.objection].state = ObjectionState.under_discussion
            case ObjectionIntegrated():
                self.objections[fact.objection].state = ObjectionState.integrated
            case ObjectionWithdrawn():
                self.objections[fact.objection].state = ObjectionState.withdrawn_by_objector
            case ObjectionRuled():
                self.objections[fact.objection].state = fact.state
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
        method = self._method(proposal)
        rule(one.position in POSITIONS[method], "position_not_of_method", "Each method has its own positions.", field="positions")
        rule(
            one.position is not Position.objection,
            "objection_without_reason",
            "An objection is raised, with its reason.",
            field="positions",
        )
        rule(
            one.position is Position.abstain or self.interests.get((proposal.item, one.member)) is not InterestHandling.abstains,
            "interest_abstains",
            "Whoever abstains because of an interest takes no other position.",
            field="positions",
        )
        rule(
            bool(one.choices) is (one.position is Position.chosen) and all(choice <= len(proposal.options) for choice in one.choices),
            "choices_not_of_proposal",
            "Whoever chooses says which of the options, and nobody else does.",
            field="positions",
        )
        rule(
            method is not DecisionMethod.ranked_choice or len(set(one.choices)) == len(one.choices),
            "choice_ranked_twice",
            "An option has one place in a ranking.",
            field="positions",
        )

    def _must_fit_quorum(self, outcome: DecisionOutcome, *, quorate: bool) -> None:
        lapsed = outcome is DecisionOutcome.lapsed_no_quorum
        rule(not (lapsed and quorate), "quorum_holds", "A proposal lapses for want of a quorum when there is none.", field="outcome")
        rule(
            quorate or lapsed or outcome in _PUT_OFF,
            "decided_without_quorum",
            "Nothing is decided while too few of either side are there for the item.",
            field="outcome",
        )

    def _must_be_unobjected(self, proposal: Proposal, outcome: DecisionOutcome) -> None:
        if self._method(proposal) is not DecisionMethod.consent:
            return
        states = [one.state for one in self.objections_to(proposal.id)]
        rule(
            not any(state.open for state in states),
            "objection_unresolved",
            "While an objection is raised or under discussion, a proposal is not closed by consent.",
            field="outcome",
        )
        rule(
            not (outcome.adopted_at_all and ObjectionState.standing in states),
            "objection_stands",
            "Nothing is adopted by consent over an objection that stands.",
            field="outcome",
        )

    def _must_be_heard(self, proposal: Proposal, voices: dict[UUID, Voice]) -> None:
        ruled = {one.member for one in self.objections_to(proposal.id) if one.state is ObjectionState.ruled_preference}
        rule(
            self._method(proposal) not in BY_ALL or set(self._taking_part(proposal.item)) - ruled <= voices.keys(),
            "positions_missing",
            "By consensus or consent, everybody who takes part is asked where they stand on the newest version.",
            field="decision",
        )

    def _must_be_carried(self, proposal: Proposal, outcome: DecisionOutcome, sides: Sides, chosen: int | None) -> None:
        stated = self._stated(proposal)
        holds = chosen is not None if stated.method in CHOOSING else carried(stated.method, sides, stated.quota)
        holds = holds and not any(voice.position is Position.veto for voice in self._voices(proposal).values())
        adopted = outcome.adopted_at_all
        rule(
            not adopted or (holds is not False and stated.method is not DecisionMethod.sense_check),
            "not_carried",
            "A proposal is adopted when its method carries it.",
            field="outcome",
        )
        rule(adopted or not holds, "carried_all_the_same", "A proposal that its method carries is adopted.", field="outcome")
        rule(
            not adopted or (outcome is DecisionOutcome.adopted_with_amendment) is (proposal.version > 1),
            "amendment_not_said",
            "What is adopted in a later version than the first is adopted with amendment, and nothing else is.",
            field="outcome",
        )

    def _voices(self, proposal: Proposal) -> dict[UUID, Voice]:
        """The positions that count: not of those who are out for the item, and no objection that was ruled a preference."""
        out = self.recused(proposal.item)
        out |= {
            one.member
            for one in self.objections_to(proposal.id)
            if one.state is ObjectionState.ruled_preference
            and (voice := proposal.voices.get(one.member))
            and voice.position is Position.objection
        }
        return {member: voice for member, voice in proposal.voices.items() if member not in out}

    def _stated(self, proposal: Proposal) -> DecisionMethodSet:
        stated = self.agenda[proposal.item].method
        if stated is None:
            raise AssertionError("a proposal is put under an item whose method is stated")
        return stated

    def _method(self, proposal: Proposal) -> DecisionMethod:
        return self._stated(proposal).method

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

    def _open_proposal(self, decision: UUID) -> Proposal:
        self._must_be_open()
        if decision not in self.proposals:
            raise NotFound("no_such_proposal", "There is no such proposal in this session.", field="decision")
        found = self.proposals[decision]
        rule(not found.closed, "proposal_closed", "The proposal is closed.", field="decision")
        return found

    def _objection(self, objection: UUID) -> Objection:
        if objection not in self.objections:
            raise NotFound("no_such_objection", "There is no such objection in this session.", field="objection")
        return self.objections[objection]

    def _live_objection(self, objection: UUID) -> Objection:
        found = self._objection(objection)
        self._open_proposal(found.decision)
        rule(
            found.state.stops,
            "objection_settled",
            "The objection was integrated, withdrawn or ruled a preference.",
            field="objection",
        )
        return found
