"""What partnerships work on, to which degree of co-production, and the stages by which a service comes to it."""

from __future__ import annotations

from enum import StrEnum


class CommissioningStage(StrEnum):
    """Where in the making of a service the work lies (ours)."""

    co_planning = "co_planning"
    co_design = "co_design"
    co_commissioning = "co_commissioning"
    co_delivery = "co_delivery"
    co_evaluation = "co_evaluation"


class LegalBasis(StrEnum):
    """Which duty the work answers to (domain 5.4, duties that become data)."""

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
