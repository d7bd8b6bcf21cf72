"""What can be done with partnerships."""

from __future__ import annotations

from dataclasses import asdict

from contracts.partnerships import (
    ActivatePartnership,
    AddMember,
    AgreeTermsOfReference,
    ClosePartnership,
    Composition,
    EndMembership,
    GetPartnership,
    ListPartnerships,
    MemberSummary,
    NameCoChair,
    PartnershipDetail,
    PartnershipPage,
    PausePartnership,
    ProposePartnership,
    ResumePartnership,
    SetCompositionRule,
)
from contracts.permissions import opens
from services.partnerships.domain import Member, Partnership, Rule
from services.partnerships.views import Directory
from shared.application import Application, Work, making, use_case
from shared.context import Context
from shared.sealing import Sealer
from shared.store import Recorder


class Partnerships(Application):
    """Partnerships, by the verbs of those who run them."""

    def __init__(self, recorder: Recorder, sealer: Sealer, directory: Directory, *, source: str) -> None:
        super().__init__(recorder, sealer, source=source)
        self._directory = directory

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
        partnership.add_member(work.stamp, member=member, name=name, role=command.role, perspective=command.perspective)
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
        partnership.name_co_chair(work.stamp, member=command.member)
        return partnership

    @use_case
    def agree_terms_of_reference(self, *, command: AgreeTermsOfReference, work: Work) -> Partnership:
        """Agree an edition of the terms of reference."""
        partnership = self.find(Partnership, command.partnership, field="partnership", work=work)
        partnership.agree_terms_of_reference(work.stamp, edition=command.edition, document=command.document)
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

    def get_partnership(self, *, query: GetPartnership, context: Context) -> PartnershipDetail:
        """One partnership; names only for those who may read them."""
        partnership = self.find(Partnership, query.partnership, field="partnership")
        names = opens(context.role, "partnerships.read_names", context.reason)
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
            composition=_composition(partnership),
            co_chairs=partnership.co_chairs,
            members=tuple(self._summary(partnership, member, names=names) for member in partnership.members.values()),
        )

    def list_partnerships(self, *, query: ListPartnerships) -> PartnershipPage:
        """The partnerships of the region."""
        return self._directory.page(after=query.after, limit=query.limit)

    def _summary(self, partnership: Partnership, member: Member, *, names: bool) -> MemberSummary:
        return MemberSummary(
            id=member.id,
            name=self.words(member.name, stream=partnership.id, field="name") if names else None,
            role=member.role,
            perspective=member.perspective,
            joined=member.joined,
            ended=member.ended,
            end_reason=member.end_reason,
        )


def _composition(partnership: Partnership) -> Composition | None:
    if not partnership.composition:
        return None
    return Composition(**asdict(partnership.composition), breached_since=partnership.breached, shortfalls=partnership.shortfalls)
