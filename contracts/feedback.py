"""What is said to, by and about feedback: from the statement to "you said, we did"."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.forgetting import ErasureFact
from contracts.model import (
    Answer,
    Code,
    Command,
    Contract,
    Cursor,
    PageSize,
    PartnershipFact,
    Position,
    Query,
    Rating,
    SealedPart,
    Timestamp,
    Words,
)
from contracts.vocabulary import (
    AnonymityMode,
    FeedbackAuthorRelation,
    FeedbackChannel,
    FeedbackKind,
    FeedbackOutcome,
    FeedbackState,
    FeedbackTheme,
)


class ReceiveFeedback(Command):
    """Take in what somebody says about a service or a partnership, or about one of its held sessions.

    `author` is the id of the member or person who says it, if they want to be able to have it given to them, or forgotten. It is not
    stored: whoever knows the person and holds the region's master key can find their words, nobody else. Detached feedback has none.
    """

    partnership: UUID
    session: UUID | None = None
    kind: FeedbackKind
    relation: FeedbackAuthorRelation
    anonymity: AnonymityMode
    channel: FeedbackChannel
    text: Words
    rating: Rating | None = None
    author: UUID | None = None


class ThemeFeedback(Command):
    """Say what a feedback item is about."""

    feedback: UUID
    theme: FeedbackTheme
    sub_theme: Code | None = None


class RespondToFeedback(Command):
    """Give the first or a further answer of substance; an automatic acknowledgement is none."""

    feedback: UUID
    text: Words


class RecordOutcome(Command):
    """Say what came of it."""

    feedback: UUID
    outcome: FeedbackOutcome


class TellOutcome(Command):
    """Record that the contributor was told what was done, or why not."""

    feedback: UUID


class SurveyComment(Contract):
    """One comment of a survey; `reference` names it within its source, `respondent` who gave it, without saying who that is."""

    reference: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
    respondent: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
    received: Timestamp
    kind: FeedbackKind
    text: Words
    rating: Rating | None = None
    theme: FeedbackTheme | None = None
    sub_theme: Code | None = None


class ImportFeedback(Command):
    """Take in comments of a survey; a comment already taken in under its reference is passed over."""

    partnership: UUID
    source: Code
    comments: Annotated[tuple[SurveyComment, ...], Field(min_length=1, max_length=200)]


class GetFeedback(Query):
    """One feedback item."""

    feedback: UUID


class ListFeedback(Query):
    """The feedback of a partnership, by receipt."""

    partnership: UUID
    after: Cursor | None = None
    limit: PageSize = 50


class FeedbackReceived(PartnershipFact, type="feedback.FeedbackReceived.v1"):
    """Somebody said something."""

    session: UUID | None
    kind: FeedbackKind
    relation: FeedbackAuthorRelation
    anonymity: AnonymityMode
    channel: FeedbackChannel
    rating: int | None
    text: SealedPart


class FeedbackThemed(PartnershipFact, type="feedback.FeedbackThemed.v1"):
    """It was said what the item is about."""

    theme: FeedbackTheme
    sub_theme: str | None


class FeedbackResponded(PartnershipFact, type="feedback.FeedbackResponded.v1"):
    """An answer of substance was given."""

    text: SealedPart


class ChangePlanned(PartnershipFact, type="feedback.ChangePlanned.v1"):
    """A change is planned; the loop is still open."""


class ChangeMade(PartnershipFact, type="feedback.ChangeMade.v1"):
    """A change was made."""


class ChangeDeclined(PartnershipFact, type="feedback.ChangeDeclined.v1"):
    """No change: it cannot be made, or none is needed."""

    outcome: FeedbackOutcome


class FeedbackEscalated(PartnershipFact, type="feedback.FeedbackEscalated.v1"):
    """The item became a complaint, which is handled apart."""


class OutcomeTold(PartnershipFact, type="feedback.OutcomeTold.v1"):
    """The contributor was told what was done, or why not."""


class SubjectErased(ErasureFact, type="feedback.SubjectErased.v1"):
    """Feedback has forgotten what the person said, and what they were answered."""


class FeedbackSummary(Answer):
    """A feedback item in a list, without its words."""

    id: UUID
    partnership: UUID
    kind: FeedbackKind
    theme: FeedbackTheme | None
    state: FeedbackState
    told: bool
    received: datetime
    rating: int | None


class FeedbackDetail(FeedbackSummary):
    """A feedback item; its words only for those who may see them, to whom `forgotten` tells that they were destroyed."""

    version: int
    text: str | None
    forgotten: bool
    responses: tuple[str | None, ...]


class FeedbackPage(Answer):
    """A page of feedback items; `next` is the cursor of the following page."""

    items: tuple[FeedbackSummary, ...]
    next: str | None


class ImportReceipt(Answer):
    """How many comments were stored now, and how many had been before."""

    stored: int
    known: int
    source: str
    position: Position
