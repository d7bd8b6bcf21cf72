import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model import Fact
from shared import ranges
from shared.ranges import Broken, Origin, Range, Seen
from shared.store import Row
from shared.upcasting import knows, read_fact

ORIGIN = Origin("ABH", "sessions", UUID(int=9))
STREAM = UUID("6f1c1f9e-7a38-4c6c-9d0e-3d3a7d9c2f11")


def row(position: int, state: bytes = b'{"a":1}', kind: str = "sessions.Held.v1") -> Row:
    return Row(position, STREAM, position, kind, state)


def rows(first: int, count: int) -> list[Row]:
    return [row(position) for position in range(first, first + count)]


class Log:
    """A log in memory."""

    store_id = ORIGIN.store

    def __init__(self, count: int) -> None:
        self._rows = rows(1, count)

    def read(self, after: int, limit: int) -> list[Row]:
        return self._rows[after : after + limit]

    def head(self) -> int:
        return len(self._rows)


def test_a_line_is_a_cloudevent_whose_bytes_are_fixed() -> None:
    assert ranges.line(ORIGIN, Row(42, STREAM, 3, "sessions.Held.v1", b'{"on": "2025"}')) == (
        b'{"specversion":"1.0","type":"sessions.Held.v1","source":"/ABH/sessions","id":"6f1c1f9e-7a38-4c6c-9d0e-3d3a7d9c2f11.3",'
        b'"subject":"6f1c1f9e-7a38-4c6c-9d0e-3d3a7d9c2f11","sequence":"42","datacontenttype":"application/json","data":{"on": "2025"}}'
    )


def test_a_line_parses_as_json_with_the_attributes_cloudevents_requires() -> None:
    parsed = json.loads(ranges.line(ORIGIN, row(7)))
    required = {"specversion": "1.0", "type": "sessions.Held.v1", "source": "/ABH/sessions", "id": f"{STREAM}.7"}
    assert required.items() <= parsed.items()
    assert parsed["sequence"] == "7"
    assert parsed["data"] == {"a": 1}


@given(
    st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
)
def test_state_comes_out_as_the_bytes_that_went_in_whatever_they_are(content: object) -> None:
    state = json.dumps({"data": content, '","datacontenttype":"application/json","data":': 1}, ensure_ascii=False).encode()
    (sent,) = ranges.cut(ORIGIN, [row(1, state)])
    (seen,) = ranges.facts(ranges.decode(*ranges.encode(sent)))
    assert (seen.position, seen.type, seen.state, seen.source) == (1, "sessions.Held.v1", state, "sessions")
    assert seen.line == sent.lines[0]


@given(st.integers(1, 1_200), st.integers(1, 10_000))
def test_ranges_follow_one_another_and_hold_every_row_once(count: int, first: int) -> None:
    made = list(ranges.cut(ORIGIN, rows(first, count)))
    assert [one.first for one in made] == [first, *(one.last + 1 for one in made[:-1])]
    assert [seen.position for one in made for seen in ranges.facts(one)] == list(range(first, first + count))
    assert all(len(one.lines) <= ranges.MOST_FACTS for one in made)


def test_large_facts_make_small_ranges() -> None:
    made = list(ranges.cut(ORIGIN, [row(position, b'"%s"' % (b"x" * 60_000)) for position in range(1, 11)]))
    assert [len(one.lines) for one in made] == [4, 4, 2]
    assert all(len(ranges.encode(one)[0]) <= ranges.MOST_BYTES for one in made)


def test_a_beacon_holds_nothing_and_says_how_far_the_log_reaches() -> None:
    sent = ranges.beacon(ORIGIN, 41)
    body, headers = ranges.encode(sent)
    assert (body, headers["first"], headers["last"]) == (b"", 42, 41)
    assert list(ranges.facts(ranges.decode(body, headers))) == []


def test_a_packed_range_is_the_same_range() -> None:
    (sent,) = ranges.cut(ORIGIN, rows(5, 3))
    assert ranges.unpack(ranges.pack(sent)) == sent
    assert ranges.unpack(ranges.pack(ranges.beacon(ORIGIN, 0))).last == 0


def test_facts_already_known_are_left_out() -> None:
    (sent,) = ranges.cut(ORIGIN, rows(5, 3))
    assert [seen.position for seen in ranges.facts(sent, after=6)] == [7]


def test_a_source_answers_with_what_follows_or_with_its_head() -> None:
    log = Log(3)
    assert [seen.position for seen in ranges.facts(ranges.after(log, "ABH", "sessions", 1))] == [2, 3]
    assert len(ranges.after(log, "ABH", "sessions", 0, limit=2).lines) == 2
    at_end = ranges.after(log, "ABH", "sessions", 3)
    assert (at_end.first, at_end.last, at_end.lines) == (4, 3, ())
    assert ranges.after(log, "ABH", "sessions", 99).last == 3


GOOD = ranges.encode(next(ranges.cut(ORIGIN, rows(5, 3))))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD[0], {}),
        (GOOD[0], GOOD[1] | {"store": "nonsense"}),
        (GOOD[0], GOOD[1] | {"store": 7}),
        (GOOD[0], GOOD[1] | {"first": "x"}),
        (GOOD[0], GOOD[1] | {"last": 9}),
        (GOOD[0] + b"\n{}", GOOD[1]),
        (b"", GOOD[1]),
        (b"", GOOD[1] | {"first": 0, "last": -1}),
    ],
)
def test_headers_and_lines_that_disagree_are_no_range(body: bytes, headers: dict[str, object]) -> None:
    with pytest.raises(Broken):
        ranges.decode(body, headers)


@pytest.mark.parametrize("lines", [[b"{}"], [ranges.line(ORIGIN, row(6))], [b"x" + ranges.line(ORIGIN, row(5))]])
def test_a_line_out_of_place_breaks_its_range(lines: list[bytes]) -> None:
    with pytest.raises(Broken):
        list(ranges.facts(Range(ORIGIN, 5, 5, lines)))


def test_an_answer_that_is_not_a_packed_range_is_broken() -> None:
    with pytest.raises(Broken):
        ranges.unpack(b"not json\n")


# Reading facts


class Moved(Fact):
    room: str
    floor: int


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> type[Moved]:
    monkeypatch.setitem(Fact.kinds, "testing.Moved.v3", Moved)
    return Moved


OLD = (
    b'{"stream":"6f1c1f9e-7a38-4c6c-9d0e-3d3a7d9c2f11","version":1,"happened":"2025-01-02T03:04:05Z","recorded":"2025-01-02T03:04:05Z","actor":"a",'
    b'"role":"r","correlation":"6f1c1f9e-7a38-4c6c-9d0e-3d3a7d9c2f11","causation":"6f1c1f9e-7a38-4c6c-9d0e-3d3a7d9c2f11"'
)
EARLIER = {
    "testing.Moved.v1": ("testing.Moved.v2", lambda parsed: {**parsed, "room": parsed["place"]}),
    "testing.Moved.v2": ("testing.Moved.v3", lambda parsed: {**parsed, "floor": 0}),
}


def test_a_fact_of_the_first_version_is_read_through_every_later_one(moved: type[Moved]) -> None:
    fact = read_fact("testing.Moved.v1", OLD + b',"place":"hall"}', EARLIER)
    assert isinstance(fact, Moved)
    assert (fact.room, fact.floor) == ("hall", 0)


def test_a_fact_of_todays_version_is_not_touched(moved: type[Moved]) -> None:
    fact = read_fact("testing.Moved.v3", OLD + b',"room":"hall","floor":2,"later":true}', EARLIER)
    assert isinstance(fact, Moved)
    assert fact.floor == 2


def test_a_type_nobody_registered_is_not_known_and_imports_nothing() -> None:
    assert not knows("os:system")
    assert Seen("sessions", 1, "os:system", b"{}", b"", ORIGIN.store).fact is None
    with pytest.raises(LookupError):
        read_fact("os:system", b"{}")


def test_a_fact_is_parsed_once_and_only_when_asked_for(moved: type[Moved]) -> None:
    broken = Seen("sessions", 1, "testing.Moved.v3", b"not json", b"", ORIGIN.store)
    with pytest.raises(ValueError, match="json"):
        _ = broken.fact
    seen = Seen("sessions", 1, "testing.Moved.v3", OLD + b',"room":"hall","floor":2}', b"", ORIGIN.store)
    assert seen.fact is seen.fact
