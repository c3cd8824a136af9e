"""What a document earns: its net against what its goods cost, for those who may see costs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection

from core.domain.money import ZERO, from_minor, round_half_up
from core.storage.queries import ledger_queries, stock_queries
from core.storage.queries.document_queries import DocumentRecord, lines_of


def cost_of(connection: Connection, document_id: int) -> Fraction | None:
    """What the lines of a document cost in the company's currency.

    A piece costs the average of what is there, else its cost price.  None when a line of goods
    has neither: then nobody knows.
    """
    lines = lines_of(connection, [document_id]).get(document_id, [])
    ids = {each.product_id for each in lines if each.product_id is not None}
    known = ledger_queries.names_and_costs(connection, ids)
    there: dict[int, tuple[Decimal, int]] = {}
    for (product_id, _), level in stock_queries.levels(connection, ids).items():
        on_hand, value = there.get(product_id, (ZERO, 0))
        there[product_id] = (on_hand + level.on_hand, value + level.value_minor)
    total = Fraction(0)
    for each in lines:
        if each.product_id is None:
            continue
        _, price, currency = known[each.product_id]
        on_hand, value = there.get(each.product_id, (ZERO, 0))
        if on_hand > ZERO:
            unit = Fraction(from_minor(value, currency)) / Fraction(on_hand)
        elif price is not None:
            unit = Fraction(price)
        elif each.is_goods:
            return None
        else:
            unit = Fraction(0)
        total += Fraction(each.quantity) * unit
    return total


def margin(record: DocumentRecord, net: Decimal, cost: Fraction) -> Decimal | None:
    """How many percent of a net amount (in the document's currency) are left over its cost."""
    own = Fraction(net) * Fraction(record.rate or 1)
    if own <= 0:
        return None
    return round_half_up(100 * (own - cost) / own, 0)
