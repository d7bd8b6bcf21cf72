"""One story in which every command is given and accepted: for tests that must leave none out.

A step says which command, and what of it matters to the story. The rest follows from the contract: an id is the one made last under
that name, a word of the vocabulary is its first, personal words are made for the field. So a new personal field is filled by itself,
and a new command that the story does not tell fails `test_the_story_tells_every_command`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from pydantic.fields import FieldInfo

from contracts import feedback, partnerships, sessions
from contracts import vocabulary as v
from contracts.language import messages
from contracts.model import Command, Contract, Receipt
from contracts.permissions import PERMISSIONS

FIRST_DAY = datetime(2025, 1, 6, 9, tzinfo=UTC)
DOCUMENT = "a3" * 32
PRESENT = ("aoife", "lorcan", "brid", "kate", "niall", "orla")
"""Three of each side."""
TOLD_OF = {"partnerships", "sessions", "feedback"}
MADE: dict[type[Command], str] = {
    partnerships.ProposePartnership: "partnership",
    partnerships.AddMember: "member",
    partnerships.NominateMember: "member",
    partnerships.IdentifyAccessNeed: "need",
    partnerships.RecordAccessNeed: "need",
    partnerships.DeclareInterest: "declaration",
    partnerships.OfferSkill: "skill",
    partnerships.OfferPayment: "payment",
    partnerships.ClaimExpense: "payment",
    partnerships.OpenWorkItem: "work_item",
    sessions.PlanSession: "session",
    sessions.RaiseAgendaItem: "item",
    sessions.PutProposal: "decision",
    sessions.CloseDecision: "decision",
    sessions.RaiseObjection: "objection",
    sessions.AgreeAction: "action",
    sessions.ProposeAction: "action",
    feedback.ReceiveFeedback: "feedback",
}
"""What a command makes, by the name under which later commands speak of it."""

Say = Callable[[Command], Receipt]
Words = Callable[[type[Contract], str], str]


@cache
def commands() -> dict[str, type[Command]]:
    """Every command that can be given to the services the story is told of, by its operation."""
    spoken = {name: kind for name, kind in messages().items() if issubclass(kind, Command)}
    operations = {_operation(name): kind for name, kind in spoken.items() if name.partition(".")[0] in TOLD_OF}
    return {operation: kind for operation, kind in sorted(operations.items()) if operation in PERMISSIONS}


def _operation(name: str) -> str:
    service, _, said = name.partition(".")
    return service + "." + "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in said)[1:]


@cache
def verb(kind: type[Command]) -> tuple[str, str]:
    """The service and the method that take a command."""
    service, _, method = next(operation for operation, one in commands().items() if one is kind).partition(".")
    return service, method


class Story:
    """Tells it step by step to `say`; `ids` are the last of each name, `cast` is who and what is spoken of again."""

    def __init__(self, say: Say, words: Words = lambda kind, field: f"{kind.__name__} {field}") -> None:
        self._say, self._words = say, words
        self.now = FIRST_DAY
        self.ids: dict[str, UUID] = {}
        self.cast: dict[str, UUID] = {}
        self.entries: dict[str, int] = {}

    def say(self, kind: type[Command], called: str | None = None, /, **given: Any) -> Receipt:
        """Give one command, an hour after the last; what it makes may be `called` something."""
        self.now += timedelta(hours=1)
        receipt = self._say(self.filled(kind, **{"happened": self.now, **given}))
        if kind in MADE:
            self.ids[MADE[kind]] = receipt.made or receipt.id
        if called:
            self.cast[called], self.entries[called] = receipt.made or receipt.id, receipt.version
        return receipt

    def filled(self, kind: type[Command], /, **given: Any) -> Command:
        """The command with what is `given`, and the rest as the contract asks for it."""
        return kind(
            **given,
            **{name: value for name, field in kind.model_fields.items() if name not in given for value in self._value(kind, name, field)},
        )

    def _called(self, *names: str) -> tuple[UUID, ...]:
        return tuple(self.cast[name] for name in names)

    def _value(self, kind: type[Contract], name: str, field: FieldInfo) -> Iterator[Any]:
        of = bare(field.annotation)
        if personal(field):
            yield self._words(kind, name)
        elif not field.is_required():
            return
        elif of is UUID:
            yield self.ids[name]
        elif isinstance(of, type) and issubclass(of, Enum):
            yield next(iter(of))

    def tell(self, *, whole_region: bool = True) -> Iterator[type[Command]]:
        """The whole of it; yields after each step, so that it can be stopped anywhere. What concerns the `whole_region` may be left out."""
        chapters = (self._begin, self._take_part, self._count, self._ease, self._pay, self._work, self._place, self._guide, self._plan)
        for chapter in (*chapters, self._meet, self._decide, self._vote, self._rank, self._end_session, self._hear, self._part):
            if whole_region or chapter not in {self._count, self._place, self._guide}:
                yield from chapter()

    def _begin(self) -> Iterator[type[Command]]:
        of = partnerships
        self.say(of.ProposePartnership, name="By the river", org_unit="ABH-1")
        yield of.ProposePartnership
        for name, perspective in (
            ("aoife", v.Perspective.lived_experience_self),
            ("lorcan", v.Perspective.leadership),
            ("brid", v.Perspective.lived_experience_family_carer),
            ("kate", v.Perspective.professional),
            ("orla", v.Perspective.professional),
            ("grainne", v.Perspective.lived_experience_employed),
        ):
            self.say(of.AddMember, name, perspective=perspective)
            yield of.AddMember
        for name in ("niall", "otto", "rory"):
            self.say(of.NominateMember, name, perspective=v.Perspective.lived_experience_self)
            yield of.NominateMember
        steps: tuple[tuple[type[Command], str, dict[str, Any]], ...] = (
            (of.InviteMember, "niall", {}),
            (of.JoinPartnership, "niall", {}),
            (of.InviteMember, "rory", {}),
            (of.EndNomination, "otto", {}),
            (of.NameCoChair, "aoife", {}),
            (of.NameCoChair, "lorcan", {}),
            (of.AppointToOffice, "brid", {"office": v.PartnershipOffice.secretary}),
            (of.LeaveOffice, "brid", {"office": v.PartnershipOffice.secretary}),
            (of.DeclarePerspective, "niall", {"perspective": v.Perspective.lived_experience_family_carer}),
        )
        for step, member, given in steps:
            self.say(step, member=self.cast[member], **given)
            yield step
        self.say(of.SetCompositionRule, lived_experience=1, provider=1, quorum_lived_experience=1, quorum_provider=1)
        yield of.SetCompositionRule
        self.say(of.DraftTermsOfReference, edition=1, document=DOCUMENT)
        yield of.DraftTermsOfReference
        self.say(of.AgreeTermsOfReference, edition=1, document=DOCUMENT)
        yield of.AgreeTermsOfReference
        self.say(of.ActivatePartnership)
        yield of.ActivatePartnership
        self.say(of.BeginLeave, member=self.cast["niall"])
        yield of.BeginLeave
        self.say(of.EndLeave, member=self.cast["niall"])
        yield of.EndLeave
        self.say(of.CorrectEntry, member=self.cast["kate"], entry=self.entries["kate"], at=FIRST_DAY + timedelta(hours=2))
        yield of.CorrectEntry

    def _take_part(self) -> Iterator[type[Command]]:
        of = partnerships
        self.ids["member"] = self.cast["aoife"]
        for purpose in v.ConsentPurpose:
            self.say(of.GrantConsent, purpose=purpose, text="text-1")
            yield of.GrantConsent
        for kind in (of.DeclareInterest, of.ConfirmInterests, of.EndInterest, of.OfferSkill, of.UseSkill):
            self.say(kind)
            yield kind

    def _count(self) -> Iterator[type[Command]]:
        of = partnerships
        answer = of.EqualityAnswer(ground=next(iter(v.EqualityGround)), answer="prefer_not_to_say")
        self.say(of.AnswerEqualityQuestions, answers=(answer,))
        yield of.AnswerEqualityQuestions
        self.say(of.CountEquality, quarter=_last_quarter())
        yield of.CountEquality

    def _ease(self) -> Iterator[type[Command]]:
        of = partnerships
        for kind in (of.IdentifyAccessNeed, of.RecordIdentifiedNeed, of.RecordAccessNeed, of.FlagAccessNeed, of.ShareAccessNeed):
            self.say(kind)
            yield kind
        self.say(of.RecordAccessMet, met=True)
        yield of.RecordAccessMet
        self.say(of.ConfirmAccessMet, met=False)
        yield of.ConfirmAccessMet
        self.say(of.ReviewAccessNeed)
        yield of.ReviewAccessNeed
        self.say(of.WithdrawConsent, purpose=v.ConsentPurpose.access_needs_sharing)
        yield of.WithdrawConsent
        self.say(of.RefuseConsent, purpose=v.ConsentPurpose.access_needs_sharing, text="text-1")
        yield of.RefuseConsent

    def _pay(self) -> Iterator[type[Command]]:
        of = partnerships
        rate = of.Rate(kind=next(iter(v.PaymentKind)), amount=Decimal("75.00"))
        self.say(of.AdoptRateCard, edition=1, currency="EUR", rates=(rate,))
        yield of.AdoptRateCard
        for kind in (of.OfferPayment, of.AcceptPayment, of.ClaimPayment, of.ApprovePayment, of.RecordPaymentMade):
            self.say(kind)
            yield kind
        self.say(of.OfferPayment)
        yield of.OfferPayment
        self.say(of.DeclinePayment)
        yield of.DeclinePayment
        self.say(of.ClaimExpense, kind=v.PaymentKind.travel, amount=Decimal("12.50"))
        yield of.ClaimExpense
        self.say(of.RejectPayment)
        yield of.RejectPayment

    def _work(self) -> Iterator[type[Command]]:
        of = partnerships
        self.say(of.OpenWorkItem, name="The first letter")
        yield of.OpenWorkItem
        for side in (v.Side.lived_experience, v.Side.provider):
            self.say(of.RateDegree, side=side)
            yield of.RateDegree
        self.say(of.AgreeDegree)
        yield of.AgreeDegree

    def _plan(self) -> Iterator[type[Command]]:
        of = sessions
        series = {"every": v.Recurrence.weekly, "times": 2, "time_zone": "Europe/Dublin"}
        self.say(of.PlanSeries, starts=self.now + timedelta(days=9), **series)
        yield of.PlanSeries
        self.say(of.PlanSession, starts=self.now + timedelta(days=8))
        yield of.PlanSession
        self.say(of.CancelSession)
        yield of.CancelSession
        self.say(of.PlanSession, starts=self.now + timedelta(hours=8))
        yield of.PlanSession
        self.say(of.PublishSession)
        yield of.PublishSession
        self.say(of.MoveSession, starts=self.now + timedelta(hours=7))
        yield of.MoveSession
        self.say(of.InviteMembers, members=self._called(*PRESENT, "grainne"))
        yield of.InviteMembers
        self.say(of.AnswerInvitation)
        yield of.AnswerInvitation
        self.say(of.RaiseAgendaItem, "standing item", origin=v.AgendaItemOrigin.standing)
        yield of.RaiseAgendaItem
        self.say(of.RaiseAgendaItem, "item", origin=v.AgendaItemOrigin.raised_by_member, raised_by=self.cast["aoife"])
        yield of.RaiseAgendaItem
        self.say(of.SendMaterials, document=DOCUMENT, formats=(next(iter(v.InformationFormat)),))
        yield of.SendMaterials
        self.say(of.SetDecisionMethod, method=v.DecisionMethod.consent)
        yield of.SetDecisionMethod
        self.say(of.RaiseAgendaItem, "item by ranking", origin=v.AgendaItemOrigin.standing)
        yield of.RaiseAgendaItem
        self.say(of.SetDecisionMethod, method=v.DecisionMethod.ranked_choice)
        yield of.SetDecisionMethod
        self.say(of.RaiseAgendaItem, "item by ballot", origin=v.AgendaItemOrigin.standing)
        yield of.RaiseAgendaItem
        self.say(of.SetDecisionMethod, method=v.DecisionMethod.majority, secret=True)
        yield of.SetDecisionMethod

    def _meet(self) -> Iterator[type[Command]]:
        of, cast = sessions, self.cast
        self.say(of.OpenSession, chaired_by=(cast["aoife"],), present=self._called(*PRESENT))
        yield of.OpenSession
        for kind in (of.RecordArrival, of.RecordDeparture):
            self.say(kind, members=(cast["grainne"],))
            yield kind
        self.say(of.HandleInterest, item=cast["standing item"], member=cast["kate"], interest=v.InterestType.indirect)
        yield of.HandleInterest

    def _decide(self) -> Iterator[type[Command]]:
        of, cast = sessions, self.cast
        self.say(of.OpenAgendaItem, item=cast["item"])
        yield of.OpenAgendaItem
        self.say(of.PutProposal, item=cast["item"], options=())
        yield of.PutProposal
        for name, last in (("brid", of.AmendProposal), ("kate", of.RuleOnObjection), ("brid", of.WithdrawObjection)):
            self.say(of.RaiseObjection, member=cast[name])
            yield of.RaiseObjection
            self.say(of.DiscussObjection)
            yield of.DiscussObjection
            ending: dict[Any, Any] = {
                of.AmendProposal: {"integrates": (self.ids["objection"],)},
                of.RuleOnObjection: {"stands": False, "ruled_by": (cast["aoife"], cast["lorcan"])},
                of.WithdrawObjection: {"member": cast[name]},
            }
            self.say(last, **ending[last])
            yield last
        taken = tuple(of.MemberPosition(member=cast[name], position=v.Position.consent) for name in PRESENT if name != "kate")
        self.say(of.TakePositions, positions=taken)
        yield of.TakePositions
        self.say(of.DeclinePositions, members=(cast["kate"],))
        yield of.DeclinePositions
        self.say(of.CloseProposal, outcome=v.DecisionOutcome.adopted_with_amendment)
        yield of.CloseProposal
        self.say(of.CloseAgendaItem, item=cast["item"])
        yield of.CloseAgendaItem

    def _vote(self) -> Iterator[type[Command]]:
        of = sessions
        self.say(of.OpenAgendaItem)
        yield of.OpenAgendaItem
        self.say(of.PutProposal)
        yield of.PutProposal
        self.say(of.HandOutBallots, members=self._called(*PRESENT))
        yield of.HandOutBallots
        for number in range(6):
            side = v.Side.lived_experience if number % 2 else v.Side.provider
            self.say(of.CastBallot, side=side, position=v.Position.in_favour)
            yield of.CastBallot
        self.say(of.CloseBallot)
        yield of.CloseBallot
        self.say(of.CloseProposal, outcome=v.DecisionOutcome.adopted)
        yield of.CloseProposal
        self.say(of.CloseAgendaItem)
        yield of.CloseAgendaItem

    def _rank(self) -> Iterator[type[Command]]:
        of = sessions
        self.ids["item"] = self.cast["item by ranking"]
        self.say(of.OpenAgendaItem)
        yield of.OpenAgendaItem
        self.say(of.PutProposal, options=tuple(self._words(of.PutProposal, "options") for _ in range(2)))
        yield of.PutProposal
        self.say(of.CloseProposal, outcome=v.DecisionOutcome.deferred)
        yield of.CloseProposal

    def _end_session(self) -> Iterator[type[Command]]:
        of, cast = sessions, self.cast
        came = tuple(of.Attendance(member=cast[name], status=v.AttendanceStatus.attended) for name in (*PRESENT, "grainne"))
        self.say(of.HoldSession, chaired_by=(cast["aoife"],), attendance=came)
        yield of.HoldSession
        self.say(of.SubmitPulse, answers=(of.PulseAnswer(side=v.Side.lived_experience, heard=4),))
        yield of.SubmitPulse
        self.say(of.CloseDecision, method=v.DecisionMethod.majority, outcome=v.DecisionOutcome.adopted, lived_experience=(2, 0, 0))
        yield of.CloseDecision
        due = date(2025, 6, 2)
        self.say(of.AgreeAction, original_due=due)
        yield of.AgreeAction
        self.say(of.MoveActionDueDate, due=due + timedelta(days=7))
        yield of.MoveActionDueDate
        for kind in (of.StartAction, of.BlockAction):
            self.say(kind)
            yield kind
        self.say(of.CompleteAction, evidence=v.EvidenceKind.document)
        yield of.CompleteAction
        self.say(of.ProposeAction, original_due=due, owner=cast["aoife"], owner_side=v.OwnerSide.lived_experience)
        yield of.ProposeAction
        self.say(of.AcceptAction)
        yield of.AcceptAction
        self.say(of.HandOverAction, to=v.Receiver.provider, owner=cast["lorcan"])
        yield of.HandOverAction
        self.say(of.CancelAction)
        yield of.CancelAction
        self.say(of.DraftMinutes)
        yield of.DraftMinutes
        for name in ("aoife", "lorcan"):
            self.say(of.AcceptMinutes, minutes_version=1, member=cast[name])
            yield of.AcceptMinutes
        self.say(of.CorrectMinutes, raised_by=cast["brid"])
        yield of.CorrectMinutes

    def _hear(self) -> Iterator[type[Command]]:
        of = feedback
        self.say(of.ReceiveFeedback, author=self.cast["aoife"])
        yield of.ReceiveFeedback
        self.say(of.ThemeFeedback)
        yield of.ThemeFeedback
        self.say(of.RespondToFeedback)
        yield of.RespondToFeedback
        self.say(of.RecordOutcome, outcome=v.FeedbackOutcome.change_made)
        yield of.RecordOutcome
        self.say(of.TellOutcome)
        yield of.TellOutcome
        comment = of.SurveyComment(
            reference="r1", respondent="p1", received=FIRST_DAY, kind=v.FeedbackKind.story, text=self._words(of.SurveyComment, "text")
        )
        self.say(of.ImportFeedback, source="survey", comments=(comment,))
        yield of.ImportFeedback

    def _place(self) -> Iterator[type[Command]]:
        of, begin = partnerships, FIRST_DAY.date()
        for unit, level, parent in (
            ("NAT", v.OrgUnitLevel.national, None),
            ("REG_A", v.OrgUnitLevel.region, "NAT"),
            ("REG_B", v.OrgUnitLevel.region, "NAT"),
            ("AREA_A", v.OrgUnitLevel.area, "REG_A"),
            ("AREA_B", v.OrgUnitLevel.area, "REG_A"),
        ):
            self.say(of.OpenOrgUnit, unit=unit, level=level, name="By the river", parent=parent, on=begin)
            yield of.OpenOrgUnit
        after = begin + timedelta(days=30)
        self.say(of.RenameOrgUnit, unit="AREA_A", name="By the sea", on=after)
        yield of.RenameOrgUnit
        self.say(of.MoveOrgUnit, unit="AREA_B", parent="REG_B", on=after)
        yield of.MoveOrgUnit
        opened = of.NewOrgUnit(unit="AREA_C", level=v.OrgUnitLevel.area, name="Both", parent="REG_B")
        ended = of.EndingOrgUnit(unit="AREA_A", successors=("AREA_C",))
        self.say(of.ReorganiseOrgUnits, on=after + timedelta(days=1), opened=(opened,), ended=(ended,))
        yield of.ReorganiseOrgUnits
        self.say(of.EndOrgUnit, unit="AREA_B", successors=("AREA_C",), on=after + timedelta(days=2))
        yield of.EndOrgUnit
        self.say(of.CorrectOrgUnit, unit="NAT", entry=1, name="By the rivers")
        yield of.CorrectOrgUnit
        self.now = max(self.now, datetime.combine(after + timedelta(days=2), FIRST_DAY.timetz()))
        self.say(of.PlacePartnership, org_unit="AREA_C")
        yield of.PlacePartnership
        self.say(of.BindOrgUnits)
        yield of.BindOrgUnits

    def _guide(self) -> Iterator[type[Command]]:
        of, begin = partnerships, FIRST_DAY.date()
        elements = (of.FrameworkElement(code="CULTURE", name="Culture"),)
        for framework, kind in (("RIVER_JIGSAW", v.FrameworkKind.readiness), ("RIVER_START", v.FrameworkKind.stages)):
            adopted = {"framework": framework, "kind": kind, "elements": elements, "valid_from": begin}
            self.say(of.AdoptFramework, edition=1, name="By the river", source="By the river", **adopted)
            yield of.AdoptFramework
        self.say(of.RateReadiness, framework="RIVER_JIGSAW", element="CULTURE")
        yield of.RateReadiness
        self.say(of.MoveStage, framework="RIVER_START", element="CULTURE", state=v.StageState.done, evidence=v.EvidenceKind.document)
        yield of.MoveStage

    def _part(self) -> Iterator[type[Command]]:
        of, cast = partnerships, self.cast
        self.say(of.PausePartnership)
        yield of.PausePartnership
        self.say(of.ResumePartnership)
        yield of.ResumePartnership
        self.say(of.WithdrawConsent, member=cast["aoife"], purpose=v.ConsentPurpose.attribution_of_contributions)
        yield of.WithdrawConsent
        self.say(of.EndMembership, member=cast["brid"])
        yield of.EndMembership
        self.say(of.RequestErasure, member=cast["niall"])
        yield of.RequestErasure
        self.say(of.ClosePartnership)
        yield of.ClosePartnership


def _last_quarter() -> str:
    ended = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    while ended.month % 3:
        ended = ended.replace(day=1) - timedelta(days=1)
    return f"{ended.year}Q{ended.month // 3}"


def bare(annotation: Any) -> Any:
    """A type without what is said of it, and without `None`."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        return bare(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def personal(field: FieldInfo) -> bool:
    """Whether a field takes words as somebody says them: text without a pattern that it must have."""
    return bare(field.annotation) is str and "pattern" not in repr([field.metadata, field.annotation])


def personal_fields() -> set[tuple[type[Contract], str]]:
    """Every field that takes somebody's words, of every command and of what commands are made of."""

    def within(kind: type[Contract]) -> Iterator[tuple[type[Contract], str]]:
        for name, field in kind.model_fields.items():
            if personal(field):
                yield kind, name
            for part in _parts(field.annotation):
                if part is str and "pattern" not in repr([field.metadata, field.annotation]):
                    yield kind, name
                elif isinstance(part, type) and issubclass(part, Contract):
                    yield from within(part)

    return {found for kind in commands().values() for found in within(kind)}


def _parts(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield bare(part)
        yield from _parts(part)
