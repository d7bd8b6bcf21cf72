"""Survey files as trusts publish them: every row ends as a comment, a refusal with its reason, or a declared blank."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.fft import Count, WrongFile, comments

HEADER = "Comment ID,Respondent ID,Date,FFT categorical answer,FFT question,FFT answer,Timeliness of care,Staff continuity,Parking\n"
LONDON = ZoneInfo("Europe/London")


def read(path: Path, content: str | bytes) -> tuple[list[dict[str, object]], Count]:
    (path / "survey.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    count = Count()
    found = list(comments(path / "survey.csv", LONDON, count))
    assert count.read == len(found) + count.blank + len(count.refused)
    return found, count


def row(
    number: int,
    answer: str = "Kind staff",
    *,
    date: str = "02/06/2021",
    rating: str = "1",
    question: str = "What was good?",
    themes: str = ",,",
) -> str:
    return f"C {number},R {number},{date},{rating},{question},{answer},{themes}\n"


def test_a_comment_is_taken_with_its_day_rating_kind_and_theme(tmp_path: Path) -> None:
    [comment], count = read(tmp_path, HEADER + row(1, themes="1,1,1"))
    assert comment == {
        "reference": "C 1",
        "respondent": "R 1",
        "received": "2021-06-02T12:00:00+01:00",
        "kind": "compliment",
        "text": "Kind staff",
        "rating": 5,
        "theme": "access",
    }
    assert count == Count(read=1)


@pytest.mark.parametrize("rating", ["", "6", "7", "0", "good", "1.0"])
def test_a_rating_that_is_none_is_left_out_and_the_words_are_kept(tmp_path: Path, rating: str) -> None:
    [comment], count = read(tmp_path, HEADER + row(1, rating=rating))
    assert ("rating" in comment, comment["text"], count.unrated) == (False, "Kind staff", 1)


@pytest.mark.parametrize("answer", ["", "   ", "\xa0", "Did not answer", "DID NOT ANSWER ", "n/a"])
def test_no_answer_is_a_declared_blank(tmp_path: Path, answer: str) -> None:
    assert read(tmp_path, HEADER + row(1, answer)) == ([], Count(read=1, blank=1))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(1, date="2021-06-02"), "the date is not one of the form dd/mm/yyyy"),
        (row(1, date="31/02/2021"), "the date is not one of the form dd/mm/yyyy"),
        (row(1, date="01/01/0202"), "the date is before 1900 or still to come"),
        (row(1, date="01/01/2999"), "the date is before 1900 or still to come"),
        (row(1, question="Who?"), "the question is not one of the survey"),
        (row(1, "x" * 8_001), "the answer is longer than 8000 characters"),
        (
            '"C\n1",R 1,02/06/2021,1,What was good?,Kind,,,\n',
            "the comment or respondent id is missing, longer than 80 characters or of several lines",
        ),
        (
            f"{'C' * 81},R 1,02/06/2021,1,What was good?,Kind,,,\n",
            "the comment or respondent id is missing, longer than 80 characters or of several lines",
        ),
        ("C 1,R 1,02/06/2021\n", "the row does not have as many cells as the header"),
        (row(1).rstrip() + ",,,,\n", "the row does not have as many cells as the header"),
        (row(1, '"ab"c'), "the row is not CSV"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_alone(tmp_path: Path, line: str, reason: str) -> None:
    found, count = read(tmp_path, HEADER + line + row(2))
    assert ([one["reference"] for one in found], [why for _, why in count.refused]) == (["C 2"], [reason])


def test_bytes_that_are_no_text_refuse_their_row_alone(tmp_path: Path) -> None:
    found, count = read(tmp_path, HEADER.encode() + row(1, "caf\xe9").encode("latin-1") + row(2).encode())
    assert ([one["reference"] for one in found], count.refused) == (["C 2"], [(2, "the row holds bytes that are not UTF-8")])


def test_a_file_that_ends_within_a_cell_gives_what_came_before(tmp_path: Path) -> None:
    found, count = read(tmp_path, HEADER + row(1) + 'C 2,R 2,02/06/2021,1,What was good?,"Kind sta')
    assert ([one["reference"] for one in found], [why for _, why in count.refused]) == (["C 1"], ["the file ends within a cell"])


def test_line_breaks_and_odd_spaces_within_words_are_kept_as_words(tmp_path: Path) -> None:
    [comment], _ = read(tmp_path, HEADER + row(1, '"Two\nlines\xa0and\x07 a bell"'))
    assert comment["text"] == "Two\nlines and a bell"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", bytes(range(256))])
def test_another_file_is_refused_before_anything_is_read(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(WrongFile):
        read(tmp_path, content)
