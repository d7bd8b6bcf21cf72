"""What somebody wrote, and what became of it."""

from __future__ import annotations

from contracts import feedback, vocabulary
from contracts.examples.cast import ANSWERED, CONTRIBUTOR, HELD, LETTER_SENT, PARTNERSHIP, RECEIVED, STATEMENT, in_partnership, sealed

SAID = (
    feedback.ReceiveFeedback(
        happened=RECEIVED,
        partnership=PARTNERSHIP,
        kind=vocabulary.FeedbackKind.suggestion,
        relation=vocabulary.FeedbackAuthorRelation.service_user,
        anonymity=vocabulary.AnonymityMode.anonymous_to_partnership,
        channel=vocabulary.FeedbackChannel.paper,
        text="The first letter frightened me. Could it say what will happen on the day?",
        rating=2,
    ),
    feedback.FeedbackReceived(
        **in_partnership(STATEMENT, 1, RECEIVED),
        session=None,
        kind=vocabulary.FeedbackKind.suggestion,
        relation=vocabulary.FeedbackAuthorRelation.service_user,
        anonymity=vocabulary.AnonymityMode.anonymous_to_partnership,
        channel=vocabulary.FeedbackChannel.paper,
        rating=2,
        text=sealed(5, CONTRIBUTOR),
    ),
    feedback.ThemeFeedback(feedback=STATEMENT, theme=vocabulary.FeedbackTheme.communication_and_information, sub_theme="letters"),
    feedback.FeedbackThemed(
        **in_partnership(STATEMENT, 2, RECEIVED), theme=vocabulary.FeedbackTheme.communication_and_information, sub_theme="letters"
    ),
    feedback.RespondToFeedback(
        happened=ANSWERED, feedback=STATEMENT, text="Thank you. The partnership takes it up on 19 March; you will hear from us."
    ),
    feedback.FeedbackResponded(**in_partnership(STATEMENT, 3, ANSWERED), text=sealed(6, CONTRIBUTOR)),
    feedback.ChangePlanned(**in_partnership(STATEMENT, 4, HELD)),
    feedback.RecordOutcome(happened=LETTER_SENT, feedback=STATEMENT, outcome=vocabulary.FeedbackOutcome.change_made),
    feedback.ChangeMade(**in_partnership(STATEMENT, 5, LETTER_SENT)),
    feedback.ChangeDeclined(**in_partnership(STATEMENT, 5, LETTER_SENT), outcome=vocabulary.FeedbackOutcome.cannot_change),
    feedback.FeedbackEscalated(**in_partnership(STATEMENT, 4, ANSWERED)),
    feedback.TellOutcome(happened=LETTER_SENT, feedback=STATEMENT),
    feedback.OutcomeTold(**in_partnership(STATEMENT, 6, LETTER_SENT)),
    feedback.ImportFeedback(
        partnership=PARTNERSHIP,
        source="friends-and-family-2025",
        comments=(
            feedback.SurveyComment(
                reference="row-17",
                respondent="17",
                received=RECEIVED,
                kind=vocabulary.FeedbackKind.compliment,
                text="Everybody took their time.",
                rating=5,
            ),
        ),
    ),
    feedback.ImportReceipt(stored=1, known=0, source="feedback", position=7),
    feedback.GetFeedback(feedback=STATEMENT),
    feedback.FeedbackDetail(
        id=STATEMENT,
        partnership=PARTNERSHIP,
        kind=vocabulary.FeedbackKind.suggestion,
        theme=vocabulary.FeedbackTheme.communication_and_information,
        state=vocabulary.FeedbackState.change_made,
        told=True,
        received=RECEIVED,
        rating=2,
        version=6,
        forgotten=False,
        text="The first letter frightened me. Could it say what will happen on the day?",
        responses=("Thank you. The partnership takes it up on 19 March; you will hear from us.",),
    ),
    feedback.ListFeedback(partnership=PARTNERSHIP, limit=20),
    statement := feedback.FeedbackSummary(
        id=STATEMENT,
        partnership=PARTNERSHIP,
        kind=vocabulary.FeedbackKind.suggestion,
        theme=vocabulary.FeedbackTheme.communication_and_information,
        state=vocabulary.FeedbackState.change_made,
        told=True,
        received=RECEIVED,
        rating=2,
    ),
    feedback.FeedbackPage(items=(statement,), next=None),
)
