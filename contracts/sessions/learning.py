"""What taking part was, as evidence for those who did: learning of staff, contribution of lived-experience members."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Day, Query
from contracts.vocabulary import SessionKind, SessionMode

Hours = Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)]
"""Hours as a decimal: an hour and a half is 1.5."""


class GetLearning(Query):
    """A member's record of continuing professional development: the sessions they took part in, from one day to another."""

    partnership: UUID
    member: UUID
    since: Day | None = None
    until: Day | None = None


class GetCertificate(Query):
    """What a member contributed, from one day to another, to be kept by them."""

    partnership: UUID
    member: UUID
    since: Day | None = None
    until: Day | None = None


class LearningEntry(Answer):
    """One session somebody learned in; hours are none where nobody said how long it was, or how much of it they were there.

    `topics` are titles of decisions, of items nobody raised in particular, and of their own: what another member raised is that member's
    words. `minutes_digest` is SHA-256 of the agreed minutes as stored; it is none until both sides agreed to them.
    """

    session: UUID
    day: date
    kind: SessionKind
    mode: SessionMode
    method: str
    topics: tuple[str, ...]
    hours: Hours | None
    participatory_hours: Hours | None
    minutes_digest: str | None


class LearningRecord(Answer):
    """The sessions of a member as evidence of learning; nobody else is named. Hours are the sum of those that are known."""

    partnership: UUID
    member: UUID
    since: date | None
    until: date | None
    entries: tuple[LearningEntry, ...]
    hours: Hours
    participatory_hours: Hours


class ContributionEntry(Answer):
    """One session somebody took part in, and whether they chaired it."""

    session: UUID
    day: date
    what: str
    hours: Hours | None
    chaired: bool


class Certificate(Answer):
    """What a member contributed: sessions, hours, what they put on the agenda in their own words, what they saw through.

    It says nothing of health, of what somebody needs, or of anybody else.
    """

    partnership: UUID
    member: UUID
    since: date | None
    until: date | None
    sessions: tuple[ContributionEntry, ...]
    hours: Hours
    raised: tuple[str, ...]
    actions_completed: int
