"""Many products and prices at once, in a fixed number of statements however many there are.

The rules are those of `core.services.products.catalog`; only, a thousand rows are written as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.domain.facts.fact import empty_values, values_of
from core.domain.facts.product import OWN
from core.domain.money import check_unit_price
from core.domain.people import Ability
from core.domain.quantity import check_quantity
from core.services.history import record_many
from core.services.products.catalog import SkuTaken, name_rows
from core.services.rights import Changed, require_ability
from core.services.work import Work
from core.storage.database import savepoint
from core.storage.sql import insert_rows, update_rows
from core.storage.tables import price, product, product_lock, product_name

AT_ONCE: Final = 5_000
"""So many values a statement may compare with: both databases take six times as many."""


@dataclass(frozen=True)
class ProductChange:
    """What changes of a product: columns, and names by language (an empty one goes away).

    `restored` values were kept before.
    """

    id: int
    revision: int
    values: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    restored: bool = False


def add_products(
    work: Work, rows: Sequence[tuple[Mapping[str, Any], Mapping[str, str]]]
) -> list[int]:
    """Add products; returns their ids in the order of `rows`.

    Args:
        work: the unit of work.
        rows: the details of each as `catalog.add_product` takes them (sku, name, nature, unit,
            prices in the company's currency ...), and its names by language.

    Raises:
        NotAllowed, SkuTaken, and what `core.domain.facts` refuses.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    if not rows:
        return []
    nothing = empty_values(OWN)
    made = [{**nothing, **values_of(OWN, details), "created_at": work.now} for details, _ in rows]
    try:
        with savepoint(work.connection):
            work.connection.execute(insert(product), made)
    except IntegrityError as problem:
        raise SkuTaken(sku=str(made[0]["sku"])) from problem
    ids = ids_by(
        work.connection, product, "folded_sku", values=[each["folded_sku"] for each in made]
    )
    product_ids = [ids[each["folded_sku"]] for each in made]
    work.connection.execute(insert(product_lock), [{"product_id": each} for each in product_ids])
    _write_names(work, [(id, names) for id, (_, names) in zip(product_ids, rows, strict=True)])
    facts = [(id, {"sku": each["sku"]}) for id, each in zip(product_ids, made, strict=True)]
    record_many(work, "product", action="add", facts=facts)
    return product_ids


def change_products(work: Work, changes: Sequence[ProductChange]) -> None:
    """Change facts of products: all of them, or none.

    Barcodes may change hands among them.

    Raises:
        NotAllowed, SkuTaken, and what `core.domain.facts` refuses.
        Changed: one is not at the revision that was read.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    if not changes:
        return
    freed = [each.id for each in changes if "barcode" in each.values]
    for part in parts_of(freed):
        work.connection.execute(update(product).where(product.c.id.in_(part)).values(barcode=None))
    values = [values_of(OWN, each.values, restored=each.restored) for each in changes]
    try:
        with savepoint(work.connection):
            update_rows(
                work.connection,
                product,
                [
                    (each.id, each.revision, its_values)
                    for each, its_values in zip(changes, values, strict=True)
                ],
            )
    except IntegrityError as problem:
        raise SkuTaken(sku=str(changes[0].values.get("barcode", ""))) from problem
    _require_revisions(work, changes)
    _write_names(work, [(each.id, each.names) for each in changes if each.names])
    facts = [(each.id, {**each.values, **each.names}) for each in changes]
    record_many(work, "product", action="change", facts=facts)


def _require_revisions(work: Work, changes: Sequence[ProductChange]) -> None:
    """See that every row was found: nobody may trust the row count of many statements."""
    wanted = {each.id: each.revision + 1 for each in changes}
    for part in parts_of(list(wanted)):
        rows = work.connection.execute(
            select(product.c.id, product.c.revision).where(product.c.id.in_(part))
        )
        there = {row.id: row.revision for row in rows}
        others = [each for each in part if there.get(each) != wanted[each]]
        if others:
            raise Changed(subject="product", id=others[0])


def _write_names(work: Work, names: Sequence[tuple[int, Mapping[str, str]]]) -> None:
    """Set names in other languages; an empty one goes away."""
    named = [
        (product_id, language, text)
        for product_id, its_names in names
        for language, text in its_names.items()
    ]
    by_language: dict[str, list[int]] = defaultdict(list)
    for product_id, language, _ in named:
        by_language[language].append(product_id)
    for language, product_ids in by_language.items():
        for part in parts_of(product_ids):
            work.connection.execute(
                delete(product_name).where(
                    product_name.c.product_id.in_(part), product_name.c.language == language
                )
            )
    insert_rows(work.connection, product_name, name_rows(names))


# --- Prices ------------------------------------------------------------------------------------


def add_prices(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add prices of books (price_book_id, product_id, from_quantity, unit_price in its currency).

    Returns their ids in the order of `rows`.

    Raises:
        NotAllowed, PriceNegative, QuantityNegative.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    if not rows:
        return []
    made = [
        {
            **row,
            "unit_price": check_unit_price(row["unit_price"]),
            "from_quantity": check_quantity(
                row["from_quantity"], unit_digits=6, zero_allowed=True
            ),
        }
        for row in rows
    ]
    work.connection.execute(insert(price), made)
    found: dict[tuple[Any, ...], int] = {}
    for book_id in sorted({row["price_book_id"] for row in made}):
        for each in work.connection.execute(select(price).where(price.c.price_book_id == book_id)):
            found[each.price_book_id, each.product_id, each.from_quantity] = each.id
    _record_prices(work, made)
    return [found[row["price_book_id"], row["product_id"], row["from_quantity"]] for row in made]


def change_prices(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the unit prices of these prices (id, product_id, price_book_id, unit_price).

    Raises:
        NotAllowed, PriceNegative.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    if not rows:
        return
    work.connection.execute(
        update(price)
        .where(price.c.id == bindparam("of_id"))
        .values(unit_price=bindparam("new_price", type_=price.c.unit_price.type)),
        [{"of_id": row["id"], "new_price": check_unit_price(row["unit_price"])} for row in rows],
    )
    _record_prices(work, rows)


def remove_prices(work: Work, price_ids: Sequence[int]) -> None:
    """Take prices out of their books.

    Raises:
        NotAllowed.
    """
    require_ability(work.actor, Ability.EDIT_CATALOGUE)
    for part in parts_of(price_ids):
        work.connection.execute(delete(price).where(price.c.id.in_(part)))


def _record_prices(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    facts = [
        (row["product_id"], {"book": row["price_book_id"], "unit_price": row["unit_price"]})
        for row in rows
    ]
    record_many(work, "product", action="price", facts=facts)


# --- Many values -------------------------------------------------------------------------------


def parts_of(values: Sequence[Any], size: int = AT_ONCE) -> list[list[Any]]:
    """`values` in parts that one statement can compare with."""
    rest = iter(values)
    return list(iter(lambda: list(islice(rest, size)), []))


def ids_by(
    connection: Connection, table: Table, column: str, *, values: Sequence[Any]
) -> dict[Any, int]:
    """The ids of a table's rows by the values of a column that is unique."""
    return {
        row[1]: int(row[0])
        for part in parts_of(values)
        for row in connection.execute(
            select(table.c.id, table.c[column]).where(table.c[column].in_(part))
        )
    }
