"""That somebody is forgotten in every service: asked for, done here, complete when all have said so."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from contracts.errors import NotFound
from contracts.forgetting import CompleteErasure, Forget, Kept
from contracts.partnerships import (
    ErasureReport,
    ExpenseClaimed,
    GetErasure,
    MemberJoined,
    MemberNominated,
    PaymentMade,
    RequestErasure,
)
from contracts.vocabulary import KeptReason, KeptRecord
from services.partnerships.application.hall import Hall
from services.partnerships.domain import Erasure, Partnership
from services.partnerships.domain.participation import months_after
from services.partnerships.views import Erasures
from shared.application import Aggregate, Work, use_case
from shared.forgetting import acting_for


class Erasing(Hall):
    """The verbs about a person's erasure, and what this service forgets and keeps."""

    _erasures: Erasures
    _backup_days: int

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

    def kept(self, member: UUID) -> Sequence[Kept]:
        """What happened stays, for the figures rest on it; who it was cannot be told from it any more.

        Records of payments are kept because the law says so, for as long as it does in the country after the last of them.
        """
        facts = Kept(record=KeptRecord.facts_under_pseudonym, reason=KeptReason.public_task, until=None)
        paid = [fact.happened for fact in self.facts_about(member) if isinstance(fact, (ExpenseClaimed, PaymentMade))]
        if not paid:
            return (facts,)
        until = months_after(max(paid).astimezone(self.zone).date(), 12 * self.country.payments_kept_years)
        return (facts, Kept(record=KeptRecord.payments, reason=KeptReason.legal_obligation, until=until))

    def erasure_of(self, command: Forget) -> Erasure:
        """The erasure as it was asked for here."""
        return self.find(Erasure, command.erasure)

    def _erasure(self, member: UUID) -> Erasure:
        return self.as_it_stands(Erasure, uuid5(member, "erasure"))
