import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, template_rendered
from werkzeug.test import TestResponse

from contracts.errors import NotFound, Unavailable
from contracts.examples import EXAMPLES
from contracts.examples.cast import FIGURE, PARTNERSHIP, SESSION
from contracts.partnerships import NextSteps, PartnershipDetail, PartnershipPage, PartnershipSummary, WantedFormats
from contracts.reporting import PublishedFigure
from contracts.sessions import ActionPage, Certificate, LearningRecord, MinutedPerson, SessionDetail, SessionPage
from contracts.vocabulary import (
    ActionStage,
    CompositionShortfall,
    InformationFormat,
    PartnershipStatus,
    Perspective,
    SessionStatus,
    Side,
    SystemRole,
)
from services.gateway.service.pages import lasting
from tests.gateway_fixture import Alone, a_year

PARTNERSHIP_PAGE = f"/partnerships/{UUID(int=1)}"
REPORT = f"/partnerships/{UUID(int=1)}/reports/2025"
OWN = {"Sec-Fetch-Site": "same-origin"}


@contextmanager
def refusals(alone: Alone) -> Iterator[list[str]]:
    """The codes of the refusals that pages are made of meanwhile."""
    codes: list[str] = []

    def rendered(_app: Flask, context: dict[str, Any], **_: Any) -> None:
        codes.append(context["problem"].code)

    with template_rendered.connected_to(rendered, alone.client.application):
        yield codes


@pytest.fixture
def alone(gateway: Alone) -> Alone:
    made = gateway.anew()
    made.calls.told["reporting.get_report"] = a_year().model_dump_json().encode()
    return made


@pytest.fixture
def inside(alone: Alone) -> Alone:
    """Somebody has signed in."""
    alone.client.set_cookie("comhar", alone.token())
    return alone


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def text(response: TestResponse) -> str:
    """What a reader of the page reads."""
    parser = _Words()
    parser.feed(response.text)
    return re.sub(r"\s+", " ", " ".join(parser.words))


def sign_in(alone: Alone, token: str, **form: str) -> TestResponse:
    return alone.client.post("/sign-in", data={"token": token, **form}, headers=OWN)


# Published figures


def test_a_report_names_what_was_published_of_its_year(inside: Alone) -> None:
    page = inside.client.get(REPORT)
    assert "2025Q2 15 July 2025, 11:00 29 entries, witnessed no" in text(page)
    assert f'href="/figures/{FIGURE}"' in page.text
    assert "29 entries" not in text(inside.client.get(REPORT.replace("2025", "2024")))


def test_a_publication_tells_what_it_was_computed_from(inside: Alone) -> None:
    page = text(inside.client.get(f"/figures/{FIGURE}"))
    assert "The first 29 entries of comhar/ABH" in page
    assert "Witnessed Yes, 15 July 2025" in page
    assert "24 19 March 2025, 14:00 action agreed: owner side joint, original due 2025-05-30 CP-10 2025Q2 n" in page


def test_what_nobody_witnessed_is_said_to_be_unwitnessed(inside: Alone) -> None:
    kept = EXAMPLES[PublishedFigure].model_copy(update={"witnessed": None})
    inside.calls.told["reporting.get_figure"] = kept.model_dump_json().encode()
    assert "Not witnessed: nobody but the region itself says" in text(inside.client.get(f"/figures/{FIGURE}"))


def test_who_may_not_see_the_facts_sees_the_publication_without_them(alone: Alone) -> None:
    alone.client.set_cookie("comhar", alone.token(SystemRole.partnership_coordinator))
    page = alone.client.get(f"/figures/{FIGURE}")
    assert page.status_code == 200
    assert "action agreed" not in text(page)


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40])
def test_a_page_of_facts_that_cannot_be_is_no_page(inside: Alone, after: str) -> None:
    assert inside.client.get(f"/figures/{FIGURE}?after={after}").status_code in {404, 422}


# Signing in and out


def test_whoever_has_not_signed_in_is_asked_to_and_comes_back_afterwards(alone: Alone) -> None:
    asked = alone.client.get(REPORT)
    assert (asked.status_code, asked.headers["Location"]) == (303, f"/sign-in?next={REPORT}")
    form = alone.client.get(asked.headers["Location"])
    assert f'name="next" value="{REPORT}"' in form.text
    done = sign_in(alone, alone.token(), next=REPORT)
    assert (done.status_code, done.headers["Location"]) == (303, REPORT)
    assert alone.client.get(REPORT).status_code == 200


def test_the_cookie_is_hidden_from_script_and_from_other_sites(alone: Alone) -> None:
    cookie = sign_in(alone, alone.token()).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie


def test_the_cookie_stays_on_tls_when_the_browser_came_over_it(alone: Alone) -> None:
    headers = {**OWN, "Origin": "https://comhar.example"}
    response = alone.client.post("/sign-in", data={"token": alone.token()}, headers=headers)
    assert "Secure" in response.headers["Set-Cookie"]


def test_a_wrong_token_is_refused_on_the_page_and_not_shown_again(alone: Alone) -> None:
    response = sign_in(alone, "my-secret-guess")
    assert response.status_code == 401
    assert "A token that is good now is needed." in text(response)
    assert "my-secret-guess" not in response.text
    assert "Set-Cookie" not in response.headers


def test_after_ten_wrong_tokens_it_is_time_to_wait(alone: Alone) -> None:
    assert [sign_in(alone, "guess").status_code for _ in range(11)] == [401] * 10 + [429]


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", ""])
def test_signing_in_leads_nowhere_else(alone: Alone, back: str) -> None:
    assert sign_in(alone, alone.token(), next=back).headers["Location"] == "/"


def test_signing_out_forgets_the_cookie(inside: Alone) -> None:
    assert inside.client.post("/sign-out", headers=OWN).status_code == 303
    assert inside.client.get("/").status_code == 303


@pytest.mark.parametrize("address", ["/sign-in", "/sign-out"])
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {}],
)
def test_a_form_from_another_site_is_refused(inside: Alone, address: str, headers: dict[str, str]) -> None:
    with refusals(inside) as codes:
        response = inside.client.post(address, data={"token": inside.token()}, headers=headers)
    assert (response.status_code, codes) == (403, ["foreign_form"])
    assert "another site" in text(response)


def test_an_old_browser_that_only_tells_its_origin_may_sign_in(alone: Alone) -> None:
    response = alone.client.post("/sign-in", data={"token": alone.token()}, headers={"Origin": "http://localhost"})
    assert response.status_code == 303


def test_a_form_of_great_length_is_refused(alone: Alone) -> None:
    assert sign_in(alone, "x" * 5_000).status_code == 413


# The list


def test_the_list_leads_to_every_report(inside: Alone) -> None:
    one = PartnershipSummary(id=UUID(int=1), name="By the <river>", org_unit="ABH-1", status=PartnershipStatus.active)
    inside.calls.told["partnerships.list_partnerships"] = PartnershipPage(items=(one,), next="a=b&c").model_dump_json().encode()
    page = inside.client.get("/?after=cursor")
    assert "By the <river>" in text(page)
    assert page.text.count(f'href="/partnerships/{UUID(int=1)}/reports/') == 3
    assert 'href="/?after=a%3Db%26c"' in page.text
    assert json.loads(inside.calls.asked[0].body)["after"] == "cursor"


def test_the_list_leads_nobody_to_a_report_that_their_role_may_not_read(alone: Alone) -> None:
    alone.client.set_cookie("comhar", alone.token(SystemRole.finance_officer))
    one = PartnershipSummary(id=UUID(int=1), name="By the river", org_unit="ABH-1", status=PartnershipStatus.active)
    alone.calls.told["partnerships.list_partnerships"] = PartnershipPage(items=(one,), next=None).model_dump_json().encode()
    page = alone.client.get("/")
    assert (f'"/partnerships/{UUID(int=1)}"' in page.text, f"/partnerships/{UUID(int=1)}/reports" in page.text) == (True, False)


def test_an_empty_region_says_so(inside: Alone) -> None:
    inside.calls.told["partnerships.list_partnerships"] = PartnershipPage(items=(), next=None).model_dump_json().encode()
    assert "There is no partnership here yet." in text(inside.client.get("/"))


# One partnership


def detail() -> PartnershipDetail:
    """The example, as it comes over the broker."""
    return PartnershipDetail.model_validate_json(EXAMPLES[PartnershipDetail].model_dump_json())


def test_a_partnership_shows_who_belongs_to_it_and_what_is_to_come(inside: Alone) -> None:
    """Ended memberships are counted and not named; sessions that were held are not to come."""
    shown = detail()
    gone = shown.members[0].model_copy(update={"id": UUID(int=9), "name": "Gone", "ended": shown.members[0].joined})
    both = shown.model_copy(update={"members": (*shown.members, gone)})
    inside.calls.told["partnerships.get_partnership"] = both.model_dump_json().encode()
    [held] = SessionPage.model_validate_json(EXAMPLES[SessionPage].model_dump_json()).items
    coming = held.model_copy(update={"status": SessionStatus.published, "starts": datetime(2027, 1, 20, 14, 0, tzinfo=UTC)})
    inside.calls.told["sessions.list_sessions"] = SessionPage(items=(held, coming), next=None).model_dump_json().encode()
    page = text(inside.client.get(PARTNERSHIP_PAGE))
    assert "Aoife Ní Bhriain Own lived experience Service user none 15 January 2025 Joined" in page
    assert "1 belong to it now, by side: lived experience 1." in page
    assert "1 belonged to it before" in page
    assert "Gone" not in page
    assert "20 January 2027, 14:00" in page
    assert page.index("Earlier sessions") < page.index("19 March 2025")
    assert "Certificate: 2026 2025" in page
    assert "Interests to renew" in page
    assert "That you looked at these words is recorded." in page
    assert json.loads(inside.calls.asked[-1].body)["open"] is True
    [*_, step] = NextSteps.model_validate_json(EXAMPLES[NextSteps].model_dump_json()).steps
    assert f"{step.why} {step.how} {step.source}" in page


def test_a_session_is_found_on_the_page_of_its_partnership_and_leads_back(inside: Alone) -> None:
    """What was decided on each side, which objections there were, what came of it, and where the minutes are."""
    shown = inside.client.get(f"/sessions/{SESSION}")
    page = text(shown)
    for said in (
        "Co-design workshop, 19 March 2025",
        "The first letter people get",
        "Carried on both sides",
        "Integrated",
        "read or print",
    ):
        assert said in page
    assert f'href="/partnerships/{PARTNERSHIP}"' in shown.text
    assert f'href="/sessions/{SESSION}"' in inside.client.get(f"/sessions/{SESSION}/minutes").text


def test_a_decision_on_the_page_of_a_session_tells_of_which_side_somebody_declined_to_say(inside: Alone) -> None:
    session = EXAMPLES[SessionDetail]
    assert isinstance(session, SessionDetail)
    decisions = (session.decisions[0].model_copy(update={"declined_by_side": ((Side.lived_experience, 2), (Side.other, 1))}),)
    inside.calls.told["sessions.get_session"] = session.model_copy(update={"decisions": decisions}).model_dump_json().encode()
    said = text(inside.client.get(f"/sessions/{SESSION}"))
    assert "; 2 declined to say (lived experience); 1 declined to say (other)" in said


def test_a_session_to_come_goes_into_a_calendar_by_a_click(inside: Alone) -> None:
    detail = SessionDetail.model_validate_json(EXAMPLES[SessionDetail].model_dump_json())
    inside.calls.told["sessions.get_session"] = detail.model_copy(update={"status": SessionStatus.published}).model_dump_json().encode()
    assert f'href="/sessions/{SESSION}.ics"' in inside.client.get(f"/sessions/{SESSION}").text
    entry = inside.client.get(f"/sessions/{SESSION}.ics")
    assert (entry.mimetype, entry.text.startswith("BEGIN:VCALENDAR\r\n")) == ("text/calendar", True)


def test_whoever_may_not_read_names_sees_sides_on_the_page_of_a_session(inside: Alone) -> None:
    nameless = detail()
    unnamed = tuple(one.model_copy(update={"name": None}) for one in nameless.members)
    inside.calls.told["partnerships.get_partnership"] = nameless.model_copy(update={"members": unnamed}).model_dump_json().encode()
    page = text(inside.client.get(f"/sessions/{SESSION}"))
    assert "A member (lived experience)" in page
    assert "Aoife" not in page


def test_whoever_may_not_open_a_session_is_led_to_none_and_may_sign_in_as_somebody_else(alone: Alone) -> None:
    alone.client.set_cookie("comhar", alone.token(SystemRole.finance_officer))
    shown = alone.client.get(PARTNERSHIP_PAGE).text
    assert "/sessions/" not in shown
    assert 'href="/sign-in"' in alone.client.get(f"/sessions/{SESSION}").text


def test_what_is_overdue_is_said_in_words(inside: Alone) -> None:
    inside.calls.told["partnerships.get_partnership"] = detail().model_dump_json().encode()
    [one] = ActionPage.model_validate_json(EXAMPLES[ActionPage].model_dump_json()).items
    late = one.model_copy(
        update={"title": "Write <it> anew", "original_due": date(2025, 4, 30), "stage": ActionStage.blocked, "overdue": True}
    )
    inside.calls.told["sessions.list_actions"] = ActionPage(on=date(2025, 6, 1), items=(late,), next=None).model_dump_json().encode()
    assert re.search(r"Write <it> anew \w+ 30 April 2025 [\w ]+ Blocked, overdue", text(inside.client.get(PARTNERSHIP_PAGE)))
    inside.calls.told["sessions.list_actions"] = ActionPage(on=date(2025, 6, 1), items=(), next=None).model_dump_json().encode()
    assert "None is open." in text(inside.client.get(PARTNERSHIP_PAGE))


def test_who_may_not_see_names_or_sessions_sees_the_partnership_without_them(alone: Alone) -> None:
    bare = detail()
    nameless = bare.model_copy(update={"members": tuple(member.model_copy(update={"name": None}) for member in bare.members)})
    alone.calls.told["partnerships.get_partnership"] = nameless.model_dump_json().encode()
    alone.client.set_cookie("comhar", alone.token(SystemRole.responder))
    page = text(alone.client.get(PARTNERSHIP_PAGE))
    assert "Not shown to your role" in page
    assert "Sessions to come" not in page
    assert "Open actions" not in page
    assert "is recorded" not in page
    assert [asked.method for asked in alone.calls.asked] == ["get_partnership"]


def test_a_partnership_says_what_it_lacks(inside: Alone) -> None:
    shown = detail()
    assert shown.composition is not None
    short = shown.composition.model_copy(
        update={"breached_since": datetime(2025, 3, 28, 12, 0, tzinfo=UTC), "shortfalls": (CompositionShortfall.lived_share,)}
    )
    lacking = shown.model_copy(update={"composition": short, "terms_of_reference": None, "members": ()})
    inside.calls.told["partnerships.get_partnership"] = lacking.model_dump_json().encode()
    inside.calls.told["sessions.list_sessions"] = SessionPage(items=(), next=None).model_dump_json().encode()
    page = text(inside.client.get(PARTNERSHIP_PAGE))
    assert "Short of its rule since 28 March 2025: lived share" in page
    for lack in ("None are agreed yet", "None is planned.", "Nobody has joined yet."):
        assert lack in page


# The report


def test_the_report_shows_figures_with_what_was_counted_and_how_it_is_doing(inside: Alone) -> None:
    shown = text(inside.client.get(REPORT))
    assert "By the <river> & sea" in shown
    assert "45.5 % 3 of 4 ▼ below the aim" in shown
    assert "58.3 % 3 of 4 ● within the aim" in shown
    assert "55 % 3 of 4 ↗ better than Q1" in shown


def test_the_report_says_what_is_hidden_and_why(inside: Alone) -> None:
    shown = text(inside.client.get(REPORT))
    assert "hidden fewer than five answers" in shown
    assert "hidden it would give a hidden figure away" in shown
    assert "none nothing to count" in shown
    assert "few cases" in shown


def test_the_report_asks_for_the_year_with_its_quarters_as_whoever_looks(inside: Alone) -> None:
    inside.client.get(REPORT)
    asked = inside.calls.asked[0]
    message = json.loads(asked.body)
    assert (message["period"], message["quarters"], message["as_known_at"]) == ("2025", True, None)
    assert asked.context.role == SystemRole.regional_operator


def test_the_report_says_when_it_was_known_in_the_regions_own_time_and_on_what_it_rests(inside: Alone) -> None:
    shown = text(inside.client.get(REPORT))
    assert "As known on 14 July 2025, 13:00" in shown
    assert "partnerships up to number 7, sessions up to number 15" in shown


def test_another_time_is_asked_for_in_the_regions_own_time(inside: Alone) -> None:
    page = inside.client.get(f"{REPORT}?as_known_at=2025-07-01T12:00")
    assert json.loads(inside.calls.asked[0].body)["as_known_at"] == "2025-07-01T11:00:00Z"
    assert "What was recorded later is not in it." in text(page)
    assert "2025.json?as_known_at=2025-07-01T12%3A00" in page.text


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("yesterday", "not_a_time"),
        ("0001-01-01T00:00", "invalid_message"),
        ("9999-12-31T23:59", "invalid_message"),
        ("2025-07-01T12:00+99:00", "not_a_time"),
        ("<b>", "not_a_time"),
    ],
)
def test_a_time_that_is_none_is_refused_kindly(inside: Alone, asked: str, code: str) -> None:
    with refusals(inside) as codes:
        page = inside.client.get(REPORT, query_string={"as_known_at": asked})
    assert (page.status_code, codes) == (422, [code])
    assert asked not in page.text
    assert inside.calls.asked == []


@pytest.mark.parametrize("year", ["25", "2025Q1", "3025", "year"])
def test_a_year_that_is_none_has_no_page(inside: Alone, year: str) -> None:
    assert inside.client.get(f"/partnerships/{UUID(int=1)}/reports/{year}").status_code == 404


def test_the_same_figures_can_be_had_as_they_are(inside: Alone) -> None:
    response = inside.client.get(f"{REPORT}.json")
    assert (response.mimetype, response.data) == ("application/json", a_year().model_dump_json().encode())


def test_the_chart_has_a_table_beside_it_and_describes_itself(inside: Alone) -> None:
    page = inside.client.get(REPORT).text
    assert 'aria-label="Lived-experience share of members: Q1 45.5 per cent, Q2 50 per cent, Q3 70 per cent' in page
    assert page.count("<table") > 3


@pytest.mark.parametrize("address", ["/", PARTNERSHIP_PAGE, REPORT, "/sign-in", "/nowhere"])
def test_a_page_needs_neither_script_nor_style_of_its_own(inside: Alone, address: str) -> None:
    page = inside.client.get(address).text
    assert "<script" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    assert '<html lang="en">' in page


def test_the_stylesheet_and_the_picture_are_there(alone: Alone) -> None:
    for name, mimetype in (("comhar.css", "text/css"), ("comhar.svg", "image/svg+xml")):
        response = alone.client.get(f"/static/{name}")
        assert (response.status_code, response.mimetype) == (200, mimetype)
        response.close()


# Refusals


def test_a_role_that_may_not_read_reports_is_told_so(alone: Alone) -> None:
    alone.client.set_cookie("comhar", alone.token(SystemRole.responder))
    page = alone.client.get(REPORT)
    assert page.status_code == 403
    assert "The role you act in does not permit this." in text(page)


def test_a_partnership_that_is_not_there_is_said_kindly(inside: Alone) -> None:
    inside.calls.told["reporting.get_report"] = NotFound("no_such_partnership", "There was no such partnership at that time.")
    page = inside.client.get(REPORT)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "There was no such partnership at that time." in text(page)


def test_a_page_that_cannot_be_made_now_says_when_to_come_again(inside: Alone) -> None:
    inside.calls.told["reporting.get_report"] = Unavailable("timeout", "Not now.")
    page = inside.client.get(REPORT)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "1")


def test_a_page_that_is_not_there_is_a_page(alone: Alone) -> None:
    page = alone.client.get("/nowhere")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "There is nothing at this address." in text(page)


def test_a_method_a_page_does_not_take_is_told_which_it_takes(alone: Alone) -> None:
    page = alone.client.post("/")
    assert (page.status_code, page.headers["Allow"]) == (405, "GET, HEAD")


MEMBER = f"/partnerships/{UUID(int=1)}/members/{UUID(int=2)}"


def wanting(alone: Alone, *formats: InformationFormat) -> None:
    """Somebody whose papers are looked at asked for these formats once."""
    told = EXAMPLES[WantedFormats].model_copy(update={"formats": formats})
    alone.calls.told["partnerships.get_wanted_formats"] = told.model_dump_json().encode()


def test_learning_can_be_printed_with_its_evidence(inside: Alone) -> None:
    wanting(inside)
    record = EXAMPLES[LearningRecord]
    assert isinstance(record, LearningRecord)
    inside.calls.told["sessions.get_learning"] = record.model_dump_json().encode()
    said = text(inside.client.get(f"{MEMBER}/cpd/2025"))
    for part in ("2.5 hours, of which 2.5 participatory", "co-design workshop", "19 March 2025", record.entries[0].minutes_digest):
        assert str(part) in said
    untold = record.entries[0].model_copy(update={"hours": None, "participatory_hours": None, "minutes_digest": None, "topics": ()})
    inside.calls.told["sessions.get_learning"] = record.model_copy(update={"entries": (untold,)}).model_dump_json().encode()
    said = text(inside.client.get(f"{MEMBER}/cpd/2025"))
    assert ("not said" in said, "not shown" in said, "minutes not agreed yet" in said) == (True, True, True)


def test_a_certificate_can_be_printed_in_the_members_own_words(inside: Alone) -> None:
    wanting(inside)
    given = EXAMPLES[Certificate]
    assert isinstance(given, Certificate)
    inside.calls.told["sessions.get_certificate"] = given.model_dump_json().encode()
    said = text(inside.client.get(f"{MEMBER}/certificate/2025"))
    assert "took part in 1 session of this partnership in 2025, 2.5 hours in all" in said
    assert f"in their own words {given.raised[0]}" in said
    assert "They saw 1 action through to the end." in said
    inside.calls.told["sessions.get_certificate"] = (
        given.model_copy(update={"sessions": (), "raised": (), "actions_completed": 0}).model_dump_json().encode()
    )
    said = text(inside.client.get(f"{MEMBER}/certificate/2025"))
    assert "took part in 0 sessions" in said
    assert "in their own words" not in said


def test_a_certificate_in_easy_read_says_one_thing_to_a_line(inside: Alone) -> None:
    wanting(inside, InformationFormat.braille, InformationFormat.easy_read)
    given = EXAMPLES[Certificate]
    assert isinstance(given, Certificate)
    page = inside.client.get(f"{MEMBER}/certificate/2025")
    paper = page.text[page.text.index("<h1>") : page.text.index("</main>")]
    lines = [unescape(re.sub("<[^>]+>", "", line)).strip() for line in re.findall(r"<p>(.+?)</p>", paper, re.DOTALL)]
    assert {"You came to 1 meeting.", "You were there for 2 hours and 30 minutes.", given.raised[0], "You did this 1 time."} <= set(lines)
    assert [line for line in lines if line not in given.raised and len(line.split()) > 15] == []
    assert ('<html lang="en">' in page.text, page.text.count("<h1>"), "<table" in page.text) == (True, 1, False)
    nothing = given.model_copy(update={"sessions": (), "hours": Decimal(0), "raised": (), "actions_completed": 0})
    inside.calls.told["sessions.get_certificate"] = nothing.model_dump_json().encode()
    said = text(inside.client.get(f"{MEMBER}/certificate/2025"))
    assert "You came to 0 meetings. Thank you." in said


@pytest.mark.parametrize(
    ("wanted", "asked", "written"),
    [
        ((), "", "standard_print"),
        (("braille",), "", "standard_print"),
        (("large_print", "easy_read"), "", "large_print"),
        (("easy_read",), "?style=standard_print", "standard_print"),
        ((), "?style=easy_read", "easy_read"),
        (("easy_read",), "?style=braille", "easy_read"),
    ],
)
def test_a_certificate_is_written_as_its_holder_asked_or_as_a_link_asks(
    inside: Alone, wanted: tuple[str, ...], asked: str, written: str
) -> None:
    wanting(inside, *map(InformationFormat, wanted))
    page = inside.client.get(f"{MEMBER}/certificate/2025{asked}").text
    assert f'<div class="{written}">' in page
    offered = {"standard_print", "large_print", "easy_read"} - {written}
    assert set(re.findall(r'href="\?style=(\w+)"', page)) == offered


def test_a_record_of_learning_comes_in_large_print(inside: Alone) -> None:
    wanting(inside, InformationFormat.easy_read, InformationFormat.large_print)
    assert '<div class="large_print">' in inside.client.get(f"{MEMBER}/cpd/2025").text


@pytest.mark.parametrize(
    ("hours", "told"),
    [("0", "0 hours"), ("0.25", "15 minutes"), ("1", "1 hour"), ("2.02", "2 hours and 1 minute"), ("12.5", "12 hours and 30 minutes")],
)
def test_how_long_something_was_is_told_in_whole_numbers(hours: str, told: str) -> None:
    assert lasting(Decimal(hours)) == told


MINUTES = f"/sessions/{SESSION}/minutes"


def minuted(inside: Alone, **changed: Any) -> str:
    """The page of the minutes of a session, after its minutes were changed; the partnership knows its members by name."""
    session, partnership = EXAMPLES[SessionDetail], EXAMPLES[PartnershipDetail]
    assert isinstance(session, SessionDetail)
    assert isinstance(partnership, PartnershipDetail)
    assert session.minutes_taken
    session = session.model_copy(update={"minutes_taken": session.minutes_taken.model_copy(update=changed)})
    inside.calls.told["sessions.get_session"] = session.model_dump_json().encode()
    inside.calls.told["partnerships.get_partnership"] = partnership.model_dump_json().encode()
    return text(inside.client.get(MINUTES))


def test_minutes_are_printed_with_the_names_of_those_who_consent_to_it(inside: Alone) -> None:
    aoife = EXAMPLES[MinutedPerson]
    assert isinstance(aoife, MinutedPerson)
    provider = aoife.model_copy(update={"member": None, "perspective": Perspective.leadership, "chaired": False, "accepted": False})
    said = minuted(inside, people=(aoife, provider))
    assert "Agreed by both sides on 19 March 2025" in said
    assert "Aoife Ní Bhriain Attended Yes Yes" in said
    assert "A member (provider) Attended" in said
    assert "The hall was the one by the river. (Aoife Ní Bhriain)" in said


def test_minutes_in_which_nobody_is_named_ask_for_no_names(inside: Alone) -> None:
    shown = EXAMPLES[MinutedPerson]
    assert isinstance(shown, MinutedPerson)
    nobody = shown.model_copy(update={"member": None, "status": None, "accepted": False})
    said = minuted(inside, people=(nobody,), corrections=(), agreed=None, text=None)
    assert "A member (lived experience) Not said" in said
    assert ("Not agreed yet" in said, "Not shown to your role" in said) == (True, True)
    assert [(asked.service, asked.method) for asked in inside.calls.asked] == [("sessions", "get_session")]


def test_a_session_without_minutes_has_none_to_print(inside: Alone) -> None:
    session = EXAMPLES[SessionDetail]
    assert isinstance(session, SessionDetail)
    inside.calls.told["sessions.get_session"] = session.model_copy(update={"minutes_taken": None}).model_dump_json().encode()
    with refusals(inside) as codes:
        assert inside.client.get(MINUTES).status_code == 404
    assert codes == ["no_minutes"]


@pytest.mark.parametrize("paper", ["cpd", "certificate"])
def test_a_paper_of_a_year_that_is_none_is_no_page(inside: Alone, paper: str) -> None:
    assert inside.client.get(f"{MEMBER}/{paper}/MMXXV").status_code == 404
