"""What the lines of documents take from their products: name, unit, list price, tax."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, select

from core.domain.totals import TaxRate
from core.storage.sql import IDS, id_list
from core.storage.tables import product, tax


@dataclass(frozen=True)
class LineProduct:
    """What a line needs of its product."""

    id: int
    name: str
    sku: str
    nature: str
    unit_digits: int
    list_price: Decimal | None
    archived: bool
    tax: TaxRate | None


_DEFAULT_TAX = select(tax.c.id).where(tax.c.is_default).limit(1).scalar_subquery()
_PRODUCTS_FOR_LINES = (
    select(
        product.c.id, product.c.name, product.c.sku, product.c.nature, product.c.unit_digits,
        product.c.list_price, product.c.archived_at, tax.c.category.label("tax_category"),
        tax.c.percent,
    )
    .select_from(
        product.outerjoin(tax, tax.c.id == func.coalesce(product.c.tax_id, _DEFAULT_TAX))
    )
    .where(product.c.id.in_(IDS))
)  # fmt: skip


def products_for_lines(
    connection: Connection, product_ids: Collection[int]
) -> dict[int, LineProduct]:
    """The products of these ids with their tax, else the company's default tax."""
    rows = connection.execute(_PRODUCTS_FOR_LINES, {"ids": id_list(product_ids)})
    found = {}
    for its_id, name, sku, nature, digits, list_price, archived_at, category, percent in rows:
        found[its_id] = LineProduct(
            id=its_id,
            name=name,
            sku=sku,
            nature=nature,
            unit_digits=digits,
            list_price=list_price,
            archived=archived_at is not None,
            tax=None if category is None else TaxRate(category, percent),
        )
    return found
