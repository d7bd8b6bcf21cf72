"""What the sessions decided: some told as it came about, proposal by proposal, the others in summary; and who did what by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from deploy.demo.telling import Step, moment

_OWNERS = {"LE": "lived_experience", "PROV": "provider", "JOINT": "joint"}
_AGREEING = {"consent": "consent", "consensus": "agree"}
Decision = dict[str, Any]


def together(session: dict[str, Any], decisions: Sequence[Decision], chairs: list[str], starts: datetime) -> Iterator[Step]:
    """A session told while it goes on, because a decision came about in it that is told so."""
    told = [decision for decision in decisions if "text" in decision]
    name, path = session["id"], f"/v1/sessions/{{{session['id']}}}"
    for decision in told:
        stated = {"method": decision["method"], "binding": decision["binding"]}
        yield Step(f"{decision['id']} method", starts - timedelta(days=2), name, f"{path}/agenda/{_item(decision)}/method", stated)
    if told:
        yield Step(
            f"{name} open", starts, name, f"{path}/open", {"chaired_by": chairs, "present": [f"{{{who}}}" for who in session["came"]]}
        )
    for decision in told:
        yield from _come_about(decision, session["came"], path, starts)


def in_summary(decisions: Sequence[Decision], over: datetime) -> Iterator[Step]:
    """The others, as they were written down afterwards."""
    for decision in decisions:
        if "text" not in decision:
            sides = {"lived_experience": decision["LE"], "provider": decision["PROV"], "employed": decision["EMP"]}
            what = {part: decision[part] for part in ("title", "method", "outcome", "binding")}
            path = f"/v1/sessions/{{{decision['session']}}}/decisions"
            yield Step(decision["id"], over, decision["session"], path, {**what, **sides, "item": _item(decision)})


def actions(year: dict[str, Any], decisions: Sequence[Decision], over: datetime) -> Iterator[Step]:
    """What was taken on, and done or not."""
    sessions = {decision["id"]: decision["session"] for decision in decisions}
    for action in year["actions"]:
        if session := sessions.get(action["decision"]):
            path = f"/v1/sessions/{{{session}}}/actions"
            todo = {"decision": f"{{{action['decision']}}}", "title": action["title"], "owner_side": _OWNERS[action["owner"]]}
            yield Step(action["id"], over, session, path, {**todo, "original_due": action["originalDue"]})
            if action["completed"]:
                yield Step(f"{action['id']} done", moment(action["completed"], 12), session, f"{path}/{{{action['id']}}}/complete", {})


def _come_about(decision: Decision, came: list[str], path: str, starts: datetime) -> Iterator[Step]:
    """Put, objected to, discussed, put anew, and carried."""
    name, line, recused = decision["id"], decision["session"], decision.get("recused", [])
    item, proposal = f"{path}/agenda/{_item(decision)}", f"{path}/decisions/{{{name}}}"
    put, amended, end = (starts + timedelta(minutes=minutes) for minutes in (30, 50, 70))
    for one in recused:
        yield Step(f"{name} without {one['member']}", put, line, f"{item}/interests", {**one, "member": f"{{{one['member']}}}"})
    yield Step(f"{name} item open", put, line, f"{item}/open", {})
    yield Step(name, put, line, f"{item}/proposals", {"title": decision["title"], "text": decision["text"]})
    deciding = [who for who in came if who not in {one["member"] for one in recused}]
    objections = decision.get("objections", [])
    content = [who for who in deciding if who not in {one["member"] for one in objections}]
    yield Step(f"{name} positions", put, line, f"{proposal}/positions", _positions(decision, content))
    ends: dict[str, list[tuple[str, str]]] = {"integrated": [], "withdrawn_by_objector": []}
    for number, one in enumerate(objections, 1):
        said = f"{name} objection {number}"
        yield Step(said, put, line, f"{proposal}/objections", {"member": f"{{{one['member']}}}", "reason": one["reason"]})
        yield Step(f"{said} discussed", amended, line, f"{path}/objections/{{{said}}}/discuss", {})
        ends[one["ends"]].append((said, one["member"]))
    if "amended" in decision:
        changed = {"text": decision["amended"], "integrates": [f"{{{said}}}" for said, _ in ends["integrated"]]}
        yield Step(f"{name} amended", amended, line, f"{proposal}/versions", changed)
    for said, member in ends["withdrawn_by_objector"]:
        yield Step(f"{said} withdrawn", amended, line, f"{path}/objections/{{{said}}}/withdraw", {"member": f"{{{member}}}"})
    if "amended" in decision:
        yield Step(f"{name} positions anew", end, line, f"{proposal}/positions", _positions(decision, deciding))
    yield Step(f"{name} closed", end, line, f"{proposal}/close", {"outcome": decision["outcome"]})
    yield Step(f"{name} item closed", end, line, f"{item}/close", {})


def _positions(decision: Decision, members: Sequence[str]) -> dict[str, Any]:
    position = _AGREEING[decision["method"]]
    return {"positions": [{"member": f"{{{member}}}", "position": position} for member in members]}


def _item(decision: Decision) -> str:
    return f"{{{decision['session']} item {decision['item']}}}"
