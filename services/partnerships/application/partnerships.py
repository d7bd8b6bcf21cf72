"""What can be done with partnerships."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast
from uuid import UUID, uuid5

from contracts.errors import NotFound
from contracts.forgetting import CompleteErasure, Forget, Kept
from contracts.model import Fact
from contracts.partnerships import (
    AccessNeedFlagged,
    AccessNeedMet,
    AccessNeedNotMet,
    AccessNeedRecorded,
    AccessNeedReviewed,
    AccessNeedShared,
    ActivatePartnership,
    AddMember,
    AgreeTermsOfReference,
    AppointToOffice,
    BeginLeave,
    ClosePartnership,
    CoChairAppointed,
    Composition,
    ConsentGranted,
    ConsentWithdrawn,
    CorrectEntry,
    DeclarePerspective,
    DraftTermsOfReference,
    EndLeave,
    EndMembership,
    EndNomination,
    EntryCorrected,
    ErasureReport,
    ErasureRequested,
    ExpenseClaimed,
    GetErasure,
    GetMemberHistory,
    GetPartnership,
    GetStanding,
    InterestDeclared,
    InterestEnded,
    InterestsConfirmed,
    InviteMember,
    JoinPartnership,
    LeaveBegun,
    LeaveEnded,
    LeaveOffice,
    ListPartnerships,
    MemberHistory,
    MemberInvited,
    MemberJoined,
    MemberNominated,
    MembershipEnded,
    MemberSummary,
    NameCoChair,
    NominateMember,
    NominationEnded,
    NomineeSummary,
    OfficeLeft,
    OfficeTaken,
    PartnershipDetail,
    PartnershipPage,
    PartnershipStanding,
    PausePartnership,
    PaymentAccepted,
    PaymentApproved,
    PaymentDeclined,
    PaymentMade,
    PaymentOffered,
    PaymentRejected,
    PerspectiveDeclared,
    ProposePartnership,
    RequestErasure,
    ResumePartnership,
    RollEntry,
    SetCompositionRule,
    SkillOffered,
    SkillUsed,
    Standing,
    SubjectErased,
    TermsOfReference,
    TermsOfReferenceAgreed,
)
from contracts.permissions import opens
from contracts.vocabulary import KeptReason, KeptRecord, MembershipStatus
from services.partnerships.application.easing import Easing
from services.partnerships.application.paying import Paying
from services.partnerships.application.working import Working
from services.partnerships.domain import Erasure, Member, Partnership, Roll, Rule
from services.partnerships.views import Directory, Erasures, ToForget
from shared.application import Aggregate, Work, making, use_case
from shared.context import Context
from shared.forgetting import acting_for
from shared.sealing import Sealer
from shared.store import Recorder


class Partnerships(Easing, Paying, Working):
    """Partnerships, by the verbs of those who run them."""

    about = {
        MemberNominated: "You were put forward for a partnership under this name.",
        MemberInvited: "You were asked to join a partnership.",
        NominationEnded: "Your nomination ended.",
        MemberJoined: "You joined a partnership under this name.",
        LeaveBegun: "You were away for a while.",
        LeaveEnded: "You came back.",
        PerspectiveDeclared: "You took part from another side.",
        CoChairAppointed: "You were named co-chair.",
        OfficeTaken: "You were given an office.",
        OfficeLeft: "You laid down an office.",
        TermsOfReferenceAgreed: "You agreed terms of reference.",
        MembershipEnded: "Your membership ended.",
        EntryCorrected: "What was recorded of you was put right.",
        AccessNeedRecorded: "You said what you need to take part.",
        AccessNeedFlagged: "What you need was flagged.",
        AccessNeedShared: "What you need was told to somebody who has to meet it.",
        AccessNeedMet: "What you need was met.",
        AccessNeedNotMet: "What you need was not met.",
        AccessNeedReviewed: "You were asked whether you still need it.",
        PaymentOffered: "You were offered a payment.",
        PaymentAccepted: "You accepted a payment.",
        PaymentDeclined: "You declined a payment.",
        ExpenseClaimed: "A payment was claimed for you.",
        PaymentApproved: "A payment to you was approved.",
        PaymentRejected: "A payment to you was rejected.",
        PaymentMade: "You were paid.",
        ConsentGranted: "You consented.",
        ConsentWithdrawn: "You withdrew a consent.",
        InterestDeclared: "You declared an interest, or that you have none.",
        InterestsConfirmed: "You confirmed what you had declared.",
        InterestEnded: "An interest you had declared ended.",
        SkillOffered: "You offered what you bring.",
        SkillUsed: "What you offered was made use of.",
        ErasureRequested: "It was asked that you be forgotten.",
    }
    fields = {
        MemberNominated: "name",
        MemberJoined: "name",
        InterestDeclared: "interest",
        SkillOffered: "skill",
        AccessNeedRecorded: "need",
    }
    erased = SubjectErased

    def __init__(
        self,
        recorder: Recorder,
        sealer: Sealer,
        directory: Directory,
        forgotten: ToForget,
        erasures: Erasures,
        *,
        source: str,
        days: int = 30,
    ) -> None:
        super().__init__(recorder, sealer, source=source)
        self._directory = directory
        self.forgotten = forgotten
        self._erasures = erasures
        self._backup_days = days

    @use_case
    def propose_partnership(self, *, command: ProposePartnership, work: Work) -> Partnership:
        """Begin a partnership."""
        return Partnership.propose(
            work.id_for("partnership"),
            work.stamp,
            name=command.name,
            org_unit=command.org_unit,
            setting=command.setting,
            level=command.level,
        )

    @making("member")
    def add_member(self, *, command: AddMember, work: Work) -> Partnership:
        """Take somebody into a partnership; the name is sealed under a key of their own."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        member = work.id_for("member")
        name = work.seal(command.name, subject=member, stream=partnership.id, field="name")
        partnership.add_member(
            work.stamp, member=member, name=name, role=command.role, perspective=command.perspective, selection=command.selection
        )
        return partnership

    @making("member")
    def nominate_member(self, *, command: NominateMember, work: Work) -> Partnership:
        """Put somebody forward; the name is sealed under a key of their own."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        member = work.id_for("member")
        name = work.seal(command.name, subject=member, stream=partnership.id, field="name")
        partnership.nominate(
            work.stamp, member=member, name=name, role=command.role, perspective=command.perspective, selection=command.selection
        )
        return partnership

    @use_case
    def invite_member(self, *, command: InviteMember, work: Work) -> Partnership:
        """Ask a nominee to join."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.invite(work.stamp, member=command.member)
        return partnership

    @use_case
    def end_nomination(self, *, command: EndNomination, work: Work) -> Partnership:
        """Let a nomination end without a membership."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.end_nomination(work.stamp, member=command.member, reason=command.reason)
        return partnership

    @use_case
    def join_partnership(self, *, command: JoinPartnership, work: Work) -> Partnership:
        """Take in a nominee."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.join(work.stamp, member=command.member)
        return partnership

    @use_case
    def begin_leave(self, *, command: BeginLeave, work: Work) -> Partnership:
        """Let a member be away for a while."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.begin_leave(work.stamp, member=command.member)
        return partnership

    @use_case
    def end_leave(self, *, command: EndLeave, work: Work) -> Partnership:
        """Let a member come back."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.end_leave(work.stamp, member=command.member)
        return partnership

    @use_case
    def declare_perspective(self, *, command: DeclarePerspective, work: Work) -> Partnership:
        """Let a member take part from another side."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.declare_perspective(work.stamp, member=command.member, perspective=command.perspective)
        return partnership

    @use_case
    def appoint_to_office(self, *, command: AppointToOffice, work: Work) -> Partnership:
        """Give a member an office."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.appoint(work.stamp, member=command.member, office=command.office, until=command.until)
        return partnership

    @use_case
    def leave_office(self, *, command: LeaveOffice, work: Work) -> Partnership:
        """Let a member lay down an office."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.leave_office(work.stamp, member=command.member, office=command.office)
        return partnership

    @use_case
    def correct_entry(self, *, command: CorrectEntry, work: Work) -> Partnership:
        """Correct what the roll says of a member."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.correct_entry(
            work.stamp,
            member=command.member,
            version=command.entry,
            at=work.at(command.at).happened if command.at else None,
            perspective=command.perspective,
            never=command.never,
        )
        return partnership

    @use_case
    def end_membership(self, *, command: EndMembership, work: Work) -> Partnership:
        """End a membership."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.end_membership(work.stamp, member=command.member, reason=command.reason)
        return partnership

    @use_case
    def name_co_chair(self, *, command: NameCoChair, work: Work) -> Partnership:
        """Name a co-chair."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.name_co_chair(work.stamp, member=command.member, until=command.until)
        return partnership

    @use_case
    def draft_terms_of_reference(self, *, command: DraftTermsOfReference, work: Work) -> Partnership:
        """Lay a draft of the next edition of the terms of reference before the members."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.draft_terms_of_reference(work.stamp, edition=command.edition, document=command.document)
        return partnership

    @use_case
    def agree_terms_of_reference(self, *, command: AgreeTermsOfReference, work: Work) -> Partnership:
        """Agree an edition of the terms of reference."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.agree_terms_of_reference(work.stamp, edition=command.edition, document=command.document, agreed_by=command.agreed_by)
        return partnership

    @use_case
    def set_composition_rule(self, *, command: SetCompositionRule, work: Work) -> Partnership:
        """Say who must take part, and who must be there to decide."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        composition = Rule(
            lived_experience=command.lived_experience,
            provider=command.provider,
            lived_share=command.lived_share,
            quorum_lived_experience=command.quorum_lived_experience,
            quorum_provider=command.quorum_provider,
            quorum_share=command.quorum_share,
        )
        partnership.set_composition_rule(work.stamp, composition=composition)
        return partnership

    @use_case
    def activate_partnership(self, *, command: ActivatePartnership, work: Work) -> Partnership:
        """Let a partnership begin its work."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.activate(work.stamp)
        return partnership

    @use_case
    def pause_partnership(self, *, command: PausePartnership, work: Work) -> Partnership:
        """Let a partnership rest."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.pause(work.stamp, reason=command.reason)
        return partnership

    @use_case
    def resume_partnership(self, *, command: ResumePartnership, work: Work) -> Partnership:
        """Let a paused partnership go on."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.resume(work.stamp)
        return partnership

    @use_case
    def close_partnership(self, *, command: ClosePartnership, work: Work) -> Partnership:
        """End a partnership for good."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.close(work.stamp, reason=command.reason)
        return partnership

    @use_case
    def request_erasure(self, *, command: RequestErasure, work: Work) -> list[Aggregate]:
        """Have a person forgotten in every service; a member is none from then on. Asked again, it is the same erasure."""
        erasure = self._erasure(command.member)
        if erasure.asked:
            return [erasure]
        erasure.request(work.stamp, member=command.member, basis=command.basis, scope=command.scope)
        came = next((fact for fact in self.facts_about(command.member) if isinstance(fact, (MemberNominated, MemberJoined))), None)
        if came is None:
            return [erasure]
        partnership = self.find(Partnership, came.partnership)
        partnership.let_go(work.stamp, member=command.member)
        return [partnership, erasure]

    def tend(self) -> None:
        """Forget whom this service is asked to forget, and complete what every service has done its part of."""
        super().tend()
        for id_ in self._erasures.to_complete():
            erasure = self.find(Erasure, id_)
            if erasure.asked:
                self._complete_erasure(command=CompleteErasure(erasure=id_), context=acting_for(erasure.asked, "completed"))

    @use_case
    def _complete_erasure(self, *, command: CompleteErasure, work: Work) -> Erasure:
        erasure = self.find(Erasure, command.erasure)
        erasure.complete(work.stamp, erased=self._erasures.erased(command.erasure), backup_days=self._backup_days)
        return erasure

    def get_erasure(self, *, query: GetErasure) -> ErasureReport:
        """How far the erasure of a person has come."""
        erasure = self._erasure(query.member)
        if erasure.asked is None:
            raise NotFound("no_such_erasure", "Nobody has asked that this person be forgotten.", field="member")
        done = erasure.completed
        return ErasureReport(
            member=query.member,
            basis=erasure.asked.basis,
            scope=erasure.asked.scope,
            requested=erasure.asked.happened,
            completed=done.recorded if done else None,
            erased=done.erased if done else (),
            kept=done.kept if done else (),
            backups_until=done.backups_until if done else None,
        )

    def subject_of(self, member: UUID) -> UUID:
        """A member's name is sealed under their id, which is of this service."""
        return member

    def kept(self) -> Sequence[Kept]:
        """What happened stays, for the figures rest on it; who it was cannot be told from it any more."""
        return (Kept(record=KeptRecord.facts_under_pseudonym, reason=KeptReason.public_task, until=None),)

    def erasure_of(self, command: Forget) -> Erasure:
        """The erasure as it was asked for here."""
        return self.find(Erasure, command.erasure)

    def _erasure(self, member: UUID) -> Erasure:
        id_ = uuid5(member, "erasure")
        try:
            return self.find(Erasure, id_)
        except NotFound:
            return Erasure(id_)

    def get_partnership(self, *, query: GetPartnership, context: Context) -> PartnershipDetail:
        """One partnership; names only for those who may read them."""
        partnership = self.find(Partnership, query.partnership, field="partnership")
        now = self.clock()
        names = opens(context.role, "partnerships.read_names", context.reason)
        forgotten = self.forgotten.among(partnership.members)
        return PartnershipDetail(
            id=partnership.id,
            version=partnership.version,
            name=partnership.name,
            org_unit=partnership.org_unit,
            setting=partnership.setting,
            level=partnership.level,
            status=partnership.status,
            pause_reason=partnership.pause_reason,
            closure_reason=partnership.closure_reason,
            terms_of_reference=partnership.terms_of_reference,
            editions=tuple(
                TermsOfReference(edition=one.number, document=one.document, agreed=one.agreed, agreed_by=one.agreed_by)
                for one in partnership.editions
            ),
            composition=_composition(partnership),
            co_chairs=partnership.roll.co_chairs(now),
            members=tuple(
                self._summary(partnership, member, joined, now, names=names, forgotten=member.id in forgotten)
                for member in partnership.members.values()
                if (joined := member.joined)
            ),
            nominees=tuple(
                self._nominee(partnership, member, names=names and member.id not in forgotten)
                for member in partnership.members.values()
                if not member.joined
            ),
        )

    def get_standing(self, *, query: GetStanding) -> PartnershipStanding:
        """Who belonged to a partnership, on which side and in which office: by when it was so, and by when it was known."""
        self.find(Partnership, query.partnership, field="partnership")
        now = self.clock()
        on, known_at = query.on or now, query.known_at or now
        facts = cast("Iterator[Fact]", self.events.get(query.partnership))
        roll = Roll().after(fact for fact in facts if fact.recorded <= known_at)
        standing = ((member, status) for member in roll.members.values() if (status := member.status(on)))
        return PartnershipStanding(
            partnership=query.partnership,
            on=on,
            known_at=known_at,
            members=tuple(
                Standing(
                    member=member.id,
                    status=status,
                    role=member.role,
                    perspective=member.perspective_on(on),
                    offices=roll.offices(member.id, on),
                )
                for member, status in standing
                if status is not MembershipStatus.ended
            ),
        )

    def get_member_history(self, *, query: GetMemberHistory) -> MemberHistory:
        """All that is on the roll about a member, as corrected since."""
        partnership = self.find(Partnership, query.partnership, field="partnership")
        entries = tuple(
            RollEntry(
                entry=entry.version,
                kind=entry.kind,
                at=entry.at,
                perspective=entry.perspective,
                office=entry.office,
                until=entry.until,
                corrected=entry.corrected,
                struck=entry.struck,
            )
            for entry in partnership.member(query.member).entries
        )
        return MemberHistory(partnership=query.partnership, member=query.member, entries=entries)

    def list_partnerships(self, *, query: ListPartnerships) -> PartnershipPage:
        """The partnerships of the region."""
        return self._directory.page(after=query.after, limit=query.limit)

    def _name(self, partnership: Partnership, member: Member, *, names: bool) -> str | None:
        return self.words(member.name, stream=partnership.id, field="name") if names else None

    def _summary(
        self, partnership: Partnership, member: Member, joined: datetime, now: datetime, *, names: bool, forgotten: bool
    ) -> MemberSummary:
        return MemberSummary(
            id=member.id,
            name=self._name(partnership, member, names=names and not forgotten),
            forgotten=forgotten,
            role=member.role,
            perspective=member.perspective,
            joined=joined,
            ended=member.ended,
            end_reason=member.end_reason if member.ended else None,
            status=member.status() or MembershipStatus.joined,
            selection=member.selection,
            offices=partnership.roll.offices(member.id, now),
        )

    def _nominee(self, partnership: Partnership, member: Member, *, names: bool) -> NomineeSummary:
        return NomineeSummary(
            id=member.id,
            name=self._name(partnership, member, names=names),
            role=member.role,
            perspective=member.perspective,
            selection=member.selection,
            status=member.status() or MembershipStatus.nominated,
            nomination_end=member.nomination_end,
        )


def _composition(partnership: Partnership) -> Composition | None:
    if not partnership.composition:
        return None
    return Composition(**asdict(partnership.composition), breached_since=partnership.breached, shortfalls=partnership.shortfalls)
