"""Prices from a table: price books by name and currency, quantity steps, days of validity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from core.domain.money import ZERO
from core.domain.texts import folded
from core.services.company import CompanyRecord
from core.services.history import record
from core.services.importing import problems as say
from core.services.importing.planning import Plan, Trace, traced
from core.services.importing.reading import ReadRow, ReadTable
from core.services.products import catalog, catalog_bulk
from core.services.products.catalog_bulk import parts_of
from core.services.work import Work
from core.storage.tables import price, product
from core.storage.tables import price_book as book

OF_BOOK: Final = ("valid_from", "valid_until", "is_default")


@dataclass
class _Book:
    """A price book of the file: what its rows say of it, and its row where there is one."""

    number: int
    name: str
    currency: str
    values: dict[str, Any] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)
    row: Row[Any] | None = None
    prices: list[tuple[int, int, Decimal, Decimal]] = field(default_factory=list)
    """The number of the row, the product, from which quantity on, the price of one."""


@dataclass
class _Todo:
    new: list[tuple[int, _Book, Mapping[str, Any]]] = field(default_factory=list)
    changed: list[tuple[int, Mapping[str, Any], Decimal]] = field(default_factory=list)
    books: list[_Book] = field(default_factory=list)


def plan(connection: Connection, table: ReadTable, _company: CompanyRecord) -> Plan:
    """What the prices of a table would change."""
    products = products_by_sku(connection, table)
    books = _books(connection, table, products)
    todo = _Todo()
    unchanged = 0
    for each in books.values():
        there = _prices_in(connection, each)
        if each.row is None or _changes_of(each):
            todo.books.append(each)
        for number, product_id, step, unit_price in each.prices:
            old = there.get((product_id, step))
            facts = {"product_id": product_id, "from_quantity": step, "unit_price": unit_price}
            if old is None:
                todo.new.append((number, each, facts))
            elif old.unit_price != unit_price:
                change = {"id": old.id, "price_book_id": old.price_book_id, **facts}
                todo.changed.append((number, change, old.unit_price))
            else:
                unchanged += 1
    changed_books = sum(each.row is not None for each in todo.books)
    return Plan(
        lambda work: _write(work, todo),
        new=len(todo.new),
        changed=len(todo.changed) + changed_books,
        unchanged=unchanged,
        facts={"books": [each.name for each in todo.books if each.row is None]},
    )


def products_by_sku(connection: Connection, table: ReadTable) -> Mapping[str, Any]:
    """The products that the rows name, by folded SKU; who is not there is complained of."""
    skus = {each.values["sku"].casefold() for each in table.rows if "sku" in each.values}
    columns = (
        product.c.id, product.c.sku, product.c.folded_sku, product.c.nature,
        product.c.unit_digits, product.c.archived_at,
    )  # fmt: skip
    found: dict[str, Any] = {
        row.folded_sku: row
        for part in parts_of(sorted(skus))
        for row in connection.execute(select(*columns).where(product.c.folded_sku.in_(part)))
    }
    for each in table.rows:
        sku = each.values.get("sku")
        if sku is None:
            continue
        row = found.get(sku.casefold())
        if row is None:
            table.wrong(each.number, "sku", say.NO_SUCH_SKU, text=sku)
        elif row.archived_at is not None:
            table.wrong(each.number, "sku", say.ARCHIVED, text=sku)
    return found


def _books(
    connection: Connection, table: ReadTable, products: Mapping[str, Any]
) -> dict[str, _Book]:
    """The books that the rows name, with their prices."""
    there = {folded(row.name): row for row in connection.execute(select(book))}
    found: dict[str, _Book] = {}
    for row in table.rows:
        if not row.whole or row.values["sku"].casefold() not in products:
            continue
        currency = row.values["currency"]
        name = row.values.get("book") or _default_of(there, currency)
        key = folded(name) or name
        if key not in found:
            found[key] = _Book(row.number, name, currency, row=there.get(key))
        each = found[key]
        present = each.currency if each.row is None else each.row.currency
        if currency != present:
            heading = "book" if "book" in table.headings else "currency"
            table.wrong(row.number, heading, say.BOOK_CURRENCY, text=name, currency=present)
            continue
        _agree(table, row, each)
        step = row.values.get("from_quantity", ZERO)
        product_id = products[row.values["sku"].casefold()].id
        each.prices.append((row.number, product_id, step, row.values["unit_price"]))
    return found


def _default_of(there: Mapping[str, Row[Any]], currency: str) -> str:
    """Without a name, the default book of a currency is meant; a new one is called like it."""
    for row in there.values():
        if row.currency == currency and row.is_default and row.archived_at is None:
            return str(row.name)
    return currency


def _agree(table: ReadTable, row: ReadRow, its_book: _Book) -> None:
    """Keep what a row says of its book, unless an earlier row says otherwise."""
    for key in OF_BOOK:
        if key not in row.values:
            continue
        first = its_book.said_in.setdefault(key, row.number)
        if its_book.values.setdefault(key, row.values[key]) != row.values[key]:
            table.wrong(row.number, key, say.OTHER_THAN_ROW, first=first)


def _prices_in(connection: Connection, its_book: _Book) -> Mapping[tuple[int, Decimal], Row[Any]]:
    if its_book.row is None:
        return {}
    rows = connection.execute(select(price).where(price.c.price_book_id == its_book.row.id))
    return {(row.product_id, row.from_quantity): row for row in rows}


def _changes_of(its_book: _Book) -> dict[str, Any]:
    """What the file says otherwise of a book that is there; an archived one comes back."""
    assert its_book.row is not None
    wanted: dict[str, Any] = {**its_book.values, "archived_at": None}
    return {key: value for key, value in wanted.items() if getattr(its_book.row, key) != value}


# --- The change --------------------------------------------------------------------------------


def _write(work: Work, todo: _Todo) -> Sequence[Trace]:
    found: list[Trace] = []
    ids: dict[str, int] = {}
    for each in todo.books:
        if each.row is None:
            ids[each.name] = catalog.add_price_book(
                work, name=each.name, currency=each.currency, **_header(work, each)
            )
            found.append(traced(each.number, "price_book", ids[each.name]))
        else:
            found.append(_change_book(work, each, each.row))
    rows = [
        {"price_book_id": each.row.id if each.row is not None else ids[each.name], **facts}
        for _, each, facts in todo.new
    ]
    price_ids = catalog_bulk.add_prices(work, rows)
    found += [
        traced(number, "price", id) for (number, *_), id in zip(todo.new, price_ids, strict=True)
    ]
    catalog_bulk.change_prices(work, [change for _, change, _ in todo.changed])
    found += [
        traced(number, "price", change["id"], previous={"unit_price": before})
        for number, change, before in todo.changed
    ]
    return found


def _header(work: Work, its_book: _Book) -> dict[str, Any]:
    """The first book of a currency is its default, unless the file says something else."""
    others = work.connection.execute(
        select(book.c.id).where(
            book.c.currency == its_book.currency, book.c.is_default, book.c.archived_at.is_(None)
        )
    ).first()
    return {"is_default": others is None, **its_book.values}


def _change_book(work: Work, its_book: _Book, row: Row[Any]) -> Trace:
    values = _changes_of(its_book)
    if row.archived_at is not None:
        # It comes back as a new one would come.
        values |= {"is_default": _header(work, its_book)["is_default"]}
    if values.get("is_default"):
        of_currency = update(book).where(book.c.currency == row.currency)
        work.connection.execute(of_currency.values(is_default=False))
    work.connection.execute(update(book).where(book.c.id == row.id).values(**values))
    record(work, "price_book", row.id, action="change", **values)
    previous = {key: getattr(row, key) for key in values}
    return traced(its_book.number, "price_book", row.id, previous=previous)
