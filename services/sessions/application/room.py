"""What every verb of sessions stands on: the session it is about, who is a member, and under whose key words are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.model import SealedPart
from services.sessions.domain import Session
from services.sessions.views import Actions, Calendar, Membership, Naming, ToForget
from shared.application import Work
from shared.forgetting import Forgetting
from shared.sealing import Sealer
from shared.store import Recorder


class OfSession(Protocol):
    """A command about one session."""

    @property
    def session(self) -> UUID: ...


class Room(Forgetting):
    """Where sessions are found, and what is said in them is sealed.

    What somebody said is sealed under their own key: the titles of items they raised, the reasons of their objections. Other titles and
    texts are sealed under the key of the session.
    """

    def __init__(  # noqa: PLR0917  what it stands on, in the order in which it is put together
        self,
        recorder: Recorder,
        sealer: Sealer,
        membership: Membership,
        calendar: Calendar,
        actions: Actions,
        forgotten: ToForget,
        naming: Naming,
        *,
        source: str,
        zone: ZoneInfo,
    ) -> None:
        super().__init__(recorder, sealer, source=source)
        self.forgotten = forgotten
        self._membership = membership
        self._calendar = calendar
        self._actions = actions
        self._naming = naming
        self._zone = zone

    def _session(self, command: OfSession, work: Work) -> Session:
        return self.find(Session, command.session, field="session", work=work)

    def _must_take_part(self, session: Session, members: Sequence[UUID], at: datetime, field: str) -> None:
        """Raises `RuleBroken` unless each was a member of the partnership then, and not on leave (domain 6.4, MembershipStatus)."""
        self._membership.perspectives(session.partnership, members, at, field=field)

    def _title(self, work: Work, session: Session, words: str) -> SealedPart:
        return self._sealed(work, session, words, "title")

    def _sealed(self, work: Work, session: Session, words: str, field: str, member: UUID | None = None) -> SealedPart:
        return work.seal(words, subject=self.subject_of(member) if member else session.id, stream=session.id, field=field)
