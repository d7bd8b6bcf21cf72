"""Each member's consents, interests and skills, by the verbs of those who keep them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from contracts.errors import Unavailable
from contracts.model import Command, SealedPart
from contracts.partnerships import (
    ConfirmInterests,
    ConsentSummary,
    DeclareInterest,
    EndInterest,
    GetInterestsRegister,
    GetParticipation,
    GrantConsent,
    InterestsRegister,
    InterestSummary,
    OfferSkill,
    ParticipationDetail,
    RefuseConsent,
    RegisterEntry,
    SkillSummary,
    UseSkill,
    WithdrawConsent,
)
from contracts.permissions import opens
from contracts.vocabulary import ClockKind, ConsentPurpose, EntryKind, MembershipStatus, TimeUnit
from services.partnerships.application.hall import Hall
from services.partnerships.domain import EqualityAnswers, Participation, Partnership
from services.partnerships.domain.roll import HERE
from services.partnerships.views import Expiring
from shared.application import Aggregate, Words, Work, making, use_case
from shared.context import Context
from shared.forgetting import acting_for


class _LetGo(Command):
    """End what there is of a membership, because the consent to it was for a time; made from the facts, never sent by anybody."""

    partnership: UUID
    member: UUID


class Participating(Hall):
    """The verbs about what one member takes part with. The words are sealed under the member's own key."""

    _expiring: Expiring

    @use_case
    def grant_consent(self, *, command: GrantConsent, work: Work) -> Participation:
        """Let a member consent to one purpose."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        partnership.must_be_open()
        partnership.must_not_be_over(command.member, work.stamp.happened)
        if command.purpose is ConsentPurpose.equality_monitoring and not participation.consents_to(command.purpose, work.stamp.happened):
            self._must_have_forgotten_answers(command.member)
        participation.grant_consent(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            purpose=command.purpose,
            text=command.text,
            explained=command.explained,
            until=command.until,
        )
        return participation

    @use_case
    def refuse_consent(self, *, command: RefuseConsent, work: Work) -> Sequence[Aggregate]:
        """Take a no; who does not consent to participation takes no part."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        refused = participation.refuse_consent(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            purpose=command.purpose,
            text=command.text,
            explained=command.explained,
        )
        if refused and command.purpose is ConsentPurpose.participation:
            partnership.let_go(work.stamp, member=command.member)
        return [partnership, participation]

    @use_case
    def withdraw_consent(self, *, command: WithdrawConsent, work: Work) -> Sequence[Aggregate]:
        """Withdraw a consent; without consent to participation the membership ends with it."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        withdrawn = participation.withdraw_consent(
            work.stamp, partnership=command.partnership, member=command.member, purpose=command.purpose
        )
        if withdrawn and command.purpose is ConsentPurpose.participation:
            partnership.let_go(work.stamp, member=command.member)
        return [partnership, participation]

    def tend(self) -> None:
        """Let those go who consented to taking part until a day that has come, as of that day (domain 6.8, ConsentStatus; ours)."""
        super().tend()
        for given in self._expiring.expired(self.clock()):
            partnership = self.find(Partnership, given.partnership)
            member = partnership.member(given.member)
            if given.until is None or member.status() is MembershipStatus.ended:
                continue  # the view is behind
            came = member.last(EntryKind.joined) or member.last(EntryKind.nominated, EntryKind.invited)
            # Whoever joined, or was put forward, when their consent had expired goes as of then.
            when = max(given.until, came.at) if came else given.until
            # If we die before it is stored, whoever tends next does it, with the same date; once it is, nobody finds a member here.
            self._let_go(
                command=_LetGo(partnership=partnership.id, member=member.id, happened=when),
                context=acting_for(given, f"expired at {partnership.version}"),
            )

    @use_case
    def _let_go(self, *, command: _LetGo, work: Work) -> Partnership:
        partnership = self._partnership(command)
        partnership.let_go(work.stamp, member=command.member)
        return partnership

    @making("declaration")
    def declare_interest(self, *, command: DeclareInterest, work: Work) -> Participation:
        """Put an interest of a member on the register, or that there is none."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        partnership.must_be_open()
        partnership.must_not_be_over(command.member, work.stamp.happened)
        participation.declare_interest(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            interest=work.id_for("declaration"),
            kind=command.interest,
            words=self._sealed(command.words, participation, command.member, "interest", work),
            arose=work.at(command.arose).happened if command.arose else None,
            within=timedelta(days=self.country.within(ClockKind.interest_declared, TimeUnit.days)),
        )
        return participation

    @use_case
    def confirm_interests(self, *, command: ConfirmInterests, work: Work) -> Participation:
        """Renew what a member declared."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        partnership.must_be_open()
        partnership.must_not_be_over(command.member, work.stamp.happened)
        participation.confirm_interests(work.stamp, partnership=command.partnership, member=command.member)
        return participation

    @use_case
    def end_interest(self, *, command: EndInterest, work: Work) -> Participation:
        """Let an interest have ended."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        partnership.must_be_open()
        participation.end_interest(work.stamp, partnership=command.partnership, member=command.member, interest=command.declaration)
        return participation

    @making("skill")
    def offer_skill(self, *, command: OfferSkill, work: Work) -> Participation:
        """Say what a member brings."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        partnership.must_be_open()
        partnership.must_not_be_over(command.member, work.stamp.happened)
        participation.offer_skill(
            work.stamp,
            partnership=command.partnership,
            member=command.member,
            skill=work.id_for("skill"),
            area=command.area,
            words=self._sealed(command.words, participation, command.member, "skill", work),
        )
        return participation

    @use_case
    def use_skill(self, *, command: UseSkill, work: Work) -> Participation:
        """Say that what a member offered was made use of."""
        partnership, participation = self._taking_part(command.partnership, command.member, work)
        partnership.must_be_open()
        partnership.must_not_be_over(command.member, work.stamp.happened)
        participation.use_skill(work.stamp, partnership=command.partnership, member=command.member, skill=command.skill)
        return participation

    def get_participation(self, *, query: GetParticipation, context: Context) -> ParticipationDetail:
        """What a member has consented to, declared and offered; words only for those who may read them."""
        _, participation = self._taking_part(query.partnership, query.member)
        now = self.clock()

        def tell(words: Words) -> ParticipationDetail:
            return ParticipationDetail(
                partnership=query.partnership,
                member=query.member,
                version=participation.version,
                consents=tuple(
                    ConsentSummary(
                        purpose=one.purpose,
                        text=one.text,
                        explained=one.explained,
                        granted=one.granted,
                        withdrawn=one.withdrawn,
                        until=one.until,
                        status=one.status(now),
                    )
                    for one in participation.consents.values()
                ),
                declared=participation.declared,
                renewal_due=self.renewal_due(participation),
                interests=_interests(participation, words),
                skills=tuple(
                    SkillSummary(
                        skill=one.id,
                        area=one.area,
                        words=words(one.words, stream=participation.id, field="skill") if one.words else None,
                        offered=one.offered,
                        used=one.used,
                    )
                    for one in participation.skills.values()
                ),
            )

        return self.opened(tell, read=opens(context.role, "partnerships.read_declarations", context.reason))

    def get_interests_register(self, *, query: GetInterestsRegister, context: Context) -> InterestsRegister:
        """What the members of a partnership declared, and whose declaration is to be renewed."""
        partnership = self._partnership(query)
        here = [member.id for member in partnership.members.values() if member.status() in HERE]
        taking_part = {member: self._participation(member) for member in here}

        def tell(words: Words) -> InterestsRegister:
            entries = (self._entry(member, found, words) for member, found in taking_part.items())
            return InterestsRegister(partnership=query.partnership, entries=tuple(entries))

        return self.opened(tell, read=opens(context.role, "partnerships.read_declarations", context.reason))

    def renewal_due(self, participation: Participation) -> datetime | None:
        """By when a member is to declare their interests anew, in the country of the region."""
        return participation.renewal_due(self.country.within(ClockKind.interests_renewed, TimeUnit.months))

    def _entry(self, member: UUID, participation: Participation, words: Words) -> RegisterEntry:
        due = self.renewal_due(participation)
        return RegisterEntry(
            member=member,
            declared=participation.declared,
            renewal_due=due,
            current=due is not None and self.clock() <= due,
            interests=_interests(participation, words),
        )

    def _taking_part(self, partnership: UUID, member: UUID, work: Work | None = None) -> tuple[Partnership, Participation]:
        """The partnership with this member on its roll, and what the member takes part with, at the version the caller saw."""
        found = self.find(Partnership, partnership, field="partnership")
        found.member(member)
        return found, self._participation(member, work)

    def _participation(self, member: UUID, work: Work | None = None) -> Participation:
        return self.as_it_stands(Participation, uuid5(member, "participation"), work=work)

    def _must_have_forgotten_answers(self, member: UUID) -> None:
        if self._answers(member).parts:
            raise Unavailable("answers_being_destroyed", "What was answered before the withdrawal is still being destroyed; try again.")

    def _answers(self, member: UUID) -> EqualityAnswers:
        return self.as_it_stands(EqualityAnswers, self._pseudonym(member))

    def _pseudonym(self, member: UUID) -> UUID:
        """Under which a member answers about equality: only the master key makes it from the member's id."""
        return self.sealer.subject_of("equality", str(member))

    def _sealed(self, words: str | None, participation: Participation, member: UUID, field: str, work: Work) -> SealedPart | None:
        return work.seal(words, subject=member, stream=participation.id, field=field) if words else None


def _interests(participation: Participation, words: Words) -> tuple[InterestSummary, ...]:
    return tuple(
        InterestSummary(
            declaration=one.id,
            interest=one.kind,
            words=words(one.words, stream=participation.id, field="interest") if one.words else None,
            declared=one.declared,
            late=one.late,
            ended=one.ended,
        )
        for one in participation.interests.values()
    )
