"""Who may ask, and who has asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contracts import audit, gateway, vocabulary
from contracts.errors import FieldError, RefusalAnswer
from contracts.examples.cast import BEGAN, LETTER_SENT, LOOK, PARTNERSHIP, TOKEN, recorded

LOOKED = audit.AccessSummary(
    looked=LETTER_SENT + timedelta(hours=1),
    actor="token:1f0c",
    role="data_protection_officer",
    operation="partnerships.get_partnership",
    reason="subject_request",
    partnership=PARTNERSHIP,
    member=None,
    about=None,
)
SAID = (
    gateway.CreateToken(label="ward-tablet", role=vocabulary.SystemRole.responder, expires=datetime(2026, 1, 15, 10, 0, tzinfo=UTC)),
    gateway.TokenCreated(
        **recorded(TOKEN, 1, BEGAN),
        label="ward-tablet",
        granted_role=vocabulary.SystemRole.responder,
        region="ABH",
        secret="5e" * 32,
        expires=datetime(2026, 1, 15, 10, 0, tzinfo=UTC),
    ),
    gateway.RevokeToken(token=str(TOKEN)),
    gateway.TokenRevoked(**recorded(TOKEN, 2, LETTER_SENT)),
    gateway.AccessRecorded(
        **{**recorded(LOOK, 1, LETTER_SENT), "role": "data_protection_officer", "reason": "subject_request"},
        operation="partnerships.get_partnership",
        about_partnership=PARTNERSHIP,
        about_member=None,
        about=None,
    ),
    audit.ListAccesses(partnership=PARTNERSHIP),
    LOOKED,
    audit.AccessPage(items=(LOOKED,), next=None),
    gateway.TokenSummary(
        id=str(TOKEN),
        label="ward-tablet",
        role=vocabulary.SystemRole.responder,
        created=BEGAN,
        expires=datetime(2026, 1, 15, 10, 0, tzinfo=UTC),
        revoked=LETTER_SENT,
    ),
    RefusalAnswer(
        kind="RuleBroken",
        code="session_not_held",
        reason="The session has not been held.",
        errors=(FieldError(pointer="/session", code="session_not_held", reason="The session has not been held."),),
    ),
)
