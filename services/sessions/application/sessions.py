"""Sessions: every verb of those who run them, what they tell of people, and how they are read."""

from __future__ import annotations

from contracts.permissions import opens
from contracts.sessions import (
    ActionAgreed,
    ActionHandedOver,
    ActionProposed,
    AgendaItemRaised,
    AttendanceRecorded,
    BallotDeclined,
    BallotHandedOut,
    CalendarEntry,
    DecisionClosed,
    DecisionMethodSet,
    GetCalendar,
    GetSession,
    InterestHandledForItem,
    InvitationAnswered,
    InvitationSent,
    ListSessions,
    MemberArrived,
    MemberLeft,
    MinutesAccepted,
    MinutesAgreed,
    MinutesCorrected,
    ObjectionRaised,
    ObjectionRuled,
    PositionDeclined,
    PositionTaken,
    SessionDetail,
    SessionHeld,
    SessionOpened,
    SessionPage,
    SubjectErased,
)
from services.sessions.application.acting import Acting
from services.sessions.application.deciding import Deciding
from services.sessions.application.holding import Holding
from services.sessions.application.icalendar import icalendar
from services.sessions.application.learning import Learning
from services.sessions.application.minutes import Minuting
from services.sessions.application.planning import Planning
from services.sessions.application.telling import contributors, detail
from services.sessions.domain import Session
from shared.application import Words
from shared.context import Context


class Sessions(Planning, Holding, Deciding, Acting, Minuting, Learning):
    """Sessions, by the verbs of those who run them."""

    about = {
        InvitationSent: "You were invited to a session.",
        InvitationAnswered: "You said whether you would come to a session.",
        AttendanceRecorded: "It was recorded whether you came to a session.",
        AgendaItemRaised: "You raised this item for the agenda of a session.",
        SessionHeld: "You chaired a session.",
        SessionOpened: "You chaired a session when it began.",
        MemberArrived: "You came to a session.",
        MemberLeft: "You left a session.",
        InterestHandledForItem: "It was recorded how an interest of yours was handled.",
        DecisionMethodSet: "Something was for you to decide.",
        PositionTaken: "You took a position.",
        PositionDeclined: "You declined to say where you stood.",
        DecisionClosed: "Something was decided that was for you to decide.",
        BallotHandedOut: "You were given a secret ballot; what you said is not known.",
        BallotDeclined: "You were offered a secret ballot and declined.",
        ObjectionRaised: "You raised this objection.",
        ActionProposed: "An action was proposed for you to take on.",
        ActionAgreed: "You took an action on.",
        ActionHandedOver: "An action was handed over to you.",
        MinutesAccepted: "You accepted the minutes of a session.",
        MinutesAgreed: "With you the minutes of a session were agreed.",
        MinutesCorrected: "You raised this correction of the minutes.",
        ObjectionRuled: "You took part in ruling on an objection.",
    }
    fields = {AgendaItemRaised: "title", ObjectionRaised: "objection", MinutesCorrected: "correction"}
    erased = SubjectErased

    def get_session(self, *, query: GetSession, context: Context) -> SessionDetail:
        """One session; titles only for those who may read them."""
        session = self.find(Session, query.session, field="session")
        read = opens(context.role, "sessions.read_titles", context.reason)
        now = self.clock()
        unnamed, minuted = self._naming.unnamed(contributors(session), now), self._naming.in_minutes(session.invited, now)

        def tell(words: Words) -> SessionDetail:
            return detail(
                session,
                lambda part, field: words(part, stream=session.id, field=field),
                read=read,
                unnamed=unnamed,
                minuted=minuted,
            )

        return self.opened(tell, read=read)

    def get_calendar(self, *, query: GetCalendar, context: Context) -> CalendarEntry:
        """One session for calendars; its place only for those who may read it."""
        session = self.find(Session, query.session, field="session")
        read = session.place is not None and opens(context.role, "sessions.read_titles", context.reason)
        place = self.words(session.place, stream=session.id, field="place") if read and session.place else None
        return CalendarEntry(calendar=icalendar(session, place=place))

    def list_sessions(self, *, query: ListSessions) -> SessionPage:
        """The sessions of a partnership."""
        return self._calendar.page(query.partnership, after=query.after, limit=query.limit)
