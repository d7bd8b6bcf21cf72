"""The words of the domain as closed lists: values are stable and never reused; labels for people come from locale files.

Each list names its source: N Norton 2019 and Makey, Walsh & Salih 2022; HSE; TLAP; CO Care Opinion; D Decidim; L Loomio;
DHIS2; YSYS "Your Service Your Say"; ours where nothing stood before.
"""

from __future__ import annotations

from enum import StrEnum


class SystemRole(StrEnum):
    """What a user of the system is trusted with (ours)."""

    regional_operator = "regional_operator"
    partnership_coordinator = "partnership_coordinator"
    member = "member"
    responder = "responder"
    finance_officer = "finance_officer"
    access_coordinator = "access_coordinator"
    complaints_officer = "complaints_officer"
    regional_approver = "regional_approver"
    national_aggregator = "national_aggregator"
    governance_auditor = "governance_auditor"
    data_protection_officer = "data_protection_officer"


class AccessReason(StrEnum):
    """Why somebody opens sealed words whose role alone does not give it (ours; GDPR articles 15 and 39, IHE BALP purpose of use)."""

    subject_request = "subject_request"
    complaint = "complaint"
    audit = "audit"
    incident_review = "incident_review"
    safeguarding = "safeguarding"
    legal_obligation = "legal_obligation"


class ErasureBasis(StrEnum):
    """On what ground somebody is forgotten (GDPR article 17, paragraph 1, points a to e)."""

    no_longer_necessary = "no_longer_necessary"
    consent_withdrawn = "consent_withdrawn"
    objection = "objection"
    unlawful_processing = "unlawful_processing"
    legal_obligation = "legal_obligation"


class ErasureScope(StrEnum):
    """How much of somebody is forgotten (ours)."""

    everything_sealed = "everything_sealed"


class KeptRecord(StrEnum):
    """What an erasure does not reach (ours)."""

    facts_under_pseudonym = "facts_under_pseudonym"
    payments = "payments"


class KeptReason(StrEnum):
    """Why something is kept in spite of an erasure (GDPR article 17, paragraph 3)."""

    public_task = "public_task"
    statistics = "statistics"
    legal_obligation = "legal_obligation"
    legal_claims = "legal_claims"


class SettingType(StrEnum):
    """Where a partnership works (Makey et al.; HSE)."""

    community_mental_health_team = "community_mental_health_team"
    acute_inpatient_unit = "acute_inpatient_unit"
    day_hospital = "day_hospital"
    rehabilitation = "rehabilitation"
    camhs = "camhs"
    psychiatry_of_later_life = "psychiatry_of_later_life"
    home_treatment_team = "home_treatment_team"
    recovery_education = "recovery_education"
    primary_care = "primary_care"
    social_care = "social_care"
    residential = "residential"
    forensic = "forensic"
    research = "research"
    higher_education = "higher_education"
    policy = "policy"
    other = "other"


class OrgUnitLevel(StrEnum):
    """How high a unit stands, from the nation down (HSE; an area is an integrated healthcare area or an ICB place)."""

    national = "national"
    region = "region"
    area = "area"
    service = "service"
    partnership = "partnership"

    @property
    def depth(self) -> int:
        """From 0, the nation, down."""
        return list(OrgUnitLevel).index(self)


class OrgUnitEntryKind(StrEnum):
    """What is on the register about a unit (ours)."""

    opened = "opened"
    renamed = "renamed"
    moved = "moved"
    ended = "ended"


class CoproductionLevel(StrEnum):
    """From a person's own care to strategy (TLAP; Norton)."""

    individual_care = "individual_care"
    service_improvement = "service_improvement"
    organisational = "organisational"
    strategic = "strategic"


class ParticipantRole(StrEnum):
    """What somebody is in the service, apart from the side they take part on (Norton; Makey et al.; HSE; CO)."""

    service_user = "service_user"
    family_member = "family_member"
    carer = "carer"
    supporter = "supporter"
    advocate = "advocate"
    peer_support_worker = "peer_support_worker"
    family_peer_support_worker = "family_peer_support_worker"
    recovery_education_facilitator = "recovery_education_facilitator"
    service_provider = "service_provider"
    service_manager = "service_manager"
    clinical_lead = "clinical_lead"
    area_lead_engagement = "area_lead_engagement"
    vcse_representative = "vcse_representative"
    community_member = "community_member"
    researcher = "researcher"
    educator = "educator"
    student = "student"
    facilitator = "facilitator"
    access_supporter = "access_supporter"
    observer = "observer"


class Perspective(StrEnum):
    """The side from which a member takes part in this partnership (ours)."""

    lived_experience_self = "lived_experience_self"
    lived_experience_family_carer = "lived_experience_family_carer"
    lived_experience_employed = "lived_experience_employed"
    professional = "professional"
    leadership = "leadership"
    community = "community"
    independent = "independent"

    @property
    def side(self) -> Side:
        """The group compared in parity indicators; employed lived experience stands beside both, never silently inside one."""
        return _SIDES[self]


class Side(StrEnum):
    """The groups between which power is compared (ours)."""

    lived_experience = "lived_experience"
    employed = "employed"
    provider = "provider"
    other = "other"


_SIDES = {
    Perspective.lived_experience_self: Side.lived_experience,
    Perspective.lived_experience_family_carer: Side.lived_experience,
    Perspective.lived_experience_employed: Side.employed,
    Perspective.professional: Side.provider,
    Perspective.leadership: Side.provider,
    Perspective.community: Side.other,
    Perspective.independent: Side.other,
}


class PartnershipStatus(StrEnum):
    """How far a partnership has come (D, closing reasons; ours)."""

    proposed = "proposed"
    forming = "forming"
    active = "active"
    paused = "paused"
    closed = "closed"


class CompositionShortfall(StrEnum):
    """In what a partnership's membership falls short of its rule (ours)."""

    lived_experience = "lived_experience"
    provider = "provider"
    lived_share = "lived_share"


class PauseReason(StrEnum):
    """Why a partnership rests for a while (ours)."""

    no_quorum = "no_quorum"
    co_chair_missing = "co_chair_missing"
    agreed_break = "agreed_break"
    funding = "funding"
    staffing = "staffing"
    reorganisation = "reorganisation"
    emergency = "emergency"
    other = "other"


class ClosureReason(StrEnum):
    """Why a partnership ended (D; ours)."""

    purpose_achieved = "purpose_achieved"
    merged = "merged"
    no_quorum_for_period = "no_quorum_for_period"
    funding_ended = "funding_ended"
    reorganised = "reorganised"
    other = "other"


class MembershipStatus(StrEnum):
    """How far somebody has come in a partnership (ours). Whoever is on leave keeps their place."""

    nominated = "nominated"
    invited = "invited"
    joined = "joined"
    on_leave = "on_leave"
    ended = "ended"


class SelectionMethod(StrEnum):
    """How members were found (HSE; ours)."""

    open_call = "open_call"
    nomination = "nomination"
    election = "election"
    stratified_selection = "stratified_selection"
    ex_officio = "ex_officio"
    co_option = "co_option"


class NominationEnd(StrEnum):
    """Why a nomination came to no membership (ours)."""

    declined = "declined"
    not_selected = "not_selected"
    withdrawn = "withdrawn"


class PartnershipOffice(StrEnum):
    """What somebody does for a partnership, apart from the side they are on (ours)."""

    co_chair_lived_experience = "co_chair_lived_experience"
    co_chair_provider = "co_chair_provider"
    chair = "chair"
    secretary = "secretary"
    facilitator = "facilitator"
    member = "member"


class EntryKind(StrEnum):
    """What is on the roll of a partnership about a member (ours)."""

    nominated = "nominated"
    invited = "invited"
    nomination_ended = "nomination_ended"
    joined = "joined"
    leave_begun = "leave_begun"
    leave_ended = "leave_ended"
    perspective = "perspective"
    office_taken = "office_taken"
    office_left = "office_left"
    ended = "ended"


class MembershipEndReason(StrEnum):
    """Why a membership ended; health details are never asked for (ours). All but the first two count as withdrawal."""

    end_of_term = "end_of_term"
    role_completed = "role_completed"
    moved_away = "moved_away"
    health = "health"
    time_or_caring = "time_or_caring"
    access_not_met = "access_not_met"
    payment_problem = "payment_problem"
    not_heard = "not_heard"
    conflict = "conflict"
    consent_withdrawn = "consent_withdrawn"
    removed_by_rule = "removed_by_rule"
    deceased = "deceased"
    not_stated = "not_stated"


class SessionKind(StrEnum):
    """What kind of meeting it is (HSE; ours)."""

    induction = "induction"
    partnership_meeting = "partnership_meeting"
    working_group = "working_group"
    co_design_workshop = "co_design_workshop"
    trialogue = "trialogue"
    listening_session = "listening_session"
    focus_group = "focus_group"
    world_cafe = "world_cafe"
    training = "training"
    recovery_education = "recovery_education"
    recruitment_panel = "recruitment_panel"
    walk_round = "walk_round"
    reflective_review = "reflective_review"
    asynchronous_decision = "asynchronous_decision"


class SessionMode(StrEnum):
    """How people meet (ours)."""

    in_person = "in_person"
    online = "online"
    hybrid = "hybrid"
    asynchronous = "asynchronous"


class SessionStatus(StrEnum):
    """How far a session has come (ours)."""

    planned = "planned"
    published = "published"
    held = "held"
    cancelled = "cancelled"
    minutes_drafted = "minutes_drafted"
    minutes_agreed = "minutes_agreed"


class CancellationReason(StrEnum):
    """Why a session did not take place (ours)."""

    no_quorum = "no_quorum"
    access_not_possible = "access_not_possible"
    illness = "illness"
    weather = "weather"
    venue = "venue"
    other = "other"


class AttendanceStatus(StrEnum):
    """Whether somebody who was invited came (ours). `attended_part` means half of the session or more."""

    apologies = "apologies"
    attended = "attended"
    attended_part = "attended_part"
    absent = "absent"

    @property
    def counts(self) -> bool:
        """Whether the person filled a seat."""
        return self in {AttendanceStatus.attended, AttendanceStatus.attended_part}


class InvitationAnswer(StrEnum):
    """What somebody who was invited says beforehand (ours)."""

    accepted = "accepted"
    apologies = "apologies"


class Recurrence(StrEnum):
    """How sessions follow one another, by the clock on the wall (RFC 5545 §3.3.10)."""

    weekly = "weekly"
    fortnightly = "fortnightly"
    monthly_by_date = "monthly_by_date"
    monthly_by_weekday = "monthly_by_weekday"


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


class AgendaItemOrigin(StrEnum):
    """How an item came on the agenda (ours)."""

    raised_by_member = "raised_by_member"
    standing = "standing"
    feedback_theme = "feedback_theme"
    action_review = "action_review"
    imposed_by_organisation = "imposed_by_organisation"


class ContributionKind(StrEnum):
    """How somebody contributed (ours)."""

    spoken = "spoken"
    written = "written"
    visual = "visual"
    proxy = "proxy"
    lived_experience_account = "lived_experience_account"


class DecisionMethod(StrEnum):
    """How a group decides (L, templates; common practice)."""

    consensus = "consensus"
    consent = "consent"
    advice = "advice"
    majority = "majority"
    supermajority = "supermajority"
    double_majority = "double_majority"
    gradients_of_agreement = "gradients_of_agreement"
    ranked_choice = "ranked_choice"
    dot_vote = "dot_vote"
    delegated = "delegated"
    sense_check = "sense_check"


class DecisionOutcome(StrEnum):
    """What became of a proposal (L; ours)."""

    adopted = "adopted"
    adopted_with_amendment = "adopted_with_amendment"
    not_adopted = "not_adopted"
    deferred = "deferred"
    referred = "referred"
    withdrawn = "withdrawn"
    lapsed_no_quorum = "lapsed_no_quorum"

    @property
    def adopted_at_all(self) -> bool:
        """Whether the proposal holds, as it was or amended."""
        return self in {DecisionOutcome.adopted, DecisionOutcome.adopted_with_amendment}


class BindingForce(StrEnum):
    """How far a decision binds, stated before the item opens: it tells co-production from consultation (ours)."""

    binding = "binding"
    recommendation = "recommendation"
    advisory = "advisory"


class Position(StrEnum):
    """What a member expresses on a proposal; each method knows its own (L; D; Kaner, gradients of agreement; ours: `chosen`)."""

    consent = "consent"
    objection = "objection"
    abstain = "abstain"
    agree = "agree"
    stand_aside = "stand_aside"
    disagree = "disagree"
    block = "block"
    in_favour = "for"
    against = "against"
    endorse = "endorse"
    agree_with_minor_points = "agree_with_minor_points"
    support_with_reservations = "support_with_reservations"
    more_discussion = "more_discussion"
    dislike_but_support = "dislike_but_support"
    serious_disagreement = "serious_disagreement"
    veto = "veto"
    chosen = "chosen"


class ObjectionState(StrEnum):
    """What became of a reasoned statement that adopting a proposal would do harm or fail its aim (sociocracy; ours)."""

    raised = "raised"
    under_discussion = "under_discussion"
    integrated = "integrated"
    withdrawn_by_objector = "withdrawn_by_objector"
    ruled_preference = "ruled_preference"
    standing = "standing"

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self in {ObjectionState.raised, ObjectionState.under_discussion}

    @property
    def stops(self) -> bool:
        """Whether nothing is adopted by consent over it."""
        return self.open or self is ObjectionState.standing


class DecisionRecord(StrEnum):
    """What a closed decision rests on: positions given one by one, or the sum of each side told afterwards (ours)."""

    positions = "positions"
    summary = "summary"


class OwnerSide(StrEnum):
    """Who carries an action (ours)."""

    lived_experience = "lived_experience"
    provider = "provider"
    joint = "joint"


class ActionState(StrEnum):
    """Whether an action was done or cancelled, or neither; how far it is tells its stage."""

    agreed = "agreed"
    completed = "completed"
    cancelled = "cancelled"


class ActionStage(StrEnum):
    """Where an action stands (FHIR Task.status, by our words); overdue is derived, never stored."""

    proposed = "proposed"
    agreed = "agreed"
    in_progress = "in_progress"
    blocked = "blocked"
    completed = "completed"
    cancelled = "cancelled"
    handed_over = "handed_over"

    @property
    def open(self) -> bool:
        """Whether somebody is still to do it."""
        return self in {ActionStage.agreed, ActionStage.in_progress, ActionStage.blocked}

    @property
    def state(self) -> ActionState:
        """The same, told more shortly."""
        return ActionState(self) if self in {ActionStage.completed, ActionStage.cancelled} else ActionState.agreed


class BlockingReason(StrEnum):
    """Why an action cannot go on (ours; FHIR Task.statusReason)."""

    waiting_for_decision = "waiting_for_decision"
    waiting_for_others = "waiting_for_others"
    no_money = "no_money"
    no_staff = "no_staff"
    access_not_met = "access_not_met"
    owner_away = "owner_away"
    rules = "rules"
    other = "other"


class Receiver(StrEnum):
    """To whom an action is handed over (ours)."""

    lived_experience = "lived_experience"
    provider = "provider"
    joint = "joint"
    another_partnership = "another_partnership"
    another_service = "another_service"


class EvidenceKind(StrEnum):
    """What shows that something was done (ours)."""

    document = "document"
    service_change = "service_change"
    data = "data"
    statement_by_beneficiary = "statement_by_beneficiary"


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


class CommissioningStage(StrEnum):
    """Where in the making of a service the work lies (ours)."""

    co_planning = "co_planning"
    co_design = "co_design"
    co_commissioning = "co_commissioning"
    co_delivery = "co_delivery"
    co_evaluation = "co_evaluation"


class LegalBasis(StrEnum):
    """Which duty the work answers to (domain: duties that become data)."""

    public_involvement_duty = "public_involvement_duty"
    equality_duty = "equality_duty"
    human_rights_duty = "human_rights_duty"
    accessible_information = "accessible_information"
    local_policy = "local_policy"
    none = "none"


class EngagementBand(StrEnum):
    """The degree in the words of the HSE engagement framework 2024 to 2028, where it has any."""

    consulting = "consulting"
    involving = "involving"
    co_producing = "co_producing"


class ArnsteinRung(StrEnum):
    """The degree in the words of Arnstein 1969; the cross-walk is ours."""

    manipulation = "manipulation"
    therapy = "therapy"
    informing = "informing"
    consultation = "consultation"
    placation = "placation"
    partnership = "partnership"
    delegated_power = "delegated_power"


class ParticipationLevel(StrEnum):
    """The degree in the words of the spectrum of IAP2, where it has any; the cross-walk is ours."""

    inform = "inform"
    consult = "consult"
    involve = "involve"
    collaborate = "collaborate"
    empower = "empower"


class NefWay(StrEnum):
    """The degree in the words of nef, the New Economics Foundation; the cross-walk is ours."""

    doing_to = "doing_to"
    doing_for = "doing_for"
    doing_with = "doing_with"


class Degree(StrEnum):
    """The degree of co-production: the ladder of TLAP and the National Co-production Advisory Group, from the lowest rung up."""

    coercion = "coercion"
    educating = "educating"
    informing = "informing"
    consultation = "consultation"
    engagement = "engagement"
    co_design = "co_design"
    co_production = "co_production"

    @property
    def rung(self) -> int:
        """From 1, the lowest, to 7."""
        return list(Degree).index(self) + 1

    @property
    def band(self) -> EngagementBand | None:
        """The HSE band it falls into; what is less than consulting falls into none."""
        return _BANDS.get(self)

    @property
    def arnstein(self) -> ArnsteinRung:
        """The rung of Arnstein's ladder beside it."""
        return list(ArnsteinRung)[self.rung - 1]

    @property
    def iap2(self) -> ParticipationLevel | None:
        """The level of IAP2's spectrum beside it; coercion has none."""
        return _LEVELS.get(self)

    @property
    def nef(self) -> NefWay:
        """Whether things are done to people, for them or with them."""
        return _WAYS[self]


_BANDS = {
    Degree.consultation: EngagementBand.consulting,
    Degree.engagement: EngagementBand.involving,
    Degree.co_design: EngagementBand.involving,
    Degree.co_production: EngagementBand.co_producing,
}


class FrameworkKind(StrEnum):
    """What a framework is for: principles to read, elements that each side rates, stages to go through (ours)."""

    principles = "principles"
    readiness = "readiness"
    stages = "stages"


class ReadinessStage(StrEnum):
    """How far a service has come with an element of a framework, as one side sees it (ours)."""

    not_begun = "not_begun"
    planned = "planned"
    begun = "begun"
    established = "established"
    reviewed = "reviewed"

    @property
    def step(self) -> int:
        """From 0, the first, to 4."""
        return list(ReadinessStage).index(self)


class StageState(StrEnum):
    """How far a partnership has come with a stage of its guide (ours)."""

    under_way = "under_way"
    done = "done"
    set_aside = "set_aside"


_LEVELS = {
    Degree.educating: ParticipationLevel.inform,
    Degree.informing: ParticipationLevel.inform,
    Degree.consultation: ParticipationLevel.consult,
    Degree.engagement: ParticipationLevel.involve,
    Degree.co_design: ParticipationLevel.collaborate,
    Degree.co_production: ParticipationLevel.empower,
}
_WAYS = {
    Degree.coercion: NefWay.doing_to,
    Degree.educating: NefWay.doing_to,
    Degree.informing: NefWay.doing_for,
    Degree.consultation: NefWay.doing_for,
    Degree.engagement: NefWay.doing_for,
    Degree.co_design: NefWay.doing_with,
    Degree.co_production: NefWay.doing_with,
}


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


class DueKind(StrEnum):
    """What somebody has to see to in a partnership (ours)."""

    consent_to_ask = "consent_to_ask"
    consent_expiring = "consent_expiring"
    interests_to_declare = "interests_to_declare"
    interests_to_renew = "interests_to_renew"
    term_ending = "term_ending"
    access_need_to_review = "access_need_to_review"
    payment_to_approve = "payment_to_approve"
    payment_to_make = "payment_to_make"


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


class ClockKind(StrEnum):
    """What has to be done within a time (YSYS; NHS complaints regulations; NHS conflicts of interest; ours)."""

    complaint_made = "complaint_made"
    complaint_settled_at_first = "complaint_settled_at_first"
    complaint_acknowledged = "complaint_acknowledged"
    complaint_reported = "complaint_reported"
    complaint_updated = "complaint_updated"
    review_requested = "review_requested"
    review_done = "review_done"
    feedback_answered = "feedback_answered"
    interest_declared = "interest_declared"
    interests_renewed = "interests_renewed"
    payment_made = "payment_made"
    access_need_reviewed = "access_need_reviewed"


class TimeUnit(StrEnum):
    """In what a time is counted (ours)."""

    days = "days"
    working_days = "working_days"
    months = "months"


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


class FeedbackKind(StrEnum):
    """What a feedback item is (HSE; CO). A pulse is asked in a session, not sent as feedback."""

    story = "story"
    comment = "comment"
    compliment = "compliment"
    suggestion = "suggestion"
    concern = "concern"
    question = "question"


class FeedbackAuthorRelation(StrEnum):
    """Who speaks (CO)."""

    service_user = "service_user"
    carer = "carer"
    relative = "relative"
    friend = "friend"
    parent_guardian = "parent_guardian"
    advocate_or_volunteer = "advocate_or_volunteer"
    staff = "staff"
    anonymous = "anonymous"


class AnonymityMode(StrEnum):
    """How far a contributor can be known (L; CO; ours)."""

    named = "named"
    pseudonymous_public = "pseudonymous_public"
    anonymous_to_partnership = "anonymous_to_partnership"
    detached = "detached"


class FeedbackChannel(StrEnum):
    """The way feedback came in (ours)."""

    in_person = "in_person"
    paper = "paper"
    post = "post"
    telephone = "telephone"
    email = "email"
    web = "web"
    survey = "survey"


class FeedbackTheme(StrEnum):
    """What it is about (HSE National Healthcare Charter, eight principles); free sub-themes below."""

    access = "access"
    dignity_and_respect = "dignity_and_respect"
    safe_and_effective_services = "safe_and_effective_services"
    communication_and_information = "communication_and_information"
    participation = "participation"
    privacy = "privacy"
    improving_health = "improving_health"
    accountability = "accountability"


class FeedbackOutcome(StrEnum):
    """What came of it (CO; HSE). The loop is closed when it is settled and the contributor was told."""

    change_planned = "change_planned"
    change_made = "change_made"
    cannot_change = "cannot_change"
    no_change_needed = "no_change_needed"
    escalated = "escalated"


class FeedbackState(StrEnum):
    """Where a feedback item stands (CO; HSE)."""

    received = "received"
    responded = "responded"
    change_planned = "change_planned"
    change_made = "change_made"
    cannot_change = "cannot_change"
    no_change_needed = "no_change_needed"
    escalated = "escalated"


class CellStatus(StrEnum):
    """What a cell of a report means; five meanings that are never mixed (SDMX CL_CONF_STATUS F, A, D beside ours)."""

    value = "value"
    zero = "zero"
    suppressed_primary = "suppressed_primary"
    suppressed_secondary = "suppressed_secondary"
    not_collected = "not_collected"
    not_applicable = "not_applicable"
    late = "late"


class Direction(StrEnum):
    """Which way is better."""

    increase = "increase"
    decrease = "decrease"
    target_band = "target_band"


class FigureFlag(StrEnum):
    """What is to be looked into behind a figure (ours): why people of the lived-experience side left, where the partnership can mend it.

    `mendable` stands for any of the others where which one it was is not shown.
    """

    access_not_met = "access_not_met"
    payment_problem = "payment_problem"
    not_heard = "not_heard"
    mendable = "mendable"
