"""The token with which somebody comes in from this machine, kept for a working day: a day of commands is one token in the history.

It is kept where only this user may read it: in production in the user's own folder, else in the region's data, beside a key that opens
more than any token does. What cannot be kept, because the folder may not be written to, is made anew each time.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from contracts.vocabulary import SystemRole
from shared.settings import Settings

LIFETIME = timedelta(hours=8)
_SOON = timedelta(minutes=1)
_OTHERS = 0o077


def kept(settings: Settings, role: SystemRole) -> str | None:
    """The token kept for this user in `role`; None when there is none, it is about to end, or others could have put it there."""
    try:
        path = _file(settings, role)
        is_mine = path.stat().st_uid == os.getuid() and not path.stat().st_mode & _OTHERS
        found = json.loads(path.read_text(encoding="utf-8"))
        good = is_mine and datetime.fromisoformat(found["until"]) > datetime.now(UTC) + _SOON
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(found["token"]) if good else None


def keep(settings: Settings, role: SystemRole, token: str, until: datetime) -> None:
    """Keep `token` for the next command. If we die before it is kept, the next command makes one of its own."""
    with suppress(OSError):
        path = _file(settings, role)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump({"token": token, "until": until.isoformat()}, file)
        Path(file.name).replace(path)


def _file(settings: Settings, role: SystemRole) -> Path:
    return (settings.data / "cli" if settings.embedded else _own()) / f"{settings.region}-{settings.http_port}-{os.getuid()}-{role}.json"


def _own() -> Path:
    """This user's own folder; raises FileNotFoundError in an environment, such as a container's, that names none."""
    if run := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(run) / "comhar"
    if home := os.environ.get("HOME"):
        return Path(home) / ".cache" / "comhar"
    raise FileNotFoundError
