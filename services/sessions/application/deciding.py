"""How a session decides: methods, proposals, positions or secret ballots, objections, and the end of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from contracts.errors import RuleBroken
from contracts.model import Command, SealedPart
from contracts.permissions import SERVICE
from contracts.sessions import (
    AmendProposal,
    BallotCast,
    BallotsDestroyed,
    CastBallot,
    CloseBallot,
    CloseDecision,
    CloseProposal,
    DeclinePositions,
    DiscussObjection,
    HandOutBallots,
    PutProposal,
    RaiseObjection,
    RuleOnObjection,
    SetDecisionMethod,
    TakePositions,
    WithdrawObjection,
)
from contracts.vocabulary import Position, Side
from services.sessions.application.room import Room
from services.sessions.domain import Session
from services.sessions.domain.methods import Voice
from shared.application import UNDISCLOSED, Work, making, use_case
from shared.context import Context

_LENGTH = 320
"""Characters of a ballot before it is sealed: more than the longest position with the most choices takes."""


class _DestroyBallots(Command):
    """Destroy the ballots of a decision that is over; nobody asks for it, it follows."""

    session: UUID
    decision: UUID


class Deciding(Room):
    """The verbs by which something is decided (domain 6.5)."""

    def tend(self) -> None:
        """Destroy ballots that are not needed any more; raises `Unavailable` when it must be tried again."""
        super().tend()
        for session, decision in self._calendar.ballots_over():
            by = Context(actor=self.source, role=SERVICE, region="", command=uuid5(decision, "ballots destroyed"))
            self.destroy_ballots(command=_DestroyBallots(session=session, decision=decision), context=by)

    def forget_again(self) -> int:
        """Destroy once more what was destroyed before, ballots too; how many persons that were."""
        destroyed = {fact.decision for fact in self.facts_of([BallotsDestroyed]) if isinstance(fact, BallotsDestroyed)}
        cast = (fact for fact in self.facts_of([BallotCast]) if isinstance(fact, BallotCast))
        self._destroy_parts([fact.ballot for fact in cast if fact.decision in destroyed])
        return super().forget_again()

    @use_case
    def destroy_ballots(self, *, command: _DestroyBallots, work: Work) -> Session:
        """Destroy the ballots of a decision that is over, and say so."""
        session = self._session(command, work)
        self._destroy_parts(session.ballots_over(command.decision))
        # If we die before what follows is stored, it is all done again: what is destroyed stays so, and is said once.
        session.say_ballots_destroyed(work.stamp, decision=command.decision)
        return session

    def _destroy_parts(self, parts: Sequence[SealedPart]) -> None:
        self._destroy_words({part.subject for part in parts}, [part.handle for part in parts])

    @use_case
    def set_decision_method(self, *, command: SetDecisionMethod, work: Work) -> Session:
        """State how an item is decided."""
        session = self._session(command, work)
        self._must_take_part(session, [command.decided_by] if command.decided_by else [], session.starts, "decided_by")
        session.set_method(
            work.stamp,
            item=command.item,
            method=command.method,
            binding=command.binding,
            quota=command.quota,
            decided_by=command.decided_by,
            secret=command.secret,
            dots=command.dots,
        )
        return session

    @making("decision")
    def put_proposal(self, *, command: PutProposal, work: Work) -> Session:
        """Put a proposal."""
        session = self._session(command, work)
        session.put_proposal(
            work.stamp,
            decision=work.id_for("decision"),
            item=command.item,
            title=self._title(work, session, command.title),
            text=self._sealed(work, session, command.text, "text"),
            options=tuple(self._sealed(work, session, option, "option") for option in command.options),
        )
        return session

    @use_case
    def amend_proposal(self, *, command: AmendProposal, work: Work) -> Session:
        """Put a new version of a proposal."""
        session = self._session(command, work)
        text = self._sealed(work, session, command.text, "text")
        session.amend_proposal(work.stamp, decision=command.decision, text=text, integrates=command.integrates)
        return session

    @use_case
    def take_positions(self, *, command: TakePositions, work: Work) -> Session:
        """Take positions on a proposal; whoever does is a member still."""
        session = self._session(command, work)
        self._must_take_part(session, [one.member for one in command.positions], work.stamp.happened, "positions")
        session.take_positions(work.stamp, decision=command.decision, positions=command.positions)
        return session

    @use_case
    def decline_positions(self, *, command: DeclinePositions, work: Work) -> Session:
        """Record who declines to say where they stand."""
        session = self._session(command, work)
        self._must_take_part(session, command.members, work.stamp.happened, "members")
        session.decline_positions(work.stamp, decision=command.decision, members=command.members)
        return session

    @use_case
    def hand_out_ballots(self, *, command: HandOutBallots, work: Work) -> Session:
        """Record who has a ballot, and who declined one."""
        session = self._session(command, work)
        self._must_take_part(session, command.members, work.stamp.happened, "members")
        session.hand_out_ballots(work.stamp, decision=command.decision, members=command.members, declined=command.declined)
        return session

    @use_case
    def cast_ballot(self, *, command: CastBallot, work: Work) -> Session:
        """Put a ballot into the box; it belongs to a side, so nothing in it leads back to who cast it."""
        session = self._session(command, work)
        # Every ballot is as long as any other: its length would tell what it says.
        words = " ".join(map(str, (command.position, *command.choices))).ljust(_LENGTH)
        session.cast_ballot(
            replace(work.undisclosed(), role=UNDISCLOSED),
            decision=command.decision,
            voice=Voice(command.side, command.position, command.choices),
            ballot=work.seal(words, stream=session.id, field="ballot"),
        )
        return session

    @use_case
    def close_ballot(self, *, command: CloseBallot, work: Work) -> Session:
        """Close the box."""
        session = self._session(command, work)
        session.close_ballot(work.stamp, decision=command.decision)
        return session

    @making("objection")
    def raise_objection(self, *, command: RaiseObjection, work: Work) -> Session:
        """Raise an objection; its words are sealed under the key of whoever raised it."""
        session = self._session(command, work)
        self._must_take_part(session, [command.member], work.stamp.happened, "member")
        self.must_be_remembered([command.member], field="member", work=work)
        session.raise_objection(
            work.stamp,
            objection=work.id_for("objection"),
            decision=command.decision,
            member=command.member,
            words=self._sealed(work, session, command.reason, "objection", command.member),
        )
        return session

    @use_case
    def discuss_objection(self, *, command: DiscussObjection, work: Work) -> Session:
        """Take an objection up."""
        session = self._session(command, work)
        session.discuss_objection(work.stamp, objection=command.objection)
        return session

    @use_case
    def withdraw_objection(self, *, command: WithdrawObjection, work: Work) -> Session:
        """Withdraw an objection."""
        session = self._session(command, work)
        session.withdraw_objection(work.stamp, objection=command.objection, member=command.member)
        return session

    @use_case
    def rule_on_objection(self, *, command: RuleOnObjection, work: Work) -> Session:
        """Rule on an objection."""
        session = self._session(command, work)
        self._must_take_part(session, command.ruled_by, work.stamp.happened, "ruled_by")
        session.rule_on_objection(work.stamp, objection=command.objection, stands=command.stands, ruled_by=command.ruled_by)
        return session

    @use_case
    def close_proposal(self, *, command: CloseProposal, work: Work) -> Session:
        """Close a proposal."""
        session = self._session(command, work)
        ballots = [self._opened(session, one) for one in session.ballots_for(command.decision)]
        session.close_proposal(work.stamp, decision=command.decision, outcome=command.outcome, ballots=ballots)
        return session

    @making("decision")
    def close_decision(self, *, command: CloseDecision, work: Work) -> Session:
        """Record a decision in summary."""
        session = self._session(command, work)
        session.close_decision(
            work.stamp,
            decision=work.id_for("decision"),
            title=self._title(work, session, command.title),
            method=command.method,
            positions={side: getattr(command, side.value) for side in Side},
            outcome=command.outcome,
            item=command.item,
            binding=command.binding,
            objections=tuple((one.side, one.state) for one in command.objections for _ in range(one.count)),
            quota=command.quota,
            declined=sum((Counter({one.side: one.count}) for one in command.declined_by_side), Counter()),
            quorum=session.quorum or self._membership.quorum(session.partnership, session.starts),
        )
        return session

    def _opened(self, session: Session, cast: BallotCast) -> Voice:
        words = self.words(cast.ballot, stream=session.id, field="ballot")
        if words is None:
            raise RuleBroken("ballot_destroyed", "A ballot can no longer be opened, so they cannot be counted; vote on a new version.")
        position, *choices = words.split()
        return Voice(cast.side, Position(position), tuple(map(int, choices)))
