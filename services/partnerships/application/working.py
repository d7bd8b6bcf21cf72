"""Work items, by the verbs of those who begin and review them."""

from __future__ import annotations

from contracts.partnerships import AgreeDegree, GetWorkItem, ListWorkItems, OpenWorkItem, RateDegree, WorkItemDetail, WorkItemPage
from services.partnerships.application.hall import Hall
from services.partnerships.domain import WorkItem
from services.partnerships.views import WorkItems
from shared.application import Work, use_case


class Working(Hall):
    """The verbs of work items; each is a stream of its own."""

    _work_items: WorkItems

    @use_case
    def open_work_item(self, *, command: OpenWorkItem, work: Work) -> WorkItem:
        """Begin a piece of work."""
        self._partnership(command).must_be_open()
        return WorkItem.open(
            work.id_for("work item"),
            work.stamp,
            partnership=command.partnership,
            name=command.name,
            stage=command.stage,
            legal_basis=command.legal_basis,
            intended=command.intended,
        )

    @use_case
    def rate_degree(self, *, command: RateDegree, work: Work) -> WorkItem:
        """Say which degree one side saw."""
        work_item = self.find(WorkItem, command.work_item, field="work_item", work=work)
        work_item.rate(work.stamp, side=command.side, degree=command.degree)
        return work_item

    @use_case
    def agree_degree(self, *, command: AgreeDegree, work: Work) -> WorkItem:
        """Agree on the degree that was reached."""
        work_item = self.find(WorkItem, command.work_item, field="work_item", work=work)
        work_item.agree(work.stamp, degree=command.degree)
        return work_item

    def list_work_items(self, *, query: ListWorkItems) -> WorkItemPage:
        """The pieces of work of the region, or of one partnership."""
        return self._work_items.page(query.partnership, after=query.after, limit=query.limit)

    def get_work_item(self, *, query: GetWorkItem) -> WorkItemDetail:
        """One piece of work."""
        found = self.find(WorkItem, query.work_item, field="work_item")
        return WorkItemDetail(
            id=found.id,
            version=found.version,
            partnership=found.partnership,
            name=found.name,
            stage=found.stage,
            legal_basis=found.legal_basis,
            intended=found.intended,
            rated=found.rated,
            agreed=found.agreed,
            band=found.agreed.band if found.agreed else None,
            arnstein=found.agreed.arnstein if found.agreed else None,
            iap2=found.agreed.iap2 if found.agreed else None,
            nef=found.agreed.nef if found.agreed else None,
        )
