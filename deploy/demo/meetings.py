"""The sessions: planned, invited to, held or cancelled, with what was decided and done; agreed in minutes."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any

from deploy.demo import deciding
from deploy.demo.people import began
from deploy.demo.telling import Step, earlier, moment

STARTS = 11
_SIDES = ("lived_experience", "employed", "provider")
_OFFICES = {"lived_experience": "co_chair_lived_experience", "provider": "co_chair_provider"}


def steps(year: dict[str, Any]) -> Iterator[Step]:
    """Every session of the year, and the actions that followed."""
    for session in year["sessions"]:
        yield from _prepare(year, session)
        yield from _hold(year, session)
        yield from _minute(session)
    for session in year["cancelledSessions"]:
        yield from _prepare(year, session)
        name, path = session["id"], f"/v1/sessions/{{{session['id']}}}/cancel"
        yield Step(f"{name} cancelled", moment(session["date"], 9), name, path, {"reason": session["reason"]})


def _prepare(year: dict[str, Any], session: dict[str, Any]) -> Iterator[Step]:
    name, day, first = session["id"], session["date"], began(year)
    path = f"/v1/sessions/{{{name}}}"
    what = {part: session[part] for part in ("kind", "mode", "minutes", "place")}
    starts = {"partnership": "{partnership}", "starts": moment(day, STARTS).isoformat()}
    yield Step(name, moment(earlier(day, 28, first), 12), name, "/v1/sessions", {**what, **starts})
    yield Step(f"{name} published", moment(earlier(day, 21, first), 13), name, f"{path}/publish", {})
    asked = sorted(_members_on(year, day), key=lambda member: earlier(day, 14, member["joined"]))
    for sent, group in groupby(asked, key=lambda member: earlier(day, 14, member["joined"])):
        invited = {"members": [f"{{{member['id']}}}" for member in group]}
        yield Step(f"{name} invitations {sent}", moment(sent, 14), name, f"{path}/invitations", invited)
    for number, item in enumerate(session.get("agenda", ()), 1):
        raised = {"title": item["title"], "origin": "raised_by_member", "raised_by": f"{{{item['by']}}}"}
        yield Step(f"{name} item {number}", moment(earlier(day, 10, first), 15), name, f"{path}/agenda", raised)
    for material in session.get("materials", ()):
        paper = {**material, "document": sha256(material["title"].encode()).hexdigest()}
        yield Step(f"{name} papers", moment(earlier(day, 7, first), 16), name, f"{path}/materials", paper)
    coming = dict.fromkeys(session.get("canCome", ()), "accepted")
    staying_away = {member["id"]: "apologies" for member in asked if member["id"] not in {*coming, *session.get("came", ())}}
    for member, answer in (coming | staying_away).items():
        said = {"member": f"{{{member}}}", "answer": answer}
        yield Step(f"{name} {member} answers", moment(earlier(day, 5, first), 17), name, f"{path}/answers", said)


def _hold(year: dict[str, Any], session: dict[str, Any]) -> Iterator[Step]:
    name, day = session["id"], session["date"]
    path, over = f"/v1/sessions/{{{name}}}", moment(day, STARTS, session["minutes"])
    decisions = [decision for decision in year["decisions"] if decision["session"] == name]
    chairs = [f"{{{chair}}}" for chair in _chairs(year, session)]
    yield from deciding.together(session, decisions, chairs, moment(day, STARTS))
    attendance = [
        {"member": f"{{{member['id']}}}", "status": "attended" if member["id"] in session["came"] else "apologies"}
        for member in _members_on(year, day)
    ]
    contributions = [{"side": side, "count": count} for side, count in zip(_SIDES, session["contributions"], strict=True)]
    discussed = [f"{{{name} item {number}}}" for number, _ in enumerate(session["agenda"], 1)]
    held = {"chaired_by": chairs, "attendance": attendance, "contributions": contributions, "discussed": discussed}
    yield Step(f"{name} held", over, name, f"{path}/hold", held)
    heard = [("lived_experience", answer) for answer in session["heardLE"]] + [("provider", answer) for answer in session["heardPROV"]]
    answers = [{"side": side, "heard": answer} for side, answer in heard]
    yield Step(f"{name} pulse", over, name, f"{path}/pulse", {"answers": answers})
    yield from deciding.in_summary(decisions, over)
    yield from deciding.actions(year, decisions, over)


def _minute(session: dict[str, Any]) -> Iterator[Step]:
    name, path, taken = session["id"], f"/v1/sessions/{{{session['id']}}}/minutes", session["minutesTaken"]
    yield Step(f"{name} minutes", moment(taken["drafted"], 9), name, path, {"text": taken["text"]})
    for member in taken["by"]:
        accepted = {"minutes_version": 1, "member": f"{{{member}}}"}
        yield Step(f"{name} minutes accepted by {member}", moment(taken["accepted"], 9), name, f"{path}/acceptances", accepted)


def _members_on(year: dict[str, Any], day: str) -> list[dict[str, Any]]:
    return [member for member in year["members"] if member["joined"] <= day < (member["ended"] or "9")]


def _chairs(year: dict[str, Any], session: dict[str, Any]) -> list[str]:
    """Who chaired: the co-chair of one side, or both together."""
    sides = list(_OFFICES) if session["chair"] == "joint" else [session["chair"]]
    return [office["member"] for side in sides for office in year["offices"] if office["office"] == _OFFICES[side]]
