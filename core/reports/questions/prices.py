"""The prices of all price books, in the columns that an import takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import RowMapping, select

from core.domain.messages import N_
from core.reports.fact_columns import columns_of_kind
from core.reports.report import Asked, Report
from core.services.importing.columns import PRICES
from core.services.work import Work
from core.storage.tables import price, product
from core.storage.tables import price_book as book


def _prices(work: Work, _asked: Asked) -> Iterable[RowMapping]:
    return work.connection.execute(
        select(
            book.c.name.label("book"), book.c.currency, product.c.sku, product.c.name,
            price.c.from_quantity, price.c.unit_price, book.c.valid_from, book.c.valid_until,
            book.c.is_default,
        )
        .select_from(
            price.join(book, book.c.id == price.c.price_book_id).join(
                product, product.c.id == price.c.product_id
            )
        )
        .where(book.c.archived_at.is_(None), product.c.archived_at.is_(None))
        .order_by(book.c.name, product.c.folded_sku, price.c.from_quantity)
    ).mappings()  # fmt: skip


REPORT: Final = Report(
    name="prices",
    title=PRICES.label,
    question=N_("What are the prices in each price book?"),
    columns=columns_of_kind(
        PRICES, "book", "currency", "sku", "name", "from_quantity", "unit_price", "valid_from",
        "valid_until", "is_default",
    ),
    query=_prices,
    place=30,
)  # fmt: skip
