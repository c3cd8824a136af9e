"""Which credits a payment to a customer pays back: what it was made for first, then the oldest."""

from __future__ import annotations

from sqlalchemy import Connection

from core.domain.money import to_minor
from core.services.money import accounts, allocations
from core.services.money.allocations import Settlement
from core.services.money.open_items import Due, open_items
from core.storage.locks import lock_documents
from core.storage.queries.document_queries import DocumentRecord


def credits_of(connection: Connection, payment: DocumentRecord) -> list[Due]:
    """What is open of the credits that a payment out pays back, in their order.

    A deposit is paid back only when the payment was made for it.
    """
    assert payment.party_id is not None
    found = [
        each
        for each in open_items(connection, payment.party_id, currency=payment.currency)
        if each.direction == payment.direction
        and (each.is_credit or each.record.id == payment.source_id)
    ]
    return sorted(found, key=lambda each: each.record.id != payment.source_id)


def settlement_of(connection: Connection, payment: DocumentRecord) -> Settlement | None:
    """What a payment out settles when it is posted; None for one that was made for nothing."""
    if payment.direction != "out" or payment.source_id is None or payment.currency is None:
        return None
    ids = [each.record.id for each in credits_of(connection, payment)]
    lock_documents(connection, ids)
    amounts = accounts.open_amounts(connection, ids)
    return allocations.plan(
        to_minor(payment.amount(payment.amount_minor), payment.currency),
        [each.record for each in credits_of(connection, payment)],
        party_id=payment.party_id,
        currency=payment.currency,
        amounts=amounts,
    )
