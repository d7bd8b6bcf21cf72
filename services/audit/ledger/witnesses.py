"""The witnesses a ledger asks to sign its head (C2SP tlog-witness, the asking side), over HTTP.

Every answer is believed only as far as its signature goes. All are asked at once; one that cannot be reached is left alone for a
while, longer each time, so that it never holds up the ledger for more than a moment. One that knows more of us than we do is
evidence that must reach a person.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Protocol

import httpx

from services.audit.ledger.checkpoint import Checkpoint, number
from services.audit.ledger.note import Signature, Verifier, open_note, parse_signatures, split
from services.audit.ledger.policy import Policy
from services.audit.ledger.witness import SIZE_TYPE, TEXT_TYPE, Request

PATIENCE = 1.0
_LONGEST_PAUSE = 60.0

ProofFrom = Callable[[int], Sequence[bytes]]


class NotWitnessed(Exception):
    """No signature this time; the next head may get one."""


class Disagreement(Exception):
    """The witness has signed a head of this ledger that is not the beginning of ours: one of the two is a fork."""


class Reply(Protocol):
    """The part of an HTTP answer that is read."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> httpx.Headers: ...


Post = Callable[[str, bytes], Reply]


def over_http(*, patience: float = PATIENCE) -> Post:
    """Sends bodies to witnesses and waits `patience` seconds for each answer; connections are kept."""
    client = httpx.Client(timeout=patience, headers={"Content-Type": TEXT_TYPE}, follow_redirects=False)
    return lambda url, body: client.post(url, content=body)


@dataclass
class RemoteWitness:
    """One witness, by its key and its submission prefix; `size` is what it is believed to have signed last."""

    key: Verifier
    url: str
    post: Post
    size: int = 0
    failures: int = field(default=0, init=False)
    ask_after: float = field(default=0.0, init=False)

    def cosign(self, checkpoint: bytes, proof_from: ProofFrom) -> Signature:
        """Its signature under this head. Raises NotWitnessed or Disagreement."""
        text, _ = split(checkpoint)
        size = Checkpoint.parse(text).size
        reply = self._send(checkpoint, min(self.size, size), proof_from)
        if reply.status_code == HTTPStatus.CONFLICT:
            # It knows another size of us than we thought: once more, from there.
            known = self._known_size(reply)
            if known > size:
                self.size = known
                raise Disagreement(f"{self.key.name} has signed a ledger of {known} entries, this one has {size}")
            reply = self._send(checkpoint, known, proof_from)
        if reply.status_code in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
            raise Disagreement(f"{self.key.name} has signed another ledger than the beginning of this one")
        if reply.status_code != HTTPStatus.OK:
            raise NotWitnessed(f"{self.key.name} answered {reply.status_code}")
        signature = self._checked(text, reply.content)
        self.size = size
        return signature

    def _send(self, checkpoint: bytes, old: int, proof_from: ProofFrom) -> Reply:
        proof = tuple(proof_from(old)) if old else ()
        try:
            return self.post(f"{self.url.rstrip('/')}/add-checkpoint", Request(old, proof, checkpoint).to_bytes())
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise NotWitnessed(f"{self.key.name} cannot be reached: {type(fault).__name__}") from None

    def _known_size(self, reply: Reply) -> int:
        try:
            if reply.headers.get("content-type", "").partition(";")[0] == SIZE_TYPE:
                return number(reply.content.decode("ascii").removesuffix("\n"))
        except ValueError:
            pass
        raise NotWitnessed(f"{self.key.name} did not say which size it knows")

    def _checked(self, text: str, lines: bytes) -> Signature:
        try:
            parse_signatures(lines.decode())
            signature = open_note(f"{text}\n".encode() + lines, [self.key]).signed_by(self.key)
        except ValueError:
            signature = None
        if not signature:
            raise NotWitnessed(f"{self.key.name} answered without a good signature of its own")
        return signature


class Witnesses:
    """All witnesses of a policy that can be asked. `told` hears what one of them did instead of signing; it stops nothing."""

    def __init__(
        self,
        policy: Policy,
        post: Post,
        *,
        clock: Callable[[], float],
        told: Callable[[Verifier, Exception], None] = lambda _, __: None,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._told = told
        self.asked = [RemoteWitness(witness.key, witness.url, post) for witness in policy.witnesses.values() if witness.url]

    def cosigned(self, note: bytes, proof_from: ProofFrom) -> tuple[bytes, datetime | None]:
        """A signed checkpoint with the signatures that could be had now, and since when a quorum has signed, if one has.

        `proof_from(old)` leads from a size a witness knows to that of the checkpoint. Raises NoteWrong for what is not the policy's.
        """
        _, opened = self._policy.open(note)
        asked = [witness for witness in self.asked if self._clock() >= witness.ask_after and not opened.signed_by(witness.key)]
        found = _at_once([partial(self._ask, witness, note, proof_from) for witness in asked])
        note += "".join(signature.line for signature in found if signature).encode()
        return note, self._policy.satisfied(self._policy.open(note)[1])

    def _ask(self, witness: RemoteWitness, note: bytes, proof_from: ProofFrom) -> Signature | None:
        try:
            signature = witness.cosign(note, proof_from)
        except (NotWitnessed, Disagreement) as fault:
            witness.failures += 1
            witness.ask_after = self._clock() + min(_LONGEST_PAUSE, 2.0**witness.failures)
            self._told(witness.key, fault)
            return None
        witness.failures = 0
        return signature


def _at_once(calls: Sequence[Callable[[], Signature | None]]) -> list[Signature | None]:
    """What each call gives, all of them under way together; raises what one of them raises, when all are done."""
    given: list[Signature | None] = [None] * len(calls)
    raised: list[Exception] = []

    def run(at: int) -> None:
        try:
            given[at] = calls[at]()
        except Exception as fault:  # noqa: BLE001  raised again below
            raised.append(fault)

    threads = [threading.Thread(target=run, args=(at,), daemon=True) for at in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return given
