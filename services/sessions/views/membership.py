"""What sessions knows of partnerships, from their facts alone: when each was at work, and who was a member on which side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from contracts.errors import NotFound, RuleBroken, rule
from contracts.model import Fact
from contracts.partnerships import (
    CompositionRuleSet,
    EntryCorrected,
    LeaveBegun,
    LeaveEnded,
    MemberJoined,
    MembershipEnded,
    PartnershipActivated,
    PartnershipClosed,
    PartnershipPaused,
    PartnershipProposed,
    PartnershipResumed,
    PerspectiveDeclared,
)
from contracts.vocabulary import EntryKind, PartnershipStatus, Perspective
from services.sessions.domain.quorum import Quorum
from shared.clock import fixed_width
from shared.readmodel import Effect, ReadModel, effects
from shared.views import View

_PROPOSED = "INSERT INTO {partnership} (id) VALUES (:id)"
_STANDS = "INSERT INTO {standing} (partnership, version, since, status) VALUES (:partnership, :version, :since, :status)"
_QUORUM = (
    "INSERT INTO {quorum} (partnership, version, since, share, lived_experience, provider) "
    "VALUES (:partnership, :version, :since, :share, :lived_experience, :provider)"
)
_JOINED = "INSERT INTO {member} (id, partnership, joined) VALUES (:id, :partnership, :at)"
_JOINED_THEN = "UPDATE {member} SET joined = :at WHERE id = :id"
_ENDED = "UPDATE {member} SET ended = :at WHERE id = :id"
_SIDE = "INSERT INTO {perspective} (member, version, since, perspective) VALUES (:id, :version, :at, :perspective)"
_SIDE_THEN = "UPDATE {perspective} SET since = :at, perspective = :perspective WHERE member = :id AND version = :version"
_NO_SIDE = "DELETE FROM {perspective} WHERE member = :id AND version = :version"
_LEAVE = "INSERT INTO {leave} (member, version, since, away) VALUES (:id, :version, :at, :away)"
_NO_LEAVE = "DELETE FROM {leave} WHERE member = :id AND version = :version"
_ALWAYS = ""


def _membership(fact: Fact) -> Iterable[Effect]:
    match fact:
        case PartnershipProposed():
            yield _PROPOSED, {"id": str(fact.stream)}
        case PartnershipActivated() | PartnershipResumed():
            yield _stands(fact, PartnershipStatus.active)
        case PartnershipPaused():
            yield _stands(fact, PartnershipStatus.paused)
        case PartnershipClosed():
            yield _stands(fact, PartnershipStatus.closed)
        case CompositionRuleSet():
            needed = {"share": fact.quorum_share, "lived_experience": fact.quorum_lived_experience, "provider": fact.quorum_provider}
            yield _QUORUM, {"partnership": str(fact.stream), "version": fact.version, "since": fixed_width(fact.happened), **needed}
        case MemberJoined():
            yield _JOINED, {"id": str(fact.member), "partnership": str(fact.partnership), "at": fixed_width(fact.happened)}
            yield _SIDE, {"id": str(fact.member), "version": fact.version, "at": _ALWAYS, "perspective": fact.perspective}
        case PerspectiveDeclared():
            side = {"id": str(fact.member), "version": fact.version, "perspective": fact.perspective}
            yield _SIDE, {**side, "at": fixed_width(fact.happened)}
        case LeaveBegun() | LeaveEnded():
            yield _leave(fact, fact.version, fact.happened, away=isinstance(fact, LeaveBegun))
        case MembershipEnded():
            yield _ENDED, {"id": str(fact.member), "at": fixed_width(fact.happened)}
        case EntryCorrected():
            yield from _corrected(fact)


def _corrected(fact: EntryCorrected) -> Iterable[Effect]:
    side = {"id": str(fact.member), "version": fact.corrects, "perspective": fact.perspective}
    match fact.entry:
        case EntryKind.joined:
            yield _JOINED_THEN, {"id": str(fact.member), "at": fixed_width(fact.at)}
            yield _SIDE_THEN, {**side, "at": _ALWAYS}
        case EntryKind.ended:
            yield _ENDED, {"id": str(fact.member), "at": None if fact.struck else fixed_width(fact.at)}
        case EntryKind.perspective:
            yield _NO_SIDE, {"id": str(fact.member), "version": fact.corrects}
            if not fact.struck:
                yield _SIDE, {**side, "at": fixed_width(fact.at)}
        case EntryKind.leave_begun | EntryKind.leave_ended:
            yield _NO_LEAVE, {"id": str(fact.member), "version": fact.corrects}
            if not fact.struck:
                yield _leave(fact, fact.corrects, fact.at, away=fact.entry is EntryKind.leave_begun)


def _leave(fact: LeaveBegun | LeaveEnded | EntryCorrected, version: int, at: datetime, *, away: bool) -> Effect:
    return _LEAVE, {"id": str(fact.member), "version": version, "at": fixed_width(at), "away": int(away)}


def _stands(fact: Fact, status: PartnershipStatus) -> Effect:
    return _STANDS, {"partnership": str(fact.stream), "version": fact.version, "since": fixed_width(fact.happened), "status": status}


class Membership(ReadModel):
    """Which partnerships were at work when, and who is a member of what, on which side."""

    view = View(
        "membership",
        sources=("partnerships",),
        tables={
            "partnership": "id TEXT PRIMARY KEY",
            "standing": "partnership TEXT NOT NULL, version BIGINT NOT NULL, since TEXT NOT NULL, status TEXT NOT NULL, "
            "PRIMARY KEY (partnership, version)",
            "quorum": "partnership TEXT NOT NULL, version BIGINT NOT NULL, since TEXT NOT NULL, share BIGINT NOT NULL, "
            "lived_experience BIGINT NOT NULL, provider BIGINT NOT NULL, PRIMARY KEY (partnership, version)",
            "member": "id TEXT PRIMARY KEY, partnership TEXT NOT NULL, joined TEXT NOT NULL, ended TEXT",
            "leave": "member TEXT NOT NULL, version BIGINT NOT NULL, since TEXT NOT NULL, away BIGINT NOT NULL, "
            "PRIMARY KEY (member, version)",
            "perspective": "member TEXT NOT NULL, version BIGINT NOT NULL, since TEXT NOT NULL, perspective TEXT NOT NULL, "
            "PRIMARY KEY (member, version)",
        },
        apply=effects(_membership),
    )

    def must_be_known(self, partnership: UUID) -> None:
        """Raises `NotFound` for a partnership nobody proposed here."""
        if not self.database.rows("SELECT id FROM partnership WHERE id = :id", {"id": str(partnership)}):
            raise NotFound("no_such_partnership", "There is no such partnership.", field="partnership")

    def must_be_active(self, partnership: UUID, at: datetime) -> None:
        """Raises `NotFound` for a partnership nobody proposed, `RuleBroken` for one that was not at work then (domain 6.4)."""
        which = {"id": str(partnership), "at": fixed_width(at)}
        with self.database.reading() as tx:
            known = tx.row("SELECT id FROM partnership WHERE id = :id", which)
            stood = tx.row(_STOOD, which)
        if known is None:
            raise NotFound("no_such_partnership", "There is no such partnership.", field="partnership")
        status = PartnershipStatus(stood[0]) if stood else None
        rule(status is not PartnershipStatus.closed, "partnership_closed", "A closed partnership holds no sessions.", field="partnership")
        rule(
            status is not PartnershipStatus.paused,
            "partnership_paused",
            "A paused partnership holds no sessions until it is resumed.",
            field="partnership",
        )
        rule(
            status is PartnershipStatus.active,
            "partnership_not_active",
            "A partnership holds sessions from the day it begins its work.",
            field="partnership",
        )

    def perspectives(self, partnership: UUID, members: Sequence[UUID], at: datetime, *, field: str) -> dict[UUID, Perspective]:
        """The side each of `members` was on at `at`; raises `RuleBroken` if one was no member of this partnership then."""
        moment = fixed_width(at)
        with self.database.reading() as tx:
            return {
                member: _perspective(tx.row(_MEMBER, {"id": str(member), "at": moment}), str(partnership), moment, field)
                for member in members
            }

    def quorum(self, partnership: UUID, at: datetime) -> Quorum | None:
        """How many had to be there at `at`, of those not on leave, by the rule of composition that held then; None when there was none."""
        which = {"id": str(partnership), "at": fixed_width(at)}
        with self.database.reading() as tx:
            agreed, members = tx.row(_AGREED, which), tx.row(_ACTIVE, which)
        if agreed is None or members is None:
            return None
        share, lived_experience, provider = agreed
        return Quorum(max(ceil(members[0] * share / 100), lived_experience + provider), lived_experience, provider)


_AGREED = (
    "SELECT share, lived_experience, provider FROM quorum WHERE partnership = :id AND since <= :at "
    "ORDER BY since DESC, version DESC LIMIT 1"
)
_AWAY = (
    "coalesce((SELECT away FROM leave WHERE leave.member = member.id AND leave.since <= :at "
    "ORDER BY leave.since DESC, leave.version DESC LIMIT 1), 0)"
)
_ACTIVE = (
    "SELECT COUNT(*) FROM member WHERE partnership = :id AND joined <= :at AND (ended IS NULL OR ended > :at) "  # noqa: S608  ours
    f"AND {_AWAY} = 0"
)
_STOOD = "SELECT status FROM standing WHERE partnership = :id AND since <= :at ORDER BY since DESC, version DESC LIMIT 1"
_MEMBER = (
    f"SELECT partnership, perspective, joined, ended, {_AWAY} FROM member JOIN perspective ON perspective.member = member.id "  # noqa: S608
    "WHERE id = :id AND since <= :at ORDER BY since DESC, version DESC LIMIT 1"
)


def _perspective(found: Sequence[Any] | None, partnership: str, moment: str, field: str) -> Perspective:
    """The side somebody was on; raises `RuleBroken` unless they were a member then, and not on leave (domain 6.4, MembershipStatus)."""
    if found is None or found[0] != partnership:
        raise RuleBroken("not_a_member", "Only members of the partnership take part in its sessions.", field=field)
    _, perspective, joined, ended, away = found
    rule(joined <= moment, "not_yet_a_member", "Somebody takes part from the day they joined.", field=field)
    rule(ended is None or moment < ended, "membership_ended", "Somebody takes part until their membership ends.", field=field)
    rule(not away, "on_leave", "Whoever is on leave comes back before they take part again.", field=field)
    return Perspective(perspective)
