"""What is recorded about access: tokens given and taken away."""

from __future__ import annotations

from datetime import datetime

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


class TokenSummary(Answer):
    """A token as an administrator sees it; its secret is shown once, when it is made."""

    id: str
    label: str
    role: SystemRole
    created: datetime
    expires: datetime | None
    revoked: datetime | None
