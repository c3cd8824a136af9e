"""Payments for a paper: one tap for the full amount due, or a typed amount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import Arguments, Button, Card, Reader, Row, Screen, back, html, lines
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Money
from bot.conversation.step import Answers, Form, Step
from bot.screens.money.foreign_payments import ask_other
from bot.screens.money.payment_allocation import VERBS, Wish, show_spread
from bot.screens.shared.words import title_of
from core.domain.messages import N_
from core.services.documents import viewing
from core.services.money import payments
from core.services.money.open_items import Due, debts_of, due_of, open_items
from core.services.rights import NotFound
from core.services.work import Work


@dataclass(frozen=True)
class Payable:
    """The open amount of a paper, and whether its party has other open papers of the kind."""

    due: Due
    has_others: bool


def load_due(work: Work, document_id: int, _arguments: Arguments) -> Payable:
    """Return the open amount.  Raises NotFound when none is, or when the person may not pay it."""
    view = viewing.view(work, document_id)
    due = due_of(work.connection, document_id)
    if due is None or not view.can_pay or due.record.party_id is None:
        raise NotFound(subject="due")
    currency = due.record.currency or ""
    items = open_items(work.connection, due.record.party_id, currency=currency)
    return Payable(due, len(debts_of(items, due.direction, currency=currency)) > 1)


def due_facts(due: Due) -> dict[str, Any]:
    """Return the figures of the tap that books the full amount."""
    return {"number": due.record.number or "", "amount": due.amount, "way": due.direction}


def render_due(shown: Payable, reader: Reader) -> Card:
    """Render the amount due, a tap that books it, other amounts and currencies, the way back."""
    due = shown.due
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
    other = Button(reader.text(N_("Other amount")), "ask_amount", id=due.record.id)
    foreign = Button(reader.text(N_("Other currency")), "ask_other", id=due.record.id)
    rows: list[Row] = [(button,), (other, foreign)]
    if shown.has_others:
        label = reader.text(N_("Several documents"))
        rows.append((Button(label, "ask_several", id=due.record.id),))
    rows.append((back(reader, "document", id=due.record.id),))
    return Card(lines(html(title), reader.html(N_("{amount} due"), amount=amount)), tuple(rows))


def settle(turn: Turn, tap: Tap) -> None:
    """Book the full amount due, if it is still the same."""
    turn.show("document", tap.id)
    due = load_due(turn.work, tap.id, {}).due
    turn.check(tap, due_facts(due))
    issued = payments.settle_due(turn.work, tap.id)
    turn.toast(turn.reader.text(N_("{number} recorded"), number=issued.number))


def ask_amount(turn: Turn, tap: Tap) -> None:
    """Ask for the amount."""
    due = load_due(turn.work, tap.id, {}).due
    turn.ask("payment_amount", document=tap.id, currency=due.record.currency)


def ask_several(turn: Turn, tap: Tap) -> None:
    """Ask for the amount paid for this and other papers."""
    due = load_due(turn.work, tap.id, {}).due
    turn.ask("payment_several", document=tap.id, currency=due.record.currency)


def ask_other_money(turn: Turn, tap: Tap) -> None:
    """Ask for the currency in which this paper was paid."""
    due = load_due(turn.work, tap.id, {}).due
    ask_other(turn, due.record.party_id or 0, _wish(due, Decimal(0)))


def _wish(due: Due, amount: Decimal) -> Wish:
    currency = due.record.currency or ""
    return Wish("pay", due.direction, currency, amount, first=(due.record.id,))


def _currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


def finish_amount(turn: Turn, answers: Answers) -> None:
    """Book the typed amount; an excess goes to other papers after a preview.

    A payment for a paper settled meanwhile is booked all the same: it becomes credit.
    """
    document_id = answers.arguments["document"]
    amount: Decimal = answers["amount"]
    due = due_of(turn.work.connection, document_id)
    if due is not None and amount > due.amount:
        shown = load_due(turn.work, document_id, {})
        if shown.has_others:
            show_spread(turn, due.record.party_id or 0, _wish(due, amount))
            return
    issued = payments.settle_due(turn.work, document_id, amount=amount)
    turn.toast(turn.reader.text(N_("{number} recorded"), number=issued.number))
    turn.show("document", document_id)


def finish_several(turn: Turn, answers: Answers) -> None:
    """Show what the amount would settle, this paper first."""
    due = load_due(turn.work, answers.arguments["document"], {}).due
    show_spread(turn, due.record.party_id or 0, _wish(due, answers["amount"]))


SCREENS: Final = (Screen("pay", load_due, render_due, subject="document"),)
ACTIONS: Final = {
    "settle": settle,
    "ask_amount": ask_amount,
    "ask_several": ask_several,
    "ask_other": ask_other_money,
}
FORMS: Final = (
    Form(
        "payment_amount",
        steps=(Step("amount", N_("How much, in {currency}?"), Money(currency=_currency)),),
        on_finish=finish_amount,
    ),
    Form(
        "payment_several",
        steps=(
            Step(
                "amount", N_("What's the total amount, in {currency}?"), Money(currency=_currency)
            ),
        ),
        on_finish=finish_several,
    ),
)
