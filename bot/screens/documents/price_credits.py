"""Credits in money without a return of goods: a lower price, or an amount (goodwill)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from bot.base.screen import Button, Html, Reader, Row
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Money
from bot.conversation.step import Answers, Form, Step
from bot.screens.documents.conversion_state import (
    Choice,
    Converting,
    chosen_of,
    load_converting,
    put,
)
from bot.screens.shared.saved_arguments import kept_arguments
from core.domain.messages import N_
from core.services.documents import preview
from core.services.documents.converting import Less, price_left
from core.services.rights import NotFound


def less_words(choice: Choice, shown: Converting, reader: Reader) -> list[str]:
    """Return the words for the money taken off a line."""
    currency = shown.view.record.currency
    if choice.less is None or currency is None:
        return []
    amount = reader.translator.amount(choice.less.quantity * choice.less.each, currency)
    return [reader.text(N_("{amount} off"), amount=amount)]


def money_lines(shown: Converting, reader: Reader) -> list[Html]:
    """Return the totals the paper will have: its discount, its total, a deposit that it uses."""
    told = shown.told
    if told is None:
        return []
    money = reader.translator.money
    found = []
    if told.discount:
        amount = money(told.discount, told.currency)
        found.append(reader.html(N_("Discount {amount}"), amount=amount))
    found.append(reader.html(N_("Total {amount}"), amount=money(told.total, told.currency)))
    if told.deposit:
        found.append(
            reader.html(
                N_("Deposit {amount} · {due} due"),
                amount=money(told.deposit, told.currency),
                due=money(told.due, told.currency),
            )
        )
    return found


def less_rows(shown: Converting, reader: Reader) -> list[Row]:
    """Return the buttons that take money off the open line."""
    if not shown.way.rule.by_amount or not shown.view.sees_money:
        return []
    document_id, choice = shown.view.record.id, shown.choices[shown.line_id]
    rows: list[Row] = [
        (
            Button(reader.text(N_("New price")), "ask_less", id=document_id, argument="each"),
            Button(reader.text(N_("Amount only")), "ask_less", id=document_id, argument="all"),
        )
    ]
    if choice.less is not None:
        label = reader.text(N_("No reduction"))
        rows.append((Button(label, "no_less", id=document_id),))
    return rows


def ask_less(turn: Turn, tap: Tap) -> None:
    """Ask for the new unit price, or for the amount."""
    kept = kept_arguments(turn)
    shown = load_converting(turn.work, tap.id, kept)
    currency = shown.view.record.currency
    if not shown.way.rule.by_amount or shown.line_id not in shown.offered or currency is None:
        turn.show("document", tap.id)
        raise NotFound(subject="line")
    offered, _, _ = shown.offered[shown.line_id]
    form = "less_each" if tap.argument == "each" else "less_all"
    price = turn.reader.translator.unit_price(_price(shown), currency)
    turn.ask(
        form, document=tap.id, kept=kept, currency=currency, name=offered.line.name, price=price
    )


def _price(shown: Converting) -> Decimal:
    """Return the current unit price of the open line."""
    found = next(each for each in shown.view.lines if each.line.id == shown.line_id)
    return price_left(found.line, found.state)


def no_less(turn: Turn, tap: Tap) -> None:
    """Remove the credit from the line."""
    put(turn, tap.id, kept_arguments(turn), less=None)


def finish_each(turn: Turn, answers: Answers) -> None:
    """Lower the unit price: each piece that is not credited gets the difference."""
    given = answers.arguments
    shown = load_converting(turn.work, given["document"], dict(given["kept"]))
    _, _, most = shown.offered[shown.line_id]
    less = Less.to_price(most, _price(shown), answers["amount"])
    _take_off(turn, given, less)


def finish_all(turn: Turn, answers: Answers) -> None:
    """Take an amount off the line."""
    _take_off(turn, answers.arguments, Less(Decimal(1), answers["amount"]))


def _take_off(turn: Turn, given: dict[str, Any], less: Less) -> None:
    document_id, kept = given["document"], dict(given["kept"])
    put(turn, document_id, kept, less=less if less.quantity * less.each else None)
    assert turn.shown is not None
    shown = load_converting(turn.work, document_id, turn.shown.arguments)
    # Refuse an amount above the remainder here, above the question, not only on the last tap.
    preview.forecast(
        turn.work,
        shown.view.record,
        shown.way.rule,
        chosen=chosen_of(turn.work, shown),
        refuses=True,
    )


def _currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


ACTIONS: Final = {"ask_less": ask_less, "no_less": no_less}
FORMS: Final = (
    Form(
        "less_each",
        steps=(
            Step(
                "amount",
                N_("{name}: what unit price, instead of {price}?"),
                Money(currency=_currency, unit_price=True),
            ),
        ),
        on_finish=finish_each,
    ),
    Form(
        "less_all",
        steps=(
            Step(
                "amount",
                N_("{name}: how much off in total, in {currency}?"),
                Money(currency=_currency),
            ),
        ),
        on_finish=finish_all,
    ),
)
