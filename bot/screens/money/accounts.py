"""Accounts of parties: open items, their settlement, and payments without a paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    html,
    lines,
    opens,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Choice, Money
from bot.conversation.step import Answers, Form, Step
from bot.screens.money.payment_allocation import Wish, show_spread
from bot.screens.shared.words import title_of
from bot.screens.stock.levels import pages, start_of
from core.domain.messages import N_
from core.services.money import credit, payments
from core.services.money.open_items import (
    Credit,
    Due,
    Settleable,
    credits_of,
    debts_of,
    settleable,
)
from core.services.people import party_views
from core.services.people.party_views import PartyView
from core.services.rights import NotAllowed, NotFound
from core.services.work import Work

PAGE_SIZE: Final = 8

WAYS: Final[Mapping[str, str]] = {"in": N_("Money in"), "out": N_("Money out")}


def balance_lines(balances: Mapping[str, Decimal], reader: Reader) -> list[Html]:
    """Return the balances, one line for each currency."""
    found = []
    for currency, amount in balances.items():
        message = N_("{amount} owed to us") if amount > 0 else N_("{amount} owed by us")
        money = reader.translator.money(abs(amount), currency)
        found.append(reader.html(message, amount=bold(money)))
    return found


def item_button(due: Due, reader: Reader) -> Button:
    """Return the button of an open paper, with its open amount and what it is set aside for."""
    record = due.record
    parts = [title_of(record.type, record.number, reader)]
    parts.append(reader.translator.money(due.amount, record.currency or ""))
    if record.due_on is not None and not due.is_loose:
        parts.append(reader.translator.day(record.due_on))
    if due.kept_for is not None:
        parts.append(reader.text(N_("for {number}"), number=due.kept_for.number))
    return opens(" · ".join(parts), "document", id=record.id)


# --- One account -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """A party with a page of its open items, its credit, and the amount that can be settled."""

    view: PartyView
    offset: int
    settleable: Sequence[Settleable]
    credits: Sequence[Credit]


def load_account(work: Work, party_id: int, arguments: Arguments) -> Account:
    """Return the account of a party.  Raises NotAllowed for people who see no money."""
    view = party_views.view(work, party_id)
    if not work.actor.sees_money_of(party_id):
        raise NotAllowed(right="see_money")
    if not view.can_pay:
        return Account(view, start_of(arguments), [], [])
    left = credits_of(view.open_items)
    usable = {each.currency for each in left if each.usable}
    found = [each for each in settleable(view.open_items) if each.currency not in usable]
    return Account(view, start_of(arguments), found, left)


def render_account(shown: Account, reader: Reader) -> Card:
    """Render the balances by currency; each open paper is a button."""
    view, items = shown.view, shown.view.open_items
    party_id = view.record.id
    text = lines(
        html(bold(view.record.name), reader.text(N_("account")), between=" · "),
        *balance_lines(view.balances, reader),
        None if items else reader.text(N_("Nothing outstanding.")),
    )
    rows: list[Row] = [(_settle_button(each, party_id, reader),) for each in shown.settleable]
    rows += [_credit_row(each, party_id, reader) for each in shown.credits]
    part = items[shown.offset : shown.offset + PAGE_SIZE]
    rows += [(item_button(each, reader),) for each in part]
    rows.append(
        pages("account", offset=shown.offset, total=len(items), size=PAGE_SIZE, id=party_id)
    )
    if view.can_pay:
        label = reader.text(N_("Record payment"))
        rows.append((Button(label, "pay_party", id=party_id),))
    return Card(text, (*rows, (back(reader, "party", id=party_id),)))


def _credit_row(each: Credit, party_id: int, reader: Reader) -> Row:
    """Return the buttons for unused credit: apply it to papers, pay it back."""
    money, argument = reader.translator.money, f"{each.currency}:{each.direction}"
    row = []
    if each.usable:
        label = reader.text(N_("Apply {amount}"), amount=money(each.usable, each.currency))
        row.append(Button(label, "use_credit", id=party_id, argument=argument, style="primary"))
    label = reader.text(N_("Refund {amount}"), amount=money(each.amount, each.currency))
    return (*row, Button(label, "refund_credit", id=party_id, argument=argument))


def _settle_facts(each: Settleable, party_id: int) -> dict[str, Any]:
    return {"party": party_id, "currency": each.currency, "amount": each.amount}


def _settle_button(each: Settleable, party_id: int, reader: Reader) -> Button:
    money = reader.translator.money(each.amount, each.currency)
    return Button(
        reader.text(N_("Settle {amount}"), amount=money),
        "settle_open",
        id=party_id,
        argument=each.currency,
        digest=digest_of(_settle_facts(each, party_id)),
        style="primary",
    )


def settle_open(turn: Turn, tap: Tap) -> None:
    """Settle debts with credits, the oldest first, if the amount is still the one shown."""
    turn.show("account", tap.id)
    shown = load_account(turn.work, tap.id, {})
    found = next((each for each in shown.settleable if each.currency == tap.argument), None)
    if found is None:
        raise NotFound(subject="due")
    turn.check(tap, _settle_facts(found, tap.id))
    amount = credit.settle_open(turn.work, tap.id, currency=found.currency)
    money = turn.reader.translator.money(amount, found.currency)
    turn.toast(turn.reader.text(N_("{amount} settled"), amount=money))


# --- Payments without a paper ----------------------------------------------------------------


def pay_party(turn: Turn, tap: Tap) -> None:
    """Ask for the direction of the payment and its amount."""
    view = party_views.view(turn.work, tap.id)
    if not view.can_pay:
        raise NotAllowed(right="issue")
    company = turn.reader.company
    currency = view.record.currency or (company.currency if company else "")
    turn.ask("party_payment", party=tap.id, name=view.record.name, currency=currency)


def _currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


def finish_payment(turn: Turn, answers: Answers) -> None:
    """Show the papers the payment would settle; if there are none, book it as credit."""
    given, way, amount = answers.arguments, answers["way"], answers["amount"]
    party_id, currency = given["party"], given["currency"]
    view = party_views.view(turn.work, party_id)
    if debts_of(view.open_items, way, currency=currency):
        show_spread(turn, party_id, Wish("pay", way, currency, amount))
        return
    issued = payments.pay(turn.work, party_id, direction=way, amount=amount, currency=currency)
    turn.toast(turn.reader.text(N_("{number} recorded"), number=issued.number))
    turn.show("account", party_id)


SCREENS: Final = (Screen("account", load_account, render_account, subject="party"),)
ACTIONS: Final = {"settle_open": settle_open, "pay_party": pay_party}
FORMS: Final = (
    Form(
        "party_payment",
        steps=(
            Step("way", N_("{name}: money in or out?"), Choice(WAYS)),
            Step("amount", N_("How much, in {currency}?"), Money(currency=_currency)),
        ),
        on_finish=finish_payment,
    ),
)
