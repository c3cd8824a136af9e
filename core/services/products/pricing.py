"""The price of a line, and the rule that gave it, which is kept on the line.

Typed, else the party's price book, else its currency's default book, else the list price at the
day's rate.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from core.domain.errors import Refusal
from core.domain.money import round_amount
from core.storage.sql import IDS, id_list
from core.storage.tables import exchange_rate, price, product
from core.storage.tables import price_book as book


class RateMissing(Refusal):
    """There is no exchange rate for this currency on this day."""

    code = "rate_missing"
    fact_names = ("currency", "day")


@dataclass(frozen=True)
class DayRate:
    """One unit of a currency in the company's, with its own date and source."""

    rate: Decimal
    day: date
    source: str


@dataclass(frozen=True)
class FoundPrice:
    """A unit price and the rule that gave it: "book:7", "default_book:7" or "list"."""

    unit_price: Decimal
    source: str


@dataclass(frozen=True)
class Wanted:
    """A product whose price is asked: how many of it, and its list price (company currency)."""

    product_id: int
    quantity: Decimal
    list_price: Decimal | None


def rate_on(connection: Connection, currency: str, *, company_currency: str, day: date) -> DayRate:
    """The latest rate of a currency that is not after `day`; the company's own is one.

    Raises:
        RateMissing: there is none.
    """
    if currency == company_currency:
        return DayRate(Decimal(1), day, "own")
    row = connection.execute(
        select(exchange_rate.c.rate, exchange_rate.c.day, exchange_rate.c.source)
        .where(exchange_rate.c.currency == currency, exchange_rate.c.day <= day)
        .order_by(exchange_rate.c.day.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise RateMissing(currency=currency, day=day)
    return DayRate(row.rate, row.day, row.source)


_PRICES = (
    select(
        price.c.product_id, price.c.from_quantity, price.c.unit_price, book.c.id.label("book_id")
    )
    .select_from(price.join(book, book.c.id == price.c.price_book_id))
    .where(
        price.c.product_id.in_(IDS),
        book.c.currency == bindparam("in_currency"),
        book.c.archived_at.is_(None),
        or_(book.c.valid_from.is_(None), book.c.valid_from <= bindparam("on")),
        or_(book.c.valid_until.is_(None), book.c.valid_until >= bindparam("on")),
        # Without a book of the party's own, this is no book's id.
        or_(book.c.is_default, book.c.id == bindparam("of_party")),
    )
)


def prices(
    connection: Connection,
    wanted: Sequence[Wanted],
    *,
    currency: str,
    party_book_id: int | None,
    day: date,
    rate: Decimal,
) -> dict[int, FoundPrice]:
    """The price of each product by the rules, for those that have one, in one statement.

    Args:
        wanted: the products with their quantities.
        currency: the document's currency; books of another one are not asked.
        party_book_id: the party's own price book.
        day: the day on which the books must be valid.
        rate: one unit of `currency` in the company's currency, for list prices.
    """
    rows = connection.execute(
        _PRICES,
        {
            "ids": id_list([each.product_id for each in wanted]),
            "in_currency": currency,
            "on": day,
            "of_party": party_book_id,
        },
    ).all()
    found: dict[int, FoundPrice] = {}
    for each in wanted:
        own = [row for row in rows if row.product_id == each.product_id]
        step = _best(own, each.quantity, book_ids={party_book_id})
        if step is not None:
            found[each.product_id] = FoundPrice(step.unit_price, f"book:{step.book_id}")
            continue
        step = _best(own, each.quantity, book_ids={row.book_id for row in own} - {party_book_id})
        if step is not None:
            found[each.product_id] = FoundPrice(step.unit_price, f"default_book:{step.book_id}")
        elif each.list_price is not None:
            listed = round_amount(each.list_price / rate, currency)
            found[each.product_id] = FoundPrice(listed, "list")
    return found


def _best(rows: Sequence[Any], quantity: Decimal, *, book_ids: Collection[int | None]) -> Any:
    """The highest quantity step that is reached, in these books."""
    reached = [row for row in rows if row.book_id in book_ids and row.from_quantity <= quantity]
    return max(reached, key=lambda row: row.from_quantity, default=None)


@dataclass(frozen=True)
class CurrencyRate:
    """The latest rate of a currency: what one unit is worth in the company's."""

    currency: str
    rate: Decimal
    day: date
    source: str


def latest_rates(connection: Connection, *, day: date) -> list[CurrencyRate]:
    """The latest rate of each currency that is not after `day`, by currency."""
    latest = (
        select(exchange_rate.c.currency, func.max(exchange_rate.c.day).label("day"))
        .where(exchange_rate.c.day <= day)
        .group_by(exchange_rate.c.currency)
        .subquery("latest")
    )
    rows = connection.execute(
        select(
            exchange_rate.c.currency,
            exchange_rate.c.rate,
            exchange_rate.c.day,
            exchange_rate.c.source,
        )
        .select_from(
            exchange_rate.join(
                latest,
                (latest.c.currency == exchange_rate.c.currency)
                & (latest.c.day == exchange_rate.c.day),
            )
        )
        .order_by(exchange_rate.c.currency)
    )
    return [CurrencyRate(**row._mapping) for row in rows]


@dataclass(frozen=True)
class BookRecord:
    """A price book."""

    id: int
    name: str
    currency: str
    is_default: bool


def books(connection: Connection) -> list[BookRecord]:
    """The price books that are in use, by name."""
    rows = connection.execute(
        select(book.c.id, book.c.name, book.c.currency, book.c.is_default)
        .where(book.c.archived_at.is_(None))
        .order_by(book.c.name, book.c.id)
    )
    return [BookRecord(**row._mapping) for row in rows]


@dataclass(frozen=True)
class BookPrice:
    """A price in a book: from `from_quantity` on, one piece costs `unit_price`."""

    product_id: int
    name: str
    from_quantity: Decimal
    unit_price: Decimal


def prices_in(
    connection: Connection, book_id: int, *, limit: int, offset: int = 0
) -> tuple[list[BookPrice], int]:
    """A part of the prices of a book by product and step, and how many there are in all."""
    condition = price.c.price_book_id == book_id
    total = connection.execute(
        select(func.count()).select_from(price).where(condition)
    ).scalar_one()
    rows = connection.execute(
        select(price.c.product_id, product.c.name, price.c.from_quantity, price.c.unit_price)
        .select_from(price.join(product, product.c.id == price.c.product_id))
        .where(condition)
        .order_by(product.c.folded_name, price.c.from_quantity)
        .limit(limit)
        .offset(offset)
    )
    return [BookPrice(**row._mapping) for row in rows], int(total)
