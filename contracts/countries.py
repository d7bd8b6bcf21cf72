"""What differs from country to country, as data: money, clocks, what is asked about equality, how long records of payments are kept.

Public holidays come from a library by the same code (ISO 3166). What a country asks and pays is what a region there begins with.
"""

from __future__ import annotations

from decimal import Decimal

from contracts.model import Amount, Answer, Code, Contract, Count, Currency, Query
from contracts.vocabulary import ClockKind, EqualityGround, PaymentKind, TimeUnit

PREFER_NOT_TO_SAY, NOT_ASKED = "prefer_not_to_say", "not_asked"
"""What may be answered on every ground."""


class EqualityQuestion(Contract):
    """What may be answered on one ground, besides `prefer_not_to_say` and `not_asked`."""

    ground: EqualityGround
    answers: tuple[Code, ...]


class ClockRule(Contract):
    """Within how long something has to be done."""

    clock: ClockKind
    within: Count
    unit: TimeUnit


class UsualRate(Contract):
    """What is usually paid there for one thing; a partnership's own rate card decides."""

    kind: PaymentKind
    amount: Amount


class GetCountry(Query):
    """What holds in the country of the region."""


class CountryProfile(Answer):
    """What holds in a country. `payments_kept_years`: for how long the law has records of payments kept after the last of them."""

    country: Code
    currency: Currency
    payments_kept_years: Count
    usual_rates: tuple[UsualRate, ...]
    equality: tuple[EqualityQuestion, ...]
    clocks: tuple[ClockRule, ...]

    def within(self, clock: ClockKind, unit: TimeUnit) -> int:
        """How many of these units something may take; raises LookupError where no law or rule says so in this unit."""
        for one in self.clocks:
            if (one.clock, one.unit) == (clock, unit):
                return one.within
        raise LookupError(f"nothing says how many {unit} {clock} may take in {self.country}")

    def answers(self, ground: EqualityGround) -> tuple[str, ...]:
        """What may be answered on a ground; nothing where it is not asked."""
        found = next((one.answers for one in self.equality if one.ground is ground), None)
        return (*found, PREFER_NOT_TO_SAY, NOT_ASKED) if found else ()


_AGES = ("under_18", "18_24", "25_34", "35_44", "45_54", "55_64", "65_74", "75_and_over")
_ORIENTATIONS = ("heterosexual", "gay_or_lesbian", "bisexual", "another")
_YES_NO = ("yes", "no")
_OURS = (
    ClockRule(clock=ClockKind.feedback_answered, within=10, unit=TimeUnit.working_days),
    ClockRule(clock=ClockKind.interest_declared, within=28, unit=TimeUnit.days),
    ClockRule(clock=ClockKind.interests_renewed, within=12, unit=TimeUnit.months),
    ClockRule(clock=ClockKind.payment_made, within=20, unit=TimeUnit.working_days),
    ClockRule(clock=ClockKind.access_need_reviewed, within=12, unit=TimeUnit.months),
)


def _asked(**questions: tuple[str, ...]) -> tuple[EqualityQuestion, ...]:
    return tuple(EqualityQuestion(ground=EqualityGround(ground), answers=answers) for ground, answers in questions.items())


_IE = CountryProfile(
    country="IE",
    currency="EUR",
    payments_kept_years=6,  # Taxes Consolidation Act 1997, s. 886
    usual_rates=(UsualRate(kind=PaymentKind.involvement_payment, amount=Decimal("75.00")),),
    # Equal Status Acts 2000-2018, nine grounds, and socio-economic status (domain 6.8, equality grounds).
    equality=_asked(
        gender=("woman", "man", "non_binary", "another"),
        civil_status=("single", "married", "civil_partnership", "separated", "divorced", "widowed"),
        family_status=("parent", "carer", "parent_and_carer", "neither"),
        age=_AGES,
        disability=_YES_NO,
        sexual_orientation=_ORIENTATIONS,
        race_ethnicity=("white_irish", "other_white", "black_or_black_irish", "asian_or_asian_irish", "roma", "mixed", "another"),
        religion=("roman_catholic", "church_of_ireland", "other_christian", "muslim", "hindu", "jewish", "another", "none"),
        traveller_community=_YES_NO,
        socio_economic_status=("makes_ends_meet_easily", "makes_ends_meet", "hardly_makes_ends_meet"),
    ),
    clocks=(
        # Your Service Your Say (domain 5.4, complaints).
        ClockRule(clock=ClockKind.complaint_settled_at_first, within=2, unit=TimeUnit.working_days),
        ClockRule(clock=ClockKind.complaint_acknowledged, within=5, unit=TimeUnit.working_days),
        ClockRule(clock=ClockKind.complaint_reported, within=30, unit=TimeUnit.working_days),
        ClockRule(clock=ClockKind.complaint_updated, within=20, unit=TimeUnit.working_days),
        ClockRule(clock=ClockKind.review_requested, within=30, unit=TimeUnit.working_days),
        ClockRule(clock=ClockKind.review_done, within=20, unit=TimeUnit.working_days),
        *_OURS,
    ),
)
_GB = CountryProfile(
    country="GB",
    currency="GBP",
    payments_kept_years=6,  # Companies Act 2006 and HMRC: six years from the end of the financial year
    usual_rates=(UsualRate(kind=PaymentKind.involvement_payment, amount=Decimal("75.00")),),  # NICE, lay members, half a day
    # Equality Act 2010, nine protected characteristics (domain 6.8, equality grounds).
    equality=_asked(
        age=_AGES,
        disability=_YES_NO,
        gender_reassignment=_YES_NO,
        marriage_civil_partnership=("married", "civil_partnership", "neither"),
        pregnancy_maternity=_YES_NO,
        race=("asian", "black", "mixed", "white", "another"),
        religion_belief=("christian", "muslim", "hindu", "sikh", "jewish", "buddhist", "another", "none"),
        sex=("female", "male"),
        sexual_orientation=_ORIENTATIONS,
    ),
    clocks=(
        # NHS complaints regulations 2009 (domain 5.4, complaints).
        ClockRule(clock=ClockKind.complaint_made, within=12, unit=TimeUnit.months),
        ClockRule(clock=ClockKind.complaint_acknowledged, within=3, unit=TimeUnit.working_days),
        ClockRule(clock=ClockKind.complaint_reported, within=6, unit=TimeUnit.months),
        *_OURS,
    ),
)
COUNTRIES = {profile.country: profile for profile in (_IE, _GB)}
"""The countries that are known, by their code."""
