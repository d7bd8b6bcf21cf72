"""The skin of reporting: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts.reporting import (
    GetReport,
    Report,
)
from services.reporting.views import Dossiers
from shared.parts import Part, asker, readers
from shared.rpc import rpc


class ReportingService:
    """What reporting is asked."""

    name = "reporting"
    reports = Part("reporting")

    @rpc
    def get_report(self, query: GetReport) -> Report:
        return self.reports.get_report(query=query, context=asker())


ReportingReaders = readers("reporting", Dossiers.view)
