"""What is asked and answered about one person: everything that is held about them, and who looked at it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.audit import AccessSummary
from contracts.model import Answer, Contract, Query


class HeldAbout(Query):
    """What one service holds about a person, by their id as a member or as the author of feedback."""

    member: UUID


class HeldItem(Contract):
    """One thing that is held: `what` in plain words, `said` the codes, dates and ids recorded, `words` what was sealed, opened.

    `forgotten`: there were words, and they were destroyed.
    """

    service: str
    what: str
    happened: datetime
    recorded: datetime
    about: UUID
    said: dict[str, str]
    words: str | None
    forgotten: bool


class Held(Answer):
    """What one service holds."""

    items: tuple[HeldItem, ...]


class GetPersonData(Query):
    """Everything that is held about a person, opened; it needs a reason, which is recorded."""

    member: UUID


class PersonData(Answer):
    """Everything that is held about a person, who looked at it, and in `explained` what is not in here."""

    member: UUID
    made: datetime
    held: tuple[HeldItem, ...]
    looked_at: tuple[AccessSummary, ...]
    explained: tuple[str, ...]
