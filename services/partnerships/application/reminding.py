"""What is due in a partnership, as somebody with little time asks for it: one list, made when it is asked for, stored nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from contracts.countries import CountryProfile
from contracts.partnerships import DueItem, DueList, GetDue, PaymentSummary
from contracts.vocabulary import AccessStage, ClockKind, ConsentPurpose, ConsentStatus, DueKind, PartnershipOffice, PaymentState, TimeUnit
from services.partnerships.application.easing import Easing
from services.partnerships.application.monitoring import MonitoringEquality
from services.partnerships.application.paying import Paying
from services.partnerships.domain import AccessNeeds, Member, Participation, Partnership
from services.partnerships.domain.participation import months_after
from services.partnerships.domain.roll import HERE
from shared.days import Jurisdiction

_PAGE = 200
_PAYING = {PaymentState.claimed: DueKind.payment_to_approve, PaymentState.approved: DueKind.payment_to_make}


@dataclass(frozen=True)
class _Reminder:
    """What is due of the things of one partnership, by the days and clocks of its country."""

    now: datetime
    days: Jurisdiction
    country: CountryProfile

    def of_member(self, member: Member, participation: Participation, needs: AccessNeeds) -> Iterator[DueItem]:
        """Consents, interests and access needs."""
        joined = member.joined or self.now
        taking_part = participation.consents.get(ConsentPurpose.participation)
        if not participation.consents_to(ConsentPurpose.participation, self.now):
            since = taking_part.until if taking_part and taking_part.status(self.now) is ConsentStatus.expired else None
            yield self._item(DueKind.consent_to_ask, member, since or joined, purpose=ConsentPurpose.participation)
        for consent in participation.consents.values():
            if consent.until and consent.status(self.now) is ConsentStatus.active:
                yield self._item(DueKind.consent_expiring, member, consent.until, purpose=consent.purpose)
        if renewal := participation.renewal_due(self.country.within(ClockKind.interests_renewed, TimeUnit.months)):
            yield self._item(DueKind.interests_to_renew, member, renewal)
        else:
            within = timedelta(days=self.country.within(ClockKind.interest_declared, TimeUnit.days))
            yield self._item(DueKind.interests_to_declare, member, joined + within)
        for need in needs.needs.values():
            if not need.ended:
                since, clock = need.reviewed or need.since, self.country.within(ClockKind.access_need_reviewed, TimeUnit.months)
                # What was only identified waits for the person to say what it is.
                due = since if need.stage is AccessStage.identified else months_after(since, clock)
                yield self._item(DueKind.access_need_to_review, member, due, thing=need.id)

    def of_offices(self, partnership: Partnership) -> Iterator[DueItem]:
        """Terms that end, or ended without anybody following."""
        for office in PartnershipOffice:
            for held in partnership.roll.held(office):
                if held.until:
                    yield self._item(DueKind.term_ending, partnership.members[held.member], held.until, office=office)

    def of_payment(self, payment: PaymentSummary) -> DueItem:
        """A claim, to be approved and paid within the working days of the country."""
        due = self.days.working_day(
            self.days.day(payment.claimed or payment.since), self.country.within(ClockKind.payment_made, TimeUnit.working_days)
        )
        return DueItem(kind=_PAYING[payment.state], member=payment.member, due=due, overdue=due < self.today, thing=payment.id)

    @property
    def today(self) -> date:
        return self.days.day(self.now)

    def _item(self, kind: DueKind, member: Member, due: datetime, **what: Any) -> DueItem:
        day = self.days.day(due)
        return DueItem(kind=kind, member=member.id, due=day, overdue=day < self.today, **what)


class Reminding(Easing, MonitoringEquality, Paying):
    """The question of what is due."""

    def get_due(self, *, query: GetDue) -> DueList:
        """What is due, or will be soon, the most urgent first."""
        partnership = self._partnership(query)
        reminder = _Reminder(self.clock(), Jurisdiction(self.country.country, self.zone), self.country)
        horizon = reminder.today + timedelta(days=query.within)
        items = sorted((item for item in self._due(partnership, reminder) if item.due <= horizon), key=lambda item: (item.due, item.kind))
        return DueList(partnership=query.partnership, today=reminder.today, items=tuple(items))

    def _due(self, partnership: Partnership, reminder: _Reminder) -> Iterator[DueItem]:
        for member in partnership.members.values():
            if member.status() in HERE:
                yield from reminder.of_member(member, self._participation(member.id), self._needs(member.id))
        yield from reminder.of_offices(partnership)
        for state in _PAYING:
            after: str | None = None
            while True:
                page = self._payments.page({"partnership": partnership.id, "state": state}, after=after, limit=_PAGE)
                yield from map(reminder.of_payment, page.items)
                if (after := page.next) is None:
                    break
