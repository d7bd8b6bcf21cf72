"""What makes taking part possible and fair: access, interests, payment, consent, equality, skills."""

from __future__ import annotations

from enum import StrEnum


class InformationFormat(StrEnum):
    """In what form somebody gets what is written (Accessible Information Standard DAPB1605)."""

    standard_print = "standard_print"
    easy_read = "easy_read"
    large_print = "large_print"
    braille = "braille"
    audio = "audio"
    isl_video = "isl_video"
    bsl_video = "bsl_video"
    plain_email = "plain_email"
    post = "post"
    text_message = "text_message"


class InterestType(StrEnum):
    """What kind of interest somebody declares (NHS England 2017; nil: there is none)."""

    financial = "financial"
    non_financial_professional = "non_financial_professional"
    non_financial_personal = "non_financial_personal"
    indirect = "indirect"
    nil = "nil"


class InterestHandling(StrEnum):
    """What is done about an interest for one item of an agenda (NHS England 2017)."""

    noted = "noted"
    papers_withheld = "papers_withheld"
    speaks_then_leaves = "speaks_then_leaves"
    leaves_for_item = "leaves_for_item"
    abstains = "abstains"
    replaced = "replaced"

    @property
    def recuses(self) -> bool:
        """Whether the member counts neither for the quorum of the item nor for its decision."""
        return self in {InterestHandling.speaks_then_leaves, InterestHandling.leaves_for_item, InterestHandling.replaced}


class AccessNeedCategory(StrEnum):
    """What somebody needs to take part (DAPB1605 and practice)."""

    information_format = "information_format"
    communication_support = "communication_support"
    spoken_language = "spoken_language"
    physical_access = "physical_access"
    sensory_environment = "sensory_environment"
    timing_and_breaks = "timing_and_breaks"
    transport = "transport"
    digital_access = "digital_access"
    childcare_or_respite = "childcare_or_respite"
    support_person = "support_person"
    other = "other"


class AccessStage(StrEnum):
    """How far an access need has come (DAPB1605; ours)."""

    identified = "identified"
    recorded = "recorded"
    flagged = "flagged"
    shared = "shared"
    met = "met"
    not_met = "not_met"
    reviewed = "reviewed"


class IdentifiedBy(StrEnum):
    """Who noticed that somebody needs something in order to take part (DAPB1605: the person is asked, or somebody sees it; ours)."""

    member = "member"
    relative_or_carer = "relative_or_carer"
    coordinator = "coordinator"
    host_service = "host_service"


class ConfirmedBy(StrEnum):
    """Who says for the person whether a need of theirs was met (ours)."""

    member = "member"
    on_their_behalf = "on_their_behalf"


class SharedWith(StrEnum):
    """Who has to know of an access need in order to meet it (ours)."""

    chair = "chair"
    facilitator = "facilitator"
    venue = "venue"
    interpreter = "interpreter"
    transport_provider = "transport_provider"
    host_service = "host_service"


class AccessReview(StrEnum):
    """What a review of an access need came to (DAPB1605; ours)."""

    still_needed = "still_needed"
    changed = "changed"
    no_longer_needed = "no_longer_needed"


class PaymentKind(StrEnum):
    """What a payment is for (NIHR; NICE; ours)."""

    involvement_payment = "involvement_payment"
    honorarium = "honorarium"
    voucher = "voucher"
    travel = "travel"
    accommodation = "accommodation"
    subsistence = "subsistence"
    childcare_or_respite = "childcare_or_respite"
    support_person_cost = "support_person_cost"
    data_or_phone = "data_or_phone"
    materials = "materials"

    @property
    def reward(self) -> bool:
        """Paid for taking part; the others give back what somebody spent."""
        return self in {PaymentKind.involvement_payment, PaymentKind.honorarium, PaymentKind.voucher}


class PaymentState(StrEnum):
    """Where a payment stands (ours). Declining is neutral."""

    offered = "offered"
    accepted = "accepted"
    declined = "declined"
    claimed = "claimed"
    approved = "approved"
    paid = "paid"
    rejected = "rejected"


class RejectionReason(StrEnum):
    """Why a claim was not paid (ours)."""

    not_entitled = "not_entitled"
    no_evidence = "no_evidence"
    claimed_twice = "claimed_twice"
    withdrawn_by_claimant = "withdrawn_by_claimant"
    other = "other"


class ConsentPurpose(StrEnum):
    """What somebody consents to, one by one (ours; GDPR articles 6 and 9)."""

    participation = "participation"
    attribution_of_contributions = "attribution_of_contributions"
    naming_in_minutes = "naming_in_minutes"
    photo_audio_video = "photo_audio_video"
    equality_monitoring = "equality_monitoring"
    access_needs_sharing = "access_needs_sharing"
    contact = "contact"
    research_reuse = "research_reuse"
    aggregate_sharing_regional = "aggregate_sharing_regional"
    aggregate_sharing_national = "aggregate_sharing_national"


class ConsentStatus(StrEnum):
    """How a consent stands (FHIR Consent). What was entered in error is corrected by what is said next."""

    active = "active"
    rejected = "rejected"
    withdrawn = "withdrawn"
    expired = "expired"


class ConsentFormat(StrEnum):
    """How a text was explained (DAPB1605; ours)."""

    plain_text = "plain_text"
    easy_read = "easy_read"
    large_print = "large_print"
    braille = "braille"
    audio = "audio"
    spoken = "spoken"
    isl = "isl"
    bsl = "bsl"
    interpreted = "interpreted"


class EqualityGround(StrEnum):
    """On which ground equality is monitored; a country asks some of them (Equal Status Acts and IHREC Act 2014 s.42; Equality Act 2010)."""

    age = "age"
    civil_status = "civil_status"
    disability = "disability"
    family_status = "family_status"
    gender = "gender"
    gender_reassignment = "gender_reassignment"
    marriage_civil_partnership = "marriage_civil_partnership"
    pregnancy_maternity = "pregnancy_maternity"
    race = "race"
    race_ethnicity = "race_ethnicity"
    religion = "religion"
    religion_belief = "religion_belief"
    sex = "sex"
    sexual_orientation = "sexual_orientation"
    socio_economic_status = "socio_economic_status"
    traveller_community = "traveller_community"


class SkillArea(StrEnum):
    """What members bring beside their perspective (nef: assets, capabilities; ours)."""

    peer_support = "peer_support"
    facilitation = "facilitation"
    teaching = "teaching"
    research = "research"
    writing = "writing"
    design = "design"
    digital = "digital"
    languages = "languages"
    finance = "finance"
    policy = "policy"
    creative_arts = "creative_arts"
    other = "other"
