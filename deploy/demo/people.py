"""Who takes part: how each came, from which side, in which office, with which consents and interests, what they bring, how they went."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from deploy.demo.telling import PEOPLE, Step, moment

HERE = "/v1/partnerships/{partnership}"
_PERSPECTIVES = {
    "service_user": "lived_experience_self",
    "carer": "lived_experience_family_carer",
    "family_member": "lived_experience_family_carer",
    "peer_support_worker": "lived_experience_employed",
    "service_provider": "professional",
    "service_manager": "leadership",
}
_TEXT = "2025-1"


def began(year: dict[str, Any]) -> str:
    """The day on which the first members joined and the work began."""
    return str(min(member["joined"] for member in year["members"]))


def steps(year: dict[str, Any]) -> Iterator[Step]:
    """From the proposal to the last who left."""
    where = {"org_unit": year["orgUnit"], "setting": "community_mental_health_team", "level": "service_improvement"}
    yield Step("partnership", moment(year["proposed"], 9), PEOPLE, "/v1/partnerships", {"name": year["name"], **where})
    for member in year["members"]:
        yield from _come(member)
        yield from _bring(member)
        if member["ended"]:
            yield _go(member)
    for office in year["offices"]:
        yield from _hold_office(office)
    for terms in year["termsOfReference"]:
        yield from _agree(terms)
    yield Step("composition", moment(began(year), 11), PEOPLE, f"{HERE}/composition", year["composition"])
    yield Step("activation", moment(began(year), 11), PEOPLE, f"{HERE}/activate", {})


def _come(member: dict[str, Any]) -> Iterator[Step]:
    id_, nomination = member["id"], f"{HERE}/nominations/{{{member['id']}}}"
    who = {"name": member["name"], "role": member["role"], "perspective": _PERSPECTIVES[member["role"]], "selection": member["selection"]}
    yield Step(id_, moment(member["nominated"], 10), PEOPLE, f"{HERE}/nominations", who)
    yield Step(f"{id_} invited", moment(member["nominated"], 15), PEOPLE, f"{nomination}/invite", {})
    yield Step(f"{id_} joined", moment(member["joined"], 9), PEOPLE, f"{nomination}/join", {})


def _bring(member: dict[str, Any]) -> Iterator[Step]:
    id_, path, joined = member["id"], f"{HERE}/members/{{{member['id']}}}", moment(member["joined"], 10)
    for purpose in member["consents"]:
        text = {"purpose": purpose, "text": f"{purpose}-{_TEXT}", "explained": member["explained"]}
        yield Step(f"{id_} consents to {purpose}", joined, id_, f"{path}/consents", text)
    for interest in member["interests"]:
        day = interest["declared"]
        declared = {name: value for name, value in interest.items() if name in {"interest", "words"}}
        if "arose" in interest:
            declared["arose"] = moment(interest["arose"], 9).isoformat()
        yield Step(f"{id_} declares {interest['interest']}", moment(day, 10), id_, f"{path}/interests", declared)
    if skill := member.get("skill"):
        offered = {name: value for name, value in skill.items() if name != "used"}
        yield Step(f"{id_} skill", joined, id_, f"{path}/skills", offered)
        for day in skill["used"]:
            yield Step(f"{id_} skill used {day}", moment(day, 13), id_, f"{path}/skills/use", {"skill": f"{{{id_} skill}}"})


def _go(member: dict[str, Any]) -> Step:
    id_, path = member["id"], f"{HERE}/members/{{{member['id']}}}"
    if member["reason"] == "consent_withdrawn":
        what, body, first = "consents/withdraw", {"purpose": "participation"}, (f"{id_} consents to participation",)
        return Step(f"{id_} leaves", moment(member["ended"], 10), PEOPLE, f"{path}/{what}", body, first)
    return Step(f"{id_} leaves", moment(member["ended"], 10), PEOPLE, f"{path}/end", {"reason": member["reason"]})


def _hold_office(office: dict[str, Any]) -> Iterator[Step]:
    term = {"until": moment(office["until"], 9).isoformat()} if office["until"] else {}
    name = f"{office['member']} as {office['office']}"
    path = f"{HERE}/members/{{{office['member']}}}/offices"
    yield Step(name, moment(office["from"], 10), PEOPLE, path, {"office": office["office"], **term})


def _agree(terms: dict[str, Any]) -> Iterator[Step]:
    text = {"edition": terms["edition"], "document": sha256(terms["document"].encode()).hexdigest()}
    name, path = f"terms of reference {terms['edition']}", f"{HERE}/terms-of-reference"
    agreed = {**text, "agreed_by": [f"{{{member}}}" for member in terms["agreedBy"]]}
    yield Step(f"{name} drafted", moment(terms["drafted"], 9), PEOPLE, f"{path}/drafts", text)
    yield Step(name, moment(terms["agreed"], 10), PEOPLE, path, agreed)
