"""Tell those whose goods came, went or were moved: one event for each document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from core.services.work import Work
from core.storage.queries.stock_queries import LineFacts, goods_lines

Quantities = Mapping[int, Decimal]
"""How much, by line."""


def add_up(quantities: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """How much each line got or lost in all."""
    total: dict[int, Decimal] = defaultdict(Decimal)
    for line_id, quantity in quantities:
        total[line_id] += quantity
    return dict(total)


def tell_lines(
    work: Work,
    name: str,
    quantities: Quantities,
    **facts: Any,
) -> list[int]:
    """Tell event `name` once for each document that the lines belong to.

    Its facts are `number` and `lines`, each with `line_id`, `product_id`, `product` (its name)
    and `quantity`, beside `facts`.  What is shown of documents and products has changed.

    Returns:
        The documents, in the order of their ids.
    """
    if not quantities:
        return []
    lines = goods_lines(work.connection, quantities)
    by_document: dict[int, list[LineFacts]] = defaultdict(list)
    for line_id in sorted(lines):
        by_document[lines[line_id].document_id].append(lines[line_id])
    for document_id, group in sorted(by_document.items()):
        work.touch("document", document_id)
        for each in group:
            work.touch("product", each.product_id)
        work.tell(
            name,
            document_id=document_id,
            party_id=group[0].party_id,
            number=group[0].number,
            lines=[
                {
                    "line_id": each.line_id,
                    "product_id": each.product_id,
                    "product": each.product,
                    "quantity": quantities[each.line_id],
                }
                for each in group
            ],
            **facts,
        )
    return sorted(by_document)
