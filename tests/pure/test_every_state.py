"""Whatever is asked of partnerships and sessions, by whomever and in whatever order: what must never be never is.

One machine gives every command there is, through the applications, on stores of their own, from any point of the story in
`tests.every_command` on. What a command may say is drawn from its contract and from what the facts speak of, so a new command is given
without being told of here; one with a field that nothing is known of fails `test_every_field_of_every_command_can_be_drawn`.
Beside it `Watch` follows the stored facts alone, shares no code with the product, and says what must not be.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, get_args, get_origin
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from contracts import partnerships as p
from contracts import sessions as s
from contracts import vocabulary as v
from contracts.errors import Refusal
from contracts.model import Command, Contract, Fact, Receipt
from contracts.partnerships import GetStanding
from contracts.sessions import GetSession
from shared.application import Aggregate
from shared.context import Context
from shared.database import Database
from shared.views.rebuild import digests
from tests.every_command import DOCUMENT, Story, bare, commands, personal, verb
from tests.given import Region, context, stored
from tests.judging import Judge

LONG = os.environ.get("COMHAR_CAMPAIGN") == "long"
ASKED = {operation: kind for operation, kind in commands().items() if not operation.startswith("feedback.")}
ACTORS = ("token:coordinator", "token:finance", "token:member")
BY_FINANCE = {p.ApprovePayment, p.RejectPayment, p.RecordPaymentMade}
STREAMS: dict[type[Fact], str] = {
    p.PartnershipProposed: "partnership",
    p.PaymentOffered: "payment",
    p.ExpenseClaimed: "payment",
    p.WorkItemOpened: "work_item",
    s.SessionPlanned: "session",
}
"""What a stream is called by the commands that speak of it."""
PEOPLE = ("members", "raised_by", "decided_by", "chaired_by", "present", "ruled_by", "agreed_by", "author", "declined", "owner")
SPOKEN_OF = {**dict.fromkeys(PEOPLE, "member"), "integrates": "objection", "discussed": "item"}
"""What a field names when it is not called so itself."""
NUMBERS = {
    "edition": (1, 2, 3),
    "entry": range(1, 40),
    "lived_share": (0, 50, 60),
    "quorum_share": (0, 50),
    "count": (1, 2, 3),
    "choices": (1, 2, 3),
    "quota": (1, 2, 3),
    "times": (2, 3),
}
UNITS = ("NAT", "REG_A", "REG_B", "AREA_A", "AREA_B", "AREA_C", "AREA_D")
TEXTS = {
    **dict.fromkeys(("unit", "parent", "successors", "org_unit"), UNITS),
    "quarter": ("2024Q4", "2025Q1"),
    "answer": ("prefer_not_to_say", "not_asked", "yes"),
    "framework": ("RIVER_JIGSAW", "RIVER_START"),
    **dict.fromkeys(("element", "code", "principle"), ("CULTURE", "PRACTICE")),
    "document": (DOCUMENT, "b4" * 32),
    "currency": ("EUR",),
    "time_zone": ("Europe/Dublin",),
}
_HALF, _SELDOM = 0.5, 0.1
STRANGER = UUID(int=404)
ENDING = {"partnerships.close_partnership", "partnerships.request_erasure"}
"""What leaves little to be asked; it is tried once."""
WAYS = 6


class Known:
    """What the facts speak of, by name, and within which session or member."""

    def __init__(self) -> None:
        self._all: dict[str, dict[UUID, None]] = defaultdict(dict)
        self._within: dict[tuple[str, UUID], dict[UUID, None]] = defaultdict(dict)
        self._much: Counter[UUID] = Counter()
        self.here: dict[UUID, dict[UUID, None]] = defaultdict(dict)

    def learn(self, fact: Fact) -> None:
        """Take in the ids of one fact."""
        if name := STREAMS.get(type(fact)):
            self._all[name][fact.stream] = None
        for name, value in fact:
            if isinstance(value, UUID) and name not in {"stream", "correlation", "causation", "session"}:
                self._all[name][value] = None
                for owner in {fact.stream, getattr(fact, "member", fact.stream)}:
                    self._within[name, owner][value] = None
                    self._much[owner] += 1
        if isinstance(fact, s.MemberArrived):
            self.here[fact.stream][fact.member] = None

    def of(self, name: str, *owners: Any) -> list[UUID]:
        """What goes by a name: of its session or member if anything does, else all of it, the more known the oftener; or a stranger."""
        for owner in owners:
            if found := self._within.get((name, owner)):
                return list(found)
        return [one for one in self._all[name] for _ in range(1 + self._much[one])] or [STRANGER]


class Speaker:
    """Says what may be said, now and of what is known; whoever is meant by a message is chosen first."""

    def __init__(self, chance: Random, known: Known, now: datetime) -> None:
        self._chance, self._known, self._now = chance, known, now
        self._simple: dict[Any, Callable[[], Any]] = {
            bool: lambda: chance.random() < _HALF,
            datetime: lambda: now + chance.choice([-700, -30, -1, 1, 30, 700]) * timedelta(hours=1),
            AwareDatetime: lambda: now + chance.choice([-700, -30, -1, 1, 30, 700]) * timedelta(hours=1),
            date: lambda: now.date() + timedelta(days=chance.randint(0, 30)),
            Decimal: lambda: chance.choice([Decimal("0.00"), Decimal("12.50"), Decimal("75.00"), Decimal("80.00")]),
        }

    def fields(self, kind: type[Contract], within: dict[str, Any] | None = None) -> dict[str, Any]:
        """The fields of a message; what is not required is left out half of the time."""
        given: dict[str, Any] = dict(within or {})
        first = ("partnership", "session", "member")
        for name, field in sorted(kind.model_fields.items(), key=lambda one: first.index(one[0]) if one[0] in first else len(first)):
            if name == "happened":
                given[name] = self._chance.choice([None, None, None, *(self._now - timedelta(hours=hours) for hours in (1, 30, 700))])
            elif field.is_required() or self._chance.random() < _HALF:
                given[name] = self.value(name, field, field.annotation, given)
        return {name: value for name, value in given.items() if name in kind.model_fields}

    def value(self, name: str, field: FieldInfo, annotation: Any, given: dict[str, Any]) -> Any:
        """Something that a field may hold; raises LookupError when nothing is known of it."""
        of = bare(annotation)
        if get_origin(of) is tuple:
            return self._several(name, field, get_args(of), given)
        if of is UUID:
            return self._chance.choice(self._known.of(SPOKEN_OF.get(name, name), given.get("session"), given.get("member")))
        if of is str or of is int:
            return self._text_or_number(of, name, field)
        if of in self._simple:
            return self._simple[of]()
        if isinstance(of, type) and issubclass(of, Enum):
            return self._chance.choice(list(of))
        if isinstance(of, type) and issubclass(of, Contract):
            return of(**self.fields(of, {one: given[one] for one in ("session", "partnership") if one in given}))
        raise LookupError(f"nothing is known of what {name} may be: {of}")

    def _text_or_number(self, of: type, name: str, field: FieldInfo) -> str | int:
        if of is int:
            return self._chance.choice(NUMBERS.get(name, (1, 2)))
        return "Somebody's words" if personal(field) or name == "options" else self._chance.choice(TEXTS.get(name, ("code-1",)))

    def _several(self, name: str, field: FieldInfo, of: tuple[Any, ...], given: dict[str, Any]) -> tuple[Any, ...]:
        least = next((mark.min_length for mark in field.metadata if hasattr(mark, "min_length")), 0)
        most = next((mark.max_length for mark in field.metadata if hasattr(mark, "max_length")), 4)
        many = len(of) if Ellipsis not in of else self._chance.randint(least, min(most, 4))
        return tuple(self.value(name, field, of[0], given) for _ in range(many))


class Watch:
    """Follows the facts and knows nothing else; each says what must be true of it."""

    def __init__(self) -> None:
        self.roll: dict[UUID, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.rules: dict[UUID, list[p.CompositionRuleSet]] = defaultdict(list)
        self.status: dict[UUID, str] = {}
        self.breached: dict[UUID, bool] = defaultdict(bool)
        self.meetings: dict[UUID, Meeting] = {}
        self.payments: dict[UUID, list[Any]] = defaultdict(list)

    def see(self, fact: Fact) -> None:
        """Take in one fact; raises AssertionError when it must not be."""
        if isinstance(
            fact,
            (p.PaymentOffered, p.PaymentAccepted, p.PaymentDeclined, p.ExpenseClaimed, p.PaymentApproved, p.PaymentRejected, p.PaymentMade),
        ):
            self.payments[fact.stream].append(fact)
            payment_is_right(self.payments[fact.stream])
        elif fact.type.startswith("sessions."):
            if isinstance(fact, s.SessionPlanned):
                self.meetings[fact.stream] = Meeting(fact, self)
            if fact.stream in self.meetings:
                self.meetings[fact.stream].see(fact)
        else:
            self._enter(fact)

    def _enter(self, fact: Any) -> None:
        where = fact.stream
        match fact:
            case p.EntryCorrected():
                entry = self.roll[where][fact.corrects]
                entry.update(at=fact.at, struck=fact.struck, perspective=fact.perspective)
            case p.CompositionRuleSet():
                self.rules[where].append(fact)
            case p.PartnershipActivated() | p.PartnershipResumed():
                self.status[where] = "working"
                assert not self.short(where), "a partnership begins or goes on only as its rule says"
            case p.PartnershipPaused():
                self.status[where] = "resting"
            case p.PartnershipClosed():
                self.status[where] = "closed"
            case p.CompositionBreached():
                self.breached[where] = True
            case p.CompositionMended():
                self.breached[where] = False
            case _ if hasattr(fact, "member") and where == getattr(fact, "partnership", None):
                entry = {"kind": type(fact).__name__, "member": fact.member, "at": fact.happened, "struck": False, "version": fact.version}
                self.roll[where][fact.version] = {**entry, "perspective": getattr(fact, "perspective", None)}

    def counted(self, partnership: UUID) -> Counter[str]:
        """How many take part, by perspective, as far as is known: whoever has joined, has not ended and is not on leave."""
        by_member: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for entry in self.roll[partnership].values():
            if not entry["struck"]:
                by_member[entry["member"]].append(entry)
        found: Counter[str] = Counter()
        for entries in by_member.values():
            kinds = {entry["kind"] for entry in entries}
            away = self._last(entries, "LeaveBegun", "LeaveEnded")
            if "MemberJoined" in kinds and "MembershipEnded" not in kinds and (away is None or away["kind"] == "LeaveEnded"):
                side = self._last(entries, "PerspectiveDeclared") or self._last(entries, "MemberJoined")
                assert side
                found[side["perspective"]] += 1
        return found

    @staticmethod
    def _last(entries: list[dict[str, Any]], *kinds: str) -> dict[str, Any] | None:
        among = [entry for entry in entries if entry["kind"] in kinds]
        return max(among, key=lambda entry: (entry["at"], entry["version"]), default=None)

    def short(self, partnership: UUID) -> bool:
        """Whether those who take part are fewer than the rule asks for."""
        if not self.rules[partnership]:
            return False
        rule_of = self.rules[partnership][-1]
        counted = self.counted(partnership)
        lived = counted["lived_experience_self"] + counted["lived_experience_family_carer"]
        providing = counted["professional"] + counted["leadership"]
        few = lived < rule_of.lived_experience or providing < rule_of.provider
        return few or lived * 100 < rule_of.lived_share * counted.total()

    def was_member(self, partnership: UUID, member: UUID, at: datetime) -> bool:
        """Whether somebody had joined and not left at an instant, as is known by now."""
        entries = [entry for entry in self.roll[partnership].values() if entry["member"] == member and not entry["struck"]]
        joined = self._last(entries, "MemberJoined")
        ended = self._last(entries, "MembershipEnded")
        return joined is not None and joined["at"] <= at and (ended is None or at < ended["at"])

    def quorum(self, partnership: UUID, at: datetime) -> tuple[int, int, int]:
        """How many had to be there at an instant, in all and of both sides, as is known by now."""
        members = {entry["member"] for entry in self.roll[partnership].values()}
        working = [member for member in members if self.was_member(partnership, member, at) and not self._was_away(partnership, member, at)]
        agreed = max(
            (one for one in self.rules[partnership] if one.happened <= at), key=lambda one: (one.happened, one.version), default=None
        )
        if agreed is None:
            return 2, 1, 1
        least = agreed.quorum_lived_experience + agreed.quorum_provider
        share = -(-len(working) * agreed.quorum_share // 100)
        return max(share, least), agreed.quorum_lived_experience, agreed.quorum_provider

    def _was_away(self, partnership: UUID, member: UUID, at: datetime) -> bool:
        entries = [entry for entry in self.roll[partnership].values() if entry["member"] == member and not entry["struck"]]
        last = self._last([entry for entry in entries if entry["at"] <= at], "LeaveBegun", "LeaveEnded")
        return last is not None and last["kind"] == "LeaveBegun"

    def settled(self) -> None:
        """What must be true between two commands."""
        for partnership, status in self.status.items():
            if status != "closed":
                assert self.breached[partnership] is self.short(partnership), "a breach is open exactly while the rule is broken"


STOPS = {"raised", "under_discussion", "standing"}
STATE_OF_OBJECTION = {
    "ObjectionDiscussed": "under_discussion",
    "ObjectionIntegrated": "integrated",
    "ObjectionWithdrawn": "withdrawn_by_objector",
}
OUT = {"leaves_for_item", "speaks_then_leaves", "replaced"}


class Meeting:
    """One session as its facts tell it."""

    def __init__(self, planned: s.SessionPlanned, watch: Watch) -> None:
        self.planned, self._watch = planned, watch
        self.sides: dict[UUID, str] = {}
        self.here: set[UUID] = set()
        self.out: dict[UUID, dict[UUID, str]] = defaultdict(dict)
        self.quorum: s.SessionOpened | None = None
        self.put: dict[UUID, s.ProposalPut] = {}
        self.methods: dict[UUID, str] = {}
        self.objections: dict[UUID, tuple[UUID, str]] = {}
        self.closed: set[UUID] = set()
        self.handed_out: dict[tuple[UUID, int], Counter[str]] = defaultdict(Counter)
        self.cast: dict[tuple[UUID, int], Counter[str]] = defaultdict(Counter)
        self.boxes_closed: set[tuple[UUID, int]] = set()
        self.agreed: s.MinutesAgreed | None = None
        self.judge = Judge()

    def see(self, fact: Any) -> None:
        """Take in one fact of the session."""
        self.judge.see(fact)
        self._come_and_go(fact)
        self._propose_and_object(fact)
        self._write(fact)

    def _come_and_go(self, fact: Any) -> None:
        match fact:
            case s.InvitationSent():
                self.sides[fact.member] = _side(fact.perspective)
                assert self._watch.was_member(fact.partnership, fact.member, self.planned.starts), "whoever is invited is a member that day"
            case s.MemberArrived():
                self.here.add(fact.member)
                assert self._watch.was_member(fact.partnership, fact.member, fact.happened), "whoever comes is a member that day"
            case s.MemberLeft():
                self.here.remove(fact.member)
            case s.InterestHandledForItem():
                self.out[fact.item][fact.member] = fact.handling
            case s.SessionOpened():
                self.quorum = fact
                needed = (fact.quorum, fact.quorum_lived_experience, fact.quorum_provider)
                assert needed == self._watch.quorum(fact.partnership, fact.happened), (
                    "the quorum is what the rule makes of that day's members"
                )
                assert fact.quorum_lived_experience >= 1 <= fact.quorum_provider, "a quorum has two sides"
            case s.AttendanceRecorded():
                assert fact.member in self.sides, "whoever attends was invited"
                if fact.status in {"attended", "attended_part"}:
                    assert self._watch.was_member(fact.partnership, fact.member, self.planned.starts), "whoever attends is a member"

    def _propose_and_object(self, fact: Any) -> None:
        match fact:
            case s.DecisionMethodSet():
                self.methods[fact.item] = fact.method
            case s.ProposalPut():
                assert fact.decision not in self.closed, "what is closed is not amended"
                self.put[fact.decision] = fact
            case s.PositionTaken() | s.PositionDeclined():
                assert fact.member in self.taking_part(self.put[fact.decision].item), "only who takes part takes a position or declines to"
                assert self._watch.was_member(fact.partnership, fact.member, fact.happened), "only a member takes a position or declines to"
            case s.BallotHandedOut() | s.BallotCast() | s.BallotClosed():
                self._voted(fact, (fact.decision, fact.proposal_version))
            case s.ObjectionRaised():
                self.objections[fact.objection] = (fact.decision, "raised")
            case s.ObjectionDiscussed() | s.ObjectionIntegrated() | s.ObjectionWithdrawn() | s.ObjectionRuled():
                state = fact.state if isinstance(fact, s.ObjectionRuled) else STATE_OF_OBJECTION[type(fact).__name__]
                self.objections[fact.objection] = (self.objections[fact.objection][0], state)
            case s.DecisionClosed():
                self._decided(fact)

    def _write(self, fact: Any) -> None:
        match fact:
            case s.MinutesAgreed():
                assert self.agreed is None, "minutes are agreed once"
                self.agreed = fact
            case s.MinutesDrafted():
                assert self.agreed is None, "agreed minutes are not written anew"

    def taking_part(self, item: UUID) -> set[UUID]:
        """Who is there and not out for an item."""
        return {member for member in self.here if self.out[item].get(member) not in OUT}

    def _voted(self, fact: Any, box: tuple[UUID, int]) -> None:
        match fact:
            case s.BallotHandedOut():
                assert fact.member in self.taking_part(self.put[fact.decision].item), "only who takes part has a ballot"
                assert not self.cast[box], "ballots are handed out before the first is cast"
                self.handed_out[box][_side(fact.perspective)] += 1
            case s.BallotCast():
                assert box not in self.boxes_closed, "no ballot is cast into a closed box"
                assert fact.actor == "undisclosed", "whoever casts a ballot is not named"
                self.cast[box][{"lived_experience": "lived", "provider": "providing"}.get(fact.side, "neither")] += 1
                assert self.cast[box] <= self.handed_out[box], "a side casts no more ballots than it was handed"
            case s.BallotClosed():
                self.boxes_closed.add(box)
                assert fact.ballots == self.cast[box].total(), "what was cast is counted"

    def _decided(self, fact: s.DecisionClosed) -> None:
        adopted = fact.outcome in {"adopted", "adopted_with_amendment"}
        if adopted and fact.method == "consent":
            assert not any(state in STOPS for _, state in fact.objections), "nothing is adopted by consent over an objection"
        if fact.rests_on != "positions":
            return
        assert fact.decision not in self.closed, "a proposal is closed once"
        self.closed.add(fact.decision)
        put_off = {"deferred", "referred", "withdrawn", "lapsed_no_quorum"}
        box = (fact.decision, fact.proposal_version or 0)
        assert not fact.secret or fact.outcome in put_off or box in self.boxes_closed, "there is no result while the box is open"
        item = self.put[fact.decision].item
        if adopted and self.methods[item] == "consent":
            open_ = [state for of, state in self.objections.values() if of == fact.decision and state in STOPS]
            assert not open_, "nothing is adopted by consent over an objection"
        if adopted:
            assert self.quorum
            there = Counter(self.sides[member] for member in self.taking_part(item))
            enough = there["lived"] >= self.quorum.quorum_lived_experience and there["providing"] >= self.quorum.quorum_provider
            assert enough, "nothing is adopted without enough of both sides"
            assert there.total() >= self.quorum.quorum, "nothing is adopted without enough in all"


def _side(perspective: str) -> str:
    if perspective in {"lived_experience_self", "lived_experience_family_carer"}:
        return "lived"
    return "providing" if perspective in {"professional", "leadership"} else "neither"


NEXT_OF_PAYMENT = {
    "PaymentOffered": {"PaymentAccepted", "PaymentDeclined"},
    "PaymentAccepted": {"ExpenseClaimed"},
    "PaymentDeclined": set[str](),
    "ExpenseClaimed": {"PaymentApproved", "PaymentRejected"},
    "PaymentApproved": {"PaymentMade", "PaymentRejected"},
    "PaymentRejected": set[str](),
    "PaymentMade": set[str](),
}


def payment_is_right(facts: list[Any]) -> None:
    """The last of the facts of a payment may follow the others."""
    last, before = facts[-1], facts[-2] if len(facts) > 1 else None
    may = NEXT_OF_PAYMENT[type(before).__name__] if before else {"PaymentOffered", "ExpenseClaimed"}
    assert type(last).__name__ in may, "a payment skips no state"
    amounts = [fact.amount for fact in facts if hasattr(fact, "amount")]
    assert all(amount >= 0 for amount in amounts), "money is never negative"
    assert amounts == sorted(amounts, reverse=True), "no more is claimed than was offered, and no more paid than was claimed"
    claimants = {who for fact in facts if isinstance(fact, p.ExpenseClaimed) for who in (fact.actor, fact.on_behalf_of) if who}
    if isinstance(last, (p.PaymentApproved, p.PaymentMade)):
        assert not claimants & {last.actor, last.on_behalf_of}, "nobody approves or pays what they claimed"


class Beginnings:
    """The story told once, with a copy of everything as it was now and then."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        self.copies: list[tuple[Path, dict[tuple[str, str, str], int], datetime]] = []
        told = self._made("telling")
        region = Region(told)
        story = Story(lambda command: _say(region, command))
        for number, _ in enumerate(story.tell()):
            if number % 9 == 8:
                self._copy(told, region, story.now)
        region.close()

    def _copy(self, told: Path, region: Region, now: datetime) -> None:
        copy = Path(self._folder.name) / f"{len(self.copies)}"
        shutil.copytree(told, copy)
        self.copies.append((copy, dict(region._read), now))

    def _made(self, name: str) -> Path:
        folder = Path(self._folder.name) / name
        folder.mkdir()
        return folder

    def again(self, number: int, into: Path) -> tuple[Region, datetime]:
        """A region as it was then, in a folder of its own."""
        copy, read, now = self.copies[number]
        shutil.copytree(copy, into, dirs_exist_ok=True)
        region = Region(into)
        region._read = dict(read)
        return region, now

    def close(self) -> None:
        self._folder.cleanup()


def _say(region: Region, command: Command) -> Receipt:
    service, method = verb(type(command))
    by = context().model_copy(update={"actor": ACTORS[type(command) in BY_FINANCE]})
    receipt: Receipt = getattr(getattr(region, service), method)(command=command, context=by)
    region.spread()
    return receipt


_beginnings: list[Beginnings] = []


@pytest.fixture(scope="module", autouse=True)
def beginnings() -> Iterator[None]:
    """The story, told for all examples of the machine."""
    _beginnings.append(Beginnings())
    yield
    _beginnings.pop().close()


class EveryState(RuleBasedStateMachine):
    """Gives commands, some of them again later, and keeps what was answered."""

    accepted: Counter[str] = Counter()
    asked: Counter[str] = Counter()

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        number = Random(f"{seed} begin").randrange(len(_beginnings[0].copies))
        self.folder = TemporaryDirectory()
        self.region, self.now = _beginnings[0].again(number, Path(self.folder.name))
        self.known, self.watch = Known(), Watch()
        self.seen: dict[str, int] = defaultdict(int)
        self.given: list[tuple[Command, Context, Receipt]] = []
        self.saved: list[Aggregate] = []
        for service in ("partnerships", "sessions"):
            application = getattr(self.region, service)
            application.clock = lambda: self.now
            application._store = self._keeping(application._store)
        self._look()

    def _keeping(self, store: Any) -> Any:
        def kept(changed: Any, work: Any, fingerprint: bytes) -> Any:
            outcome = store(changed, work, fingerprint)
            self.saved += [changed] if isinstance(changed, Aggregate) else changed
            return outcome

        return kept

    @rule(operation=st.sampled_from(sorted(ASKED)), seed=st.integers(0, 2**32))
    def ask(self, operation: str, seed: int) -> None:
        """Give one command, said in several ways until it is accepted: of most things there is one, and many that are none."""
        self.now += timedelta(minutes=20)
        chance = Random(f"{seed} {operation} {sum(self.seen.values())}")
        if self.given and chance.random() < _SELDOM:
            self._say_again(chance)
        self.asked[operation] += 1
        for _ in range(1 if operation in ENDING else WAYS):
            kind = ASKED[operation]
            command = kind(**{**Speaker(chance, self.known, self.now).fields(kind), **self._sensible(chance, kind)})
            by = context().model_copy(update={"actor": chance.choice(ACTORS), "command": UUID(int=chance.getrandbits(128))})
            try:
                receipt = self._give(command, by)
            except Refusal:
                assert not self.saved
                continue
            self.accepted[operation] += 1
            self.given.append((command, by, receipt))
            self.region.spread()
            self._look()
            return

    def _say_again(self, chance: Random) -> None:
        command, by, receipt = chance.choice(self.given)
        assert self._give(command, by) == receipt
        assert self._look() == 0
        self.saved.clear()

    def _give(self, command: Command, by: Context) -> Receipt:
        self.saved.clear()
        service, method = verb(type(command))
        receipt: Receipt = getattr(getattr(self.region, service), method)(command=command, context=by)
        return receipt

    def _sensible(self, chance: Random, kind: type[Command]) -> dict[str, Any]:
        """Half of the time, what hangs together only when it is said together."""
        if not self.known.here or chance.random() < _HALF:
            return {}
        session, here = chance.choice([(session, tuple(here)) for session, here in self.known.here.items()])
        if kind is s.HoldSession:
            came = tuple(s.Attendance(member=member, status=v.AttendanceStatus.attended) for member in here)
            return {"session": session, "chaired_by": here[:1], "attendance": came, "contributions": (), "discussed": ()}
        if kind is s.TakePositions:
            position = chance.choice(list(v.Position))
            decision = chance.choice(self.known.of("decision", session))
            taken = tuple(s.MemberPosition(member=member, position=position) for member in here)
            return {"session": session, "decision": decision, "positions": taken}
        return {}

    def _look(self) -> int:
        """Let everybody see what has been stored since."""
        new = 0
        for service in ("partnerships", "sessions"):
            facts = stored(self.region.stores[service])[self.seen[service] :]
            self.seen[service] += len(facts)
            new += len(facts)
            for fact in facts:
                self.known.learn(fact)
                self.watch.see(fact)
        return new

    @invariant()
    def what_was_saved_is_what_is_read(self) -> None:
        for live in getattr(self, "saved", ()):
            service = "sessions" if type(live).__module__.startswith("services.sessions") else "partnerships"
            if live.version:
                assert _all_of(getattr(self.region, service).find(type(live), live.id)) == _all_of(live)

    @invariant()
    def nothing_is_that_must_not_be(self) -> None:
        if hasattr(self, "watch"):
            self.watch.settled()

    @invariant()
    def an_office_of_one_has_one_holder_on_any_day(self) -> None:
        of_partnership = [live.id for live in getattr(self, "saved", ()) if type(live).__name__ == "Partnership"]
        for partnership in of_partnership:
            for days in (-30, 0, 30):
                standing = self.region.partnerships.get_standing(
                    query=GetStanding(partnership=partnership, on=self.now + timedelta(days=days))
                )
                held = Counter(office for member in standing.members for office in member.offices)
                assert all(number == 1 for office, number in held.items() if office is not v.PartnershipOffice.facilitator)
                for member in standing.members:
                    assert v.PartnershipOffice.co_chair_lived_experience not in member.offices or _side(member.perspective) == "lived"
                    assert v.PartnershipOffice.co_chair_provider not in member.offices or _side(member.perspective) == "providing"

    @invariant()
    def agreed_minutes_are_what_was_agreed(self) -> None:
        for session in [live.id for live in getattr(self, "saved", ()) if type(live).__name__ == "Session"]:
            if agreed := self.watch.meetings[session].agreed:
                detail = self.region.sessions.get_session(query=GetSession(session=session), context=context())
                assert detail.minutes_taken
                assert (detail.minutes_taken.version, detail.minutes_taken.digest) == (agreed.minutes_version, agreed.digest)

    @invariant()
    def nothing_is_told_of_a_box_while_it_is_open(self) -> None:
        for session in [live.id for live in getattr(self, "saved", ()) if type(live).__name__ == "Session"]:
            for proposal in self.region.sessions.get_session(query=GetSession(session=session), context=context()).proposals:
                assert not (proposal.secret and proposal.positions)

    def teardown(self) -> None:
        if hasattr(self, "region"):
            self._views_are_what_the_facts_make_again()
            self.region.close()
            self.folder.cleanup()

    def _views_are_what_the_facts_make_again(self) -> None:
        region = self.region
        models = (region.directory, region.membership, region.calendar, region.erasures, *region.forgotten.values())
        fresh = {id(live.database): Database.open(f"sqlite:///{self.folder.name}/fresh/{id(live.database)}.db") for live in models}
        for live in models:
            beside = fresh[id(live.database)]
            live.view.define(beside)
            region.fold(type(live)(beside))
            with beside.reading() as made_again, live.database.reading() as is_:
                again, now = (digests(tx, live.view, "sqlite") for tx in (made_again, is_))
            assert again == now, live.view.name
        for database in fresh.values():
            database.close()


def _all_of(thing: Any) -> Any:
    """A thing that can be compared, whatever it is made of."""
    if isinstance(thing, dict):
        return {name: _all_of(value) for name, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_all_of(one) for one in thing]
    compared = any("__eq__" in vars(kind) for kind in type(thing).__mro__[:-1])
    return thing if compared or not hasattr(thing, "__dict__") else _all_of(vars(thing))


TestEveryState = EveryState.TestCase
TestEveryState.settings = settings(
    max_examples=2_000 if LONG else 40,
    stateful_step_count=60 if LONG else 40,
    deadline=None,
    derandomize=not LONG,
    database=None,
    phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_story_tells_every_command(tmp_path: Path) -> None:
    region = Region(tmp_path)
    told = set(Story(lambda command: _say(region, command)).tell())
    region.close()
    assert told == set(commands().values())


@pytest.mark.parametrize("operation", sorted(ASKED))
def test_every_field_of_every_command_can_be_drawn(operation: str) -> None:
    now, kind = datetime.fromisoformat("2025-03-01T12:00:00Z"), ASKED[operation]
    for annotation, name, field in ((field.annotation, name, field) for name, field in kind.model_fields.items() if name != "happened"):
        Speaker(Random(1), Known(), now).value(name, field, annotation, {})
