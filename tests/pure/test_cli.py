"""What operators type every day: against a gateway on its own, whose neighbours answer with their examples."""

import json
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from typer import Exit
from typer.main import get_command
from werkzeug.serving import make_server

from contracts.errors import RuleBroken, Unavailable
from contracts.examples import EXAMPLES
from contracts.examples.cast import AOIFE, BRID, PAYMENT, PRINT_ACTION, SESSION, STATEMENT
from contracts.feedback import FeedbackPage
from contracts.partnerships import NextSteps, PartnershipPage, PartnershipStanding, PartnershipSummary
from contracts.sessions import SessionDetail, SessionPage, SessionSummary
from contracts.vocabulary import (
    FeedbackState,
    MembershipStatus,
    ObjectionState,
    PartnershipStatus,
    SessionKind,
    SessionMode,
    SessionStatus,
    Side,
    SystemRole,
)
from deploy.cli import keeping, main
from deploy.cli.guide import COMMANDS
from deploy.cli.terminal import BROKEN, UNREACHABLE, WRONG, troubles
from deploy.client import Refused, Region
from services.gateway.application import Tokens
from services.partnerships.domain.next_steps import STEPS
from shared.settings import Settings
from shared.store import DamagedLog
from tests.gateway_fixture import Alone, Asked

COMHAR = get_command(main)
ABHAINN, SLIABH = UUID(int=0xA), UUID(int=0xB)
MARCH, MAY = UUID(int=0xC1 << 120), UUID(int=0xC2 << 120)


@dataclass
class Operator:
    """Somebody at a terminal beside a region."""

    alone: Alone
    environment: dict[str, str]

    def types(self, *arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(COMHAR, arguments, env=self.environment, input=typed)  # type: ignore[arg-type] # typer ships its own click

    def asked(self, operation: str) -> list[Any]:
        """What an operation was asked, each time."""
        return [json.loads(one.body) for one in self.alone.calls.asked if _operation(one) == operation]


def _operation(one: Asked) -> str:
    return f"{one.service}.{one.method}"


@pytest.fixture
def operator(ours: Tokens) -> Iterator[Operator]:
    alone = Alone(ours)
    alone.calls.told["partnerships.list_partnerships"] = _page()
    alone.calls.told["sessions.list_sessions"] = _sessions()
    alone.calls.told["partnerships.get_standing"] = _standing(MembershipStatus.joined, MembershipStatus.on_leave)
    server = make_server("127.0.0.1", 0, alone.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    yield Operator(alone, {"COMHAR_ADDRESS": f"http://127.0.0.1:{server.port}", "COMHAR_TOKEN": alone.token(), "COLUMNS": "240"})
    server.shutdown()
    serving.join()
    server.server_close()


def _page() -> bytes:
    names = {ABHAINN: "Abhainn Recovery Partnership", SLIABH: "Sliabh [red] Forum"}
    items = tuple(PartnershipSummary(id=id, name=name, org_unit="ABH", status=PartnershipStatus.active) for id, name in names.items())
    return PartnershipPage(items=items, next=None).model_dump_json().encode()


def _sessions() -> bytes:
    said = {
        MARCH: (datetime(2025, 3, 19, 0, 30, tzinfo=UTC), SessionStatus.held),
        MAY: (datetime(2025, 4, 30, 23, 30, tzinfo=UTC), SessionStatus.planned),
    }
    items = tuple(
        SessionSummary(id=id, partnership=ABHAINN, kind=SessionKind.training, mode=SessionMode.online, starts=starts, status=status)
        for id, (starts, status) in said.items()
    )
    return SessionPage(items=items, next=None).model_dump_json().encode()


def _standing(*stood: MembershipStatus) -> bytes:
    example = EXAMPLES[PartnershipStanding]
    assert isinstance(example, PartnershipStanding)
    members = (
        example.members[0].model_copy(update={"member": id, "status": status}) for id, status in zip((AOIFE, BRID), stood, strict=False)
    )
    return example.model_copy(update={"members": tuple(members)}).model_dump_json().encode()


# Reading


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (("partnership", "list"), "Abhainn Recovery Partnership"),
        (("partnership", "show", "abhainn"), "Aoife Ní Bhriain"),
        (("partnership", "standing", "abhainn", "--on", "2025-06-30"), str(AOIFE)),
        (("member", "history", "abhainn", str(AOIFE)), "corrected"),
        (("member", "show", "abhainn", str(AOIFE)), "participation"),
        (("partnership", "due", "abhainn", "--within", "30"), "interests to renew"),
        (("member", "cpd", "abhainn", str(AOIFE), "--since", "2025-01-01"), "participatory"),
        (("member", "certificate", "abhainn", str(AOIFE), "--until", "2025-12-31"), "actions seen through: "),
        (("session", "list", "--partnership", "abhainn"), "2025-03-19 00:30"),
        (("session", "show", str(SESSION)), "The first letter people get"),
        (("session", "calendar", str(SESSION)), "BEGIN:VCALENDAR"),
        (("action", "list", "--partnership", "abhainn", "--overdue", "--on", "2025-06-30"), str(PRINT_ACTION)),
        (("partnership", "work", "abhainn"), "First-appointment letter"),
        (("payment", "show", str(PAYMENT)), "75.00 EUR"),
        (("payment", "list", "--partnership", "abhainn", "--state", "claimed"), "75.00 EUR"),
        (("feedback", "list", "--partnership", "abhainn"), str(STATEMENT)),
        (("feedback", "show", str(STATEMENT), "--partnership", "abhainn"), "received"),
        (("equality", "show", "2025Q1"), "hidden"),
    ],
)
def test_every_question_is_answered_for_people_and_for_programs(operator: Operator, typed: tuple[str, ...], answer: str) -> None:
    """A table with what was asked for; with --json the API's own words and nothing else."""
    said = operator.types(*typed)
    assert (said.exit_code, said.stderr) == (0, "")
    assert answer in said.stdout
    if typed[1] != "calendar":
        json.loads(operator.types(*typed, "--json").stdout)


def test_what_is_shown_is_shown_as_it_is(operator: Operator) -> None:
    """A name that looks like an instruction to the terminal is a name."""
    assert "Sliabh [red] Forum" in operator.types("partnership", "list").stdout


@pytest.mark.parametrize("columns", [30, 60, 80, 100, 120, 240])
def test_no_word_is_cut_off_or_broken_however_narrow_the_terminal(operator: Operator, columns: int) -> None:
    """Ids stand by how they begin below 120 columns; whatever else is said stands there whole, and no line is longer than there is room."""
    operator.environment["COLUMNS"] = str(columns)
    said = operator.types("partnership", "show", "abhainn").stdout
    for word in ("Bhriain", "experience", "2025-01-15", str(AOIFE) if columns >= 120 else str(AOIFE)[:8]):
        assert re.search(rf"(?<!\S){word}(?!\S)", said)
    assert "\N{HORIZONTAL ELLIPSIS}" not in said
    drawn = [line for line in said.splitlines() if line[:1] in "┃│━┏└"]
    assert all(len(line) <= columns for line in drawn)


def test_a_partnership_is_known_by_how_its_name_begins_when_no_other_begins_so(operator: Operator) -> None:
    for wanted, found in (("sliabh", True), ("Abhainn Recovery Partnership", True), (str(ABHAINN), True), ("", False), ("Cuan", False)):
        assert (operator.types("partnership", "standing", wanted).exit_code == 0) is found


def test_a_member_is_known_by_name_or_by_how_it_or_the_id_begins(operator: Operator) -> None:
    for wanted in (str(AOIFE), str(AOIFE)[:8], "Aoife Ní Bhriain", "aoife"):
        assert str(AOIFE) in operator.types("member", "show", "abhainn", wanted).stdout
    assert "no member is known by that" in operator.types("member", "show", "abhainn", "Fionnuala").stderr


def test_that_nobody_belonged_to_it_as_known_then_is_said(operator: Operator) -> None:
    operator.alone.calls.told["partnerships.get_standing"] = _standing()
    said = operator.types("partnership", "standing", "abhainn", "--on", "2025-06-30", "--known-at", "2025-06-30").stdout
    assert "nobody belonged to it" in said


@pytest.mark.parametrize("command", sorted({command for command in COMMANDS.values() if "…" not in command}))
def test_where_a_next_step_begins_is_a_command_that_works(operator: Operator, command: str) -> None:
    assert operator.types(*command.format("abhainn", str(AOIFE)).split()).exit_code == 0


def test_a_next_step_says_why_how_and_by_which_command(operator: Operator) -> None:
    assert COMMANDS.keys() <= {step.code for step in STEPS}
    example = EXAMPLES[NextSteps]
    assert isinstance(example, NextSteps)
    step = example.steps[0].model_copy(update={"code": "decide_claims"})
    operator.alone.calls.told["partnerships.get_next_steps"] = example.model_copy(update={"steps": (step,)}).model_dump_json().encode()
    said = operator.types("next", "--partnership", "abhainn").stdout
    assert (step.why in said, step.how in said, "comhar payment list" in said) == (True, True, True)


def test_a_session_is_known_by_its_day_in_the_region_or_by_how_its_id_begins(operator: Operator) -> None:
    """At 23:30 in Greenwich it is the next day in Dublin, in summer."""
    for wanted, session in (("2025-05-01", MAY), ("2025-03-19", MARCH), ("c2", MAY)):
        assert operator.types("session", "show", wanted, "--partnership", "abhainn").exit_code == 0
        assert operator.asked("sessions.get_session")[-1] == {"session": str(session)}
    for wanted in ("2025", "1999", "2025-04-30"):
        assert operator.types("session", "show", wanted, "--partnership", "abhainn").exit_code == 2
    assert "say --partnership" in operator.types("session", "show", "2025-05-01").stderr


def test_what_is_still_to_be_held_is_listed_alone(operator: Operator) -> None:
    coming = json.loads(operator.types("session", "list", "--partnership", "abhainn", "--coming", "--json").stdout)
    assert [one["id"] for one in coming] == [str(MAY)]
    assert "none" in operator.types("session", "list", "--partnership", "abhainn", "--status", "cancelled").stdout


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("2025-06-30", "2025-06-30T22:59:59.999999Z"),
        ("2025-06-30T14:00", "2025-06-30T13:00:00Z"),
        ("2025-06-30T14:00:00Z", "2025-06-30T14:00:00Z"),
    ],
)
def test_a_day_means_its_end_and_a_time_without_offset_is_the_regions(operator: Operator, given: str, asked: str) -> None:
    assert operator.types("partnership", "standing", "abhainn", "--on", given).exit_code == 0
    assert operator.asked("partnerships.get_standing")[-1]["on"] == asked
    assert "a moment is written" in operator.types("partnership", "standing", "abhainn", "--on", "yesterday").stderr


def test_what_is_due_and_what_was_contributed_is_asked_for_the_days_that_were_given(operator: Operator) -> None:
    assert operator.types("partnership", "due", "abhainn", "--within", "7").exit_code == 0
    assert operator.asked("partnerships.get_due")[-1] == {"partnership": str(ABHAINN), "within": 7}
    of_hers, days = {"partnership": str(ABHAINN), "member": str(AOIFE)}, ("--since", "2025-01-01", "--until", "2025-06-30")
    for what, operation in (("cpd", "sessions.get_learning"), ("certificate", "sessions.get_certificate")):
        assert operator.types("member", what, "abhainn", str(AOIFE), *days).exit_code == 0
        assert operator.asked(operation)[-1] == {**of_hers, "since": "2025-01-01", "until": "2025-06-30"}


def test_a_calendar_entry_is_written_to_a_file_as_it_came(operator: Operator, tmp_path: Path) -> None:
    assert operator.types("session", "calendar", str(SESSION), str(tmp_path / "s.ics")).exit_code == 0
    assert (tmp_path / "s.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert operator.types("session", "calendar", str(SESSION), str(tmp_path / "no" / "s.ics")).exit_code == 4


# Writing


PLAN = ("session", "plan", "--partnership", "abhainn", "--kind", "training", "--mode", "online", "--starts", "2026-03-19T14:00")


def test_a_session_is_planned_by_the_clock_of_the_region_and_its_place_is_asked_for(operator: Operator) -> None:
    """What is typed after the command has begun, no shell remembers."""
    assert operator.types(*PLAN, "--ask-place", typed="Loch Dubh centre\n").exit_code == 0
    [asked] = operator.asked("sessions.plan_session")
    assert (asked["starts"], asked["place"]) == ("2026-03-19T14:00:00Z", "Loch Dubh centre")


def test_minutes_are_written_from_a_file_and_accepted_as_they_are(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "minutes.txt"
    file.write_text("The letter is written anew: plain words, in seomra folláin.\n", encoding="utf-8")
    march = ("2025-03-19", "--partnership", "abhainn")
    assert operator.types("session", "draft-minutes", march[0], str(file), *march[1:]).exit_code == 0
    [drafted] = operator.asked("sessions.draft_minutes")
    assert (drafted["session"], drafted["text"]) == (str(MARCH), "The letter is written anew: plain words, in seomra folláin.")
    assert operator.types("session", "accept-minutes", *march, "--member", "aoife").exit_code == 0
    [accepted] = operator.asked("sessions.accept_minutes")
    assert (accepted["minutes_version"], accepted["member"]) == (1, str(AOIFE))
    missing = operator.types("session", "draft-minutes", march[0], str(tmp_path / "none.txt"), *march[1:])
    assert (missing.exit_code, "none.txt" in missing.stderr) == (2, True)


def test_minutes_that_nobody_wrote_are_not_accepted(operator: Operator) -> None:
    found = EXAMPLES[SessionDetail]
    assert isinstance(found, SessionDetail)
    operator.alone.calls.told["sessions.get_session"] = found.model_copy(update={"minutes_taken": None}).model_dump_json().encode()
    said = operator.types("session", "accept-minutes", "2025-03-19", "--partnership", "abhainn", "--member", "aoife")
    assert (said.exit_code, "there are no minutes yet" in said.stderr) == (2, True)
    assert operator.asked("sessions.accept_minutes") == []


def test_a_session_tells_its_quorum_its_objections_and_its_minutes(operator: Operator) -> None:
    found = EXAMPLES[SessionDetail]
    assert isinstance(found, SessionDetail)
    objected = found.decisions[0].model_copy(update={"objections": ((Side.provider, ObjectionState.integrated),)})
    told = found.model_copy(update={"quorate": False, "decisions": (objected,)})
    operator.alone.calls.told["sessions.get_session"] = told.model_dump_json().encode()
    said = operator.types("session", "show", "2025-03-19", "--partnership", "abhainn")
    assert "no quorum" in said.stdout + said.stderr
    assert "minutes agreed" in said.stdout + said.stderr
    assert "provider: integrated" in said.stdout


def test_a_need_is_noticed_and_the_person_has_the_last_word_on_it(operator: Operator) -> None:
    noticed = ("--category", "transport", "--by", "coordinator")
    assert operator.types("member", "identify-need", "abhainn", "aoife", *noticed).exit_code == 0
    [asked] = operator.asked("partnerships.identify_access_need")
    assert (asked["member"], asked["category"], asked["identified_by"]) == (str(AOIFE), "transport", "coordinator")
    said = operator.types("member", "confirm-need", "abhainn", "aoife", "2700", "--not-met", "--session", str(SESSION))
    assert (said.exit_code, said.stdout.strip()[:4]) == (0, "2700")
    [asked] = operator.asked("partnerships.confirm_access_met")
    assert (asked["met"], asked["session"], asked["confirmed_by"], asked["need"][:4]) == (False, str(SESSION), "member", "2700")


def test_an_answer_to_feedback_is_asked_for_and_not_typed_into_the_command(operator: Operator) -> None:
    said = operator.types("feedback", "answer", str(STATEMENT), "--partnership", "abhainn", typed="The door is mended.\n")
    assert (said.exit_code, "answered" in said.stderr) == (0, True)
    [asked] = operator.asked("feedback.respond_to_feedback")
    assert asked["text"] == "The door is mended."


def test_feedback_waits_until_the_person_was_told(operator: Operator) -> None:
    [one] = FeedbackPage.model_validate_json(EXAMPLES[FeedbackPage].model_dump_json()).items
    told = one.model_copy(update={"told": True, "id": UUID(int=7)})
    open_ = one.model_copy(update={"told": False, "state": FeedbackState.change_made})
    gone = one.model_copy(update={"told": False, "state": FeedbackState.escalated, "id": UUID(int=8)})
    page = FeedbackPage(items=(told, open_, gone), next=None)
    operator.alone.calls.told["feedback.list_feedback"] = page.model_dump_json().encode()
    waiting = json.loads(operator.types("feedback", "list", "--partnership", "abhainn", "--waiting", "--json").stdout)
    assert [found["id"] for found in waiting] == [str(one.id)]


def test_all_who_are_members_then_are_invited(operator: Operator) -> None:
    assert operator.types(*PLAN, "--invite-all", "--json").exit_code == 0
    [invited] = operator.asked("sessions.invite_members")
    assert invited["members"] == [str(AOIFE)]


def test_nothing_is_planned_when_there_is_nobody_to_invite(operator: Operator) -> None:
    operator.alone.calls.told["partnerships.get_standing"] = _standing(MembershipStatus.on_leave)
    assert "nobody is a member then" in operator.types(*PLAN, "--invite-all").stderr
    assert operator.asked("sessions.plan_session") == []


@pytest.mark.parametrize(
    ("typed", "operation"),
    [
        (("session", "move", str(SESSION), "--minutes", "90"), "sessions.move_session"),
        (("session", "publish", str(SESSION)), "sessions.publish_session"),
        (("session", "cancel", str(SESSION), "--reason", "venue"), "sessions.cancel_session"),
        (("action", "start", "6000", "--partnership", "abhainn"), "sessions.start_action"),
        (("action", "block", "6000", "--partnership", "abhainn", "--reason", "other"), "sessions.block_action"),
        (("action", "complete", "6000", "--partnership", "abhainn", "--evidence", "document"), "sessions.complete_action"),
        (("payment", "approve", str(PAYMENT), str(PAYMENT)), "partnerships.approve_payment"),
        (("payment", "reject", str(PAYMENT), "--reason", "claimed_twice"), "partnerships.reject_payment"),
        (("payment", "paid", str(PAYMENT)), "partnerships.record_payment_made"),
        (("feedback", "outcome", str(STATEMENT), "--partnership", "abhainn", "--outcome", "change_made"), "feedback.record_outcome"),
        (("feedback", "told", str(STATEMENT)[:8], "--partnership", "abhainn"), "feedback.tell_outcome"),
        (("equality", "count", "2025Q1"), "partnerships.count_equality"),
    ],
)
def test_every_command_is_sent_and_answers_with_receipts(operator: Operator, typed: tuple[str, ...], operation: str) -> None:
    said = operator.types(*typed, "--json")
    assert (said.exit_code, len(operator.asked(operation))) == (0, typed.count(str(PAYMENT)) or 1)
    assert "position" in said.stdout


def test_an_action_is_found_in_its_session_by_how_its_id_begins(operator: Operator) -> None:
    """Its day is moved; what is no action of the partnership is refused before anything is sent."""
    assert operator.types("action", "move", str(PRINT_ACTION), "--partnership", "abhainn", "--due", "2026-05-30").exit_code == 0
    [asked] = operator.asked("sessions.move_action_due_date")
    assert (asked["session"], asked["action"], asked["due"]) == (str(SESSION), str(PRINT_ACTION), "2026-05-30")
    assert "no action is known by that" in operator.types("action", "start", "7000", "--partnership", "abhainn").stderr
    assert operator.asked("sessions.start_action") == []


def test_what_became_of_an_action_is_said_of_the_action(operator: Operator) -> None:
    """On stdout its own id, not that of the session that agreed it."""
    said = operator.types("action", "complete", "6000", "--partnership", "abhainn")
    assert (said.stdout.strip(), said.stderr.strip()) == (str(PRINT_ACTION), "completed")


def test_only_what_is_wanted_of_actions_is_asked_for(operator: Operator) -> None:
    assert operator.types("action", "list", "--partnership", "abhainn", "--open", "--side", "provider").exit_code == 0
    [asked] = operator.asked("sessions.list_actions")
    assert (asked["open"], asked["overdue"], asked["side"], asked["on"]) == (True, False, "provider", None)


# Refusals


def test_what_is_refused_is_two_and_what_does_not_answer_is_four(operator: Operator) -> None:
    operator.alone.calls.told["sessions.publish_session"] = RuleBroken("already_published", "It is published already.")
    refused = operator.types("session", "publish", str(SESSION))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "already_published" in refused.stderr
    operator.environment["COMHAR_ADDRESS"] = "http://127.0.0.1:9"
    assert operator.types("partnership", "list").exit_code == 4


# The token of this user on this machine


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


OPERATOR = SystemRole.regional_operator


def _in(duration: timedelta) -> datetime:
    return datetime.now(UTC) + duration


def test_a_token_is_kept_for_its_role_until_shortly_before_it_ends(settings: Settings) -> None:
    keeping.keep(settings, OPERATOR, "cmh_one", _in(timedelta(hours=1)))
    assert keeping.kept(settings, OPERATOR) == "cmh_one"
    assert keeping.kept(settings, SystemRole.finance_officer) is None
    keeping.keep(settings, OPERATOR, "cmh_two", _in(timedelta(seconds=30)))
    assert keeping.kept(settings, OPERATOR) is None


def test_nobody_else_may_read_the_kept_token_or_put_one_there(settings: Settings) -> None:
    keeping.keep(settings, OPERATOR, "cmh_one", _in(timedelta(hours=1)))
    [file] = (settings.data / "cli").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.chmod(0o640)
    assert keeping.kept(settings, OPERATOR) is None


def test_in_production_it_is_kept_in_the_users_own_folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    production = settings.model_copy(update={"profile": "production"})
    keeping.keep(production, OPERATOR, "cmh_one", _in(timedelta(hours=1)))
    assert keeping.kept(production, OPERATOR) == "cmh_one"
    assert not settings.data.exists()
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert keeping.kept(production, OPERATOR) is None
    keeping.keep(production, OPERATOR, "cmh_two", _in(timedelta(hours=1)))
    assert keeping.kept(production, OPERATOR) == "cmh_two"


def test_in_a_container_without_a_home_nothing_is_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.delenv(name, raising=False)
    production = settings.model_copy(update={"profile": "production"})
    keeping.keep(production, OPERATOR, "cmh_one", _in(timedelta(hours=1)))
    assert keeping.kept(production, OPERATOR) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"token": "cmh_x"}', '{"token": "cmh_x", "until": "soon"}'])
def test_a_damaged_file_is_as_none(settings: Settings, content: str) -> None:
    keeping.keep(settings, OPERATOR, "cmh_one", _in(timedelta(hours=1)))
    [file] = (settings.data / "cli").iterdir()
    file.write_text(content)
    assert keeping.kept(settings, OPERATOR) is None


def test_where_nothing_may_be_written_the_command_goes_on_without(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    keeping.keep(Settings(data=tmp_path / "data"), OPERATOR, "cmh_one", _in(timedelta(hours=1)))
    assert keeping.kept(Settings(data=tmp_path / "data"), OPERATOR) is None


def test_a_token_that_is_good_no_more_is_made_anew_once(operator: Operator) -> None:
    renewed = []

    def renew() -> str:
        renewed.append(1)
        return operator.alone.token()

    region = Region(operator.environment["COMHAR_ADDRESS"], "cmh_gone", renew=renew)
    assert region.get("/v1/partnerships")["items"]
    region.close()
    never = Region(operator.environment["COMHAR_ADDRESS"], "cmh_gone", renew=lambda: "cmh_gone_too")
    with pytest.raises(Refused, match="unauthenticated"):
        never.get("/v1/partnerships")
    never.close()
    assert renewed == [1]


@pytest.mark.parametrize(
    ("trouble", "code", "told"),
    [
        (Unavailable("broker_unreachable", "The broker cannot be reached now."), UNREACHABLE, "The broker cannot be reached now."),
        (RuleBroken("item_closed", "The item is closed."), WRONG, "item_closed: The item is closed."),
        (LookupError("there is no such view"), WRONG, "there is no such view"),
        (DamagedLog("a position is missing"), BROKEN, "a position is missing"),
        (FileNotFoundError(2, "No such file or directory", "units.csv"), UNREACHABLE, "units.csv: No such file or directory"),
    ],
)
def test_each_trouble_ends_with_its_sentence_and_a_code_of_its_own(
    trouble: Exception, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Exit, check=lambda end: end.exit_code == code), troubles():
        raise trouble
    assert capsys.readouterr().err == f"comhar: {told}\n"


def test_the_command_reads_no_service_and_no_message_before_it_is_told_what_to_do() -> None:
    program = "import sys, deploy.cli; print(*sys.modules)"
    read = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in read if name in {"contracts.language", "contracts.model", "deploy.wiring", "httpx", "nameko"}] == []
