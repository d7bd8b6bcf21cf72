"""Deciding: what a proposal needs to be closed with an outcome, by its method, its positions or ballots, objections and quorum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from contracts.errors import rule
from contracts.sessions import AgendaItemClosed, DecisionClosed
from contracts.vocabulary import DecisionMethod, DecisionOutcome, DecisionRecord, ObjectionState, Position, Side
from services.sessions.domain.balloting import Balloting
from services.sessions.domain.methods import BY_ALL, BY_ONE, CHOOSING, FEWEST, Chosen, Voice, carried, carried_on_both_sides, tally, winner
from services.sessions.domain.proposing import Proposal
from shared.application import Stamp

_BOTH = {Side.lived_experience, Side.provider}
_PUT_OFF = {DecisionOutcome.deferred, DecisionOutcome.referred, DecisionOutcome.withdrawn}


class Deciding(Balloting):
    """A session in which decisions are taken (domain 6.5, DecisionMethod, Position, ObjectionState)."""

    def close_proposal(self, by: Stamp, *, decision: UUID, outcome: DecisionOutcome, ballots: Sequence[Voice] = ()) -> None:
        """End it with the outcome that method, positions (or the `ballots` of the box), objections and quorum allow."""
        proposal = self._open_proposal(decision)
        stated, quorate = self._stated(proposal), self.quorate.get(proposal.item) is True
        decided = outcome not in _PUT_OFF | {DecisionOutcome.lapsed_no_quorum}
        # What is put off is not counted: a box that is opened tells something.
        voices = (list(ballots) if decided else []) if stated.secret else list(self._voices(proposal).values())
        chosen = winner(stated.method, voices) if stated.method in CHOOSING else None
        sides = tally(voices, chosen)
        self._must_fit_quorum(outcome, quorate=quorate)
        if decided:
            if stated.secret:
                self._must_be_countable(proposal, Counter(voice.side for voice in voices))
            self._must_be_unobjected(proposal, outcome)
            self._must_be_heard(proposal)
            self._must_be_for_one_to_decide(proposal)
            self._must_be_carried(proposal, outcome, voices, chosen)
        told = {side: said if not stated.secret or sum(said) >= FEWEST else (0, 0, 0) for side, said in sides.items()}
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
            chosen=chosen.option if chosen else None,
            quota=stated.quota,
            objections=tuple((one.side, one.state) for one in self.objections_to(decision)),
            carried_on_both_sides=carried_on_both_sides(sides),
            quorate=quorate,
            secret=stated.secret,
            declined_by_side=self._declined(proposal),
            withheld=sum(map(sum, sides.values())) - sum(map(sum, told.values())),
            **{side.value: said for side, said in told.items()},
        )

    def close_item(self, by: Stamp, *, item: UUID) -> None:
        """Close an item under which nothing is left to decide."""
        self._must_be_open()
        if self._item(item).closed:
            return
        self._open_item(item)
        self._must_have_no_open_proposal(item)
        self.record(AgendaItemClosed, by, partnership=self.partnership, item=item)

    def _declined(self, proposal: Proposal) -> tuple[tuple[Side, int], ...]:
        sides = Counter(self.invited[member].side for member in proposal.declined - self.recused(proposal.item))
        return tuple((side, sides[side]) for side in Side if sides[side])

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

    def _must_be_heard(self, proposal: Proposal) -> None:
        ruled = {one.member for one in self.objections_to(proposal.id) if one.state is ObjectionState.ruled_preference}
        rule(
            self._method(proposal) not in BY_ALL or self._asked(proposal) - ruled <= self._heard(proposal),
            "positions_missing",
            "By consensus or consent, everybody who takes part is asked where they stand on the newest version.",
            field="decision",
        )

    def _must_be_for_one_to_decide(self, proposal: Proposal) -> None:
        """Where one member decides, they are there to do so; on advice, after asking both sides (the advice process: Laloux, ours)."""
        stated, asked = self._stated(proposal), self._asked(proposal)
        rule(
            stated.method not in BY_ONE or stated.decided_by in asked,
            "decider_not_taking_part",
            "Whoever decides is there, not out for the item, and does not abstain from it.",
            field="decision",
        )
        advising = asked - {stated.decided_by}
        rule(
            stated.method is not DecisionMethod.advice
            or {self.invited[one].side for one in advising} & _BOTH <= {self.invited[one].side for one in advising & self._heard(proposal)},
            "advice_not_taken",
            "On advice, somebody else of each side that is there says what they think before one member decides.",
            field="decision",
        )

    def _must_be_carried(self, proposal: Proposal, outcome: DecisionOutcome, voices: Sequence[Voice], chosen: Chosen | None) -> None:
        stated = self._stated(proposal)
        holds = chosen is not None if stated.method in CHOOSING else carried(stated.method, tally(voices), stated.quota)
        vetoed = any(voice.position is Position.veto for voice in voices)
        stopped = stated.method is DecisionMethod.consent and any(one.state.stops for one in self.objections_to(proposal.id))
        holds, adopted = holds and not vetoed and not stopped, outcome.adopted_at_all
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
