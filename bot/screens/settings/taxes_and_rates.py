"""The company's tables: taxes, exchange rates, price books and their prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.base.screen import (
    Arguments,
    Button,
    Card,
    Reader,
    Row,
    Screen,
    back,
    bold,
    html,
    lines,
    opens,
    side_by_side,
)
from bot.base.turn import Tap, Turn
from bot.conversation.inputs import Asking, Choice, Money, Number, Percent, Text
from bot.conversation.record_inputs import Product
from bot.conversation.region_inputs import Currency
from bot.conversation.step import Answers, Form, Step
from bot.screens.shared.words import quantity
from bot.screens.stock.levels import pages, start_of
from core.domain.messages import N_
from core.domain.money import ZERO
from core.domain.people import Ability
from core.domain.totals import TAX_CATEGORIES
from core.services import company, overview
from core.services.company import TaxRecord
from core.services.products import catalog, pricing
from core.services.products.pricing import BookPrice, BookRecord, CurrencyRate
from core.services.rights import NotFound, require_ability
from core.services.work import Work

PAGE_SIZE: Final = 8
CATEGORIES: Final[Mapping[str, str]] = {
    code: category.label for code, category in TAX_CATEGORIES.items()
}


# --- Taxes -----------------------------------------------------------------------------------


def load_taxes(work: Work, _id: int, _arguments: Arguments) -> list[TaxRecord]:
    """Return all taxes, for people who may change them."""
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    return company.taxes(work.connection)


def render_taxes(found: list[TaxRecord], reader: Reader) -> Card:
    """Render the taxes with the default marked; a tap makes another one the default."""
    rows: list[Row] = [
        (
            Button(
                f"{'✓ ' if each.is_default else ''}{each.name} · "
                f"{reader.translator.percent(each.percent)}",
                "default_tax", id=each.id,
            ),
        )
        for each in found
    ]  # fmt: skip
    rows.append((Button(reader.text(N_("Add tax")), "add_tax"),))
    text = lines(bold(reader.text(N_("Taxes"))), reader.text(N_("✓ Used by default.")))
    return Card(text, (*rows, (back(reader, "settings"),)))


def default_tax(turn: Turn, tap: Tap) -> None:
    """Make this tax the default for products without their own."""
    company.set_default_tax(turn.work, tap.id)
    turn.show("taxes")


def add_tax(turn: Turn, _tap: Tap) -> None:
    """Ask for a tax."""
    require_ability(turn.work.actor, Ability.SET_UP_COMPANY)
    turn.ask("new_tax")


def finish_tax(turn: Turn, answers: Answers) -> None:
    """Add the tax."""
    percent = answers["percent"]
    company.add_tax(
        turn.work,
        name=answers["name"],
        category=answers["category"],
        percent=ZERO if percent is None else percent,
        default=False,
    )
    turn.show("taxes")


def _has_percent(answers: Answers) -> bool:
    category = TAX_CATEGORIES.get(str(answers.get("category")))
    return category is not None and category.is_taxed


# --- Exchange rates --------------------------------------------------------------------------


def load_rates(work: Work, _id: int, _arguments: Arguments) -> list[CurrencyRate]:
    """Return the latest rate of each currency, for people who may set them."""
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    return pricing.latest_rates(work.connection, day=overview.today(work))


def render_rates(found: list[CurrencyRate], reader: Reader) -> Card:
    """Render each rate with its day and its source; a tap sets a new one."""
    own = reader.company.currency if reader.company else ""
    shown = [
        html(
            f"1 {each.currency} = {reader.translator.unit_price(each.rate, own)} {own}",
            reader.translator.date(each.day),
            each.source,
            between=" · ",
        )
        for each in found
    ]
    buttons = [Button(each.currency, "set_rate", argument=each.currency) for each in found]
    rows: list[Row] = side_by_side(buttons)
    rows.append((Button(reader.text(N_("Set a rate")), "set_rate"),))
    return Card(
        lines(bold(reader.text(N_("Exchange rates"))), *shown),
        (*rows, (back(reader, "settings"),)),
    )


def set_rate(turn: Turn, tap: Tap) -> None:
    """Ask for the rate of a currency."""
    require_ability(turn.work.actor, Ability.SET_UP_COMPANY)
    turn.ask("rate", given=tap.argument)


def finish_rate(turn: Turn, answers: Answers) -> None:
    """Store the rate from today on, with the person who set it as its source."""
    catalog.set_rate(
        turn.work,
        answers.arguments["given"] or answers["currency"],
        answers["rate"],
        day=overview.today(turn.work),
        source=turn.work.actor.name,
    )
    turn.show("rates")


def _no_currency(answers: Answers) -> bool:
    return not answers.arguments["given"]


# --- Price books -----------------------------------------------------------------------------


def load_books(work: Work, _id: int, _arguments: Arguments) -> list[BookRecord]:
    """Return all price books, for people who may change them."""
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    return pricing.books(work.connection)


def render_books(found: list[BookRecord], reader: Reader) -> Card:
    """Render each book as a button; the default of its currency is marked."""
    rows: list[Row] = [
        (
            opens(
                f"{'✓ ' if each.is_default else ''}{each.name} · {each.currency}",
                "price_book", id=each.id,
            ),
        )
        for each in found
    ]  # fmt: skip
    rows.append((Button(reader.text(N_("Add price book")), "add_book"),))
    text = lines(
        bold(reader.text(N_("Price books"))),
        reader.text(N_("✓ Used by default for its currency.")) if found else None,
    )
    return Card(text, (*rows, (back(reader, "settings"),)))


def add_book(turn: Turn, _tap: Tap) -> None:
    """Ask for a price book."""
    require_ability(turn.work.actor, Ability.EDIT_CATALOGUE)
    turn.ask("new_book")


DEFAULTS: Final[Mapping[str, str]] = {
    "all": N_("Everyone in this currency"),
    "some": N_("Selected customers"),
}


def finish_book(turn: Turn, answers: Answers) -> None:
    """Add the price book and open it."""
    book_id = catalog.add_price_book(
        turn.work,
        name=answers["name"],
        currency=answers["currency"],
        is_default=answers["whose"] == "all",
    )
    turn.show("price_book", book_id)


@dataclass(frozen=True)
class Book:
    """A price book with a page of its prices."""

    record: BookRecord
    prices: Sequence[BookPrice]
    total: int
    offset: int


def load_book(work: Work, book_id: int, arguments: Arguments) -> Book:
    """Return a price book, for people who may change it.  Raises NotAllowed, NotFound."""
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    record = next((each for each in pricing.books(work.connection) if each.id == book_id), None)
    if record is None:
        raise NotFound(subject="price_book")
    offset = start_of(arguments)
    found, total = pricing.prices_in(work.connection, book_id, limit=PAGE_SIZE, offset=offset)
    return Book(record, found, total, offset)


def render_book(book: Book, reader: Reader) -> Card:
    """Render each price with its minimum quantity."""
    record = book.record
    title = html(bold(record.name), record.currency, between=" · ")
    shown = [_price_line(each, record.currency, reader) for each in book.prices]
    rows: list[Row] = [
        pages("price_book", offset=book.offset, total=book.total, size=PAGE_SIZE, id=record.id),
        (Button(reader.text(N_("Set a price")), "set_price", id=record.id),),
    ]
    return Card(lines(title, *shown), (*rows, (back(reader, "price_books"),)))


def _price_line(each: BookPrice, currency: str, reader: Reader) -> str:
    parts = [each.name, reader.translator.unit_price(each.unit_price, currency)]
    if each.from_quantity:
        number = quantity(each.from_quantity, reader)
        parts.append(reader.text(N_("from {number}"), number=number))
    return " · ".join(parts)


def set_price(turn: Turn, tap: Tap) -> None:
    """Ask for a price in this book."""
    book = load_book(turn.work, tap.id, {})
    turn.ask("price", book=tap.id, currency=book.record.currency)


def _book_currency(asking: Asking) -> str:
    return str(asking.answers.arguments["currency"])


def finish_price(turn: Turn, answers: Answers) -> None:
    """Set the price, for any quantity or from a minimum quantity."""
    catalog.set_price(
        turn.work,
        answers.arguments["book"],
        answers["product"],
        unit_price=answers["price"],
        from_quantity=answers["step"] or ZERO,
    )
    turn.show("price_book", answers.arguments["book"])


SCREENS: Final = (
    Screen("taxes", load_taxes, render_taxes),
    Screen("rates", load_rates, render_rates),
    Screen("price_books", load_books, render_books),
    Screen("price_book", load_book, render_book),
)
ACTIONS: Final[Mapping[str, Callable[[Turn, Tap], None]]] = {
    "default_tax": default_tax,
    "add_tax": add_tax,
    "set_rate": set_rate,
    "add_book": add_book,
    "set_price": set_price,
}
FORMS: Final = (
    Form(
        "new_tax",
        steps=(
            Step("name", N_("What's the tax name?"), Text(most=40)),
            Step("category", N_("Which tax category?"), Choice(CATEGORIES)),
            Step("percent", N_("What rate, in percent?"), Percent(), show_if=_has_percent),
        ),
        on_finish=finish_tax,
    ),
    Form(
        "rate",
        steps=(
            Step("currency", N_("Which currency?"), Currency(), show_if=_no_currency),
            Step(
                "rate",
                N_("What is 1 {given}{currency} worth in the company's currency?"),
                Number(digits=10),
            ),
        ),
        on_finish=finish_rate,
    ),
    Form(
        "new_book",
        steps=(
            Step("name", N_("What's the price book name?"), Text(most=40)),
            Step("currency", N_("Which currency are its prices in?"), Currency()),
            Step("whose", N_("Who is it for?"), Choice(DEFAULTS)),
        ),
        on_finish=finish_book,
    ),
    Form(
        "price",
        steps=(
            Step("product", N_("Which product?"), Product()),
            Step(
                "price",
                N_("What's the unit price, in {currency}?"),
                Money(currency=_book_currency, unit_price=True),
            ),
            Step(
                "step",
                N_("From what quantity? Skip to start from 1."),
                Number(digits=6, least=ZERO),
                optional=True,
            ),
        ),
        on_finish=finish_price,
    ),
)
