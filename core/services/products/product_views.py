"""Products as people see them: one with its numbers and prices, and pages of many.

Staff see levels; a customer sees a name, his own price and a word for what is there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from core.domain.facts.product import OWN, PRODUCT_FACTS
from core.domain.money import ONE, ZERO
from core.domain.people import Ability, Actor
from core.domain.places import PlaceRole
from core.services import company, shown_facts, stock
from core.services.numbering import business_day
from core.services.people import parties
from core.services.products import pricing
from core.services.products.pricing import RateMissing
from core.services.rights import NotFound, require_ability
from core.services.stock import StockLevel
from core.services.work import Work
from core.storage.queries import stock_queries
from core.storage.sql import IDS
from core.storage.tables import level, place, price, product, product_name
from core.storage.tables import price_book as book

FEW = Decimal(5)
"""So many free pieces, or the reorder level where that is more, are "few" to a customer."""
PAGE_SIZE = 8


class Availability(StrEnum):
    """What a customer is told instead of a level."""

    IN_STOCK = "in_stock"
    FEW = "few"
    EXPECTED = "expected"
    ON_REQUEST = "on_request"
    # A service is always there.
    SERVICE = "service"


@dataclass(frozen=True)
class ProductRecord:
    """A product; `name` is in the language that was asked for, where it has a name in it.

    `list_price` is in the company's currency, `reorder_level` in its unit.  `facts` are all that
    its row keeps of the table of facts, by their columns.
    """

    id: int
    name: str
    sku: str
    barcode: str | None
    nature: str
    unit: str
    unit_digits: int
    shelf: str
    list_price: Decimal | None
    cost_price: Decimal | None
    reorder_level: Decimal | None
    archived: bool
    revision: int
    facts: Mapping[str, Any]

    @property
    def is_goods(self) -> bool:
        """Whether it moves and has a level."""
        return self.nature == stock_queries.GOODS


@dataclass(frozen=True)
class ShownPrice:
    """What one piece costs; `book` is the price book that says so, empty for the list price."""

    amount: Decimal
    currency: str
    book: str = ""


@dataclass(frozen=True)
class ProductView:
    """What this person may see of a product; `level` is None for those who see no stock.

    `facts` are those that are lines of the card, by their keys.
    """

    record: ProductRecord
    level: StockLevel | None
    expected_on: date | None
    availability: Availability
    prices: Sequence[ShownPrice]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class ProductRow:
    """A product in a list; `free` is None for a service and for those who see no stock."""

    id: int
    name: str
    free: Decimal | None
    is_low: bool
    availability: Availability
    price: ShownPrice | None


@dataclass(frozen=True)
class ProductPage:
    """A part of a list: how many there are in all, and how many of them are low."""

    rows: Sequence[ProductRow]
    total: int
    low: int
    offset: int


_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    **{name: product.c[name] for name in OWN},
    "id": product.c.id,
    "revision": product.c.revision,
    "archived": product.c.archived_at.is_not(None),
    "spoken_name": func.coalesce(product_name.c.name, product.c.name),
}
_PRODUCTS = (
    select(*(column.label(name) for name, column in _COLUMNS.items()))
    .select_from(
        product.outerjoin(
            product_name,
            and_(
                product_name.c.product_id == product.c.id,
                product_name.c.language == bindparam("spoken"),
            ),
        )
    )
    .where(product.c.id.in_(IDS))
)
_FIELDS = [each.name for each in fields(ProductRecord) if each.name not in ("name", "facts")]


def load(
    connection: Connection, product_ids: Collection[int], *, language: str = ""
) -> dict[int, ProductRecord]:
    """The products with these ids, named in `language` where they have such a name."""
    rows = connection.execute(_PRODUCTS, {"ids": sorted(set(product_ids)), "spoken": language})
    return {row.id: _record(row._mapping) for row in rows}


def _record(row: RowMapping) -> ProductRecord:
    return ProductRecord(
        **{name: row[name] for name in _FIELDS},
        name=row["spoken_name"],
        facts={name: row[name] for name in OWN},
    )


def view(work: Work, product_id: int) -> ProductView:
    """A product as `work.actor` may see it.

    Raises:
        NotAllowed: he may not see the catalogue.
        NotFound: there is no such product.
    """
    require_ability(work.actor, Ability.SEE_CATALOGUE)
    found = load(work.connection, [product_id], language=work.actor.language).get(product_id)
    if found is None or (found.archived and not work.actor.is_staff):
        raise NotFound(subject="product")
    its_level = stock.levels(work.connection, [product_id])[product_id]
    return ProductView(
        record=found,
        level=its_level if found.is_goods and work.actor.can(Ability.SEE_STOCK) else None,
        expected_on=its_level.expected_on,
        availability=_availability(found, its_level),
        prices=_prices(work, [found])[product_id],
        facts=shown_facts.card_lines(work, PRODUCT_FACTS, found.facts),
    )


def _availability(record: ProductRecord, its_level: StockLevel) -> Availability:
    if not record.is_goods:
        return Availability.SERVICE
    free = its_level.available
    if free > max(FEW, record.reorder_level or ZERO):
        return Availability.IN_STOCK
    if free > ZERO:
        return Availability.FEW
    comes = its_level.incoming > its_level.waiting
    return Availability.EXPECTED if comes else Availability.ON_REQUEST


# --- Prices -------------------------------------------------------------------------------------


def _prices(work: Work, records: Sequence[ProductRecord]) -> dict[int, list[ShownPrice]]:
    """The list price and those of the default books for staff, a customer's own for him."""
    if work.actor.can(Ability.SEE_MONEY):
        return _all_prices(work, records)
    own = _own_prices(work, records)
    return {each.id: [own[each.id]] if each.id in own else [] for each in records}


_BOOK_PRICES = (
    select(price.c.product_id, price.c.unit_price, book.c.currency, book.c.name)
    .select_from(price.join(book, book.c.id == price.c.price_book_id))
    .where(
        price.c.product_id.in_(IDS),
        price.c.from_quantity <= ONE,
        book.c.is_default,
        book.c.archived_at.is_(None),
        or_(book.c.valid_from.is_(None), book.c.valid_from <= bindparam("day")),
        or_(book.c.valid_until.is_(None), book.c.valid_until >= bindparam("day")),
    )
    .order_by(book.c.currency, price.c.from_quantity)
)


def _all_prices(work: Work, records: Sequence[ProductRecord]) -> dict[int, list[ShownPrice]]:
    its_company = company.current(work.connection)
    day = business_day(work.now, its_company.zone)
    rows = work.connection.execute(
        _BOOK_PRICES, {"ids": [each.id for each in records], "day": day}
    )
    listed = {
        each.id: [ShownPrice(each.list_price, its_company.currency)]
        if each.list_price is not None
        else []
        for each in records
    }
    # The highest step that one piece reaches is the last one of its book.
    stepped: dict[tuple[int, str], ShownPrice] = {
        (row.product_id, row.name): ShownPrice(row.unit_price, row.currency, row.name)
        for row in rows
    }
    for (product_id, _), each in stepped.items():
        listed[product_id].append(each)
    return listed


def _own_prices(work: Work, records: Sequence[ProductRecord]) -> Mapping[int, ShownPrice]:
    """What a customer pays for one piece, by the rules of his own party."""
    party_id = _paying_party(work.actor)
    if party_id is None:
        return {}
    its_party = parties.load(work.connection, [party_id])[party_id]
    its_company = company.current(work.connection)
    currency = its_party.currency or its_company.currency
    day = business_day(work.now, its_company.zone)
    try:
        rate = pricing.rate_on(
            work.connection, currency, company_currency=its_company.currency, day=day
        )
    except RateMissing:
        # Without a rate there is no price to show yet; an order would be refused the same way.
        return {}
    found = pricing.prices(
        work.connection,
        [pricing.Wanted(each.id, ONE, each.list_price) for each in records],
        currency=currency,
        party_book_id=its_party.price_book_id,
        day=day,
        rate=rate.rate,
    )
    return {each: ShownPrice(its.unit_price, currency) for each, its in found.items()}


def _paying_party(actor: Actor) -> int | None:
    """For which party a customer sees prices: the first one whose money he may see."""
    return next((each.party_id for each in actor.memberships if each.may_see_money), None)


# --- Pages --------------------------------------------------------------------------------------


@cache
def _offered(*, goods_only: bool) -> Select[Any, Any]:
    """How many products are offered, and how many of them are low."""
    return (
        select(func.count(), func.sum(case((is_low(), 1), else_=0)))
        .select_from(with_level())
        .where(*_offer(goods_only=goods_only))
    )


@cache
def _page(*, goods_only: bool) -> Select[Any, Any]:
    order = [case((is_low(), 0), else_=1)] if goods_only else []
    return (
        select(product.c.id)
        .select_from(with_level())
        .where(*_offer(goods_only=goods_only))
        .order_by(*order, product.c.folded_name, product.c.id)
        .limit(bindparam("rows"))
        .offset(bindparam("before"))
    )


def _offer(*, goods_only: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [product.c.archived_at.is_(None)]
    if goods_only:
        conditions.append(product.c.nature == stock_queries.GOODS)
    return conditions


def page(work: Work, *, goods_only: bool = False, offset: int = 0) -> ProductPage:
    """Products that are offered: of the stock those that are low first, else by name.

    Raises:
        NotAllowed: he may not see the catalogue, or with `goods_only` the stock.
    """
    require_ability(work.actor, Ability.SEE_STOCK if goods_only else Ability.SEE_CATALOGUE)
    total, low_total = work.connection.execute(_offered(goods_only=goods_only)).one()
    ids = work.connection.execute(
        _page(goods_only=goods_only), {"rows": PAGE_SIZE, "before": offset}
    ).scalars().all()  # fmt: skip
    sees_stock = work.actor.can(Ability.SEE_STOCK)
    return ProductPage(_rows(work, ids), total, int(low_total or 0) if sees_stock else 0, offset)


def rows(work: Work, ids: Sequence[int]) -> list[ProductRow]:
    """These products as lists show them, in this order.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.SEE_CATALOGUE)
    return _rows(work, ids)


def _rows(work: Work, ids: Sequence[int]) -> list[ProductRow]:
    records = load(work.connection, ids, language=work.actor.language)
    numbers = stock.levels(work.connection, ids)
    its_prices = _prices(work, list(records.values()))
    sees_stock = work.actor.can(Ability.SEE_STOCK)
    found = []
    for each in (records[product_id] for product_id in ids):
        free = numbers[each.id].available if each.is_goods and sees_stock else None
        reorder = each.reorder_level
        found.append(
            ProductRow(
                id=each.id,
                name=each.name,
                free=free,
                is_low=free is not None and reorder is not None and free <= reorder,
                availability=_availability(each, numbers[each.id]),
                price=next(iter(its_prices[each.id]), None),
            )
        )
    return found


def with_level() -> Any:
    """Products with what is there of them in the warehouse."""
    warehouse = (
        select(place.c.id).where(place.c.role == str(PlaceRole.WAREHOUSE)).scalar_subquery()
    )
    return product.outerjoin(
        level, and_(level.c.product_id == product.c.id, level.c.place_id == warehouse)
    )


def is_low() -> ColumnElement[bool]:
    """Whether goods are at their reorder level or below it; needs `with_level`."""
    free = level.c.on_hand - level.c.claimed
    return and_(
        product.c.nature == stock_queries.GOODS,
        product.c.reorder_level.is_not(None),
        or_(level.c.product_id.is_(None), free <= product.c.reorder_level),
    )
