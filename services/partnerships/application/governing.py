"""Partnerships themselves, by the verbs of those who begin, run and end them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from contracts.partnerships import (
    ActivatePartnership,
    AgreeTermsOfReference,
    ClosePartnership,
    Composition,
    DraftTermsOfReference,
    GetPartnership,
    ListPartnerships,
    MemberSummary,
    NomineeSummary,
    PartnershipDetail,
    PartnershipPage,
    PausePartnership,
    ProposePartnership,
    ResumePartnership,
    SetCompositionRule,
    TermsOfReference,
)
from contracts.permissions import opens
from contracts.vocabulary import MembershipStatus
from services.partnerships.application.placing import Placing
from services.partnerships.domain import Member, Partnership, Rule
from services.partnerships.views import Directory
from shared.application import Words, Work, use_case
from shared.context import Context


class Governing(Placing):
    """The verbs of a partnership's life: its terms of reference, its rule of composition, its states."""

    _directory: Directory

    @use_case
    def propose_partnership(self, *, command: ProposePartnership, work: Work) -> Partnership:
        """Begin a partnership, in a unit that is valid on the day."""
        self.must_be_a_place(command.org_unit, work.stamp.happened)
        return Partnership.propose(
            work.id_for("partnership"),
            work.stamp,
            name=command.name,
            org_unit=command.org_unit,
            setting=command.setting,
            level=command.level,
        )

    @use_case
    def draft_terms_of_reference(self, *, command: DraftTermsOfReference, work: Work) -> Partnership:
        """Lay a draft of the next edition of the terms of reference before the members."""
        partnership = self._partnership(command, work)
        partnership.draft_terms_of_reference(work.stamp, edition=command.edition, document=command.document)
        return partnership

    @use_case
    def agree_terms_of_reference(self, *, command: AgreeTermsOfReference, work: Work) -> Partnership:
        """Agree an edition of the terms of reference."""
        partnership = self._partnership(command, work)
        partnership.agree_terms_of_reference(work.stamp, edition=command.edition, document=command.document, agreed_by=command.agreed_by)
        return partnership

    @use_case
    def set_composition_rule(self, *, command: SetCompositionRule, work: Work) -> Partnership:
        """Say who must take part, and who must be there to decide."""
        partnership = self._partnership(command, work)
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
        partnership = self._partnership(command, work)
        partnership.activate(work.stamp)
        return partnership

    @use_case
    def pause_partnership(self, *, command: PausePartnership, work: Work) -> Partnership:
        """Let a partnership rest."""
        partnership = self._partnership(command, work)
        partnership.pause(work.stamp, reason=command.reason)
        return partnership

    @use_case
    def resume_partnership(self, *, command: ResumePartnership, work: Work) -> Partnership:
        """Let a paused partnership go on."""
        partnership = self._partnership(command, work)
        partnership.resume(work.stamp)
        return partnership

    @use_case
    def close_partnership(self, *, command: ClosePartnership, work: Work) -> Partnership:
        """End a partnership for good."""
        partnership = self._partnership(command, work)
        partnership.close(work.stamp, reason=command.reason)
        return partnership

    def get_partnership(self, *, query: GetPartnership, context: Context) -> PartnershipDetail:
        """One partnership; names only for those who may read them."""
        partnership = self._partnership(query)
        now = self.clock()
        forgotten = self.forgotten.among(partnership.members)
        known = [member for member in partnership.members.values() if member.id not in forgotten]

        def named(words: Words) -> dict[UUID, str | None]:
            return {member.id: words(member.name, stream=partnership.id, field="name") for member in known}

        names = self.opened(named, read=opens(context.role, "partnerships.read_names", context.reason))
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
                self._summary(partnership, member, joined, now, name=names.get(member.id), forgotten=member.id in forgotten)
                for member in partnership.members.values()
                if (joined := member.joined)
            ),
            nominees=tuple(
                self._nominee(member, name=names.get(member.id)) for member in partnership.members.values() if not member.joined
            ),
        )

    def list_partnerships(self, *, query: ListPartnerships) -> PartnershipPage:
        """The partnerships of the region."""
        return self._directory.page(after=query.after, limit=query.limit)

    def _summary(
        self, partnership: Partnership, member: Member, joined: datetime, now: datetime, *, name: str | None, forgotten: bool
    ) -> MemberSummary:
        return MemberSummary(
            id=member.id,
            name=name,
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

    def _nominee(self, member: Member, *, name: str | None) -> NomineeSummary:
        return NomineeSummary(
            id=member.id,
            name=name,
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
