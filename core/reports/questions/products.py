"""Products, in the columns that an import takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select

from core.domain.facts.product import NAMED, OWN, PRODUCT_FACTS
from core.domain.messages import N_
from core.reports.fact_columns import columns_of_facts, selected
from core.reports.report import Asked, Column, Report
from core.services import company
from core.services.importing.columns import PRODUCTS
from core.services.work import Work
from core.storage.tables import product, product_name


def _columns(work: Work, _asked: Asked) -> Sequence[Column]:
    """Return the columns; the name in the company's own language has one already."""
    own = company.current(work.connection).language
    return columns_of_facts(each for each in PRODUCT_FACTS if each.holder != own)


def _products(work: Work, _asked: Asked) -> Iterator[dict[str, Any]]:
    names: dict[tuple[int, str], str] = {
        (row.product_id, row.language): row.name
        for row in work.connection.execute(select(product_name))
    }
    columns, source = selected(product, OWN)
    rows = work.connection.execute(
        select(product.c.id, *columns)
        .select_from(source)
        .where(product.c.archived_at.is_(None))
        .order_by(product.c.folded_sku)
    ).mappings()
    for row in rows:
        others = {
            each.file_key: names.get((row["id"], language)) for language, each in NAMED.items()
        }
        yield {**row, **others}


REPORT: Final = Report(
    name="products",
    title=PRODUCTS.label,
    question=N_("What do we sell, and at what price?"),
    columns=_columns,
    query=_products,
    place=10,
)
