"""What a database promises, whichever it is: imported by the tests that give the fixture `database`."""

import sqlite3
import threading

import psycopg
import pytest

from shared.database import Database

_WORD = "CREATE TABLE IF NOT EXISTS word (id TEXT PRIMARY KEY, image BLOB, size INTEGER)"
_SAY = "INSERT INTO word (id, image, size) VALUES (:id, :image, :size)"
_COLUMNS = ("id", "image", "size")


@pytest.fixture(autouse=True)
def words(database: Database) -> None:
    database.define(_WORD)


def said(database: Database) -> list[tuple[str, bytes | None, int]]:
    rows = database.rows("SELECT id, image, size FROM word ORDER BY id")
    return [(id_, None if image is None else bytes(image), size) for id_, image, size in rows]


def test_what_is_written_by_one_statement_is_there_when_it_returns_and_tells_its_rows(database: Database) -> None:
    told = database.write(f"{_SAY} ON CONFLICT (id) DO NOTHING RETURNING id, size", {"id": "one", "image": b"\x00", "size": 3})
    again = database.write(f"{_SAY} ON CONFLICT (id) DO NOTHING RETURNING id, size", {"id": "one", "image": b"\x01", "size": 4})
    assert (told, again) == ([("one", 3)], [])
    assert said(database) == [("one", b"\x00", 3)]


def test_what_is_read_by_one_statement_does_not_see_what_is_not_committed(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(_SAY, {"id": "one", "image": None, "size": 3})
        assert tx.row("SELECT size FROM word") == (3,)
        assert said(database) == []
    assert said(database) == [("one", None, 3)]


def test_a_transaction_that_fails_leaves_nothing_behind(database: Database) -> None:
    def half_done(fault: Exception) -> None:
        with database.transaction() as tx:
            tx.execute(_SAY, {"id": "one", "image": None, "size": 3})
            raise fault

    with pytest.raises(ZeroDivisionError):
        half_done(ZeroDivisionError())
    assert said(database) == []
    database.write(_SAY, {"id": "two", "image": None, "size": 3})
    assert said(database) == [("two", None, 3)]


def test_statements_take_effect_in_their_order_however_they_travel(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(_SAY, {"id": "one", "image": None, "size": 3})
        tx.execute("UPDATE word SET size = size + 1")
        assert tx.rows("SELECT size FROM word") == [(4,)]
        tx.many("UPDATE word SET size = size * :by", [{"by": 2}, {"by": 3}])
        tx.insert("word", _COLUMNS, [("two", b"", 7)])
        tx.execute("UPDATE word SET size = size - 1")
        tx.must("UPDATE word SET size = size * 10 WHERE id = :id", {"id": "two"}, AssertionError())
    assert said(database) == [("one", None, 23), ("two", b"", 60)]


@pytest.mark.parametrize(
    "awkward", ["it's", "50 % of :them", "a; DROP TABLE word; --", 'back\\slash "quoted"', "$1 %s %(id)s", "seomra folláin ☂"]
)
def test_text_arrives_as_it_is(database: Database, awkward: str) -> None:
    with database.transaction() as tx:
        tx.execute(_SAY, {"id": awkward, "image": awkward.encode(), "size": -1})
        tx.insert("word", _COLUMNS, [(awkward * 2, b"\\x00'%", 2**31 - 1)])
    assert said(database) == sorted([(awkward, awkward.encode(), -1), (awkward * 2, b"\\x00'%", 2**31 - 1)])


def test_a_statement_that_must_touch_a_row_and_does_not_undoes_everything(database: Database) -> None:
    def claim(*ids: str) -> None:
        with database.transaction() as tx:
            tx.execute(_SAY, {"id": "one", "image": None, "size": 3})
            for id_ in ids:
                tx.must("UPDATE word SET size = 4 WHERE id = :id", {"id": id_}, KeyError(id_))
            tx.many(_SAY, [{"id": "more", "image": None, "size": 5}])

    for ids in (["two"], ["one", "two"], ["two", "three"]):
        with pytest.raises(KeyError, match="two"):
            claim(*ids)
        assert said(database) == []
    claim("one")
    assert said(database) == [("more", None, 5), ("one", None, 4)]


def test_a_statement_that_fails_is_heard_of_within_the_transaction_that_it_undoes(database: Database) -> None:
    def twice() -> None:
        with database.transaction() as tx:
            for _ in range(2):
                tx.execute(_SAY, {"id": "one", "image": None, "size": 3})

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        twice()
    assert said(database) == []


def test_a_transaction_in_which_nothing_was_said_leaves_the_next_one_whole(database: Database) -> None:
    with database.transaction() as tx:
        tx.many(_SAY, [])
    with database.transaction() as tx:
        tx.execute(_SAY, {"id": "one", "image": None, "size": 3})
    assert said(database) == [("one", None, 3)]


def test_reading_sees_one_moment_whatever_commits_meanwhile(database: Database) -> None:
    with database.reading() as tx:
        before = tx.rows("SELECT id FROM word")
        writer = threading.Thread(target=database.write, args=(_SAY, {"id": "one", "image": None, "size": 3}))
        writer.start()
        writer.join()
        assert tx.rows("SELECT id FROM word") == before == []
    assert said(database) == [("one", None, 3)]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 9, 700])
@pytest.mark.parametrize("way", ["many", "insert"])
def test_rows_go_in_alike_however_many_they_are(database: Database, way: str, count: int) -> None:
    rows = [(f"{number:04}", bytes([number % 256]) if number % 2 else None, number) for number in range(count)]
    with database.transaction() as tx:
        if way == "many":
            tx.many(_SAY, (dict(zip(_COLUMNS, row, strict=True)) for row in rows))
        else:
            tx.insert("word", _COLUMNS, iter(rows))
    assert said(database) == rows
