"""What auditors ask: is the history whole, and what was known then."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.model import Answer, Cursor, PageSize, Position, Query, Timestamp
from contracts.vocabulary import PartnershipStatus, Perspective


class GetCompleteness(Query):
    """Whether every fact of every service is here, without holes."""


class ReplayPartnership(Query):
    """The state of a partnership as known at an entry of the region's history or at an instant (now, if neither is given)."""

    partnership: UUID
    to_entry: Position | None = None
    as_known_at: Timestamp | None = None


class ListAccesses(Query):
    """Who looked at what, oldest first: all of it, or what concerned one partnership, or one member."""

    partnership: UUID | None = None
    member: UUID | None = None
    after: Cursor | None = None
    limit: PageSize = 50


class AccessSummary(Answer):
    """One look: `actor` is the token that came in, `operation` what was asked, the ids about what; `reason` is the code given, if any."""

    looked: datetime
    actor: str
    role: str
    operation: str
    reason: str | None
    partnership: UUID | None
    member: UUID | None
    about: UUID | None


class AccessPage(Answer):
    """A page of looks; `next` is the cursor of the following page."""

    items: tuple[AccessSummary, ...]
    next: str | None


class SourceCompleteness(Answer):
    """One service's log as held here: first and last position, how many, and which ranges are missing."""

    source: str
    store: UUID
    first: int
    last: int
    facts: int
    holes: tuple[tuple[int, int], ...]


class Completeness(Answer):
    """`whole` when no source has a hole and the entries number 1 … `entries`."""

    whole: bool
    entries: int
    sources: tuple[SourceCompleteness, ...]


class MemberState(Answer):
    """A member as known then."""

    id: UUID
    perspective: Perspective
    joined: datetime
    ended: datetime | None


class PartnershipState(Answer):
    """A partnership as known then, from the facts recorded by then and nothing else."""

    partnership: UUID
    entries: int
    last_entry: int
    recorded: datetime | None
    name: str | None
    status: PartnershipStatus | None
    members: tuple[MemberState, ...]
    sessions_planned: int
    sessions_held: int
    sessions_cancelled: int
    decisions: int
    decisions_adopted: int
    actions_open: int
    actions_completed: int
    actions_cancelled: int
    feedback_received: int
    feedback_responded: int
    loops_closed: int
    facts: dict[str, int]
