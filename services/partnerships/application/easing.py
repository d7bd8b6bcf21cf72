"""What members need to take part, by the verbs of those who see to it."""

from __future__ import annotations

from uuid import UUID, uuid5

from contracts.model import SealedPart
from contracts.partnerships import (
    AccessNeedsDetail,
    AccessNeedSummary,
    ConfirmAccessMet,
    FlagAccessNeed,
    GetAccessNeeds,
    GetWantedFormats,
    IdentifyAccessNeed,
    RecordAccessMet,
    RecordAccessNeed,
    RecordIdentifiedNeed,
    ReviewAccessNeed,
    ShareAccessNeed,
    WantedFormats,
)
from contracts.permissions import opens
from contracts.vocabulary import ConsentPurpose
from services.partnerships.application.participating import Participating
from services.partnerships.domain import AccessNeeds, Partnership
from services.partnerships.views import Occasions
from shared.application import Words, Work, making, use_case
from shared.context import Context


class Easing(Participating):
    """The verbs about access needs. The words are sealed under the member's own key."""

    _occasions: Occasions

    @making("need")
    def identify_access_need(self, *, command: IdentifyAccessNeed, work: Work) -> AccessNeeds:
        """Note that somebody will need something."""
        partnership, needs = self._needing(command.partnership, command.member, work)
        partnership.must_not_be_over(command.member, work.stamp.happened)
        needs.identify(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            need=work.id_for("need"),
            category=command.category,
            who=command.identified_by,
        )
        return needs

    @use_case
    def record_identified_need(self, *, command: RecordIdentifiedNeed, work: Work) -> AccessNeeds:
        """Write down what was identified before."""
        partnership, needs = self._needing(command.partnership, command.member, work)
        partnership.must_not_be_over(command.member, work.stamp.happened)
        needs.record_identified(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            need=command.need,
            category=command.category,
            wanted=command.wanted,
            words=_sealed_need(command, needs, work),
        )
        return needs

    @making("need")
    def record_access_need(self, *, command: RecordAccessNeed, work: Work) -> AccessNeeds:
        """Write down what a member said they need."""
        partnership, needs = self._needing(command.partnership, command.member, work)
        partnership.must_not_be_over(command.member, work.stamp.happened)
        needs.record_need(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            need=work.id_for("need"),
            category=command.category,
            wanted=command.wanted,
            words=_sealed_need(command, needs, work),
        )
        return needs

    @use_case
    def flag_access_need(self, *, command: FlagAccessNeed, work: Work) -> AccessNeeds:
        """Make a need stand out to everybody who plans."""
        partnership, needs = self._needing(command.partnership, command.member, work)
        partnership.must_not_be_over(command.member, work.stamp.happened)
        needs.flag(work.stamp, partnership=command.partnership, member=command.member, need=command.need)
        return needs

    @use_case
    def share_access_need(self, *, command: ShareAccessNeed, work: Work) -> AccessNeeds:
        """Tell somebody who has to meet a need, if the member consents."""
        partnership, needs = self._needing(command.partnership, command.member, work)
        partnership.must_not_be_over(command.member, work.stamp.happened)
        consented = self._participation(command.member).consents_to(ConsentPurpose.access_needs_sharing, work.stamp.happened)
        needs.share(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            need=command.need,
            shared_with=command.shared_with,
            consented=consented,
        )
        return needs

    @use_case
    def record_access_met(self, *, command: RecordAccessMet, work: Work) -> AccessNeeds:
        """Say whether a need was met this time."""
        _, needs = self._needing(command.partnership, command.member, work)
        begins = self._occasions.begins(command.partnership, command.session) if command.session else None
        needs.say_met(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            need=command.need,
            met=command.met,
            session=command.session,
            begins=begins,
            confirmed=command.confirmed,
        )
        return needs

    @use_case
    def confirm_access_met(self, *, command: ConfirmAccessMet, work: Work) -> AccessNeeds:
        """Let the person say whether a need was met."""
        _, needs = self._needing(command.partnership, command.member, work)
        needs.confirm(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            need=command.need,
            session=command.session,
            met=command.met,
            who=command.confirmed_by,
        )
        return needs

    @use_case
    def review_access_need(self, *, command: ReviewAccessNeed, work: Work) -> AccessNeeds:
        """Ask whether a need is still so."""
        _, needs = self._needing(command.partnership, command.member, work)
        needs.review(work.stamp, partnership=command.partnership, member=command.member, need=command.need, outcome=command.outcome)
        return needs

    def get_wanted_formats(self, *, query: GetWantedFormats) -> WantedFormats:
        """In which forms a member gets what is written."""
        _, found = self._needing(query.partnership, query.member)
        wanted = dict.fromkeys(need.wanted for need in found.needs.values() if need.wanted and not need.ended)
        return WantedFormats(**dict(query), formats=tuple(wanted))

    def get_access_needs(self, *, query: GetAccessNeeds, context: Context) -> AccessNeedsDetail:
        """What a member needs to take part; words only for those who may read them."""
        _, found = self._needing(query.partnership, query.member)

        def tell(words: Words) -> AccessNeedsDetail:
            return AccessNeedsDetail(
                partnership=query.partnership,
                member=query.member,
                version=found.version,
                needs=tuple(
                    AccessNeedSummary(
                        need=one.id,
                        category=one.category,
                        wanted=one.wanted,
                        words=words(one.words, stream=found.id, field="need") if one.words else None,
                        since=one.since,
                        stage=one.stage,
                        flagged=one.flagged,
                        reviewed=one.reviewed,
                        ended=one.ended,
                        met=one.met,
                        not_met=one.not_met,
                        confirmed=one.confirmed,
                    )
                    for one in found.needs.values()
                ),
            )

        return self.opened(tell, read=opens(context.role, "partnerships.read_access_needs", context.reason))

    def _needing(self, partnership: UUID, member: UUID, work: Work | None = None) -> tuple[Partnership, AccessNeeds]:
        """The partnership with this member on its roll, and what the member needs, at the version the caller saw."""
        found = self.find(Partnership, partnership, field="partnership")
        found.member(member)
        return found, self._needs(member, work)

    def _needs(self, member: UUID, work: Work | None = None) -> AccessNeeds:
        return self.as_it_stands(AccessNeeds, uuid5(member, "access needs"), work=work)


def _sealed_need(command: RecordAccessNeed | RecordIdentifiedNeed, needs: AccessNeeds, work: Work) -> SealedPart | None:
    return work.seal(command.words, subject=command.member, stream=needs.id, field="need") if command.words else None
