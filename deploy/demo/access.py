"""What members needed to take part, who was told, and whether it was met each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.demo.people import HERE
from deploy.demo.telling import Step, moment


def steps(year: dict[str, Any]) -> Iterator[Step]:
    """Recorded when they joined, flagged, shared as they agreed to; asked after each session; reviewed at the end of the year."""
    for member in year["members"]:
        if need := member.get("need"):
            yield from _known(member, need)
    for session in year["sessions"]:
        for asked in session["access"]:
            id_ = asked["member"]
            said = {"need": f"{{{id_} need}}", "session": f"{{{session['id']}}}", "met": asked["met"], "confirmed": asked["confirmed"]}
            yield Step(f"{session['id']} {id_} need", moment(session["date"], 16), id_, f"{HERE}/members/{{{id_}}}/access-needs/met", said)


def _known(member: dict[str, Any], need: dict[str, Any]) -> Iterator[Step]:
    id_, path, which = member["id"], f"{HERE}/members/{{{member['id']}}}/access-needs", {"need": f"{{{member['id']} need}}"}
    what: dict[str, Any] = {part: need[part] for part in ("category", "wanted", "words") if part in need}
    yield Step(f"{id_} need", moment(member["joined"], 11), id_, path, what)
    yield Step(f"{id_} need flagged", moment(member["joined"], 11), id_, f"{path}/flag", which)
    yield Step(f"{id_} need shared", moment(member["joined"], 12), id_, f"{path}/share", {**which, "shared_with": need["sharedWith"]})
    if need["reviewed"]:
        yield Step(f"{id_} need reviewed", moment(need["reviewed"], 12), id_, f"{path}/review", {**which, "outcome": "still_needed"})
