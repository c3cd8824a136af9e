"""Quotes are answered: by their customer with his own tap, or by staff who heard it from him."""

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
    """Whether who looks is the one to whom the offer was made."""
    return (
        view.type.lifecycle is OFFER
        and not reader.actor.is_staff
        and bool(view.actions & {Action.ACCEPT, Action.DECLINE})
    )


def answer_facts(view: DocumentView) -> dict[str, Any]:
    """What he says yes to: another total or another day is another offer."""
    return {
        "number": view.record.number,
        "total": view.record.total,
        "until": view.record.valid_until,
        "state": view.record.state,
    }


def answer_rows(view: DocumentView, reader: Reader) -> list[Row]:
    """Yes, with the amount that it means, and no."""
    its_record = view.record
    label = reader.text(N_("Accept"))
    if view.sees_money and its_record.currency is not None:
        label = reader.text(
            N_("Accept {amount}"),
            amount=reader.translator.money(its_record.total, its_record.currency),
        )
    if Action.ACCEPT not in view.actions:
        # He has said yes: who has offered it may still be asked to take it back.
        return []
    return [
        (
            Button(
                label,
                "accept",
                id=its_record.id,
                revision=its_record.revision,
                digest=digest_of(answer_facts(view)),
                style="success",
            ),
        ),
        (
            Button(
                reader.text(N_("Decline")),
                "ask_end",
                id=its_record.id,
                argument=str(Action.DECLINE),
            ),
        ),
    ]


def accept(turn: Turn, tap: Tap) -> None:
    """The customer says yes to just what he was shown."""
    turn.show("document", tap.id)
    turn.check(tap, answer_facts(viewing.view(turn.work, tap.id)))
    lifecycle.accept(turn.work, tap.id, revision=tap.revision)
    turn.toast(turn.reader.text(N_("Accepted. {name} notified."), name=_company(turn)))


def _company(turn: Turn) -> str:
    return turn.reader.company.name if turn.reader.company else ""


def accepted(turn: Turn, tap: Tap) -> None:
    """Staff note that the customer has said yes."""
    lifecycle.accept(turn.work, tap.id, revision=tap.revision)
    turn.show("document", tap.id)


# --- Who hears of it ---------------------------------------------------------------------------

SENTENCES: Final[Mapping[str, str]] = {
    "offer_accepted": N_("{party} accepted {number}"),
    "offer_declined": N_("{party} declined {number}"),
    "offer_expired": N_("{number} for {party} expired without an answer"),
}


def answered(turn: Turn, event: Event) -> None:
    """Tell who has made the offer what came of it."""
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
