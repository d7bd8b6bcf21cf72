"""The frameworks a region works by, edition after edition, each valid from a day on (domain 5.2)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from contracts.errors import NotFound, rule
from contracts.model import Fact
from contracts.partnerships import AdoptFramework, FrameworkAction, FrameworkAdopted, FrameworkElement, FrameworkMeasure
from shared.application import Aggregate, Stamp

_LONGEST = 40_000


class Frameworks(Aggregate):
    """Every edition of every framework (domain 5.2; editions are ours).

    No protected wording is shipped: actions and measures come from whoever may give them.
    """

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.editions: dict[str, list[FrameworkAdopted]] = defaultdict(list)

    def adopt(self, by: Stamp, *, wanted: AdoptFramework) -> None:
        """Adopt the next edition; said again it is the same one."""
        what = {field: getattr(wanted, field) for field in AdoptFramework.model_fields if field != "happened"}
        earlier = self.editions.get(wanted.framework, [])
        if any(all(getattr(one, field) == value for field, value in what.items()) for one in earlier):
            return
        rule(wanted.edition == len(earlier) + 1, "edition_out_of_order", "Editions are adopted one after the other.", field="edition")
        rule(
            not earlier or earlier[-1].valid_from < wanted.valid_from,
            "edition_before_the_last",
            "An edition is valid from a later day than the one before it.",
            field="valid_from",
        )
        codes = [element.code for element in wanted.elements]
        parts: list[FrameworkAction | FrameworkMeasure] = [*wanted.actions, *wanted.measures]
        rule(
            len(set(codes)) == len(codes) and len({part.code for part in parts}) == len(parts),
            "code_given_twice",
            "Each part of a framework has a code of its own.",
            field="elements",
        )
        rule(
            all(part.principle in codes for part in parts),
            "principle_unknown",
            "Actions and measures belong to principles of the same framework.",
            field="actions",
        )
        # A fact is a leaf of the ledger, which takes leaves up to a size (design 6).
        rule(len(wanted.model_dump_json().encode()) <= _LONGEST, "framework_too_long", "A framework takes up to 40,000 bytes.")
        self.record(FrameworkAdopted, by, **what)

    def valid(self, framework: str, on: date) -> FrameworkAdopted:
        """The edition that is valid on a day; raises `NotFound` without one."""
        editions = [one for one in self.editions.get(framework, ()) if one.valid_from <= on]
        if not editions:
            raise NotFound("no_such_framework", "No edition of this framework is valid on that day.", field="framework")
        return editions[-1]

    def all_valid(self, on: date) -> list[FrameworkAdopted]:
        """The editions that are valid on a day, by code."""
        return [self.valid(code, on) for code in sorted(self.editions) if self.editions[code][0].valid_from <= on]

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        if isinstance(fact, FrameworkAdopted):
            self.editions[fact.framework].append(fact)


def element_of(framework: FrameworkAdopted, code: str) -> FrameworkElement:
    """The element of that code; raises `NotFound`."""
    for element in framework.elements:
        if element.code == code:
            return element
    raise NotFound("no_such_element", "This edition of the framework has no such element.", field="element")
