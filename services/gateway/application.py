"""What can be done with tokens, and the question every request begins with: who asks."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from contracts.errors import NotFound
from contracts.gateway import CreateToken, RevokeToken, TokenSummary
from contracts.model import Digest, Fact, Receipt, invalid
from contracts.vocabulary import SystemRole
from services.gateway.domain import Principal, Token
from shared import upcasting
from shared.application import Application, Work, use_case
from shared.clock import Clock, utc_now
from shared.context import Context
from shared.sealing import Sealer
from shared.store import Recorder

_TOKEN = re.compile(r"cmh_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")
_REMEMBERED_SECONDS = 1.0
_PAGE = 500


class _GiveToken(CreateToken):
    """`CreateToken` with what is kept of the secret."""

    secret: Digest


class Tokens(Application):
    """Tokens of one region: `cmh_<id>_<secret>`, the secret 256 random bits that are shown once and kept nowhere.

    They are given and taken away by an administrator, who has the region's store in hand; there is no way to do so over the API.
    """

    def __init__(self, recorder: Recorder, sealer: Sealer, *, source: str, region: str, clock: Clock = utc_now) -> None:
        super().__init__(recorder, sealer, source=source, clock=clock)
        self._region = region
        self._remembered: dict[UUID, tuple[float, Token]] = {}

    def issue(self, *, label: str, role: SystemRole, expires: datetime | None = None) -> str:
        """Give access, and tell the token, this once; raises `Invalid` for a label that is no code."""
        secret = secrets.token_urlsafe(32)
        try:
            command = _GiveToken(label=label, role=role, expires=expires, secret=_digest(secret))
        except ValidationError as fault:
            raise invalid(fault) from None
        given = self.create_token(command=command, context=self._administrator())
        return f"cmh_{given.id.hex}_{secret}"

    def withdraw(self, token: str) -> Receipt:
        """Take away the access of the token with this id; within a second nobody comes in with it any more."""
        return self.revoke_token(command=RevokeToken(token=token), context=self._administrator())

    def summaries(self) -> list[TokenSummary]:
        """All tokens ever given, oldest first."""
        tokens: dict[UUID, Token] = {}
        for fact in self._facts():
            tokens.setdefault(fact.stream, Token(fact.stream)).replay([fact])
        return [_summary(token) for token in tokens.values()]

    def principal(self, text: str) -> Principal | None:
        """Who comes in with `text`; None when it is no token, or none that is good now."""
        found = _TOKEN.fullmatch(text)
        token = self._token(UUID(found[1])) if found else None
        return token.admits(_digest(found[2]), self.clock()) if found and token else None

    @use_case
    def create_token(self, *, command: _GiveToken, work: Work) -> Token:
        """Give access."""
        return Token.create(
            work.id_for("token"),
            work.stamp,
            label=command.label,
            role=command.role,
            region=self._region,
            secret=command.secret,
            expires=command.expires,
        )

    @use_case
    def revoke_token(self, *, command: RevokeToken, work: Work) -> Token:
        """Take access away."""
        token = self.find(Token, _id(command.token), field="token", work=work)
        token.revoke(work.stamp)
        return token

    def _administrator(self) -> Context:
        return Context(actor="administrator", role=SystemRole.regional_operator, region=self._region)

    def _token(self, id: UUID) -> Token | None:
        now = time.monotonic()
        read, token = self._remembered.get(id, (0.0, None))
        if token is None or now - read > _REMEMBERED_SECONDS:
            try:
                token = self.find(Token, id)
            except NotFound:
                return None
            self._remembered[id] = now, token
        return token

    def _facts(self) -> Iterator[Fact]:
        position = 0
        while rows := self._recorder.read(position, _PAGE):
            yield from (upcasting.read_fact(row.type, row.state) for row in rows)
            position = rows[-1].position


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("not_found", "There is no such token.", field="token") from None


def _summary(token: Token) -> TokenSummary:
    return TokenSummary(
        id=token.id.hex, label=token.label, role=token.role, created=token.created, expires=token.expires, revoked=token.revoked
    )
