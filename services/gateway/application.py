"""What can be done with tokens, who asks, who looked at what, and what is held about a person."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID, uuid4

from contracts.audit import AccessPage, AccessSummary, ListAccesses
from contracts.errors import NotFound, NotPermitted
from contracts.gateway import AccessRecorded, CreateToken, RevokeToken, TokenCreated, TokenRevoked, TokenSummary
from contracts.model import Digest, Fact, Query
from contracts.permissions import OPENING, SERVICE
from contracts.persons import GetPersonData, Held, HeldAbout, HeldItem, PersonData
from contracts.services import SEALING
from services.gateway.domain import Principal, Token
from shared import upcasting
from shared.application import Application, FactMapper, Work, use_case
from shared.clock import Clock, utc_now
from shared.context import Context
from shared.recent import Recent
from shared.sealing import Sealer
from shared.store import Recorder

_TOKEN = re.compile(r"cmh_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")
_REMEMBERED_SECONDS = 1.0
_MOST_REMEMBERED = 10_000
_PAGE = 500


_EXPLAINED = (
    "Times are in UTC. `about` is the partnership, session or feedback item that an entry belongs to.",
    "Feedback that was given without your id is not in here: nothing ties it to you.",
    "What others wrote may speak of you; it cannot be found by your id.",
    "Titles of decisions and actions belong to the partnership and are not in here.",
    "Figures count people and name nobody.",
    "What you answered about equality is kept apart and shown to nobody, also not in here; withdraw that consent and it is destroyed.",
)


class _GiveToken(CreateToken):
    """`CreateToken` with what is kept of the secret."""

    secret: Digest


class Tokens(Application):
    """Tokens of one region: `cmh_<id>_<secret>`, the secret 256 random bits that are shown once and kept nowhere."""

    def __init__(self, recorder: Recorder, sealer: Sealer, *, source: str, region: str, clock: Clock = utc_now) -> None:
        super().__init__(recorder, sealer, source=source, clock=clock)
        self._region = region
        self._remembered: Recent[UUID, tuple[float, Token]] = Recent(_MOST_REMEMBERED)

    def create_token(self, *, command: CreateToken, context: Context) -> str:
        """Give access, and tell the token, this once: the same command again is refused, for nobody knows its secret any more."""
        secret = secrets.token_urlsafe(32)
        given = self._give(command=_GiveToken(**dict(command), secret=_digest(secret)), context=context)
        return f"cmh_{given.id.hex}_{secret}"

    @use_case
    def revoke_token(self, *, command: RevokeToken, work: Work) -> Token:
        """Take access away; within a second nobody comes in with it any more."""
        token = self.find(Token, _id(command.token), field="token", work=work)
        token.revoke(work.stamp)
        return token

    def list_tokens(self) -> list[TokenSummary]:
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
    def _give(self, *, command: _GiveToken, work: Work) -> Token:
        return Token.create(
            work.id_for("token"),
            work.stamp,
            label=command.label,
            role=command.role,
            region=self._region,
            secret=command.secret,
            expires=command.expires,
        )

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
        position, kinds = 0, (TokenCreated.type, TokenRevoked.type)
        while rows := self._recorder.select_notifications(position, _PAGE, topics=kinds, inclusive_of_start=False):
            yield from (upcasting.read_fact(row.topic, row.state) for row in rows)
            position = rows[-1].id


Ask = Callable[[str, Query, Context], bytes]
"""What an operation answers to a question, asked in a context."""


class Persons:
    """Everything that is held about one person, gathered from the services that hold it."""

    def __init__(self, ask: Ask, *, clock: Clock = utc_now) -> None:
        self._ask = ask
        self._clock = clock

    def get_person_data(self, *, query: GetPersonData, context: Context) -> PersonData:
        """For the person, by whoever answers them; raises `NotPermitted` without a reason."""
        if context.reason is None:
            raise NotPermitted("reason_missing", "Everything about a person is opened for a reason: say it in the header Comhar-Reason.")
        ours = context.model_copy(update={"role": SERVICE})
        answers = (self._ask(f"{service}.held_about", HeldAbout(member=query.member), ours) for service in SEALING)
        held = tuple(item for answer in answers for item in Held.model_validate_json(answer).items)
        looked_at = tuple(self._looks(query.member, held, ours))
        return PersonData(member=query.member, made=self._clock(), held=held, looked_at=looked_at, explained=_EXPLAINED)

    def _looks(self, member: UUID, held: Sequence[HeldItem], context: Context) -> Iterator[AccessSummary]:
        """Looks at the person, at things that are about them, and at the names of their partnership."""
        things = {item.about for item in held}
        yield from self._pages(ListAccesses(member=member, limit=200), context)
        for partnership in sorted({item.said["partnership"] for item in held if "partnership" in item.said}):
            for look in self._pages(ListAccesses(partnership=UUID(partnership), limit=200), context):
                if look.about in things or (look.operation in OPENING and look.about is None):
                    yield look

    def _pages(self, query: ListAccesses, context: Context) -> Iterator[AccessSummary]:
        while True:
            page = AccessPage.model_validate_json(self._ask("audit.list_accesses", query, context))
            yield from page.items
            if page.next is None:
                return
            query = query.model_copy(update={"after": page.next})


class Accesses:
    """Who looked at what: one fact for each read that must leave a record, however many sealed parts it opened."""

    def __init__(self, recorder: Recorder, *, clock: Clock = utc_now) -> None:
        self._recorder = recorder
        self._clock = clock
        self._mapper = FactMapper()

    def record(
        self,
        *,
        operation: str,
        context: Context,
        partnership: UUID | None = None,
        member: UUID | None = None,
        about: UUID | None = None,
    ) -> None:
        """Record that whoever acts in `context` looks; durable when this returns, and only then may they see anything.

        Raises `Unavailable` when it is not known to be recorded.
        """
        now = self._clock()
        looked = AccessRecorded(
            stream=uuid4(),
            version=1,
            happened=now,
            recorded=now,
            actor=context.actor,
            role=context.role,
            on_behalf_of=context.on_behalf_of,
            reason=context.reason,
            correlation=context.correlation,
            causation=context.command,
            operation=operation,
            about_partnership=partnership,
            about_member=member,
            about=about,
        )
        # If we die after this line the record tells of a look that nobody had: never the other way round.
        self._recorder.append([self._mapper.to_stored_event(looked)])


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
