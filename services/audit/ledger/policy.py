"""Whom to trust (C2SP tlog-policy): the keys of logs, the keys of witnesses, and how many of them make a head witnessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.audit.ledger.checkpoint import Checkpoint, number, open_checkpoint, origin_of
from services.audit.ledger.note import LOG, WITNESS, Note, NoteWrong, Verifier

NOBODY = "none"
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_BLANK = re.compile(r"[ \t]+")


QUORUM_NONE = "quorum none\n"
"""The policy of whoever asks no witness."""


class PolicyWrong(ValueError):
    """Not a policy; the sentence says which line and why."""


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key, and where it is reached, when the policy says so."""

    key: Verifier
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnessed when `least` of its members are: witnesses or groups, by name."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A head counts when one of the logs signed it and the quorum has witnessed it."""

    logs: tuple[Party, ...]
    witnesses: Mapping[str, Party]
    groups: Mapping[str, Group]
    quorum: str

    @staticmethod
    def parse(content: bytes) -> Policy:
        """What a policy file says. Raises PolicyWrong."""
        if _FORBIDDEN.search(content):
            raise PolicyWrong("a policy has no control characters but tabs and newlines")
        draft = _Draft()
        # Names are opaque octets: what is no UTF-8 must stay what it was.
        for at, line in enumerate(content.decode(errors="surrogateescape").split("\n"), 1):
            words = _BLANK.split(line.strip(" \t"))
            if words[0] and not words[0].startswith("#"):
                try:
                    draft.take(words[0], words[1:])
                except ValueError as fault:
                    raise PolicyWrong(f"line {at}: {fault}") from None
        return draft.policy()

    def with_log(self, keys: Iterable[Verifier]) -> Policy:
        """This policy for a log that is known from elsewhere; a policy that names logs of its own is left as it is."""
        return self if self.logs else replace(self, logs=tuple(Party(key) for key in keys))

    def open(self, content: bytes) -> tuple[Checkpoint, Note]:
        """A checkpoint of one of the logs, with the good signatures of witnesses in its note. Raises NoteWrong."""
        origin = origin_of(content)
        fault = NoteWrong("the checkpoint is of a log the policy does not name")
        for log in self.logs:
            if log.key.name == origin:
                try:
                    return open_checkpoint(content, log.key, [witness.key for witness in self.witnesses.values()])
                except NoteWrong as wrong:
                    fault = wrong
        raise fault

    def satisfied(self, note: Note) -> datetime | None:
        """Since when the quorum had witnessed the head in an opened note; None while it has not.

        That is the earliest moment by which enough cosignatures had been made. A quorum of nobody is never a moment: see `asks_nobody`.
        """
        return self._since(self.quorum, note)

    @property
    def asks_nobody(self) -> bool:
        """Whether a head counts without a witness."""
        return self.quorum == NOBODY

    def _since(self, name: str, note: Note) -> datetime | None:
        if witness := self.witnesses.get(name):
            signature = note.signed_by(witness.key)
            return signature.time if signature else None
        if not (group := self.groups.get(name)):
            return None
        times = sorted(time for member in group.members if (time := self._since(member, note)))
        return times[group.least - 1] if len(times) >= group.least else None

    def to_bytes(self) -> bytes:
        """The policy as a file."""
        return "".join(f"{' '.join(filter(None, words))}\n" for words in self._lines()).encode(errors="surrogateescape")

    def _lines(self) -> list[tuple[str | None, ...]]:
        return [
            *(("log", log.key.text, log.url) for log in self.logs),
            *(("witness", name, witness.key.text, witness.url) for name, witness in self.witnesses.items()),
            *(("group", name, str(group.least), *group.members) for name, group in self.groups.items()),
            ("quorum", self.quorum),
        ]


@dataclass
class _Draft:
    """A policy while its lines are read."""

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    quorum: str | None = None

    def take(self, word: str, rest: list[str]) -> None:
        match word, rest:
            case "log", [key, *url] if len(url) <= 1:
                self.logs.append(_party(key, LOG, url, self.logs))
            case "witness", [name, key, *url] if len(url) <= 1:
                self._free(name)
                self.witnesses[name] = _party(key, WITNESS, url, list(self.witnesses.values()))
            case "group", [name, least, *members] if members:
                self._free(name)
                self.groups[name] = self._group(least, members)
            case "quorum", [name]:
                self._choose(name)
            case _:
                raise ValueError("not a line of a policy")

    def _free(self, name: str) -> None:
        if name == NOBODY or name in self.witnesses or name in self.groups:
            raise ValueError("the name is taken")

    def _group(self, least: str, members: list[str]) -> Group:
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise ValueError("a group's members are named before it")
            if member in self.members:
                raise ValueError("nobody is in two groups, or twice in one")
            self.members.add(member)
        wanted = {"any": 1, "all": len(members)}.get(least) or number(least)
        if not 1 <= wanted <= len(members):
            raise ValueError("a group asks for at least one of its members and at most for all")
        return Group(wanted, tuple(members))

    def _choose(self, name: str) -> None:
        if self.quorum is not None:
            raise ValueError("a policy has one quorum")
        if name != NOBODY and name not in self.witnesses and name not in self.groups:
            raise ValueError("the quorum is named before it")
        self.quorum = name

    def policy(self) -> Policy:
        if self.quorum is None:
            raise PolicyWrong("a policy has one quorum")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum)


def _party(text: str, kind: int, url: list[str], others: list[Party]) -> Party:
    key = Verifier.parse(text)
    if key.kind != kind:
        raise ValueError("a log has a log's key, a witness a witness's")
    if any(other.key.public == key.public for other in others):
        raise ValueError("the key is there already")
    return Party(key, *url)
