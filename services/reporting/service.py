"""The skin of reporting: what can be called over the broker, and which facts it follows."""

from __future__ import annotations

from contracts import reporting as language
from contracts.log import FactsAfter
from contracts.model import Receipt
from services.reporting.views import Dossiers, Figures
from shared.parts import Part, asker, readers
from shared.relay import Relay
from shared.rpc import rpc


class ReportingService:
    """What reporting is asked."""

    name = "reporting"
    reports = Part("reporting")
    log = Part("reporting.log")
    relay = Relay()

    @rpc
    def get_report(self, query: language.GetReport) -> language.Report:
        return self.reports.get_report(query=query, context=asker())

    @rpc
    def publish_figures(self, command: language.PublishFigures) -> Receipt:
        return self.reports.publish_figures(command=command)

    @rpc
    def list_figures(self, query: language.ListFigures) -> language.FigurePage:
        return self.reports.list_figures(query=query)

    @rpc
    def get_figure(self, query: language.GetFigure) -> language.PublishedFigure:
        return self.reports.get_figure(query=query)

    @rpc
    def reproduce_figure(self, query: language.ReproduceFigure) -> language.Reproduction:
        return self.reports.reproduce_figure(query=query)

    @rpc
    def get_lineage(self, query: language.GetLineage) -> language.Lineage:
        return self.reports.get_lineage(query=query)

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)


ReportingReaders = readers("reporting", Dossiers.view, Figures.view)
