"""The ledger against the stores it was read from: whether it has everything, whether the bytes are theirs, and another store for one.

A source is believed about its log only when it answers itself, just now.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from contracts.audit import Completeness, GetCompleteness, SourceAdopted, SourceCompleteness
from contracts.errors import Conflict, NotFound, Refusal, Unavailable
from services.audit.ledger.tree import EMPTY_ROOT
from services.audit.views import SOURCES, Held, Ledger
from shared.ranges import MOST_FACTS, Range
from shared.views import places
from shared.views.places import Place
from shared.views.reader import Fetch

Progress = Callable[[int, int], None]

_THE_END = 2**53
_PATIENCE_SECONDS = 2.0
_FIRST_DIFFERENCES = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """A position at which a store and the ledger do not have the same bytes; `what` says which of the two has none, if one has not."""

    source: str
    position: int
    what: str


class Stores:
    """Compares the ledger with the sources, asked by `fetch`."""

    def __init__(self, ledger: Ledger, fetch: Fetch, region: str) -> None:
        self._ledger, self._fetch, self._region = ledger, fetch, region

    def get_completeness(self, *, query: GetCompleteness) -> Completeness:  # noqa: ARG002  the question has no parameters
        """Whether everything is here that the sources had when they were asked; what is under way has a moment to arrive."""
        heads = {source: head for source in SOURCES if (head := self._head(source))}
        self._wait(heads)
        entries, tail, held = self._ledger.held()
        followed = {one.source: one.store for one in held}
        sources = tuple(_compared(one, heads.get(one.source)) for one in held)
        unread = tuple(source for source in SOURCES if _unread(heads.get(source), followed.get(source)))
        sound = entries == (tail.tree.size if tail else 0) and not any(one.holes or one.lag for one in sources)
        return Completeness(
            whole=entries > 0 and sound and not unread,
            entries=entries,
            root=(tail.tree.root() if tail else EMPTY_ROOT).hex(),
            checkpoint=self._ledger.last_checkpoint(),
            unread=unread,
            sources=sources,
        )

    def reconcile(self, progress: Progress) -> list[Difference]:
        """Compare every fact of every store with its entry, byte for byte; the first differences, if any. Raises `Unavailable`.

        `progress` is told how many of how many were compared.
        """
        heads = {source: self._fetch(source, _THE_END, 1).last for source in SOURCES}
        total, done = sum(heads.values()), 0
        found: list[Difference] = []
        for source, head in heads.items():
            before = done
            for answer in self._pages(source):
                found += _differences(source, answer, self._ledger.lines_of(source, answer.first - 1, len(answer.lines)))
                done = before + answer.last
                progress(min(done, total), total)
                if len(found) >= _FIRST_DIFFERENCES:
                    return found[:_FIRST_DIFFERENCES]
            beyond = self._ledger.lines_of(source, max(head, done - before), _FIRST_DIFFERENCES)
            found += [Difference(source, position, "not in the store") for position in sorted(beyond)]
        return found[:_FIRST_DIFFERENCES]

    def accept_store(self, *, source: str, reason: str, actor: str) -> SourceAdopted:
        """Go on with the store that `source` has now, after the last position where both agree byte for byte; the ledger records it.

        Raises `Conflict` when that store was followed before, NotFound when nothing was ever read of the source, `Unavailable`.
        """
        if (left := self._ledger.adopted().get(source)) is None:
            raise NotFound("nothing_read", "The ledger has read nothing of this source yet.")
        store = self._fetch(source, _THE_END, 1).origin.store
        if store == left.store:
            raise Conflict(
                "store_unchanged",
                f"{source} has the store it had. If that was restored, give it another identity first: comhar renew-store {source}.",
            )
        agreed = 0
        for answer in self._pages(source):
            held = self._ledger.lines_of(source, agreed, len(answer.lines))
            agreed = next((one.position - 1 for one in _differences(source, answer, held)), answer.last)
            if agreed < answer.last:
                break
        return self._ledger.accept(self._region, source, store, agreed, actor=actor, reason=reason)

    def _head(self, source: str) -> Place | None:
        """Which store the source has now and how far it reaches; None if it cannot be asked."""
        try:
            answer = self._fetch(source, _THE_END, 1)
        except Refusal:
            return None
        return Place(answer.origin.store, answer.last)

    def _wait(self, heads: Mapping[str, Place]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        followed = self._ledger.adopted()
        for source, head in heads.items():
            if source not in followed or followed[source].store == head.store:
                with suppress(Unavailable):
                    left = max(0.0, deadline - time.monotonic())
                    places.wait_for(self._ledger.database, self._ledger.view.reader, source, head.position, left)

    def _pages(self, source: str) -> Iterator[Range]:
        after = 0
        while (answer := self._fetch(source, after, MOST_FACTS)).lines:
            yield answer
            after = answer.last


def _unread(head: Place | None, followed: UUID | None) -> bool:
    return head is None or (head.position > 0 if followed is None else followed != head.store)


def _compared(one: Held, head: Place | None) -> SourceCompleteness:
    now = head.position if head and head.store == one.store else None
    return SourceCompleteness(
        source=one.source,
        store=one.store,
        after=one.after,
        first=one.first,
        last=one.last,
        facts=one.facts,
        holes=one.holes,
        head=now,
        lag=0 if now is None else now - one.last,
    )


def _differences(source: str, answer: Range, held: dict[int, bytes]) -> Iterator[Difference]:
    if list(held.values()) == list(answer.lines) and next(iter(held)) == answer.first:
        return
    for position, line in enumerate(answer.lines, answer.first):
        if held.get(position) != line:
            yield Difference(source, position, "other bytes" if position in held else "not in the ledger")
