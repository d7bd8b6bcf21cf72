"""What members were offered, declined, claimed and were paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.demo.people import HERE, began
from deploy.demo.telling import Step, earlier, moment

_CARDS = "rate cards"


def steps(year: dict[str, Any]) -> Iterator[Step]:
    """Rate cards, offers before each session, expenses; approved and paid by finance."""
    for card in year["rateCards"]:
        adopted = {part: card[part] for part in ("edition", "currency", "rates")}
        yield Step(_card(card), moment(card["adopted"], 9), _CARDS, f"{HERE}/rate-card", adopted, paying=True)
    for session in year["sessions"]:
        for offer in session["offers"]:
            name = f"{session['id']} {offer['member']} payment"
            day = earlier(session["date"], 7, began(year))
            what = {"partnership": "{partnership}", "member": f"{{{offer['member']}}}", "kind": offer["kind"]}
            occasion = {"session": f"{{{session['id']}}}", "occasion": moment(session["date"], 11).isoformat()}
            yield Step(name, moment(day, 10), name, "/v1/payments", {**what, **occasion}, _card_on(year, day))
            yield Step(f"{name} answered", moment(day, 12), name, f"/v1/payments/{{{name}}}/{offer['answer']}", {})
            if offer["answer"] == "accept":
                yield Step(f"{name} claimed", moment(offer["claimed"], 10), name, f"/v1/payments/{{{name}}}/claim", {})
                yield from _pay(name, offer["paid"])
    for expense in year["expenses"]:
        name = f"{expense['member']} {expense['kind']} {expense['claimed']}"
        what = {"partnership": "{partnership}", "member": f"{{{expense['member']}}}", "kind": expense["kind"], "amount": expense["amount"]}
        yield Step(name, moment(expense["claimed"], 10), name, "/v1/payments/expenses", what, _card_on(year, expense["claimed"]))
        yield from _pay(name, expense["paid"])


def _pay(name: str, day: str | None) -> Iterator[Step]:
    if day:
        for hour, step in ((9, "approve"), (15, "paid")):
            yield Step(f"{name} {step}", moment(day, hour), name, f"/v1/payments/{{{name}}}/{step}", {}, paying=True)


def _card(card: dict[str, Any]) -> str:
    return f"rate card {card['edition']}"


def _card_on(year: dict[str, Any], day: str) -> tuple[str, ...]:
    """The rate card that held on a day."""
    return tuple(_card(card) for card in year["rateCards"] if card["adopted"] <= day)[-1:]
