"""The one family of refusals, and how a refusal travels between services.

    Refusal
    ├── Invalid          the message itself is wrong: nothing was read, nothing was stored
    ├── NotPermitted     the caller may not do this
    ├── NotFound         the thing named does not exist, or not for this caller
    ├── RuleBroken       the message is well formed, but a rule of co-production forbids it
    ├── Conflict         somebody else changed the same thing first
    └── Unavailable      not now: a part of the system cannot be reached; the same command may be sent again

A refusal never repeats what was sent: it may be somebody's words.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class FieldError(BaseModel):
    """One fault of a message: a JSON pointer to the field, a stable code and a sentence."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    code: str
    reason: str


class RefusalAnswer(BaseModel):
    """A refusal as it crosses the broker."""

    model_config = ConfigDict(frozen=True)

    kind: str
    code: str
    reason: str
    errors: tuple[FieldError, ...] = ()


class Refusal(Exception):
    """Anything foreseen that was not done; `code` is stable, `reason` is a sentence for a person."""

    kinds: ClassVar[dict[str, type[Refusal]]] = {}

    def __init_subclass__(cls) -> None:
        Refusal.kinds[cls.__name__] = cls

    def __init__(self, code: str, reason: str, *, field: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.errors = errors or ((FieldError(pointer=f"/{field}", code=code, reason=reason),) if field else ())

    def answer(self) -> RefusalAnswer:
        """The refusal as a message."""
        return RefusalAnswer(kind=type(self).__name__, code=self.code, reason=self.reason, errors=self.errors)

    @staticmethod
    def of(answer: RefusalAnswer) -> Refusal:
        """The refusal a message tells of; an unknown kind becomes `Unavailable`, because its sender is newer than we are."""
        kind = Refusal.kinds.get(answer.kind, Unavailable)
        return kind(answer.code, answer.reason, errors=answer.errors)


class Invalid(Refusal):
    """The message is wrong; each fault is named in `errors`."""


class NotPermitted(Refusal):
    """The caller may not do this; `unauthenticated` means: say first who you are."""


class NotFound(Refusal):
    """The thing named does not exist."""


class RuleBroken(Refusal):
    """A rule of co-production forbids it."""


class Conflict(Refusal):
    """Somebody else changed the same thing first; read again, decide again."""


class Unavailable(Refusal):
    """A part of the system cannot be reached now; sending the same command again is safe."""


def rule(holds: bool, code: str, sentence: str, *, field: str | None = None) -> None:  # noqa: FBT001  it reads as a sentence
    """Raises `RuleBroken` with the rule's sentence unless it holds."""
    if not holds:
        raise RuleBroken(code, sentence, field=field)
