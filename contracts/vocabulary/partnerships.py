"""Partnerships: their places, sides, members and offices, and what they pass through."""

from __future__ import annotations

from enum import StrEnum


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
    """What somebody is in the service, apart from the side they take part on (Norton; Makey et al.; HSE; Care Opinion)."""

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
    """How far a partnership has come (Decidim, closing reasons; ours)."""

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
    """Why a partnership ended (Decidim; ours)."""

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
