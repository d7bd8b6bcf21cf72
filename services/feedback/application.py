"""What can be done with feedback."""

from __future__ import annotations

from uuid import UUID

from contracts.errors import rule
from contracts.feedback import (
    FeedbackDetail,
    FeedbackPage,
    FeedbackReceived,
    FeedbackResponded,
    GetFeedback,
    ImportFeedback,
    ImportReceipt,
    ListFeedback,
    ReceiveFeedback,
    RecordOutcome,
    RespondToFeedback,
    SubjectErased,
    SurveyComment,
    TellOutcome,
    ThemeFeedback,
)
from contracts.model import Fact
from contracts.permissions import opens
from contracts.vocabulary import AnonymityMode, FeedbackAuthorRelation, FeedbackChannel
from services.feedback.domain import FeedbackItem
from services.feedback.views import Inbox, Surroundings, ToForget
from shared.application import Work, use_case
from shared.context import Context
from shared.forgetting import Forgetting
from shared.sealing import Sealer
from shared.store import Recorder

_UNDISCLOSED = {AnonymityMode.anonymous_to_partnership, AnonymityMode.detached}


class FeedbackItems(Forgetting):
    """Feedback, by the verbs of those who take it in and answer it."""

    about = {FeedbackReceived: "You said this.", FeedbackResponded: "You were given this answer."}
    fields = {FeedbackReceived: "text", FeedbackResponded: "response"}
    erased = SubjectErased

    def __init__(
        self, recorder: Recorder, sealer: Sealer, surroundings: Surroundings, inbox: Inbox, forgotten: ToForget, *, source: str
    ) -> None:
        super().__init__(recorder, sealer, source=source)
        self.forgotten = forgotten
        self._surroundings = surroundings
        self._inbox = inbox

    @use_case
    def receive_feedback(self, *, command: ReceiveFeedback, work: Work) -> FeedbackItem:
        """Take in what somebody said; their words are sealed under a key of their own."""
        self._surroundings.must_exist(command.partnership, command.session)
        detached = command.anonymity is AnonymityMode.detached
        rule(not (detached and command.author), "detached_has_no_author", "Detached feedback names no author.", field="author")
        self.must_be_remembered([command.author] if command.author else [], field="author", work=work)
        id_ = work.id_for("feedback")
        subject = self._author(command.author, id_) if command.author else None
        return FeedbackItem.receive(
            id_,
            work.undisclosed() if command.anonymity in _UNDISCLOSED else work.stamp,
            partnership=command.partnership,
            session=command.session,
            kind=command.kind,
            relation=command.relation,
            anonymity=command.anonymity,
            channel=command.channel,
            rating=command.rating,
            text=work.seal(command.text, subject=subject, stream=id_, field="text"),
        )

    @use_case
    def theme_feedback(self, *, command: ThemeFeedback, work: Work) -> FeedbackItem:
        """Say what an item is about."""
        item = self.find(FeedbackItem, command.feedback, field="feedback", work=work)
        item.say_theme(work.stamp, theme=command.theme, sub_theme=command.sub_theme)
        return item

    @use_case
    def respond_to_feedback(self, *, command: RespondToFeedback, work: Work) -> FeedbackItem:
        """Answer an item; the answer is sealed under the contributor's key, for it speaks of what they said."""
        item = self.find(FeedbackItem, command.feedback, field="feedback", work=work)
        item.respond(work.stamp, text=work.seal_beside(item.text, command.text, stream=item.id, field="response"))
        return item

    @use_case
    def record_outcome(self, *, command: RecordOutcome, work: Work) -> FeedbackItem:
        """Say what came of an item."""
        item = self.find(FeedbackItem, command.feedback, field="feedback", work=work)
        item.record_outcome(work.stamp, outcome=command.outcome)
        return item

    @use_case
    def tell_outcome(self, *, command: TellOutcome, work: Work) -> FeedbackItem:
        """Record that the contributor was told."""
        item = self.find(FeedbackItem, command.feedback, field="feedback", work=work)
        item.tell_outcome(work.stamp)
        return item

    def import_feedback(self, *, command: ImportFeedback, context: Context) -> ImportReceipt:
        """Take in comments of a survey, those not here yet all together; run again it stores nothing twice."""
        self._surroundings.must_exist(command.partnership)
        receipt = self._import_comments(command=command, context=context)
        # Counted from the facts, so that the same command, sent again, is answered as it was the first time.
        stored = sum(self._cause(id_) == context.command for id_ in {self._survey_id(command, comment) for comment in command.comments})
        return ImportReceipt(stored=stored, known=len(command.comments) - stored, source=self.source, position=receipt.position)

    @use_case
    def _import_comments(self, *, command: ImportFeedback, work: Work) -> list[FeedbackItem]:
        comments = {self._survey_id(command, comment): comment for comment in command.comments}
        # One commit makes all keys of the batch before anything is sealed under them.
        self.sealer.keys.of(self._respondent(command, comment) for comment in comments.values())
        return [self._from_survey(id_, comment, command, work) for id_, comment in comments.items() if self._cause(id_) is None]

    def _from_survey(self, id_: UUID, comment: SurveyComment, command: ImportFeedback, work: Work) -> FeedbackItem:
        stamp = work.at(comment.received)
        item = FeedbackItem.receive(
            id_,
            stamp,
            partnership=command.partnership,
            session=None,
            kind=comment.kind,
            relation=FeedbackAuthorRelation.anonymous,
            anonymity=AnonymityMode.anonymous_to_partnership,
            channel=FeedbackChannel.survey,
            rating=comment.rating,
            text=work.seal(comment.text, subject=self._respondent(command, comment), stream=id_, field="text"),
        )
        if comment.theme:
            item.say_theme(stamp, theme=comment.theme, sub_theme=comment.sub_theme)
        return item

    def concerns(self, fact: Fact, member: UUID) -> bool:
        """Whether this person said it, or was answered: nothing stored says so, but their subject in this item can be made again."""
        return isinstance(fact, FeedbackReceived | FeedbackResponded) and fact.text.subject == self._author(member, fact.stream)

    def _author(self, person: UUID, item: UUID) -> UUID:
        # One subject for each item: what somebody said under their name must not tie them to what they said without it.
        return self.sealer.subject_of(str(person), str(item))

    def _survey_id(self, command: ImportFeedback, comment: SurveyComment) -> UUID:
        return self.sealer.keys.pseudonym("survey", str(command.partnership), command.source, comment.reference)

    def _respondent(self, command: ImportFeedback, comment: SurveyComment) -> UUID:
        return self.sealer.keys.pseudonym("respondent", command.source, comment.respondent)

    def _cause(self, id_: UUID) -> UUID | None:
        """The command that took an item in; None while there is no such item."""
        first = next(iter(self.events.get(id_, limit=1)), None)
        return first.causation if isinstance(first, Fact) else None

    def get_feedback(self, *, query: GetFeedback, context: Context) -> FeedbackDetail:
        """One item; words only for those who may read them."""
        item = self.find(FeedbackItem, query.feedback, field="feedback")
        read = opens(context.role, "feedback.read_words", context.reason)
        text = self.words(item.text, stream=item.id, field="text") if read else None
        return FeedbackDetail(
            id=item.id,
            version=item.version,
            partnership=item.partnership,
            kind=item.kind,
            theme=item.theme,
            state=item.state,
            told=item.told,
            received=item.received,
            rating=item.rating,
            text=text,
            forgotten=read and text is None,
            responses=tuple(self.words(part, stream=item.id, field="response") if read else None for part in item.responses),
        )

    def list_feedback(self, *, query: ListFeedback) -> FeedbackPage:
        """The feedback of a partnership."""
        return self._inbox.page(query.partnership, after=query.after, limit=query.limit)
