"""What taking part was, told as evidence to whoever needs it: hours, method, topics; and nobody else's name or words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.permissions import opens
from contracts.sessions import Certificate, ContributionEntry, GetCertificate, GetLearning, LearningEntry, LearningRecord
from contracts.vocabulary import SessionMode
from services.sessions.application.room import Room
from services.sessions.domain import Session
from shared.application import Words
from shared.context import Context

_HUNDREDTH = Decimal("0.01")


class Learning(Room):
    """The questions of those who took part."""

    def get_learning(self, *, query: GetLearning, context: Context) -> LearningRecord:
        """A member's continuing professional development (NMC revalidation: method, topic, dates, hours, participatory hours, evidence)."""
        sessions = self._attended(query)

        def tell(words: Words) -> LearningRecord:
            return LearningRecord(
                **dict(query),
                entries=tuple(_entry(one, query.member, self._zone, words) for one in sessions),
                hours=hours(sum(one.minutes_of(query.member) or 0 for one in sessions)),
                participatory_hours=hours(sum(one.minutes_of(query.member) or 0 for one in sessions if participatory(one))),
            )

        return self.opened(tell, read=opens(context.role, "sessions.read_titles", context.reason))

    def get_certificate(self, *, query: GetCertificate, context: Context) -> Certificate:
        """What a member contributed; their own words only as long as they want to be named with them."""
        sessions, named = self._attended(query), not self._naming.unnamed([query.member], self.clock())

        def tell(words: Words) -> Certificate:
            return Certificate(
                **dict(query),
                sessions=tuple(_contribution(one, query.member, self._zone) for one in sessions),
                hours=hours(sum(one.minutes_of(query.member) or 0 for one in sessions)),
                raised=_raised(sessions, query.member, words) if named else (),
                actions_completed=sum(
                    action.owner == query.member and action.done is not None for one in sessions for action in one.actions.values()
                ),
            )

        return self.opened(tell, read=opens(context.role, "sessions.read_titles", context.reason))

    def _attended(self, query: GetLearning | GetCertificate) -> list[Session]:
        since = datetime.combine(query.since, time(), self._zone) if query.since else None
        until = datetime.combine(query.until + timedelta(days=1), time(), self._zone) if query.until else None
        attended = self._calendar.attended(query.partnership, query.member, since=since, until=until)
        return [self.find(Session, session) for session in attended]


def hours(minutes: int) -> Decimal:
    """Minutes as hours, to the hundredth, without zeros that say nothing."""
    exact = (Decimal(minutes) / 60).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
    return Decimal(f"{exact:f}".rstrip("0").rstrip("."))


def participatory(session: Session) -> bool:
    """Whether it was learning with others present or on a line (NMC, revalidation: participatory learning is interaction with others)."""
    return session.mode is not SessionMode.asynchronous


def method(session: Session) -> str:
    """The kind of session as people write it."""
    return session.kind.replace("co_", "co-", 1).replace("_", " ")


def _entry(session: Session, member: UUID, zone: ZoneInfo, words: Words) -> LearningEntry:
    minutes = session.minutes_of(member)
    digest = session.minutes_taken.text.digest if session.minutes_taken and session.minutes_taken.agreed else None
    return LearningEntry(
        session=session.id,
        day=session.starts.astimezone(zone).date(),
        kind=session.kind,
        mode=session.mode,
        method=method(session),
        topics=_topics(session, member, words),
        hours=None if minutes is None else hours(minutes),
        participatory_hours=None if minutes is None else hours(minutes if participatory(session) else 0),
        minutes_digest=digest,
    )


def _topics(session: Session, member: UUID, words: Words) -> tuple[str, ...]:
    items = [item.title for item in session.agenda.values() if item.id in session.discussed and item.raised_by in {None, member}]
    titles = (*items, *(decision.title for decision in session.decisions.values()))
    return _known(words(title, stream=session.id, field="title") for title in titles)


def _contribution(session: Session, member: UUID, zone: ZoneInfo) -> ContributionEntry:
    minutes = session.minutes_of(member)
    return ContributionEntry(
        session=session.id,
        day=session.starts.astimezone(zone).date(),
        what=method(session),
        hours=None if minutes is None else hours(minutes),
        chaired=member in session.chairs,
    )


def _raised(sessions: Iterable[Session], member: UUID, words: Words) -> tuple[str, ...]:
    raised = ((one.id, item.title) for one in sessions for item in one.agenda.values() if item.raised_by == member)
    return _known(words(title, stream=session, field="title") for session, title in raised)


def _known(told: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in told if one is not None))
