"""Work items: a degree intended, rated by each side for itself, agreed by both."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.partnerships import (
    AgreeDegree,
    DegreeAgreed,
    DegreeRated,
    GetWorkItem,
    ListWorkItems,
    OpenWorkItem,
    RateDegree,
    WorkItemOpened,
)
from contracts.vocabulary import ArnsteinRung, CommissioningStage, Degree, EngagementBand, LegalBasis, NefWay, ParticipationLevel, Side
from services.partnerships.domain import WorkItem
from tests.given import NOW, PARTNERSHIP, STREAM, Region, context, fact, given, refused, stamp, then
from tests.pure.test_neighbours import People, people

__all__ = ["people"]

WHAT: Any = {"name": "Letter", "stage": CommissioningStage.co_design, "legal_basis": LegalBasis.none, "intended": Degree.co_design}
OPENED = fact(WorkItemOpened, **WHAT)
LIVED = fact(DegreeRated, side=Side.lived_experience, degree=Degree.engagement)
PROVIDER = fact(DegreeRated, side=Side.provider, degree=Degree.co_production)
AGREED = fact(DegreeAgreed, degree=Degree.co_design)


def test_each_side_rates_for_itself_and_both_agree() -> None:
    work_item = WorkItem.open(STREAM, stamp(), partnership=PARTNERSHIP, **WHAT)
    for _ in range(2):
        work_item.rate(stamp(), side=Side.lived_experience, degree=Degree.engagement)
        work_item.rate(stamp(), side=Side.provider, degree=Degree.co_production)
    for _ in range(2):
        work_item.agree(stamp(), degree=Degree.co_design)
    then(work_item, OPENED, LIVED, PROVIDER, AGREED)


@pytest.mark.parametrize("rated", [(), (LIVED,), (PROVIDER,)])
def test_nothing_is_agreed_before_both_sides_have_rated(rated: Any) -> None:
    with refused("not_rated_on_both_sides"):
        given(WorkItem, OPENED, *rated).agree(stamp(), degree=Degree.co_design)


def test_what_is_agreed_is_neither_rated_nor_agreed_otherwise() -> None:
    work_item = given(WorkItem, OPENED, LIVED, PROVIDER, AGREED)
    with refused("degree_agreed_already"):
        work_item.rate(stamp(), side=Side.provider, degree=Degree.informing)
    with refused("degree_agreed_already"):
        work_item.agree(stamp(), degree=Degree.informing)


@pytest.mark.parametrize("side", [Side.employed, Side.other])
def test_only_the_two_sides_rate(side: Side) -> None:
    with refused("rated_by_no_side"):
        given(WorkItem, OPENED).rate(stamp(), side=side, degree=Degree.informing)


def test_nothing_is_rated_before_it_was_begun() -> None:
    with refused("before_it_was_opened"):
        given(WorkItem, OPENED).rate(stamp(NOW - timedelta(days=1)), side=Side.provider, degree=Degree.informing)


def test_a_degree_has_a_rung_and_other_words_for_it() -> None:
    assert [degree.rung for degree in Degree] == [1, 2, 3, 4, 5, 6, 7]
    assert [degree.arnstein for degree in Degree] == list(ArnsteinRung)
    assert [Degree.informing.band, Degree.consultation.band, Degree.co_production.band] == [
        None,
        EngagementBand.consulting,
        EngagementBand.co_producing,
    ]
    assert [degree.iap2 for degree in Degree] == [None, ParticipationLevel.inform, *ParticipationLevel]
    assert [degree.nef for degree in Degree] == [NefWay.doing_to] * 2 + [NefWay.doing_for] * 3 + [NefWay.doing_with] * 2


def test_a_work_item_is_told_as_it_stands(region: Region, people: People) -> None:
    verbs = region.partnerships
    item = verbs.open_work_item(command=OpenWorkItem(partnership=people.partnership, **WHAT), context=context()).id
    for side in (Side.lived_experience, Side.provider):
        verbs.rate_degree(command=RateDegree(work_item=item, side=side, degree=Degree.co_design), context=context())
    verbs.agree_degree(command=AgreeDegree(work_item=item, degree=Degree.co_design), context=context())
    told = verbs.get_work_item(query=GetWorkItem(work_item=item))
    assert (told.agreed, told.band, told.arnstein) == (Degree.co_design, EngagementBand.involving, ArnsteinRung.partnership)
    assert (told.iap2, told.nef) == (ParticipationLevel.collaborate, NefWay.doing_with)
    with refused("not_found"):
        verbs.open_work_item(command=OpenWorkItem(partnership=uuid4(), **WHAT), context=context())


def test_work_items_are_listed_by_partnership(region: Region, people: People) -> None:
    verbs = region.partnerships
    items = [verbs.open_work_item(command=OpenWorkItem(partnership=people.partnership, **WHAT), context=context()).id for _ in range(2)]
    for side in (Side.lived_experience, Side.provider):
        verbs.rate_degree(command=RateDegree(work_item=items[0], side=side, degree=Degree.co_design), context=context())
    verbs.agree_degree(command=AgreeDegree(work_item=items[0], degree=Degree.co_design), context=context())
    region.spread()
    first = verbs.list_work_items(query=ListWorkItems(partnership=people.partnership, limit=1))
    rest = verbs.list_work_items(query=ListWorkItems(after=first.next))
    assert [(one.id, one.agreed) for one in (*first.items, *rest.items)] == [(items[0], Degree.co_design), (items[1], None)]
    assert verbs.list_work_items(query=ListWorkItems(partnership=uuid4())).items == ()
