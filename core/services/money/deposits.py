"""Money for an order before its invoices: kept as credit that they take when they are issued.

A deposit is kept while its order still has something to bill.  When the order is cancelled, or
closed or billed in full, what is left of it is credit like any other: used or paid back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, insert, select

from core.domain.lifecycles import State
from core.services.money.accounts import open_documents
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord, documents, states_of_lines
from core.storage.sql import IDS, id_list
from core.storage.tables import deposit, document

_PAYMENTS_FOR = (
    select(deposit.c.payment_id)
    .join(document, document.c.id == deposit.c.payment_id)
    .where(deposit.c.order_id.in_(IDS), document.c.state == str(State.POSTED))
    .order_by(deposit.c.payment_id)
)


def keep(work: Work, payment_id: int, order_id: int) -> None:
    """Keep the money of a posted payment for the invoices of an order."""
    work.connection.execute(insert(deposit).values(payment_id=payment_id, order_id=order_id))
    work.touch("document", order_id)


def payments_for(connection: Connection, order_ids: Collection[int]) -> list[int]:
    """The posted payments that were made for these orders, the oldest first."""
    if not order_ids:
        return []
    return list(connection.scalars(_PAYMENTS_FOR, {"ids": id_list(order_ids)}))


@dataclass(frozen=True)
class OrderDeposit:
    """A payment for an order: the whole of it, and what no invoice has taken yet."""

    payment: DocumentRecord
    amount: Decimal
    left: Decimal


def of_order(connection: Connection, order_id: int) -> list[OrderDeposit]:
    """The deposits of an order, the oldest first."""
    ids = payments_for(connection, [order_id])
    if not ids:
        return []
    records, amounts = open_documents(connection, ids)
    return [
        OrderDeposit(
            records[id],
            records[id].amount(records[id].amount_minor),
            records[id].amount(abs(amounts[id].minor)),
        )
        for id in ids
    ]


def kept(connection: Connection, payment_ids: Collection[int]) -> dict[int, DocumentRecord]:
    """Those of these payments that are still kept for an order, with the order."""
    if not payment_ids:
        return {}
    rows = connection.execute(
        select(deposit.c.payment_id, deposit.c.order_id).where(
            deposit.c.payment_id.in_(sorted(payment_ids))
        )
    ).all()
    if not rows:
        return {}
    orders = documents(connection, {row.order_id for row in rows})
    in_force = {id: each for id, each in orders.items() if each.state in _in_force(each)}
    billing = {
        id
        for id, its_lines in states_of_lines(connection, in_force).items()
        if any(state.wanted > state.billed for _, state in its_lines)
    }
    return {row.payment_id: orders[row.order_id] for row in rows if row.order_id in billing}


def _in_force(order: DocumentRecord) -> frozenset[State]:
    return order.type.lifecycle.in_force
