"""People decide together: an objection changes a letter, an interest keeps somebody out of one item, and both sides must be there."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from deploy.client import Refused, Region
from tests.regions import Running

AT = "2026-03-18T14:00:00Z"
PEOPLE = {
    "Aoife": ("service_user", "lived_experience_self"),
    "Cathal": ("service_user", "lived_experience_self"),
    "Eamon": ("family_member", "lived_experience_family_carer"),
    "Imelda": ("service_provider", "professional"),
    "Kate": ("service_provider", "professional"),
    "Jarlath": ("service_provider", "professional"),
    "Lorcan": ("service_manager", "leadership"),
}
LIVED, PROVIDER = ("Aoife", "Cathal", "Eamon"), ("Imelda", "Kate", "Jarlath", "Lorcan")


class Meeting:
    """A partnership by 8.A's quorum, and one session of it that has not begun."""

    def __init__(self, api: Region) -> None:
        self.api = api
        name = f"Forum {uuid4()}"
        setting = {"setting": "community_mental_health_team", "level": "service_improvement"}
        partnership = self._say("/v1/partnerships", name=name, org_unit="ABH-P9", **setting)
        self.partnership = path = f"/v1/partnerships/{partnership}"
        self.members = {name: self._say(f"{path}/members", name=name, role=role, perspective=side) for name, (role, side) in PEOPLE.items()}
        for chair in ("Aoife", "Lorcan"):
            self._say(f"{path}/co-chairs", member=self.members[chair])
        self._say(f"{path}/terms-of-reference", edition=1, document="0" * 64)
        quorum = {"quorum_lived_experience": 3, "quorum_provider": 3, "quorum_share": 50}
        self._say(f"{path}/composition", lived_experience=3, provider=3, **quorum)
        self._say(f"{path}/activate")
        self.session = self._say("/v1/sessions", partnership=partnership, kind="co_design_workshop", mode="in_person", starts=AT)
        self.say("/invitations", members=list(self.members.values()))

    def _say(self, path: str, **body: Any) -> str:
        answer = self.api.post(path, {**body, "happened": AT})
        said: str = answer["made"] or answer["id"]
        return said

    def say(self, path: str, **body: Any) -> str:
        """Do something in the session."""
        return self._say(f"/v1/sessions/{self.session}{path}", **body)

    def refused(self, code: str, path: str, **body: Any) -> None:
        """Try something that a rule forbids."""
        with pytest.raises(Refused, match=code):
            self.say(path, **body)

    def item(self, title: str, method: str) -> str:
        """An item of the agenda, and how it will be decided."""
        made = self.say("/agenda", title=title, origin="raised_by_member", raised_by=self.members["Aoife"])
        self.say(f"/agenda/{made}/method", method=method, binding="binding")
        return made

    def begin(self, *present: str) -> None:
        """Open the session."""
        chairs = [self.members["Aoife"], self.members["Lorcan"]]
        self.say("/open", chaired_by=chairs, present=[self.members[name] for name in present])

    def take(self, decision: str, position: str, *names: str) -> None:
        """Say where people stand."""
        positions = [{"member": self.members[name], "position": position} for name in names]
        self.say(f"/decisions/{decision}/positions", positions=positions)

    def seen(self) -> Any:
        """The session as it stands."""
        return self.api.get(f"/v1/sessions/{self.session}")


@pytest.fixture
def meeting(region: Running) -> Meeting:
    """The session, for somebody who runs partnerships."""
    return Meeting(region.region())


def test_people_know_beforehand_when_where_and_what_about(meeting: Meeting) -> None:
    """Published, with an entry for calendars; apologies and papers in the formats people need are recorded."""
    item = meeting.item("The first letter", "consent")
    formats = ["easy_read", "large_print"]
    meeting.say("/materials", item=item, title="The letter as it is now", document="a3" * 32, formats=formats)
    meeting.say("/publish")
    for name, answer in (("Aoife", "accepted"), ("Jarlath", "apologies")):
        meeting.say("/answers", member=meeting.members[name], answer=answer)
    seen = meeting.seen()
    assert (seen["status"], [one["answer"] for one in seen["answers"]]) == ("published", ["accepted", "apologies"])
    assert [(one["title"], one["formats"]) for one in seen["materials"]] == [("The letter as it is now", formats)]
    calendar = meeting.api.get(f"/v1/sessions/{meeting.session}/calendar")["calendar"]
    assert {"DTSTART:20260318T140000Z", "STATUS:CONFIRMED"} <= set(calendar.split("\r\n"))
    every = {"every": "monthly_by_weekday", "times": 3, "time_zone": "Europe/Dublin"}
    plan = {"partnership": seen["partnership"], "kind": "training", "mode": "online", "starts": "2026-04-15T09:00:00Z", "minutes": 90}
    meeting.api.post("/v1/sessions/series", {**plan, **every})
    starts = [one["starts"] for one in meeting.api.every(f"/v1/partnerships/{seen['partnership']}/sessions")]
    assert starts[1:] == ["2026-04-15T09:00:00Z", "2026-05-20T09:00:00Z", "2026-06-17T09:00:00Z"]


def test_an_objection_changes_the_letter(meeting: Meeting) -> None:
    """8.G: raised, under discussion, integrated; while it is open nothing is adopted; everybody is asked anew on the second version."""
    item = meeting.item("The first letter", "consent")
    everybody = tuple(PEOPLE)
    meeting.begin(*everybody)
    meeting.say(f"/agenda/{item}/open")
    meeting.refused("item_opened_already", f"/agenda/{item}/method", method="majority", binding="binding")
    letter = {"title": "First-appointment letter", "text": "The envelope names the ward."}
    decision = meeting.say(f"/agenda/{item}/proposals", **letter)
    meeting.take(decision, "consent", *(name for name in everybody if name != "Cathal"))
    reason = "The letter names the ward on the envelope."
    objection = meeting.say(f"/decisions/{decision}/objections", member=meeting.members["Cathal"], reason=reason)
    adopting = f"/decisions/{decision}/close"
    meeting.refused("objection_unresolved", adopting, outcome="adopted")
    meeting.say(f"/objections/{objection}/discuss")
    meeting.refused("objection_unresolved", adopting, outcome="adopted")
    meeting.say(f"/decisions/{decision}/versions", text="The envelope is plain.", integrates=[objection])
    meeting.refused("positions_missing", adopting, outcome="adopted_with_amendment")
    meeting.take(decision, "consent", *everybody)
    meeting.say(adopting, outcome="adopted_with_amendment")
    seen = meeting.seen()
    (proposal,), (closed,) = seen["proposals"], seen["decisions"]
    assert (proposal["version"], proposal["text"]) == (2, "The envelope is plain.")
    assert [(one["reason"], one["raised_to"], one["state"]) for one in proposal["objections"]] == [(reason, 1, "integrated")]
    assert (closed["outcome"], closed["rests_on"], closed["proposal_version"]) == ("adopted_with_amendment", "positions", 2)
    assert (closed["lived_experience"], closed["provider"], closed["carried_on_both_sides"]) == ([3, 0, 0], [4, 0, 0], True)
    assert (closed["binding"], closed["quorate"], closed["objections"]) == ("binding", True, [["lived_experience", "integrated"]])


def test_by_majority_the_same_text_is_adopted_at_once(meeting: Meeting) -> None:
    """8.G: that is why the method is stated before. Whoever will not say where they stand is told of by side, and in no share."""
    item = meeting.item("The first letter", "majority")
    meeting.begin(*PEOPLE)
    meeting.say(f"/agenda/{item}/open")
    decision = meeting.say(f"/agenda/{item}/proposals", title="Letter", text="The envelope names the ward.")
    meeting.say(f"/decisions/{decision}/objections", member=meeting.members["Cathal"], reason="It names the ward.")
    meeting.take(decision, "for", *(name for name in PEOPLE if name != "Cathal"))
    meeting.take(decision, "against", "Cathal")
    meeting.say(f"/decisions/{decision}/positions/declined", members=[meeting.members["Kate"]])
    meeting.say(f"/decisions/{decision}/close", outcome="adopted")
    (proposal,), (closed,) = meeting.seen()["proposals"], meeting.seen()["decisions"]
    assert (proposal["declined"], len(proposal["positions"])) == ([meeting.members["Kate"]], 6)
    assert (closed["provider"], closed["declined_by_side"], closed["quorate"]) == ([3, 0, 0], [["provider", 1]], True)
    assert closed["objections"] == [["lived_experience", "raised"]]


@pytest.mark.parametrize("apologies", [(), ("Jarlath",)], ids=["three are left", "two are left"])
def test_whoever_has_an_interest_leaves_for_the_item(meeting: Meeting, apologies: tuple[str, ...]) -> None:
    """8.F: three of the provider side are enough; in the variant two are not, the item lapses, and the session goes on."""
    items = [meeting.item("Brief for the course", "consensus"), meeting.item("Dates of next year", "consensus")]
    here = [name for name in PEOPLE if name not in apologies]
    meeting.begin(*here)
    kate = {"member": meeting.members["Kate"], "interest": "indirect", "handling": "leaves_for_item"}
    meeting.say(f"/agenda/{items[0]}/interests", **kate)
    decisions = []
    for item, deciding in zip(items, ([name for name in here if name != "Kate"], here), strict=True):
        meeting.say(f"/agenda/{item}/open")
        decisions.append(meeting.say(f"/agenda/{item}/proposals", title="It", text="As it lies on the table."))
        meeting.take(decisions[-1], "agree", *deciding)
    meeting.refused("not_taking_part", f"/decisions/{decisions[0]}/positions", positions=[{"member": kate["member"], "position": "agree"}])
    outcome = "lapsed_no_quorum" if apologies else "adopted"
    meeting.refused("decided_without_quorum" if apologies else "quorum_holds", f"/decisions/{decisions[0]}/close", outcome=_other(outcome))
    for decision, item, end in zip(decisions, items, (outcome, "adopted"), strict=True):
        meeting.say(f"/decisions/{decision}/close", outcome=end)
        meeting.say(f"/agenda/{item}/close")
    came = [{"member": member, "status": "attended" if name in here else "apologies"} for name, member in meeting.members.items()]
    meeting.say("/hold", chaired_by=[meeting.members["Aoife"]], attendance=came)
    seen = meeting.seen()
    assert [item["quorate"] for item in seen["agenda"]] == [not apologies, True]
    assert [decision["outcome"] for decision in seen["decisions"]] == [outcome, "adopted"]
    assert [decision["provider"] for decision in seen["decisions"]] == [[len(here) - 4, 0, 0], [len(here) - 3, 0, 0]]
    assert [item["discussed"] for item in seen["agenda"]] == [True, True]
    assert (seen["status"], seen["agenda"][0]["recused"]) == ("held", [meeting.members["Kate"]])


def test_a_secret_ballot_tells_who_took_part_and_not_who_said_what(meeting: Meeting) -> None:
    """Everybody is handed a ballot or declines; until the end only how many were cast is known, and then what each side said."""
    item = meeting.item("Who goes to the conference", "majority")
    meeting.say(f"/agenda/{item}/method", method="majority", binding="binding", secret=True)
    meeting.begin(*PEOPLE)
    meeting.say(f"/agenda/{item}/open")
    decision = meeting.say(f"/agenda/{item}/proposals", title="Conference", text="Eamon goes.")
    box, voters = f"/decisions/{decision}/box", [name for name in PEOPLE if name != "Kate"]
    meeting.refused("ballots_not_handed_out", box, side="provider", position="for")
    handed = [meeting.members[name] for name in voters]
    meeting.say(f"/decisions/{decision}/ballots", members=handed, declined=[meeting.members["Kate"]])
    for side, position in (*(3 * [("lived_experience", "for")]), *(2 * [("provider", "against")]), ("provider", "for")):
        meeting.say(box, side=side, position=position)
    meeting.refused("more_ballots_than_handed_out", box, side="provider", position="for")
    (proposal,) = meeting.seen()["proposals"]
    assert (proposal["ballots_cast"], proposal["positions"], set(proposal["handed_out"])) == (6, [], set(handed))
    assert proposal["declined"] == [meeting.members["Kate"]]
    meeting.refused("ballot_open", f"/decisions/{decision}/close", outcome="adopted")
    meeting.say(f"{box}/close")
    meeting.say(f"/decisions/{decision}/close", outcome="adopted")
    (closed,) = meeting.seen()["decisions"]
    assert (closed["lived_experience"], closed["provider"], closed["secret"]) == ([3, 0, 0], [1, 2, 0], True)


def test_minutes_are_agreed_by_both_sides_and_then_corrected_beside_what_was_agreed(meeting: Meeting) -> None:
    """A draft is written anew; what was agreed keeps its words and its digest."""
    came = [{"member": member, "status": "attended"} for member in meeting.members.values()]
    meeting.say("/hold", chaired_by=[meeting.members["Aoife"]], attendance=came)
    for text in ("We met.", "We met by the river."):
        meeting.say("/minutes", text=text)
    accepting = "/minutes/acceptances"
    meeting.refused("minutes_rewritten", accepting, minutes_version=1, member=meeting.members["Aoife"])
    for name in ("Aoife", "Imelda"):
        meeting.say(accepting, minutes_version=2, member=meeting.members[name])
    consent = {"purpose": "naming_in_minutes", "text": "naming-1", "explained": "spoken"}
    meeting.api.post(f"{meeting.partnership}/members/{meeting.members['Aoife']}/consents", consent)
    agreed = meeting.seen()
    assert agreed["minutes_taken"]["accepted_by"] == [meeting.members["Aoife"]]
    assert [one["member"] for one in agreed["minutes_taken"]["people"] if one["accepted"]] == [meeting.members["Aoife"], None]
    meeting.refused("minutes_agreed_already", "/minutes", text="We met elsewhere.")
    meeting.say("/minutes/corrections", text="It was the old bridge.", raised_by=meeting.members["Cathal"])
    seen = meeting.seen()
    assert (seen["status"], seen["minutes_taken"]["text"]) == ("minutes_agreed", "We met by the river.")
    assert seen["minutes_taken"] | {"corrections": []} == agreed["minutes_taken"]
    assert [one["text"] for one in seen["minutes_taken"]["corrections"]] == ["It was the old bridge."]


def _other(outcome: str) -> str:
    return "adopted" if outcome == "lapsed_no_quorum" else "lapsed_no_quorum"
