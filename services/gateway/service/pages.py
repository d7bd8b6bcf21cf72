"""The pages for people: made here in full, so that they work without script; they show what the API says, to the same roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, Response, make_response, redirect, render_template, request
from jinja2 import StrictUndefined
from pydantic_core import to_json
from werkzeug.exceptions import NotFound as NoSuchAddress
from werkzeug.wrappers import Response as AnyResponse

from contracts.errors import Invalid, NotFound, NotPermitted
from contracts.model import Contract
from contracts.partnerships import (
    DueItem,
    DueList,
    GetDue,
    GetNextSteps,
    GetPartnership,
    GetWantedFormats,
    ListPartnerships,
    NextSteps,
    PartnershipDetail,
    PartnershipPage,
    WantedFormats,
)
from contracts.permissions import leaves_a_record, may, permitted
from contracts.reporting import (
    FigurePage,
    FigureSummary,
    GetFigure,
    GetLineage,
    GetReport,
    Lineage,
    ListFigures,
    PublishedFigure,
    Report,
)
from contracts.sessions import (
    ActionPage,
    CalendarEntry,
    Certificate,
    GetCalendar,
    GetCertificate,
    GetLearning,
    GetSession,
    LearningRecord,
    ListActions,
    ListedAction,
    ListSessions,
    SessionDetail,
    SessionPage,
    SessionSummary,
)
from contracts.vocabulary import InformationFormat, SessionStatus, wording
from services.gateway.service.api import context_for, sent_on
from services.gateway.service.entrance import COOKIE, Entrance, from_own_page
from services.gateway.service.figures import Figures, bars, words
from services.gateway.service.house import House
from services.gateway.service.problems import Problem, problem
from services.gateway.service.routes import PREFIX
from shared import metrics

_YEAR = re.compile("(19|20|21)[0-9]{2}")
_WAY_BACK = re.compile(r"/(?!/)[A-Za-z0-9/_.?=&%:+-]*")
_TO_COME = frozenset({SessionStatus.planned, SessionStatus.published})
_LISTED = 20
_MOST = 200
_LARGE, _EASY = (InformationFormat.standard_print, InformationFormat.large_print), InformationFormat.easy_read
_RATINGS = ("5", "4", "3", "2", "1", "not_rated")


def add_pages(app: Flask, house: House, entrance: Entrance) -> None:
    """Put every page at its address."""
    pages = Pages(house, entrance)
    app.jinja_env.undefined = StrictUndefined  # a name that is not there is a fault, not an empty place
    app.jinja_env.globals.update(cookie=COOKIE, words=words)
    app.jinja_env.filters.update(moment=pages.moment, day=pages.day, lasting=lasting, words=wording.words)
    for method, path, view in (
        ("GET", "/sign-in", pages.sign_in_form),
        ("POST", "/sign-in", pages.sign_in),
        ("POST", "/sign-out", pages.sign_out),
        ("GET", "/", pages.partnerships),
        ("GET", "/partnerships/<partnership>", pages.partnership),
        ("GET", "/partnerships/<partnership>/reports/<year>", pages.report),
        ("GET", "/partnerships/<partnership>/reports/<year>.json", pages.report_as_json),
        ("GET", "/figures/<figure>", pages.figure),
        ("GET", "/sessions/<session>", pages.session),
        ("GET", "/sessions/<session>.ics", pages.calendar),
        ("GET", "/sessions/<session>/minutes", pages.minutes),
        ("GET", "/partnerships/<partnership>/members/<member>/cpd/<year>", pages.learning),
        ("GET", "/partnerships/<partnership>/members/<member>/certificate/<year>", pages.certificate),
    ):
        app.add_url_rule(path, f"page.{view.__name__}", view, methods=[method], provide_automatic_options=False)


def lasting(hours: Decimal) -> str:
    """How long something was, in whole numbers: hours and minutes."""
    whole, minutes = divmod(round(hours * 60), 60)
    told = [f"{count} {what if count == 1 else f'{what}s'}" for count, what in ((whole, "hour"), (minutes, "minute")) if count]
    return " and ".join(told) or "0 hours"


def _called(partnership: PartnershipDetail) -> dict[UUID, str]:
    """What to call each member: by name, or, where a role may not read names, by the side they take part from."""
    sides = {one.id: f"A member ({words(one.perspective.side).lower()})" for one in partnership.members}
    return sides | {one.id: one.name for one in partnership.members if one.name}


def _days(year: str) -> dict[str, str]:
    if not _YEAR.fullmatch(year):
        raise NoSuchAddress
    return {"since": f"{year}-01-01", "until": f"{year}-12-31"}


def refusal(said: Problem) -> AnyResponse:
    """A refusal as a page; whoever has to say who they are is shown where, and comes back afterwards."""
    if said.code == "unauthenticated":
        return redirect(f"/sign-in?next={quote(request.path)}", 303)
    response = make_response(render_template("refusal.html", problem=said), said.status)
    response.headers.update(said.headers)
    return response


class Pages:
    """The views."""

    def __init__(self, house: House, entrance: Entrance) -> None:
        self._house = house
        self._entrance = entrance
        self._zone = ZoneInfo(house.settings.time_zone)

    def sign_in_form(self) -> str:
        return render_template("sign_in.html", next=_way_back(request.args.get("next")), fault=None)

    def sign_in(self) -> AnyResponse:
        from_own_page(request)
        token, back = request.form.get("token", "").strip(), _way_back(request.form.get("next"))
        try:
            self._entrance.admit(token, request.remote_addr or "")
        except NotPermitted as refused:
            fault = problem(refused)
            metrics.refusals.labels("gateway", type(refused).__name__, refused.code).inc()
            return make_response(render_template("sign_in.html", next=back, fault=fault), fault.status)
        response = redirect(back, 303)
        # Behind a proxy only the browser knows that it came over TLS, and says so.
        safe = request.headers.get("Origin", "").startswith("https://")
        response.set_cookie(COOKIE, token, httponly=True, samesite="Strict", secure=safe)
        return response

    def sign_out(self) -> AnyResponse:
        from_own_page(request)
        response = redirect("/sign-in", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict")
        return response

    def partnerships(self) -> str:
        body = self._ask("partnerships.list_partnerships", ListPartnerships, after=request.args.get("after"))
        page = PartnershipPage.model_validate_json(body)
        return render_template("partnerships.html", page=page, region=self._house.settings.region, years=self._years())

    def partnership(self, partnership: str) -> str:
        found = self._partnership(partnership)
        members = [member for member in found.members if not member.ended]
        role = self._entrance.visitor(request).role
        sessions = list(self._sessions(partnership)) if may(role, "sessions.list_sessions") else None
        return render_template(
            "partnership.html",
            partnership=found,
            names=_called(found),
            members=members,
            sides=sorted(Counter(member.perspective.side for member in members).items()),
            former=len(found.members) - len(members),
            recorded=leaves_a_record(role, "partnerships.get_partnership", None),
            sessions=sessions and [one for one in sessions if one.status in _TO_COME],
            earlier=[one for one in reversed(sessions or []) if one.status not in _TO_COME],
            due=self._due(partnership) if may(role, "partnerships.get_due") else None,
            next_steps=self._next_steps(partnership) if may(role, "partnerships.get_next_steps") else None,
            actions=list(self._open_actions(partnership)) if may(role, "sessions.list_actions") else None,
            records=self._years()[:2] if may(role, "sessions.get_learning") else (),
            years=self._years(),
            opens=may(role, "sessions.get_session"),
        )

    def _due(self, partnership: str) -> list[list[DueItem]]:
        """What is to be seen to: the same thing for several members stands together, the most urgent first."""
        told = DueList.model_validate_json(self._ask("partnerships.get_due", GetDue, partnership=partnership))
        alike: dict[tuple[str | None, ...], list[DueItem]] = {}
        for one in told.items:
            alike.setdefault((one.kind, one.purpose, one.office), []).append(one)
        return list(alike.values())

    def _next_steps(self, partnership: str) -> NextSteps:
        return NextSteps.model_validate_json(self._ask("partnerships.get_next_steps", GetNextSteps, partnership=partnership))

    def _open_actions(self, partnership: str) -> Iterator[ListedAction]:
        """The actions that somebody is still to do, the one promised first at the top."""
        after = None
        while True:
            body = self._ask("sessions.list_actions", ListActions, partnership=partnership, open=True, after=after, limit=_MOST)
            page = ActionPage.model_validate_json(body)
            yield from page.items
            if (after := page.next) is None:
                return

    def _sessions(self, partnership: str) -> Iterator[SessionSummary]:
        """All sessions, by start."""
        after = None
        while True:
            body = self._ask("sessions.list_sessions", ListSessions, partnership=partnership, after=after, limit=_MOST)
            page = SessionPage.model_validate_json(body)
            yield from page.items
            if (after := page.next) is None:
                return

    def _years(self) -> Sequence[int]:
        """This year and the two before it, for those who may read reports."""
        this_year = datetime.now(self._zone).year
        return range(this_year, this_year - 3, -1) if may(self._entrance.visitor(request).role, "reporting.get_report") else ()

    def report(self, partnership: str, year: str) -> str:
        report = Report.model_validate_json(self._report(partnership, year))
        figures, said = Figures(report), report.feedback
        return render_template(
            "report.html",
            report=report,
            year=int(year),
            panels=list(figures.panels()),
            sections=list(figures.sections()),
            feedback=(
                ("What kind", bars(said.by_kind)),
                ("About what", bars(said.by_theme)),
                *([("Rated, 5 is best", bars(said.by_rating, _RATINGS))] if said.by_rating.keys() - {"not_rated"} else ()),
            ),
            published=[one for one in self._published(partnership) if one.period.startswith(year)],
            asked=request.args.get("as_known_at", ""),
            zone=self._house.settings.time_zone,
            api=f"{PREFIX}/partnerships/{report.partnership}/reports/{year}?quarters=true",
        )

    def figure(self, figure: str) -> str:
        found = PublishedFigure.model_validate_json(self._ask("reporting.get_figure", GetFigure, figure=figure))
        lineage = None
        if may(self._entrance.visitor(request).role, "reporting.get_lineage"):
            after = request.args.get("after", "0")
            if not after.isdecimal():
                raise NoSuchAddress
            lineage = Lineage.model_validate_json(self._ask("reporting.get_lineage", GetLineage, figure=figure, after=int(after)))
        return render_template("figure.html", figure=found, lineage=lineage)

    def learning(self, partnership: str, member: str, year: str) -> str:
        body = self._ask("sessions.get_learning", GetLearning, partnership=partnership, member=member, **_days(year))
        style = self._style(partnership, member, _LARGE)
        return render_template("learning.html", record=LearningRecord.model_validate_json(body), year=year, style=style, styles=_LARGE)

    def certificate(self, partnership: str, member: str, year: str) -> str:
        body = self._ask("sessions.get_certificate", GetCertificate, partnership=partnership, member=member, **_days(year))
        styles = (*_LARGE, _EASY)
        style = self._style(partnership, member, styles)
        template = "easy_certificate.html" if style is _EASY else "certificate.html"
        return render_template(template, given=Certificate.model_validate_json(body), year=year, style=style, styles=styles)

    def _style(self, partnership: str, member: str, styles: tuple[InformationFormat, ...]) -> InformationFormat:
        """How a paper is written: as a link asked for, else as its holder once asked for what is written (DAPB1605)."""
        asked = request.args.get("style")
        if asked in styles:
            return InformationFormat(asked)
        body = self._ask("partnerships.get_wanted_formats", GetWantedFormats, partnership=partnership, member=member)
        wanted = WantedFormats.model_validate_json(body).formats
        return next((one for one in wanted if one in styles), InformationFormat.standard_print)

    def session(self, session: str) -> str:
        found = SessionDetail.model_validate_json(self._ask("sessions.get_session", GetSession, session=session))
        about = self._partnership(found.partnership)
        role = self._entrance.visitor(request).role
        return render_template(
            "session.html",
            session=found,
            partnership=about.name,
            names=_called(about),
            to_come=found.status in _TO_COME,
            came=sum(one.status.startswith("attended") for one in found.attendance) or len(found.present),
            objections=[one for proposal in found.proposals for one in proposal.objections],
            recorded=leaves_a_record(role, "sessions.get_session", None),
        )

    def calendar(self, session: str) -> Response:
        entry = CalendarEntry.model_validate_json(self._ask("sessions.get_calendar", GetCalendar, session=session))
        return Response(entry.calendar, mimetype="text/calendar", headers={"Content-Disposition": 'attachment; filename="session.ics"'})

    def minutes(self, session: str) -> str:
        """The minutes to print, with the names of those who consent to it."""
        found = SessionDetail.model_validate_json(self._ask("sessions.get_session", GetSession, session=session))
        if (minutes := found.minutes_taken) is None:
            raise NotFound("no_minutes", "No minutes of this session were written.")
        shown = {one.member for one in minutes.people if one.member}
        return render_template("minutes.html", session=found, minutes=minutes, names=self._names(found.partnership, shown))

    def _names(self, partnership: UUID, members: set[UUID]) -> dict[UUID, str]:
        """What to call each of these members; nobody is looked at for none."""
        return _called(self._partnership(partnership)) if members else {}

    def _partnership(self, partnership: UUID | str) -> PartnershipDetail:
        body = self._ask("partnerships.get_partnership", GetPartnership, partnership=str(partnership))
        return PartnershipDetail.model_validate_json(body)

    def _published(self, partnership: str) -> tuple[FigureSummary, ...]:
        body = self._ask("reporting.list_figures", ListFigures, partnership=partnership, limit=_LISTED)
        return FigurePage.model_validate_json(body).items

    def report_as_json(self, partnership: str, year: str) -> Response:
        return Response(self._report(partnership, year), mimetype="application/json")

    def moment(self, instant: datetime) -> str:
        """An instant as people of the region write it."""
        return instant.astimezone(self._zone).strftime("%-d %B %Y, %H:%M")

    def day(self, when: date) -> str:
        """A day, or the day of an instant, as people of the region write it."""
        return (when.astimezone(self._zone) if isinstance(when, datetime) else when).strftime("%-d %B %Y")

    def _report(self, partnership: str, year: str) -> bytes:
        if not _YEAR.fullmatch(year):
            raise NoSuchAddress
        known = self._instant(request.args.get("as_known_at", "").strip())
        return self._ask("reporting.get_report", GetReport, partnership=partnership, period=year, as_known_at=known, quarters=True)

    def _instant(self, text: str) -> str | None:
        """What a date-time field holds has no offset: it is the region's own time."""
        if not text:
            return None
        try:
            given = datetime.fromisoformat(text)
            return (given if given.tzinfo else given.replace(tzinfo=self._zone)).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            raise Invalid("not_a_time", "This is not a date and a time.", field="as_known_at") from None

    def _ask(self, operation: str, contract: type[Contract], **fields: Any) -> bytes:
        principal = self._entrance.visitor(request)
        service, _, verb = operation.partition(".")
        permitted(service, verb, principal.role)
        return sent_on(self._house, operation, contract.parse(to_json(fields)), context_for(principal))


def _way_back(text: str | None) -> str:
    return text if text and _WAY_BACK.fullmatch(text) else "/"
