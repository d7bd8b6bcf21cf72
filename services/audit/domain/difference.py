"""The difference of two moments of a partnership, in sentences a person reads; titles, names and words of people are in none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from contracts.reporting import Figure
from contracts.vocabulary import ActionState, CellStatus, PartnershipStatus, SessionStatus, Side
from contracts.vocabulary.wording import words
from services.audit.domain.known import Action, KnownPartnership

_SIDES = {
    Side.lived_experience: "lived-experience side",
    Side.employed: "employed for lived experience",
    Side.provider: "provider side",
    Side.other: "other",
}
_NOTHING = {
    CellStatus.suppressed_primary: "hidden",
    CellStatus.suppressed_secondary: "hidden",
    CellStatus.not_collected: "not collected",
    CellStatus.late: "not yet in",
}


def difference(before: KnownPartnership, after: KnownPartnership, *, days: tuple[date, date]) -> Iterator[str]:
    """What changed from `before` to `after`; `days` are the days of the two moments, by which actions are overdue."""
    if before.status is not after.status:
        yield f"the partnership became {_status(after.status)} (it was {_status(before.status)})"
    if after.terms and (before.terms is None or after.terms.edition != before.terms.edition):
        yield f"edition {after.terms.edition} of the terms of reference agreed on {_day(after, after.terms.happened)}"
    yield from _members(before, after)
    yield from _sessions(before, after)
    yield from _decisions(before, after)
    yield from _actions(before, after, days)
    yield from _feedback(before, after)
    yield from _standing(before, after)
    if gone := (before.facts - after.facts).total():
        yield f"{_many(gone, 'fact')} of the first moment did not belong to the second"


def figure_changes(before: Collection[Figure], after: Collection[Figure]) -> Iterator[str]:
    """Which indicators changed, from what to what."""
    was = {(figure.code, figure.period): figure for figure in before}
    for figure in after:
        earlier = was.get((figure.code, figure.period))
        if earlier is None or (earlier.value, earlier.n, earlier.d, earlier.status) != (figure.value, figure.n, figure.d, figure.status):
            was_said, said = _amount(earlier), _amount(figure)
            moved = f"went from {was_said} to {said}" if said != was_said else f"is {said} as before, {_counted(earlier, figure)}"
            yield f"{figure.code} ({figure.period}) {moved}"


def _members(before: KnownPartnership, after: KnownPartnership) -> Iterator[str]:
    for side, count in _by_side(after, after.members.keys() - before.members.keys()):
        yield f"{_many(count, 'member')} joined ({_SIDES[side]})"
    left = [id_ for id_, member in after.members.items() if member.ended and not ((known := before.members.get(id_)) and known.ended)]
    for side, count in _by_side(after, left):
        reasons = Counter(str(after.members[id_].end_reason) for id_ in left if after.members[id_].perspective.side is side)
        yield f"{_many(count, 'membership')} ended ({_SIDES[side]}; {', '.join(_plain(reason) for reason in sorted(reasons))})"
    for side, chair in after.co_chairs.items():
        if before.co_chairs.get(side) != chair:
            yield f"a co-chair was appointed ({_SIDES[side]})"

    away = [{id_ for id_, member in known.members.items() if member.on_leave and not member.ended} for known in (before, after)]
    for went, said in ((away[1] - away[0], "on leave"), (away[0] - away[1], "no longer on leave")):
        if went:
            yield f"{_many(len(went), 'member')} {said}"
    for office, holder in after.offices.items():
        if before.offices.get(office) != holder:
            yield f"an office was taken ({_plain(office)})"


def _by_side(known: KnownPartnership, members: Collection[UUID]) -> list[tuple[Side, int]]:
    counts = Counter(known.members[member].perspective.side for member in members)
    return [(side, counts[side]) for side in Side if counts[side]]


def _sessions(before: KnownPartnership, after: KnownPartnership) -> Iterator[str]:
    def was(id_: UUID) -> SessionStatus | None:
        return known.status if (known := before.sessions.get(id_)) else None

    planned = [id_ for id_, session in after.sessions.items() if session.status is SessionStatus.planned and was(id_) is None]
    if planned:
        yield f"{_many(len(planned), 'session')} planned and not yet held"
    changed = sorted(
        (session.held or session.starts, id_.hex, session)
        for id_, session in after.sessions.items()
        if session.status is not SessionStatus.planned and was(id_) is not session.status and (session.held or session.starts)
    )
    for when, _, session in changed:
        on = f"session of {_day(after, when) if when else 'an unknown day'} ({_plain(str(session.kind))})"
        if session.status is SessionStatus.cancelled:
            yield f"{on} cancelled: {_plain(str(session.cancelled_for))}"
        else:
            came = ", ".join(f"{session.attended[side]} {_SIDES[side]}" for side in Side if session.attended[side])
            yield f"{on} held; attended: {came or 'nobody'}"
    agreed = [
        id_
        for id_, now in after.sessions.items()
        if now.minutes_agreed and not ((then := before.sessions.get(id_)) and then.minutes_agreed)
    ]
    if agreed:
        yield f"minutes of {_many(len(agreed), 'session')} agreed"


def _decisions(before: KnownPartnership, after: KnownPartnership) -> Iterator[str]:
    for id_, decision in after.decisions.items():
        if id_ not in before.decisions:
            yield f"decision D{decision.number:02} {_plain(decision.closed.outcome)} on {_day(after, decision.closed.happened)}"


def _actions(before: KnownPartnership, after: KnownPartnership, days: tuple[date, date]) -> Iterator[str]:
    def named(said: str, found: Mapping[UUID, Action]) -> Iterator[str]:
        if found:
            yield f"{_many(len(found), 'action')} {said} ({', '.join(f'A{action.number:02}' for action in found.values())})"

    known = before.actions
    yield from named("agreed", {id_: action for id_, action in after.actions.items() if id_ not in known})
    for state in (ActionState.completed, ActionState.cancelled):
        yield from named(
            str(state),
            {id_: now for id_, now in after.actions.items() if now.state is state and not (id_ in known and known[id_].state is state)},
        )
    overdue = {id_: action for id_, action in after.actions.items() if action.overdue(days[1])}
    yield from named("overdue now that were not", {id_: now for id_, now in overdue.items() if not _was_overdue(known.get(id_), days[0])})


def _was_overdue(action: Action | None, today: date) -> bool:
    return action is not None and action.overdue(today)


def _feedback(before: KnownPartnership, after: KnownPartnership) -> Iterator[str]:
    was, now = (
        {
            "received": len(known.feedback),
            "answered": sum(item.responded for item in known.feedback.values()),
            "brought to a close": sum(item.closed for item in known.feedback.values()),
        }
        for known in (before, after)
    )
    for what, count in now.items():
        if count > was[what]:
            yield f"{_many(count - was[what], 'feedback item')} {what}"


def _standing(before: KnownPartnership, after: KnownPartnership) -> Iterator[str]:
    for what in ("objection", "payment", "work item"):
        was, now = (known.stands[f"{what.replace(' ', '_')}s"] for known in (before, after))
        for state, count in sorted(Counter(state for id_, state in now.items() if was.get(id_) != state).items()):
            yield f"{_many(count, what)} {_plain(state)}"


def _counted(before: Figure | None, after: Figure) -> str:
    """What changed beneath an amount that did not."""
    if before is None or None in {before.n, before.d, after.n, after.d}:
        return "made from other facts"
    return f"made from {after.n} of {after.d}, not {before.n} of {before.d}"


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _plain(word: str) -> str:
    return words(word)


def _status(status: PartnershipStatus | None) -> str:
    return status.value if status else "not there yet"


def _day(known: KnownPartnership, moment: datetime) -> str:
    return known.day(moment).strftime("%-d %B %Y")


def _amount(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return _NOTHING.get(figure.status, "nothing to count") if figure else "nothing to count"
    places = {"ratio": 2, "points": 2, "rungs": 2}.get(figure.unit, 1)
    return f"{figure.value:.{places}f}{'' if figure.unit == 'ratio' else f' {figure.unit}'}"
