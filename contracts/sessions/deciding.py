"""Proposals, positions, objections and the decisions they end in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Command, Contract, Count, Ordinal, PartnershipFact, SealedPart, Several, Words
from contracts.sessions.holding import Quota
from contracts.vocabulary import BindingForce, DecisionMethod, DecisionOutcome, DecisionRecord, ObjectionState, Perspective, Position, Side

Positions = tuple[Count, Count, Count]
"""How many of one side were for, against, abstained."""


Choices = Annotated[tuple[Ordinal, ...], Field(max_length=50)]
"""Options of a proposal by number, 1 first: in order of preference, or one for each dot."""


class Objections(Contract):
    """How many objections of one side came to one end."""

    side: Side
    state: ObjectionState
    count: Several = 1


class Declined(Contract):
    """How many of one side declined to say where they stood."""

    side: Side
    count: Several = 1


class CloseDecision(Command):
    """Record a decision in summary, after the session: the positions of each side together, its objections and its outcome.

    Under an item whose method was stated it is decided as stated; `quota` as there.
    """

    session: UUID
    title: Words
    method: DecisionMethod
    lived_experience: Positions = (0, 0, 0)
    provider: Positions = (0, 0, 0)
    employed: Positions = (0, 0, 0)
    other: Positions = (0, 0, 0)
    outcome: DecisionOutcome
    item: UUID | None = None
    binding: BindingForce | None = None
    objections: Annotated[tuple[Objections, ...], Field(max_length=50)] = ()
    quota: Quota | None = None
    declined_by_side: Annotated[tuple[Declined, ...], Field(max_length=4)] = ()


class SetDecisionMethod(Command):
    """State, before an item opens, how it will be decided and how far the decision will bind; `secret` by ballots.

    `quota` is for a supermajority (two thirds unless said), `dots` for a dot vote (three for each member unless said), `decided_by` for
    what one member decides: on advice, or as delegated.
    """

    session: UUID
    item: UUID
    method: DecisionMethod
    binding: BindingForce
    quota: Quota | None = None
    decided_by: UUID | None = None
    secret: bool = False
    dots: Several | None = None


class PutProposal(Command):
    """Put a proposal under an open item, in its first version; options for methods by which one of several is chosen."""

    session: UUID
    item: UUID
    title: Words
    text: Words
    options: Annotated[tuple[Words, ...], Field(max_length=20)] = ()


class AmendProposal(Command):
    """Put a new version of a proposal, which may integrate objections; positions are taken anew."""

    session: UUID
    decision: UUID
    text: Words
    integrates: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class MemberPosition(Contract):
    """Where one member stands; `choices` where one of several options is chosen."""

    member: UUID
    position: Position
    choices: Choices = ()


class TakePositions(Command):
    """Take the positions of members on the newest version of a proposal."""

    session: UUID
    decision: UUID
    positions: Annotated[tuple[MemberPosition, ...], Field(min_length=1, max_length=200)]


class DeclinePositions(Command):
    """Record that members decline to say where they stand on the newest version of a proposal; they give no reason and may say it later."""

    session: UUID
    decision: UUID
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class HandOutBallots(Command):
    """Record, before the first ballot is cast, to whom one was handed out, and who declined to take part."""

    session: UUID
    decision: UUID
    members: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    declined: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()


class CastBallot(Command):
    """Put a ballot into the box: it belongs to a side, not to a person, and nobody learns what it says before all are counted.

    Sent again under the same id it is the same ballot, whatever it says then.
    """

    traceless = frozenset({"side", "position", "choices"})

    session: UUID
    decision: UUID
    side: Side
    position: Position
    choices: Choices = ()


class CloseBallot(Command):
    """Close the box: from now on no ballot is cast on this version, and they may be counted."""

    session: UUID
    decision: UUID


class RaiseObjection(Command):
    """Raise an objection to the newest version of a proposal, with its reason."""

    session: UUID
    decision: UUID
    member: UUID
    reason: Words


class DiscussObjection(Command):
    """Take up an objection."""

    session: UUID
    objection: UUID


class WithdrawObjection(Command):
    """Withdraw an objection; only whoever raised it does that."""

    session: UUID
    objection: UUID
    member: UUID


class RuleOnObjection(Command):
    """Rule, from both sides, that an objection stands, or that it is a preference."""

    session: UUID
    objection: UUID
    stands: bool
    ruled_by: Annotated[tuple[UUID, ...], Field(min_length=2, max_length=20)]


class CloseProposal(Command):
    """Close a proposal by the positions that were taken on it."""

    session: UUID
    decision: UUID
    outcome: DecisionOutcome


class DecisionClosed(PartnershipFact, type="sessions.DecisionClosed.v1"):
    """A proposal was closed; per side how many were for, against, abstained, recused members left out.

    `rests_on` says whether positions were taken one by one or are told in summary; in summary much may not be known, and is none.
    `objections`: side and last state of each; `quorate`: whether the quorum held for the item; `chosen`: the option that won;
    `quota`: the share a supermajority needed, two thirds where none is said; `declined_by_side`: how many would not say where they
    stood, in none of those numbers;
    `withheld`: how many secret ballots counted that are told of no side, because so few would tell who said what.
    """

    decision: UUID
    title: SealedPart
    method: DecisionMethod
    lived_experience: tuple[int, int, int]
    provider: tuple[int, int, int]
    employed: tuple[int, int, int]
    other: tuple[int, int, int]
    outcome: DecisionOutcome
    rests_on: DecisionRecord = DecisionRecord.summary
    item: UUID | None = None
    proposal_version: int | None = None
    binding: BindingForce | None = None
    decided_by: UUID | None = None
    chosen: int | None = None
    objections: tuple[tuple[Side, ObjectionState], ...] = ()
    carried_on_both_sides: bool | None = None
    quorate: bool | None = None
    secret: bool | None = None
    withheld: int | None = None
    quota: tuple[int, int] | None = None
    declined_by_side: tuple[tuple[Side, int], ...] = ()


class DecisionMethodSet(PartnershipFact, type="sessions.DecisionMethodSet.v1"):
    """How an item will be decided and how far that binds, stated before it opened."""

    item: UUID
    method: DecisionMethod
    binding: BindingForce
    quota: tuple[int, int] | None
    decided_by: UUID | None
    secret: bool = False
    dots: int | None = None


class ProposalPut(PartnershipFact, type="sessions.ProposalPut.v1"):
    """A version of a proposal was put; positions on earlier versions hold no longer."""

    decision: UUID
    item: UUID
    proposal_version: int
    title: SealedPart
    text: SealedPart
    options: tuple[SealedPart, ...]


class PositionTaken(PartnershipFact, type="sessions.PositionTaken.v1"):
    """Where a member stands on a version of a proposal, until they say otherwise."""

    decision: UUID
    proposal_version: int
    member: UUID
    perspective: Perspective
    position: Position
    choices: tuple[int, ...]


class PositionDeclined(PartnershipFact, type="sessions.PositionDeclined.v1"):
    """A member declined to say where they stand on a version of a proposal; a position they took on it before holds no longer."""

    decision: UUID
    proposal_version: int
    member: UUID
    perspective: Perspective


class BallotHandedOut(PartnershipFact, type="sessions.BallotHandedOut.v1"):
    """A member was given a ballot: that they could take part is known, what they said is not."""

    decision: UUID
    proposal_version: int
    member: UUID
    perspective: Perspective


class BallotDeclined(PartnershipFact, type="sessions.BallotDeclined.v1"):
    """A member was offered a ballot and declined to take part."""

    decision: UUID
    proposal_version: int
    member: UUID


class BallotCast(PartnershipFact, type="sessions.BallotCast.v1"):
    """Somebody of a side cast a ballot; what it says is sealed, and all of one box bear the time at which they were handed out."""

    decision: UUID
    proposal_version: int
    side: Side
    ballot: SealedPart


class BallotClosed(PartnershipFact, type="sessions.BallotClosed.v1"):
    """The box was closed, with so many ballots in it."""

    decision: UUID
    proposal_version: int
    ballots: int


class BallotsDestroyed(PartnershipFact, type="sessions.BallotsDestroyed.v1"):
    """The ballots on all versions of a proposal were destroyed, once it was closed: nobody can open one any more.

    `subjects` are the handles under which they were sealed, so that whoever verifies the history knows why their boxes are gone.
    """

    decision: UUID
    ballots: int
    subjects: tuple[UUID, ...] = ()


class ObjectionRaised(PartnershipFact, type="sessions.ObjectionRaised.v1"):
    """A member objected to a version of a proposal, with a reason."""

    objection: UUID
    decision: UUID
    proposal_version: int
    member: UUID
    perspective: Perspective
    words: SealedPart


class ObjectionDiscussed(PartnershipFact, type="sessions.ObjectionDiscussed.v1"):
    """An objection was taken up."""

    objection: UUID


class ObjectionIntegrated(PartnershipFact, type="sessions.ObjectionIntegrated.v1"):
    """A new version of the proposal takes the objection in."""

    objection: UUID
    proposal_version: int


class ObjectionWithdrawn(PartnershipFact, type="sessions.ObjectionWithdrawn.v1"):
    """Whoever objected does so no longer."""

    objection: UUID


class ObjectionRuled(PartnershipFact, type="sessions.ObjectionRuled.v1"):
    """Members of both sides ruled that an objection stands, or that it is a preference."""

    objection: UUID
    state: ObjectionState
    ruled_by: tuple[UUID, ...]


class ObjectionSummary(Answer):
    """An objection; its reason only for those who may see it, and whose it is unless they no longer want to be named."""

    id: UUID
    member: UUID | None
    reason: str | None
    raised_to: int
    state: ObjectionState


class ProposalSummary(Answer):
    """A proposal in its newest version, with the positions and objections it met; `id` is that of the decision it leads to.

    Positions of those who do not want to be named with what they contribute are only counted (`unnamed_positions`), and so are they where
    they declined to take one (`unnamed_declined`). Where ballots are secret, it says who has one, who declined, and how many were cast.
    """

    id: UUID
    item: UUID
    title: str | None
    text: str | None
    options: tuple[str | None, ...]
    version: int
    closed: bool
    positions: tuple[MemberPosition, ...]
    unnamed_positions: int = 0
    objections: tuple[ObjectionSummary, ...]
    secret: bool = False
    handed_out: tuple[UUID, ...] = ()
    declined: tuple[UUID, ...] = ()
    unnamed_declined: int = 0
    ballots_cast: int = 0
    ballot_closed: bool = False


class DecisionSummary(Answer):
    """A decision; what a summary does not tell is none."""

    id: UUID
    title: str | None
    method: DecisionMethod
    lived_experience: tuple[int, int, int]
    provider: tuple[int, int, int]
    employed: tuple[int, int, int]
    other: tuple[int, int, int]
    outcome: DecisionOutcome
    rests_on: DecisionRecord = DecisionRecord.summary
    item: UUID | None = None
    proposal_version: int | None = None
    binding: BindingForce | None = None
    decided_by: UUID | None = None
    chosen: int | None = None
    objections: tuple[tuple[Side, ObjectionState], ...] = ()
    carried_on_both_sides: bool | None = None
    quorate: bool | None = None
    secret: bool | None = None
    withheld: int | None = None
    quota: tuple[int, int] | None = None
    declined_by_side: tuple[tuple[Side, int], ...] = ()
