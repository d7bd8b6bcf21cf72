"""What every service's application stands on: aggregates that record facts, and use cases that are done once.

A use case is one keyword-only verb that changes an aggregate and returns it. Around each, in one place: the same command
again is the same receipt, facts and sealed parts commit together, a lost race is decided anew, refusals and times are counted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID, uuid5

from eventsourcing.application import AggregateNotFoundError
from eventsourcing.application import Application as EventSourcedApplication
from eventsourcing.persistence import ApplicationRecorder, JSONTranscoder, Mapper, StoredEvent
from eventsourcing.utils import Environment, EnvType

from contracts.errors import Conflict, Invalid, NotFound, Refusal
from contracts.model import Command, Fact, Receipt, SealedPart
from shared import metrics
from shared.clock import Clock, utc_now
from shared.context import Context, current
from shared.sealing import Sealed, Sealer
from shared.store import Outcome, Recorder, SavedCommand, SealedBox
from shared.upcasting import read_fact

_TRIES = 5
_CLOCK_SKEW = timedelta(minutes=5)
UNDISCLOSED = "undisclosed"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The envelope that every fact of one command gets."""

    happened: datetime
    recorded: datetime
    actor: str
    role: str
    on_behalf_of: str | None
    reason: str | None
    correlation: UUID
    causation: UUID

    def envelope(self) -> dict[str, Any]:
        """What every fact says of its command."""
        return {name: getattr(self, name) for name in self.__slots__}


class Aggregate(ABC):
    """Decides in its verbs, then records; `apply` only assigns, so old facts stay readable when rules change."""

    def __init__(self, id: UUID) -> None:
        self.id = id
        self.version = 0
        self._recorded: datetime | None = None
        self._pending: list[Fact] = []

    def record(self, fact_type: type[Fact], by: Stamp, /, **what: Any) -> None:
        """Let it have happened."""
        # Clocks of two copies may differ; within a stream nothing is recorded before what it follows.
        said = {**by.envelope(), "recorded": max(by.recorded, self._recorded or by.recorded)}
        fact = fact_type(stream=self.id, version=self.version + 1, **said, **what)
        self._pending.append(fact)
        self.replay([fact])

    def replay(self, facts: Iterable[Fact]) -> Self:
        """The aggregate after `facts`."""
        for fact in facts:
            self.apply(fact)
            self.version, self._recorded = fact.version, fact.recorded
        return self

    @abstractmethod
    def apply(self, fact: Fact) -> None:
        """Assign what `fact` says; never refuse."""

    def collect_events(self) -> Sequence[Fact]:
        """The facts recorded and not yet stored, by the name the library uses."""
        pending, self._pending = self._pending, []
        return pending


TAggregate = TypeVar("TAggregate", bound=Aggregate)
Told = TypeVar("Told")
Verb = Callable[..., "Aggregate | Sequence[Aggregate]"]
"""A method that changes aggregates for one command, and returns them."""


class Words(Protocol):
    """What opens a sealed part: its words, or None when they have been forgotten or may not be read."""

    def __call__(self, part: SealedPart, *, stream: UUID, field: str) -> str | None: ...


class FactMapper(Mapper[UUID]):
    """Between facts and stored bytes, over the closed registry of public types: nothing stored decides what is imported."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The bytes of a fact: stored, published and hashed as they are here."""
        return StoredEvent(domain_event.stream, domain_event.version, domain_event.type, domain_event.model_dump_json().encode())

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The fact, in its newest version; raises LookupError on a type this code does not know."""
        return read_fact(stored_event.topic, stored_event.state)


@dataclass
class Work:
    """One command being carried out: its stamp, ids that follow from it, the words it seals, and the people it is about."""

    stamp: Stamp
    expected: int | None
    sealer: Sealer
    boxes: list[SealedBox] = field(default_factory=list)
    people: set[UUID] = field(default_factory=set)

    def id_for(self, name: str) -> UUID:
        """The id of what this command makes; the same when the command is sent again."""
        return _id_for(self.stamp.causation, name)

    def seal(self, words: str, *, stream: UUID, field: str, subject: UUID | None = None) -> SealedPart:
        """`words`, sealed under the key of `subject`, or one of their own; the box commits together with the facts."""
        part, box = self.sealer.seal(words, stream=stream, field=field, subject=subject)
        self.boxes.append(box)
        return part

    def seal_beside(self, other: SealedPart, words: str, *, stream: UUID, field: str) -> SealedPart:
        """`words`, sealed under the key of another part; raises `RuleBroken` when that part was forgotten."""
        part, box = self.sealer.seal_beside(other, words, stream=stream, field=field)
        self.boxes.append(box)
        return part

    def at(self, moment: datetime) -> Stamp:
        """The stamp of something that happened at `moment`; raises `Invalid` when that is still to come."""
        if moment > self.stamp.recorded + _CLOCK_SKEW:
            raise Invalid("in_the_future", "What has not happened yet cannot be recorded.", field="happened")
        return replace(self.stamp, happened=moment)

    def undisclosed(self) -> Stamp:
        """The stamp of what must not lead back to whoever said it: no actor, and no tie to anything else they did."""
        return replace(self.stamp, actor=UNDISCLOSED, on_behalf_of=None, reason=None, correlation=self.id_for(UNDISCLOSED))


class Application(EventSourcedApplication[UUID]):
    """The library's application on our store: loads aggregates, carries out use cases."""

    def __init__(self, recorder: Recorder, sealer: Sealer, *, source: str, clock: Clock = utc_now) -> None:
        self._recorder = recorder
        self.sealer = sealer
        self.source = source
        self.clock = clock
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing comes from the process's environment: settings are read in one place only."""
        return Environment(name, env)

    def construct_mapper(self) -> Mapper[UUID]:
        """Facts are their own stored form."""
        return FactMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        """The store handed in."""
        return self._recorder

    def find(self, kind: type[TAggregate], id: UUID, *, field: str | None = None, work: Work | None = None) -> TAggregate:
        """The aggregate as stored; raises `NotFound`, or `Conflict` when it is not at the version the caller saw."""
        if (stored := self._stored(kind, id)) is None:
            raise NotFound("not_found", f"There is no such {kind.__name__.lower()}.", field=field)
        return _as_seen(stored, work)

    def as_it_stands(self, kind: type[TAggregate], id: UUID, *, work: Work | None = None) -> TAggregate:
        """The aggregate as stored, or new where nothing has happened yet; raises `Conflict` like `find`."""
        return _as_seen(self._stored(kind, id) or kind(id), work)

    def _stored(self, kind: type[TAggregate], id: UUID) -> TAggregate | None:
        try:
            # The library projects as any of its aggregates; ours are told apart by `kind`.
            aggregate: TAggregate = self.repository.get(id, projector_func=partial(_replayed, kind, id))
        except AggregateNotFoundError:
            return None
        return aggregate

    def words(self, part: SealedPart, *, stream: UUID, field: str) -> str | None:
        """The words of a sealed part, or None when they have been forgotten."""
        return self.sealer.open(part, self._recorder.boxes([part.handle]).get(part.handle), stream=stream, field=field)

    def opened(self, tell: Callable[[Words], Told], *, read: bool) -> Told:
        """What `tell` makes with the words of sealed parts, or without any unless they may be `read`.

        All are opened together: `tell` is called once to learn which, and again when they are open; it should only put things together.
        """
        asked: dict[UUID, Sealed] = {}

        def ask(part: SealedPart, *, stream: UUID, field: str) -> str | None:
            asked[part.handle] = Sealed(part, stream, field)
            return None

        told = tell(ask)
        if not (read and asked):
            return told
        found = self.sealer.open_all(asked.values(), self._recorder.boxes(list(asked)))

        def answer(part: SealedPart, *, stream: UUID, field: str) -> str | None:
            # What came in between the two calls is opened alone.
            return found[part.handle] if part.handle in found else self.words(part, stream=stream, field=field)

        return tell(answer)

    def carry_out(self, verb: Verb, command: Command, context: Context, makes: str | None) -> Receipt:
        """Do `command` once; sent again, it is answered with the receipt of the first time."""
        fingerprint = self._fingerprint(command)
        made = _id_for(context.command, makes) if makes else None
        try:
            return self._receipt(self._decide(verb, command, context, fingerprint), made)
        except Refusal:
            # What is refused now may have been done before: then this is the same command, sent again.
            if not (done := self._recorder.outcome(context.command)):
                raise
            return self._receipt(_same_command(*done, fingerprint), made)

    def _decide(self, verb: Verb, command: Command, context: Context, fingerprint: bytes) -> Outcome:
        for tries_left in reversed(range(_TRIES)):
            work = self._work(command, context)
            changed = verb(self, command=command, work=work)
            try:
                return self._store(changed, work, fingerprint)
            except Conflict:
                if context.expected is not None or not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _work(self, command: Command, context: Context) -> Work:
        now = self.clock()
        stamp = Stamp(now, now, context.actor, context.role, context.on_behalf_of, context.reason, context.correlation, context.command)
        work = Work(stamp, context.expected, self.sealer)
        work.stamp = work.at(command.happened or now)
        return work

    def _store(self, changed: Aggregate | Sequence[Aggregate], work: Work, fingerprint: bytes) -> Outcome:
        aggregates = [changed] if isinstance(changed, Aggregate) else changed
        events = [self.mapper.to_stored_event(fact) for aggregate in aggregates for fact in aggregate.collect_events()]
        last = aggregates[-1] if aggregates else None
        stream, version = (last.id, last.version) if last else (work.stamp.causation, 0)
        saved = SavedCommand(work.stamp.causation, fingerprint, stream, version)
        # Until append returns nothing is promised; once it has, facts, sealed parts and the command's id are durable together.
        return self._recorder.append(events, command=saved, sealed=work.boxes)

    def _receipt(self, outcome: Outcome, made: UUID | None) -> Receipt:
        return Receipt(id=outcome.stream, made=made, version=outcome.version, source=self.source, position=outcome.position)

    def _fingerprint(self, command: Command) -> bytes:
        content = f"{type(command).__name__}\0{command.model_dump_json(exclude=set(command.traceless))}"
        return self.sealer.keys.fingerprint(content.encode())


def _replayed(kind: type[TAggregate], id: UUID, _: None, facts: Iterable[Any]) -> TAggregate | None:
    aggregate = kind(id).replay(facts)
    return aggregate if aggregate.version else None


def _as_seen(aggregate: TAggregate, work: Work | None) -> TAggregate:
    if work and work.expected not in (None, aggregate.version):
        raise Conflict("stale_version", "It has changed since you read it; read it again, then decide.")
    return aggregate


def _same_command(outcome: Outcome, digest: bytes, fingerprint: bytes) -> Outcome:
    if digest != fingerprint:
        raise Invalid("idempotency_key_reused", "This idempotency key was used for another command; take a new one.")
    return outcome


def use_case(verb: Verb) -> Callable[..., Receipt]:
    """Make a verb that changes an aggregate (`self, *, command, work`) a use case that is carried out once (`self, *, command`)."""
    return _carried_out(verb, None)


def making(thing: str) -> Callable[[Verb], Callable[..., Receipt]]:
    """A use case that makes something within the aggregate, under `work.id_for(thing)`; the receipt names it."""
    return lambda verb: _carried_out(verb, thing)


def _carried_out(verb: Verb, makes: str | None) -> Callable[..., Receipt]:
    @wraps(verb)
    def carried_out(self: Application, *, command: Command, context: Context | None = None) -> Receipt:
        context = context or current()
        if context is None:
            raise AssertionError("a command is carried out for somebody: no context")
        with metrics.use_case_seconds.labels(self.source, verb.__name__).time():
            try:
                return self.carry_out(verb, command, context, makes)
            except Refusal as refusal:
                metrics.refusals.labels(self.source, type(refusal).__name__, refusal.code).inc()
                raise

    return carried_out


def _id_for(command: UUID, name: str) -> UUID:
    return uuid5(command, name)
