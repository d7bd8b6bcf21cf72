"""Figures that are published: counted from the cases they name, computed again to the same bytes, never cut, never overwritten."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.audit import EntrySummary, LedgerHead, Moment
from contracts.model import Fact
from contracts.partnerships import PartnershipProposed
from contracts.reporting import (
    DefinitionUsed,
    FigurePublished,
    FigureTraced,
    GetFigure,
    GetLineage,
    GetReport,
    LineageFact,
    ListFigures,
    PublishFigures,
    ReproduceFigure,
    TracedNumber,
)
from contracts.vocabulary import (
    AgendaItemOrigin,
    CoproductionLevel,
    DecisionOutcome,
    Degree,
    MembershipEndReason,
    ObjectionState,
    SettingType,
    Side,
)
from services.reporting.application import Reports
from services.reporting.domain.calendar import Period
from services.reporting.domain.history import History
from services.reporting.domain.indicators import INDICATORS, figures, traces
from services.reporting.domain.indicators.measuring import Scope
from services.reporting.domain.publication import Computed, Publications, each, figure_files, runs, together
from services.reporting.views import Dossiers, Figures
from shared import ranges
from shared.application import FactMapper
from shared.days import Jurisdiction
from shared.ranges import Origin, Seen
from shared.store import Row
from tests.given import NOW, PARTNERSHIP, STORE, STREAM, context, fact, model, recorder, refused, sealer, stamp
from tests.pure.test_indicators import EMPLOYED, IRELAND, LE, PROVIDER, QUARTERS, Meeting, action, feedback, joined, on
from tests.pure.test_indicators_people import asked, claimed, consented, declared, left, need, offered, work_item

ROOT = "7b" * 32
PERIOD = "2025Q4"
FIGURE = UUID(int=77)
DECIDED = UUID(int=78)
LONGEST_FACT = 64_000


def proposed() -> Fact:
    what = {"org_unit": "ABH-1", "setting": SettingType.day_hospital, "level": CoproductionLevel.strategic}
    return fact(PartnershipProposed, happened=on(date(2025, 1, 8)), stream=PARTNERSHIP, name="By the river", **what)


def meeting(day: date) -> list[Fact]:
    held = Meeting(day, (Side.lived_experience,)).invited(LE, 7, 6).invited(PROVIDER, 6, 5).invited(EMPLOYED, 1, 1)
    held.raised(AgendaItemOrigin.raised_by_member, LE).raised(AgendaItemOrigin.standing, None)
    held.raised(AgendaItemOrigin.raised_by_member, PROVIDER)
    held.contributed(Side.lived_experience, 14).contributed(Side.provider, 25)
    held.heard(Side.lived_experience, 2, 3, 4, 5, 5, 4).heard(Side.provider, 4, 4, 5, 3, 5)
    held.decided(DecisionOutcome.adopted, (5, 0, 0), (5, 0, 0), quorate=True, decision=DECIDED)
    objected = ((Side.lived_experience, ObjectionState.integrated), (Side.lived_experience, ObjectionState.ruled_preference))
    held.decided(DecisionOutcome.adopted, (1, 3, 1), (5, 0, 0), quorate=False, objections=objected)
    held.decided(DecisionOutcome.not_adopted, (1, 5, 0), (3, 2, 0))
    facts = [*held.facts(), *asked(held, held.came[0], met=True, confirmed=True), *asked(held, held.came[1], met=False)]
    facts += [*offered(held, held.came[0], day), *claimed(day, paid=day), *claimed(day), need(held.came[2], date(2025, 1, 15))]
    return [
        *facts,
        *work_item(Degree.co_design, Degree.co_design, reviewed=day),
        *work_item(Degree.co_design, Degree.engagement, reviewed=day),
    ]


def year() -> list[Fact]:
    """A year in which every indicator has something to count."""
    (aoife,) = joined(LE)
    facts = [proposed(), aoife, *consented(aoife), *declared(aoife), *joined(LE, 6), *joined(PROVIDER, 6), *joined(EMPLOYED)]
    facts += left(joined(LE)[0], date(2025, 11, 12), MembershipEndReason.not_heard)
    facts += action(date(2025, 6, 30), on(date(2025, 6, 1)), decision=DECIDED)
    for day in QUARTERS.values():
        facts += [*meeting(day), *action(day, on(day)), *action(day, on(date(2025, 12, 30))), *action(day), *action(day, cancelled=True)]
        facts += [*feedback(day, day), *feedback(day, date(2025, 12, 20)), *feedback(day)]
    return facts


class OnFile:
    """The ledger as reporting asks for it: the facts it was given, each an entry, between others that are nobody's business."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.lines: list[tuple[str, int, bytes]] = []
        self.root = ROOT
        self.witnessed_entries = 0
        self.learn(facts)

    def learn(self, facts: Sequence[Fact]) -> None:
        for one in facts:
            position = len(self.lines) + 1
            source = one.type.partition(".")[0]
            stored = FactMapper().to_stored_event(one)
            row = Row(position, one.stream, one.version, one.type, stored.state)
            self.lines += [(source, position, ranges.line(Origin("ABH", source, STORE), row)), ("gateway", position, b"{}")]

    def head(self, entries: int | None = None) -> LedgerHead:
        return LedgerHead(origin="comhar/ABH", size=entries or len(self.lines), root=self.root, signed=NOW, witnessed=None)

    def moment(self, as_known_at: datetime) -> Moment:
        return Moment(
            entries=self.witnessed_entries, as_known_at=as_known_at, effective=None, witnessed=NOW if self.witnessed_entries else None
        )

    def entries(self, partnership: UUID, to_entry: int) -> Iterator[tuple[int, str, int, bytes]]:
        assert partnership == PARTNERSHIP
        for number, (source, position, line) in enumerate(self.lines[:to_entry], 1):
            if source != "gateway":
                yield number, source, position, line

    def describe(self, numbers: Sequence[int]) -> Sequence[EntrySummary]:
        what: dict[str, Any] = {"type": "t", "source": "s", "position": 1, "happened": NOW, "recorded": NOW, "says": "said"}
        return [EntrySummary(number=number, **what, proof=f"/proof/{number}") for number in numbers]


class Publishing:
    """Reporting over a ledger on file, whose views learn what was recorded at once."""

    def __init__(self, folder: Path, ledger: OnFile, country: str = "IE") -> None:
        self.store = recorder(folder, "reporting")
        self.views = model(Figures, folder, "reporting")
        self.read = 0
        self.ledger = ledger
        self.reports = Reports(
            self.store,
            sealer(folder, "reporting"),
            model(Dossiers, folder, "reporting"),
            self.views,
            source="reporting",
            jurisdiction=Jurisdiction(country, ZoneInfo("Europe/Dublin")),
            ledger=ledger,
            code="0.1.0",
        )

    def publish(self, *, as_of: int | None = None, command: UUID | None = None) -> UUID:
        asked = PublishFigures(partnership=PARTNERSHIP, period=PERIOD, as_of_entry=as_of)
        made = self.reports.publish_figures(command=asked, context=context(command=command)).made
        self.learn()
        assert made
        return made

    def learn(self) -> None:
        received = ranges.after(self.store, "ABH", "reporting", self.read)
        with self.views.database.transaction() as tx:
            Figures.view.apply(Figures.view.within(tx), list(ranges.facts(received)))
        self.read = received.last

    def lines(self) -> list[tuple[int, bytes]]:
        return list(enumerate(ranges.after(self.store, "ABH", "reporting", 0).lines, 900))


@pytest.fixture
def publishing(tmp_path: Path) -> Publishing:
    return Publishing(tmp_path, OnFile(year()))


@pytest.mark.parametrize("period", ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2025"])
def test_every_count_is_the_facts_it_names(period: str) -> None:
    """n, d and every component that is a count, of every indicator: as many as the cases named, or what those add up to."""
    facts = year()
    history = History().after(facts)
    found = {figure.code: figure for figure in figures(history, [Period.of(period)], IRELAND)}
    named = {(trace.code, trace.number): trace for trace in traces(history, Period.of(period), IRELAND)}
    sums = {"le_sum", "prov_sum"}
    for code, figure in found.items():
        told = {"n": figure.n, "d": figure.d, **figure.components}
        counts = {number: count for number, count in told.items() if count is not None and number not in sums}
        assert {number for of, number in named if of == code} == set(counts)
        for number, count in counts.items():
            trace = named[code, number]
            behind = [facts[place - 1] for place in trace.facts]
            assert count == sum(one.model_dump()["count"] if trace.sums == "count" else 1 for one in behind), (code, number)
    assert {code for code, _ in named} == {indicator.definition.code for indicator in INDICATORS}


def test_what_is_counted_in_a_share_is_counted_in_its_whole() -> None:
    """Case by case; the pulse answers of CP-17 are no attendances, and CP-13 has no whole."""
    named = {(one.code, one.number): one for one in traces(History().after(year()), Period.of("2025"), IRELAND)}
    shares = {code for code, number in named if number == "d"} - {"CP-17"}
    assert len(shares) == len(INDICATORS) - 5
    assert [code for code in shares if not set(named[code, "n"].facts) <= set(named[code, "d"].facts)] == []


def test_there_is_something_to_count_for_every_indicator() -> None:
    found = figures(History().after(year()), [Period.of("2025")], IRELAND)
    assert [figure.code for figure in found if figure.value is None] == []


def test_a_decision_that_made_a_figure_is_found_by_its_number() -> None:
    facts = year()
    history = History().after(facts)
    [n, d] = [trace for trace in traces(history, Period.of(PERIOD), IRELAND) if trace.code == "CP-06"]
    assert [facts[place - 1].type for place in d.facts] == ["sessions.DecisionClosed.v1"] * 2
    assert set(n.facts) < set(d.facts)
    assert Scope(history, Period.of(PERIOD), IRELAND).sessions()[0].decisions[0].facts == [n.facts[0]]


def test_what_a_case_rests_on_is_named_beside_it() -> None:
    facts = [proposed(), *action(date(2025, 10, 20), on(date(2025, 10, 15)))]
    [n] = [trace for trace in traces(History().after(facts), Period.of(PERIOD), IRELAND) if (trace.code, trace.number) == ("CP-10", "n")]
    assert (n.facts, n.rests_on) == ((2,), (3,))


def test_what_was_offered_rests_on_the_offer_and_what_was_carried_out_on_its_actions() -> None:
    facts = year()
    found = {(one.code, one.number): one for one in traces(History().after(facts), Period.of("2025"), IRELAND)}
    kinds = {code: {facts[place - 1].type.split(".")[1] for place in found[code, "n"].rests_on} for code in ("CP-11", "CP-21", "CP-25")}
    assert kinds == {
        "CP-11": {"ActionAgreed", "ActionCompleted"},
        "CP-21": {"PaymentOffered"},
        "CP-25": {"ConsentGranted", "InterestDeclared"},
    }


def test_as_of_an_entry_exactly_the_entries_up_to_it_count(publishing: Publishing) -> None:
    """Each contribution counts from the entry on that tells of it."""
    ends = [
        number for number, (_, _, line) in enumerate(publishing.ledger.lines, 1) if b'"side":"lived_experience","kind":"spoken"' in line
    ]
    assert len(ends) == len(QUARTERS)
    for told, end in enumerate(ends):
        assert [contributions(publishing, end - 1), contributions(publishing, end)] == [14 * told or None, 14 * (told + 1)]


def contributions(publishing: Publishing, entry: int) -> int | None:
    """Those of the lived-experience side in the year; None while there are none of anybody."""
    query = GetReport(partnership=PARTNERSHIP, period="2025", as_of_entry=entry)
    report = publishing.reports.get_report(query=query, context=context())
    assert report.as_of_entry == entry
    [figure] = [figure for figure in report.figures if figure.code == "CP-05"]
    return figure.n if figure.d else None


def test_an_instant_is_the_first_checkpoint_witnessed_from_then_on(publishing: Publishing) -> None:
    """Without witnesses it goes by the times of the facts, of which this service has read none here."""
    query = GetReport(partnership=PARTNERSHIP, period="2025", as_known_at=NOW)
    with refused("no_such_partnership"):
        publishing.reports.get_report(query=query, context=context())
    publishing.ledger.witnessed_entries = 60
    witnessed = publishing.reports.get_report(query=query, context=context())
    held = publishing.reports.get_report(query=GetReport(partnership=PARTNERSHIP, period="2025", as_of_entry=60), context=context())
    assert (witnessed.witnessed, witnessed.as_known_at, witnessed.figures) == (NOW, NOW, held.figures)
    assert held.witnessed is None


def test_by_a_day_what_had_not_happened_is_left_out(publishing: Publishing) -> None:
    asked = GetReport(partnership=PARTNERSHIP, period="2025", as_of_entry=len(publishing.ledger.lines), effective=date(2025, 6, 30))
    found = {figure.code: figure.d for figure in publishing.reports.get_report(query=asked, context=context()).figures}
    assert found["CP-06"] == 4


def test_what_is_published_is_computed_again_to_the_same_bytes(publishing: Publishing) -> None:
    """Also after more has become known."""
    figure = publishing.publish()
    publishing.ledger.learn(meeting(date(2025, 11, 19)))
    again = publishing.reports.reproduce_figure(query=ReproduceFigure(figure=figure))
    assert (again.same, again.published, again.differs) == (True, again.computed, ())
    kept = publishing.reports.get_figure(query=GetFigure(figure=figure))
    assert hashlib.sha256(kept.report.encode()).hexdigest() == kept.digest == again.published
    assert json.loads(kept.report)["as_of_entry"] == kept.size


def test_a_late_fact_makes_a_new_publication_that_names_the_old(publishing: Publishing) -> None:
    first = publishing.publish()
    publishing.ledger.learn(meeting(date(2025, 11, 19)))
    second = publishing.publish()
    old, new = (publishing.reports.get_figure(query=GetFigure(figure=figure)) for figure in (first, second))
    assert (new.supersedes, old.superseded_by, new.superseded_by) == (first, second, None)
    assert new.digest != old.digest
    listed = publishing.reports.list_figures(query=ListFigures(partnership=PARTNERSHIP, period=PERIOD))
    assert [one.figure for one in listed.items] == [second, first]
    assert publishing.reports.list_figures(query=ListFigures(partnership=PARTNERSHIP, period="2025")).items == ()


def test_pages_of_publications_follow_one_another(publishing: Publishing) -> None:
    figures_ = []
    for day in (3, 4, 5):
        figures_.append(publishing.publish())
        publishing.ledger.learn(meeting(date(2025, 11, day)))
    found, after = [], None
    while True:
        page = publishing.reports.list_figures(query=ListFigures(partnership=PARTNERSHIP, after=after, limit=1))
        found += [one.figure for one in page.items]
        if (after := page.next) is None:
            break
    assert found == figures_[::-1]


def test_the_same_command_again_publishes_nothing_twice(publishing: Publishing) -> None:
    command = uuid4()
    assert publishing.publish(command=command) == publishing.publish(command=command)
    assert len(publishing.reports.list_figures(query=ListFigures(partnership=PARTNERSHIP)).items) == 1


def test_nothing_is_published_twice_from_the_same_entries_nor_from_fewer(publishing: Publishing) -> None:
    publishing.publish()
    for size in (None, 100):
        with refused("published_already"):
            publishing.publish(as_of=size)


def test_a_publication_nobody_made_is_not_found(publishing: Publishing) -> None:
    with refused("not_found"):
        publishing.reports.get_figure(query=GetFigure(figure=FIGURE))


def another_root(ledger: OnFile) -> None:
    ledger.root = "00" * 32


def an_entry_gone(ledger: OnFile) -> None:
    ledger.lines[2] = ("gateway", 2, b"{}")


def another_name(ledger: OnFile) -> None:
    source, position, line = ledger.lines[0]
    ledger.lines[0] = (source, position, line.replace(b"river", b"ocean"))


def nothing_left(ledger: OnFile) -> None:
    ledger.lines = [("gateway", position, b"{}") for position in range(len(ledger.lines))]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (another_root, "The ledger's root"),
        (an_entry_gone, "not those that were read"),
        (another_name, "not the same to the byte"),
        (nothing_left, "knows nothing"),
    ],
)
def test_a_ledger_that_is_another_is_told(publishing: Publishing, change: Callable[[OnFile], None], says: str) -> None:
    figure = publishing.publish()
    change(publishing.ledger)
    again = publishing.reports.reproduce_figure(query=ReproduceFigure(figure=figure))
    assert not again.same
    assert any(says in sentence for sentence in again.differs)


def test_days_of_another_country_are_told(tmp_path: Path) -> None:
    ledger = OnFile(year())
    figure = Publishing(tmp_path, ledger).publish()
    abroad = Publishing(tmp_path, ledger, country="GB").reports.reproduce_figure(query=ReproduceFigure(figure=figure))
    assert "another country" in abroad.differs[0]


def test_a_lineage_names_each_fact_once_with_all_it_is_counted_in(publishing: Publishing) -> None:
    figure = publishing.publish()
    whole: list[LineageFact] = []
    after = 0
    while True:
        page = publishing.reports.get_lineage(query=GetLineage(figure=figure, after=after, limit=7))
        whole += page.facts
        if page.next is None:
            break
        after = page.next
    assert [one.number for one in whole] == sorted({one.number for one in whole})
    decisions = publishing.reports.get_lineage(query=GetLineage(figure=figure, indicator="CP-06"))
    assert [one.counted_in for one in decisions.facts] == [("CP-06 2025Q4 n", "CP-06 2025Q4 d"), ("CP-06 2025Q4 d",)]
    assert all(one.proof == f"/proof/{one.number}" for one in decisions.facts)
    with refused("no_such_indicator"):
        publishing.reports.get_lineage(query=GetLineage(figure=figure, indicator="CP-99"))


def test_how_many_facts_are_named_gives_no_hidden_cell_away(tmp_path: Path) -> None:
    held = Meeting(date(2025, 11, 19)).heard(Side.lived_experience, 4, 4, 4, 4, 4).heard(Side.provider, 4, 4, 4)
    publishing = Publishing(tmp_path, OnFile([proposed(), *held.facts()]))
    publishing.publish()
    [(_, body)] = figure_files(publishing.lines())
    named = {cell["code"] for cell in json.loads(body)["cells"]}
    assert "CP-15" in named
    assert not named & {"CP-15 provider", "CP-16"}


def test_the_file_of_a_publication_says_what_the_facts_say(publishing: Publishing) -> None:
    figure = publishing.publish()
    [(path, body)] = figure_files(publishing.lines())
    file = json.loads(body)
    assert path == f"figures/{figure}.json"
    assert (file["format"], file["figure"], file["entry"], file["traces"]) == ("comhar-figure/1", str(figure), 900, [901])
    assert file["ledger"] == {"origin": "comhar/ABH", "size": len(publishing.ledger.lines), "root": ROOT}
    assert hashlib.sha256(file["report"].encode()).hexdigest() == file["digest"]
    assert list(each(file["read"])) == [number for number, *_ in publishing.ledger.entries(PARTNERSHIP, file["ledger"]["size"])]
    report = json.loads(file["report"])
    hashes = {one["code"]: one["hash"] for one in file["definitions"]}
    for definition in report["definitions"]:
        text = json.dumps(definition, separators=(",", ":"), ensure_ascii=False)
        assert hashes[definition["code"]] == hashlib.sha256(text.encode()).hexdigest()


def test_a_publication_whose_rest_is_not_in_the_ledger_yet_has_no_file(publishing: Publishing) -> None:
    publishing.publish()
    assert list(figure_files(publishing.lines()[:1])) == []


@given(st.lists(st.integers(1, 60)).map(sorted))
def test_runs_stand_for_exactly_their_numbers(numbers: list[int]) -> None:
    assert list(each(runs(numbers))) == numbers


def number(name: str, entries: int, rests_on: int) -> TracedNumber:
    far = 2_000_000_000
    scattered = tuple((place, place) for place in range(far, far + 2 * max(entries, rests_on), 2))
    return TracedNumber(
        code="CP-12", period="2025Q4", number=name, sums="facts", entries=scattered[:entries], rests_on=scattered[:rests_on]
    )


@pytest.mark.parametrize("sizes", [(0, 0), (1, 0), (999, 1001), (1000, 1000), (4001, 3), (3, 5000), (20_000, 20_000)])
def test_however_long_a_lineage_is_no_fact_is_too_long_and_nothing_is_cut(sizes: tuple[int, int]) -> None:
    numbers = (number("n", *sizes), number("d", sizes[1], sizes[0]), *(number(f"days_{bin_}", 0, 0) for bin_ in range(60)))
    read = number("read", *sizes).entries
    computed = Computed("comhar/ABH", 10, ROOT, "0.1.0", "IE", "Europe/Dublin", (), "{}", read, numbers)
    publications = Publications(STREAM)
    publications.publish(stamp(), figure=FIGURE, partnership=PARTNERSHIP, period=PERIOD, computed=computed)
    published, *parts = publications.collect_events()
    assert isinstance(published, FigurePublished)
    assert published.traced == len(parts)
    assert all(len(part.model_dump_json()) < LONGEST_FACT for part in parts)
    assert together([part for part in parts if isinstance(part, FigureTraced)]) == (read, numbers)


def test_what_was_published_before_there_were_more_indicators_is_computed_again_to_the_same_bytes(tmp_path: Path) -> None:
    """The publication, its ledger and its lineage are those of a program that knew fifteen indicators, as it wrote them."""
    kept = json.loads((Path(__file__).parent / "published/fifteen_indicators.json").read_text())
    ledger = OnFile([])
    for source, position, line in kept["ledger"]:
        ledger.lines += [(source, position, line.encode()), ("gateway", position, b"{}")]
    published = FigurePublished.read(kept["published"][0][1].encode())
    assert len(published.definitions) < len(INDICATORS)
    publishing = Publishing(tmp_path, ledger)
    with publishing.views.database.transaction() as tx:
        seen = [Seen("reporting", place, kind, state.encode(), b"", STORE) for place, (kind, state) in enumerate(kept["published"], 1)]
        Figures.view.apply(Figures.view.within(tx), seen)
    again = publishing.reports.reproduce_figure(query=ReproduceFigure(figure=published.figure))
    assert (again.same, again.computed, again.differs) == (True, published.digest, ())


def test_another_version_of_a_definition_is_told(publishing: Publishing) -> None:
    """As a later program would find it: the publication names a version that this program no longer has."""
    figure = publishing.publish()
    with publishing.views.database.transaction() as tx:
        [(state,)] = tx.rows("SELECT state FROM figure")
        said = FigurePublished.read(bytes(state))
        older = (DefinitionUsed(code=said.definitions[0].code, version=0, hash=ROOT), *said.definitions[1:])
        tx.execute("UPDATE figure SET state = :state", {"state": said.model_copy(update={"definitions": older}).model_dump_json().encode()})
    again = publishing.reports.reproduce_figure(query=ReproduceFigure(figure=figure))
    assert again.differs == ("CP-01 was computed by version 0; this program (0.1.0) has version 1.",)
