"""What users of the system are trusted with, and why something is opened, kept or destroyed."""

from __future__ import annotations

from enum import StrEnum


class SystemRole(StrEnum):
    """What a user of the system is trusted with (ours)."""

    regional_operator = "regional_operator"
    partnership_coordinator = "partnership_coordinator"
    member = "member"
    responder = "responder"
    finance_officer = "finance_officer"
    access_coordinator = "access_coordinator"
    complaints_officer = "complaints_officer"
    regional_approver = "regional_approver"
    national_aggregator = "national_aggregator"
    governance_auditor = "governance_auditor"
    data_protection_officer = "data_protection_officer"


class AccessReason(StrEnum):
    """Why somebody opens sealed words whose role alone does not give it (ours; GDPR articles 15 and 39, IHE BALP purpose of use)."""

    subject_request = "subject_request"
    complaint = "complaint"
    audit = "audit"
    incident_review = "incident_review"
    safeguarding = "safeguarding"
    legal_obligation = "legal_obligation"


class ErasureBasis(StrEnum):
    """On what ground somebody is forgotten (GDPR article 17, paragraph 1, points a to e)."""

    no_longer_necessary = "no_longer_necessary"
    consent_withdrawn = "consent_withdrawn"
    objection = "objection"
    unlawful_processing = "unlawful_processing"
    legal_obligation = "legal_obligation"


class ErasureScope(StrEnum):
    """How much of somebody is forgotten (ours)."""

    everything_sealed = "everything_sealed"


class KeptRecord(StrEnum):
    """What an erasure does not reach (ours)."""

    facts_under_pseudonym = "facts_under_pseudonym"
    payments = "payments"


class KeptReason(StrEnum):
    """Why something is kept in spite of an erasure (GDPR article 17, paragraph 3)."""

    public_task = "public_task"
    statistics = "statistics"
    legal_obligation = "legal_obligation"
    legal_claims = "legal_claims"


class Shape(StrEnum):
    """What the entries of the history can be written as, for reading (ours)."""

    ndjson = "ndjson"
    fhir = "fhir"
    prov = "prov"
    parquet = "parquet"

    @property
    def file(self) -> str:
        return {
            Shape.ndjson: "entries.ndjson",
            Shape.fhir: "bundle.fhir.json",
            Shape.prov: "prov.json",
            Shape.parquet: "entries.parquet",
        }[self]
