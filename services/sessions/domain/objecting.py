"""Objections as things with a life of their own: raised, discussed, then integrated, withdrawn or ruled on (Sociocracy 3.0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import ObjectionDiscussed, ObjectionIntegrated, ObjectionRaised, ObjectionRuled, ObjectionWithdrawn
from contracts.vocabulary import DecisionMethod, ObjectionState, Position, Side
from services.sessions.domain.methods import Voice
from services.sessions.domain.proposing import Proposal, Proposing
from shared.application import Stamp

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


class Objecting(Proposing):
    """A session in which members object to proposals (domain 6.5, ObjectionState)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.objections: dict[UUID, Objection] = {}

    def raise_objection(self, by: Stamp, *, objection: UUID, decision: UUID, member: UUID, words: SealedPart) -> None:
        """Object to the newest version, with a reason."""
        proposal = self._open_proposal(decision)
        self._must_have_a_voice(proposal, member, "member")
        rule(
            member not in self._abstaining(proposal.item),
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

    def amend_proposal(self, by: Stamp, *, decision: UUID, text: SealedPart, integrates: Iterable[UUID]) -> None:
        """Put a new version, on which positions are taken anew; it may integrate objections that were discussed (S3; domain 8.G)."""
        proposal, taken_in = self._open_proposal(decision), [self._objection(one) for one in dict.fromkeys(integrates)]
        rule(
            all(one.decision == decision and one.state in _SETTLEABLE for one in taken_in),
            "objection_not_discussed",
            "An objection is discussed before it is integrated, into the proposal it was raised to.",
            field="integrates",
        )
        self._put(by, Proposal(decision, proposal.item, proposal.version + 1, proposal.title, text, proposal.options))
        for one in taken_in:
            self.record(ObjectionIntegrated, by, partnership=self.partnership, objection=one.id, proposal_version=proposal.version + 1)

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

    def objections_to(self, decision: UUID) -> list[Objection]:
        """Every objection to a proposal, in the order they were raised."""
        return [one for one in self.objections.values() if one.decision == decision]

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
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
            case _:
                super().apply(fact)

    def _voices(self, proposal: Proposal) -> dict[UUID, Voice]:
        """The positions that count: of whoever has an interest none, or that they abstain; and no objection that was ruled a preference."""
        out = self.recused(proposal.item)
        out |= {
            one for one in self._abstaining(proposal.item) & proposal.voices.keys() if proposal.voices[one].position is not Position.abstain
        }
        out |= {
            one.member
            for one in self.objections_to(proposal.id)
            if one.state is ObjectionState.ruled_preference
            and (voice := proposal.voices.get(one.member))
            and voice.position is Position.objection
        }
        return {member: voice for member, voice in proposal.voices.items() if member not in out}

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
