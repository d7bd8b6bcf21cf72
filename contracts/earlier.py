"""Earlier versions of facts: for each type name no longer written, the type that followed it and the step from one to the other.

A step is a pure function over the parsed JSON of the earlier version. Steps are applied when a fact is read and never touch what
is stored, published or hashed. A released version stays here for ever, with a stored sample of it in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Step = Callable[[dict[str, Any]], dict[str, Any]]
Steps = Mapping[str, tuple[str, Step]]

EARLIER: Steps = {}
"""Type name -> (the type name that followed it, how its JSON becomes that of the next)."""
