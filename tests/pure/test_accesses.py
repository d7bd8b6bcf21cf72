"""Who looks at sealed words, reports, replays or exports leaves a record of it, durable before they see anything."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from contracts.errors import NotFound, Unavailable
from contracts.gateway import AccessRecorded
from contracts.permissions import OPENING, PERMISSIONS, RECORDED, WITH_REASON, leaves_a_record, may, opens
from contracts.vocabulary import AccessReason, SystemRole
from services.audit.views import Accesses as Looks
from services.gateway.application import Accesses, Tokens
from services.gateway.service.entrance import COOKIE
from services.gateway.service.routes import ROUTES
from shared import ranges
from shared.store import Recorder
from tests.gateway_fixture import Alone, a_year, issue, path_of, tokens
from tests.given import context, model, recorder, refused, stored

PARTNERSHIP = path_of("/partnerships/{partnership}")
SESSION = path_of("/sessions/{session}")
REPORT = path_of("/partnerships/{partnership}/reports/{period}")
AUDITOR, COORDINATOR = SystemRole.governance_auditor, SystemRole.partnership_coordinator


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Tokens]:
    made = tokens(tmp_path)
    yield made
    made.close()


@pytest.fixture
def alone(ours: Tokens) -> Alone:
    return Alone(ours)


def looks(store: Recorder) -> list[AccessRecorded]:
    return [fact for fact in stored(store) if isinstance(fact, AccessRecorded)]


def looked(alone: Alone) -> list[AccessRecorded]:
    recorder: Recorder = alone.tokens.recorder  # type: ignore[assignment]
    return looks(recorder)


# The table


@pytest.mark.parametrize("operation", sorted({*OPENING, *RECORDED}))
def test_what_leaves_a_record_is_permitted_to_somebody_and_changes_nothing(operation: str) -> None:
    assert PERMISSIONS[operation]
    assert not any(route.writes for route in ROUTES if route.operation == operation)


@pytest.mark.parametrize("sealed", sorted(OPENING.values()))
def test_words_are_opened_by_role_or_by_reason_and_by_nobody_else(sealed: str) -> None:
    for role in SystemRole:
        assert opens(role, sealed, None) is may(role, sealed)
        assert opens(role, sealed, AccessReason.audit) is (may(role, sealed) or role in WITH_REASON[sealed])
        assert opens(role, sealed, "because") is may(role, sealed)


def test_a_read_leaves_a_record_when_it_opens_words_and_a_report_always() -> None:
    assert leaves_a_record(COORDINATOR, "partnerships.get_partnership", None)
    assert not leaves_a_record(AUDITOR, "partnerships.get_partnership", None)
    assert leaves_a_record(AUDITOR, "partnerships.get_partnership", AccessReason.audit)
    assert leaves_a_record(AUDITOR, "reporting.get_report", None)
    assert not leaves_a_record(COORDINATOR, "partnerships.list_partnerships", None)


# At the door


def test_opening_names_is_one_record_that_says_ids_and_codes_and_no_more(alone: Alone) -> None:
    assert alone.client.get(PARTNERSHIP, headers=alone.bearer(COORDINATOR)).status_code == 200
    [look] = looked(alone)
    assert (look.operation, look.role, look.about_partnership, look.about_member, look.about, look.reason) == (
        "partnerships.get_partnership", COORDINATOR, UUID(int=1), None, None, None,
    )  # fmt: skip
    assert look.actor == alone.calls.asked[0].context.actor
    assert look.correlation == alone.calls.asked[0].context.correlation


def test_the_partnership_of_a_session_is_known_from_the_answer(alone: Alone) -> None:
    partnership = alone.client.get(SESSION, headers=alone.bearer(COORDINATOR)).json["partnership"]  # type: ignore[index]
    [look] = looked(alone)
    assert (str(look.about_partnership), look.about) == (partnership, UUID(int=3))


def test_an_auditor_opens_words_by_giving_a_reason_which_is_recorded(alone: Alone) -> None:
    headers = alone.bearer(AUDITOR)
    alone.client.get(PARTNERSHIP, headers=headers)
    assert looked(alone) == []
    alone.client.get(PARTNERSHIP, headers={**headers, "Comhar-Reason": "incident_review"})
    assert [look.reason for look in looked(alone)] == ["incident_review"]
    assert alone.calls.asked[-1].context.reason == "incident_review"


def test_a_reason_is_one_of_a_list_for_it_is_kept_for_ever(alone: Alone) -> None:
    response = alone.client.get(PARTNERSHIP, headers={**alone.bearer(AUDITOR), "Comhar-Reason": "Maeve-told-me"})
    assert (response.status_code, response.json and response.json["code"]) == (400, "invalid_header")
    assert b"Maeve" not in response.data
    assert alone.calls.asked == []


@pytest.mark.parametrize("path", [REPORT, path_of("/audit/partnerships/{partnership}"), "/v1/audit/accesses"])
def test_a_report_a_replay_and_a_look_at_the_looks_are_recorded_whoever_asks(alone: Alone, path: str) -> None:
    assert alone.client.get(path, headers=alone.bearer(AUDITOR)).status_code == 200
    assert len(looked(alone)) == 1


@pytest.mark.parametrize("path", ["/v1/partnerships", PARTNERSHIP + "/sessions", PARTNERSHIP + "/feedback", "/v1/audit/completeness"])
def test_a_list_of_ids_leaves_no_record(alone: Alone, path: str) -> None:
    assert alone.client.get(path, headers=alone.bearer()).status_code == 200
    assert looked(alone) == []


def test_what_was_refused_was_not_seen(alone: Alone) -> None:
    alone.calls.told["partnerships.get_partnership"] = NotFound("not_found", "There is no such partnership.")
    assert alone.client.get(PARTNERSHIP, headers=alone.bearer()).status_code == 404
    assert looked(alone) == []


def test_a_page_is_a_look_like_any_other(alone: Alone, ours: Tokens) -> None:
    alone.calls.told["reporting.get_report"] = a_year().model_dump_json().encode()
    alone.client.set_cookie(COOKIE, issue(ours))
    assert alone.client.get(f"/partnerships/{UUID(int=1)}/reports/2025").status_code == 200
    assert [(look.operation, look.about_partnership) for look in looked(alone)] == [("reporting.get_report", UUID(int=1))]


def test_nobody_sees_anything_when_the_record_cannot_be_written(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise Unavailable("store_unreachable", "The store cannot be reached.")

    monkeypatch.setattr(alone.accesses, "record", fail)
    response = alone.client.get(PARTNERSHIP, headers=alone.bearer(COORDINATOR))
    assert (response.status_code, response.json and response.json["code"]) == (503, "store_unreachable")


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize(("after_the_commit", "records"), [(False, 0), (True, 1)])
def test_a_process_killed_around_the_record_has_shown_nothing(tmp_path: Path, after_the_commit: bool, records: int) -> None:
    """Before the commit there is no record, after it there is one; either way the answer has not left."""
    store = recorder(tmp_path, "looks")
    append = store.append

    def killed(*given: object, **named: object) -> None:
        if after_the_commit:
            append(*given, **named)  # type: ignore[arg-type]
        raise Killed

    store.append = killed  # type: ignore[assignment]
    with pytest.raises(Killed):
        Accesses(store).record(operation="audit.replay_partnership", context=context(), partnership=UUID(int=1))
    assert len(looks(store)) == records
    store.close()


def test_looks_are_not_tokens(alone: Alone, ours: Tokens) -> None:
    alone.client.get(PARTNERSHIP, headers=alone.bearer())
    assert len(ours.list_tokens()) == 1


# Who looked


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Looks]:
    """Six looks: at two partnerships, and at two members of the first."""
    store = recorder(tmp_path, "gateway")
    accesses = Accesses(store)
    for number in range(6):
        accesses.record(
            operation="partnerships.get_partnership",
            context=context(),
            partnership=UUID(int=1 + number % 2),
            member=UUID(int=number) if number in {2, 4} else None,
        )
    seen: Looks = model(Looks, tmp_path, "audit")
    with seen.database.transaction() as tx:
        seen.view.apply(seen.view.within(tx), list(ranges.facts(ranges.after(store, "ABH", "gateway", 0))))
    yield seen
    store.close()
    seen.database.close()


def test_looks_are_told_by_partnership_and_by_member(known: Looks) -> None:
    assert len(known.page(None, None, after=None, limit=50).items) == 6
    at_first = known.page(UUID(int=1), None, after=None, limit=50).items
    assert [look.member for look in at_first] == [None, UUID(int=2), UUID(int=4)]
    assert [look.member for look in known.page(UUID(int=1), UUID(int=4), after=None, limit=50).items] == [UUID(int=4)]
    assert known.page(UUID(int=2), UUID(int=4), after=None, limit=50).items == ()


def test_pages_of_looks_follow_one_another(known: Looks) -> None:
    first = known.page(None, None, after=None, limit=4)
    second = known.page(None, None, after=first.next, limit=4)
    assert (len(first.items), len(second.items), second.next) == (4, 2, None)
    assert [*first.items, *second.items] == list(known.page(None, None, after=None, limit=50).items)
    with refused("unknown_cursor"):
        known.page(None, None, after="nonsense", limit=4)
