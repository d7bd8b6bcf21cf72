"""Minutes: drafted in versions, agreed by both sides, and from then on only corrected beside what was agreed.

Sources: domain 6.5, SessionStatus; Robert's Rules §48 (minutes are corrected, not rewritten, once approved).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.errors import RuleBroken, rule
from contracts.model import Fact, SealedPart
from contracts.sessions import MinutesAccepted, MinutesAgreed, MinutesCorrected, MinutesDrafted
from contracts.vocabulary import SessionStatus, Side
from services.sessions.domain.acting import Acting
from shared.application import Stamp


@dataclass
class Minutes:
    """The newest version, and who accepted that one."""

    version: int
    text: SealedPart
    accepted_by: dict[UUID, Side] = field(default_factory=dict)
    agreed: datetime | None = None
    corrections: list[MinutesCorrected] = field(default_factory=list)


class Minuting(Acting):
    """A session of which minutes are taken."""

    minutes_taken: Minutes | None = None

    def draft_minutes(self, by: Stamp, *, text: SealedPart) -> None:
        """Write a version; whoever accepted an earlier one is asked anew."""
        self._must_be_held()
        version = self.minutes_taken.version + 1 if self.minutes_taken else 1
        rule(
            self.status is not SessionStatus.minutes_agreed,
            "minutes_agreed_already",
            "Agreed minutes stay as they are; a correction is added to them.",
        )
        self.record(MinutesDrafted, by, partnership=self.partnership, minutes_version=version, text=text)

    def accept_minutes(self, by: Stamp, *, version: int, member: UUID) -> None:
        """Accept the version somebody has read; one of each side who was there makes them agreed."""
        minutes = self._minutes()
        rule(minutes.version == version, "minutes_rewritten", "There is another version of the minutes now.", field="minutes_version")
        rule(
            (came := self.attendance.get(member)) is not None and came.counts,
            "acceptor_not_present",
            "Minutes are accepted by those who were there.",
            field="member",
        )
        if member in minutes.accepted_by:
            return
        perspective = self.invited[member]
        what = {"minutes_version": version, "member": member, "perspective": perspective}
        self.record(MinutesAccepted, by, partnership=self.partnership, **what)
        if minutes.agreed is None and {Side.lived_experience, Side.provider} <= set(minutes.accepted_by.values()):
            agreed = {"minutes_version": version, "digest": minutes.text.digest, "agreed_by": tuple(minutes.accepted_by)}
            self.record(MinutesAgreed, by, partnership=self.partnership, **agreed)

    def correct_minutes(self, by: Stamp, *, correction: UUID, text: SealedPart, raised_by: UUID | None) -> None:
        """Add a correction to agreed minutes; it names what it corrects."""
        minutes = self._minutes()
        rule(minutes.agreed is not None, "minutes_not_agreed", "Minutes that are not agreed yet are written anew.")
        if raised_by is not None:
            self._must_be_invited([raised_by], "raised_by")
        what = {"correction": correction, "corrects": minutes.version, "digest": minutes.text.digest, "text": text}
        self.record(MinutesCorrected, by, partnership=self.partnership, raised_by=raised_by, **what)

    def apply(self, fact: Fact) -> None:
        """Assign what happened."""
        match fact:
            case MinutesDrafted():
                self.status, self.minutes_taken = SessionStatus.minutes_drafted, Minutes(fact.minutes_version, fact.text)
            case MinutesAccepted():
                self._minutes().accepted_by[fact.member] = fact.perspective.side
            case MinutesAgreed():
                self.status, self._minutes().agreed = SessionStatus.minutes_agreed, fact.happened
            case MinutesCorrected():
                self._minutes().corrections.append(fact)
            case _:
                super().apply(fact)

    def _minutes(self) -> Minutes:
        if self.minutes_taken is None:
            raise RuleBroken("no_minutes", "No minutes of this session were written.")
        return self.minutes_taken
