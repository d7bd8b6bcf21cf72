"""Who belongs to a partnership: nominated, joined, on leave, ended; perspectives and offices; corrections of what was entered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.model import Answer, Command, Moment, Ordinal, PartnershipFact, Query, SealedPart, Timestamp, Words
from contracts.vocabulary import (
    EntryKind,
    MembershipEndReason,
    MembershipStatus,
    NominationEnd,
    ParticipantRole,
    PartnershipOffice,
    Perspective,
    SelectionMethod,
    Side,
)


class AddMember(Command):
    """Take somebody into a partnership, on one side."""

    partnership: UUID
    name: Words
    role: ParticipantRole
    perspective: Perspective
    selection: SelectionMethod | None = None


class NominateMember(Command):
    """Put somebody forward as a member, on one side."""

    partnership: UUID
    name: Words
    role: ParticipantRole
    perspective: Perspective
    selection: SelectionMethod


class InviteMember(Command):
    """Ask a nominee to join."""

    partnership: UUID
    member: UUID


class EndNomination(Command):
    """Let a nomination end without a membership, for a coded reason."""

    partnership: UUID
    member: UUID
    reason: NominationEnd


class JoinPartnership(Command):
    """Take in a nominee, on the side and in the role they were nominated for."""

    partnership: UUID
    member: UUID


class BeginLeave(Command):
    """Let a member be away for a while; they keep their place, and do not count in the composition."""

    partnership: UUID
    member: UUID


class EndLeave(Command):
    """Let a member come back from leave."""

    partnership: UUID
    member: UUID


class DeclarePerspective(Command):
    """Say from which side a member takes part from now on."""

    partnership: UUID
    member: UUID
    perspective: Perspective


class AppointToOffice(Command):
    """Give a member an office, from now on, until a term ends or somebody follows."""

    partnership: UUID
    member: UUID
    office: PartnershipOffice
    until: Timestamp | None = None


class LeaveOffice(Command):
    """Let a member lay down an office."""

    partnership: UUID
    member: UUID
    office: PartnershipOffice


class CorrectEntry(Command):
    """Correct what the roll says of a member: when or from which side it really was, or that it never was.

    `entry` is the version under which it was recorded; the history of the member names it.
    """

    partnership: UUID
    member: UUID
    entry: Ordinal
    at: Timestamp | None = None
    perspective: Perspective | None = None
    never: bool = False


class EndMembership(Command):
    """End a membership, with a coded reason."""

    partnership: UUID
    member: UUID
    reason: MembershipEndReason


class NameCoChair(Command):
    """Name a member co-chair for the side they are on, until a term ends or somebody follows."""

    partnership: UUID
    member: UUID
    until: Timestamp | None = None


class GetStanding(Query):
    """Who belonged to a partnership on an instant, on which side and in which office; as known at another (both now, if not given)."""

    partnership: UUID
    on: Timestamp | None = None
    known_at: Timestamp | None = None


class GetMemberHistory(Query):
    """All that is on the roll about a member."""

    partnership: UUID
    member: UUID


class MemberJoined(PartnershipFact, type="partnerships.MemberJoined.v1"):
    """Somebody joined, in a role and on a side."""

    member: UUID
    member_role: ParticipantRole
    perspective: Perspective
    name: SealedPart
    selection: SelectionMethod | None = None


class MemberNominated(PartnershipFact, type="partnerships.MemberNominated.v1"):
    """Somebody was put forward."""

    member: UUID
    member_role: ParticipantRole
    perspective: Perspective
    selection: SelectionMethod
    name: SealedPart


class MemberInvited(PartnershipFact, type="partnerships.MemberInvited.v1"):
    """A nominee was asked to join."""

    member: UUID


class NominationEnded(PartnershipFact, type="partnerships.NominationEnded.v1"):
    """A nomination came to no membership."""

    member: UUID
    nomination_end: NominationEnd


class LeaveBegun(PartnershipFact, type="partnerships.LeaveBegun.v1"):
    """A member is away for a while."""

    member: UUID


class LeaveEnded(PartnershipFact, type="partnerships.LeaveEnded.v1"):
    """A member came back."""

    member: UUID


class PerspectiveDeclared(PartnershipFact, type="partnerships.PerspectiveDeclared.v1"):
    """A member takes part from another side from then on."""

    member: UUID
    perspective: Perspective


class OfficeTaken(PartnershipFact, type="partnerships.OfficeTaken.v1"):
    """A member holds an office from then on, at the longest until the end of the term."""

    member: UUID
    office: PartnershipOffice
    until: Moment | None


class OfficeLeft(PartnershipFact, type="partnerships.OfficeLeft.v1"):
    """A member laid down an office."""

    member: UUID
    office: PartnershipOffice


class EntryCorrected(PartnershipFact, type="partnerships.EntryCorrected.v1"):
    """What the fact with version `corrects` of this stream said of a member was so at `at`, from `perspective`; or never, if `struck`."""

    member: UUID
    corrects: int
    entry: EntryKind
    at: Moment
    perspective: Perspective | None
    struck: bool


class MembershipEnded(PartnershipFact, type="partnerships.MembershipEnded.v1"):
    """A membership ended."""

    member: UUID
    end_reason: MembershipEndReason


class CoChairAppointed(PartnershipFact, type="partnerships.CoChairAppointed.v1"):
    """A member became co-chair for a side, at the longest until the end of the term."""

    member: UUID
    side: Side
    until: Moment | None = None


class MemberSummary(Answer):
    """A member; `name` only for those who may see it. A former member who was `forgotten` has none."""

    id: UUID
    name: str | None
    forgotten: bool
    role: ParticipantRole
    perspective: Perspective
    joined: datetime
    ended: datetime | None
    end_reason: MembershipEndReason | None
    status: MembershipStatus = MembershipStatus.joined
    selection: SelectionMethod | None = None
    offices: tuple[PartnershipOffice, ...] = ()


class NomineeSummary(Answer):
    """Somebody who was put forward; `name` only for those who may see it."""

    id: UUID
    name: str | None
    role: ParticipantRole
    perspective: Perspective
    selection: SelectionMethod | None
    status: MembershipStatus
    nomination_end: NominationEnd | None


class Standing(Answer):
    """What somebody was on a day."""

    member: UUID
    status: MembershipStatus
    role: ParticipantRole
    perspective: Perspective
    offices: tuple[PartnershipOffice, ...]


class PartnershipStanding(Answer):
    """Who belonged to a partnership on an instant, as known at another; whoever had left by then is not in it."""

    partnership: UUID
    on: datetime
    known_at: datetime
    members: tuple[Standing, ...]


class RollEntry(Answer):
    """One thing on the roll: under which version it was recorded, and when it was so, as corrected since. `struck`: it never was."""

    entry: int
    kind: EntryKind
    at: datetime
    perspective: Perspective | None
    office: PartnershipOffice | None
    until: datetime | None
    corrected: bool
    struck: bool


class MemberHistory(Answer):
    """All that is on the roll about a member."""

    partnership: UUID
    member: UUID
    entries: tuple[RollEntry, ...]
