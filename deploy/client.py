"""The region's API as programs use it: one request at a time, each command under its own key, so that repeating is safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx

_PATIENCE = 20.0
NAMESPACE = UUID("5f0c9a52-6f0f-5f8e-9a53-0a2f6d1c7b11")


class Unreachable(Exception):
    """The region does not answer."""


class Refused(Exception):
    """The region answered no; `problem` is its RFC 9457 body."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        detail = problem.get("detail", "refused")
        faults = "; ".join(f"{error['pointer']}: {error['reason']}" for error in problem.get("errors", ()) if error["reason"] != detail)
        super().__init__(f"{problem.get('code', status)}: {detail}{f' ({faults})' if faults else ''}")


def key(*names: str) -> UUID:
    """The idempotency key of a command that is known by `names`: the same whenever it is sent."""
    return uuid5(NAMESPACE, "\0".join(names))


class Region:
    """A region at an address, spoken to with a token, by several threads if need be.

    Remembers positions, so that what it reads includes what it wrote.
    """

    def __init__(self, address: str, token: str, *, renew: Callable[[], str] | None = None) -> None:
        """Speak to the region at `address`; `renew` makes another token, once, if this one is not good any more."""
        # Without TLS there is no certificate to verify, and reading all authorities takes longer than most answers.
        tls = address.startswith("https:")
        self._http = httpx.Client(base_url=address, headers=_bearer(token), timeout=40.0, verify=tls)
        self._renew = renew
        self._known: dict[str, int] = {}
        self._learning = Lock()

    def get(self, path: str, *, reason: str | None = None, **query: Any) -> Any:
        """The answer to a question, asked for a `reason` where one is due; raises `Refused`, `Unreachable`."""
        params = {name: str(value) for name, value in query.items() if value is not None}
        return self._send("GET", path, params=params, headers={"Comhar-Reason": reason} if reason else None).json()

    def read(self, path: str) -> bytes:
        """A file, as it is served; raises what `get` raises."""
        return self._send("GET", path).content

    def every(self, path: str, **query: Any) -> Iterator[Any]:
        """All items of a list, page by page; raises what `get` raises."""
        after = None
        while True:
            page = self.get(path, **query, after=after, limit=200)
            yield from page["items"]
            if (after := page["next"]) is None:
                return

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: UUID | None = None) -> Any:
        """The answer to a command; raises `Refused`, `Unreachable`."""
        answer = self._send("POST", path, json=body, headers={"Idempotency-Key": str(idempotency_key or uuid4())}).json()
        self.know({answer["source"]: answer["position"]})
        return answer

    def know(self, positions: dict[str, int]) -> None:
        """Read from now on at least up to these positions, which somebody else may have been told."""
        with self._learning:
            self._known = self._known | {source: max(position, self._known.get(source, 0)) for source, position in positions.items()}

    def _send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **request: Any) -> httpx.Response:
        after = ", ".join(f"{source}={position}" for source, position in self._known.items())
        headers = {**(headers or {}), **({"Comhar-After": after} if after else {})}
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                answer = self._http.request(method, path, headers=headers, **request)
            except httpx.TransportError as fault:
                raise Unreachable(f"{self._http.base_url} does not answer ({type(fault).__name__})") from None
            if answer.is_success:
                return answer
            if answer.status_code == httpx.codes.UNAUTHORIZED and self._renew:
                renew, self._renew = self._renew, None
                self._http.headers.update(_bearer(renew()))
                continue
            # 503 means: not now, and the same command may be sent again.
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                raise Refused(answer.status_code, _problem(answer))
            if time.monotonic() > deadline:
                raise Unreachable(f"{self._http.base_url} answers, but cannot do it now ({_problem(answer)['code']})")
            time.sleep(0.2)

    def close(self) -> None:
        """End the connection."""
        self._http.close()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _problem(answer: httpx.Response) -> dict[str, Any]:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        problem: dict[str, Any] = answer.json()
        return problem
    return {"code": f"http_{answer.status_code}", "detail": answer.reason_phrase}
