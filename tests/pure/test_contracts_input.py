"""What may not come in. Each case was taken in at least once by a stricter-looking model than ours."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import FieldError, Invalid, NotFound, Refusal, RefusalAnswer, RuleBroken, Unavailable
from contracts.examples import EXAMPLES, STORY
from contracts.feedback import ListFeedback, ReceiveFeedback
from contracts.model import Command, Contract, instant
from contracts.reporting import GetReport
from contracts.sessions import AgreeAction, CloseDecision, HoldSession, PlanSession, SubmitPulse

COMMANDS = [type(example) for example in STORY if isinstance(example, Command)]
SECRET = "Fionnuala Ní Dhomhnaill"


def changed(message: type[Contract], **fields: Any) -> bytes:
    return json.dumps({**EXAMPLES[message].model_dump(mode="json"), **fields}).encode()


def faults(message: type[Contract], body: bytes) -> tuple[FieldError, ...]:
    with pytest.raises(Invalid) as refusal:
        message.parse(body)
    assert refusal.value.code == "invalid_message"
    return refusal.value.errors


BAD: list[tuple[type[Contract], str, Any, str]] = [
    (PlanSession, "starts", "3", "/starts"),
    (PlanSession, "starts", 1742392800, "/starts"),
    (PlanSession, "starts", "2025-03-19 14:00:00", "/starts"),
    (PlanSession, "starts", "2025-03-19T14:00:00", "/starts"),
    (PlanSession, "starts", "2025-02-30T14:00:00Z", "/starts"),
    (PlanSession, "starts", "0001-01-01T00:00:00Z", "/starts"),
    (PlanSession, "starts", "9999-12-31T23:59:59-23:59", "/starts"),
    (PlanSession, "happened", True, "/happened"),
    (PlanSession, "kind", "dance", "/kind"),
    (PlanSession, "kind", "Trialogue", "/kind"),
    (PlanSession, "partnership", "10000000", "/partnership"),
    (PlanSession, "partnership", None, "/partnership"),
    (AgreeAction, "original_due", "2025-5-30", "/original_due"),
    (AgreeAction, "original_due", "30/05/2025", "/original_due"),
    (AgreeAction, "original_due", 20250530, "/original_due"),
    (AgreeAction, "original_due", "2025-05-30T00:00:00Z", "/original_due"),
    (AgreeAction, "title", "", "/title"),
    (AgreeAction, "title", "x" * 8_001, "/title"),
    (ReceiveFeedback, "rating", True, "/rating"),
    (ReceiveFeedback, "rating", 0, "/rating"),
    (ReceiveFeedback, "rating", 6, "/rating"),
    (ReceiveFeedback, "rating", "4", "/rating"),
    (ReceiveFeedback, "rating", 4.5, "/rating"),
    (ListFeedback, "limit", True, "/limit"),
    (ListFeedback, "limit", "50", "/limit"),
    (GetReport, "raw", "yes", "/raw"),
    (GetReport, "period", "2025Q5", "/period"),
    (CloseDecision, "provider", [1, 0], "/provider/2"),
    (CloseDecision, "provider", [1, 0, -1], "/provider/2"),
    (CloseDecision, "provider", [1, 0, True], "/provider/2"),
    (HoldSession, "attendance", [], "/attendance"),
    (HoldSession, "chaired_by", [str(EXAMPLES[PlanSession].model_dump()["partnership"])] * 3, "/chaired_by"),
    (SubmitPulse, "answers", [{"side": "provider", "heard": 4, "who": SECRET}], "/answers/0"),
]


@pytest.mark.parametrize(("message", "field", "value", "pointer"), BAD, ids=[f"{field}-{str(value)[:20]}" for _, field, value, _ in BAD])
def test_bad_input_is_refused_with_the_place_of_the_fault(message: type[Contract], field: str, value: Any, pointer: str) -> None:
    found = faults(message, changed(message, **{field: value}))
    assert {fault.pointer for fault in found} == {pointer}
    assert all(fault.code for fault in found)
    assert all(fault.reason.startswith(("This ", "There ", "At ")) for fault in found), "a sentence of ours, for people"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"words"', b"\xff\xfe", b'{"name": "\xe9"}', b'{"a":1}}', b"NaN"])
@pytest.mark.parametrize("message", [PlanSession, ReceiveFeedback])
def test_what_is_not_a_json_object_in_utf8_is_refused(message: type[Contract], body: bytes) -> None:
    assert faults(message, body)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_the_name_of_a_field_nobody_knows_is_not_repeated(command: type[Contract]) -> None:
    (fault,) = faults(command, changed(command, **{SECRET: SECRET}))
    assert (fault.pointer, fault.code) == ("", "extra_forbidden")


@pytest.mark.parametrize(
    ("message", "field"),
    [(PlanSession, "partnership"), (PlanSession, "starts"), (AgreeAction, "original_due"), (ReceiveFeedback, "rating")],
)
def test_not_a_letter_of_what_cannot_be_read_is_repeated(message: type[Contract], field: str) -> None:
    told = {letter: [fault.reason for fault in faults(message, changed(message, **{field: letter * 36}))] for letter in "jqxñ"}
    assert all(reasons == told["j"] for reasons in told.values())


@given(st.sampled_from(COMMANDS), st.data())
def test_no_refusal_repeats_what_was_sent(command: type[Contract], data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(command.model_fields)))
    body = changed(command, **{field: data.draw(st.sampled_from([[SECRET], {SECRET: SECRET}, f"\0{SECRET}", f"{SECRET}\n" * 1_000]))})
    told = ""
    try:
        command.parse(body)
    except Invalid as refusal:
        told = refusal.answer().model_dump_json() + str(refusal)
    assert "Fionnuala" not in told


def test_many_faults_are_named_up_to_a_limit() -> None:
    assert len(faults(SubmitPulse, changed(SubmitPulse, answers=[{}] * 100))) == 20


def test_a_time_with_another_offset_is_kept_as_the_same_instant_in_utc() -> None:
    plan = PlanSession.parse(changed(PlanSession, starts="2025-06-30T00:30:00+01:00"))
    assert plan.starts == instant("2025-06-29T23:30:00Z") == datetime(2025, 6, 29, 23, 30, tzinfo=UTC)
    assert plan.starts.tzinfo is UTC


@pytest.mark.parametrize("text", ["3", "2025-01-01", "2025-01-01T00:00:00", "20250101T000000Z"])
def test_an_instant_is_written_in_full(text: str) -> None:
    with pytest.raises(ValueError, match="RFC 3339"):
        instant(text)


@given(st.sampled_from([Invalid, NotFound, RuleBroken, Unavailable]), st.text(), st.text(), st.none() | st.just("member"))
def test_a_refusal_crosses_the_broker_as_itself(kind: type[Refusal], code: str, reason: str, field: str | None) -> None:
    sent = kind(code, reason, field=field)
    received = Refusal.of(RefusalAnswer.model_validate_json(sent.answer().model_dump_json()))
    assert (type(received), received.code, received.reason, received.errors) == (kind, code, reason, sent.errors)


def test_a_refusal_of_a_kind_we_do_not_know_is_one_that_may_pass() -> None:
    assert isinstance(Refusal.of(RefusalAnswer(kind="TooWindy", code="gale", reason="Not in this wind.")), Unavailable)
