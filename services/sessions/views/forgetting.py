"""Whom sessions is to forget."""

from __future__ import annotations

from contracts.partnerships import ErasureRequested
from shared.forgetting import Forgotten, forgetting


class ToForget(Forgotten):
    """Whom sessions is to forget."""

    asked = ErasureRequested
    view = forgetting(ErasureRequested)
