"""Taking frameworks into a region, an edition in each file; those that are shipped hold codes and names, and no protected wording."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.client import Refused, Region

SHIPPED = sorted((Path(__file__).parent / "reference").glob("*.json"))


class WrongFile(Exception):
    """The file is no framework."""


def take_in(files: Sequence[Path], region: Region) -> dict[str, Any]:
    """Take frameworks in; how many were read, stored, known before and refused (with file and reason). Raises `WrongFile`."""
    editions, stored, refusals = region.get("/v1/frameworks")["editions"], 0, []
    for file in files:
        try:
            now = region.post("/v1/frameworks", _read(file))["version"]
        except Refused as refusal:
            refusals.append((file.name, str(refusal)))
        else:
            stored, editions = stored + int(now > editions), now
    known = len(files) - stored - len(refusals)
    return {"read": len(files), "stored": stored, "known": known, "refused": len(refusals), "refusals": refusals}


def _read(file: Path) -> dict[str, Any]:
    try:
        framework = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        framework = None
    if not isinstance(framework, dict):
        raise WrongFile(f"{file.name} is not a framework in JSON")
    return framework
