"""Who comes in: a token in the Authorization header for the API, the same token in a cookie for pages.

Failed attempts are counted per address and process, and told to stop after ten in a minute. A good token always comes in: a secret
of 256 bits is not guessed, and whoever shares an address with a nuisance must not be locked out by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Request

from contracts.errors import NotPermitted
from services.gateway.application import Tokens
from services.gateway.domain import Principal
from shared import metrics
from shared.recent import Recent

COOKIE = "comhar"
_MOST_FAILURES = 10
_WINDOW_SECONDS = 60.0
_MOST_ADDRESSES = 10_000


class Entrance:
    """Lets in who has a good token of this region; raises `NotPermitted` otherwise."""

    def __init__(self, tokens: Tokens, region: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._region = region
        self._clock = clock
        self._failures: Recent[str, list[float]] = Recent(_MOST_ADDRESSES)

    def bearer(self, request: Request) -> Principal:
        """Who calls the API; a cookie does not count there, so no page of another site can call it."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise _unauthenticated()
        return self.admit(token.strip(), request.remote_addr or "")

    def visitor(self, request: Request) -> Principal:
        """Who looks at a page."""
        if not (token := request.cookies.get(COOKIE)):
            raise _unauthenticated()
        return self.admit(token, request.remote_addr or "")

    def admit(self, token: str, address: str) -> Principal:
        principal = self._tokens.principal(token)
        if principal is None:
            metrics.sign_ins_failed.inc()
            raise _too_many() if self._too_often(address) else _unauthenticated()
        if principal.region != self._region:
            raise NotPermitted("other_region", "The token belongs to another region.")
        return principal

    def _too_often(self, address: str) -> bool:
        now = self._clock()
        recent = [moment for moment in self._failures.get(address, ()) if now - moment < _WINDOW_SECONDS][-_MOST_FAILURES:]
        self._failures[address] = [*recent, now]
        return len(recent) >= _MOST_FAILURES


def from_own_page(request: Request) -> None:
    """Raises `NotPermitted` unless a form was sent from a page of ours: browsers say where it came from (Fetch Metadata, Origin)."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site:
        own = site in {"same-origin", "none"}
    elif origin:
        own = urlsplit(origin).netloc == request.host
    else:
        own = COOKIE not in request.cookies
    if not own:
        raise NotPermitted("foreign_form", "The form was sent from another site.")


def _unauthenticated() -> NotPermitted:
    return NotPermitted("unauthenticated", "A token that is good now is needed.")


def _too_many() -> NotPermitted:
    return NotPermitted("too_many_attempts", "Too many attempts failed; wait a minute.")
