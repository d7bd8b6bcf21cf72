"""What is recorded about access: tokens given and taken away, and who looked at what."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.model import Answer, Code, Command, Digest, Fact, Timestamp
from contracts.vocabulary import SystemRole


class CreateToken(Command):
    """Give somebody, or a program, access in one role until a moment."""

    label: Code
    role: SystemRole
    expires: Timestamp | None = None


class RevokeToken(Command):
    """Take a token's access away."""

    token: str


class TokenCreated(Fact, type="gateway.TokenCreated.v1"):
    """Access was given; of the secret only SHA-256 is kept."""

    label: Code
    granted_role: SystemRole
    region: str
    secret: Digest
    expires: datetime | None


class TokenRevoked(Fact, type="gateway.TokenRevoked.v1"):
    """Access was taken away."""


class AccessRecorded(Fact, type="gateway.AccessRecorded.v1"):
    """Somebody looked, and this was durable before they saw anything: `operation` says at what kind of thing, the ids at which.

    Who, in what role and for what reason is in the envelope. It names no `partnership` of its own, for it is no fact of its life.
    """

    operation: str
    about_partnership: UUID | None
    about_member: UUID | None
    about: UUID | None


class TokenSummary(Answer):
    """A token as an administrator sees it; its secret is shown once, when it is made."""

    id: str
    label: str
    role: SystemRole
    created: datetime
    expires: datetime | None
    revoked: datetime | None
