"""What people said to the partnership, what they were answered, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.demo.telling import Step, moment

_OUTCOMES = {"escalated_to_complaint": "escalated", "under_consideration": None}
_TELLABLE = {"change_made", "cannot_change", "no_change_needed"}


def steps(year: dict[str, Any]) -> Iterator[Step]:
    """Received, themed, answered, settled, told."""
    for item in year["feedback"]:
        id_, path, outcome = item["id"], f"/v1/feedback/{{{item['id']}}}", item["outcome"]
        said = {part: item[part] for part in ("kind", "relation", "text")}
        how = {"partnership": "{partnership}", "anonymity": "pseudonymous_public", "channel": "paper"}
        yield Step(id_, moment(item["received"], 11), id_, "/v1/feedback", {**said, **how})
        yield Step(f"{id_} theme", moment(item["received"], 12), id_, f"{path}/theme", {"theme": item["theme"]})
        yield Step(f"{id_} response", moment(item["responded"], 11), id_, f"{path}/responses", {"text": item["response"]})
        if settled := _OUTCOMES.get(outcome, outcome):
            yield Step(f"{id_} outcome", moment(item["responded"], 12), id_, f"{path}/outcome", {"outcome": settled})
        if outcome in _TELLABLE:
            yield Step(f"{id_} told", moment(item["responded"], 13), id_, f"{path}/told", {})
