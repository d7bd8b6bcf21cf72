"""What a decision must say, counted anew from the facts of its session: written apart, and shares no code with the product."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from contracts import sessions as s

FOR = {"consent", "agree", "for", "endorse", "agree_with_minor_points", "support_with_reservations", "dislike_but_support"}
ASIDE = {"abstain", "stand_aside"}
OUT = {"leaves_for_item", "speaks_then_leaves", "replaced"}
SIDES = {
    "lived_experience_self": "lived_experience",
    "lived_experience_family_carer": "lived_experience",
    "professional": "provider",
    "leadership": "provider",
    "lived_experience_employed": "employed",
}
STOPS = {"raised", "under_discussion", "standing"}


class Judge:
    """Follows one session, and says of a decision that was taken in the open what it should have said."""

    def __init__(self) -> None:
        self._sides: dict[UUID, str] = {}
        self._stated: dict[UUID, s.DecisionMethodSet] = {}
        self._items: dict[UUID, UUID] = {}
        self._voices: dict[UUID, dict[UUID, Any]] = {}
        self._handled: dict[tuple[UUID, UUID], str] = {}
        self._objections: dict[UUID, dict[str, Any]] = {}

    def see(self, fact: Any) -> None:
        """Take in one fact; a decision is judged at once."""
        match fact:
            case s.InvitationSent():
                self._sides[fact.member] = SIDES.get(fact.perspective, "other")
            case s.DecisionMethodSet():
                self._stated[fact.item] = fact
            case s.InterestHandledForItem():
                self._handled[fact.item, fact.member] = fact.handling
            case s.ProposalPut():
                self._items[fact.decision], self._voices[fact.decision] = fact.item, {}
            case s.PositionTaken() | s.PositionDeclined():
                self._voices[fact.decision][fact.member] = fact
            case s.ObjectionRaised():
                self._objections[fact.objection] = {"decision": fact.decision, "member": fact.member, "state": "raised"}
            case s.ObjectionDiscussed():
                self._objections[fact.objection]["state"] = "under_discussion"
            case s.ObjectionIntegrated() | s.ObjectionWithdrawn():
                self._objections[fact.objection]["state"] = "settled"
            case s.ObjectionRuled():
                self._objections[fact.objection]["state"] = fact.state
            case s.DecisionClosed() if fact.rests_on == "positions" and not fact.secret:
                self._judge(fact)

    def _judge(self, told: s.DecisionClosed) -> None:
        stated, counted = self._stated[self._items[told.decision]], self._counted(told.decision)
        declined = Counter(self._sides[one.member] for one in self._present(told.decision) if isinstance(one, s.PositionDeclined))
        assert dict(told.declined_by_side) == declined, "who declined is told by side"
        option, left = _chosen(stated.method, [one.choices for one in counted if one.position == "chosen"])
        put_off = told.outcome in {"deferred", "referred", "withdrawn", "lapsed_no_quorum"}
        assert told.chosen == option, "what was chosen is what the choices come to"
        sums = {side: [0, 0, 0] for side in ("lived_experience", "provider", "employed", "other")}
        for one in counted:
            sums[self._sides[one.member]][_place(one, option, left)] += 1
        assert {side: list(getattr(told, side)) for side in sums} == sums, "each side is told as its members stood"
        both = all(2 * sums[side][0] > sum(sums[side][:2]) for side in ("lived_experience", "provider"))
        assert told.carried_on_both_sides is both, "carried on both sides is what the sums of the two say"
        if not put_off:
            stopped = any(one["decision"] == told.decision and one["state"] in STOPS for one in self._objections.values())
            vetoed = any(one.position == "veto" for one in counted)
            support, against = (sum(side[place] for side in sums.values()) for place in (0, 1))
            carries: dict[str, bool] = {
                "consensus": support > 0 == against,
                "consent": support > 0 == against and not stopped,
                "majority": support > against,
                "supermajority": support > 0 and support / (support + against) >= _share(stated.quota) - 1e-9,
                "double_majority": both,
                "gradients_of_agreement": support > against and not vetoed,
                "ranked_choice": option is not None,
                "dot_vote": option is not None,
                "sense_check": False,
            }
            adopted = told.outcome in {"adopted", "adopted_with_amendment"}
            assert carries.get(stated.method, adopted) is adopted, f"by {stated.method} the outcome is what was carried"

    def _present(self, decision: UUID) -> list[Any]:
        """What was said or declined last, but by those who are out for the item."""
        item = self._items[decision]
        return [one for member, one in self._voices[decision].items() if self._handled.get((item, member)) not in OUT]

    def _counted(self, decision: UUID) -> list[s.PositionTaken]:
        item = self._items[decision]
        preferring = {
            one["member"] for one in self._objections.values() if (one["decision"], one["state"]) == (decision, "ruled_preference")
        }
        return [
            one
            for one in self._present(decision)
            if isinstance(one, s.PositionTaken)
            and not (one.position == "objection" and one.member in preferring)
            and not (self._handled.get((item, one.member)) == "abstains" and one.position != "abstain")
        ]


def _place(one: s.PositionTaken, option: int | None, left: set[int]) -> int:
    if one.position in ASIDE:
        return 2
    if one.position == "chosen":
        return 0 if option is not None and next((choice for choice in one.choices if choice in left), None) == option else 1
    return 0 if one.position in FOR else 1


def _share(quota: tuple[int, int] | None) -> float:
    part, whole = quota or (2, 3)
    return part / whole


def _chosen(method: str, ballots: list[tuple[int, ...]]) -> tuple[int | None, set[int]]:
    """The option that wins, and the options from which it did."""
    if method == "dot_vote":
        dots = Counter(dot for ballot in ballots for dot in ballot)
        best = [option for option, count in dots.items() if count == max(dots.values())]
        return (best[0], {best[0]}) if len(best) == 1 else (None, set())
    if method != "ranked_choice":
        return None, set()
    gone: set[int] = set()
    while standing := [rest for ballot in ballots if (rest := [option for option in ballot if option not in gone])]:
        firsts = {option: 0 for rest in standing for option in rest}
        for rest in standing:
            firsts[rest[0]] += 1
        for option, count in firsts.items():
            if count > len(standing) / 2:
                return option, set(firsts)
        gone |= {option for option, count in firsts.items() if count == min(firsts.values())}
    return None, set()
