"""A session as it is told: everything that was recorded of it, sealed words only for those who may read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from uuid import UUID

from contracts.model import SealedPart
from contracts.sessions import (
    ActionSummary,
    AgendaItemSummary,
    Attendance,
    CorrectionSummary,
    DecisionSummary,
    InvitationSummary,
    MaterialSummary,
    MemberPosition,
    MinutedPerson,
    MinutesSummary,
    ObjectionSummary,
    ProposalSummary,
    SessionDetail,
)
from services.sessions.domain import Session
from services.sessions.domain.minutes import Minutes
from services.sessions.domain.proposing import Proposal

Words = Callable[[SealedPart, str], str | None]
"""The words of a sealed part of one field; None for those who may not read them, or when they are forgotten."""


def contributors(session: Session) -> set[UUID]:
    """The members whose contributions are told of by name."""
    raisers = {item.raised_by for item in session.agenda.values() if item.raised_by}
    voices = {member for proposal in session.proposals.values() for member in (*proposal.voices, *proposal.declined)}
    corrections = {one.raised_by for one in session.minutes_taken.corrections if one.raised_by} if session.minutes_taken else set()
    objections = {objection.member for proposal in session.proposals for objection in session.objections_to(proposal)}
    return raisers | voices | corrections | objections


def detail(
    session: Session, words: Words, *, read: bool, unnamed: AbstractSet[UUID] = frozenset(), minuted: AbstractSet[UUID] = frozenset()
) -> SessionDetail:
    """The whole of a session; `read`: for somebody who may read words, so that a missing one was forgotten.

    Those who are `unnamed` withdrew their consent to attribution: what they contributed bears no name any more.
    Those who are `minuted` consent to being named in minutes; nobody else is.
    """
    return SessionDetail(
        id=session.id,
        version=session.version,
        partnership=session.partnership,
        kind=session.kind,
        mode=session.mode,
        starts=session.starts,
        status=session.status,
        place=words(session.place, "place") if session.place else None,
        minutes=session.minutes,
        series=session.series,
        invited=tuple(session.invited),
        answers=tuple(InvitationSummary(member=member, answer=answer) for member, answer in session.answers.items()),
        materials=_materials(session, words),
        attendance=tuple(
            Attendance(member=member, status=status, minutes=session.stayed.get(member)) for member, status in session.attendance.items()
        ),
        opened=session.opened,
        present=tuple(member for member, here in session.here.items() if here),
        quorate=session.quorate.get(None),
        agenda=_agenda(session, words, read=read, unnamed=unnamed),
        proposals=_proposals(session, words, unnamed),
        minutes_taken=_minutes(session, session.minutes_taken, words, minuted, unnamed) if session.minutes_taken else None,
        decisions=_decisions(session, words),
        actions=_actions(session, words),
    )


def _materials(session: Session, words: Words) -> tuple[MaterialSummary, ...]:
    return tuple(
        MaterialSummary(id=sent.material, item=sent.item, title=words(sent.title, "title"), document=sent.document, formats=sent.formats)
        for sent in session.materials.values()
    )


def _agenda(session: Session, words: Words, *, read: bool, unnamed: AbstractSet[UUID]) -> tuple[AgendaItemSummary, ...]:
    return tuple(
        AgendaItemSummary(
            id=item.id,
            title=(title := words(item.title, "title")),
            forgotten=read and title is None,
            origin=item.origin,
            raised_by=None if item.raised_by in unnamed else item.raised_by,
            minutes=item.minutes,
            discussed=item.id in session.discussed,
            method=item.method.method if item.method else None,
            binding=item.method.binding if item.method else None,
            opened=item.opened,
            closed=item.closed,
            quorate=session.quorate.get(item.id),
            recused=tuple(sorted(session.recused(item.id))),
        )
        for item in session.agenda.values()
    )


def _proposals(session: Session, words: Words, unnamed: AbstractSet[UUID]) -> tuple[ProposalSummary, ...]:
    return tuple(_proposal(session, proposal, words, unnamed) for proposal in session.proposals.values())


def _proposal(session: Session, proposal: Proposal, words: Words, unnamed: AbstractSet[UUID]) -> ProposalSummary:
    stated = session.agenda[proposal.item].method
    secret = stated is not None and stated.secret
    # That each was offered a ballot must be seen of each; whoever declines to speak in the open is as little named as whoever speaks.
    silent = set() if secret else proposal.declined & unnamed
    return ProposalSummary(
        id=proposal.id,
        item=proposal.item,
        title=words(proposal.title, "title"),
        text=words(proposal.text, "text"),
        options=tuple(words(option, "option") for option in proposal.options),
        version=proposal.version,
        closed=proposal.closed,
        secret=secret,
        handed_out=tuple(proposal.handed_out),
        declined=tuple(sorted(proposal.declined - silent)),
        unnamed_declined=len(silent),
        ballots_cast=len(proposal.box),
        ballot_closed=proposal.ballot_closed,
        positions=tuple(
            MemberPosition(member=member, position=voice.position, choices=voice.choices)
            for member, voice in proposal.voices.items()
            if member not in unnamed
        ),
        unnamed_positions=len(unnamed & proposal.voices.keys()),
        objections=tuple(
            ObjectionSummary(
                id=objection.id,
                member=None if objection.member in unnamed else objection.member,
                reason=words(objection.words, "objection"),
                raised_to=objection.version,
                state=objection.state,
            )
            for objection in session.objections_to(proposal.id)
        ),
    )


def _minutes(session: Session, minutes: Minutes, words: Words, named: AbstractSet[UUID], unnamed: AbstractSet[UUID]) -> MinutesSummary:
    return MinutesSummary(
        version=minutes.version,
        text=words(minutes.text, "minutes"),
        digest=minutes.text.digest,
        accepted_by=tuple(member for member in minutes.accepted_by if member in named),
        agreed=minutes.agreed,
        corrections=tuple(
            CorrectionSummary(
                id=one.correction,
                text=words(one.text, "correction"),
                raised_by=one.raised_by if one.raised_by in named - unnamed else None,
                happened=one.happened,
            )
            for one in minutes.corrections
        ),
        people=tuple(sorted(_people(session, minutes, named), key=lambda one: (one.member is None, one.model_dump_json()))),
    )


def _people(session: Session, minutes: Minutes, named: AbstractSet[UUID]) -> Iterator[MinutedPerson]:
    for member, perspective in session.invited.items():
        yield MinutedPerson(
            member=member if member in named else None,
            perspective=perspective,
            status=session.attendance.get(member),
            chaired=member in session.chairs,
            accepted=member in minutes.accepted_by,
        )


def _decisions(session: Session, words: Words) -> tuple[DecisionSummary, ...]:
    return tuple(
        DecisionSummary(
            id=decision.decision,
            title=words(decision.title, "title"),
            method=decision.method,
            lived_experience=decision.lived_experience,
            provider=decision.provider,
            employed=decision.employed,
            other=decision.other,
            outcome=decision.outcome,
            rests_on=decision.rests_on,
            item=decision.item,
            proposal_version=decision.proposal_version,
            binding=decision.binding,
            decided_by=decision.decided_by,
            chosen=decision.chosen,
            objections=decision.objections,
            carried_on_both_sides=decision.carried_on_both_sides,
            quorate=decision.quorate,
            secret=decision.secret,
            withheld=decision.withheld,
            quota=decision.quota,
            declined_by_side=decision.declined_by_side,
        )
        for decision in session.decisions.values()
    )


def _actions(session: Session, words: Words) -> tuple[ActionSummary, ...]:
    return tuple(
        ActionSummary(
            id=action.id,
            decision=action.decision,
            title=words(action.title, "title"),
            owner_side=action.owner_side,
            original_due=action.original_due,
            due=action.due,
            state=action.state,
            stage=action.stage,
            completed=action.completed,
            owner=action.owner,
            blocked_by=action.blocked_by,
            evidence=action.done.evidence if action.done else None,
            evidence_text=words(action.done.text, "evidence") if action.done and action.done.text else None,
            evidence_document=action.done.document if action.done else None,
            handed_to=action.handed_over.to if action.handed_over else None,
            receiver=action.handed_over.receiver if action.handed_over else None,
            org_unit=action.handed_over.org_unit if action.handed_over else None,
        )
        for action in session.actions.values()
    )
