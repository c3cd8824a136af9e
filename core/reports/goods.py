"""Products and stock, in the columns that an import takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from core.domain.messages import N_
from core.domain.money import from_minor
from core.files.writer import Value
from core.i18n import units
from core.reports.report import Asked, Report, Rows
from core.services import company, stock
from core.services.importing.cells import NATURES
from core.services.importing.columns import PRODUCTS, STOCK
from core.services.importing.products import NAMED
from core.services.products.catalog_bulk import parts_of
from core.services.work import Work
from core.storage.stock_queries import GOODS
from core.storage.tables import product, product_name, tax

TEXTS: Final = ("sku", "name", "nature", "barcode", "unit", "unit_digits", "list_price",
                "cost_price", "tax", "category", "shelf", "reorder_level")  # fmt: skip
LEVELS: Final = ("sku", "name", "unit", "shelf", "on_hand", "held", "free", "aside", "expected",
                 "value", "last_move")  # fmt: skip


def _other_languages(work: Work) -> Mapping[str, str]:
    """The columns for names in other languages than the company's, by language."""
    own = company.current(work.connection).language
    return {code: key for key, code in NAMED.items() if code != own}


def _product_headings(work: Work, _asked: Asked) -> Sequence[str]:
    keys = [*TEXTS, *_other_languages(work).values()]
    return [PRODUCTS.column(key).heading for key in keys]


def _products(work: Work, asked: Asked) -> Rows:
    words, others = asked.words, _other_languages(work)
    names: dict[tuple[int, str], str] = {
        (row.product_id, row.language): row.name
        for row in work.connection.execute(select(product_name))
    }
    rows = work.connection.execute(
        select(product, tax.c.name.label("tax"))
        .select_from(product.outerjoin(tax, tax.c.id == product.c.tax_id))
        .where(product.c.archived_at.is_(None))
        .order_by(product.c.folded_sku)
    )
    for row in rows:
        values: dict[str, Any] = {key: getattr(row, key) for key in TEXTS}
        values["nature"] = words.text(NATURES[row.nature][0])
        values["unit"] = units.shown(row.unit, words)
        yield [*values.values(), *(names.get((row.id, code)) for code in others)]


def _levels(work: Work, asked: Asked) -> Rows:
    currency = company.current(work.connection).currency
    rows = work.connection.execute(
        select(product.c.id, product.c.sku, product.c.name, product.c.unit, product.c.shelf)
        .where(product.c.archived_at.is_(None), product.c.nature == GOODS)
        .order_by(product.c.folded_sku)
    ).all()
    for part in parts_of(rows):
        ids = [row.id for row in part]
        levels, counted = stock.levels(work.connection, ids), stock.count(work.connection, ids)
        for row in part:
            its = levels[row.id]
            found: list[Value] = [row.sku, row.name, units.shown(row.unit, asked.words), row.shelf]
            found += [its.on_hand, its.claimed, its.available, its.quarantine, its.incoming]
            found += [from_minor(its.value_minor, currency), counted[row.id].last_move_id]
            yield found


def _level_headings(_work: Work, _asked: Asked) -> Sequence[str]:
    return [STOCK.column(key).heading for key in LEVELS]


PRODUCTS_REPORT: Final = Report(
    "products",
    PRODUCTS.label,
    N_("What do we offer, at which prices?"),
    _product_headings,
    _products,
)
STOCK_REPORT: Final = Report(
    "stock",
    STOCK.label,
    N_("What is there, and what is it worth?"),
    _level_headings,
    _levels,
)
