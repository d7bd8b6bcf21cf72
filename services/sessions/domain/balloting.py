"""Secret ballots: that somebody could take part is known of each, what anybody said is known of nobody, and of no side before the end.

No command and no fact holds both a member and what they said. All ballots are handed out before the first is cast; whoever casts one is
not named, and all of one box bear the same time. They are counted once the box is closed, groups of fewer than three told of no side,
and destroyed once it is decided. What remains, and no rule takes away: of a side that is of one mind everybody knows what each said; and
until they are destroyed, whoever holds both the database and the master key can open single ballots, of a side and of nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from contracts.errors import rule
from contracts.model import Fact, SealedPart
from contracts.sessions import BallotCast, BallotClosed, BallotDeclined, BallotHandedOut, BallotsDestroyed, InterestHandledForItem
from contracts.vocabulary import InterestHandling, SessionStatus, Side
from services.sessions.domain.methods import FEWEST, Voice
from services.sessions.domain.objecting import Objecting
from services.sessions.domain.proposing import Proposal
from shared.application import Stamp


class Balloting(Objecting):
    """A session in which some decisions are taken by secret ballot (Robert's Rules §45: the purpose of a ballot is secrecy)."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.ballots: dict[UUID, list[SealedPart]] = {}

    def hand_out_ballots(self, by: Stamp, *, decision: UUID, members: Iterable[UUID], declined: Iterable[UUID]) -> None:
        """Say who has a ballot and who declined, all before the first is cast: so no order leads from one to the other."""
        proposal, members, declined = self._by_ballot(decision), dict.fromkeys(members), dict.fromkeys(declined)
        rule(not proposal.box, "ballot_begun", "Ballots are handed out before the first is cast.", field="decision")
        rule(
            not members.keys() & (declined.keys() | proposal.declined) and not declined.keys() & proposal.handed_out.keys(),
            "ballot_taken_and_declined",
            "Whoever has a ballot did not decline it.",
            field="declined",
        )
        for one in (*members, *declined):
            self._must_have_a_voice(proposal, one, "members")
        rule(
            not members.keys() & self._abstaining(proposal.item),
            "interest_abstains",
            "Whoever abstains because of an interest takes no other position.",
            field="members",
        )
        what = {"partnership": self.partnership, "decision": decision, "proposal_version": proposal.version}
        for one in members:
            if one not in proposal.handed_out:
                self.record(BallotHandedOut, by, member=one, perspective=self.invited[one], **what)
        for one in declined:
            if one not in proposal.declined:
                self.record(BallotDeclined, by, member=one, **what)

    def cast_ballot(self, by: Stamp, *, decision: UUID, voice: Voice, ballot: SealedPart) -> None:
        """Put a ballot of a side into the box; of each side no more than were handed out to it."""
        proposal = self._by_ballot(decision)
        rule(
            bool(proposal.box) or self._asked(proposal) <= proposal.handed_out.keys() | proposal.declined,
            "ballots_not_handed_out",
            "Before the first ballot is cast, everybody who takes part has one or declined it.",
            field="decision",
        )
        self._must_be_secret(Counter(proposal.handed_out.values()), "decision")
        self._must_be_of_method(proposal, voice.position, voice.choices, "position")
        out = self.recused(proposal.item) | self._abstaining(proposal.item)
        cast = sum(one.side is voice.side for one in proposal.box)
        rule(
            cast < sum(side is voice.side and member not in out for member, side in proposal.handed_out.items()),
            "more_ballots_than_handed_out",
            "A side casts no more ballots than were handed out to it.",
            field="side",
        )
        happened, recorded = proposal.handed_out_at or (by.happened, by.recorded)
        what = {"decision": decision, "proposal_version": proposal.version, "side": voice.side, "ballot": ballot}
        self.record(BallotCast, replace(by, happened=happened, recorded=recorded), partnership=self.partnership, **what)

    def close_ballot(self, by: Stamp, *, decision: UUID) -> None:
        """Close the box; what is in it is only then counted, so that asking how it would end tells nothing before the end."""
        proposal = self._open_proposal(decision)
        rule(self._stated(proposal).secret, "ballot_not_secret", "Here everybody says where they stand.", field="decision")
        if not proposal.ballot_closed:
            what = {"decision": decision, "proposal_version": proposal.version, "ballots": len(proposal.box)}
            self.record(BallotClosed, by, partnership=self.partnership, **what)

    def ballots_for(self, decision: UUID) -> list[BallotCast]:
        """The ballots on the newest version of a proposal, once the box is closed."""
        proposal = self.proposals.get(decision)
        return proposal.box if proposal and proposal.ballot_closed else []

    def say_ballots_destroyed(self, by: Stamp, *, decision: UUID) -> None:
        """Record, once, that the ballots of a decision that is over were destroyed."""
        if ballots := self.ballots_over(decision):
            what = {"decision": decision, "ballots": len(ballots), "subjects": tuple(part.subject for part in ballots)}
            self.record(BallotsDestroyed, by, partnership=self.partnership, **what)

    def ballots_over(self, decision: UUID) -> list[SealedPart]:
        """The ballots nobody needs any more: the proposal is closed, or the session did not take place."""
        over = decision in self.decisions or self.status is SessionStatus.cancelled
        return self.ballots.get(decision, []) if over else []

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case BallotHandedOut():
                self.proposals[fact.decision].handed_out[fact.member] = fact.perspective.side
                self.proposals[fact.decision].handed_out_at = fact.happened, fact.recorded
            case BallotDeclined():
                self.proposals[fact.decision].declined.add(fact.member)
            case BallotCast():
                self.proposals[fact.decision].box.append(fact)
                self.ballots.setdefault(fact.decision, []).append(fact.ballot)
            case BallotClosed():
                self.proposals[fact.decision].ballot_closed = True
            case BallotsDestroyed():
                del self.ballots[fact.decision]
            case InterestHandledForItem():
                super().apply(fact)
                for proposal in self.proposals.values():
                    mine = proposal.item == fact.item and fact.member in proposal.handed_out
                    without = fact.handling.recuses or fact.handling is InterestHandling.abstains
                    proposal.ballot_spoilt |= mine and bool(proposal.box) and without
            case _:
                super().apply(fact)

    def _by_ballot(self, decision: UUID) -> Proposal:
        proposal = self._open_proposal(decision)
        rule(self._stated(proposal).secret, "ballot_not_secret", "Here everybody says where they stand.", field="decision")
        rule(not proposal.ballot_closed, "ballot_closed", "The ballot on this version is closed.", field="decision")
        return proposal

    def _must_be_countable(self, proposal: Proposal, ballots: Counter[Side]) -> None:
        rule(proposal.ballot_closed, "ballot_open", "Ballots are counted once the box is closed.", field="decision")
        rule(
            not proposal.ballot_spoilt,
            "ballot_spoilt",
            "Somebody whose ballot may be in the box is out for the item now, or abstains; vote on a new version.",
            field="decision",
        )
        self._must_be_secret(ballots, "decision")

    def _must_be_secret(self, ballots: Counter[Side], field: str) -> None:
        rule(
            all(ballots[side] >= FEWEST for side in (Side.lived_experience, Side.provider)),
            "secrecy_not_possible",
            "With fewer than three ballots of a side it would be known who said what.",
            field=field,
        )
