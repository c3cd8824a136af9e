"""Payments in a currency other than the account's: the amount, the rate, the converted amount."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Choice, Money, Number
from bot.conversation.step import Answers, Form, Step
from bot.screens.money.payment_allocation import Wish, show_spread
from bot.screens.shared.saved_arguments import kept_arguments
from core.domain.messages import N_
from core.domain.money import RATE_DIGITS
from core.domain.settlement import Quote, implied_rate, quote_sides
from core.services import company
from core.services.money.payments import Received
from core.services.numbering import business_day
from core.services.products import pricing
from core.services.work import Work


def spread_other(turn: Turn, tap: Tap) -> None:
    """Ask for the other currency."""
    ask_other(turn, tap.id, Wish.restored(kept_arguments(turn)))


def ask_other(turn: Turn, party_id: int, wish: Wish) -> None:
    """Ask for the currency and the amount."""
    turn.ask("other_money", party=party_id, kept=wish.kept(), account=wish.currency)


def _currencies(asking: Asking) -> dict[str, str]:
    """Return the company's currency and those with a rate, without the account's own."""
    ours = company.current(asking.work.connection)
    day = business_day(asking.work.now, ours.zone)
    known = pricing.latest_rates(asking.work.connection, day=day)
    codes = [ours.currency, *(each.currency for each in known)]
    account = asking.answers.arguments["account"]
    return {code: code for code in codes if code != account}


def finish_other(turn: Turn, answers: Answers) -> None:
    """Ask for the rate; today's rate is proposed."""
    given, received = answers.arguments, answers["currency"]
    ours = company.current(turn.work.connection)
    base, quoted = quote_sides(given["account"], received, ours.currency)
    turn.ask(
        "other_rate",
        party=given["party"],
        kept=given["kept"],
        received=received,
        amount=str(answers["amount"]),
        base=base,
        quoted=quoted,
        proposed=str(_rate_of_today(turn.work, base, quoted)),
    )


def _rate_of_today(work: Work, base: str, quoted: str) -> Decimal:
    """Return today's rate between two currencies from the company's rates."""
    ours = company.current(work.connection)
    day = business_day(work.now, ours.zone)
    rates = [
        pricing.rate_on(work.connection, each, company_currency=ours.currency, day=day).rate
        for each in (base, quoted)
    ]
    return implied_rate(rates[0], rates[1], base_is_account=False).normalize()


def finish_rate(turn: Turn, answers: Answers) -> None:
    """Convert the payment to the account's currency and allocate it."""
    given = answers.arguments
    wish, amount = Wish.restored(given["kept"]), Decimal(given["amount"])
    rate: Decimal = answers["rate"]
    worth = Quote(given["base"], given["quoted"], rate).taken(amount, wish.currency)
    received = Received(given["received"], amount, rate)
    show_spread(turn, given["party"], replace(wish, amount=worth, received=received))


def _other_currency(asking: Asking) -> str:
    return str(asking.answers["currency"])


def _proposed(answers: Answers) -> Decimal:
    return Decimal(answers.arguments["proposed"])


ACTIONS: Final = {"spread_other": spread_other}
FORMS: Final = (
    Form(
        "other_money",
        steps=(
            Step("currency", N_("Paid in which currency?"), Choice(_currencies, translated=False)),
            Step("amount", N_("How much, in {currency}?"), Money(currency=_other_currency)),
        ),
        on_finish=finish_other,
    ),
    Form(
        "other_rate",
        steps=(
            Step(
                "rate",
                N_("At what exchange rate? 1 {base} = … {quoted}"),
                Number(digits=RATE_DIGITS),
                default=_proposed,
            ),
        ),
        on_finish=finish_rate,
    ),
)
