"""Who and what the examples are about, and when it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts import partnerships, vocabulary
from contracts.model import SealedPart

STORE = UUID("00000000-0000-4000-8000-000000000001")
_CORRELATION = UUID("00000000-0000-4000-8000-000000000002")
_COMMAND = UUID("00000000-0000-4000-8000-000000000003")
PARTNERSHIP = UUID("10000000-0000-4000-8000-000000000001")
AOIFE = UUID("20000000-0000-4000-8000-000000000001")
NUALA = UUID("20000000-0000-4000-8000-000000000003")
OISIN = UUID("20000000-0000-4000-8000-000000000004")
LORCAN = UUID("20000000-0000-4000-8000-000000000002")
BRID = UUID("20000000-0000-4000-8000-000000000003")
SESSION = UUID("30000000-0000-4000-8000-000000000001")
SNOWED_IN = UUID("30000000-0000-4000-8000-000000000002")
ACCESS = UUID("26000000-0000-4000-8000-000000000001")
NEED = UUID("27000000-0000-4000-8000-000000000001")
LIFT = UUID("27000000-0000-4000-8000-000000000002")
LETTER = UUID("28000000-0000-4000-8000-000000000001")
RATE_CARD = UUID("24000000-0000-4000-8000-000000000001")
PAYMENT = UUID("25000000-0000-4000-8000-000000000001")
BUS_FARE = UUID("25000000-0000-4000-8000-000000000002")
PARTICIPATION = UUID("21000000-0000-4000-8000-000000000001")
DECLARATION = UUID("22000000-0000-4000-8000-000000000001")
SKILL = UUID("23000000-0000-4000-8000-000000000001")
LETTER_ITEM = UUID("40000000-0000-4000-8000-000000000001")
LETTER_DECISION = UUID("50000000-0000-4000-8000-000000000001")
LETTER_NOW = UUID("41000000-0000-4000-8000-000000000001")
HALL_CORRECTION = UUID("52000000-0000-4000-8000-000000000001")
ENVELOPE_OBJECTION = UUID("51000000-0000-4000-8000-000000000001")
BALLOT = UUID("53000000-0000-4000-8000-000000000001")
PRINT_ACTION = UUID("60000000-0000-4000-8000-000000000002")
LETTER_ACTION = UUID("60000000-0000-4000-8000-000000000001")
STATEMENT = UUID("70000000-0000-4000-8000-000000000001")
PUBLICATIONS = UUID("b0000000-0000-4000-8000-000000000001")
FIGURE = UUID("c0000000-0000-4000-8000-000000000001")
TOKEN = UUID("80000000-0000-4000-8000-000000000001")
LOOK = UUID("81000000-0000-4000-8000-000000000001")
LEDGER = UUID("a0000000-0000-4000-8000-000000000001")
CONTRIBUTOR = UUID("90000000-0000-4000-8000-000000000001")
PROPOSED = datetime(2025, 1, 8, 10, 0, tzinfo=UTC)
BEGAN = datetime(2025, 1, 15, 10, 0, tzinfo=UTC)
HELD = datetime(2025, 3, 19, 14, 0, tzinfo=UTC)
RECEIVED = datetime(2025, 2, 10, 9, 30, tzinfo=UTC)
ANSWERED = datetime(2025, 2, 20, 11, 0, tzinfo=UTC)
LETTER_SENT = datetime(2025, 5, 27, 16, 0, tzinfo=UTC)
RESTED = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)
WENT_ON = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)
CLOSED = datetime(2026, 1, 30, 16, 0, tzinfo=UTC)
RULE: Any = {
    "lived_experience": 1,
    "provider": 1,
    "lived_share": 50,
    "quorum_lived_experience": 1,
    "quorum_provider": 1,
    "quorum_share": 50,
}
PUBLISHED = datetime(2025, 7, 15, 10, 0, tzinfo=UTC)
NOMINATED = datetime(2025, 4, 2, 9, 0, tzinfo=UTC)
ELECTED = datetime(2025, 4, 14, 18, 0, tzinfo=UTC)
EMPLOYED = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
AWAY = datetime(2025, 8, 4, 9, 0, tzinfo=UTC)
BACK = datetime(2025, 9, 15, 9, 0, tzinfo=UTC)
TERM = datetime(2026, 4, 14, 18, 0, tzinfo=UTC)
RATE = partnerships.Rate(kind=vocabulary.PaymentKind.involvement_payment, amount=Decimal("75.00"))
DOCUMENT = "a3" * 32
VERIFIER = "comhar/ABH+93a1b7c2+AaV0c3Qga2V5IG5vdCBvZiBhbnkgcmVnaW9uIGF0IGFs"


def recorded(stream: UUID, version: int, happened: datetime) -> dict[str, Any]:
    """The envelope of a fact that was written down an hour after it happened."""
    return {
        "stream": stream,
        "version": version,
        "happened": happened,
        "recorded": happened + timedelta(hours=1),
        "actor": "token:1f0c",
        "role": "partnership_coordinator",
        "correlation": _CORRELATION,
        "causation": _COMMAND,
    }


def by_comhar(version: int, happened: datetime) -> dict[str, Any]:
    """The envelope of a fact of the ledger itself."""
    return {**recorded(LEDGER, version, happened), "actor": "service", "role": "service"}


def in_partnership(stream: UUID, version: int, happened: datetime) -> dict[str, Any]:
    return {**recorded(stream, version, happened), "partnership": PARTNERSHIP}


def sealed(number: int, subject: UUID) -> SealedPart:
    handle = UUID(f"a0000000-0000-4000-8000-{number:012}")
    return SealedPart(handle=handle, subject=subject, commitment="c0" * 32, digest=f"{number:02}" * 32)
