"""A process that publishes a ledger and is killed after one of the steps, as a power cut would: nothing is tidied up.

python -m tests.ledger_process DATABASE FOLDER STORE STEP
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.audit.publishing import Publisher, publisher
from shared.database import Database
from shared.store import open_store
from tests.ledger_fixture import Scene

STEPS = ("files written", "head moved", "signer remembers", "note kept", "witnessed", "checkpoint shown")
KILLED = 9


def last_act(act: Callable[..., Any]) -> Callable[..., Any]:
    """What `act` does is the last thing this process does."""

    def done(*given: Any, **named: Any) -> Any:
        act(*given, **named)
        os._exit(KILLED)

    return done


def main(database: str, folder: str, store: str, step: str) -> None:
    places: dict[str, tuple[Any, str]] = {
        "files written": (Publisher, "_write"),
        "head moved": (Publisher, "_move"),
        "signer remembers": (Publisher, "_sign"),
        "note kept": (Publisher, "_signed"),
        "witnessed": (Publisher, "_witnessed"),
        "checkpoint shown": (publisher, "put_durably"),
    }
    where, name = places[step]
    setattr(where, name, last_act(getattr(where, name)))
    scene = Scene(Database.open(database), Path(folder), open_store(store))
    scene.publisher().publish()


if __name__ == "__main__":
    main(*sys.argv[1:])
