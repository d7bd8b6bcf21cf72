"""One example of every message: the first months of a small partnership by the river, told in the order things are said.

Aoife has used the community mental health team; Lorcan manages it. They co-chair. Somebody writes that the first letter frightened
them; the partnership takes it up, decides, acts, and tells the writer. The same examples are in the schemas, the API's documentation
and the tests.
"""

from __future__ import annotations

from pydantic import BaseModel

from contracts.examples import access, audit, equality, feedback, guide, partnerships, persons, places, reporting, sessions

STORY: tuple[BaseModel, ...] = (
    *partnerships.SAID,
    *places.SAID,
    *guide.SAID,
    *sessions.SAID,
    *feedback.SAID,
    *reporting.SAID,
    *audit.SAID,
    *access.SAID,
    *persons.SAID,
    *equality.SAID,
)
EXAMPLES: dict[type[BaseModel], BaseModel] = {type(example): example for example in STORY}
"""Message class -> its canonical example."""
