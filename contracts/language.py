"""The whole language in one place. Importing it fills the closed registry of facts; nothing else ever decides what a type name means."""

from __future__ import annotations

from pydantic import BaseModel

from contracts import audit, countries, feedback, gateway, log, partnerships, persons, reporting, sessions
from contracts.errors import RefusalAnswer
from contracts.model import Answer, Command, Fact, Query, Receipt

FACTS = Fact.kinds
"""Public type name -> the class that is stored, published, hashed and replayed."""

_SPOKEN = (Command, Query, Answer, Fact)


def messages() -> dict[str, type[BaseModel]]:
    """Every message by its public name: a fact's type, else `service.Name`; what is answered everywhere has no service."""
    found: dict[str, type[BaseModel]] = {"Receipt": Receipt, "Refusal": RefusalAnswer}
    for module in (partnerships, sessions, feedback, reporting, audit, gateway, persons, countries, log):
        service = module.__name__.rpartition(".")[2]
        for name, member in vars(module).items():
            if isinstance(member, type) and issubclass(member, _SPOKEN) and member.__module__.startswith(module.__name__):
                found[member.type if issubclass(member, Fact) else f"{service}.{name}"] = member
    return found


_ASKED = {kind.__name__: kind for kind in messages().values() if issubclass(kind, (Command, Query))}


def asked(operation: str) -> type[Command | Query]:
    """The command or query that an operation takes: the operation's own name, in other letters (`partnerships.add_member`: `AddMember`)."""
    return _ASKED["".join(word.capitalize() for word in operation.partition(".")[2].split("_"))]
