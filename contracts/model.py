"""What every message is made of: the strict base, the kinds of value, the envelope of a fact.

Writers forbid unknown fields; readers of facts ignore them (`Fact.read`), so that a newer writer does not stop an older reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from contracts.errors import FieldError, Invalid

_RFC3339 = re.compile(r"(19|20|21)\d\d-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)")
_MONEY = re.compile(r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?$")
_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")


def _timestamp_text(value: Any) -> Any:
    # pydantic reads "3" as a Unix time, even in strict mode (RFC 3339 §5.6 does not).
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise ValueError("This is not a time with its offset, such as 2026-03-19T14:00:00Z (RFC 3339), from 1900 to 2199.")


def _day_text(value: Any) -> Any:
    if (isinstance(value, date) and not isinstance(value, datetime)) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("This is not a day such as 2026-03-19, from 1900 to 2199.")


def _number(value: Any) -> Any:
    # 4.0 is an integer to JSON Schema, and true or "4" are not, whatever pydantic makes of them.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("This is not a number.")  # noqa: TRY004  pydantic turns ValueError alone into a refusal
    return value


def _amount(value: Any) -> Any:
    # A number of JSON is a float to most readers, and a float is no money.
    if isinstance(value, Decimal) or (isinstance(value, str) and _MONEY.fullmatch(value)):
        return value
    raise ValueError('This is not an amount as text with at most two decimals, such as "75.00".')


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Timestamp = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_timestamp_text), AfterValidator(_utc)]
"""An instant with offset (RFC 3339), kept in UTC."""
Moment = Annotated[AwareDatetime, Field(strict=False)]
"""An instant in a fact: written by us, in UTC, so it is read without the checks that input needs."""
Day = Annotated[date, Field(strict=False), BeforeValidator(_day_text)]
"""A calendar day in the region's time zone (ISO 8601)."""
Count = Annotated[int, Field(ge=0, le=10_000, strict=False), BeforeValidator(_number)]
Ordinal = Annotated[int, Field(ge=1, le=10_000, strict=False), BeforeValidator(_number)]
"""First, second, third …"""
Amount = Annotated[
    Decimal,
    Field(strict=False),
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": _MONEY.pattern, "title": "Amount"}),
]
"""An amount of money, as text: "75.00". Its currency stands beside it."""
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""A currency (ISO 4217)."""
Several = Annotated[int, Field(ge=1, le=100, strict=False), BeforeValidator(_number)]
Repetitions = Annotated[int, Field(ge=2, le=60, strict=False), BeforeValidator(_number)]
Percent = Annotated[int, Field(ge=0, le=100, strict=False), BeforeValidator(_number)]
Rating = Annotated[int, Field(ge=1, le=5, strict=False), BeforeValidator(_number)]
"""An answer on a scale from 1 to 5; 5 is best."""
Position = Annotated[int, Field(ge=0, le=2**53, strict=False), BeforeValidator(_number)]
"""A place in a log without holes: 1, 2, 3 …; 0 is before the first."""
PageSize = Annotated[int, Field(ge=1, le=200, strict=False), BeforeValidator(_number)]
"""How many rows of a list are wanted at once."""
Cursor = Annotated[str, Field(max_length=1_000)]
"""Where a page of a list ended, as the list gave it; it holds a name of any length that a `Label` may have."""
Label = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A short public name of a body or place; never of a person."""
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
"""A code from a register, such as an org unit."""
Words = Annotated[str, Field(min_length=1, max_length=8_000)]
"""Personal words: names, titles, free text. Only ever stored sealed."""
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in hexadecimal."""


class Contract(BaseModel):
    """A message: closed, frozen, strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """The message in `body` (JSON); raises `Invalid` naming every faulty field, never repeating the input."""
        try:
            return cls.model_validate_json(body)
        except ValidationError as fault:
            raise invalid(fault) from None


_SENTENCES = {
    "missing": "This is missing.",
    "extra_forbidden": "There is a field here that the contract does not know.",
    "model_type": "This is not an object.",
    "tuple_type": "This is not a list.",
    "string_type": "This is not a text.",
    "bool_type": "This is neither true nor false.",
    "json_invalid": "The body is not valid JSON.",
    "enum": "This is not one of {expected}.",
    "too_short": "At least {min_length} must be named.",
    "too_long": "At most {max_length} may be named.",
    "string_too_short": "This text is too short: it has at least {min_length} characters.",
    "string_too_long": "This text is too long: it has at most {max_length} characters.",
    "string_pattern_mismatch": "This does not have the form {pattern}",
    "greater_than_equal": "This may not be less than {ge}.",
    "less_than_equal": "This may not be more than {le}.",
}
"""What is said instead of what the library says, which speaks to programmers; in braces what the contract asks for."""


def invalid(fault: ValidationError) -> Invalid:
    """The refusal of a message that does not fit its contract; it holds places, codes and sentences, no input."""
    found = fault.errors(include_input=False, include_url=False)
    errors = tuple(
        FieldError(pointer=_pointer(error["type"], error["loc"]), code=error["type"], reason=_sentence(error))
        for error in (error for error in found if not _follows(error["type"], error["loc"], found))
    )[:20]
    return Invalid("invalid_message", "The message does not fit its contract.", errors=errors)


def _follows(code: str, place: tuple[int | str, ...], found: Sequence[ErrorDetails]) -> bool:
    # pydantic calls an array too short when its items are faulty; the faults of the items say it all.
    return code == "too_short" and any(error["loc"][: len(place)] == place != error["loc"] for error in found)


def _pointer(code: str, place: tuple[int | str, ...]) -> str:
    # The name of an unknown field is input too: only the object that holds it is named.
    return "".join(f"/{part}" for part in (place[:-1] if code == "extra_forbidden" else place))


def _sentence(error: ErrorDetails) -> str:
    # The library's words and its context may quote what was sent: of the context only what the contract asks for is said.
    code = error["type"]
    if said := _SENTENCES.get(code):
        return said.format_map(error.get("ctx", {}))
    for ending in ("_parsing", "_type"):
        if code.endswith(ending):
            return f"This is not a valid {code.removesuffix(ending).replace('_', ' ')}."
    return error["msg"].removeprefix("Value error, ").replace("Input should be", "This is not").removesuffix(".") + "."


class Command(Contract):
    """Something asked for, in the imperative. `happened`: when it took place, if earlier than now; never in the future."""

    traceless: ClassVar[frozenset[str]] = frozenset()
    """Fields of which nothing is kept but what a fact says of them, not even in the digest by which a command is known again."""

    happened: Timestamp | None = None


class Query(Contract):
    """A question."""


class Answer(Contract):
    """What a question or a command is answered with."""


class Receipt(Answer):
    """The answer to a command: the thing changed, its version, and the position from which readers see the change.

    `made` is the id of what the command made within it: a member, an item, a decision, an action.
    `source` and `position` go back as `Comhar-After: source=position` to read at least this.
    """

    id: UUID
    made: UUID | None = None
    version: int
    source: str
    position: Position


class SealedPart(Contract):
    """Where personal words were: a random handle, whose they are, and commitments to key and ciphertext; never the words.

    `subject` is a random handle of a person or thing within one service; `commitment` commits to the key;
    `digest` is SHA-256 over salt and ciphertext (design: facts are written once, sealed parts).
    """

    handle: UUID
    subject: UUID
    commitment: Digest
    digest: Digest


class Fact(Contract):
    """What happened: stored, published, hashed and replayed as this one class.

    `happened` is when it was true, `recorded` when the system learned it; `actor`, `role`, `on_behalf_of` and `reason` say who and
    why; `correlation` ties together all that one request caused, `causation` is the command.
    """

    kinds: ClassVar[dict[str, type[Fact]]] = {}
    type: ClassVar[str]

    stream: UUID
    version: Annotated[int, Field(ge=1)]
    happened: Moment
    recorded: Moment
    actor: str
    role: str
    on_behalf_of: str | None = None
    reason: str | None = None
    correlation: UUID
    causation: UUID

    def __init_subclass__(cls, type: str | None = None, **_: Any) -> None:
        if type is not None:
            cls.type = type
            cls.kinds[type] = cls

    @classmethod
    def read(cls, state: bytes) -> Self:
        """The fact stored as `state`; fields this reader does not know are passed over."""
        return cls.model_validate_json(state, extra="ignore")

    @property
    def originator_id(self) -> UUID:
        """The stream, by the name the event-sourcing library uses."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, by the name the event-sourcing library uses."""
        return self.version


class PartnershipFact(Fact):
    """A fact about one partnership, which it names, so that every reader can file it without knowing the stream."""

    partnership: UUID


def instant(text: str) -> datetime:
    """The UTC instant an RFC 3339 text names; raises ValueError on anything else."""
    if not _RFC3339.fullmatch(text):
        raise ValueError("not an RFC 3339 time with offset")
    return datetime.fromisoformat(text.upper()).astimezone(UTC)
