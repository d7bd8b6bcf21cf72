"""A token decides who may come in: in which role, in which region, until when. Of its secret it knows only SHA-256."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import rule
from contracts.gateway import TokenCreated, TokenRevoked
from contracts.model import Fact
from contracts.vocabulary import SystemRole
from shared.application import Aggregate, Stamp


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: the id of a token that is good now, its role and its region."""

    id: UUID
    role: SystemRole
    region: str


class Token(Aggregate):
    """Access of somebody, or of a program."""

    label: str
    role: SystemRole
    region: str
    secret: str
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    @classmethod
    def create(cls, id: UUID, by: Stamp, *, label: str, role: SystemRole, region: str, secret: str, expires: datetime | None) -> Self:
        """Give access; `secret` is SHA-256 of the real one, in hexadecimal."""
        rule(expires is None or expires > by.recorded, "expired_already", "A token cannot have expired when it is made.", field="expires")
        token = cls(id)
        token.record(TokenCreated, by, label=label, granted_role=role, region=region, secret=secret, expires=expires)
        return token

    def revoke(self, by: Stamp) -> None:
        """Take access away; once is enough."""
        if self.revoked is None:
            self.record(TokenRevoked, by)

    def admits(self, secret: str, now: datetime) -> Principal | None:
        """Who comes in with the secret whose SHA-256 is `secret`; None with a wrong one, or when the token is no longer good."""
        matches = hmac.compare_digest(self.secret, secret)
        good = self.revoked is None and (self.expires is None or now < self.expires)
        return Principal(self.id, self.role, self.region) if matches and good else None

    def apply(self, fact: Fact) -> None:
        match fact:
            case TokenCreated():
                self.label, self.role, self.region = fact.label, fact.granted_role, fact.region
                self.secret, self.created, self.expires = fact.secret, fact.recorded, fact.expires
            case TokenRevoked():
                self.revoked = fact.recorded
