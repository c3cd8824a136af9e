"""Refunds of credit: all of it by one tap, or a typed amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from bot.base.callbacks import digest_of
from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Html,
    Reader,
    Row,
    Screen,
    back,
    bold,
    code,
    html,
    lines,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Money
from bot.conversation.step import Answers, Form, Step
from bot.screens.money.payment_allocation import VERBS
from bot.screens.shared.saved_arguments import kept_arguments
from bot.screens.shared.words import title_of
from core.domain.messages import N_
from core.domain.money import ZERO
from core.services import online_payments
from core.services.money import credit
from core.services.money.open_items import Due, due_of
from core.services.online_payments import Receipt
from core.services.people import party_views
from core.services.people.party_views import PartyView
from core.services.rights import NotAllowed, NotFound
from core.services.work import Work


@dataclass(frozen=True)
class Refund:
    """Refundable credit of one side of a party's account."""

    view: PartyView
    currency: str
    way: str
    of: Sequence[int]
    items: Sequence[Due]
    receipts: Sequence[Receipt] = ()

    @property
    def amount(self) -> Decimal:
        """The available credit."""
        return sum((each.amount for each in self.items), start=ZERO)

    def facts(self) -> dict[str, Any]:
        """Return the figures of the tap that pays all of it back."""
        return {
            "party": self.view.record.id,
            "currency": self.currency,
            "way": self.way,
            "items": [[each.record.id, each.amount] for each in self.items],
        }


def load_refund(work: Work, party_id: int, arguments: Arguments) -> Refund:
    """Return the credit to refund.  Raises NotAllowed, NotFound when none remains."""
    view = party_views.view(work, party_id)
    if not view.can_pay:
        raise NotAllowed(right="issue")
    currency, way = str(arguments["currency"]), str(arguments["way"])
    of = [int(each) for each in arguments["of"]]
    own = [each for each in view.open_items if each.record.currency == currency]
    items = credit.meant(own, way, of=of)
    if not items:
        raise NotFound(subject="due")
    receipts = online_payments.receipts(work.connection, [each.record for each in items])
    return Refund(view, currency, way, of, items, receipts)


def render_refund(shown: Refund, reader: Reader) -> Card:
    """Render the credit, a tap that pays it back, another amount, and the way back."""
    money = reader.translator.money
    amount = money(shown.amount, shown.currency)
    text = lines(
        html(
            bold(shown.view.record.name),
            reader.text(N_("{amount} credit"), amount=amount),
            between=" · ",
        ),
        *(
            html(
                title_of(each.record.type, each.record.number, reader),
                money(each.amount, shown.currency),
                between=" · ",
            )
            for each in shown.items
        ),
        *_paid_in_the_chat(shown, reader),
    )
    party_id = shown.view.record.id
    button = Button(
        reader.text(VERBS[shown.way], amount=amount),
        "pay_back",
        id=party_id,
        digest=digest_of(shown.facts()),
        style="success",
    )
    other = Button(reader.text(N_("Other amount")), "ask_refund", id=party_id)
    rows: list[Row] = [(button,), (other,), (back(reader, "account", id=party_id),)]
    return Card(text, tuple(rows))


def _paid_in_the_chat(shown: Refund, reader: Reader) -> list[Html]:
    """Return the provider's ids of money paid in the chat: no bot can refund that."""
    if not shown.receipts:
        return []
    ids = [
        reader.html(
            N_("Provider ID: {provider} · Telegram ID: {telegram}"),
            provider=code(each.provider_charge_id),
            telegram=code(each.telegram_charge_id),
        )
        for each in shown.receipts
    ]
    first = N_("Paid in the chat: refund it at the provider first, then record it here.")
    return [reader.html(first), *ids]


def refund_left(turn: Turn, tap: Tap) -> None:
    """Pay back the unused part of one credit."""
    due = due_of(turn.work.connection, tap.id)
    if due is None or not due.is_loose or due.record.party_id is None:
        turn.show("document", tap.id)
        raise NotFound(subject="due")
    turn.show(
        "refund",
        due.record.party_id,
        currency=due.record.currency,
        way=due.direction,
        of=[tap.id],
    )


def refund_credit(turn: Turn, tap: Tap) -> None:
    """Pay back all credit of one side of an account."""
    currency, _, way = tap.argument.partition(":")
    turn.show("refund", tap.id, currency=currency, way=way, of=[])


def pay_back(turn: Turn, tap: Tap) -> None:
    """Book the refund, if the figures are still those shown."""
    arguments = kept_arguments(turn)
    turn.show("refund", tap.id, **arguments)
    shown = load_refund(turn.work, tap.id, arguments)
    turn.check(tap, shown.facts())
    _pay_back(turn, tap.id, arguments, amount=None)


def _pay_back(turn: Turn, party_id: int, arguments: Arguments, *, amount: Decimal | None) -> None:
    issued = credit.pay_back(
        turn.work,
        party_id,
        direction=arguments["way"],
        currency=arguments["currency"],
        amount=amount,
        of=arguments["of"],
    )
    turn.toast(turn.reader.text(N_("{number} recorded"), number=issued.number))
    turn.show("document", issued.document_id)


def ask_refund(turn: Turn, tap: Tap) -> None:
    """Ask for the amount to pay back."""
    kept = kept_arguments(turn)
    turn.ask("refund_amount", party=tap.id, kept=kept, currency=kept["currency"])


def _currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


def finish_refund(turn: Turn, answers: Answers) -> None:
    """Book the typed amount; more than the remaining credit is refused."""
    given = answers.arguments
    _pay_back(turn, given["party"], given["kept"], amount=answers["amount"])


SCREENS: Final = (Screen("refund", load_refund, render_refund, subject="party"),)
ACTIONS: Final = {
    "refund_left": refund_left,
    "refund_credit": refund_credit,
    "pay_back": pay_back,
    "ask_refund": ask_refund,
}
FORMS: Final = (
    Form(
        "refund_amount",
        steps=(Step("amount", N_("How much, in {currency}?"), Money(currency=_currency)),),
        on_finish=finish_refund,
    ),
)
