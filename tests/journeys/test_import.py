"""Survey comments as trusts publish them, dirt included: every row accounted for, nothing twice, the words only where they are sealed."""

from __future__ import annotations

import csv
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from kombu import Connection

from deploy.client import Region
from tests.regions import COMHAR, Running
from tests.server_process import wait_until
from tests.servers_fixture import PostgresServer, RabbitServer

HEADER = (
    "Comment ID",
    "Respondent ID",
    "Date",
    "FFT categorical answer",
    "FFT question",
    "FFT answer",
    "Timeliness of care",
    "Food & drink provision & facilities",
)
GOOD, BETTER = "What was good?", "What could we do better?"
CANARIES = ("Heron-canary waited with me", "Plover-canary\nin two lines", "Curlew-canary\xa0with odd spaces", "Dunlin-canary rated nothing")
ROWS = [
    ("T 1 - Q1", "T 1", "02/06/2021", "1", GOOD, CANARIES[0], "1", ""),
    ("T 1 - Q2", "T 1", "02/06/2021", "1", BETTER, CANARIES[1], "", "1"),
    ("T 2 - Q1", "T 2", "03/06/2021", "5", GOOD, CANARIES[2], "", ""),
    ("T 3 - Q1", "T 3", "04/06/2021", "7", GOOD, CANARIES[3], "", ""),
    ("T 4 - Q1", "T 4", "04/06/2021", "2", GOOD, "", "", ""),
    ("T 5 - Q1", "T 5", "04/06/2021", "2", GOOD, "Did not answer", "", ""),
    ("T 6 - Q1", "T 6", "04/06/2021", "2", GOOD, "\xa0 ", "", ""),
    ("T 7 - Q1", "T 7", "2021-06-05", "2", GOOD, "Sanderling-canary on a strange day", "", ""),
    ("T 8 - Q1", "T 8", "05/06/2021", "2", "Who are you?", "Knot-canary to a strange question", "", ""),
    ("T 9 - Q1", "T 9", "06/06/2021", "3", BETTER, "More staff.", "", ""),
]


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A survey with four comments that carry canaries, three blanks and two rows that cannot be read."""
    return _write(tmp_path / "survey.csv", ROWS)


def test_every_row_is_accounted_for_and_taken_in_once(region: Running, survey: Path) -> None:
    """Read = stored + known + refused + blank, with row and reason; the second time everything is known."""
    partnership = _partnership(region.region())
    first = _import(region, survey, partnership)
    assert first == {
        "read": 10,
        "stored": 5,
        "known": 0,
        "blank": 3,
        "refused": 2,
        "unrated": 1,
        "refusals": [[10, "the date is not one of the form dd/mm/yyyy"], [11, "the question is not one of the survey"]],
    }
    assert _import(region, survey, partnership) == {**first, "stored": 0, "known": 5}
    counts = region.region().get(f"/v1/partnerships/{partnership}/reports/2021Q2")["feedback"]
    assert (counts["received"], counts["by_kind"], counts["by_rating"]) == (
        5,
        {"compliment": 3, "suggestion": 2},
        {"5": 2, "1": 1, "3": 1, "not_rated": 1},
    )
    assert counts["by_theme"] == {"access": 1, "dignity_and_respect": 1, "not_themed": 3}


def test_a_file_that_is_something_else_is_refused_whole(embedded_region: Running, tmp_path: Path) -> None:
    """A wrong header, or no table at all: nothing is read, nothing stored."""
    partnership = _partnership(embedded_region.region())
    for name, content in {"other.csv": b"a,b\n1,2\n", "empty.csv": b"", "binary.csv": bytes(range(256)) * 4}.items():
        (tmp_path / name).write_bytes(content)
        done = embedded_region.run("import", "fft", str(tmp_path / name), "--partnership", partnership, check=False)
        assert (done.returncode, "no column" in done.stderr or "no CSV file" in done.stderr) == (2, True)
    assert embedded_region.region().get(f"/v1/partnerships/{partnership}/feedback")["items"] == []


def test_a_truncated_file_gives_what_it_still_holds(embedded_region: Running, survey: Path) -> None:
    """The cell in which the file ends is refused; all before it is taken in."""
    whole = survey.read_text()
    survey.write_text(whole[: whole.index("in two lines")])
    done = _import(embedded_region, survey, _partnership(embedded_region.region()))
    assert (done["read"], done["stored"], done["refusals"][-1][1]) == (2, 1, "the file ends within a cell")


def test_an_import_killed_in_the_middle_and_run_again_ends_the_same(embedded_region: Running, tmp_path: Path) -> None:
    """Killed after its first batches; the second run stores what is missing and nothing twice."""
    rows = [(f"K {number} - Q1", f"K {number}", "02/06/2021", "1", GOOD, f"Comment {number}", "", "") for number in range(1500)]
    partnership, survey = _partnership(embedded_region.region()), _write(tmp_path / "long.csv", rows)
    command = (COMHAR, "import", "fft", str(survey), "--partnership", partnership)
    importing = subprocess.Popen(command, env=embedded_region.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    api = embedded_region.region()
    wait_until(lambda: bool(api.get(f"/v1/partnerships/{partnership}/feedback")["items"]), "the first batch is in")
    importing.send_signal(signal.SIGKILL)
    importing.wait()
    done = _import(embedded_region, survey, partnership)
    assert done["stored"] + done["known"] == len(rows)
    assert done["known"] > 0
    known = api.get(f"/v1/partnerships/{partnership}/reports/2021Q2", as_known_at="2199-01-01T00:00:00Z")
    assert known["feedback"]["received"] == len(rows)


def test_the_words_are_nowhere_but_in_sealed_storage(embedded_region: Running, survey: Path) -> None:
    """Searched: every file of the region, logs, metrics, the history, the answers to those who may not read words."""
    _import(embedded_region, survey, partnership := _partnership(embedded_region.region()))
    files = [path for path in embedded_region.folder.rglob("*") if path.is_file()]
    assert len(files) > len(ROWS)
    assert [path.name for path in files if _canaries_in(path.read_bytes())] == []
    assert not _canaries_in(embedded_region.metrics("up").encode())
    auditor = embedded_region.region("governance_auditor")
    items = auditor.get(f"/v1/partnerships/{partnership}/feedback")["items"]
    assert {auditor.get(f"/v1/feedback/{item['id']}")["text"] for item in items} == {None}
    responder = embedded_region.region("responder")
    assert CANARIES[0] in {responder.get(f"/v1/feedback/{item['id']}")["text"] for item in items}


def test_the_words_are_nowhere_on_the_servers_nor_on_their_way(
    production_region: Running, survey: Path, rabbit: RabbitServer, postgres: PostgresServer
) -> None:
    """Searched: everything the broker was given, heard by its own tracing; then its files, PostgreSQL's, and the logs of all services."""
    vhost = unquote(urlsplit(production_region.environment["COMHAR_BROKER"]).path[1:])
    rabbit.ctl("trace_on", "--vhost", vhost)
    with Connection(production_region.environment["COMHAR_BROKER"]) as connection:
        channel = connection.channel()
        heard = channel.queue_declare(exclusive=True).queue
        channel.queue_bind(heard, exchange="amq.rabbitmq.trace", routing_key="#")
        _import(production_region, survey, _partnership(production_region.region()))
        bodies = list(iter(lambda: channel.basic_get(heard, no_ack=True), None))
    rabbit.ctl("trace_off", "--vhost", vhost)
    assert len(bodies) > len(ROWS)
    assert not [one for one in bodies if _canaries_in(one.body if isinstance(one.body, bytes) else one.body.encode())]
    files = [
        path for place in (rabbit.directory, postgres.directory, production_region.folder) for path in place.rglob("*") if path.is_file()
    ]
    assert [str(path) for path in files if _canaries_in(path.read_bytes())] == []


def _import(region: Running, survey: Path, partnership: str) -> dict[str, Any]:
    done: dict[str, Any] = region.json("import", "fft", str(survey), "--partnership", partnership)
    return done


def _partnership(api: Region) -> str:
    made: str = api.post("/v1/partnerships", {"name": "Survey", "org_unit": "X", "setting": "other", "level": "organisational"})["id"]
    return made


def _write(path: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def _canaries_in(content: bytes) -> bool:
    return b"-canary" in content
