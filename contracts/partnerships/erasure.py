"""A person forgotten in every service."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from contracts.forgetting import ErasedIn, ErasureFact, Kept
from contracts.model import Answer, Command, Fact, Query
from contracts.vocabulary import ErasureBasis, ErasureScope


class RequestErasure(Command):
    """Forget a person in every service: their key and their words are destroyed, what happened stays under a pseudonym."""

    member: UUID
    basis: ErasureBasis
    scope: ErasureScope = ErasureScope.everything_sealed


class GetErasure(Query):
    """How far the erasure of a person has come."""

    member: UUID


class ErasureRequested(Fact, type="partnerships.ErasureRequested.v1"):
    """A person is to be forgotten, in every service."""

    member: UUID
    basis: ErasureBasis
    scope: ErasureScope


class SubjectErased(ErasureFact, type="partnerships.SubjectErased.v1"):
    """Partnerships has forgotten the person's name, interests, skills, access needs and answers about equality."""


class ErasureCompleted(Fact, type="partnerships.ErasureCompleted.v1"):
    """Every service has forgotten the person; `backups_until` is the day on which the last back-up that may hold a key expires."""

    basis: ErasureBasis
    scope: ErasureScope
    erased: tuple[ErasedIn, ...]
    kept: tuple[Kept, ...]
    backups_until: date


class ErasureReport(Answer):
    """An erasure as it stands; not `completed` while a service is still at it."""

    member: UUID
    basis: ErasureBasis
    scope: ErasureScope
    requested: datetime
    completed: datetime | None
    erased: tuple[ErasedIn, ...]
    kept: tuple[Kept, ...]
    backups_until: date | None
