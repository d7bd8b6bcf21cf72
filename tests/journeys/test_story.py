"""A person's way through the whole system, over HTTP: partnership, session, decision, action, feedback, report, and back in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.client import Refused, Region
from tests.regions import Running
from tests.server_process import wait_until

AT = "2026-03-10T10:00:00Z"


@pytest.fixture
def api(region: Running) -> Region:
    """The region, for somebody who runs partnerships."""
    return region.region()


def test_from_a_proposal_to_a_closed_loop_and_back_to_before_the_last_fact(region: Running, api: Region) -> None:
    """Everything an operator does in a season; then an auditor sees what was known before the last of it."""
    partnership = api.post("/v1/partnerships", {**_proposal("Cuan Recovery Forum"), "happened": AT})["id"]
    members = _join_everybody(api, partnership)
    _begin(api, partnership, members)

    session = api.post("/v1/sessions", {"partnership": partnership, "kind": "co_design_workshop", "mode": "hybrid", "starts": AT})["id"]
    path = f"/v1/sessions/{session}"
    api.post(f"{path}/invitations", {"members": list(members.values())})
    item = api.post(f"{path}/agenda", {"title": "A quieter waiting room", "origin": "raised_by_member", "raised_by": members["Sorcha"]})[
        "made"
    ]
    came = [{"member": member, "status": "attended"} for member in members.values()]
    spoke = [{"side": "lived_experience", "count": 7}, {"side": "provider", "count": 5}]
    held = {"chaired_by": [members["Sorcha"]], "attendance": came, "contributions": spoke, "discussed": [item], "happened": AT}
    api.post(f"{path}/hold", held)
    api.post(f"{path}/pulse", {"answers": [{"side": "lived_experience", "heard": 5}], "happened": AT})
    closed = {
        "title": "Try it for a month",
        "method": "consent",
        "outcome": "adopted",
        "lived_experience": [1, 0, 0],
        "provider": [1, 0, 0],
    }
    decision = api.post(f"{path}/decisions", {**closed, "happened": AT})["made"]
    todo = {"decision": decision, "title": "Move the radio", "owner_side": "provider", "original_due": "2026-03-20"}
    action = api.post(f"{path}/actions", {**todo, "happened": AT})["made"]
    api.post(f"{path}/actions/{action}/start", {"happened": "2026-03-11T09:00:00Z"})
    api.post(f"{path}/actions/{action}/block", {"happened": "2026-03-12T09:00:00Z", "reason": "no_staff"})
    (open_action,) = api.get("/v1/actions", partnership=partnership, overdue="true", on="2026-03-21")["items"]
    assert (open_action["title"], open_action["stage"], open_action["overdue"]) == ("Move the radio", "blocked", True)
    moved = {"happened": "2026-03-18T09:00:00Z", "evidence": "service_change", "text": "The radio stands in the day room."}
    api.post(f"{path}/actions/{action}/complete", moved)
    assert api.get("/v1/actions", partnership=partnership, open="true")["items"] == []

    said = {
        "partnership": partnership,
        "session": session,
        "kind": "suggestion",
        "relation": "carer",
        "anonymity": "named",
        "channel": "web",
    }
    feedback = api.post("/v1/feedback", {**said, "text": "It was so loud that my son left.", "happened": "2026-03-11T09:00:00Z"})["id"]
    api.post(f"/v1/feedback/{feedback}/theme", {"theme": "access"})
    api.post(f"/v1/feedback/{feedback}/responses", {"text": "The radio has moved.", "happened": "2026-03-18T10:00:00Z"})
    api.post(f"/v1/feedback/{feedback}/outcome", {"outcome": "change_made"})
    last = api.post(f"/v1/feedback/{feedback}/told", {})

    figures = {figure["code"]: figure for figure in api.get(f"/v1/partnerships/{partnership}/reports/2026Q1")["figures"]}
    assert [figures[code]["value"] for code in ("CP-01", "CP-02", "CP-05", "CP-06", "CP-09", "CP-10", "CP-12", "CP-13")] == [
        50.0, 50.0, 58.3, 100.0, 100.0, 100.0, 100.0, 4.0,
    ]  # fmt: skip
    assert api.get(f"/v1/partnerships/{partnership}/reports/2026Q1")["feedback"]["loops_closed"] == 1
    assert api.get(f"/v1/feedback/{feedback}")["text"] == "It was so loud that my son left."

    auditor = region.region("governance_auditor")
    auditor.know({last["source"]: last["position"]})
    now = auditor.get(f"/v1/audit/partnerships/{partnership}")
    before = auditor.get(f"/v1/audit/partnerships/{partnership}", to_entry=now["last_entry"] - 1)
    assert (now["loops_closed"], before["loops_closed"], before["entries"]) == (1, 0, now["entries"] - 1)
    assert region.json("audit", "replay", "--partnership", partnership, "--to-position", str(now["last_entry"] - 1)) == before
    assert auditor.get("/v1/audit/completeness")["whole"]


def test_a_partnership_rests_goes_on_and_ends_for_good(api: Region) -> None:
    """While it rests, and after it has ended, no session can be planned; an ended partnership does not begin again."""
    partnership = api.post("/v1/partnerships", {**_proposal("Rinn Forum"), "happened": AT})["id"]
    path, plan = f"/v1/partnerships/{partnership}", {"partnership": partnership, "kind": "trialogue", "mode": "online"}
    _begin(api, partnership, _join_everybody(api, partnership))
    api.post(f"{path}/pause", {"reason": "agreed_break", "happened": "2026-04-01T10:00:00Z"})
    _refused(api, "/v1/sessions", {**plan, "starts": "2026-05-05T10:00:00Z"}, "partnership_paused", "/partnership")
    assert (api.get(path)["status"], api.get(path)["pause_reason"]) == ("paused", "agreed_break")
    api.post(f"{path}/resume", {"happened": "2026-05-01T10:00:00Z"})
    api.post("/v1/sessions", {**plan, "starts": "2026-05-05T10:00:00Z"})
    api.post(f"{path}/close", {"reason": "purpose_achieved", "happened": "2026-06-01T10:00:00Z"})
    _refused(api, "/v1/sessions", {**plan, "starts": "2026-06-05T10:00:00Z"}, "partnership_closed", "/partnership")
    _refused(api, f"{path}/activate", {}, "partnership_closed", None)
    _refused(api, f"{path}/resume", {}, "partnership_closed", None)


def test_a_partnership_says_who_must_take_part_and_tells_when_somebody_is_missing(api: Region) -> None:
    """It does not begin until enough have joined; when one leaves, it is known from that day until somebody comes."""
    partnership = api.post("/v1/partnerships", {**_proposal("Trá Forum"), "happened": AT})["id"]
    path, members = f"/v1/partnerships/{partnership}", _join_everybody(api, partnership)
    rule = {"lived_experience": 2, "provider": 1, "lived_share": 50, "quorum_lived_experience": 1, "quorum_provider": 1}
    api.post(f"{path}/composition", {**rule, "happened": AT})
    with pytest.raises(Refused, match="composition_not_met"):
        _begin(api, partnership, members)
    una = api.post(f"{path}/members", _person("Una", "carer", "lived_experience_family_carer"))["made"]
    api.post(f"{path}/activate", {"happened": AT})
    assert (api.get(path)["status"], api.get(path)["composition"]["breached_since"]) == ("active", None)
    api.post(f"{path}/members/{una}/end", {"reason": "moved_away", "happened": "2026-05-01T10:00:00Z"})
    short = api.get(path)["composition"]
    assert (short["breached_since"], short["shortfalls"]) == ("2026-05-01T10:00:00Z", ["lived_experience"])
    api.post(f"{path}/members", {**_person("Rory", "service_user", "lived_experience_self"), "happened": "2026-06-01T10:00:00Z"})
    assert api.get(path)["composition"]["breached_since"] is None


def test_who_held_what_on_a_day_is_answered_as_known_then_and_as_known_now(api: Region) -> None:
    """Somebody is nominated, joins, holds office, changes sides; months later it turns out that a date was wrong."""
    path = f"/v1/partnerships/{api.post('/v1/partnerships', {**_proposal('Inis Forum'), 'happened': AT})['id']}"
    stands = {**_person("Una", "carer", "lived_experience_family_carer"), "selection": "election"}
    una = api.post(f"{path}/nominations", stands)["made"]
    api.post(f"{path}/nominations/{una}/invite", {"happened": AT})
    assert [(one["status"], one["name"]) for one in api.get(path)["nominees"]] == [("invited", "Una")]
    api.post(f"{path}/nominations/{una}/join", {"happened": "2026-04-01T10:00:00Z"})
    member = f"{path}/members/{una}"
    api.post(f"{member}/offices", {"office": "secretary", "until": "2026-10-01T10:00:00Z", "happened": "2026-04-01T10:00:00Z"})
    api.post(f"{member}/leave", {"happened": "2026-05-01T10:00:00Z"})
    api.post(f"{member}/return", {"happened": "2026-06-01T10:00:00Z"})
    version = api.post(f"{member}/perspective", {"perspective": "professional", "happened": "2026-07-01T10:00:00Z"})["version"]

    def stood(on: str, **known: str) -> list[tuple[str, str, list[str]]]:
        standing = api.get(f"{path}/standing", on=f"{on}T10:00:00Z", **known)["members"]
        return [(one["status"], one["perspective"], one["offices"]) for one in standing]

    carer = "lived_experience_family_carer"
    assert stood("2026-03-09") == []
    assert stood("2026-03-20") == [("invited", carer, [])]
    assert stood("2026-05-09") == [("on_leave", carer, ["secretary"])]
    assert stood("2026-07-09") == [("joined", "professional", ["secretary"])]
    assert stood("2026-10-01") == [("joined", "professional", [])]
    known = api.get(f"{path}/standing")["known_at"]
    api.post(f"{member}/corrections", {"entry": version, "at": "2026-08-01T10:00:00Z"})
    assert stood("2026-07-09") == [("joined", carer, ["secretary"])]
    assert stood("2026-07-09", known_at=known) == [("joined", "professional", ["secretary"])]
    entry = next(entry for entry in api.get(f"{member}/history")["entries"] if entry["entry"] == version)
    assert (entry["at"], entry["corrected"], entry["struck"]) == ("2026-08-01T10:00:00Z", True, False)


def test_who_withdraws_consent_to_take_part_is_a_member_no_more(api: Region) -> None:
    """A member consents, declares an interest, offers what they bring; then no longer wants to take part."""
    path = f"/v1/partnerships/{api.post('/v1/partnerships', {**_proposal('Ard Forum'), 'happened': AT})['id']}"
    una = api.post(f"{path}/members", _person("Una", "carer", "lived_experience_family_carer"))["made"]
    member, text = f"{path}/members/{una}", {"text": "participation-3", "explained": "easy_read", "happened": AT}
    api.post(f"{member}/consents", {"purpose": "participation", **text})
    interest = api.post(f"{member}/interests", {"interest": "indirect", "words": "My brother runs the café.", "happened": AT})["made"]
    skill = api.post(f"{member}/skills", {"area": "teaching", "happened": AT})["made"]
    api.post(f"{member}/skills/use", {"skill": skill, "happened": AT})
    (entry,) = api.get(f"{path}/interests")["entries"]
    assert (entry["renewal_due"], entry["current"], entry["interests"][0]["words"]) == (
        "2027-03-10T10:00:00Z",
        True,
        "My brother runs the café.",
    )
    api.post(f"{member}/interests/end", {"declaration": interest})
    api.post(f"{member}/interests", {"interest": "nil"})
    api.post(f"{member}/interests/confirm", {})
    api.post(f"{member}/consents/withdraw", {"purpose": "participation"})
    assert api.get(f"{member}/participation")["consents"][0]["withdrawn"]
    (left,) = api.get(path)["members"]
    assert (left["status"], left["end_reason"]) == ("ended", "consent_withdrawn")


def test_somebody_is_offered_a_payment_and_whoever_claims_it_does_not_approve_it(region: Running, api: Region) -> None:
    """By the rate card, before the session; finance approves and pays."""
    path = f"/v1/partnerships/{api.post('/v1/partnerships', {**_proposal('Gort Forum'), 'happened': AT})['id']}"
    una = api.post(f"{path}/members", _person("Una", "carer", "lived_experience_family_carer"))["made"]
    card = {"edition": 1, "currency": "EUR", "rates": [{"kind": "involvement_payment", "amount": "75.00"}]}
    api.post(f"{path}/rate-card", card)
    assert api.get(f"{path}/rate-card")["rates"] == card["rates"]
    offer = {"partnership": path.rpartition("/")[2], "member": una, "kind": "involvement_payment"}
    _refused(api, "/v1/payments", {**offer, "amount": "75.01"}, "above_rate", "/amount")
    payment = f"/v1/payments/{api.post('/v1/payments', offer)['id']}"
    for step in ("accept", "claim"):
        api.post(f"{payment}/{step}", {})
    _refused(region.region("regional_operator"), f"{payment}/paid", {}, "payment_not_there_yet", None)
    finance = region.region("finance_officer")
    wait_until(lambda: "Gort Forum" in {one["name"] for one in finance.every("/v1/partnerships")}, "finance sees whom it pays for", 30)
    for step in ("approve", "paid"):
        finance.post(f"{payment}/{step}", {})
    assert (finance.get(payment)["state"], finance.get(payment)["amount"]) == ("paid", "75.00")


def test_what_somebody_needs_is_flagged_shared_with_consent_and_met(region: Running, api: Region) -> None:
    """Large print: seen at the beginning, said by the member, told to the venue once the member agrees; the member has the last word."""
    path = f"/v1/partnerships/{api.post('/v1/partnerships', {**_proposal('Cloch Forum'), 'happened': AT})['id']}"
    member = f"{path}/members/{api.post(f'{path}/members', _person('Una', 'carer', 'lived_experience_family_carer'))['made']}"
    helper = region.region("access_coordinator")
    seen = {"category": "communication_support", "identified_by": "relative_or_carer"}
    need = {"need": helper.post(f"{member}/access-needs/identify", seen)["made"]}
    _refused(helper, f"{member}/access-needs/flag", need, "need_not_recorded", "/need")
    helper.post(f"{member}/access-needs/record", {**need, "category": "information_format", "wanted": "large_print"})
    helper.post(f"{member}/access-needs/flag", need)
    told = {**need, "shared_with": "venue"}
    _refused(helper, f"{member}/access-needs/share", told, "sharing_without_consent", "/need")
    api.post(f"{member}/consents", {"purpose": "access_needs_sharing", "text": "sharing-1", "explained": "easy_read"})
    helper.post(f"{member}/access-needs/share", told)
    helper.post(f"{member}/access-needs/met", {**need, "met": True})
    region.region("member").post(f"{member}/access-needs/confirm", {**need, "met": False, "confirmed_by": "member"})
    helper.post(f"{member}/access-needs/review", {**need, "outcome": "still_needed"})
    (now,) = helper.get(f"{member}/access-needs")["needs"]
    assert (now["stage"], now["category"], now["flagged"]) == ("reviewed", "information_format", True)
    assert (now["met"], now["not_met"], now["confirmed"]) == (0, 1, 1)


def test_what_members_answer_about_equality_is_counted_in_tens_and_goes_when_they_withdraw(region: Running, api: Region) -> None:
    """Twelve say yes and ten no: of the ten nobody is told, or the rest could be reckoned. One withdraws; the count that was told stays."""
    path = f"/v1/partnerships/{api.post('/v1/partnerships', {**_proposal('Comhionann Forum'), 'happened': AT})['id']}"
    person = _person("Una", "service_user", "lived_experience_self")
    members = [f"{path}/members/{api.post(f'{path}/members', person)['made']}" for _ in range(22)]
    theirs = region.region("member")
    monitoring = {"purpose": "equality_monitoring"}
    for number, member in enumerate(members):
        said = {"answers": [{"ground": "disability", "answer": "yes" if number < 12 else "no"}]}
        if number == 0:
            _refused(theirs, f"{member}/equality", said, "monitoring_without_consent", "/member")
        api.post(f"{member}/consents", {**monitoring, "text": "equality-1", "explained": "spoken"})
        theirs.post(f"{member}/equality", said)
    quarter = f"/v1/equality/{_quarter_before(datetime.now(UTC))}"
    _refused(region.region("partnership_coordinator"), quarter, {}, "role_not_permitted", None)
    api.post(quarter, {})
    counted = api.get(quarter)
    told = {cell["answer"]: cell["people"] for cell in counted["cells"] if cell["ground"] == "disability"}
    assert (told.pop("yes"), set(told.values())) == (12, {None})

    api.post(f"{members[0]}/consents/withdraw", monitoring)
    officer, person_data = region.region("data_protection_officer"), f"/v1/persons/{members[0].rpartition('/')[2]}/data"

    def answered() -> dict[str, Any]:
        (one,) = (item for item in officer.get(person_data, reason="subject_request")["held"] if "equality. The answers" in item["what"])
        return dict(one)

    wait_until(lambda: bool(answered()["forgotten"]), "what was answered is destroyed", 30)
    assert answered()["words"] is None
    assert api.get(quarter) == counted


def test_whoever_consented_for_a_time_takes_part_for_that_time(api: Region) -> None:
    """Nobody calls for it: when the consent is over the membership has ended, as of then."""
    path = f"/v1/partnerships/{api.post('/v1/partnerships', {**_proposal('Tamall Forum'), 'happened': AT})['id']}"
    member = api.post(f"{path}/members", _person("Una", "carer", "lived_experience_family_carer"))["made"]
    until = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    consent = {"purpose": "participation", "text": "participation-1", "explained": "spoken", "until": until}
    api.post(f"{path}/members/{member}/consents", consent)

    def una() -> dict[str, Any]:
        (one,) = api.get(path)["members"]
        return dict(one)

    wait_until(lambda: una()["status"] == "ended", "the membership has ended", 30)
    assert (datetime.fromisoformat(una()["ended"]), una()["end_reason"]) == (datetime.fromisoformat(until), "consent_withdrawn")


def test_both_sides_say_how_far_a_piece_of_work_was_made_together(api: Region) -> None:
    """Intended, rated by each side for itself, agreed at the review."""
    partnership = api.post("/v1/partnerships", {**_proposal("Coill Forum"), "happened": AT})["id"]
    work = {"name": "Evening clinic", "stage": "co_design", "legal_basis": "public_involvement_duty", "intended": "co_production"}
    item = f"/v1/work-items/{api.post('/v1/work-items', {**work, 'partnership': partnership})['id']}"
    api.post(f"{item}/ratings", {"side": "lived_experience", "degree": "co_design"})
    _refused(api, f"{item}/agree", {"degree": "co_design"}, "not_rated_on_both_sides", None)
    api.post(f"{item}/ratings", {"side": "provider", "degree": "co_production"})
    api.post(f"{item}/agree", {"degree": "co_design"})
    told = api.get(item)
    assert (told["intended"], told["rated"], told["agreed"], told["band"]) == (
        "co_production",
        {"lived_experience": "co_design", "provider": "co_production"},
        "co_design",
        "involving",
    )


def test_what_is_refused_leaves_no_trace(region: Running, api: Region) -> None:
    """A stranger, a member of another partnership, somebody who left, a partnership that has not begun: each by its code and field."""
    partnership = api.post("/v1/partnerships", {**_proposal("Sliabh Forum"), "happened": AT})["id"]
    members = _join_everybody(api, partnership)
    plan = {"partnership": partnership, "kind": "trialogue", "mode": "online", "starts": AT}
    _refused(api, "/v1/sessions", plan, "partnership_not_active", "/partnership")
    _refused(api, "/v1/sessions", {**plan, "partnership": str(uuid4())}, "no_such_partnership", "/partnership")
    _begin(api, partnership, members)
    api.post(f"/v1/partnerships/{partnership}/members/{members['Tadhg']}/end", {"reason": "moved_away", "happened": AT})
    other = api.post("/v1/partnerships", {**_proposal("Another"), "happened": AT})["id"]
    stranger = api.post(f"/v1/partnerships/{other}/members", _person("Una", "service_user", "lived_experience_self"))["made"]
    session = api.post("/v1/sessions", plan)["id"]
    facts = api.get(f"/v1/sessions/{session}")["version"]
    for member, code in ((members["Tadhg"], "membership_ended"), (stranger, "not_a_member"), (str(uuid4()), "not_a_member")):
        _refused(api, f"/v1/sessions/{session}/invitations", {"members": [member]}, code, "/members")
    _refused(api, f"/v1/sessions/{session}/pulse", {"answers": [{"side": "provider", "heard": 3}]}, "session_not_held", None)
    assert api.get(f"/v1/sessions/{session}")["version"] == facts


def test_a_command_sent_twice_is_one_and_a_key_names_one_command(api: Region) -> None:
    """The same key and body is the same answer; the same key and another body is refused."""
    key = uuid4()
    first = api.post("/v1/partnerships", _proposal("Once"), idempotency_key=key)
    assert api.post("/v1/partnerships", _proposal("Once"), idempotency_key=key) == first
    with pytest.raises(Refused, match="idempotency_key_reused"):
        api.post("/v1/partnerships", _proposal("Twice"), idempotency_key=key)


def test_only_what_was_seen_is_changed(region: Running, api: Region) -> None:
    """A stale If-Match is 412; the current one goes through; an unchanged thing is 304."""
    partnership = api.post("/v1/partnerships", _proposal("Seen"))["id"]
    _join_everybody(api, partnership)
    url, token = f"{region.address}/v1/partnerships/{partnership}", {"Authorization": f"Bearer {region.token()}"}
    drafts = f"{url}/terms-of-reference/drafts"
    seen = httpx.get(url, headers=token)
    terms = {"edition": 1, "document": "0" * 64}
    stale = httpx.post(drafts, json=terms, headers={**token, "Idempotency-Key": str(uuid4()), "If-Match": '"1"'})
    fresh = httpx.post(drafts, json=terms, headers={**token, "Idempotency-Key": str(uuid4()), "If-Match": seen.headers["ETag"]})
    assert (stale.status_code, stale.json()["code"], fresh.status_code) == (412, "stale_version", 200)
    assert httpx.get(url, headers={**token, "If-None-Match": fresh.headers["ETag"]}).status_code == httpx.codes.NOT_MODIFIED


def test_a_revoked_token_opens_nothing(region: Running) -> None:
    """Within a second, and for good."""
    token = region.run("token", "create", "spare", "--role", "responder").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{region.address}/v1/partnerships", headers=headers).is_success
    region.run("token", "revoke", str(UUID(token.split("_")[1])))
    wait_until(lambda: _refuses(region.address, headers), "the token opens nothing", 5)
    assert any(one["id"] == token.split("_")[1] and one["revoked"] for one in region.json("token", "list"))


def _refuses(address: str, headers: dict[str, str]) -> bool:
    return httpx.get(f"{address}/v1/partnerships", headers=headers).status_code == httpx.codes.UNAUTHORIZED


def _refused(api: Region, path: str, body: dict[str, Any], code: str, pointer: str | None) -> None:
    with pytest.raises(Refused) as refusal:
        api.post(path, body)
    problem = refusal.value.problem
    assert (problem["code"], [error["pointer"] for error in problem["errors"]]) == (code, [pointer] if pointer else [])


def _proposal(name: str) -> dict[str, Any]:
    return {"name": name, "org_unit": "CUAN-IHA2", "setting": "recovery_education", "level": "organisational"}


def _person(name: str, role: str, perspective: str) -> dict[str, Any]:
    return {"name": name, "role": role, "perspective": perspective, "happened": AT}


def _join_everybody(api: Region, partnership: str) -> dict[str, str]:
    people = [_person("Sorcha", "service_user", "lived_experience_self"), _person("Tadhg", "service_manager", "leadership")]
    return {person["name"]: api.post(f"/v1/partnerships/{partnership}/members", person)["made"] for person in people}


def _begin(api: Region, partnership: str, members: dict[str, str]) -> None:
    for member in members.values():
        api.post(f"/v1/partnerships/{partnership}/co-chairs", {"member": member, "happened": AT})
    api.post(f"/v1/partnerships/{partnership}/terms-of-reference", {"edition": 1, "document": "0" * 64, "happened": AT})
    api.post(f"/v1/partnerships/{partnership}/activate", {"happened": AT})


def _quarter_before(now: datetime) -> str:
    year, quarter = (now.year, (now.month - 1) // 3) if now.month > 3 else (now.year - 1, 4)
    return f"{year}Q{quarter}"
