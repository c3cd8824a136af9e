"""The money of a document that takes effect: what it books, and what it settles by itself.

An invoice takes the deposits of its order, a credit goes to its own invoice first; a payment
settles what it was made for.  All of it is decided before the paper is drawn up, which says it.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection

from core.domain.documents import type_of
from core.domain.money import to_minor
from core.domain.posting import account_amount
from core.services.documents.document_totals import Fixed
from core.services.documents.stock_effects import Chains
from core.services.money import accounts, allocations, deposits
from core.services.money.allocations import Settlement
from core.services.work import Work
from core.storage.queries.document_queries import DocumentRecord


def booked_minor(record: DocumentRecord, fixed: Fixed | None) -> int:
    """What a document changes of what its party owes us, signed, in minor units."""
    row = record.type
    if not (row.debt or row.settles) or record.currency is None:
        return 0
    total = record.amount(record.amount_minor) if fixed is None else fixed.total
    return to_minor(account_amount(row, total, record.direction), record.currency)


def settlement_of(
    connection: Connection, record: DocumentRecord, its_chains: Chains, *, minor: int
) -> Settlement:
    """What a document will settle by itself; the documents in question are locked."""
    if record.currency is None:
        return Settlement((), Decimal(0))
    others = _settled_with(connection, record, its_chains)
    found, amounts = accounts.open_documents(connection, others)
    order = found.get(record.source_id or 0) if record.type.settles else None
    if order is not None and order.type.lines.is_root:
        return Settlement((), record.amount(abs(minor)), kept_for=order)
    return allocations.plan(
        minor,
        [found[each] for each in others],
        party_id=record.party_id,
        currency=record.currency,
        amounts=amounts,
    )


def _settled_with(connection: Connection, record: DocumentRecord, its_chains: Chains) -> list[int]:
    """A payment's and a credit's own papers; the deposits of an invoice's order."""
    if record.type.settles:
        return [] if record.source_id is None else [record.source_id]
    if not record.type.debt:
        return []
    members = [member for chain in its_chains.values() for member in chain[1:]]
    if record.type.credits:
        found = [m.document_id for m in members if type_of(m.kind).debt == -record.type.debt]
        return sorted(set(found))
    orders = {m.document_id for m in members if m.link.rule.is_root}
    return deposits.payments_for(connection, orders)


def book(work: Work, issued: DocumentRecord, *, minor: int, settlement: Settlement) -> None:
    """Enter the debt or the money, and settle it as it was planned."""
    if not minor:
        return
    accounts.book(work, issued, minor)
    allocations.settle(work, issued, minor, settlement=settlement)
    if settlement.kept_for is not None:
        deposits.keep(work, issued.id, settlement.kept_for.id)
