"""Products, price books and exchange rates: added and changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.domain.errors import Refusal
from core.domain.money import check_rate, check_unit_price, digits
from core.domain.people import Ability
from core.domain.quantity import check_quantity
from core.domain.texts import clean, folded
from core.domain.units import code_of
from core.services.history import record
from core.services.rights import AlreadyMerged, Changed, NotFound, require_ability
from core.services.work import Work
from core.storage.database import savepoint
from core.storage.sql import insert_one
from core.storage.tables import exchange_rate, price, product, product_lock, product_name
from core.storage.tables import price_book as book

NATURES = ("goods", "service")


class SkuTaken(Refusal):
    """Another product has this code or barcode."""

    code = "sku_taken"
    fact_names = ("sku",)


class NameTaken(Refusal):
    """Another one of its kind has this name."""

    code = "name_taken"
    fact_names = ("name",)


def add_product(
    work: Work,
    *,
    sku: str,
    name: str,
    nature: str = "goods",
    names: Mapping[str, str] | None = None,
    **details: Any,
) -> int:
    """Add a product; returns its id.

    Args:
        work: the unit of work.
        sku: its code, unique.
        name: its name in the company's language.
        nature: "goods" or "service".
        names: its names in other languages, by language.
        details: barcode, unit, unit_digits, tax_id, category, shelf, list_price (company's
            currency), reorder_level.

    Raises:
        NotAllowed, SkuTaken, TextMissing, TextTooLong, and what is wrong with a price.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    if nature not in NATURES:
        raise ValueError(f"a product is goods or a service, not {nature}")
    values = product_values(sku=sku, name=name, **details)
    try:
        with savepoint(work.connection):
            product_id = insert_one(
                work.connection, product, nature=nature, created_at=work.now, **values
            )
    except IntegrityError as problem:
        raise SkuTaken(sku=sku) from problem
    work.connection.execute(insert(product_lock).values(product_id=product_id))
    if names:
        _write_names(work, product_id, names)
    record(work, "product", product_id, action="add", sku=sku)
    return product_id


def change_product(work: Work, product_id: int, *, revision: int, **changes: Any) -> None:
    """Change facts of a product.

    Raises:
        NotAllowed, Changed, SkuTaken, and what is wrong with a text or a price.
        AlreadyMerged: it is to be offered again, and another one stands for it.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    values = product_values(**changes)
    if "archived_at" in values and values["archived_at"] is None:
        _require_own(work, product_id)
    try:
        with savepoint(work.connection):
            done = work.connection.execute(
                update(product)
                .where(product.c.id == product_id, product.c.revision == revision)
                .values(revision=revision + 1, **values)
            )
    except IntegrityError as problem:
        raise SkuTaken(sku=str(changes.get("sku", changes.get("barcode")))) from problem
    if done.rowcount != 1:
        raise Changed(subject="product", id=product_id)
    record(work, "product", product_id, action="change", **changes)


def _require_own(work: Work, product_id: int) -> None:
    name = work.connection.execute(
        select(product.c.name).where(
            product.c.id == product_id, product.c.merged_into.is_not(None)
        )
    ).scalar_one_or_none()
    if name is not None:
        raise AlreadyMerged(name=name)


def archive_product(work: Work, product_id: int, *, revision: int) -> None:
    """Archive a product: not offered for new lines, open papers go on.

    Raises:
        NotAllowed, Changed.
    """
    change_product(work, product_id, revision=revision, archived_at=work.now)


def name_product(work: Work, product_id: int, names: Mapping[str, str]) -> None:
    """Set a product's names in other languages; an empty name takes it away.

    Raises:
        NotAllowed, TextTooLong.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    work.connection.execute(
        delete(product_name).where(
            product_name.c.product_id == product_id, product_name.c.language.in_(list(names))
        )
    )
    _write_names(work, product_id, names)
    record(work, "product", product_id, action="name", **names)


def _write_names(work: Work, product_id: int, names: Mapping[str, str]) -> None:
    rows = [
        {
            "product_id": product_id,
            "language": language,
            "name": clean(text),
            "folded_name": folded(text),
        }
        for language, text in names.items()
        if text.strip()
    ]
    if rows:
        work.connection.execute(insert(product_name), rows)


def product_values(**details: Any) -> dict[str, Any]:
    """The columns of a product for these details: cleaned, folded, its prices checked.

    Raises:
        TextMissing, TextTooLong, and what is wrong with a price or a quantity.
    """
    values = _checked(details)
    if "name" in values:
        values |= _named(values["name"])
    if "sku" in values:
        values |= _coded(values["sku"])
    return values


def _named(name: str) -> dict[str, str]:
    found = clean(name)
    return {"name": found, "folded_name": folded(found)}


def _coded(sku: str) -> dict[str, str]:
    found = clean(sku, most=64)
    return {"sku": found, "folded_sku": found.casefold()}


def _checked(details: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(details)
    for name in ("list_price", "cost_price"):
        if values.get(name) is not None:
            values[name] = check_unit_price(values[name])
    if values.get("reorder_level") is not None:
        values["reorder_level"] = check_quantity(
            values["reorder_level"], unit_digits=6, zero_allowed=True
        )
    for name in ("category", "shelf", "unit"):
        if values.get(name):
            values[name] = clean(values[name])
    if values.get("unit"):
        values["unit"] = code_of(values["unit"])
    return values


def add_price_book(
    work: Work,
    *,
    name: str,
    currency: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    is_default: bool = False,
) -> int:
    """Add a price book; a currency has one default book.  Returns its id.

    Raises:
        NotAllowed, UnknownCurrency, NameTaken.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    digits(currency)
    if is_default:
        work.connection.execute(
            update(book).where(book.c.currency == currency).values(is_default=False)
        )
    try:
        with savepoint(work.connection):
            book_id = insert_one(
                work.connection,
                book,
                name=clean(name),
                currency=currency,
                valid_from=valid_from,
                valid_until=valid_until,
                is_default=is_default,
            )
    except IntegrityError as problem:
        raise NameTaken(name=name) from problem
    record(work, "price_book", book_id, action="add", name=name, currency=currency)
    return book_id


def set_price(
    work: Work,
    book_id: int,
    product_id: int,
    *,
    unit_price: Decimal,
    from_quantity: Decimal = Decimal(0),
) -> None:
    """Set a product's price in a book, from a quantity on.

    Raises:
        NotAllowed, PriceNegative, QuantityNegative.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    check_unit_price(unit_price)
    step = check_quantity(from_quantity, unit_digits=6, zero_allowed=True)
    done = work.connection.execute(
        update(price)
        .where(
            price.c.price_book_id == book_id,
            price.c.product_id == product_id,
            price.c.from_quantity == step,
        )
        .values(unit_price=unit_price)
    )
    if done.rowcount == 0:
        work.connection.execute(
            insert(price).values(
                price_book_id=book_id,
                product_id=product_id,
                from_quantity=step,
                unit_price=unit_price,
            )
        )
    record(work, "product", product_id, action="price", book=book_id, unit_price=unit_price)


def set_rate(work: Work, currency: str, rate: Decimal, *, day: date, source: str) -> None:
    """Note what one unit of a currency is worth in the company's, from `day` on.

    Raises:
        NotAllowed, UnknownCurrency, RateNotPositive.
    """
    require_ability(work.actor, Ability.SET_UP_COMPANY)
    digits(currency)
    check_rate(rate)
    condition = (exchange_rate.c.currency == currency, exchange_rate.c.day == day)
    values = {
        "rate": rate,
        "source": clean(source),
        "entered_by": work.actor.person_id or None,
    }
    done = work.connection.execute(update(exchange_rate).where(*condition).values(**values))
    if done.rowcount == 0:
        work.connection.execute(insert(exchange_rate).values(currency=currency, day=day, **values))
    record(work, "rate", 0, action="set", currency=currency, rate=rate, day=day)


def product_of(work: Work, *, sku: str) -> int:
    """The id of the product with this code.

    Raises:
        NotFound.
    """
    found = work.connection.execute(
        select(product.c.id).where(product.c.folded_sku == sku.strip().casefold())
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(subject="product")
    return int(found)


def free_sku(work: Work, wanted: str) -> str:
    """`wanted`, or with the first number behind it that no product's code has yet."""
    taken = set(
        work.connection.execute(
            select(product.c.folded_sku).where(
                product.c.folded_sku.startswith(wanted.casefold(), autoescape=True)
            )
        ).scalars()
    )
    if wanted.casefold() not in taken:
        return wanted
    number = next(at for at in count(2) if f"{wanted}-{at}".casefold() not in taken)
    return f"{wanted}-{number}"


def count_products(work: Work) -> int:
    """How many products are offered."""
    return int(
        work.connection.execute(
            select(func.count()).select_from(product).where(product.c.archived_at.is_(None))
        ).scalar_one()
    )
