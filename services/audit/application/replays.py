"""What was known when: the region's entries replayed, for auditors and for services that compute from them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.audit import (
    DescribeEntries,
    Difference,
    EntriesOf,
    EntrySummaries,
    EntrySummary,
    FindHead,
    FindMoment,
    GetDifference,
    LedgerFacts,
    LedgerHead,
    MemberState,
    Moment,
    PartnershipState,
    ReplayedAction,
    ReplayedDecision,
    ReplayedSession,
    ReplayPartnership,
)
from contracts.errors import NotFound, Unavailable
from contracts.model import Fact, instant
from contracts.reporting import Figure, GetReport
from contracts.vocabulary import ActionState, SessionStatus
from services.audit.domain.difference import difference, figure_changes
from services.audit.domain.known import KnownPartnership, put_right
from services.audit.domain.wording import name_of, words_of
from services.audit.views import Entries, Entry
from shared import ranges
from shared.clock import Clock, utc_now
from shared.upcasting import knows, read_fact

_PAGE = 500
_LOOKS, _LOOK_SECONDS = 40, 0.1
Figures = Callable[[GetReport], Sequence[Figure]]
"""What reporting answers, for whoever asks now."""


@dataclass(frozen=True)
class Replayed:
    """A partnership as known at a moment, the entries it was folded from, and the day by which things are overdue then."""

    moment: Moment
    known: KnownPartnership
    read: int
    last_entry: int
    recorded: datetime
    today: date


class Replays:
    """Any moment of a partnership, and the difference of two."""

    def __init__(self, entries: Entries, *, region: str, zone: ZoneInfo, figures: Figures, clock: Clock = utc_now) -> None:
        self._entries = entries
        self._region = region
        self._zone = zone
        self._figures = figures
        self._clock = clock

    def replay_partnership(self, *, query: ReplayPartnership) -> PartnershipState:
        """A partnership as known then, replayed from its facts; raises `NotFound` when nothing was known of it."""
        replayed = self._replay(query)
        if not replayed.known.facts:
            raise NotFound("nothing_known", "Nothing was known of this partnership then.", field="partnership")
        return _state(query.partnership, replayed)

    def get_difference(self, *, query: GetDifference) -> Difference:
        """What changed from one moment to the other; raises `NotFound` when nothing was known of the partnership at the later one."""
        ends = tuple(
            ReplayPartnership(partnership=query.partnership, to_entry=entry, as_known_at=known_at, effective=effective)
            for entry, known_at, effective in (
                (query.from_entry, query.from_known_at, query.from_effective),
                (query.to_entry, query.to_known_at, query.to_effective),
            )
        )
        before, after = (self._replay(end) for end in ends)
        if after.known.last is None:
            raise NotFound("nothing_known", "Nothing was known of this partnership then.", field="partnership")
        year = f"{after.known.day(after.known.last):%Y}"
        was, now = (self._figures_at(replayed, year, query.partnership) for replayed in (before, after))
        days = before.today, after.today
        return Difference(
            partnership=query.partnership,
            name=after.known.name,
            before=before.moment,
            after=after.moment,
            changes=(*difference(before.known, after.known, days=days), *figure_changes(was, now)),
        )

    def find_head(self, *, query: FindHead) -> LedgerHead:
        """The first checkpoint that holds so many entries, or all there are now; waits a little for what is signed every second."""
        for _ in range(_LOOKS):
            if head := self._entries.head(query.entries):
                return head
            time.sleep(_LOOK_SECONDS)
        raise Unavailable("not_signed_yet", "No checkpoint holds these entries yet; send the same command again.")

    def find_moment(self, *, query: FindMoment) -> Moment:
        """How much of the history an instant means."""
        return self._entries.moment(None, query.as_known_at, None)

    def entries_of(self, *, query: EntriesOf) -> bytes:
        """A page of the entries of a partnership, a line each: number, source, position and the entry itself."""
        page = islice(self._entries.of(query.partnership, after=query.after, to_entry=query.to_entry), _PAGE)
        return b"\n".join(b"%d %s %d %s" % (one.number, one.source.encode(), one.position, one.line) for one in page)

    def describe_entries(self, *, query: DescribeEntries) -> EntrySummaries:
        """What entries say, those that are there."""
        return EntrySummaries(items=tuple(_summary(entry) for entry in self._entries.at(query.numbers)))

    def ledger_facts(self, *, query: LedgerFacts) -> bytes:
        """What the ledger holds of a source, as the source itself would answer."""
        return ranges.pack(self._entries.held(self._region, query.source, query.after, query.limit, query.to_entry))

    def _replay(self, query: ReplayPartnership) -> Replayed:
        moment = self._entries.moment(query.to_entry, query.as_known_at, query.effective)
        read, last, recorded = 0, 0, ""
        facts: list[Fact] = []
        # What is witnessed is known by its place; without witnesses the times that facts name are all there is.
        by_time = None if moment.witnessed else query.as_known_at
        for entry in self._entries.of(query.partnership, to_entry=moment.entries, as_known_at=by_time):
            read, last, recorded = read + 1, entry.number, max(recorded, entry.recorded)
            if knows(entry.type):
                facts.append(read_fact(entry.type, entry.state))
        known = KnownPartnership(self._zone, query.effective).after(put_right(facts))
        then = query.as_known_at or (instant(recorded) if query.to_entry is not None and recorded else self._clock())
        return Replayed(moment, known, read, last, instant(recorded) if recorded else then, query.effective or known.day(then))

    def _figures_at(self, replayed: Replayed, year: str, partnership: UUID) -> Sequence[Figure]:
        if not replayed.known.facts:
            return ()
        moment = replayed.moment
        return self._figures(
            GetReport(
                partnership=partnership,
                period=year,
                as_of_entry=moment.entries,
                as_known_at=None if moment.witnessed else moment.as_known_at,
                effective=moment.effective,
            )
        )


def _summary(entry: Entry) -> EntrySummary:
    fact = read_fact(entry.type, entry.state) if knows(entry.type) else None
    recorded = instant(entry.recorded)
    return EntrySummary(
        number=entry.number,
        type=entry.type,
        source=entry.source,
        position=entry.position,
        happened=fact.happened if fact else recorded,
        recorded=recorded,
        says=words_of(fact) if fact else name_of(entry.type),
        proof=f"/v1/audit/entries/{entry.number}/proof",
    )


def _state(partnership: UUID, replayed: Replayed) -> PartnershipState:
    known = replayed.known
    actions, items = list(known.actions.values()), list(known.feedback.values())
    states = Counter(action.state for action in actions)
    return PartnershipState(
        partnership=partnership,
        moment=replayed.moment,
        entries=replayed.read,
        last_entry=replayed.last_entry,
        recorded=replayed.recorded,
        name=known.name,
        status=known.status,
        terms_of_reference=known.terms.edition if known.terms else None,
        terms_agreed=known.terms.happened if known.terms else None,
        co_chairs=known.co_chairs,
        members=tuple(MemberState(id=id_, **vars(member)) for id_, member in known.members.items()),
        sessions=_sessions(known),
        decisions_closed=_decisions(known),
        actions=_actions(known, replayed.today),
        sessions_planned=len(known.sessions),
        sessions_held=known.how_many(SessionStatus.held),
        sessions_cancelled=known.how_many(SessionStatus.cancelled),
        decisions=len(known.decisions),
        decisions_adopted=sum(decision.closed.outcome.adopted_at_all for decision in known.decisions.values()),
        actions_open=states[ActionState.agreed],
        actions_overdue=known.overdue(replayed.today),
        actions_completed=states[ActionState.completed],
        actions_cancelled=states[ActionState.cancelled],
        feedback_received=len(items),
        feedback_responded=sum(item.responded for item in items),
        loops_closed=sum(item.closed for item in items),
        feedback_by_state=_counted(item.state for item in items),
        feedback_by_kind=_counted(item.kind for item in items),
        feedback_by_theme=_counted(item.theme or "not_themed" for item in items),
        facts=dict(sorted(known.facts.items())),
        offices=known.offices,
        objections_by_state=_counted(known.stands["objections"].values()),
        payments_by_state=_counted(known.stands["payments"].values()),
        work_items_by_state=_counted(known.stands["work_items"].values()),
    )


def _sessions(known: KnownPartnership) -> tuple[ReplayedSession, ...]:
    return tuple(
        ReplayedSession(
            id=id_,
            kind=session.kind,
            mode=session.mode,
            status=session.status,
            starts=session.starts,
            held=session.held,
            cancelled_for=session.cancelled_for,
            invited=session.invited,
            attended=session.attended,
            contributions=session.contributions,
            items_raised=session.raised,
            items_discussed=session.discussed,
            pulses=session.pulses,
            minutes_agreed=session.minutes_agreed,
            minutes_corrected=session.minutes_corrected,
        )
        for id_, session in known.sessions.items()
    )


def _decisions(known: KnownPartnership) -> tuple[ReplayedDecision, ...]:
    return tuple(
        ReplayedDecision(
            number=decision.number,
            id=id_,
            session=decision.closed.stream,
            method=decision.closed.method,
            outcome=decision.closed.outcome,
            lived_experience=decision.closed.lived_experience,
            provider=decision.closed.provider,
            employed=decision.closed.employed,
            other=decision.closed.other,
            closed=decision.closed.happened,
        )
        for id_, decision in known.decisions.items()
    )


def _actions(known: KnownPartnership, today: date) -> tuple[ReplayedAction, ...]:
    return tuple(
        ReplayedAction(
            number=action.number,
            id=id_,
            session=action.agreed.stream,
            decision=action.agreed.decision,
            owner_side=action.agreed.owner_side,
            original_due=action.agreed.original_due,
            due=action.due,
            state=action.state,
            completed=action.completed,
            overdue=action.overdue(today),
        )
        for id_, action in known.actions.items()
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(str(word) for word in words).items()))
