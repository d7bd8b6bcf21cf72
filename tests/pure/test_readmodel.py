import pytest

from contracts.feedback import ListFeedback
from contracts.model import Contract
from contracts.partnerships import ListPartnerships
from contracts.sessions import ListSessions
from shared.readmodel import after_cursor, cursor
from tests.given import STREAM


@pytest.mark.parametrize("letter", ["a", "Ú", '"', "\N{LINEAR B SYLLABLE B008 A}"])
@pytest.mark.parametrize("question", [ListPartnerships, ListSessions, ListFeedback])
def test_a_cursor_of_the_longest_name_is_taken_back(question: type[Contract], letter: str) -> None:
    row = [letter * 120, str(STREAM)]
    after = cursor([("before", *row)], 1, 1, 2)
    asked = question.model_validate({"partnership": STREAM, "after": after} if question is not ListPartnerships else {"after": after})
    assert after_cursor(asked.model_dump()["after"], ("", "")) == row


def test_after_a_page_that_is_not_full_nothing_follows() -> None:
    rows = [("a", "1"), ("b", "2")]
    assert cursor(rows, 3, 0) is None
    assert after_cursor(cursor(rows, 2, 1), ("",)) == ["2"]
