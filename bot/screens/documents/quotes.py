"""The answer to a quote: the customer's own tap, or a note by staff who heard it from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import Button, Card, Reader, Row, html, lines, opens
from bot.base.turn import Tap, Turn
from bot.screens.stock.reservation_notices import our_side
from core.domain.lifecycles import OFFER, Action
from core.domain.messages import N_
from core.services.documents import lifecycle, viewing
from core.services.documents.viewing import DocumentView
from core.services.people import parties
from core.services.work import Event


def answers_himself(view: DocumentView, reader: Reader) -> bool:
    """Return whether the person looking is the one to whom the offer was made."""
    return (
        view.type.lifecycle is OFFER
        and not reader.actor.is_staff
        and bool(view.actions & {Action.ACCEPT, Action.DECLINE})
    )


def answer_facts(view: DocumentView) -> dict[str, Any]:
    """Return the figures that a "yes" accepts: another total or another day is another offer."""
    return {
        "number": view.record.number,
        "total": view.record.total,
        "until": view.record.valid_until,
        "state": view.record.state,
    }


def answer_rows(view: DocumentView, reader: Reader) -> list[Row]:
    """Return the "yes" button, with the amount it commits to, and the "no" button."""
    record = view.record
    label = reader.text(N_("Accept"))
    if view.sees_money and record.currency is not None:
        label = reader.text(
            N_("Accept {amount}"),
            amount=reader.translator.money(record.total, record.currency),
        )
    if Action.ACCEPT not in view.actions:
        # The customer has accepted: the creator of the offer may still be asked to withdraw it.
        return []
    return [
        (
            Button(
                label,
                "accept",
                id=record.id,
                revision=record.revision,
                digest=digest_of(answer_facts(view)),
                style="success",
            ),
        ),
        (
            Button(
                reader.text(N_("Decline")),
                "ask_end",
                id=record.id,
                argument=str(Action.DECLINE),
            ),
        ),
    ]


def accept(turn: Turn, tap: Tap) -> None:
    """Accept the offer for the customer, exactly as it was shown."""
    turn.show("document", tap.id)
    turn.check(tap, answer_facts(viewing.view(turn.work, tap.id)))
    lifecycle.accept(turn.work, tap.id, revision=tap.revision)
    turn.toast(turn.reader.text(N_("Accepted. {name} notified."), name=_company(turn)))


def _company(turn: Turn) -> str:
    return turn.reader.company.name if turn.reader.company else ""


def accepted(turn: Turn, tap: Tap) -> None:
    """Record that the customer accepted, as heard by staff."""
    lifecycle.accept(turn.work, tap.id, revision=tap.revision)
    turn.show("document", tap.id)


# --- Notices -----------------------------------------------------------------------------------

SENTENCES: Final[Mapping[str, str]] = {
    "offer_accepted": N_("{party} accepted {number}"),
    "offer_declined": N_("{party} declined {number}"),
    "offer_expired": N_("{number} for {party} expired without an answer"),
}


def answered(turn: Turn, event: Event) -> None:
    """Tell the creator of the offer how it was answered."""
    document_id, party_id = event.document_id or 0, event.party_id
    its_party = "" if party_id is None else parties.load(
        turn.work.connection, [party_id]
    )[party_id].name  # fmt: skip
    number, reason = str(event.facts["number"]), str(event.facts["reason"])

    def compose(reader: Reader) -> Card:
        words = reader.text(SENTENCES[event.name], party=its_party, number=number)
        label = reader.text(N_("Open {number}"), number=number)
        return Card(
            lines(html(words), reason or None),
            ((opens(label, "document", id=document_id),),),
        )

    for person_id in our_side(turn, document_id):
        turn.notice(person_id, compose, about=("document", document_id))


ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "accept": accept,
    "accepted": accepted,
}
EVENTS: Final[Mapping[str, Callable[[Turn, Event], None]]] = dict.fromkeys(SENTENCES, answered)
