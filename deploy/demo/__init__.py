"""A partnership's first year, told to a region as the commands that its people would have sent, dated as they happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from typing import Any

from deploy.client import Region, key

_PERSPECTIVES = {
    "service_user": "lived_experience_self",
    "carer": "lived_experience_family_carer",
    "family_member": "lived_experience_family_carer",
    "peer_support_worker": "lived_experience_employed",
    "service_provider": "professional",
    "service_manager": "leadership",
}
_SIDES = ("lived_experience", "employed", "provider")
_SIDE_OF = {"LE": "lived_experience", "LE_EMP": "employed", "PROV": "provider"}
_OWNERS = {"LE": "lived_experience", "PROV": "provider", "JOINT": "joint"}
_OUTCOMES = {"escalated_to_complaint": "escalated", "under_consideration": None}
_TELLABLE = {"change_made", "cannot_change", "no_change_needed"}
_TERMS = "0" * 64
Year = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing that happened on a day; steps of a day follow their order."""

    day: str
    order: int
    tell: Callable[[], object]


def load(year: Year, region: Region, progress: Callable[[int, int], None]) -> str:
    """Tell `year` to `region`; the id of its partnership. Told again, every command is known already and nothing is stored twice."""
    story = _Story(year, region)
    steps = sorted(story.steps(), key=lambda step: (step.day, step.order))
    for done, step in enumerate(steps, 1):
        step.tell()
        progress(done, len(steps))
    return story.partnership


class _Story:
    def __init__(self, year: Year, region: Region) -> None:
        self._year, self._region = year, region
        self._ids: dict[str, str] = {}
        self._first = min(member["joined"] for member in year["members"])
        self._code = f"{year['orgUnit']} {year['year']}"

    @property
    def partnership(self) -> str:
        return self._ids["partnership"]

    def steps(self) -> Iterator[Step]:
        yield Step(self._first, 0, self._begin)
        for member in self._year["members"]:
            yield Step(member["joined"], 1, partial(self._join, member))
            if member["ended"]:
                yield Step(member["ended"], 6, partial(self._leave, member))
        yield Step(self._first, 2, self._activate)
        for number, session in enumerate(self._year["sessions"]):
            yield Step(session["date"], 3, partial(self._meet, session, number))
        for session in self._year["cancelledSessions"]:
            yield Step(session["date"], 3, partial(self._cancel, session))
        for action in self._year["actions"]:
            if action["completed"]:
                yield Step(action["completed"], 5, partial(self._complete, action))
        for item in self._year["feedback"]:
            yield Step(item["received"], 4, partial(self._receive, item))
            yield Step(item["responded"], 5, partial(self._answer, item))

    def _say(self, what: str, path: str, day: str, **body: Any) -> str:
        answer = self._region.post(path, {**body, "happened": f"{day}T11:00:00Z"}, idempotency_key=key("demo", self._code, what))
        self._ids[what] = answer["made"] or answer["id"]
        return self._ids[what]

    def _begin(self) -> None:
        name = self._year.get("name", self._year["orgUnit"])
        where = {"org_unit": self._year["orgUnit"], "setting": "community_mental_health_team", "level": "service_improvement"}
        self._say("partnership", "/v1/partnerships", self._first, name=name, **where)

    def _join(self, member: Year) -> None:
        who = {"name": member.get("name", member["id"]), "role": member["role"], "perspective": _PERSPECTIVES[member["role"]]}
        self._say(member["id"], f"/v1/partnerships/{self.partnership}/members", member["joined"], **who)

    def _leave(self, member: Year) -> None:
        path = f"/v1/partnerships/{self.partnership}/members/{self._ids[member['id']]}/end"
        self._say(f"{member['id']} leaves", path, member["ended"], reason=member["reason"])

    def _activate(self) -> None:
        path = f"/v1/partnerships/{self.partnership}"
        for chair in self._co_chairs.values():
            self._say(f"{chair} chairs", f"{path}/co-chairs", self._first, member=self._ids[chair])
        self._say("terms", f"{path}/terms-of-reference", self._first, edition=1, document=_TERMS)
        if rule := self._year.get("composition"):
            self._say("composition", f"{path}/composition", self._first, **rule)
        self._say("activation", f"{path}/activate", self._first)

    @property
    def _co_chairs(self) -> dict[str, str]:
        lived = next(member["id"] for member in self._year["members"] if member["perspective"] == "LE")
        manager = next(member["id"] for member in self._year["members"] if member["role"] == "service_manager")
        return {"lived_experience": lived, "provider": manager}

    def _meet(self, session: Year, number: int) -> None:
        day, name = session["date"], session["id"]
        path = self._plan(session, session["kind"])
        here = self._members_on(day)
        self._say(f"{name} invitations", f"{path}/invitations", day, members=[self._ids[member] for side in here for member in side])
        items = self._agenda(session, path, here)
        came = [self._who_came(side, count, number) for side, count in zip(here, session["attended"], strict=True)]
        self._say(
            f"{name} held",
            f"{path}/hold",
            day,
            chaired_by=[self._ids[chair] for chair in self._chairs(session)],
            attendance=[
                {"member": self._ids[member], "status": "attended" if member in present else "apologies"}
                for side, present in zip(here, came, strict=True)
                for member in side
            ],
            contributions=[{"side": side, "count": count} for side, count in zip(_SIDES, session["contributions"], strict=True)],
            discussed=items,
        )
        heard = [("lived_experience", answer) for answer in session["heardLE"]] + [("provider", answer) for answer in session["heardPROV"]]
        self._say(f"{name} pulse", f"{path}/pulse", day, answers=[{"side": side, "heard": answer} for side, answer in heard])
        for decision in self._year["decisions"]:
            if decision["session"] == name:
                self._decide(decision, path, day)

    def _plan(self, session: Year, kind: str) -> str:
        what = {"partnership": self.partnership, "kind": kind, "mode": "in_person", "starts": f"{session['date']}T11:00:00Z"}
        return f"/v1/sessions/{self._say(session['id'], '/v1/sessions', self._first, **what)}"

    def _cancel(self, session: Year) -> None:
        path = self._plan(session, "partnership_meeting")
        self._say(f"{session['id']} cancelled", f"{path}/cancel", session["date"], reason=session["reason"])

    def _members_on(self, day: str) -> list[list[str]]:
        """The members of each side on a day, co-chairs first."""
        active = [member for member in self._year["members"] if member["joined"] <= day < (member["ended"] or "9")]
        active.sort(key=lambda member: member["id"] not in self._co_chairs.values())
        return [[member["id"] for member in active if _SIDE_OF[member["perspective"]] == side] for side in _SIDES]

    def _who_came(self, side: list[str], count: int, number: int) -> set[str]:
        """Co-chairs always come; the others stay away in turn, because the year says how many came, not who."""
        chairs = [member for member in side if member in self._co_chairs.values()]
        others = [member for member in side if member not in chairs]
        wanted = max(0, count - len(chairs))
        return {*chairs, *islice(cycle(others), number % len(others), number % len(others) + wanted)} if others else set(side[:count])

    def _chairs(self, session: Year) -> list[str]:
        return list(self._co_chairs.values()) if session["chair"] == "joint" else [self._co_chairs[session["chair"]]]

    def _agenda(self, session: Year, path: str, here: list[list[str]]) -> list[str]:
        raisers = [member for side, count in zip(here, session["agendaRaisedBy"], strict=True) for member in islice(cycle(side), count)]
        titles = session.get("agenda") or [f"Item {number}" for number in range(1, len(raisers) + 1)]
        return [
            self._say(
                f"{session['id']} item {number}",
                f"{path}/agenda",
                session["date"],
                title=title,
                origin="raised_by_member",
                raised_by=self._ids[member],
            )
            for number, (member, title) in enumerate(zip(raisers, titles, strict=True), 1)
        ]

    def _decide(self, decision: Year, path: str, day: str) -> None:
        taken = {"lived_experience": decision["LE"], "provider": decision["PROV"], "employed": decision["EMP"]}
        what = {"title": decision["title"], "method": decision["method"], "outcome": decision["outcome"], **taken}
        made = self._say(decision["id"], f"{path}/decisions", day, **what)
        for action in self._year["actions"]:
            if action["decision"] == decision["id"]:
                todo = {"decision": made, "owner_side": _OWNERS[action["owner"]], "original_due": action["originalDue"]}
                self._say(action["id"], f"{path}/actions", day, title=action.get("title", f"Action {action['id']}"), **todo)

    def _complete(self, action: Year) -> None:
        session = next(decision["session"] for decision in self._year["decisions"] if decision["id"] == action["decision"])
        path = f"/v1/sessions/{self._ids[session]}/actions/{self._ids[action['id']]}/complete"
        self._say(f"{action['id']} done", path, action["completed"])

    def _receive(self, item: Year) -> None:
        how = {
            "kind": item["kind"],
            "relation": item.get("relation", "service_user"),
            "anonymity": "pseudonymous_public",
            "channel": "paper",
        }
        text = item.get("text", f"Feedback {item['id']}")
        made = self._say(item["id"], "/v1/feedback", item["received"], partnership=self.partnership, text=text, **how)
        self._say(f"{item['id']} theme", f"/v1/feedback/{made}/theme", item["received"], theme=item["theme"])

    def _answer(self, item: Year) -> None:
        path, day, outcome = f"/v1/feedback/{self._ids[item['id']]}", item["responded"], item["outcome"]
        self._say(f"{item['id']} response", f"{path}/responses", day, text=item.get("response", f"Response to {item['id']}"))
        if settled := _OUTCOMES.get(outcome, outcome):
            self._say(f"{item['id']} outcome", f"{path}/outcome", day, outcome=settled)
        if outcome in _TELLABLE:
            self._say(f"{item['id']} told", f"{path}/told", day)
