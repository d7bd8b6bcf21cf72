"""What auditors ask: is the history whole, and what was known then; and the facts the ledger itself adds to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.model import Answer, Code, Cursor, Day, Digest, Fact, PageSize, Position, Query, Timestamp
from contracts.vocabulary import (
    ActionState,
    CancellationReason,
    DecisionMethod,
    DecisionOutcome,
    MembershipEndReason,
    OwnerSide,
    ParticipantRole,
    PartnershipStatus,
    Perspective,
    SessionKind,
    SessionMode,
    SessionStatus,
    Side,
)

VerifierKey = Annotated[str, Field(max_length=200, pattern=r"^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$")]
"""A public key as C2SP signed-note writes it: name, key hash, algorithm and key."""


class SourceAdopted(Fact, type="audit.SourceAdopted.v1"):
    """From this entry on, the positions of `source` beyond `after` are those of the store with this identity."""

    source: Code
    store: UUID
    after: Annotated[int, Field(ge=0)]


class LedgerKeyAdded(Fact, type="audit.LedgerKeyAdded.v1"):
    """Checkpoints from here on are signed by this key too."""

    key: VerifierKey


class LedgerKeyRetired(Fact, type="audit.LedgerKeyRetired.v1"):
    """Checkpoints from here on are no longer signed by this key."""

    key: VerifierKey


class GetCompleteness(Query):
    """Whether every fact of every service is here, without holes."""


class ReplayPartnership(Query):
    """The state of a partnership as known at an entry of the region's history or at an instant (now, if neither is given).

    `effective` leaves out what had not happened by the end of that day, in the region's time zone, whenever it was recorded.
    """

    partnership: UUID
    to_entry: Position | None = None
    as_known_at: Timestamp | None = None
    effective: Day | None = None


class GetDifference(Query):
    """What changed for a partnership between two moments, each said as in a replay."""

    partnership: UUID
    from_entry: Position | None = None
    from_known_at: Timestamp | None = None
    from_effective: Day | None = None
    to_entry: Position | None = None
    to_known_at: Timestamp | None = None
    to_effective: Day | None = None


class FindHead(Query):
    """The first checkpoint that holds so many entries; without a number, all there are now."""

    entries: Position | None = None


class FindMoment(Query):
    """How much of the history an instant means."""

    as_known_at: Timestamp


class EntriesOf(Query):
    """The entries of a partnership beyond one, up to another, as they count there; answered with lines, `number` and the entry itself."""

    partnership: UUID
    after: Position = 0
    to_entry: Position


class DescribeEntries(Query):
    """What entries say, without personal words."""

    numbers: Annotated[tuple[Position, ...], Field(max_length=200)]


class LedgerFacts(Query):
    """What the first entries of the ledger hold of a source beyond a position; answered as the source itself would (FactsAfter)."""

    source: str
    after: Position
    limit: int = Field(default=500, ge=1, le=500)
    to_entry: Position | None = None


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


class ExportLedger(Query):
    """Where the history is taken out to: the checkpoint it ends with, and whom to trust. Asked with a reason, and recorded.

    `figure` is the publication for whose sake it is taken out, when only what that figure rests on is wanted.
    """

    figure: UUID | None = None


class LedgerExport(Answer):
    """A checkpoint as it is signed (C2SP signed-note), and the region's policy (C2SP tlog-policy) without the keys the ledger names."""

    figure: UUID | None
    checkpoint: str
    policy: str


class ListCheckpoints(Query):
    """Signed heads as they were shown, the last of every hour, oldest first."""

    after: Cursor | None = None
    limit: PageSize = 50


class KeptCheckpoint(Answer):
    """A signed head: the note itself, and whether a quorum had witnessed it."""

    size: int
    note: str
    witnessed: bool


class CheckpointPage(Answer):
    """A page of signed heads; `next` is the cursor of the following page."""

    items: tuple[KeptCheckpoint, ...]
    next: str | None


class SourceCompleteness(Answer):
    """One store of one service as held here: adopted after position `after`; first and last position, how many, and what is missing.

    `head` is the last position the store itself tells of: none for a store that was left, or cannot be asked, or for the ledger's own
    facts. `lag` is how many of them are not here yet.
    """

    source: str
    store: UUID
    after: int
    first: int
    last: int
    facts: int
    holes: tuple[tuple[int, int], ...]
    head: int | None
    lag: int


class CheckpointSummary(Answer):
    """A signed head of the ledger; `witnessed` is when a quorum of witnesses had seen it, if it has."""

    size: int
    root: Digest
    signed: datetime
    witnessed: datetime | None


class Completeness(Answer):
    """`whole` when nothing is missing of what every source said it had when it was asked just now.

    `unread` are the sources that hold facts of which none is here, that cannot be asked, or whose store is not the one that was
    followed. `root` is the ledger's at `entries`.
    """

    whole: bool
    entries: int
    root: Digest
    checkpoint: CheckpointSummary | None
    unread: tuple[str, ...]
    sources: tuple[SourceCompleteness, ...]


class Moment(Answer):
    """What an answer stands on: the first `entries` entries of the region's history, or those of them recorded by `as_known_at`.

    `witnessed` is when a quorum of witnesses had seen a checkpoint that holds all these entries. Without it nobody but the region
    says when they were known, and `as_known_at` goes by the times that the facts themselves name.
    """

    entries: int
    as_known_at: datetime | None
    effective: date | None
    witnessed: datetime | None


class LedgerHead(Answer):
    """A checkpoint: whose ledger, how many entries, their root hash; and when it was signed and witnessed, if it has been."""

    origin: str
    size: int
    root: Digest
    signed: datetime | None
    witnessed: datetime | None


class EntrySummary(Answer):
    """An entry of the region's history in words; `proof` is where the proof of it is found."""

    number: int
    type: str
    source: str
    position: int
    happened: datetime
    recorded: datetime
    says: str
    proof: str


class EntrySummaries(Answer):
    """Entries in the order asked for."""

    items: tuple[EntrySummary, ...]


class MemberState(Answer):
    """A member as known then."""

    id: UUID
    role: ParticipantRole
    perspective: Perspective
    joined: datetime
    ended: datetime | None
    end_reason: MembershipEndReason | None
    on_leave: bool


class ReplayedSession(Answer):
    """A session as known then: how many of each side were invited, came and contributed; never who."""

    id: UUID
    kind: SessionKind | None
    mode: SessionMode | None
    status: SessionStatus
    starts: datetime | None
    held: datetime | None
    cancelled_for: CancellationReason | None
    invited: dict[Side, int]
    attended: dict[Side, int]
    contributions: dict[Side, int]
    items_raised: int
    items_discussed: int
    pulses: int
    minutes_agreed: int | None = None
    minutes_corrected: int = 0


class ReplayedDecision(Answer):
    """A decision as known then; `number` counts the partnership's decisions in the order the region learned of them."""

    number: int
    id: UUID
    session: UUID
    method: DecisionMethod
    outcome: DecisionOutcome
    lived_experience: tuple[int, int, int]
    provider: tuple[int, int, int]
    employed: tuple[int, int, int]
    other: tuple[int, int, int]
    closed: datetime


class ReplayedAction(Answer):
    """An action as known then; `overdue` is judged by `original_due` on the day of the moment."""

    number: int
    id: UUID
    session: UUID
    decision: UUID
    owner_side: OwnerSide
    original_due: date
    due: date
    state: ActionState
    completed: datetime | None
    overdue: bool


class PartnershipState(Answer):
    """A partnership as known then, from the facts recorded by then and nothing else."""

    partnership: UUID
    moment: Moment
    entries: int
    last_entry: int
    recorded: datetime | None
    name: str | None
    status: PartnershipStatus | None
    terms_of_reference: int | None
    terms_agreed: datetime | None
    co_chairs: dict[Side, UUID]
    members: tuple[MemberState, ...]
    sessions: tuple[ReplayedSession, ...]
    decisions_closed: tuple[ReplayedDecision, ...]
    actions: tuple[ReplayedAction, ...]
    sessions_planned: int
    sessions_held: int
    sessions_cancelled: int
    decisions: int
    decisions_adopted: int
    actions_open: int
    actions_overdue: int
    actions_completed: int
    actions_cancelled: int
    feedback_received: int
    feedback_responded: int
    loops_closed: int
    feedback_by_state: dict[str, int]
    feedback_by_kind: dict[str, int]
    feedback_by_theme: dict[str, int]
    facts: dict[str, int]
    offices: dict[str, UUID] = {}
    objections_by_state: dict[str, int] = {}
    payments_by_state: dict[str, int] = {}
    work_items_by_state: dict[str, int] = {}


class Difference(Answer):
    """What changed between two moments, a sentence each; titles, names and words of people are in none of them."""

    partnership: UUID
    name: str | None
    before: Moment
    after: Moment
    changes: tuple[str, ...]


class ReadLedger(Query):
    """A file of the ledger by its path, `checkpoint` or as C2SP tlog-tiles names it; answered with the file."""

    path: Annotated[str, Field(max_length=100)]


class ProveEntry(Query):
    """An entry of the ledger, counted from 1, with the proof that it is in it; answered with a file (C2SP tlog-proof)."""

    entry: Position


class WitnessAnswer(Answer):
    """What the witness answers to a ledger that asks for its signature: the HTTP status, the media type and the body, as C2SP says."""

    status: int
    type: str
    body: str
