"""Money that came or went for a paper: one tap for all that is due, or a typed amount."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from bot.callbacks import digest_of
from bot.conversation.inputs import Asking, Money
from bot.conversation.step import Answers, Form, Step
from bot.screens.base import Arguments, Button, Card, Reader, Row, Screen, back, html, lines
from bot.screens.words import title_of
from bot.turn import Tap, Turn
from core.domain.messages import N_
from core.services import payments
from core.services.documents import viewing
from core.services.open_items import Due, due_of
from core.services.rights import NotFound
from core.services.work import Work

VERBS: Final[Mapping[str, str]] = {"in": N_("Received {amount}"), "out": N_("Paid {amount}")}


def load_due(work: Work, document_id: int, _arguments: Arguments) -> Due:
    """What is open of a paper.  Raises NotFound when nothing is, or when he may not pay it."""
    view = viewing.view(work, document_id)
    due = due_of(work.connection, document_id)
    if due is None or not view.can_pay:
        raise NotFound(subject="due")
    return due


def due_facts(due: Due) -> dict[str, Any]:
    """The figures of the tap that books all of it."""
    return {"number": due.record.number or "", "amount": due.amount, "way": due.direction}


def render_due(due: Due, reader: Reader) -> Card:
    """What is due, one tap that books it, another amount, and the way back."""
    currency = due.record.currency or ""
    amount = reader.translator.money(due.amount, currency)
    title = title_of(due.record.type, due.record.number, reader)
    button = Button(
        reader.text(VERBS[due.direction], amount=amount),
        "settle",
        id=due.record.id,
        digest=digest_of(due_facts(due)),
        style="success",
    )
    other = Button(reader.text(N_("Another amount")), "ask_amount", id=due.record.id)
    rows: list[Row] = [(button,), (other,), (back(reader, "document", id=due.record.id),)]
    return Card(lines(html(title), reader.html(N_("{amount} due"), amount=amount)), tuple(rows))


def settle(turn: Turn, tap: Tap) -> None:
    """Book all that is due, if it is still that."""
    turn.show("document", tap.id)
    due = load_due(turn.work, tap.id, {})
    turn.check(tap, due_facts(due))
    issued = payments.settle_due(turn.work, tap.id)
    turn.toast(turn.reader.text(N_("{number} is booked"), number=issued.number))


def ask_amount(turn: Turn, tap: Tap) -> None:
    """Ask how much."""
    due = load_due(turn.work, tap.id, {})
    turn.ask("payment_amount", document=tap.id, currency=due.record.currency)


def _currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


def finish_amount(turn: Turn, answers: Answers) -> None:
    """Book the amount that was typed; what is over is kept as credit."""
    document_id = answers.arguments["document"]
    amount: Decimal = answers["amount"]
    issued = payments.settle_due(turn.work, document_id, amount=amount)
    turn.toast(turn.reader.text(N_("{number} is booked"), number=issued.number))
    turn.show("document", document_id)


SCREENS: Final = (Screen("pay", load_due, render_due, subject="document"),)
ACTIONS: Final = {"settle": settle, "ask_amount": ask_amount}
FORMS: Final = (
    Form(
        "payment_amount",
        steps=(Step("amount", N_("How much, in {currency}?"), Money(currency=_currency)),),
        on_finish=finish_amount,
    ),
)
