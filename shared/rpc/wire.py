"""How calls and replies are written: several in one message, each a line of JSON that says how many bytes of body follow.

Owns names and places on the broker, and the one translation between a refusal and its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, NonNegativeInt

from contracts.errors import Refusal, RefusalAnswer
from shared.context import Context

EXCHANGE = "comhar.rpc"
_FAULT = "Fault"


def queue_of(service: str) -> str:
    """The queue a service takes its calls from."""
    return f"{EXCHANGE}.{service}"


class RemoteFault(Exception):
    """The service failed in a way nobody foresaw; its log holds the class of the error under the correlation id."""


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    size: NonNegativeInt


class CallHead(_Head):
    """`deadline` is in seconds of Unix time: clocks of one region are kept together, and a call is dropped rather than done late."""

    method: str
    deadline: float
    context: Context


class ReplyHead(_Head):
    """`refused`: the body is a `RefusalAnswer`."""

    refused: bool


Head = TypeVar("Head", bound=_Head)


def write(head: _Head, body: bytes) -> bytes:
    """`head` and `body` as they travel."""
    return b"%b\n%b" % (head.model_dump_json().encode(), body)


def read(kind: type[Head], message: bytes) -> Iterator[tuple[Head, bytes]]:
    """All that a message holds; raises ValueError where it is not what `write` wrote."""
    if not message:
        raise ValueError("the message is empty")
    start = 0
    while start < len(message):
        end = message.index(b"\n", start)
        head = kind.model_validate_json(message[start:end])
        start = end + 1 + head.size
        if start > len(message):
            raise ValueError("the message ends too early")
        yield head, message[end + 1 : start]


def fault(reason: str) -> bytes:
    """The body that says a service failed."""
    return RefusalAnswer(kind=_FAULT, code="internal", reason=reason).model_dump_json().encode()


def refusal(body: bytes) -> Refusal | RemoteFault:
    """What a refused call raises."""
    answer = RefusalAnswer.model_validate_json(body)
    return RemoteFault(answer.reason) if answer.kind == _FAULT else Refusal.of(answer)
