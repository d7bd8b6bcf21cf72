"""Who held what on a day, worked out anew from the facts as JSON: day by day, sharing no code with the product."""

from __future__ import annotations

from datetime import datetime
from typing import Any

LIVED = {"lived_experience_self", "lived_experience_family_carer"}
PROVIDING = {"professional", "leadership"}
Held = dict[str, tuple[str, str, str, tuple[str, ...]]]
"""By member: status, role, perspective, offices."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def believed(told: list[dict[str, Any]], known_at: datetime) -> list[dict[str, Any]]:
    """What was believed at an instant, in the order in which it was then believed to have happened."""
    known = {fact["version"]: dict(fact) for fact in told if moment(fact["recorded"]) <= known_at}
    for fact in [*known.values()]:
        if fact["what"] == "EntryCorrected":
            said = known[fact["corrects"]]
            said.update(happened=fact["at"], wrong=fact["struck"])
            if "perspective" in said:
                said["perspective"] = fact["perspective"]
    right = (fact for fact in known.values() if not fact.get("wrong"))
    return sorted(right, key=lambda fact: (moment(fact["happened"]), fact["version"]))


def worked_out(told: list[dict[str, Any]], on: datetime, known_at: datetime) -> Held:
    """Walk through what was believed, up to the day, and say how everybody stood on it."""
    people: dict[str, dict[str, Any]] = {}
    offices: dict[str, dict[str, str | None]] = {}
    history = believed(told, known_at)
    for fact in history:
        if "member" in fact and moment(fact["happened"]) <= on:
            walk_on(people.setdefault(fact["member"], {}), offices, fact)
    for what in ("MemberNominated", "MemberJoined"):
        for fact in history:
            if fact["what"] == what and fact["member"] in people:
                people[fact["member"]] |= {"role": fact["member_role"], "side": fact["perspective"]}
    held = {}
    for member, person in people.items():
        perspective = person.get("declared") or person["side"]
        if person.get("status", "ended") != "ended":
            status = "on_leave" if person["status"] == "joined" and person.get("away") else person["status"]
            taken = (office for office, holders in offices.items() if holds(holders, member, on) and on_its_side(office, perspective))
            held[member] = (status, person["role"], perspective, tuple(sorted(taken)) if status in {"joined", "on_leave"} else ())
    return held


def walk_on(person: dict[str, Any], offices: dict[str, dict[str, str | None]], fact: dict[str, Any]) -> None:
    match fact["what"]:
        case "MemberJoined":
            person["status"] = "ended" if person.get("gone") else "joined"
        case "MembershipEnded":
            person["gone"], person["status"] = True, "ended"
        case "MemberNominated" | "MemberInvited" | "NominationEnded" as what:
            if person.get("status") != "joined" and not person.get("gone"):
                person["status"] = {"MemberNominated": "nominated", "MemberInvited": "invited", "NominationEnded": "ended"}[what]
        case "LeaveBegun" | "LeaveEnded" as what:
            person["away"] = what == "LeaveBegun"
        case "PerspectiveDeclared":
            person["declared"] = fact["perspective"]
        case "CoChairAppointed" | "OfficeTaken":
            office = fact.get("office") or f"co_chair_{fact['side']}"
            holders = offices.setdefault(office, {})
            if office != "facilitator":
                holders.clear()
            holders[fact["member"]] = fact["until"]
        case "OfficeLeft":
            offices.get(fact["office"], {}).pop(fact["member"], None)


def holds(holders: dict[str, str | None], member: str, on: datetime) -> bool:
    until = holders.get(member)
    return member in holders and (until is None or on < moment(until))


def on_its_side(office: str, perspective: str) -> bool:
    return perspective in {"co_chair_lived_experience": LIVED, "co_chair_provider": PROVIDING}.get(office, {perspective})
