"""What is there, in the columns that an import takes back as a count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select

from core.domain.facts.fact import ValueKind
from core.domain.messages import N_
from core.domain.money import from_minor
from core.reports.fact_columns import columns_of_kind, told
from core.reports.report import Asked, Report
from core.services import company, stock
from core.services.importing.columns import STOCK
from core.services.products.catalog_bulk import parts_of
from core.services.work import Work
from core.storage.queries.stock_queries import GOODS
from core.storage.tables import product


def _levels(work: Work, asked: Asked) -> Iterator[dict[str, Any]]:
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
            yield {
                "sku": row.sku,
                "name": row.name,
                "unit": told(ValueKind.UNIT, row.unit, asked.words),
                "shelf": row.shelf,
                "on_hand": its.on_hand,
                "held": its.claimed,
                "free": its.available,
                "aside": its.quarantine,
                "expected": its.incoming,
                "value": from_minor(its.value_minor, currency),
                "last_move": counted[row.id].last_move_id,
            }


REPORT: Final = Report(
    name="stock",
    title=STOCK.label,
    question=N_("What's in stock, and what is it worth?"),
    columns=columns_of_kind(
        STOCK, "sku", "name", "unit", "shelf", "on_hand", "held", "free", "aside", "expected",
        "value", "last_move",
    ),
    query=_levels,
    place=20,
)  # fmt: skip
