"""Deposits for an order: a share of its total by one tap, or a typed amount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import Arguments, Button, Card, Reader, Row, Screen, back, lines
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Money
from bot.conversation.step import Answers, Form, Step
from bot.screens.money.document_money import Deposits, deposit_lines, load_deposits
from bot.screens.money.payment_allocation import VERBS
from bot.screens.shared.words import heading
from core.domain.messages import N_
from core.domain.money import round_amount
from core.services.documents import viewing
from core.services.documents.viewing import DocumentView
from core.services.money import payments
from core.services.rights import NotFound
from core.services.work import Work

PARTS: Final = (30, 50, 100)
"""The usual shares of an order's total, in percent."""


@dataclass(frozen=True)
class Asked:
    """An order and the deposits already paid for it."""

    view: DocumentView
    deposits: Deposits

    @property
    def way(self) -> str:
        """The direction of the payment."""
        return "out" if self.view.type.incoming else "in"

    def part(self, percent: int) -> Decimal:
        """Return a percentage of the order's total, in its currency."""
        exact = Fraction(self.view.record.total) * percent / 100
        return round_amount(exact, self.view.record.currency or "")

    def facts(self, percent: int) -> dict[str, Any]:
        """Return the figures of the tap that books a share."""
        return {
            "number": self.view.record.number or "",
            "amount": self.part(percent),
            "paid": [each.payment.number for each in self.deposits.paid],
        }


def load_deposit(work: Work, document_id: int, _arguments: Arguments) -> Asked:
    """Return the order.  Raises NotFound when this person can record no deposit for it."""
    view = viewing.view(work, document_id)
    found = load_deposits(work, view)
    if not found.can_take:
        raise NotFound(subject="due")
    return Asked(view, found)


def render_deposit(asked: Asked, reader: Reader) -> Card:
    """Render the order's total, the amount paid, the usual shares, and another amount."""
    view = asked.view
    total = reader.translator.money(view.record.total, view.record.currency or "")
    text = lines(
        heading(view, reader),
        reader.html(N_("Total {amount}"), amount=total),
        *deposit_lines(asked.deposits, view, reader),
        reader.html(N_("Deposits are applied to the order's invoices automatically.")),
    )
    rows: list[Row] = [
        (
            Button(
                _label(asked, percent, reader),
                "take_deposit",
                id=view.record.id,
                argument=str(percent),
                digest=digest_of(asked.facts(percent)),
            ),
        )
        for percent in PARTS
        if asked.part(percent)
    ]
    rows.append((Button(reader.text(N_("Other amount")), "ask_deposit", id=view.record.id),))
    return Card(text, (*rows, (back(reader, "document", id=view.record.id),)))


def _label(asked: Asked, percent: int, reader: Reader) -> str:
    amount = reader.translator.money(asked.part(percent), asked.view.record.currency or "")
    verb = reader.text(VERBS[asked.way], amount=amount)
    return f"{verb} · {reader.translator.percent(Decimal(percent))}"


def take_deposit(turn: Turn, tap: Tap) -> None:
    """Book a share, if the figures are still those shown."""
    turn.show("deposit", tap.id)
    asked = load_deposit(turn.work, tap.id, {})
    percent = int(tap.argument)
    turn.check(tap, asked.facts(percent))
    _take(turn, tap.id, asked.part(percent))


def _take(turn: Turn, order_id: int, amount: Decimal) -> None:
    issued = payments.take_deposit(turn.work, order_id, amount=amount)
    turn.toast(turn.reader.text(N_("{number} recorded"), number=issued.number))
    turn.show("document", order_id)


def ask_deposit(turn: Turn, tap: Tap) -> None:
    """Ask for the amount."""
    asked = load_deposit(turn.work, tap.id, {})
    turn.ask("deposit_amount", order=tap.id, currency=asked.view.record.currency)


def _currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


def finish_deposit(turn: Turn, answers: Answers) -> None:
    """Book the typed amount."""
    _take(turn, answers.arguments["order"], answers["amount"])


SCREENS: Final = (Screen("deposit", load_deposit, render_deposit, subject="document"),)
ACTIONS: Final = {"take_deposit": take_deposit, "ask_deposit": ask_deposit}
FORMS: Final = (
    Form(
        "deposit_amount",
        steps=(Step("amount", N_("How much, in {currency}?"), Money(currency=_currency)),),
        on_finish=finish_deposit,
    ),
)
